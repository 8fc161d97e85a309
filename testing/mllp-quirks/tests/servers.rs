//! Our own servers, under the suite.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use carewire_mllp_quirks::{Report, Verdict, run_server_suite};

fn all_green(report: &Report) {
    println!("{report}");
    assert!(report.passed());
    assert_eq!(report.with_verdict(Verdict::Fail), [""; 0]);
    assert_eq!(report.with_verdict(Verdict::Tolerable), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_library_server_is_green() {
    let address = support::desk().await;
    let report = run_server_suite(&support::options(address)).await.unwrap();
    all_green(&report);
}
