//! One wholly filled record of every kind, in two variants that differ in every field.

mod beyond;

use cairn::{
    chart::{
        Address, Allergy, Attested, BirthDate, Clinical, Coded, Coding, Component,
        Consent, ConsentState, Contact, Criticality, Decision, Document, Entry, How,
        Identifier, Immunization, ImportRun, Kind, MedKind, MedStatus, Medication, Name,
        NameUse, NoKnownAllergies, Note, ObsCategory, Observation, Origin, Part, Person,
        Plan, Problem, Procedure, Provider, ProviderKind, Purpose, Quantity, Reaction,
        Record, Remark, Report, Section, Severity, Sex, SharedPart, System, Value,
        Verification, Visit, VisitClass, VisitStatus, Withdrawal,
    },
    ids::{Hash, ImportId, LogId, PatientId, RecordId, UserId},
    time::When,
};

/// Which of the two.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variant {
    One,
    Two,
}

use Variant::One;

pub(crate) fn id(number: u64) -> RecordId {
    let mut bytes = [0x5a; 16];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    RecordId::from_bytes(bytes)
}

pub(crate) fn imported() -> Origin {
    Origin::Imported {
        import: ImportId::from_bytes([7; 16]),
        source: Hash::from_bytes([8; 32]),
        author: Remark("Dr. Elsewhere".to_owned()),
    }
}

pub(crate) fn entry(id: RecordId, origin: Origin, which: Variant) -> Entry {
    let one = which == One;
    Entry {
        in_error: !one,
        origin,
        replaces: Some(self::id(if one { 900 } else { 901 })),
        remark: Remark(words(which, "remark")),
        ..Entry::new(
            id,
            "2025-03-04T10:30:00.026+03:00".parse().unwrap(),
            UserId::from_bytes([3; 16]),
            LogId::from_bytes([4; 16]),
        )
    }
}

fn words(which: Variant, what: &str) -> String {
    let word = if which == One { "first" } else { "second" };
    format!("{word} {what} ናሙና")
}

fn coded(which: Variant, what: &str) -> Coded {
    let coding = |system: System, code: &str| {
        let display = words(which, &format!("display of {what}"));
        Some(Coding::new(system, words(which, code), display))
    };
    Coded {
        text: words(which, what),
        coding: coding(System::Icd10cm, "I10"),
        also: coding(System::Other("urn:oid:1.2.3".to_owned()), "X"),
    }
}

fn when(which: Variant) -> When {
    let text = if which == One {
        "2024-02"
    } else {
        "2025-01-31T09:00:00Z"
    };
    text.parse().unwrap()
}

fn seen(which: Variant) -> Value {
    match which {
        One => Value::Quantity(Quantity {
            value: "72.50".to_owned(),
            unit: "kg".to_owned(),
            comparator: ">=".to_owned(),
        }),
        Variant::Two => Value::Text("queasy".to_owned()),
    }
}

/// A record of this kind with nothing left out.
pub(crate) fn full(kind: Kind, id: RecordId, origin: Origin, which: Variant) -> Record {
    let entry = entry(id, origin, which);
    match kind {
        Kind::Person => Record::Person(person(entry, which)),
        Kind::Provider => Record::Provider(provider(entry, which)),
        Kind::Allergy => Record::Allergy(allergy(entry, which)),
        Kind::NoKnownAllergies => Record::NoKnownAllergies(NoKnownAllergies { entry }),
        Kind::Problem => Record::Problem(problem(entry, which)),
        Kind::Medication => Record::Medication(medication(entry, which)),
        Kind::Immunization => Record::Immunization(immunization(entry, which)),
        Kind::Procedure => Record::Procedure(procedure(entry, which)),
        Kind::Plan => Record::Plan(plan(entry, which)),
        Kind::Visit => Record::Visit(encounter(entry, which)),
        Kind::Note => Record::Note(note(entry, which)),
        Kind::Observation => Record::Observation(observation(entry, which)),
        Kind::Report => Record::Report(report(entry, which)),
        Kind::Document => Record::Document(document(entry, which)),
        Kind::ImportRun => Record::ImportRun(ImportRun { entry }),
        Kind::Consent => Record::Consent(consent(entry, which)),
        Kind::Outcome => Record::Outcome(beyond::outcome(entry, which)),
        Kind::Referral => Record::Referral(beyond::referral(entry, which)),
    }
}

fn consent(entry: Entry, which: Variant) -> Consent {
    let w = |what| words(which, what);
    let one = which == One;
    let day = |text: &str| Some(text.parse().unwrap());
    let restricted = SharedPart::Restricted(w("category"));
    Consent {
        decision: if one {
            Decision::Refused
        } else {
            Decision::Given
        },
        state: if one {
            ConsentState::Withdrawn
        } else {
            ConsentState::Active
        },
        withdrawal: one.then(|| Withdrawal {
            by: entry.by,
            at: entry.recorded,
            reason: w("reason"),
        }),
        to: w("recipient"),
        card: Some(Hash::from_bytes([if one { 1 } else { 2 }; 32])),
        parts: vec![
            SharedPart::Summary,
            if one {
                SharedPart::Visits
            } else {
                SharedPart::Results
            },
            restricted,
        ],
        shared_from: day(if one { "2024-01-01" } else { "2024-01-02" }),
        shared_until: day(if one { "2024-03-01" } else { "2024-03-02" }),
        purpose: if one {
            Purpose::Research
        } else {
            Purpose::Emergency
        },
        from: day(if one { "2025-03-04" } else { "2025-03-05" }),
        until: day(if one { "2025-04-04" } else { "2025-04-05" }),
        how: if one { How::Verbal } else { How::Guardian },
        witness: w("witness"),
        over: vec![id(1), id(if one { 2 } else { 3 })],
        entry,
    }
}

fn provider(entry: Entry, which: Variant) -> Provider {
    let w = |what| words(which, what);
    let one = which == One;
    Provider {
        entry,
        kind: if one {
            ProviderKind::Organization
        } else {
            ProviderKind::Practitioner
        },
        name: w("name"),
        phone: w("phone"),
    }
}

fn problem(entry: Entry, which: Variant) -> Problem {
    let w = |what| words(which, what);
    let c = |what| coded(which, what);
    let one = which == One;
    Problem {
        entry,
        code: c("code"),
        clinical: if one {
            Clinical::Remission
        } else {
            Clinical::Resolved
        },
        verification: if one {
            Verification::Differential
        } else {
            Verification::Refuted
        },
        on_list: one,
        onset: Some(when(which)),
        abated: Some(when(which)),
        severity: w("severity"),
        site: w("site"),
        visit: Some(visit(which)),
    }
}

fn immunization(entry: Entry, which: Variant) -> Immunization {
    let w = |what| words(which, what);
    let c = |what| coded(which, what);
    Immunization {
        entry,
        vaccine: c("vaccine"),
        date: Some(when(which)),
        lot: w("lot"),
        maker: w("maker"),
        expiry: w("expiry"),
        site: w("site"),
        route: w("route"),
        dose_number: w("dose"),
        not_done: w("not"),
        reaction: w("reaction"),
        visit: Some(visit(which)),
    }
}

fn procedure(entry: Entry, which: Variant) -> Procedure {
    let w = |what| words(which, what);
    let c = |what| coded(which, what);
    Procedure {
        entry,
        code: c("code"),
        status: w("status"),
        start: Some(when(which)),
        end: Some(when(which)),
        reason: c("reason"),
        outcome: w("outcome"),
        visit: Some(visit(which)),
    }
}

fn plan(entry: Entry, which: Variant) -> Plan {
    let w = |what| words(which, what);
    let c = |what| coded(which, what);
    Plan {
        entry,
        title: c("title"),
        status: w("status"),
        start: Some(when(which)),
        end: Some(when(which)),
        activities: vec![c("walk"), c("rest")],
        visit: Some(visit(which)),
    }
}

fn encounter(entry: Entry, which: Variant) -> Visit {
    let w = |what| words(which, what);
    let c = |what| coded(which, what);
    let one = which == One;
    Visit {
        entry,
        class: if one {
            VisitClass::Home
        } else {
            VisitClass::Emergency
        },
        status: if one {
            VisitStatus::Finished
        } else {
            VisitStatus::Planned
        },
        start: Some(when(which)),
        end: Some(when(which)),
        reason: c("reason"),
        diagnoses: vec![c("main"), c("other")],
        practitioner: w("practitioner"),
        place: w("place"),
    }
}

fn report(entry: Entry, which: Variant) -> Report {
    let w = |what| words(which, what);
    let c = |what| coded(which, what);
    let one = which == One;
    Report {
        entry,
        code: c("code"),
        status: w("status"),
        when: Some(when(which)),
        issued: Some(when(which)),
        observations: vec![id(1), id(if one { 2 } else { 3 })],
        conclusion: w("conclusion"),
        visit: Some(visit(which)),
    }
}

fn document(entry: Entry, which: Variant) -> Document {
    let w = |what| words(which, what);
    let c = |what| coded(which, what);
    let one = which == One;
    Document {
        entry,
        code: c("code"),
        title: w("title"),
        when: Some(when(which)),
        media_type: w("media type"),
        bytes: Some(Hash::from_bytes([if one { 1 } else { 2 }; 32])),
        size: if one { 1_048_576 } else { 7 },
        visit: Some(visit(which)),
    }
}

fn visit(which: Variant) -> RecordId {
    id(if which == One { 910 } else { 911 })
}

fn person(entry: Entry, which: Variant) -> Person {
    let w = |what| words(which, what);
    let one = which == One;
    let name = |usage, what| Name {
        usage,
        family: w(what),
        given: w("given"),
    };
    Person {
        entry,
        identifiers: vec![Identifier {
            system: Identifier::NUMBER.to_owned(),
            value: w("number"),
        }],
        names: vec![
            name(NameUse::Official, "family"),
            name(NameUse::Nickname, "nick"),
        ],
        sex: if one { Sex::Female } else { Sex::Male },
        birth: Some(BirthDate {
            date: if one { "1987" } else { "1987-03-14" }.parse().unwrap(),
            estimated: one,
        }),
        deceased: Some((!one).then(|| "2024-05".parse().unwrap())),
        phone: w("phone"),
        phone2: w("phone2"),
        address: Address {
            village: w("village"),
            district: w("district"),
            line: w("line"),
        },
        language: w("language"),
        payer: w("payer"),
        contacts: vec![Contact {
            name: w("contact"),
            relation: w("relation"),
            phone: w("contact's phone"),
        }],
        others: vec![PatientId::from_bytes([if one { 7 } else { 8 }; 16])],
    }
}

fn allergy(entry: Entry, which: Variant) -> Allergy {
    let one = which == One;
    let reaction = |severity| Reaction {
        manifestation: coded(which, "manifestation"),
        severity,
    };
    Allergy {
        entry,
        code: coded(which, "substance"),
        clinical: if one {
            Clinical::Active
        } else {
            Clinical::Resolved
        },
        verification: if one {
            Verification::Confirmed
        } else {
            Verification::Unconfirmed
        },
        intolerance: one,
        category: words(which, "category"),
        criticality: if one {
            Criticality::High
        } else {
            Criticality::Low
        },
        onset: Some(when(which)),
        reactions: if one {
            vec![reaction(Some(Severity::Severe)), reaction(None)]
        } else {
            vec![
                reaction(Some(Severity::Mild)),
                reaction(Some(Severity::Mild)),
            ]
        },
    }
}

fn medication(entry: Entry, which: Variant) -> Medication {
    let w = |what| words(which, what);
    let one = which == One;
    Medication {
        entry,
        kind: if one {
            MedKind::Statement
        } else {
            MedKind::Request
        },
        code: coded(which, "drug"),
        status: if one {
            MedStatus::OnHold
        } else {
            MedStatus::Stopped
        },
        dose: w("dose"),
        route: w("route"),
        frequency: w("frequency"),
        duration: w("duration"),
        as_needed: one,
        start: Some(when(which)),
        end: Some(when(which)),
        quantity: w("quantity"),
        reason: coded(which, "reason"),
        instructions: w("instructions"),
        overridden: w("overridden"),
        visit: Some(visit(which)),
    }
}

fn note(entry: Entry, which: Variant) -> Note {
    let section = |name: &str| Section {
        name: name.to_owned(),
        text: words(which, "text"),
    };
    let empty = Section {
        name: "O".to_owned(),
        text: String::new(),
    };
    Note {
        entry,
        visit: Some(visit(which)),
        title: words(which, "title"),
        sections: vec![section("S"), empty, section("P")],
        phrases: vec![words(which, ".htn")],
        signed: None,
        adds_to: Some(id(if which == One { 920 } else { 921 })),
        attested: Some(Attested {
            by: words(which, "by"),
            at: Some(when(which)),
        }),
    }
}

fn observation(entry: Entry, which: Variant) -> Observation {
    let w = |what| words(which, what);
    let one = which == One;
    let component = |what, value| Component {
        code: coded(which, what),
        value,
    };
    Observation {
        entry,
        code: coded(which, "code"),
        category: if one {
            ObsCategory::Exam
        } else {
            ObsCategory::Survey
        },
        when: Some(when(which)),
        value: Some(seen(which)),
        absent: w("absent"),
        components: vec![
            component("upper", Some(seen(which))),
            component("lower", Some(Value::Code(coded(which, "value")))),
            component("none", None),
        ],
        range: w("range"),
        flag: w("flag"),
        method: w("method"),
        visit: Some(visit(which)),
        order: Some(id(if one { 930 } else { 931 })),
    }
}

/// The document in which a full record of this kind stands.
pub(crate) fn part(kind: Kind) -> Part {
    full(kind, id(0), Origin::Own, One).part()
}
