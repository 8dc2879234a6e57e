//! What providers of other clinics propose, for the screens.

use super::{Seat, trouble};
use crate::{
    app::{
        Msg,
        beyond::{Answer, News, Proposed, Verdict},
        notice::Trouble,
        sync,
    },
    clinic::{Accepting, Error},
    ids::PatientId,
};

impl Seat {
    pub(super) fn proposed(
        &mut self,
        patient: Option<PatientId>,
    ) -> Result<Vec<Proposed>, Trouble> {
        self.with(|session| {
            let all = session.proposals(patient)?.into_iter();
            let all = all.map(|(patient, proposal)| {
                let called = session.called(patient);
                let called = called.map(|(number, name)| format!("{name}  {number}"));
                Proposed {
                    patient,
                    called: called.unwrap_or_default(),
                    proposal,
                }
            });
            Ok(all.collect())
        })
    }

    /// Writes a decision down. The open chart is shown as it stands then.
    pub(super) fn decide_proposal(
        &mut self,
        request: u32,
        verdict: &Verdict,
    ) -> Vec<Msg> {
        let result = self.decided(verdict);
        let mut told = Vec::new();
        if result.is_ok() && verdict.is_open {
            let chart = self.with(|session| session.chart(verdict.patient));
            told.push(match chart {
                Ok(chart) => Msg::Sync(sync::Answer::TookIn {
                    more: false,
                    chart: Some(Box::new(chart)),
                    by: None,
                }),
                Err(trouble) => Msg::Trouble(trouble),
            });
        }
        let news = News::Decided(result);
        told.push(Msg::Beyond(Answer { request, news }));
        told
    }

    fn decided(&mut self, verdict: &Verdict) -> Result<bool, Trouble> {
        let Verdict {
            patient,
            proposal,
            accepted,
            why,
            ..
        } = verdict;
        let session = self.signed_in()?;
        let done = if *accepted {
            let accepting = Accepting {
                why: String::new(),
                overridden: why.clone(),
                anyway: proposal.doubt.is_some(),
            };
            let made = session.accept_proposal(*patient, proposal, &accepting);
            made.map(drop)
        } else {
            session.decline_proposal(*patient, proposal, why)
        };
        done.map(|()| *accepted).map_err(|error| {
            tracing::warn!(%error, "a proposal was not decided");
            if matches!(error, Error::Refused(_) | Error::Missing(_)) {
                Trouble::NotTaken
            } else {
                trouble(&error)
            }
        })
    }
}
