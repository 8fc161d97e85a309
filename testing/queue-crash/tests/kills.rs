//! Kills under load, on every queue. `CAREWIRE_CRASH_ROUNDS` rounds (20); `CAREWIRE_CRASH_SEED` repeats a run.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests")]

use std::path::{Path, PathBuf};

use carewire_canary::Rng;
use carewire_postgres::PostgresStore;
use carewire_queue_crash::{Server, Torment, torment};

const ROUNDS: u32 = 20;

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

async fn run(name: &str, directory: &Path, url: String, server: Option<Server>) {
    let rounds = number("CAREWIRE_CRASH_ROUNDS").map_or(ROUNDS, |rounds| u32::try_from(rounds).unwrap());
    let seed = number("CAREWIRE_CRASH_SEED").unwrap_or_else(Rng::arbitrary_seed);
    println!("{name}, seed {seed}, {rounds} rounds");
    let worker = PathBuf::from(env!("CARGO_BIN_EXE_queue-worker"));
    let options = Torment { worker, directory: directory.to_path_buf(), url, server, rounds, seed };
    let report = torment(options).await.unwrap();
    println!("{report}");
    assert!(
        report.checked.violations.is_empty(),
        "{} violations, seed {seed}",
        report.checked.violations.len()
    );
    assert!(report.acknowledged > u64::from(rounds), "the producer got through");
    assert!(report.killed > 0, "somebody was killed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_sqlite_queue_survives_kills() {
    let directory = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", directory.path().join("queue.db").display());
    run("sqlite", directory.path(), url, None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_postgres_queue_survives_kills() {
    let directory = tempfile::tempdir().unwrap();
    let Some(server) = Server::postgres(directory.path()).unwrap() else {
        println!("skipped: PostgreSQL is not installed");
        return;
    };
    let owner = format!("postgres://carewire@{}/queue", server.address());
    PostgresStore::migrate(&owner, Some("worker")).await.unwrap();
    run("postgres", directory.path(), "postgres://worker@ADDRESS/queue".into(), Some(server)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_redis_queue_survives_kills() {
    let directory = tempfile::tempdir().unwrap();
    let Some(server) = Server::redis(directory.path()).unwrap() else {
        println!("skipped: Redis is not installed");
        return;
    };
    run("redis", directory.path(), "redis://ADDRESS".into(), Some(server)).await;
}
