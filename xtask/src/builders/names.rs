//! Names of the standard as names of Rust.

use std::collections::BTreeSet;

/// Words that are taken: by Rust, and by the builders themselves.
const TAKEN: &[&str] = &[
    "type", "use", "match", "ref", "move", "abstract", "final", "override", "priv", "virtual", "yield",
    "new", "with", "null", "lines", "field", "add", "clone", "default", "from", "into", "value",
];

/// `Patient Identifier List` as `patient_identifier_list`; a name that is taken gets its number.
pub(super) fn method(title: &str, owner: &str, number: usize, taken: &mut BTreeSet<String>) -> String {
    let words = words(title);
    let own = owner.to_lowercase();
    let words: Vec<&str> = match words.as_slice() {
        // "Set ID - PID"
        [before @ .., last] if !before.is_empty() && *last == own => {
            before.iter().map(String::as_str).collect()
        }
        all => all.iter().map(String::as_str).collect(),
    };
    let mut name = words.join("_");
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        name = format!("part_{name}");
    }
    if TAKEN.contains(&name.as_str()) || taken.contains(&name) {
        name = format!("{name}_{number}");
    }
    taken.insert(name.clone());
    name
}

/// `XPN` as `Xpn`.
pub(super) fn type_name(id: &str) -> String {
    let lower = id.to_lowercase();
    let mut chars = lower.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Plain words of a title, for documentation.
pub(super) fn plain(title: &str) -> String {
    let shouted = !title.contains(|c: char| c.is_lowercase());
    let text = title.replace(['_', '<', '>', '[', ']', '`'], " ");
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if !shouted {
        return text;
    }
    let lower = text.to_lowercase();
    let mut chars = lower.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn words(title: &str) -> Vec<String> {
    let kept: String = title.chars().filter(|c| !matches!(c, '\'' | '’')).collect();
    let parts = kept.split(|c: char| !c.is_ascii_alphanumeric());
    parts.filter(|part| !part.is_empty()).map(str::to_lowercase).collect()
}
