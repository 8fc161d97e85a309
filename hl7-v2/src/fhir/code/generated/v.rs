//! Code tables: V.
// Made by `cargo xtask codes` from `hl7-v2/codes`. Do not edit.

use super::system;
use crate::fhir::code::{CodeMap, Concept, Row, list, to};

/// Table 0099.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VipIndicator {
    Ext,
    Nrm,
    Prf,
    Stf,
    Unk,
    Vip,
}

static VIP_INDICATOR_CODES: [Row<VipIndicator, 1>; 6] = [
    Row::new(
        "EXT",
        VipIndicator::Ext,
        [to(system::V3_ENCOUNTER_SPECIAL_COURTESY, "EXT", "extended courtesy")],
    ),
    Row::new("NRM", VipIndicator::Nrm, [to(system::V3_ENCOUNTER_SPECIAL_COURTESY, "NRM", "normal courtesy")]),
    Row::new(
        "PRF",
        VipIndicator::Prf,
        [to(system::V3_ENCOUNTER_SPECIAL_COURTESY, "PRF", "professional courtesy")],
    ),
    Row::new("STF", VipIndicator::Stf, [to(system::V3_ENCOUNTER_SPECIAL_COURTESY, "STF", "staff")]),
    Row::new("UNK", VipIndicator::Unk, [to(system::V3_NULL_FLAVOR, "UNK", "unknown")]),
    Row::new(
        "VIP",
        VipIndicator::Vip,
        [to(system::V3_ENCOUNTER_SPECIAL_COURTESY, "VIP", "very important person")],
    ),
];

impl VipIndicator {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&VIP_INDICATOR_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&VIP_INDICATOR_CODES, self as usize)
    }

    /// `VIPIndicator`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&VIP_INDICATOR_CODES, self as usize, 0)
    }
}

/// `VIPIndicator`.
pub(crate) static VIP_INDICATOR: CodeMap = CodeMap {
    name: "VIPIndicator",
    table: "0099",
    find: |code| VipIndicator::read(code).and_then(VipIndicator::concept),
    knows: |code| VipIndicator::read(code).is_some(),
    translates: true,
    codes: || list(&VIP_INDICATOR_CODES, VipIndicator::code, VipIndicator::concept),
};

/// Table 0130.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VisitUserCode {
    Ho,
    Mo,
    Ph,
    Te,
}

static VISIT_USER_CODE_CODES: [Row<VisitUserCode, 1>; 4] = [
    Row::new("HO", VisitUserCode::Ho, [to(system::V2_0130, "HO", "Home")]),
    Row::new("MO", VisitUserCode::Mo, [to(system::V2_0130, "MO", "Mobile Unit")]),
    Row::new("PH", VisitUserCode::Ph, [to(system::V2_0130, "PH", "Phone")]),
    Row::new("TE", VisitUserCode::Te, [to(system::V2_0130, "TE", "Teaching")]),
];

impl VisitUserCode {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&VISIT_USER_CODE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&VISIT_USER_CODE_CODES, self as usize)
    }

    /// `VisitUserCode`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&VISIT_USER_CODE_CODES, self as usize, 0)
    }
}

/// `VisitUserCode`.
pub(crate) static VISIT_USER_CODE: CodeMap = CodeMap {
    name: "VisitUserCode",
    table: "0130",
    find: |code| VisitUserCode::read(code).and_then(VisitUserCode::concept),
    knows: |code| VisitUserCode::read(code).is_some(),
    translates: true,
    codes: || list(&VISIT_USER_CODE_CODES, VisitUserCode::code, VisitUserCode::concept),
};
