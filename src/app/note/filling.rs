//! What the phrases of a note are filled with.

use crate::{
    app::Cx,
    care::{bmi, phrases::Facts, vitals_line::Last},
    chart::Observation,
    content::Vital,
};

/// What phrases are filled with: what is typed in the line goes before what the chart knows.
/// What is closed otherwise than what is written is not among it.
pub(super) fn facts<'f>(
    cx: &Cx<'f>,
    typed: &'f [Observation],
) -> impl Fn() -> Facts + use<'f> {
    let (chart, today, closed) = (cx.chart, cx.today(), cx.closing);
    move || {
        let Some(chart) = chart else {
            return Facts::default();
        };
        let mut facts = Facts::with(chart, today, typed, closed);
        let saved = chart.visits.iter().flat_map(|it| &it.observations);
        let saved = saved.filter(|it| it.entry.may_stand_in(closed));
        let last = Last::of(saved.chain(typed));
        let both = last.number(Vital::Weight).zip(last.number(Vital::Height));
        let index = both.and_then(|(weight, height)| bmi(weight, height));
        facts.set("bmi", index.map_or(String::new(), |it| it.to_string()));
        facts
    }
}
