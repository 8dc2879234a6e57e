//! The clinic's other machines: what they are called, sharing now, looking at one, shutting
//! one out, and what follows when something came in from them.

use super::{REST, Seat};
use crate::{
    app::{
        Msg,
        sync::{Answer, Details, Effect, short_id},
    },
    clinic::Session,
    ids::{DeviceId, PatientId, RecordId},
};

impl Seat {
    pub(super) fn machines(&mut self, effect: Effect) -> Vec<Msg> {
        let answer = match effect {
            Effect::Begin => {
                self.begin_network(&[]);
                return Vec::new();
            }
            Effect::ShareNow => {
                self.network.share_now();
                return Vec::new();
            }
            Effect::Details { request, device } => Answer::Details {
                request,
                details: self.details(device),
            },
            Effect::Revoke { request, device } => {
                let result = self.with(|session| session.revoke_machine(device));
                self.name_machines();
                Answer::Revoked { request, result }
            }
            Effect::TakeIn {
                membership,
                open,
                writing,
            } => return self.take_in(membership, (open, writing)),
        };
        vec![Msg::Sync(answer)]
    }

    /// Takes part in the exchange, where a clinic is open.
    pub(super) fn begin_network(&mut self, met_at: &[std::net::IpAddr]) {
        let (clinic, answers) = (self.bench.clinic.clone(), self.answers.clone());
        if let (Some(clinic), Some(answers)) = (clinic, answers) {
            self.network.begin(&clinic, &answers, met_at);
        }
    }

    /// Whoever is signed in may know what the machines are called, and with whom something is
    /// shared; nobody else.
    pub(super) fn name_machines(&mut self) {
        let session = self.session.as_mut();
        let told = session.map(|it| (it.machines(), it.shared_with_whom()));
        let (rows, shared) = told.map(|(a, b)| (a.ok(), b.ok())).unwrap_or_default();
        let rows = rows.into_iter().flatten();
        let names = rows.map(|it| (it.device, it.name));
        self.network
            .names()
            .put(names.collect(), shared.unwrap_or_default());
        self.network.changed();
    }

    fn details(&self, device: DeviceId) -> Details {
        let clinic = self.bench.clinic.as_ref();
        let mut machines = clinic.into_iter().flat_map(|it| it.machines());
        let is_here = machines.any(|it| it.here && it.device == device);
        let met = clinic.and_then(|it| it.peer(device).ok().flatten());
        let addresses = if is_here {
            self.network.addresses()
        } else {
            met.map(|it| it.addrs).unwrap_or_default()
        };
        Details { addresses }
    }

    /// Does what follows when something came in: a portion of it, so that nobody waits.
    fn take_in(
        &mut self,
        membership: bool,
        (open, writing): (Option<PatientId>, Option<RecordId>),
    ) -> Vec<Msg> {
        if self.session.is_none() {
            return Vec::new();
        }
        self.met = true;
        self.look_for_owner();
        let took = self.with(|session| {
            if membership {
                session.membership_changed()?;
            }
            let more = session.settle_some(REST)?;
            let arrived = session.arrived()?;
            let open = open.filter(|it| arrived.contains(it));
            let chart = open.map(|it| session.chart(it)).transpose()?;
            let written = open.zip(writing).filter(|_| chart.is_some());
            let by = written.map(|(patient, it)| session.changed_last_on(patient, it));
            let by = by.transpose()?.flatten().map(|it| machine(it, session));
            Ok((more, chart.map(Box::new), by))
        });
        if membership {
            self.name_machines();
        }
        vec![match took {
            Ok((more, chart, by)) => Msg::Sync(Answer::TookIn { more, chart, by }),
            Err(trouble) => Msg::Trouble(trouble),
        }]
    }
}

/// What a machine is called; without a name that can be read, how its id begins.
pub(super) fn machine(device: DeviceId, session: &Session) -> String {
    let name = session.machine_name(device);
    let known = !name.is_empty();
    if known { name } else { short_id(device) }
}
