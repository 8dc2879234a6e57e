//! `cairn serve`: a machine that is always on and has no screen.

pub(super) mod health;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use clap::Args;
use serde_json::{Value, json};

use super::{
    Failure, Output, Workplace,
    failure::Kind,
    output,
    reach::{Called, Reaching, key_text},
};
use crate::{
    clinic::{Clinic, Happened, Listening, Session},
    net::Net,
    platform,
};

/// How often the session is renewed: well before it ends by itself.
const RENEWED_EVERY: Duration = Duration::from_hours(6);
/// How long after a renewal that failed the next one is tried.
const RENEWED_AGAIN: Duration = Duration::from_mins(10);
/// How long charts are brought up to date before the rest is looked after.
const AT_ONCE: Duration = Duration::from_millis(200);
/// How often it is looked after, at least.
const LOOK_EVERY: Duration = Duration::from_secs(10);
/// How often the health is written down, at least.
const HEALTH_EVERY: Duration = Duration::from_mins(1);

/// Keep this machine in step with the clinic's others until it is told to end
///
/// Without --passphrase-file nobody is signed in: the machine keeps and passes on what is
/// sealed, and can read none of it. With --user and --passphrase-file it is unlocked, keeps
/// the charts up to date and gives keys to those who are to have them.
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {endpoint, addrs, api, unlocked}. One line on stdout, and in the \
                       ready-file, as soon as others can connect. `cairn peers` on the same \
                       home shows how it goes. SIGTERM and SIGINT end it: what is being \
                       written is finished, and the others are told."
)]
pub(super) struct Serve {
    #[command(flatten)]
    reaching: Reaching,
    /// Write the line to this file too, once others can connect
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
}

impl Serve {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        let ended = Arc::new(AtomicBool::new(false));
        let clinic = place.clinic()?;
        let mut keys = Keys::new(place, &clinic)?;
        let net =
            Net::start(Arc::clone(&clinic), self.reaching.options(place, &clinic)?)?;
        {
            let (ended, wake) = (Arc::clone(&ended), net.waker());
            let end = move |_end| {
                ended.store(true, Ordering::Release);
                wake();
            };
            platform::on_end(end).map_err(|error| {
                Failure::new(Kind::Internal, "the signals to end cannot be heard")
                    .because(error.to_string())
            })?;
        }
        let ready = ready(&net, keys.session.is_some());
        if let Some(path) = &self.ready_file {
            health::write(path, &ready)?;
        }
        output::print(&ready)?;
        if keys.session.is_none() {
            output.note(
                "locked: it keeps and passes on what is sealed, and reads none of it",
            );
        }
        let looked = look_after(&net, &clinic, (&mut keys, place), &ended);
        net.stop();
        health::remove(&place.home);
        let signed_out = keys.sign_out();
        looked?;
        signed_out
    }
}

fn ready(net: &Net, unlocked: bool) -> Value {
    let addrs: Vec<String> = net.addrs().iter().map(ToString::to_string).collect();
    json!({
        "endpoint": key_text(net.endpoint()),
        "addrs": addrs,
        "api": null,
        "unlocked": unlocked,
    })
}

/// Until it is told to end.
#[expect(
    clippy::disallowed_methods,
    reason = "the health is written at least so often"
)]
fn look_after(
    net: &Net,
    clinic: &Arc<Clinic>,
    (keys, place): (&mut Keys<'_>, &Workplace),
    ended: &AtomicBool,
) -> Result<(), Failure> {
    let mut written: Option<(Value, Instant)> = None;
    while !ended.load(Ordering::Acquire) {
        let more = keys.work();
        let health = health::of(net, &Called::by(clinic, None), keys.session.is_some());
        let is_news = written
            .as_ref()
            .is_none_or(|(last, at)| *last != health || at.elapsed() >= HEALTH_EVERY);
        if is_news {
            health::write_stamped(&place.home, &health, clinic.moment())?;
            written = Some((health, Instant::now()));
        }
        if !more {
            net.wait(LOOK_EVERY);
        }
    }
    Ok(())
}

/// The session of a machine that is unlocked, and what it does by itself.
struct Keys<'a> {
    place: &'a Workplace,
    clinic: Arc<Clinic>,
    session: Option<Session>,
    renew_at: Instant,
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
    #[expect(clippy::disallowed_methods, reason = "a session has its time")]
    fn new(place: &'a Workplace, clinic: &Arc<Clinic>) -> Result<Self, Failure> {
        let changed = Arc::new(Changed::default());
        // What came while it was not there is worked out, too.
        changed.documents.store(true, Ordering::Release);
        let told = Arc::clone(&changed);
        let listening = clinic.listen(Box::new(move |happened| match happened {
            Happened::Membership => told.membership.store(true, Ordering::Release),
            Happened::Took { documents: true } => {
                told.documents.store(true, Ordering::Release);
            }
            Happened::Took { documents: false } | Happened::Wrote => {}
        }));
        let session = match &place.global.passphrase_file {
            Some(_) => Some(place.sign_in(clinic)?),
            None => None,
        };
        Ok(Self {
            place,
            clinic: Arc::clone(clinic),
            session,
            renew_at: Instant::now() + RENEWED_EVERY,
            changed,
            _listening: listening,
        })
    }

    /// Does some of what an unlocked machine does for the clinic; whether there is more. What
    /// fails is said in the log.
    #[expect(clippy::disallowed_methods, reason = "a session has its time")]
    fn work(&mut self) -> bool {
        if self.place.global.passphrase_file.is_none() {
            return false;
        }
        if Instant::now() >= self.renew_at {
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

    #[expect(clippy::disallowed_methods, reason = "a session has its time")]
    fn renew(&mut self) {
        if let Some(session) = self.session.take()
            && let Err(error) = session.sign_out()
        {
            tracing::warn!(%error, "a session did not end well");
        }
        match self.place.sign_in(&self.clinic) {
            Ok(session) => {
                self.session = Some(session);
                self.renew_at = Instant::now() + RENEWED_EVERY;
            }
            Err(failure) => {
                let why = failure.lines().join("; ");
                tracing::warn!(why, "locked: nobody could be signed in");
                self.renew_at = Instant::now() + RENEWED_AGAIN;
            }
        }
    }

    fn sign_out(self) -> Result<(), Failure> {
        match self.session {
            Some(session) => Ok(session.sign_out()?),
            None => Ok(()),
        }
    }
}
