//! How much of the clinic a machine has heard of lately, by the statements of heads that
//! machines sign daily.

use std::collections::BTreeMap;

use super::{Body, Membership, Signer, Statement};
use crate::{chart::who::Role, ids::DeviceId, ledger::ClockQuality, time::Timestamp};

/// For how long a machine that heard of no other still talks to those outside, in
/// milliseconds: 30 days.
pub const FRESH_MS: i64 = 30 * 24 * 60 * 60 * 1000;
/// How far ahead a statement's clock may be to be believed, in milliseconds: a day.
const AHEAD_MS_MAX: i64 = 24 * 60 * 60 * 1000;

impl Membership {
    /// Whether the machine `me` holds heads that another machine of the clinic, or its own
    /// owner, signed within 30 days. Without them it goes on caring and stops talking to
    /// those outside.
    pub fn is_fresh(&self, me: DeviceId, now: Timestamp) -> bool {
        self.heads_signed().any(|(statement, device, role, _)| {
            let age = now.ms_since(statement.at().timestamp());
            (device != me || role == Role::Owner)
                && (-AHEAD_MS_MAX..=FRESH_MS).contains(&age)
        })
    }

    /// The earliest that it can be now: the newest heads that an owner or a hub signed with
    /// a clock that agreed with another machine's. A clock set back does not outlive a grant.
    pub fn not_before(&self) -> Option<Timestamp> {
        self.heads_signed()
            .filter(|(.., clock)| *clock == ClockQuality::Agreed)
            .filter(|(_, _, role, _)| matches!(role, Role::Owner | Role::Hub))
            .map(|(statement, ..)| statement.at().timestamp())
            .max()
    }

    /// When each machine last said how far it knows the logs to reach.
    pub fn last_heads(&self) -> BTreeMap<DeviceId, Timestamp> {
        let mut last = BTreeMap::new();
        for (statement, device, ..) in self.heads_signed() {
            let at = statement.at().timestamp();
            let known = last.entry(device).or_insert(at);
            *known = at.max(*known);
        }
        last
    }

    fn heads_signed(
        &self,
    ) -> impl Iterator<Item = (&Statement, DeviceId, Role, ClockQuality)> {
        self.ground.standing().filter_map(|statement| {
            let (Body::Heads(clock, _), Signer::Session(session, _)) =
                (statement.body(), statement.signer())
            else {
                return None;
            };
            let session = self.certificate(session)?;
            let role = self.role_of(session)?;
            Some((statement, session.device(), role, *clock))
        })
    }
}
