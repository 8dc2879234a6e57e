//! From a document to what the screens show of it.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use automerge::Automerge;
use serde::{Deserialize, Serialize};

use crate::{
    chart::{
        Consents, Disagreement, Entry, Feared, Identity, Inbox, Kind, Observation, Part,
        Record, Results, Site, Summary, Unconfirmed, Visits,
    },
    doc::{
        before::{self, Past},
        cells::Cells,
        doubt::{Doubt, Doubts, Told},
        keys::Place,
        read::{Source, Stand},
        schema,
        signed::{self, TextHash},
        versions::Dispute,
    },
    ids::{DeviceId, RecordId, UserId},
    time::When,
};

/// What a document says, as plain values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum View {
    /// Of the document `identity`.
    Identity(Box<Identity>),
    /// Of the document `summary`.
    Summary(Summary),
    /// Of the document `visits`.
    Visits(Visits),
    /// Of the document `results`.
    Results(Results),
    /// Of the document `site`.
    Site(Site),
    /// Of the document `consents`.
    Consents(Consents),
    /// Of the inbox of a provider of another clinic.
    Inbox(Inbox),
}

/// What a document says, who wrote what is in dispute, and what could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Projection {
    /// The records.
    pub view: View,
    /// The session that wrote each version of each disagreement in the view, in the same
    /// order.
    pub writers: Vec<Vec<[u8; 16]>>,
    /// The session that wrote each note's signature. A signature counts as its signer's only
    /// if that session was the signer's.
    pub signers: BTreeMap<RecordId, [u8; 16]>,
    /// Who each record says wrote it, and the session that did.
    pub claims: Vec<Claim>,
    /// Of an inbox, the sessions that wrote in each record.
    pub hands: BTreeMap<RecordId, Vec<[u8; 16]>>,
    /// What does not count, with the sessions that wrote it.
    pub unconfirmed: Vec<(Unconfirmed, [u8; 16])>,
    /// What could not be read, without patient data.
    pub problems: Vec<String>,
}

/// Whose a session is, and on which machine it worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Writer {
    /// The user.
    pub user: UserId,
    /// The machine.
    pub machine: DeviceId,
}

/// Whose a record says it is. It counts only if the session was theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The record's kind.
    pub kind: Kind,
    /// The record.
    pub record: RecordId,
    /// Who wrote it, as it says.
    pub by: UserId,
    /// The session that made it.
    pub maker: [u8; 16],
}

impl View {
    /// The view of an empty document.
    pub fn empty(part: Part) -> Self {
        match part {
            Part::Identity => Self::Identity(Box::default()),
            Part::Summary => Self::Summary(Summary::default()),
            Part::Visits => Self::Visits(Visits::default()),
            Part::Results => Self::Results(Results::default()),
            Part::Site => Self::Site(Site::default()),
            Part::Consents => Self::Consents(Consents::default()),
            Part::Inbox => Self::Inbox(Inbox::default()),
        }
    }

    /// The document that it is a view of.
    pub const fn part(&self) -> Part {
        match self {
            Self::Identity(_) => Part::Identity,
            Self::Summary(_) => Part::Summary,
            Self::Visits(_) => Part::Visits,
            Self::Results(_) => Part::Results,
            Self::Site(_) => Part::Site,
            Self::Consents(_) => Part::Consents,
            Self::Inbox(_) => Part::Inbox,
        }
    }

    /// The fields with more than one value.
    pub fn versions(&self) -> &[Disagreement] {
        match self {
            Self::Identity(it) => &it.versions,
            Self::Summary(it) => &it.versions,
            Self::Visits(it) => &it.versions,
            Self::Results(it) => &it.versions,
            Self::Site(it) => &it.versions,
            Self::Consents(it) => &it.versions,
            Self::Inbox(it) => &it.versions,
        }
    }

    /// Every record in it.
    pub fn into_records(self) -> Vec<Record> {
        match self {
            Self::Identity(it) => it.person.into_iter().map(Record::Person).collect(),
            Self::Summary(it) => {
                let allergies = it.allergies.into_iter().map(Record::Allergy);
                let asked = it
                    .no_known_allergies
                    .into_iter()
                    .map(Record::NoKnownAllergies);
                allergies
                    .chain(asked)
                    .chain(it.problems.into_iter().map(Record::Problem))
                    .chain(it.medications.into_iter().map(Record::Medication))
                    .chain(it.immunizations.into_iter().map(Record::Immunization))
                    .chain(it.procedures.into_iter().map(Record::Procedure))
                    .chain(it.plans.into_iter().map(Record::Plan))
                    .collect()
            }
            Self::Visits(it) => {
                let visits = it.visits.into_iter().map(Record::Visit);
                visits
                    .chain(it.notes.into_iter().map(Record::Note))
                    .chain(it.observations.into_iter().map(Record::Observation))
                    .chain(it.documents.into_iter().map(Record::Document))
                    .collect()
            }
            Self::Results(it) => {
                let observations = it.observations.into_iter().map(Record::Observation);
                observations
                    .chain(it.reports.into_iter().map(Record::Report))
                    .collect()
            }
            Self::Site(it) => {
                let providers = it.providers.into_iter().map(Record::Provider);
                providers
                    .chain(it.imports.into_iter().map(Record::ImportRun))
                    .collect()
            }
            Self::Consents(it) => it.consents.into_iter().map(Record::Consent).collect(),
            Self::Inbox(it) => {
                let outcomes = it.outcomes.into_iter().map(Record::Outcome);
                it.records.into_iter().chain(outcomes).collect()
            }
        }
    }

    /// Keeps the records that `keep` wants, and what is in dispute of them.
    pub fn retain(&mut self, keep: impl Fn(Kind, &Entry) -> bool) {
        let mut dropped = BTreeSet::new();
        let mut wants = |kind, entry: &Entry| {
            let wanted = keep(kind, entry);
            if !wanted {
                dropped.insert(entry.id);
            }
            wanted
        };
        match self {
            Self::Identity(it) => {
                it.person.take_if(|it| !wants(Kind::Person, &it.entry));
            }
            Self::Summary(it) => {
                it.allergies.retain(|it| wants(Kind::Allergy, &it.entry));
                it.no_known_allergies
                    .retain(|it| wants(Kind::NoKnownAllergies, &it.entry));
                it.problems.retain(|it| wants(Kind::Problem, &it.entry));
                it.medications
                    .retain(|it| wants(Kind::Medication, &it.entry));
                it.immunizations
                    .retain(|it| wants(Kind::Immunization, &it.entry));
                it.procedures.retain(|it| wants(Kind::Procedure, &it.entry));
                it.plans.retain(|it| wants(Kind::Plan, &it.entry));
                let Feared {
                    allergies,
                    medications,
                    ..
                } = &mut it.feared;
                allergies.retain(|it| wants(Kind::Allergy, &it.entry));
                medications.retain(|it| wants(Kind::Medication, &it.entry));
            }
            Self::Visits(it) => {
                it.visits.retain(|it| wants(Kind::Visit, &it.entry));
                it.notes.retain(|it| wants(Kind::Note, &it.entry));
                it.observations
                    .retain(|it| wants(Kind::Observation, &it.entry));
                it.documents.retain(|it| wants(Kind::Document, &it.entry));
            }
            Self::Results(it) => {
                it.observations
                    .retain(|it| wants(Kind::Observation, &it.entry));
                it.reports.retain(|it| wants(Kind::Report, &it.entry));
            }
            Self::Site(it) => {
                it.providers.retain(|it| wants(Kind::Provider, &it.entry));
                it.imports.retain(|it| wants(Kind::ImportRun, &it.entry));
            }
            Self::Consents(it) => {
                it.consents.retain(|it| wants(Kind::Consent, &it.entry));
            }
            Self::Inbox(it) => {
                it.records.retain(|it| wants(it.kind(), it.entry()));
                it.outcomes.retain(|it| wants(Kind::Outcome, &it.entry));
            }
        }
        self.versions_mut()
            .retain(|it| !dropped.contains(&it.record));
    }

    fn versions_mut(&mut self) -> &mut Vec<Disagreement> {
        match self {
            Self::Identity(it) => &mut it.versions,
            Self::Summary(it) => &mut it.versions,
            Self::Visits(it) => &mut it.versions,
            Self::Results(it) => &mut it.versions,
            Self::Site(it) => &mut it.versions,
            Self::Consents(it) => &mut it.versions,
            Self::Inbox(it) => &mut it.versions,
        }
    }

    /// Takes a record in, if it belongs into this document.
    fn take(&mut self, record: Record) -> bool {
        match (self, record) {
            (Self::Identity(to), Record::Person(it)) => to.person = Some(it),
            (Self::Summary(to), Record::Allergy(it)) => to.allergies.push(it),
            (Self::Summary(to), Record::NoKnownAllergies(it)) => {
                to.no_known_allergies.push(it);
            }
            (Self::Summary(to), Record::Problem(it)) => to.problems.push(it),
            (Self::Summary(to), Record::Medication(it)) => to.medications.push(it),
            (Self::Summary(to), Record::Immunization(it)) => to.immunizations.push(it),
            (Self::Summary(to), Record::Procedure(it)) => to.procedures.push(it),
            (Self::Summary(to), Record::Plan(it)) => to.plans.push(it),
            (Self::Visits(to), Record::Visit(it)) => to.visits.push(it),
            (Self::Visits(to), Record::Note(it)) => to.notes.push(it),
            (Self::Visits(to), Record::Observation(it)) => to.observations.push(it),
            (Self::Visits(to), Record::Document(it)) => to.documents.push(it),
            (Self::Results(to), Record::Observation(it)) => to.observations.push(it),
            (Self::Results(to), Record::Report(it)) => to.reports.push(it),
            (Self::Site(to), Record::Provider(it)) => to.providers.push(it),
            (Self::Site(to), Record::ImportRun(it)) => to.imports.push(it),
            (Self::Consents(to), Record::Consent(it)) => to.consents.push(it),
            (Self::Inbox(to), Record::Outcome(it)) => to.outcomes.push(it),
            (Self::Inbox(to), it) if Part::Inbox.takes(&it) => to.records.push(it),
            _ => return false,
        }
        true
    }

    /// The newest first, by when it was, or else by when it was written down; what was
    /// written down together stays in that order.
    fn sort(&mut self) {
        fn newest(entry: &Entry, when: Option<When>) -> impl Ord + use<> {
            let at = when.map_or(entry.recorded.at, When::sort_key);
            (Reverse(at), Reverse(entry.recorded.at), entry.id)
        }
        fn observed(it: &Observation) -> impl Ord + use<> {
            newest(&it.entry, it.when)
        }
        match self {
            Self::Identity(_) => {}
            Self::Summary(it) => {
                it.allergies
                    .sort_by_cached_key(|it| newest(&it.entry, it.onset));
                it.no_known_allergies
                    .sort_by_cached_key(|it| newest(&it.entry, None));
                it.problems
                    .sort_by_cached_key(|it| newest(&it.entry, it.onset));
                it.medications
                    .sort_by_cached_key(|it| newest(&it.entry, it.start));
                it.immunizations
                    .sort_by_cached_key(|it| newest(&it.entry, it.date));
                it.procedures
                    .sort_by_cached_key(|it| newest(&it.entry, it.start));
                it.plans
                    .sort_by_cached_key(|it| newest(&it.entry, it.start));
            }
            Self::Visits(it) => {
                it.visits
                    .sort_by_cached_key(|it| newest(&it.entry, it.start));
                it.notes.sort_by_cached_key(|it| newest(&it.entry, None));
                it.observations.sort_by_cached_key(observed);
                it.documents
                    .sort_by_cached_key(|it| newest(&it.entry, it.when));
            }
            Self::Results(it) => {
                it.observations.sort_by_cached_key(observed);
                let issued = |it: &crate::chart::Report| it.when.or(it.issued);
                it.reports
                    .sort_by_cached_key(|it| newest(&it.entry, issued(it)));
            }
            Self::Site(it) => {
                it.providers
                    .sort_by_cached_key(|it| (it.name.clone(), it.entry.id));
            }
            Self::Consents(it) => {
                it.consents.sort_by_cached_key(|it| newest(&it.entry, None));
            }
            Self::Inbox(it) => {
                it.records.sort_by_cached_key(|it| newest(it.entry(), None));
                it.outcomes.sort_by_cached_key(|it| newest(&it.entry, None));
            }
        }
    }
}

impl Projection {
    /// Fills in who wrote each version, as far as the sessions are known.
    pub fn name_writers(&mut self, who: impl Fn(&[u8; 16]) -> Option<Writer>) {
        for (told, writer) in &mut self.unconfirmed {
            let writer = who(writer);
            told.by = writer.map(|it| it.user);
            told.machine = writer.map(|it| it.machine);
        }
        if let View::Inbox(inbox) = &mut self.view {
            let hands = self.hands.iter().map(|(record, all)| {
                let user = |it| who(it).map_or(UserId::ZERO, |it| it.user);
                (*record, all.iter().map(user).collect())
            });
            inbox.hands = hands.collect();
            inbox.void = self.unconfirmed.iter().map(|(it, _)| it.record).collect();
        }
        let disagreements = self.view.versions_mut().iter_mut();
        for (disagreement, writers) in disagreements.zip(&self.writers) {
            for (version, writer) in disagreement.versions.iter_mut().zip(writers) {
                let writer = who(writer);
                version.by = writer.map(|it| it.user);
                version.machine = writer.map(|it| it.machine);
            }
        }
    }

    /// The sessions whose users are to be known: those that made a record, or wrote a
    /// signature or a version of what is in dispute.
    pub fn actors(&self) -> BTreeSet<[u8; 16]> {
        let makers = self.claims.iter().map(|it| &it.maker);
        let writers = self.writers.iter().flatten();
        let signers = self.signers.values();
        let hands = self.hands.values().flatten();
        let named = makers.chain(writers).chain(signers);
        named.chain(hands).copied().collect()
    }

    fn empty(part: Part) -> Self {
        Self {
            view: View::empty(part),
            writers: Vec::new(),
            signers: BTreeMap::new(),
            claims: Vec::new(),
            hands: BTreeMap::new(),
            unconfirmed: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// Keeps for the safety checks what of a record is graver than it is shown.
    fn fear(&mut self, place: Place, stand: &mut Stand<'_>, doubtful: &Told) {
        if let View::Consents(consents) = &mut self.view
            && !stand.graver.is_empty()
        {
            consents.feared.insert(place.id);
        }
        let View::Summary(summary) = &mut self.view else {
            return;
        };
        if !doubtful.is_empty() {
            summary.feared.unconfirmed.insert(place.id);
        }
        let graver = std::mem::take(&mut stand.graver);
        if graver.is_empty() {
            return;
        }
        let mut cells = stand.cells.clone();
        cells.retain(|it| graver.iter().all(|cell| cell.name != it.name));
        cells.extend(graver);
        let (record, _) = schema::record(Cells::new(place.kind, place.id, cells));
        if let Record::Allergy(it) = record {
            summary.feared.allergies.push(it);
        } else if let Record::Medication(it) = record {
            summary.feared.medications.push(it);
        }
    }

    fn read(&mut self, doc: &Automerge, place: Place, stand: Stand<'_>, hash: TextHash) {
        let maker = stand.maker;
        if matches!(self.view, View::Inbox(_)) {
            self.hands.insert(place.id, stand.hands.clone());
        }
        let mut stand = stand;
        let doubtful = std::mem::take(&mut stand.doubtful);
        self.fear(place, &mut stand, &doubtful);
        let (cells, mut disputes) = stand.into_cells();
        let (mut record, mut problems) = schema::record(cells);
        if let Record::Note(note) = &mut record {
            let attested = signed::attest(doc, note, hash);
            self.signers
                .extend(attested.signer.map(|it| (place.id, it)));
            disputes.extend(attested.dispute);
            problems.extend(attested.problem);
        }
        self.problems.append(&mut problems);
        let Entry { id, by, .. } = *record.entry();
        self.claims.extend(maker.map(|maker| Claim {
            kind: place.kind,
            record: id,
            by,
            maker,
        }));
        if !self.view.take(record) {
            let key = place.kind.key();
            self.problems
                .push(format!("{key} {id}: stands in the wrong document"));
            return;
        }
        for (mut told, writer) in doubtful {
            told.record = id;
            self.unconfirmed.push((told, writer));
        }
        for Dispute {
            mut disagreement,
            writers,
        } in disputes
        {
            disagreement.record = id;
            self.view.versions_mut().push(disagreement);
            self.writers.push(writers);
        }
    }
}

/// What the document says. Total: what cannot be read is named and hides nothing else.
pub(crate) fn project(
    doc: &Automerge,
    part: Part,
    (hash, doubts): (TextHash, &Doubts),
) -> Projection {
    let mut projection = Projection::empty(part);
    let (records, strange) = Source::now(doc).records();
    let mut known = None;
    if strange > 0 {
        let problem = format!("{} document: {strange} keys name no record", part.name());
        projection.problems.push(problem);
    }
    let doubt = (!doubts.is_empty()).then(|| Doubt::of(doc, doubts));
    for (place, mut stand) in records {
        if let Some(doubt) = &doubt {
            stand.doubtful = doubt.settle(place, &mut stand);
        }
        if !stand.disputes.is_empty() {
            let known = known.get_or_insert_with(|| Past::of(doc));
            for Dispute { disagreement, .. } in &mut stand.disputes {
                let field = (place, disagreement.field.as_str());
                let seen = disagreement.seen();
                disagreement.before = before::value(doc, known, field, &seen);
            }
        }
        projection.read(doc, place, stand, hash);
    }
    projection.view.sort();
    projection
}
