//! Every interaction as a method.

use std::time::Duration;

use carewire_embedded_fhir::{EmbeddedFhir, Fault, FaultKind};
use carewire_fhir_core::http::{Effect, FailureKind, Input, Interaction, Patch, Place, RequestError, Target};
use carewire_fhir_core::search::{Criterion, SearchQuery, Token};
use carewire_fhir_core::{
    BundleBuilder, BundleEntry, BundleType, CorrelationId, EntryResponse, Instant, Request, Resource, Value,
};
use carewire_fhir_http::CallError;

use crate::support::{client, embedded, http, kind, options, patient, scripted};

fn by_identifier(value: &str) -> SearchQuery {
    SearchQuery::of("Patient").with(Criterion::new("identifier", Token::coded("urn:x", value)))
}

#[tokio::test]
async fn a_resource_from_its_creation_to_its_end() {
    let (_server, client) = embedded(EmbeddedFhir::builder()).await;
    let created = client.create(&patient("1")).await.unwrap();
    assert_eq!(created.effect, Effect::Created);
    let id = created.id().unwrap().to_owned();
    let version = created.version.unwrap();

    let mut read = client.read("Patient", &id).await.unwrap();
    read.value_mut().set("gender", "female");
    let updated = client.update(&read, Some(&version)).await.unwrap();
    assert_eq!((updated.effect, updated.id()), (Effect::Updated, Some(id.as_str())));
    let stale = client.update(&patient_with_id(&id), Some(&version)).await.unwrap_err();
    assert_eq!(kind(stale), FailureKind::VersionConflict);

    let current = updated.version.unwrap();
    let same = Interaction::Read {
        resource_type: "Patient",
        id: &id,
        unless_version: Some(&current),
        if_modified_since: None,
    };
    assert_eq!(client.execute(&same).await.unwrap().effect, Effect::NotModified);
    let first = client.version_read("Patient", &id, &version).await.unwrap();
    assert_eq!(first.value().str("gender"), None);

    let operations = Value::parse(br#"[{"op":"replace","path":"/gender","value":"male"}]"#).unwrap();
    let target = Target::Instance("Patient", &id);
    client.patch(target, Patch::Json(&operations), None).await.unwrap();
    assert_eq!(client.read("Patient", &id).await.unwrap().value().str("gender"), Some("male"));

    let mut history = client.history(Place::Instance("Patient", &id), None, None);
    assert_eq!(history.next().await.unwrap().unwrap().value().list("entry").len(), 3);
    assert!(history.next().await.is_none());

    assert_eq!(client.delete(target, None).await.unwrap().effect, Effect::Deleted);
    assert_eq!(kind(client.read("Patient", &id).await.unwrap_err()), FailureKind::Gone);
}

#[tokio::test]
async fn a_history_begins_where_it_is_wanted_and_comes_in_pages() {
    let (_server, client) = embedded(EmbeddedFhir::builder()).await;
    for value in ["1", "2", "3"] {
        client.create(&patient(value)).await.unwrap();
    }
    let of = Place::Type("Patient");
    let mut pages = client.history(of, None, Some(2));
    let mut sizes = Vec::new();
    while let Some(page) = pages.next().await {
        sizes.push(page.unwrap().value().list("entry").len());
    }
    assert_eq!(sizes, [2, 1]);
    let later = Instant::parse("2999-01-01T00:00:00Z").unwrap();
    assert_eq!(client.history(of, Some(&later), None).resources().await.unwrap().len(), 0);
}

fn patient_with_id(id: &str) -> Resource {
    let mut patient = patient("1");
    patient.value_mut().set("id", id);
    patient
}

#[tokio::test]
async fn conditions_make_writes_repeatable() {
    let (_server, client) = embedded(EmbeddedFhir::builder()).await;
    let query = by_identifier("1");
    let first = client.create_unless(&patient("1"), &query).await.unwrap();
    let second = client.create_unless(&patient("1"), &query).await.unwrap();
    assert_eq!((first.effect, second.effect), (Effect::Created, Effect::Found));
    assert_eq!(first.id(), second.id());
    let updated = client.update_found(&patient("1"), &query).await.unwrap();
    assert_eq!(updated.id(), first.id());
    let found = client.search_by_post(&query).resources().await.unwrap();
    assert_eq!(found.len(), 1);
}

#[tokio::test]
async fn a_batch_has_an_answer_for_each_entry() {
    let (_server, client) = embedded(EmbeddedFhir::builder()).await;
    let entry = |resource: Resource, request: Request| BundleEntry::new(resource).request(request);
    let batch = BundleBuilder::new(BundleType::Batch)
        .entry(entry(patient("1"), Request::create("Patient")))
        .entry(entry(patient("2"), Request::update("Patient/unknown")))
        .build();
    let answer = client.bundle(&batch).await.unwrap();
    let statuses: Vec<_> =
        answer.value().list("entry").iter().filter_map(EntryResponse::of).map(|entry| entry.status).collect();
    assert_eq!((statuses.len(), statuses[0]), (2, 201));
    assert!(statuses[1] >= 400);
}

#[tokio::test]
async fn operations_and_capabilities() {
    let (_server, client) = embedded(EmbeddedFhir::builder()).await;
    assert_eq!(client.capabilities().await.unwrap().resource_type(), "CapabilityStatement");
    let id = client.create(&patient("1")).await.unwrap().id().unwrap().to_owned();
    let everything =
        client.operation(Place::Instance("Patient", &id), "everything", Input::Query(&[])).await.unwrap();
    assert_eq!(everything.resource.unwrap().resource_type(), "Bundle");
    let validated =
        client.operation(Place::Type("Patient"), "validate", Input::Body(&patient("1"))).await.unwrap();
    assert_eq!(validated.resource.unwrap().resource_type(), "OperationOutcome");
}

#[tokio::test]
async fn what_cannot_be_sent_is_not() {
    let (server, client) = embedded(EmbeddedFhir::builder()).await;
    let asked = || server.stats().get("requests").and_then(Value::as_i64);
    let before = asked();
    let refused = client.read("Patient", "../Observation").await.unwrap_err();
    assert_eq!(refused, CallError::Request(RequestError::Id));
    let everybody = SearchQuery::of("Patient");
    let refused = client.delete(Target::Found(&everybody), None).await.unwrap_err();
    assert_eq!(refused, CallError::Request(RequestError::Condition));
    assert_eq!(asked(), before);
}

#[tokio::test]
async fn a_throttled_server_is_left_alone_by_all_clones() {
    let fault = Fault::new(FaultKind::Throttle429Entry).times(1).wait(Duration::from_secs(60));
    let (server, client) = embedded(EmbeddedFhir::builder().fault(fault)).await;
    let failure = client.read("Patient", "1").await.unwrap_err();
    assert_eq!(failure.failure().and_then(|failure| failure.wait()), Some(Duration::from_secs(60)));
    let asked = server.stats().get("requests").and_then(Value::as_i64);
    assert_eq!(kind(client.clone().read("Patient", "1").await.unwrap_err()), FailureKind::Throttled);
    assert_eq!(server.stats().get("requests").and_then(Value::as_i64), asked, "nothing was sent");
}

#[tokio::test]
async fn a_correlation_id_goes_along_and_only_when_it_was_given() {
    let (base, heard) = scripted(|_, _| http("", br#"{"resourceType":"Patient","id":"1"}"#)).await;
    let client = client(&base, &options());
    client.correlated(CorrelationId::new("msg-7").unwrap()).read("Patient", "1").await.unwrap();
    client.read("Patient", "1").await.unwrap();
    let heard = heard.lock().unwrap();
    let requests: Vec<_> = heard.iter().map(|bytes| String::from_utf8_lossy(bytes).to_lowercase()).collect();
    assert!(requests[0].contains("x-correlation-id: msg-7") && !requests[1].contains("x-correlation-id"));
}

#[tokio::test]
async fn a_call_may_have_a_time_of_its_own() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = client(&format!("http://{}/fhir", silent.local_addr().unwrap()), &options());
    let failure = client.within(Duration::from_millis(50)).read("Patient", "1").await.unwrap_err();
    assert_eq!(kind(failure), FailureKind::Timeout);
}
