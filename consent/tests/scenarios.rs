//! Base policies with exceptions by purpose, actor, class, code and label: what a sharing decision answers, and what it asks.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use carewire_consent::{
    Change, Consent, Decision, Explanation, Obligation, Policy, Request, Response, evaluate, what_if,
};
use carewire_fhir_core::OrgId;
use serde_json::{Value, json};

const AR: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
const LOINC: &str = "http://loinc.org";

/// A consent that is an opt-in or opt-out, with exceptions.
fn consent(id: &str, base: &str, exceptions: Value) -> Value {
    json!({"resourceType": "Consent", "id": id, "status": "active", "patient": {"reference": "Patient/pt_1"},
        "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]},
        "dateTime": "2026-01-01", "provision": {"type": base, "period": {"start": "2026-01-01", "end": "2026-12-31"},
            "provision": exceptions}})
}

fn read(document: &Value) -> Consent {
    Consent::parse(document.to_string().as_bytes(), &OrgId::new("o").unwrap()).unwrap()
}

fn request(purpose: &str, actor: &str) -> Request {
    let text =
        json!({"org": "o", "patient": "Patient/pt_1", "purpose": purpose, "actor": {"reference": actor}});
    Request::parse(text.to_string().as_bytes()).unwrap()
}

fn decide(documents: &[Value], purpose: &str, actor: &str) -> Response {
    let consents: Vec<Consent> = documents.iter().map(read).collect();
    let now = "2026-06-01T00:00:00Z".parse().unwrap();
    evaluate(&request(purpose, actor), &consents, &Policy::default(), now)
}

/// The decision in the words of a consent decision service: what to leave out, or all but what.
fn answer(documents: &[Value], purpose: &str, actor: &str) -> String {
    let response = decide(documents, purpose, actor);
    let mut words = vec![if response.decision == Decision::Permit { "permit" } else { "deny" }.to_owned()];
    for obligation in &response.obligations {
        let value = json!(obligation);
        let codes = |condition: &Value| {
            let elements = ["labels", "codes", "resource_types", "data_classes"];
            let all = elements.iter().filter_map(|name| condition.get(name)?.as_array()).flatten();
            all.filter_map(|code| code.get("code").or(Some(code))?.as_str().map(str::to_owned))
                .collect::<Vec<_>>()
                .join("+")
        };
        match obligation {
            Obligation::Redact(_) => words.push(format!("redact {}", codes(&value))),
            Obligation::Only { .. } => {
                let any_of = value.get("any_of").and_then(Value::as_array).unwrap();
                words.push(format!(
                    "redact all but {}",
                    any_of.iter().map(codes).collect::<Vec<_>>().join(", ")
                ));
            }
            _ => {}
        }
    }
    words.join("; ")
}

fn doctor() -> &'static str {
    "Practitioner/doctor"
}

#[test]
fn an_opt_in_permits_and_its_exceptions_take_away() {
    let opt_in = |exception: Value| [consent("c", "permit", json!([exception]))];
    let restricted = json!({"system": CONFIDENTIALITY, "code": "R"});
    for (exception, purpose, expected) in [
        (json!({"type": "deny", "purpose": [{"system": AR, "code": "HRESCH"}]}), "TREAT", "permit"),
        (json!({"type": "deny", "purpose": [{"system": AR, "code": "HRESCH"}]}), "HRESCH", "deny"),
        (json!({"type": "deny", "purpose": [{"system": AR, "code": "HRESCH"}]}), "BIORCH", "deny"),
        (json!({"type": "deny", "actor": [{"reference": {"reference": doctor()}}]}), "TREAT", "deny"),
        (
            json!({"type": "deny", "actor": [{"reference": {"reference": "Practitioner/other"}}]}),
            "TREAT",
            "permit",
        ),
        (json!({"type": "deny", "securityLabel": [restricted]}), "TREAT", "permit; redact R"),
        (
            json!({"type": "deny", "code": [{"coding": [{"system": LOINC, "code": "1-1"}]}]}),
            "TREAT",
            "permit; redact 1-1",
        ),
        (
            json!({"type": "deny", "class": [{"system": "http://hl7.org/fhir/resource-types", "code": "MedicationStatement"}]}),
            "TREAT",
            "permit; redact MedicationStatement",
        ),
        (json!({"type": "deny", "class": [{"code": "MEDICATIONS"}]}), "TREAT", "permit; redact MEDICATIONS"),
        (
            json!({"type": "deny", "purpose": [{"code": "HPAYMT"}], "securityLabel": [restricted]}),
            "TREAT",
            "permit",
        ),
        (json!({"type": "deny", "period": {"end": "2026-03-31"}}), "TREAT", "permit"),
        (json!({"type": "deny", "action": [{"coding": [{"code": "disclose"}]}]}), "TREAT", "permit"),
    ] {
        assert_eq!(answer(&opt_in(exception.clone()), purpose, doctor()), expected, "{exception}");
    }
}

#[test]
fn an_opt_out_denies_and_its_exceptions_give() {
    let opt_out = |exception: Value| [consent("c", "deny", json!([exception]))];
    let normal = json!({"system": CONFIDENTIALITY, "code": "N"});
    for (exception, expected) in [
        (json!({"type": "permit", "purpose": [{"system": AR, "code": "TREAT"}]}), "permit"),
        (json!({"type": "permit", "purpose": [{"system": AR, "code": "HPAYMT"}]}), "deny"),
        (json!({"type": "permit", "actor": [{"reference": {"reference": doctor()}}]}), "permit"),
        (json!({"type": "permit", "securityLabel": [normal]}), "permit; redact all but N"),
        (json!({"type": "permit", "class": [{"code": "VITALS"}]}), "permit; redact all but VITALS"),
    ] {
        assert_eq!(answer(&opt_out(exception.clone()), "TREAT", doctor()), expected, "{exception}");
    }
}

#[test]
fn consents_of_several_documents_combine() {
    let opt_in = consent("in", "permit", json!([]));
    let not_restricted =
        consent("not", "permit", json!([{"type": "deny", "securityLabel": [{"code": "R"}]}]));
    assert_eq!(answer(&[opt_in.clone(), not_restricted], "TREAT", doctor()), "permit; redact R");
    assert_eq!(answer(&[opt_in, consent("out", "deny", json!([]))], "TREAT", doctor()), "deny");
    assert_eq!(answer(&[], "TREAT", doctor()), "deny");
}

#[test]
fn explanations_name_places_and_no_values() {
    let canary = json!([{"type": "deny", "actor": [{"reference": {"reference": "Practitioner/CANARY"}}],
        "code": [{"coding": [{"system": "urn:CANARY", "code": "CANARY"}]}]},
        {"type": "deny", "purpose": [{"code": "CANARY"}]}]);
    let consents = [read(&consent("c", "permit", canary))];
    let now = "2026-06-01T00:00:00Z".parse().unwrap();
    let explained = Explanation::of(&request("TREAT", doctor()), &consents, &Policy::default(), now);
    let text = explained.to_string();
    assert!(text.starts_with("Denied: a consent forbids it."), "{text}");
    assert!(
        text.contains("c: Consent.provision.provision[0].actor: says nothing: it is about other actors"),
        "{text}"
    );
    assert!(
        text.contains("c: Consent.provision.provision[1].purpose: denies: it holds a code that is not known"),
        "{text}"
    );
    for shown in [text, format!("{explained:?} {consents:?}"), json!(explained.response).to_string()] {
        assert!(!shown.contains("CANARY"), "{shown}");
    }
}

#[test]
fn explanations_say_what_is_to_be_left_out() {
    let medication = json!({"system": "http://hl7.org/fhir/resource-types", "code": "MedicationRequest"});
    let exceptions = json!([{"type": "deny", "securityLabel": [{"code": "R"}, {"code": "HIV"}]},
        {"type": "deny", "class": [medication], "dataPeriod": {"end": "2020"}},
        {"type": "deny", "code": [{"coding": [{"system": "urn:CANARY", "code": "CANARY"}]}]}]);
    let consents = [read(&consent("c", "permit", exceptions))];
    let now = "2026-06-01T00:00:00Z".parse().unwrap();
    let text = Explanation::of(&request("TREAT", doctor()), &consents, &Policy::default(), now).to_string();
    for said in [
        "leave out what is labelled R or HIV (c, Consent.provision.provision[0]).",
        "leave out what is of the type MedicationRequest and is of a time that it names (c, Consent.provision.provision[1]).",
        "leave out what holds a code that it names (c, Consent.provision.provision[2]).",
    ] {
        assert!(text.contains(said), "{text}");
    }
    assert!(!text.contains("CANARY"), "{text}");
}

#[test]
fn explanations_tell_of_consents_that_take_no_part() {
    let mut other = consent("other", "permit", json!([]));
    other["patient"]["reference"] = json!("Patient/pt_CANARY");
    let consents = [read(&other)];
    let now = "2026-06-01T00:00:00Z".parse().unwrap();
    let text = Explanation::of(&request("TREAT", doctor()), &consents, &Policy::default(), now).to_string();
    assert!(text.ends_with("  1 consent is of another org, or about another patient.\n"), "{text}");
    assert!(!text.contains("CANARY"), "{text}");
}

#[test]
fn what_if_tells_how_a_change_would_change_the_answer() {
    let consents = [read(&consent("c", "permit", json!([])))];
    let now = "2026-06-01T00:00:00Z".parse().unwrap();
    let ask = |change| what_if(&request("TREAT", doctor()), &consents, &Policy::default(), now, &change);
    assert!(ask(Change::Revoke("c".into())).is_decisive() && ask(Change::Remove("c".into())).is_decisive());
    assert!(!ask(Change::Remove("other".into())).is_decisive());
    let narrower = consent("c", "permit", json!([{"type": "deny", "securityLabel": [{"code": "R"}]}]));
    let difference = ask(Change::Put(read(&narrower)));
    assert!(!difference.is_decisive());
    assert!(
        difference.new_obligations.iter().any(Obligation::is_residual)
            && difference.lost_obligations.is_empty()
    );
}
