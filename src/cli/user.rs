//! `cairn user`: the people who use the clinic's machines.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{Failure, Output, Workplace, paper::Paper, passphrase};
use crate::{
    chart::who::{Action, Role},
    clinic::{Session, UserRow, WordsUsed},
};

/// The roles that a user can be given later.
const ROLES: [&str; 5] = [
    "clinician",
    "nurse",
    "lab_pharmacy",
    "front_desk",
    "auditor",
];
/// The roles that a user can come with: also those that nobody is given later.
const FIRST_ROLES: [&str; 8] = [
    "owner",
    "clinician",
    "nurse",
    "lab_pharmacy",
    "front_desk",
    "auditor",
    "hub",
    "emergency",
];

/// The people who use the clinic's machines.
#[derive(Debug, Subcommand)]
pub(super) enum User {
    Add(Add),
    /// List everybody who belongs, or belonged, to the clinic
    #[command(after_long_help = "\
JSON: {users: [{user, name, role, standing, here, words_due}]}

`words_due` is until when sealed words that were used are to be made anew; owners see it.")]
    List,
    Role(ChangeRole),
    Remove(Remove),
    Readmit(Readmit),
    Admit(Admit),
    Passphrase(Passphrase),
}

/// Let a user in, with a passphrase of their own, which opens every machine of the clinic
#[derive(Debug, Args)]
#[command(after_long_help = "\
JSON: {user, name, role}

Only the paper words make another owner.
A hub is a machine without a person: the user that `cairn serve` signs in as.
The passphrase of an emergency user is drawn here and goes to the new file of --words-file.
Print it, seal it in an envelope, destroy the file.")]
pub(super) struct Add {
    /// The user's name
    name: String,
    /// What the user is in the clinic
    #[arg(long, value_parser = FIRST_ROLES)]
    role: String,
    #[command(flatten)]
    paper: Paper,
    /// A file whose first line is the new user's passphrase; otherwise it is asked for
    #[arg(long, value_name = "FILE")]
    new_passphrase_file: Option<PathBuf>,
}

/// Give a user another role
#[derive(Debug, Args)]
#[command(after_long_help = "JSON: {user, name, role}")]
pub(super) struct ChangeRole {
    /// The user's name
    name: String,
    /// The new role
    #[arg(value_parser = ROLES)]
    role: String,
}

/// Remove a user: they cannot sign in, and new keys begin
#[derive(Debug, Args)]
#[command(after_long_help = "JSON: {user, name, standing}")]
pub(super) struct Remove {
    /// The user's name
    name: String,
    /// Somebody else may have the key: nothing that it signs from now on counts
    #[arg(long)]
    compromised: bool,
}

/// Let a user in again with new keys: one who lost the passphrase, left or was compromised
#[derive(Debug, Args)]
#[command(after_long_help = "\
JSON: {user, name}

What the user wrote before stays theirs. For an owner it takes the paper words.
For an emergency user new sealed words go to the new file of --words-file.")]
pub(super) struct Readmit {
    /// The user's name
    name: String,
    #[command(flatten)]
    paper: Paper,
    /// A file whose first line is the new passphrase; otherwise it is asked for
    #[arg(long, value_name = "FILE")]
    new_passphrase_file: Option<PathBuf>,
}

/// Let a user sign in on this machine, which was made of a backup
#[derive(Debug, Args)]
#[command(after_long_help = "JSON: {users: [NAME]}")]
#[group(required = true, multiple = false)]
pub(super) struct Admit {
    /// The user's name
    name: Option<String>,
    /// Everybody who belongs to the clinic
    #[arg(long)]
    all: bool,
}

/// Change the acting user's own passphrase
#[derive(Debug, Args)]
#[command(after_long_help = "JSON: {user}")]
pub(super) struct Passphrase {
    /// A file whose first line is the new passphrase; otherwise it is asked for
    #[arg(long, value_name = "FILE")]
    new_passphrase_file: Option<PathBuf>,
}

impl User {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in(|session| match self {
            Self::Add(it) => it.run(session, output),
            Self::List => list(session, output),
            Self::Role(it) => it.run(session, output),
            Self::Remove(it) => it.run(session, output),
            Self::Readmit(it) => it.run(session, output),
            Self::Admit(it) => it.run(session, output),
            Self::Passphrase(it) => it.run(session, output),
        })
    }
}

impl Add {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::Administer)?;
        let role = role(&self.role)?;
        let is_owner = role == Role::Owner;
        let paper = is_owner.then(|| self.paper.words()).transpose()?;
        let passphrase = if role == Role::Emergency {
            self.paper.sealed()?
        } else {
            passphrase::new(self.new_passphrase_file.as_deref(), &self.name)?
        };
        let user = match paper {
            Some(paper) => session.add_owner(&self.name, &paper, &passphrase)?,
            None => session.add_user(&self.name, role, &passphrase)?,
        };
        let document =
            json!({ "user": user.to_string(), "name": self.name, "role": role.name() });
        let line = format!("{} can sign in as {}", self.name, role.name());
        output.result(&document, &[line])
    }
}

fn list(session: &mut Session, output: Output) -> Result<(), Failure> {
    let mut users = session.users()?;
    users.sort_by(|a, b| a.name.cmp(&b.name));
    let used = match session.may(Action::ReadAudit) {
        Ok(()) => session.words_used()?,
        Err(_) => Vec::new(),
    };
    let due = |it: &UserRow| used.iter().find(|used| used.user == it.user);
    let shown: Vec<Value> = users.iter().map(|it| shown(it, due(it))).collect();
    let lines: Vec<String> = users.iter().map(|it| line(it, due(it))).collect();
    output.result(&json!({ "users": shown }), &lines)
}

impl ChangeRole {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::Administer)?;
        let user = session.user_named(&self.name)?;
        let role = role(&self.role)?;
        session.set_role(user, role)?;
        let document =
            json!({ "user": user.to_string(), "name": self.name, "role": role.name() });
        let line = format!("{} is {} from now on", self.name, role.name());
        output.result(&document, &[line])
    }
}

impl Remove {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::Administer)?;
        let user = session.user_named(&self.name)?;
        session.remove_user(user, self.compromised)?;
        let standing = if self.compromised {
            "compromised"
        } else {
            "left"
        };
        let document =
            json!({ "user": user.to_string(), "name": self.name, "standing": standing });
        output.result(
            &document,
            &[format!("{} cannot sign in any more", self.name)],
        )
    }
}

impl Readmit {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        session.may(Action::Administer)?;
        let (user, role) = session.user_before(&self.name)?;
        let is_owner = role == Role::Owner;
        let paper = is_owner.then(|| self.paper.words()).transpose()?;
        let passphrase = if role == Role::Emergency {
            self.paper.sealed()?
        } else {
            passphrase::new(self.new_passphrase_file.as_deref(), &self.name)?
        };
        session.readmit_user(user, paper.as_ref(), &passphrase)?;
        let document = json!({ "user": user.to_string(), "name": self.name });
        let line = format!("{} can sign in again, with the new passphrase", self.name);
        output.result(&document, &[line])
    }
}

impl Admit {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        match &self.name {
            Some(name) => session.admit_user(session.user_named(name)?)?,
            None => session.admit_everybody()?,
        }
        let users = session.clinic().users()?;
        let users: Vec<String> = users.into_iter().map(|it| it.name).collect();
        let line = format!("who can sign in here: {}", users.join(", "));
        output.result(&json!({ "users": users }), &[line])
    }
}

impl Passphrase {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        let name = session.user_name(session.user());
        let passphrase = passphrase::new(self.new_passphrase_file.as_deref(), &name)?;
        session.change_passphrase(&passphrase)?;
        let document = json!({ "user": session.user().to_string() });
        output.result(&document, &["the passphrase is changed".to_owned()])
    }
}

fn role(name: &str) -> Result<Role, Failure> {
    Role::named(name).ok_or_else(|| Failure::usage(format!("there is no role {name}")))
}

fn shown(it: &UserRow, used: Option<&WordsUsed>) -> Value {
    json!({
        "user": it.user.to_string(),
        "name": it.name,
        "role": it.role.name(),
        "standing": it.standing,
        "here": it.here,
        "words_due": used.map(|it| it.at.with(it.due).to_string()),
    })
}

fn line(it: &UserRow, used: Option<&WordsUsed>) -> String {
    let here = if it.here { "" } else { ", not on this machine" };
    let due = used.map(|it| {
        let due = it.at.with(it.due);
        format!(", used: make new words by {due} with `cairn user readmit`")
    });
    let due = due.unwrap_or_default();
    format!(
        "{}: {}, {}{here}{due}",
        it.name,
        it.role.name(),
        it.standing
    )
}
