//! Golden files: bytes of every released format, made once, that every later program opens;
//! and the pages that draw them.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use cairn::{
    ids::{ClinicId, DocId, EpochId, LogId, PatientId, SessionId},
    ledger::{
        Chain, ClockQuality, Entry, Envelope, Header, Kind, Lane, Payload, open_payload,
        seal_payload,
    },
    seal::{
        CarryKey, Secret, SeededEntropy, SigningKey, hash, names, open_row, seal_row,
        unlock_with_passphrase, unwrap, words::PaperWords,
    },
    time::{Hlc, Moment, Timestamp},
};

const ROW_PLACE: &[u8] = b"patients\0A-000017";
const ROW_PLAIN: &[u8] = b"a row of the first release";
const LOCKED_PLAIN: &[u8] = b"the keys of a user";

fn golden(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    fs::read(folder.join(name)).unwrap()
}

fn secret(seed: u64) -> Secret {
    Secret::generate(&mut SeededEntropy::new(seed))
}

fn session() -> SigningKey {
    SigningKey::from_secret(&secret(1))
}

fn doc_key() -> Secret {
    names::doc_key(&secret(2), DocId::from_bytes([0x22; 16]), 1)
}

fn payload(body: &[u8]) -> Payload {
    Payload {
        wall: Moment {
            at: Timestamp(1_780_000_000_123),
            offset_minutes: 330,
        },
        clock: ClockQuality::Uncertain,
        role: 3,
        body: body.to_vec(),
    }
}

/// Too short to be compressed.
fn short() -> Payload {
    payload(b"pulse 72")
}

fn long() -> Payload {
    payload(&b"cough, fever; ".repeat(100))
}

fn chain() -> Chain {
    let log = LogId::from_bytes([0x44; 16]);
    Chain::known(log, Lane::Clinical, 6, hash(b"the one before"))
}

fn header() -> Header {
    let clinic = ClinicId::from_bytes([0x11; 16]);
    let session = SessionId::from_bytes([0x77; 32]);
    chain().place(Header {
        doc: DocId::from_bytes([0x22; 16]),
        epoch: EpochId::from_bytes([0x88; 8]),
        k: 1,
        ..Header::unsealed(Kind::Change, clinic, session, Hlc(0x0123_4567_89ab_cdef))
    })
}

fn change(payload: &Payload) -> Envelope {
    let mut entropy = SeededEntropy::new(3);
    seal_payload(header(), payload, &doc_key(), &session(), &mut entropy).unwrap()
}

#[track_caller]
fn check_change(name: &str, expected: &Payload) -> Vec<u8> {
    let bytes = golden(name);
    let envelope = Envelope::decode(&bytes).unwrap();
    assert_eq!(envelope.encode(), bytes);
    assert_eq!(chain().append(&envelope.stub()), Ok(()));
    assert_eq!(envelope.verify(&session().public()), Ok(()));
    assert_eq!(open_payload(&envelope, &doc_key()).as_ref(), Ok(expected));
    bytes
}

#[test]
fn an_envelope_of_the_first_release_opens() {
    let bytes = check_change("change-short.cair", &short());
    assert_eq!(change(&short()).encode(), bytes);
    // What Zstandard makes of a text may change with its version; that it opens may not.
    check_change("change-long.cair", &long());
}

#[test]
fn a_change_packed_with_the_first_dictionary_opens() {
    let body = golden("change-visit.automerge");
    let bytes = check_change("change-visit.cair", &payload(&body));
    assert_eq!(bytes[5], 1, "its suite");
    assert!(bytes.len() < body.len(), "{} bytes", bytes.len());
}

#[test]
fn a_statement_of_the_first_release_reads() {
    let bytes = golden("statement.cair");
    let envelope = Envelope::decode(&bytes).unwrap();
    assert_eq!(envelope.content, b"what an owner states");
    assert_eq!(envelope.verify(&session().public()), Ok(()));
    assert_eq!(envelope.encode(), bytes);
}

#[test]
fn a_stub_of_the_first_release_stands_for_its_envelope() {
    let bytes = golden("stub.cais");
    let whole = Envelope::decode(&golden("change-short.cair")).unwrap();
    let entry = Entry::decode(&bytes).unwrap();
    assert_eq!(entry, Entry::Erased(whole.stub()));
    assert_eq!(entry.stub().hash(), whole.hash());
    assert_eq!(entry.encode(), bytes);
}

#[test]
fn the_header_stands_as_the_document_draws_it() {
    let drawn = include_str!("../../docs/design/envelope.md");
    let bytes = golden("change-short.cair");
    let mut end = 0;
    for row in drawn.lines().take_while(|it| *it != "## Content") {
        let mut cells = row.split('|').skip(1).map(str::trim);
        let Some(Ok(at)) = cells.next().map(str::parse::<usize>) else {
            continue;
        };
        let length: usize = cells.next().unwrap().parse().unwrap();
        let field = cells.next().unwrap();
        assert_eq!(at, end, "{field} follows the field before");
        end = at + length;
        assert_eq!(bytes[at..end], written(field), "{field}");
    }
    assert_eq!(end, cairn::ledger::HEADER_LEN);
}

/// What the golden change has in this field.
fn written(field: &str) -> Vec<u8> {
    match field {
        "magic" => b"CAIR".to_vec(),
        "version" => vec![1],
        "suite" => vec![0],
        "clinic" => vec![0x11; 16],
        "doc" => vec![0x22; 16],
        "kind" | "lane" => vec![2],
        "log" => vec![0x44; 16],
        "seq" => u64::to_be_bytes(7).to_vec(),
        "prev" => hash(b"the one before").as_bytes().to_vec(),
        "hlc" => vec![0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef],
        "session" => vec![0x77; 32],
        "epoch" => vec![0x88; 8],
        "k" => vec![0, 1],
        "key_id" => names::key_id(&doc_key()).as_bytes().to_vec(),
        "nonce" => change(&short()).header.nonce.to_vec(),
        "content_len" => u32::to_be_bytes(64 + 16).to_vec(),
        _ => Vec::new(),
    }
}

#[test]
fn a_sealed_row_of_the_first_release_opens() {
    let bytes = golden("row.sealed");
    let opened = open_row(&secret(4), ROW_PLACE, &bytes).unwrap();
    assert_eq!(*opened, ROW_PLAIN);
    let mut entropy = SeededEntropy::new(5);
    let again = seal_row(&secret(4), &mut entropy, ROW_PLACE, ROW_PLAIN);
    assert_eq!(again, bytes);
}

#[test]
fn a_user_file_and_a_wrapped_key_of_the_first_release_open() {
    let locked = golden("user.age");
    let opened = unlock_with_passphrase("ritual saddle crumble ocean vivid", &locked);
    assert_eq!(*opened.unwrap(), LOCKED_PLAIN);
    let key = CarryKey::from_secret(secret(6));
    let opened = unwrap(&key, &golden("wrapped.age"), 100);
    assert_eq!(*opened.unwrap(), LOCKED_PLAIN);
}

#[test]
fn the_paper_words_of_the_first_release_give_its_keys() {
    let text = String::from_utf8(golden("paper-words.txt")).unwrap();
    let mut lines = text.lines();
    let typed = lines.next().unwrap();
    let paper: PaperWords = typed.parse().unwrap();
    assert_eq!(paper.words().join(" "), typed);
    let drawn = PaperWords::generate(&mut SeededEntropy::new(7));
    assert_eq!(drawn.words(), paper.words());
    let root = names::clinic_id(&paper.root().public());
    let recovery = hash(paper.recovery().public().as_bytes());
    assert_eq!(lines.next().unwrap(), root.to_string());
    assert_eq!(lines.next().unwrap(), recovery.to_string());
}

#[test]
fn names_are_computed_as_in_the_first_release() {
    let text = String::from_utf8(golden("names.txt")).unwrap();
    assert_eq!(text.lines().collect::<Vec<_>>(), derived());
}

/// One of every computed name; of a key, its hash.
fn derived() -> [String; 16] {
    let patient = PatientId::from_bytes([0x33; 16]);
    let doc = DocId::from_bytes([0x22; 16]);
    let key = session().public();
    [
        names::doc_id(&secret(8), Some(patient), "summary").to_string(),
        names::doc_id(&secret(8), None, "queue/2026-05-28").to_string(),
        hash(names::doc_key(&secret(2), doc, 513).as_bytes()).to_string(),
        names::key_id(&secret(2)).to_string(),
        hash(names::cache_key(&secret(2), &secret(8)).as_bytes()).to_string(),
        DocId::from_bytes(names::actor_id(&key, doc)).to_string(),
        names::clinic_id(&key).to_string(),
        names::user_id(&key).to_string(),
        names::device_id(&key).to_string(),
        names::log_id(&key).to_string(),
        names::unattended_log_id(&key).to_string(),
        names::fork_log_id(LogId::from_bytes([0x44; 16]), hash(b"")).to_string(),
        names::import_id(hash(b"")).to_string(),
        cairn::ids::RecordId::from_bytes(names::imported(
            "http://hospital.example",
            "Condition",
            "17",
        ))
        .to_string(),
        hash(secret(9).as_bytes()).to_string(),
        names::accepted(
            names::user_id(&key),
            cairn::ids::RecordId::from_bytes([0x55; 16]),
        )
        .to_string(),
    ]
}

#[test]
fn every_context_has_one_use_and_stands_in_a_page() {
    let pages: String = files("docs/design").into_values().collect();
    let mut uses: BTreeMap<String, PathBuf> = BTreeMap::new();
    for (path, text) in files("src") {
        let code = text.split("#[cfg(test)]").next().unwrap();
        let quoted = code.split('"').filter(|it| it.starts_with("cairn/"));
        for context in quoted.filter(|it| it.contains("/v")) {
            let shown = path.display();
            assert!(
                pages.contains(context),
                "{shown}: {context} stands in no page"
            );
            let other = uses.insert(context.to_owned(), path.clone());
            assert_eq!(other, None, "{shown}: {context} has another use");
        }
    }
    assert!(uses.len() > 15, "the contexts are found");
}

/// The texts in a folder of the repository.
fn files(folder: &str) -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                found.insert(path, text);
            }
        }
    }
    found
}
