//! The dialog that stops a prescription which an allergy forbids. Enter and Esc prescribe
//! nothing; to go ahead takes a word that nobody types by chance, a reason, and F2.

use std::fmt;

use super::made::Made;
use crate::{
    app::{Line, Press},
    chart::Coded,
    say::Say,
};

/// The dialog, and the reason that was typed in it.
#[derive(Default)]
pub struct Stop {
    /// What is typed.
    pub line: Line,
    /// The sentence that says why this does not go ahead.
    pub problem: Option<&'static str>,
    drug: Coded,
    made: Option<Box<Made>>,
}

/// What a press in the dialog decided.
pub(super) enum Told {
    /// Nothing yet.
    Nothing,
    /// Not to prescribe.
    Safe,
    /// To prescribe nevertheless; the reason is in the drug.
    GoAhead(Box<Made>),
}

impl Stop {
    /// Whether it stands before the form.
    pub const fn is_open(&self) -> bool {
        self.made.is_some()
    }

    /// The drug that it stops.
    pub const fn drug(&self) -> &Coded {
        &self.drug
    }

    /// Opens it. A reason that was typed for the same drug stands there again, without the
    /// word.
    pub(super) fn open(&mut self, made: Made) {
        if self.drug != made.after.code {
            self.line = Line::default();
        }
        self.drug = made.after.code.clone();
        self.problem = None;
        self.made = Some(Box::new(made));
    }

    /// Does what a key asks.
    pub(super) fn press(&mut self, press: &Press, say: &Say) -> Told {
        if let Press::Type(typed) = press {
            if self.line.typed(typed) {
                self.problem = None;
            }
            return Told::Nothing;
        }
        if *press == Press::Finish {
            return self.go_ahead(say);
        }
        if matches!(press, Press::Back | Press::Accept) {
            self.close(say);
            return Told::Safe;
        }
        Told::Nothing
    }

    fn go_ahead(&mut self, say: &Say) -> Told {
        match reason(self.line.trimmed(), &say.line("drug-override-word")) {
            Ok(reason) => {
                let reason = reason.to_owned();
                let Some(mut made) = self.made.take() else {
                    return Told::Nothing;
                };
                made.after.overridden = reason;
                self.close(say);
                Told::GoAhead(made)
            }
            Err(problem) => {
                self.problem = Some(problem);
                Told::Nothing
            }
        }
    }

    /// The reason stays; the word must be typed anew each time.
    fn close(&mut self, say: &Say) {
        let word = say.line("drug-override-word");
        if let Ok(reason) = reason(self.line.trimmed(), &word) {
            self.line = Line::of(reason);
            self.line.put_caret(0);
        }
        self.made = None;
    }
}

/// The reason behind the word.
pub(in crate::app) fn reason<'a>(
    typed: &'a str,
    word: &str,
) -> Result<&'a str, &'static str> {
    let rest = typed.strip_prefix(word).ok_or("drug-override-no-word")?;
    if !rest.is_empty() && !rest.starts_with(char::is_whitespace) {
        return Err("drug-override-no-word");
    }
    if !rest.chars().any(char::is_alphabetic) {
        return Err("drug-override-no-reason");
    }
    Ok(rest.trim())
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stop(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(typed: &str, expected: Result<&str, &str>) {
        assert_eq!(reason(typed, "OVERRIDE"), expected, "for {typed:?}");
    }

    #[test]
    fn only_the_whole_word_with_a_reason_goes_ahead() {
        let (word, why) = ("drug-override-no-word", "drug-override-no-reason");
        check("OVERRIDE no other drug here", Ok("no other drug here"));
        check("OVERRIDE  desensitised 2024", Ok("desensitised 2024"));
        check("OVERRIDE", Err(why));
        check("OVERRIDE ...", Err(why));
        check("", Err(word));
        check("override no other drug", Err(word));
        check("OVERIDE no other drug", Err(word));
        check("OVERRIDEno other drug", Err(word));
        check("no other drug OVERRIDE", Err(word));
    }
}
