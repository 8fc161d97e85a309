//! R26: nobody gets a permit of which a duty stays undone.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first thing that is not as expected"
)]

use std::collections::BTreeSet;

use carewire_consent::{
    Consent, ConsentEpoch, DataClass, Decision, Duties, Kind, PatientConsents, Policy, Purpose, Request, Why,
    authorize, evaluate,
};
use carewire_fhir_core::{OrgId, PatientToken};
use chrono::{DateTime, TimeZone, Utc};
use proptest::prelude::*;
use serde_json::{Value, json};

const DUTIES: [&str; 4] = ["apply_policy", "erase_by", "max_uses", "redact_element"];

fn now() -> DateTime<Utc> {
    Utc.timestamp_opt(1_760_000_000, 0).unwrap()
}

fn org() -> OrgId {
    OrgId::new("clinic").unwrap()
}

fn artefact(permission: &Value) -> Consent {
    let text = json!({"status": "GRANTED", "consentDetail": {
        "consentId": "a1", "patient": {"id": "pt_1"}, "hiu": {"id": "clinic"}, "purpose": {"code": "CAREMGT"},
        "hiTypes": ["Prescription"], "permission": permission}});
    Consent::parse(text.to_string().as_bytes(), &org()).unwrap()
}

fn permission(asked: &BTreeSet<&str>) -> Value {
    let mut permission = json!({"accessMode": "VIEW"});
    if asked.contains("erase_by") {
        permission["dataEraseAt"] = json!("2030-01-01T00:00:00Z");
    }
    if asked.contains("max_uses") {
        permission["frequency"] = json!({"unit": "DAY", "value": 2, "repeats": 1});
    }
    permission
}

fn request(declared: &BTreeSet<&str>) -> Request {
    let mut duties = Duties::default();
    for name in declared {
        duties = match *name {
            "apply_policy" => duties.applying("pseudonymous"),
            "erase_by" => duties.erasing(),
            "redact_element" => duties.redacting_elements(),
            _ => duties.counting_uses(),
        };
    }
    Request::new(org(), PatientToken::new("pt_1").unwrap(), Purpose::CareMgt)
        .with_classes([DataClass::Medications])
        .to_remote("main")
        .fulfilling(duties)
}

fn some_duties() -> impl Strategy<Value = BTreeSet<&'static str>> {
    proptest::sample::subsequence(DUTIES.to_vec(), 0..=4).prop_map(|names| names.into_iter().collect())
}

proptest! {
    /// Whatever is asked and whatever is declared: without one duty that is asked for, nothing is permitted, and the
    /// reasons name each that is missing and no other.
    #[test]
    fn a_permit_with_a_duty_undone_is_not_given(asked in some_duties(), declared in some_duties()) {
        let mut policy = Policy::default();
        policy.apply_policy = asked.contains("apply_policy").then(|| "pseudonymous".into());
        if asked.contains("redact_element") {
            policy.redact = serde_json::from_value(json!([{"element": "Medication.code"}])).unwrap();
        }
        let consents = PatientConsents { epoch: ConsentEpoch(3), consents: vec![artefact(&permission(&asked))] };
        let request = request(&declared);
        prop_assert_eq!(evaluate(&request, &consents.consents, &policy, now()).decision, Decision::Permit);

        let missing: BTreeSet<&str> = asked.difference(&declared).copied().collect();
        match authorize(&request, &consents, &policy, now()) {
            Ok(permit) => {
                prop_assert!(missing.is_empty());
                prop_assert!(permit.covers(&org(), permit.patient(), "main", &["MEDICATIONS".into()], now()));
            }
            Err(denied) => {
                prop_assert_eq!(denied.unfulfilled().collect::<BTreeSet<_>>(), missing);
                prop_assert_eq!((denied.response.decision, denied.response.kind), (Decision::Deny, Kind::Deny));
                prop_assert!(denied.response.obligations.is_empty());
                let of_consent = denied.response.reasons.iter().filter(|reason| reason.why == Why::DutyNotFulfilled);
                for reason in of_consent {
                    let is_of_policy = ["apply_policy", "redact_element"].contains(&reason.path.name());
                    prop_assert_eq!(reason.consent.as_deref(), (!is_of_policy).then_some("a1"));
                }
            }
        }
    }
}

#[test]
fn another_policy_than_the_one_that_is_named_is_no_fulfilment() {
    let mut policy = Policy::default();
    policy.apply_policy = Some("safe-harbor".into());
    let consents =
        PatientConsents { epoch: ConsentEpoch(1), consents: vec![artefact(&permission(&BTreeSet::new()))] };
    let denied =
        authorize(&request(&BTreeSet::from(["apply_policy"])), &consents, &policy, now()).unwrap_err();
    assert_eq!(denied.unfulfilled().collect::<Vec<_>>(), ["apply_policy"]);
}

#[test]
fn a_denial_of_another_cause_names_no_duty() {
    let denied =
        authorize(&request(&BTreeSet::new()), &PatientConsents::default(), &Policy::default(), now());
    assert_eq!(denied.unwrap_err().unfulfilled().count(), 0);
}

/// A limit that cannot be read would be a duty that nobody hears of.
#[test]
fn an_artefact_with_a_frequency_that_cannot_be_read_permits_nothing() {
    for frequency in [
        json!({"unit": "DECADE", "value": 1}),
        json!({"unit": "DAY"}),
        json!({"unit": "DAY", "value": -1}),
        json!({"unit": "DAY", "value": 1, "repeats": "often"}),
        json!("daily"),
        json!(null),
    ] {
        let consent = artefact(&json!({"accessMode": "VIEW", "frequency": frequency}));
        let all = request(&DUTIES.into_iter().collect());
        let response = evaluate(&all, &[consent], &Policy::default(), now());
        assert_eq!(response.decision, Decision::Deny, "{frequency}");
    }
    let erased = artefact(&json!({"accessMode": "VIEW", "dataEraseAt": "some day"}));
    let response = evaluate(&request(&BTreeSet::new()), &[erased], &Policy::default(), now());
    assert_eq!(response.decision, Decision::Deny);
}
