//! R19 to R21: how consents combine.

use carewire_consent::{Combining, Decision, Implicit, Kind, Policy, Why};
use serde_json::{Value, json};

use crate::{decide, decide_by, gives, kind, permits, r4, simple, with};

const VITALS: &str = "VITALS";

fn about_vitals() -> Value {
    json!({"data_classes": [VITALS]})
}

#[test]
fn r19_the_six_algorithms() {
    let (permit, deny) = (simple("p", "permit", &[VITALS]), simple("d", "deny", &[VITALS]));
    let cases = [vec![], vec![permit.clone()], vec![deny.clone()], vec![permit, deny]];
    for (code, expected) in [
        ("deny-overrides", [false, true, false, false]),
        ("ordered-deny-overrides", [false, true, false, false]),
        ("permit-overrides", [false, true, false, true]),
        ("ordered-permit-overrides", [false, true, false, true]),
        ("deny-unless-permit", [false, true, false, true]),
        ("permit-unless-deny", [true, true, false, false]),
    ] {
        let policy = Policy::default().with_combining(Combining::from_code(code).unwrap());
        let permitted =
            |case: &Vec<Value>| decide_by(&policy, case, about_vitals()).decision == Decision::Permit;
        assert_eq!([0, 1, 2, 3].map(|case| permitted(&cases[case])), expected, "{code}");
    }
}

#[test]
fn r19_the_ordered_ones_go_by_time_and_stop_where_it_is_decided() {
    let given = |id: &str, effect: &str, date: &str| {
        with(r4(json!({"type": effect})), json!({"id": id, "dateTime": date}))
    };
    let all = [
        given("c", "deny", "2024"),
        given("b", "deny", "2023"),
        given("a", "permit", "2022"),
        given("d", "permit", "2025"),
    ];
    let ids = |combining| {
        let response = decide_by(&Policy::default().with_combining(combining), &all, json!({}));
        response
            .reasons
            .iter()
            .filter_map(|reason| reason.consent.as_deref().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(Combining::OrderedDenyOverrides), ["a", "b"]);
    assert_eq!(ids(Combining::OrderedPermitOverrides), ["a"]);
    assert_eq!(ids(Combining::DenyOverrides), ["a", "b", "c", "d"]);
}

#[test]
fn r19_without_a_consent_the_implicit_policy_decides() {
    assert!(gives(&decide(&[], about_vitals()), Why::ImplicitDeny, "policy.implicit"));
    let permissive = Policy::default().with_implicit(Implicit::PermitUnlessDenied);
    assert_eq!(decide_by(&permissive, &[], about_vitals()).kind, Kind::Permit);
    assert_eq!(decide_by(&permissive, &[simple("d", "deny", &[VITALS])], about_vitals()).kind, Kind::Deny);
}

#[test]
fn r20_what_was_taken_back_silences_the_implicit_policy() {
    let permissive = Policy::default().with_implicit(Implicit::PermitUnlessDenied);
    let revoked = with(simple("r", "permit", &[VITALS]), json!({"state": "REVOKED"}));
    let response = decide_by(&permissive, &[revoked.clone()], about_vitals());
    assert!(gives(&response, Why::Revoked, "policy.implicit"));
    assert_eq!(decide_by(&permissive, &[revoked], json!({"data_classes": ["SOCIAL"]})).kind, Kind::Permit);
    let over = with(r4(json!({"type": "permit", "period": {"end": "2020"}})), json!({"status": "inactive"}));
    assert_eq!(
        decide_by(&permissive, &[over], about_vitals()).kind,
        Kind::NotApplicable,
        "whenever that was"
    );
}

#[test]
fn r20_what_is_defective_silences_the_implicit_policy() {
    let backwards = with(
        simple("b", "permit", &[VITALS]),
        json!({"start": "2026-02-01T00:00:00Z", "end": "2026-01-01T00:00:00Z"}),
    );
    let below = |status: &str| {
        let permit = json!([{"type": "permit", "class": [{"code": VITALS}]}]);
        with(r4(json!({"provision": permit})), json!({"status": status}))
    };
    for policy in [
        Policy::default().with_implicit(Implicit::PermitUnlessDenied),
        Policy::default().with_combining(Combining::PermitUnlessDeny),
    ] {
        for defective in [backwards.clone(), below("no-such-status")] {
            let about =
                |class: &str| decide_by(&policy, &[defective.clone()], json!({"data_classes": [class]})).kind;
            assert_eq!((about(VITALS), about("SOCIAL")), (Kind::Indeterminate, Kind::Permit));
        }
    }
}

#[test]
fn r21_faults_are_denied_whatever_the_consents_say() {
    let all = r4(json!({"type": "permit"}));
    assert_eq!(kind(&[all.clone()], json!({"purpose": "BTG"})), Kind::Indeterminate);
    assert_eq!(
        kind(&[all.clone()], json!({"purpose": "BTG", "break_glass": {"reason": " "}})),
        Kind::Indeterminate
    );
    assert!(permits(&[all.clone()], json!({"purpose": "BTG", "break_glass": {"reason": "unconscious"}})));
    assert_eq!(kind(&[all.clone()], json!({"data_classes": [VITALS, "DREAMS"]})), Kind::Indeterminate);
    let odd = simple("c", "permit", &[VITALS]);
    let response = decide(&[odd], json!({"purpose": "UNHEARD-OF", "data_classes": [VITALS]}));
    assert_eq!(response.kind, Kind::Indeterminate);
    assert!(gives(&response, Why::UnknownPurpose, "request.purpose"));
}
