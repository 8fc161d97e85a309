//! What was acknowledged survives SIGKILL at any moment, together with its job.
//!
//! The test runs its own binary as a child that accepts messages and prints the id of each acknowledged one; kills it;
//! opens the store and looks for every printed id.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::samples::{at, claim, message, org};
use carewire_sqlite::{SqliteOptions, SqliteStore};
use carewire_sync_engine::{Intake, JobFilter, JobQueue, MessageId, QueueAdmin};

const STORE: &str = "CAREWIRE_SQLITE_CRASH_STORE";
const ROUND: &str = "CAREWIRE_SQLITE_CRASH_ROUND";
const CALLERS: usize = 8;
const ROUNDS: u64 = 10;

/// The child. Without the variable it is an empty test.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child_accepts_until_it_is_killed() {
    let (Ok(path), Ok(round)) = (std::env::var(STORE), std::env::var(ROUND)) else { return };
    let store = SqliteStore::open(&path, SqliteOptions::default()).await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for caller in 0..CALLERS {
        let (store, round) = (store.clone(), round.clone());
        tasks.spawn(async move {
            for n in 0_u64.. {
                let name = format!("r{round}-c{caller}-{n}");
                store.accept(message(&name)).await.unwrap();
                // One write of a whole line: a killed process leaves no half of it in the pipe.
                std::io::stdout().write_all(format!("ack {name}\n").as_bytes()).unwrap();
            }
        });
    }
    tasks.spawn(async move {
        loop {
            let leases = store.claim(&claim(16)).await.unwrap().into_iter().map(|job| job.lease);
            store.complete(&leases.collect::<Vec<_>>(), at(2)).await.unwrap();
            tokio::task::yield_now().await;
        }
    });
    tasks.join_all().await;
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let mut acknowledged = HashSet::new();
    for round in 0..ROUNDS {
        let life = Duration::from_millis(30 + 37 * (round * 7 % ROUNDS));
        let before = acknowledged.len();
        acknowledged.extend(run_and_kill(&path, round, life));
        assert!(acknowledged.len() > before, "the child of round {round} acknowledged something");
        check(&path, &acknowledged).await;
    }
    println!("{} acknowledged messages survived {ROUNDS} kills", acknowledged.len());
}

/// Kills the child some time after its first acknowledgement; answers everything that it acknowledged.
fn run_and_kill(path: &Path, round: u64, life: Duration) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "crash::child_accepts_until_it_is_killed", "--nocapture"])
        .env(STORE, path)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut acknowledged = Vec::new();
    let mut death = None;
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        // The pipe ends when the child is dead and everything that it wrote has been read.
        acknowledged.extend(line.unwrap().strip_prefix("ack ").map(str::to_owned));
        let first = !acknowledged.is_empty();
        if first && Instant::now() >= *death.get_or_insert_with(|| Instant::now() + life) {
            child.kill().unwrap();
        }
    }
    assert!(!child.wait().unwrap().success(), "the child was killed");
    acknowledged
}

async fn check(path: &Path, acknowledged: &HashSet<String>) {
    let store = SqliteStore::open(path, SqliteOptions::default()).await.unwrap();
    let jobs = store.list(&org(), &JobFilter::default(), usize::MAX).await.unwrap();
    let with_job: HashSet<_> = jobs.iter().map(|job| job.refs["message"].clone()).collect();
    assert_eq!(with_job.len(), jobs.len(), "no message has two jobs");
    assert_eq!(store.tally(&org()).await.unwrap().total(), jobs.len() as u64, "the counters are right");
    for name in acknowledged {
        assert!(with_job.contains(name), "the job of {name} is lost");
        let stored = store.load(&org(), &MessageId::new(name.clone())).await.unwrap();
        assert!(stored.is_some(), "{name} is lost");
    }
    let stats = QueueAdmin::stats(&store, &org(), at(2)).await.unwrap();
    assert_eq!(stats.waiting + stats.active + stats.completed, jobs.len() as u64, "{stats:?}");
    store.close().await;
}
