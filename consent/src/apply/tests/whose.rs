//! Whose data they are.

use super::*;

#[test]
fn nothing_of_another_patient_stays() {
    let of = |subject: &str| format!(r#"{{"resourceType":"Condition","id":"z",{}{subject}}}"#, labelled("N"));
    for (subject, expected) in [
        (r#","subject":{"reference":"Patient/pt_1/_history/3"}"#, None),
        (r#","subject":{"reference":"Patient/pt_2"}"#, Some(Withheld::OtherPatient)),
        (r#","subject":{"reference":"https://other/Patient/pt_1"}"#, Some(Withheld::OtherPatient)),
        (r#","subject":{"reference":"Patient?identifier=s|1"}"#, Some(Withheld::OtherPatient)),
        (r#","subject":{"reference":"Group/1"}"#, Some(Withheld::NoPatient)),
        (
            r#","subject":{"reference":"urn:uuid:1b671a64-40d5-491e-99b0-da01ff1f3341"}"#,
            Some(Withheld::NoPatient),
        ),
        (r#","subject":{"display":"x"}"#, Some(Withheld::NoPatient)),
        (
            r#","subject":{"type":"Patient","identifier":{"system":"s","value":"2"}}"#,
            Some(Withheld::OtherPatient),
        ),
        ("", Some(Withheld::NoPatient)),
        (
            r#","subject":{"reference":"Patient/pt_1"},"asserter":{"reference":"Patient/pt_2"}"#,
            Some(Withheld::OtherPatient),
        ),
        (
            r##","subject":{"reference":"#p"},"contained":[{"resourceType":"Patient","id":"p"}]"##,
            Some(Withheld::OtherPatient),
        ),
    ] {
        let (left, withheld) = permitted(&of(subject));
        assert_eq!(withheld.first().map(|(reason, _)| *reason), expected, "{subject}");
        assert_eq!(left.is_none(), expected.is_some());
    }
    let other = format!(r#"{{"resourceType":"Patient","id":"pt_2",{}}}"#, labelled("N"));
    assert_eq!(permitted(&other).1, [(Withheld::OtherPatient, 1)]);
    let organization = format!(r#"{{"resourceType":"Organization",{}}}"#, labelled("N"));
    assert!(permitted(&organization).0.is_some(), "it has no patient");
    assert!(permitted(&organization.replace("\"N\"", "\"R\"")).0.is_none(), "and is redacted all the same");
}

#[test]
fn the_patient_is_known_by_other_names_too() {
    let (response, policy) = (decided(PERMIT), policy());
    let filter = Filter::new(&response, &policy, &request())
        .known_as("https://ehr/Patient/7")
        .identified_by("urn:mrn", "MRN-7");
    let patient =
        r#"{"resourceType":"Patient","id":"x","identifier":[{"system":"urn:mrn","value":"MRN-7"}]}"#;
    let by_url = r#"{"resourceType":"Condition","id":"u","subject":{"reference":"https://ehr/Patient/7"}}"#;
    let by_entry = r#"{"resourceType":"Condition","id":"e","subject":{"reference":"https://ehr/Patient/x"}}"#;
    let by_number = r#"{"resourceType":"Condition","id":"n","subject":{"identifier":{"system":"urn:mrn","value":"MRN-7"}}}"#;
    assert_eq!(filtered(&filter, &bundle("", &[patient, by_url, by_entry, by_number])).1, []);
    assert_eq!(filtered(&filter, &bundle("", &[by_entry])).1, [(Withheld::OtherPatient, 1)]);
    assert!(!format!("{filter:?}").contains("MRN-7"));
}

#[test]
fn a_patient_whose_id_is_no_token_is_known_by_it() {
    const UUID: &str = "urn:uuid:1b671a64-40d5-491e-99b0-da01ff1f3341";
    let policy = policy();
    for (named, other) in
        [("Patient/pt-1", "Patient/pt_1"), ("Patient/a.b_c", "Patient/a.b-c"), (UUID, "Patient/1b671a64")]
    {
        let consent =
            Consent::parse(PERMIT.replace("Patient/pt_1", named).as_bytes(), &OrgId::new("o").unwrap());
        let consent = consent.unwrap();
        let asked = Request { patient: consent.patient().clone(), ..request() };
        let response = evaluate(&asked, &[consent], &policy, DateTime::UNIX_EPOCH);
        let filter = Filter::new(&response, &policy, &asked);
        let of = |subject: &str| condition("a", "N", "").replace("Patient/pt_1", subject);
        assert_eq!(filtered(&filter, &of(named)).1, [], "{named}");
        let reason = Withheld::OtherPatient;
        assert_eq!(filtered(&filter, &of(other)), (None, vec![(reason, 1)]), "{named}");
        assert_eq!(filtered(&filter, &of(&format!("https://other/{named}"))).0, None, "{named}");
        let id = named.strip_prefix("Patient/").unwrap_or("x");
        let patient = format!(r#"{{"resourceType":"Patient","id":"{id}",{}}}"#, labelled("N"));
        let both = bundle("", &[&patient, &of(named)]).replace("https://ehr/Patient/x", named);
        assert_eq!(filtered(&filter, &both).1, [], "{named}");
    }
}

#[test]
fn a_relative_reference_means_what_it_means_beside_its_entry() {
    let (response, policy) = (decided(PERMIT), policy());
    let filter = Filter::new(&response, &policy, &request()).known_as("https://ehr/Patient/7");
    let of = |id: &str| condition("a", "N", "").replace("Patient/pt_1", &format!("Patient/{id}"));
    let patient = |id: &str| format!(r#"{{"resourceType":"Patient","id":"{id}",{}}}"#, labelled("N"));
    for stays in [bundle("", &[&of("7")]), bundle("", &[&of("7/_history/2"), &patient("7")])] {
        assert_eq!(filtered(&filter, &stays).1, []);
    }
    let elsewhere = bundle("", &[&of("7"), &patient("7")]).replace("https://ehr/", "https://other/");
    assert_eq!(filtered(&filter, &elsewhere).1, [(Withheld::OtherPatient, 2)]);
    assert_eq!(filtered(&filter, &of("7")).0, None, "alone it names nobody who is known");
    let mine = r#"{"resourceType":"Patient","id":"x","identifier":[{"system":"s","value":"1"}]}"#;
    let filter = filter.identified_by("s", "1");
    assert_eq!(filtered(&filter, &bundle("", &[&of("x"), mine])).1, [], "by the entry that it leads to");
    assert_eq!(filtered(&filter, &bundle("", &[&of("y"), mine])).1, [(Withheld::OtherPatient, 1)]);
    let forged = bundle("", &[&patient("8")]).replace("https://ehr/Patient/8", "https://ehr/Patient/7");
    assert_eq!(filtered(&filter, &forged).1, [(Withheld::OtherPatient, 1)], "the address says so alone");
}

#[test]
fn another_patient_is_not_contained_either() {
    let inside = |id: &str| format!(r#"{{"resourceType":"Patient","id":"{id}"}}"#);
    let unnamed = condition("a", "N", &format!(r#","contained":[{}]"#, inside("p")));
    assert_eq!(permitted(&unnamed).1, [(Withheld::OtherPatient, 1)]);
    let deep = format!(r#","contained":[{{"resourceType":"Organization","contained":[{}]}}]"#, inside("p"));
    assert_eq!(permitted(&condition("a", "N", &deep)).1, [(Withheld::OtherPatient, 1)]);
}

#[test]
fn references_to_the_patient_stay_when_the_patient_goes() {
    let patient = format!(r#"{{"resourceType":"Patient","id":"pt_1",{}}}"#, labelled("R"));
    let (left, withheld) = permitted(&bundle("", &[&patient, &condition("a", "N", "")]));
    assert_eq!(withheld, [(Withheld::Redacted, 1)]);
    assert!(left.unwrap().contains(r#""subject":{"reference":"Patient/pt_1"}"#));
}

#[test]
fn an_address_of_two_patients_and_an_identifier_that_begins_alike_name_nobody() {
    let (response, policy) = (decided(PERMIT), policy());
    let filter = Filter::new(&response, &policy, &request()).identified_by("s", "1");
    let of = |subject: &str| condition("a", "N", "").replace("Patient/pt_1", subject);
    assert_eq!(filtered(&filter, &of("Patient?identifier=s|1")).1, []);
    assert_eq!(filtered(&filter, &of("Patient?identifier=s|12")).1, [(Withheld::OtherPatient, 1)]);
    let patient = |id: &str| format!(r#"{{"resourceType":"Patient","id":"{id}",{}}}"#, labelled("N"));
    let json = bundle("", &[&patient("pt_1"), &patient("pt_2"), &of("urn:x")]);
    let json = json.replace("https://ehr/Patient/pt_1", "urn:x").replace("https://ehr/Patient/pt_2", "urn:x");
    assert_eq!(filtered(&filter, &json).1, [(Withheld::OtherPatient, 2)]);
}
