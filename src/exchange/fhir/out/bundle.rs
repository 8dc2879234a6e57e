//! A Bundle of type `collection`, written entry by entry: it is never in memory as a whole.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use super::{Directory, Written};
use crate::ids::RecordId;

/// What stands before the first entry.
const BEGUN: &[u8] =
    b"{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[\n";
/// A Bundle of nothing: FHIR has no empty lists.
const EMPTY: &[u8] = b"{\"resourceType\":\"Bundle\",\"type\":\"collection\"}\n";

/// A Bundle on its way out.
#[derive(Debug)]
pub struct Collection<W> {
    to: W,
    is_begun: bool,
    /// Whoever of the clinic's list stands in it: once each (bdl-7).
    there: BTreeSet<RecordId>,
}

impl<W: Write> Collection<W> {
    /// Begins a Bundle.
    pub const fn new(to: W) -> Self {
        Self {
            to,
            is_begun: false,
            there: BTreeSet::new(),
        }
    }

    /// Writes resources, and before them whom they refer to.
    pub fn put(&mut self, all: &[Written], directory: &Directory) -> io::Result<()> {
        for written in all {
            let named = written.people.iter().filter_map(|it| directory.get(*it));
            for person in named {
                self.put_person(person, directory)?;
            }
            self.entry(written)?;
        }
        Ok(())
    }

    /// Ends the Bundle; gives back what it was written to.
    pub fn finish(mut self) -> io::Result<W> {
        if self.is_begun {
            self.to.write_all(b"\n]}\n")?;
        } else {
            self.to.write_all(EMPTY)?;
        }
        self.to.flush()?;
        Ok(self.to)
    }

    /// Someone of the list, and whom that one refers to.
    fn put_person(&mut self, person: &Written, directory: &Directory) -> io::Result<()> {
        if !self.there.insert(person.id) {
            return Ok(());
        }
        for other in person.people.iter().filter_map(|it| directory.get(*it)) {
            self.put_person(other, directory)?;
        }
        self.entry(person)
    }

    fn entry(&mut self, written: &Written) -> io::Result<()> {
        self.to
            .write_all(if self.is_begun { b",\n" } else { BEGUN })?;
        self.is_begun = true;
        let resource = serde_json::to_string(&written.body)?;
        let full_url = written.full_url();
        let entry = format!("{{\"fullUrl\":\"{full_url}\",\"resource\":{resource}}}");
        self.to.write_all(entry.as_bytes())
    }
}
