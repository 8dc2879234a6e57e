//! A person: `person/<field>` in the identity document.

use super::Schema;
use crate::{
    chart::{Address, Entry, Person},
    doc::{
        cells::Cells,
        fields::{Fields, Value},
        packed, words,
    },
    ids::{PatientId, RecordId},
};

/// How "died" is written when the date is not known.
const DIED: &str = "yes";

impl Schema for Person {
    fn write(&self, to: &mut Fields) {
        to.id("id", Some(self.entry.id));
        to.texts(
            "ids",
            self.identifiers.iter().map(packed::identifier).collect(),
        );
        to.texts("names", self.names.iter().map(packed::name).collect());
        to.word("sex", &words::SEX, self.sex);
        to.text("birth", &self.birth.map(packed::birth).unwrap_or_default());
        let died = match self.deceased {
            None => String::new(),
            Some(None) => DIED.to_owned(),
            Some(Some(date)) => date.to_string(),
        };
        to.text("deceased", &died);
        to.text("phone", &self.phone);
        to.text("phone2", &self.phone2);
        to.text("village", &self.address.village);
        to.text("district", &self.address.district);
        to.text("address", &self.address.line);
        to.text("language", &self.language);
        to.text("payer", &self.payer);
        to.texts(
            "contacts",
            self.contacts.iter().map(packed::contact).collect(),
        );
        let others = self.others.iter();
        to.values(
            "others",
            others
                .map(|it| Value::Bytes(it.as_bytes().to_vec()))
                .collect(),
        );
    }

    fn read(entry: Entry, from: &mut Cells<'_>) -> Self {
        let id = from.id("id").unwrap_or(RecordId::ZERO);
        let died = |text: &str| match text {
            DIED => Some(None),
            date => date.parse().ok().map(Some),
        };
        Self {
            entry: Entry { id, ..entry },
            identifiers: from.list("ids", |it| packed::read_identifier(&it.text(""))),
            names: from.list("names", |it| packed::read_name(&it.text(""))),
            sex: from.word("sex", &words::SEX),
            birth: from.read_text("birth", packed::read_birth),
            deceased: from.read_text("deceased", died),
            phone: from.text("phone"),
            phone2: from.text("phone2"),
            address: Address {
                village: from.text("village"),
                district: from.text("district"),
                line: from.text("address"),
            },
            language: from.text("language"),
            payer: from.text("payer"),
            contacts: from.list("contacts", |it| packed::read_contact(&it.text(""))),
            others: from
                .list("others", |it| it.read_bytes("", PatientId::from_slice))
                .into_iter()
                .flatten()
                .collect(),
        }
    }
}
