//! A permit that asks for what the gateway does not do.
#![expect(clippy::unwrap_used, reason = "a test stops at the first thing that is not as expected")]

use carewire_consent::{Consent, DataClass, Purpose, SimpleConsent};
use carewire_gateway::Settings;
use carewire_hl7_v2::ack::AckCode;
use carewire_sync_engine::{AuditAction, ReconcileOptions};
use serde_json::{Value, json};

use crate::settling::at_remote;
use crate::support::{Bench, bench_with, held, records, settings};

fn results() -> Vec<u8> {
    b"MSH|^~\\&|LIS|LAB|||20260301083000+0000||ORU^R01^ORU_R01|1|P|2.5.1\r\
      PID|1||77^^^AUTH&1.2.3.4&ISO^MR||Secretname^Ada||19700101|F\r\
      OBR|1|P1^LIS|F1^LIS|718-7^Hemoglobin^LN|||20260301070000+0000||||||||||||||||||F\r\
      OBX|1|NM|718-7^Hemoglobin^LN||13.1|g/dL^g/dL^UCUM|||||F\r"
        .to_vec()
}

async fn care_bench(edit: impl FnOnce(&mut Settings)) -> Bench {
    let mut settings = settings();
    settings.purpose = Purpose::CareMgt;
    edit(&mut settings);
    let bench = bench_with(settings).await;
    let (org, token) = (bench.gateway.org().clone(), bench.token("77").await);
    let all_but_results = DataClass::permittable().filter(|class| *class != DataClass::LabResults);
    let consent = SimpleConsent::new("c1", org, token, Purpose::CareMgt, all_but_results);
    bench.gateway.put_consent(consent).await.unwrap();
    bench
}

/// An artefact for results, of which the other consent does not speak.
async fn artefact(bench: &Bench, permission: Value) {
    let text = json!({"status": "GRANTED", "consentDetail": {
        "consentId": "a1", "patient": {"id": bench.token("77").await.as_str()}, "hiu": {"id": "clinic"},
        "purpose": {"code": "CAREMGT"}, "hiTypes": ["DiagnosticReport"], "permission": permission}});
    let consent = Consent::parse(text.to_string().as_bytes(), bench.gateway.org()).unwrap();
    bench.gateway.put_consent(consent).await.unwrap();
}

/// What became of the results under an artefact: why they are held, and what the trail says nobody does.
async fn under(permission: Value) -> (Vec<Option<String>>, Option<String>) {
    let bench = care_bench(|_| ()).await;
    artefact(&bench, permission).await;
    assert_eq!(bench.send(&results()).await, AckCode::AA);
    bench.work().await;
    let decided = records(&bench, AuditAction::ConsentDecided).await;
    let held = held(&bench).await;
    assert_eq!(bench.at_remote("Observation"), u64::from(held.is_empty()));
    assert_eq!(records(&bench, AuditAction::Disclosed).await.is_empty(), !held.is_empty());
    (held, decided.first().and_then(|record| record.details.get("duties")).cloned())
}

#[tokio::test(flavor = "multi_thread")]
async fn results_with_a_duty_that_nobody_fulfils_are_held() {
    let erase = json!("2100-01-01T00:00:00Z");
    let frequency = json!({"unit": "DAY", "value": 1, "repeats": 0});
    let why = || vec![Some("duty-not-fulfilled".to_owned())];
    assert_eq!(under(json!({"accessMode": "VIEW"})).await, (vec![], None));
    let erased = under(json!({"accessMode": "VIEW", "dataEraseAt": erase})).await;
    assert_eq!(erased, (why(), Some("erase_by".to_owned())));
    let counted = under(json!({"accessMode": "VIEW", "frequency": frequency})).await;
    assert_eq!(counted, (why(), Some("max_uses".to_owned())));
    let both = under(json!({"accessMode": "VIEW", "dataEraseAt": erase, "frequency": frequency})).await;
    assert_eq!(both, (why(), Some("erase_by max_uses".to_owned())));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_artefact_without_the_duty_releases_them_and_one_with_it_ends_repairs() {
    let bench = care_bench(|_| ()).await;
    let erased = json!({"accessMode": "VIEW", "dataEraseAt": "2100-01-01T00:00:00Z"});
    artefact(&bench, erased.clone()).await;
    assert_eq!(bench.send(&results()).await, AckCode::AA);
    bench.work().await;
    assert_eq!((held(&bench).await.len(), bench.at_remote("Observation")), (1, 0));
    artefact(&bench, json!({"accessMode": "VIEW"})).await;
    bench.work().await;
    assert_eq!((held(&bench).await.len(), bench.at_remote("Observation")), (0, 1));

    artefact(&bench, erased).await;
    let mut changed = at_remote(&bench, "Observation").await;
    changed.value_mut().set("status", "preliminary");
    bench.client().update(&changed, None).await.unwrap();
    let report = bench.gateway.reconcile(&ReconcileOptions::default()).await.unwrap();
    assert_eq!((report.changed, report.repaired, report.blocked), (1, 0, 1), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_policy_that_is_named_must_be_the_one_that_is_applied() {
    for (named, is_ours) in [("pseudonymous", true), ("safe-harbor", false)] {
        let bench = care_bench(|settings| settings.consent.apply_policy = Some(named.into())).await;
        artefact(&bench, json!({"accessMode": "VIEW"})).await;
        assert_eq!(bench.send(&results()).await, AckCode::AA);
        bench.work().await;
        assert_eq!(held(&bench).await.is_empty(), is_ours);
        assert_eq!(bench.at_remote("Observation"), u64::from(is_ours));
    }
}
