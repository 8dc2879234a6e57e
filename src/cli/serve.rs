//! `cairn serve`: a machine that is always on and has no screen.

pub(super) mod health;
mod keys;

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

use self::keys::Keys;
use super::{
    Failure, Output, Workplace,
    failure::Kind,
    output,
    reach::{Called, Reaching, key_text},
};
use crate::{clinic::Clinic, net::Net, platform};

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
        let ready = ready(&net, keys.are_here());
        if let Some(path) = &self.ready_file {
            health::write(path, &ready)?;
        }
        output::print(&ready)?;
        if !keys.are_here() {
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
        let health = health::of(net, &Called::by(clinic, None), keys.are_here());
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
