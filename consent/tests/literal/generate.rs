//! Random consents, requests and data over a small vocabulary, so that they meet.

use proptest::{collection::vec, option, prelude::*, sample::select};

use super::ast::{Asked, BrokenGlass, Datum, Document, Given, Kind, Node, Said};

const NPI: &str = "urn:npi|7";
const URL: &str = "https://elsewhere.example/Practitioner/7";
const ACTORS: [&str; 12] = [
    "Practitioner/7",
    "Practitioner/8",
    "Organization/o1",
    "Organization/o2",
    "Organization/o2",
    "Practitioner/7",
    NPI,
    URL,
    "role:CLINICIAN",
    "role:NURSE",
    "custodian:o1",
    "custodian:o2",
];
const PURPOSES: [&str; 8] = ["TREAT", "ETREAT", "BTG", "HRESCH", "BIORCH", "HPAYMT", "LOCAL", "ODD"];
const ROLES: [&str; 10] = [
    "ADMIN",
    "CLINICIAN",
    "clinician",
    "PROVIDER",
    "PATIENT",
    "RESEARCHER",
    "AUDITOR",
    "SYSTEM",
    "NURSE",
    "CLINICIAN",
];
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
        actions in prop_oneof![8 => Just(vec![]), 1 => vec(select(&["access", "disclose", "collect", "odd"][..]), 1..3)],
        purposes in few(&PURPOSES),
        (labels, classes) in (few(&LABELS), few(&CLASSES)),
        codes in prop_oneof![6 => Just(vec![]), 1 => vec(select(&["1-1", "2-2"][..]), 1..3)],
        data_period in option::weighted(0.12, (0..4_i64, 0..5_i64)),
        data in data(),
        authors in prop_oneof![14 => Just(vec![]), 1 => vec(select(&AUTHORS[..]), 1..2)],
    ) -> Node {
        let below = vec![];
        Node { effect, modifier, period, actors, actions, purposes, labels, classes, codes, data_period, data, authors, below }
    }
}

fn node() -> impl Strategy<Value = Node> {
    leaf().prop_recursive(3, 10, 3, |below| {
        (leaf(), vec(below, 0..3)).prop_map(|(node, below)| Node { below, ..node })
    })
}

fn kind() -> impl Strategy<Value = Kind> {
    prop_oneof![5 => Just(Kind::R4), 5 => Just(Kind::R5), 2 => Just(Kind::Simple), 2 => Just(Kind::Artefact)]
}

prop_compose! {
    fn document()(
        id in 0..9_u8,
        org in prop_oneof![15 => Just("o1"), 1 => Just("o2")],
        patient in prop_oneof![9 => Just("Patient/pt_1"), 1 => Just("Patient/pt_2")],
        status in prop_oneof![9 => Just("active"), 1 => select(&["inactive", "draft", "odd"][..])],
        scope in prop_oneof![12 => Just("patient-privacy"), 1 => Just("adr"), 1 => Just("research")],
        kind in kind(),
        base in prop_oneof![6 => Just(Some(true)), 3 => Just(Some(false)), 1 => Just(None)],
        grantees in prop_oneof![6 => Just(vec![]), 1 => vec(select(&ACTORS[..8]), 1..3)],
        erase_at in option::weighted(0.5, 2..8_i64),
        max_uses in any::<bool>(),
        root in node(),
    ) -> Document {
        // The simple form knows no status that is not known, and the forms of one rule say what they say.
        let root = if matches!(kind, Kind::Simple | Kind::Artefact) { Node { below: vec![], modifier: false, ..root } } else { root };
        let status = if kind == Kind::Simple && status == "odd" { "expired" } else { status };
        Document {
            id: format!("c{id}"), org, patient, status, scope, kind, root: Node { effect: base, ..root }, grantees, erase_at,
            max_uses,
        }
    }
}

pub(crate) fn documents() -> impl Strategy<Value = Vec<Document>> {
    vec(document(), 1..4)
}

prop_compose! {
    fn glass()(
        has_reason in proptest::bool::weighted(0.9),
        // With one minute: long ago, a moment ago, soon.
        start in option::of(prop_oneof![1 => -60..-50_i64, 2 => -50..0_i64, 1 => 0..8_i64]),
        until in option::weighted(0.3, 0..10_i64),
    ) -> BrokenGlass {
        BrokenGlass { has_reason, start, until }
    }
}

prop_compose! {
    pub(crate) fn asked()(
        actor in prop_oneof![8 => select(&ACTORS[..2]), 1 => Just("Patient/pt_1"), 1 => Just("Patient/pt_2")],
        aliases in prop_oneof![4 => Just(vec![]), 1 => vec(select(&[NPI, URL, "Patient/pt_1", "Practitioner/8"][..]), 1..3)],
        org in prop_oneof![6 => Just("o1"), 1 => Just("o2")],
        role in option::weighted(0.4, select(&ROLES[..])),
        action in prop_oneof![8 => Just("access"), 2 => Just("disclose"), 1 => Just("collect")],
        purpose in prop_oneof![10 => select(&PURPOSES[..3]), 2 => select(&PURPOSES[3..])],
        active_encounter in prop_oneof![3 => Just(Some(true)), 1 => Just(Some(false)), 1 => Just(None)],
        deidentified in proptest::bool::weighted(0.6),
        glass in option::weighted(0.9, glass()),
        now in 0..8_i64,
    ) -> Asked {
        // A researcher and a system seldom ask for what they may not.
        let purpose = if role == Some("RESEARCHER") && now % 4 != 0 { ["HRESCH", "BIORCH"][usize::from(now % 3 == 0)] } else { purpose };
        let action = if role == Some("SYSTEM") && now % 4 != 0 { "disclose" } else { action };
        Asked { actor, aliases, org, role, action, purpose, active_encounter, deidentified, glass, now }
    }
}

fn labels() -> impl Strategy<Value = Vec<&'static str>> {
    let sensitivities = || vec(select(&["PSY", "SUD", "ETHUD"][..]), 0..2);
    prop_oneof![
        1 => Just(vec![]),
        1 => sensitivities(),
        9 => (select(&["L", "N", "R", "V"][..]), sensitivities())
            .prop_map(|(confidentiality, others)| others.into_iter().chain([confidentiality]).collect()),
    ]
}

prop_compose! {
    pub(crate) fn datum()(
        kind in prop_oneof![9 => Just("Observation"), 1 => Just("AuditEvent")],
        id in select(&["a", "b"][..]),
        classes in prop_oneof![
            12 => Just(vec!["LAB_RESULTS"]), 12 => Just(vec!["VITALS"]), 4 => Just(vec!["LAB_RESULTS", "VITALS"]),
            1 => Just(vec!["UNCLASSIFIED"]), 1 => Just(vec!["VITALS", "UNCLASSIFIED"]),
        ],
        labels in labels(),
        code in select(&["1-1", "2-2", "3-3"][..]),
        day in 0..5_i64,
        encounter in select(&ENCOUNTERS[..]),
        author in select(&AUTHORS[..]),
    ) -> Datum {
        Datum { kind, id, classes, labels, code, day, encounter, author }
    }
}

/// Other data of the same classes, of which a request that tells no more could be about any.
pub(crate) fn others(datum: &Datum) -> Vec<Datum> {
    let mut all = Vec::new();
    for labels in [vec![], vec!["L"], vec!["N", "PSY"], vec!["R", "ETHUD"], vec!["V"]] {
        for (code, day) in [("1-1", 0), ("2-2", 1), ("3-3", 2), ("1-1", 3), ("2-2", 4)] {
            for (id, kind, place) in [("a", "Observation", 0), ("b", "AuditEvent", 1)] {
                let (encounter, author) = (ENCOUNTERS[place], AUTHORS[1 - place]);
                all.push(Datum {
                    kind,
                    id,
                    labels: labels.clone(),
                    code,
                    day,
                    encounter,
                    author,
                    ..datum.clone()
                });
            }
        }
    }
    all
}

const COMBINING: [&str; 8] = [
    "deny-overrides",
    "deny-overrides",
    "deny-overrides",
    "permit-overrides",
    "ordered-deny-overrides",
    "ordered-permit-overrides",
    "deny-unless-permit",
    "permit-unless-deny",
];

prop_compose! {
    pub(crate) fn said()(
        combining in select(&COMBINING[..]),
        implicit in proptest::bool::weighted(0.2),
        normal in proptest::bool::weighted(0.3),
        all_or_nothing in proptest::bool::weighted(0.15),
        roles in proptest::bool::weighted(0.8),
        glass in any::<bool>(),
        minutes in option::weighted(0.7, Just(1)),
        apply_policy in proptest::bool::weighted(0.2),
    ) -> Said {
        Said { combining, implicit, normal, all_or_nothing, roles, glass, minutes, apply_policy }
    }
}

prop_compose! {
    pub(crate) fn given()(
        documents in documents(), asked in asked(), datum in datum(), said in said(),
        declared in prop_oneof![
            1 => proptest::sample::subsequence(vec!["apply_policy", "erase_by", "max_uses"], 0..=3),
            1 => Just(vec!["apply_policy", "erase_by", "max_uses"]),
        ],
    ) -> Given {
        // Every use is audited.
        let declared = declared.into_iter().chain(["audit"]).collect();
        Given { documents, asked, datum, said, declared }
    }
}
