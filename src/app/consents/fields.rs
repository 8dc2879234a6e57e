//! The forms of a consent, and the consent that they make.

use super::{CORRECT, GIVE, IN_ERROR, REFUSE, WITHDRAW, rows, sharing};
use crate::{
    app::{
        Cx,
        form::{Field, Form, Kind, Letter, Pick},
        sheet::{self, Task},
    },
    chart::{
        Consent, ConsentState, Decision, Entry, How, Lacking, Purpose, Record, Remark,
        SharedPart, who::Action,
    },
    ids::{LogId, RecordId, UserId},
    say::Say,
    time::{Moment, PartialDate, parse_day},
};

/// The field that is wrong, and the sentence that says why.
pub(super) type Refused = (&'static str, &'static str);

pub(super) const REASON: &str = "consent-reason";
pub(super) const TO: &str = "consent-to";
const PARTS: &str = "consent-parts";
const UNTIL: &str = "consent-until";
const HOW: &str = "consent-how";
const WITNESS: &str = "consent-witness";
const PURPOSE: &str = "consent-purpose";
const SINCE: &str = "consent-since";
const NOTE: &str = "consent-note";

/// How long it usually holds.
const USUALLY: &str = "t+1m";
/// The parts that the list offers together; the first are what is usually shared.
const OFFERED: [&[SharedPart]; 4] = [
    &[SharedPart::Summary, SharedPart::Visits],
    &[SharedPart::Summary],
    &[SharedPart::Summary, SharedPart::Visits, SharedPart::Results],
    &[SharedPart::Results],
];

const HOWS: &[Letter] = &[
    Letter::new('w', "consent-how-written"),
    Letter::new('v', "consent-how-verbal"),
    Letter::new('g', "consent-how-guardian"),
];
const PURPOSES: &[Letter] = &[
    Letter::new('t', "consent-for-treatment"),
    Letter::new('e', "consent-for-emergency"),
    Letter::new('p', "consent-for-payment"),
    Letter::new('o', "consent-for-operations"),
    Letter::new('h', "consent-for-public-health"),
    Letter::new('r', "consent-for-research"),
    Letter::new('a', "consent-for-patient"),
];

/// The record, if it is a consent.
pub(super) const fn read(record: &Record) -> Option<&Consent> {
    if let Record::Consent(consent) = record {
        Some(consent)
    } else {
        None
    }
}

/// The form of a task.
pub(super) fn form(task: Task, of: Option<&Record>, cx: &Cx<'_>) -> Option<Form> {
    let of = of.and_then(read);
    let may = cx.may(Action::WriteConsent);
    match task.title {
        _ if !may => None,
        GIVE => Some(give(cx)),
        REFUSE => Some(refuse(cx)),
        CORRECT => Some(filled(of?, cx)),
        WITHDRAW => of.map(|_| {
            let why = Field::optional(REASON, "consent-reason-help", Kind::Text);
            Form::new(vec![why])
        }),
        IN_ERROR => of.map(|_| sheet::ask_why()),
        _ => None,
    }
}

fn give(cx: &Cx<'_>) -> Form {
    let mut to = Field::needed(TO, "consent-to-help", Kind::Listed);
    to.picks = recipients(cx);
    let mut parts = Field::needed(PARTS, "consent-parts-help", Kind::Listed);
    parts.picks = offered(cx.say);
    if let Some(usual) = OFFERED.first() {
        parts.guess(&in_words(usual, cx.say));
    }
    let mut until = Field::needed(UNTIL, "consent-until-help", Kind::LastDay);
    until.guess(USUALLY);
    let mut form = Form::new(vec![
        to,
        parts,
        until,
        Field::needed(HOW, "consent-how-help", Kind::Letters(HOWS)),
        witness(cx),
        Field::needed(PURPOSE, "consent-purpose-help", Kind::Letters(PURPOSES)),
        Field::optional(SINCE, "consent-since-help", Kind::Day),
        Field::optional(NOTE, "consent-note-help", Kind::Text),
    ]);
    sheet::put(&mut form, HOW, "V");
    sheet::put(&mut form, PURPOSE, "T");
    form
}

fn refuse(cx: &Cx<'_>) -> Form {
    let mut to = Field::optional(TO, "consent-refuse-to-help", Kind::Listed);
    to.picks = recipients(cx);
    let mut parts = Field::optional(PARTS, "consent-refuse-parts-help", Kind::Listed);
    parts.picks = offered(cx.say);
    let mut form = Form::new(vec![
        to,
        parts,
        Field::needed(HOW, "consent-how-help", Kind::Letters(HOWS)),
        witness(cx),
        Field::optional(NOTE, "consent-note-help", Kind::Text),
    ]);
    sheet::put(&mut form, HOW, "V");
    form
}

/// Whoever writes it down has heard it.
fn witness(cx: &Cx<'_>) -> Field {
    let mut witness = Field::optional(WITNESS, "consent-witness-help", Kind::Text);
    if let Some(who) = cx.who {
        witness.guess(&who.name);
    }
    witness
}

/// To whom something was given or refused before, the last first.
pub(super) fn recipients(cx: &Cx<'_>) -> Vec<Pick> {
    let mut names: Vec<&str> = Vec::new();
    for consent in cx.chart.map(rows).unwrap_or_default() {
        if !consent.to.is_empty() && !names.contains(&consent.to.as_str()) {
            names.push(&consent.to);
        }
    }
    let picks = names.into_iter().map(str::to_owned);
    picks.map(Pick::plain).collect()
}

fn offered(say: &Say) -> Vec<Pick> {
    let offered = OFFERED.iter().map(|it| in_words(it, say));
    offered.map(Pick::plain).collect()
}

fn filled(consent: &Consent, cx: &Cx<'_>) -> Form {
    let mut form = match consent.decision {
        Decision::Given => give(cx),
        Decision::Refused => refuse(cx),
    };
    let day = |it: Option<PartialDate>| it.map_or(String::new(), |it| it.to_string());
    let letter = |of: &[Letter], says: &str| {
        let found = of.iter().find(|it| it.says == says);
        found.map_or(String::new(), |it| {
            it.letter.to_ascii_uppercase().to_string()
        })
    };
    sheet::put(&mut form, TO, &consent.to);
    sheet::put(&mut form, PARTS, &in_words(&consent.parts, cx.say));
    sheet::put(&mut form, UNTIL, &day(consent.until));
    sheet::put(&mut form, HOW, &letter(HOWS, how_says(consent.how)));
    sheet::put(&mut form, WITNESS, &consent.witness);
    sheet::put(
        &mut form,
        PURPOSE,
        &letter(PURPOSES, purpose_says(consent.purpose)),
    );
    sheet::put(&mut form, SINCE, &day(consent.shared_from));
    sheet::put(&mut form, NOTE, &consent.entry.remark.0);
    form
}

/// What the form says that the patient agrees to.
pub(super) fn given(form: &Form, cx: &Cx<'_>) -> Result<Consent, Refused> {
    let day = |name| parse_day(form.text(name), cx.today()).ok();
    let purpose = Purpose::ALL.into_iter().find(|it| {
        let letter = PURPOSES.iter().find(|row| row.says == purpose_says(*it));
        letter.is_some_and(|it| is_letter(form.text(PURPOSE), *it))
    });
    checked(Consent {
        purpose: purpose.unwrap_or(Purpose::Treatment),
        until: day(UNTIL),
        shared_from: day(SINCE),
        ..common(Decision::Given, form, cx)?
    })
}

/// What the form says that the patient refuses.
pub(super) fn refused(form: &Form, cx: &Cx<'_>) -> Result<Consent, Refused> {
    checked(common(Decision::Refused, form, cx)?)
}

fn common(decision: Decision, form: &Form, cx: &Cx<'_>) -> Result<Consent, Refused> {
    let how = How::ALL.into_iter().find(|it| {
        let letter = HOWS.iter().find(|row| row.says == how_says(*it));
        letter.is_some_and(|it| is_letter(form.text(HOW), *it))
    });
    let how = how.unwrap_or(How::Verbal);
    let to = form.text(TO).to_owned();
    let known = cx.chart.map(rows).unwrap_or_default();
    let parts = parts(form.text(PARTS), cx.say).ok_or((PARTS, "consent-parts-wrong"))?;
    // Whoever writes it down is filled in as the witness; a signature needs none, and a
    // guardian is somebody else.
    let own = cx.who.is_some_and(|it| it.name == form.text(WITNESS));
    let witness = match how {
        How::Written | How::Guardian if own => "",
        How::Written | How::Verbal | How::Guardian => form.text(WITNESS),
    };
    let nobody = Entry::new(RecordId::ZERO, Moment::default(), UserId::ZERO, LogId::ZERO);
    Ok(Consent {
        entry: Entry {
            remark: Remark(form.text(NOTE).to_owned()),
            ..nobody
        },
        decision,
        state: ConsentState::Active,
        withdrawal: None,
        card: form
            .field(TO)
            .and_then(|it| sharing::card_of(&it.coded()))
            .or_else(|| known.iter().find(|it| it.to == to)?.card),
        to,
        parts,
        shared_from: None,
        shared_until: None,
        purpose: Purpose::Treatment,
        from: None,
        until: None,
        how,
        witness: witness.to_owned(),
        over: Vec::new(),
    })
}

fn checked(consent: Consent) -> Result<Consent, Refused> {
    match consent.lacks() {
        None => Ok(consent),
        Some(Lacking::Recipient) => Err((TO, "form-needed")),
        Some(Lacking::Parts) => Err((PARTS, "form-needed")),
        Some(Lacking::Until) => Err((UNTIL, "form-needed")),
        Some(Lacking::Order) => Err((UNTIL, "consent-until-wrong")),
        Some(Lacking::Witness) => Err((WITNESS, "consent-witness-needed")),
    }
}

/// Parts in the words of the screen.
pub fn in_words(parts: &[SharedPart], say: &Say) -> String {
    let words: Vec<String> = parts.iter().map(|it| word(it, say)).collect();
    words.join(", ")
}

fn word(part: &SharedPart, say: &Say) -> String {
    match part {
        SharedPart::Summary => say.line("consent-word-summary"),
        SharedPart::Visits => say.line("consent-word-visits"),
        SharedPart::Results => say.line("consent-word-results"),
        SharedPart::Restricted(_) => part.word(),
    }
}

/// The parts that were typed, by their first letters; none where a word means no part.
fn parts(text: &str, say: &Say) -> Option<Vec<SharedPart>> {
    let all = [SharedPart::Summary, SharedPart::Visits, SharedPart::Results];
    let mut parts: Vec<SharedPart> = Vec::new();
    let words = text.split(',').map(str::trim);
    for typed in words.filter(|it| !it.is_empty()) {
        let small = typed.to_lowercase();
        let named = all.iter().find(|it| word(it, say).starts_with(&small));
        let part = match (named, SharedPart::named(typed)) {
            (Some(part), _) => part.clone(),
            (None, part) if part.word() == typed => part,
            (None, _) => return None,
        };
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    Some(parts)
}

fn is_letter(text: &str, letter: Letter) -> bool {
    text.chars().eq([letter.letter.to_ascii_uppercase()])
}

/// The sentence that says what for.
pub const fn purpose_says(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Treatment => "consent-for-treatment",
        Purpose::Emergency => "consent-for-emergency",
        Purpose::Payment => "consent-for-payment",
        Purpose::Operations => "consent-for-operations",
        Purpose::PublicHealth => "consent-for-public-health",
        Purpose::Research => "consent-for-research",
        Purpose::PatientRequest => "consent-for-patient",
    }
}

/// The sentence that says how it was said.
const fn how_says(how: How) -> &'static str {
    match how {
        How::Written => "consent-how-written",
        How::Verbal => "consent-how-verbal",
        How::Guardian => "consent-how-guardian",
    }
}
