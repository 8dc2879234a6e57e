//! Names that are computed, never drawn: of documents, keys, people and machines.
//!
//! What names something secret is derived with a context string; what names a public thing
//! is the BLAKE3 hash of a tag and that thing, shortened.

use crate::{
    ids::{
        ClinicId, DeviceId, DocId, Hash, ImportId, KeyId, LogId, PatientId, RecordId,
        SessionId, UserId,
    },
    seal::{
        PublicKey, Secret,
        secret::{derive, derive_into},
    },
};

/// The document called `name` of a patient, or of the clinic where there is none. Two
/// machines apart compute the same; who lacks the naming secret cannot tell whose it is.
pub fn doc_id(naming: &Secret, subject: Option<PatientId>, name: &str) -> DocId {
    let subject = subject.unwrap_or(PatientId::ZERO);
    let parts: [&[u8]; 3] = [naming.as_bytes(), subject.as_bytes(), name.as_bytes()];
    let mut id = [0; DocId::LEN];
    derive_into("cairn/doc-id/v1", &parts, &mut id);
    DocId::from_bytes(id)
}

/// The `k`-th key of a document in the epoch whose compartment key this is.
pub fn doc_key(compartment: &Secret, doc: DocId, k: u16) -> Secret {
    let parts: [&[u8]; 3] = [compartment.as_bytes(), doc.as_bytes(), &k.to_be_bytes()];
    derive("cairn/doc-key/v1", &parts)
}

/// The name of a document's key: it commits to the key and tells nothing about it.
pub fn key_id(doc_key: &Secret) -> KeyId {
    let mut id = [0; KeyId::LEN];
    derive_into("cairn/key-commit/v1", &[doc_key.as_bytes()], &mut id);
    KeyId::from_bytes(id)
}

/// The key of this machine's cached rows of one compartment and epoch.
pub fn cache_key(compartment: &Secret, local: &Secret) -> Secret {
    derive(
        "cairn/cache/v1",
        &[compartment.as_bytes(), local.as_bytes()],
    )
}

/// The actor as which a session writes in a document.
pub fn actor_id(session: &PublicKey, doc: DocId) -> [u8; 16] {
    tagged("cairn/actor/v1", &[session.as_bytes(), doc.as_bytes()])
}

/// The clinic of a root key.
pub fn clinic_id(root: &PublicKey) -> ClinicId {
    ClinicId::from_bytes(tagged("cairn/clinic/v1", &[root.as_bytes()]))
}

/// The user whose first signing key this is.
pub fn user_id(first: &PublicKey) -> UserId {
    UserId::from_bytes(tagged("cairn/user/v1", &[first.as_bytes()]))
}

/// The incarnation of a machine whose signing key this is.
pub fn device_id(device: &PublicKey) -> DeviceId {
    DeviceId::from_bytes(tagged("cairn/device/v1", &[device.as_bytes()]))
}

/// The log that an incarnation writes.
pub fn log_id(device: &PublicKey) -> LogId {
    LogId::from_bytes(tagged("cairn/log/v1", &[device.as_bytes()]))
}

/// The log in which an incarnation writes what nobody was signed in for.
pub fn unattended_log_id(device: &PublicKey) -> LogId {
    LogId::from_bytes(tagged("cairn/unattended-log/v1", &[device.as_bytes()]))
}

/// The log in which an incarnation of another clinic's machine writes in one document here.
/// Each is a chain of its own, so that none has a gap where another grant has ended.
pub fn guest_log_id(device: &PublicKey, doc: DocId) -> LogId {
    let parts: [&[u8]; 2] = [device.as_bytes(), doc.as_bytes()];
    LogId::from_bytes(tagged("cairn/guest-log/v1", &parts))
}

/// The name, between clinics, of what a session wrote in a log that has branches: which of
/// them has the log's own name may change, and who holds some documents cannot tell.
pub fn session_run_id(session: SessionId) -> LogId {
    LogId::from_bytes(tagged("cairn/session-run/v1", &[session.as_bytes()]))
}

/// The log that the second branch of a forked one is, from the first hash that differs.
pub fn fork_log_id(log: LogId, first_differing: Hash) -> LogId {
    let parts: [&[u8]; 2] = [log.as_bytes(), first_differing.as_bytes()];
    LogId::from_bytes(tagged("cairn/fork/v1", &parts))
}

/// The import of an input with this hash: taken again, it is the same import.
pub fn import_id(input: Hash) -> ImportId {
    ImportId::from_bytes(tagged("cairn/import/v1", &[input.as_bytes()]))
}

/// A thing that another system names: that system, what kind of thing it is there, and its
/// identifier. The same on every machine, so a file taken in on two of them is one set of
/// records.
pub fn imported(source: &str, kind: &str, value: &str) -> [u8; 16] {
    sourced("cairn/imported/v1", &[source, kind, value])
}

/// Two people who may have been registered twice: on every machine the same, whichever of
/// the two is named first.
pub fn twins_id(one: PatientId, other: PatientId) -> RecordId {
    let (first, second) = (one.min(other), one.max(other));
    let parts: [&[u8]; 2] = [first.as_bytes(), second.as_bytes()];
    RecordId::from_bytes(tagged("cairn/twins/v1", &parts))
}

/// The record of a chart that comes of a proposal: whoever accepts it, on whatever machine,
/// makes the same one.
pub fn accepted(provider: UserId, proposal: RecordId) -> RecordId {
    let parts: [&[u8]; 2] = [provider.as_bytes(), proposal.as_bytes()];
    RecordId::from_bytes(tagged("cairn/accepted/v1", &parts))
}

fn tagged(tag: &'static str, parts: &[&[u8]]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(tag.as_bytes());
    for part in parts {
        hasher.update(part);
    }
    let mut id = [0; 16];
    hasher.finalize_xof().fill(&mut id);
    id
}

/// As [`tagged`], for texts of any length: each after its length, so that they cannot run
/// into one another.
fn sourced(tag: &'static str, texts: &[&str]) -> [u8; 16] {
    let mut joined = Vec::new();
    for text in texts {
        joined.extend_from_slice(&(text.len() as u64).to_be_bytes());
        joined.extend_from_slice(text.as_bytes());
    }
    tagged(tag, &[&joined])
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::seal::{SeededEntropy, SigningKey, hash};

    #[test]
    fn every_name_of_one_key_is_another() {
        let key = SigningKey::generate(&mut SeededEntropy::new(11)).public();
        let names = BTreeSet::from([
            clinic_id(&key).to_string(),
            user_id(&key).to_string(),
            device_id(&key).to_string(),
            log_id(&key).to_string(),
            unattended_log_id(&key).to_string(),
        ]);
        assert_eq!(names.len(), 5);
    }

    #[test]
    fn a_document_is_named_by_secret_subject_and_name() {
        let naming = Secret::from_bytes(&[1; 32]);
        let patient = Some(PatientId::from_bytes([2; 16]));
        let id = doc_id(&naming, patient, "summary");
        assert_eq!(id, doc_id(&naming, patient, "summary"));
        let others = [
            doc_id(&naming, None, "summary"),
            doc_id(&naming, patient, "visits"),
            doc_id(&Secret::from_bytes(&[3; 32]), patient, "summary"),
        ];
        assert!(!others.contains(&id));
    }

    #[test]
    fn a_document_has_another_key_in_each_epoch_and_for_each_k() {
        let (one, two) = (Secret::from_bytes(&[1; 32]), Secret::from_bytes(&[2; 32]));
        let doc = DocId::from_bytes([3; 16]);
        let keys = [
            doc_key(&one, doc, 0),
            doc_key(&one, doc, 1),
            doc_key(&two, doc, 0),
            doc_key(&one, DocId::ZERO, 0),
            cache_key(&one, &two),
            cache_key(&two, &one),
        ];
        let names: BTreeSet<_> = keys.iter().map(key_id).collect();
        assert_eq!(names.len(), keys.len());
    }

    #[test]
    fn a_name_is_the_start_of_a_plain_hash_of_tag_and_thing() {
        let session = PublicKey::from_bytes([4; 32]);
        let doc = DocId::from_bytes([5; 16]);
        let whole = [b"cairn/actor/v1".as_slice(), &[4; 32], &[5; 16]].concat();
        assert_eq!(actor_id(&session, doc), hash(&whole).as_bytes()[..16]);
    }

    #[test]
    fn the_texts_of_a_source_do_not_run_into_one_another() {
        assert_ne!(imported("ab", "c", "d"), imported("a", "bc", "d"));
        assert_ne!(
            imported("", "Condition", "1"),
            imported("", "Condition1", "")
        );
    }
}
