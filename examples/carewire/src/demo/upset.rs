//! What goes wrong at the remote, on purpose.

use std::time::Duration;

use carewire_embedded_fhir::{EmbeddedFhir, Fault, FaultKind};
use carewire_fhir_core::Resource;
use carewire_fhir_http::FhirHttpRemote;
use carewire_sync_engine::{Remembered, Remote};

use super::Parts;
use crate::failure::Failure;

/// How many resources somebody deletes and changes at the remote.
const TAMPERED: usize = 6;

/// The remote of the demo: in memory, with the rules of a real server.
pub(crate) async fn remote() -> Result<EmbeddedFhir, Failure> {
    EmbeddedFhir::builder().admin(true).build().await.map_err(|error| Failure::unreachable(error.to_string()))
}

/// A few answers get lost after the write was applied, a few requests are refused for the moment.
pub(crate) fn faults(server: &EmbeddedFhir) {
    server.add_fault(Fault::new(FaultKind::DropAfterApply).every(83).times(3).method("POST"));
    server.add_fault(Fault::new(FaultKind::Serialization409).every(59).times(5).method("POST"));
    server.add_fault(Fault::new(FaultKind::Transient400).every(101).times(2).method("POST"));
}

/// Deletes some resources and changes others, behind the gateway's back; answers how many.
pub(super) async fn tamper(demo: &Parts) -> Result<usize, Failure> {
    let gateway = &demo.gateway;
    let rows = gateway.parts().identities.scan(gateway.org(), crate::stack::REMOTE, None, 5_000).await?;
    let observations = rows.iter().filter(|row| row.key.resource_type == "Observation").take(TAMPERED);
    let http = Intruder::new(&demo.base)?;
    let mut count = 0;
    for (index, row) in observations.enumerate() {
        if index % 2 == 0 {
            http.delete("Observation", &row.remote_id).await?;
        } else {
            http.change("Observation", &row.remote_id).await?;
        }
        count += 1;
    }
    Ok(count)
}

/// Somebody else with access to the remote.
struct Intruder {
    remote: FhirHttpRemote,
    client: reqwest::Client,
    base: String,
}

impl Intruder {
    fn new(base: &str) -> Result<Self, Failure> {
        let failed = |error: String| Failure::unreachable(error);
        let remote = FhirHttpRemote::open("intruder", base).map_err(|error| failed(error.to_string()))?;
        let client = reqwest::Client::builder().timeout(Duration::from_secs(10)).no_proxy();
        let client = client.build().map_err(|error| failed(error.without_url().to_string()))?;
        Ok(Self { remote, client, base: base.to_owned() })
    }

    async fn delete(&self, resource_type: &str, id: &str) -> Result<(), Failure> {
        let url = format!("{}/{resource_type}/{id}", self.base);
        self.send(self.client.delete(url)).await
    }

    async fn change(&self, resource_type: &str, id: &str) -> Result<(), Failure> {
        let Ok(Remembered::Present { resource, .. }) = self.remote.read(resource_type, id).await else {
            return Ok(());
        };
        let mut resource: Resource = *resource;
        resource.value_mut().set("status", "entered-in-error");
        let url = format!("{}/{resource_type}/{id}", self.base);
        let request =
            self.client.put(url).header("content-type", "application/fhir+json").body(resource.to_json());
        self.send(request).await
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<(), Failure> {
        let answer = request.send().await.and_then(reqwest::Response::error_for_status);
        answer.map(|_| ()).map_err(|error| Failure::unreachable(error.without_url().to_string()))
    }
}
