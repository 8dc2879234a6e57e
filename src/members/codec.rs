//! What statements say, as bytes. `docs/design/membership.md` draws them.

mod sharing;

use std::collections::BTreeSet;

use super::{
    Body, CompartmentName, Endpoint, EpochKey, Error, Named, NewDevice, Newcomer, Reach,
    SealedName,
    compartment::COMPARTMENT_BYTES_MAX,
    name::SEALED_NAME_BYTES_MAX,
    wire::{Reader, Writer},
};
use crate::{
    chart::who::Role,
    ids::{DeviceId, DocId, Hash, KeyId, LogId, StatementId, UserId},
    ledger::{ClockQuality, Lane},
    seal::{CarryPublic, PublicKey, Signature},
};

/// The most people that one age file is wrapped to.
const RECEIVERS_MAX: usize = 1_000;
/// The longest age file in a statement, in bytes: 1,000 receivers at under 100 bytes each.
const WRAPPED_BYTES_MAX: usize = 128 * 1024;
/// The longest user file in bytes. A usual one is under 1 KiB.
const USER_FILE_BYTES_MAX: usize = 16 * 1024;
/// The most chains in one reach: six lanes of 680 logs.
pub const REACH_MAX: usize = 4_096;
/// The most documents that one statement erases.
const ERASED_MAX: usize = 4_096;
/// The longest text that a later version may state, in bytes.
const UNKNOWN_BYTES_MAX: usize = 256 * 1024;

pub(super) const fn kind_of(body: &Body) -> u8 {
    match body {
        Body::Founding { .. } => 1,
        Body::OwnerAdded(_) => 2,
        Body::UserAdded(..) => 3,
        Body::RoleChanged(..) => 4,
        Body::UserLeft(_) => 5,
        Body::KeyCompromised(..) => 6,
        Body::DeviceEnrolled(_) => 7,
        Body::DeviceRevoked(..) => 8,
        Body::Renamed(..) => 9,
        Body::Epoch(_) => 10,
        Body::Wrap { .. } => 11,
        Body::Heads(..) => 12,
        Body::UserFile { .. } => 13,
        Body::Endpoint(_) => 14,
        Body::Erase(_) => 15,
        Body::EraseReceipt(_) => 16,
        Body::Grant(_) => 17,
        Body::GrantRevoked(..) => 18,
        Body::GrantKeys(_) => 19,
        Body::CardKept { .. } => 20,
        Body::Unknown { kind, .. } => *kind,
    }
}

pub(super) fn write(body: &Body) -> Vec<u8> {
    let mut out = Writer::default();
    match body {
        Body::Founding { recovery, name } => {
            out.put(recovery.as_bytes()).bytes(name.as_slice())
        }
        Body::OwnerAdded(newcomer) => write_newcomer(&mut out, newcomer),
        Body::UserAdded(newcomer, role) => write_newcomer(out.u8(role.byte()), newcomer),
        Body::RoleChanged(user, role) => out.put(user.as_bytes()).u8(role.byte()),
        Body::UserLeft(user) => out.put(user.as_bytes()),
        Body::KeyCompromised(user, reach) => write_reach(out.put(user.as_bytes()), reach),
        Body::DeviceEnrolled(device) => out
            .put(device.key.as_bytes())
            .put(device.carry.as_bytes())
            .bytes(device.name.as_slice()),
        Body::DeviceRevoked(device, reach) => {
            write_reach(out.put(device.as_bytes()), reach)
        }
        Body::Renamed(what, name) => {
            let (tag, id) = what.parts();
            out.u8(tag).put(&id).bytes(name.as_slice())
        }
        Body::Epoch(epoch) => write_epoch(&mut out, epoch),
        Body::Wrap { epoch, to, wrapped } => {
            write_receivers(out.put(epoch.as_bytes()), to).bytes(wrapped)
        }
        Body::Heads(clock, reach) => write_reach(out.u8(*clock as u8), reach),
        Body::UserFile {
            user,
            version,
            file,
        } => out.put(user.as_bytes()).u32(*version).bytes(file),
        Body::Endpoint(endpoint) => out
            .put(endpoint.key.as_bytes())
            .put(endpoint.proof.as_bytes()),
        Body::Erase(docs) => out.list(docs.iter(), |out, doc| {
            out.put(doc.as_bytes());
        }),
        Body::EraseReceipt(erase) => out.put(erase.as_bytes()),
        Body::Grant(grant) => sharing::write_grant(&mut out, grant),
        Body::GrantRevoked(grant, reach) => write_reach(out.put(grant.as_bytes()), reach),
        Body::GrantKeys(keys) => sharing::write_keys(&mut out, keys),
        Body::CardKept {
            card,
            verified,
            sealed,
        } => sharing::write_kept(&mut out, (card, *verified), sealed),
        Body::Unknown { body, .. } => out.put(body),
    };
    out.into_bytes()
}

pub(super) fn read(kind: u8, bytes: &[u8]) -> Result<Body, Error> {
    let mut from = Reader::new(bytes);
    let from = &mut from;
    let body = match kind {
        1 => Body::Founding {
            recovery: read_carry(from)?,
            name: read_name(from)?,
        },
        2 => Body::OwnerAdded(read_newcomer(from)?),
        3 => {
            let role = read_role(from)?;
            Body::UserAdded(read_newcomer(from)?, role)
        }
        4 => Body::RoleChanged(read_user(from)?, read_role(from)?),
        5 => Body::UserLeft(read_user(from)?),
        6 => Body::KeyCompromised(read_user(from)?, read_reach(from)?),
        7 => Body::DeviceEnrolled(NewDevice {
            key: PublicKey::from_bytes(from.array()?),
            carry: read_carry(from)?,
            name: read_name(from)?,
        }),
        8 => {
            let device = DeviceId::from_bytes(from.array()?);
            Body::DeviceRevoked(device, read_reach(from)?)
        }
        9 => {
            let what = Named::from_parts(from.u8()?, from.array()?);
            let what = what.ok_or(Error::Malformed("names nothing"))?;
            Body::Renamed(what, read_name(from)?)
        }
        10 => Body::Epoch(read_epoch(from)?),
        11 => Body::Wrap {
            epoch: StatementId::from_bytes(from.array()?),
            to: read_receivers(from)?,
            wrapped: from.bytes(WRAPPED_BYTES_MAX)?.to_vec(),
        },
        12 => {
            let clock = ClockQuality::from_number(from.u8()?);
            let clock = clock.ok_or(Error::Malformed("not a clock quality"))?;
            Body::Heads(clock, read_reach(from)?)
        }
        13 => Body::UserFile {
            user: read_user(from)?,
            version: read_number(from)?,
            file: from.bytes(USER_FILE_BYTES_MAX)?.to_vec(),
        },
        14 => Body::Endpoint(Endpoint {
            key: PublicKey::from_bytes(from.array()?),
            proof: Signature::from_bytes(from.array()?),
        }),
        15 => {
            let docs =
                from.ascending(ERASED_MAX, |from| from.array().map(DocId::from_bytes))?;
            Body::Erase(BTreeSet::from_iter(docs))
        }
        16 => Body::EraseReceipt(StatementId::from_bytes(from.array()?)),
        17..=20 => sharing::read(kind, from)?,
        _ if from.left() > UNKNOWN_BYTES_MAX => {
            return Err(Error::TooLarge {
                max: UNKNOWN_BYTES_MAX,
            });
        }
        _ => Body::Unknown {
            kind,
            body: from.take(from.left())?.to_vec(),
        },
    };
    from.end()?;
    Ok(body)
}

fn write_newcomer<'a>(out: &'a mut Writer, newcomer: &Newcomer) -> &'a mut Writer {
    out.put(newcomer.user.as_bytes())
        .put(newcomer.key.as_bytes())
        .put(newcomer.carry.as_bytes())
        .bytes(newcomer.name.as_slice())
}

fn read_newcomer(from: &mut Reader<'_>) -> Result<Newcomer, Error> {
    Ok(Newcomer {
        user: read_user(from)?,
        key: PublicKey::from_bytes(from.array()?),
        carry: read_carry(from)?,
        name: read_name(from)?,
    })
}

fn write_reach<'a>(out: &'a mut Writer, reach: &Reach) -> &'a mut Writer {
    out.list(reach.iter(), |out, ((log, lane), (seq, hash))| {
        out.put(log.as_bytes())
            .u8(lane.number())
            .u64(*seq)
            .put(hash.as_bytes());
    })
}

fn read_reach(from: &mut Reader<'_>) -> Result<Reach, Error> {
    let mut reach = Reach::new();
    let chains = from.ascending(REACH_MAX, |from| {
        let log = LogId::from_bytes(from.array()?);
        let lane = Lane::from_number(from.u8()?).ok_or(Error::Malformed("not a lane"))?;
        let last = (from.u64()?, Hash::from_bytes(from.array()?));
        Ok(((log, lane), last))
    })?;
    for (chain, last) in chains {
        if last.0 == 0 || reach.insert(chain, last).is_some() {
            return Err(Error::Malformed("a reach without end or with two"));
        }
    }
    Ok(reach)
}

fn write_epoch<'a>(out: &'a mut Writer, epoch: &EpochKey) -> &'a mut Writer {
    out.bytes(epoch.compartment.as_str().as_bytes())
        .u32(epoch.number);
    if let Some(public) = &epoch.audit {
        out.put(public.as_bytes());
    }
    out.put(epoch.commit.as_bytes());
    write_receivers(out, &epoch.to).bytes(&epoch.wrapped)
}

fn read_epoch(from: &mut Reader<'_>) -> Result<EpochKey, Error> {
    let name = str::from_utf8(from.bytes(COMPARTMENT_BYTES_MAX)?);
    let name = name.or(Err(Error::Malformed("not a compartment's name")))?;
    let compartment = CompartmentName::new(name)?;
    let number = read_number(from)?;
    let audit = compartment
        .is_audit()
        .then(|| read_carry(from))
        .transpose()?;
    Ok(EpochKey {
        compartment,
        number,
        audit,
        commit: KeyId::from_bytes(from.array()?),
        to: read_receivers(from)?,
        wrapped: from.bytes(WRAPPED_BYTES_MAX)?.to_vec(),
    })
}

fn write_receivers<'a>(
    out: &'a mut Writer,
    to: &BTreeSet<CarryPublic>,
) -> &'a mut Writer {
    out.list(to.iter(), |out, key| {
        out.put(key.as_bytes());
    })
}

fn read_receivers(from: &mut Reader<'_>) -> Result<BTreeSet<CarryPublic>, Error> {
    let to = from.ascending(RECEIVERS_MAX, read_carry)?;
    Ok(BTreeSet::from_iter(to))
}

pub(super) fn read_carry(from: &mut Reader<'_>) -> Result<CarryPublic, Error> {
    CarryPublic::from_bytes(from.array()?)
        .or(Err(Error::Malformed("a key that is open to everybody")))
}

fn read_name(from: &mut Reader<'_>) -> Result<SealedName, Error> {
    SealedName::from_slice(from.bytes(SEALED_NAME_BYTES_MAX)?)
}

fn read_user(from: &mut Reader<'_>) -> Result<UserId, Error> {
    from.array().map(UserId::from_bytes)
}

fn read_role(from: &mut Reader<'_>) -> Result<Role, Error> {
    match Role::from_byte(from.u8()?) {
        Some(Role::Owner) => Err(Error::Malformed("only the root makes owners")),
        Some(role) => Ok(role),
        None => Err(Error::Malformed("not a role")),
    }
}

fn read_number(from: &mut Reader<'_>) -> Result<u32, Error> {
    let number = from.u32()?;
    (number > 0)
        .then_some(number)
        .ok_or(Error::Malformed("counting starts at 1"))
}
