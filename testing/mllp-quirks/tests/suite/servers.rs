//! Our own servers, under the suite.

use std::fs;
use std::net::SocketAddr;
use std::time::Duration;

use carewire_mllp::ServerTls;
use carewire_mllp_quirks::{Report, TlsClient, Verdict, run_server_suite};
use carewire_testing::certificates::Certificates;
use carewire_testing::gateway::{Gateway, GatewayOptions};
use carewire_testing::port;
use carewire_testing::process::Process;
use carewire_testing::program::{self, Program};
use carewire_testing::remote::Remote;

use crate::desk;

/// Where the standard leaves a choice: VT in a field is text, as in documents of Word. What came after it is refused with it.
const CHOSEN: [&str; 1] = ["start-in-field"];

pub(crate) fn all_green(report: &Report) {
    println!("{report}");
    assert!(report.passed());
    assert_eq!(report.with_verdict(Verdict::Fail), [""; 0]);
    let tolerable = report.with_verdict(Verdict::Tolerable);
    assert!(tolerable.iter().all(|id| CHOSEN.contains(id)), "{tolerable:?}");
}

/// The rows without what may differ from run to run.
pub(crate) fn rows(report: &Report) -> String {
    let row = |row: &carewire_mllp_quirks::Row| {
        format!("{:<22} {:<11} {}\n", row.quirk.id, row.quirk.level, row.verdict)
    };
    report.rows.iter().map(row).collect()
}

/// How the suite connects with the certificate of the client.
pub(crate) fn tls_client(made: &Certificates) -> TlsClient {
    let read = |path: &std::path::PathBuf| fs::read(path).unwrap();
    let (certificate, key) = made.client();
    let identity = Some((read(&certificate), read(&key)));
    let identity = identity.as_ref().map(|(certificate, key)| (certificate.as_slice(), key.as_slice()));
    TlsClient::new(&read(&made.ca()), Certificates::SERVER_NAME, identity).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_library_server_is_green() {
    let address = desk::desk(None).await;
    let report = run_server_suite(&desk::options(address)).await.unwrap();
    all_green(&report);
    insta::assert_snapshot!(rows(&report));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_library_server_is_green_over_tls_with_client_certificates() {
    let directory = tempfile::tempdir().unwrap();
    let made = Certificates::make(directory.path()).unwrap();
    let (certificate, key) = made.server();
    let pem = |path| fs::read(path).unwrap();
    let tls = ServerTls::from_pem(&pem(certificate), &pem(key), Some(&pem(made.ca()))).unwrap();
    let mut options = desk::options(desk::desk(Some(tls)).await);
    options.tls = Some(tls_client(&made));
    let report = run_server_suite(&options).await.unwrap();
    all_green(&report);
    assert!(report.with_verdict(Verdict::NotApplicable) == ["commit-ack"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_that_listens_is_green() {
    let Some(binary) = program::carewire() else {
        println!("{}", program::NOT_BUILT);
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let address = port::free_address().unwrap();
    let inbox = directory.path().join("inbox").display().to_string();
    let listen = Program::new("listen", binary, directory.path()).args([
        "mllp",
        "listen",
        "--bind",
        &address.to_string(),
        "--out",
        &inbox,
    ]);
    let _listening = Process::start(listen).unwrap();
    until_open(address).await;
    all_green(&run_server_suite(&desk::options(address)).await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_gateway_is_green() {
    let Some(binary) = program::carewire() else {
        println!("{}", program::NOT_BUILT);
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let remote = Remote::start(&binary, directory.path()).await.unwrap();
    let options = GatewayOptions::new(&binary, directory.path(), remote.base());
    let gateway = Gateway::start(options).await.unwrap();
    all_green(&run_server_suite(&desk::options(gateway.mllp_address())).await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_gateway_is_green_over_tls_with_client_certificates() {
    let Some(binary) = program::carewire() else {
        println!("{}", program::NOT_BUILT);
        return;
    };
    let directory = tempfile::tempdir().unwrap();
    let made = Certificates::make(directory.path()).unwrap();
    let remote = Remote::start(&binary, directory.path()).await.unwrap();
    let tls = Some(made.clone());
    let options = GatewayOptions { tls, ..GatewayOptions::new(&binary, directory.path(), remote.base()) };
    let gateway = Gateway::start(options).await.unwrap();
    let mut options = desk::options(gateway.mllp_address());
    options.tls = Some(tls_client(&made));
    all_green(&run_server_suite(&options).await.unwrap());
}

async fn until_open(address: SocketAddr) {
    for _ in 0..500 {
        if tokio::net::TcpStream::connect(address).await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
