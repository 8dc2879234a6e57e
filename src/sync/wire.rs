//! What two machines say to each other, and its bytes. A frame is its version, its kind and
//! its body in postcard's encoding; `docs/design/sync.md` draws each. Reading is total:
//! whatever comes is a frame or an [`Error`].

mod bytes;
mod papers;
mod runs;
mod shared;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use self::{
    bytes::{Reader, Writer},
    runs::{read_runs, write_runs},
    shared::{read_holds, write_holds},
};
pub use self::{
    papers::{Gathered, Gathering, Piece, pieces},
    runs::Run,
    shared::{Held, Holds, Share},
};
use crate::{
    ids::{ClinicId, Hash, LogId},
    ledger::{DocRun, ENVELOPE_BYTES_MAX, Lane, Place},
};

/// The version of the protocol. It stands first in every frame of every version.
pub const VERSION: u8 = 1;
/// The most bytes of whole envelopes in one frame: the largest envelope, or about 2,500
/// visits. What states more is refused while it is read.
pub const CHUNK_BYTES_MAX: usize = ENVELOPE_BYTES_MAX;
/// The largest frame, in bytes: a chunk, and what stands once for all of it.
pub const MAX_FRAME_BYTES: usize = CHUNK_BYTES_MAX + 64 * 1024;
/// The most entries of a frontier. A clinic of ten machines that were each replaced five
/// times has about 300.
pub const FRONTIER_ENTRIES_MAX: usize = 16 * 1024;
/// The most samples in a probe.
pub const SAMPLES_MAX: usize = 32;
/// The most places that one frame asks for.
pub const WANTED_MAX: usize = 64;

/// Why bytes are not a frame to act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The sender speaks another version.
    #[error("version {theirs} of the protocol; this program speaks {VERSION}")]
    Version {
        /// The sender's.
        theirs: u8,
    },
    /// Longer than a frame may be.
    #[error("{length} bytes are more than a frame may have")]
    Length {
        /// How many bytes there are.
        length: usize,
    },
    /// Not a frame, or one that states more than it holds or than is taken.
    #[error("not a frame")]
    Malformed,
}

/// The first bytes of a salted hash: enough to tell one envelope from another, if nobody
/// could know the salt when it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Short(pub [u8; 8]);

/// The first bytes of the hash of a frontier that both sides may know.
pub type BaseHash = [u8; 16];

/// The name under which a chain is kept: its log, or that of a branch; and its lane.
pub type RunName = (LogId, Lane);

/// How far runs reach, and the cut hash of the last envelope of each.
pub type Reached = BTreeMap<RunName, (u64, Short)>;

/// What one machine says to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// The first of each side.
    Hello(Hello),
    /// How far the sender's runs reach, told once.
    Frontier(Told),
    /// What changed since the sender last told, and how many chunks of the receiver are
    /// durable on its side since.
    Have {
        /// How many chunks.
        took: u32,
        /// What changed.
        reached: Reached,
    },
    /// A chunk: envelopes that the receiver lacks, as far as the sender knows.
    Chunk(Vec<Run>),
    /// Two runs of one name differ: which of these does the receiver have?
    Probe {
        /// The run.
        run: RunName,
        /// Numbers, ascending, and the cut hashes of the sender's envelopes.
        samples: Vec<(u64, Short)>,
    },
    /// The answer to a probe.
    Agreed {
        /// The run.
        run: RunName,
        /// The last sample up to which both are the same; 0 where there is none.
        upto: u64,
    },
    /// Two runs of one name differ from this place on: each side sends its own from there.
    Fork(Place),
    /// Envelopes that the sender should hold, and cannot read.
    Want(Vec<Place>),
    /// The sender leaves, and says why.
    Bye(Bye),
    /// The first of each side, where one is outside of the clinic.
    Share(Share),
    /// What the sender holds of documents.
    Holds(Holds),
    /// A document differs in this log: each side sends all of it.
    Parted(DocRun),
    /// What a machine outside of the clinic may have, a piece of it.
    Papers(Piece),
    /// The hash of the papers that a machine outside of the clinic has.
    Known(Hash),
}

/// The first words of each side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The clinic.
    pub clinic: ClinicId,
    /// The hash of the sender's frontier; the salt of all its cut hashes too.
    pub frontier: Hash,
    /// The frontier of the receiver as the sender last knew it, if it does.
    pub base: Option<BaseHash>,
}

/// A frontier, whole or as what differs from a base.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What it is told against; none where it is whole.
    pub base: Option<BaseHash>,
    /// The entries.
    pub reached: Reached,
}

/// Why a machine leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Bye {
    /// The other speaks another version of the protocol.
    Version,
    /// The other is of another clinic.
    Clinic,
    /// The other sent what is no frame.
    Malformed,
    /// The other sent a frame out of its turn.
    OutOfTurn,
    /// The other sent or stated more than is taken.
    TooMuch,
    /// The other was silent for too long.
    Stalled,
}

impl Frame {
    /// The frame's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.put(&VERSION);
        writer.put(&self.kind());
        match self {
            Self::Hello(hello) => writer.put(hello),
            Self::Frontier(told) => {
                writer.put(&told.base);
                write_reached(&told.reached, &mut writer);
            }
            Self::Have { took, reached } => {
                writer.put(took);
                write_reached(reached, &mut writer);
            }
            Self::Chunk(runs) => write_runs(runs, &mut writer),
            Self::Probe { run, samples } => {
                write_name(*run, &mut writer);
                writer.put_count(samples.len());
                for sample in samples {
                    writer.put(sample);
                }
            }
            Self::Agreed { run, upto } => {
                write_name(*run, &mut writer);
                writer.put(upto);
            }
            Self::Fork(place) => write_place(*place, &mut writer),
            Self::Want(places) => {
                writer.put_count(places.len());
                for place in places {
                    write_place(*place, &mut writer);
                }
            }
            Self::Bye(bye) => writer.put(bye),
            Self::Share(share) => writer.put(share),
            Self::Holds(holds) => write_holds(holds, &mut writer),
            Self::Parted(run) => writer.put(run),
            Self::Papers(piece) => writer.put(piece),
            Self::Known(hash) => writer.put(hash),
        }
        writer.finish()
    }

    /// The frame of these bytes; they are all of it.
    pub fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let length = bytes.len();
        if length > MAX_FRAME_BYTES {
            return Err(Error::Length { length });
        }
        let mut reader = Reader::new(bytes);
        let theirs = reader.get()?;
        if theirs != VERSION {
            return Err(Error::Version { theirs });
        }
        let kind: u8 = reader.get()?;
        let frame = match kind {
            1 => Self::Hello(reader.get()?),
            2 => Self::Frontier(Told {
                base: reader.get()?,
                reached: read_reached(&mut reader)?,
            }),
            3 => Self::Have {
                took: reader.get()?,
                reached: read_reached(&mut reader)?,
            },
            4 => Self::Chunk(read_runs(&mut reader)?),
            5 => Self::Probe {
                run: read_name(&mut reader)?,
                samples: read_samples(&mut reader)?,
            },
            6 => Self::Agreed {
                run: read_name(&mut reader)?,
                upto: reader.get()?,
            },
            7 => Self::Fork(read_place(&mut reader)?),
            8 => Self::Want(read_wanted(&mut reader)?),
            9 => Self::Bye(reader.get()?),
            10 => Self::Share(reader.get()?),
            11 => Self::Holds(read_holds(&mut reader)?),
            12 => Self::Parted(reader.get()?),
            13 => Self::Papers(reader.get()?),
            14 => Self::Known(reader.get()?),
            _ => return Err(Error::Malformed),
        };
        reader.end()?;
        Ok(frame)
    }

    const fn kind(&self) -> u8 {
        match self {
            Self::Hello(_) => 1,
            Self::Frontier(_) => 2,
            Self::Have { .. } => 3,
            Self::Chunk(_) => 4,
            Self::Probe { .. } => 5,
            Self::Agreed { .. } => 6,
            Self::Fork(_) => 7,
            Self::Want(_) => 8,
            Self::Bye(_) => 9,
            Self::Share(_) => 10,
            Self::Holds(_) => 11,
            Self::Parted(_) => 12,
            Self::Papers(_) => 13,
            Self::Known(_) => 14,
        }
    }
}

/// By log: the log, one bit for each lane that is named, and number and cut hash of each.
fn write_reached(reached: &Reached, writer: &mut Writer) {
    let mut logs: BTreeMap<LogId, Vec<(Lane, u64, Short)>> = BTreeMap::new();
    for ((log, lane), (seq, short)) in reached {
        logs.entry(*log).or_default().push((*lane, *seq, *short));
    }
    writer.put_count(logs.len());
    for (log, lanes) in logs {
        writer.put(&log);
        let named = lanes.iter().fold(0_u8, |all, it| all | 1 << it.0.number());
        writer.put(&named);
        for (_, seq, short) in lanes {
            writer.put(&seq);
            writer.put(&short);
        }
    }
}

fn read_reached(reader: &mut Reader<'_>) -> Result<Reached, Error> {
    let mut reached = Reached::new();
    for _ in 0..reader.count(LogId::LEN + 1)? {
        let log = reader.get()?;
        let named: u8 = reader.get()?;
        if named == 0 || named >> Lane::ALL.len() != 0 {
            return Err(Error::Malformed);
        }
        for lane in Lane::ALL {
            if named & 1 << lane.number() == 0 {
                continue;
            }
            let entry = (reader.get()?, reader.get()?);
            let twice = reached.insert((log, lane), entry).is_some();
            if twice || reached.len() > FRONTIER_ENTRIES_MAX {
                return Err(Error::Malformed);
            }
        }
    }
    Ok(reached)
}

fn write_name((log, lane): RunName, writer: &mut Writer) {
    writer.put(&log);
    writer.put(&lane.number());
}

fn read_name(reader: &mut Reader<'_>) -> Result<RunName, Error> {
    let log = reader.get()?;
    let lane = Lane::from_number(reader.get()?).ok_or(Error::Malformed)?;
    Ok((log, lane))
}

fn write_place(place: Place, writer: &mut Writer) {
    write_name(place.run(), writer);
    writer.put(&place.seq);
}

fn read_place(reader: &mut Reader<'_>) -> Result<Place, Error> {
    let (log, lane) = read_name(reader)?;
    let seq = reader.get()?;
    Ok(Place { log, lane, seq })
}

fn read_samples(reader: &mut Reader<'_>) -> Result<Vec<(u64, Short)>, Error> {
    let count = reader.count(9)?;
    let samples = (0..count.min(SAMPLES_MAX + 1)).map(|_| reader.get());
    let samples: Vec<(u64, Short)> = samples.collect::<Result<_, _>>()?;
    let ascending = samples.is_sorted_by(|one, next| one.0 < next.0);
    (samples.len() <= SAMPLES_MAX && ascending)
        .then_some(samples)
        .ok_or(Error::Malformed)
}

fn read_wanted(reader: &mut Reader<'_>) -> Result<Vec<Place>, Error> {
    let count = reader.count(LogId::LEN + 2)?;
    if count > WANTED_MAX {
        return Err(Error::Malformed);
    }
    (0..count).map(|_| read_place(reader)).collect()
}

#[cfg(test)]
mod tests;
