//! What leaves the clinic, to whom, and by whose word.

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::Path,
};

use super::{
    Seat,
    guests::{guest_chart, guests},
    trouble,
};
use crate::{
    app::{
        Msg,
        beyond::{
            Answer, Asks, Effect, News, NoCard, Own, Paper, Provider, Shared, Sharing,
            Source, Stands, Sure, TheTold,
        },
        notice::Trouble,
    },
    chart::{Purpose, SharedPart},
    clinic::{CardRow, Error, Session, Share, ShareRow},
    ids::{CardId, PatientId, StatementId},
    members::{CARD_FILE_BYTES_MAX, Card, Term, Verified},
    platform::{self, Opening},
    say::{Lang, Say},
    time::PartialDate,
};

impl Seat {
    pub(super) fn beyond(&mut self, effect: Effect) -> Vec<Msg> {
        let request = effect.request;
        let news = match effect.asks {
            Asks::Meet(wish) => return self.meet(request, wish),
            Asks::Decide(verdict) => {
                return self.decide_proposal(request, &verdict);
            }
            Asks::Proposed(patient) => News::Proposed(self.proposed(patient)),
            Asks::Beside(patient) => {
                News::Beside(self.with(|it| it.open(patient).map(Box::new)))
            }
            Asks::Told(patient) => News::Told(self.with(|it| told(it, patient))),
            Asks::Sharing(patient) => News::Sharing(self.with(|it| sharing(it, patient))),
            Asks::Share {
                patient,
                card,
                parts,
                until,
                purpose,
            } => News::Shared(self.share(patient, card, (&parts, until, purpose))),
            Asks::Revoke(grant) => {
                News::Revoked(self.with(|session| session.revoke_share(grant)))
            }
            Asks::Providers => News::Providers(self.with(|it| providers(it))),
            Asks::OwnCard => News::OwnCard(self.with(|it| own_card(it).map(Box::new))),
            Asks::Keep(source) => News::Kept(self.keep_card(&source)),
            Asks::MakeSure(card, sure) => News::Kept(self.make_sure(card, sure)),
            Asks::Give(path) => News::Given(self.give_card(Path::new(&path.0))),
            Asks::Guests => News::Guests(self.with(guests)),
            Asks::GuestChart(clinic, patient) => {
                let chart = self.with(|it| guest_chart(it, clinic, patient));
                News::GuestChart(chart.map(Box::new))
            }
            Asks::Propose {
                clinic,
                patient,
                record,
            } => News::Offered(self.propose((clinic, patient), *record)),
            Asks::Print(patient, path, lang) => {
                News::Printed(self.print_told(patient, Path::new(&path.0), lang))
            }
        };
        vec![Msg::Beyond(Answer { request, news })]
    }

    /// Opens parts of a chart to the bearer of a card, if the clinic finds that nothing lacks.
    fn share(
        &mut self,
        patient: PatientId,
        card: CardId,
        (parts, until, purpose): (&[SharedPart], PartialDate, Purpose),
    ) -> Result<StatementId, Trouble> {
        let session = self.signed_in()?;
        let share = Share {
            parts: parts.iter().filter_map(SharedPart::whole).collect(),
            until: session.end_of(until),
            purpose,
        };
        let cards = session.cards().map_err(|error| trouble(&error))?;
        let row = cards.into_iter().find(|it| it.card.id() == card);
        let row = row.ok_or(Trouble::NotTaken)?;
        session.share(patient, &row, &share).map_err(|error| {
            tracing::warn!(%error, "it was not shared");
            if matches!(error, Error::Refused(_)) {
                Trouble::NotTaken
            } else {
                trouble(&error)
            }
        })
    }

    /// Keeps the card in a file or a text, of which nobody made sure yet.
    fn keep_card(&mut self, source: &Source) -> Result<CardId, NoCard> {
        let bytes = match source {
            Source::File(path) => card_file(Path::new(&path.0)).map_err(|error| {
                tracing::warn!(%error, "a file that a person named cannot be read");
                NoCard::NotRead
            })?,
            Source::Text(text) => text.clone().into_bytes(),
        };
        let card = Card::open_file(&bytes).map_err(|error| {
            tracing::warn!(%error, "there is no card that could be read");
            NoCard::NotRead
        })?;
        self.keep(&card, Verified::Not)
    }

    fn make_sure(&mut self, card: CardId, sure: Sure) -> Result<CardId, NoCard> {
        let verified = match sure {
            Sure::Not => Verified::Not,
            Sure::Phone => Verified::Phone,
            Sure::Room => Verified::Room,
        };
        let cards = self.with(|it| it.cards()).map_err(NoCard::Trouble)?;
        let row = cards.into_iter().find(|it| it.card.id() == card);
        let row = row.ok_or(NoCard::Trouble(Trouble::NotFound))?;
        self.keep(&row.card, verified)
    }

    fn keep(&mut self, card: &Card, verified: Verified) -> Result<CardId, NoCard> {
        let session = self.signed_in().map_err(NoCard::Trouble)?;
        match session.keep_card(card, verified) {
            Ok(()) => Ok(card.id()),
            Err(Error::Refused(_)) => Err(NoCard::OwnClinic),
            Err(error) => Err(NoCard::Trouble(trouble(&error))),
        }
    }

    fn give_card(&mut self, path: &Path) -> Result<(), Trouble> {
        let text = self.with(|session| Ok(session.card()?.to_text()))?;
        written(&mut new_file(path)?, &text)
    }

    /// Writes what the patient is told into a new file. That it was printed is in the audit
    /// before anything of it is on the disk.
    fn print_told(
        &mut self,
        patient: PatientId,
        path: &Path,
        lang: Lang,
    ) -> Result<(), Trouble> {
        let lines = self.with(|session| {
            let audit = session.disclosures(patient)?;
            let (number, name) = session.called(patient).unwrap_or_default();
            let paper = Paper {
                whose: format!("{name}, {number}"),
                clinic: session.clinic().name().to_owned(),
                today: session.today(),
                problems: audit.problems.clone(),
            };
            Ok(paper.lines(&session.told(&audit), &Say::new(lang)))
        })?;
        let mut file = new_file(path)?;
        self.with(|session| session.printed(patient, "who saw the record"))?;
        written(&mut file, &(lines.join("\n") + "\n"))
    }
}

fn told(session: &mut Session, patient: PatientId) -> Result<TheTold, Error> {
    let audit = session.disclosures(patient)?;
    let mut all = session.told(&audit);
    all.reverse();
    Ok(TheTold {
        all,
        is_whole: audit.problems.is_empty(),
    })
}

pub(super) const fn stands(term: Term) -> Stands {
    match term {
        Term::Early => Stands::Early,
        Term::Live => Stands::Live,
        Term::Expired => Stands::Expired,
        Term::Revoked { .. } => Stands::Revoked,
    }
}

/// With whom a chart can be shared, and with whom it is.
fn sharing(session: &mut Session, patient: PatientId) -> Result<Sharing, Error> {
    let shares = session.shares_of(patient)?;
    Ok(Sharing {
        providers: providers(session)?,
        shares: shares.into_iter().map(|it| shared(it, session)).collect(),
    })
}

fn providers(session: &Session) -> Result<Vec<Provider>, Error> {
    let rows = session.cards()?.into_iter();
    Ok(rows.map(|it| provider(&it, session)).collect())
}

fn own_card(session: &Session) -> Result<Own, Error> {
    let card = session.card()?;
    let lines = card.to_text().lines().map(str::to_owned).collect();
    let card = provider_of(card, Verified::Room, session);
    Ok(Own { card, lines })
}

/// What stands on a card that is not kept.
pub(super) fn provider_of(card: Card, verified: Verified, session: &Session) -> Provider {
    let row = CardRow {
        by: session.user(),
        at: card.about().made,
        card,
        verified,
        replaced: false,
    };
    provider(&row, session)
}

/// As much of a file as a card could be in, and one byte more.
fn card_file(path: &Path) -> io::Result<Vec<u8>> {
    let limit = u64::try_from(CARD_FILE_BYTES_MAX).unwrap_or(u64::MAX);
    // A pipe keeps whoever opens it waiting for as long as nobody writes.
    if !fs::metadata(path)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() > CARD_FILE_BYTES_MAX {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

fn provider(row: &CardRow, session: &Session) -> Provider {
    let about = row.card.about();
    let now = session.moment();
    Provider {
        card: row.card.id(),
        name: about.name.clone(),
        role: about.role,
        clinic: about.clinic_name.clone(),
        words: row.card.words().into_iter().map(str::to_owned).collect(),
        machines: row.card.machines().count(),
        made: now.with(about.made),
        sure: match row.verified {
            Verified::Not => Sure::Not,
            Verified::Phone => Sure::Phone,
            Verified::Room => Sure::Room,
        },
        by: session.user_name(row.by),
        at: now.with(row.at),
        replaced: row.replaced,
    }
}

fn shared(row: ShareRow, session: &Session) -> Shared {
    let now = session.moment();
    let parts = row.parts.iter().filter_map(|it| SharedPart::of(*it));
    let card = row.card.map(|it| it.card);
    Shared {
        grant: row.grant,
        card: row.receiver,
        to: card.map(|it| it.about().name.clone()).unwrap_or_default(),
        parts: parts.collect(),
        until: now.with(row.until).day(),
        purpose: row.purpose,
        stands: stands(row.term),
        by: session.user_name(row.by),
        at: now.with(row.at),
    }
}

fn new_file(path: &Path) -> Result<File, Trouble> {
    platform::open_private(path, Opening::New).map_err(|error| {
        tracing::warn!(%error, "a file that a person named cannot be made");
        Trouble::NotTaken
    })
}

fn written(file: &mut File, text: &str) -> Result<(), Trouble> {
    let done = file.write_all(text.as_bytes());
    done.and_then(|()| file.sync_all()).map_err(|error| {
        tracing::warn!(%error, "a file that a person named cannot be written");
        Trouble::NotTaken
    })
}
