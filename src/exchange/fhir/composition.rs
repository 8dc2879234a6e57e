//! `Composition` becomes a note. Its sections are told in XHTML; the note keeps their words.

use serde_json::{Map, Value};

use super::{
    node::{Log, Node},
    resource::{Resource, Written},
    types::ANY,
};
use crate::chart::{Attested, Note, Record, Section};

/// The section in which a note's remark goes out.
pub(super) const REMARK: &str = "Remark";

/// LOINC's "Patient summary Document": the front page of an International Patient Summary.
const SUMMARY: &str = "60591-5";

/// The most bytes of the text of one section, without its marks.
const SECTION_BYTES_MAX: usize = 64 * 1024;

/// How deep sections may stand in sections; FHIR's own examples have two levels.
const DEPTH_MAX: usize = 8;

/// FHIR's `composition-status`.
const STATUSES: &[(&str, ())] = &[
    ("preliminary", ()),
    ("final", ()),
    ("amended", ()),
    ("entered-in-error", ()),
];

/// After these elements of XHTML a line ends.
const LINES: &[&str] = &[
    "br", "caption", "dd", "div", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "li", "p",
    "pre", "tr",
];

/// The longest name of an entity, in bytes: no further is looked for its end.
const ENTITY_BYTES_MAX: usize = 12;
/// What XHTML calls signs that have no key.
const ENTITIES: &[(&str, char)] = &[
    ("amp", '&'),
    ("apos", '\''),
    ("gt", '>'),
    ("lt", '<'),
    ("nbsp", ' '),
    ("quot", '"'),
];

/// The type, where the resource only lists what stands for itself: a summary's front page.
pub(super) fn named(kind: &str, resource: &Map<String, Value>) -> Option<&'static str> {
    if kind != "Composition" {
        return None;
    }
    let log = Log::new(String::new());
    let codes = Node::root(resource, &log).codes("type").contains(&SUMMARY);
    codes.then_some("Composition")
}

/// Reads a `Composition`.
pub(super) fn read(from: &Resource<'_>) -> Record {
    let node = &from.node;
    let status = node.text("status");
    node.meaning("status", status, STATUSES);
    let mut sections = Vec::new();
    gather(node, DEPTH_MAX, &mut sections);
    let remark = sections.pop_if(|it| it.name == REMARK);
    let author = node.first("author");
    let title = node.text("title").map(str::to_owned);
    let title = title.or_else(|| node.coded("type", ANY).map(|it| it.text));
    let mut entry = from.entry(Written {
        in_error: status == Some("entered-in-error"),
        recorded: node.moment("date"),
        author: author.map(|it| from.name_in(&it)).unwrap_or_default(),
        remark: remark.map(|it| it.text).unwrap_or_default(),
    });
    let related = |how: &str| {
        let all = node.nodes("relatesTo").into_iter();
        let mut all = all.filter(|it| it.text("code") == Some(how));
        let target = all.find_map(|it| it.node("targetReference"))?;
        from.linked(&target, "Composition")
    };
    entry.replaces = related("replaces");
    Record::Note(Note {
        entry,
        visit: from.visit(),
        title: title.unwrap_or_else(|| "note".to_owned()),
        sections,
        phrases: Vec::new(),
        signed: None,
        adds_to: related("appends"),
        attested: attested(from),
    })
}

/// The sections of a document that is held, in words: title and text.
pub fn sections_in_words(document: &[u8]) -> Vec<(String, String)> {
    let bundle: Map<String, Value> = serde_json::from_slice(document).unwrap_or_default();
    let entries = bundle.get("entry").and_then(Value::as_array);
    let resources = entries.into_iter().flatten();
    let mut resources = resources.filter_map(|it| it.get("resource")?.as_object());
    let front = resources
        .find(|it| it.get("resourceType").and_then(Value::as_str) == Some("Composition"));
    let mut sections = Vec::new();
    if let Some(front) = front {
        let log = Log::new(String::new());
        gather(&Node::root(front, &log), DEPTH_MAX, &mut sections);
    }
    let both = |it: Section| (it.name, it.text);
    sections.into_iter().map(both).collect()
}

/// Who vouched for it: in law, else in their profession.
fn attested(from: &Resource<'_>) -> Option<Attested> {
    let all = from.node.nodes("attester");
    let by = |mode: &str| all.iter().find(|it| it.text("mode") == Some(mode));
    let found = by("legal").or_else(|| by("professional"))?;
    let party = found.node("party");
    let attested = Attested {
        by: party.map(|it| from.name_in(&it)).unwrap_or_default(),
        at: found.when("time"),
    };
    (!attested.by.is_empty() || attested.at.is_some()).then_some(attested)
}

/// The sections that say something, and those that stand in them.
fn gather(node: &Node<'_>, depth: usize, into: &mut Vec<Section>) {
    for it in node.nodes("section") {
        let narrative = it.node("text");
        let div = narrative.as_ref().and_then(|it| it.raw_text("div"));
        let mut text = words_of(div.unwrap_or_default());
        if text.len() > SECTION_BYTES_MAX {
            it.note("text", "longer than a section may be: cut");
            text.truncate(text.floor_char_boundary(SECTION_BYTES_MAX));
        }
        if !text.is_empty() {
            let name = it.text("title").map(str::to_owned);
            let name = name.unwrap_or_else(|| it.words("code"));
            into.push(Section { name, text });
        }
        if depth > 0 {
            gather(&it, depth - 1, into);
        }
    }
}

/// The words of XHTML, line by line.
fn words_of(markup: &str) -> String {
    let mut text = String::new();
    let mut rest = markup;
    while let Some((before, after)) = rest.split_once('<') {
        say(before, &mut text);
        let (tag, after) = if let Some(comment) = after.strip_prefix("!--") {
            ("", comment.split_once("-->").map_or("", |(_, it)| it))
        } else {
            after.split_once('>').unwrap_or((after, ""))
        };
        let name = tag.trim_matches('/').split_whitespace().next();
        let name = name.unwrap_or_default().to_ascii_lowercase();
        if LINES.contains(&name.as_str()) {
            let begins = !tag.starts_with('/') && name != "br";
            if !begins || !text.ends_with('\n') {
                text.push('\n');
            }
        } else if matches!(name.as_str(), "td" | "th") && tag.starts_with('/') {
            text.push(' ');
        }
        rest = after;
    }
    say(rest, &mut text);
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

/// Adds a text without marks. A line that only the source was broken into is none.
fn say(plain: &str, into: &mut String) {
    for (number, line) in plain.split(['\n', '\r']).enumerate() {
        let line = if number == 0 { line } else { line.trim_start() };
        let gap = number > 0 && !line.is_empty() && !into.ends_with(char::is_whitespace);
        if gap && !into.is_empty() {
            into.push(' ');
        }
        let mut rest = line;
        while let Some((before, after)) = rest.split_once('&') {
            into.push_str(before);
            let (sign, after) = sign(after);
            into.push(sign);
            rest = after;
        }
        into.push_str(rest);
    }
}

/// The sign that an entity stands for, and what follows it.
fn sign(after: &str) -> (char, &str) {
    let near = after.get(..after.floor_char_boundary(ENTITY_BYTES_MAX));
    let Some((name, _)) = near.and_then(|it| it.split_once(';')) else {
        return ('&', after);
    };
    let rest = after.get(name.len() + 1..).unwrap_or_default();
    let number = name.strip_prefix('#').map(|it| match it.strip_prefix('x') {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => it.parse(),
    });
    let numbered = number.and_then(|it| char::from_u32(it.ok()?));
    let called = ENTITIES.iter().find(|(it, _)| *it == name);
    let found = numbered.or_else(|| called.map(|(_, sign)| *sign));
    match found.filter(|it| !it.is_control()) {
        Some(sign) => (sign, rest),
        None => ('&', after),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::exchange::fhir::{
        Item, Survey,
        testing::{items, record},
    };

    fn composition() -> Value {
        json!({
            "resourceType": "Composition", "id": "n", "status": "final",
            "type": {"text": "Discharge letter"}, "date": "2020-01-02T08:00:00Z",
            "subject": {"reference": "Patient/p"}, "title": "Discharge",
            "author": [{"display": "Dr Keita"}],
            "attester": [
                {"mode": "personal", "party": {"display": "A clerk"}},
                {"mode": "legal", "time": "2020-01-03", "party": {"display": "Dr Sow"}},
            ],
            "relatesTo": [{"code": "appends", "targetReference":
                {"reference": "Composition/m"}}],
            "section": [
                {"title": "Course", "text": {"status": "additional", "div":
                    "<div xmlns=\"http://www.w3.org/1999/xhtml\">Fever &lt; 39 &amp; \
                     cough.<br/>\n      Then well.</div>"},
                 "section": [{"code": {"text": "Diet"}, "text": {"div":
                    "<div><p>No salt.</p><ul><li>rice</li><li>beans</li></ul></div>"}}]},
                {"title": "Allergies", "entry": [{"reference": "AllergyIntolerance/1"}]},
            ],
        })
    }

    #[track_caller]
    fn note(value: &Value) -> Note {
        let Record::Note(it) = record(value) else {
            panic!()
        };
        it
    }

    #[test]
    fn a_note_keeps_the_words_of_its_sections_who_wrote_and_who_vouched() {
        let found = note(&composition());
        let sections: Vec<_> = found
            .sections
            .iter()
            .map(|it| (it.name.as_str(), it.text.as_str()))
            .collect();
        let expected = [
            ("Course", "Fever < 39 & cough.\nThen well."),
            ("Diet", "No salt.\nrice\nbeans"),
        ];
        assert_eq!(sections, expected);
        assert_eq!(found.title, "Discharge");
        assert!(found.signed.is_none() && found.adds_to.is_some());
        let attested = found.attested.unwrap();
        assert_eq!(attested.by, "Dr Sow");
        assert_eq!(attested.at.unwrap().to_string(), "2020-01-03");
    }

    #[test]
    fn words_are_found_whatever_the_marks_are() {
        for (markup, expected) in [
            ("<div>a<br/>b</div>", "a\nb"),
            ("<div>  a   b</div>", "a   b"),
            (
                "<table><tr><td>x</td><td>1</td></tr><tr><td>y</td></tr></table>",
                "x 1\ny",
            ),
            ("<p>one\n   two</p>\n<p>three</p>", "one two\nthree"),
            ("<b>a</b>&#233;&#x41;&nbsp;&copy;&", "aéA &copy;&"),
            ("a<!-- <b> -->b<unclosed", "ab"),
            ("&#27;[31m", "&#27;[31m"),
            ("", ""),
        ] {
            assert_eq!(words_of(markup), expected, "for {markup}");
        }
    }

    #[test]
    fn entities_without_an_end_cost_no_more_than_other_words() {
        let many = "&".repeat(1 << 20);
        assert_eq!(words_of(&many), many);
        let late = format!("&amp{};", " ".repeat(ENTITY_BYTES_MAX));
        assert_eq!(words_of(&late), late);
    }

    #[test]
    fn a_summarys_front_page_is_no_note() {
        let mut front = composition();
        front["type"] = json!({"coding": [{"code": SUMMARY}]});
        let text = format!("{{\"resourceType\":\"Patient\",\"id\":\"p\"}}\n{front}");
        let last = items(&mut Survey::new(None), &text).pop().unwrap();
        assert!(matches!(last, Item::Named(it) if it.type_name == "Composition"));
    }

    #[test]
    fn sections_in_sections_end_somewhere() {
        let mut section = json!({"text": {"div": "<div>deep</div>"}});
        for _ in 0..40 {
            section = json!({"text": {"div": "<div>x</div>"}, "section": [section]});
        }
        let mut value = composition();
        value["section"] = json!([section]);
        assert_eq!(note(&value).sections.len(), DEPTH_MAX + 1);
    }
}
