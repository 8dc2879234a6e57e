//! The clinic's paper words, from a file or from the keyboard, never from an argument.

use std::path::PathBuf;

use clap::Args;
use zeroize::Zeroizing;

use super::{Failure, init, passphrase, workplace::read_text};
use crate::seal::{OsEntropy, suggest_passphrase, words::PaperWords};

/// The most that is read of a file with paper words, in bytes.
const FILE_BYTES_MAX: u64 = 4096;

/// Where the paper words come from.
#[derive(Debug, Args)]
pub(super) struct Paper {
    /// A file with the 24 paper words; otherwise they are asked for where they are needed.
    /// Of an emergency user the new file that the sealed words go to
    #[arg(long, value_name = "FILE")]
    words_file: Option<PathBuf>,
}

impl Paper {
    /// Whether a file was named.
    pub(super) const fn is_given(&self) -> bool {
        self.words_file.is_some()
    }

    /// New sealed words of an emergency user, written to the file that was named.
    pub(super) fn sealed(&self) -> Result<Zeroizing<String>, Failure> {
        let Some(path) = &self.words_file else {
            let what = "the sealed words of an emergency user need a file";
            return Err(Failure::usage(what).hint("name a new one with --words-file"));
        };
        let file = init::new_file(path)?;
        let words = suggest_passphrase(&mut OsEntropy);
        init::write(path, file, &words).map_err(|error| {
            Failure::refused(format!("cannot write `{}`", path.display()))
                .because(error.to_string())
                .hint("name a file that is not there yet with --words-file")
        })?;
        Ok(words)
    }

    /// The words.
    pub(super) fn words(&self) -> Result<PaperWords, Failure> {
        let text = match &self.words_file {
            Some(path) => Zeroizing::new(read_text(path, FILE_BYTES_MAX)?),
            None => passphrase::typed("The 24 paper words: ")?,
        };
        text.parse().map_err(|error| {
            Failure::refused("these are not the paper words of a clinic")
                .because(format!("{error}"))
                .hint("copy all 24 words from the sheet, in their order")
        })
    }
}
