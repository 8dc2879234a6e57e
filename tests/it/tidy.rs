//! Rules about the source itself: layers, outside crates, length, order.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

const WORDS: &[&str] = &["ids", "time", "text", "say"];

/// Each module and what it may name as `crate::…` besides itself and, but for the words, the
/// words. The order is the order of layers.
const LAYERS: &[(&str, &[&str])] = &[
    ("ids", &[]),
    ("time", &[]),
    ("text", &[]),
    ("say", &["time"]),
    ("platform", &[]),
    ("chart", &[]),
    ("content", &["chart"]),
    ("care", &["chart", "content"]),
    ("find", &["chart"]),
    ("demo", &["chart", "content"]),
    ("doc", &["chart"]),
    ("seal", &[]),
    ("ledger", &["seal"]),
    ("members", &["seal", "ledger", "chart"]),
    ("store", &["seal", "ledger", "platform"]),
    ("sync", &["chart", "seal", "ledger", "members"]),
    ("exchange", &["chart", "content"]),
    (
        "clinic",
        &[
            "platform", "chart", "content", "care", "find", "demo", "doc", "seal",
            "ledger", "members", "store", "sync", "exchange",
        ],
    ),
    ("net", &["seal", "ledger", "members", "sync", "clinic"]),
    ("app", &["chart", "content", "care", "find", "sync"]),
    (
        "tui",
        &[
            "chart", "content", "care", "find", "clinic", "app", "platform", "doc",
            "seal", "members", "store", "sync", "net",
        ],
    ),
    (
        "cli",
        &[
            "platform", "chart", "content", "care", "find", "demo", "doc", "seal",
            "ledger", "members", "store", "sync", "exchange", "clinic", "net", "app",
            "tui",
        ],
    ),
];

/// Outside crates that one part of the tree keeps to itself.
const KEPT: &[(&str, &str)] = &[
    ("jiff", "src/time"),
    ("fluent_bundle", "src/say"),
    ("automerge", "src/doc"),
    ("age", "src/seal"),
    ("age_core", "src/seal"),
    ("chacha20poly1305", "src/seal"),
    ("ed25519_dalek", "src/seal"),
    ("bech32", "src/seal"),
    ("blake3", "src/seal"),
    ("scrypt", "src/seal"),
    ("hkdf", "src/seal"),
    ("sha2", "src/seal"),
    ("x25519_dalek", "src/seal"),
    ("bip39", "src/seal"),
    ("redb", "src/store"),
    ("rustix", "src/platform"),
    ("signal_hook", "src/platform"),
    ("ratatui", "src/tui"),
    ("crossterm", "src/tui"),
    ("clap", "src/cli"),
    ("iroh", "src/net"),
    ("tokio", "src/net"),
    ("swarm_discovery", "src/net"),
];

const LINES_MAX: usize = 500;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(dir: &Path) -> BTreeMap<PathBuf, String> {
    fn visit(dir: &Path, into: &mut BTreeMap<PathBuf, String>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                visit(&path, into);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                into.insert(path, text);
            }
        }
    }
    let mut found = BTreeMap::new();
    if dir.is_dir() {
        visit(dir, &mut found);
    }
    found
}

fn sources() -> BTreeMap<PathBuf, String> {
    rust_files(&root().join("src"))
}

fn layer_of(path: &Path) -> String {
    let inside = path.strip_prefix(root().join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str();
    first.to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// The first path segments after `crate::`, in `use` trees and in expressions.
fn layers_named(text: &str) -> Vec<String> {
    let mut named = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let Some(group) = rest.strip_prefix('{') else {
            named.push(rest.to_owned());
            continue;
        };
        let mut depth = 0_u32;
        let mut segment = String::new();
        for c in group.chars() {
            match c {
                '}' if depth == 0 => break,
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => named.push(std::mem::take(&mut segment)),
                _ if depth == 0 => segment.push(c),
                _ => {}
            }
        }
        named.push(segment);
    }
    let word = |segment: String| {
        let letters = segment.trim_start().chars();
        letters
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    named
        .into_iter()
        .map(word)
        .filter(|it| !it.is_empty())
        .collect()
}

/// Whether code, not a comment, names this outside crate.
fn names_crate(text: &str, name: &str) -> bool {
    let code = text
        .lines()
        .map(str::trim_start)
        .filter(|line| !line.starts_with("//"));
    code.flat_map(|line| line.match_indices(name).map(move |(at, _)| (line, at)))
        .any(|(line, at)| {
            let before = line[..at].chars().next_back();
            let after = &line[at + name.len()..];
            let starts = !before.is_some_and(|c| c.is_alphanumeric() || "_:".contains(c));
            starts && (after.starts_with("::") || after.starts_with(';'))
        })
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap()
        .to_string_lossy()
        .replace('\\', "/")
}

#[test]
fn modules_only_look_down() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let layer = layer_of(&path);
        let Some((_, allowed)) = LAYERS.iter().find(|(name, _)| *name == layer) else {
            continue;
        };
        let words = if WORDS.contains(&layer.as_str()) {
            &[]
        } else {
            WORDS
        };
        for named in layers_named(&text) {
            let may = named == layer
                || allowed.contains(&named.as_str())
                || words.contains(&named.as_str());
            if !may {
                wrong.push(format!("{}: {layer} may not use {named}", shown(&path)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_has_a_layer() {
    for path in sources().keys() {
        let layer = layer_of(path);
        let known = LAYERS.iter().any(|(name, _)| *name == layer);
        assert!(
            known || layer == "lib" || layer == "main",
            "{layer} has no row in LAYERS"
        );
    }
}

#[test]
fn outside_crates_stay_where_they_belong() {
    for (path, text) in sources() {
        let path = shown(&path);
        for (name, home) in KEPT {
            let at_home =
                path == format!("{home}.rs") || path.starts_with(&format!("{home}/"));
            assert!(
                at_home || !names_crate(&text, name),
                "{path} names {name}; only {home} may"
            );
        }
    }
}

#[test]
fn files_stay_short_and_say_what_they_are() {
    let tests = rust_files(&root().join("tests"));
    let benches = rust_files(&root().join("benches"));
    for (path, text) in sources().into_iter().chain(tests).chain(benches) {
        let lines = text.lines().count();
        assert!(lines <= LINES_MAX, "{}: {lines} lines", shown(&path));
        assert!(text.starts_with("//!"), "{}: no //! line", shown(&path));
    }
}

#[test]
fn doc_comments_say_something() {
    for (path, text) in sources() {
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let hollow = lines
            .windows(2)
            .position(|pair| matches!(pair, ["///", next] if !next.starts_with("///")));
        assert_eq!(
            hollow,
            None,
            "{}: an empty /// before an item",
            shown(&path)
        );
    }
}

#[test]
fn no_lint_is_allowed_and_no_test_ignored() {
    let tests = rust_files(&root().join("tests"));
    let (allow, ignore) = (concat!("#", "[allow"), concat!("#", "[ignore"));
    for (path, text) in sources().into_iter().chain(tests) {
        let found = [allow, ignore].into_iter().find(|it| text.contains(it));
        assert_eq!(found, None, "{}", shown(&path));
    }
}

#[test]
fn every_test_file_is_listed() {
    let here = root().join("tests/it");
    let main = fs::read_to_string(here.join("main.rs")).unwrap();
    for entry in fs::read_dir(here).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let is_rust = path.extension().is_some_and(|it| it == "rs");
        if is_rust && name != "main" {
            assert!(
                main.contains(&format!("mod {name};")),
                "{name}.rs is in no test"
            );
        }
    }
}

#[test]
fn the_rule_tells_a_crate_from_a_word() {
    assert!(names_crate("use redb::Database;", "redb"));
    assert!(names_crate(
        "    let db = redb::Database::open(path)?;",
        "redb"
    ));
    assert!(!names_crate("//! kept in redb::Database", "redb"));
    assert!(!names_crate("use crate::store::redb::Thing;", "redb"));
    assert!(!names_crate("let page = storage::open();", "age"));
}

#[test]
fn the_rule_sees_grouped_and_plain_uses() {
    let text =
        "use crate::{ids::PatientId, chart::{self, Edit}};\nlet x = crate::time::now();";
    assert_eq!(layers_named(text), ["ids", "chart", "time"]);
}
