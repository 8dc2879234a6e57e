//! Two machines of different clinics, whose users give each other their contact cards.

use std::net::SocketAddr;

use super::{
    Came, Decides, Does, NotPaired, Pairing, PairingPlace, looking::look, waiting::wait,
};
use crate::{
    ids::ClinicId,
    net::{Error, usual_port},
    seal::{PublicKey, Secret, SigningKey},
    sync::pair::{
        Channel, Contact, CrossInput, CrossOutput, Crossing, Given, PairWords, Side, Why,
    },
};

/// What is asked of either side.
#[derive(Debug)]
pub enum CrossingAsks {
    /// To sign the card of who is at work for this connection.
    Give(Side, Channel),
    /// Whether the card that came is that of the person in the room.
    Agree(Given),
    /// Nothing more: this is how it came out. Where it did, the card is to be kept.
    Ended(Result<(), NotPaired>),
}

/// What it is answered.
#[derive(Debug)]
pub enum CrossingHears {
    /// The signed card.
    Given(Box<Contact>),
    /// The person here says yes.
    Agreed,
    /// The person here says no, or there is no card to give.
    Refused(Why),
}

/// Either side of two people who exchange cards.
pub type CardMeeting = Pairing<CrossingAsks, CrossingHears>;

/// Waits for a machine of another clinic than this one that knows the words, for as long as
/// the words are good.
pub fn show_words(
    words: PairWords,
    clinic: ClinicId,
    place: PairingPlace,
) -> Result<CardMeeting, Error> {
    wait(words, place, move |words, me| {
        Crossing::new(words, Side::Inviting, (me, clinic), 0)
    })
}

/// Looks for the machine that shows the words, at `addrs` or, where the place says so, on the
/// local network; from the endpoint with this secret, of a machine of this clinic.
pub fn meet_by_words(
    words: PairWords,
    (secret, clinic): (Secret, ClinicId),
    addrs: Vec<SocketAddr>,
    place: PairingPlace,
) -> Result<CardMeeting, Error> {
    let me: PublicKey = SigningKey::from_secret(&secret).public();
    look((words, secret), addrs, place, move |words| {
        Crossing::new(words, Side::Joining, (me, clinic), 0)
    })
}

/// Where the machine of a card listens when it takes part in the exchange: where it was met, at
/// the port that follows from its key. It was met at a port that was there for the meeting.
pub fn usual_places(given: &Given, met_at: &[SocketAddr]) -> Vec<SocketAddr> {
    let port = usual_port(&given.machine);
    let at = met_at.iter().map(|it| SocketAddr::new(it.ip(), port));
    at.collect()
}

impl Decides for Crossing {
    type Asks = CrossingAsks;
    type Hears = CrossingHears;

    fn handle(
        &mut self,
        came: Came<CrossingHears>,
        now_ms: i64,
    ) -> Vec<Does<CrossingAsks>> {
        let input = match came {
            Came::Met { other, exporter } => CrossInput::Met { other, exporter },
            Came::Missed => CrossInput::Missed,
            Came::Heard(heard) => CrossInput::Heard(heard),
            Came::Told(CrossingHears::Given(contact)) => CrossInput::Given(contact),
            Came::Told(CrossingHears::Agreed) => CrossInput::Agreed,
            Came::Told(CrossingHears::Refused(why)) => CrossInput::Refused(why),
            Came::Gone => CrossInput::Refused(Why::Declined),
            Came::Lost => CrossInput::Lost,
            Came::Tick => CrossInput::Tick,
        };
        let outputs = Self::handle(self, input, now_ms).into_iter();
        let does = outputs.map(|output| match output {
            CrossOutput::Send(message) => Does::Send(message),
            CrossOutput::Give(side, channel) => {
                Does::Ask(CrossingAsks::Give(side, channel))
            }
            CrossOutput::Ask(given) => Does::Ask(CrossingAsks::Agree(given)),
            CrossOutput::HangUp => Does::HangUp,
            CrossOutput::Ended(how) => Does::End(how),
        });
        does.collect()
    }

    fn tries_left(&self) -> u8 {
        Self::tries_left(self)
    }

    fn ended(how: Result<(), NotPaired>) -> CrossingAsks {
        CrossingAsks::Ended(how)
    }
}
