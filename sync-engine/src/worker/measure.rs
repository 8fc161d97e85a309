//! What a worker and a queue tell a metrics recorder. Labels are names and codes: never an org, never a value.

use std::time::Duration;

use carewire_fhir_core::OrgId;
use chrono::{DateTime, Utc};
use metrics::{counter, gauge, histogram};

use super::JobOutcome;
use crate::{ClaimedJob, JobQueue, JobState, QueueAdmin, QueueStats, Result, Settled};

/// The job begins: how long it has waited since it was enqueued.
pub(super) fn began(job: &ClaimedJob, now: DateTime<Utc>) {
    let waited = (now - job.enqueued_at).to_std().unwrap_or_default();
    histogram!("carewire_queue_job_wait_seconds", "queue_name" => job.queue.clone())
        .record(waited.as_secs_f64());
}

/// An attempt has ended in the hands of the worker.
pub(super) fn ended(job: &ClaimedJob, outcome: &JobOutcome, took: Duration) {
    let (queue, kind) = (job.queue.clone(), job.kind.clone());
    histogram!("carewire_queue_job_duration_seconds", "queue_name" => queue.clone(), "job_type" => kind)
        .record(took.as_secs_f64());
    if let JobOutcome::Retry { code, .. } | JobOutcome::Dead { code } = outcome {
        counter!("carewire_queue_job_errors_total", "queue_name" => queue, "error_type" => code.clone())
            .increment(1);
    }
}

/// What the store made of it.
pub(super) fn settled(queue: &str, settled: Settled) {
    let outcome = match settled {
        Settled::Stale => {
            counter!("carewire_queue_stale_ack_rejected_total", "queue_name" => queue.to_owned())
                .increment(1);
            return;
        }
        Settled::Done(JobState::Waiting) => "retried",
        Settled::Done(state) => state.as_str(),
    };
    counter!("carewire_queue_jobs_total", "queue_name" => queue.to_owned(), "outcome" => outcome)
        .increment(1);
}

/// Jobs that were stopped since their lease was lost.
pub(super) fn lost(queue: &str) {
    counter!("carewire_queue_leases_lost_total", "queue_name" => queue.to_owned()).increment(1);
}

/// Sets the gauges of a queue from the counters of the store, summed over the orgs that a process serves:
/// `carewire_queue_jobs_{waiting,active,delayed,failed,paused,held}`, and `carewire_queue_oldest_waiting_seconds`, the age of what
/// would be claimed first. Call it every few seconds.
///
/// # Errors
/// Those of the store.
pub async fn measure_queue<S>(store: &S, orgs: &[OrgId], queue: &str, now: DateTime<Utc>) -> Result<()>
where
    S: JobQueue + QueueAdmin + ?Sized,
{
    let mut sum = QueueStats::default();
    for org in orgs {
        let stats = store.stats(org, Some(queue), now).await?;
        sum.waiting += stats.waiting;
        sum.active += stats.active;
        sum.delayed += stats.delayed;
        sum.failed += stats.failed;
        sum.paused += stats.paused;
        sum.held += stats.held;
    }
    let gauges = [
        ("carewire_queue_jobs_waiting", sum.waiting),
        ("carewire_queue_jobs_active", sum.active),
        ("carewire_queue_jobs_delayed", sum.delayed),
        ("carewire_queue_jobs_failed", sum.failed),
        ("carewire_queue_jobs_paused", sum.paused),
        ("carewire_queue_jobs_held", sum.held),
    ];
    for (name, jobs) in gauges {
        #[expect(clippy::cast_precision_loss, reason = "a gauge is a float")]
        gauge!(name, "queue_name" => queue.to_owned()).set(jobs as f64);
    }
    let due = store.next_due(queue).await?;
    let age = due.and_then(|due| (now - due).to_std().ok()).unwrap_or_default();
    gauge!("carewire_queue_oldest_waiting_seconds", "queue_name" => queue.to_owned()).set(age.as_secs_f64());
    Ok(())
}
