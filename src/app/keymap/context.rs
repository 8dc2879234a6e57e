//! Where a key can mean something.

/// Where a key means something. A screen names its contexts, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Context {
    /// On every screen that has the frame round it.
    Anywhere,
    /// On those, but not while text is written.
    Outside,
    /// While text is written.
    Text,
    /// In a form.
    Form,
    /// In a list.
    List,
    /// At the first start.
    Start,
    /// There, where a line is chosen.
    StartList,
    /// There, where the clinic and its owner are named.
    StartForm,
    /// There, where the paper words are shown.
    StartWords,
    /// There, where three of them are typed back.
    StartBack,
    /// There, where a clinic on another machine is joined.
    StartJoin,
    /// At the lock screen.
    Lock,
    /// There, while the person is chosen.
    LockWho,
    /// There, while something secret is typed.
    LockSecret,
    /// There, while the PIN is typed.
    LockPin,
    /// In the search box.
    Find,
    /// In the list of people found.
    FindList,
    /// While a patient is registered.
    Register,
    /// In the list of people who may be the same.
    RegisterAlike,
    /// On every page of the open chart.
    Chart,
    /// On the chart's summary.
    Summary,
    /// In the line of vital signs.
    Vitals,
    /// In the table of vital signs.
    VitalsTable,
    /// There, in the menu of a row.
    VitalsMenu,
    /// There, while it is said why a value is wrong.
    VitalsWhy,
    /// In a note.
    Note,
    /// There, in the line of vital signs.
    NoteLine,
    /// There, in a section of text.
    NoteText,
    /// There, where a phrase or a choice is offered.
    NoteOffer,
    /// There, in the diagnoses.
    NoteDx,
    /// There, at the question whether to sign.
    NoteSign,
    /// In the visits as they were.
    Notes,
    /// There, in the list.
    NotesList,
    /// There, while one is read.
    NotesRead,
    /// In the menu of a row, on every screen that has one.
    Menu,
    /// In the form of a record.
    Sheet,
    /// In the list of allergies.
    Allergies,
    /// There, while no allergy counts.
    AllergiesNone,
    /// In the list of problems.
    Problems,
    /// In the list of drugs and in an entry of it.
    Drugs,
    /// In the list of drugs alone.
    DrugsList,
    /// There, where an allergy stops a prescription.
    DrugsStop,
    /// In the list of vaccines.
    Immunizations,
    /// In the list of consents.
    Consents,
    /// In the history.
    History,
    /// There, while the filter is written.
    HistoryFilter,
    /// Among the clinic's machines.
    Sync,
    /// There, while one of them is looked at.
    SyncPlace,
    /// While a new machine is paired.
    Invite,
    /// There, at the question whether it is let in.
    InviteAsk,
    /// There, after it.
    InviteOver,
    /// Where the values of a fact are compared.
    Compare,
    /// There, for who may decide.
    CompareDecide,
    /// There, where both values can stand.
    CompareBoth,
    /// There, of what does not count yet.
    CompareJudge,
    /// There, while the right answer is written.
    CompareWrite,
    /// In the list of facts to compare.
    ToCompare,
    /// Where a reason is given for opening a chart.
    Reason,
    /// In the owners' list of who did.
    Reviews,
    /// In the list of what of a chart somebody was let see.
    Told,
    /// In the list of providers of other clinics.
    Providers,
    /// There, while one card is looked at.
    ProvidersOne,
    /// There, at one's own card.
    ProvidersOwn,
    /// In the list of what providers propose.
    Proposals,
    /// There, while one is looked at.
    ProposalsOne,
    /// There, while a reason is written.
    ProposalsWhy,
    /// In the list of what other clinics share.
    Guests,
    /// There, while a chart of theirs is read.
    GuestsRead,
    /// Before and after somebody of another clinic is met.
    Meet,
    /// There, at the question whether the card is theirs.
    MeetAsk,
    /// In a form of the screens of sharing.
    BeyondForm,
    /// In the form of a USB bundle.
    Bundle,
    /// In help and the palette.
    Commands,
    /// In the list of messages.
    Messages,
    /// At a question.
    Question,
}

impl Context {
    /// Every context, with the sentence that names it, in the order of `docs/keys.md`.
    pub const ALL: &'static [(Self, &'static str)] = &[
        (Self::Anywhere, "context-anywhere"),
        (Self::Outside, "context-outside"),
        (Self::List, "context-list"),
        (Self::Form, "context-form"),
        (Self::Text, "context-text"),
        (Self::Find, "context-find"),
        (Self::FindList, "context-find-list"),
        (Self::Register, "context-register"),
        (Self::RegisterAlike, "context-register-alike"),
        (Self::Chart, "context-chart"),
        (Self::Summary, "context-summary"),
        (Self::Vitals, "context-vitals"),
        (Self::VitalsTable, "context-vitals-table"),
        (Self::VitalsMenu, "context-vitals-menu"),
        (Self::VitalsWhy, "context-vitals-why"),
        (Self::Note, "context-note"),
        (Self::NoteLine, "context-note-line"),
        (Self::NoteText, "context-note-text"),
        (Self::NoteOffer, "context-note-offer"),
        (Self::NoteDx, "context-note-dx"),
        (Self::NoteSign, "context-note-sign"),
        (Self::Notes, "context-notes"),
        (Self::NotesList, "context-notes-list"),
        (Self::NotesRead, "context-notes-read"),
        (Self::Menu, "context-menu"),
        (Self::Allergies, "context-allergies"),
        (Self::AllergiesNone, "context-allergies-none"),
        (Self::Problems, "context-problems"),
        (Self::Drugs, "context-drugs"),
        (Self::DrugsList, "context-drugs-list"),
        (Self::DrugsStop, "context-drugs-stop"),
        (Self::Immunizations, "context-immunizations"),
        (Self::Consents, "context-consents"),
        (Self::History, "context-history"),
        (Self::HistoryFilter, "context-history-filter"),
        (Self::Sheet, "context-sheet"),
        (Self::Sync, "context-sync"),
        (Self::SyncPlace, "context-sync-place"),
        (Self::Invite, "context-invite"),
        (Self::InviteAsk, "context-invite-ask"),
        (Self::InviteOver, "context-invite-over"),
        (Self::Compare, "context-compare"),
        (Self::CompareDecide, "context-compare-decide"),
        (Self::CompareBoth, "context-compare-both"),
        (Self::CompareJudge, "context-compare-judge"),
        (Self::CompareWrite, "context-compare-write"),
        (Self::ToCompare, "context-to-compare"),
        (Self::Reason, "context-reason"),
        (Self::Reviews, "context-reviews"),
        (Self::Told, "context-told"),
        (Self::Providers, "context-providers"),
        (Self::ProvidersOne, "context-providers-one"),
        (Self::ProvidersOwn, "context-providers-own"),
        (Self::Proposals, "context-proposals"),
        (Self::ProposalsOne, "context-proposals-one"),
        (Self::ProposalsWhy, "context-proposals-why"),
        (Self::Guests, "context-guests"),
        (Self::GuestsRead, "context-guests-read"),
        (Self::Meet, "context-meet"),
        (Self::MeetAsk, "context-meet-ask"),
        (Self::BeyondForm, "context-beyond-form"),
        (Self::Bundle, "context-bundle"),
        (Self::Commands, "context-commands"),
        (Self::Messages, "context-messages"),
        (Self::Question, "context-question"),
        (Self::Start, "context-start"),
        (Self::StartList, "context-start-list"),
        (Self::StartForm, "context-start-form"),
        (Self::StartWords, "context-start-words"),
        (Self::StartBack, "context-start-back"),
        (Self::StartJoin, "context-start-join"),
        (Self::Lock, "context-lock"),
        (Self::LockWho, "context-lock-who"),
        (Self::LockSecret, "context-lock-secret"),
        (Self::LockPin, "context-lock-pin"),
    ];
}
