//! The dictionary of HL7 v2: what the standard defines, by version, as data (feature `dictionary`).
//!
//! Segments with their fields, datatypes with their components, message structures with their groups, and code tables.
//! The data is text in the binary (about 0.9 MB) and read on first use, each version by itself: 2 to 10 ms.
//!
//! ```
//! use carewire_hl7_v2::dictionary::{Dictionary, Optionality, Version};
//!
//! let dictionary = Dictionary::of(Version::V2_5_1);
//! let field = dictionary.segment("PID").and_then(|pid| pid.field(3)).ok_or("no PID-3")?;
//! assert_eq!(field.name(), "Patient Identifier List");
//! assert_eq!((field.datatype(), field.usage()), ("CX", Optionality::Required));
//! assert!(field.cardinality().repeats());
//! assert_eq!(dictionary.structure_of("ADT", "A04"), Some("ADT_A01"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Where the data is from, under which licences, what it covers and what is wrong with it: `dictionary/README.md` of
//! this crate. It has no conditions of conditional fields, no conformance lengths and no prose.

mod definition;
mod overlay;
mod read;
mod structure;
mod table;
mod version;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;
use std::sync::{Arc, OnceLock};

pub use definition::{
    Cardinality, ComponentDefinition, DatatypeDefinition, FieldDefinition, Optionality, SegmentDefinition,
};
pub use overlay::{OverlayError, OverlayProblem};
pub use structure::{Node, StructureDefinition};
pub use table::{TableDefinition, TableKind};
pub use version::{Nearest, UnknownVersion, Version};

/// Text of the binary, or of an overlay.
pub type Text = Cow<'static, str>;

/// What one version defines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dictionary {
    version: Version,
    parts: Parts,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Parts {
    segments: BTreeMap<Text, Arc<SegmentDefinition>>,
    datatypes: BTreeMap<Text, Arc<DatatypeDefinition>>,
    structures: BTreeMap<Text, Arc<StructureDefinition>>,
    tables: BTreeMap<Text, Arc<TableDefinition>>,
    /// The structures of events that an overlay names.
    events: BTreeMap<(String, String), String>,
}

impl Dictionary {
    /// The dictionary of a version, read on first use.
    #[must_use]
    pub fn of(version: Version) -> &'static Self {
        static ALL: [OnceLock<Dictionary>; Version::ALL.len()] =
            [const { OnceLock::new() }; Version::ALL.len()];
        static NONE: OnceLock<Dictionary> = OnceLock::new();
        let place = Version::ALL.iter().position(|other| *other == version).and_then(|at| ALL.get(at));
        place.unwrap_or(&NONE).get_or_init(|| Self { version, parts: read::version(version).0 })
    }

    /// The version that it is of.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// The segment with this name, such as `PID`.
    #[must_use]
    pub fn segment(&self, name: &str) -> Option<&SegmentDefinition> {
        self.parts.segments.get(name).map(AsRef::as_ref)
    }

    /// All segments, by name.
    pub fn segments(&self) -> impl ExactSizeIterator<Item = &SegmentDefinition> {
        self.parts.segments.values().map(AsRef::as_ref)
    }

    /// The datatype with this code, such as `CX`.
    #[must_use]
    pub fn datatype(&self, name: &str) -> Option<&DatatypeDefinition> {
        self.parts.datatypes.get(name).map(AsRef::as_ref)
    }

    /// All datatypes, by code.
    pub fn datatypes(&self) -> impl ExactSizeIterator<Item = &DatatypeDefinition> {
        self.parts.datatypes.values().map(AsRef::as_ref)
    }

    /// The table with this number of four digits, such as `0001`.
    #[must_use]
    pub fn table(&self, id: &str) -> Option<&TableDefinition> {
        self.parts.tables.get(id).map(AsRef::as_ref)
    }

    /// All tables, by number.
    pub fn tables(&self) -> impl ExactSizeIterator<Item = &TableDefinition> {
        self.parts.tables.values().map(AsRef::as_ref)
    }

    /// The message structure with this name of table 0354, such as `ADT_A01`.
    #[must_use]
    pub fn structure(&self, name: &str) -> Option<&StructureDefinition> {
        self.parts.structures.get(name).map(AsRef::as_ref)
    }

    /// All message structures, by name.
    pub fn structures(&self) -> impl ExactSizeIterator<Item = &StructureDefinition> {
        self.parts.structures.values().map(AsRef::as_ref)
    }

    /// The name of the message structure of a message code (MSH-9.1) and a trigger event (MSH-9.2), for a message
    /// that does not name it in MSH-9.3: `ADT` and `A04` give `ADT_A01`, `ACK` with any event `ACK`.
    ///
    /// From table 0354, as far as this version has the structure.
    #[must_use]
    pub fn structure_of(&self, message_code: &str, trigger_event: &str) -> Option<&str> {
        let named = |name: &str| self.structure(name).map(StructureDefinition::name);
        if !self.parts.events.is_empty()
            && let Some(name) = self.parts.events.get(&(message_code.to_owned(), trigger_event.to_owned()))
        {
            return named(name);
        }
        let own = format!("{message_code}_{trigger_event}");
        let shared = || {
            let all = events().get(&(message_code, trigger_event)).into_iter().flatten();
            all.filter(|shared| shared.versions.iter().any(|run| run.contains(&self.version)))
        };
        if self.table("0354").is_none_or(|table| table.codes().len() == 0 || table.code(&own).is_some())
            && let Some(name) = named(&own)
        {
            return Some(name);
        }
        shared()
            .find_map(|shared| named(shared.structure))
            .or_else(|| named(&own))
            .or_else(|| named(message_code))
    }
}

/// The structures that events share, by message code and event.
type Events = HashMap<(&'static str, &'static str), Vec<Shared>>;

/// A structure that an event has in some versions.
struct Shared {
    structure: &'static str,
    versions: Vec<RangeInclusive<Version>>,
}

fn events() -> &'static Events {
    static EVENTS: OnceLock<Events> = OnceLock::new();
    EVENTS.get_or_init(|| {
        let mut all = Events::new();
        for (structure, versions, events) in read::events() {
            let code = structure.split('_').next().unwrap_or(structure);
            for event in events.split(' ') {
                all.entry((code, event)).or_default().push(Shared { structure, versions: versions.clone() });
            }
        }
        all
    })
}

#[cfg(test)]
mod tests;
