//! What the sources say and what is written, in one shape.

use std::collections::BTreeMap;

/// The versions in the order of their publication.
pub(super) const VERSIONS: [&str; 14] = [
    "2.1", "2.2", "2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.7.1", "2.8", "2.8.1", "2.8.2",
    "2.9",
];

/// A field of a segment or a component of a datatype, as far as one source knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) datatype: String,
    /// `R`, `O`, `C`, `B`, `W`, `X`, or `U` where it is not stated.
    pub(super) usage: Option<char>,
    pub(super) min: Option<u32>,
    /// `Some(None)`: any number.
    pub(super) max: Option<Option<u32>>,
    pub(super) length: Option<u32>,
    pub(super) table: Option<String>,
}

/// A segment or a datatype.
#[derive(Clone, Debug, Default)]
pub(super) struct Definition {
    pub(super) title: String,
    pub(super) parts: BTreeMap<usize, Part>,
}

/// What one source says of one version.
#[derive(Clone, Debug, Default)]
pub(super) struct Release {
    pub(super) segments: BTreeMap<String, Definition>,
    pub(super) datatypes: BTreeMap<String, Definition>,
    /// Bodies by the name of the structure and of the group; the structure itself has an empty one.
    pub(super) structures: BTreeMap<(String, String), String>,
    pub(super) tables: BTreeMap<String, Table>,
    /// The events of a structure, where that is written by hand.
    pub(super) events: BTreeMap<String, Vec<String>>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    pub(super) title: String,
    /// `hl7`, `user` or `unknown`, where that is written by hand.
    pub(super) kind: Option<String>,
    pub(super) codes: Vec<String>,
}

/// The number of a table as the standard writes it; none where a source means "no table".
pub(super) fn table_id(text: &str) -> Option<String> {
    let id = text.strip_prefix("HL7").unwrap_or(text).trim();
    let known = !id.is_empty() && id != "9999" && id != "0000";
    known.then(|| format!("{id:0>4}"))
}

/// The versions of a set, written as ranges: `2.3-2.5.1,2.7`.
pub(super) fn ranges(versions: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for &version in versions {
        match runs.last_mut() {
            Some((_, end)) if *end + 1 == version => *end = version,
            _ => runs.push((version, version)),
        }
    }
    let name = |at: usize| VERSIONS.get(at).copied().unwrap_or_default();
    let run = |&(from, to): &(usize, usize)| {
        if from == to { name(from).to_owned() } else { format!("{}-{}", name(from), name(to)) }
    };
    runs.iter().map(run).collect::<Vec<_>>().join(",")
}
