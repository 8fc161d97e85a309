//! What was done, as codes of `meta.security`.

use std::collections::BTreeSet;

use carewire_fhir_core::Value;

/// What was done to a value, in the order in which the codes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tag {
    Redacted,
    Abstracted,
    Hashed,
    Masked,
    Perturbed,
    Substituted,
    Generalized,
}

pub(super) type Tags = BTreeSet<Tag>;

const OBSERVATION_VALUE: &str = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";

impl Tag {
    /// The code as their engine writes it: those of v3-ObservationValue have a system, its own have none. `CRYTOHASH` is
    /// how v3 spells it.
    fn coding(self) -> Value {
        let (system, code, display) = match self {
            Self::Redacted => (true, "REDACTED", "redacted"),
            Self::Abstracted => (true, "ABSTRED", "abstracted"),
            Self::Hashed => (true, "CRYTOHASH", "cryptographic hash function"),
            Self::Masked => (true, "MASKED", "masked"),
            Self::Perturbed => (false, "PERTURBED", "exact value is replaced with another exact value"),
            Self::Substituted => (false, "SUBSTITUTED", "exact value is replaced with a predefined value"),
            Self::Generalized => (false, "GENERALIZED", "exact value is replaced with a general value"),
        };
        let coding = Value::object();
        let coding = if system { coding.with("system", OBSERVATION_VALUE) } else { coding };
        coding.with("code", code).with("display", display)
    }
}

/// Adds the codes that are not there yet.
pub(super) fn add(resource: &mut Value, tags: &Tags) {
    if tags.is_empty() {
        return;
    }
    let mut meta = resource.remove("meta").unwrap_or_else(Value::object);
    let mut security = meta.remove("security").unwrap_or_else(Value::array);
    for coding in tags.iter().map(|tag| tag.coding()) {
        if !security.items().iter().any(|known| known.str("code") == coding.str("code")) {
            security.push(coding);
        }
    }
    meta.set("security", security);
    resource.set("meta", meta);
}
