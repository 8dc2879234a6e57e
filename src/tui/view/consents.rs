//! Consent and sharing: what the patient agreed to, refused and withdrew.

use super::{
    super::{pen::Pen, theme::Role},
    sheet::{Line, draw_form, draw_kept, draw_list, with_reason},
};
use crate::{
    app::{
        beyond::{Shared, Stands as Term},
        consents::{State, in_words, provider_of, purpose_says, rows},
    },
    care::consent::{State as Stands, state},
    chart::{Chart, Consent, Consents, How},
};

pub(super) struct ConsentsView<'a> {
    pub(super) state: &'a State,
    pub(super) chart: &'a Chart,
}

/// The cells of the words that say how a consent stands, of a day, and of how it was said.
const STANDS: u16 = 12;
const DAY: u16 = 12;
const HOW: u16 = 10;

impl ConsentsView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        let rows = rows(self.chart);
        let record = self.state.sheet.writing.as_ref();
        let record = record.and_then(|it| it.task.record);
        let written = rows.iter().find(|it| Some(it.entry.id) == record);
        let what = written.map_or("", |it| it.to.as_str());
        let mut y = draw_form(&self.state.sheet, what, &[], pen);
        let given = rows
            .iter()
            .filter(|it| self.stands(it, pen) == Stands::Given);
        let count = given.count().into();
        let said = pen.look.say.with("consent-count", &[("n", count)]);
        let x = pen.put(1, y, said, Role::Heading);
        self.draw_shared(x + 3, y, pen);
        y = draw_kept(&self.state.sheet, y + 1, pen);
        let width = pen.width().saturating_sub(4);
        let mut lines: Vec<Line> =
            rows.iter().map(|it| self.line(it, width, pen)).collect();
        let shares = &self.state.known.sharing.shares;
        lines.extend(shares.iter().map(|it| share_line(it, width, pen)));
        if lines.is_empty() {
            pen.put_line(1, y, "consent-none", Role::Plain);
        }
        draw_list(&self.state.sheet, &lines, y, pen);
    }

    /// With how many the chart is shared now.
    fn draw_shared(&self, x: u16, y: u16, pen: &mut Pen<'_>) {
        let shares = self.state.known.sharing.shares.iter();
        let live = shares.filter(|it| it.stands == Term::Live).count();
        if live > 0 {
            let said = pen.look.say.with("share-count", &[("n", live.into())]);
            pen.put(x, y, said, Role::Heading);
        }
    }

    fn stands(&self, consent: &Consent, pen: &Pen<'_>) -> Stands {
        let none = Consents::default();
        let all = self.chart.consents.as_ref().unwrap_or(&none);
        state(consent, all, pen.look.now.day())
    }

    fn line(&self, consent: &Consent, width: u16, pen: &Pen<'_>) -> Line {
        let say = pen.look.say;
        let stands = self.stands(consent, pen);
        let to = or(&consent.to, "consent-everybody", pen);
        let parts = or(&in_words(&consent.parts, say), "consent-all", pen);
        let until = consent.until.map(|it| say.date(it)).unwrap_or_default();
        let room = width.saturating_sub(STANDS + DAY + HOW + 4);
        let wide = room / 2;
        let mut line = Line::of(&consent.entry, self.chart, pen);
        let kept = &self.state.known.sharing.providers;
        let bearer = consent.card.and_then(|_| provider_of(consent, kept));
        if let Some(it) = bearer.filter(|_| stands == Stands::Given) {
            let clinic = [("clinic", it.clinic.clone().into())];
            line.add(&say.with("consent-says-card", &clinic));
        }
        line.add(&more(consent, stands, pen));
        line.tells = true;
        line.cells = vec![
            (STANDS, say.line(stands_says(stands))),
            (wide, to),
            (room - wide, parts),
            (DAY, until),
            (HOW, say.line(how_word(consent.how))),
        ];
        line
    }
}

/// A share, under the consents.
fn share_line(it: &Shared, width: u16, pen: &Pen<'_>) -> Line {
    let say = pen.look.say;
    let room = width.saturating_sub(STANDS + DAY + HOW + 4);
    let wide = room / 2;
    let purpose = it.purpose.map(|it| say.line(purpose_says(it)));
    let args = [
        ("by", it.by.clone().into()),
        ("day", say.date(it.at.day()).into()),
        ("purpose", purpose.unwrap_or_default().into()),
    ];
    Line {
        mark: "=",
        cells: vec![
            (STANDS, say.line(share_says(it.stands))),
            (wide, or(&it.to, "share-card-not-kept", pen)),
            (room - wide, in_words(&it.parts, say)),
            (DAY, say.date(it.until)),
        ],
        role: Role::Plain,
        marked: String::new(),
        more: say.with("share-says", &args),
        tells: true,
    }
}

const fn share_says(stands: Term) -> &'static str {
    match stands {
        Term::Early => "share-is-early",
        Term::Live => "share-is-live",
        Term::Expired => "share-is-over",
        Term::Revoked => "share-is-revoked",
    }
}

/// What the row has no room for.
fn more(consent: &Consent, stands: Stands, pen: &Pen<'_>) -> String {
    let say = pen.look.say;
    if consent.entry.in_error {
        return with_reason("sheet-in-error", &consent.entry.remark.0, pen);
    }
    let mut parts = Vec::new();
    if let (Stands::Withdrawn, Some(it)) = (stands, &consent.withdrawal) {
        let day = say.date(it.at.day());
        let on = say.with("consent-says-withdrawn", &[("day", day.into())]);
        parts.push(if it.reason.is_empty() {
            format!("{on}.")
        } else {
            format!("{on}: {}.", it.reason.trim_end_matches('.'))
        });
    }
    let purpose = say.line(purpose_says(consent.purpose));
    let day = say.date(consent.entry.recorded.day());
    let args = [("purpose", purpose.into()), ("day", day.into())];
    parts.push(say.with("consent-says", &args));
    if !consent.witness.is_empty() {
        let says = match consent.how {
            How::Guardian => "consent-says-guardian",
            How::Written | How::Verbal => "consent-says-witness",
        };
        let name = consent.witness.as_str().into();
        parts.push(say.with(says, &[("name", name)]));
    }
    if let Some(day) = consent.shared_from {
        let day = say.date(day);
        parts.push(say.with("consent-says-since", &[("day", day.into())]));
    }
    if !consent.entry.remark.0.is_empty() {
        parts.push(consent.entry.remark.0.clone());
    }
    parts.join(" ")
}

fn or(text: &str, id: &str, pen: &Pen<'_>) -> String {
    if text.is_empty() {
        pen.say(id)
    } else {
        text.to_owned()
    }
}

const fn stands_says(stands: Stands) -> &'static str {
    match stands {
        Stands::Given => "consent-is-given",
        Stands::NotYet => "consent-is-not-yet",
        Stands::Expired => "consent-is-over",
        Stands::Withdrawn => "consent-is-withdrawn",
        Stands::Refused => "consent-is-refused",
        Stands::SetAside => "consent-is-set-aside",
        Stands::Overruled => "consent-is-overruled",
        Stands::InError => "consent-is-in-error",
    }
}

const fn how_word(how: How) -> &'static str {
    match how {
        How::Written => "consent-word-written",
        How::Verbal => "consent-word-verbal",
        How::Guardian => "consent-word-guardian",
    }
}
