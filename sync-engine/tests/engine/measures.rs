//! What a worker tells a recorder, how far a job is, and who gets which kind.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use carewire_fhir_core::{CorrelationId, OrgId};
use carewire_sync_engine::{
    ClaimedJob, Clock, Handlers, JobHandler, JobOutcome, JobQueue, JobState, MemoryStore, NewJob, Progress,
    QueueAdminExt as _, Worker, WorkerOptions, measure_queue,
};
use chrono::{DateTime, TimeDelta, Utc};
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::time::{Instant, sleep};

/// Tokio's paused clock as wall time.
#[derive(Clone, Copy, Debug)]
struct Paused(Instant);

impl Clock for Paused {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + self.0.elapsed()
    }

    fn jitter(&self) -> u64 {
        500
    }
}

/// Copies pages; the connection breaks after the fourth.
#[derive(Debug)]
struct Pages;

#[async_trait]
impl JobHandler for Pages {
    async fn handle(&self, job: &ClaimedJob) -> JobOutcome {
        let first = job.checkpoint.as_ref().map_or(0, |page| page.parse().unwrap());
        for page in first..8_u64 {
            sleep(Duration::from_secs(2)).await;
            job.report(Progress::of(page + 1, 8).at((page + 1).to_string()));
            if page == 3 && job.attempt == 1 {
                return JobOutcome::Retry { code: "remote-unavailable".into(), counts: true, wait: None };
            }
        }
        JobOutcome::Complete
    }
}

fn org() -> OrgId {
    OrgId::new("org_a").unwrap()
}

fn job(kind: &str) -> NewJob {
    NewJob::new(org(), "sync", kind, CorrelationId::new("c").unwrap(), DateTime::UNIX_EPOCH)
}

fn worker(store: &Arc<MemoryStore>, clock: Paused) -> Worker {
    let handlers = Handlers::new().on("pages", Arc::new(Pages));
    let options = WorkerOptions::new("sync").with_lease(Duration::from_secs(9));
    Worker::new(Arc::clone(store) as _, Arc::new(handlers), Arc::new(clock), options)
}

#[tokio::test(start_paused = true)]
async fn a_job_goes_on_where_its_last_attempt_stopped() {
    let (store, clock) = (Arc::new(MemoryStore::new()), Paused(Instant::now()));
    let id = store.enqueue(vec![job("pages")]).await.unwrap()[0].id;
    let seen = Arc::clone(&store);
    let watch = tokio::spawn(async move {
        sleep(Duration::from_secs(7)).await;
        seen.job(&org(), id).await.unwrap().unwrap().progress
    });
    let report = worker(&store, clock).run(sleep(Duration::from_secs(30))).await;
    assert_eq!((report.completed, report.retried), (1, 1));
    assert!(watch.await.unwrap().is_some_and(|progress| progress.done == 2), "by heartbeat, while it runs");
    let took = store.job(&org(), id).await.unwrap().unwrap().settled_at.unwrap() - DateTime::UNIX_EPOCH;
    let most = TimeDelta::milliseconds(8 * 2000 + 1500);
    assert!(took <= most, "eight pages and one delay, not twelve pages: {took}");
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_nobody_handles_waits_for_somebody_who_does() {
    let (store, clock) = (Arc::new(MemoryStore::new()), Paused(Instant::now()));
    let id = store.enqueue(vec![job("of the next version")]).await.unwrap()[0].id;
    let report = worker(&store, clock).run(sleep(Duration::from_secs(600))).await;
    assert!(report.retried >= 5 && report.dead == 0, "{report:?}");
    let view = store.job(&org(), id).await.unwrap().unwrap();
    assert_eq!(
        (view.state, view.attempts, view.reason.as_deref()),
        (JobState::Waiting, 0, Some("unknown-kind"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_recorder_is_told_what_happens() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let _local = metrics::set_default_local_recorder(&recorder);
    let (store, clock) = (Arc::new(MemoryStore::new()), Paused(Instant::now()));
    store.enqueue(vec![job("pages"), job("unknown")]).await.unwrap();
    worker(&store, clock).run(sleep(Duration::from_secs(30))).await;
    store
        .enqueue(vec![NewJob { enqueued_at: clock.now(), run_at: clock.now(), ..job("pages") }])
        .await
        .unwrap();
    let now = clock.now() + TimeDelta::seconds(12);
    measure_queue(&*store, &[org()], "sync", now).await.unwrap();
    let text = handle.render();
    for line in [
        r#"carewire_queue_jobs_total{queue_name="sync",outcome="completed"} 1"#,
        r#"carewire_queue_job_errors_total{queue_name="sync",error_type="remote-unavailable"} 1"#,
        r#"carewire_queue_job_errors_total{queue_name="sync",error_type="unknown-kind"} 1"#,
        r#"carewire_queue_job_duration_seconds_count{queue_name="sync",job_type="pages"} 2"#,
        r#"carewire_queue_jobs_waiting{queue_name="sync"} 1"#,
        r#"carewire_queue_jobs_delayed{queue_name="sync"} 1"#,
        r#"carewire_queue_oldest_waiting_seconds{queue_name="sync"} 12"#,
    ] {
        assert!(text.contains(line), "{line}\nis not in\n{text}");
    }
    assert!(!text.contains("org_a"));
}

#[test]
fn the_named_queues_have_their_own_concurrency() {
    let of = |queue: &str| WorkerOptions::new(queue).concurrency;
    assert_eq!(["sync", "webhook", "conflict", "transform", "other"].map(of), [5, 10, 3, 10, 5]);
}
