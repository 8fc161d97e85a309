//! Identities, references and requests of a Bundle.

#[cfg(test)]
mod support;

use carewire_deid::{
    Context, Error, IDENTITY_SYSTEM, PSEUDONYM_SYSTEM, Policy, Refusal, TOKEN_SYSTEM, Treatment, deidentify,
    deidentify_resource,
};
use carewire_fhir_core::{PatientToken, Resource, visit_references};
use support::{address, bundle, keys, live, resource, token};

const PATIENT: &str = r#"{"resourceType":"Patient","id":"p1","identifier":[{"system":"s","value":"1"}]}"#;

#[test]
fn references_lead_to_the_new_addresses_or_nowhere() {
    let observation = format!(
        r##"{{"resourceType":"Observation","status":"final","code":{{"text":"x"}},"subject":{{"reference":"{}"}},
        "encounter":{{"reference":"Encounter/e1/_history/3"}},"performer":[{{"reference":"Practitioner/gone"}}],
        "basedOn":[{{"reference":"ServiceRequest?identifier=a%7C7"}}],"device":{{"reference":"Binary/b"}}}}"##,
        address(0)
    );
    let done = live(&bundle(&[
        PATIENT,
        &observation,
        r#"{"resourceType":"Encounter","id":"e1","status":"finished","class":{"code":"x"}}"#,
        r#"{"resourceType":"ServiceRequest","identifier":[{"system":"a","value":"7"}],"status":"active","intent":"order"}"#,
        r#"{"resourceType":"Binary","id":"b"}"#,
    ]))
    .unwrap();
    let observation = done.entries[1].resource.value();
    let leads_to = |name: &str| observation.get(name).and_then(|one| one.str("reference"));
    assert_eq!(leads_to("subject"), Some(done.entries[0].full_url.as_str()));
    assert_eq!(leads_to("encounter"), Some(done.entries[2].full_url.as_str()));
    assert_eq!(observation.list("basedOn")[0].str("reference"), Some(done.entries[3].full_url.as_str()));
    assert_eq!((observation.get("performer"), observation.get("device")), (None, None));
    assert_eq!(done.manifest.count("Binary", Treatment::LeftOut), 1);
    assert_eq!(done.entries.iter().map(|entry| entry.index).collect::<Vec<_>>(), [0, 1, 2, 3]);
}

#[test]
fn every_reference_that_stays_resolves() {
    let done = live(&bundle(&[PATIENT, &format!(
        r##"{{"resourceType":"Observation","status":"final","code":{{"text":"x"}},"subject":{{"reference":"{}"}},
        "contained":[{{"resourceType":"Practitioner","id":"a"}},{{"resourceType":"Practitioner","id":"b"}},{{"resourceType":"MolecularSequence","id":"g"}}],
        "performer":[{{"reference":"#b"}},{{"reference":"#a"}},{{"reference":"#b"}},{{"reference":"#g"}},{{"reference":"#none"}}]}}"##,
        address(0)
    )]))
    .unwrap();
    let observation = done.entries[1].resource.value();
    let ids: Vec<_> = observation.list("contained").iter().filter_map(|one| one.str("id")).collect();
    let mut led_to = Vec::new();
    visit_references(observation, &mut |_, text| led_to.push(text.to_owned()));
    assert_eq!(ids, ["c1", "c2"]);
    led_to.sort();
    assert_eq!(led_to, ["#c1", "#c1", "#c2", &done.entries[0].full_url]);
}

#[test]
fn the_conditional_url_says_which_identifier_is_the_identity() {
    let json = r#"{"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Encounter",
        "identifier":[{"system":"a","value":"1"},{"system":"b","value":"2"}]},
        "request":{"method":"PUT","url":"Encounter?identifier=b%7C2"}}]}"#;
    let done = live(&resource(json)).unwrap();
    let entry = &done.entries[0];
    let identifiers = entry.resource.value().list("identifier");
    assert_eq!(identifiers.len(), 2);
    assert_eq!(identifiers[1].str("value"), Some(entry.value.as_str()));
    assert_eq!(entry.system, PSEUDONYM_SYSTEM);
    let request = done.bundle.value().list("entry")[0].get("request").unwrap();
    assert_eq!(request.str("url"), Some(entry.search().as_str()));
    assert_eq!(request.str("method"), Some("PUT"));
}

#[test]
fn siblings_that_share_an_identifier_keep_identities_of_their_own() {
    let one =
        r#"{"resourceType":"Observation","status":"final","identifier":[{"system":"order","value":"7"}]}"#;
    let done = live(&bundle(&[one, one])).unwrap();
    let [a, b] = &done.entries[..] else { panic!("two") };
    assert_ne!(a.value, b.value);
    for entry in [a, b] {
        let identifiers = entry.resource.value().list("identifier");
        assert_eq!(identifiers.len(), 2, "the shared one and its own");
        assert_eq!(identifiers[1].str("value"), Some(entry.value.as_str()));
    }
}

#[test]
fn types_without_identifiers_are_known_by_a_tag() {
    let done = live(&bundle(&[PATIENT, &format!(
        r#"{{"resourceType":"Provenance","recorded":"2024-03-05T14:30:00Z","target":[{{"reference":"{}"}}],"agent":[{{"who":{{"display":"x"}}}}]}}"#,
        address(0)
    )]))
    .unwrap();
    let entry = &done.entries[1];
    let tag = &entry.resource.value().get("meta").unwrap().list("tag")[0];
    assert_eq!((tag.str("system"), tag.str("code")), (Some(IDENTITY_SYSTEM), Some(entry.value.as_str())));
    assert_eq!(entry.search(), format!("Provenance?_tag={IDENTITY_SYSTEM}|{}", entry.value));
    assert_eq!(done.manifest.count("Provenance.meta.tag", Treatment::Added), 1);
    assert_eq!(done.manifest.count("Patient.identifier", Treatment::Added), 1);
    assert!(entry.resource.value().list("agent")[0].get("who").is_some(), "required, so masked");
}

#[test]
fn an_identifier_has_the_same_surrogate_wherever_it_stands() {
    let done = live(&bundle(&[
        r#"{"resourceType":"Practitioner","identifier":[{"system":"npi","value":"9"}]}"#,
        r#"{"resourceType":"Encounter","status":"finished","participant":[{"individual":{"identifier":{"system":"npi","value":"9"}}}]}"#,
    ]))
    .unwrap();
    let outside = done.entries[1].resource.value().list("participant")[0].get("individual").unwrap();
    assert_eq!(outside.get("identifier").unwrap().str("value"), Some(done.entries[0].value.as_str()));
}

#[test]
fn one_patient_and_its_token_or_nothing() {
    let refusal = |bundle: &Resource, token: Option<&PatientToken>| {
        let keys = keys(1);
        let context = Context::new(&keys);
        let context = if let Some(token) = token { context.with_patient(token) } else { context };
        match deidentify(bundle, Policy::pseudonymous(), &context) {
            Err(Error::Refused { reason, .. }) => Some(reason),
            _ => None,
        }
    };
    let token = token();
    let of =
        |patient: &str| format!(r#"{{"resourceType":"Condition","subject":{{"reference":"{patient}"}}}}"#);
    assert_eq!(refusal(&bundle(&[PATIENT, PATIENT]), Some(&token)), Some(Refusal::SeveralPatients));
    assert_eq!(refusal(&bundle(&[PATIENT]), None), Some(Refusal::PatientWithoutToken));
    assert_eq!(
        refusal(&bundle(&[&of("Patient/1"), &of("Patient/2")]), Some(&token)),
        Some(Refusal::SeveralPatients)
    );
    assert_eq!(refusal(&bundle(&[&of("Patient/1"), &of("x/Patient/1")]), Some(&token)), None);
    assert_eq!(refusal(&resource(PATIENT), Some(&token)), Some(Refusal::NotABundle));
}

#[test]
fn a_resource_alone_belongs_to_the_patient_of_the_context() {
    let (keys, token) = (keys(1), token());
    let context = Context::new(&keys).with_patient(&token);
    let condition = resource(
        r#"{"resourceType":"Condition","subject":{"reference":"Patient/7","display":"x"},"asserter":{"reference":"Patient/8"}}"#,
    );
    let (entry, manifest) = deidentify_resource(&condition, Policy::pseudonymous(), &context).unwrap();
    let subject = entry.resource.value().get("subject").unwrap().get("identifier").unwrap();
    assert_eq!((subject.str("system"), subject.str("value")), (Some(TOKEN_SYSTEM), Some(token.as_str())));
    assert_eq!(entry.resource.value().get("asserter"), None);
    assert_eq!(manifest.count("Condition.subject", Treatment::Rewritten), 1);
    let unknown = deidentify_resource(
        &resource(r#"{"resourceType":"MolecularSequence"}"#),
        Policy::pseudonymous(),
        &context,
    );
    assert!(matches!(unknown, Err(Error::Refused { reason: Refusal::TypeNotInPolicy, .. })));
}
