//! From a document to what the screens show of it.

use std::collections::{BTreeMap, BTreeSet};

use automerge::Automerge;

use crate::{
    chart::{Entry, Kind, Part, Record, Unconfirmed},
    doc::{
        before::{self, Past},
        cells::Cells,
        doubt::{Doubt, Doubts, Told},
        keys::Place,
        read::{Source, Stand},
        schema,
        signed::{self, TextHash},
        versions::Dispute,
        view::View,
    },
    ids::{DeviceId, RecordId, UserId},
};

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
        let feared = match &mut self.view {
            View::Summary(summary) => &mut summary.feared,
            View::Restricted(closed) => &mut closed.feared,
            View::Identity(_)
            | View::Visits(_)
            | View::Results(_)
            | View::Site(_)
            | View::Consents(_)
            | View::Inbox(_) => return,
        };
        if !doubtful.is_empty() {
            feared.unconfirmed.insert(place.id);
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
            feared.allergies.push(it);
        } else if let Record::Medication(it) = record {
            feared.medications.push(it);
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
        record.entry_mut().restricted = self.view.part().category();
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
