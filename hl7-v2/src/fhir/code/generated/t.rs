//! Code tables: T.
// Made by `cargo xtask codes` from `hl7-v2/codes`. Do not edit.

use super::system;
use crate::fhir::code::{CodeMap, Concept, NONE, Row, bare, list, to};

/// Table 0201.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TelecommunicationUseCode {
    Asn,
    Bpn,
    Emr,
    Net,
    Orn,
    Prn,
    Prs,
    Vhn,
    Wpn,
}

static TELECOMMUNICATION_USE_CODE_CODES: [Row<TelecommunicationUseCode, 1>; 9] = [
    Row::new("ASN", TelecommunicationUseCode::Asn, [NONE]),
    Row::new("BPN", TelecommunicationUseCode::Bpn, [NONE]),
    Row::new("EMR", TelecommunicationUseCode::Emr, [NONE]),
    Row::new("NET", TelecommunicationUseCode::Net, [NONE]),
    Row::new("ORN", TelecommunicationUseCode::Orn, [NONE]),
    Row::new("PRN", TelecommunicationUseCode::Prn, [to(system::CONTACT_POINT_USE, "home", "Home")]),
    Row::new("PRS", TelecommunicationUseCode::Prs, [to(system::CONTACT_POINT_USE, "mobile", "Mobile")]),
    Row::new("VHN", TelecommunicationUseCode::Vhn, [NONE]),
    Row::new("WPN", TelecommunicationUseCode::Wpn, [to(system::CONTACT_POINT_USE, "work", "Work")]),
];

impl TelecommunicationUseCode {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&TELECOMMUNICATION_USE_CODE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&TELECOMMUNICATION_USE_CODE_CODES, self as usize)
    }

    /// `TelecommunicationUseCode`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&TELECOMMUNICATION_USE_CODE_CODES, self as usize, 0)
    }
}

/// `TelecommunicationUseCode`.
pub(crate) static TELECOMMUNICATION_USE_CODE: CodeMap = CodeMap {
    name: "TelecommunicationUseCode",
    table: "0201",
    find: |code| TelecommunicationUseCode::read(code).and_then(TelecommunicationUseCode::concept),
    knows: |code| TelecommunicationUseCode::read(code).is_some(),
    translates: true,
    codes: || {
        list(
            &TELECOMMUNICATION_USE_CODE_CODES,
            TelecommunicationUseCode::code,
            TelecommunicationUseCode::concept,
        )
    },
};

/// Table 0202.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TelecommunicationEquipmentType {
    Bp,
    Cp,
    Fx,
    Internet,
    Md,
    Ph,
    Sat,
    Tdd,
    Tty,
    X400,
}

static TELECOMMUNICATION_EQUIPMENT_TYPE_CODES: [Row<TelecommunicationEquipmentType, 2>; 10] = [
    Row::new(
        "BP",
        TelecommunicationEquipmentType::Bp,
        [to(system::CONTACT_POINT_SYSTEM, "pager", "Pager"), NONE],
    ),
    Row::new(
        "CP",
        TelecommunicationEquipmentType::Cp,
        [
            to(system::CONTACT_POINT_SYSTEM, "phone", "Phone"),
            to(system::CONTACT_POINT_USE, "mobile", "Mobile"),
        ],
    ),
    Row::new(
        "FX",
        TelecommunicationEquipmentType::Fx,
        [to(system::CONTACT_POINT_SYSTEM, "fax", "Fax"), NONE],
    ),
    Row::new(
        "Internet",
        TelecommunicationEquipmentType::Internet,
        [to(system::CONTACT_POINT_SYSTEM, "email", "Email"), NONE],
    ),
    Row::new(
        "MD",
        TelecommunicationEquipmentType::Md,
        [to(system::CONTACT_POINT_SYSTEM, "other", "Other"), NONE],
    ),
    Row::new(
        "PH",
        TelecommunicationEquipmentType::Ph,
        [to(system::CONTACT_POINT_SYSTEM, "phone", "Phone"), NONE],
    ),
    Row::new(
        "SAT",
        TelecommunicationEquipmentType::Sat,
        [to(system::CONTACT_POINT_SYSTEM, "other", "Other"), NONE],
    ),
    Row::new(
        "TDD",
        TelecommunicationEquipmentType::Tdd,
        [to(system::CONTACT_POINT_SYSTEM, "other", "Other"), NONE],
    ),
    Row::new(
        "TTY",
        TelecommunicationEquipmentType::Tty,
        [to(system::CONTACT_POINT_SYSTEM, "other", "Other"), NONE],
    ),
    Row::new(
        "X.400",
        TelecommunicationEquipmentType::X400,
        [to(system::CONTACT_POINT_SYSTEM, "email", "Email"), NONE],
    ),
];

impl TelecommunicationEquipmentType {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&TELECOMMUNICATION_EQUIPMENT_TYPE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&TELECOMMUNICATION_EQUIPMENT_TYPE_CODES, self as usize)
    }

    /// `TelecommunicationEquipmentType`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&TELECOMMUNICATION_EQUIPMENT_TYPE_CODES, self as usize, 0)
    }

    /// `TelecommunicationEquipmentType[Use]`.
    pub(crate) fn concept_use(self) -> Option<Concept> {
        Row::concept(&TELECOMMUNICATION_EQUIPMENT_TYPE_CODES, self as usize, 1)
    }
}

/// `TelecommunicationEquipmentType`.
pub(crate) static TELECOMMUNICATION_EQUIPMENT_TYPE: CodeMap = CodeMap {
    name: "TelecommunicationEquipmentType",
    table: "0202",
    find: |code| TelecommunicationEquipmentType::read(code).and_then(TelecommunicationEquipmentType::concept),
    knows: |code| TelecommunicationEquipmentType::read(code).is_some(),
    translates: true,
    codes: || {
        list(
            &TELECOMMUNICATION_EQUIPMENT_TYPE_CODES,
            TelecommunicationEquipmentType::code,
            TelecommunicationEquipmentType::concept,
        )
    },
};

/// `TelecommunicationEquipmentType[Use]`.
pub(crate) static TELECOMMUNICATION_EQUIPMENT_TYPE_USE: CodeMap = CodeMap {
    name: "TelecommunicationEquipmentType[Use]",
    table: "0202",
    find: |code| {
        TelecommunicationEquipmentType::read(code).and_then(TelecommunicationEquipmentType::concept_use)
    },
    knows: |code| TelecommunicationEquipmentType::read(code).is_some(),
    translates: true,
    codes: || {
        list(
            &TELECOMMUNICATION_EQUIPMENT_TYPE_CODES,
            TelecommunicationEquipmentType::code,
            TelecommunicationEquipmentType::concept_use,
        )
    },
};

/// Table 0663.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TestServiceDefaultDurationUnits {
    A,
    D,
    H,
    Min,
    Mo,
    S,
    Wk,
}

static TEST_SERVICE_DEFAULT_DURATION_UNITS_CODES: [Row<TestServiceDefaultDurationUnits, 1>; 7] = [
    Row::new("a", TestServiceDefaultDurationUnits::A, [bare(system::UCUM, "a")]),
    Row::new("d", TestServiceDefaultDurationUnits::D, [bare(system::UCUM, "d")]),
    Row::new("h", TestServiceDefaultDurationUnits::H, [bare(system::UCUM, "h")]),
    Row::new("min", TestServiceDefaultDurationUnits::Min, [bare(system::UCUM, "min")]),
    Row::new("mo", TestServiceDefaultDurationUnits::Mo, [bare(system::UCUM, "mo")]),
    Row::new("s", TestServiceDefaultDurationUnits::S, [bare(system::UCUM, "s")]),
    Row::new("wk", TestServiceDefaultDurationUnits::Wk, [bare(system::UCUM, "wk")]),
];

impl TestServiceDefaultDurationUnits {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&TEST_SERVICE_DEFAULT_DURATION_UNITS_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&TEST_SERVICE_DEFAULT_DURATION_UNITS_CODES, self as usize)
    }

    /// `TestServiceDefaultDurationUnits`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&TEST_SERVICE_DEFAULT_DURATION_UNITS_CODES, self as usize, 0)
    }
}

/// `TestServiceDefaultDurationUnits`.
pub(crate) static TEST_SERVICE_DEFAULT_DURATION_UNITS: CodeMap = CodeMap {
    name: "TestServiceDefaultDurationUnits",
    table: "0663",
    find: |code| {
        TestServiceDefaultDurationUnits::read(code).and_then(TestServiceDefaultDurationUnits::concept)
    },
    knows: |code| TestServiceDefaultDurationUnits::read(code).is_some(),
    translates: true,
    codes: || {
        list(
            &TEST_SERVICE_DEFAULT_DURATION_UNITS_CODES,
            TestServiceDefaultDurationUnits::code,
            TestServiceDefaultDurationUnits::concept,
        )
    },
};
