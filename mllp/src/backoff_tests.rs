//! Pauses grow, stay within their bounds, and bear any number.

use proptest::prelude::*;

use super::*;

#[test]
fn pauses_grow_up_to_the_longest() {
    let backoff = Backoff { jitter: 0.0, ..Backoff::default() };
    let pauses: Vec<_> = (0..10).map(|failures| backoff.delay(failures, 0.9).as_secs()).collect();
    assert_eq!(pauses, [0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
}

#[test]
fn a_longest_pause_below_the_first_holds() {
    let backoff = Backoff { most: Duration::from_millis(10), ..Backoff::default() };
    assert_eq!(backoff.delay(1, 0.0), Duration::from_millis(10));
}

proptest! {
    #[test]
    fn jitter_stays_within_its_part(failures in 1..u32::MAX, jitter in 0.0..=1.0_f64, random in 0.0..1.0_f64) {
        let backoff = Backoff { jitter, ..Backoff::default() };
        let whole = backoff.delay(failures, 0.0);
        let pause = backoff.delay(failures, random);
        prop_assert!(pause <= whole && whole <= backoff.most);
        prop_assert!(pause.as_secs_f64() >= whole.as_secs_f64() * (1.0 - jitter) - 1e-6);
    }

    #[test]
    fn any_numbers_give_a_pause_within_the_longest(
        failures in any::<u32>(), factor in any::<f64>(), jitter in any::<f64>(), random in any::<f64>(),
        first in any::<u32>(), most in any::<u32>(),
    ) {
        let (first, most) = (Duration::from_millis(first.into()), Duration::from_millis(most.into()));
        let pause = Backoff { first, most, factor, jitter }.delay(failures, random);
        prop_assert!(pause <= most);
    }
}
