//! Meeting a provider of another clinic in one room. The connection lives in a thread of its
//! own; what it asks is looked at whenever nobody waits for anything else.

use std::{net::SocketAddr, time::Duration};

use super::{
    Seat,
    beyond::provider_of,
    pairing::{addresses, shortly},
};
use crate::{
    app::{
        Msg,
        beyond::meet::{Answer, Met, Wish},
        invite::Words,
        notice::Trouble,
    },
    chart::who::Action,
    members::Verified,
    net::{self, CardMeeting, CrossingAsks, CrossingHears, NotPaired},
    seal::OsEntropy,
    sync::pair::{Given, PAIRING_MS, PairWords, TRIES_MAX, Why},
};

/// A meeting. Dropping it ends it.
pub(super) struct Meeting {
    request: u32,
    talk: CardMeeting,
    tries: u8,
    came: Option<Given>,
}

impl Seat {
    pub(super) fn meet(&mut self, request: u32, wish: Wish) -> Vec<Msg> {
        let begun = match wish {
            Wish::Show => self.show_words(request),
            Wish::Look { words, address } => {
                self.look_for_words(request, words.as_str(), &address)
            }
            Wish::Answer(yes) => {
                self.answer_meeting(yes);
                Ok(None)
            }
            Wish::Stop => {
                self.meeting = None;
                Ok(None)
            }
        };
        let met = begun.unwrap_or_else(Some);
        let told = met.map(|met| Msg::Meet(Answer { request, met }));
        told.into_iter().collect()
    }

    /// What happened in the meeting since it was looked at.
    pub(super) fn meeting_news(&mut self) -> Vec<Msg> {
        let Some(mut meeting) = self.meeting.take() else {
            return Vec::new();
        };
        let mut news = Vec::new();
        let tries = meeting.talk.tries_left();
        if tries != meeting.tries {
            meeting.tries = tries;
            news.push(Met::Tries(usize::from(tries)));
        }
        loop {
            match meeting.talk.next(Duration::ZERO) {
                Ok(None) => break,
                Ok(Some(asks)) => news.extend(self.asked_in(&mut meeting, asks)),
                Err(error) => {
                    tracing::warn!(%error, "a meeting stopped");
                    news.push(Met::Failed(Trouble::Internal));
                }
            }
            if news.last().is_some_and(Met::is_over) {
                break;
            }
        }
        let request = meeting.request;
        if !news.last().is_some_and(Met::is_over) {
            self.meeting = Some(meeting);
        }
        let told = news.into_iter();
        told.map(|met| Msg::Meet(Answer { request, met })).collect()
    }

    fn asked_in(&mut self, meeting: &mut Meeting, asks: CrossingAsks) -> Option<Met> {
        match asks {
            CrossingAsks::Give(side, channel) => {
                let given = self.with(|session| session.give_card(side, &channel));
                let (hears, failed) = match given {
                    Ok(contact) => (CrossingHears::Given(Box::new(contact)), None),
                    Err(trouble) => {
                        let failed = Met::Failed(trouble);
                        (CrossingHears::Refused(Why::NotKept), Some(failed))
                    }
                };
                meeting.talk.tell(hears);
                failed
            }
            CrossingAsks::Agree(given) => {
                let card = given.card.clone();
                meeting.came = Some(given);
                let session = self.session.as_ref()?;
                let card = provider_of(card, Verified::Not, session);
                Some(Met::Came(Box::new(card)))
            }
            CrossingAsks::Ended(Ok(())) => {
                let given = meeting.came.take()?;
                let at = net::usual_places(&given, &meeting.talk.met_at());
                let kept = self.with(|session| session.take_card(&given, &at));
                Some(kept.map_or_else(Met::Failed, |()| Met::Kept))
            }
            CrossingAsks::Ended(Err(NotPaired::Said(why))) => Some(Met::Ended(why)),
            CrossingAsks::Ended(Err(NotPaired::NotReached)) => Some(Met::NoAnswer),
        }
    }

    fn answer_meeting(&mut self, yes: bool) {
        if let Some(meeting) = &self.meeting {
            meeting.talk.tell(if yes {
                CrossingHears::Agreed
            } else {
                CrossingHears::Refused(Why::Declined)
            });
        }
    }

    fn show_words(&mut self, request: u32) -> Result<Option<Met>, Met> {
        self.meeting = None;
        let clinic = self.may_meet()?;
        let words = PairWords::generate(&mut OsEntropy);
        let shown = words.words().join(" ");
        let place = self.network.sharing().pairing();
        let talk = net::show_words(words, clinic, place).map_err(no_network)?;
        let addresses = shortly(talk.addrs());
        self.hold(request, talk);
        let now = (self.bench.surroundings)().clock.now();
        Ok(Some(Met::Words(Words {
            words: shown.as_str().into(),
            addresses,
            until: now.plus_ms(PAIRING_MS),
            tries: usize::from(TRIES_MAX),
        })))
    }

    fn look_for_words(
        &mut self,
        request: u32,
        words: &str,
        address: &str,
    ) -> Result<Option<Met>, Met> {
        self.meeting = None;
        let clinic = self.may_meet()?;
        let words = words.parse::<PairWords>();
        let words = words.or(Err(Met::Ended(Why::WrongWords)))?;
        let addrs: Vec<SocketAddr> = addresses(address).ok_or(Met::NoAddress)?;
        let secret = self.with(|session| session.clinic().endpoint_secret());
        let me = (secret.map_err(Met::Failed)?, clinic);
        let place = self.network.sharing().pairing();
        let talk = net::meet_by_words(words, me, addrs, place).map_err(no_network)?;
        self.hold(request, talk);
        Ok(None)
    }

    /// The clinic of who may exchange cards for it.
    fn may_meet(&mut self) -> Result<crate::ids::ClinicId, Met> {
        let may = self.with(|session| {
            session.may(Action::Share)?;
            Ok(session.clinic().id())
        });
        may.map_err(Met::Failed)
    }

    fn hold(&mut self, request: u32, talk: CardMeeting) {
        self.meeting = Some(Meeting {
            request,
            talk,
            tries: TRIES_MAX,
            came: None,
        });
    }
}

fn no_network(error: net::Error) -> Met {
    tracing::warn!(%error, "no meeting could be begun");
    Met::Failed(Trouble::NoNetwork)
}
