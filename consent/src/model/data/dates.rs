//! Stretches of time: periods of consents and of data.

use carewire_fhir_core::{DateParts, Zone};
use chrono::{DateTime, Utc};

use crate::decide::Fit;

/// A half-open stretch of time; an end that is not stated is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Span {
    /// The first instant.
    pub(crate) start: Option<DateTime<Utc>>,
    /// The first instant after it.
    pub(crate) end: Option<DateTime<Utc>>,
}

impl Span {
    /// From the first instant that `start` may mean through the last that `end` may mean; `None` for what is no date.
    /// A date without a zone is taken in UTC.
    pub(crate) fn parse(start: Option<&str>, end: Option<&str>) -> Option<Self> {
        let bounds = |text: &str| Some(DateParts::parse(text)?.bounds(Zone::UTC));
        Some(Self {
            start: start
                .map(|text| bounds(text).and_then(|bounds| instant(bounds.start)))
                .transpose_option()?,
            end: end
                .map(|text| bounds(text).and_then(|bounds| instant(last(text, &bounds))))
                .transpose_option()?,
        })
    }

    /// All instants that one date may mean.
    pub(crate) fn of(date: &str) -> Option<Self> {
        let bounds = DateParts::parse(date)?.bounds(Zone::UTC);
        Some(Self { start: Some(instant(bounds.start)?), end: Some(instant(bounds.end)?) })
    }

    /// Whether it ends before it begins, or as it begins.
    pub(crate) fn is_contradictory(&self) -> bool {
        matches!((self.start, self.end), (Some(start), Some(end)) if end <= start)
    }

    pub(crate) fn contains(&self, now: DateTime<Utc>) -> bool {
        self.start.is_none_or(|start| start <= now) && self.end.is_none_or(|end| now < end)
    }

    /// What lies in both.
    pub(crate) fn and(&self, other: Self) -> Self {
        let end = match (self.end, other.end) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        Self { start: self.start.max(other.start), end }
    }

    /// How far data of `dates` lie within.
    pub(crate) fn fit(&self, dates: Self) -> Fit {
        if self.is_contradictory() || dates.is_contradictory() {
            return Fit::UNKNOWN;
        }
        let apart = |end: Option<DateTime<Utc>>, start: Option<DateTime<Utc>>| matches!((end, start), (Some(end), Some(start)) if end <= start);
        if apart(self.end, dates.start) || apart(dates.end, self.start) {
            return Fit::NO;
        }
        let starts = self.start.is_none_or(|start| dates.start.is_some_and(|first| start <= first));
        let ends = self.end.is_none_or(|end| dates.end.is_some_and(|last| last <= end));
        if starts && ends { Fit::YES } else { Fit::OPEN }
    }

    /// The instants at which it begins and ends.
    pub(crate) fn boundaries(&self) -> impl Iterator<Item = DateTime<Utc>> + use<> {
        [self.start, self.end].into_iter().flatten()
    }
}

/// The end that a text states: a date lasts through its day, month or year; an instant is the end itself.
fn last(text: &str, bounds: &std::ops::Range<i128>) -> i128 {
    if text.contains('T') { bounds.start } else { bounds.end }
}

fn instant(nanos: i128) -> Option<DateTime<Utc>> {
    let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).ok()?;
    DateTime::from_timestamp(seconds, u32::try_from(nanos.rem_euclid(1_000_000_000)).ok()?)
}

/// Absent is fine, unreadable is not.
trait TransposeOption<T> {
    fn transpose_option(self) -> Option<Option<T>>;
}

impl<T> TransposeOption<T> for Option<Option<T>> {
    fn transpose_option(self) -> Option<Option<T>> {
        match self {
            None => Some(None),
            Some(None) => None,
            Some(some) => Some(some),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_date_ends_with_its_day_month_or_year() {
        for (end, first_after) in [
            ("2022-12-31", "2023-01-01T00:00:00Z"),
            ("2022-02", "2022-03-01T00:00:00Z"),
            ("2022", "2023-01-01T00:00:00Z"),
            ("2022-05-01T10:00:00+02:00", "2022-05-01T08:00:00Z"),
        ] {
            assert_eq!(Span::parse(None, Some(end)).unwrap().end, Some(at(first_after)), "{end}");
        }
        assert_eq!(Span::parse(Some("2022"), None).unwrap().start, Some(at("2022-01-01T00:00:00Z")));
        assert_eq!(Span::parse(Some("canary"), None), None);
    }

    #[test]
    fn data_fit_when_all_of_them_lie_within() {
        let year = Span::parse(Some("2022"), Some("2022")).unwrap();
        let fit = |date| year.fit(Span::of(date).unwrap());
        assert_eq!([fit("2022-03"), fit("2021-12-31"), fit("2023-01-01")], [Fit::YES, Fit::NO, Fit::NO]);
        assert_eq!(Span::parse(Some("2022-03"), None).unwrap().fit(Span::of("2022").unwrap()), Fit::OPEN);
    }
}
