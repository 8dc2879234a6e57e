//! `cairn review`: what owners look at afterwards.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{Failure, Output, Workplace, failure::minute};
use crate::{
    chart::who::Action,
    clinic::{GlassUse, Session},
};

/// Charts that were opened with a reason alone.
#[derive(Debug, Subcommand)]
pub(super) enum Review {
    List(List),
    Done(Done),
}

/// List the charts that were opened with a reason alone, the newest first
///
/// They stand on every machine that has heard of them, until an owner says `review done`.
#[derive(Debug, Args)]
#[command(
    after_long_help = "JSON: {uses: [{entry, at, user, name, patient, what, why, reviewed: \
                       {user, name, at}}], words: [{user, name, used, due}]}. `words` are \
                       sealed words that were used: new ones are due within 72 hours"
)]
pub(super) struct List {
    /// Also those that an owner looked at
    #[arg(long)]
    all: bool,
}

/// Say, as an owner, that this was looked at
#[derive(Debug, Args)]
#[command(after_long_help = "JSON: {reviewed: [entry]}")]
#[group(required = true, multiple = false)]
pub(super) struct Done {
    /// The entry, as `review list` names it
    entry: Option<String>,
    /// All that are open
    #[arg(long)]
    all: bool,
}

impl Review {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in(|session| match self {
            Self::List(it) => it.run(session, output),
            Self::Done(it) => it.run(session, output),
        })
    }
}

impl List {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        let uses = session.glass_uses(!self.all)?;
        let words = session.words_used()?;
        let shown: Vec<Value> = uses.iter().map(|it| shown(it, session)).collect();
        let mut lines: Vec<String> = uses.iter().map(|it| line(it, session)).collect();
        for it in &words {
            let name = session.user_name(it.user);
            lines.push(format!(
                "the sealed words of {name} were used at {}: make new ones by {} with \
                 `cairn user readmit`",
                minute(it.at.at),
                minute(it.due)
            ));
        }
        if lines.is_empty() {
            lines.push("nothing to review".to_owned());
        }
        let words: Vec<Value> = words
            .iter()
            .map(|it| {
                json!({
                    "user": it.user.to_string(),
                    "name": session.user_name(it.user),
                    "used": it.at.to_string(),
                    "due": it.at.with(it.due).to_string(),
                })
            })
            .collect();
        output.result(&json!({ "uses": shown, "words": words }), &lines)
    }
}

impl Done {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::Administer)?;
        let mut open = session.glass_uses(true)?;
        if let Some(name) = &self.entry {
            open.retain(|it| it.name() == *name);
            if open.is_empty() {
                return Err(Failure::refused(format!(
                    "nothing to review is named {name}"
                ))
                .hint("see the names with `cairn review list`"));
            }
        }
        for it in &open {
            session.review(it.session, it.seq)?;
        }
        let names: Vec<String> = open.iter().map(GlassUse::name).collect();
        let lines: Vec<String> =
            names.iter().map(|it| format!("reviewed {it}")).collect();
        output.result(&json!({ "reviewed": names }), &lines)
    }
}

fn shown(it: &GlassUse, session: &Session) -> Value {
    let reviewed = it.reviewed.map(|(user, at)| {
        json!({
            "user": user.to_string(),
            "name": session.user_name(user),
            "at": at.to_string(),
        })
    });
    json!({
        "entry": it.name(),
        "at": it.at.to_string(),
        "user": it.user.to_string(),
        "name": session.user_name(it.user),
        "patient": it.patient.to_string(),
        "what": it.what,
        "why": it.why,
        "reviewed": reviewed,
    })
}

fn line(it: &GlassUse, session: &Session) -> String {
    let called = session.called(it.patient);
    let whose = called.map_or_else(
        || format!("patient {}", it.patient),
        |(number, name)| format!("{name} {number}"),
    );
    let reviewed = it.reviewed.map(|(user, at)| {
        format!("  (reviewed by {}, {})", session.user_name(user), at.day())
    });
    format!(
        "{}  {}  {}  {} of {whose}: {}{}",
        it.name(),
        minute(it.at.at),
        session.user_name(it.user),
        it.what,
        it.why,
        reviewed.unwrap_or_default(),
    )
}
