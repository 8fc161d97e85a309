//! Instants of a sender's clock.

use crate::Timestamp;

/// Seconds of a clock on the wall since the first day of 1970. Days have 86400 of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment(i64);

pub(super) const MINUTE: u64 = 60;
pub(super) const HOUR: u64 = 60 * MINUTE;
pub(super) const DAY: u64 = 24 * HOUR;

impl Moment {
    /// The begin of what the timestamp says: of its year, month, day, hour, minute or second.
    pub(super) fn of(time: &Timestamp) -> Self {
        let (month, day) = (time.month().unwrap_or(1), time.day().unwrap_or(1));
        let days = days_since_1970(i64::from(time.year()), i64::from(month), i64::from(day));
        let part = |part: Option<u8>| i64::from(part.unwrap_or(0));
        Self(((days * 24 + part(time.hour())) * 60 + part(time.minute())) * 60 + part(time.second()))
    }

    pub(super) fn after(self, seconds: u64) -> Self {
        Self(self.0.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX)))
    }

    pub(super) fn before(self, seconds: u64) -> Self {
        Self(self.0.saturating_sub(i64::try_from(seconds).unwrap_or(i64::MAX)))
    }

    /// `YYYYMMDD`.
    pub(super) fn date(self) -> String {
        let (year, month, day) = civil(self.0.div_euclid(86_400));
        format!("{:04}{month:02}{day:02}", year.clamp(1, 9_999))
    }

    /// `YYYYMMDDHHMM`.
    pub(super) fn minute(self) -> String {
        let within = self.0.rem_euclid(86_400);
        format!("{}{:02}{:02}", self.date(), within / 3_600, within / 60 % 60)
    }

    /// `YYYYMMDDHHMMSS`.
    pub(super) fn second(self) -> String {
        format!("{}{:02}", self.minute(), self.0.rem_euclid(60))
    }
}

/// Days from 1970-01-01 in the Gregorian calendar.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    // Years that begin in March put the leap day at their end.
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    let of_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + of_year - 719_468
}

fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (cycle, of_cycle) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_cycle - of_cycle / 1_460 + of_cycle / 36_524 - of_cycle / 146_096) / 365;
    let of_year = of_cycle - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let year = year + cycle * 400 + i64::from(month >= 10);
    (year, if month < 10 { month + 3 } else { month - 9 }, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_lead_there_and_back() {
        for text in ["19700101", "19991231", "20000229", "20240229", "20240301", "21000301", "19610615"] {
            let moment = Moment::of(&text.parse().unwrap());
            assert_eq!(moment.date(), text);
            assert_eq!(moment.second(), format!("{text}000000"));
        }
        let moment = Moment::of(&"20240228235959".parse().unwrap());
        assert_eq!(moment.after(1).second(), "20240229000000");
        assert_eq!(moment.before(DAY).second(), "20240227235959");
    }
}
