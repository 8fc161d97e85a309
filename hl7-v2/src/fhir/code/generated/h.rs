//! Code tables: H.
// Made by `cargo xtask codes` from `hl7-v2/codes`. Do not edit.

use super::system;
use crate::fhir::code::{CodeMap, Concept, Row, list, to};

/// Table 0069.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HospitalService {
    Car,
    Med,
    Pul,
    Sur,
    Uro,
}

static HOSPITAL_SERVICE_CODES: [Row<HospitalService, 1>; 5] = [
    Row::new("CAR", HospitalService::Car, [to(system::V2_0069, "CAR", "Cardiac Service")]),
    Row::new("MED", HospitalService::Med, [to(system::SERVICE_TYPE, "382", "Medical Services")]),
    Row::new("PUL", HospitalService::Pul, [to(system::V2_0069, "PUL", "Pulmonary Service")]),
    Row::new("SUR", HospitalService::Sur, [to(system::V2_0069, "SUR", "Surgical Service")]),
    Row::new("URO", HospitalService::Uro, [to(system::SERVICE_TYPE, "222", "Urology")]),
];

impl HospitalService {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&HOSPITAL_SERVICE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&HOSPITAL_SERVICE_CODES, self as usize)
    }

    /// `HospitalService`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&HOSPITAL_SERVICE_CODES, self as usize, 0)
    }
}

/// `HospitalService`.
pub(crate) static HOSPITAL_SERVICE: CodeMap = CodeMap {
    name: "HospitalService",
    table: "0069",
    find: |code| HospitalService::read(code).and_then(HospitalService::concept),
    knows: |code| HospitalService::read(code).is_some(),
    translates: true,
    codes: || list(&HOSPITAL_SERVICE_CODES, HospitalService::code, HospitalService::concept),
};
