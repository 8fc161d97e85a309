//! Code tables: N.
// Made by `cargo xtask codes` from `hl7-v2/codes`. Do not edit.

use super::system;
use crate::fhir::code::{CodeMap, Concept, NONE, Row, list, to};

/// Table 0080.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NatureOfAbnormalTesting {
    A,
    B,
    N,
    R,
    S,
    Sp,
    St,
}

static NATURE_OF_ABNORMAL_TESTING_CODES: [Row<NatureOfAbnormalTesting, 1>; 7] = [
    Row::new("A", NatureOfAbnormalTesting::A, [to(system::V2_0080, "A", "An age-based population")]),
    Row::new("B", NatureOfAbnormalTesting::B, [to(system::V2_0080, "B", "Breed")]),
    Row::new("N", NatureOfAbnormalTesting::N, [to(system::V2_0080, "N", "None - generic normal range")]),
    Row::new("R", NatureOfAbnormalTesting::R, [to(system::V2_0080, "R", "A race-based population")]),
    Row::new("S", NatureOfAbnormalTesting::S, [to(system::V2_0080, "S", "A sex-based population")]),
    Row::new("SP", NatureOfAbnormalTesting::Sp, [to(system::V2_0080, "SP", "Species")]),
    Row::new("ST", NatureOfAbnormalTesting::St, [to(system::V2_0080, "ST", "Strain")]),
];

impl NatureOfAbnormalTesting {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&NATURE_OF_ABNORMAL_TESTING_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&NATURE_OF_ABNORMAL_TESTING_CODES, self as usize)
    }

    /// `NatureOfAbnormalTesting`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&NATURE_OF_ABNORMAL_TESTING_CODES, self as usize, 0)
    }
}

/// `NatureOfAbnormalTesting`.
pub(crate) static NATURE_OF_ABNORMAL_TESTING: CodeMap = CodeMap {
    name: "NatureOfAbnormalTesting",
    table: "0080",
    find: |code| NatureOfAbnormalTesting::read(code).and_then(NatureOfAbnormalTesting::concept),
    knows: |code| NatureOfAbnormalTesting::read(code).is_some(),
    translates: true,
    codes: || {
        list(
            &NATURE_OF_ABNORMAL_TESTING_CODES,
            NatureOfAbnormalTesting::code,
            NatureOfAbnormalTesting::concept,
        )
    },
};

/// Table 0200.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameType {
    A,
    B,
    Bad,
    C,
    D,
    F,
    I,
    K,
    L,
    M,
    Msk,
    N,
    Nav,
    Nb,
    Nouse,
    P,
    R,
    Rel,
    S,
    T,
    Temp,
    U,
}

static NAME_TYPE_CODES: [Row<NameType, 1>; 22] = [
    Row::new("A", NameType::A, [NONE]),
    Row::new("B", NameType::B, [NONE]),
    Row::new("BAD", NameType::Bad, [to(system::NAME_USE, "old", "Old")]),
    Row::new("C", NameType::C, [NONE]),
    Row::new("D", NameType::D, [to(system::NAME_USE, "usual", "Usual")]),
    Row::new("F", NameType::F, [NONE]),
    Row::new("I", NameType::I, [NONE]),
    Row::new("K", NameType::K, [NONE]),
    Row::new("L", NameType::L, [to(system::NAME_USE, "official", "Official")]),
    Row::new("M", NameType::M, [to(system::NAME_USE, "maiden", "Name changed for Marriage")]),
    Row::new("MSK", NameType::Msk, [to(system::NAME_USE, "anonymous", "Anonymous")]),
    Row::new("N", NameType::N, [to(system::NAME_USE, "nickname", "Nickname")]),
    Row::new("NAV", NameType::Nav, [to(system::NAME_USE, "temp", "Temp")]),
    Row::new("NB", NameType::Nb, [NONE]),
    Row::new("NOUSE", NameType::Nouse, [NONE]),
    Row::new("P", NameType::P, [NONE]),
    Row::new("R", NameType::R, [to(system::NAME_USE, "official", "Official")]),
    Row::new("REL", NameType::Rel, [NONE]),
    Row::new("S", NameType::S, [NONE]),
    Row::new("T", NameType::T, [NONE]),
    Row::new("TEMP", NameType::Temp, [to(system::NAME_USE, "temp", "Temp")]),
    Row::new("U", NameType::U, [NONE]),
];

impl NameType {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&NAME_TYPE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&NAME_TYPE_CODES, self as usize)
    }

    /// `NameType`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&NAME_TYPE_CODES, self as usize, 0)
    }
}

/// `NameType`.
pub(crate) static NAME_TYPE: CodeMap = CodeMap {
    name: "NameType",
    table: "0200",
    find: |code| NameType::read(code).and_then(NameType::concept),
    knows: |code| NameType::read(code).is_some(),
    translates: true,
    codes: || list(&NAME_TYPE_CODES, NameType::code, NameType::concept),
};

/// Table 0444.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameAssemblyOrder {
    F,
    G,
}

static NAME_ASSEMBLY_ORDER_CODES: [Row<NameAssemblyOrder, 1>; 2] = [
    Row::new("F", NameAssemblyOrder::F, [to(system::V2_0444, "F", "Prefix Family Middle Given Suffix")]),
    Row::new("G", NameAssemblyOrder::G, [to(system::V2_0444, "G", "Prefix Given Middle Family Suffix")]),
];

impl NameAssemblyOrder {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&NAME_ASSEMBLY_ORDER_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&NAME_ASSEMBLY_ORDER_CODES, self as usize)
    }

    /// `NameAssemblyOrder`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&NAME_ASSEMBLY_ORDER_CODES, self as usize, 0)
    }
}

/// `NameAssemblyOrder`.
pub(crate) static NAME_ASSEMBLY_ORDER: CodeMap = CodeMap {
    name: "NameAssemblyOrder",
    table: "0444",
    find: |code| NameAssemblyOrder::read(code).and_then(NameAssemblyOrder::concept),
    knows: |code| NameAssemblyOrder::read(code).is_some(),
    translates: true,
    codes: || list(&NAME_ASSEMBLY_ORDER_CODES, NameAssemblyOrder::code, NameAssemblyOrder::concept),
};
