//! Searches of everything, and of what belongs to one resource.

use std::collections::BTreeSet;

use carewire_embedded_fhir::EmbeddedFhir;
use carewire_fhir_core::Value;

use crate::support::{Reply, Running, observation, patient, start, ticking};

/// `Type/id` of what was found, in its order.
fn found(reply: &Reply) -> Vec<String> {
    let name = |entry: &Value| {
        let resource = entry.get("resource").unwrap();
        format!("{}/{}", resource.str("resourceType").unwrap(), resource.str("id").unwrap())
    };
    reply.json().list("entry").iter().map(name).collect()
}

/// Two patients, each with an observation, and an organization.
async fn clinic() -> (Running, [String; 5]) {
    let remote = start(EmbeddedFhir::builder().clock(ticking())).await;
    let first = remote.create(&patient("a")).await;
    let of_first = remote.create(&observation(&first, "")).await;
    let second = remote.create(&patient("b")).await;
    let of_second = remote.create(&observation(&second, "")).await;
    let organization = remote.create(r#"{"resourceType":"Organization","name":"x"}"#).await;
    (remote, [first, of_first, second, of_second, organization])
}

#[tokio::test]
async fn the_whole_system_is_searched_by_what_all_types_have() {
    let (remote, all) = clinic().await;
    let [first, of_first, second, of_second, _] = &all;
    assert_eq!(found(&remote.get("/?_lastUpdated=gt2020").await), all);
    let two = remote.get("/?_type=Patient,Observation&_sort=-_lastUpdated").await;
    assert_eq!(found(&two), [of_second, second, of_first, first].map(String::as_str));
    assert_eq!(found(&remote.fhir("POST", "/_search", "_type=Organization").await).len(), 1);
    let (_, id) = first.split_once('/').unwrap();
    assert_eq!(found(&remote.get(&format!("/?_id={id}")).await), [first.as_str()]);
    assert_eq!(
        found(&remote.get("/?_type=Patient,Observation&identifier=urn:t%7Cb").await),
        [second.as_str()]
    );
    let entry = r#"{"request":{"method":"GET","url":"?_type=Organization"}}"#;
    assert!(remote.bundle("batch", &[entry.to_owned()]).await.text.contains("searchset"));
}

#[tokio::test]
async fn a_compartment_holds_what_belongs_to_its_resource() {
    let (remote, [first, of_first, _, _, _]) = clinic().await;
    let of_type = remote.get(&format!("/{first}/Observation?_total=accurate")).await;
    assert_eq!(found(&of_type), [of_first.as_str()]);
    assert_eq!(of_type.json().get("total").and_then(Value::as_i64), Some(1));
    assert_eq!(found(&remote.get(&format!("/{first}/*")).await), [of_first.as_str()]);
    assert_eq!(
        found(&remote.fhir("POST", &format!("/{first}/Observation/_search"), "").await),
        [of_first.as_str()]
    );
    assert!(found(&remote.get(&format!("/{first}/Observation?status=cancelled")).await).is_empty());
    assert!(found(&remote.get(&format!("/{first}/Organization")).await).is_empty());
    assert!(found(&remote.get(&format!("/{first}/*?_type=Encounter")).await).is_empty());
}

#[tokio::test]
async fn pages_of_both_follow_their_links() {
    let (remote, all) = clinic().await;
    remote.create(&observation(&all[0], "")).await;
    for (first, total, count) in [("/?_count=2".to_owned(), 6, 3), (format!("/{}/*?_count=1", all[0]), 2, 2)]
    {
        let pages = remote.pages(&first).await;
        let seen: BTreeSet<_> = pages.iter().flat_map(found).collect();
        assert_eq!((seen.len(), pages.len()), (total, count), "{first}");
    }
}

#[tokio::test]
async fn what_cannot_be_searched_is_refused() {
    let (remote, [first, ..]) = clinic().await;
    let status = async |path: String| remote.get(&path).await.status;
    assert_eq!(status("/?birthdate=2020".into()).await, 400);
    assert_eq!(status("/?_type=Nonsense".into()).await, 400);
    assert_eq!(status("/?_type=Patient,Observation&birthdate=2020".into()).await, 400);
    assert_eq!(status(format!("/{first}/Observation?shoe-size=1")).await, 400);
    assert_eq!(status(format!("/{first}/Nonsense")).await, 404);
    assert_eq!(status("/Patient/6b8a5c0e-0000-4000-8000-000000000001/Observation".into()).await, 404);
    assert_eq!(status("/Patient/x/*".into()).await, 404);
    assert_eq!(remote.fhir("DELETE", &format!("/{first}"), "").await.status, 200);
    assert_eq!(status(format!("/{first}/Observation")).await, 410);
}

#[tokio::test]
async fn they_demand_a_token_and_are_recorded_as_other_searches_are() {
    let remote = start(EmbeddedFhir::builder().bearer_token("t")).await;
    for path in ["/?_type=Patient", "/Patient/x/Observation"] {
        assert_eq!(remote.get(path).await.status, 401);
    }
    let remote = start(EmbeddedFhir::builder().audit_events(true)).await;
    let first = remote.create(&patient("a")).await;
    remote.get("/?_type=Patient").await;
    remote.get(&format!("/{first}/Observation")).await;
    let events = remote.get("/AuditEvent?_sort=_lastUpdated").await.text;
    assert!(events.contains("search-system") && events.contains("search-type"), "{events}");
}

#[tokio::test]
async fn a_part_of_a_resource_has_what_it_has_to_have() {
    let (remote, [first, ..]) = clinic().await;
    let part = remote.get(&format!("/{first}/Observation?_elements=subject")).await.json();
    let resource = part.list("entry")[0].get("resource").unwrap().clone();
    let mut names: Vec<_> = resource.members().map(|(name, _)| name.to_owned()).collect();
    names.sort();
    assert_eq!(names, ["code", "id", "meta", "resourceType", "status", "subject"]);
}
