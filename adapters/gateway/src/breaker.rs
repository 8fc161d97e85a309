//! While the remote is down nobody's attempts are used up.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use carewire_sync_engine::{JobOutcome, Refusal};
use chrono::{DateTime, Utc};

/// So many failures without an answer in between open the breaker.
const THRESHOLD: u32 = 5;
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(10);

/// Knows whether the remote answers.
///
/// An attempt that failed for want of an answer counts only when the remote answered somebody else since it began:
/// then the message may be the reason. In an outage it does not count. After some failures in a row the breaker opens
/// and jobs wait without trying; after the pause the next ones try, and a failure makes the pause longer.
#[derive(Debug, Default)]
pub(crate) struct Breaker {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    failures: u32,
    answered: Option<DateTime<Utc>>,
    closed_until: Option<DateTime<Utc>>,
}

impl Breaker {
    /// What a job must do instead of trying, if so.
    pub(crate) fn blocks(&self, now: DateTime<Utc>) -> Option<JobOutcome> {
        let until = self.state().closed_until.filter(|until| now < *until)?;
        let wait = (until - now).to_std().ok();
        Some(JobOutcome::Retry { code: Refusal::BREAKER_OPEN.into(), counts: false, wait })
    }

    /// The remote answered, whatever it said.
    pub(crate) fn answered(&self, now: DateTime<Utc>) {
        let mut state = self.state();
        state.failures = 0;
        state.answered = Some(now);
        state.closed_until = None;
        metrics::gauge!("carewire_breaker_open").set(0.0);
    }

    /// The outcome of an attempt, begun at `began`, that the remote refused.
    pub(crate) fn refused(&self, refusal: &Refusal, began: DateTime<Utc>, now: DateTime<Utc>) -> JobOutcome {
        let outcome = JobOutcome::refused(refusal);
        if !is_silence(refusal) {
            self.answered(now);
            return outcome;
        }
        let mut state = self.state();
        state.failures = state.failures.saturating_add(1);
        let others = state.answered.is_some_and(|answered| answered > began);
        let pause = pause(state.failures);
        if let Some(pause) = pause {
            state.closed_until = Some(now + pause);
            metrics::gauge!("carewire_breaker_open").set(1.0);
        }
        match outcome {
            JobOutcome::Retry { code, wait, .. } => {
                JobOutcome::Retry { code, counts: others, wait: wait.or(pause) }
            }
            other => other,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// No answer, or one that says only that the server is not well.
fn is_silence(refusal: &Refusal) -> bool {
    let code = refusal.code();
    matches!(refusal, Refusal::Transient { .. })
        && matches!(code, "connection" | "timeout" | "unavailable" | "unrecognised-400")
}

fn pause(failures: u32) -> Option<Duration> {
    let doublings = failures.checked_sub(THRESHOLD)?.min(8) / THRESHOLD;
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
        let breaker = Breaker::default();
        breaker.answered(at(0));
        for _ in 0..THRESHOLD {
            assert!(!counts(&breaker.refused(&silence(), at(1), at(2))));
        }
        assert!(breaker.blocks(at(2)).is_some());
        assert!(breaker.blocks(at(20)).is_none());
        breaker.answered(at(2));
        assert!(breaker.blocks(at(2)).is_none());
    }

    #[test]
    fn a_message_that_alone_gets_no_answer_uses_up_its_attempts() {
        let breaker = Breaker::default();
        breaker.answered(at(5));
        assert!(counts(&breaker.refused(&silence(), at(4), at(6))));
    }

    #[test]
    fn a_refusal_is_an_answer() {
        let breaker = Breaker::default();
        for _ in 0..10 {
            let refusal = Refusal::Permanent { code: "invalid".into(), expressions: vec![] };
            assert!(matches!(breaker.refused(&refusal, at(1), at(2)), JobOutcome::Dead { .. }));
        }
        assert!(breaker.blocks(at(2)).is_none());
    }
}
