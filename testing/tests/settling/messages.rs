//! Messages as a map makes them: resources that refer to each other, and what each message leaves out on purpose.

use carewire_fhir_core::search::{Scope, SearchQuery};
use carewire_fhir_core::{Resource, Value};
use carewire_hl7_v2::fhir::Change;
use proptest::prelude::*;
use proptest::sample::select;

/// The system of the identities.
const KEY: &str = "urn:example:key";

/// One message.
pub(crate) type Said = Vec<Entry>;

/// What a message says of one resource.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) full_url: String,
    /// What finds the resource: `Patient?identifier=…`.
    pub(crate) identity: String,
    pub(crate) resource: Resource,
    pub(crate) change: Change,
}

impl Entry {
    pub(crate) fn query(&self) -> SearchQuery {
        query(&self.identity)
    }
}

/// The search of an identity.
pub(crate) fn query(identity: &str) -> SearchQuery {
    let (resource_type, criteria) = identity.split_once('?').unwrap();
    SearchQuery::parse(Scope::Type(resource_type.into()), criteria).unwrap()
}

/// What happens, as the sender sees it. Numbers choose among few patients, orders and wordings.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// A01, A08, A03, A13 or A11 of a visit.
    Visit { trigger: &'static str, patient: usize, wording: usize },
    /// ORM^O01, or an order that is changed or cancelled.
    Order { order: usize, status: &'static str, wording: usize },
    /// ORU^R01 with some results of an order.
    Results { order: usize, status: &'static str, wording: usize },
    /// A40: one patient into another.
    Merge { from: usize, into: usize },
}

/// Four to eight messages, and an order in which they come, with repetitions.
pub(crate) fn histories() -> impl Strategy<Value = (Vec<Said>, Vec<usize>)> {
    histories_of(said)
}

/// The same, with another way to make messages of events.
pub(crate) fn histories_of(
    said: fn(&Event, usize, usize) -> Said,
) -> impl Strategy<Value = (Vec<Said>, Vec<usize>)> {
    proptest::collection::vec((events(), 0..5usize), 4..=8).prop_flat_map(move |events| {
        let messages: Vec<Said> =
            events.iter().enumerate().map(|(n, (event, minute))| said(event, *minute, n)).collect();
        let count = messages.len();
        let order = proptest::collection::vec(0..count, 0..5)
            .prop_flat_map(move |again| Just((0..count).chain(again).collect::<Vec<_>>()).prop_shuffle());
        (Just(messages), order)
    })
}

fn events() -> impl Strategy<Value = Event> {
    let trigger = select(vec!["A01", "A08", "A03", "A13", "A11"]);
    prop_oneof![
        4 => (trigger, 0..3usize, 0..3usize)
            .prop_map(|(trigger, patient, wording)| Event::Visit { trigger, patient, wording }),
        2 => (0..2usize, select(vec!["active", "active", "revoked"]), 0..3usize)
            .prop_map(|(order, status, wording)| Event::Order { order, status, wording }),
        4 => (0..2usize, select(vec!["preliminary", "final", "corrected", "cancelled"]), 0..4usize)
            .prop_map(|(order, status, wording)| Event::Results { order, status, wording }),
        2 => select(vec![(0, 1), (1, 2), (0, 2)]).prop_map(|(from, into)| Event::Merge { from, into }),
    ]
}

/// The `n`th message, in some minute of an hour: several share one.
fn said(event: &Event, minute: usize, n: usize) -> Said {
    let mut change = Change::new(format!("{:04x}", (n * 40_503) % 65_536));
    change.time = Some(format!("2026-03-01T08:3{minute}:00Z"));
    match event {
        Event::Visit { trigger, patient, wording } => visit(trigger, *patient, *wording, &change),
        Event::Order { order, status, wording } => {
            let request = request(*order, status, Some(*wording), &change);
            vec![patient_of(*order, &change), request]
        }
        Event::Results { order, status, wording } => results(*order, status, *wording, &change),
        Event::Merge { from, into } => merge(*from, *into, &change),
    }
}

fn visit(trigger: &str, patient: usize, wording: usize, change: &Change) -> Said {
    let (status, period) = match trigger {
        "A03" => ("finished", r#"{"start":"2026-03-01","end":"2026-03-04"}"#),
        "A11" => ("cancelled", r#"{"start":"2026-03-01"}"#),
        _ => ("in-progress", r#"{"start":"2026-03-01"}"#),
    };
    let mut stay = value(&format!(
        r#"{{"status":"{status}","class":{{"code":"IMP"}},"period":{period},"subject":{{"reference":"{}"}}}}"#,
        url("Patient", &name(patient))
    ));
    let (demographics, cleared): (&str, &[&'static str]) = match wording {
        0 => (r#"{"name":[{"family":"A"}],"gender":"male","telecom":[{"system":"phone","value":"1"}]}"#, &[]),
        1 => (r#"{"name":[{"family":"B"}],"birthDate":"1970-01-01","deceasedBoolean":false}"#, &["telecom"]),
        _ => (r#"{"gender":"female","deceasedDateTime":"2026-03-01"}"#, &["birthDate"]),
    };
    if wording == 1 {
        stay.set("priority", value(r#"{"text":"urgent"}"#));
    }
    const PERSON: &[&str] = &["identifier", "name", "gender", "birthDate", "deceased", "telecom"];
    const STAY: &[&str] = &["status", "class", "period", "subject", "priority"];
    vec![
        entry(
            "Patient",
            &name(patient),
            value(demographics),
            change.clone().with_cleared(cleared.iter().copied()).with_owned(PERSON),
        ),
        entry("Encounter", &name(patient), stay, change.clone().with_owned(STAY)),
    ]
}

/// The patient of an order, by name alone.
fn patient_of(order: usize, change: &Change) -> Entry {
    entry("Patient", &name(order), Value::object(), change.clone())
}

/// An order; results say little of it.
fn request(order: usize, status: &str, wording: Option<usize>, change: &Change) -> Entry {
    let mut said = value(&format!(
        r#"{{"status":"{status}","intent":"order","subject":{{"reference":"{}"}},"code":{{"text":"panel"}}}}"#,
        url("Patient", &name(order))
    ));
    match wording {
        Some(0) => drop(said.set("priority", "stat")),
        Some(1) => drop(said.set("note", value(r#"[{"text":"fasting"}]"#))),
        _ => {}
    }
    entry("ServiceRequest", &name(order), said, change.clone().with_owned(&["status", "code", "subject"]))
}

fn results(order: usize, status: &str, wording: usize, change: &Change) -> Said {
    let subject = url("Patient", &name(order));
    let done = if matches!(status, "final" | "corrected") { "completed" } else { "active" };
    let mut said = vec![patient_of(order, change), request(order, done, None, change)];
    let mut list = Value::array();
    for number in (0..2).filter(|number| wording != 3 || *number == 1) {
        let key = format!("{}-{number}", name(order));
        let mut result = value(&format!(
            r#"{{"status":"{status}","code":{{"text":"t{number}"}},"subject":{{"reference":"{subject}"}}}}"#
        ));
        match wording {
            0 => drop(result.set("valueString", "negative")),
            1 => {
                result.set("valueQuantity", value(r#"{"value":0.50}"#));
                result.set("interpretation", value(r#"[{"text":"H"}]"#));
            }
            2 => drop(result.set("dataAbsentReason", value(r#"{"text":"lost"}"#))),
            _ => {}
        }
        list.push(value(&format!(r#"{{"reference":"{}"}}"#, url("Observation", &key))));
        const RESULT: &[&str] = &["status", "code", "subject", "value", "interpretation"];
        said.push(entry("Observation", &key, result, change.clone().with_owned(RESULT)));
    }
    let based_on = format!(r#"[{{"reference":"{}"}}]"#, url("ServiceRequest", &name(order)));
    let report = value(&format!(
        r#"{{"status":"{status}","code":{{"text":"panel"}},"subject":{{"reference":"{subject}"}}}}"#
    ));
    let report = report.with("result", list).with("basedOn", value(&based_on));
    said.push(entry(
        "DiagnosticReport",
        &name(order),
        report,
        change.clone().with_owned(&["status", "conclusion"]),
    ));
    said
}

fn merge(from: usize, into: usize, change: &Change) -> Said {
    let link = |patient: usize, kind: &str| {
        let other = url("Patient", &name(patient));
        value(&format!(r#"[{{"other":{{"reference":"{other}"}},"type":"{kind}"}}]"#))
    };
    let gone = Value::object().with("active", Value::bool(false)).with("link", link(into, "replaced-by"));
    let kept = Value::object().with("link", link(from, "replaces"));
    [(from, gone), (into, kept)]
        .map(|(patient, said)| {
            entry("Patient", &name(patient), said, change.clone().with_owned(&["identifier"]))
        })
        .into()
}

pub(crate) fn name(number: usize) -> String {
    ["a", "b", "c"][number].to_owned()
}

fn url(resource_type: &str, key: &str) -> String {
    format!("urn:uuid:{resource_type}-{key}")
}

fn entry(resource_type: &str, key: &str, said: Value, change: Change) -> Entry {
    let identifier = Value::object().with("system", KEY).with("value", key);
    let mut resource = Resource::new(resource_type);
    resource.value_mut().set("identifier", vec![identifier]);
    for (name, member) in said.members() {
        resource.value_mut().set(name, member.clone());
    }
    Entry {
        full_url: url(resource_type, key),
        identity: format!("{resource_type}?identifier={KEY}%7C{key}"),
        resource,
        change,
    }
}

fn value(json: &str) -> Value {
    Value::parse(json.as_bytes()).unwrap()
}
