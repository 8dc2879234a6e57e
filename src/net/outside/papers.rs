//! The first words on a stream between two clinics: whose documents it is about, and the
//! papers that say what may be had.

use std::{collections::BTreeSet, sync::Arc};

use tokio::{
    task::spawn_blocking,
    time::{Duration, timeout},
};

use super::exchange::Ended;
use crate::{
    clinic::{Clinic, Error},
    ids::{ClinicId, Hash},
    net::{
        parting::Ending,
        pipes::{Moved, Pipes},
    },
    seal::{self, PublicKey},
    sync::wire::{Frame, Gathered, Gathering, pieces},
};

/// How long the other side may take for its next word.
const WORD: Duration = Duration::from_secs(10);
/// How long all pieces of papers may take.
const PAPERS: Duration = Duration::from_mins(2);

/// Says whose documents the stream is about, and gives the papers. Their hash.
pub(super) async fn give(
    pipes: &mut Pipes,
    (clinic, endpoint): (&Arc<Clinic>, PublicKey),
) -> Result<Hash, Ended> {
    pipes.say(clinic.id().as_bytes().to_vec());
    let Frame::Known(known) = hear(pipes).await? else {
        return Err(Ended::All(Ending::UNSOUND));
    };
    let clinic = Arc::clone(clinic);
    let papers = ask(move || clinic.hosting(endpoint).papers()).await?;
    for frame in pieces(&papers, known) {
        pipes.say(frame.encode());
    }
    Ok(seal::hash(&papers))
}

/// Hears whose documents the stream is about, if that is somebody whom this machine visits,
/// and takes their papers.
pub(super) async fn take(
    pipes: &mut Pipes,
    (clinic, endpoint): (&Arc<Clinic>, PublicKey),
    visits: &BTreeSet<ClinicId>,
) -> Result<ClinicId, Ended> {
    let about = ClinicId::from_slice(&word(pipes).await?);
    let about = about.ok_or(Ended::All(Ending::UNSOUND))?;
    if !visits.contains(&about) {
        return Err(Ended::Over);
    }
    let here = Arc::clone(clinic);
    let known = ask(move || here.visiting(about, endpoint)?.papers_hash()).await?;
    pipes.say(Frame::Known(known).encode());
    let gathered = timeout(PAPERS, gather(pipes)).await;
    let gathered = gathered.map_err(|_late| Ended::All(Ending::STALLED))?;
    if let Some(papers) = gathered? {
        let here = Arc::clone(clinic);
        let taken =
            spawn_blocking(move || here.visiting(about, endpoint)?.take_papers(&papers));
        match taken.await {
            Ok(Ok(())) => {}
            Ok(Err(Error::Store(error))) => {
                tracing::warn!(%error, "papers could not be kept");
                return Err(Ended::All(Ending::DISK));
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "papers were refused");
                return Err(Ended::All(Ending::UNSOUND));
            }
            Err(_stopping) => return Err(Ended::All(Ending::STOPPING)),
        }
    }
    Ok(about)
}

/// All pieces; none where the papers are those that are held.
async fn gather(pipes: &mut Pipes) -> Result<Option<Vec<u8>>, Ended> {
    let mut gathering = Gathering::default();
    loop {
        let Frame::Papers(piece) = hear(pipes).await? else {
            return Err(Ended::All(Ending::UNSOUND));
        };
        match gathering.take(piece) {
            Ok(Gathered::Some) => {}
            Ok(Gathered::Same) => return Ok(None),
            Ok(Gathered::All(papers)) => return Ok(Some(papers)),
            Err(_unsound) => return Err(Ended::All(Ending::UNSOUND)),
        }
    }
}

async fn hear(pipes: &mut Pipes) -> Result<Frame, Ended> {
    let frame = Frame::decode(&word(pipes).await?);
    frame.map_err(|error| Ended::All(Ending::of(error.into())))
}

/// The next frame, while nothing else goes on.
async fn word(pipes: &mut Pipes) -> Result<Vec<u8>, Ended> {
    let heard = async {
        loop {
            if let Moved::Heard(bytes) = pipes.next(true).await? {
                return Ok(bytes);
            }
        }
    };
    match timeout(WORD, heard).await {
        Ok(heard) => heard.map_err(|broken| Ended::of(&broken)),
        Err(_late) => Err(Ended::All(Ending::STALLED)),
    }
}

/// Asks the clinic something that waits for the disk.
pub(super) async fn ask<T: Send + 'static>(
    ask: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Ended> {
    match spawn_blocking(ask).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => {
            tracing::warn!(%error, "the clinic could not serve a machine");
            Err(Ended::All(Ending::DISK))
        }
        Err(_stopping) => Err(Ended::All(Ending::STOPPING)),
    }
}
