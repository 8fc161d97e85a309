//! The residuals that the notes of the examples publish, and ours in the same form.

use std::path::Path;

use carewire_consent::{Obligation, Response};
use serde_json::{Value, json};

/// Rules in the guide's form, in a fixed order, references relative, periods half-open.
pub(crate) fn published(folder: &Path, name: &str) -> Vec<Value> {
    let name = if name.starts_with("dissent") { format!("ex-{name}") } else { format!("ex-consent-{name}") };
    let path = folder.join("pagecontent").join(format!("Consent-{name}-notes.md"));
    let text = std::fs::read_to_string(path).expect("notes of the guide");
    let Some((_, list)) = text.split_once("\"residual\" : ") else { return vec![] };
    let mut compact: String = list.chars().filter(|character| !character.is_whitespace()).collect();
    compact = compact.replace(",}", "}").replace(",]", "]");
    let mut values = serde_json::Deserializer::from_str(&compact).into_iter::<Value>();
    let rules = values.next().expect("a list").expect("valid but for its commas");
    ordered(rules.as_array().expect("a list").iter().map(normal).collect())
}

/// What a permit leaves to decide.
pub(crate) fn residual_of(response: &Response) -> Vec<Value> {
    let mut rules = Vec::new();
    for obligation in &response.obligations {
        let value = json!(obligation);
        match obligation {
            Obligation::Only { .. } => {
                rules.push(json!({"type": "forbid"}));
                let permits = value["any_of"].as_array().expect("a list");
                rules.extend(permits.iter().map(|permit| rule("permit", permit)));
            }
            Obligation::Redact(_) => rules.push(rule("forbid", &value)),
            _ => {}
        }
    }
    ordered(rules)
}

/// For people: `forbid; permit securityLabel N`.
pub(crate) fn shown(rules: &[Value]) -> String {
    let one = |rule: &Value| {
        let mut words = vec![rule["type"].as_str().expect("a type").to_owned()];
        for label in rule["securityLabel"].as_array().into_iter().flatten() {
            words.push(label["code"].as_str().expect("a code").to_owned());
        }
        if let Some(period) = rule.get("dataPeriod") {
            words.push(format!("{}..{}", period["start"], period["end"]).replace('"', ""));
        }
        for named in rule["data"].as_array().into_iter().flatten() {
            words.push(format!("{} {}", named["meaning"], named["reference"]).replace('"', ""));
        }
        words.join(" ")
    };
    if rules.is_empty() { "-".into() } else { rules.iter().map(one).collect::<Vec<_>>().join("; ") }
}

/// A condition of ours as a rule of the guide.
fn rule(effect: &str, condition: &Value) -> Value {
    let mut rule = json!({"type": effect});
    for (ours, theirs) in [("labels", "securityLabel"), ("data_period", "dataPeriod"), ("data", "data")] {
        if let Some(value) = condition.get(ours) {
            rule[theirs] = value.clone();
        }
    }
    rule
}

/// A rule of the guide; some notes say `deny` for `forbid`.
fn normal(rule: &Value) -> Value {
    let mut rule = rule.clone();
    if rule["type"] == "deny" {
        rule["type"] = json!("forbid");
    }
    for named in rule.get_mut("data").and_then(Value::as_array_mut).into_iter().flatten() {
        let reference = named["reference"]["reference"].as_str().expect("a reference");
        named["reference"] = json!(reference.trim_start_matches("http://example.org/fhir/"));
    }
    if rule.get("dataPeriod") == Some(&json!({"start": "2022-01-01", "end": "2022-12-31"})) {
        rule["dataPeriod"] = json!({"start": "2022-01-01T00:00:00Z", "end": "2023-01-01T00:00:00Z"});
    }
    rule
}

/// One label in each rule: several are alternatives.
fn ordered(rules: Vec<Value>) -> Vec<Value> {
    let alternatives = |rule: Value| {
        let Some(labels) = rule["securityLabel"].as_array().cloned() else { return vec![rule] };
        let one = |label: Value| {
            let mut alternative = rule.clone();
            alternative["securityLabel"] = json!([label]);
            alternative
        };
        labels.into_iter().map(one).collect()
    };
    let mut rules: Vec<Value> = rules.into_iter().flat_map(alternatives).collect();
    rules.sort_by_key(|rule| (rule.as_object().map(|rule| rule.len() > 1), rule.to_string()));
    rules
}
