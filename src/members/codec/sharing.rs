//! What statements about providers outside of the clinic say, as bytes.

use crate::{
    ids::CardId,
    members::{
        Body, Error, SealedCard, Verified,
        kept_card::SEALED_CARD_BYTES_MAX,
        wire::{Reader, Writer},
    },
};

pub(super) fn write_kept<'a>(
    out: &'a mut Writer,
    (card, verified): (&CardId, Verified),
    sealed: &SealedCard,
) -> &'a mut Writer {
    out.put(card.as_bytes())
        .u8(verified.byte())
        .bytes(sealed.as_slice())
}

pub(super) fn read_kept(from: &mut Reader<'_>) -> Result<Body, Error> {
    let card = CardId::from_bytes(from.array()?);
    let verified = Verified::from_byte(from.u8()?);
    Ok(Body::CardKept {
        card,
        verified: verified.ok_or(Error::Malformed("not a way to make sure"))?,
        sealed: SealedCard::from_slice(from.bytes(SEALED_CARD_BYTES_MAX)?)?,
    })
}
