//! The rows of the key table on the screens of sharing.

use super::{Action, Proposing, Sure, Which, meet, proposals::DECIDES};
use crate::{
    app::{
        Key, Place, Press,
        keymap::{self, Context, Row},
    },
    chart::who,
};

/// The rows of the key table on the screens of sharing.
pub const KEYS: &[Row] = &[
    Row::hinted(
        Context::BeyondForm,
        &[Key::F(2), Key::Ctrl('s')],
        keymap::Action::Press(Press::Finish),
        "beyond-go",
        "beyond-hint-go",
    ),
    Row::hinted(
        Context::Consents,
        &[Key::Char('t')],
        keymap::Action::Go(Place::Beyond(Which::Told)),
        "told-key",
        "told-hint",
    )
    .needing(who::Action::ReadAudit),
    Row::hinted(
        Context::Told,
        &[Key::Char('p')],
        keymap::Action::Beyond(Action::Print),
        "told-print-key",
        "told-hint-print",
    ),
    Row::hinted(
        Context::Sync,
        &[Key::Char('p')],
        PROVIDERS,
        "providers-key",
        "providers-hint",
    )
    .needing(who::Action::ReadConsent),
    Row::new(Context::Chart, &[], PROVIDERS, "providers-key")
        .needing(who::Action::ReadConsent),
    Row::hinted(
        Context::Providers,
        &[Key::Enter],
        keymap::Action::Press(Press::Accept),
        "providers-open",
        "providers-hint-open",
    ),
    row(
        Context::Providers,
        (
            &[Key::Char('a'), Key::Char('+'), Key::Ctrl('n')],
            Action::Take,
        ),
        ("providers-take-key", "providers-hint-take"),
    )
    .needing(who::Action::Share),
    row(
        Context::Providers,
        (&[Key::Char('o')], Action::Own),
        ("providers-own-key", "providers-hint-own"),
    ),
    Row::hinted(
        Context::Providers,
        &[Key::Char('m')],
        keymap::Action::Go(Place::Beyond(Which::Meet)),
        "meet-key",
        "meet-hint",
    )
    .needing(who::Action::Share),
    meeting(
        (Context::Meet, &[Key::Char('w')], meet::Action::Show),
        ("meet-show-key", "meet-hint-show"),
    ),
    meeting(
        (Context::Meet, &[Key::Char('t')], meet::Action::Type),
        ("meet-type-key", "meet-hint-type"),
    ),
    meeting(
        (
            Context::MeetAsk,
            &[Key::Char('y')],
            meet::Action::Answer(true),
        ),
        ("meet-yes-key", "meet-hint-yes"),
    ),
    meeting(
        (
            Context::MeetAsk,
            &[Key::Char('n')],
            meet::Action::Answer(false),
        ),
        ("meet-no-key", "meet-hint-no"),
    ),
    Row::hinted(
        Context::Sync,
        &[Key::Char('g')],
        keymap::Action::Go(Place::Beyond(Which::Guests)),
        "guests-key",
        "guests-hint",
    )
    .needing(who::Action::ReadClinical),
    Row::hinted(
        Context::Guests,
        &[Key::Enter],
        keymap::Action::Press(Press::Accept),
        "guests-open",
        "guests-hint-open",
    ),
    row(
        Context::GuestsRead,
        (&[Key::Char('n')], Action::Propose(Proposing::Note)),
        ("guests-note-key", "guests-hint-note"),
    )
    .needing(who::Action::WriteNote),
    row(
        Context::GuestsRead,
        (&[Key::Char('p')], Action::Propose(Proposing::Drug)),
        ("guests-drug-key", "guests-hint-drug"),
    )
    .needing(who::Action::Prescribe),
    row(
        Context::ProvidersOne,
        (&[Key::Char('t')], Action::Sure(Sure::Phone)),
        ("providers-phone-key", "providers-hint-phone"),
    )
    .needing(who::Action::Share),
    row(
        Context::ProvidersOne,
        (&[Key::Char('m')], Action::Sure(Sure::Room)),
        ("providers-room-key", "providers-hint-room"),
    )
    .needing(who::Action::Share),
    Row::hinted(
        Context::Sync,
        &[Key::Char('o')],
        keymap::Action::Go(Place::Beyond(Which::Proposed)),
        "proposals-key",
        "proposals-hint",
    )
    .needing(who::Action::ReadClinical),
    Row::new(
        Context::Chart,
        &[],
        keymap::Action::Go(Place::Beyond(Which::ProposedHere)),
        "proposals-here-key",
    )
    .needing(who::Action::ReadClinical),
    Row::new(
        Context::Summary,
        &[Key::Char('o')],
        keymap::Action::Go(Place::Beyond(Which::ProposedHere)),
        "proposals-here-key",
    )
    .needing(who::Action::ReadClinical),
    Row::hinted(
        Context::Proposals,
        &[Key::Enter],
        keymap::Action::Press(Press::Accept),
        "proposals-open",
        "proposals-hint-open",
    ),
    row(
        Context::Proposals,
        (&[Key::Char('v')], Action::ShowAll),
        ("proposals-all-key", "proposals-hint-all"),
    ),
    row(
        Context::ProposalsOne,
        (&[Key::Char('a')], Action::Accept),
        ("proposals-accept-key", "proposals-hint-accept"),
    )
    .needing(DECIDES),
    row(
        Context::ProposalsOne,
        (&[Key::Char('d')], Action::Decline),
        ("proposals-decline-key", "proposals-hint-decline"),
    )
    .needing(DECIDES),
    Row::hinted(
        Context::ProposalsWhy,
        &[Key::F(2), Key::Ctrl('s')],
        keymap::Action::Press(Press::Finish),
        "proposals-why-key",
        "proposals-hint-why",
    ),
    row(
        Context::ProvidersOwn,
        (&[Key::Char('w')], Action::Write),
        ("providers-give-key", "providers-hint-give"),
    ),
];

const PROVIDERS: keymap::Action = keymap::Action::Go(Place::Beyond(Which::Providers));

const fn row(
    context: Context,
    (keys, action): (&'static [Key], Action),
    (says, hint): (&'static str, &'static str),
) -> Row {
    Row::hinted(context, keys, keymap::Action::Beyond(action), says, hint)
}

const fn meeting(
    (context, keys, action): (Context, &'static [Key], meet::Action),
    says: (&'static str, &'static str),
) -> Row {
    row(context, (keys, Action::Meet(action)), says)
}
