//! Facts that people set apart from each other, for the screens.

use super::{Seat, machines};
use crate::{
    app::{
        Msg,
        notice::Trouble,
        twins::{Twin, Twins},
        versions::{Answer, Effect, Fact, Machine, Seen, Settled, Value},
    },
    chart::{Unconfirmed, Version},
    clinic::{self, Apart, Doubted, Error, Found, Session},
    ids::{DeviceId, Hash, PatientId},
    time::{Moment, Timestamp},
};

impl Seat {
    pub(super) fn versions(&mut self, effect: Effect) -> Answer {
        match effect {
            Effect::Load { request, patient } => {
                let result = self.with(|session| {
                    let apart = session.versions(patient)?;
                    let doubted = session.unconfirmed(patient)?;
                    let apart = apart.into_iter().map(|it| fact(it, session));
                    let doubted = doubted.into_iter().map(|it| doubt(it, session));
                    Ok(apart.chain(doubted).collect())
                });
                Answer::Loaded { request, result }
            }
            Effect::Settle {
                request,
                fact,
                choice,
            } => {
                let fact = clinic_fact(*fact);
                let result = self
                    .settle_fact(&fact, |session| session.settle_version(&fact, choice));
                let result = result.map(Box::new);
                Answer::Settled { request, result }
            }
            Effect::KeepBoth { request, fact } => {
                let fact = clinic_fact(*fact);
                let result = self.settle_fact(&fact, |session| session.keep_both(&fact));
                let result = result.map(Box::new);
                Answer::Settled { request, result }
            }
            Effect::Judge {
                request,
                patient,
                unconfirmed,
                adopt,
            } => {
                let result = self.judge(patient, &unconfirmed, adopt).map(Box::new);
                Answer::Settled { request, result }
            }
            Effect::WaitAgain {
                request,
                patient,
                unconfirmed,
            } => {
                let result = self.wait_again(patient, &unconfirmed).map(Box::new);
                Answer::Settled { request, result }
            }
            Effect::Twins { request } => {
                let result = self.with(|session| {
                    let all = session.twins(None)?;
                    Ok(all.into_iter().map(|it| twins(it, session)).collect())
                });
                Answer::Twins { request, result }
            }
            Effect::TellApart { people, apart } => {
                let [one, other] = people;
                let told = self.with(|session| session.tell_apart(one, other, apart));
                let result = told.map(|()| apart);
                Answer::ToldApart { people, result }
            }
        }
    }

    /// How many charts hold facts that wait to be decided, where that is another number than
    /// was told last.
    pub(in crate::tui::backend) fn waiting_news(&mut self) -> Option<Msg> {
        let charts = self.session.as_ref()?.to_compare();
        let is_news = self.waiting.replace(charts) != Some(charts);
        is_news.then_some(Msg::Versions(Answer::Waiting { charts }))
    }

    fn settle_fact(
        &mut self,
        fact: &clinic::Fact,
        settle: impl FnOnce(&mut Session) -> Result<Hash, Error>,
    ) -> Result<Settled, Trouble> {
        let change = taken(settle(self.signed_in()?))?;
        let values = self.with(|session| session.values(fact))?;
        let value = values.into_iter().next().map(|(_, value)| value);
        Ok(self.settled(fact.patient, change, value.unwrap_or_default()))
    }

    fn judge(
        &mut self,
        patient: PatientId,
        of: &Unconfirmed,
        adopt: bool,
    ) -> Result<Settled, Trouble> {
        let all = self.with(|session| session.unconfirmed(Some(patient)))?;
        let found = all.into_iter().find(|it| it.unconfirmed == *of);
        let found = found.ok_or(Trouble::NotTaken)?;
        let session = self.signed_in()?;
        taken(if adopt {
            session.adopt(&found)
        } else {
            session.reject(&found)
        })?;
        let counts = of.counts.clone().unwrap_or_default();
        let value = if adopt { of.value.clone() } else { counts };
        let fact = clinic::Fact {
            patient,
            kind: of.kind,
            record: of.record,
            field: of.field.clone(),
            seen: Vec::new(),
        };
        let standing = self.with(|session| session.values(&fact))?;
        let change = standing.first().map_or(of.change, |(change, _)| *change);
        Ok(self.settled(patient, change, value))
    }

    fn wait_again(
        &mut self,
        patient: PatientId,
        of: &Unconfirmed,
    ) -> Result<Settled, Trouble> {
        taken(self.signed_in()?.wait_again(patient, of))?;
        Ok(self.settled(patient, of.change, of.value.clone()))
    }

    fn settled(&mut self, patient: PatientId, change: Hash, value: String) -> Settled {
        let chart = self.with(|session| session.chart(patient)).ok();
        Settled {
            change,
            value,
            chart: chart.map(Box::new),
        }
    }
}

/// What the clinic refuses was decided meanwhile.
fn taken<T>(done: Result<T, Error>) -> Result<T, Trouble> {
    match done {
        Err(Error::Refused(_)) => Err(Trouble::NotTaken),
        done => done.map_err(|error| super::trouble(&error)),
    }
}

fn clinic_fact(seen: Seen) -> clinic::Fact {
    clinic::Fact {
        patient: seen.patient,
        kind: seen.kind,
        record: seen.record,
        field: seen.field,
        seen: seen.changes,
    }
}

/// What does not count, beside what does.
fn doubt(it: Doubted, session: &Session) -> Fact {
    let (_, called) = session.called(it.patient).unwrap_or_default();
    let of = it.unconfirmed;
    let written = Version {
        value: of.value.clone(),
        by: of.by,
        machine: of.machine,
        at: of.at,
        change: of.change,
    };
    Fact {
        patient: it.patient,
        called,
        kind: of.kind,
        record: of.record,
        name: it.name,
        field: of.field.clone(),
        values: vec![value(written, session)],
        before: of.counts.clone(),
        may_settle: it.may_settle,
        may_keep_both: false,
        unconfirmed: Some(Box::new(of)),
    }
}

fn fact(it: Apart, session: &Session) -> Fact {
    let (_, called) = session.called(it.patient).unwrap_or_default();
    let of = it.disagreement;
    let values = of.versions.into_iter();
    Fact {
        patient: it.patient,
        called,
        kind: of.kind,
        record: of.record,
        name: it.name,
        field: of.field,
        values: values.map(|it| value(it, session)).collect(),
        before: of.before,
        may_settle: it.may_settle,
        may_keep_both: it.may_keep_both,
        unconfirmed: None,
    }
}

fn value(it: Version, session: &Session) -> Value {
    let by = it.by.map(|it| session.user_name(it));
    Value {
        value: it.value,
        by: by.filter(|it| !it.is_empty()),
        machine: machine(it.machine, session),
        at: on_this_clock(it.at, session),
        change: it.change,
    }
}

fn twins(it: clinic::Twins, session: &Session) -> Twins {
    let [one, other] = it.people;
    let [at_one, at_other] = it.machines;
    let twin = |found: Found, at: Option<DeviceId>| Twin {
        patient: found.patient,
        called: found.name,
        number: found.number,
        sex: found.sex,
        born: found.born,
        village: found.village,
        machine: machine(at, session),
    };
    Twins {
        people: [twin(one, at_one), twin(other, at_other)],
        since: it.since.map(|at| on_this_clock(at, session)),
        may_settle: it.may_settle,
    }
}

fn machine(it: Option<DeviceId>, session: &Session) -> Machine {
    let here = session.clinic().device();
    match it {
        None => Machine::NotKnown,
        Some(machine) if machine == here => Machine::Here,
        Some(machine) => Machine::There(machines::machine(machine, session)),
    }
}

fn on_this_clock(at: Timestamp, session: &Session) -> Moment {
    Moment {
        at,
        offset_minutes: session.moment().offset_minutes,
    }
}
