//! Our own servers, under the suite.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

mod support;

use carewire_mllp_quirks::{Report, Verdict, run_server_suite};

/// Where the standard leaves a choice: VT in a field is text, as in documents of Word; a second MSH in a frame is kept as a
/// segment of the message.
const CHOSEN: [&str; 2] = ["start-in-field", "two-messages-in-frame"];

fn all_green(report: &Report) {
    println!("{report}");
    assert!(report.passed());
    assert_eq!(report.with_verdict(Verdict::Fail), [""; 0]);
    let tolerable = report.with_verdict(Verdict::Tolerable);
    assert!(tolerable.iter().all(|id| CHOSEN.contains(id) || *id == "commit-blocks"), "{tolerable:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_library_server_is_green() {
    let address = support::desk().await;
    let report = run_server_suite(&support::options(address)).await.unwrap();
    all_green(&report);
}
