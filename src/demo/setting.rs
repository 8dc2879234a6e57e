//! The calendar and the people of the invented clinic.

use crate::{
    chart::who::Role,
    ids::{LogId, UserId},
    time::{Moment, PartialDate, Timestamp},
};

/// Someone who works in the invented clinic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoUser {
    /// Full name.
    pub name: &'static str,
    /// Role.
    pub role: Role,
}

/// The name of the invented clinic.
pub const CLINIC: &str = "Kijani Health Centre";
/// What the machine is called on which it is made.
pub const MACHINE: &str = "Desk";

/// Everyone who works in the invented clinic; [`super::Step::who`] counts into this list.
pub const USERS: [DemoUser; 8] = [
    DemoUser {
        name: "Dr James Okot",
        role: Role::Owner,
    },
    DemoUser {
        name: "Dr Leila Haddad",
        role: Role::Clinician,
    },
    DemoUser {
        name: "Samuel Mutua",
        role: Role::Clinician,
    },
    DemoUser {
        name: "Nadia Ali",
        role: Role::Nurse,
    },
    DemoUser {
        name: "Gladys Wairimu",
        role: Role::Nurse,
    },
    DemoUser {
        name: "Esther Achieng",
        role: Role::LabPharmacy,
    },
    DemoUser {
        name: "Amina Nansubuga",
        role: Role::FrontDesk,
    },
    DemoUser {
        name: "John Were",
        role: Role::FrontDesk,
    },
];

/// The ids under which the invented people write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Staff {
    /// One for each of [`USERS`].
    pub users: [UserId; USERS.len()],
    /// The machine that all of them use.
    pub machine: LogId,
}

/// Days and minutes of the invented clinic, and who works there.
#[derive(Clone, Copy)]
pub(super) struct Setting {
    pub(super) seed: u64,
    pub(super) today: Moment,
    pub(super) staff: Staff,
}

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// The clinic is open from eight; the last patients arrive at half past three.
pub(super) const OPENS_MINUTE: i32 = 8 * 60;
pub(super) const LAST_ARRIVAL_MINUTE: i32 = 15 * 60 + 30;
/// How long before now a visit must begin to fit before now, in minutes.
const LONGEST_VISIT_MINUTES: i64 = 150;

impl Staff {
    /// Ids that are nobody's, for tests.
    pub fn invented() -> Self {
        let mut count = 0;
        let users = USERS.map(|_| {
            count += 1;
            UserId::from_bytes([count; 16])
        });
        Self {
            users,
            machine: LogId::from_bytes([0xde; 16]),
        }
    }
}

impl Setting {
    /// The date this many days from today; negative days are past.
    pub(super) fn date(&self, day: i32) -> PartialDate {
        self.today.day().plus_days(day)
    }

    /// A minute of a day on the clinic's wall clock.
    pub(super) fn moment(&self, day: i32, minute: i32) -> Moment {
        let at =
            self.midnight() + i64::from(day) * DAY_MS + i64::from(minute) * MINUTE_MS;
        Moment {
            at: Timestamp(at),
            offset_minutes: self.today.offset_minutes,
        }
    }

    /// A day on or before `day` on which the clinic is open and a visit at `minute` is over
    /// by now.
    pub(super) fn open_day(&self, day: i32, minute: i32) -> i32 {
        let day = day.min(0);
        let begins = self.moment(day, minute).at;
        let over = begins.plus_ms(LONGEST_VISIT_MINUTES * MINUTE_MS) <= self.today.at;
        let day = if over { day } else { day - 1 };
        if self.is_sunday(day) { day - 1 } else { day }
    }

    /// 1 January 1970 was a Thursday.
    fn is_sunday(&self, day: i32) -> bool {
        let local = self.midnight() + i64::from(self.today.offset_minutes) * MINUTE_MS;
        let days = local.div_euclid(DAY_MS) + i64::from(day);
        (days + 4).rem_euclid(7) == 0
    }

    fn midnight(&self) -> i64 {
        let offset = i64::from(self.today.offset_minutes) * MINUTE_MS;
        (self.today.at.0 + offset).div_euclid(DAY_MS) * DAY_MS - offset
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setting(now: &str) -> Setting {
        Setting {
            seed: 1,
            today: now.parse().unwrap(),
            staff: Staff::invented(),
        }
    }

    #[test]
    fn a_minute_of_a_day_is_on_the_wall_clock_of_the_clinic() {
        let setting = setting("2025-06-03T10:15:30+03:00");
        assert_eq!(
            setting.moment(0, 480).to_string(),
            "2025-06-03T08:00:00+03:00"
        );
        assert_eq!(
            setting.moment(-2, 5).to_string(),
            "2025-06-01T00:05:00+03:00"
        );
        assert_eq!(setting.date(-2).to_string(), "2025-06-01");
    }

    #[test]
    fn nobody_comes_on_sundays_or_after_now() {
        let setting = setting("2025-06-03T12:00:00+03:00");
        assert_eq!(setting.open_day(0, 480), 0);
        assert_eq!(setting.open_day(0, 600), -1);
        assert_eq!(setting.open_day(5, 480), 0);
        assert_eq!(setting.open_day(-2, 480), -3);
    }
}
