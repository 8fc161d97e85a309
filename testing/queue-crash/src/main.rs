//! `queue-worker URL JOURNAL`: works on the queue until it is asked to end.
#![expect(clippy::print_stderr, reason = "a program says why it ends")]

use std::path::Path;
use std::process::ExitCode;

use carewire_queue_crash::worker;
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, journal] = arguments.as_slice() else {
        eprintln!("usage: queue-worker URL JOURNAL");
        return ExitCode::from(2);
    };
    let Ok(mut asked) = signal(SignalKind::terminate()) else { return ExitCode::FAILURE };
    let shutdown = async move {
        asked.recv().await;
    };
    match worker::run(url, Path::new(journal), shutdown).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
