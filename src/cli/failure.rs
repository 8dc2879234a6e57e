//! The one place that turns errors into what a person reads, a hint and an exit code.

use std::{error::Error, io::ErrorKind};

use serde_json::Value;

use crate::{
    chart::who::{Compartment, Denial},
    clinic,
    net::{self, NotPaired},
    store,
    sync::pair::Why,
    time::{Moment, Timestamp, zone_offset},
};

/// Why a command did not do its work.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) kind: Kind,
    /// What did not happen.
    what: String,
    /// Why, outermost first.
    because: Vec<String>,
    /// An action that may help.
    hint: Option<String>,
    /// What `--json` prints although the command failed.
    pub(super) document: Option<Box<Value>>,
}

/// The kinds of end that are not success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Usage,
    Refused,
    NotPermitted,
    Busy,
    Network,
    Internal,
}

impl Kind {
    pub(super) const fn exit_code(self) -> u8 {
        match self {
            Self::Usage => 2,
            Self::Refused => 3,
            Self::NotPermitted => 4,
            Self::Busy => 5,
            Self::Network => 6,
            Self::Internal => 70,
        }
    }
}

impl Failure {
    pub(super) fn new(kind: Kind, what: impl Into<String>) -> Self {
        Self {
            kind,
            what: what.into(),
            because: Vec::new(),
            hint: None,
            document: None,
        }
    }

    pub(super) fn usage(what: impl Into<String>) -> Self {
        Self::new(Kind::Usage, what)
    }

    pub(super) fn refused(what: impl Into<String>) -> Self {
        Self::new(Kind::Refused, what)
    }

    pub(super) fn because(mut self, why: impl Into<String>) -> Self {
        self.because.push(why.into());
        self
    }

    /// For what stands behind an error.
    fn because_of(mut self, error: &dyn Error) -> Self {
        let mut source = error.source();
        while let Some(inner) = source {
            self.because.push(inner.to_string());
            source = inner.source();
        }
        self
    }

    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(super) fn document(mut self, document: Value) -> Self {
        self.document = Some(Box::new(document));
        self
    }

    /// Why, in one line.
    pub(super) fn why(&self) -> String {
        self.because.join(": ")
    }

    /// `error: …`, `  because: …`, `hint: …`.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("error: {}", self.what)];
        if !self.because.is_empty() {
            lines.push(format!("  because: {}", self.why()));
        }
        lines.extend(self.hint.iter().map(|hint| format!("hint: {hint}")));
        lines
    }
}

impl From<clinic::Error> for Failure {
    fn from(error: clinic::Error) -> Self {
        let (kind, hint) = advice(&error);
        let failure = Self::new(kind, error.to_string()).hint(hint);
        let mut failure = failure.because_of(&error);
        if let clinic::Error::Store(store::Error::Busy {
            since: Some(since), ..
        }) = error
        {
            failure.because.push(format!("since {}", minute(since)));
        }
        failure
    }
}

impl From<net::Error> for Failure {
    fn from(error: net::Error) -> Self {
        if let net::Error::Clinic(error) = error {
            return error.into();
        }
        let hint = "check the address and that the network is up";
        let failure = Self::new(Kind::Network, error.to_string()).hint(hint);
        failure.because_of(&error)
    }
}

impl From<NotPaired> for Failure {
    fn from(not_paired: NotPaired) -> Self {
        let (kind, hint) = match not_paired {
            NotPaired::Said(why) => pairing_advice(why),
            NotPaired::NotReached => (
                Kind::Network,
                "see that the other machine shows words now, and type its address",
            ),
        };
        Self::new(kind, "the machines did not pair")
            .because(not_paired.to_string())
            .hint(hint)
    }
}

fn pairing_advice(why: Why) -> (Kind, &'static str) {
    match why {
        Why::WrongWords => (Kind::Refused, "type the words again, in their order"),
        Why::TooManyTries | Why::Expired => {
            (Kind::Network, "begin again: `cairn device invite`")
        }
        Why::Declined => (Kind::NotPermitted, "ask the owner at the other machine"),
        Why::Torn => (Kind::Network, "begin again with new words"),
        Why::Nonsense => (Kind::Network, "install the same cairn on both machines"),
        Why::NotKept => (Kind::Network, "see what the other machine says"),
        Why::Unconfirmed => (Kind::Network, "look at the other machine"),
        Why::Crossed => (
            Kind::Refused,
            "between two clinics: `cairn card meet` on both; for a new machine of one: \
             `cairn device invite` there and `cairn join` here",
        ),
        Why::SameClinic => (
            Kind::Refused,
            "a colleague's card is not needed: their rights come with their role",
        ),
    }
}

impl From<Denial> for Failure {
    fn from(denial: Denial) -> Self {
        clinic::Error::from(denial).into()
    }
}

fn advice(error: &clinic::Error) -> (Kind, &'static str) {
    use clinic::Error;
    match error {
        Error::Denied(Denial::ShutOut) => (
            Kind::NotPermitted,
            "ask an owner; it comes back as a new machine, in another folder: `cairn join`",
        ),
        Error::Denied(Denial::NoReason) => (
            Kind::NotPermitted,
            "say why with --care-reason: it is in the audit, and owners read it",
        ),
        Error::Denied(Denial::NoKey(Compartment::Restricted(_))) => (
            Kind::NotPermitted,
            "ask an owner who may open it for `cairn restricted allow`",
        ),
        Error::Denied(_) => (Kind::NotPermitted, "ask someone whose role includes it"),
        Error::WrongPassphrase { .. } => (Kind::NotPermitted, "wait, then type it again"),
        Error::Wait { .. } => (Kind::NotPermitted, "wait, then try again"),
        Error::WeakPassphrase(_) => (Kind::Refused, "take six words drawn at random"),
        Error::Refused(_) => (Kind::Refused, "change what was given, then try again"),
        Error::Missing(_) => (
            Kind::Refused,
            "see what is there: `cairn patient find \"\"`, `cairn user list`",
        ),
        Error::Store(error) => store_advice(error),
        Error::Damaged { .. } => (
            Kind::Internal,
            "keep the folder as it is; run `cairn verify`, or put a backup in another one",
        ),
    }
}

fn store_advice(error: &store::Error) -> (Kind, &'static str) {
    use store::{Error, Part};
    match error {
        Error::NotAHome { .. } => (
            Kind::Usage,
            "name the folder with --home, or make a clinic with `cairn init`",
        ),
        Error::UnknownVersion { .. } => (Kind::Refused, "install the newest cairn"),
        Error::Busy { .. } => (Kind::Busy, "end the other cairn, then try again"),
        Error::ReadOnly { .. } => (
            Kind::NotPermitted,
            "make the folder writable for you, or name another with --home",
        ),
        Error::Full => (Kind::Internal, "make room on the disk, then try again"),
        Error::Damaged {
            part: Part::Cache, ..
        } => (
            Kind::Internal,
            "try again: it is worked out anew from the ledger",
        ),
        Error::Damaged { .. } => (
            Kind::Internal,
            "change nothing in the folder; put a backup in another one, name it with --home",
        ),
        Error::Misplaced { .. } => (Kind::Internal, "run `cairn verify`"),
        Error::Disk { source, .. } if source.kind() == ErrorKind::AlreadyExists => (
            Kind::Refused,
            "name a folder that is empty, or not there yet",
        ),
        Error::Disk { .. } => (Kind::Internal, "check the disk and the folder's owner"),
    }
}

/// A minute on this machine's wall clock: `2025-06-03 10:15`.
pub(super) fn minute(at: Timestamp) -> String {
    let moment = Moment {
        at,
        offset_minutes: zone_offset(at),
    };
    let (hour, minute) = moment.hour_minute();
    format!("{} {hour:02}:{minute:02}", moment.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_what_why_and_what_to_do() {
        let disk = store::Error::Disk {
            step: "flush",
            path: "/srv/charts".into(),
            source: ErrorKind::TimedOut.into(),
        };
        let failure = Failure::from(clinic::Error::from(disk));
        assert_eq!(failure.kind.exit_code(), 70);
        assert_eq!(
            failure.lines(),
            [
                "error: cannot flush `/srv/charts`",
                "  because: timed out",
                "hint: check the disk and the folder's owner",
            ]
        );
    }

    #[test]
    fn a_second_cairn_hears_who_and_since_when() {
        let busy = store::Error::Busy {
            pid: Some(42),
            since: Some(Timestamp(0)),
        };
        let failure = Failure::from(clinic::Error::from(busy));
        assert_eq!(failure.kind, Kind::Busy);
        let lines = failure.lines();
        assert_eq!(
            lines.first().map(String::as_str),
            Some("error: another cairn (process 42) has this clinic open")
        );
        let since = lines.get(1).map(String::as_str).unwrap_or_default();
        assert!(since.starts_with("  because: since 19"), "{since}");
    }
}
