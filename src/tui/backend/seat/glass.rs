//! What opens with a reason, and what waits for an owner.

use super::Seat;
use crate::{
    app::{
        Msg,
        glass::{Answer, Effect, Use, Viewed, Waiting},
    },
    clinic::{Error, GlassUse, Session},
    time::Timestamp,
};

impl Seat {
    pub(super) fn glass(&mut self, effect: Effect) -> Vec<Msg> {
        let answer = match effect {
            Effect::View {
                request,
                patient,
                why,
            } => {
                let result = self.with(|session| {
                    let view = session.emergency(patient, &why.0)?;
                    let until = session.glass_until(patient).unwrap_or(Timestamp(0));
                    Ok(Box::new(Viewed { view, until }))
                });
                self.look_for_owner();
                Answer::Viewed { request, result }
            }
            Effect::Break {
                request,
                patient,
                why,
            } => {
                let result = self.with(|session| session.break_glass(patient, &why.0));
                self.look_for_owner();
                Answer::Broken { request, result }
            }
            Effect::Reviews { request } => Answer::Reviews {
                request,
                result: self.with(open_uses),
            },
            Effect::Review {
                request,
                entry: (id, seq),
            } => {
                let result = self.with(|session| {
                    session.review(id, seq)?;
                    open_uses(session)
                });
                self.look_for_owner();
                Answer::Reviews { request, result }
            }
        };
        vec![Msg::Glass(answer)]
    }

    /// Looks again what waits for an owner, once nobody waits for anything.
    pub(super) const fn look_for_owner(&mut self) {
        self.owner_due = true;
    }

    /// What waits for an owner, if it is another than what was told last. It takes several
    /// portions of work to know.
    pub(super) fn owner_news(&mut self) -> Option<Msg> {
        if !std::mem::take(&mut self.owner_due) {
            return None;
        }
        let session = self.session.as_mut()?;
        let waiting = match session.for_owner() {
            Ok(Some(it)) => Waiting {
                uses: it.uses,
                words_due: it.words.map(|words| words.at.with(words.due)),
            },
            Ok(None) => {
                self.owner_due = true;
                return None;
            }
            Err(Error::Denied(_)) => Waiting::default(),
            Err(error) => {
                tracing::warn!(%error, "what waits for an owner is not known");
                return None;
            }
        };
        let is_news = self.for_owner.replace(waiting) != Some(waiting);
        is_news.then_some(Msg::Glass(Answer::Waiting(waiting)))
    }
}

fn open_uses(session: &mut Session) -> Result<Vec<Use>, Error> {
    let uses = session.glass_uses(true)?;
    Ok(uses.iter().map(|it| shown(it, session)).collect())
}

fn shown(it: &GlassUse, session: &Session) -> Use {
    let called = session.called(it.patient);
    let called = called.map(|(number, name)| format!("{name}  {number}"));
    Use {
        entry: (it.session, it.seq),
        at: it.at,
        who: session.user_name(it.user),
        called: called.unwrap_or_default(),
        view_only: it.is_view(),
        why: it.why.clone(),
    }
}
