//! A consent on paper: what the patient signs.

use crate::{
    chart::{Consent, Decision, How, Person, Purpose, SharedPart},
    say::Say,
    text::Shown,
    time::{PartialDate, When},
};

/// The columns of the paper.
const COLUMNS: usize = 80;
/// The columns of what stands before a value.
const LABEL_COLUMNS: usize = 24;

/// Whose consent it is, and where.
pub(super) struct Of<'a> {
    pub(super) clinic: String,
    pub(super) person: Option<&'a Person>,
    pub(super) today: PartialDate,
}

/// The text, line by line.
pub(super) fn lines(consent: &Consent, of: &Of<'_>, say: &Say) -> Vec<String> {
    let refuses = consent.decision == Decision::Refused;
    let mut paper = vec![of.clinic.clone(), String::new()];
    let (title, says) = if refuses {
        ("paper-refusal", "paper-i-refuse")
    } else {
        ("paper-consent", "paper-i-agree")
    };
    paper.extend([say.line(title).to_uppercase(), String::new()]);
    facts(consent, of, say, &mut paper);
    paper.push(String::new());
    paper.extend(wrapped(&say.line(says)));
    if !refuses {
        paper.extend(wrapped(&say.line("paper-withdraw")));
    }
    let other = match consent.how {
        How::Written => None,
        How::Verbal => Some("paper-witness"),
        How::Guardian => Some("paper-guardian"),
    };
    let signers = [Some("paper-patient"), other, Some("paper-recorded-by")];
    for signer in signers.into_iter().flatten() {
        let blank = "_".repeat(28);
        paper.push(String::new());
        paper.push(String::new());
        let day = say.line("paper-day");
        let label = Shown::line(&say.line(signer)).pad(LABEL_COLUMNS);
        paper.push(format!("{label}{blank}  {day} {}", "_".repeat(12)));
    }
    paper
}

/// Who, to whom, what and how long.
fn facts(consent: &Consent, of: &Of<'_>, say: &Say, paper: &mut Vec<String>) {
    let day = |it: PartialDate| say.when(When::On(it));
    let or = |text: String, id: &str| if text.is_empty() { say.line(id) } else { text };
    let born = of.person.and_then(|it| it.birth).map(|it| day(it.date));
    let number = of.person.and_then(Person::number).unwrap_or_default();
    let parts: Vec<String> = consent.parts.iter().map(|it| part(it, say)).collect();
    let span = |from: Option<PartialDate>, until: Option<PartialDate>| {
        let shown = |it: Option<PartialDate>| it.map_or_else(|| "…".to_owned(), day);
        let some = from.is_some() || until.is_some();
        some.then(|| format!("{} – {}", shown(from), shown(until)))
    };
    let rows = [
        (
            "paper-patient",
            of.person.map(Person::shown_name).unwrap_or_default(),
        ),
        ("paper-born", born.unwrap_or_default()),
        ("paper-number", number.to_owned()),
        ("paper-to", or(consent.to.clone(), "paper-everybody")),
        ("paper-parts", or(parts.join(", "), "paper-all")),
        (
            "paper-span",
            span(consent.shared_from, consent.shared_until).unwrap_or_default(),
        ),
        ("paper-purpose", say.line(purpose(consent.purpose))),
        ("paper-from", consent.from.map(day).unwrap_or_default()),
        ("paper-until", consent.until.map(day).unwrap_or_default()),
        ("paper-how", say.line(how(consent.how))),
        ("paper-by", consent.witness.clone()),
        ("paper-printed", day(of.today)),
    ];
    for (label, value) in rows.into_iter().filter(|(_, it)| !it.is_empty()) {
        let mut label = Shown::line(&say.line(label)).pad(LABEL_COLUMNS).to_string();
        for line in Shown::wrapped(&value, COLUMNS - LABEL_COLUMNS) {
            paper.push(format!("{label}{line}"));
            label = " ".repeat(LABEL_COLUMNS);
        }
    }
}

fn wrapped(text: &str) -> Vec<String> {
    let lines = Shown::wrapped(text, COLUMNS).into_iter();
    lines.map(|it| it.as_str().to_owned()).collect()
}

fn part(part: &SharedPart, say: &Say) -> String {
    match part {
        SharedPart::Summary => say.line("consent-part-summary"),
        SharedPart::Visits => say.line("consent-part-visits"),
        SharedPart::Results => say.line("consent-part-results"),
        SharedPart::Restricted(name) => name.clone(),
    }
}

const fn purpose(purpose: Purpose) -> &'static str {
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

const fn how(how: How) -> &'static str {
    match how {
        How::Written => "consent-how-written",
        How::Verbal => "consent-how-verbal",
        How::Guardian => "consent-how-guardian",
    }
}
