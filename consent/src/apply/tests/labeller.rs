//! What a labeller adds.

use super::*;

#[test]
fn a_labeller_counts_and_is_not_written() {
    let (response, labeller) = (decided(PERMIT), Labeller::built_in().unwrap());
    let coded = |code: &str| {
        let coding = format!(r#"{{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"{code}"}}"#);
        format!(
            r#"{{"resourceType":"Condition","subject":{{"reference":"Patient/pt_1"}},"code":{{"coding":[{coding}]}}}}"#
        )
    };
    // Nobody says here that what bears no label is normal.
    let policy = Policy::default();
    let filter = Filter::new(&response, &policy, &request());
    assert_eq!(filtered(&filter, &coded("E11.9")).1, [(Withheld::Redacted, 1)]);
    let filter = filter.with_labeller(&labeller);
    assert_eq!(filtered(&filter, &coded("B20")).1, [(Withheld::Redacted, 1)]);
    assert_eq!(filtered(&filter, &coded("E11.9")), (Some(coded("E11.9")), vec![]));
}

#[test]
fn what_a_labeller_could_not_read_is_not_known_beside_what_it_found() {
    let denies = PERMIT.replace(r#"{"code":"R"}"#, r#"{"code":"PSY"}"#);
    let opioids = |more: &str| {
        format!(
            r#"{{"resourceType":"Condition","subject":{{"reference":"Patient/pt_1"}},
            "code":{{"coding":[{{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"F11.20"}}]}}{more}}}"#
        )
    };
    let labeller = Labeller::built_in().unwrap();
    let stays = |policy: &Policy, json: &str| {
        let consent = Consent::parse(denies.as_bytes(), &OrgId::new("o").unwrap()).unwrap();
        let response = evaluate(&request(), &[consent], policy, DateTime::UNIX_EPOCH);
        filtered(&Filter::new(&response, policy, &request()).with_labeller(&labeller), json).0.is_some()
    };
    let note = r#","note":[{"text":"as told"}]"#;
    assert!(stays(&Policy::default(), &opioids("")));
    assert!(!stays(&Policy::default(), &opioids(note)));
    assert!(stays(&policy(), &opioids(note)), "what is not labelled is normal, as the org says");
    let labelled = format!("{note},{}", labelled("R"));
    assert!(stays(&Policy::default(), &opioids(&labelled)), "somebody labelled it");
}
