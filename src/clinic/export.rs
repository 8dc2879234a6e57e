//! Charts written out for others as FHIR R4. Each one is in the audit before any of it leaves;
//! one chart at a time is in memory.

mod sources;

use std::{
    collections::BTreeMap,
    fmt, fs,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use serde_json::{Map, Value};

use self::sources::Sources;
use super::{AuditAction, AuditObject, Disclosed, Error, Session, audit::cut};
use crate::{
    chart::{Category, Part, Record, Subject, who::Action},
    doc::View,
    exchange::fhir::out::{
        self, Collection, Cut, Directory, Lines, Piece, Summary, Written,
    },
    ids::PatientId,
    platform::{self, Opening},
    store,
};

/// What a file is called until all of it is written.
const NEW_SUFFIX: &str = ".new";
/// What is gathered before it is written, in bytes.
const BUFFER_BYTES: usize = 256 * 1024;

/// What the audit calls this form.
const FHIR: &str = "FHIR R4";

/// What the audit calls a summary.
const IPS: &str = "International Patient Summary";

/// Where charts are written to.
pub enum ExportTo<'a> {
    /// One Bundle into a new file.
    File(&'a Path),
    /// One Bundle to whoever reads it.
    Stream(&'a mut dyn Write),
    /// NDJSON: a file for each type of resource in a new folder.
    Folder(&'a Path),
}

impl fmt::Debug for ExportTo<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::File(_) => "File(…)",
            Self::Stream(_) => "Stream(…)",
            Self::Folder(_) => "Folder(…)",
        })
    }
}

/// What was written out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exported {
    /// How many patients.
    pub patients: u64,
    /// How many resources of each type.
    pub resources: BTreeMap<String, u64>,
}

/// What takes the resources of one chart.
type Taking<'a> = &'a mut dyn FnMut(&[Written], &Directory) -> io::Result<()>;

impl Session {
    /// Lets what is written out until the session ends hold what is closed under these
    /// categories, too. Otherwise nothing that is closed is written out.
    pub fn write_out_closed(&mut self, categories: &[Category]) -> Result<(), Error> {
        self.may(Action::Export)?;
        for category in categories {
            self.may_open(*category)?;
        }
        self.written_out = categories.to_vec();
        Ok(())
    }

    /// Everybody on file, for an export of all.
    pub fn everybody(&mut self) -> Result<Vec<PatientId>, Error> {
        self.may(Action::Export)?;
        self.settle()?;
        Ok(self.with_index(|index| index.rows().map(|it| it.patient).collect()))
    }

    /// Writes charts out as FHIR R4. A file or a folder is there whole, or not at all. `told`
    /// hears how many patients are done.
    pub fn export_fhir(
        &mut self,
        patients: &[PatientId],
        to: ExportTo<'_>,
        told: &mut dyn FnMut(u64),
    ) -> Result<Exported, Error> {
        self.may(Action::Export)?;
        for patient in patients {
            self.is_shown(*patient)?;
            self.may_in(*patient, Action::Export)?;
        }
        match to {
            ExportTo::Stream(stream) => {
                let name = Path::new("stdout");
                self.write_bundle(stream, name, (patients, told))
            }
            ExportTo::File(path) => self.export_file(path, |session, file| {
                session.write_bundle(file, path, (patients, told))
            }),
            ExportTo::Folder(folder) => self.export_folder(folder, patients, told),
        }
    }

    /// Writes a patient's International Patient Summary, for which the user vouches, into a
    /// new file or to whoever reads it.
    pub fn export_ips(
        &mut self,
        patient: PatientId,
        to: ExportTo<'_>,
    ) -> Result<Exported, Error> {
        let (stream, path) = match to {
            ExportTo::File(path) => (None, path),
            ExportTo::Stream(stream) => (Some(stream), Path::new("stdout")),
            ExportTo::Folder(_) => {
                let why = "a summary is one document: name a file";
                return Err(Error::Refused(why.to_owned()));
            }
        };
        if stream.is_none() {
            is_free(path)?;
        }
        let bundle = self.summary(patient, path)?;
        let done = Exported::of(&bundle);
        let mut text = serde_json::to_vec(&bundle).unwrap_or_default();
        text.push(b'\n');
        let failed = |error| store::Error::disk("write", path.into(), error);
        match stream {
            Some(stream) => {
                stream.write_all(&text).map_err(failed)?;
                stream.flush().map_err(failed)?;
            }
            None => self.export_file(path, |_, file| {
                Ok(file.write_all(&text).map_err(failed)?)
            })?,
        }
        Ok(done)
    }

    /// A patient's summary as a Bundle. That it goes to `to` is in the audit.
    pub fn summary(
        &mut self,
        patient: PatientId,
        to: &Path,
    ) -> Result<Map<String, Value>, Error> {
        let told = Disclosed::new(patient, IPS, &to.display().to_string(), "");
        self.summary_of(patient, &Cut::default(), (AuditAction::Export, told))
    }

    /// As much of a patient's summary as is wanted. That it leaves is in the audit first.
    pub(super) fn summary_of(
        &mut self,
        patient: PatientId,
        cut: &Cut,
        told: (AuditAction, Disclosed),
    ) -> Result<Map<String, Value>, Error> {
        self.may_in(patient, Action::Export)?;
        let sources = self.sources()?;
        let directory = self.directory(&sources)?;
        let pieces = self.pieces(patient, told, &sources)?;
        let clinic = self.clinic.name().to_owned();
        let (author, at) = (self.user(), self.moment());
        let about = Summary {
            patient,
            clinic: &clinic,
            author,
            at,
            cut,
            new_id: &mut || self.record_id(),
        };
        Ok(out::summary(&pieces, &directory, about))
    }

    /// Writes a new file that is there whole, or not at all.
    fn export_file<T>(
        &mut self,
        path: &Path,
        write: impl FnOnce(&mut Self, &mut dyn Write) -> Result<T, Error>,
    ) -> Result<T, Error> {
        is_free(path)?;
        let new = PathBuf::from(format!("{}{NEW_SUFFIX}", path.display()));
        let failed = |error| store::Error::disk("write", new.clone(), error);
        drop(fs::remove_file(&new));
        let file = platform::open_private(&new, Opening::New).map_err(failed)?;
        let mut file = BufWriter::with_capacity(BUFFER_BYTES, file);
        let written = write(self, &mut file).and_then(|written| {
            file.flush()
                .and_then(|()| file.get_ref().sync_all())
                .and_then(|()| fs::rename(&new, path))
                .and_then(|()| platform::sync_folder(folder_of(path)))
                .map_err(failed)?;
            Ok(written)
        });
        if written.is_err() {
            drop(fs::remove_file(&new));
        }
        written
    }

    fn export_folder(
        &mut self,
        folder: &Path,
        patients: &[PatientId],
        told: &mut dyn FnMut(u64),
    ) -> Result<Exported, Error> {
        is_free(folder)?;
        let new = PathBuf::from(format!("{}{NEW_SUFFIX}", folder.display()));
        let failed = |error| store::Error::disk("write", new.clone(), error);
        if new.exists() {
            let why = format!("`{}` is in the way", new.display());
            return Err(Error::Refused(why));
        }
        platform::create_private_folder(&new).map_err(failed)?;
        let mut lines = Lines::new(|kind: &str| {
            let path = new.join(format!("{kind}.ndjson"));
            let file = platform::open_private(&path, Opening::New)?;
            Ok(BufWriter::with_capacity(BUFFER_BYTES, file))
        });
        let taking =
            &mut |all: &[Written], directory: &Directory| lines.put(all, directory);
        let written = self.each_chart(patients, folder, taking, told);
        let written = written.and_then(|done| {
            let files = lines.finish().map_err(failed)?;
            let mut files = files.values();
            let kept = files.try_for_each(|it| it.get_ref().sync_all());
            kept.and_then(|()| platform::sync_folder(&new))
                .and_then(|()| fs::rename(&new, folder))
                .and_then(|()| platform::sync_folder(folder_of(folder)))
                .map_err(failed)?;
            Ok(done)
        });
        if written.is_err() {
            drop(fs::remove_dir_all(&new));
        }
        written
    }

    fn write_bundle(
        &mut self,
        to: &mut dyn Write,
        name: &Path,
        (patients, told): (&[PatientId], &mut dyn FnMut(u64)),
    ) -> Result<Exported, Error> {
        let mut bundle = Collection::new(to);
        let taking =
            &mut |all: &[Written], directory: &Directory| bundle.put(all, directory);
        let done = self.each_chart(patients, name, taking, told)?;
        let failed = |error| store::Error::disk("write", name.into(), error);
        bundle.finish().map_err(failed)?;
        Ok(done)
    }

    fn each_chart(
        &mut self,
        patients: &[PatientId],
        name: &Path,
        taking: Taking<'_>,
        told: &mut dyn FnMut(u64),
    ) -> Result<Exported, Error> {
        let sources = self.sources()?;
        let directory = self.directory(&sources)?;
        let mut done = Exported::default();
        for patient in patients {
            let to = name.display().to_string();
            let disclosed = Disclosed::new(*patient, FHIR, &to, "");
            let audited = (AuditAction::Export, disclosed);
            let pieces = self.pieces(*patient, audited, &sources)?;
            let all = out::chart(*patient, &pieces, &directory);
            let failed = |error| store::Error::disk("write", name.into(), error);
            taking(&all, &directory).map_err(failed)?;
            done.patients += 1;
            for written in &all {
                *done.resources.entry(written.kind.to_owned()).or_default() += 1;
            }
            told(done.patients);
        }
        Ok(done)
    }

    /// Who works here or elsewhere, to be referred to.
    fn directory(&mut self, sources: &Sources) -> Result<Directory, Error> {
        let users = self.users()?.into_iter();
        let users = users.filter(|it| !it.name.is_empty());
        let users = users.map(|it| (it.user, it.name)).collect();
        let mut providers = self.site()?.providers;
        providers.retain(|it| !self.is_awaited(&it.entry));
        let providers = providers.into_iter().map(Record::Provider).collect();
        let of = (Subject::Clinic, Part::Site);
        let pieces = self.with_sources(of, providers, sources)?;
        Ok(Directory::new(self.clinic.id(), users, &pieces))
    }

    /// The records of a chart with what is kept beside them. That they were read to be written
    /// out is in the audit first.
    fn pieces(
        &mut self,
        patient: PatientId,
        (action, mut told): (AuditAction, Disclosed),
        sources: &Sources,
    ) -> Result<Vec<Piece>, Error> {
        self.may_in(patient, Action::Export)?;
        self.is_shown(patient)?;
        // A letter rests on a consent, and what is closed is never part of one.
        let closed = if action == AuditAction::Export {
            self.closed_parts_to_write(patient)?
        } else {
            Vec::new()
        };
        for part in &closed {
            told.what = cut(&format!("{}, {}", told.what, part.name()));
        }
        self.audit(action, AuditObject::Disclosed(Box::new(told)))?;
        let parts: Vec<Part> = Part::OF_PATIENT.into_iter().chain(closed).collect();
        let chart = self.read_chart(patient, &parts)?;
        let views = [
            Some((Part::Identity, View::Identity(Box::new(chart.identity)))),
            chart.summary.map(|it| (Part::Summary, View::Summary(it))),
            chart.visits.map(|it| (Part::Visits, View::Visits(it))),
            chart.results.map(|it| (Part::Results, View::Results(it))),
            chart
                .consents
                .map(|it| (Part::Consents, View::Consents(it))),
        ];
        let mut pieces = Vec::new();
        for (part, view) in views.into_iter().flatten() {
            let of = (Subject::Patient(patient), part);
            pieces.extend(self.with_sources(of, view.into_records(), sources)?);
        }
        Ok(pieces)
    }
}

impl Session {
    /// The closed parts of a chart that are written out.
    fn closed_parts_to_write(&mut self, patient: PatientId) -> Result<Vec<Part>, Error> {
        let wanted = self.written_out.clone();
        for category in &wanted {
            self.may_in_closed(patient, Action::Export, *category)?;
        }
        Ok(wanted.into_iter().map(Part::Restricted).collect())
    }
}

impl Exported {
    /// What a summary holds.
    fn of(bundle: &Map<String, Value>) -> Self {
        let entries = bundle.get("entry").and_then(Value::as_array);
        let kinds = entries.into_iter().flatten().filter_map(|it| {
            let kind = it.get("resource")?.get("resourceType")?;
            kind.as_str().map(str::to_owned)
        });
        let mut resources = BTreeMap::new();
        for kind in kinds {
            *resources.entry(kind).or_default() += 1;
        }
        Self {
            patients: 1,
            resources,
        }
    }
}

fn is_free(path: &Path) -> Result<(), Error> {
    if path.exists() {
        let why = format!("`{}` is there already", path.display());
        return Err(Error::Refused(why));
    }
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}
