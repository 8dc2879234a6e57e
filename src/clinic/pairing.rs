//! Letting a machine in, and beginning as one that was let in.

use std::{collections::BTreeSet, path::Path, sync::Arc};

use super::{
    AboutRow, AuditAction, AuditObject, Clinic, Error, ROWS_VERSION, Session,
    Surroundings,
    admitted::Admitted,
    endpoint::ENDPOINT_FILE,
    keys::DeviceKeys,
    own_log::{Draft, Signer, Writing},
    peers::paired_row,
    put_row, row,
    sign_in::EnrolledRow,
    stating::{device_rows, unsayable},
};
use crate::{
    chart::who::Action,
    ids::{DeviceId, LogId, SessionId},
    ledger::{Entry, Envelope, Kind, Lane, Place, runs_of},
    members::{Body, Named, NewDevice, Series, Standing},
    seal::{Entropy, Secret, SigningKey, names},
    store::{Home, MetaWrite, Store},
    sync::pair::{Card, EnrolledUser, Enrolment},
};

/// How much of a lane is read at a time, in bytes.
const STEP_BYTES: usize = 4 * 1024 * 1024;

/// A machine says how it is met in its first words; much more of its log is not read for that.
const INTRODUCTION_BYTES: usize = 64 * 1024;

/// A machine that is to join a clinic: its keys, drawn before anything is on the disk.
#[derive(Debug)]
pub struct NewMachine {
    device: DeviceKeys,
    endpoint: SigningKey,
    mailbox: bool,
}

impl NewMachine {
    /// A new machine; one that is a mailbox only keeps what is sealed.
    pub fn draw(mailbox: bool, entropy: &mut dyn Entropy) -> Self {
        Self {
            device: DeviceKeys::generate(entropy),
            endpoint: SigningKey::generate(entropy),
            mailbox,
        }
    }

    /// What the machine shows to those who are to let it in.
    pub fn card(&self, name: &str) -> Card {
        Card {
            key: self.device.signing.public(),
            carry: self.device.carry.public(),
            endpoint: self.endpoint.public(),
            name: name.to_owned(),
            mailbox: self.mailbox,
        }
    }

    /// The key with which the machine meets others, from the pairing on.
    pub fn endpoint_secret(&self) -> Secret {
        self.endpoint.secret()
    }

    pub(super) fn id(&self) -> DeviceId {
        names::device_id(&self.device.signing.public())
    }

    pub(super) fn log(&self) -> LogId {
        names::log_id(&self.device.signing.public())
    }

    pub(super) const fn device_keys(&self) -> &DeviceKeys {
        &self.device
    }

    /// Keeps the key with which the machine meets others in its home.
    pub(super) fn keep_endpoint(&self, home: &Home) -> Result<(), Error> {
        Ok(home.write(ENDPOINT_FILE, self.endpoint.secret().as_bytes())?)
    }
}

impl Session {
    /// Lets the machine of this card in, under this name, or that of the card, or the next
    /// number: what it needs to begin.
    pub fn invite_accept(
        &mut self,
        card: &Card,
        name: Option<&str>,
    ) -> Result<Enrolment, Error> {
        self.may(Action::Administer)?;
        let device = names::device_id(&card.key);
        if self.clinic.known().membership.device(device).is_some() {
            let why = "this machine belongs to the clinic, or did: it joins as a new one";
            return Err(Error::Refused(why.to_owned()));
        }
        let name = self.name_for(card, name)?;
        let sealed = {
            let (key, clinic) = (self.name_key()?, self.clinic.about.clinic);
            let mut desk = self.clinic.desk();
            key.seal(clinic, Named::Device(device), &name, &mut *desk.entropy)
        };
        let enrolled = Body::DeviceEnrolled(NewDevice {
            key: card.key,
            carry: card.carry,
            name: sealed,
        });
        let mut series = self.series();
        series
            .say(self.author_in_person(), enrolled)
            .map_err(unsayable)?;
        let audited = Some((AuditAction::MachineEnrolled, AuditObject::Machine(device)));
        self.state(series, vec![paired_row(device, card.endpoint)], audited)?;
        self.enrolment(device, card.mailbox)
    }

    fn enrolment(&self, device: DeviceId, mailbox: bool) -> Result<Enrolment, Error> {
        let clinic = &self.clinic;
        let (name, users) = if mailbox {
            (String::new(), Vec::new())
        } else {
            (clinic.name().to_owned(), self.who_signs_in())
        };
        Ok(Enrolment {
            clinic: clinic.id(),
            name,
            device,
            users,
            envelopes: clinic.membership_lane()?,
        })
    }

    fn who_signs_in(&self) -> Vec<EnrolledUser> {
        let members: Vec<_> = {
            let known = self.clinic.known();
            let members = known.membership.users().values();
            let members =
                members.filter(|it| it.standing == Standing::Good && it.file.is_some());
            members.map(|it| (it.user, it.role)).collect()
        };
        let users = members.into_iter().map(|(user, role)| EnrolledUser {
            user,
            name: self.user_name(user),
            role,
        });
        users.collect()
    }

    /// What a new machine is called.
    fn name_for(&self, card: &Card, name: Option<&str>) -> Result<String, Error> {
        let asked = Some(card.name.as_str()).filter(|it| !it.trim().is_empty());
        if let Some(name) = name.or(asked) {
            self.check_machine_name(name, None)?;
            return Ok(name.to_owned());
        }
        let count = self.machines()?.len();
        let mut numbers = (count + 1..).map(|it| it.to_string());
        let free = numbers.find(|it| self.check_machine_name(it, None).is_ok());
        Ok(free.unwrap_or_default())
    }
}

impl Clinic {
    /// Begins in `home` as the machine that was let in by this enrolment. Where it does not
    /// come to an end, there is no home.
    pub fn join(
        home: &Path,
        machine: &NewMachine,
        enrolment: Enrolment,
        around: Surroundings,
    ) -> Result<Arc<Self>, Error> {
        let home = Arc::new(Home::create(home, around.clock.now())?);
        let begun = Self::begin_joined(&home, machine, enrolment, around);
        let begun = begun.and_then(|clinic| {
            home.finish()?;
            Ok(Arc::new(clinic))
        });
        begun.inspect_err(|_error| home.discard())
    }

    /// The envelopes with which this machine's log begins: others know it by them.
    pub fn introduction(&self) -> Result<Vec<Vec<u8>>, Error> {
        let (log, lane, seq) = (self.log(), Lane::Membership, 1);
        self.read_run(Place { log, lane, seq }, INTRODUCTION_BYTES)
    }

    /// Takes in what a machine that was just let in says of itself, so that whoever meets
    /// this one next lets that one in too.
    pub fn introduced(&self, envelopes: Vec<Vec<u8>>) -> Result<(), Error> {
        self.take_lane(envelopes)
    }

    fn begin_joined(
        home: &Arc<Home>,
        machine: &NewMachine,
        enrolment: Enrolment,
        around: Surroundings,
    ) -> Result<Self, Error> {
        if enrolment.device != machine.id() {
            return Err(refused("it was made for another machine"));
        }
        let store = Store::create_with(Arc::new(Arc::clone(home)))?;
        let about = AboutRow {
            version: ROWS_VERSION,
            clinic: enrolment.clinic,
            name: enrolment.name,
            device: machine.id(),
            log: machine.log(),
        };
        store.append(&[], &[put_row(row::ABOUT, &about)])?;
        machine.keep_endpoint(home)?;
        let clinic = Self::assemble(Arc::clone(home), store, about, around)?;
        clinic.take_lane(enrolment.envelopes)?;
        let rows = clinic.joined_rows(machine, enrolment.users)?;
        let series = {
            let heads = clinic.known().membership.heads();
            let at = clinic.desk().log.tick(clinic.clock.now());
            Series::after(clinic.about.clinic, heads, at)
        };
        clinic.say_first(machine, series, rows)?;
        Ok(clinic)
    }

    /// Takes in the membership lane that came with an enrolment: all of it or nothing. At
    /// once, since each log may hold what answers for another.
    fn take_lane(&self, envelopes: Vec<Vec<u8>>) -> Result<(), Error> {
        let decode = |encoded: Vec<u8>| {
            let envelope = Envelope::decode(&encoded)
                .map_err(|source| Error::damaged("the membership lane", source))?;
            if envelope.header.lane != Lane::Membership {
                return Err(refused("it holds more than who belongs"));
            }
            Ok(Entry::Whole(envelope))
        };
        let came = envelopes.into_iter().map(decode);
        let came: Vec<Entry> = came.collect::<Result<_, _>>()?;
        let taken = self.take(runs_of(came))?;
        match taken.refused.first() {
            Some(first) => Err(Error::damaged("the membership lane", first.why)),
            None => Ok(()),
        }
    }

    /// Who may sign in here, and the machine's keys wrapped to them. The statements decide
    /// who belongs; what is said beside them only tells the names.
    fn joined_rows(
        &self,
        machine: &NewMachine,
        users: Vec<EnrolledUser>,
    ) -> Result<Vec<MetaWrite>, Error> {
        let known = self.known();
        let membership = &known.membership;
        let here = membership.device(machine.id());
        let is_me = here.is_some_and(|it| {
            it.enrolled
                && it.key == machine.device.signing.public()
                && it.carry == machine.device.carry.public()
        });
        if !is_me {
            return Err(refused("no owner of the clinic let this machine in"));
        }
        if machine.mailbox {
            return Ok(vec![put_row(row::ADMITTED, &Admitted::Nobody)]);
        }
        let mut enrolled = Vec::with_capacity(users.len());
        for EnrolledUser { user, name, .. } in users {
            let member = membership.user(user);
            if let Some(member) = member.filter(|it| it.standing == Standing::Good) {
                let role = member.role;
                enrolled.push(EnrolledRow { user, name, role });
            }
        }
        if enrolled.is_empty() {
            return Err(refused("nobody could sign in on this machine"));
        }
        let to: BTreeSet<_> = membership.carriers(enrolled.iter().map(|it| it.user));
        drop(known);
        let mut rows = device_rows(&machine.device, &to, &mut self.chance())?;
        rows.push(put_row(row::ENROLLED, &enrolled));
        Ok(rows)
    }

    /// Begins the machine's own log with what is to be said there, and with how it meets
    /// others: signed by itself, since nobody has a session on it yet.
    pub(super) fn say_first(
        &self,
        machine: &NewMachine,
        mut series: Series,
        rows: Vec<MetaWrite>,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        let mut desk = self.desk();
        let desk = &mut *desk;
        series
            .meet_with(&machine.endpoint, &machine.device.signing)
            .map_err(unsayable)?;
        let statements = series.into_statements();
        let signer = Signer {
            session: SessionId::ZERO,
            key: &machine.device.signing,
        };
        let drafts = statements.iter().map(|it| {
            let bytes = it.encode();
            let kind = Kind::Statement;
            (signer, Draft::Open { kind, bytes })
        });
        let writing = Writing {
            drafts: drafts.collect(),
            rows,
            reading: false,
        };
        desk.log
            .write(&self.store, writing, now, &mut *desk.entropy)?;
        self.known().learn(statements, Vec::new())
    }

    /// The membership lanes of all logs that are held here, each in order.
    fn membership_lane(&self) -> Result<Vec<Vec<u8>>, Error> {
        let mut envelopes = Vec::new();
        for ((log, lane), (last, _)) in self.store.frontier()? {
            if lane != Lane::Membership {
                continue;
            }
            let mut seq = 1;
            while seq <= last {
                let part = self.read_run(Place { log, lane, seq }, STEP_BYTES)?;
                let Some(reached) = part.last() else { break };
                let reached = Envelope::decode(reached)
                    .map_err(|source| Error::damaged("the membership lane", source))?;
                seq = reached.header.seq.saturating_add(1);
                envelopes.extend(part);
            }
        }
        Ok(envelopes)
    }
}

fn refused(why: &str) -> Error {
    Error::Refused(format!(
        "what was given to this machine does not fit: {why}"
    ))
}
