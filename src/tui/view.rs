//! Drawing: structs of references that read the model and decide nothing. Each
//! has `draw`, which takes the pen; [`ScreenView`] is the widget that holds them all.

mod allergies;
mod banner;
mod beyond;
mod bundle;
mod closed;
mod compare;
mod consents;
mod details;
mod drugs;
mod echo;
mod find;
mod form;
mod glass;
mod hints;
mod history;
mod immunizations;
mod invite;
mod line;
mod lock;
mod note;
mod notes;
mod opening;
mod overlay;
mod pages;
mod person;
mod problems;
mod register;
mod rows;
mod sheet;
mod start;
mod summary;
mod sync;
mod title;
mod to_compare;
mod vitals;

pub(super) use self::opening::OpeningView;
use ratatui::{buffer::Buffer, layout::Rect, widgets::Widget};

use self::{
    allergies::AllergiesView, banner::BannerView, beyond::BeyondView, bundle::BundleView,
    closed::ClosedView, compare::CompareView, consents::ConsentsView,
    details::DetailsView, drugs::DrugsView, find::FindView, glass::GlassView,
    hints::HintsView, history::HistoryView, immunizations::ImmunizationsView,
    invite::InviteView, lock::LockView, note::NoteView, notes::NotesView,
    overlay::OverlayView, pages::PagesView, problems::ProblemsView,
    register::RegisterView, start::StartView, summary::SummaryView, sync::SyncView,
    title::TitleView, to_compare::ToCompareView, vitals::VitalsView,
};
use super::{
    pen::{Drawn, Look, Pen, fold_to_ascii},
    theme::{Role, Theme},
};
use crate::{
    app::{
        Desk, Model, Screen, Seat, Size, apart, draft::Unfinished, keymap::Action,
        records, sync as machines,
    },
    chart::Chart,
};

/// Rows at the bottom: what was said, and the two rows of hints.
const BOTTOM_ROWS: u16 = 3;

/// The whole screen.
#[derive(Debug)]
pub struct ScreenView<'a> {
    /// What is shown.
    pub model: &'a Model,
    /// In which colours.
    pub theme: Theme,
}

impl Widget for ScreenView<'_> {
    fn render(self, area: Rect, buf: &mut Buffer) {
        self.draw_on(area, buf);
    }
}

impl ScreenView<'_> {
    /// Draws, and says where the caret stands and what can be clicked.
    pub fn draw_on(self, area: Rect, buf: &mut Buffer) -> Drawn {
        let look = Look {
            say: &self.model.say,
            theme: self.theme,
            now: self.model.now,
        };
        let mut drawn = Drawn::default();
        let mut pen = Pen::new(area, buf, &mut drawn, look);
        pen.clear();
        self.draw(&mut pen);
        if self.theme.ascii {
            fold_to_ascii(buf);
        }
        drawn.caret.get_or_insert(area.as_position());
        drawn
    }

    fn draw(&self, pen: &mut Pen<'_>) {
        let size = Size {
            columns: pen.width(),
            rows: pen.height(),
        };
        if !size.is_enough() {
            self.draw_too_small(pen, size);
            return;
        }
        match &self.model.seat {
            Seat::Start(state) => StartView { state }.draw(pen),
            Seat::Locked(state) => {
                let (clinic, standing) = (&self.model.clinic, &self.model.standing);
                LockView {
                    state,
                    clinic,
                    standing,
                }
                .draw(pen);
            }
            Seat::In(desk) => self.draw_desk(desk, pen),
        }
        if self.model.overlay.is_some() {
            pen.cover();
        }
        let whole = pen.height().saturating_sub(BOTTOM_ROWS);
        self.draw_bottom(whole, pen);
        if let Some(overlay) = &self.model.overlay {
            let log = &self.model.log;
            let role = self.model.role();
            OverlayView { overlay, log, role }.draw(pen);
        }
    }

    fn draw_desk(&self, desk: &Desk, pen: &mut Pen<'_>) {
        let clinic = &self.model.clinic;
        TitleView { desk, clinic }.draw(pen);
        let mut top = 1;
        if let Some(chart) = desk.banner() {
            let banner = BannerView { chart };
            let rows = banner.rows(pen);
            banner.draw(&mut pen.within(Rect::new(0, 1, pen.width(), rows)));
            top += rows;
        }
        if let Some(at) = desk.front().and_then(Screen::page) {
            PagesView { at }.draw(&mut pen.within(Rect::new(0, top, pen.width(), 1)));
            top += 1;
        }
        top = draw_above(desk, top, pen);
        let rows = pen.height().saturating_sub(top + BOTTOM_ROWS);
        let mut body = pen.within(Rect::new(0, top, pen.width(), rows));
        match desk.front() {
            Some(Screen::Find(state)) => {
                let may_know = desk.who.role;
                FindView { state, may_know }.draw(&mut body);
            }
            Some(Screen::Register(state)) => RegisterView { state }.draw(&mut body),
            Some(Screen::Details(state)) => DetailsView { state, desk }.draw(&mut body),
            Some(Screen::Summary(state)) => {
                if let Some(chart) = &desk.chart {
                    SummaryView { state, chart, desk }.draw(&mut body);
                }
            }
            Some(Screen::Vitals(state)) => {
                if let Some(chart) = &desk.chart {
                    VitalsView { state, chart }.draw(&mut body);
                }
            }
            Some(Screen::Note(state)) => {
                if let Some(chart) = &desk.chart {
                    let who = &desk.who;
                    NoteView { state, chart, who }.draw(&mut body);
                }
            }
            Some(Screen::Notes(state)) => {
                if let Some(chart) = &desk.chart {
                    NotesView { state, chart, desk }.draw(&mut body);
                }
            }
            Some(Screen::Records(state)) => {
                if let Some(chart) = &desk.chart {
                    draw_records(state, (chart, desk), &mut body);
                }
            }
            Some(Screen::Apart(state)) => draw_apart(state, &mut body),
            Some(Screen::Sync(state)) => self.draw_sync(state, desk, &mut body),
            Some(Screen::Invite(state)) => {
                let standing = &self.model.standing;
                InviteView { state, standing }.draw(&mut body);
            }
            Some(Screen::Bundle(state)) => BundleView { state }.draw(&mut body),
            Some(Screen::Glass(state)) => GlassView { state }.draw(&mut body),
            Some(Screen::Beyond(state)) => BeyondView { state }.draw(&mut body),
            None => {
                body.put_line(1, 1, "frame-nothing-here", Role::Plain);
            }
        }
    }

    fn draw_sync(&self, state: &machines::State, desk: &Desk, pen: &mut Pen<'_>) {
        SyncView {
            state,
            standing: &self.model.standing,
            saved: self.model.saved,
            to_compare: desk.to_compare,
            for_owner: desk.for_owner,
        }
        .draw(pen);
    }

    fn draw_bottom(&self, y: u16, pen: &mut Pen<'_>) {
        let part = Rect::new(0, y, pen.width(), BOTTOM_ROWS);
        let model = self.model;
        HintsView { model }.draw(&mut pen.within(part));
    }

    fn draw_too_small(&self, pen: &mut Pen<'_>, size: Size) {
        let args = [
            ("columns", usize::from(size.columns).into()),
            ("rows", usize::from(size.rows).into()),
        ];
        let said = pen.look.say.with("frame-too-small", &args);
        pen.put(0, 0, said, Role::Heading);
        if let Some(chart) = self.model.desk().and_then(Desk::banner) {
            let (width, rows) = (pen.width(), pen.height().saturating_sub(2));
            BannerView { chart }.draw(&mut pen.within(Rect::new(0, 2, width, rows)));
        }
        pen.caret(0, 1);
    }
}

/// What is to be known of a chart before its page is read; says in which row it ended.
fn draw_above(desk: &Desk, mut top: u16, pen: &mut Pen<'_>) -> u16 {
    let page = desk.front().and_then(Screen::page);
    if let Some(left) = desk.left_unfinished().filter(|_| page.is_some()) {
        draw_left(left, &mut pen.within(Rect::new(0, top, pen.width(), 1)));
        top += 1;
    }
    if let Some(chart) = desk.banner() {
        let row = ClosedView { chart, desk };
        top += row.rows();
        row.draw(&mut pen.within(Rect::new(0, top - row.rows(), pen.width(), 1)));
    }
    top
}

/// What the chart does not say yet, because its author did not finish it.
fn draw_left(left: &Unfinished, pen: &mut Pen<'_>) {
    let say = pen.look.say;
    let kind = left.key.kind;
    let args = [
        ("what", say.line(kind.says()).into()),
        ("time", say.clock(left.kept).into()),
        ("key", kind.goes_on().said(say).into()),
    ];
    pen.put(1, 0, say.with("draft-in-chart", &args), Role::Ask);
    pen.target((0, 0), pen.width(), Action::Go(kind.place()));
}

fn draw_apart(state: &apart::State, pen: &mut Pen<'_>) {
    match state {
        apart::State::Compare(state) => CompareView { state }.draw(pen),
        apart::State::List(state) => ToCompareView { state }.draw(pen),
    }
}

fn draw_records(
    state: &records::State,
    (chart, desk): (&Chart, &Desk),
    pen: &mut Pen<'_>,
) {
    match state {
        records::State::Allergies(state) => AllergiesView { state, chart }.draw(pen),
        records::State::Problems(state) => ProblemsView { state, chart }.draw(pen),
        records::State::Drugs(state) => {
            DrugsView {
                state,
                chart,
                newest: desk.newest().unwrap_or(chart),
                names: &desk.names,
            }
            .draw(pen);
        }
        records::State::Immunizations(state) => {
            ImmunizationsView { state, chart }.draw(pen);
        }
        records::State::Consents(state) => ConsentsView { state, chart }.draw(pen),
        records::State::History(state) => HistoryView { state }.draw(pen),
    }
}
