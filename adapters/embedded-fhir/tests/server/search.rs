//! Searching.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use crate::support::{Reply, Running, in_memory, observation, patient, start};
use carewire_embedded_fhir::EmbeddedFhir;
use carewire_fhir_core::Value;
use chrono::DateTime;

/// The identifier values that a search finds, in its order.
async fn found(remote: &Running, query: &str) -> Vec<String> {
    let bundle = remote.get(query).await.json();
    let value =
        |entry: &Value| entry.get("resource")?.list("identifier").first()?.str("value").map(str::to_owned);
    bundle.list("entry").iter().filter_map(value).collect()
}

/// A server with patients `a` to `e`, made one second apart from 2026-01-01T00:00:00Z on.
async fn five() -> (Running, Vec<String>) {
    let seconds = Arc::new(AtomicI64::new(0));
    let start_of_2026 = 1_767_225_600;
    let clock =
        move || DateTime::from_timestamp(start_of_2026 + seconds.fetch_add(1, Ordering::SeqCst), 0).unwrap();
    let remote = start(EmbeddedFhir::builder().clock(clock)).await;
    let mut ids = Vec::new();
    for value in ["a", "b", "c", "d", "e"] {
        ids.push(remote.fhir("POST", "/Patient", &patient(value)).await.id());
    }
    (remote, ids)
}

#[tokio::test]
async fn by_id_and_identifier() {
    let (remote, ids) = five().await;
    assert_eq!(found(&remote, &format!("/Patient?_id={},{},x", ids[3], ids[1])).await, ["b", "d"]);
    assert_eq!(found(&remote, "/Patient?identifier=urn:t%7Cc").await, ["c"]);
    assert_eq!(found(&remote, "/Patient?identifier=c").await, ["c"]);
    assert_eq!(found(&remote, "/Patient?identifier=urn:t%7Cc,e").await, ["c", "e"]);
    assert!(found(&remote, "/Patient?identifier=%7Cc").await.is_empty());
    assert!(found(&remote, "/Patient?identifier=urn:other%7Cc").await.is_empty());
    let form = remote.fhir("POST", "/Patient/_search", "identifier=urn:t%7Cc").await;
    assert_eq!(form.json().list("entry").len(), 1);
}

#[tokio::test]
async fn by_time_in_either_order() {
    let (remote, _) = five().await;
    let second = |n: u8| format!("2026-01-01T00:00:0{n}Z");
    assert_eq!(found(&remote, &format!("/Patient?_lastUpdated=gt{}", second(2))).await, ["d", "e"]);
    assert_eq!(
        found(&remote, &format!("/Patient?_lastUpdated=ge{}&_sort=-_lastUpdated", second(2))).await,
        ["e", "d", "c"]
    );
    let both = format!("/Patient?_lastUpdated=ge{}&_lastUpdated=lt{}", second(1), second(3));
    assert_eq!(found(&remote, &both).await, ["b", "c"]);
    assert_eq!(found(&remote, "/Patient?_lastUpdated=2026-01").await.len(), 5);
    assert!(found(&remote, "/Patient?_lastUpdated=lt2026").await.is_empty());
}

#[tokio::test]
async fn pages_follow_their_links() {
    let (remote, _) = five().await;
    let mut query = "/Patient?_sort=_lastUpdated&_count=2&_total=accurate".to_owned();
    let mut values = Vec::new();
    loop {
        let reply = remote.get(&query).await.json();
        assert_eq!(reply.get("total").and_then(Value::as_i64), Some(5));
        values.extend(found(&remote, &query).await);
        let next = reply.list("link").iter().find(|link| link.str("relation") == Some("next"));
        let Some(url) = next.and_then(|link| link.str("url")) else { break };
        query = url.split_once("/fhir/R4").unwrap().1.to_owned();
    }
    assert_eq!(values, ["a", "b", "c", "d", "e"]);
    assert_eq!(remote.count("Patient?identifier=urn:t%7Ca").await, 1);
}

#[tokio::test]
async fn elements_can_be_left_out() {
    let (remote, ids) = five().await;
    let bundle = remote.get(&format!("/Patient?_id={}&_elements=id,meta", ids[0])).await.json();
    let resource = bundle.list("entry")[0].get("resource").unwrap().clone();
    let names: Vec<_> = resource.members().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(names, ["resourceType", "id", "meta"]);
}

#[tokio::test]
async fn by_patient() {
    let remote = in_memory().await;
    let id = remote.fhir("POST", "/Patient", &patient("a")).await.id();
    let observation = format!(
        r#"{{"resourceType":"Observation","status":"final","code":{{"text":"x"}},"subject":{{"reference":"Patient/{id}"}}}}"#
    );
    remote.fhir("POST", "/Observation", &observation).await;
    for query in [format!("subject=Patient/{id}"), format!("patient={id}"), format!("subject={id}")] {
        assert_eq!(remote.count(&format!("Observation?{query}")).await, 1, "{query}");
    }
    assert_eq!(remote.count("Observation?patient=Patient/x").await, 0);
}

#[tokio::test]
async fn an_index_forgets_what_a_resource_no_longer_has() {
    let remote = in_memory().await;
    let created = remote.fhir("POST", "/Patient", &patient("old")).await;
    let changed = created.text.replace("\"old\"", "\"new\"");
    assert_eq!(remote.fhir("PUT", &format!("/Patient/{}", created.id()), &changed).await.status, 200);
    assert_eq!(remote.count("Patient?identifier=urn:t%7Cold").await, 0);
    assert_eq!(remote.count("Patient?identifier=urn:t%7Cnew").await, 1);
}

/// Two patients of a clinic, each with an observation by a doctor.
async fn clinic() -> Running {
    let remote = in_memory().await;
    let clinic = remote.create(r#"{"resourceType":"Organization","name":"General"}"#).await;
    let doctor = remote.create(r#"{"resourceType":"Practitioner","name":[{"family":"Wu"}]}"#).await;
    for (family, born, pulse) in [("Müller", "1980-05-01", 60), ("Smith", "1950", 90)] {
        let patient = format!(
            r#"{{"resourceType":"Patient","identifier":[{{"value":"{family}"}}],"name":[{{"family":"{family}"}}],"birthDate":"{born}",
            "text":{{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"}},
            "managingOrganization":{{"reference":"{clinic}"}}}}"#
        );
        let patient = remote.create(&patient).await;
        let more = format!(
            r#","performer":[{{"reference":"{doctor}"}}],"valueQuantity":{{"value":{pulse},"code":"/min","system":"http://unitsofmeasure.org"}}"#
        );
        let found = observation(&patient, &more).replace(
            r#""code":{"text":"x"}"#,
            r#""code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]}"#,
        );
        remote.create(&found).await;
    }
    remote
}

/// The types of the entries, and how they came to be there.
fn modes(reply: &Reply) -> Vec<String> {
    let bundle = reply.json();
    let text = |entry: &Value| {
        let mode = entry.get("search").unwrap().str("mode").unwrap().to_owned();
        format!("{} {mode}", entry.get("resource").unwrap().str("resourceType").unwrap())
    };
    bundle.list("entry").iter().map(text).collect()
}

#[tokio::test]
async fn every_kind_of_criterion_is_answered() {
    let remote = clinic().await;
    for (query, count) in [
        ("Patient?family=mull", 1),
        ("Patient?family:exact=mull", 0),
        ("Patient?name:contains=ITH", 1),
        ("Patient?birthdate=lt1960", 1),
        ("Patient?birthdate=ge1950&birthdate=le1980", 2),
        ("Patient?organization.name=gen", 2),
        ("Patient?organization.name=special", 0),
        ("Patient?_has:Observation:patient:value-quantity=gt80", 1),
        ("Patient?family:missing=true", 0),
        ("Observation?code=8867-4", 2),
        ("Observation?code=http://loinc.org%7C8867-4&patient.family=smith", 1),
        ("Observation?code=http://snomed.info/sct%7C8867-4", 0),
        ("Observation?code:not=8867-4", 0),
        ("Observation?value-quantity=60%7Chttp://unitsofmeasure.org%7C/min", 1),
        ("Observation?patient.organization.name=gen&performer.name=wu", 2),
        ("Observation?subject:Group=x", 0),
        ("Practitioner?_has:Observation:performer:patient.family=smith", 1),
        ("Organization?name=gen,spec", 1),
    ] {
        assert_eq!(remote.count(query).await, count, "{query}");
    }
    let form = "name=m%C3%BCller&birthdate=1980";
    assert_eq!(remote.fhir("POST", "/Patient/_search", form).await.json().list("entry").len(), 1);
    for query in [
        "Patient?_content=x",
        "Observation?code:in=http://a.example/vs",
        "Patient?_sort=shoe-size",
        "Patient?birthdate=soon",
    ] {
        assert_eq!(remote.get(&format!("/{query}")).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn results_are_sorted_by_any_parameter_and_paged() {
    let remote = clinic().await;
    assert_eq!(found(&remote, "/Patient?_sort=birthdate").await, ["Smith", "Müller"]);
    assert_eq!(found(&remote, "/Patient?_sort=family").await, ["Müller", "Smith"]);
    assert_eq!(found(&remote, "/Patient?_sort=-family,birthdate").await, ["Smith", "Müller"]);
    let pages = remote.pages("/Patient?_sort=birthdate&_count=1").await;
    assert_eq!(pages.len(), 2);
    assert_ne!(pages[0].found(), pages[1].found());
}

#[tokio::test]
async fn resources_bring_others_along() {
    let remote = clinic().await;
    let forward = remote.get("/Observation?value-quantity=gt80&_include=Observation:patient").await;
    assert_eq!(modes(&forward), ["Observation match", "Patient include"]);
    let iterated =
        "/Observation?_include=Observation:subject&_include:iterate=Patient:organization&_total=accurate";
    let iterated = remote.get(iterated).await;
    let all = modes(&iterated);
    assert_eq!(all.iter().filter(|mode| mode.ends_with("include")).count(), 3, "{all:?}");
    assert_eq!(iterated.json().get("total").and_then(Value::as_i64), Some(2));
    let reverse = remote.get("/Patient?family=smith&_revinclude=Observation:subject").await;
    assert_eq!(modes(&reverse), ["Patient match", "Observation include"]);
    let everything = remote.get("/Organization?_revinclude=*").await;
    assert_eq!(modes(&everything), ["Organization match", "Patient include", "Patient include"]);
    assert_eq!(modes(&remote.get("/Observation?_include=*&_count=1").await).len(), 3);
}

#[tokio::test]
async fn a_part_of_a_resource_is_tagged_as_one() {
    let remote = clinic().await;
    let first = async |query: &str| {
        let reply = remote.get(&format!("/Patient?family=smith&{query}")).await.json();
        reply.list("entry").first().map(|entry| entry.get("resource").unwrap().clone())
    };
    let names = |resource: &Value| resource.members().map(|(name, _)| name.to_owned()).collect::<Vec<_>>();
    let part = first("_elements=birthDate").await.unwrap();
    assert_eq!(names(&part), ["resourceType", "id", "meta", "birthDate"]);
    let tag = part.get("meta").unwrap().list("tag")[0].clone();
    assert_eq!(tag.str("code"), Some("SUBSETTED"));
    assert_eq!(names(&first("_summary=text").await.unwrap()), ["resourceType", "id", "meta", "text"]);
    assert!(first("_summary=data").await.unwrap().get("text").is_none());
    assert!(first("_summary=false").await.unwrap().get("text").is_some());
    assert!(first("_summary=count").await.is_none());
}

#[tokio::test]
async fn what_cannot_be_decided_is_told_and_never_changed() {
    let remote = in_memory().await;
    // Whether it is about a patient cannot be told from the reference.
    let vague = observation("urn:uuid:00000000-0000-4000-8000-000000000001", "");
    let id = remote.create(&vague).await;
    let reply = remote.get("/Observation?patient:missing=true").await;
    let entries = reply.json().list("entry").to_vec();
    assert_eq!((reply.status, entries.len()), (200, 1));
    assert_eq!(entries[0].get("search").unwrap().str("mode"), Some("outcome"));
    let issue = entries[0].get("resource").unwrap().list("issue")[0].clone();
    assert_eq!(issue.str("severity"), Some("warning"));
    assert!(issue.get("details").unwrap().str("text").unwrap().ends_with("patient:missing"));
    let query = "/Observation?status=final&patient:missing=true";
    assert_eq!(remote.get(&format!("{query}&_summary=count")).await.status, 422);
    assert_eq!(remote.fhir("DELETE", query, "").await.status, 422);
    assert_eq!(remote.fhir("PUT", query, &vague).await.status, 422);
    let once = ["If-None-Exist: patient:missing=true"];
    assert_eq!(remote.with("POST", "/Observation", &once, &vague).await.status, 422);
    assert_eq!(
        remote.get(&format!("/{id}")).await.json().get("meta").unwrap().str("versionId"),
        remote.get(&format!("/{id}/_history")).await.json().list("entry")[0]
            .get("resource")
            .unwrap()
            .get("meta")
            .unwrap()
            .str("versionId")
    );
    assert_eq!(remote.count("Observation").await, 1);
    assert_eq!(remote.fhir("DELETE", "/Observation?status=draft&patient:missing=true", "").await.status, 200);
}

#[tokio::test]
async fn case_counts_in_conditions_and_not_in_searches() {
    let remote = in_memory().await;
    let coded = r#","category":[{"coding":[{"system":"urn:s","code":"Lab"}]}],"meta":{"tag":[{"system":"urn:t","code":"T"}]}"#;
    remote.create(&observation("Patient/x", coded)).await;
    for query in ["category=lab", "category=urn:s%7CLAB", "_tag=t", "_tag=urn:t%7Ct"] {
        assert_eq!(remote.count(&format!("Observation?{query}")).await, 1, "{query}");
        assert_eq!(remote.fhir("DELETE", &format!("/Observation?{query}"), "").await.status, 200);
        assert_eq!(remote.count("Observation").await, 1, "{query}");
    }
    assert_eq!(remote.count("Observation?_tag=URN:T%7CT").await, 0, "systems have a case");
    remote.fhir("DELETE", "/Observation?_tag=urn:t%7CT", "").await;
    assert_eq!(remote.count("Observation").await, 0);
}
