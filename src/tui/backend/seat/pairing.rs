//! Pairing: a thread of its own holds the connection, and asks what a person or the clinic
//! must decide.

use std::{
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, Sender, TryRecvError},
    },
    thread,
    time::Duration,
};

use super::{Seat, trouble};
use crate::{
    app::{
        Msg,
        invite::{self, Card, Name, News, Words},
        notice::Trouble,
        start::{
            self,
            join::{self, News as JoinNews, Stage},
        },
    },
    clinic::{Clinic, NewMachine, Surroundings},
    net::{
        self, InvitingAsks, InvitingHears, JoiningAsks, JoiningHears, NotPaired, Pairing,
        PairingPlace,
    },
    seal::{OsEntropy, names},
    sync::pair::{self, PAIRING_MS, PairWords, TRIES_MAX, Why},
    tui::effects::Answers,
};

/// How often a pairing looks for what was decided.
const BEAT: Duration = Duration::from_millis(100);
/// How long the pairing may take to ask for what the owner has just agreed to.
const ASKING: Duration = Duration::from_secs(5);

/// The addresses that are shown at most.
const ADDRESSES_SHOWN: usize = 3;

/// A pairing at the machine of an owner. Dropping it ends it.
pub(super) struct Invitation {
    request: u32,
    decided: Sender<InvitingHears>,
    cards: Receiver<pair::Card>,
}

/// A pairing at the machine that joins. Dropping it ends it, unless it is being kept.
pub(super) struct Joining {
    _goes_on: Sender<()>,
    joined: Arc<Mutex<Option<Joined>>>,
}

/// The clinic that was joined, and where the machine was met that let this one in.
struct Joined {
    clinic: Arc<Clinic>,
    met_at: Vec<IpAddr>,
}

impl Seat {
    pub(super) fn invite(&mut self, effect: invite::Effect) -> Vec<Msg> {
        let (request, news) = match effect {
            invite::Effect::Open { request } => (request, self.open_invitation(request)),
            invite::Effect::Answer { yes } => match self.decide(yes) {
                Some(failed) => failed,
                None => return Vec::new(),
            },
            invite::Effect::Close => {
                self.invitation = None;
                return Vec::new();
            }
        };
        vec![Msg::Invite(invite::Answer { request, news })]
    }

    pub(super) fn join(&mut self, effect: join::Effect) -> Vec<Msg> {
        let join::Effect::Join {
            request,
            words,
            address,
            name,
        } = effect
        else {
            self.joining = None;
            return Vec::new();
        };
        let news = match self.begin_joining(request, words.as_str(), &address, &name) {
            Ok(()) => return Vec::new(),
            Err(news) => news,
        };
        vec![said(request, news)]
    }

    /// A clinic that was joined meanwhile is the one that is open.
    pub(super) fn take_joined(&mut self) {
        let joined = self.joining.as_ref().and_then(|it| {
            let mut joined = it.joined.lock().unwrap_or_else(PoisonError::into_inner);
            joined.take()
        });
        let Some(Joined { clinic, met_at }) = joined else {
            return;
        };
        self.joining = None;
        self.bench.clinic = Some(clinic);
        self.begin_network(&met_at);
    }

    fn open_invitation(&mut self, request: u32) -> News {
        self.invitation = None;
        if let Err(denied) =
            self.with(|it| Ok(it.may(crate::chart::who::Action::Administer)?))
        {
            return News::Failed(denied);
        }
        let (Some(answers), Some(clinic)) =
            (self.answers.clone(), self.bench.clinic.clone())
        else {
            return News::Failed(Trouble::Internal);
        };
        let words = PairWords::generate(&mut OsEntropy);
        let shown = words.words().join(" ");
        let place = self.network.sharing().pairing();
        let pairing = match net::invite(words, place) {
            Ok(pairing) => pairing,
            Err(error) => {
                tracing::warn!(%error, "no pairing could be begun");
                return News::Failed(Trouble::NoNetwork);
            }
        };
        let addresses = shortly(pairing.addrs());
        let (decided, heard) = mpsc::channel();
        let (ask, cards) = mpsc::channel();
        let hold = move || {
            hold_invitation(&pairing, (request, &answers), (&heard, &ask), &clinic);
        };
        if thread::Builder::new()
            .name("inviting".to_owned())
            .spawn(hold)
            .is_err()
        {
            return News::Failed(Trouble::Internal);
        }
        self.invitation = Some(Invitation {
            request,
            decided,
            cards,
        });
        let now = (self.bench.surroundings)().clock.now();
        News::Words(Words {
            words: shown.as_str().into(),
            addresses,
            until: now.plus_ms(PAIRING_MS),
            tries: usize::from(TRIES_MAX),
        })
    }

    /// Lets the machine in, or not. Says what went wrong.
    fn decide(&mut self, yes: bool) -> Option<(u32, News)> {
        let invitation = self.invitation.take()?;
        let tell = |hears| invitation.decided.send(hears).unwrap_or_default();
        if !yes {
            tell(InvitingHears::Refused(Why::Declined));
            self.invitation = Some(invitation);
            return None;
        }
        tell(InvitingHears::Agreed);
        // Where nothing is asked the pairing has come to its end, and says so itself.
        let let_in = invitation
            .cards
            .recv_timeout(ASKING)
            .ok()
            .map(|card| self.with(|session| session.invite_accept(&card, None)));
        let failed = match let_in {
            None => None,
            Some(Ok(enrolment)) => {
                tell(InvitingHears::Enrolled(Box::new(enrolment)));
                None
            }
            Some(Err(trouble)) => {
                tell(InvitingHears::Refused(Why::NotKept));
                Some((invitation.request, News::Failed(trouble)))
            }
        };
        self.name_machines();
        self.invitation = Some(invitation);
        failed
    }

    fn begin_joining(
        &mut self,
        request: u32,
        words: &str,
        address: &str,
        name: &str,
    ) -> Result<(), JoinNews> {
        let internal = JoinNews::Failed(Trouble::Internal);
        let Some(answers) = self.answers.clone() else {
            return Err(internal);
        };
        let Ok(words) = words.parse::<PairWords>() else {
            return Err(JoinNews::Ended(Why::WrongWords));
        };
        let addrs = addresses(address).ok_or(JoinNews::NoAddress)?;
        let place = self.network.sharing().pairing();
        let (goes_on, stopped) = mpsc::channel();
        let joined = Arc::default();
        let guest = Guest {
            request,
            answers,
            home: self.bench.home.clone(),
            surroundings: self.bench.surroundings,
            machine: NewMachine::draw(false, &mut OsEntropy),
            met_at: addrs.iter().map(SocketAddr::ip).collect(),
            joined: Arc::clone(&joined),
        };
        let name = name.to_owned();
        let work = move || {
            let news = guest.join(words, addrs, (&name, place), &stopped);
            guest.answers.give(said(request, news));
        };
        let spawned = thread::Builder::new()
            .name("joining".to_owned())
            .spawn(work);
        if spawned.is_err() {
            return Err(internal);
        }
        self.joining = Some(Joining {
            _goes_on: goes_on,
            joined,
        });
        Ok(())
    }
}

/// Holds the connection until the pairing ends, or nobody waits for it any more.
fn hold_invitation(
    pairing: &Pairing<InvitingAsks, InvitingHears>,
    (request, answers): (u32, &Answers),
    (decided, ask): (&Receiver<InvitingHears>, &Sender<pair::Card>),
    clinic: &Clinic,
) {
    let say = |news| answers.give(Msg::Invite(invite::Answer { request, news }));
    let mut tries = TRIES_MAX;
    loop {
        match decided.try_recv() {
            Ok(hears) => pairing.tell(hears),
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => return,
        }
        if pairing.tries_left() != tries {
            tries = pairing.tries_left();
            say(News::Tries(usize::from(tries)));
        }
        match pairing.next(BEAT) {
            Ok(None) => {}
            Ok(Some(InvitingAsks::Agree(card))) => say(News::Asks(shown(&card))),
            Ok(Some(InvitingAsks::Enrol(card))) => ask.send(card).unwrap_or_default(),
            Ok(Some(InvitingAsks::Take(envelopes))) => {
                // Otherwise it says so again when the two meet.
                clinic.introduced(envelopes).unwrap_or_else(|error| {
                    tracing::warn!(%error, "a new machine's own words");
                });
            }
            Ok(Some(InvitingAsks::Ended(how))) => {
                say(News::Ended(how.map_err(|why| match why {
                    NotPaired::Said(why) => why,
                    NotPaired::NotReached => Why::Torn,
                })));
                return;
            }
            Err(error) => {
                tracing::warn!(%error, "a pairing stopped");
                return say(News::Failed(Trouble::Internal));
            }
        }
    }
}

fn shown(card: &pair::Card) -> Card {
    let id = names::device_id(&card.key);
    Card {
        name: Name(card.name.clone()),
        id: crate::app::sync::short_id(id),
        mailbox: card.mailbox,
    }
}

/// This machine, while it joins.
struct Guest {
    request: u32,
    answers: Answers,
    home: std::path::PathBuf,
    surroundings: fn() -> Surroundings,
    machine: NewMachine,
    met_at: Vec<IpAddr>,
    joined: Arc<Mutex<Option<Joined>>>,
}

impl Guest {
    /// Joins; says how it came out.
    fn join(
        &self,
        words: PairWords,
        addrs: Vec<SocketAddr>,
        (name, place): (&str, PairingPlace),
        stopped: &Receiver<()>,
    ) -> JoinNews {
        let me = (self.machine.card(name), self.machine.endpoint_secret());
        let pairing = match net::join(words, me, addrs, place) {
            Ok(pairing) => pairing,
            Err(error) => {
                tracing::warn!(%error, "no clinic could be looked for");
                return JoinNews::Failed(Trouble::NoNetwork);
            }
        };
        let mut is_asked = false;
        loop {
            if pairing.is_known() && !is_asked {
                is_asked = true;
                self.say(JoinNews::Stage(Stage::Asking));
            }
            if stopped.try_recv() == Err(TryRecvError::Disconnected) {
                return JoinNews::Ended(Why::Torn);
            }
            let asks = match pairing.next(BEAT) {
                Ok(None) => continue,
                Ok(Some(asks)) => asks,
                Err(error) => {
                    tracing::warn!(%error, "a joining stopped");
                    return JoinNews::Failed(Trouble::Internal);
                }
            };
            match asks {
                JoiningAsks::Keep(enrolment) => {
                    self.say(JoinNews::Stage(Stage::Keeping));
                    let around = (self.surroundings)();
                    match Clinic::join(&self.home, &self.machine, *enrolment, around) {
                        Ok(clinic) => {
                            let first = clinic.introduction().unwrap_or_default();
                            pairing.tell(JoiningHears::Kept(first));
                            return self.keep(clinic, &pairing);
                        }
                        Err(error) => {
                            tracing::warn!(%error, "a clinic could not be joined");
                            pairing.tell(JoiningHears::NotKept);
                            return JoinNews::Failed(trouble(&error));
                        }
                    }
                }
                JoiningAsks::Ended(how) => {
                    return match how {
                        Err(NotPaired::Said(why)) => JoinNews::Ended(why),
                        Err(NotPaired::NotReached) => JoinNews::NoAnswer,
                        Ok(()) => JoinNews::Failed(Trouble::Internal),
                    };
                }
            }
        }
    }

    /// What is kept is kept, whether or not the other machine hears of it.
    fn keep(
        &self,
        clinic: Arc<Clinic>,
        pairing: &Pairing<JoiningAsks, JoiningHears>,
    ) -> JoinNews {
        drop(pairing.next(ASKING));
        let name = clinic.name().to_owned();
        let joined = Joined {
            clinic,
            met_at: self.met_at.clone(),
        };
        *self.joined.lock().unwrap_or_else(PoisonError::into_inner) = Some(joined);
        JoinNews::Joined(join::Clinic(name))
    }

    fn say(&self, news: JoinNews) {
        self.answers.give(said(self.request, news));
    }
}

const fn said(request: u32, news: JoinNews) -> Msg {
    Msg::Start(start::Answer::Join(join::Answer { request, news }))
}

/// The addresses that a person can read aloud: those of IPv4 first, and not all of many.
pub(super) fn shortly(addrs: &[SocketAddr]) -> Vec<String> {
    let mut addrs = addrs.to_vec();
    addrs.sort_by_key(|it| (it.is_ipv6(), it.ip().is_loopback()));
    let shown = addrs.iter().take(ADDRESSES_SHOWN);
    shown.map(ToString::to_string).collect()
}

/// The addresses of what was typed; none of nothing. None where it is no address.
pub(super) fn addresses(typed: &str) -> Option<Vec<SocketAddr>> {
    let all = typed.split([' ', ',']).filter(|it| !it.is_empty());
    let all: Option<Vec<_>> = all.map(|it| net::resolve(it).ok()).collect();
    Some(all?.concat())
}
