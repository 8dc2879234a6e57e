//! Who the person is, as the desk writes it.

use super::{DESK, Scribe};
use crate::{
    chart::{Address, BirthDate, Edit, Entry, Identifier, Person, Record},
    demo::household::{DISTRICT, Known, Member},
    ids::RecordId,
    time::{Moment, PartialDate},
};

impl Scribe<'_> {
    pub(super) fn person(&mut self, number: u32, at: Moment, member: &Member) -> Person {
        let entry = Entry {
            id: RecordId::from_bytes(*self.patient.as_bytes()),
            ..self.entry()
        };
        let mut identifiers = vec![Identifier {
            system: Identifier::NUMBER.to_owned(),
            value: patient_number(number),
        }];
        if self.dice.percent(12) {
            identifiers.push(Identifier {
                system: "national-id".to_owned(),
                value: format!("CM{:08}", self.dice.between(10_000_000, 99_999_999)),
            });
        }
        Person {
            identifiers,
            names: member.names.clone(),
            sex: member.sex,
            birth: self.birth(at, member),
            phone: member.phone.clone(),
            address: Address {
                village: member.village.to_owned(),
                district: DISTRICT.to_owned(),
                line: String::new(),
            },
            language: member.language.to_owned(),
            payer: member.payer.to_owned(),
            contacts: member.kin.iter().cloned().collect(),
            ..Person::new(entry)
        }
    }

    fn birth(&self, at: Moment, member: &Member) -> Option<BirthDate> {
        let born = self.setting.date(-member.age_days);
        let part = |month, day| PartialDate::new(born.year(), month, day).ok();
        let infant = at.day().days_since(born) < 730;
        let (date, estimated) = match member.known {
            Known::Nothing => return None,
            Known::Age if !infant => (part(None, None)?, true),
            Known::Age | Known::Month => {
                (part(born.month(), None)?, member.known == Known::Age)
            }
            Known::Day => (born, false),
        };
        Some(BirthDate { date, estimated })
    }

    /// One of ten has another telephone number when they come again.
    pub(in crate::demo) fn perhaps_new_phone(&mut self, at: Moment) {
        if !self.dice.percent(10) {
            return;
        }
        let mut after = self.person.clone();
        after.phone = format!(
            "0701 {} {}",
            self.dice.between(100, 999),
            self.dice.between(100, 999)
        );
        let before = std::mem::replace(&mut self.person, after.clone());
        self.begin(at, &DESK);
        self.edit([Edit::change(Record::Person(before), Record::Person(after))]);
    }
}

/// `K2F7-0417-R`: the machine, a running number, a letter against slips of the finger.
fn patient_number(count: u32) -> String {
    const LETTERS: &[u8; 21] = b"ABCDEFGHJKLMNPQRTUVWX";
    let place = usize::try_from(count % 21).unwrap_or(0);
    let letter = LETTERS.get(place).copied().map_or('A', char::from);
    format!("K2F7-{count:04}-{letter}")
}
