//! Dates and ages as screens and papers show them.

use std::fmt;

use super::PartialDate;

/// An age in the unit in which people say it; its `Display` is `38y`, `8m`, `3w` or `2d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShownAge {
    /// From two years on, and whenever only the year of birth is known.
    Years(u16),
    /// From three months to two years.
    Months(u16),
    /// From two weeks to three months.
    Weeks(u16),
    /// Up to two weeks.
    Days(u16),
}

/// `14-Mar-1987`, `Mar-1987` or `1987`: no country reads it as another day.
pub fn shown_date(date: PartialDate, month_names: &[&str; 12]) -> String {
    let month = date.month().and_then(|month| {
        let index = usize::from(month).checked_sub(1)?;
        month_names.get(index)
    });
    match (date.day(), month) {
        (Some(day), Some(month)) => format!("{day:02}-{month}-{:04}", date.year()),
        (None, Some(month)) => format!("{month}-{:04}", date.year()),
        (_, None) => format!("{:04}", date.year()),
    }
}

/// The age on `today`, no more exact than the birth is known; none before birth.
pub fn shown_age(born: PartialDate, today: PartialDate) -> Option<ShownAge> {
    let age = born.age_on(today)?;
    let months = age.years * 12 + u16::from(age.months);
    let shown = match (born.month(), born.day()) {
        (None, _) => ShownAge::Years(age.years),
        _ if age.years >= 2 => ShownAge::Years(age.years),
        (_, Some(_)) if age.total_days < 14 => {
            ShownAge::Days(u16::try_from(age.total_days).ok()?)
        }
        (_, Some(_)) if months < 3 => {
            ShownAge::Weeks(u16::try_from(age.total_days / 7).ok()?)
        }
        _ => ShownAge::Months(months),
    };
    Some(shown)
}

impl fmt::Display for ShownAge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Years(count) => write!(f, "{count}y"),
            Self::Months(count) => write!(f, "{count}m"),
            Self::Weeks(count) => write!(f, "{count}w"),
            Self::Days(count) => write!(f, "{count}d"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
        "Dec",
    ];

    #[test]
    fn a_date_is_shown_with_the_name_of_its_month() {
        for (date, expected) in [
            ("1987-03-14", "14-Mar-1987"),
            ("2025-12-01", "01-Dec-2025"),
            ("1987-03", "Mar-1987"),
            ("1987", "1987"),
        ] {
            assert_eq!(shown_date(date.parse().unwrap(), &ENGLISH), expected);
        }
    }

    #[test]
    fn an_age_is_shown_in_the_unit_in_which_it_is_said() {
        let today = "2025-06-01".parse().unwrap();
        for (born, expected) in [
            ("1987-03-14", Some("38y")),
            ("1987", Some("37y")),
            ("2023-06-01", Some("2y")),
            ("2023-06-02", Some("23m")),
            ("2024-10-01", Some("8m")),
            ("2025-03-01", Some("3m")),
            ("2025-03-02", Some("13w")),
            ("2025-05-18", Some("2w")),
            ("2025-05-19", Some("13d")),
            ("2025-06-01", Some("0d")),
            ("2024", Some("0y")),
            ("2025-05", Some("0m")),
            ("2025-06-02", None),
        ] {
            let shown = shown_age(born.parse().unwrap(), today);
            assert_eq!(
                shown.map(|it| it.to_string()).as_deref(),
                expected,
                "for {born}"
            );
        }
    }
}
