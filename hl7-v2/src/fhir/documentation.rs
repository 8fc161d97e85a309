//! The code maps, as data for documents.

use super::code::{self, CodeMap};

/// A code of a v2 table, and what a map of the table makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct CodeText {
    /// The name of the map: `AdministrativeSex`.
    pub map: &'static str,
    /// The number of the table: `0001`.
    pub table: &'static str,
    /// The code of the table.
    pub code: &'static str,
    /// The code system and the code that stand for it in FHIR, where there are such.
    pub counterpart: Option<(&'static str, &'static str)>,
}

/// The codes of every table, map by map: those of the guide, then a few of our own.
///
/// ```
/// let mut codes = carewire_hl7_v2::fhir::codes();
/// let female = codes.find(|code| (code.map, code.code) == ("AdministrativeSex", "F")).ok_or("no such code")?;
/// assert_eq!(female.counterpart, Some(("http://hl7.org/fhir/administrative-gender", "female")));
/// # Ok::<(), &str>(())
/// ```
pub fn codes() -> impl Iterator<Item = CodeText> {
    code::ALL.iter().chain(code::OWN).flat_map(|map| codes_of(map))
}

/// What of the code maps of the guide is left out or not taken as it is written there, and why: map, code, reason.
pub fn codes_left_out() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    let unmapped = code::UNMAPPED.iter().map(|row| (row.map, row.code, row.reason));
    unmapped.chain(code::CORRECTED.iter().map(|row| (row.map, row.code, row.reason)))
}

fn codes_of(map: &'static CodeMap) -> impl Iterator<Item = CodeText> {
    (map.codes)().into_iter().map(|(code, concept)| CodeText {
        map: map.name,
        table: map.table,
        code,
        counterpart: concept.map(|concept| (concept.system, concept.code)),
    })
}
