//! Our own clients, under the suite.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use carewire_hl7_v2::ack::{self, AckPart, AckVerdict};
use carewire_mllp::{Backoff, ClientTls, Correlation, Link, LinkOptions, Outcome, Target, Verdict as Judged};
use carewire_mllp_quirks::{ClientOptions, ClientUnderTest, TlsServer, Verdict, run_client_suite};
use carewire_testing::certificates::Certificates;
use carewire_testing::program;

use crate::broken;
use crate::servers::all_green;

fn correlate(sent: &[u8], answer: &[u8]) -> Correlation {
    match ack::part_of(sent, answer) {
        Some(AckPart::Final) => Correlation::Final,
        Some(AckPart::Interim) => Correlation::Interim,
        None => Correlation::Other,
    }
}

fn judge(answer: &[u8]) -> Judged {
    match ack::judge(answer) {
        AckVerdict::Accepted => Judged::Accepted,
        AckVerdict::Temporary => Judged::Temporary,
        AckVerdict::Rejected => Judged::Rejected,
    }
}

/// A sender of three messages that stops at the first one that is not accepted.
async fn send(target: Target) -> bool {
    let mut client = carewire_mllp::ClientOptions::new(correlate);
    client.ack_timeout = Duration::from_millis(1200);
    let backoff = Backoff { first: Duration::from_millis(50), ..Backoff::default() };
    let mut link = Link::new(target, LinkOptions { backoff, attempts: 5, ..LinkOptions::new(client, judge) });
    for n in 1..=3 {
        let delivery = link.deliver(&broken::payload(n)).await;
        if !matches!(delivery.outcome, Outcome::Accepted(_)) {
            return false;
        }
    }
    true
}

fn options() -> ClientOptions {
    let mut options = ClientOptions::new("127.0.0.1:0");
    options.patience = Duration::from_secs(10);
    options.outage = Duration::from_secs(2);
    options
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_link_is_green() {
    let link = ClientUnderTest::function(|address: SocketAddr| send(Target::new(address.to_string())));
    let report = run_client_suite(&options(), &link).await.unwrap();
    all_green(&report);
    insta::assert_snapshot!(crate::servers::rows(&report));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_link_is_green_over_tls_with_a_client_certificate() {
    let directory = tempfile::tempdir().unwrap();
    let made = Certificates::make(directory.path()).unwrap();
    let pem = |path: &Path| std::fs::read(path).unwrap();
    let (certificate, key) = made.server();
    let mut options = options();
    options.tls = Some(TlsServer::new(&pem(&certificate), &pem(&key), Some(&pem(&made.ca()))).unwrap());
    let (certificate, key) = Certificates::make(&directory.path().join("others")).unwrap().server();
    options.other_tls = Some(TlsServer::new(&pem(&certificate), &pem(&key), None).unwrap());
    let (certificate, key) = made.client();
    let tls = ClientTls::with_roots(&pem(&made.ca())).unwrap();
    let tls = Arc::new(tls.with_identity(&pem(&certificate), &pem(&key)).unwrap());
    let link = ClientUnderTest::function(move |address: SocketAddr| {
        let tls = ClientTls::clone(&tls);
        send(Target::new(address.to_string()).with_tls(Certificates::SERVER_NAME, tls))
    });
    let report = run_client_suite(&options, &link).await.unwrap();
    all_green(&report);
    assert_eq!(report.with_verdict(Verdict::NotApplicable), [""; 0]);
}

/// Whoever trusts the other authority as well sends to it, and that is seen.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_trusts_too_many_fails() {
    let directory = tempfile::tempdir().unwrap();
    let made = Certificates::make(&directory.path().join("ours")).unwrap();
    let others = Certificates::make(&directory.path().join("others")).unwrap();
    let pem = |path: &Path| std::fs::read(path).unwrap();
    let server = |made: &Certificates| {
        let (certificate, key) = made.server();
        Some(TlsServer::new(&pem(&certificate), &pem(&key), None).unwrap())
    };
    let mut options = options();
    (options.tls, options.other_tls) = (server(&made), server(&others));
    options.only = ["plain", "tls-other-certificate"].map(str::to_owned).to_vec();
    let tls = ClientTls::with_roots(&[pem(&made.ca()), pem(&others.ca())].concat()).unwrap();
    let link = ClientUnderTest::function(move |address: SocketAddr| {
        let target = Target::new(address.to_string());
        send(target.with_tls(Certificates::SERVER_NAME, ClientTls::clone(&tls)))
    });
    let report = run_client_suite(&options, &link).await.unwrap();
    assert_eq!(report.with_verdict(Verdict::Fail), ["tls-other-certificate"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_that_sends_is_green() {
    let Some(binary) = program::carewire() else {
        println!("{}", program::NOT_BUILT);
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let mut words: Vec<String> = vec![binary.display().to_string()];
    let arguments = "mllp send --to {addr} --timeout 2 --attempts 5 --on-reject stop";
    words.extend(arguments.split(' ').map(str::to_owned));
    for n in 1..=3 {
        let file = directory.path().join(format!("{n}.hl7"));
        std::fs::write(&file, broken::payload(n)).unwrap();
        words.push(file.display().to_string());
    }
    let mut options = options();
    options.patience = Duration::from_secs(20);
    all_green(&run_client_suite(&options, &ClientUnderTest::Command(words)).await.unwrap());
}
