//! What is kept beside documents: the sources of imported records and the bytes of papers,
//! found by the document that they belong to.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
};

use crate::{
    chart::{Origin, Part, Record, Subject},
    clinic::{Error, Session, lanes::each_envelope},
    exchange::fhir::out::Piece,
    ids::{DocId, Hash, RecordId},
    ledger::{Header, Lane, Place},
    seal::{self, names},
};

/// Where what is kept beside each document stands in the ledger.
pub(super) struct Sources(BTreeMap<DocId, Vec<Place>>);

/// The blobs of one document that are wanted, by their hashes.
type Blobs = BTreeMap<Hash, Vec<u8>>;

impl Session {
    /// Looks once through all that is kept beside documents.
    pub(super) fn sources(&self) -> Result<Sources, Error> {
        let mut found: BTreeMap<DocId, Vec<Place>> = BTreeMap::new();
        let frontier = self.clinic.store.frontier()?.into_keys();
        for (log, lane) in frontier.filter(|(_, lane)| *lane == Lane::Attachments) {
            let from = Place { log, lane, seq: 1 };
            each_envelope(&self.clinic.store, from, |place, stored| {
                let header = stored.ok().and_then(|it| Some(Header::decode(&it).ok()?.0));
                if let Some(header) = header {
                    found.entry(header.doc).or_default().push(place);
                }
                Ok(ControlFlow::Continue(()))
            })?;
        }
        Ok(Sources(found))
    }

    /// Records of a document with what is kept beside them.
    pub(super) fn with_sources(
        &self,
        of: (Subject, Part),
        records: Vec<Record>,
        sources: &Sources,
    ) -> Result<Vec<Piece>, Error> {
        let wanted = records.iter().flat_map(hashes).collect();
        let blobs = self.blobs(of, &wanted, sources)?;
        let mut lines: BTreeMap<Hash, BTreeMap<RecordId, &[u8]>> = BTreeMap::new();
        for (hash, blob) in &blobs {
            let each = blob.split(|it| *it == b'\n').filter_map(line);
            lines.insert(*hash, each.collect());
        }
        let pieces = records.into_iter().map(|record| {
            let raw = source_of(&record)
                .and_then(|it| lines.get(&it)?.get(&record.entry().id))
                .map(|it| it.to_vec());
            let bytes = bytes_of(&record).and_then(|it| blobs.get(&it)).cloned();
            Piece { record, raw, bytes }
        });
        Ok(pieces.collect())
    }

    /// The wanted blobs of a document, those that are whole.
    fn blobs(
        &self,
        (subject, part): (Subject, Part),
        wanted: &BTreeSet<Hash>,
        sources: &Sources,
    ) -> Result<Blobs, Error> {
        if wanted.is_empty() {
            return Ok(Blobs::new());
        }
        let doc = self.keyring.doc_id(subject, part)?;
        let places = sources.0.get(&doc).map(Vec::as_slice).unwrap_or_default();
        let mut pieces: BTreeMap<Hash, BTreeMap<u32, Vec<u8>>> = BTreeMap::new();
        for place in places {
            let Ok(Some(bytes)) = self.clinic.store.envelope(*place) else {
                continue;
            };
            if let Some((of, number, piece)) = self.piece_in(&bytes, (doc, part))
                && wanted.contains(&of)
            {
                pieces.entry(of).or_default().insert(number, piece);
            }
        }
        let whole = pieces.into_iter().map(|(hash, pieces)| {
            let bytes: Vec<u8> = pieces.into_values().flatten().collect();
            (hash, bytes)
        });
        Ok(whole.filter(|(hash, it)| seal::hash(it) == *hash).collect())
    }
}

/// The blobs that are kept beside a record.
fn hashes(record: &Record) -> Vec<Hash> {
    source_of(record)
        .into_iter()
        .chain(bytes_of(record))
        .collect()
}

fn bytes_of(record: &Record) -> Option<Hash> {
    if let Record::Document(it) = record {
        it.bytes
    } else {
        None
    }
}

fn source_of(record: &Record) -> Option<Hash> {
    match &record.entry().origin {
        Origin::Own | Origin::Outside(_) => None,
        Origin::Imported { source, .. } => Some(*source),
    }
}

/// A line of a source: the record, and the resource that it was read from.
fn line(line: &[u8]) -> Option<(RecordId, &[u8])> {
    if line.starts_with(b"{") {
        return Some((older(line)?, line));
    }
    let (id, raw) = line.split_at_checked(2 * RecordId::LEN)?;
    let id = std::str::from_utf8(id).ok()?.parse().ok()?;
    Some((id, raw.strip_prefix(b" ")?))
}

/// The record of a line that does not name it.
fn older(line: &[u8]) -> Option<RecordId> {
    let resource: serde_json::Value = serde_json::from_slice(line).ok()?;
    let text = |key: &str| resource.get(key).and_then(serde_json::Value::as_str);
    let (kind, id) = (text("resourceType")?, text("id")?.to_ascii_lowercase());
    Some(RecordId::from_bytes(names::imported("", kind, &id)))
}
