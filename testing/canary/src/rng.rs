//! Repeatable randomness: the same seed, the same test.

use std::ops::Range;
use std::time::Duration;

/// SplitMix64.
///
/// ```
/// use carewire_canary::Rng;
/// let (mut a, mut b) = (Rng::new(1), Rng::new(1));
/// assert_eq!(a.below(1000), b.below(1000));
/// ```
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// A generator for a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A seed that nobody chose; print it, so that a failure can be repeated.
    #[must_use]
    pub fn arbitrary_seed() -> u64 {
        use std::hash::{BuildHasher, RandomState};
        RandomState::new().hash_one("seed") % 1_000_000_000
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 when `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.bits() % end.max(1)
    }

    /// True in so many cases of a hundred.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// A time within the range.
    pub fn within(&mut self, range: &Range<Duration>) -> Duration {
        let width = range.end.saturating_sub(range.start).as_micros();
        let offset = self.below(u64::try_from(width).unwrap_or(u64::MAX));
        range.start + Duration::from_micros(offset)
    }

    /// One of them; `None` when there are none.
    pub fn choose<'i, T>(&mut self, items: &'i [T]) -> Option<&'i T> {
        items.get(usize::try_from(self.below(items.len() as u64)).unwrap_or(0))
    }
}
