//! How far something holds, for each class of data at once.

use std::ops::{BitAnd, BitOr, Not};

/// For each class of data whether something holds for sure, or may hold, depending on what is not said of the data.
///
/// A bit of `sure` is one of `maybe`, too. Three-valued logic (Kleene) for up to 32 classes in two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Level {
    pub(crate) sure: u32,
    pub(crate) maybe: u32,
}

impl Level {
    pub(crate) const NO: Self = Self { sure: 0, maybe: 0 };
    pub(crate) const OPEN: Self = Self { sure: 0, maybe: u32::MAX };
    pub(crate) const YES: Self = Self { sure: u32::MAX, maybe: u32::MAX };

    /// Whether it may hold for some of the classes.
    pub(crate) fn may(self, classes: u32) -> bool {
        self.maybe & classes != 0
    }

    /// Whether it holds for some of the classes.
    pub(crate) fn is_sure_of_some(self, classes: u32) -> bool {
        self.sure & classes != 0
    }

    /// Whether it holds for each of the classes.
    pub(crate) fn is_sure_of_all(self, classes: u32) -> bool {
        self.sure & classes == classes
    }

    /// Whether it differs from another in one of the classes.
    pub(crate) fn differs(self, other: Self, classes: u32) -> bool {
        ((self.sure ^ other.sure) | (self.maybe ^ other.maybe)) & classes != 0
    }

    /// Whether it may hold for each of the classes.
    pub(crate) fn may_all(self, classes: u32) -> bool {
        self.maybe & classes == classes
    }
}

impl BitAnd for Level {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self { sure: self.sure & other.sure, maybe: self.maybe & other.maybe }
    }
}

impl BitOr for Level {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self { sure: self.sure | other.sure, maybe: self.maybe | other.maybe }
    }
}

impl Not for Level {
    type Output = Self;
    fn not(self) -> Self {
        Self { sure: !self.maybe, maybe: !self.sure }
    }
}

impl From<bool> for Level {
    fn from(holds: bool) -> Self {
        if holds { Self::YES } else { Self::NO }
    }
}

/// How far a provision fits: `least` is what can be relied on, `most` what cannot be excluded. They differ where the
/// consent holds something that is not understood. A permit rests on `least`, a denial on `most`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fit {
    pub(crate) least: Level,
    pub(crate) most: Level,
}

impl Fit {
    pub(crate) const NO: Self = Self::of(Level::NO);
    pub(crate) const OPEN: Self = Self::of(Level::OPEN);
    pub(crate) const YES: Self = Self::of(Level::YES);
    /// What is not understood may mean anything.
    pub(crate) const UNKNOWN: Self = Self { least: Level::NO, most: Level::YES };

    pub(crate) const fn of(level: Level) -> Self {
        Self { least: level, most: level }
    }

    pub(crate) fn is_no(self) -> bool {
        self.most == Level::NO
    }
}

impl BitAnd for Fit {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self { least: self.least & other.least, most: self.most & other.most }
    }
}

impl BitOr for Fit {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self { least: self.least | other.least, most: self.most | other.most }
    }
}

impl From<bool> for Fit {
    fn from(fits: bool) -> Self {
        if fits { Self::YES } else { Self::NO }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_values_obey_the_tables_of_kleene() {
        let [no, open, yes] = [Level::NO, Level::OPEN, Level::YES];
        assert_eq!([!no, !open, !yes], [yes, open, no]);
        assert_eq!([no & open, open & yes, open & open], [no, open, open]);
        assert_eq!([no | open, open | yes, open | open], [open, yes, open]);
    }

    #[test]
    fn each_class_is_judged_by_itself() {
        let some = Level { sure: 0b01, maybe: 0b11 };
        assert!(some.is_sure_of_some(0b11) && !some.is_sure_of_all(0b11) && some.may_all(0b11));
        assert!(!some.may(0b100) && !some.is_sure_of_some(0b10));
    }
}
