//! The catalogues of sentences: the same ids and the same gaps in every language, none
//! missing, none unused.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use cairn::say::{Arg, Lang, Say};

/// Id and text of each message, with its indented lines.
fn messages(lang: Lang) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut last = None;
    for line in lang.catalogue().lines() {
        if line.is_empty() || line.starts_with('#') {
            last = None;
        } else if line.starts_with([' ', '}']) {
            let id: &String = last.as_ref().unwrap();
            found.get_mut(id).unwrap().push_str(line);
        } else {
            let (id, text) = line.split_once(" =").unwrap();
            let before = found.insert(id.to_owned(), text.to_owned());
            assert_eq!(before, None, "{id} is twice in {}", lang.code());
            last = Some(id.to_owned());
        }
    }
    found
}

/// The names of what a text leaves open.
fn gaps(text: &str) -> BTreeSet<&str> {
    text.split('$')
        .skip(1)
        .filter_map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next())
        .collect()
}

fn sources(dir: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text.push_str(&sources(&path));
        } else if path.extension().is_some_and(|it| it == "rs") {
            text.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
    text
}

fn source() -> String {
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
}

/// The layers that speak to people.
fn speaking() -> String {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    ["app", "tui", "say"]
        .map(|layer| sources(&src.join(layer)))
        .concat()
}

/// Every string literal in the source that looks like an id of the catalogues: small
/// letters and digits joined by hyphens, its first word one that the catalogues know.
fn ids_named(source: &str, known: &BTreeSet<&str>) -> BTreeSet<String> {
    let pieces = source.split('"').filter(|piece| {
        let words: Vec<&str> = piece.split('-').collect();
        words.len() > 1
            && words.first().is_some_and(|first| known.contains(first))
            && words.iter().all(|word| {
                let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
                !word.is_empty() && word.chars().all(plain)
            })
    });
    pieces.map(str::to_owned).collect()
}

#[test]
fn every_sentence_is_in_every_language_with_the_same_gaps() {
    let english = messages(Lang::English);
    for lang in [Lang::French, Lang::Spanish] {
        let other = messages(lang);
        let missing: Vec<&String> = english
            .keys()
            .filter(|it| !other.contains_key(*it))
            .collect();
        let extra: Vec<&String> = other
            .keys()
            .filter(|it| !english.contains_key(*it))
            .collect();
        assert!(missing.is_empty(), "{} lacks {missing:?}", lang.code());
        assert!(extra.is_empty(), "only {} has {extra:?}", lang.code());
        for (id, text) in &english {
            let said = &other[id];
            assert_eq!(gaps(text), gaps(said), "{id} in {}", lang.code());
        }
    }
}

#[test]
fn every_sentence_is_used() {
    let source = source();
    let english = messages(Lang::English);
    let unused: Vec<&String> = english
        .keys()
        .filter(|id| !source.contains(&format!("\"{id}\"")))
        .collect();
    assert!(unused.is_empty(), "no code says {unused:?}");
}

#[test]
fn every_sentence_that_the_code_names_is_there() {
    let english = messages(Lang::English);
    let known: BTreeSet<&str> = english
        .keys()
        .filter_map(|id| id.split('-').next())
        .collect();
    let missing: Vec<String> = ids_named(&speaking(), &known)
        .into_iter()
        .filter(|id| !english.contains_key(id))
        .collect();
    assert!(missing.is_empty(), "no catalogue has {missing:?}");
}

#[test]
fn every_sentence_can_be_said() {
    for lang in Lang::ALL {
        let say = Say::new(lang);
        for (id, text) in messages(lang) {
            let gaps = gaps(&text);
            let args: Vec<(&str, Arg)> =
                gaps.iter().map(|name| (*name, Arg::Count(2))).collect();
            let said = say.with(&id, &args);
            assert!(!said.is_empty() && said != id, "{id} in {}", lang.code());
            assert!(!said.contains(['{', '}', '$']), "{id}: {said}");
        }
    }
}

#[test]
fn the_rules_find_gaps_and_ids() {
    let found: Vec<&str> = gaps("{ $n -> [one] { $name }").into_iter().collect();
    assert_eq!(found, ["n", "name"]);
    let known = BTreeSet::from(["find"]);
    let source = r#"say("find-title"); env("xterm-256color"); x("find-"); y("Find-me")"#;
    assert_eq!(
        ids_named(source, &known),
        BTreeSet::from(["find-title".to_owned()])
    );
}
