//! The suite can fail: endpoints that are wrong in known ways fail in the rows that are about them.

use std::net::SocketAddr;
use std::time::Duration;

use crate::{broken, desk};
use carewire_mllp_quirks::{
    ClientOptions, ClientUnderTest, Report, Verdict, run_client_suite, run_server_suite,
};

async fn server(address: SocketAddr, only: &[&str]) -> Report {
    let mut options = desk::options(address);
    options.timeout = Duration::from_secs(1);
    options.only = only.iter().map(ToString::to_string).collect();
    let report = run_server_suite(&options).await.unwrap();
    println!("{report}");
    report
}

async fn client(client: ClientUnderTest, only: &[&str]) -> Report {
    let mut options = ClientOptions::new("127.0.0.1:0");
    options.patience = Duration::from_secs(2);
    options.outage = Duration::from_secs(2);
    options.only = only.iter().map(ToString::to_string).collect();
    let report = run_client_suite(&options, &client).await.unwrap();
    println!("{report}");
    report
}

fn fails(report: &Report, ids: &[&str]) {
    assert_eq!(report.with_verdict(Verdict::Fail), ids);
}

#[tokio::test]
async fn a_sound_framing_passes_where_the_broken_ones_fail() {
    let address = broken::server(broken::one_frame).await;
    let report =
        server(address, &["plain", "split-end", "two-in-one", "ten-pipelined", "cut-mid-frame"]).await;
    fails(&report, &[]);
    assert!(report.passed());
}

#[tokio::test]
async fn a_server_that_merges_frames_fails() {
    let address = broken::server(broken::up_to_the_last_end).await;
    let report = server(address, &["plain", "split-end", "two-in-one", "ten-pipelined"]).await;
    fails(&report, &["two-in-one", "ten-pipelined"]);
    assert!(!report.passed());
}

#[tokio::test]
async fn a_server_that_looks_at_whole_reads_fails() {
    let address = broken::server(broken::whole_reads).await;
    let report = server(address, &["plain", "byte-by-byte", "split-end", "two-in-one", "lf-after"]).await;
    fails(&report, &["byte-by-byte", "split-end", "two-in-one", "lf-after"]);
}

#[tokio::test]
async fn a_server_that_answers_before_the_end_fails() {
    let address = broken::server(broken::eager).await;
    let report = server(address, &["plain", "cut-mid-frame", "slow-sender", "start-in-middle"]).await;
    fails(&report, &["start-in-middle", "cut-mid-frame", "slow-sender"]);
}

#[tokio::test]
async fn a_server_that_accepts_everything_fails() {
    let address = broken::server(broken::one_frame).await;
    let only = ["missing-start", "empty-frame", "ack-not-answered", "no-control-id", "no-header"];
    let report = server(address, &only).await;
    fails(&report, &only);
}

#[tokio::test]
async fn a_server_of_one_connection_at_a_time_fails() {
    let address = broken::one_at_a_time().await;
    let report = server(address, &["plain", "head-of-line"]).await;
    fails(&report, &["head-of-line"]);
}

#[tokio::test]
async fn a_client_that_believes_everything_fails() {
    let trusting = ClientUnderTest::function(broken::trusting_client);
    let only = ["plain", "ack-of-another", "ack-unframed", "double-ack", "late-ack", "ae-206", "no-ack"];
    let report = client(trusting, &only).await;
    fails(&report, &["ack-unframed", "ack-of-another", "double-ack", "late-ack", "no-ack", "ae-206"]);
    assert!(!report.passed());
}

#[tokio::test]
async fn a_client_that_floods_fails() {
    let flooding = ClientUnderTest::function(broken::flooding_client);
    let report = client(flooding, &["plain", "no-ack", "refused-connections"]).await;
    fails(&report, &["no-ack", "refused-connections"]);
}
