//! The instances of a file in FHIR Shorthand, as far as the examples of the guide need it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

/// Lists among the elements that the examples use.
const LISTS: [&str; 14] = [
    "actor",
    "category",
    "coding",
    "data",
    "identifier",
    "member",
    "organization",
    "performer",
    "policy",
    "profile",
    "purpose",
    "security",
    "securityLabel",
    "target",
];
/// Elements that are a `CodeableConcept`; others with a code are a `Coding` or a `code`.
const CONCEPTS: [&str; 5] = ["category", "code", "role", "scope", "type"];

/// The instances of the given types, by id.
pub(crate) fn instances(text: &str, types: &[(&str, &str)]) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    let mut current: Option<Instance> = None;
    let mut is_text = false;
    for line in text.lines() {
        if line.matches("\"\"\"").count() % 2 == 1 {
            is_text = !is_text;
            continue;
        }
        if is_text {
            continue;
        }
        if let Some(id) = line.strip_prefix("Instance:") {
            keep(&mut found, current.take());
            current = Some(Instance::new(id.trim()));
        } else if ["Profile:", "ValueSet:", "RuleSet:"].iter().any(|word| line.starts_with(word)) {
            keep(&mut found, current.take());
        } else if let Some(instance) = &mut current {
            instance.line(line, types);
        }
    }
    keep(&mut found, current);
    found
}

fn keep(found: &mut BTreeMap<String, Value>, instance: Option<Instance>) {
    if let Some(instance) = instance.filter(|instance| instance.is_wanted) {
        found.insert(instance.id, Value::Object(instance.document));
    }
}

struct Instance {
    id: String,
    is_wanted: bool,
    document: Map<String, Value>,
}

impl Instance {
    fn new(id: &str) -> Self {
        let document = Map::from_iter([("id".to_owned(), json!(id))]);
        Self { id: id.to_owned(), is_wanted: false, document }
    }

    fn line(&mut self, line: &str, types: &[(&str, &str)]) {
        if let Some(profile) = line.strip_prefix("InstanceOf:") {
            let known = types.iter().find(|(name, _)| *name == profile.trim());
            if let Some((_, resource_type)) = known {
                self.is_wanted = true;
                self.document.insert("resourceType".into(), json!(resource_type));
            }
        } else if let Some((path, value)) = line.strip_prefix("* ").and_then(|rule| rule.split_once(" = "))
            && self.is_wanted
            && !path.starts_with('^')
        {
            self.set(path.trim(), value.trim());
        }
    }

    fn set(&mut self, path: &str, value: &str) {
        let steps: Vec<&str> = path.split('.').collect();
        let last = steps.last().map_or("", |step| step.split('[').next().unwrap_or_default());
        let Some(value) = read(value, last) else { return };
        let mut at = &mut self.document;
        for (depth, step) in steps.iter().enumerate() {
            let (name, index) = step.split_once('[').map_or((*step, ""), |(name, index)| (name, index));
            let is_list = LISTS.contains(&name) || (name == "provision" && depth > 0);
            let is_last = depth + 1 == steps.len();
            if is_last && !is_list {
                at.insert(name.into(), value);
                return;
            }
            let adds = index.contains("+]") || !at.contains_key(name);
            let slot = slot(at, name, is_list, adds);
            if is_last {
                *slot = value;
                return;
            }
            if !slot.is_object() {
                *slot = json!({});
            }
            at = slot.as_object_mut().expect("an object was put there");
        }
    }
}

/// The element of a name, or the last item of a list of that name.
fn slot<'a>(at: &'a mut Map<String, Value>, name: &str, is_list: bool, adds: bool) -> &'a mut Value {
    if !is_list {
        return at.entry(name).or_insert(Value::Null);
    }
    let list = at.entry(name).or_insert_with(|| json!([])).as_array_mut().expect("a list was put there");
    if adds {
        list.push(Value::Null);
    }
    list.last_mut().expect("an item was put there")
}

/// A value: a code, a reference, a text or a date. Quantities are of no interest.
fn read(text: &str, element: &str) -> Option<Value> {
    if let Some(reference) = text.strip_prefix("Reference(") {
        return Some(json!({"reference": reference.split(')').next()?.trim()}));
    }
    if let Some(code) = text.strip_prefix('#') {
        return Some(json!(code.split_whitespace().next()?));
    }
    if let Some(quoted) = text.strip_prefix('"') {
        return Some(json!(quoted.trim_end_matches('"')));
    }
    if let Some((system, code)) = text.split_once('#') {
        let system = match system {
            "LOINC" => "http://loinc.org",
            "SCT" => "http://snomed.info/sct",
            other => other,
        };
        let coding = json!({"system": system, "code": code.split_whitespace().next()?});
        return Some(if CONCEPTS.contains(&element) { json!({"coding": [coding]}) } else { coding });
    }
    let is_date = text.len() >= 4 && text.bytes().take(4).all(|byte| byte.is_ascii_digit());
    is_date.then(|| json!(text))
}
