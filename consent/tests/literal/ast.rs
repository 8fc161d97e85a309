//! Consents as plain data, and the FHIR documents that say the same.

use serde_json::{Value, json};

/// What a provision may name. The vocabulary is small, so that things meet.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Node {
    /// `permit`, `deny`; `None` where it is not stated.
    pub(crate) effect: Option<bool>,
    /// Has a `modifierExtension`.
    pub(crate) modifier: bool,
    /// Seconds.
    pub(crate) period: Option<(Option<i64>, Option<i64>)>,
    pub(crate) actors: Vec<&'static str>,
    pub(crate) actions: Vec<&'static str>,
    pub(crate) purposes: Vec<&'static str>,
    pub(crate) labels: Vec<&'static str>,
    pub(crate) classes: Vec<&'static str>,
    pub(crate) codes: Vec<&'static str>,
    /// Days.
    pub(crate) data_period: Option<(i64, i64)>,
    pub(crate) data: Vec<(&'static str, &'static str)>,
    pub(crate) below: Vec<Node>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Document {
    pub(crate) id: String,
    pub(crate) patient: &'static str,
    pub(crate) status: &'static str,
    pub(crate) scope: &'static str,
    pub(crate) is_r5: bool,
    pub(crate) root: Node,
}

/// One resource: everything about it is said.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Datum {
    pub(crate) id: &'static str,
    /// Of `LAB_RESULTS` and `VITALS`, at least one.
    pub(crate) classes: Vec<&'static str>,
    pub(crate) labels: Vec<&'static str>,
    pub(crate) code: &'static str,
    pub(crate) day: i64,
    pub(crate) encounter: &'static str,
    pub(crate) author: &'static str,
}

/// A request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Asked {
    pub(crate) actor: &'static str,
    /// The actor's org.
    pub(crate) org: &'static str,
    pub(crate) action: &'static str,
    pub(crate) purpose: &'static str,
    /// Seconds.
    pub(crate) now: i64,
}

pub(crate) const LOCAL: &str = "urn:example:purpose";

pub(crate) fn second(at: i64) -> String {
    format!("1970-01-01T00:00:{at:02}Z")
}

fn day(at: i64) -> String {
    format!("2020-01-{:02}", at + 1)
}

impl Document {
    pub(crate) fn to_json(&self) -> Value {
        let mut document = json!({
            "resourceType": "Consent", "id": self.id, "status": self.status,
            "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": self.scope}]},
        });
        let reference = json!({"reference": self.patient});
        if self.is_r5 {
            document["subject"] = reference;
            document["decision"] = json!(effect(self.root.effect.unwrap_or(false)));
            if let Some((start, end)) = self.root.period {
                document["period"] = period(start, end);
            }
            if self.root.modifier {
                document["modifierExtension"] = json!([{"url": "urn:x"}]);
            }
            document["provision"] = self.root.below.iter().map(|node| node.to_json()).collect();
        } else {
            document["patient"] = reference;
            document["provision"] = self.root.to_json();
        }
        document
    }
}

fn effect(permits: bool) -> &'static str {
    if permits { "permit" } else { "deny" }
}

fn period(start: Option<i64>, end: Option<i64>) -> Value {
    let mut period = json!({});
    for (name, at) in [("start", start), ("end", end)] {
        if let Some(at) = at {
            period[name] = json!(second(at));
        }
    }
    period
}

impl Node {
    fn to_json(&self) -> Value {
        let mut node = json!({});
        let mut put = |name: &str, values: Vec<Value>| {
            if !values.is_empty() {
                node[name] = Value::Array(values);
            }
        };
        let concept = |code: &&str| json!({"coding": [{"code": code}]});
        put("actor", self.actors.iter().map(|name| json!({"reference": {"reference": name}})).collect());
        put("action", self.actions.iter().map(concept).collect());
        put("purpose", self.purposes.iter().map(purpose).collect());
        put("securityLabel", self.labels.iter().map(|code| json!({"code": code})).collect());
        put("class", self.classes.iter().map(class).collect());
        let code = |code: &&str| json!({"coding": [{"system": "http://loinc.org", "code": code}]});
        put("code", self.codes.iter().map(code).collect());
        let named = |(meaning, reference): &(&str, &str)| json!({"meaning": meaning, "reference": {"reference": reference}});
        put("data", self.data.iter().map(named).collect());
        put("provision", self.below.iter().map(|below| below.to_json()).collect());
        if self.modifier {
            put("modifierExtension", vec![json!({"url": "urn:x"})]);
        }
        if let Some(permits) = self.effect {
            node["type"] = json!(effect(permits));
        }
        if let Some((start, end)) = self.period {
            node["period"] = period(start, end);
        }
        if let Some((first, last)) = self.data_period {
            node["dataPeriod"] = json!({"start": day(first), "end": day(last)});
        }
        node
    }
}

fn purpose(code: &&str) -> Value {
    if *code == "LOCAL" { json!({"system": LOCAL, "code": code}) } else { json!({"code": code}) }
}

/// Classes of data and types of resources stand in one list.
fn class(name: &&str) -> Value {
    let is_type = ["Observation", "Condition"].contains(name);
    if is_type {
        json!({"system": "http://hl7.org/fhir/resource-types", "code": name})
    } else {
        json!({"code": name})
    }
}

impl Datum {
    pub(crate) fn to_json(&self) -> Value {
        let category = |class: &&str| {
            let code = if *class == "VITALS" { "vital-signs" } else { "laboratory" };
            json!({"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": code}]})
        };
        json!({
            "resourceType": "Observation", "id": self.id, "effectiveDateTime": day(self.day),
            "meta": {"security": self.labels.iter().map(|code| json!({"system": label_system(code), "code": code})).collect::<Vec<_>>()},
            "category": self.classes.iter().map(category).collect::<Vec<_>>(),
            "code": {"coding": [{"system": "http://loinc.org", "code": self.code}]},
            "encounter": {"reference": self.encounter}, "performer": [{"reference": self.author}],
        })
    }
}

fn label_system(code: &str) -> &'static str {
    if code.len() == 1 {
        "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
    } else {
        "http://terminology.hl7.org/CodeSystem/v3-ActCode"
    }
}

impl Asked {
    pub(crate) fn to_json(&self) -> Value {
        let purpose =
            if self.purpose == "LOCAL" { format!("{LOCAL}|LOCAL") } else { self.purpose.to_owned() };
        let mut request = json!({
            "org": "o1", "patient": "Patient/pt_1", "purpose": purpose, "action": self.action,
            "actor": {"reference": self.actor, "org": self.org},
        });
        if self.purpose == "BTG" {
            request["break_glass"] = json!({"reason": "stated", "start": second(self.now)});
        }
        request
    }
}
