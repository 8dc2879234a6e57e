//! People who were perhaps registered twice, as the list of what needs a person has them.

use std::fmt;

use super::{
    Cx, Effect as Ask, Step,
    notice::{Notice, Said},
    overlay::Question,
    versions::{Effect, Machine},
};
use crate::{
    chart::{BirthDate, Sex},
    ids::PatientId,
    time::Moment,
};

/// Two people who are perhaps one.
#[derive(Clone, PartialEq, Eq)]
pub struct Twins {
    /// The two.
    pub people: [Twin; 2],
    /// When the later of the two was registered, on this machine's wall clock.
    pub since: Option<Moment>,
    /// Whether the person may say that they are two.
    pub may_settle: bool,
}

/// One of them.
#[derive(Clone, PartialEq, Eq)]
pub struct Twin {
    /// Whose chart.
    pub patient: PatientId,
    /// What the patient is called.
    pub called: String,
    /// The clinic's number.
    pub number: String,
    /// Sex.
    pub sex: Sex,
    /// Birth date, if anything is known of it.
    pub born: Option<BirthDate>,
    /// Village.
    pub village: String,
    /// Where they were registered.
    pub machine: Machine,
}

impl Twins {
    /// Shows both. The safe line leaves it for later.
    pub fn look(&self, cx: &Cx<'_>) -> Vec<Step> {
        if !self.may_settle {
            return vec![Step::Say(Notice::plain(Said::line("twins-not-yours")))];
        }
        let mut lines: Vec<Said> = self.people.iter().map(|it| it.said(cx)).collect();
        lines.push(Said::line("twins-stay"));
        vec![Step::Question(Box::new(Question {
            title: Said::line("twins-title"),
            lines,
            safe: Said::line("twins-later"),
            letter: 'n',
            other: Said::line("twins-apart"),
            back: None,
            then: vec![tell_apart(
                self.people.each_ref().map(|it| it.patient),
                true,
            )],
        }))]
    }
}

/// Says that two people are not the same, or takes that back.
pub fn tell_apart(people: [PatientId; 2], apart: bool) -> Step {
    Step::Ask(Ask::Versions(Effect::TellApart { people, apart }))
}

impl Twin {
    /// `OKELLO, Grace  K2F7-0417-R  F  14-Mar-1987  Kijani A  (Hill Post)`
    fn said(&self, cx: &Cx<'_>) -> Said {
        let born = self.born.map(|it| cx.say.date(it.date));
        let machine = match &self.machine {
            Machine::Here => cx.say.line("sync-here"),
            Machine::There(name) => name.clone(),
            Machine::NotKnown => String::new(),
        };
        let machine = if machine.is_empty() {
            machine
        } else {
            format!("({machine})")
        };
        let parts = [
            self.called.clone(),
            self.number.clone(),
            self.sex.letter().to_string(),
            born.unwrap_or_default(),
            self.village.clone(),
            machine,
        ];
        let parts = parts.into_iter().filter(|it| !it.is_empty());
        let person = parts.collect::<Vec<_>>().join("  ");
        Said::with("twins-person", [("person", person.into())])
    }
}

impl fmt::Debug for Twins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.people).finish()
    }
}

impl fmt::Debug for Twin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Twin({:?})", self.patient)
    }
}
