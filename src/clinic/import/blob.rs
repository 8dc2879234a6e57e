//! Bytes that are kept sealed beside a document: the raw source of imported records, and
//! attached papers. They travel in the last lane.

use std::{collections::BTreeMap, ops::ControlFlow};

use super::{Left, batch::Read};
use crate::{
    chart::{Edit, Origin, Part, Record, Subject, who::Action},
    clinic::{Error, Session, lanes::each_envelope, own_log::Draft},
    ids::{DocId, Hash},
    ledger::{ClockQuality, Envelope, Header, Kind, Lane, Payload, Place, open_payload},
    seal,
};

/// The bytes of a blob that one envelope carries. A blob that is longer is several.
const PIECE_BYTES_MAX: usize = 768 * 1024;

impl Session {
    /// Makes the edits of new records, and the drafts that keep their sources. What another
    /// import left becomes what this one says.
    pub(super) fn keep_sources(
        &self,
        (subject, part): (Subject, Part),
        (new, left): (&[Read], &Left),
    ) -> Result<(Vec<Edit>, Vec<Draft>), Error> {
        let mut drafts = Vec::new();
        let mut raw = Vec::new();
        for Read { taken, .. } in new {
            raw.extend_from_slice(taken.record.entry().id.to_string().as_bytes());
            raw.push(b' ');
            raw.extend_from_slice(&taken.raw);
            raw.push(b'\n');
        }
        let source = self.keep_blob(subject, part, &raw, &mut drafts)?;
        let mut edits = Vec::with_capacity(new.len());
        for Read { taken, .. } in new {
            let mut record = taken.record.clone();
            if let (Record::Document(it), Some(bytes)) = (&mut record, &taken.attachment)
            {
                it.bytes = Some(self.keep_blob(subject, part, bytes, &mut drafts)?);
            }
            if let Origin::Imported { source: kept, .. } = &mut record.entry_mut().origin
            {
                *kept = source;
            }
            edits.push(match left.get(&record.entry().id) {
                Some(before) => Edit::change(before.clone(), record),
                None => Edit::add(record),
            });
        }
        Ok((edits, drafts))
    }

    /// The bytes that were kept beside a document under this hash. Those beside visits are
    /// read like notes: the sources of imported ones are among them.
    pub fn kept_bytes(
        &mut self,
        subject: Subject,
        part: Part,
        hash: Hash,
    ) -> Result<Option<Vec<u8>>, Error> {
        self.may(match part {
            Part::Identity | Part::Site => Action::ReadIdentity,
            Part::Summary | Part::Results => Action::ReadClinical,
            Part::Visits | Part::Inbox | Part::Restricted(_) => Action::ReadNote,
            Part::Consents => Action::ReadConsent,
        })?;
        if let Subject::Patient(patient) = subject {
            self.chart(patient)?;
        }
        let id = self.keyring.doc_id(subject, part)?;
        let mut pieces = BTreeMap::new();
        let frontier = self.clinic.store.frontier()?.into_keys();
        for (log, lane) in frontier.filter(|(_, lane)| *lane == Lane::Attachments) {
            let from = Place { log, lane, seq: 1 };
            each_envelope(&self.clinic.store, from, |_, stored| {
                let piece = stored.ok().and_then(|it| self.piece_in(&it, (id, part)));
                let piece = piece.filter(|(of, ..)| *of == hash);
                pieces.extend(piece.map(|(_, number, bytes)| (number, bytes)));
                Ok(ControlFlow::Continue(()))
            })?;
        }
        let whole: Vec<u8> = pieces.into_values().flatten().collect();
        Ok((seal::hash(&whole) == hash).then_some(whole))
    }

    fn keep_blob(
        &self,
        subject: Subject,
        part: Part,
        bytes: &[u8],
        drafts: &mut Vec<Draft>,
    ) -> Result<Hash, Error> {
        let hash = seal::hash(bytes);
        let doc = self.keyring.doc_id(subject, part)?;
        let k = self.clinic.known().membership.doc_step(doc);
        let held = self.keyring.of(part.compartment())?;
        for (number, piece) in (0_u32..).zip(bytes.chunks(PIECE_BYTES_MAX)) {
            let (epoch, key) = held
                .writing_key(doc, k)
                .ok_or_else(|| Error::Missing(format!("key to write document {doc}")))?;
            let body =
                [hash.as_bytes().as_slice(), &number.to_be_bytes(), piece].concat();
            let payload = Payload {
                wall: self.clinic.moment(),
                clock: ClockQuality::Alone,
                role: self.role().byte(),
                body,
            };
            let (kind, lane) = (Kind::Attachment, Lane::Attachments);
            drafts.push(Draft::Sealed {
                kind,
                lane,
                doc,
                epoch,
                k,
                key,
                payload,
            });
        }
        Ok(hash)
    }

    /// The piece of a blob in an envelope: of which, its number, its bytes.
    pub(in crate::clinic) fn piece_in(
        &self,
        bytes: &[u8],
        (doc, part): (DocId, Part),
    ) -> Option<(Hash, u32, Vec<u8>)> {
        let (header, _) = Header::decode(bytes).ok().filter(|(it, _)| it.doc == doc)?;
        let held = self.keyring.of(part.compartment()).ok()?;
        let key = held.doc_key(header.epoch, doc, header.k)?;
        let envelope = Envelope::decode(bytes).ok()?;
        let body = open_payload(&envelope, &key).ok()?.body;
        let (of, rest) = body.split_first_chunk()?;
        let (number, piece) = rest.split_first_chunk()?;
        let number = u32::from_be_bytes(*number);
        Some((Hash::from_bytes(*of), number, piece.to_vec()))
    }
}
