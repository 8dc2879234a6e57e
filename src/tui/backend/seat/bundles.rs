//! Making and taking USB bundles. The session is at work meanwhile; how far it is, is told.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use super::Seat;
use crate::{
    app::{
        Msg,
        bundle::{Answer, Effect, Made, News, Took},
        notice::Trouble,
    },
    clinic::BundleOrder,
    ids::DeviceId,
};

/// Progress is told so often over a whole bundle.
const TOLD_TIMES: u64 = 50;

impl Seat {
    pub(super) fn bundle(&mut self, effect: Effect) -> Vec<Msg> {
        let (request, done) = match effect {
            Effect::Make {
                request,
                to,
                folder,
            } => (request, self.make_bundle(request, to, Path::new(&folder.0))),
            Effect::Take { request, path } => {
                (request, self.take_bundles(request, Path::new(&path.0)))
            }
        };
        let news = done.unwrap_or_else(News::Failed);
        vec![Msg::Bundle(Answer { request, news })]
    }

    fn make_bundle(
        &mut self,
        request: u32,
        to: Option<DeviceId>,
        folder: &Path,
    ) -> Result<News, Trouble> {
        let mut told = self.teller(request);
        let order = BundleOrder {
            to,
            ..BundleOrder::ALL
        };
        let at = (self.bench.surroundings)().clock.now();
        let made = self.with(|session| session.bundle_make(&order, folder, &mut told))?;
        Ok(News::Made(Made {
            files: made.files.len(),
            changes: made.envelopes,
            bytes: made.bytes,
            at,
        }))
    }

    /// Takes a bundle, or every one of a folder that is for this machine, in their order.
    fn take_bundles(&mut self, request: u32, path: &Path) -> Result<News, Trouble> {
        let mut told = self.teller(request);
        let mut bundles = Vec::new();
        for file in files(path) {
            let manifest = self.with(|session| session.bundle_manifest(&file))?;
            bundles.extend(manifest.map(|it| ((it.made, it.part), file)));
        }
        bundles.sort_by_key(|(order, _)| *order);
        let mut sum: Option<Took> = None;
        for (_, file) in bundles {
            let taken = self.with(|session| {
                let taken = session.bundle_take(&file, &mut told)?;
                let from = session.machine_name(taken.manifest.maker());
                Ok((taken, from))
            });
            let (taken, from) = taken?;
            let before = sum.as_ref().map_or((0, 0), |it| (it.new, it.known));
            let broken = taken.broken.is_some();
            sum = Some(Took {
                from,
                made: taken.manifest.made,
                new: before.0 + taken.new,
                known: before.1 + taken.known,
                broken,
            });
            if broken {
                break;
            }
        }
        Ok(sum.map_or(News::Nothing, News::Took))
    }

    /// Tells how far it is, some times over the whole.
    fn teller(&self, request: u32) -> impl FnMut(u64, u64) + use<> {
        let answers = self.answers.clone();
        let mut last = 0;
        move |done, all| {
            let step = done * TOLD_TIMES / all.max(1);
            if step != last {
                last = step;
                let news = News::Progress(done, all);
                if let Some(answers) = &answers {
                    answers.give(Msg::Bundle(Answer { request, news }));
                }
            }
        }
    }
}

/// The file; of a folder, every bundle in it.
fn files(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(path) else {
        return vec![path.to_owned()];
    };
    let paths = entries.filter_map(|it| Some(it.ok()?.path()));
    let bundles = paths.filter(|it| it.extension() == Some(OsStr::new("cairn")));
    bundles.collect()
}
