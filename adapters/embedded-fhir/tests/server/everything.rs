//! `$everything` of patients and encounters.

use carewire_embedded_fhir::EmbeddedFhir;
use carewire_fhir_core::Value;

use crate::support::{Reply, Running, in_memory, observation, patient, start, ticking};

/// The entries of a mode.
fn with_mode(reply: &Reply, mode: &str) -> Vec<String> {
    let bundle = reply.json();
    let of_mode = |entry: &&Value| entry.get("search").unwrap().str("mode") == Some(mode);
    let name = |entry: &Value| {
        let resource = entry.get("resource").unwrap();
        format!("{}/{}", resource.str("resourceType").unwrap(), resource.str("id").unwrap())
    };
    bundle.list("entry").iter().filter(of_mode).map(name).collect()
}

struct Ward {
    remote: Running,
    patient: String,
    other: String,
    doctor: String,
    clinic: String,
    encounter: String,
    observation: String,
}

/// A patient with an encounter and an observation, a doctor of a clinic, and another patient with an observation.
async fn ward() -> Ward {
    let remote = start(EmbeddedFhir::builder().clock(ticking())).await;
    let clinic = remote.create(r#"{"resourceType":"Organization","name":"x"}"#).await;
    let doctor = remote.create(r#"{"resourceType":"Practitioner","active":true}"#).await;
    let role = format!(
        r#"{{"resourceType":"PractitionerRole","practitioner":{{"reference":"{doctor}"}},"organization":{{"reference":"{clinic}"}}}}"#
    );
    let role = remote.create(&role).await;
    let other = remote.create(&patient("other")).await;
    let patient = remote.create(&patient("a")).await;
    let encounter = format!(
        r#"{{"resourceType":"Encounter","status":"finished","class":{{"code":"AMB"}},"subject":{{"reference":"{patient}"}},
        "participant":[{{"individual":{{"reference":"{role}"}}}}]}}"#
    );
    let encounter = remote.create(&encounter).await;
    let more = format!(r#","effectiveDateTime":"2024-03-01","encounter":{{"reference":"{encounter}"}}"#);
    let found = remote.create(&observation(&patient, &more)).await;
    remote.create(&observation(&other, "")).await;
    Ward { remote, patient, other, doctor, clinic, encounter, observation: found }
}

#[tokio::test]
async fn a_patient_comes_with_its_compartment_and_what_that_refers_to() {
    let ward = ward().await;
    let all = ward.remote.get(&format!("/{}/$everything", ward.patient)).await;
    assert_eq!(with_mode(&all, "match"), [&*ward.patient, &ward.encounter, &ward.observation]);
    let included = with_mode(&all, "include");
    assert_eq!(included.len(), 3, "{included:?}");
    assert!(included.contains(&ward.doctor) && included.contains(&ward.clinic), "{included:?}");
    assert_eq!(all.json().get("total").and_then(Value::as_i64), Some(3));
    assert!(all.link("self").unwrap().ends_with("/$everything"));
    let posted = r#"{"resourceType":"Parameters","parameter":[{"name":"_type","valueCode":"Observation"}]}"#;
    let posted = ward.remote.fhir("POST", &format!("/{}/$everything", ward.patient), posted).await;
    assert_eq!(posted.found(), [&*ward.observation]);
}

#[tokio::test]
async fn an_encounter_comes_with_its_patient() {
    let ward = ward().await;
    let all = ward.remote.get(&format!("/{}/$everything", ward.encounter)).await;
    assert_eq!(with_mode(&all, "match"), [&*ward.encounter, &ward.observation]);
    assert!(with_mode(&all, "include").contains(&ward.patient));
    assert!(!all.found().contains(&ward.other));
}

#[tokio::test]
async fn it_can_be_narrowed() {
    let ward = ward().await;
    let ask = async |query: &str| ward.remote.get(&format!("/{}/$everything?{query}", ward.patient)).await;
    assert_eq!(ask("_type=Patient,Practitioner").await.found(), [&*ward.patient, &ward.doctor]);
    assert!(ask("start=2024-03-01&end=2024-03").await.found().contains(&ward.observation));
    assert!(!ask("start=2024-03-02").await.found().contains(&ward.observation));
    assert!(!ask("end=2024-02").await.found().contains(&ward.observation));
    assert!(ask("end=2024-02").await.found().contains(&ward.patient));
    assert_eq!(ask("_since=2026-01-01T00:00:06Z").await.found(), [&*ward.observation]);
    for query in ["_type=Nothing", "start=x", "_count=x", "name=x"] {
        assert_eq!(ask(query).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn pages_hold_all_of_it_once() {
    let ward = ward().await;
    let whole = ward.remote.get(&format!("/{}/$everything", ward.patient)).await.found();
    let pages = ward.remote.pages(&format!("/{}/$everything?_count=4", ward.patient)).await;
    assert_eq!(pages.len(), 2);
    assert_eq!(pages.iter().flat_map(Reply::found).collect::<Vec<_>>(), whole);
}

#[tokio::test]
async fn what_is_not_there_has_nothing() {
    let remote = in_memory().await;
    assert_eq!(remote.get("/Patient/6b8a5c0e-0000-4000-8000-000000000001/$everything").await.status, 404);
    let gone = remote.create(&patient("a")).await;
    remote.fhir("DELETE", &format!("/{gone}"), "").await;
    assert_eq!(remote.get(&format!("/{gone}/$everything")).await.status, 410);
}
