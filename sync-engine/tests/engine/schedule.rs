//! The runners of schedules on a virtual clock: the leader changes, each occurrence fires once.

use std::sync::Arc;
use std::time::Duration;

use carewire_fhir_core::OrgId;
use carewire_sync_engine::{
    ClaimOptions, Clock, Cron, JobFilter, JobQueue, JobQueueExt as _, MemoryStore, Missed, QueueAdmin,
    Schedule, ScheduleRunner, ScheduleRunnerOptions, Scheduler, contract,
};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

/// Tokio's paused clock as wall time.
#[derive(Clone, Copy, Debug)]
struct Paused(Instant);

impl Clock for Paused {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + self.0.elapsed()
    }

    fn jitter(&self) -> u64 {
        0
    }
}

struct Runner {
    task: JoinHandle<()>,
    stop: oneshot::Sender<()>,
}

fn start(store: &Arc<MemoryStore>, clock: Paused, holder: &str) -> Runner {
    let options = ScheduleRunnerOptions::new(holder);
    let runner = ScheduleRunner::new(Arc::clone(store) as _, Arc::new(clock), options);
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(async move { runner.run(async { drop(stopped.await) }, || {}).await });
    Runner { task, stop }
}

fn org() -> OrgId {
    OrgId::new("org_a").unwrap()
}

async fn put(store: &MemoryStore, missed: Missed, clock: Paused) {
    let cron = Cron::parse("*/10 * * * *", None).unwrap();
    let next = cron.after(clock.now());
    let schedule =
        Schedule { missed, overlap: true, ..Schedule::new(org(), "tick", cron, "sync", "reconcile") };
    store.put_schedule(&schedule, next).await.unwrap();
}

/// For which minutes jobs were made, in the order of their ids.
async fn minutes(store: &MemoryStore) -> Vec<i64> {
    let jobs = store.list(&org(), &JobFilter::default(), 999).await.unwrap();
    let minute = |text: &str| (text.parse::<DateTime<Utc>>().unwrap() - DateTime::UNIX_EPOCH).num_minutes();
    jobs.iter().map(|job| minute(&job.refs["scheduled-for"])).collect()
}

#[tokio::test]
async fn the_memory_store_keeps_the_promises_of_schedules() {
    let store = Arc::new(MemoryStore::new());
    contract::schedules::run_all(&store).await;
    let store: Arc<MemoryStore> = store;
    contract::schedules::run_all(&store).await;
}

#[tokio::test(start_paused = true)]
async fn three_runners_fire_each_occurrence_once_while_leaders_die_and_leave() {
    let store = Arc::new(MemoryStore::new());
    let clock = Paused(Instant::now());
    put(&store, Missed::Once, clock).await;
    let [first, second, third] = ["a", "b", "c"].map(|holder| start(&store, clock, holder));
    sleep(Duration::from_secs(25 * 60)).await;
    first.task.abort();
    sleep(Duration::from_secs(20 * 60)).await;
    second.stop.send(()).unwrap();
    second.task.await.unwrap();
    sleep(Duration::from_secs(16 * 60)).await;
    assert_eq!(minutes(&store).await, [10, 20, 30, 40, 50, 60]);
    third.stop.send(()).unwrap();
    third.task.await.unwrap();
    let now = clock.now();
    let led = store.lead("d", now + TimeDelta::seconds(1), now).await.unwrap();
    assert!(led.is_some(), "who stops gives the lease back");
}

#[tokio::test(start_paused = true)]
async fn what_nobody_fired_is_caught_up_with_as_the_schedule_says() {
    for (missed, expected) in
        [(Missed::Once, vec![50, 60]), (Missed::Skip, vec![60]), (Missed::Each, vec![10, 20, 30, 40, 50, 60])]
    {
        let store = Arc::new(MemoryStore::new());
        let clock = Paused(Instant::now());
        put(&store, missed, clock).await;
        sleep(Duration::from_secs(55 * 60)).await;
        let runner = start(&store, clock, "a");
        sleep(Duration::from_secs(6 * 60)).await;
        assert_eq!(minutes(&store).await, expected, "{missed:?}");
        runner.task.abort();
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_that_is_not_settled_stands_for_the_next_one() {
    let store = Arc::new(MemoryStore::new());
    let clock = Paused(Instant::now());
    let cron = Cron::parse("* * * * *", None).unwrap();
    let schedule = Schedule::new(org(), "tick", cron.clone(), "sync", "reconcile");
    store.put_schedule(&schedule, cron.after(clock.now())).await.unwrap();
    let runner = start(&store, clock, "a");
    sleep(Duration::from_secs(200)).await;
    assert_eq!(minutes(&store).await, [1]);
    let lease = Duration::from_secs(600);
    let options = ClaimOptions { queue: "sync".into(), limit: 9, lease, now: clock.now() };
    let job = store.claim(&options).await.unwrap().remove(0);
    sleep(Duration::from_secs(60)).await;
    store.complete(&[job.lease], clock.now()).await.unwrap();
    sleep(Duration::from_secs(60)).await;
    assert_eq!(minutes(&store).await, [1, 5]);
    runner.task.abort();
}
