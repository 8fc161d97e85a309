//! R22 to R25: what a request leaves open.

use carewire_consent::{ConsentEpoch, Decision, Kind, PatientConsents, Policy, Why, authorize};
use serde_json::{Value, json};

use crate::{
    at, decide, decide_by, gives, keeps, labelled, observation, permits, r4, read, request, simple, treat,
    with,
};

fn obligations(documents: &[Value], members: Value) -> Value {
    json!(decide(documents, members).obligations)
}

#[test]
fn r22_what_is_not_said_of_the_data_becomes_an_obligation() {
    let but = treat(json!([{"type": "deny", "securityLabel": [{"system": "urn:s", "code": "R"}]}]));
    let redact = json!([{"type": "redact", "labels": [{"system": "urn:s", "code": "R"}],
        "consent": "c1", "path": "Consent.provision.provision[0]"}]);
    assert_eq!(obligations(&[but.clone()], json!({})), redact);
    assert_eq!(obligations(&[but], json!({"data_classes": ["VITALS"]})), redact);

    let only = [simple("c", "permit", &["LAB_RESULTS", "VITALS"])];
    let expected =
        json!([{"type": "only", "any_of": [{"data_classes": ["LAB_RESULTS", "VITALS"], "consent": "c"}]}]);
    assert_eq!(obligations(&only, json!({})), expected);
    assert_eq!(
        obligations(&only, json!({"data_classes": ["VITALS"]})),
        json!([]),
        "what is said needs no obligation"
    );
}

#[test]
fn r22_exceptions_stay_exceptions() {
    let nested = treat(json!([{"type": "deny", "class": [{"code": "LAB_RESULTS"}], "provision": [
        {"type": "permit", "code": [{"coding": [{"system": "http://loinc.org", "code": "1-1"}]}]}]}]));
    let shown = obligations(&[nested.clone()], json!({}));
    assert_eq!(shown[0]["except"][0]["codes"][0]["code"], json!("1-1"));
    let coded =
        |code: &str| observation(json!({"code": {"coding": [{"system": "http://loinc.org", "code": code}]}}));
    assert!(keeps(&[nested.clone()], &coded("1-1")) && !keeps(&[nested], &coded("2-2")));
}

#[test]
fn r22_a_permit_covers_only_what_is_wholly_permitted() {
    let documents = [
        simple("vitals", "permit", &["VITALS", "LAB_RESULTS"]),
        r4(json!({"type": "deny", "class": [{"code": "LAB_RESULTS"}], "securityLabel": [{"code": "R"}]})),
    ];
    let consents = PatientConsents { epoch: ConsentEpoch(1), consents: read(&documents) };
    let asked = request(json!({"data_classes": ["VITALS", "LAB_RESULTS"], "remote": "r"}));
    let now = at("2026-06-01T00:00:00Z");
    let permit = authorize(&asked, &consents, &Policy::default(), now).unwrap();
    let covers = |class: &str| permit.covers(&asked.org, &asked.patient, "r", &[class.to_owned()], now);
    assert!(covers("VITALS") && !covers("LAB_RESULTS"));
    assert!(permit.response().obligations.iter().any(carewire_consent::Obligation::is_residual));
}

#[test]
fn r23_a_permit_of_which_nothing_is_left_is_a_denial() {
    let (permit, deny) = (simple("p", "permit", &["VITALS"]), simple("d", "deny", &["VITALS", "SOCIAL"]));
    let response = decide(&[permit.clone(), deny], json!({}));
    assert_eq!((response.decision, response.kind), (Decision::Deny, Kind::Deny));
    assert!(gives(&response, Why::NothingLeft, "request"));
    assert!(permits(&[permit, simple("d", "deny", &["SOCIAL"])], json!({})));
}

#[test]
fn r24_all_or_nothing_takes_no_residual() {
    let strict = Policy::default().all_or_nothing();
    let but = treat(json!([{"type": "deny", "securityLabel": [{"code": "R"}]}]));
    let response = decide_by(&strict, &[but.clone()], json!({"data_classes": ["VITALS"]}));
    assert!(gives(&response, Why::NotAllData, "policy.all_classes_or_nothing"));
    assert_eq!(
        decide_by(&strict, &[but.clone()], json!({"data_classes": ["VITALS"], "labels": ["N"]})).kind,
        Kind::Permit
    );
    assert_eq!(decide_by(&strict, &[but], json!({"resource": labelled(&["N"])})).kind, Kind::Permit);
    let simple = [simple("c", "permit", &["VITALS"])];
    assert!(gives(&decide_by(&strict, &simple, json!({})), Why::NoDataClass, "request.data_classes"));
}

fn artefact(status: &str) -> Value {
    json!({"status": status, "consentDetail": {
        "consentId": "a1", "patient": {"id": "Patient/pt_1"}, "purpose": {"code": "CAREMGT"},
        "hip": {"id": "hip-1"}, "hiu": {"id": "hiu-1"}, "hiTypes": ["Prescription", "DiagnosticReport"],
        "permission": {"accessMode": "VIEW", "dateRange": {"from": "2025-01-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"},
            "dataEraseAt": "2026-12-31T00:00:00Z", "frequency": {"unit": "DAY", "value": 2, "repeats": 1}}}})
}

fn from_hiu(members: Value) -> Value {
    with(json!({"purpose": "CAREMGT", "actor": {"org": "hiu-1"}, "data_classes": ["LAB_RESULTS"]}), members)
}

#[test]
fn r25_an_artefact_permits_its_classes_with_its_duties() {
    let shown = obligations(&[artefact("GRANTED")], from_hiu(json!({})));
    let duties = [
        json!({"type": "only", "any_of": [{"consent": "a1",
            "data_period": {"start": "2025-01-01T00:00:00Z", "end": "2026-01-01T00:00:00Z"}}]}),
        json!({"type": "erase_by", "at": "2026-12-31T00:00:00Z", "consent": "a1"}),
        json!({"type": "max_uses", "uses": 2, "per": "day", "repeats": 1, "consent": "a1"}),
        json!({"type": "reevaluate_by", "at": "2026-12-31T00:00:00Z"}),
    ];
    assert_eq!(shown, json!(duties));
    for status in ["REQUESTED", "DENIED", "EXPIRED", "REVOKED"] {
        assert!(!permits(&[artefact(status)], from_hiu(json!({}))), "{status}");
    }
    assert!(!permits(&[artefact("GRANTED")], from_hiu(json!({"data_classes": ["CLINICAL_NOTES"]}))));
    assert!(!permits(&[artefact("GRANTED")], from_hiu(json!({"actor": {"org": "hiu-2"}}))));
    assert!(!permits(&[artefact("GRANTED")], from_hiu(json!({"purpose": "PUBHLTH"}))));
    let within = json!({"data_period": {"start": "2025-03-01", "end": "2025-04-01"}});
    let shown = obligations(&[artefact("GRANTED")], from_hiu(within));
    assert_eq!(shown[0]["type"], json!("erase_by"), "all that is asked for lies within");
}

#[test]
fn r25_an_artefact_that_is_not_understood_permits_nothing() {
    let mut odd = artefact("GRANTED");
    odd["consentDetail"]["permission"]["unless"] = json!(true);
    assert_eq!(decide(&[odd], from_hiu(json!({}))).kind, Kind::Indeterminate);
    let mut contexts = artefact("GRANTED");
    contexts["consentDetail"]["careContexts"] = json!([{"careContextReference": "visit-1"}]);
    let shown = obligations(&[contexts], from_hiu(json!({})));
    assert_eq!(shown[0]["any_of"][0]["data"], json!([{"meaning": "related", "reference": "visit-1"}]));
}
