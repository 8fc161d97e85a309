//! R14 to R18: what a tree of provisions says.

use carewire_consent::{Implicit, Kind, Policy, SourceKind, Why};
use serde_json::{Value, json};

use crate::{decide, decide_by, gives, keeps, kind, labelled, permits, r4, read, simple, treat, with};

#[test]
fn r14_a_provision_without_a_type_is_the_inverse_of_the_one_above() {
    let nested =
        treat(json!([{"purpose": [{"code": "ETREAT"}], "provision": [{"purpose": [{"code": "BTG"}]}]}]));
    assert!(permits(&[nested.clone()], json!({})));
    assert!(!permits(&[nested.clone()], json!({"purpose": "ERTREAT"})));
    assert!(permits(&[nested], json!({"purpose": "BTG", "break_glass": {"reason": "unconscious"}})));
}

#[test]
fn r14_a_root_without_a_type_does_what_the_document_says_elsewhere() {
    let coded = |code: &str| with(r4(json!({})), json!({"policyRule": {"coding": [{"code": code}]}}));
    assert!(permits(&[coded("OPTIN")], json!({})));
    assert_eq!(
        kind(&[simple("c", "permit", &["VITALS"]), coded("OPTOUT")], json!({"data_classes": ["VITALS"]})),
        Kind::Deny
    );
    assert_eq!(kind(&[r4(json!({}))], json!({})), Kind::NotApplicable, "nothing is said");
    let permit = json!([{"type": "permit", "purpose": [{"code": "TREAT"}]}]);
    assert!(permits(&[r4(json!({"provision": permit}))], json!({})), "but what is below it says something");
}

#[test]
fn r14_a_root_of_another_type_is_an_exception_to_the_policy_rule() {
    let under = |code: &str, root: Value| with(r4(root), json!({"policyRule": {"coding": [{"code": code}]}}));
    let other = json!({"actor": {"reference": "Practitioner/8"}});
    let them = json!([{"reference": {"reference": "Practitioner/7"}}]);
    let not_them = under("OPTIN", json!({"type": "deny", "actor": them}));
    assert!(!permits(&[not_them.clone()], json!({})) && permits(&[not_them], other.clone()));
    let only_them = under("OPTOUT", json!({"type": "permit", "actor": them}));
    assert!(permits(&[only_them.clone()], json!({})) && !permits(&[only_them], other.clone()));
    let over = under("OPTIN", json!({"type": "deny", "actor": them, "period": {"end": "2020"}}));
    assert!(!permits(&[over], other), "its period bounds all of the consent");
}

#[test]
fn r14_a_root_of_an_opt_in_without_a_type_permits_nothing_that_may_be_excepted() {
    let opt_in = |root: Value| with(r4(root), json!({"policyRule": {"coding": [{"code": "OPTIN"}]}}));
    let other = json!({"actor": {"reference": "Practitioner/8"}});
    let them = opt_in(json!({"actor": [{"reference": {"reference": "Practitioner/7"}}]}));
    assert_eq!(kind(&[them.clone()], json!({})), Kind::Deny);
    assert_eq!(kind(&[them.clone()], other.clone()), Kind::NotApplicable);
    let implied = Policy::default().with_implicit(Implicit::PermitUnlessDenied);
    assert_eq!(decide_by(&implied, &[them.clone()], other).kind, Kind::Permit, "implied consent");
    assert_eq!(decide_by(&implied, &[them], json!({})).kind, Kind::Deny);

    let medication =
        json!({"class": [{"system": "http://hl7.org/fhir/resource-types", "code": "MedicationRequest"}]});
    let app = opt_in(
        json!({"period": {"end": "2030"}, "provision": [with(medication, json!({"type": "permit"}))]}),
    );
    assert!(keeps(&[app.clone()], &json!({"resourceType": "MedicationRequest"})));
    assert!(!keeps(&[app], &labelled(&["N"])));
    let unclear =
        opt_in(json!({"purpose": [{"code": "TREAT"}], "provision": [{"purpose": [{"code": "ETREAT"}]}]}));
    assert_eq!(kind(&[unclear], json!({"purpose": "ETREAT"})), Kind::Deny);
    let whole = opt_in(
        json!({"period": {"end": "2030"}, "provision": [{"type": "deny", "securityLabel": [{"code": "R"}]}]}),
    );
    assert!(keeps(&[whole.clone()], &labelled(&["N"])) && !keeps(&[whole], &labelled(&["R"])));
}

#[test]
fn r14_r5_states_the_decision_and_its_exceptions() {
    let r5 = |decision: &str, provisions: Value| {
        json!({"resourceType": "Consent", "id": "c1", "status": "active", "subject": {"reference": "Patient/pt_1"},
            "decision": decision, "provision": provisions})
    };
    let opt_out = r5(
        "deny",
        json!([{"purpose": [{"code": "TREAT"}], "provision": [{"securityLabel": [{"code": "R"}]}]}]),
    );
    assert_eq!(read(&[opt_out.clone()])[0].kind(), SourceKind::FhirR5);
    assert!(keeps(&[opt_out.clone()], &labelled(&["N"])) && !keeps(&[opt_out.clone()], &labelled(&["R"])));
    assert!(!permits(&[opt_out], json!({"purpose": "HPAYMT"})));
    let opt_in = r5("permit", json!([{"actor": [{"reference": {"reference": "Practitioner/8"}}]}]));
    assert!(permits(&[opt_in.clone()], json!({})));
    let refused = decide(&[opt_in], json!({"actor": {"reference": "Practitioner/8"}}));
    assert!(gives(&refused, Why::Matches, "Consent.provision[0]"));
}

#[test]
fn r15_the_deepest_that_matches_decides_and_among_siblings_a_denial() {
    let deny_unless_normal =
        treat(json!([{"type": "deny", "provision": [{"type": "permit", "securityLabel": [{"code": "N"}]}]}]));
    assert!(
        keeps(&[deny_unless_normal.clone()], &labelled(&["N"]))
            && !keeps(&[deny_unless_normal], &labelled(&["R"]))
    );
    let siblings = r4(json!({"type": "deny", "provision": [
        {"type": "permit", "securityLabel": [{"code": "R"}]}, {"type": "deny", "securityLabel": [{"code": "PSY"}]}]}));
    assert!(keeps(&[siblings.clone()], &labelled(&["R"])) && !keeps(&[siblings], &labelled(&["R", "PSY"])));
}

#[test]
fn r16_an_exception_gives_nothing_outside_of_what_is_above_it() {
    let payment = treat(json!([{"type": "permit", "purpose": [{"code": "HPAYMT"}]}]));
    assert!(!permits(&[payment], json!({"purpose": "HPAYMT"})));
    let nested = r4(json!({"type": "deny", "securityLabel": [{"code": "PSY"}], "provision": [
        {"type": "permit", "securityLabel": [{"code": "HIV"}]}]}));
    let all = with(simple("all", "permit", &["LAB_RESULTS"]), json!({"id": "all"}));
    assert!(
        !keeps(&[nested.clone()], &labelled(&["N", "HIV"])),
        "outside of what is denied, nothing is said"
    );
    assert!(keeps(&[all.clone(), nested.clone()], &labelled(&["N", "HIV"])));
    assert!(!keeps(&[all, nested], &labelled(&["N", "PSY"])));
}

#[test]
fn r17_what_the_root_of_a_permit_does_not_name_is_not_permitted_but_by_its_exceptions() {
    let normal = json!({"type": "permit", "securityLabel": [{"code": "N"}], "provision": [
        {"type": "permit", "securityLabel": [{"code": "PSY"}]}]});
    assert!(
        keeps(&[r4(normal.clone())], &labelled(&["N"]))
            && keeps(&[r4(normal.clone())], &labelled(&["R", "PSY"]))
    );
    assert!(!keeps(&[r4(normal.clone())], &labelled(&["R", "HIV"])));
    let permissive = Policy::default().with_implicit(Implicit::PermitUnlessDenied);
    let response = decide_by(&permissive, &[r4(normal)], json!({"resource": labelled(&["R"])}));
    assert_eq!(response.kind, Kind::NotApplicable);
    assert!(gives(&response, Why::NotNamed, "policy.implicit"));
}

#[test]
fn r18_what_is_not_understood_denies_what_it_may_be_about() {
    let modified =
        json!({"type": "permit", "purpose": [{"code": "ETREAT"}], "modifierExtension": [{"url": "urn:x"}]});
    for odd in [
        modified,
        json!({"type": "perhaps"}),
        json!({"type": "permit", "unless": {"code": "x"}}),
        json!({"type": "permit", "expression": {"language": "text/fhirpath"}}),
    ] {
        let consent = treat(json!([odd]));
        assert_eq!(kind(&[consent.clone()], json!({})), Kind::Indeterminate, "{odd}");
        assert_eq!(kind(&[consent], json!({"purpose": "HPAYMT"})), Kind::NotApplicable, "{odd}");
    }
    let all = simple("all", "permit", &["VITALS"]);
    for member in ["modifierExtension", "implicitRules", "unless"] {
        let odd = with(treat(json!([])), json!({member: "urn:x"}));
        let response = decide(&[all.clone(), odd], json!({"data_classes": ["VITALS"]}));
        assert_eq!(response.kind, Kind::Indeterminate, "{member}");
    }
    let absent = with(r4(json!({"_type": {"extension": []}})), json!({}));
    assert_eq!(kind(&[absent], json!({})), Kind::Indeterminate, "a type that is there without a value");
}
