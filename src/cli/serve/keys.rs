//! The keys of a machine that serves: the session of whoever it was unlocked by, and what it
//! does with them by itself.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crate::{
    cli::{Failure, Workplace},
    clinic::{Clinic, Happened, Listening, Session},
};

/// How often the session is renewed, in milliseconds: 6 h, well before it ends by itself.
const RENEWED_EVERY_MS: i64 = 6 * 60 * 60 * 1000;
/// How long after a renewal that failed the next one is tried, in milliseconds: 10 min.
const RENEWED_AGAIN_MS: i64 = 10 * 60 * 1000;
/// How long charts are brought up to date before the rest is looked after.
const AT_ONCE: Duration = Duration::from_millis(200);

/// The session of a machine that is unlocked, and what it does by itself.
pub(super) struct Keys<'a> {
    place: &'a Workplace,
    clinic: Arc<Clinic>,
    session: Option<Session>,
    /// When it is renewed, by the clinic's count of what passed, in milliseconds.
    renew_at_ms: i64,
    /// Who belongs may be others; documents came.
    changed: Arc<Changed>,
    _listening: Listening,
}

#[derive(Default)]
struct Changed {
    membership: AtomicBool,
    documents: AtomicBool,
}

impl<'a> Keys<'a> {
    pub(super) fn new(
        place: &'a Workplace,
        clinic: &Arc<Clinic>,
    ) -> Result<Self, Failure> {
        let changed = Arc::new(Changed::default());
        // What came while it was not there is worked out, too.
        changed.documents.store(true, Ordering::Release);
        let told = Arc::clone(&changed);
        let listening = clinic.listen(Box::new(move |happened| match happened {
            Happened::Membership => told.membership.store(true, Ordering::Release),
            Happened::Took { documents: true } => {
                told.documents.store(true, Ordering::Release);
            }
            Happened::Took { documents: false } | Happened::Wrote | Happened::Guest => {}
        }));
        let session = match &place.global.passphrase_file {
            Some(_) => Some(place.sign_in(clinic)?),
            None => None,
        };
        Ok(Self {
            place,
            clinic: Arc::clone(clinic),
            session,
            renew_at_ms: clinic.passed_ms() + RENEWED_EVERY_MS,
            changed,
            _listening: listening,
        })
    }

    /// Whether somebody is signed in.
    pub(super) const fn are_here(&self) -> bool {
        self.session.is_some()
    }

    /// Does some of what an unlocked machine does for the clinic; whether there is more. What
    /// fails is said in the log.
    pub(super) fn work(&mut self) -> bool {
        if self.place.global.passphrase_file.is_none() {
            return false;
        }
        if self.clinic.passed_ms() >= self.renew_at_ms {
            self.renew();
        }
        let Some(session) = &mut self.session else {
            return false;
        };
        let mut done = Ok(());
        let mut more = false;
        if self.changed.membership.swap(false, Ordering::AcqRel) {
            done = session.membership_changed();
        }
        if self.changed.documents.swap(false, Ordering::AcqRel) {
            let settled = done.and_then(|()| session.settle_some(AT_ONCE));
            more = matches!(settled, Ok(true));
            done = settled.map(drop);
        }
        let done = done.and_then(|()| session.sign_heads(true).map(drop));
        if let Err(error) = done {
            tracing::warn!(%error, "an unlocked machine could not do its work");
        }
        self.changed.documents.fetch_or(more, Ordering::AcqRel);
        more
    }

    fn renew(&mut self) {
        if let Some(session) = self.session.take()
            && let Err(error) = session.sign_out()
        {
            tracing::warn!(%error, "a session did not end well");
        }
        match self.place.sign_in(&self.clinic) {
            Ok(session) => {
                self.session = Some(session);
                self.renew_at_ms = self.clinic.passed_ms() + RENEWED_EVERY_MS;
            }
            Err(failure) => {
                let why = failure.lines().join("; ");
                tracing::warn!(why, "locked: nobody could be signed in");
                self.renew_at_ms = self.clinic.passed_ms() + RENEWED_AGAIN_MS;
            }
        }
    }

    pub(super) fn sign_out(self) -> Result<(), Failure> {
        match self.session {
            Some(session) => Ok(session.sign_out()?),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        path::{Path, PathBuf},
        sync::atomic::AtomicI64,
    };

    use clap::Parser as _;
    use tempfile::TempDir;

    use super::*;
    use crate::{
        chart::who::Action,
        cli::Cli,
        clinic::{Founding, Surroundings},
        seal::{SeededEntropy, Work},
        time::{Clock, Moment, Timestamp},
    };

    const PASSPHRASE: &str = "correct horse battery staple again";
    const HOUR_MS: i64 = 60 * 60 * 1000;

    static PASSED_MS: AtomicI64 = AtomicI64::new(0);

    fn told() -> (Moment, i64) {
        let passed = PASSED_MS.load(Ordering::SeqCst);
        let at = Timestamp(1_780_000_000_000).plus_ms(passed);
        let offset_minutes = 0;
        (Moment { at, offset_minutes }, passed)
    }

    fn founded(home: &Path) -> Arc<Clinic> {
        let founding = Founding {
            machine: "1".to_owned(),
            clinic: "Kijani".to_owned(),
            user: "Dr Okot".to_owned(),
            passphrase: PASSPHRASE.to_owned().into(),
        };
        let around = Surroundings {
            clock: Clock::Told(told),
            entropy: Box::new(SeededEntropy::new(1)),
            work: Some(Work::DEMO),
        };
        Clinic::create(home, founding, around, |_| Ok(())).unwrap()
    }

    fn workplace(home: PathBuf, passphrase: &Path) -> Workplace {
        let file = passphrase.to_str().unwrap();
        let line = ["cairn", "--user", "Dr Okot", "--passphrase-file", file];
        let global = Cli::parse_from(line).global;
        Workplace { home, global }
    }

    /// Whether who is signed in may still work, by the clinic's clock.
    fn works(keys: &Keys<'_>) -> bool {
        let session = keys.session.as_ref();
        session.is_some_and(|it| it.may(Action::ReadIdentity).is_ok())
    }

    #[test]
    fn an_unlocked_machine_renews_its_session_before_it_ends_and_tries_again() {
        let folder = TempDir::new().unwrap();
        let (home, file) = (folder.path().join("home"), folder.path().join("words"));
        fs::write(&file, PASSPHRASE).unwrap();
        let clinic = founded(&home);
        let place = workplace(home, &file);
        let mut keys = Keys::new(&place, &clinic).unwrap();
        for hour in 1..=40 {
            PASSED_MS.store(hour * HOUR_MS, Ordering::SeqCst);
            keys.work();
            assert!(works(&keys), "hour {hour}");
        }
        // Nobody can be signed in for an hour; then somebody can.
        fs::remove_file(&file).unwrap();
        PASSED_MS.fetch_add(6 * HOUR_MS, Ordering::SeqCst);
        keys.work();
        assert!(!keys.are_here());
        fs::write(&file, PASSPHRASE).unwrap();
        PASSED_MS.fetch_add(RENEWED_AGAIN_MS - 1, Ordering::SeqCst);
        keys.work();
        assert!(!keys.are_here(), "it waits before it tries again");
        PASSED_MS.fetch_add(1, Ordering::SeqCst);
        keys.work();
        assert!(works(&keys));
        // Without it, it ends by itself.
        PASSED_MS.fetch_add(13 * HOUR_MS, Ordering::SeqCst);
        assert!(!works(&keys));
        keys.work();
        keys.sign_out().unwrap();
    }
}
