//! Kills under load: what was acknowledged is at the remote, once, in order; what was handed to the outbox arrives.
//! `CAREWIRE_CRASH_ROUNDS` rounds (30, over TLS 10), a tenth of them for the outbox;
//! `CAREWIRE_CRASH_SEED` repeats a run; `CAREWIRE_CRASH_DIR` keeps the files.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests")]

use std::path::PathBuf;
use std::time::Duration;

use carewire_testing::crash::outbox::{self, OutboxOptions};
use carewire_testing::crash::{CrashOptions, CrashReport, Victims, run};
use carewire_testing::database::Database;
use carewire_testing::redis::program_with_redis;
use carewire_testing::{Rng, program};

const ROUNDS: u32 = 30;
const ROUNDS_OVER_TLS: u32 = 10;
const ROUNDS_OF_SEVERAL: u32 = 10;
const ROUNDS_WITH_REDIS: u32 = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_messages_survive_kills() {
    torment("plain", ROUNDS, false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_messages_survive_kills_over_tls_with_client_certificates() {
    torment("tls", ROUNDS_OVER_TLS, true).await;
}

async fn torment(name: &str, rounds: u32, tls: bool) {
    let Some(binary) = program::carewire() else {
        println!("{}", program::NOT_BUILT);
        return;
    };
    let place = Place::of(name);
    let rounds = number("CAREWIRE_CRASH_ROUNDS").map_or(rounds, |rounds| u32::try_from(rounds).unwrap());
    let seed = number("CAREWIRE_CRASH_SEED").unwrap_or_else(Rng::arbitrary_seed);
    println!("{name}, seed {seed}, {rounds} rounds");
    let options = CrashOptions { tls, ..CrashOptions::new(binary, &place.directory, rounds, seed) };
    nothing_is_lost(&run(&options).await.unwrap(), rounds);
}

fn nothing_is_lost(report: &CrashReport, rounds: u32) {
    println!("{report}");
    assert!(report.violations.is_empty(), "{} violations, seed {}", report.violations.len(), report.seed);
    assert_eq!(report.rounds, rounds);
    assert!(report.gateway_kills > 0 || rounds < 10, "the gateway was never killed");
    assert!(report.remote_kills > 0 || rounds < 10, "the remote was never killed");
}

/// Two processes on one PostgreSQL, whose senders go from one to the other: what a killed one acknowledged is done by the
/// other, once, in order, and its resends are known there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_messages_survive_kills_of_gateways_that_share_a_store() {
    let Some(binary) = program::carewire() else {
        println!("{}", program::NOT_BUILT);
        return;
    };
    let Ok(server) = std::env::var("CAREWIRE_TEST_POSTGRES_URL") else {
        println!("skipped: CAREWIRE_TEST_POSTGRES_URL names no PostgreSQL server");
        return;
    };
    let place = Place::of("several");
    let database = Database::make(&server).await.unwrap();
    let rounds =
        number("CAREWIRE_CRASH_ROUNDS").map_or(ROUNDS_OF_SEVERAL, |rounds| u32::try_from(rounds).unwrap());
    let seed = number("CAREWIRE_CRASH_SEED").unwrap_or_else(Rng::arbitrary_seed);
    println!("two gateways, seed {seed}, {rounds} rounds");
    let options = CrashOptions {
        gateways: 2,
        store: Some(database.store()),
        ..CrashOptions::new(binary, &place.directory, rounds, seed)
    };
    nothing_is_lost(&run(&options).await.unwrap(), rounds);
    database.remove().await.unwrap();
}

/// The jobs are on Redis, which is killed as well: what it had is in its file or is offered again. Two gateways share the store
/// where there is a PostgreSQL for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_messages_survive_kills_of_the_gateway_and_of_redis() {
    let Some(binary) = program_with_redis() else { return };
    let place = Place::of("redis");
    let rounds =
        number("CAREWIRE_CRASH_ROUNDS").map_or(ROUNDS_WITH_REDIS, |rounds| u32::try_from(rounds).unwrap());
    let seed = number("CAREWIRE_CRASH_SEED").unwrap_or_else(Rng::arbitrary_seed);
    println!("redis, seed {seed}, {rounds} rounds");
    let database = match std::env::var("CAREWIRE_TEST_POSTGRES_URL") {
        Ok(server) => Some(Database::make(&server).await.unwrap()),
        Err(_) => None,
    };
    let options = CrashOptions {
        redis: true,
        gateways: if database.is_some() { 2 } else { 1 },
        store: database.as_ref().map(Database::store),
        ..CrashOptions::new(binary, &place.directory, rounds, seed)
    };
    let report = run(&options).await.unwrap();
    nothing_is_lost(&report, rounds);
    assert!(report.queue_kills > 0 || rounds < 10, "Redis was never killed");
    if let Some(database) = database {
        database.remove().await.unwrap();
    }
}

/// A remote that is away for longer than a job has attempts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_outage_of_the_remote_is_waited_out() {
    let Some(binary) = program::carewire() else {
        println!("{}", program::NOT_BUILT);
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let options = CrashOptions {
        victims: Victims::Remote,
        downtime: Duration::from_secs(8)..Duration::from_secs(9),
        pause: Duration::from_millis(200),
        ..CrashOptions::new(binary, directory.path(), 1, 1)
    };
    let report = run(&options).await.unwrap();
    println!("{report}");
    assert!(report.violations.is_empty(), "{} violations", report.violations.len());
}

/// Whoever hands over and whoever sends is killed: all messages arrive, in order, the same bytes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_outbox_survives_kills() {
    torment_outbox("outbox", false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_outbox_survives_kills_over_tls_with_a_client_certificate() {
    torment_outbox("outbox-tls", true).await;
}

async fn torment_outbox(name: &str, tls: bool) {
    let Some(binary) = program::carewire() else {
        println!("{}", program::NOT_BUILT);
        return;
    };
    let place = Place::of(name);
    // A kill costs up to a lease.
    let rounds = number("CAREWIRE_CRASH_ROUNDS").map_or(ROUNDS, |rounds| u32::try_from(rounds).unwrap());
    let rounds = rounds.div_ceil(10);
    let seed = number("CAREWIRE_CRASH_SEED").unwrap_or_else(Rng::arbitrary_seed);
    println!("{name}, seed {seed}, {rounds} rounds");
    let options = OutboxOptions { binary, directory: place.directory, rounds, seed, messages: 60, tls };
    let report = outbox::run(&options).await.unwrap();
    println!("{report}");
    assert!(report.violations.is_empty(), "{} violations, seed {seed}", report.violations.len());
    assert_eq!((report.sender_kills, report.messages), (rounds, rounds as usize * 60));
}

/// Where a run keeps its files.
struct Place {
    directory: PathBuf,
    _temporary: tempfile::TempDir,
}

impl Place {
    fn of(name: &str) -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let kept = std::env::var_os("CAREWIRE_CRASH_DIR").map_or(temporary.path().to_owned(), PathBuf::from);
        let directory = kept.join(name);
        std::fs::create_dir_all(&directory).unwrap();
        Self { directory, _temporary: temporary }
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap())
}
