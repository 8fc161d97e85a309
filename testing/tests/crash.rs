//! Kills under load: what was acknowledged is at the remote, once, in order. `CAREWIRE_CRASH_ROUNDS` rounds (30, over TLS 10);
//! `CAREWIRE_CRASH_SEED` repeats a run; `CAREWIRE_CRASH_DIR` keeps the files.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "helpers of tests")]

use std::path::PathBuf;
use std::time::Duration;

use carewire_testing::crash::{CrashOptions, Victims, run};
use carewire_testing::{Rng, program};

const ROUNDS: u32 = 30;
const ROUNDS_OVER_TLS: u32 = 10;

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
    let temporary = tempfile::tempdir().unwrap();
    let directory = std::env::var_os("CAREWIRE_CRASH_DIR").map_or(temporary.path().to_owned(), PathBuf::from);
    let directory = directory.join(name);
    std::fs::create_dir_all(&directory).unwrap();
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let rounds = number("CAREWIRE_CRASH_ROUNDS").map_or(rounds, |rounds| u32::try_from(rounds).unwrap());
    let seed = number("CAREWIRE_CRASH_SEED").unwrap_or_else(Rng::arbitrary_seed);
    println!("{name}, seed {seed}, {rounds} rounds");
    let options = CrashOptions { tls, ..CrashOptions::new(binary, &directory, rounds, seed) };
    let report = run(&options).await.unwrap();
    println!("{report}");
    assert!(report.violations.is_empty(), "{} violations, seed {seed}", report.violations.len());
    assert_eq!(report.rounds, rounds);
    assert!(report.gateway_kills > 0 || rounds < 10, "the gateway was never killed");
    assert!(report.remote_kills > 0 || rounds < 10, "the remote was never killed");
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
