//! What statements about providers outside of the clinic say, as bytes.

use super::{WRAPPED_BYTES_MAX, read_carry, read_reach};
use crate::{
    ids::{CardId, DocId, EpochId, KeyId, StatementId},
    members::{
        Access, Body, CARD_MACHINES_MAX, DocKey, Error, GIVEN_KEYS_MAX, GRANTED_MAX,
        Grant, GrantKeys, PurposeCode, SealedCard, Verified,
        kept_card::SEALED_CARD_BYTES_MAX,
        wire::{Reader, Writer},
    },
    seal::PublicKey,
};

/// What a statement of one of the kinds 17 to 20 says.
pub(super) fn read(kind: u8, from: &mut Reader<'_>) -> Result<Body, Error> {
    Ok(match kind {
        17 => Body::Grant(Box::new(read_grant(from)?)),
        18 => {
            let grant = StatementId::from_bytes(from.array()?);
            Body::GrantRevoked(grant, read_reach(from)?)
        }
        19 => Body::GrantKeys(read_keys(from)?),
        _ => read_kept(from)?,
    })
}

pub(super) fn write_grant<'a>(out: &'a mut Writer, grant: &Grant) -> &'a mut Writer {
    out.put(grant.card.as_bytes())
        .put(grant.key.as_bytes())
        .put(grant.carry.as_bytes())
        .list(grant.machines.iter(), |out, (device, endpoint)| {
            out.put(device.as_bytes()).put(endpoint.as_bytes());
        })
        .list(grant.documents.iter(), |out, (doc, access)| {
            out.put(doc.as_bytes()).u8(*access as u8);
        })
        .put(grant.inbox.as_bytes())
        .time(grant.not_before)
        .time(grant.not_after)
        .u8(grant.purpose.0)
}

fn read_grant(from: &mut Reader<'_>) -> Result<Grant, Error> {
    let grant = Grant {
        card: CardId::from_bytes(from.array()?),
        key: PublicKey::from_bytes(from.array()?),
        carry: read_carry(from)?,
        machines: from.map(CARD_MACHINES_MAX, |from| {
            let device = PublicKey::from_bytes(from.array()?);
            Ok((device, PublicKey::from_bytes(from.array()?)))
        })?,
        documents: from.map(GRANTED_MAX, |from| {
            Ok((DocId::from_bytes(from.array()?), read_access(from)?))
        })?,
        inbox: DocId::from_bytes(from.array()?),
        not_before: from.time()?,
        not_after: from.time()?,
        purpose: PurposeCode(from.u8()?),
    };
    if grant.machines.is_empty() || grant.documents.is_empty() {
        return Err(Error::Malformed("a grant of nothing or to no machine"));
    }
    if grant.documents.contains_key(&grant.inbox) {
        return Err(Error::Malformed("an inbox that is granted as a document"));
    }
    if grant.not_after <= grant.not_before {
        return Err(Error::Malformed("a grant that ends before it begins"));
    }
    Ok(grant)
}

pub(super) fn write_keys<'a>(out: &'a mut Writer, keys: &GrantKeys) -> &'a mut Writer {
    out.put(keys.grant.as_bytes())
        .list(keys.keys.iter(), |out, (key, id)| {
            out.put(key.doc.as_bytes())
                .put(key.epoch.as_bytes())
                .u16(key.k)
                .put(id.as_bytes());
        })
        .bytes(&keys.wrapped)
}

fn read_keys(from: &mut Reader<'_>) -> Result<GrantKeys, Error> {
    let grant = StatementId::from_bytes(from.array()?);
    let keys = from.map(GIVEN_KEYS_MAX, |from| {
        let key = DocKey {
            doc: DocId::from_bytes(from.array()?),
            epoch: EpochId::from_bytes(from.array()?),
            k: from.u16()?,
        };
        Ok((key, KeyId::from_bytes(from.array()?)))
    })?;
    if keys.is_empty() {
        return Err(Error::Malformed("no keys are given"));
    }
    Ok(GrantKeys {
        grant,
        keys,
        wrapped: from.bytes(WRAPPED_BYTES_MAX)?.to_vec(),
    })
}

pub(super) fn write_kept<'a>(
    out: &'a mut Writer,
    (card, verified): (&CardId, Verified),
    sealed: &SealedCard,
) -> &'a mut Writer {
    out.put(card.as_bytes())
        .u8(verified.byte())
        .bytes(sealed.as_slice())
}

fn read_kept(from: &mut Reader<'_>) -> Result<Body, Error> {
    let card = CardId::from_bytes(from.array()?);
    let verified = Verified::from_byte(from.u8()?);
    Ok(Body::CardKept {
        card,
        verified: verified.ok_or(Error::Malformed("not a way to make sure"))?,
        sealed: SealedCard::from_slice(from.bytes(SEALED_CARD_BYTES_MAX)?)?,
    })
}

fn read_access(from: &mut Reader<'_>) -> Result<Access, Error> {
    match from.u8()? {
        0 => Ok(Access::Read),
        1 => Ok(Access::Write),
        _ => Err(Error::Malformed("neither read nor write")),
    }
}
