//! Bytes that are kept sealed beside a document: the raw source of imported records, and
//! attached papers. They travel in the last lane.

use crate::{
    chart::{Edit, Origin, Part, Record, Subject},
    clinic::{Error, Session, own_log::Draft},
    exchange::fhir::Taken,
    ids::{DocId, Hash},
    ledger::{ClockQuality, Envelope, Header, Kind, Lane, Payload, open_payload},
    seal,
    store::Place,
};

/// The bytes of a blob that one envelope carries. A blob that is longer is several.
const PIECE_BYTES_MAX: usize = 768 * 1024;
/// What stands before a piece: the blob's hash and the piece's number.
const FRONT_LEN: usize = Hash::LEN + 4;

impl Session {
    /// Makes the edits of new records, and the drafts that keep their sources.
    pub(super) fn keep_sources(
        &mut self,
        subject: Subject,
        part: Part,
        new: Vec<Taken>,
    ) -> Result<(Vec<Edit>, Vec<Draft>), Error> {
        let mut drafts = Vec::new();
        let mut raw = Vec::new();
        for taken in &new {
            raw.extend_from_slice(&taken.raw);
            raw.push(b'\n');
        }
        let source = self.keep_blob(subject, part, &raw, &mut drafts)?;
        let mut edits = Vec::with_capacity(new.len());
        for mut taken in new {
            if let (Record::Document(it), Some(bytes)) =
                (&mut taken.record, &taken.attachment)
            {
                it.bytes = Some(self.keep_blob(subject, part, bytes, &mut drafts)?);
            }
            if let Origin::Imported { source: kept, .. } =
                &mut taken.record.entry_mut().origin
            {
                *kept = source;
            }
            edits.push(Edit::add(taken.record));
        }
        Ok((edits, drafts))
    }

    /// The bytes that were kept beside a document under this hash.
    pub fn kept_bytes(
        &self,
        subject: Subject,
        part: Part,
        hash: Hash,
    ) -> Result<Option<Vec<u8>>, Error> {
        let id = self.keyring.doc_id(subject, part)?;
        let mut pieces = std::collections::BTreeMap::new();
        for (log, lane) in self.clinic.store.frontier()?.into_keys() {
            if lane != Lane::Attachments {
                continue;
            }
            let mut from = Place { log, lane, seq: 1 };
            loop {
                let run = self.clinic.store.envelopes(from)?;
                let Some((last, _)) = run.last() else { break };
                from.seq = last + 1;
                for (_, bytes) in &run {
                    if let Some((number, piece)) =
                        self.piece_in(bytes, (id, part), hash)?
                    {
                        pieces.insert(number, piece);
                    }
                }
            }
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
        let held = self.keyring.of(part.compartment())?;
        for (number, piece) in (0_u32..).zip(bytes.chunks(PIECE_BYTES_MAX)) {
            let (epoch, key) = held
                .writing_key(doc)
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
                key,
                payload,
            });
        }
        Ok(hash)
    }

    fn piece_in(
        &self,
        bytes: &[u8],
        (doc, part): (DocId, Part),
        hash: Hash,
    ) -> Result<Option<(u32, Vec<u8>)>, Error> {
        let damaged = |source| Error::damaged("an attachment", source);
        let (header, _) = Header::decode(bytes).map_err(damaged)?;
        if header.doc != doc {
            return Ok(None);
        }
        let held = self.keyring.of(part.compartment())?;
        let Some(key) = held.doc_key(header.epoch, doc, header.k) else {
            return Ok(None);
        };
        let envelope = Envelope::decode(bytes).map_err(damaged)?;
        let body = open_payload(&envelope, &key).map_err(damaged)?.body;
        let (front, piece) = body.split_at_checked(FRONT_LEN).unwrap_or_default();
        let (of, number) = front.split_at_checked(Hash::LEN).unwrap_or_default();
        let number = number
            .try_into()
            .map(u32::from_be_bytes)
            .unwrap_or_default();
        Ok((of == hash.as_bytes()).then(|| (number, piece.to_vec())))
    }
}
