//! R22 to R25: what a request leaves open.

use carewire_consent::{
    Combining, ConsentEpoch, Decision, Described, Filter, Implicit, Kind, PatientConsents, Policy, Request,
    Why, authorize,
};
use carewire_fhir_core::Resource;
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
fn r22_what_is_permitted_is_an_exception_where_permits_win() {
    let permissive = Policy::default().with_implicit(Implicit::PermitUnlessDenied);
    let documents =
        [simple("c", "permit", &["VITALS"]), r4(json!({"type": "deny", "securityLabel": [{"code": "R"}]}))];
    let vitals = json!([{"coding": [{
        "system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "vital-signs"}]}]);
    for combining in [Combining::PermitOverrides, Combining::OrderedPermitOverrides] {
        let policy = permissive.clone().with_combining(combining);
        let response = decide_by(&policy, &documents, json!({}));
        let kept = |resource: Value| {
            let resource = Resource::parse(resource.to_string().as_bytes()).unwrap();
            response.keeps(&Described::of(&resource), &policy)
        };
        assert!(kept(with(labelled(&["R"]), json!({"category": vitals}))), "it is permitted");
        assert!(!kept(labelled(&["R"])) && kept(labelled(&["N"])), "nobody permits it");
    }
}

#[test]
fn r23_what_nobody_could_follow_is_a_denial() {
    let but = |many: usize| {
        let label =
            |n: usize| json!({"type": "deny", "securityLabel": [{"system": "urn:s", "code": n.to_string()}]});
        treat((0..many).map(label).collect())
    };
    assert!(permits(&[but(100)], json!({})) && !permits(&[but(5_000)], json!({})));
    assert!(
        permits(&[but(5_000)], json!({"resource": labelled(&["N"])})),
        "where all is said, nothing is left to follow"
    );
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
fn r25_the_duties_of_all_that_permit_are_to_be_done() {
    let mut sooner = artefact("GRANTED");
    sooner["consentDetail"]["consentId"] = json!("a2");
    sooner["consentDetail"]["permission"]["dataEraseAt"] = json!("2026-06-30T00:00:00Z");
    sooner["consentDetail"]["permission"]["frequency"]["value"] = json!(1);
    for consents in [[artefact("GRANTED"), sooner.clone()], [sooner.clone(), artefact("GRANTED")]] {
        let response = decide(&consents, from_hiu(json!({})));
        assert_eq!(response.erase_by(), Some("2026-06-30T00:00:00Z".parse().unwrap()), "the earliest");
        let limits = response.obligations.iter().filter(|one| one.name() == "max_uses");
        assert_eq!(limits.filter_map(|one| one.consent()).collect::<Vec<_>>(), ["a2", "a1"], "each of them");
    }
    let of_another_class = with(
        sooner,
        json!({"consentDetail": with(
        artefact("GRANTED")["consentDetail"].clone(), json!({"consentId": "a3", "hiTypes": ["Invoice"]}))}),
    );
    let response = decide(&[artefact("GRANTED"), of_another_class], from_hiu(json!({})));
    assert!(response.obligations.iter().all(|one| one.consent() != Some("a3")), "it permits nothing of this");
}

#[test]
fn r25_an_artefact_says_nothing_of_who_the_patient_is() {
    let patient = from_hiu(json!({"data_classes": ["DEMOGRAPHICS"]}));
    assert!(!permits(&[artefact("GRANTED")], patient.clone()));
    let who = r4(json!({"type": "permit", "actor": [{"reference": {"reference": "Organization/hiu-1"}}],
        "class": [{"system": "http://hl7.org/fhir/resource-types", "code": "Patient"}]}));
    let named = with(patient, json!({"resource": {"resourceType": "Patient", "id": "pt_1"}}));
    assert!(permits(&[artefact("GRANTED"), who], named), "another consent may");
}

#[test]
fn r25_the_policy_leaves_out_elements_by_purpose() {
    let policy: Policy = serde_json::from_value(json!({"redact": [
        {"element": "Patient.telecom", "except": ["ETREAT"]}, {"element": "Patient.telecom"},
        {"element": "Patient.photo", "purposes": ["HRESCH"]}]}))
    .unwrap();
    let open = r4(json!({"type": "permit"}));
    let response = decide_by(&policy, &[open.clone()], json!({}));
    let shown = serde_json::to_value(&response.obligations).unwrap();
    assert_eq!(shown, json!([{"type": "redact_element", "element": "Patient.telecom"}]));
    assert!(
        decide_by(&policy, &[with(open, json!({"status": "inactive"}))], json!({})).obligations.is_empty()
    );

    let request = Request::parse(br#"{"org":"o","patient":"pt_1","purpose":"TREAT"}"#).unwrap();
    let patient = json!({"resourceType": "Patient", "id": "pt_1", "text": {"status": "generated", "div": "x"},
        "telecom": [{"value": "x"}], "photo": [{"url": "y"}]});
    let patient = Resource::parse(patient.to_string().as_bytes()).unwrap();
    let left = Filter::new(&response, &policy, &request).apply(&patient).resource.unwrap();
    assert_eq!(
        left.to_json(),
        r#"{"id":"pt_1","photo":[{"url":"y"}],"resourceType":"Patient"}"#,
        "the narrative told it"
    );
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
