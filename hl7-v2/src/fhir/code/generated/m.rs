//! Code tables: M.
// Made by `cargo xtask codes` from `hl7-v2/codes`. Do not edit.

use super::system;
use crate::fhir::code::{CodeMap, Concept, Row, list, to};

/// Table 0002.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MaritalStatus {
    A,
    B,
    C,
    D,
    E,
    G,
    I,
    M,
    N,
    O,
    P,
    R,
    S,
    T,
    U,
    W,
}

static MARITAL_STATUS_CODES: [Row<MaritalStatus, 1>; 16] = [
    Row::new("A", MaritalStatus::A, [to(system::V3_MARITAL_STATUS, "L", "Legally Separated")]),
    Row::new("B", MaritalStatus::B, [to(system::V3_MARITAL_STATUS, "U", "unmarried")]),
    Row::new("C", MaritalStatus::C, [to(system::V3_MARITAL_STATUS, "C", "Common Law")]),
    Row::new("D", MaritalStatus::D, [to(system::V3_MARITAL_STATUS, "D", "Divorced")]),
    Row::new("E", MaritalStatus::E, [to(system::V3_MARITAL_STATUS, "L", "Legally Separated")]),
    Row::new("G", MaritalStatus::G, [to(system::V3_MARITAL_STATUS, "T", "Domestic partner")]),
    Row::new("I", MaritalStatus::I, [to(system::V3_MARITAL_STATUS, "I", "Interlocutory")]),
    Row::new("M", MaritalStatus::M, [to(system::V3_MARITAL_STATUS, "M", "Married")]),
    Row::new("N", MaritalStatus::N, [to(system::V3_MARITAL_STATUS, "A", "Annulled")]),
    Row::new("O", MaritalStatus::O, [to(system::V3_NULL_FLAVOR, "OTH", "other")]),
    Row::new("P", MaritalStatus::P, [to(system::V3_MARITAL_STATUS, "T", "Domestic partner")]),
    Row::new("R", MaritalStatus::R, [to(system::V3_MARITAL_STATUS, "T", "Domestic partner")]),
    Row::new("S", MaritalStatus::S, [to(system::V3_MARITAL_STATUS, "S", "Never Married")]),
    Row::new("T", MaritalStatus::T, [to(system::V3_NULL_FLAVOR, "NAVU", "Not available")]),
    Row::new("U", MaritalStatus::U, [to(system::V3_NULL_FLAVOR, "UNK", "unknown")]),
    Row::new("W", MaritalStatus::W, [to(system::V3_MARITAL_STATUS, "W", "Widowed")]),
];

impl MaritalStatus {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&MARITAL_STATUS_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&MARITAL_STATUS_CODES, self as usize)
    }

    /// `MaritalStatus`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&MARITAL_STATUS_CODES, self as usize, 0)
    }
}

/// `MaritalStatus`.
pub(crate) static MARITAL_STATUS: CodeMap = CodeMap {
    name: "MaritalStatus",
    table: "0002",
    find: |code| MaritalStatus::read(code).and_then(MaritalStatus::concept),
    knows: |code| MaritalStatus::read(code).is_some(),
    translates: true,
    codes: || list(&MARITAL_STATUS_CODES, MaritalStatus::code, MaritalStatus::concept),
};

/// `MessageStructure`: the guide has no counterpart for any code.
pub(crate) static MESSAGE_STRUCTURE: CodeMap = CodeMap {
    name: "MessageStructure",
    table: "0354",
    find: |_| None,
    knows: |_| false,
    translates: false,
    codes: Vec::new,
};

/// Table 0430.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ModeOfArrivalCode {
    A,
    C,
    F,
    H,
    O,
    P,
    U,
}

static MODE_OF_ARRIVAL_CODE_CODES: [Row<ModeOfArrivalCode, 1>; 7] = [
    Row::new("A", ModeOfArrivalCode::A, [to(system::V2_0430, "A", "Ambulance")]),
    Row::new("C", ModeOfArrivalCode::C, [to(system::V2_0430, "C", "Car")]),
    Row::new("F", ModeOfArrivalCode::F, [to(system::V2_0430, "F", "On foot")]),
    Row::new("H", ModeOfArrivalCode::H, [to(system::V2_0430, "H", "Helicopter")]),
    Row::new("O", ModeOfArrivalCode::O, [to(system::V2_0430, "O", "Other")]),
    Row::new("P", ModeOfArrivalCode::P, [to(system::V2_0430, "P", "Public Transport")]),
    Row::new("U", ModeOfArrivalCode::U, [to(system::V2_0430, "U", "Unknown")]),
];

impl ModeOfArrivalCode {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&MODE_OF_ARRIVAL_CODE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&MODE_OF_ARRIVAL_CODE_CODES, self as usize)
    }

    /// `ModeOfArrivalCode`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&MODE_OF_ARRIVAL_CODE_CODES, self as usize, 0)
    }
}

/// `ModeOfArrivalCode`.
pub(crate) static MODE_OF_ARRIVAL_CODE: CodeMap = CodeMap {
    name: "ModeOfArrivalCode",
    table: "0430",
    find: |code| ModeOfArrivalCode::read(code).and_then(ModeOfArrivalCode::concept),
    knows: |code| ModeOfArrivalCode::read(code).is_some(),
    translates: true,
    codes: || list(&MODE_OF_ARRIVAL_CODE_CODES, ModeOfArrivalCode::code, ModeOfArrivalCode::concept),
};
