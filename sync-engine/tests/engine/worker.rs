//! The worker loop on a virtual clock.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use carewire_fhir_core::{CorrelationId, OrgId};
use carewire_sync_engine::{
    BlindKey, ClaimedJob, Clock, JobFilter, JobHandler, JobId, JobOutcome, JobQueue, JobState, JobView,
    MemoryStore, NewJob, QueueAdmin, Worker, WorkerOptions, WorkerReport,
};
use chrono::{DateTime, Utc};
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

type Act = Arc<dyn Fn(&ClaimedJob) -> (Duration, JobOutcome) + Send + Sync>;

/// Does what the test says; writes down when each attempt began.
struct Script {
    act: Act,
    clock: Paused,
    log: Mutex<Vec<(JobId, u32, f64)>>,
    most: Mutex<(usize, usize)>,
    release_when_held: Option<Arc<MemoryStore>>,
}

impl std::fmt::Debug for Script {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Script")
    }
}

#[async_trait]
impl JobHandler for Script {
    async fn handle(&self, job: &ClaimedJob) -> JobOutcome {
        self.log.lock().unwrap().push((job.lease.job, job.attempt, self.clock.0.elapsed().as_secs_f64()));
        self.enter();
        let (time, outcome) = (self.act)(job);
        sleep(time).await;
        self.most.lock().unwrap().0 -= 1;
        outcome
    }

    async fn held(&self, job: &ClaimedJob, key: &str) {
        if let Some(store) = &self.release_when_held {
            store.release(&job.lease.org, key, self.clock.now()).await.unwrap();
        }
    }
}

impl Script {
    fn enter(&self) {
        let mut most = self.most.lock().unwrap();
        most.0 += 1;
        most.1 = most.1.max(most.0);
    }
}

struct Bench {
    org: OrgId,
    store: Arc<MemoryStore>,
    script: Arc<Script>,
    clock: Paused,
}

impl Bench {
    fn new(act: impl Fn(&ClaimedJob) -> (Duration, JobOutcome) + Send + Sync + 'static) -> Self {
        let store = Arc::new(MemoryStore::new());
        let clock = Paused(Instant::now());
        let script = Script {
            act: Arc::new(act),
            clock,
            log: Mutex::default(),
            most: Mutex::default(),
            release_when_held: None,
        };
        Self { org: OrgId::new("org_a").unwrap(), store, script: Arc::new(script), clock }
    }

    async fn enqueue(&self, key: Option<u8>) -> JobId {
        let correlation = CorrelationId::new("c").unwrap();
        let job = NewJob {
            ordering_keys: key.map(|key| BlindKey([key; 32])).into_iter().collect(),
            ..NewJob::new(self.org.clone(), "sync", "message", correlation, self.clock.now())
        };
        self.store.enqueue(vec![job]).await.unwrap()[0].id
    }

    fn worker(&self, options: WorkerOptions) -> Worker {
        Worker::new(self.store.clone(), self.script.clone(), Arc::new(self.clock), options)
    }

    /// Runs one worker for that long.
    async fn run(&self, options: WorkerOptions, seconds: u64) -> WorkerReport {
        self.worker(options).run(sleep(Duration::from_secs(seconds))).await
    }

    async fn jobs(&self) -> Vec<JobView> {
        self.store.list(&self.org, &JobFilter::default(), 999).await.unwrap()
    }

    fn log(&self) -> Vec<(JobId, u32, f64)> {
        self.script.log.lock().unwrap().clone()
    }
}

fn options() -> WorkerOptions {
    WorkerOptions::new("sync")
}

fn complete_after(millis: u64) -> (Duration, JobOutcome) {
    (Duration::from_millis(millis), JobOutcome::Complete)
}

#[tokio::test(start_paused = true)]
async fn all_jobs_are_done_in_order_per_key_with_no_more_hands_than_allowed() {
    let bench = Bench::new(|job| complete_after(job.lease.job.0.unsigned_abs() * 7 % 40));
    let mut key_of = HashMap::new();
    for n in 0..60 {
        key_of.insert(bench.enqueue(Some(n % 6)).await, n % 6);
    }
    let report = bench.run(options().with_concurrency(4), 60).await;
    assert_eq!(report, WorkerReport { completed: 60, ..WorkerReport::default() });
    assert_eq!(bench.script.most.lock().unwrap().1, 4);
    for key in 0..6 {
        let order: Vec<_> =
            bench.log().into_iter().map(|(id, ..)| id).filter(|id| key_of[id] == key).collect();
        assert!(order.len() == 10 && order.is_sorted(), "{order:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_attempt_is_repeated_with_backoff_until_it_is_dead() {
    let bench = Bench::new(|_| {
        let outcome = JobOutcome::Retry { code: "remote-unavailable".into(), counts: true, wait: None };
        (Duration::ZERO, outcome)
    });
    bench.enqueue(None).await;
    let report = bench.run(options(), 60).await;
    assert_eq!((report.retried, report.dead), (2, 1));
    let times: Vec<_> = bench.log().into_iter().map(|(_, _, at)| at).collect();
    assert!((0.99..1.2).contains(&(times[1] - times[0])), "{times:?}");
    assert!((1.99..2.2).contains(&(times[2] - times[1])), "{times:?}");
    assert_eq!(bench.jobs().await[0].reason.as_deref(), Some("remote-unavailable"));
}

#[tokio::test(start_paused = true)]
async fn an_uncounted_attempt_waits_as_long_as_asked_and_a_dead_one_is_not_repeated() {
    let bench = Bench::new(|job| {
        let wait = Some(Duration::from_secs(20));
        let outcome = match job.lease.epoch {
            1..5 => JobOutcome::Retry { code: "throttled".into(), counts: false, wait },
            _ => JobOutcome::Dead { code: "invalid".into() },
        };
        (Duration::ZERO, outcome)
    });
    bench.enqueue(None).await;
    let report = bench.run(options(), 300).await;
    assert_eq!((report.retried, report.dead), (4, 1));
    let log = bench.log();
    assert!(log.iter().all(|(_, attempt, _)| *attempt == 1));
    assert!(log.windows(2).all(|pair| pair[1].2 - pair[0].2 >= 20.0), "{log:?}");
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_a_failed_attempt_and_stops_nobody_else() {
    let bench = Bench::new(|job| {
        assert!(job.lease.job.0 != 1, "the first job panics");
        complete_after(10)
    });
    bench.enqueue(None).await;
    bench.enqueue(None).await;
    let report = bench.run(options(), 60).await;
    assert_eq!((report.completed, report.retried, report.dead), (1, 2, 1));
    let jobs = bench.jobs().await;
    assert_eq!((jobs[0].state, jobs[0].reason.as_deref()), (JobState::Failed, Some("handler-panicked")));
    assert_eq!(jobs[1].state, JobState::Completed);
}

#[tokio::test(start_paused = true)]
async fn a_hold_is_looked_at_again_when_it_is_stored() {
    let mut bench = Bench::new(|job| {
        let hold = JobOutcome::Hold { key: "patient:pt_a".into(), code: "consent-denied".into() };
        (Duration::ZERO, if job.lease.epoch == 1 { hold } else { JobOutcome::Complete })
    });
    bench.enqueue(None).await;
    let report = bench.run(options(), 5).await;
    assert_eq!((report.held, report.completed), (1, 0), "held until released");

    Arc::get_mut(&mut bench.script).unwrap().release_when_held = Some(bench.store.clone());
    bench.enqueue(None).await;
    let report = bench.run(options(), 5).await;
    assert_eq!((report.held, report.completed), (1, 2), "the consent came in between: both run");
}

#[tokio::test(start_paused = true)]
async fn heartbeats_keep_a_long_job_from_other_workers() {
    let bench = Bench::new(|_| complete_after(100_000));
    bench.enqueue(None).await;
    let short = options().with_lease(Duration::from_secs(3)).with_drain(Duration::from_secs(200));
    let (first, second) = tokio::join!(bench.run(short.clone(), 50), bench.run(short, 50));
    assert_eq!(first.completed + second.completed, 1);
    assert_eq!(bench.log().len(), 1, "one attempt");
}

#[tokio::test(start_paused = true)]
async fn a_job_whose_lease_was_lost_is_stopped() {
    let bench = Bench::new(|_| complete_after(100_000));
    let id = bench.enqueue(None).await;
    let thief = async {
        sleep(Duration::from_secs(4)).await;
        let claim = carewire_sync_engine::ClaimOptions {
            queue: "sync".into(),
            limit: 1,
            lease: Duration::from_secs(999),
            now: bench.clock.now() + Duration::from_secs(999),
        };
        bench.store.claim(&claim).await.unwrap().remove(0)
    };
    let (report, stolen) = tokio::join!(bench.run(options(), 60), thief);
    assert_eq!((stolen.lease.job, stolen.attempt), (id, 2));
    assert_eq!(report, WorkerReport { lost: 1, ..WorkerReport::default() });
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_waits_for_running_jobs_and_claims_no_more() {
    let bench = Bench::new(|_| complete_after(5_000));
    for _ in 0..3 {
        bench.enqueue(None).await;
    }
    let report = bench.run(options().with_concurrency(2), 1).await;
    assert_eq!(report, WorkerReport { completed: 2, ..WorkerReport::default() });
    assert_eq!(bench.jobs().await[2].state, JobState::Waiting);
}

#[tokio::test(start_paused = true)]
async fn a_job_that_outlasts_the_drain_is_given_back_uncounted_for_the_end_of_its_lease() {
    let bench = Bench::new(|_| complete_after(500_000));
    bench.enqueue(None).await;
    let report = bench.run(options().with_drain(Duration::from_secs(5)), 1).await;
    assert_eq!(report, WorkerReport { abandoned: 1, ..WorkerReport::default() });
    let job = bench.jobs().await.remove(0);
    assert_eq!((job.state, job.attempts, job.reason.as_deref()), (JobState::Waiting, 0, Some("shutdown")));
    assert!(job.run_at > bench.clock.now(), "not before the lease would have ended");
}

#[tokio::test(start_paused = true)]
async fn a_hint_wakes_a_worker_that_sleeps_long() {
    let bench = Bench::new(|_| complete_after(0));
    let worker = bench.worker(options().with_poll(Duration::from_secs(3600)));
    let hint = worker.hint();
    let late = async {
        sleep(Duration::from_secs(10)).await;
        bench.enqueue(None).await;
        hint.notify_one();
    };
    let (report, ()) = tokio::join!(worker.run(sleep(Duration::from_secs(12))), late);
    assert_eq!(report.completed, 1);
    assert!((bench.log()[0].2 - 10.0).abs() < 0.1);
}
