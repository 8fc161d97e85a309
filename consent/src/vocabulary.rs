//! What HL7 publishes, for the tests of the tables that carry it.

use std::collections::BTreeSet;

/// The codes of a system as HL7 publishes them, each with the concept that directly includes it.
pub(crate) fn published(system: &str) -> BTreeSet<(String, String)> {
    let text = include_str!("../data/hl7-terminology.csv");
    let rows = text.lines().filter_map(|line| line.strip_prefix(system)?.strip_prefix(','));
    let codes: BTreeSet<_> = rows
        .map(|row| row.split_once(',').expect("each row has a code and a parent"))
        .map(|(code, parent)| (code.to_owned(), parent.to_owned()))
        .collect();
    assert!(!codes.is_empty(), "the system is carried");
    codes
}
