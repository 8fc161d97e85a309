//! Random consents, requests and data over a small vocabulary, so that they meet.

use proptest::{collection::vec, option, prelude::*, sample::select};

use super::ast::{Asked, Datum, Document, Node};

const ACTORS: [&str; 4] = ["Practitioner/7", "Practitioner/8", "Organization/o1", "Organization/o2"];
const PURPOSES: [&str; 6] = ["TREAT", "ETREAT", "BTG", "HPAYMT", "LOCAL", "ODD"];
const LABELS: [&str; 7] = ["N", "R", "V", "PSY", "SUD", "ETHUD", "ODD"];
const CLASSES: [&str; 5] = ["LAB_RESULTS", "VITALS", "Observation", "Condition", "ODD"];
const ENCOUNTERS: [&str; 2] = ["Encounter/1", "Encounter/2"];
const AUTHORS: [&str; 2] = ["Practitioner/1", "Practitioner/2"];

/// Seldom anything, so that provisions match.
fn few<T: Clone + std::fmt::Debug + 'static>(from: &'static [T]) -> impl Strategy<Value = Vec<T>> {
    prop_oneof![4 => Just(vec![]), 1 => vec(select(from), 1..3)]
}

fn period() -> impl Strategy<Value = Option<(Option<i64>, Option<i64>)>> {
    option::weighted(0.12, (option::of(0..6_i64), option::of(2..8_i64)))
}

fn data() -> impl Strategy<Value = Vec<(&'static str, &'static str)>> {
    let one = prop_oneof![
        (select(&["instance", "related"][..]), Just("Observation/a")),
        (select(&["related", "dependents"][..]), select(&ENCOUNTERS[..])),
        (Just("authoredby"), select(&AUTHORS[..])),
    ];
    prop_oneof![5 => Just(vec![]), 1 => vec(one, 1..3)]
}

prop_compose! {
    fn leaf()(
        effect in prop_oneof![3 => Just(None), 2 => Just(Some(true)), 2 => Just(Some(false))],
        modifier in proptest::bool::weighted(0.03),
        period in period(),
        actors in few(&ACTORS),
        actions in prop_oneof![8 => Just(vec![]), 1 => vec(select(&["access", "disclose", "odd"][..]), 1..3)],
        purposes in few(&PURPOSES),
        (labels, classes) in (few(&LABELS), few(&CLASSES)),
        codes in prop_oneof![6 => Just(vec![]), 1 => vec(select(&["1-1", "2-2"][..]), 1..3)],
        data_period in option::weighted(0.12, (0..4_i64, 0..5_i64)),
        data in data(),
    ) -> Node {
        Node { effect, modifier, period, actors, actions, purposes, labels, classes, codes, data_period, data, below: vec![] }
    }
}

fn node() -> impl Strategy<Value = Node> {
    leaf().prop_recursive(3, 10, 3, |below| {
        (leaf(), vec(below, 0..3)).prop_map(|(node, below)| Node { below, ..node })
    })
}

prop_compose! {
    fn document()(
        id in 0..9_u8,
        patient in prop_oneof![9 => Just("Patient/pt_1"), 1 => Just("Patient/pt_2")],
        status in prop_oneof![9 => Just("active"), 1 => select(&["inactive", "draft", "odd"][..])],
        scope in prop_oneof![12 => Just("patient-privacy"), 1 => Just("adr")],
        is_r5 in any::<bool>(),
        base in prop_oneof![6 => Just(Some(true)), 3 => Just(Some(false)), 1 => Just(None)],
        root in node(),
    ) -> Document {
        Document { id: format!("c{id}"), patient, status, scope, is_r5, root: Node { effect: base, ..root } }
    }
}

pub(crate) fn documents() -> impl Strategy<Value = Vec<Document>> {
    vec(document(), 1..4)
}

prop_compose! {
    pub(crate) fn asked()(
        actor in select(&ACTORS[..2]),
        org in prop_oneof![6 => Just("o1"), 1 => Just("o2")],
        action in prop_oneof![5 => Just("access"), 1 => Just("disclose")],
        purpose in prop_oneof![8 => select(&PURPOSES[..3]), 2 => select(&PURPOSES[3..])],
        now in 0..8_i64,
    ) -> Asked {
        Asked { actor, org, action, purpose, now }
    }
}

prop_compose! {
    pub(crate) fn datum()(
        id in select(&["a", "b"][..]),
        classes in prop_oneof![4 => Just(vec!["LAB_RESULTS"]), 4 => Just(vec!["VITALS"]), 1 => Just(vec!["LAB_RESULTS", "VITALS"])],
        labels in prop_oneof![
            1 => Just(vec![]),
            9 => (select(&["L", "N", "R", "V"][..]), vec(select(&["PSY", "SUD", "ETHUD"][..]), 0..2))
                .prop_map(|(confidentiality, others)| others.into_iter().chain([confidentiality]).collect()),
        ],
        code in select(&["1-1", "2-2", "3-3"][..]),
        day in 0..5_i64,
        encounter in select(&ENCOUNTERS[..]),
        author in select(&AUTHORS[..]),
    ) -> Datum {
        Datum { id, classes, labels, code, day, encounter, author }
    }
}

pub(crate) fn combining() -> impl Strategy<Value = &'static str> {
    select(
        &[
            "deny-overrides",
            "deny-overrides",
            "permit-overrides",
            "ordered-deny-overrides",
            "ordered-permit-overrides",
            "deny-unless-permit",
            "permit-unless-deny",
        ][..],
    )
}
