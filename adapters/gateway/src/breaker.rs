//! While the remote is down nobody's attempts are used up.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use carewire_fhir_core::OrgId;
use carewire_sync_engine::{JobOutcome, Refusal};
use chrono::{DateTime, Utc};

/// So many failures without an answer in between open the breaker.
const THRESHOLD: u32 = 5;
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(10);
/// A remote that asks for more is asked again all the same.
const LONGEST_ASKED: Duration = Duration::from_secs(600);
/// 502, 503, 504.
const UNAVAILABLE: &str = "unavailable";

/// Knows whether the remote answers.
///
/// An attempt that failed for want of an answer counts only when the remote answers something else right afterwards:
/// then the message may be the reason. In an outage it does not count. After some failures in a row the breaker opens
/// and jobs wait without trying; after the pause the next ones try, and a failure makes the pause longer. Other processes
/// learn of it by the limits that they share ([`Breaker::closes_until`]).
#[derive(Debug)]
pub(crate) struct Breaker {
    /// Whose: the label of its metric.
    org: String,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    failures: u32,
    closed_until: Option<DateTime<Utc>>,
}

impl Breaker {
    pub(crate) fn new(org: &OrgId) -> Self {
        Self { org: org.to_string(), state: Mutex::default() }
    }

    /// What a job must do instead of trying, if so.
    pub(crate) fn blocks(&self, now: DateTime<Utc>) -> Option<JobOutcome> {
        let until = self.state().closed_until.filter(|until| now < *until)?;
        let wait = (until - now).to_std().ok();
        Some(JobOutcome::Retry { code: Refusal::BREAKER_OPEN.into(), counts: false, wait })
    }

    /// The remote answered, whatever it said.
    pub(crate) fn answered(&self) {
        let mut state = self.state();
        state.failures = 0;
        state.closed_until = None;
        self.show(0.0);
    }

    /// The outcome of an attempt that the remote refused; `alive` is whether the remote answers right now.
    pub(crate) fn refused(&self, refusal: &Refusal, alive: bool, now: DateTime<Utc>) -> JobOutcome {
        let outcome = JobOutcome::refused(refusal);
        if alive {
            self.answered();
            return if asked_to_wait(refusal).is_some() { uncounted(outcome, None) } else { outcome };
        }
        let mut state = self.state();
        state.failures = state.failures.saturating_add(1);
        let pause = pause(state.failures);
        if let Some(pause) = pause {
            state.closed_until = Some(now + pause);
            self.show(1.0);
        }
        uncounted(outcome, pause)
    }

    /// Until when nobody should try, after a refusal: what the breaker says, or what the remote asked for.
    pub(crate) fn closes_until(&self, refusal: &Refusal, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let opened = self.state().closed_until.filter(|until| now < *until);
        opened.max(asked_to_wait(refusal).map(|wait| now + wait.min(LONGEST_ASKED)))
    }

    fn show(&self, open: f64) {
        metrics::gauge!("carewire_breaker_open", "org" => self.org.clone()).set(open);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The attempt says nothing about the job.
fn uncounted(outcome: JobOutcome, pause: Option<Duration>) -> JobOutcome {
    match outcome {
        JobOutcome::Retry { code, wait, .. } => {
            JobOutcome::Retry { code, counts: false, wait: wait.or(pause) }
        }
        other => other,
    }
}

/// How long the remote asked everybody to wait (429 or 503 with `Retry-After`).
fn asked_to_wait(refusal: &Refusal) -> Option<Duration> {
    match refusal {
        Refusal::Transient { code, wait } if code == Refusal::THROTTLED || code == UNAVAILABLE => *wait,
        _ => None,
    }
}

/// No answer, or one that says only that the server is not well.
pub(crate) fn is_silence(refusal: &Refusal) -> bool {
    let code = refusal.code();
    matches!(refusal, Refusal::Transient { .. })
        && matches!(code, "connection" | "timeout" | UNAVAILABLE | "unrecognised-400")
}

fn pause(failures: u32) -> Option<Duration> {
    let doublings = (failures.checked_sub(THRESHOLD)? / THRESHOLD).min(8);
    Some(SHORTEST.saturating_mul(1 << doublings).min(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_000 + second, 0).unwrap()
    }

    fn silence() -> Refusal {
        Refusal::Transient { code: "connection".into(), wait: None }
    }

    fn counts(outcome: &JobOutcome) -> bool {
        matches!(outcome, JobOutcome::Retry { counts: true, .. })
    }

    #[test]
    fn an_outage_uses_up_no_attempts_and_opens_the_breaker() {
        let breaker = Breaker::new(&OrgId::new("clinic").unwrap());
        for _ in 0..THRESHOLD {
            assert!(!counts(&breaker.refused(&silence(), false, at(2))));
        }
        assert!(breaker.blocks(at(2)).is_some());
        assert!(breaker.blocks(at(20)).is_none());
        breaker.answered();
        assert!(breaker.blocks(at(2)).is_none());
    }

    #[test]
    fn a_message_that_alone_gets_no_answer_uses_up_its_attempts() {
        let breaker = Breaker::new(&OrgId::new("clinic").unwrap());
        for _ in 0..10 {
            assert!(counts(&breaker.refused(&silence(), true, at(6))));
        }
        assert!(breaker.blocks(at(6)).is_none());
    }

    #[test]
    fn who_asks_to_wait_is_left_alone_by_all_and_uses_up_no_attempts() {
        let breaker = Breaker::new(&OrgId::new("clinic").unwrap());
        for code in [Refusal::THROTTLED, "unavailable"] {
            for (asked, kept) in [(30, 30), (86_400, 600)] {
                let wait = Some(Duration::from_secs(asked));
                let refusal = Refusal::Transient { code: code.into(), wait };
                assert!(!counts(&breaker.refused(&refusal, true, at(0))));
                assert_eq!(breaker.closes_until(&refusal, at(0)), Some(at(kept)), "{code}");
            }
        }
        assert_eq!(breaker.closes_until(&silence(), at(0)), None);
        for _ in 0..THRESHOLD {
            breaker.refused(&silence(), false, at(0));
        }
        assert_eq!(breaker.closes_until(&silence(), at(0)), Some(at(1)));
    }

    #[test]
    fn the_pause_grows_up_to_its_limit() {
        let pauses: Vec<u64> =
            [4, 5, 10, 15, 20, 100].map(|n| pause(n).unwrap_or_default().as_secs()).to_vec();
        assert_eq!(pauses, [0, 1, 2, 4, 8, 10]);
    }
}
