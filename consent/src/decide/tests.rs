//! The rules, one by one. The laws that hold for all inputs stand in `tests/laws.rs`.

use super::*;
use crate::{Implicit, Ruling, SimpleConsent, State};
use chrono::TimeZone;

fn at(second: i64) -> DateTime<Utc> {
    Utc.timestamp_opt(second, 0).unwrap()
}

fn request(classes: &[&str]) -> Request {
    let text = format!(
        r#"{{"org":"o","patient":"pt_1","purpose":"TREAT","actor":{{"reference":"Practitioner/7"}},"data_classes":{}}}"#,
        serde_json::to_string(classes).unwrap()
    );
    Request::parse(text.as_bytes()).unwrap()
}

fn consent(id: &str, classes: &[&str]) -> SimpleConsent {
    let asked = request(classes);
    SimpleConsent::new(id, asked.org, asked.patient, Purpose::Treat, asked.data_classes)
}

fn forbid(id: &str, classes: &[&str]) -> SimpleConsent {
    SimpleConsent { decision: Ruling::Deny, ..consent(id, classes) }
}

fn any_source(consents: &[SimpleConsent]) -> Vec<Consent> {
    consents.iter().cloned().map(Consent::from).collect()
}

fn kind(request: &Request, consents: &[SimpleConsent]) -> Kind {
    evaluate(request, &any_source(consents), &Policy::default(), at(100)).kind
}

fn implicit(request: &Request, consents: &[SimpleConsent]) -> Kind {
    let policy = Policy::default().with_implicit(Implicit::PermitUnlessDenied);
    evaluate(request, &any_source(consents), &policy, at(100)).kind
}

#[test]
fn consents_combine_class_by_class_and_a_denial_wins() {
    let asked = request(&["LAB_RESULTS", "VITALS"]);
    let lab = consent("lab", &["LAB_RESULTS"]);
    let vitals = consent("vitals", &["VITALS"]);
    assert_eq!(kind(&asked, std::slice::from_ref(&lab)), Kind::NotApplicable);
    assert_eq!(kind(&asked, &[lab.clone(), vitals.clone()]), Kind::Permit);
    assert_eq!(kind(&asked, &[lab, forbid("no", &["VITALS"]), vitals]), Kind::Deny);
}

#[test]
fn only_an_active_consent_in_its_half_open_period_permits() {
    let asked = request(&["VITALS"]);
    for state in [State::Pending, State::Revoked, State::Expired] {
        assert_eq!(
            kind(&asked, &[SimpleConsent { state, ..consent("c", &["VITALS"]) }]),
            Kind::NotApplicable
        );
    }
    for (start, end, expected) in [
        (Some(100), None, Kind::Permit),
        (Some(101), None, Kind::NotApplicable),
        (None, Some(100), Kind::NotApplicable),
        (None, Some(101), Kind::Permit),
        (Some(100), Some(100), Kind::Indeterminate),
    ] {
        let timed = SimpleConsent { start: start.map(at), end: end.map(at), ..consent("c", &["VITALS"]) };
        assert_eq!(kind(&asked, &[timed]), expected, "{start:?} {end:?}");
    }
}

#[test]
fn purposes_match_by_the_table_and_unknown_codes_fail_closed() {
    let emergency = Request { purpose: Purpose::ErTreat, ..request(&["VITALS"]) };
    assert_eq!(kind(&emergency, &[consent("c", &["VITALS"])]), Kind::Permit);
    let payment = Request { purpose: Purpose::HPaymt, ..request(&["VITALS"]) };
    assert_eq!(kind(&payment, &[consent("c", &["VITALS"])]), Kind::NotApplicable);

    let odd = |consent: SimpleConsent| SimpleConsent { purpose: Purpose::parse("ODD"), ..consent };
    let unknown = Request { purpose: Purpose::parse("ODD"), ..request(&["VITALS"]) };
    assert_eq!(kind(&unknown, &[odd(consent("c", &["VITALS"]))]), Kind::Indeterminate);
    assert_eq!(kind(&request(&["VITALS"]), &[consent("c", &["VITALS"]), odd(forbid("d", &[]))]), Kind::Deny);
    assert_eq!(kind(&request(&["VITALS"]), &[consent("c", &["VITALS"]), forbid("d", &["ODD"])]), Kind::Deny);
}

#[test]
fn an_empty_list_of_classes_forbids_all_and_permits_none() {
    let asked = request(&["VITALS"]);
    assert_eq!(kind(&asked, &[consent("c", &[])]), Kind::NotApplicable);
    assert_eq!(kind(&asked, &[consent("c", &["VITALS"]), forbid("d", &[])]), Kind::Deny);
}

#[test]
fn unclassified_data_are_never_permitted() {
    for classes in [&["UNCLASSIFIED"][..], &["VITALS", "UNCLASSIFIED"], &["DREAMS"]] {
        let all = consent("c", classes);
        assert_eq!(kind(&request(classes), std::slice::from_ref(&all)), Kind::Indeterminate);
        assert_eq!(implicit(&request(classes), &[all]), Kind::Indeterminate);
    }
}

#[test]
fn named_actors_only_and_actors_of_other_orgs_only_when_named() {
    let asked = request(&["VITALS"]);
    let named = |actor: &str| SimpleConsent { actors: vec![actor.into()], ..consent("c", &["VITALS"]) };
    assert_eq!(kind(&asked, &[named("Practitioner/7")]), Kind::Permit);
    assert_eq!(kind(&asked, &[named("Practitioner/8")]), Kind::NotApplicable);
    assert_eq!(kind(&asked, &[named("Organization/o")]), Kind::Permit);

    let mut foreign = asked;
    foreign.actor.org = Some(carewire_fhir_core::OrgId::new("other").unwrap());
    assert_eq!(kind(&foreign, &[consent("c", &["VITALS"])]), Kind::NotApplicable);
    assert_eq!(kind(&foreign, &[named("Organization/o")]), Kind::NotApplicable);
    assert_eq!(kind(&foreign, &[named("Organization/other")]), Kind::Permit);
}

#[test]
fn the_implicit_permit_yields_to_denials_and_to_consents_taken_back() {
    let asked = request(&["VITALS"]);
    let revoked = |classes| SimpleConsent { state: State::Revoked, ..consent("r", classes) };
    assert_eq!(implicit(&asked, &[]), Kind::Permit);
    assert_eq!(implicit(&asked, &[forbid("d", &["VITALS"])]), Kind::Deny);
    assert_eq!(implicit(&asked, &[revoked(&["VITALS"])]), Kind::NotApplicable);
    assert_eq!(implicit(&asked, &[revoked(&["SOCIAL"])]), Kind::Permit);
    assert_eq!(implicit(&asked, &[revoked(&["VITALS"]), consent("c", &["VITALS"])]), Kind::Permit);
}

#[test]
fn breaking_the_glass_needs_a_stated_reason_and_overrides_nothing() {
    let mut asked = Request { purpose: Purpose::BreakGlass, ..request(&["VITALS"]) };
    let treat = consent("c", &["VITALS"]);
    assert_eq!(kind(&asked, std::slice::from_ref(&treat)), Kind::Indeterminate);
    asked.break_glass = Some(crate::BreakGlass::new("unconscious"));
    assert_eq!(kind(&asked, std::slice::from_ref(&treat)), Kind::Permit);
    assert_eq!(kind(&asked, &[treat, forbid("d", &[])]), Kind::Deny);
    assert_eq!(kind(&asked, &[]), Kind::NotApplicable);
}

#[test]
fn reasons_name_consent_path_effect_and_why() {
    let timed = SimpleConsent { end: Some(at(50)), ..consent("old", &["VITALS"]) };
    let response = evaluate(&request(&["VITALS"]), &[timed.into()], &Policy::default(), at(100));
    assert_eq!(
        serde_json::to_value(&response).unwrap(),
        serde_json::json!({"decision": "deny", "kind": "not_applicable", "obligations": [], "reasons": [
            {"consent": null, "path": "policy.implicit", "effect": "deny", "why": "implicit-deny"},
            {"consent": "old", "path": "end", "effect": "none", "why": "no-longer-in-force"},
        ]})
    );
}

#[test]
fn a_permit_that_ends_says_when_to_ask_again() {
    let timed = SimpleConsent { end: Some(at(200)), ..consent("c", &["VITALS"]) };
    let response = evaluate(&request(&["VITALS"]), &[timed.into()], &Policy::default(), at(100));
    assert_eq!(response.obligations, [Obligation::ReevaluateBy { at: at(200) }]);
}
