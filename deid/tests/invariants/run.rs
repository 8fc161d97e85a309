//! Runs of the three ways in, and what they make the same in two worlds.

use carewire_deid::{Context, Exporter, Manifest, Policy, Pseudonymizer, deidentify};
use carewire_fhir_core::{Date, DateTime, PatientToken, Resource, Value};

use crate::generate::{Bounds, Dates};

pub(crate) const SECRET: [u8; 32] = *b"run key that nobody may ever see";

pub(crate) fn keys() -> Pseudonymizer {
    Pseudonymizer::for_run(&SECRET)
}

pub(crate) fn day() -> Date {
    Date::parse("2026-11-22").unwrap()
}

pub(crate) fn exporter<'a>(policy: &'static str, keys: &'a Pseudonymizer) -> Exporter<'a> {
    Exporter::new(Policy::built_in(policy).unwrap(), keys).unwrap().with_as_of(day())
}

/// What came out, and all that was said about it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Done {
    pub(crate) out: String,
    pub(crate) manifest: Manifest,
    pub(crate) said: String,
}

/// A line of a file.
pub(crate) fn exported(policy: &'static str, text: &str) -> Done {
    let keys = keys();
    let mut exporter = exporter(policy, &keys);
    let mut out = String::new();
    let error = exporter.write(text.as_bytes(), &mut out).err();
    let manifest = exporter.manifest();
    let error = error.map_or(String::new(), |error| format!("{error} {error:?}"));
    let said = format!("{manifest:?} {} {exporter:?} {error}", serde_json::to_string(&manifest).unwrap());
    Done { out, manifest, said }
}

/// A Bundle of a live sync; nothing where the policy wants a day.
pub(crate) fn synced(policy: &'static str, text: &str) -> Option<Done> {
    let (keys, token) = (keys(), PatientToken::new("pt_mfrggzdfmztwq2lknnwg23tpoa").unwrap());
    let bundle = Resource::parse(text.as_bytes()).unwrap();
    let context = Context::new(&keys).with_patient(&token);
    let done = deidentify(&bundle, Policy::built_in(policy).unwrap(), &context).ok()?;
    let said = format!("{done:?} {}", serde_json::to_string(&done.manifest).unwrap());
    Some(Done { out: done.bundle.to_json(), manifest: done.manifest, said })
}

/// The output with every surrogate replaced by a number: the same for the same.
pub(crate) fn without_surrogates(text: &str, keys: &Pseudonymizer) -> String {
    let mut seen: Vec<String> = Vec::new();
    let mut masked = String::new();
    let mut word = String::new();
    for letter in text.chars().chain(['\0']) {
        if letter.is_ascii_alphanumeric() || letter == '-' {
            word.push(letter);
            continue;
        }
        if keys.is_own(&word) || is_uuid(&word) {
            let at = seen.iter().position(|known| *known == word).unwrap_or_else(|| {
                seen.push(word.clone());
                seen.len() - 1
            });
            masked += &format!("surrogate {at}");
        } else {
            masked += &word;
        }
        word.clear();
        masked.push(letter);
    }
    masked
}

fn is_uuid(word: &str) -> bool {
    word.len() == 36 && word.split('-').map(str::len).eq([8, 4, 4, 4, 12])
}

/// The output with every date replaced by a letter.
pub(crate) fn without_dates(text: &str) -> String {
    let parts = text.split('"').map(|part| {
        let is_date = part.len() >= 7 && part.starts_with(['1', '2']) && DateTime::parse(part).is_ok();
        if is_date { "D" } else { part }
    });
    parts.collect::<Vec<_>>().join("\"")
}

/// What a policy does with a probe.
fn probed(policy: &'static str, resource: &str, name: &str) -> Option<Value> {
    let out = exported(policy, resource).out;
    Value::parse(out.as_bytes()).ok().and_then(|value| value.get(name).cloned())
}

/// What two worlds must have in common under a policy: asked of the policy.
pub(crate) fn bounds(policy: &'static str) -> Bounds {
    const DAY: &str =
        r#"{"resourceType":"Condition","subject":{"reference":"Patient/1"},"recordedDate":"2019-05-17"}"#;
    const ZIP: &str = r#"{"resourceType":"Patient","address":[{"postalCode":"02139"}]}"#;
    let age = |age: u32| {
        let text = format!(r#"{{"resourceType":"Condition","onsetAge":{{"value":{age},"unit":"a"}}}}"#);
        probed(policy, &text, "onsetAge").map(|age| age.to_json())
    };
    let date = probed(policy, DAY, "recordedDate").and_then(|date| date.as_str().map(str::to_owned));
    let zip = probed(policy, ZIP, "address").map(|address| address.to_json());
    let moves = date.as_deref().is_some_and(|date| date.len() > 4 && date != "2019-05-17");
    Bounds {
        dates: if date.is_none_or(|date| date == "2019") { Dates::Year } else { Dates::Same },
        caps_ages: age(93) == age(101),
        cuts_zips: zip.is_none_or(|zip| !zip.contains("02139")),
        other_patients: !moves,
        strange: true,
    }
}
