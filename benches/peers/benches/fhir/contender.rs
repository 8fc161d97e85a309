//! Who is compared, and how each reads and writes.

use carewire_fhir_core::Value;
use fhirkit::r4;

/// Reads a text into a tree of its own and writes it back.
pub(crate) trait Contender {
    /// The name in the tables.
    const NAME: &'static str;

    /// What it reads into.
    type Tree: Clone;

    /// The tree of a sound text.
    fn read(text: &str) -> Option<Self::Tree>;

    /// Compact JSON.
    fn write(tree: &Self::Tree) -> String;
}

/// This project's tree.
pub(crate) struct Carewire;

impl Contender for Carewire {
    const NAME: &'static str = "carewire";
    type Tree = Value;

    fn read(text: &str) -> Option<Value> {
        Value::parse(text.as_bytes()).ok()
    }

    fn write(tree: &Value) -> String {
        tree.to_json()
    }
}

/// `serde_json::Value` with its default features.
pub(crate) struct SerdeJson;

impl Contender for SerdeJson {
    const NAME: &'static str = "serde_json";
    type Tree = serde_json::Value;

    fn read(text: &str) -> Option<serde_json::Value> {
        serde_json::from_str(text).ok()
    }

    fn write(tree: &serde_json::Value) -> String {
        serde_json::to_string(tree).unwrap_or_default()
    }
}

/// `sonic_rs::Value`.
pub(crate) struct SonicRs;

impl Contender for SonicRs {
    const NAME: &'static str = "sonic-rs";
    type Tree = sonic_rs::Value;

    fn read(text: &str) -> Option<sonic_rs::Value> {
        sonic_rs::from_str(text).ok()
    }

    fn write(tree: &sonic_rs::Value) -> String {
        sonic_rs::to_string(tree).unwrap_or_default()
    }
}

/// fhirkit's typed resources.
pub(crate) struct Fhirkit;

impl Contender for Fhirkit {
    const NAME: &'static str = "fhirkit";
    type Tree = r4::Resource;

    fn read(text: &str) -> Option<r4::Resource> {
        fhirkit::from_json(text).ok()?.0
    }

    fn write(tree: &r4::Resource) -> String {
        fhirkit::to_json(tree)
    }
}
