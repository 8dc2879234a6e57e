//! `cairn restricted`: the parts of records that only named people open.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{Failure, Output, Workplace, paper::Paper};
use crate::{
    chart::{Category, who::Action},
    clinic::Session,
    ids::UserId,
};

/// Parts of records that only named people open
#[derive(Debug, Subcommand)]
pub(super) enum Restricted {
    Add(Add),
    /// List the categories that the clinic keeps closed, and who may open them
    #[command(
        after_long_help = "JSON: {categories: [{category, named: [{user, name}], open}]}

`open` says whether you may open it."
    )]
    List,
    Allow(Allow),
    Deny(Deny),
}

/// Begin a category of records that the clinic keeps closed, such as \"mental health\"
#[derive(Debug, Args)]
#[command(after_long_help = "\
JSON: {category}

You may open it, and name others. Everybody of the clinic can see that there is such a \
category, and nobody whether a patient has something in it. Allergies are never closed.")]
pub(super) struct Add {
    /// What it is called: letters a to z, digits, blanks
    name: String,
}

/// Name a clinician or an owner who may open a category, with all that was written in it
#[derive(Debug, Args)]
#[command(after_long_help = "\
JSON: {category, user, name}

It takes an owner who may open it, or the paper words.")]
pub(super) struct Allow {
    /// The category
    category: String,
    /// The user's name
    name: String,
    #[command(flatten)]
    paper: Paper,
}

/// Take a naming back: what is written from now on is closed to this user
#[derive(Debug, Args)]
#[command(after_long_help = "\
JSON: {category, user, name}

It does not un-read: this program shows nothing of the category to them any more, and what \
they kept of what was written before, they keep.")]
pub(super) struct Deny {
    /// The category
    category: String,
    /// The user's name
    name: String,
}

/// Whether what is written is closed but to named people.
#[derive(Debug, Args)]
pub(super) struct Closed {
    /// Close it: only those who are named for this category can read it
    #[arg(long, value_name = "CATEGORY")]
    restricted: Option<String>,
}

impl Closed {
    /// The category that was named, which this user may open.
    pub(super) fn category(
        &self,
        session: &Session,
    ) -> Result<Option<Category>, Failure> {
        let Some(called) = &self.restricted else {
            return Ok(None);
        };
        let category = category(called)?;
        session.may_open(category)?;
        Ok(Some(category))
    }
}

/// Which closed parts of charts are written out, too.
#[derive(Debug, Args)]
pub(super) struct ClosedToo {
    /// Write out what is closed under this category, too, marked as restricted; may be given
    /// more than once. Otherwise nothing that is closed leaves
    #[arg(long = "restricted", value_name = "CATEGORY")]
    restricted: Vec<String>,
}

impl ClosedToo {
    /// Lets the session write them out.
    pub(super) fn apply(&self, session: &mut Session) -> Result<(), Failure> {
        let categories: Result<Vec<Category>, Failure> =
            self.restricted.iter().map(|it| category(it)).collect();
        Ok(session.write_out_closed(&categories?)?)
    }
}

impl Restricted {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in(|session| match self {
            Self::Add(it) => it.run(session, output),
            Self::List => list(session, output),
            Self::Allow(it) => it.run(session, output),
            Self::Deny(it) => it.run(session, output),
        })
    }
}

impl Add {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        let category = session.begin_category(&self.name)?;
        let document = json!({ "category": category.word() });
        let line = format!(
            "what is written as {} is closed to all but you; name others with \
             `cairn restricted allow`",
            category.word()
        );
        output.result(&document, &[line])
    }
}

fn list(session: &mut Session, output: Output) -> Result<(), Failure> {
    let rows = session.categories()?;
    let (mut shown, mut lines) = (Vec::new(), Vec::new());
    for row in rows {
        let users = row.named.iter();
        let users: Vec<(UserId, String)> =
            users.map(|it| (*it, session.user_name(*it))).collect();
        let line: Vec<&str> = users.iter().map(|(_, name)| name.as_str()).collect();
        let word = row.category.word();
        lines.push(format!("{word}  {}", line.join(", ")));
        let users = users.iter();
        let named: Vec<Value> = users
            .map(|(user, name)| json!({ "user": user.to_string(), "name": name }))
            .collect();
        let open = row.named.contains(&session.user());
        shown.push(json!({ "category": word, "named": named, "open": open }));
    }
    output.result(&json!({ "categories": shown }), &lines)
}

impl Allow {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::Administer)?;
        let category = category(&self.category)?;
        let user = session.user_named(&self.name)?;
        let given = self.paper.is_given();
        let paper = given.then(|| self.paper.words()).transpose()?;
        session.allow_category(category, user, paper.as_ref())?;
        let line = format!("{} may open {}", self.name, category.word());
        output.result(&told(category, user, &self.name), &[line])
    }
}

impl Deny {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::Administer)?;
        let category = category(&self.category)?;
        let user = session.user_named(&self.name)?;
        session.deny_category(category, user)?;
        let word = category.word();
        let line = format!(
            "what is written as {word} from now on is closed to {}",
            self.name
        );
        output.result(&told(category, user, &self.name), &[line])
    }
}

/// The category that is called so.
fn category(called: &str) -> Result<Category, Failure> {
    Category::called(called).ok_or_else(|| {
        Failure::usage(format!("`{called}` is no category"))
            .hint("cairn restricted list shows them")
    })
}

fn told(category: Category, user: UserId, name: &str) -> Value {
    json!({ "category": category.word(), "user": user.to_string(), "name": name })
}
