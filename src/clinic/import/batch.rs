//! Writing what an import has read, a batch at a time: the records of each document in one
//! change, or in several where one cannot hold them.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{Left, Run};
use crate::{
    chart::{Part, Subject},
    clinic::{
        AuditAction, AuditObject, Error, Session,
        own_log::{Draft, Writing},
        save::Drafted,
    },
    doc::View,
    exchange::fhir::{FileNo, Taken},
    ids::DocId,
};

/// Entries that are written together. With [`BATCH_BYTES_MAX`] it bounds memory, and what a
/// crash can leave to be taken up again.
const BATCH_LEN_MAX: usize = 500;

/// Bytes of sources and attached papers that are written together. One entry may have more.
const BATCH_BYTES_MAX: usize = 8 * 1024 * 1024;

/// A record as it was read, and from which file.
pub(super) struct Read {
    pub(super) file: FileNo,
    pub(super) taken: Taken,
}

/// What was read and not yet written.
#[derive(Default)]
pub(super) struct Batch {
    read: Vec<Read>,
    bytes: usize,
}

/// What a batch becomes.
#[derive(Default)]
struct Drafts {
    drafts: Vec<Draft>,
    /// The documents that are changed, once for each change.
    touched: Vec<DocId>,
}

impl Batch {
    pub(super) fn push(&mut self, read: Read) {
        let attached = read.taken.attachment.as_ref().map_or(0, Vec::len);
        self.bytes += read.taken.raw.len() + attached;
        self.read.push(read);
    }

    pub(super) const fn is_full(&self) -> bool {
        self.read.len() >= BATCH_LEN_MAX || self.bytes >= BATCH_BYTES_MAX
    }
}

impl Session {
    /// Writes what was read so far, all in one writing.
    pub(super) fn write_batch(&mut self, run: &mut Run<'_>) -> Result<(), Error> {
        let written = self.write_documents(run);
        // Those of a batch that failed are ahead of the disk.
        self.documents.forget_all();
        written?;
        run.tally.tell();
        Ok(())
    }

    fn write_documents(&mut self, run: &mut Run<'_>) -> Result<(), Error> {
        let mut by_doc: BTreeMap<(Subject, Part), Vec<Read>> = BTreeMap::new();
        for read in std::mem::take(&mut run.batch).read {
            by_doc
                .entry((read.taken.subject, read.taken.record.part()))
                .or_default()
                .push(read);
        }
        let mut drafts = Drafts::default();
        for (of, read) in by_doc {
            let (new, left) = self.new_ones(of, read, run)?;
            self.draft_records(of, (&new, &left), run, &mut drafts)?;
        }
        let Drafts { drafts, touched } = drafts;
        if !drafts.is_empty() {
            self.write_drafts(drafts, run)?;
        }
        self.wrote(&touched);
        self.settle()
    }

    /// The first writing of an import is audited with it: one may be broken off before its end.
    fn write_drafts(
        &mut self,
        drafts: Vec<Draft>,
        run: &mut Run<'_>,
    ) -> Result<(), Error> {
        if !run.is_audited {
            let audited = (AuditAction::Import, AuditObject::Import(run.import));
            self.keep(drafts, &mut Vec::new(), audited)?;
            run.is_audited = true;
            return Ok(());
        }
        let clinic = Arc::clone(&self.clinic);
        let writing = Writing {
            drafts: self.signed(drafts),
            rows: Vec::new(),
            reading: false,
        };
        clinic.desk().write(&clinic, self.id, writing)?;
        Ok(())
    }

    /// Those records of a document that are not in it yet, and of these the ones that
    /// another import left there when it was broken off. The others are counted as there.
    fn new_ones(
        &mut self,
        (subject, part): (Subject, Part),
        read: Vec<Read>,
        run: &mut Run<'_>,
    ) -> Result<(Vec<Read>, Left), Error> {
        let view = self.said(subject, part)?.map(|it| it.view);
        let records = view.into_iter().flat_map(View::into_records);
        let mut there: Left = records.map(|it| (it.entry().id, it)).collect();
        let mut new: Vec<Read> = Vec::new();
        let mut left = Left::new();
        let mut ours = BTreeSet::new();
        for read in read {
            let id = read.taken.record.entry().id;
            let awaited = there.get(&id).map(|it| self.awaited(it.entry()));
            if awaited == Some(None) {
                run.tally.matched(read.taken.type_name);
                continue;
            }
            // One that this import has written already is there.
            let is_ours = awaited == Some(Some(run.import)) || !ours.insert(id);
            if is_ours {
                run.tally.added(&read.taken);
            } else {
                left.extend(there.remove_entry(&id));
                new.push(read);
            }
        }
        Ok((new, left))
    }

    /// Makes records one change of their document. Those that one cannot hold are halved, and
    /// a single one that it cannot hold is skipped.
    fn draft_records(
        &mut self,
        of: (Subject, Part),
        (new, left): (&[Read], &Left),
        run: &mut Run<'_>,
        drafts: &mut Drafts,
    ) -> Result<(), Error> {
        if new.is_empty() {
            return Ok(());
        }
        let (edits, kept) = self.keep_sources(of, (new, left))?;
        let (author, wall) = (self.author(), self.moment());
        let when = self.clinic.desk().when(wall, self.clinic.clock);
        match self.try_draft(&author, of, &edits, when)? {
            Drafted::TooLarge => {
                drop((edits, kept));
                if let [one] = new {
                    run.too_large(one);
                    return Ok(());
                }
                let (first, rest) = new.split_at(new.len() / 2);
                self.draft_records(of, (first, left), run, drafts)?;
                return self.draft_records(of, (rest, left), run, drafts);
            }
            Drafted::Change(id, draft) => {
                drafts.drafts.extend(kept);
                drafts.drafts.push(draft);
                drafts.touched.push(id);
            }
            Drafted::Nothing => drafts.drafts.extend(kept),
        }
        for read in new {
            run.tally.added(&read.taken);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::{super::*, *};
    use crate::{
        chart::Record,
        clinic::{Clinic, Founding, Surroundings},
        exchange::fhir::Taken,
        seal::{SeededEntropy, Work},
        time::Clock,
    };

    const PASSPHRASE: &str = "correct horse battery staple again";
    const BUNDLE: &str = r#"{"resourceType":"Bundle","type":"collection","entry":[
        {"resource":{"resourceType":"Patient","id":"p","name":[{"family":"Okello"}]}},
        {"resource":{"resourceType":"Condition","id":"a","code":{"text":"Asthma"},
            "subject":{"reference":"Patient/p"}}},
        {"resource":{"resourceType":"Condition","id":"b","code":{"text":"Gout"},
            "subject":{"reference":"Patient/p"}}}]}"#;

    fn session(folder: &TempDir) -> Session {
        let founding = Founding {
            machine: "1".to_owned(),
            clinic: "Kijani".to_owned(),
            user: "Dr Okot".to_owned(),
            passphrase: PASSPHRASE.to_owned().into(),
        };
        let around = Surroundings {
            clock: Clock::Machine,
            entropy: Box::new(SeededEntropy::new(5)),
            work: Some(Work::DEMO),
        };
        let home = folder.path().join("home");
        let clinic = Clinic::create(&home, founding, around, |_| Ok(())).unwrap();
        let user = clinic.users().unwrap()[0].user;
        clinic.sign_in(user, PASSPHRASE).unwrap()
    }

    /// The second condition, with more text than a change can hold.
    fn grown(mut taken: Box<Taken>) -> Box<Taken> {
        if let Record::Problem(it) = &mut taken.record
            && it.code.text == "Gout"
        {
            it.severity = "x".repeat(2 * 1024 * 1024);
        }
        taken
    }

    #[test]
    fn a_record_that_no_change_can_hold_is_skipped_and_those_beside_it_are_taken() {
        let folder = TempDir::new().unwrap();
        let mut session = session(&folder);
        let namer: Namer<'_> = &names::imported;
        let mut survey = Survey::new(None);
        let file = survey.take_in("b.json", BUNDLE.as_bytes(), namer).unwrap();
        let setting = Setting {
            name: namer,
            known_patient: &|_| false,
            stamp: Stamp {
                recorded: session.moment(),
                by: session.user(),
                machine: session.machine(),
                import: ImportId::ZERO,
            },
        };
        let mut told = |_| {};
        let mut run = Run {
            import: ImportId::ZERO,
            survey: &survey,
            tally: Tally::new(&mut told),
            batch: Batch::default(),
            is_audited: false,
            others: BTreeSet::new(),
            here: Here::default(),
            from: "",
            referral: None,
        };
        let mut sink = |item| {
            let item = match item {
                Item::Taken(taken) => Item::Taken(grown(taken)),
                item @ (Item::Named(_) | Item::Skipped(_)) => item,
            };
            session.take(item, file, &mut run).unwrap();
            ControlFlow::Continue(())
        };
        let read = fhir::read(BUNDLE.as_bytes(), file, &survey, &setting, &mut sink);
        assert_eq!(read.unwrap(), ControlFlow::Continue(()));
        session.write_batch(&mut run).unwrap();
        session.close(&run).unwrap();
        let done = run.tally.finish(1);
        assert_eq!(done.patients, 1);
        assert_eq!(done.resources["Condition"], 1);
        let [skipped] = &done.skipped[..] else {
            panic!("{:?}", done.skipped);
        };
        assert_eq!(skipped.file, "b.json");
        assert_eq!(skipped.place, "entry[2].resource");
        assert!(!skipped.field_only && skipped.why.contains("one change"));
    }
}
