//! What was acknowledged survives SIGKILL at any moment, together with its job.
//!
//! The tests run their own binary as a child that accepts messages and prints the id of each acknowledged one; kill it;
//! open the store and look for every printed id.

use std::collections::HashSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::deliveries::delivery;
use crate::samples::{at, claim, message, org};
use carewire_sqlite::{SqliteOptions, SqliteStore};
use carewire_sync_engine::{
    Begun, Delivery, Idempotency, Intake, JobFilter, JobQueue, JobQueueExt as _, MessageId, QueueAdmin,
    Redeemed,
};

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
        let printed = run_and_kill("crash::child_accepts_until_it_is_killed", &path, round, life);
        acknowledged.extend(printed.iter().filter_map(|line| line.strip_prefix("ack ").map(str::to_owned)));
        assert!(acknowledged.len() > before, "the child of round {round} acknowledged something");
        check(&path, &acknowledged).await;
    }
    println!("{} acknowledged messages survived {ROUNDS} kills", acknowledged.len());
}

/// Kills the child some time after its first acknowledgement; answers every line that it printed.
fn run_and_kill(child: &str, path: &Path, round: u64, life: Duration) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", child, "--nocapture"])
        .env(STORE, path)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut printed = Vec::new();
    let mut death = None;
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        // The pipe ends when the child is dead and everything that it wrote has been read.
        printed.push(line.unwrap());
        if printed.last().is_some_and(|line| line.starts_with("ack ")) {
            death.get_or_insert_with(|| Instant::now() + life);
        }
        if death.is_some_and(|death| Instant::now() >= death) {
            child.kill().unwrap();
        }
    }
    assert!(!child.wait().unwrap().success(), "the child was killed");
    printed
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
    let stats = QueueAdmin::stats(&store, &org(), None, at(2)).await.unwrap();
    assert_eq!(stats.waiting + stats.active + stats.completed, jobs.len() as u64, "{stats:?}");
    store.close().await;
}

/// The child of a service whose effects are elsewhere: here, lines that the parent reads.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn child_works_on_deliveries_until_it_is_killed() {
    let (Ok(path), Ok(round)) = (std::env::var(STORE), std::env::var(ROUND)) else { return };
    let store = SqliteStore::open(&path, SqliteOptions::default()).await.unwrap();
    let say = |line: String| std::io::stdout().write_all(line.as_bytes()).unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for connection in 0..CALLERS {
        let (store, round) = (store.clone(), round.clone());
        tasks.spawn(async move {
            for n in 0_u64.. {
                // Two connections bring each message.
                let name = format!("r{round}-c{}-{n}", connection / 2);
                let Begun::New { ticket, .. } = store.begin(&delivery(&name, 0)).await.unwrap() else {
                    continue;
                };
                say(format!("did {name}\n"));
                let finished = store.finish(&ticket, name.clone().into_bytes()).await.unwrap();
                assert_eq!(finished, Redeemed::Done);
                say(format!("ack {name}\n"));
            }
        });
    }
    tasks.join_all().await;
}

#[tokio::test]
async fn no_delivery_takes_effect_twice_within_its_lease_over_kills() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let (mut done, mut acknowledged) = (HashSet::new(), HashSet::new());
    for round in 0..ROUNDS {
        let life = Duration::from_millis(20 + 31 * (round * 7 % ROUNDS));
        let printed = run_and_kill("crash::child_works_on_deliveries_until_it_is_killed", &path, round, life);
        for line in &printed {
            if let Some(name) = line.strip_prefix("did ") {
                assert!(done.insert(name.to_owned()), "{name} took effect twice");
            }
            acknowledged.extend(line.strip_prefix("ack ").map(str::to_owned));
        }
        let open = check_deliveries(&path, &done, &acknowledged).await;
        assert!(open <= CALLERS, "each connection had one in hand: {open}");
    }
    println!("{} effects, {} acknowledged, over {ROUNDS} kills", done.len(), acknowledged.len());
}

/// What took effect is known, and what was acknowledged has its answer; answers how many are open.
async fn check_deliveries(path: &Path, done: &HashSet<String>, acknowledged: &HashSet<String>) -> usize {
    let store = SqliteStore::open(path, SqliteOptions::default()).await.unwrap();
    let mut open = HashSet::new();
    for name in done {
        match store.begin(&delivery(name, 1)).await.unwrap() {
            Begun::Resend { answer } => assert_eq!(answer, name.as_bytes()),
            Begun::InProgress { .. } => {
                assert!(!acknowledged.contains(name), "the answer of {name} is lost");
                open.insert(name.split('-').next().unwrap());
                // Its lease ends: somebody else may begin it, and is told that it may have taken effect.
                let late: Delivery = delivery(name, 30);
                let begun = store.begin(&late).await.unwrap();
                let Begun::New { ticket, taken_over: true, .. } = begun else { panic!("{begun:?}") };
                assert_eq!(store.finish(&ticket, name.clone().into_bytes()).await.unwrap(), Redeemed::Done);
            }
            Begun::New { .. } => panic!("{name} took effect and is not known"),
        }
    }
    store.close().await;
    open.len()
}
