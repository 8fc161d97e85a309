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

/// Knows whether the remote answers.
///
/// An attempt that failed for want of an answer counts only when the remote answers something else right afterwards:
/// then the message may be the reason. In an outage it does not count. After some failures in a row the breaker opens
/// and jobs wait without trying; after the pause the next ones try, and a failure makes the pause longer.
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
            return outcome;
        }
        let mut state = self.state();
        state.failures = state.failures.saturating_add(1);
        let pause = pause(state.failures);
        if let Some(pause) = pause {
            state.closed_until = Some(now + pause);
            self.show(1.0);
        }
        match outcome {
            JobOutcome::Retry { code, wait, .. } => {
                JobOutcome::Retry { code, counts: false, wait: wait.or(pause) }
            }
            other => other,
        }
    }

    fn show(&self, open: f64) {
        metrics::gauge!("carewire_breaker_open", "org" => self.org.clone()).set(open);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// No answer, or one that says only that the server is not well.
pub(crate) fn is_silence(refusal: &Refusal) -> bool {
    let code = refusal.code();
    matches!(refusal, Refusal::Transient { .. })
        && matches!(code, "connection" | "timeout" | "unavailable" | "unrecognised-400")
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
    fn the_pause_grows_up_to_its_limit() {
        let pauses: Vec<u64> =
            [4, 5, 10, 15, 20, 100].map(|n| pause(n).unwrap_or_default().as_secs()).to_vec();
        assert_eq!(pauses, [0, 1, 2, 4, 8, 10]);
    }
}
