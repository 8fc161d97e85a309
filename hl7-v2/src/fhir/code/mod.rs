//! The code tables of the guide.

pub(crate) mod coding_system;

/// One map of the guide: from the codes of a table to what FHIR calls them.
pub(crate) struct CodeMap {
    /// The guide's name: `AdministrativeSex`, `AddressType[Use]`.
    pub(crate) name: &'static str,
    /// The number of the v2 table: `0001`.
    pub(crate) table: &'static str,
    pub(crate) find: fn(&str) -> Option<Concept>,
}

/// A code of a code system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Concept {
    /// The whole URL.
    pub(crate) system: &'static str,
    pub(crate) code: &'static str,
    pub(crate) display: Option<&'static str>,
}

pub(crate) fn v2_system(_: &str) -> Option<&'static str> {
    None
}
