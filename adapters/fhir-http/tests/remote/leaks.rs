//! Nothing of a resource or identity shows in URLs, logs, errors or `Debug`.

use std::io;
use std::sync::{Arc, Mutex};

use carewire_embedded_fhir::{EmbeddedFhir, Fault, FaultKind, MemoryRequestLog};
use carewire_sync_engine::Remote;
use tracing_subscriber::fmt::MakeWriter;

use crate::support::{applied, by_id, http, named, organization, pair, remote_at, scripted, submit};

const CANARY: &str = "Canary7Smith";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    fn catch(&self) -> tracing::subscriber::DefaultGuard {
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(self.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }
}

#[tokio::test]
async fn identities_and_values_stay_in_bodies() {
    let (log, requests) = (Log::default(), Arc::new(MemoryRequestLog::default()));
    let _caught = log.catch();
    let pair = pair(EmbeddedFhir::builder().request_log(requests.clone())).await;
    let mut shown = String::new();
    let write = || named(organization(CANARY), CANARY);
    let (id, version, _) = applied(&pair.submit(&[write()]).await.unwrap()[0]);
    for kind in FaultKind::ALL {
        if kind != FaultKind::Throttle429Entry {
            pair.server.clear_faults();
            pair.server.add_fault(Fault::new(kind));
            shown.push_str(&format!("{:?}", pair.submit(&[write()]).await));
        }
    }
    pair.server.clear_faults();
    shown.push_str(&format!("{:?}", pair.submit(&[by_id(write(), &id, Some(&version))]).await));
    shown.push_str(&format!("{:?}", pair.remote.read("Organization", &id).await));
    shown.push_str(&format!("{:?}", pair.remote.inventory("Organization", &[id]).await));
    shown.push_str(&format!("{:?}", pair.remote));

    let records = requests.records();
    assert!(
        records.iter().any(|record| String::from_utf8_lossy(&record.body).contains(CANARY)),
        "it was sent"
    );
    for record in &records {
        assert!(!record.target.contains(CANARY));
        assert!(record.headers.iter().all(|(_, value)| !value.contains(CANARY)));
    }
    assert!(log.text().contains("answered") && log.text().contains("refused"), "the log was caught");
    assert!(!log.text().contains(CANARY));
    assert!(!shown.contains(CANARY));
}

#[tokio::test]
async fn what_a_server_repeats_of_the_data_is_dropped() {
    let log = Log::default();
    let _caught = log.catch();
    let mut shown = String::new();
    for status in [
        "200 OK",
        "400 Bad Request",
        "409 Conflict",
        "412 Precondition Failed",
        "422 Unprocessable",
        "500 Oops",
    ] {
        let remote = remote_at(
            scripted(move |_| {
                let issue = format!(
                    r#"{{"severity":"error","code":"{CANARY}","details":{{"text":"{CANARY}"}},"diagnostics":"{CANARY}","expression":["Patient.where(x='{CANARY}')","{CANARY} "]}}"#
                );
                let body = format!(r#"{{"resourceType":"OperationOutcome","id":"{CANARY}","issue":[{issue}]}}"#);
                http(status, "", &body)
            })
            .await,
        );
        shown.push_str(&format!("{:?}", submit(&remote, &[organization("a")]).await));
        shown.push_str(&format!("{:?}", remote.probe().await));
    }
    assert!(!shown.contains(CANARY), "{shown}");
    assert!(!log.text().contains(CANARY));
}
