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
    let only = [
        "plain",
        "ack-of-another",
        "ack-unframed",
        "double-ack",
        "stale-ack",
        "late-ack",
        "ae-206",
        "no-ack",
    ];
    let report = client(trusting, &only).await;
    fails(
        &report,
        &["ack-unframed", "ack-of-another", "double-ack", "stale-ack", "late-ack", "no-ack", "ae-206"],
    );
    assert!(!report.passed());
}

#[tokio::test]
async fn a_client_that_floods_fails() {
    let flooding = ClientUnderTest::function(broken::flooding_client);
    let report = client(flooding, &["plain", "no-ack", "refused-connections"]).await;
    fails(&report, &["no-ack", "refused-connections"]);
}

/// What is wrong with an answer, and the rows that say so.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_that_are_wrong_in_one_way_fail_in_its_row() {
    let only = [
        "plain",
        "ack-framed",
        "ack-segments",
        "ack-header",
        "ack-in-one-piece",
        "resend",
        "msa2-case",
        "msa2-spaces",
        "msa2-long",
        "msa2-escape",
        "charset-latin1",
        "charset-utf8",
        "half-close",
        "many-connections",
    ];
    type Answer = fn(&[u8]) -> Vec<u8>;
    let cases: [(Answer, &[&str]); 10] = [
        (broken::sound, &[]),
        (
            |id| broken::sound(&id.to_ascii_uppercase()),
            &["msa2-case", "msa2-spaces", "msa2-long", "msa2-escape"],
        ),
        (|id| broken::sound(id.trim_ascii()), &["msa2-spaces"]),
        (|id| broken::sound(&id[..id.len().min(20)]), &["msa2-long"]),
        (|id| broken::sound(String::from_utf8_lossy(id).as_bytes()), &["charset-latin1"]),
        (
            |id| {
                broken::sound(
                    &id.iter()
                        .flat_map(|byte| char::from(*byte).to_string().into_bytes())
                        .collect::<Vec<_>>(),
                )
            },
            &["charset-latin1", "charset-utf8"],
        ),
        (|id| broken::sound(&id.split(|byte| *byte == b'\\').collect::<Vec<_>>().concat()), &["msa2-escape"]),
        (|id| [&broken::sound(id)[..], b"\n"].concat(), &["ack-framed"]),
        (
            |id| broken::sound(id).into_iter().map(|byte| if byte == b'\r' { b'\n' } else { byte }).collect(),
            &["ack-framed", "ack-segments"],
        ),
        (|id| broken::sound(id).iter().map(|byte| if *byte == 0x1c { b' ' } else { *byte }).collect(), &only),
    ];
    for (answer, failing) in cases {
        let mut options = desk::options(broken::answering(answer).await);
        options.timeout = Duration::from_millis(300);
        options.quiet = Duration::from_millis(100);
        options.only = only.map(str::to_owned).to_vec();
        let report = run_server_suite(&options).await.unwrap();
        println!("{report}");
        let failed = report.with_verdict(Verdict::Fail);
        assert!(
            failing.iter().all(|id| failed.contains(id) || *id == "ack-in-one-piece"),
            "{failed:?} {failing:?}"
        );
        assert!(failed.iter().all(|id| failing.contains(id)), "{failed:?} {failing:?}");
    }
}

/// Whatever comes back, a report says codes and classes of bytes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_holds_no_byte_of_a_payload() {
    for address in [broken::echo().await, broken::indiscreet().await] {
        let mut options = desk::options(address);
        options.timeout = Duration::from_millis(100);
        options.quiet = Duration::from_millis(50);
        options.oversize = 1 << 20;
        options.idle = Duration::from_millis(10);
        options.message =
            Some(b"MSH|^~\\&|CANARY|B|C|D|2024||ADT^A01|7|P|2.5\rPID|1||CANARY||CANARY\r".to_vec());
        let report = run_server_suite(&options).await.unwrap();
        assert!(!report.passed());
        discreet(&report);
    }
    let canaries = ClientUnderTest::function(|address| async move {
        let stream = tokio::net::TcpStream::connect(address).await;
        let message = b"CANARY\x0bMSH|^~\\&|CANARY|||||||CANARY|P|2.5\rPID|CANARY\r\x1c\r";
        tokio::io::AsyncWriteExt::write_all(&mut stream.unwrap(), message).await.is_ok()
    });
    discreet(&client(canaries, &["plain", "echo", "ae", "double-ack", "close-mid-ack"]).await);
}

fn discreet(report: &Report) {
    let forms =
        [report.to_string(), report.to_markdown(), report.to_json().to_string(), format!("{report:?}")];
    assert!(forms.iter().all(|form| !form.contains("CANARY") && form.contains("plain")));
}

/// A client that runs already and sends on and on.
#[tokio::test]
async fn a_client_of_somebody_else_is_tested_too() {
    let listen = carewire_testing::port::free_address().unwrap();
    let sending = tokio::spawn(async move {
        for n in 0.. {
            broken::until_answered(listen, n).await;
        }
    });
    let mut options = ClientOptions::new(listen.to_string());
    options.patience = Duration::from_secs(5);
    options.only = ["plain", "ack-byte-by-byte", "close-before-ack", "ae"].map(str::to_owned).to_vec();
    let report = run_client_suite(&options, &ClientUnderTest::External).await.unwrap();
    sending.abort();
    println!("{report}");
    assert_eq!(report.with_verdict(Verdict::Ok), ["plain", "ack-byte-by-byte", "close-before-ack", "ae"]);
}

#[tokio::test]
async fn commit_blocks_are_asked_for_in_release_2() {
    let committing = broken::committing().await;
    for (address, verdict) in [(committing, Verdict::Ok), (desk::desk(None).await, Verdict::Fail)] {
        let mut options = desk::options(address);
        options.release = carewire_mllp_quirks::Release::Two;
        options.only = ["plain", "ten-pipelined", "commit-ack"].map(str::to_owned).to_vec();
        let report = run_server_suite(&options).await.unwrap();
        println!("{report}");
        assert_eq!(
            report.rows.iter().map(|row| row.verdict).collect::<Vec<_>>(),
            [Verdict::Ok, Verdict::Ok, verdict]
        );
    }
}
