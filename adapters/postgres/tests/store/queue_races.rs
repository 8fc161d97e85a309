//! Claims, settlements and producers that meet half-way: each at the point where it matters, by transactions held open.

use std::sync::Arc;
use std::time::Duration;

use carewire_fhir_core::{CorrelationId, OrgId};
use carewire_postgres::{PostgresStore, enqueue_in};
use carewire_sync_engine::{
    BlindKey, ClaimOptions, ClaimedJob, JobFilter, JobId, JobQueue as _, JobQueueExt as _, JobState, NewJob,
    PauseScope, QueueAdmin as _, QueueAdminExt as _,
};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{Connection as _, PgConnection};

use crate::database::{Database, run};

const QUEUE: &str = "sync";
const ELSEWHERE: &str = "elsewhere";

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000)
}

fn org() -> OrgId {
    OrgId::new("org_a").unwrap()
}

fn keyed(keys: &[u8]) -> NewJob {
    let ordering_keys = keys.iter().map(|key| BlindKey([*key; 32])).collect();
    let refs = keys.iter().map(|key| (format!("key-{key}"), String::new())).collect();
    NewJob {
        ordering_keys,
        refs,
        ..NewJob::new(org(), QUEUE, "push", CorrelationId::new("c").unwrap(), now())
    }
}

async fn put(store: &PostgresStore, job: NewJob) -> JobId {
    store.enqueue(vec![job]).await.unwrap().remove(0).id
}

async fn claim(store: &PostgresStore) -> Vec<ClaimedJob> {
    let lease = Duration::from_secs(30);
    store.claim(&ClaimOptions { queue: QUEUE.into(), limit: 9, lease, now: now() }).await.unwrap()
}

/// What is in the queue of that name is not claimed by [`claim`].
fn elsewhere(job: NewJob) -> NewJob {
    NewJob { queue: ELSEWHERE.into(), ..job }
}

fn ids(jobs: &[ClaimedJob]) -> Vec<JobId> {
    jobs.iter().map(|job| job.lease.job).collect()
}

async fn complete(store: &PostgresStore, jobs: &[ClaimedJob]) {
    let leases: Vec<_> = jobs.iter().map(|job| job.lease.clone()).collect();
    store.complete(&leases, now()).await.unwrap();
}

/// A claim in a transaction of the test.
async fn claim_in(connection: &mut PgConnection) -> Vec<JobId> {
    claim_of(QUEUE, connection).await
}

async fn claim_of(queue: &str, connection: &mut PgConnection) -> Vec<JobId> {
    let claim = "SELECT o_id FROM carewire.job_claim($1, 9, $2, $2 + 30000000, '', '{}', '{}',
        NULL, NULL, NULL, NULL, NULL, -9223372036854775808)";
    let ids: Vec<i64> = sqlx::query_scalar(claim)
        .bind(queue)
        .bind(now().timestamp_micros())
        .fetch_all(connection)
        .await
        .unwrap();
    ids.into_iter().map(JobId).collect()
}

/// A completion in a transaction of the test.
async fn complete_in(connection: &mut PgConnection, job: &ClaimedJob) {
    let settle = "SELECT carewire.job_settle(ARRAY[$1], ARRAY[$2], ARRAY[$3], '{0}', '{NULL}', '{NULL}', '{NULL}', $4)";
    sqlx::query(settle)
        .bind(job.lease.org.as_str())
        .bind(job.lease.job.0)
        .bind(i64::try_from(job.lease.epoch).unwrap())
        .bind(now().timestamp_micros())
        .execute(connection)
        .await
        .unwrap();
}

/// Whether the call is still waiting for a lock after a while.
async fn waits<T>(task: &mut tokio::task::JoinHandle<T>) -> bool {
    tokio::time::timeout(Duration::from_millis(150), task).await.is_err()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_last_one_in_the_way_is_leaving_is_not_blocked() {
    let Some(database) = Database::make().await else { return };
    let store = database.store().await;
    put(&store, keyed(&[1])).await;
    let first = claim(&store).await;
    let second = put(&store, keyed(&[1])).await;

    let mut settling = database.connection().await;
    let mut transaction = settling.begin().await.unwrap();
    complete_in(&mut transaction, &first[0]).await;
    assert!(claim(&store).await.is_empty(), "the first one is active as far as others see");
    transaction.commit().await.unwrap();
    assert_eq!(ids(&claim(&store).await), [second], "nobody would have woken it");
    database.remove().await;
}

/// Of a job of several keys a claim locks one row; a claim that blocks somebody behind another row may commit meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn a_job_of_several_keys_wakes_who_was_blocked_while_it_was_claimed() {
    let Some(database) = Database::make().await else { return };
    let store = database.store().await;
    for key in [1, 2] {
        let merge = put(&store, keyed(&[1, 2])).await;
        let behind = put(&store, elsewhere(keyed(&[key]))).await;

        let mut blocking = database.connection().await;
        let mut transaction = blocking.begin().await.unwrap();
        assert!(claim_of(ELSEWHERE, &mut transaction).await.is_empty());
        let other = store.clone();
        let mut claimed = tokio::spawn(async move { claim(&other).await });
        let met = waits(&mut claimed).await;
        transaction.commit().await.unwrap();
        let merging = if met { claimed.await.unwrap() } else { claim(&store).await };
        assert_eq!(ids(&merging), [merge]);
        complete(&store, &merging).await;
        let mut connection = database.connection().await;
        assert_eq!(claim_of(ELSEWHERE, &mut connection).await, [behind], "key {key}");
        store.cancel(&org(), &JobFilter::state(JobState::Active), now()).await.unwrap();
    }
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_waits_for_a_claim_that_blocks_behind_it() {
    let Some(database) = Database::make().await else { return };
    let store = database.store().await;
    put(&store, keyed(&[1])).await;
    let first = claim(&store).await;
    let second = put(&store, keyed(&[1])).await;

    let mut claiming = database.connection().await;
    let mut transaction = claiming.begin().await.unwrap();
    assert!(claim_in(&mut transaction).await.is_empty());
    let (ending, jobs) = (store.clone(), first.clone());
    let mut end = tokio::spawn(async move { complete(&ending, &jobs).await });
    assert!(waits(&mut end).await, "the job in the way is locked");
    transaction.commit().await.unwrap();
    end.await.unwrap();
    assert_eq!(ids(&claim(&store).await), [second]);
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_committed_late_does_not_run_beside_a_later_one() {
    let Some(database) = Database::make().await else { return };
    let store = database.store().await;
    for keys in [&[1][..], &[1, 2][..]] {
        let mut producer = database.connection().await;
        let mut transaction = producer.begin().await.unwrap();
        let early = enqueue_in(&mut transaction, &[keyed(keys)]).await.unwrap()[0].id;
        let late = put(&store, keyed(&[1])).await;
        assert!(early < late);
        let running = claim(&store).await;
        assert_eq!(ids(&running), [late], "the other one cannot be seen");
        transaction.commit().await.unwrap();
        assert!(claim(&store).await.is_empty(), "its key is at work");
        complete(&store, &running).await;
        let next = claim(&store).await;
        assert_eq!(ids(&next), [early]);
        complete(&store, &next).await;
    }
    database.remove().await;
}

/// The second claim cannot see what the first one has activated: the index on the keys at work can.
#[tokio::test(flavor = "multi_thread")]
async fn two_claims_at_once_do_not_activate_two_jobs_of_a_key() {
    let Some(database) = Database::make().await else { return };
    let store = database.store().await;
    for keys in [&[1][..], &[1, 2][..], &[0, 1][..]] {
        let mut producer = database.connection().await;
        let mut producing = producer.begin().await.unwrap();
        let early = enqueue_in(&mut producing, &[keyed(keys)]).await.unwrap()[0].id;
        let late = put(&store, keyed(&[1])).await;
        let other = put(&store, keyed(&[9])).await;

        let mut first = database.connection().await;
        let mut claiming = first.begin().await.unwrap();
        assert_eq!(claim_in(&mut claiming).await, [late, other]);
        producing.commit().await.unwrap();
        let third = put(&store, keyed(&[7])).await;
        let second = store.clone();
        let mut claimed = tokio::spawn(async move { claim(&second).await });
        assert!(waits(&mut claimed).await, "for the claim that has the key");
        claiming.commit().await.unwrap();
        let rest = claimed.await.unwrap();
        assert_eq!(ids(&rest), [third], "one that lost its key does not end the claim of the others");
        let waiting = store.job(&org(), early).await.unwrap().unwrap();
        assert_eq!((waiting.state, waiting.attempts), (JobState::Waiting, 0));

        complete(&store, &rest).await;
        assert_eq!(store.cancel(&org(), &JobFilter::state(JobState::Active), now()).await.unwrap(), 2);
        let next = claim(&store).await;
        assert_eq!(ids(&next), [early]);
        complete(&store, &next).await;
    }
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lifting_a_pause_waits_for_a_claim_that_parks_under_it() {
    let Some(database) = Database::make().await else { return };
    let store = database.store().await;
    let kind = PauseScope { kind: Some("push".into()), ..PauseScope::org(&org()) };
    store.set_paused(&kind, true).await.unwrap();
    let job = put(&store, keyed(&[1])).await;

    let mut claiming = database.connection().await;
    let mut transaction = claiming.begin().await.unwrap();
    assert!(claim_in(&mut transaction).await.is_empty());
    let (lifting, scope) = (store.clone(), kind.clone());
    let mut lift = tokio::spawn(async move { lifting.set_paused(&scope, false).await.unwrap() });
    assert!(waits(&mut lift).await, "or it would not see whom to wake");
    transaction.commit().await.unwrap();
    lift.await.unwrap();
    assert_eq!(ids(&claim(&store).await), [job]);
    assert!(store.paused(&org()).await.unwrap().is_empty());
    database.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_is_there_when_the_transaction_of_the_caller_commits() {
    let Some(database) = Database::make().await else { return };
    let store = database.store().await;
    let mut owner = PgConnection::connect(&database.owner_url()).await.unwrap();
    run(
        &mut owner,
        &format!("CREATE TABLE public.own (n int); GRANT ALL ON public.own TO {}", database.role()),
    )
    .await;
    let mut connection = database.connection().await;
    for (commits, expected) in [(false, 0), (true, 1)] {
        let mut transaction = connection.begin().await.unwrap();
        run(&mut transaction, "INSERT INTO public.own VALUES (1)").await;
        let enqueued = enqueue_in(&mut transaction, &[keyed(&[1])]).await.unwrap();
        assert!(claim(&store).await.is_empty(), "not committed");
        if commits {
            transaction.commit().await.unwrap();
        } else {
            transaction.rollback().await.unwrap();
        }
        let claimed = claim(&store).await;
        assert_eq!(claimed.len(), expected);
        assert!(claimed.iter().all(|job| job.lease.job == enqueued[0].id));
    }
    let rows: i64 =
        sqlx::query_scalar("SELECT count(*) FROM public.own").fetch_one(&mut connection).await.unwrap();
    assert_eq!(rows, 1);
    database.remove().await;
}

/// Producers, and workers of two processes, on few keys: each start is written down before the job ends.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_key_runs_twice_at_once_and_no_job_twice_in_an_epoch() {
    let Some(database) = Database::make().await else { return };
    let stores = [database.store().await, database.connect().await];
    let starts = Arc::new(std::sync::Mutex::new(Starts::default()));
    let mut tasks = tokio::task::JoinSet::new();
    for producer in 0..2_u8 {
        let store = stores[usize::from(producer)].clone();
        tasks.spawn(async move {
            for n in 0..30_u8 {
                let jobs = (0..10).map(|m| keyed(&keys_of(n.wrapping_mul(31) ^ m ^ producer))).collect();
                store.enqueue(jobs).await.unwrap();
            }
        });
    }
    for worker in 0..6 {
        let (store, starts) = (stores[worker % 2].clone(), Arc::clone(&starts));
        tasks.spawn(async move { work(&store, &starts).await });
    }
    tasks.join_all().await;
    assert_eq!(starts.lock().unwrap().order.len(), 600);
    let stats = stores[0].stats(&org(), None, now()).await.unwrap();
    assert_eq!((stats.completed, stats.waiting, stats.active), (600, 0, 0));
    database.remove().await;
}

/// One key, and for every seventh number two.
fn keys_of(number: u8) -> Vec<u8> {
    if number.is_multiple_of(7) { vec![number % 5, (number + 1) % 5] } else { vec![number % 5] }
}

#[derive(Default)]
struct Starts {
    running: std::collections::HashSet<String>,
    leases: std::collections::HashSet<(JobId, u64)>,
    order: Vec<JobId>,
}

/// The keys of a job are its references in this test's jobs, too.
async fn work(store: &PostgresStore, starts: &std::sync::Mutex<Starts>) {
    loop {
        let claimed = claim(store).await;
        if claimed.is_empty() && starts.lock().unwrap().order.len() == 600 {
            return;
        }
        for job in &claimed {
            let mut starts = starts.lock().unwrap();
            assert!(starts.leases.insert((job.lease.job, job.lease.epoch)), "claimed twice in an epoch");
            for key in job.refs.keys() {
                assert!(starts.running.insert(key.clone()), "two jobs of a key are active");
            }
            starts.order.push(job.lease.job);
        }
        tokio::task::yield_now().await;
        for job in &claimed {
            starts.lock().unwrap().running.retain(|key| !job.refs.contains_key(key));
        }
        complete(store, &claimed).await;
    }
}
