//! The timer goes off when it should, however deadlines follow each other.

use super::*;

#[tokio::test(start_paused = true)]
async fn work_that_is_done_in_time_is_done_and_other_work_is_not() {
    let mut timer = Timer::new();
    let (second, begin) = (Duration::from_secs(1), Instant::now());
    assert_eq!(timer.within(second, async { 7 }).await, Some(7));
    assert_eq!(timer.within(second, tokio::time::sleep(second / 2)).await, Some(()));
    assert_eq!(timer.within(second, std::future::pending::<()>()).await, None);
    assert_eq!(begin.elapsed(), second + second / 2);
}

#[tokio::test(start_paused = true)]
async fn a_deadline_may_be_earlier_or_later_than_the_one_before() {
    let mut timer = Timer::new();
    for millis in [600_000, 30_000, 200, 600_000, 200, 200, 1, 30_000, 0, 5] {
        let (limit, begin) = (Duration::from_millis(millis), Instant::now());
        // Each is preceded by one that is met.
        assert_eq!(timer.within(limit * 2, tokio::time::sleep(limit / 2)).await, Some(()));
        let begun = begin.elapsed();
        assert_eq!(timer.within(limit, std::future::pending::<()>()).await, None);
        assert_eq!((begin.elapsed() - begun).as_millis(), u128::from(millis));
    }
}

#[tokio::test(start_paused = true)]
async fn no_time_is_too_long() {
    let mut timer = Timer::new();
    assert_eq!(timer.within(Duration::MAX, tokio::time::sleep(Duration::from_secs(86_400))).await, Some(()));
    let now = Instant::now();
    assert!(after(after(now, Duration::MAX), Duration::MAX) > now);
}
