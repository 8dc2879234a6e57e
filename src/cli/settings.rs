//! How this machine takes part in the exchange unless a command says otherwise:
//! `settings.toml` in the home, written by hand.

use std::{
    fs, io,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Deserializer, de};

use super::{Failure, Workplace};
use crate::{clinic::Clinic, ids::DeviceId, net::Relay};

/// The file in the home.
pub(super) const FILE: &str = "settings.toml";
/// The longest file, in bytes; what is longer is something else.
const BYTES_MAX: u64 = 64 * 1024;

/// What the file says. Absent is what was not said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Settings {
    /// Where this machine listens.
    pub(super) bind: Option<SocketAddr>,
    /// Whether it announces itself on the local network and hears others there.
    pub(super) mdns: Option<bool>,
    /// The relay that it may use.
    #[serde(deserialize_with = "relay")]
    pub(super) relay: Option<Relay>,
    /// Where other machines of the clinic are.
    pub(super) known: Vec<SocketAddr>,
}

impl Workplace {
    /// The settings of the home.
    pub(super) fn settings(&self) -> Result<Settings, Failure> {
        Settings::read(&self.home)
    }
}

impl Settings {
    /// Where each of the clinic's other machines may be: any of them at any of the addresses.
    pub(super) fn known(&self, clinic: &Clinic) -> Vec<(DeviceId, SocketAddr)> {
        let others = clinic.machines().into_iter();
        let others = others.filter(|it| it.enrolled && !it.here);
        others
            .flat_map(|it| self.known.iter().map(move |addr| (it.device, *addr)))
            .collect()
    }

    fn read(home: &Path) -> Result<Self, Failure> {
        let path = home.join(FILE);
        match text(&path) {
            Ok(Some(text)) => Self::parse(&text).map_err(|why| refused(&path, why)),
            Ok(None) => Ok(Self::default()),
            Err(error) => Err(refused(&path, error.to_string())),
        }
    }

    /// What the text says, or in which line it does not.
    fn parse(text: &str) -> Result<Self, String> {
        toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |it| it.start);
            let before = text.get(..start).unwrap_or(text);
            let line = before.matches('\n').count() + 1;
            format!("line {line}: {}", error.message().trim())
        })
    }
}

fn text(path: &PathBuf) -> io::Result<Option<String>> {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
        Ok(file) if file.len() > BYTES_MAX => {
            let long = format!("it is longer than {BYTES_MAX} bytes");
            return Err(io::Error::other(long));
        }
        Ok(_) => {}
    }
    fs::read_to_string(path).map(Some)
}

fn refused(path: &Path, why: String) -> Failure {
    Failure::refused(format!("cannot take the settings in `{}`", path.display()))
        .because(why)
        .hint("correct that line; `docs/guide/always-on.md` names all settings")
}

fn relay<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Relay>, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map(Some).map_err(de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_read_and_none_need_be_there() {
        let said = Settings::parse(
            "# A comment.\nbind = \"192.168.1.7:51234\"\nmdns = false\n\
             relay = \"public\"\nknown = [\"10.0.0.2:50000\", \"[::1]:50001\"]\n",
        );
        let said = said.unwrap();
        assert_eq!(said.bind, Some("192.168.1.7:51234".parse().unwrap()));
        assert_eq!((said.mdns, said.relay), (Some(false), Some(Relay::Public)));
        assert_eq!(said.known.len(), 2);
        assert_eq!(Settings::parse(""), Ok(Settings::default()));
    }

    #[test]
    fn what_is_no_setting_is_named_with_its_line() {
        for (text, expected) in [
            (
                "mdns = true\nbnd = \"1.2.3.4:5\"\n",
                "line 2: unknown field `bnd`",
            ),
            ("\n\nbind = \"here\"\n", "line 3: invalid socket address"),
            (
                "mdns = \"no\"",
                "line 1: invalid type: string \"no\", expected a boolean",
            ),
            (
                "# so\nrelay = \"relay.example\"",
                "line 2: a relay is `none`",
            ),
            (
                "known = [\"clinic.example:5\"]",
                "line 1: invalid socket address",
            ),
            ("mdns = true\nmdns = true", "line 2: duplicate key"),
            ("mdns", "line 1: "),
        ] {
            let why = Settings::parse(text).unwrap_err();
            assert!(why.starts_with(expected), "{text:?}: {why}");
        }
    }
}
