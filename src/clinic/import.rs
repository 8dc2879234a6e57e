//! Taking records in from FHIR files. The whole input is checked before anything is written;
//! then it is written in batches under one import id, and shown once all of it is there.

mod batch;
mod blob;
mod naming;
mod source;
mod tally;

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
    sync::Arc,
};

use self::{
    batch::{Batch, Read},
    naming::Here,
    source::{Input, Reading},
    tally::Tally,
};
pub use self::{
    source::Source,
    tally::{Imported, Progress, SkippedEntry},
};
use super::{AuditAction, AuditObject, Error, Session};
use crate::{
    chart::{
        Edit, Entry, ImportRun, Origin, Part, Person, Record, Subject,
        who::{Action, Compartment},
    },
    doc::View,
    exchange::fhir::{self, FileNo, Item, Namer, Setting, Skipped, Stamp, Survey},
    ids::{Hash, ImportId, PatientId, RecordId},
    seal::{self, names},
};

/// Records that an import left when it was broken off.
type Left = BTreeMap<RecordId, Record>;

/// The imports whose closing entry is in the clinic's own document.
pub(super) type ClosedImports = BTreeSet<ImportId>;

/// What one run has read and not yet written.
struct Run<'a> {
    import: ImportId,
    survey: &'a Survey,
    tally: Tally<'a>,
    batch: Batch,
    /// Whether the audit tells of it.
    is_audited: bool,
    /// Patients of the input whose id is that of another person on file.
    others: BTreeSet<PatientId>,
    /// What of the input this clinic wrote itself.
    here: Here,
    /// From whom it came; empty where nobody said so.
    from: &'a str,
    /// The one referral that is of a letter which came.
    referral: Option<RecordId>,
}

/// An input of which all was read once.
struct Checked {
    survey: Survey,
    inputs: Vec<(FileNo, Input)>,
    hash: Hash,
}

/// What a person said of an input.
#[derive(Debug, Default)]
pub(super) struct Manner {
    /// The system whose ids it holds, where it does not tell.
    pub(super) source: Option<String>,
    /// Whose records these are.
    pub(super) whose: Option<PatientId>,
    /// From whom it came; every record names them.
    pub(super) from: String,
    /// The one referral of it that is of a letter which came.
    pub(super) referral: Option<RecordId>,
}

/// Computes names where nothing is known of whose things they are.
const NAMER: Namer<'_> = &names::imported;

impl Session {
    /// Takes FHIR R4 files in. `source` names the system whose ids they hold, where the files
    /// do not tell. A file that cannot be read as a whole refuses all of them, and nothing is
    /// changed; an entry that cannot be taken is in the outcome with its place and the reason.
    pub fn import_fhir(
        &mut self,
        sources: &[Source],
        source: Option<String>,
        told: &mut dyn FnMut(Progress),
    ) -> Result<Imported, Error> {
        let manner = Manner {
            source,
            ..Manner::default()
        };
        self.import_with(sources, manner, told)
    }

    /// Takes FHIR R4 files in of which a person said more than the files do.
    pub(super) fn import_with(
        &mut self,
        sources: &[Source],
        manner: Manner,
        told: &mut dyn FnMut(Progress),
    ) -> Result<Imported, Error> {
        self.may(Action::Import)?;
        let clinic = Arc::clone(&self.clinic);
        let Some(_alone) = clinic.import_alone() else {
            let why = "files are being taken in already; wait until that is done";
            return Err(Error::Refused(why.to_owned()));
        };
        self.settle()?;
        let checked = Checked::read(sources, manner.source.clone(), told)?;
        self.take_checked(&checked, &manner, told)
    }

    /// Takes in what was read once.
    fn take_checked(
        &mut self,
        checked: &Checked,
        manner: &Manner,
        told: &mut dyn FnMut(Progress),
    ) -> Result<Imported, Error> {
        let Checked { survey, inputs, .. } = checked;
        let import = self.import_of(checked.hash);
        let stamp = Stamp {
            recorded: self.moment(),
            by: self.user(),
            machine: self.machine(),
            import,
        };
        let index = self.index();
        let awaited = self.awaited_people();
        let known = |patient| {
            let index = index
                .read()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            index.row(patient).is_some() && !awaited.contains(&patient)
        };
        let met = naming::Met::new(&known, manner.whose);
        let meeting = |source: &str, kind: &str, id: &str| met.name((source, kind, id));
        let mut setting = Setting {
            name: &meeting,
            known_patient: &known,
            stamp,
        };
        let others = match manner.whose {
            // Who it is, a person said.
            Some(_) => BTreeSet::new(),
            None => self.other_people(inputs, survey, &setting)?,
        };
        let source = manner.source.clone().unwrap_or_default();
        let whose = manner.whose.map(|it| (source, it));
        let here = self.written_here(met.patients(), whose)?;
        let naming = |source: &str, kind: &str, id: &str| here.name((source, kind, id));
        setting.name = &naming;
        let mut run = Run {
            import,
            survey,
            tally: Tally::new(told),
            batch: Batch::default(),
            is_audited: false,
            others,
            here: here.clone(),
            from: &manner.from,
            referral: manner.referral,
        };
        for (file, input) in inputs {
            let mut failed = None;
            let mut sink = |item| match self.take(item, *file, &mut run) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            };
            let read = fhir::read(input.reader()?, *file, survey, &setting, &mut sink);
            if let Some(error) = failed {
                return Err(error);
            }
            let _broken_off = read.map_err(|it| refused(&it))?;
        }
        self.write_batch(&mut run)?;
        self.close(&run)?;
        Ok(run.tally.finish(inputs.len()))
    }

    /// The import of this input. What is taken in beyond one that was finished is another
    /// import: nothing of it is shown either before all of it is there.
    fn import_of(&self, input: Hash) -> ImportId {
        let mut import = names::import_id(input);
        while self.imports.contains(&import) {
            import = names::import_id(seal::hash(import.as_bytes()));
        }
        import
    }

    /// The import that was not finished and that a record belongs to. The record is not shown.
    pub(super) fn awaited(&self, entry: &Entry) -> Option<ImportId> {
        match &entry.origin {
            Origin::Own | Origin::Outside(_) => None,
            Origin::Imported { import, .. } => {
                Some(*import).filter(|it| !self.imports.contains(it))
            }
        }
    }

    /// Whether a record belongs to an import that was not finished.
    pub(super) fn is_awaited(&self, entry: &Entry) -> bool {
        self.awaited(entry).is_some()
    }

    /// Learns from the clinic's own document which imports were finished.
    pub(super) fn know_imports(&mut self) -> Result<(), Error> {
        if self.keyring.of(Compartment::Front).is_err() {
            return Ok(());
        }
        let Some(said) = self.said_last(Subject::Clinic, Part::Site)? else {
            return Ok(());
        };
        if let View::Site(site) = said.view {
            self.imports = site.imports.iter().map(ImportRun::import).collect();
        }
        Ok(())
    }

    /// The patients of the input whose id is on file for somebody else.
    fn other_people(
        &mut self,
        inputs: &[(FileNo, Input)],
        survey: &Survey,
        setting: &Setting<'_>,
    ) -> Result<BTreeSet<PatientId>, Error> {
        let mut others = BTreeSet::new();
        if self.with_index(crate::find::Index::is_empty) {
            return Ok(others);
        }
        for (file, input) in inputs {
            let mut failed = None;
            let mut sink = |item| {
                let Item::Taken(taken) = item else {
                    return ControlFlow::Continue(());
                };
                let (Record::Person(person), Subject::Patient(patient)) =
                    (&taken.record, taken.subject)
                else {
                    return ControlFlow::Continue(());
                };
                match self.is_other_person(patient, person) {
                    Ok(true) => drop(others.insert(patient)),
                    Ok(false) => {}
                    Err(error) => {
                        failed = Some(error);
                        return ControlFlow::Break(());
                    }
                }
                ControlFlow::Continue(())
            };
            let read = fhir::read(input.reader()?, *file, survey, setting, &mut sink);
            let _broken_off = read.map_err(|it| refused(&it))?;
            if let Some(error) = failed {
                return Err(error);
            }
        }
        Ok(others)
    }

    fn is_other_person(
        &mut self,
        patient: PatientId,
        person: &Person,
    ) -> Result<bool, Error> {
        if !self.is_on_file(patient) {
            return Ok(false);
        }
        let said = self.said(Subject::Patient(patient), Part::Identity)?;
        let Some(View::Identity(identity)) = said.map(|it| it.view) else {
            return Ok(false);
        };
        let person_here = identity.person.filter(|it| !self.is_awaited(&it.entry));
        Ok(person_here.is_some_and(|it| !fhir::same_person(&it, person)))
    }

    fn take(&mut self, item: Item, file: FileNo, run: &mut Run<'_>) -> Result<(), Error> {
        let file_name = run.survey.file_name(file);
        match item {
            Item::Named(named) => run.tally.named(named.type_name),
            Item::Skipped(skipped) => {
                let Skipped {
                    type_name,
                    place,
                    why,
                } = skipped;
                run.tally.skipped(file_name, &type_name, &place, why);
            }
            Item::Taken(taken) => {
                let other = matches!(taken.subject, Subject::Patient(it) if run.others.contains(&it));
                if other {
                    let why =
                        "another person has this id here; name the source with --source";
                    run.tally
                        .skipped(file_name, taken.type_name, &taken.place, why);
                    return Ok(());
                }
                let id = taken.record.entry().id;
                match run.here.holds(taken.subject, id) {
                    None => {}
                    Some(true) => {
                        run.tally.matched(taken.type_name);
                        return Ok(());
                    }
                    Some(false) => {
                        let why = "its id is that of another patient's record here";
                        run.tally
                            .skipped(file_name, taken.type_name, &taken.place, why);
                        return Ok(());
                    }
                }
                run.tally.partly_read(file_name, &taken);
                let mut taken = *taken;
                name_origin(taken.record.entry_mut(), run.from);
                unlink(&mut taken.record, run.referral);
                run.batch.push(Read { file, taken });
                if run.batch.is_full() {
                    self.write_batch(run)?;
                }
            }
        }
        Ok(())
    }

    /// Writes the entry that makes everything that was taken visible.
    fn close(&mut self, run: &Run<'_>) -> Result<(), Error> {
        if run.tally.is_empty() {
            return self.audit(AuditAction::Import, AuditObject::Import(run.import));
        }
        let entry = Entry {
            id: ImportRun::record_of(run.import),
            ..self.entry()
        };
        let closed = Edit::add(Record::ImportRun(ImportRun { entry }));
        let now = self.moment();
        let draft = self.draft(Subject::Clinic, Part::Site, &[closed], now)?;
        let Some((id, draft)) = draft else {
            return Ok(());
        };
        let mut rows = Vec::new();
        let written = self.keep(
            vec![draft],
            &mut rows,
            (AuditAction::Import, AuditObject::Import(run.import)),
        );
        if let Err(error) = written {
            self.documents.forget(id);
            return Err(error);
        }
        self.wrote(&[id]);
        self.settle()?;
        let clinic = Arc::clone(&self.clinic);
        self.show_imported(&mut clinic.desk())
    }
}

impl Checked {
    /// Reads all of an input, and writes nothing.
    fn read(
        sources: &[Source],
        source: Option<String>,
        told: &mut dyn FnMut(Progress),
    ) -> Result<Self, Error> {
        let mut hasher = seal::Hasher::default();
        hasher.update(source.as_deref().unwrap_or_default().as_bytes());
        let mut survey = Survey::new(source);
        let mut inputs = Vec::new();
        for source in sources {
            let input = Input::open(source)?;
            let mut reading = Reading::new(input.reader()?);
            let taken_in = survey.take_in(&source.name(), &mut reading, NAMER);
            told(Progress::Checked {
                entries: survey.entries(),
            });
            hasher.update(reading.hash().as_bytes());
            inputs.push((taken_in.map_err(|it| refused(&it))?, input));
        }
        Ok(Self {
            survey,
            inputs,
            hash: hasher.finish(),
        })
    }
}

impl Run<'_> {
    fn too_large(&mut self, read: &Read) {
        let Read { file, taken } = read;
        let file = self.survey.file_name(*file);
        let why = "this is more than one change of a chart can hold";
        self.tally.skipped(file, taken.type_name, &taken.place, why);
    }
}

/// Lets a record say from whom it came, beside who wrote it there.
fn name_origin(entry: &mut Entry, from: &str) {
    if let (Origin::Imported { author, .. }, false) = (&mut entry.origin, from.is_empty())
    {
        author.0 = if author.0.is_empty() || from.starts_with(&author.0) {
            from.to_owned()
        } else {
            format!("{} ({from})", author.0)
        };
    }
}

/// Takes from a referral what leads to a letter, unless it is of one: no file says whom an
/// answer goes to.
fn unlink(record: &mut Record, of_letter: Option<RecordId>) {
    if let Record::Referral(it) = record
        && of_letter != Some(it.entry.id)
    {
        (it.letter, it.theirs, it.card) = (None, None, None);
    }
}

fn refused(refused: &fhir::Refused) -> Error {
    let fhir::Refused { file, place, rule } = refused;
    Error::Refused(format!("`{file}` is not taken: {rule}, at {place}"))
}
