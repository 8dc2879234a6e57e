//! Sharing what a consent agrees to with the bearer of a card, and taking it back.

use super::{Stands, State, plain, rows, stands};
use crate::{
    app::{
        Cx, Step,
        beyond::{Answer, Asks, News, Provider, Shared, Sharing, ask},
        form::Pick,
        notice::{Notice, Said, Trouble},
        overlay::Question,
    },
    care::consent::{Lacks, Recipient, folded, lacks},
    chart::{Chart, Coded, Coding, Consent, Consents, SharedPart, System, who::Action},
    ids::{CardId, Hash, StatementId},
    time::PartialDate,
};

/// What the consents' list knows of sharing, and what it waits for.
#[derive(Debug, Default)]
pub struct Known {
    /// Who could be shared with, and what is.
    pub sharing: Sharing,
    asked: u32,
    doing: Option<u32>,
}

/// Where a card's name stands while its bearer is picked.
const CARD: &str = "urn:cairn:card";

impl State {
    /// Asks who could be shared with, and what is.
    pub(super) fn ask_sharing(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some(chart) = cx.chart else {
            return Vec::new();
        };
        self.known.asked = cx.request();
        vec![ask(self.known.asked, Asks::Sharing(chart.patient))]
    }

    /// Takes an answer.
    pub fn beyond(&mut self, answer: &Answer, cx: &mut Cx<'_>) -> Vec<Step> {
        let ours = self.known.doing == Some(answer.request);
        match &answer.news {
            News::Sharing(known) if answer.request == self.known.asked => match known {
                Ok(sharing) => {
                    self.known.sharing = sharing.clone();
                    self.offer(cx);
                    Vec::new()
                }
                Err(trouble) => vec![Step::Say(Notice::alarm(trouble.said()))],
            },
            News::Shared(result) if ours => self.was_shared(*result, cx),
            News::Revoked(result) => {
                let mut steps = vec![Step::Say(match result {
                    Ok(()) => Notice::done(Said::line("share-said-back")),
                    Err(trouble) => Notice::alarm(trouble.said()),
                })];
                steps.extend(self.ask_sharing(cx));
                steps
            }
            News::Sharing(_)
            | News::Shared(_)
            | News::Told(_)
            | News::Printed(_)
            | News::Providers(_)
            | News::OwnCard(_)
            | News::Kept(_)
            | News::Given(_)
            | News::Proposed(_)
            | News::Beside(_)
            | News::Decided(_)
            | News::Guests(_)
            | News::GuestChart(_)
            | News::Offered(_) => Vec::new(),
        }
    }

    /// Shares what the selected consent agrees to, or says what lacks and what to do.
    pub(super) fn share(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let Some(chart) = cx.chart.filter(|_| self.known.doing.is_none()) else {
            return Vec::new();
        };
        let rows = rows(chart);
        let Some(consent) = rows.get(self.sheet.selected.0) else {
            return vec![plain("share-choose")];
        };
        let ready = self.ready(consent, chart, cx);
        let (card, parts, until) = match ready {
            Ok(ready) => ready,
            Err(why) => return vec![Step::Say(Notice::plain(why))],
        };
        let request = cx.request();
        self.known.doing = Some(request);
        let asks = Asks::Share {
            patient: chart.patient,
            card,
            parts,
            until,
            purpose: consent.purpose,
        };
        vec![ask(request, asks)]
    }

    /// Asks whether the selected share, or the one that rests on the selected consent, is
    /// taken back.
    pub(super) fn take_back(&mut self, cx: &mut Cx<'_>) -> Vec<Step> {
        let rows = cx.chart.map(rows).unwrap_or_default();
        let at = self.sheet.selected.0;
        let shares = &self.known.sharing.shares;
        let share = match rows.get(at) {
            Some(consent) => {
                let provider = provider_of(consent, &self.known.sharing.providers);
                let card = provider.map(|it| it.card);
                shares
                    .iter()
                    .find(|it| it.is_open() && Some(it.card) == card)
            }
            None => shares.get(at - rows.len()),
        };
        let Some(share) = share else {
            return vec![plain("share-nothing-to-take-back")];
        };
        if !share.is_open() {
            return vec![plain("share-over-already")];
        }
        let asks = ask(cx.request(), Asks::Revoke(share.grant));
        vec![Step::Question(Box::new(Question {
            title: Said::with("share-back-title", [("to", share.to.clone().into())]),
            lines: vec![
                Said::line("share-back-what"),
                Said::line("share-back-holds"),
            ],
            safe: Said::line("share-back-keep"),
            letter: 'r',
            other: Said::line("share-back-do"),
            back: None,
            then: vec![asks],
        }))]
    }

    /// Offers in the open form who has a card here, those first of whom somebody made sure.
    pub(super) fn offer(&mut self, cx: &Cx<'_>) {
        let names = super::fields::recipients(cx);
        let Some(writing) = &mut self.sheet.writing else {
            return;
        };
        let Some(to) = writing.form.field_mut(super::fields::TO) else {
            return;
        };
        let mut kept: Vec<&Provider> = self.known.sharing.providers.iter().collect();
        kept.retain(|it| !it.replaced);
        kept.sort_by_key(|it| !it.is_sure());
        let mut picks: Vec<Pick> = kept.into_iter().map(|it| pick(it, cx)).collect();
        let others = names.into_iter();
        let others: Vec<Pick> = others
            .filter(|it| picks.iter().all(|kept| kept.text != it.text))
            .collect();
        picks.extend(others);
        to.picks = picks;
    }

    /// Whether whoever writes this consent down can share by it at once.
    pub(super) fn can_share(&self, consent: &Consent, cx: &Cx<'_>) -> bool {
        let provider = provider_of(consent, &self.known.sharing.providers);
        cx.may(Action::Share) && provider.is_some_and(Provider::is_sure)
    }

    /// The card of the one provider who is called so.
    pub(super) fn card_called(&self, name: &str) -> Option<Hash> {
        let mut called = called(name, &self.known.sharing.providers);
        let card = called.next().map(|it| hash(it.card));
        card.filter(|_| called.next().is_none())
    }

    /// What of a consent is shared with whom until when; or what lacks.
    fn ready(
        &self,
        consent: &Consent,
        chart: &Chart,
        cx: &Cx<'_>,
    ) -> Result<(CardId, Vec<SharedPart>, PartialDate), Said> {
        let line = |id| Err(Said::line(id));
        match stands(consent, chart, cx) {
            Stands::Given => {}
            Stands::NotYet => return line("share-not-yet"),
            Stands::Withdrawn => return line("consent-withdrawn-already"),
            Stands::Refused => return line("consent-refused-already"),
            Stands::Overruled => return line("share-overruled"),
            Stands::Expired | Stands::SetAside => return line("consent-over-already"),
            Stands::InError => return line("sheet-is-in-error"),
        }
        let to = |id| Said::with(id, [("to", consent.to.clone().into())]);
        let kept = &self.known.sharing.providers;
        let lacking = || {
            let several = consent.card.is_none() && called(&consent.to, kept).count() > 1;
            to(if several {
                "share-several-cards"
            } else {
                "share-no-card"
            })
        };
        let provider = provider_of(consent, kept).ok_or_else(lacking)?;
        if provider.replaced {
            return Err(to("share-newer-card"));
        }
        if !provider.is_sure() {
            return Err(to("share-not-sure"));
        }
        let whole = |it: &&SharedPart| !matches!(it, SharedPart::Restricted(_));
        let parts: Vec<SharedPart> =
            consent.parts.iter().filter(whole).cloned().collect();
        let Some(until) = consent.until.filter(|_| !parts.is_empty()) else {
            return line("share-apart");
        };
        let again = |it: &Shared| {
            let all = parts.iter().all(|part| it.parts.contains(part));
            it.is_open() && it.card == provider.card && all && !it.until.is_before(until)
        };
        if self.known.sharing.shares.iter().any(again) {
            return Err(to("share-already"));
        }
        let none = Consents::default();
        let among = chart.consents.as_ref().unwrap_or(&none);
        let recipient = Recipient {
            name: &provider.name,
            card: Some(hash(provider.card)),
        };
        let lasts = |it: PartialDate| !it.is_before(until);
        match lacks(among, (recipient, &parts), cx.today(), lasts) {
            None => Ok((provider.card, parts, until)),
            Some(Lacks::SomeDays) => line("share-some-days"),
            Some(Lacks::Refused | Lacks::Withdrawn) => line("share-overruled"),
            Some(Lacks::Shorter(_) | Lacks::NotAgreed(_)) => Err(to("share-no-consent")),
        }
    }

    fn was_shared(
        &mut self,
        result: Result<StatementId, Trouble>,
        cx: &mut Cx<'_>,
    ) -> Vec<Step> {
        self.known.doing = None;
        let mut steps = vec![Step::Say(match result {
            Ok(grant) => {
                let back = ask(cx.request(), Asks::Revoke(grant));
                Notice::undoable(Said::line("share-said"), vec![back])
            }
            Err(Trouble::NotTaken) => Notice::alarm(Said::line("share-not-made")),
            Err(trouble) => Notice::alarm(trouble.said()),
        })];
        steps.extend(self.ask_sharing(cx));
        steps
    }
}

/// The provider whom a consent is to: the bearer of its card, or, where it names none, the
/// only one who is called so.
pub fn provider_of<'a>(consent: &Consent, kept: &'a [Provider]) -> Option<&'a Provider> {
    if consent.card.is_some() {
        return kept.iter().find(|it| consent.card == Some(hash(it.card)));
    }
    let mut called = called(&consent.to, kept);
    called.next().filter(|_| called.next().is_none())
}

/// The providers who are called so, by the cards that are in use. What stands on a card is
/// its bearer's own word, so two may be.
fn called<'a>(name: &str, kept: &'a [Provider]) -> impl Iterator<Item = &'a Provider> {
    let name = folded(name);
    let in_use = kept.iter().filter(|it| !it.replaced);
    in_use.filter(move |it| folded(&it.name) == name)
}

/// The card in what was picked.
pub(super) fn card_of(taken: &Coded) -> Option<Hash> {
    let coding = taken.coding.as_ref()?;
    let card = coding.system == System::Other(CARD.to_owned());
    let card: CardId = coding.code.parse().ok().filter(|_| card)?;
    Some(hash(card))
}

fn pick(provider: &Provider, cx: &Cx<'_>) -> Pick {
    let beside = if provider.is_sure() {
        provider.clinic.clone()
    } else {
        let clinic = [("clinic", provider.clinic.clone().into())];
        cx.say.with("consent-to-not-sure", &clinic)
    };
    let coded = Coded {
        text: provider.name.clone(),
        coding: Some(Coding {
            code: provider.card.to_string(),
            system: System::Other(CARD.to_owned()),
            display: String::new(),
        }),
        also: None,
    };
    Pick {
        beside,
        ..Pick::of(coded)
    }
}

const fn hash(card: CardId) -> Hash {
    Hash::from_bytes(*card.as_bytes())
}
