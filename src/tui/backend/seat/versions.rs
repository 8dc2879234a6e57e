//! Facts that people set apart from each other, for the screens.

use super::{Seat, machines};
use crate::{
    app::{
        Msg,
        notice::Trouble,
        versions::{Answer, Effect, Fact, Machine, Seen, Settled, Value},
    },
    chart::{Choice, Version},
    clinic::{self, Apart, Error, Session},
    time::Moment,
};

impl Seat {
    pub(super) fn versions(&mut self, effect: Effect) -> Answer {
        match effect {
            Effect::Load { request, patient } => {
                let result = self.with(|session| {
                    let all = session.versions(patient)?;
                    Ok(all.into_iter().map(|it| fact(it, session)).collect())
                });
                Answer::Loaded { request, result }
            }
            Effect::Settle {
                request,
                fact,
                choice,
            } => {
                let result = self.settle_fact(*fact, choice).map(Box::new);
                Answer::Settled { request, result }
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

    fn settle_fact(&mut self, seen: Seen, choice: Choice) -> Result<Settled, Trouble> {
        let patient = seen.patient;
        let fact = clinic::Fact {
            patient,
            kind: seen.kind,
            record: seen.record,
            field: seen.field,
            seen: seen.changes,
        };
        let session = self.signed_in()?;
        let change = match session.settle_version(&fact, choice) {
            Err(Error::Refused(_)) => return Err(Trouble::NotTaken),
            settled => settled.map_err(|error| super::trouble(&error))?,
        };
        let values = self.with(|session| session.values(&fact))?;
        let value = values.into_iter().next().map(|(_, value)| value);
        let chart = self.with(|session| session.chart(patient)).ok();
        Ok(Settled {
            change,
            value: value.unwrap_or_default(),
            chart: chart.map(Box::new),
        })
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
    }
}

fn value(it: Version, session: &Session) -> Value {
    let by = it.by.map(|it| session.user_name(it));
    let here = session.clinic().device();
    let machine = match it.machine {
        None => Machine::NotKnown,
        Some(machine) if machine == here => Machine::Here,
        Some(machine) => Machine::There(machines::machine(machine, session)),
    };
    Value {
        value: it.value,
        by: by.filter(|it| !it.is_empty()),
        machine,
        at: Moment {
            at: it.at,
            offset_minutes: session.moment().offset_minutes,
        },
        change: it.change,
    }
}
