//! `cairn card`: contact cards, one's own and those of providers elsewhere.

mod meet;

use std::{
    fs,
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};

use self::meet::Meet;
use super::{Failure, Output, Workplace, failure::minute};
use crate::{
    clinic::{CardRow, Session},
    members::{CARD_FILE_BYTES_MAX, Card as Contact, Verified},
    platform::{self, Opening},
};

/// Contact cards: one's own, and those of providers elsewhere
#[derive(Debug, Subcommand)]
pub(super) enum Card {
    Show(Show),
    Add(Add),
    Meet(Meet),
    /// List the cards that the clinic keeps
    #[command(after_long_help = "\
JSON: {cards: [{card, name, role, clinic, clinic_name, made, machines, words, verified, by, \
                                 at, replaced}]}")]
    List,
}

/// Show the acting user's own card, to be given to a provider of another clinic
#[derive(Debug, Args)]
#[command(after_long_help = "\
JSON: {card, name, role, clinic, clinic_name, made, machines, words, text, file}

The file is plain text and no secret: send it as a message, or on a stick.
Whoever takes it reads its eight words back to you, in the room or by telephone, so that \
both know that nobody changed it on its way.")]
pub(super) struct Show {
    /// A new file to write the card to
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Keep the card of a provider of another clinic
#[derive(Debug, Args)]
#[command(after_long_help = "\
JSON: {card, name, role, clinic, clinic_name, made, machines, words, verified}

Nothing is shared with a card of which nobody made sure: add it again with --verified once \
its words were compared.")]
pub(super) struct Add {
    /// The card, or a message with one in it; `-` for stdin
    file: PathBuf,
    /// How you made sure that it is theirs: they gave it in the room, or the words were
    /// compared by telephone
    #[arg(long, value_name = "HOW")]
    verified: Option<How>,
}

/// How somebody made sure of a card.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum How {
    Room,
    Phone,
}

impl Card {
    pub(super) fn run(self, place: &Workplace, output: Output) -> Result<(), Failure> {
        place.signed_in(|session| match self {
            Self::Show(it) => it.run(session, output),
            Self::Add(it) => it.run(session, output),
            Self::Meet(it) => it.run(session, output),
            Self::List => list(session, output),
        })
    }
}

impl Show {
    fn run(self, session: &Session, output: Output) -> Result<(), Failure> {
        let card = session.card()?;
        let text = card.to_text();
        if let Some(path) = &self.out {
            write(path, &text)?;
        }
        let mut document = shown(&card);
        if let Some(fields) = document.as_object_mut() {
            fields.insert("text".to_owned(), json!(text));
            let file = self.out.as_ref().map(|it| it.display().to_string());
            fields.insert("file".to_owned(), json!(file));
        }
        let mut lines = vec![line(&card), words_line(&card)];
        match &self.out {
            Some(path) => lines.push(format!("written to {}", path.display())),
            None => lines.push(text),
        }
        output.result(&document, &lines)
    }
}

impl Add {
    fn run(self, session: &mut Session, output: Output) -> Result<(), Failure> {
        let card = read(&self.file)?;
        let verified = match self.verified {
            None => Verified::Not,
            Some(How::Phone) => Verified::Phone,
            Some(How::Room) => Verified::Room,
        };
        session.keep_card(&card, verified)?;
        let kept = session.card_named(&card.id().to_string())?;
        let mut document = shown(&card);
        if let Some(fields) = document.as_object_mut() {
            fields.insert("verified".to_owned(), json!(kept.verified.name()));
        }
        let mut lines = vec![line(&card), words_line(&card)];
        if kept.verified == Verified::Not {
            let what = "nobody made sure of it yet: have them read the words to you";
            lines.push(what.to_owned());
        }
        output.result(&document, &lines)
    }
}

fn list(session: &Session, output: Output) -> Result<(), Failure> {
    let rows = session.cards()?;
    let cards: Vec<Value> = rows.iter().map(|it| row(session, it)).collect();
    let lines = rows.iter().map(|it| {
        let newer = if it.replaced {
            ", replaced by a newer one"
        } else {
            ""
        };
        let verified = match it.verified {
            Verified::Not => "not verified",
            Verified::Phone => "verified by telephone",
            Verified::Room => "verified in the room",
        };
        let digits: String = it.card.id().to_string().chars().take(8).collect();
        format!("{digits}  {}: {verified}{newer}", line(&it.card))
    });
    let lines: Vec<String> = lines.collect();
    output.result(&json!({ "cards": cards }), &lines)
}

fn row(session: &Session, row: &CardRow) -> Value {
    let mut document = shown(&row.card);
    if let Some(fields) = document.as_object_mut() {
        fields.insert("verified".to_owned(), json!(row.verified.name()));
        fields.insert("by".to_owned(), json!(session.user_name(row.by)));
        fields.insert("at".to_owned(), json!(minute(row.at)));
        fields.insert("replaced".to_owned(), json!(row.replaced));
    }
    document
}

fn shown(card: &Contact) -> Value {
    let about = card.about();
    json!({
        "card": card.id().to_string(),
        "name": about.name,
        "role": about.role.name(),
        "clinic": about.clinic.to_string(),
        "clinic_name": about.clinic_name,
        "made": minute(about.made),
        "machines": card.machines().count(),
        "words": card.words().join(" "),
    })
}

fn line(card: &Contact) -> String {
    let about = card.about();
    format!(
        "{}, {}, {}",
        about.name,
        about.role.name(),
        about.clinic_name
    )
}

fn words_line(card: &Contact) -> String {
    format!("words: {}", card.words().join(" "))
}

/// The card in a file.
fn read(path: &Path) -> Result<Contact, Failure> {
    let failed = |why: String| {
        Failure::refused(format!("no card could be read from `{}`", path.display()))
            .because(why)
            .hint("ask for the file that `cairn card show --out` wrote, as it is")
    };
    let limit = CARD_FILE_BYTES_MAX as u64 + 1;
    let mut bytes = Vec::new();
    let taken = if path == Path::new("-") {
        io::stdin().take(limit).read_to_end(&mut bytes)
    } else {
        let file = fs::File::open(path).map_err(|error| failed(error.to_string()))?;
        file.take(limit).read_to_end(&mut bytes)
    };
    taken.map_err(|error| failed(error.to_string()))?;
    if bytes.len() > CARD_FILE_BYTES_MAX {
        return Err(failed("it is too large for a card".to_owned()));
    }
    Contact::open_file(&bytes).map_err(|error| failed(error.to_string()))
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let file = platform::open_private(path, Opening::New);
    let written = file.and_then(|mut it| {
        it.write_all(text.as_bytes())?;
        it.sync_all()
    });
    written.map_err(|error| {
        Failure::refused(format!("cannot write `{}`", path.display()))
            .because(error.to_string())
            .hint("name a file that is not there yet with --out")
    })
}
