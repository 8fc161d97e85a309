//! Code tables: U.
// Made by `cargo xtask codes` from `hl7-v2/codes`. Do not edit.

use super::system;
use crate::fhir::code::{CodeMap, Concept, Row, list, to};

/// Table 0301.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UniversalIdType {
    Cap,
    Clia,
    Clip,
    Dns,
    Eui64,
    Guid,
    Hcd,
    Hl7,
    Iso,
    L,
    M,
    N,
    Npi,
    Random,
    Uri,
    Uuid,
    X400,
    X500,
}

static UNIVERSAL_ID_TYPE_CODES: [Row<UniversalIdType, 1>; 18] = [
    Row::new(
        "CAP",
        UniversalIdType::Cap,
        [to(system::V2_0301, "CAP", "College of American Pathologist Accreditation Number")],
    ),
    Row::new(
        "CLIA",
        UniversalIdType::Clia,
        [to(system::V2_0301, "CLIA", "Clinical Laboratory Improvement Amendments")],
    ),
    Row::new(
        "CLIP",
        UniversalIdType::Clip,
        [to(system::V2_0301, "CLIP", "Clinical laboratory Improvement Program")],
    ),
    Row::new("DNS", UniversalIdType::Dns, [to(system::V2_0301, "DNS", "Domain Name System")]),
    Row::new(
        "EUI64",
        UniversalIdType::Eui64,
        [to(system::V2_0301, "EUI64", "IEEE 64-bit Extended Unique Identifier")],
    ),
    Row::new("GUID", UniversalIdType::Guid, [to(system::V2_0301, "GUID", "globally unique identifier")]),
    Row::new("HCD", UniversalIdType::Hcd, [to(system::V2_0301, "HCD", "CEN Healthcare Coding Identifier")]),
    Row::new("HL7", UniversalIdType::Hl7, [to(system::V2_0301, "HL7", "HL7 registration schemes")]),
    Row::new("ISO", UniversalIdType::Iso, [to(system::V2_0301, "ISO", "ISO Object Identifier")]),
    Row::new("L", UniversalIdType::L, [to(system::V2_0301, "L", "Local")]),
    Row::new("M", UniversalIdType::M, [to(system::V2_0301, "M", "Local")]),
    Row::new("N", UniversalIdType::N, [to(system::V2_0301, "N", "Local")]),
    Row::new("NPI", UniversalIdType::Npi, [to(system::V2_0301, "NPI", "US National Provider Identifier")]),
    Row::new("Random", UniversalIdType::Random, [to(system::V2_0301, "Random", "Random")]),
    Row::new("URI", UniversalIdType::Uri, [to(system::V2_0301, "URI", "Uniform Resource Identifier")]),
    Row::new("UUID", UniversalIdType::Uuid, [to(system::V2_0301, "UUID", "Universal Unique Identifier")]),
    Row::new("x400", UniversalIdType::X400, [to(system::V2_0301, "x400", "X.400 MHS identifier")]),
    Row::new("x500", UniversalIdType::X500, [to(system::V2_0301, "x500", "X500 directory Name")]),
];

impl UniversalIdType {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&UNIVERSAL_ID_TYPE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&UNIVERSAL_ID_TYPE_CODES, self as usize)
    }

    /// `UniversalIDType`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&UNIVERSAL_ID_TYPE_CODES, self as usize, 0)
    }
}

/// `UniversalIDType`.
pub(crate) static UNIVERSAL_ID_TYPE: CodeMap = CodeMap {
    name: "UniversalIDType",
    table: "0301",
    find: |code| UniversalIdType::read(code).and_then(UniversalIdType::concept),
    knows: |code| UniversalIdType::read(code).is_some(),
    translates: true,
    codes: || list(&UNIVERSAL_ID_TYPE_CODES, UniversalIdType::code, UniversalIdType::concept),
};
