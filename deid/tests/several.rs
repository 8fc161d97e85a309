//! Bundles about several patients: each under its own token, and nothing of one under another's.

#[cfg(test)]
mod support;

use std::collections::BTreeMap;

use carewire_deid::{
    Context, Deidentified, DeidentifiedEntry, Error, Policy, Refusal, TOKEN_SYSTEM, Treatment, deidentify,
};
use carewire_fhir_core::{PatientToken, Resource, canonical_json};
use proptest::prelude::*;
use support::{address, bundle, everything, found, keys, token_of as token};

const SURVIVOR: &str = "pt_survivorsurvivorsurvivor";
const REPLACED: &str = "pt_replacedreplacedreplaced";

/// The patients stand at the first two addresses.
fn tokens() -> BTreeMap<String, PatientToken> {
    [SURVIVOR, REPLACED].iter().enumerate().map(|(at, text)| (address(at), token(text))).collect()
}

fn both(bundle: &Resource) -> Result<Deidentified, Error> {
    let keys = keys(1);
    deidentify(bundle, Policy::pseudonymous(), &Context::new(&keys).with_patients(&tokens()))
}

fn refusal(bundle: &Resource) -> Option<Refusal> {
    match both(bundle) {
        Err(Error::Refused { reason, path }) => {
            assert!(path.starts_with("entry["), "{path}");
            Some(reason)
        }
        _ => None,
    }
}

fn link(to: usize, kind: &str) -> String {
    format!(r#"{{"other":{{"reference":"{}","display":"her"}},"type":"{kind}"}}"#, address(to))
}

/// What a person is called, and a number: of the record, of the visit.
struct Person<'a> {
    name: &'a str,
    number: &'a str,
    value: u32,
}

impl Person<'_> {
    fn patient(&self, link: &str, active: &str) -> String {
        let Self { name, number, .. } = self;
        format!(
            r#"{{"resourceType":"Patient","identifier":[{{"system":"urn:mrn","value":"M{number}"}}],"name":[{{"family":"{name}"}}],
            "birthDate":"1970-01-01"{active},"link":[{link}]}}"#
        )
    }

    fn visit(&self, patient: usize) -> String {
        let Self { name, number, .. } = self;
        format!(
            r#"{{"resourceType":"Encounter","identifier":[{{"system":"urn:visit","value":"V{number}"}}],"status":"finished",
            "class":{{"code":"{name}"}},"subject":{{"reference":"{}","display":"{name}"}},"location":[{{"location":{{"reference":"{}"}}}}]}}"#,
            address(patient),
            address(6)
        )
    }

    fn result(&self, visit: usize) -> String {
        let Self { name, number, value } = self;
        format!(
            r#"{{"resourceType":"Observation","identifier":[{{"system":"urn:obs","value":"O{number}"}}],"status":"final",
            "code":{{"coding":[{{"system":"http://loinc.org","code":"718-7","display":"{name}"}}]}},"encounter":{{"reference":"{}"}},
            "valueQuantity":{{"value":{value}}},"note":[{{"text":"{name} {number}"}}]}}"#,
            address(visit)
        )
    }
}

/// A merge with a visit and a result of each, and a ward where both were.
fn merge(survivor: &Person<'_>, replaced: &Person<'_>) -> Resource {
    bundle(&[
        &survivor.patient(&link(1, "replaces"), ""),
        &replaced.patient(&link(0, "replaced-by"), r#","active":false"#),
        &survivor.visit(0),
        &replaced.visit(1),
        &survivor.result(2),
        &replaced.result(3),
        r#"{"resourceType":"Location","identifier":[{"system":"urn:ward","value":"W1"}],"status":"active"}"#,
    ])
}

const ADA: Person<'static> = Person { name: "Lovelace", number: "7000100017", value: 13 };
const MAY: Person<'static> = Person { name: "Milbanke", number: "6000200026", value: 11 };

fn of<'d>(done: &'d Deidentified, owner: Option<&str>) -> Vec<&'d DeidentifiedEntry> {
    done.entries.iter().filter(|entry| entry.patient.as_ref().map(PatientToken::as_str) == owner).collect()
}

#[test]
fn each_has_a_token_and_the_links_lead_to_the_other_token() {
    let done = both(&merge(&ADA, &MAY)).unwrap();
    let owners: Vec<_> =
        done.entries.iter().map(|entry| entry.patient.as_ref().map(PatientToken::as_str)).collect();
    let (a, b) = (Some(SURVIVOR), Some(REPLACED));
    assert_eq!(owners, [a, b, a, b, a, b, None]);
    for (at, own, other, kind) in
        [(0, SURVIVOR, REPLACED, "replaces"), (1, REPLACED, SURVIVOR, "replaced-by")]
    {
        let entry = &done.entries[at];
        assert_eq!((entry.system.as_str(), entry.value.as_str()), (TOKEN_SYSTEM, own));
        assert_eq!(entry.linked, [token(other)]);
        let [link] = entry.resource.value().list("link") else { panic!("one link") };
        assert_eq!(link.str("type"), Some(kind));
        let expected = format!(
            r#"{{"reference":"{}","identifier":{{"system":"{TOKEN_SYSTEM}","value":"{other}"}}}}"#,
            done.entries[1 - at].full_url
        );
        assert_eq!(link.get("other").unwrap().to_json(), expected);
    }
    assert_eq!(done.entries[1].resource.value().get("active").unwrap().as_bool(), Some(false));
    assert_eq!(done.manifest.count("Patient.link.other", Treatment::Rewritten), 2);
}

#[test]
fn no_identifier_of_either_comes_out() {
    let sentinels: Vec<String> =
        [&ADA, &MAY].iter().flat_map(|person| [person.name.to_owned(), person.number.to_owned()]).collect();
    let input = merge(&ADA, &MAY);
    assert_eq!(found(&sentinels, &input.to_json()).len(), 4, "the search finds what is there");
    assert_eq!(found(&sentinels, &everything(&both(&input).unwrap())), Vec::<&str>::new());
}

#[test]
fn a_token_stands_with_its_patient_and_in_the_link_alone() {
    let done = both(&merge(&ADA, &MAY)).unwrap();
    for entry in &done.entries {
        let named = |token: &str| entry.resource.to_json().contains(token);
        let expected = entry.resource_type == "Patient";
        assert_eq!((named(SURVIVOR), named(REPLACED)), (expected, expected), "{}", entry.resource_type);
    }
    // A token that a sender puts into a resource of the other patient is an identifier like any.
    let forged = ADA.visit(0).replace("urn:visit", TOKEN_SYSTEM).replace("V7000100017", REPLACED);
    let input = bundle(&[&ADA.patient("", ""), &MAY.patient("", ""), &forged]);
    let visit = &both(&input).unwrap().entries[2];
    assert_eq!(visit.patient, Some(token(SURVIVOR)));
    assert!(!visit.resource.to_json().contains(REPLACED));
}

#[test]
fn what_speaks_of_two_is_refused() {
    let (a, b) = (ADA.patient("", ""), MAY.patient("", ""));
    let with = |third: &str| refusal(&bundle(&[&a, &b, third, &MAY.visit(1)]));
    let condition = |more: &str| {
        format!(r#"{{"resourceType":"Condition","subject":{{"reference":"{}"}}{more}}}"#, address(0))
    };
    assert_eq!(with(&condition("")), None);
    let refused = Some(Refusal::OfSeveralPatients);
    // By a reference, through another resource, by identifier, in something contained, in what the policy drops.
    assert_eq!(with(&condition(&format!(r#","asserter":{{"reference":"{}"}}"#, address(1)))), refused);
    assert_eq!(with(&condition(&format!(r#","encounter":{{"reference":"{}"}}"#, address(3)))), refused);
    let identifier = r#"{"identifier":{"system":"urn:mrn","value":"M6000200026"}}"#;
    assert_eq!(with(&condition(&format!(r#","asserter":{identifier}"#))), refused);
    assert_eq!(
        with(&condition(r#","asserter":{"reference":"Patient?identifier=urn:mrn%7CM6000200026"}"#)),
        refused
    );
    let related =
        format!(r#"{{"resourceType":"RelatedPerson","id":"r","patient":{{"reference":"{}"}}}}"#, address(1));
    assert_eq!(with(&condition(&format!(r#","contained":[{related}]"#))), refused);
    let unknown =
        format!(r#","extension":[{{"url":"urn:x","valueReference":{{"reference":"{}"}}}}]"#, address(1));
    assert_eq!(with(&condition(&unknown)), refused);
    // A Patient may name another one as a link, and in no other way.
    let of_patient = |more: &str| refusal(&bundle(&[&a.replace(r#","link":[]"#, more), &b, &MAY.visit(1)]));
    assert_eq!(of_patient(&format!(r#","link":[{}]"#, link(1, "seealso"))), None);
    assert_eq!(of_patient(&format!(r#","link":[{}]"#, link(2, "seealso"))), refused);
    assert_eq!(of_patient(&format!(r#","generalPractitioner":[{{"reference":"{}"}}]"#, address(1))), refused);
}

#[test]
fn each_patient_has_a_token_of_its_own_or_nothing_comes_out() {
    let input = merge(&ADA, &MAY);
    let keys = keys(1);
    let with = |tokens: &BTreeMap<String, PatientToken>| match deidentify(
        &input,
        Policy::pseudonymous(),
        &Context::new(&keys).with_patients(tokens),
    ) {
        Err(Error::Refused { reason, .. }) => reason,
        other => panic!("{other:?}"),
    };
    let mut one = tokens();
    one.remove(&address(1));
    assert_eq!(with(&one), Refusal::PatientWithoutToken);
    let twice = [0, 1].map(|at| (address(at), token(SURVIVOR)));
    assert_eq!(with(&twice.into()), Refusal::SeveralPatients);
}

#[test]
fn a_link_that_leads_nowhere_goes_as_a_whole() {
    let outside = r#"{"other":{"reference":"Patient/99","identifier":{"system":"urn:mrn","value":"M9"}},"type":"refer"}"#;
    let done = both(&bundle(&[&ADA.patient(outside, ""), &MAY.patient("", "")])).unwrap();
    assert_eq!(done.entries[0].resource.value().get("link"), None);
    assert!(done.entries[0].linked.is_empty());
    assert_eq!(done.manifest.count("Patient.link", Treatment::Dropped), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is said of one patient, nothing under the other's token is different.
    #[test]
    fn what_is_said_of_one_leaves_no_trace_under_the_other(
        names in ["[A-Z][a-z]{3,9}", "[A-Z][a-z]{3,9}"], numbers in ["[0-9]{4,9}", "[0-9]{4,9}"], values in [1u32..99, 1u32..99],
    ) {
        prop_assume!(numbers[0] != numbers[1] && !numbers.contains(&MAY.number.to_owned()));
        let person = |at: usize| Person { name: &names[at], number: &numbers[at], value: values[at] };
        let one = both(&merge(&person(0), &MAY)).unwrap();
        let other = both(&merge(&person(1), &MAY)).unwrap();
        prop_assert_eq!(of(&one, Some(REPLACED)), of(&other, Some(REPLACED)));
        prop_assert_ne!(of(&one, Some(SURVIVOR)), of(&other, Some(SURVIVOR)));
        // And the other way round, by who they are in the merge.
        let one = both(&merge(&MAY, &person(0))).unwrap();
        let other = both(&merge(&MAY, &person(1))).unwrap();
        prop_assert_eq!(of(&one, Some(SURVIVOR)), of(&other, Some(SURVIVOR)));
    }

    #[test]
    fn twice_is_once(name in "[A-Z][a-z]{3,9}", number in "[0-9]{4,9}") {
        let person = Person { name: &name, number: &number, value: 5 };
        let once = both(&merge(&person, &MAY)).unwrap();
        let again: BTreeMap<_, _> = once.entries.iter().take(2)
            .map(|entry| (entry.full_url.clone(), token(&entry.value))).collect();
        let keys = keys(1);
        let twice = deidentify(&once.bundle, Policy::pseudonymous(), &Context::new(&keys).with_patients(&again)).unwrap();
        prop_assert_eq!(canonical_json(&once.bundle), canonical_json(&twice.bundle));
    }
}
