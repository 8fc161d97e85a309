//! Who is nobody here.

use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 250, failure_persistence: None, ..ProptestConfig::default() })]

    /// Consents of another org change nothing, not even the reasons.
    #[test]
    fn invariant_11_other_orgs_have_no_say(given in generate::given(), others in generate::documents()) {
        let (case, policy) = (Case::of(&given), policy(&given));
        let others = others.iter().map(|document| parse(&Document { org: "o2", ..document.clone() }, "o2"));
        let all: Vec<Consent> = case.consents.iter().cloned().chain(others).collect();
        for form in Form::ALL {
            prop_assert_eq!(case.decide(form, &policy), evaluate(&case.request(form), &all, &policy, case.now));
        }
    }

    /// Whatever the consents say, and whatever the policy says beside the roles.
    #[test]
    fn invariant_12_nobody_passes_the_rules_of_the_roles(
        given in generate::given(), role in prop_oneof![Just("RESEARCHER"), Just("researcher"), Just("CLINICIAN"), Just("Provider")],
    ) {
        let mut given = given;
        given.said.roles = true;
        given.asked.role = Some(role);
        let (case, policy) = (Case::of(&given), policy(&given));
        for form in Form::ALL {
            let permits = case.decide(form, &policy).decision == Decision::Permit;
            let may = match role.to_uppercase().as_str() {
                "RESEARCHER" => given.asked.deidentified,
                _ => given.asked.active_encounter == Some(true),
            };
            prop_assert!(may || !permits);
        }
    }
}
