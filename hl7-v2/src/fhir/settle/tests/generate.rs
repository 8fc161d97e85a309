//! Made messages: each valid by itself, with times that coincide and hashes that do not.

use carewire_fhir_core::{Resource, Value};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::Message;
use crate::fhir::{Absence, Change, Null, SettlePolicy};

/// Members of one resource; null ones are left out.
type Members = Vec<(&'static str, Value)>;

pub(super) fn policies() -> impl Strategy<Value = SettlePolicy> {
    let absence = select(vec![Absence::Keep, Absence::Snapshot]);
    let null = select(vec![Null::Clear, Null::Ignore]);
    (absence, null).prop_map(|(absence, null)| SettlePolicy::default().with_absence(absence).with_null(null))
}

/// Three to six messages about one resource, and an order in which they come, with repetitions.
pub(super) fn histories() -> impl Strategy<Value = (Vec<Message>, Vec<usize>)> {
    select(TYPES.to_vec()).prop_flat_map(|kind| histories_of(kind, 0))
}

/// The same, of one kind and variant.
pub(super) fn histories_of(
    kind: &'static Kind,
    variant: u8,
) -> impl Strategy<Value = (Vec<Message>, Vec<usize>)> {
    proptest::collection::vec((kind.messages)(variant), 3..=6).prop_flat_map(|said| {
        let messages: Vec<Message> =
            said.into_iter().enumerate().map(|(n, message)| message.hashed(n)).collect();
        let count = messages.len();
        let order = proptest::collection::vec(0..count, 0..4)
            .prop_flat_map(move |again| Just((0..count).chain(again).collect::<Vec<_>>()).prop_shuffle());
        (Just(messages), order)
    })
}

impl Message {
    /// Two messages never share a hash. The order of the hashes is not that of the messages.
    fn hashed(mut self, n: usize) -> Self {
        self.change.tie = format!("{:04x}", (n * 40_503) % 65_536);
        self
    }
}

/// A type of resource, as messages speak of it.
pub(super) struct Kind {
    messages: fn(u8) -> BoxedStrategy<Message>,
}

impl std::fmt::Debug for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Kind")
    }
}

pub(super) static PATIENT: Kind = Kind { messages: patient };
pub(super) static OBSERVATION: Kind = Kind { messages: observation };
pub(super) static ENCOUNTER: Kind = Kind { messages: encounter };

pub(super) static TYPES: [&Kind; 8] = [
    &PATIENT,
    &OBSERVATION,
    &ENCOUNTER,
    &Kind { messages: report },
    &Kind { messages: condition },
    &Kind { messages: allergy },
    &Kind { messages: appointment },
    &Kind { messages: order },
];

/// A message of the members, and what it nulls.
fn message(
    resource_type: &'static str,
    members: impl Strategy<Value = Members> + 'static,
    optional: &'static [&'static str],
    owned: &'static [&'static str],
) -> BoxedStrategy<Message> {
    let cleared = subsequence(optional, 0..=optional.len().min(2));
    (members, cleared, 0..4u8)
        .prop_map(move |(members, cleared, minute)| {
            let value = Value::object().with("resourceType", resource_type);
            let said = members.into_iter().filter(|(_, value)| !value.is_null());
            let value = said.fold(value, |value, (name, member)| value.with(name, member));
            let cleared = cleared.into_iter().filter(|name| value.get(name).is_none());
            let change = Change::default()
                .with_time(format!("2026-03-01T08:3{minute}:00Z"))
                .with_cleared(cleared)
                .with_owned(owned);
            Message { resource: Resource::from_value(value).unwrap(), change }
        })
        .boxed()
}

fn json(text: &str) -> Value {
    Value::parse(text.as_bytes()).unwrap()
}

/// One of these, or nothing.
fn perhaps(texts: &'static [&'static str]) -> impl Strategy<Value = Value> {
    proptest::option::of(select(texts)).prop_map(|text| text.map_or_else(Value::null, json))
}

fn one(texts: &'static [&'static str]) -> impl Strategy<Value = Value> {
    select(texts).prop_map(json)
}

/// Some of these, as a list.
fn some(texts: &'static [&'static str]) -> impl Strategy<Value = Value> {
    subsequence(texts, 0..=texts.len()).prop_shuffle().prop_map(|texts| {
        texts.into_iter().fold(Value::null(), |mut list, text| {
            list.push(json(text));
            list
        })
    })
}

const IDENTIFIERS: &[&str] = &[
    r#"{"system":"urn:s:mr","value":"1"}"#,
    r#"{"system":"urn:s:mr","value":"1","use":"old"}"#,
    r#"{"system":"urn:s:ss","value":"1","type":{"text":"SS"}}"#,
    r#"{"system":"urn:s:pi","value":"2"}"#,
];
const SUBJECT: &str = r#"{"reference":"Patient/1"}"#;
const CODE: &str = r#"{"text":"c"}"#;
const TAGS: &[&str] = &[
    r#"{"tag":[{"system":"urn:t","code":"a"}]}"#,
    r#"{"tag":[{"system":"urn:t","code":"b"},{"code":"c"}]}"#,
];
const EXTENSIONS: &[&str] = &[
    r#"{"url":"urn:e:race","valueString":"a"}"#,
    r#"{"url":"urn:e:race","valueString":"b"}"#,
    r#"{"url":"urn:e:religion","valueString":"a"}"#,
];
const DATES: &[&str] = &[r#""2026-03-01""#, r#""2026-03-02T10:00:00Z""#];
const PERIODS: &[&str] =
    &[r#"{"start":"2026-03-01"}"#, r#"{"start":"2026-03-01","end":"2026-03-05"}"#, r#"{"end":"2026-03-04"}"#];
const TEXTS: &[&str] = &[r#"{"text":"a"}"#, r#"{"text":"b"}"#];
const LISTS: &[&str] = &[r#"[{"text":"a"}]"#, r#"[{"text":"b"},{"text":"a"}]"#];

/// Of two alternatives at most one, as types of a choice are.
fn choice(
    first: (&'static str, &'static [&'static str]),
    second: (&'static str, &'static [&'static str]),
) -> impl Strategy<Value = (&'static str, Value)> {
    prop_oneof![
        1 => Just((first.0, Value::null())),
        2 => one(first.1).prop_map(move |value| (first.0, value)),
        1 => one(second.1).prop_map(move |value| (second.0, value)),
    ]
}

/// Variant 1 merges into another patient in some messages and never ends that; variant 0 does both.
fn patient(variant: u8) -> BoxedStrategy<Message> {
    let members = (
        some(IDENTIFIERS),
        perhaps(&[r#"[{"family":"A"}]"#, r#"[{"family":"B","given":["C"]}]"#]),
        (
            perhaps(&[r#""1970-01-01""#, r#""1970""#]),
            perhaps(&[r#"{"extension":[{"url":"urn:x","valueString":"t"}]}"#]),
        ),
        choice(("deceasedBoolean", &["true", "false"]), ("deceasedDateTime", DATES)),
        some(EXTENSIONS),
        perhaps(TAGS),
        (prop_oneof![3 => Just(Value::null()), 2 => some(LINKS)], perhaps(&["true"])),
    );
    let members = members.prop_map(
        |(identifier, name, (born, precisely), deceased, extension, meta, (link, active))| {
            let replaced = link.items().iter().any(|link| link.str("type") == Some("replaced-by"));
            let active = if replaced { Value::bool(false) } else { active };
            vec![
                ("identifier", identifier),
                ("name", name),
                ("birthDate", born),
                ("_birthDate", precisely),
                deceased,
                ("extension", extension),
                ("meta", meta),
                ("link", link),
                ("active", active),
            ]
        },
    );
    const OWNED: &[&str] = &["identifier", "name", "birthDate", "deceased", "extension", "link", "active"];
    match variant {
        0 => message(
            "Patient",
            members,
            &["name", "birthDate", "deceasedBoolean", "extension:urn:e:race", "link"],
            OWNED,
        ),
        _ => message("Patient", members, &["name", "deceased", "identifier", "active"], OWNED),
    }
}

const LINKS: &[&str] = &[
    r#"{"other":{"reference":"Patient/2"},"type":"replaced-by"}"#,
    r#"{"other":{"reference":"Patient/3"},"type":"replaces"}"#,
    r#"{"other":{"reference":"Patient/4"},"type":"replaces"}"#,
];

fn observation(_: u8) -> BoxedStrategy<Message> {
    const STATUSES: &[&str] = &[
        r#""registered""#,
        r#""preliminary""#,
        r#""final""#,
        r#""amended""#,
        r#""corrected""#,
        r#""cancelled""#,
        r#""entered-in-error""#,
        r#""unknown""#,
    ];
    let members = (
        one(STATUSES),
        prop_oneof![
            1 => choice(("dataAbsentReason", TEXTS), ("dataAbsentReason", TEXTS)),
            2 => choice(("valueQuantity", &[r#"{"value":0.50}"#, r#"{"value":7}"#]), ("valueString", &[r#""t""#])),
        ],
        perhaps(LISTS),
        choice(("effectiveDateTime", DATES), ("effectivePeriod", PERIODS)),
        some(IDENTIFIERS),
    );
    let members = members.prop_map(|(status, value, interpretation, effective, identifier)| {
        vec![
            ("status", status),
            ("code", json(CODE)),
            ("subject", json(SUBJECT)),
            value,
            ("interpretation", interpretation),
            effective,
            ("identifier", identifier),
        ]
    });
    const OWNED: &[&str] = &["status", "code", "valueQuantity", "valueString", "interpretation", "effective"];
    message("Observation", members, &["value", "interpretation", "effectiveDateTime"], OWNED)
}

fn encounter(_: u8) -> BoxedStrategy<Message> {
    let members = (
        one(&[r#""planned""#, r#""in-progress""#, r#""finished""#, r#""cancelled""#]),
        perhaps(PERIODS),
        perhaps(LISTS),
        perhaps(&[r#"{"dischargeDisposition":{"text":"a"}}"#, r#"{"admitSource":{"text":"a"}}"#]),
        perhaps(TEXTS),
    );
    let members = members.prop_map(|(status, period, kind, stay, priority)| {
        vec![
            ("status", status),
            ("class", json(r#"{"code":"IMP"}"#)),
            ("period", period),
            ("type", kind),
            ("hospitalization", stay),
            ("priority", priority),
        ]
    });
    const OWNED: &[&str] = &["period", "type", "hospitalization", "priority"];
    const OPTIONAL: &[&str] =
        &["period", "period.end", "type", "hospitalization", "hospitalization.admitSource", "priority"];
    message("Encounter", members, OPTIONAL, OWNED)
}

fn report(_: u8) -> BoxedStrategy<Message> {
    let members = (
        one(&[r#""partial""#, r#""final""#, r#""appended""#, r#""cancelled""#]),
        some(&[
            r#"{"reference":"Observation/1"}"#,
            r#"{"reference":"Observation/2"}"#,
            r#"{"reference":"Observation/3"}"#,
        ]),
        perhaps(&[r#""a""#, r#""b""#]),
        choice(("effectiveDateTime", DATES), ("effectivePeriod", PERIODS)),
    );
    let members = members.prop_map(|(status, result, conclusion, effective)| {
        vec![
            ("status", status),
            ("code", json(CODE)),
            ("result", result),
            ("conclusion", conclusion),
            effective,
        ]
    });
    const OPTIONAL: &[&str] = &["result", "conclusion", "effective"];
    message("DiagnosticReport", members, OPTIONAL, OPTIONAL)
}

const CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/condition-clinical";

fn condition(_: u8) -> BoxedStrategy<Message> {
    let concept = |system: &str, code: &str| {
        Value::object().with("coding", vec![Value::object().with("system", system).with("code", code)])
    };
    let members =
        (0..4usize, proptest::bool::ANY, choice(("onsetDateTime", DATES), ("onsetString", &[r#""x""#])));
    let members = members.prop_map(move |(stage, abated, onset)| {
        let verified = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
        let (clinical, verification) = [
            (concept(CLINICAL, "active"), Value::null()),
            (concept(CLINICAL, "resolved"), concept(verified, "confirmed")),
            (Value::null(), concept(verified, "entered-in-error")),
            (Value::null(), Value::null()),
        ][stage]
            .clone();
        let abatement = if stage == 1 && abated { json(r#""2026-03-02""#) } else { Value::null() };
        vec![
            ("subject", json(SUBJECT)),
            ("clinicalStatus", clinical),
            ("verificationStatus", verification),
            ("abatementDateTime", abatement),
            onset,
        ]
    });
    const OPTIONAL: &[&str] = &["onset", "abatement"];
    message("Condition", members, OPTIONAL, &["onset", "abatement", "clinicalStatus"])
}

fn allergy(_: u8) -> BoxedStrategy<Message> {
    let members = (proptest::bool::ANY, perhaps(&[r#""high""#, r#""low""#]), perhaps(LISTS));
    let members = members.prop_map(|(wrong, criticality, manifestations)| {
        let coding = |system: &str, code: &str| {
            let system = format!("http://terminology.hl7.org/CodeSystem/allergyintolerance-{system}");
            Value::object().with("coding", vec![Value::object().with("system", system).with("code", code)])
        };
        let status = match wrong {
            true => ("verificationStatus", coding("verification", "entered-in-error")),
            false => ("clinicalStatus", coding("clinical", "active")),
        };
        let reaction = match manifestations.is_null() {
            true => Value::null(),
            false => vec![Value::object().with("manifestation", manifestations)].into(),
        };
        vec![("patient", json(SUBJECT)), status, ("criticality", criticality), ("reaction", reaction)]
    });
    const OPTIONAL: &[&str] = &["criticality", "reaction"];
    message("AllergyIntolerance", members, OPTIONAL, OPTIONAL)
}

fn appointment(_: u8) -> BoxedStrategy<Message> {
    let members = (0..4usize, 0..3usize, perhaps(&["5", "7"]), proptest::bool::ANY);
    let members = members.prop_map(|(stage, when, priority, reason)| {
        let status = ["proposed", "booked", "cancelled", "noshow"][stage];
        let needs = matches!(status, "booked" | "noshow");
        let times = [("09:00", "09:30"), ("10:00", "10:15"), ("", "")][if needs { when % 2 } else { when }];
        let moment = |time: &str| match time {
            "" => Value::null(),
            time => Value::string(format!("2026-03-01T{time}:00Z")),
        };
        let ended = matches!(status, "cancelled" | "noshow") && reason;
        vec![
            ("status", Value::string(status)),
            ("start", moment(times.0)),
            ("end", moment(times.1)),
            ("cancelationReason", if ended { json(CODE) } else { Value::null() }),
            ("participant", json(r#"[{"actor":{"reference":"Patient/1"},"status":"accepted"}]"#)),
            ("priority", priority),
        ]
    });
    const OPTIONAL: &[&str] = &["priority", "start"];
    message("Appointment", members, OPTIONAL, &["priority", "start", "end", "cancelationReason"])
}

fn order(_: u8) -> BoxedStrategy<Message> {
    let members = (
        one(&[r#""active""#, r#""on-hold""#, r#""completed""#, r#""revoked""#, r#""entered-in-error""#]),
        perhaps(TEXTS),
        perhaps(LISTS),
        perhaps(&[r#""stat""#, r#""routine""#]),
        choice(("occurrenceDateTime", DATES), ("occurrencePeriod", PERIODS)),
    );
    let members = members.prop_map(|(status, code, detail, priority, occurrence)| {
        let detail = if code.is_null() { Value::null() } else { detail };
        vec![
            ("status", status),
            ("intent", json(r#""order""#)),
            ("subject", json(SUBJECT)),
            ("code", code),
            ("orderDetail", detail),
            ("priority", priority),
            occurrence,
        ]
    });
    const OPTIONAL: &[&str] = &["code", "orderDetail", "priority", "occurrence"];
    message("ServiceRequest", members, OPTIONAL, OPTIONAL)
}
