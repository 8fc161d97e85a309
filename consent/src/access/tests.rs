//! The rules, one by one.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::{
    AccessRules, BreakGlassRule, Combining, Compiled, Consent, DataClass, Decision, Effect, Explanation,
    Implicit, Kind, Obligation, PatientConsents, Policy, Request, Response, Ruling, SimpleConsent, Why,
    authorize, evaluate,
};

fn at(minute: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(minute * 60, 0).unwrap()
}

fn request(members: Value) -> Request {
    let mut base = json!({"org": "o", "patient": "Patient/pt_1", "purpose": "TREAT", "data_classes": ["VITALS"],
        "actor": {"reference": "Practitioner/7"}});
    for (name, value) in members.as_object().unwrap() {
        base[name] = value.clone();
    }
    Request::parse(base.to_string().as_bytes()).unwrap()
}

fn consent(purpose: &str) -> SimpleConsent {
    let asked = request(json!({"purpose": purpose}));
    SimpleConsent::new("c", asked.org, asked.patient, asked.purpose, asked.data_classes)
}

/// A permit for the purpose that the request states, so that nothing but access can deny it.
fn decide_by(policy: &Policy, members: Value) -> Response {
    let asked = request(members);
    let permit = SimpleConsent { purpose: asked.purpose.clone(), ..consent("TREAT") };
    both_ways(&asked, &[permit.into()], policy)
}

fn decide(members: Value) -> Response {
    decide_by(&Policy::default(), members)
}

/// No way to a decision leads past the rules.
fn both_ways(asked: &Request, consents: &[Consent], policy: &Policy) -> Response {
    let response = evaluate(asked, consents, policy, at(0));
    let compiled = Compiled::new(consents, policy);
    assert_eq!(compiled.decide(asked, at(0)), response);
    assert_eq!(compiled.glance(asked, at(0)).kind, response.kind);
    let known = PatientConsents { consents: consents.to_vec(), ..PatientConsents::default() };
    assert_eq!(authorize(asked, &known, policy, at(0)).is_ok(), response.decision == Decision::Permit);
    response
}

/// Why access denies, where it does.
fn refusal(response: &Response) -> Option<(&'static str, Why)> {
    let first =
        response.reasons.first().filter(|reason| reason.consent.is_none() && reason.effect == Effect::Deny);
    assert_eq!(first.is_some(), response.kind != Kind::Permit);
    first.and_then(|reason| Some((reason.path.of_no_consent()?, reason.why)))
}

fn role(role: &str, members: Value) -> Value {
    let mut all = members;
    all["actor"] = json!({"reference": "Practitioner/7", "role": role});
    all
}

#[test]
fn a1_another_org_needs_a_consent_that_names_it() {
    let foreign = request(json!({"actor": {"reference": "Practitioner/7", "org": "other"}}));
    let open = Policy::default().with_implicit(Implicit::PermitUnlessDenied).with_access(AccessRules::None);
    let of_actors = |actors: &[&str]| SimpleConsent {
        actors: actors.iter().map(ToString::to_string).collect(),
        ..consent("TREAT")
    };
    for policy in [open.clone(), open.with_combining(Combining::PermitUnlessDeny)] {
        let denied = both_ways(&foreign, &[], &policy);
        assert_eq!(denied.kind, Kind::NotApplicable);
        assert!(denied.reasons.iter().any(|reason| reason.why == Why::OtherOrg), "{denied:?}");
        for (actors, expected) in [
            (&[][..], Decision::Deny),
            (&["Practitioner/7"], Decision::Deny),
            (&["Organization/o"], Decision::Deny),
            (&["Organization/other"], Decision::Permit),
        ] {
            let response = both_ways(&foreign, &[of_actors(actors).into()], &policy);
            assert_eq!(response.decision, expected, "{actors:?}");
        }
        let denial = SimpleConsent { decision: Ruling::Deny, ..of_actors(&["Practitioner/7"]) };
        let both = [of_actors(&["Organization/other"]).into(), denial.into()];
        assert_eq!(both_ways(&foreign, &both, &policy).decision, Decision::Deny, "it may be meant");
    }
    let known_by = |name: &str| {
        request(json!({"actor": {"reference": "Practitioner/7", "aliases": [name], "org": "other"}}))
    };
    for name in ["urn:npi|1", "https://b.example/fhir/Practitioner/7"] {
        let response = both_ways(&known_by(name), &[of_actors(&[name]).into()], &Policy::default());
        assert_eq!(response.decision, Decision::Permit, "{name}");
    }
}

#[test]
fn a2_no_role_is_no_rule_and_an_unknown_one_is_denied() {
    assert_eq!(refusal(&decide(json!({}))), None);
    for name in ["ROOT", "", "CLINICIANS"] {
        assert_eq!(refusal(&decide(role(name, json!({})))), Some(("request.actor.role", Why::UnknownRole)));
    }
    let none = Policy::default().with_access(AccessRules::None);
    assert_eq!(refusal(&decide_by(&none, role("ROOT", json!({})))), None);
}

#[test]
fn a3_an_administrator_acts_for_every_patient_of_the_org_and_breaks_no_glass() {
    for purpose in ["TREAT", "HOPERAT", "PATADMIN", "HPAYMT"] {
        assert_eq!(refusal(&decide(role("admin", json!({"purpose": purpose})))), None, "{purpose}");
    }
    let glass = |name: &str| {
        let asked = json!({"purpose": "BTG", "break_glass": {"reason": "stated"}, "active_encounter": true});
        let policy = Policy::default().with_break_glass(BreakGlassRule::PermitUnlessDenied);
        both_ways(&request(role(name, asked)), &[], &policy).decision
    };
    assert_eq!((glass("ADMIN"), glass("CLINICIAN")), (Decision::Deny, Decision::Permit));
}

#[test]
fn a4_a_clinician_needs_an_active_encounter_now() {
    for name in ["CLINICIAN", "PROVIDER", "clinician"] {
        let encounter = |known: Value| decide(role(name, json!({"active_encounter": known})));
        assert_eq!(refusal(&encounter(json!(true))), None);
        let at = "request.active_encounter";
        assert_eq!(refusal(&encounter(json!(false))), Some((at, Why::NoActiveEncounter)));
        assert_eq!(refusal(&encounter(json!(null))), Some((at, Why::EncounterNotKnown)));
    }
}

#[test]
fn a5_a_patient_sees_own_data() {
    let by = |actor: Value| {
        let mut actor = actor;
        actor["role"] = json!("PATIENT");
        decide(json!({"purpose": "PATRQT", "actor": actor}))
    };
    for own in
        [json!({"reference": "Patient/pt_1"}), json!({"reference": "pt_1"}), json!({"aliases": ["pt_1"]})]
    {
        assert_eq!(refusal(&by(own)), None);
    }
    let others = [json!({}), json!({"reference": "Patient/pt_2"}), json!({"reference": "Practitioner/pt_1"})];
    for other in others {
        assert_eq!(refusal(&by(other)), Some(("request.actor.reference", Why::NotOwnData)));
    }
    assert_ne!(
        refusal(&by(json!({"reference": "Patient/pt_1", "org": "other"}))),
        None,
        "the same token elsewhere"
    );
}

#[test]
fn a5_the_same_token_in_another_org_is_another_patient() {
    let asked =
        |org: &str| request(json!({"actor": {"reference": "Patient/pt_1", "role": "PATIENT", "org": org}}));
    let named = SimpleConsent { actors: vec!["Organization/other".into()], ..consent("TREAT") };
    let denied = both_ways(&asked("other"), &[named.into()], &Policy::default());
    assert_eq!(refusal(&denied), Some(("request.actor.reference", Why::NotOwnData)));
    assert_eq!(refusal(&both_ways(&asked("o"), &[consent("TREAT").into()], &Policy::default())), None);
}

#[test]
fn a6_a_researcher_never_sees_identified_data() {
    let asks = |purpose: &str, deidentified: Value| {
        decide(role("RESEARCHER", json!({"purpose": purpose, "deidentified": deidentified})))
    };
    assert_eq!(refusal(&asks("HRESCH", json!(true))), None);
    assert_eq!(refusal(&asks("CLINTRCH", json!(true))), None);
    assert_eq!(refusal(&asks("HRESCH", json!(false))), Some(("request.deidentified", Why::NotDeidentified)));
    assert_eq!(refusal(&asks("TREAT", json!(true))), Some(("request.purpose", Why::NotResearch)));
}

#[test]
fn a7_an_auditor_sees_audit_events() {
    let about = |resource: Value| decide(role("AUDITOR", json!({"resource": resource}))).reasons;
    let is_refused = |resource| about(resource).iter().any(|reason| reason.why == Why::NotAuditData);
    assert!(is_refused(json!({"resourceType": "Observation"})) && is_refused(json!(null)));
    assert!(!is_refused(json!({"resourceType": "AuditEvent"})));

    let asks = |classes| {
        decide(role("AUDITOR", json!({"resource": {"resourceType": "AuditEvent"}, "data_classes": classes})))
    };
    assert_eq!(asks(json!(["VITALS"])).kind, Kind::Permit);
    assert_eq!(asks(json!(["GENOMICS"])).kind, Kind::NotApplicable);
    assert_eq!(asks(json!([])).kind, Kind::Indeterminate, "nobody says what it tells about");
}

#[test]
fn a8_a_system_moves_data() {
    for action in ["collect", "disclose"] {
        assert_eq!(refusal(&decide(role("SYSTEM", json!({"action": action})))), None, "{action}");
    }
    for action in ["access", "use", "correct"] {
        let denied = decide(role("SYSTEM", json!({"action": action})));
        assert_eq!(refusal(&denied), Some(("request.action", Why::NotTransport)));
    }
}

#[test]
fn access_never_permits_what_consents_do_not() {
    let allowed = role("CLINICIAN", json!({"active_encounter": true}));
    let asked = request(allowed);
    assert_eq!(both_ways(&asked, &[], &Policy::default()).kind, Kind::NotApplicable);
    let denial = SimpleConsent { decision: Ruling::Deny, ..consent("TREAT") };
    let both = [consent("TREAT").into(), denial.into()];
    assert_eq!(both_ways(&asked, &both, &Policy::default()).kind, Kind::Deny);
}

fn emergency(members: Value) -> Request {
    let mut all = json!({"purpose": "BTG", "active_encounter": true, "break_glass": {"reason": "canary"},
        "actor": {"reference": "Practitioner/7", "role": "CLINICIAN"}});
    for (name, value) in members.as_object().unwrap() {
        all[name] = value.clone();
    }
    request(all)
}

fn glass() -> Policy {
    Policy::default().with_break_glass(BreakGlassRule::PermitUnlessDenied)
}

fn is_broken(response: &Response) -> bool {
    let said = response.reasons.iter().any(|reason| reason.why == Why::GlassBroken);
    assert!(!said || response.decision == Decision::Permit);
    said
}

#[test]
fn g1_the_reason_is_demanded_and_appears_nowhere() {
    let response = both_ways(&emergency(json!({})), &[], &glass());
    assert!(is_broken(&response));
    let explained = Explanation::of(&emergency(json!({})), &[], &glass(), at(0));
    assert!(explained.to_string().starts_with("Permitted: the glass was broken."));
    let told = format!("{response:?} {} {explained} {explained:?}", json!(response));
    assert!(!told.contains("canary"));
    for silent in [json!(null), json!({"reason": " "})] {
        let denied = both_ways(&emergency(json!({"break_glass": silent})), &[], &glass());
        assert_eq!(denied.kind, Kind::Indeterminate);
        assert!(denied.reasons.iter().any(|reason| reason.why == Why::BreakGlassReasonMissing));
    }
}

#[test]
fn g2_it_holds_within_its_time_box_only() {
    let broken = |start: i64, until: Option<i64>| {
        emergency(json!({"break_glass": {"reason": "r", "start": at(start), "until": until.map(at)}}))
    };
    let quarter = Policy { break_glass_minutes: Some(15), ..glass() };
    for (policy, asked, ends) in [
        (&glass(), emergency(json!({})), 60),
        (&glass(), broken(-20, None), 40),
        (&glass(), broken(-20, Some(30)), 30),
        (&glass(), broken(-20, Some(300)), 40),
        (&quarter, broken(-10, None), 5),
    ] {
        let known = PatientConsents::default();
        let permit = authorize(&asked, &known, policy, at(0)).unwrap();
        assert_eq!(permit.expires_at(), Some(at(ends)));
        assert!(permit.response().obligations.contains(&Obligation::ReevaluateBy { at: at(ends) }));
    }
    let over = ("request.break_glass.until", Why::NoLongerInForce);
    for (asked, expected) in [
        (broken(-60, None), over),
        (broken(-20, Some(0)), over),
        (broken(1, None), ("request.break_glass.start", Why::NotYetInForce)),
    ] {
        // Whatever a consent says.
        let denied = both_ways(&asked, &[consent("TREAT").into()], &glass());
        assert_eq!((denied.kind, refusal(&denied)), (Kind::Deny, Some(expected)));
    }
}

#[test]
fn g3_it_stands_in_for_a_missing_permit_where_the_policy_says_so() {
    let asked = emergency(json!({}));
    assert_eq!(both_ways(&asked, &[], &Policy::default()).kind, Kind::NotApplicable);
    let revoked = SimpleConsent { state: crate::State::Revoked, ..consent("TREAT") };
    let other = consent("HPAYMT");
    for combining in Combining::all() {
        let policy = glass().with_combining(combining);
        for consents in [vec![], vec![revoked.clone().into()], vec![other.clone().into()]] {
            let response = both_ways(&asked, &consents, &policy);
            assert_eq!(response.decision, Decision::Permit, "{combining:?}");
            assert_eq!(
                is_broken(&response),
                combining != Combining::PermitUnlessDeny || revoked_in(&consents)
            );
        }
    }
}

/// Under `permit-unless-deny` the glass has nothing to do, but after a revocation.
fn revoked_in(consents: &[Consent]) -> bool {
    consents.iter().any(|consent| consent.state() == crate::State::Revoked)
}

#[test]
fn g4_the_patients_own_no_stands() {
    let denial = |purpose: &str| SimpleConsent { decision: Ruling::Deny, ..consent(purpose) };
    for combining in Combining::all() {
        let policy = glass().with_combining(combining);
        for purpose in ["BTG", "ETREAT", "TREAT", "no-such-purpose"] {
            let denied = both_ways(&emergency(json!({})), &[denial(purpose).into()], &policy);
            assert_eq!(denied.decision, Decision::Deny, "{purpose} {combining:?}");
        }
        let response = both_ways(&emergency(json!({})), &[denial("HRESCH").into()], &policy);
        assert_eq!(response.decision, Decision::Permit, "it is about something else");
    }
    let part = SimpleConsent { data_classes: [DataClass::Social].into(), ..denial("TREAT") };
    let both = emergency(json!({"data_classes": ["VITALS", "SOCIAL"]}));
    assert_eq!(both_ways(&both, &[part.clone().into()], &glass()).decision, Decision::Deny);
    let open = both_ways(&emergency(json!({"data_classes": []})), &[part.into()], &glass());
    assert!(is_broken(&open) && open.obligations.iter().any(|one| matches!(one, Obligation::Redact(_))));
}

#[test]
fn g4_neither_org_nor_role_nor_unclassified_data_give_way() {
    for members in [
        json!({"actor": {"reference": "Practitioner/7", "role": "CLINICIAN", "org": "other"}}),
        json!({"actor": {"reference": "Patient/pt_1", "role": "PATIENT"}}),
        json!({"actor": {"role": "SYSTEM"}, "action": "collect"}),
        json!({"active_encounter": false}),
        json!({"data_classes": ["UNCLASSIFIED"]}),
        json!({"purpose": "TREAT"}),
    ] {
        let response = both_ways(&emergency(members.clone()), &[], &glass());
        assert_eq!(response.decision, Decision::Deny, "{members}");
    }
    let nameless = both_ways(&emergency(json!({"actor": {}})), &[], &glass());
    assert!(is_broken(&nameless));
}

#[test]
fn g5_a_broken_glass_is_told_and_one_that_was_not_needed_raises_the_alert_too() {
    let alert = Obligation::Audit { alert: true };
    let broken = both_ways(&emergency(json!({})), &[], &glass());
    let permitted = both_ways(&emergency(json!({})), &[consent("TREAT").into()], &glass());
    assert!(broken.obligations.contains(&alert) && permitted.obligations.contains(&alert));
    assert!(is_broken(&broken) && !is_broken(&permitted));
}
