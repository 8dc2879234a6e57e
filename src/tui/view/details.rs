//! The form that corrects who a patient is.

use super::{super::pen::Pen, sheet::draw_form};
use crate::{
    app::{Desk, details::State},
    chart::Person,
};

pub(super) struct DetailsView<'a> {
    pub(super) state: &'a State,
    pub(super) desk: &'a Desk,
}

impl DetailsView<'_> {
    pub(super) fn draw(&self, pen: &mut Pen<'_>) {
        let person = self.desk.chart.as_ref();
        let person = person.and_then(|it| it.identity.person.as_ref());
        let name = person.map(Person::shown_name).unwrap_or_default();
        draw_form(&self.state.sheet, &name, &[], pen);
    }
}
