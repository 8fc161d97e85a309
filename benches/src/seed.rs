//! Choices that depend on a seed only.

/// A sequence of numbers made from a seed (SplitMix64): well spread, fast, and no secret.
pub(crate) struct Seed(u64);

impl Seed {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number below `limit`, or 0 when there is none.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)).checked_rem(limit).unwrap_or(0)
    }

    /// One of the words.
    pub(crate) fn pick(&mut self, words: &[&'static str]) -> &'static str {
        let chosen = usize::try_from(self.below(words.len() as u64)).unwrap_or(0);
        words.get(chosen).copied().unwrap_or_default()
    }
}

pub(crate) const FAMILIES: &[&str] =
    &["Ambroz", "Bellweather", "Castellan", "Dunmore", "Eberhart", "Fairburn", "Gillam", "Hathersage"];
pub(crate) const GIVEN: &[&str] = &["Ada", "Bruno", "Clara", "Dimitri", "Edda", "Fabian", "Greta", "Hugo"];
pub(crate) const STREETS: &[&str] = &["Mill Lane", "Quarry Road", "Station Street", "Orchard Close"];
pub(crate) const TOWNS: &[&str] = &["Westholm", "Larkfield", "Northam", "Elmsworth"];
