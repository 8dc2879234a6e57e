//! Machines of other clinics, as they were met: the card that its bearer gave in the room, and
//! where each can be reached again.

use std::net::SocketAddr;

use serde::{Deserialize, Serialize};

use super::{Clinic, Error, Session, put_row, row};
use crate::{
    members::Verified,
    seal::{PublicKey, SigningKey},
    store::MetaWrite,
    sync::pair::{Channel, Contact, Given, Side},
    time::Timestamp,
};

/// Addresses that are remembered of a machine.
const ADDRESSES_MAX: usize = 4;

/// What is remembered of the last meeting with a machine of another clinic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetOutside {
    /// When.
    pub at: Timestamp,
    /// Where it can be reached, the latest first.
    pub addrs: Vec<SocketAddr>,
}

impl Clinic {
    /// The last meeting with the machine of another clinic that has this endpoint.
    pub fn outside_met(&self, endpoint: PublicKey) -> Result<Option<MetOutside>, Error> {
        self.read_row(&name_of(endpoint))
    }

    /// Remembers that a machine of another clinic was met there; and where it was before.
    pub fn met_outside(
        &self,
        endpoint: PublicKey,
        addrs: &[SocketAddr],
    ) -> Result<(), Error> {
        let met = self.met_row(endpoint, addrs)?;
        Ok(self.store.append(&[], &[met])?)
    }

    fn met_row(
        &self,
        endpoint: PublicKey,
        addrs: &[SocketAddr],
    ) -> Result<MetaWrite, Error> {
        let mut all = addrs.to_vec();
        let before = self.outside_met(endpoint)?.map(|it| it.addrs);
        let before = before.unwrap_or_default().into_iter();
        all.extend(before.filter(|it| !addrs.contains(it)));
        all.truncate(ADDRESSES_MAX);
        let met = MetOutside {
            at: self.moment().at,
            addrs: all,
        };
        Ok(put_row(name_of(endpoint), &met))
    }
}

impl Session {
    /// The card of who is at work, for somebody in the room, on this connection only.
    pub fn give_card(&self, side: Side, channel: &Channel) -> Result<Contact, Error> {
        let card = self.card()?;
        let secret = self.clinic.endpoint_secret()?;
        let machine = SigningKey::from_secret(&secret).public();
        if !card.machines().any(|(_, endpoint)| endpoint == machine) {
            let why = "this machine is known by another name now: let it meet another \
                       machine of the clinic first";
            return Err(Error::Refused(why.to_owned()));
        }
        let given = Given { card, machine };
        Ok(Contact::new(&given, (side, channel), &self.keys.signing))
    }

    /// Keeps the card that its bearer gave in the room, and where their machine can be reached.
    pub fn take_card(&mut self, given: &Given, at: &[SocketAddr]) -> Result<(), Error> {
        self.keep_card(&given.card, Verified::Room)?;
        self.clinic.met_outside(given.machine, at)
    }
}

fn name_of(endpoint: PublicKey) -> String {
    let digits = endpoint.as_bytes().iter();
    digits.fold(row::OUTSIDE.to_owned(), |name, byte| {
        format!("{name}{byte:02x}")
    })
}
