//! The documents that say what the plain data say.

use serde_json::{Value, json};

use crate::ast::{Asked, Datum, Document, Kind, Node, Said};

const LOCAL: &str = "urn:example:purpose";

/// The seconds of a small day.
pub(crate) fn second(at: i64) -> String {
    let instant = chrono::DateTime::from_timestamp(3_600 + at, 0).unwrap();
    instant.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

fn day(at: i64) -> String {
    format!("2020-01-{:02}", at + 1)
}

impl Document {
    pub(crate) fn to_json(&self) -> Value {
        match self.kind {
            Kind::R4 | Kind::R5 => self.to_fhir(),
            Kind::Simple => self.to_simple(),
            Kind::Artefact => self.to_artefact(),
        }
    }

    fn to_fhir(&self) -> Value {
        let mut document = json!({
            "resourceType": "Consent", "id": self.id, "status": self.status,
            "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": self.scope}]},
        });
        let reference = json!({"reference": self.patient});
        if self.kind == Kind::R4 {
            document["patient"] = reference;
            document["provision"] = self.root.to_json();
            return document;
        }
        document["subject"] = reference;
        document["decision"] = json!(effect(self.root.effect.unwrap_or(false)));
        if let Some((start, end)) = self.root.period {
            document["period"] = period(start, end);
        }
        if self.root.modifier {
            document["modifierExtension"] = json!([{"url": "urn:x"}]);
        }
        if !self.grantees.is_empty() {
            document["grantee"] = self.grantees.iter().map(|name| named(name)).collect();
        }
        document["provision"] = self.root.below.iter().map(|node| node.to_json()).collect();
        document
    }

    fn to_simple(&self) -> Value {
        let rule = self.as_one_rule();
        let classes: Vec<_> = rule.classes.iter().filter(|name| **name != "NONE").collect();
        let state = match self.status {
            "active" => "ACTIVE",
            "inactive" => "REVOKED",
            "draft" => "PENDING",
            _ => "EXPIRED",
        };
        let mut document = json!({
            "id": self.id, "org": self.org, "patient": self.patient, "purpose": rule.purposes[0], "state": state,
            "decision": effect(rule.effect == Some(true)), "data_classes": classes, "actors": rule.actors,
        });
        if let Some((start, end)) = rule.period {
            for (name, at) in [("start", start), ("end", end)] {
                if let Some(at) = at {
                    document[name] = json!(second(at));
                }
            }
        }
        document
    }

    fn to_artefact(&self) -> Value {
        let rule = self.as_one_rule();
        let status = match self.status {
            "active" => "GRANTED",
            "inactive" => "REVOKED",
            "draft" => "REQUESTED",
            other => other,
        };
        let types = rule.classes.iter().map(|class| match *class {
            "LAB_RESULTS" => "DiagnosticReport",
            "VITALS" => "WellnessRecord",
            _ => "Odd",
        });
        let types: Vec<_> = types.collect();
        let mode = if rule.actions.contains(&"collect") { "STORE" } else { "VIEW" };
        let mut permission = json!({"accessMode": mode});
        if let Some((first, last)) = rule.data_period {
            permission["dateRange"] = json!({"from": day(first), "to": day(last)});
        }
        if let Some(at) = self.erase_at {
            permission["dataEraseAt"] = json!(second(at));
        }
        if self.max_uses {
            permission["frequency"] = json!({"unit": "DAY", "value": 2, "repeats": 0});
        }
        let contexts: Vec<_> =
            rule.data.iter().map(|(_, reference)| json!({"careContextReference": reference})).collect();
        json!({"status": status, "consentDetail": {
            "consentId": self.id, "patient": {"id": self.patient}, "purpose": {"code": rule.purposes[0]},
            "hiu": {"id": rule.actors[0].trim_start_matches("Organization/")}, "hiTypes": types,
            "careContexts": contexts, "permission": permission,
        }})
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

/// A `Reference`, by its text or by an identifier.
fn named(name: &str) -> Value {
    match name.split_once('|') {
        Some((system, value)) => json!({"identifier": {"system": system, "value": value}}),
        None => json!({"reference": name}),
    }
}

fn actor(name: &&str) -> Value {
    let role = |code: &str| json!({"coding": [{"code": code}]});
    if let Some(name) = name.strip_prefix("role:") {
        return json!({"role": role(name)});
    }
    match name.strip_prefix("custodian:") {
        Some(org) => json!({"role": role("CST"), "reference": {"reference": format!("Organization/{org}")}}),
        None => json!({"reference": named(name)}),
    }
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
        let author =
            |name: &&str| json!({"role": {"coding": [{"code": "AUT"}]}, "reference": {"reference": name}});
        put("actor", self.actors.iter().map(actor).chain(self.authors.iter().map(author)).collect());
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
    /// What tells of others has the class of what it contains.
    pub(crate) fn to_json(&self) -> Value {
        let category = |class: &&str| {
            let code = match *class {
                "VITALS" => "vital-signs",
                "LAB_RESULTS" => "laboratory",
                _ => "odd",
            };
            json!({"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": code}]})
        };
        let categories: Vec<Value> = self.classes.iter().map(category).collect();
        let label = |code: &&str| json!({"system": label_system(code), "code": code});
        let mut resource = json!({
            "resourceType": self.kind, "id": self.id, "effectiveDateTime": day(self.day),
            "meta": {"security": self.labels.iter().map(label).collect::<Vec<_>>()},
            "code": {"coding": [{"system": "http://loinc.org", "code": self.code}]},
            "encounter": {"reference": self.encounter}, "performer": [{"reference": self.author}],
        });
        if self.kind == "Observation" {
            resource["category"] = json!(categories);
        } else {
            resource["contained"] =
                json!([{"resourceType": "Observation", "id": "c", "category": categories}]);
        }
        resource
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
            "actor": {"reference": self.actor, "aliases": self.aliases, "org": self.org, "role": self.role},
            "active_encounter": self.active_encounter, "deidentified": self.deidentified,
        });
        if let Some(glass) = self.glass {
            let reason = if glass.has_reason { "stated" } else { " " };
            request["break_glass"] =
                json!({"reason": reason, "start": glass.start.map(second), "until": glass.until.map(second)});
        }
        request
    }
}

impl Said {
    pub(crate) fn to_json(&self) -> Value {
        let permits = |permits: bool| if permits { "permit-unless-denied" } else { "deny" };
        json!({
            "combining": self.combining, "implicit": permits(self.implicit), "break_glass": permits(self.glass),
            "unlabelled": if self.normal { "normal" } else { "not-known" },
            "all_classes_or_nothing": self.all_or_nothing, "access": if self.roles { "roles" } else { "none" },
            "break_glass_minutes": self.minutes,
            "apply_policy": self.apply_policy.then_some("pseudonymous"),
        })
    }
}
