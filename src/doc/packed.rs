//! Facts that must never be torn apart, each in one value: a code with its system, a number
//! with its unit, a date with "estimated", a signature with the hash of its text.
//!
//! Two people who set such a fact at once leave two whole values. Were the parts fields of
//! their own, a merge could show the number of one with the unit of the other.

use crate::{
    chart::{
        Attested, BirthDate, Coded, Coding, Contact, Entry, Identifier, Maker, Name,
        Origin, Outside, Quantity, Remark, Signature, System, Value, Withdrawal,
    },
    doc::words,
    ids::{CardId, Hash, ImportId, LogId, RecordId, UserId},
    time::{Moment, Timestamp},
};

/// Stands between the parts of a value (U+001F, "unit separator"): no keyboard types it.
const SEPARATOR: char = '\u{1f}';

/// Stands for a display that is the same as the words (U+001E).
const SAME: &str = "\u{1e}";

/// The most parts that any value has.
const PARTS_MAX: usize = 7;

/// The parts in one text; empty ones at the end are left out.
fn pack(parts: &[&str]) -> String {
    let clean = |part: &&str| part.replace(SEPARATOR, " ");
    let whole: Vec<String> = parts.iter().map(clean).collect();
    let joined = whole.join(SEPARATOR.encode_utf8(&mut [0; 4]));
    joined.trim_end_matches(SEPARATOR).to_owned()
}

fn unpack(text: &str) -> [&str; PARTS_MAX] {
    let mut parts = [""; PARTS_MAX];
    for (part, found) in parts.iter_mut().zip(text.split(SEPARATOR)) {
        *part = found;
    }
    parts
}

/// The value for people to read; of something coded, its words and the code.
pub(crate) fn in_words(text: &str) -> String {
    let [words, code, system, display, ..] = unpack(text);
    if !system.is_empty() && !matches!(System::named(system), System::Other(_)) {
        let said = if display == SAME || !words.is_empty() {
            words
        } else {
            display
        };
        return format!("{said} ({code})").trim_start().to_owned();
    }
    let parts = text.split(SEPARATOR).filter(|it| !matches!(*it, "" | SAME));
    parts.collect::<Vec<_>>().join(" ")
}

pub(crate) fn coded(it: &Coded) -> String {
    fn parts<'a>(coding: Option<&'a Coding>, words: &str) -> [&'a str; 3] {
        let Some(it) = coding else { return [""; 3] };
        let same = it.display == words;
        let display = if same { SAME } else { &it.display };
        [&it.code, it.system.alias(), display]
    }
    let [code, system, display] = parts(it.coding.as_ref(), &it.text);
    let [code2, system2, display2] = parts(it.also.as_ref(), &it.text);
    pack(&[&it.text, code, system, display, code2, system2, display2])
}

pub(crate) fn read_coded(text: &str) -> Coded {
    let [words, code, system, display, code2, system2, display2] = unpack(text);
    let coding = |code: &str, system: &str, display: &str| {
        let given = !(code.is_empty() && system.is_empty() && display.is_empty());
        let display = if display == SAME { words } else { display };
        given.then(|| Coding::new(System::named(system), code, display))
    };
    Coded {
        text: words.to_owned(),
        coding: coding(code, system, display),
        also: coding(code2, system2, display2),
    }
}

/// What was seen: `q` and a quantity, `c` and a code, or `t` and words.
pub(crate) fn value(it: &Value) -> String {
    match it {
        Value::Quantity(it) => {
            format!("q{}", pack(&[&it.value, &it.unit, &it.comparator]))
        }
        Value::Code(it) => format!("c{}", coded(it)),
        Value::Text(it) => format!("t{it}"),
    }
}

pub(crate) fn read_value(text: &str) -> Option<Value> {
    let mut rest = text.chars();
    match rest.next()? {
        'q' => {
            let [value, unit, comparator, ..] = unpack(rest.as_str());
            Some(Value::Quantity(Quantity {
                value: value.to_owned(),
                unit: unit.to_owned(),
                comparator: comparator.to_owned(),
            }))
        }
        'c' => Some(Value::Code(read_coded(rest.as_str()))),
        't' => Some(Value::Text(rest.as_str().to_owned())),
        _ => None,
    }
}

/// A birth date; `~` before it means that it was reckoned from an age.
pub(crate) fn birth(it: BirthDate) -> String {
    let mark = if it.estimated { "~" } else { "" };
    format!("{mark}{}", it.date)
}

pub(crate) fn read_birth(text: &str) -> Option<BirthDate> {
    let exact = text.strip_prefix('~');
    Some(BirthDate {
        date: exact.unwrap_or(text).parse().ok()?,
        estimated: exact.is_some(),
    })
}

pub(crate) fn name(it: &Name) -> String {
    pack(&[&it.family, &it.given, words::NAME_USE.word(it.usage)])
}

pub(crate) fn read_name(text: &str) -> Name {
    let [family, given, usage, ..] = unpack(text);
    Name {
        usage: words::NAME_USE.named(usage).unwrap_or_default(),
        family: family.to_owned(),
        given: given.to_owned(),
    }
}

pub(crate) fn identifier(it: &Identifier) -> String {
    pack(&[&it.value, &it.system])
}

pub(crate) fn read_identifier(text: &str) -> Identifier {
    let [value, system, ..] = unpack(text);
    Identifier {
        system: system.to_owned(),
        value: value.to_owned(),
    }
}

pub(crate) fn contact(it: &Contact) -> String {
    pack(&[&it.name, &it.relation, &it.phone])
}

pub(crate) fn read_contact(text: &str) -> Contact {
    let [name, relation, phone, ..] = unpack(text);
    Contact {
        name: name.to_owned(),
        relation: relation.to_owned(),
        phone: phone.to_owned(),
    }
}

/// Why a consent was withdrawn, when and by whom.
pub(crate) fn withdrawal(it: &Withdrawal) -> String {
    pack(&[&it.reason, &it.at.to_string(), &it.by.to_string()])
}

pub(crate) fn read_withdrawal(text: &str) -> Option<Withdrawal> {
    let [reason, at, by, ..] = unpack(text);
    Some(Withdrawal {
        by: by.parse().ok()?,
        at: at.parse().ok()?,
        reason: reason.to_owned(),
    })
}

pub(crate) fn attested(it: &Attested) -> String {
    let at = it.at.map_or_else(String::new, |it| it.to_string());
    pack(&[&it.by, &at])
}

pub(crate) fn read_attested(text: &str) -> Option<Attested> {
    let [by, at, ..] = unpack(text);
    Some(Attested {
        by: by.to_owned(),
        at: if at.is_empty() {
            None
        } else {
            Some(at.parse().ok()?)
        },
    })
}

/// Who wrote a record, on which machine, when, and from which source:
/// `by 16 ‖ machine 16 ‖ moment 10 [‖ import 16 ‖ source 32 ‖ author …]`.
pub(crate) fn entry(it: &Entry) -> Vec<u8> {
    let mut bytes = own_entry(it.by, it.machine, it.recorded);
    if let Origin::Imported {
        import,
        source,
        author,
    } = &it.origin
    {
        bytes.extend(import.as_bytes());
        bytes.extend(source.as_bytes());
        bytes.extend(author.0.as_bytes());
    }
    bytes
}

/// Who proposed a record from outside, and what; none of any other record.
pub(crate) fn outside(origin: &Origin) -> Option<String> {
    let Origin::Outside(it) = origin else {
        return None;
    };
    let Maker {
        provider,
        card,
        name,
        organisation,
    } = &it.maker;
    Some(pack(&[
        &provider.to_string(),
        &card.to_string(),
        &it.proposal.to_string(),
        &it.written.to_string(),
        name,
        organisation,
    ]))
}

pub(crate) fn read_outside(text: &str) -> Option<Outside> {
    let [provider, card, proposal, written, name, organisation, ..] = unpack(text);
    let maker = Maker {
        provider: provider.parse().ok()?,
        card: card.parse::<CardId>().ok()?,
        name: name.to_owned(),
        organisation: organisation.to_owned(),
    };
    Some(Outside {
        maker,
        proposal: proposal.parse().ok()?,
        written: written.parse().ok()?,
    })
}

/// What a record that was made here says of who wrote it.
pub(crate) fn own_entry(by: UserId, machine: LogId, recorded: Moment) -> Vec<u8> {
    let parts: [&[u8]; 3] = [by.as_bytes(), machine.as_bytes(), &moment(recorded)];
    parts.concat()
}

/// When a record was written down, by what it says of that.
pub(crate) fn recorded(entry: &[u8]) -> Option<Timestamp> {
    let mut moment = entry.get(UserId::LEN + LogId::LEN..)?;
    Some(read_moment(&mut moment)?.at)
}

pub(crate) fn read_entry(id: RecordId, bytes: &[u8]) -> Option<Entry> {
    let mut rest = bytes;
    let by = UserId::from_bytes(take(&mut rest)?);
    let machine = LogId::from_bytes(take(&mut rest)?);
    let recorded = read_moment(&mut rest)?;
    let mut entry = Entry::new(id, recorded, by, machine);
    if !rest.is_empty() {
        entry.origin = Origin::Imported {
            import: ImportId::from_bytes(take(&mut rest)?),
            source: Hash::from_bytes(take(&mut rest)?),
            author: Remark(std::str::from_utf8(rest).ok()?.to_owned()),
        };
    }
    Some(entry)
}

/// Most heads that a signature may name; a document has one or two.
const SIGNED_HEADS_MAX: usize = 64;

/// `by 16 ‖ text 32 ‖ ms 8 ‖ offset 2 ‖ number of heads 1 ‖ heads 32 each`.
pub(crate) fn signature(it: &Signature) -> Vec<u8> {
    let heads = it.heads.iter().take(SIGNED_HEADS_MAX);
    let mut bytes = Vec::new();
    bytes.extend(it.by.as_bytes());
    bytes.extend(it.text.as_bytes());
    bytes.extend(moment(it.at));
    bytes.push(u8::try_from(heads.len()).unwrap_or(0));
    heads.for_each(|head| bytes.extend(head.as_bytes()));
    bytes
}

pub(crate) fn read_signature(bytes: &[u8]) -> Option<Signature> {
    let mut rest = bytes;
    let by = UserId::from_bytes(take(&mut rest)?);
    let text = Hash::from_bytes(take(&mut rest)?);
    let at = read_moment(&mut rest)?;
    let [count] = take(&mut rest)?;
    let heads: Option<Vec<Hash>> = (0..count)
        .map(|_| take(&mut rest).map(Hash::from_bytes))
        .collect();
    let heads = heads?;
    let whole = rest.is_empty() && heads.len() <= SIGNED_HEADS_MAX;
    whole.then_some(Signature {
        by,
        at,
        text,
        heads,
    })
}

/// Milliseconds since 1970 and minutes east of UTC: `ms 8 ‖ offset 2`.
fn moment(it: Moment) -> [u8; 10] {
    let mut bytes = [0; 10];
    let (ms, offset) = bytes.split_at_mut(8);
    ms.copy_from_slice(&it.at.0.to_be_bytes());
    offset.copy_from_slice(&it.offset_minutes.to_be_bytes());
    bytes
}

fn read_moment(bytes: &mut &[u8]) -> Option<Moment> {
    Some(Moment {
        at: Timestamp(i64::from_be_bytes(take(bytes)?)),
        offset_minutes: i16::from_be_bytes(take(bytes)?),
    })
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_coded(text: &str, first: Option<(&str, &str)>, also: Option<(&str, &str)>) {
        let coding = |it: Option<(&str, &str)>| {
            it.map(|(code, display)| Coding::new(System::Icd10, code, display))
        };
        let whole = Coded {
            text: text.to_owned(),
            coding: coding(first),
            also: coding(also),
        };
        assert!(read_coded(&coded(&whole)) == whole, "for {text:?}");
    }

    #[test]
    fn a_code_reads_back_with_its_words_its_system_and_its_display() {
        check_coded("Fever", None, None);
        check_coded("", None, None);
        check_coded("high pressure", Some(("I10", "Hypertension")), None);
        check_coded("Hypertension", Some(("I10", "Hypertension")), None);
        check_coded("Hypertension", Some(("I10", "")), None);
        check_coded("", Some(("I10", "")), None);
        check_coded("a", None, Some(("B", "a")));
        check_coded("a", Some(("I10", "a")), Some(("B", "b")));
    }

    #[test]
    fn a_separator_in_typed_words_cannot_forge_a_code() {
        let forged = Coded::text("Fever\u{1f}I10\u{1f}icd10");
        let read = read_coded(&coded(&forged));
        assert!(read == Coded::text("Fever I10 icd10"));
    }

    #[test]
    fn a_number_stays_as_it_was_written_beside_its_unit() {
        let weight = Value::Quantity(Quantity::new("72.50", "kg"));
        assert_eq!(value(&weight), "q72.50\u{1f}kg");
        assert!(read_value("q72.50\u{1f}kg") == Some(weight));
        assert!(read_value("z1").is_none());
        assert_eq!(in_words("72.50\u{1f}kg"), "72.50 kg");
    }

    #[test]
    fn something_coded_is_said_by_its_words_and_its_code() {
        let check = |text: &str, display: &str, expected: &str| {
            let coding = Coding::new(System::Icd10, "I10", display);
            let whole = Coded {
                text: text.to_owned(),
                coding: Some(coding),
                also: None,
            };
            assert_eq!(in_words(&coded(&whole)), expected);
        };
        check("high pressure", "Hypertension", "high pressure (I10)");
        check("Hypertension", "Hypertension", "Hypertension (I10)");
        check("", "Hypertension", "Hypertension (I10)");
        check("", "", "(I10)");
        assert_eq!(in_words(&coded(&Coded::text("fever"))), "fever");
    }

    #[test]
    fn a_cut_signature_is_none() {
        let whole = signature(&Signature {
            by: UserId::from_bytes([1; 16]),
            at: "2025-03-04T10:30:00+03:00".parse().unwrap(),
            text: Hash::from_bytes([2; 32]),
            heads: vec![Hash::from_bytes([3; 32])],
        });
        for length in 0..whole.len() {
            assert_eq!(read_signature(&whole[..length]), None, "for {length}");
        }
        assert!(read_signature(&whole).is_some());
    }
}
