//! Finding as a receptionist does it.

use proptest::prelude::*;

use super::*;
use crate::{chart::NameUse, time::PartialDate};

fn patient(count: u32) -> PatientId {
    let mut bytes = [0; 16];
    bytes[12..].copy_from_slice(&count.to_be_bytes());
    PatientId::from_bytes(bytes)
}

/// `family/given/sex/birth/phone/village`, as much of it as is given.
fn row(count: u32, line: &str) -> Row {
    let mut parts = line.split('/').map(str::to_owned);
    let mut next = || parts.next().unwrap_or_default();
    let name = Name {
        usage: NameUse::Usual,
        family: next(),
        given: next(),
    };
    Row {
        patient: patient(count),
        number: format!("K2F7-{count:04}-R"),
        names: vec![name],
        sex: Sex::named(&next()).unwrap_or_default(),
        birth: birth(&next()),
        phones: vec![next()],
        village: next(),
        identifiers: Vec::new(),
        severe_allergy: None,
        last_seen: None,
        hidden: false,
        registered: (LogId::ZERO, Timestamp(0)),
        others: Vec::new(),
    }
}

/// An estimated date has `~` before it.
fn birth(text: &str) -> Option<BirthDate> {
    let date = text.trim_start_matches('~').parse().ok()?;
    Some(BirthDate {
        date,
        estimated: text.starts_with('~'),
    })
}

fn index(lines: &[&str]) -> Index {
    Index::new((0..).zip(lines).map(|(count, line)| row(count, line)))
}

fn found(index: &Index, text: &str) -> Vec<(String, How)> {
    let matches = index.search(text, 10).into_iter();
    matches
        .map(|it| (index.row(it.patient).unwrap().shown_name(), it.how))
        .collect()
}

#[track_caller]
fn check(on_file: &str, typed: &str, expected: Option<How>) {
    let index = index(&[on_file]);
    let how = index.search(typed, 10).first().map(|it| it.how);
    assert_eq!(how, expected, "{typed:?} for {on_file:?}");
}

#[test]
fn a_name_is_found_however_it_is_spelt() {
    for (on_file, typed) in [
        ("Okello", "Okelo"),
        ("Okelo", "Okello"),
        ("Muhammad", "Mohamed"),
        ("Mohammed", "Muhammad"),
        ("Akello", "Akelo"),
        ("Cissé", "Sise"),
        ("Ouedraogo", "Wedraogo"),
        ("Wanjiku", "Wanjiko"),
        ("Sharma", "Sarma"),
        ("Kwame", "Kwami"),
        ("አበበ", "abebe"),
        ("मीना", "mina"),
        ("मीना", "meena"),
        ("محمد", "mohamed"),
        ("Abebe", "አበበ"),
        ("Mohamed", "محمد"),
        ("Sara", "sarah"),
        ("Ouedraogo", "wedrao"),
        ("Muhammad", "mohame"),
    ] {
        check(on_file, typed, Some(How::SoundsLike));
    }
    for (on_file, typed) in [
        ("Nguyễn", "nguyen"),
        ("Cissé", "cisse"),
        ("አበበ", "አበበ"),
        ("मीना", "मीना"),
        ("/Jean-Baptiste", "jean baptiste"),
        ("/Jean-Baptiste", "Jean-Baptiste"),
        ("/Jean-Baptiste", "jeanbaptiste"),
        ("Alhassan", "al hassan"),
        ("Al-Hassan", "alhassan"),
        ("Ng'ang'a", "nganga"),
        ("李/小明", "李 小明"),
        ("/Suharto", "suharto"),
        ("Keita/", "keita"),
    ] {
        check(on_file, typed, Some(How::Exact));
    }
    for (on_file, typed) in [
        ("Okello", "ok"),
        ("Okello/Grace", "gr ok"),
        ("አበበ", "አበ"),
        ("李小明", "李"),
        ("Okello//////Kijani", "o"),
    ] {
        check(on_file, typed, Some(How::Starts));
    }
    for (on_file, typed) in [
        ("Okello", "koello"),
        ("Okello", "okrllo"),
        ("Wanjiku", "wnajiku"),
        ("Bartholomew", "batrholomew"),
        ("Nakato", "nskat"),
        ("Hernandez", "fernandez"),
    ] {
        check(on_file, typed, Some(How::Misspelt));
    }
    for (on_file, typed) in [
        ("Okello", "akinyi"),
        ("Okello/Grace", "okello peter"),
        ("Okello", ""),
        ("Okello", "---"),
        ("Ali", "oli"),
    ] {
        check(on_file, typed, None);
    }
}

#[test]
fn better_fits_come_first_then_who_was_seen_last_then_the_name() {
    let mut index = index(&[
        "Okellot/Grace",
        "Okelo/Grace",
        "Okello/Zacharia",
        "Okello/Abraham",
        "Okullo/Tom",
        "Akello/Ann",
        "Okello/Mary",
    ]);
    let mut seen = row(6, "Okello/Mary");
    seen.last_seen = Some(Timestamp(1));
    index.replace(seen);
    let expected = [
        ("OKELLO, Mary", How::Exact),
        ("OKELLO, Abraham", How::Exact),
        ("OKELLO, Zacharia", How::Exact),
        ("OKELLOT, Grace", How::Starts),
        ("OKELO, Grace", How::SoundsLike),
        ("OKULLO, Tom", How::SoundsLike),
        ("AKELLO, Ann", How::Misspelt),
    ];
    assert_eq!(
        found(&index, "okello"),
        expected.map(|(it, how)| (it.to_owned(), how))
    );
    let narrowed = found(&index, "gra okello");
    assert_eq!(narrowed[0].0, "OKELLOT, Grace");
    assert_eq!(narrowed.len(), 2);
    assert_eq!(index.search("okello", 2).len(), 2);
}

#[test]
fn numbers_phones_and_villages_are_found_beside_names() {
    let index = index(&[
        "Okello/Grace/f/1987-03-14/0772 123 456/Kijani A",
        "Okello/Grace/f/1989/+256 701 555 666/Bulima",
        "Kijani/Peter/m///Hill Post",
    ]);
    let field = |text: &str| {
        let found = index.search(text, 10);
        (found.len(), found.first().map(|it| (it.patient, it.field)))
    };
    assert_eq!(field("K2F7-0001-R"), (1, Some((patient(1), Field::Number))));
    assert_eq!(field("k2f70001"), (1, Some((patient(1), Field::Number))));
    assert_eq!(field("0772 123 456"), (1, Some((patient(0), Field::Phone))));
    assert_eq!(field("okello 0701"), (1, Some((patient(1), Field::Phone))));
    assert_eq!(
        field("grace bulima"),
        (1, Some((patient(1), Field::Village)))
    );
    assert_eq!(field("kijani"), (2, Some((patient(2), Field::Name))));
    assert_eq!(field("kij gra"), (1, Some((patient(0), Field::Village))));
}

#[test]
fn who_was_removed_or_hidden_is_not_found_and_a_new_name_replaces_the_old() {
    let mut index = index(&["Okello/Grace", "Akinyi/Rose"]);
    index.replace(row(0, "Nakato/Grace"));
    assert_eq!(found(&index, "okello"), []);
    assert_eq!(found(&index, "nakato").len(), 1);
    let removed = index.remove(patient(0)).unwrap();
    assert_eq!(removed.shown_name(), "NAKATO, Grace");
    assert_eq!(
        (found(&index, "grace"), index.remove(patient(0))),
        (Vec::new(), None)
    );
    index.replace(Row {
        hidden: true,
        ..row(1, "Akinyi/Rose")
    });
    assert_eq!(found(&index, "rose"), []);
    index.replace(row(7, "Otieno/Paul"));
    assert_eq!((index.len(), found(&index, "akinyi")), (2, Vec::new()));
    assert_eq!(found(&index, "0007").len(), 1);
}

#[test]
fn what_is_not_searched_changes_without_being_searched_anew() {
    let mut index = index(&["Okello/Grace/f", "Kato/Paul/m"]);
    let mut changed = row(0, "Okello/Grace/f");
    changed.severe_allergy = Some(true);
    changed.last_seen = Some(Timestamp(7));
    index.replace(changed.clone());
    assert_eq!(index.row(patient(0)), Some(&changed));
    assert_eq!(found(&index, "okello").len(), 1);
    assert_eq!(index.len(), 2);
}

#[track_caller]
fn check_alike(on_file: &str, candidate: &str, expected: &[Reason]) {
    use Reason::Name;
    let index = index(&[on_file]);
    let asked = row(9, candidate);
    let candidate = Candidate {
        name: asked.names[0].clone(),
        sex: asked.sex,
        birth: asked.birth,
        phones: asked.phones,
        village: asked.village,
        except: None,
    };
    let today: PartialDate = "2025-06-01".parse().unwrap();
    let alike = index.alike(&candidate, today, 5);
    let why: Vec<Reason> = alike.into_iter().flat_map(|it| it.why).collect();
    assert_eq!(why, expected, "{candidate:?} for {on_file:?}");
    assert!(why.first().is_none_or(|it| *it == Name));
}

#[test]
fn who_may_be_on_file_already_is_told_with_reasons() {
    use Reason::{Age, Name, Phone, Sex, Village};
    let grace = "Okello/Grace/f/1987-03-14/0772123456/Kijani A";
    check_alike(grace, "Okello/Grace", &[Name]);
    check_alike(grace, "Okelo/Grase/f/~1986", &[Name, Sex, Age]);
    check_alike(grace, "Grace/Okello/f/1987-03-14", &[Name, Sex, Age]);
    check_alike(grace, "Okello/Grace Achieng/f/14", &[Name, Sex]);
    check_alike(grace, "Okello/Grace/f/1978-03-14", &[Name, Sex, Age]);
    check_alike(
        grace,
        "Okello/Grace/u/1987-03-15/+256772123456/kijani a",
        &[Name, Age, Phone, Village],
    );
    check_alike("/Suharto/m/~1960", "/Soeharto/m/~1958", &[Name, Sex, Age]);
    check_alike("አበበ/ሰላም/f", "Abebe/Selam/f", &[Name, Sex]);
    check_alike("Mohamed/Ali/m", "Muhammad/Aly/m", &[Name, Sex]);
}

#[test]
fn brothers_twins_and_namesakes_of_another_age_are_not_taken_for_one() {
    let sara = "Okello/Sara/f/2015-03-04/0772123456/Kijani A";
    check_alike(sara, "Okello/Joan/f/2015-03-04/0772123456/Kijani A", &[]);
    check_alike(sara, "Okello/Sara/f/1960-01-09", &[]);
    check_alike(sara, "Okello/Sara/m/~1990", &[]);
    check_alike(sara, "Okello//f", &[]);
    check_alike(
        "Kebede/Sara Abebe/f/~2015",
        "Kebede/Hanna Abebe/f/~2016",
        &[],
    );
    check_alike("//////", "Okello/Grace", &[]);
}

#[test]
fn whoever_is_edited_is_not_alike_to_herself() {
    let index = index(&["Okello/Grace"]);
    let candidate = Candidate {
        name: row(0, "Okello/Grace").names[0].clone(),
        except: Some(patient(0)),
        ..Candidate::default()
    };
    assert_eq!(index.alike(&candidate, "2025".parse().unwrap(), 5), []);
}

#[test]
fn a_log_line_shows_no_name() {
    let index = index(&["Okello/Grace//1987-03-14/0772123456/Kijani"]);
    let candidate = Candidate {
        village: "Kijani".to_owned(),
        ..Candidate::default()
    };
    let row = index.row(patient(0)).unwrap();
    let matches = index.search("okello", 9);
    let line = format!("{index:?} {row:?} {candidate:?} {matches:?}").to_lowercase();
    for secret in ["okello", "grace", "1987", "0772", "kijani"] {
        assert!(!line.contains(secret), "{secret} in {line}");
    }
}

/// Names as they come: any script, marks, controls, emoji.
const ANY_NAME: &str =
    "[a-zA-Zéọ '-]{0,20}|[አ-ፐ]{1,6}|[क-ह][क-्]{0,6}|[ء-ي]{1,8}|\\PC{0,40}|.{0,10}";

proptest! {
    #[test]
    fn everyone_is_found_by_the_full_name_and_by_the_number(
        names in prop::collection::vec((ANY_NAME, ANY_NAME), 1..40),
    ) {
        let lines = names.iter().map(|(family, given)| {
            format!("{}/{}", family.replace('/', ""), given.replace('/', ""))
        });
        let rows: Vec<Row> = (0..).zip(lines).map(|(count, it)| row(count, &it)).collect();
        let index = Index::new(rows.clone());
        for row in &rows {
            let found = index.search(&row.number, 5);
            prop_assert_eq!(found.first().map(|it| it.patient), Some(row.patient));
            let name = &row.names[0];
            let full = format!("{} {}", name.given, name.family);
            if !(1..=16).contains(&Folded::of(&full).words().count()) {
                continue;
            }
            let found = index.search(&full, rows.len());
            let best = found.first().map(|it| it.score);
            let mine = found.iter().find(|it| it.patient == row.patient);
            prop_assert!(mine.is_some_and(|it| Some(it.score) == best), "{full:?}");
        }
    }

    #[test]
    fn any_text_at_all_is_searched(
        name in ANY_NAME, village in ANY_NAME, phone in "\\PC{0,20}", typed in ".{0,80}|\\PC{0,700}",
    ) {
        let mut row = row(0, "");
        row.names[0].family = name.clone();
        row.village = village.clone();
        row.number = typed.clone();
        row.phones = vec![phone.clone(), typed.clone()];
        let mut index = Index::new([row]);
        prop_assert!(index.search(&typed, 3).len() <= 1);
        let candidate = Candidate {
            name: Name { usage: NameUse::Usual, family: typed, given: name },
            phones: vec![phone],
            village,
            ..Candidate::default()
        };
        prop_assert!(index.alike(&candidate, "2025-06-01".parse().unwrap(), 3).len() <= 1);
        prop_assert!(index.remove(patient(0)).is_some());
        prop_assert_eq!(index.search("a", 3), vec![]);
    }
}

#[test]
fn two_are_twins_whichever_was_heard_of_first_unless_somebody_was_asked() {
    let today = PartialDate::new(2025, Some(6), Some(3)).unwrap();
    let put = |number: u32, at: u8, name: &str, others: &[u32]| Row {
        registered: (LogId::from_bytes([at; 16]), Timestamp(0)),
        others: others.iter().map(|it| patient(*it)).collect(),
        phones: vec!["0772 123 456".to_owned()],
        ..row(number, name)
    };
    let cases = [
        (put(1, 1, "Okello/Grace/F", &[]), true),
        (put(1, 1, "Okelo/Grace/F", &[]), true),
        (put(1, 1, "Okello/Grace/F", &[2]), false),
        (put(1, 2, "Okello/Grace/F", &[]), false),
        (put(1, 1, "Okello/Moses/F", &[]), false),
    ];
    for (first, expected) in cases {
        let second = put(2, 2, "Okello/Grace/F", &[]);
        for rows in [[&first, &second], [&second, &first]] {
            let index = Index::new(rows.map(Row::clone));
            let found = [
                index.twins(patient(1), today),
                index.twins(patient(2), today),
            ];
            let all = [vec![patient(2)], vec![patient(1)]];
            let expected = if expected { all } else { [vec![], vec![]] };
            assert!(
                found == expected,
                "{:?} {found:?}",
                rows[0].names[0].shown()
            );
        }
    }
}
