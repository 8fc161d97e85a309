//! Random consents and requests over a small vocabulary, so that they meet.

use chrono::DateTime;
use proptest::{collection::vec, option, prelude::*, sample::select};

use crate::{Actor, Asked, Coding, Concept, Document, Effect, Period, Provision, ResourceType};

const ACTORS: [&str; 4] = ["Practitioner/7", "Practitioner/8", "CareTeam/1", "Organization/o"];
const PURPOSES: [&str; 6] = ["TREAT", "ETREAT", "ERTREAT", "HPAYMT", "CLMATTCH", "ODD"];
const LABELS: [&str; 7] = ["L", "N", "R", "PSY", "SUD", "ETHUD", "ODD"];
const CLASSES: [&str; 4] = ["LAB_RESULTS", "VITALS", "BILLING", "ODD"];
const ACTIONS: [&str; 3] = ["access", "disclose", "odd"];

/// Seldom anything, so that provisions match.
fn few(from: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    prop_oneof![4 => Just(vec![]), 1 => vec(select(from), 1..3)]
}

fn effect() -> impl Strategy<Value = Effect> {
    select(&[Effect::Permit, Effect::Deny][..])
}

fn period() -> impl Strategy<Value = Option<Period>> {
    let second = |at: i64| format!("1970-01-01T00:00:{at:02}Z");
    let bounds = (option::of(0..6_i64), option::of(2..8_i64));
    let period =
        bounds.prop_map(move |(start, end)| Period { start: start.map(second), end: end.map(second) });
    let days = Just(Period { start: Some("1970-01-01".into()), end: Some("1970-01-01".into()) });
    option::weighted(0.15, prop_oneof![6 => period, 1 => days])
}

fn codings(codes: Vec<&str>) -> Vec<Coding> {
    codes.into_iter().map(Coding::from).collect()
}

prop_compose! {
    fn leaf()(
        effect in option::of(effect()), period in period(), actors in few(&ACTORS), actions in few(&ACTIONS),
        purposes in few(&PURPOSES), labels in few(&LABELS), classes in few(&CLASSES),
    ) -> Provision {
        Provision {
            effect, period,
            actor: actors.into_iter().map(|name| Actor { reference: name.into() }).collect(),
            action: actions.into_iter().map(|code| Concept { coding: codings(vec![code]) }).collect(),
            purpose: codings(purposes), security_label: codings(labels), class: codings(classes),
            provision: vec![],
        }
    }
}

/// Up to three levels below a root.
fn node() -> impl Strategy<Value = Provision> {
    leaf().prop_recursive(3, 10, 3, |below| {
        (leaf(), vec(below, 0..3)).prop_map(|(node, provision)| Provision { provision, ..node })
    })
}

prop_compose! {
    fn document()(
        id in 0..9_u8,
        patient in prop_oneof![9 => Just("Patient/pt_1"), 1 => Just("Patient/pt_2")],
        status in prop_oneof![9 => Just("active"), 1 => select(&["inactive", "draft", "odd"][..])],
        base in prop_oneof![3 => Just(Effect::Permit), 1 => Just(Effect::Deny)],
        root in node(),
    ) -> Document {
        Document {
            resource_type: ResourceType::Consent, id: format!("c{id}"), status: status.into(), patient: patient.into(),
            date_time: None, provision: Provision { effect: Some(base), ..root },
        }
    }
}

/// Some consents, most of them of one patient.
pub fn documents() -> impl Strategy<Value = Vec<Document>> {
    vec(document(), 1..4)
}

prop_compose! {
    /// A request about that patient, which says all of the data.
    pub fn asked()(
        actor in select(&ACTORS[..2]),
        aliases in prop_oneof![3 => Just(vec![]), 1 => Just(vec!["CareTeam/1".to_owned()])],
        action in prop_oneof![4 => Just("access"), 1 => Just("disclose")],
        purpose in select(&PURPOSES[..5]),
        classes in prop_oneof![5 => vec(select(&CLASSES[..3]), 1), 1 => Just(vec!["LAB_RESULTS", "VITALS"])],
        confidentiality in select(&["L", "N", "R", "V"][..]),
        sensitivities in vec(select(&["PSY", "SUD", "ETHUD"][..]), 0..2),
        second in 0..8_i64,
    ) -> Asked {
        let asked = Asked::new(actor, "Patient/pt_1", purpose, "VITALS");
        Asked {
            aliases, action: action.into(), classes: classes.into_iter().map(str::to_owned).collect(),
            now: DateTime::from_timestamp(second, 0).unwrap_or_default(), ..asked
        }.labelled(&[sensitivities, vec![confidentiality]].concat())
    }
}
