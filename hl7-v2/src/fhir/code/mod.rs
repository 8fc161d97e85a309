//! The code tables of HL7 v2: one enum for each, and what FHIR calls its codes.
//!
//! The enums are made by `cargo xtask codes` from `hl7-v2/codes`, which has the maps of the official guide and a few of
//! its own. A code is taken as its table writes it: no case is guessed, and a code that a table does not have is `None`.
//! Names of coding systems (table 0396) are in [`coding_system`].

pub(crate) mod coding_system;
mod generated;
pub(crate) mod media_type;
pub(crate) mod message;
pub(crate) mod unit;

pub(crate) use generated::*;

#[cfg(test)]
mod guide;
#[cfg(test)]
mod tests;

/// One map of the guide: from the codes of a table to what FHIR calls them.
pub(crate) struct CodeMap {
    /// The guide's name: `AdministrativeSex`, `AddressType[Use]`.
    pub(crate) name: &'static str,
    /// The number of the table: `0001`.
    pub(crate) table: &'static str,
    /// The counterpart of a code, if it has one.
    pub(crate) find: fn(&str) -> Option<Concept>,
    /// Whether it is a code of the table, with a counterpart or without.
    pub(crate) knows: fn(&str) -> bool,
    /// Whether any code has a counterpart.
    pub(crate) translates: bool,
    /// Every code that is known here, sorted, with its counterpart.
    pub(crate) codes: fn() -> Vec<(&'static str, Option<Concept>)>,
}

/// A code of a code system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Concept {
    /// The whole URL.
    pub(crate) system: &'static str,
    pub(crate) code: &'static str,
    /// For code systems of HL7 only.
    pub(crate) display: Option<&'static str>,
}

/// A row of the guide that is left out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UnmappedCode {
    pub(crate) map: &'static str,
    pub(crate) code: &'static str,
    pub(crate) reason: &'static str,
}

/// A row of the guide that is not taken as it is written there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CorrectedCode {
    pub(crate) map: &'static str,
    pub(crate) code: &'static str,
    pub(crate) reason: &'static str,
}

/// The code system of a v2 table: `0085` gives `http://terminology.hl7.org/CodeSystem/v2-0085`.
pub(crate) fn v2_system(number: &str) -> Option<&'static str> {
    // All begin alike: only what follows tells them apart.
    let index = system::V2.binary_search_by(|url| url.get(V2_BASE.len()..).cmp(&Some(number))).ok()?;
    system::V2.get(index).copied()
}

const V2_BASE: &str = "http://terminology.hl7.org/CodeSystem/v2-";

/// A code of a table: its text, its value, and what each map of the table makes of it. The rows of a table are sorted,
/// and the values are numbered in this order.
struct Row<T, const MAPS: usize> {
    code: &'static str,
    value: T,
    concepts: [Option<Concept>; MAPS],
}

impl<T: Copy, const MAPS: usize> Row<T, MAPS> {
    const fn new(code: &'static str, value: T, concepts: [Option<Concept>; MAPS]) -> Self {
        Self { code, value, concepts }
    }

    fn read(rows: &[Self], code: &str) -> Option<T> {
        let index = rows.binary_search_by(|row| row.code.cmp(code)).ok()?;
        rows.get(index).map(|row| row.value)
    }

    fn code(rows: &[Self], number: usize) -> &'static str {
        rows.get(number).map_or("", |row| row.code)
    }

    fn concept(rows: &[Self], number: usize, map: usize) -> Option<Concept> {
        *rows.get(number)?.concepts.get(map)?
    }
}

/// The codes of a table with what one of its maps makes of them.
fn list<T: Copy, const MAPS: usize>(
    rows: &[Row<T, MAPS>],
    code: fn(T) -> &'static str,
    concept: fn(T) -> Option<Concept>,
) -> Vec<(&'static str, Option<Concept>)> {
    rows.iter().map(|row| (code(row.value), concept(row.value))).collect()
}

/// A code without a counterpart.
const NONE: Option<Concept> = None;

const fn to(system: &'static str, code: &'static str, display: &'static str) -> Option<Concept> {
    Some(Concept { system, code, display: Some(display) })
}

const fn bare(system: &'static str, code: &'static str) -> Option<Concept> {
    Some(Concept { system, code, display: None })
}
