//! Late, repeated and partial messages undo nothing at the remote.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops at the first thing that is not as expected"
)]

use carewire_fhir_core::{Resource, canonical_json, rewrite_references};
use carewire_hl7_v2::ack::AckCode;
use carewire_hl7_v2::fhir::{Absence, SettlePolicy};
use carewire_sync_engine::{IdentityMap, ReconcileOptions, Remembered};

use crate::support::{Bench, adt, bench, bench_with, settings};

/// The one resource of a type, as the remote has it.
pub(crate) async fn at_remote(bench: &Bench, resource_type: &str) -> Resource {
    let rows = bench.store.scan(bench.gateway.org(), "main", None, 100).await.unwrap();
    let mut rows = rows.iter().filter(|row| row.key.resource_type == resource_type);
    let row = rows.next().unwrap();
    assert!(rows.next().is_none(), "one {resource_type}");
    match bench.gateway.parts().remote.read(resource_type, &row.remote_id).await.unwrap() {
        Remembered::Present { resource, .. } => *resource,
        _ => panic!("it is there"),
    }
}

async fn send(bench: &Bench, message: &[u8]) {
    assert_eq!(bench.send(message).await, AckCode::AA);
    bench.work().await;
}

/// An ADT^A08 of an event at another time of the day; `changed` replaces text of it.
fn at(hour: &str, control: &str, class: &str, changed: (&str, &str)) -> Vec<u8> {
    let text = String::from_utf8(adt("77", control, class)).unwrap();
    let text = text.replace("EVN||2026030108", &format!("EVN||20260301{hour}"));
    text.replace(changed.0, changed.1).into_bytes()
}

fn oru(control: &str, hour: &str, status: &str, value: &str) -> Vec<u8> {
    format!(
        "MSH|^~\\&|LIS|LAB|||20260301{hour}3000+0000||ORU^R01^ORU_R01|{control}|P|2.5.1\r\
         PID|1||77^^^AUTH&1.2.3.4&ISO^MR||Secretname^Ada||19700101|F\r\
         OBR|1|P1^LIS|F1^LIS|718-7^Hemoglobin^LN|||20260301070000+0000||||||||||||||||||{status}\r\
         OBX|1|NM|718-7^Hemoglobin^LN||{value}|g/dL^g/dL^UCUM|||||{status}\r"
    )
    .into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_event_fills_and_never_overwrites() {
    let bench = bench().await;
    bench.consent("c1", "77").await;
    let silent = ("|F\r", "|\r");
    send(&bench, &at("10", "1", "I", silent)).await;
    assert_eq!(at_remote(&bench, "Patient").await.value().str("gender"), None);
    send(&bench, &at("08", "2", "O", ("", ""))).await;
    let visit = at_remote(&bench, "Encounter").await.to_json();
    assert!(visit.contains("\"IMP\"") && !visit.contains("\"AMB\""), "{visit}");
    assert_eq!(at_remote(&bench, "Patient").await.value().str("gender"), Some("female"));
    // What a later message does not say stays.
    send(&bench, &at("11", "3", "E", silent)).await;
    let (visit, patient) = (at_remote(&bench, "Encounter").await, at_remote(&bench, "Patient").await);
    assert!(visit.to_json().contains("\"EMER\""));
    assert_eq!(patient.value().str("gender"), Some("female"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_preliminary_result_does_not_undo_a_final_one() {
    let bench = bench().await;
    bench.consent("c1", "77").await;
    send(&bench, &oru("1", "09", "F", "13.5")).await;
    send(&bench, &oru("2", "10", "P", "11.0")).await;
    let result = at_remote(&bench, "Observation").await.to_json();
    assert!(result.contains("\"final\"") && result.contains("13.5"), "{result}");
    send(&bench, &oru("3", "11", "C", "13.6")).await;
    let result = at_remote(&bench, "Observation").await.to_json();
    assert!(result.contains("\"corrected\"") && result.contains("13.6"), "{result}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_stamps_stay_here_and_outlive_a_repair() {
    let bench = bench().await;
    bench.consent("c1", "77").await;
    send(&bench, &at("10", "1", "I", ("", ""))).await;
    let unchanged = bench.gateway.reconcile(&ReconcileOptions::default()).await.unwrap();
    assert_eq!((unchanged.missing, unchanged.changed), (0, 0), "{unchanged:?}");
    // Somebody else changes the visit; the repair sends what was sent before.
    let mut visit = at_remote(&bench, "Encounter").await;
    assert!(
        !visit.to_json().contains("urn:carewire:settled") && !visit.to_json().contains("urn:carewire:policy")
    );
    visit.value_mut().set("status", "cancelled");
    bench.client().update(&visit, None).await.unwrap();
    let repaired = bench.gateway.reconcile(&ReconcileOptions::default()).await.unwrap();
    assert_eq!((repaired.changed, repaired.repaired), (1, 1), "{repaired:?}");
    assert!(!at_remote(&bench, "Encounter").await.to_json().contains("urn:carewire:settled"));
    let again = bench.gateway.reconcile(&ReconcileOptions::default()).await.unwrap();
    assert_eq!((again.missing, again.changed), (0, 0), "{again:?}");
    send(&bench, &at("08", "2", "O", ("", ""))).await;
    assert!(
        at_remote(&bench, "Encounter").await.to_json().contains("\"IMP\""),
        "the older event loses still"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_changes_nothing_still_takes_its_place() {
    let bench = bench().await;
    bench.consent("c1", "77").await;
    send(&bench, &at("08", "1", "I", ("", ""))).await;
    // Says the same two hours later: nothing is written, and an event in between loses.
    let before = bench.gateway.counters().read().written;
    send(&bench, &at("10", "2", "I", ("", ""))).await;
    assert_eq!(bench.gateway.counters().read().written, before);
    send(&bench, &at("09", "3", "O", ("", ""))).await;
    assert!(at_remote(&bench, "Encounter").await.to_json().contains("\"IMP\""));
}

/// What the remote has after messages in this order, without what is made anew each time: ids and the token.
async fn after(messages: &[Vec<u8>], order: &[usize]) -> Vec<String> {
    let bench = bench().await;
    bench.consent("c1", "77").await;
    for message in order.iter().filter_map(|&n| messages.get(n)) {
        send(&bench, message).await;
    }
    let mut found = Vec::new();
    for resource_type in ["Patient", "Encounter", "Observation", "DiagnosticReport"] {
        let mut resource = at_remote(&bench, resource_type).await;
        if resource_type == "Patient" {
            resource.value_mut().remove("identifier");
            resource.value_mut().remove("extension");
        }
        rewrite_references(resource.value_mut(), &mut |text| text.split('/').next().map(str::to_owned));
        found.push(canonical_json(&resource));
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn any_order_ends_the_same() {
    let messages = [
        at("08", "1", "O", ("", "")),
        at("10", "2", "I", ("|F\r", "|\r")),
        at("09", "3", "E", ("|F\r", "|M\r")),
        oru("4", "12", "P", "11.0"),
        oru("5", "13", "F", "13.5"),
        oru("6", "14", "C", "13.6"),
    ];
    let expected = after(&messages, &[0, 1, 2, 3, 4, 5]).await;
    let all = expected.concat();
    assert!(all.contains("\"IMP\"") && all.contains("\"corrected\"") && all.contains("136e-1"), "{all}");
    for order in [[5, 4, 3, 2, 1, 0], [1, 0, 5, 2, 3, 4], [2, 5, 0, 4, 1, 3], [3, 1, 4, 0, 5, 2]] {
        assert_eq!(after(&messages, &order).await, expected, "{order:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_org_says_whose_number_is_the_patient_and_what_silence_means() {
    let mut settings = settings();
    settings.patient_systems = vec!["urn:oid:2.6.7".to_owned()];
    settings.settle = SettlePolicy::default().with_absence_of("Patient", Absence::Snapshot);
    let bench = bench_with(settings).await;
    // The consent is of the patient 77, who is also E9 of the index that the org goes by.
    bench.consent("c1", "77").await;
    let both = ("77^^^AUTH&1.2.3.4&ISO^MR", "77^^^AUTH&1.2.3.4&ISO^MR~E9^^^EPI&2.6.7&ISO^PI");
    send(&bench, &at("08", "1", "I", both)).await;
    assert_eq!(bench.at_remote("Patient"), 0, "nobody spoke of E9");
    send(&bench, &at("08", "2", "I", ("", ""))).await;
    assert_eq!(at_remote(&bench, "Patient").await.value().str("gender"), Some("female"));
    send(&bench, &at("10", "3", "I", ("|F\r", "|\r"))).await;
    assert_eq!(at_remote(&bench, "Patient").await.value().str("gender"), None);
}
