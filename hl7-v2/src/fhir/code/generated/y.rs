//! Code tables: Y.
// Made by `cargo xtask codes` from `hl7-v2/codes`. Do not edit.

use super::system;
use crate::fhir::code::{CodeMap, Concept, Row, list, to};

/// Table 0136.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum YesNoIndicator {
    N,
    Y,
}

static YES_NO_INDICATOR_CODES: [Row<YesNoIndicator, 2>; 2] = [
    Row::new(
        "N",
        YesNoIndicator::N,
        [
            to(system::SPECIAL_VALUES, "false", "false"),
            to(system::SPECIMEN_STATUS, "unavailable", "Unavailable"),
        ],
    ),
    Row::new(
        "Y",
        YesNoIndicator::Y,
        [to(system::SPECIAL_VALUES, "true", "true"), to(system::SPECIMEN_STATUS, "available", "Available")],
    ),
];

impl YesNoIndicator {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&YES_NO_INDICATOR_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&YES_NO_INDICATOR_CODES, self as usize)
    }

    /// `YesNoIndicator`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&YES_NO_INDICATOR_CODES, self as usize, 0)
    }

    /// `YesNoIndicator[AvailabilityStatus]`.
    pub(crate) fn concept_availability_status(self) -> Option<Concept> {
        Row::concept(&YES_NO_INDICATOR_CODES, self as usize, 1)
    }
}

/// `YesNoIndicator`.
pub(crate) static YES_NO_INDICATOR: CodeMap = CodeMap {
    name: "YesNoIndicator",
    table: "0136",
    find: |code| YesNoIndicator::read(code).and_then(YesNoIndicator::concept),
    knows: |code| YesNoIndicator::read(code).is_some(),
    translates: true,
    codes: || list(&YES_NO_INDICATOR_CODES, YesNoIndicator::code, YesNoIndicator::concept),
};

/// `YesNoIndicator[AvailabilityStatus]`.
pub(crate) static YES_NO_INDICATOR_AVAILABILITY_STATUS: CodeMap = CodeMap {
    name: "YesNoIndicator[AvailabilityStatus]",
    table: "0136",
    find: |code| YesNoIndicator::read(code).and_then(YesNoIndicator::concept_availability_status),
    knows: |code| YesNoIndicator::read(code).is_some(),
    translates: true,
    codes: || {
        list(&YES_NO_INDICATOR_CODES, YesNoIndicator::code, YesNoIndicator::concept_availability_status)
    },
};
