//! Code tables: L.
// Made by `cargo xtask codes` from `hl7-v2/codes`. Do not edit.

use super::system;
use crate::fhir::code::{CodeMap, Concept, Row, list, to};

/// Table 0315.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LivingWillCode {
    F,
    I,
    N,
    U,
    Y,
}

static LIVING_WILL_CODE_CODES: [Row<LivingWillCode, 1>; 5] = [
    Row::new(
        "F",
        LivingWillCode::F,
        [to(system::V2_0315, "F", "Yes, patient has a living will but it is not on file")],
    ),
    Row::new(
        "I",
        LivingWillCode::I,
        [to(system::V2_0315, "I", "No, patient does not have a living will but information was provided")],
    ),
    Row::new(
        "N",
        LivingWillCode::N,
        [to(system::V2_0315, "N", "No, patient does not have a living will and no information was provided")],
    ),
    Row::new("U", LivingWillCode::U, [to(system::V2_0315, "U", "Unknown")]),
    Row::new("Y", LivingWillCode::Y, [to(system::V2_0315, "Y", "Yes, patient has a living will")]),
];

impl LivingWillCode {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&LIVING_WILL_CODE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&LIVING_WILL_CODE_CODES, self as usize)
    }

    /// `LivingWillCode`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&LIVING_WILL_CODE_CODES, self as usize, 0)
    }
}

/// `LivingWillCode`.
pub(crate) static LIVING_WILL_CODE: CodeMap = CodeMap {
    name: "LivingWillCode",
    table: "0315",
    find: |code| LivingWillCode::read(code).and_then(LivingWillCode::concept),
    knows: |code| LivingWillCode::read(code).is_some(),
    translates: true,
    codes: || list(&LIVING_WILL_CODE_CODES, LivingWillCode::code, LivingWillCode::concept),
};
