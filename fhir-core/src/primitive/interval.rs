//! Ranges of values and the prefixes of search.

use std::ops::{Bound, Range};

use crate::search::Prefix;

/// A range of values: with or without an end on either side, and a single value too. `Debug` shows which ends it has.
///
/// ```
/// use carewire_fhir_core::{Interval, search::Prefix};
/// let year = Interval::from(2020..2021);
/// assert!(Prefix::Gt.matches(&year, &Interval::point(2021)));
/// assert!(Prefix::Eq.matches(&year, &Interval::point(2020)));
/// assert!(!Prefix::Eq.matches(&year, &Interval::at_least(2020)));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Interval<T> {
    start: Bound<T>,
    end: Bound<T>,
}

impl<T> std::fmt::Debug for Interval<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let has = |bound: &Bound<T>| !matches!(bound, Bound::Unbounded);
        f.debug_struct("Interval")
            .field("has_start", &has(&self.start))
            .field("has_end", &has(&self.end))
            .finish_non_exhaustive()
    }
}

impl<T> Interval<T> {
    /// From one bound to another.
    #[must_use]
    pub fn new(start: Bound<T>, end: Bound<T>) -> Self {
        Self { start, end }
    }

    /// Every value.
    #[must_use]
    pub fn everything() -> Self {
        Self::new(Bound::Unbounded, Bound::Unbounded)
    }

    /// This value and all above.
    #[must_use]
    pub fn at_least(start: T) -> Self {
        Self::new(Bound::Included(start), Bound::Unbounded)
    }

    /// All below this value.
    #[must_use]
    pub fn below(end: T) -> Self {
        Self::new(Bound::Unbounded, Bound::Excluded(end))
    }

    /// From the first to the last, both included.
    #[must_use]
    pub fn closed(start: T, end: T) -> Self {
        Self::new(Bound::Included(start), Bound::Included(end))
    }

    /// Where it starts.
    #[must_use]
    pub fn start(&self) -> Bound<&T> {
        self.start.as_ref()
    }

    /// Where it ends.
    #[must_use]
    pub fn end(&self) -> Bound<&T> {
        self.end.as_ref()
    }
}

impl<T: Clone> Interval<T> {
    /// One value.
    #[must_use]
    pub fn point(value: T) -> Self {
        Self::closed(value.clone(), value)
    }
}

impl<T: Ord> Interval<T> {
    /// Whether every value of the other is in this one.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        let starts = match (self.start(), other.start()) {
            (Bound::Unbounded, _) => true,
            (_, Bound::Unbounded) => false,
            (Bound::Excluded(own), Bound::Included(others)) => own < others,
            (
                Bound::Included(own) | Bound::Excluded(own),
                Bound::Included(others) | Bound::Excluded(others),
            ) => own <= others,
        };
        starts
            && match (self.end(), other.end()) {
                (Bound::Unbounded, _) => true,
                (_, Bound::Unbounded) => false,
                (Bound::Excluded(own), Bound::Included(others)) => own > others,
                (
                    Bound::Included(own) | Bound::Excluded(own),
                    Bound::Included(others) | Bound::Excluded(others),
                ) => own >= others,
            }
    }

    /// Whether there is a value in both.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        !is_before(self.end(), other.start()) && !is_before(other.end(), self.start())
    }

    /// Whether every value of this one is below every value of the other.
    #[must_use]
    pub fn is_before(&self, other: &Self) -> bool {
        is_before(self.end(), other.start())
    }

    /// Whether some value of this one is above all of the other.
    fn reaches_above(&self, other: &Self) -> bool {
        match (self.end(), other.end()) {
            (_, Bound::Unbounded) => false,
            (Bound::Unbounded, _) => true,
            (Bound::Included(own), Bound::Excluded(others)) => own >= others,
            (
                Bound::Included(own) | Bound::Excluded(own),
                Bound::Included(others) | Bound::Excluded(others),
            ) => own > others,
        }
    }

    /// Whether some value of this one is below all of the other.
    fn reaches_below(&self, other: &Self) -> bool {
        match (self.start(), other.start()) {
            (_, Bound::Unbounded) => false,
            (Bound::Unbounded, _) => true,
            (Bound::Included(own), Bound::Excluded(others)) => own <= others,
            (
                Bound::Included(own) | Bound::Excluded(own),
                Bound::Included(others) | Bound::Excluded(others),
            ) => own < others,
        }
    }
}

impl Interval<i128> {
    /// Wider on both sides by a tenth of the gap between it and `now`, as search suggests for approximate dates
    /// (R4 search, 3.1.1.4.5). Nothing is added to what contains `now`.
    #[must_use]
    pub fn approximate(self, now: i128) -> Self {
        let gap = match (self.start, self.end) {
            (Bound::Included(start) | Bound::Excluded(start), _) if now < start => start.saturating_sub(now),
            (_, Bound::Included(end) | Bound::Excluded(end)) if now > end => now.saturating_sub(end),
            _ => 0,
        };
        let by = gap / 10;
        Self::new(
            self.start.map(|start| start.saturating_sub(by)),
            self.end.map(|end| end.saturating_add(by)),
        )
    }
}

impl<T> From<Range<T>> for Interval<T> {
    fn from(range: Range<T>) -> Self {
        Self::new(Bound::Included(range.start), Bound::Excluded(range.end))
    }
}

/// Whether an end lies before a start, so that nothing is in both.
fn is_before<T: Ord>(end: Bound<&T>, start: Bound<&T>) -> bool {
    match (end, start) {
        (Bound::Unbounded, _) | (_, Bound::Unbounded) => false,
        (Bound::Included(end), Bound::Included(start)) => end < start,
        (Bound::Included(end) | Bound::Excluded(end), Bound::Included(start) | Bound::Excluded(start)) => {
            end <= start
        }
    }
}

impl Prefix {
    /// Whether a resource with the value `target` is found by this prefix and the value `search`.
    ///
    /// For `ap` the searched interval is one that is wide enough already: [`Interval::approximate`],
    /// [`Decimal::search_interval`](crate::Decimal::search_interval).
    #[must_use]
    pub fn matches<T: Ord>(self, search: &Interval<T>, target: &Interval<T>) -> bool {
        match self {
            Self::Eq => search.contains(target),
            Self::Ne => !search.contains(target),
            Self::Gt => target.reaches_above(search),
            Self::Lt => target.reaches_below(search),
            Self::Ge => target.reaches_above(search) || search.contains(target),
            Self::Le => target.reaches_below(search) || search.contains(target),
            Self::Sa => search.is_before(target),
            Self::Eb => target.is_before(search),
            Self::Ap => search.overlaps(target),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefixes_are_those_of_the_specification() {
        let day = Interval::from(10..20);
        let matching = |target: Interval<i32>| {
            let codes = Prefix::ALL.iter().filter(|prefix| prefix.matches(&day, &target));
            codes.map(|prefix| prefix.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(matching(Interval::from(10..20)), ["eq", "ge", "le", "ap"]);
        assert_eq!(matching(Interval::point(19)), ["eq", "ge", "le", "ap"]);
        assert_eq!(matching(Interval::point(20)), ["ne", "gt", "ge", "sa"]);
        assert_eq!(matching(Interval::from(0..10)), ["ne", "lt", "le", "eb"]);
        assert_eq!(matching(Interval::from(5..25)), ["ne", "gt", "lt", "ge", "le", "ap"]);
        assert_eq!(matching(Interval::at_least(15)), ["ne", "gt", "ge", "ap"]);
        assert_eq!(matching(Interval::everything()), ["ne", "gt", "lt", "ge", "le", "ap"]);
        assert!(!Prefix::Gt.matches(&Interval::point(10), &Interval::point(10)));
        assert!(Prefix::Gt.matches(&Interval::point(10), &Interval::point(11)));
    }

    #[test]
    fn an_approximate_date_is_wider_the_longer_ago_it_is() {
        assert_eq!(Interval::from(100..200).approximate(1200), Interval::from(0..300));
        assert_eq!(Interval::from(100..200).approximate(150), Interval::from(100..200));
        assert_eq!(Interval::from(100..200).approximate(-100), Interval::from(80..220));
    }
}
