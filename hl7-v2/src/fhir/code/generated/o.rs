//! Code tables: O.
// Made by `cargo xtask codes` from `hl7-v2/codes`. Do not edit.

use super::system;
use crate::fhir::code::{CodeMap, Concept, NONE, Row, list, to};

/// Table 0038.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OrderStatus {
    Ca,
    Cm,
    Dc,
    Er,
    Hd,
    Ip,
    Rp,
    Sc,
}

static ORDER_STATUS_CODES: [Row<OrderStatus, 1>; 8] = [
    Row::new("CA", OrderStatus::Ca, [to(system::REQUEST_STATUS, "revoked", "Revoked")]),
    Row::new("CM", OrderStatus::Cm, [to(system::REQUEST_STATUS, "completed", "Completed")]),
    Row::new("DC", OrderStatus::Dc, [to(system::REQUEST_STATUS, "revoked", "Revoked")]),
    Row::new("ER", OrderStatus::Er, [to(system::REQUEST_STATUS, "entered-in-error", "Entered in Error")]),
    Row::new("HD", OrderStatus::Hd, [to(system::REQUEST_STATUS, "on-hold", "On Hold")]),
    Row::new("IP", OrderStatus::Ip, [to(system::REQUEST_STATUS, "active", "Active")]),
    Row::new("RP", OrderStatus::Rp, [to(system::REQUEST_STATUS, "revoked", "Revoked")]),
    Row::new("SC", OrderStatus::Sc, [to(system::REQUEST_STATUS, "active", "Active")]),
];

impl OrderStatus {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&ORDER_STATUS_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&ORDER_STATUS_CODES, self as usize)
    }

    /// `OrderStatus`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&ORDER_STATUS_CODES, self as usize, 0)
    }
}

/// `OrderStatus`.
pub(crate) static ORDER_STATUS: CodeMap = CodeMap {
    name: "OrderStatus",
    table: "0038",
    find: |code| OrderStatus::read(code).and_then(OrderStatus::concept),
    knows: |code| OrderStatus::read(code).is_some(),
    translates: true,
    codes: || list(&ORDER_STATUS_CODES, OrderStatus::code, OrderStatus::concept),
};

/// Table 0085.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ObservationResultStatusCodesInterpretation {
    A,
    B,
    C,
    D,
    F,
    I,
    N,
    O,
    P,
    R,
    S,
    U,
    V,
    W,
    X,
}

static OBSERVATION_RESULT_STATUS_CODES_INTERPRETATION_CODES: [Row<
    ObservationResultStatusCodesInterpretation,
    1,
>; 15] = [
    Row::new(
        "A",
        ObservationResultStatusCodesInterpretation::A,
        [to(system::OBSERVATION_STATUS, "amended", "Amended")],
    ),
    Row::new("B", ObservationResultStatusCodesInterpretation::B, [NONE]),
    Row::new(
        "C",
        ObservationResultStatusCodesInterpretation::C,
        [to(system::OBSERVATION_STATUS, "corrected", "Corrected")],
    ),
    Row::new(
        "D",
        ObservationResultStatusCodesInterpretation::D,
        [to(system::OBSERVATION_STATUS, "entered-in-error", "Entered in Error")],
    ),
    Row::new(
        "F",
        ObservationResultStatusCodesInterpretation::F,
        [to(system::OBSERVATION_STATUS, "final", "Final")],
    ),
    Row::new("I", ObservationResultStatusCodesInterpretation::I, [NONE]),
    Row::new("N", ObservationResultStatusCodesInterpretation::N, [NONE]),
    Row::new("O", ObservationResultStatusCodesInterpretation::O, [NONE]),
    Row::new(
        "P",
        ObservationResultStatusCodesInterpretation::P,
        [to(system::OBSERVATION_STATUS, "preliminary", "Preliminary")],
    ),
    Row::new("R", ObservationResultStatusCodesInterpretation::R, [NONE]),
    Row::new("S", ObservationResultStatusCodesInterpretation::S, [NONE]),
    Row::new("U", ObservationResultStatusCodesInterpretation::U, [NONE]),
    Row::new("V", ObservationResultStatusCodesInterpretation::V, [NONE]),
    Row::new(
        "W",
        ObservationResultStatusCodesInterpretation::W,
        [to(system::OBSERVATION_STATUS, "entered-in-error", "Entered in Error")],
    ),
    Row::new(
        "X",
        ObservationResultStatusCodesInterpretation::X,
        [to(system::OBSERVATION_STATUS, "cancelled", "Cancelled")],
    ),
];

impl ObservationResultStatusCodesInterpretation {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&OBSERVATION_RESULT_STATUS_CODES_INTERPRETATION_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&OBSERVATION_RESULT_STATUS_CODES_INTERPRETATION_CODES, self as usize)
    }

    /// `ObservationResultStatusCodesInterpretation`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&OBSERVATION_RESULT_STATUS_CODES_INTERPRETATION_CODES, self as usize, 0)
    }
}

/// `ObservationResultStatusCodesInterpretation`.
pub(crate) static OBSERVATION_RESULT_STATUS_CODES_INTERPRETATION: CodeMap = CodeMap {
    name: "ObservationResultStatusCodesInterpretation",
    table: "0085",
    find: |code| {
        ObservationResultStatusCodesInterpretation::read(code)
            .and_then(ObservationResultStatusCodesInterpretation::concept)
    },
    knows: |code| ObservationResultStatusCodesInterpretation::read(code).is_some(),
    translates: true,
    codes: || {
        list(
            &OBSERVATION_RESULT_STATUS_CODES_INTERPRETATION_CODES,
            ObservationResultStatusCodesInterpretation::code,
            ObservationResultStatusCodesInterpretation::concept,
        )
    },
};

/// Table 0119.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OrderControlCode {
    Af,
    Ca,
    Ch,
    Cn,
    Cp,
    Cr,
    Dc,
    De,
    Df,
    Dr,
    Fu,
    Hd,
    Hr,
    Li,
    Mc,
    Na,
    Nw,
    Oc,
    Od,
    Oe,
    Of,
    Oh,
    Ok,
    Op,
    Or,
    Pa,
    Pr,
    Py,
    Re,
    Rf,
    Rl,
    Ro,
    Rp,
    Rq,
    Rr,
    Ru,
    Sc,
    Sn,
    Sr,
    Ss,
    Ua,
    Uc,
    Ud,
    Uf,
    Uh,
    Um,
    Un,
    Ur,
    Ux,
    Xo,
    Xr,
    Xx,
}

static ORDER_CONTROL_CODE_CODES: [Row<OrderControlCode, 1>; 52] = [
    Row::new("AF", OrderControlCode::Af, [to(system::REQUEST_STATUS, "active", "Active")]),
    Row::new("CA", OrderControlCode::Ca, [to(system::REQUEST_STATUS, "active", "Active")]),
    Row::new("CH", OrderControlCode::Ch, [NONE]),
    Row::new("CN", OrderControlCode::Cn, [NONE]),
    Row::new("CP", OrderControlCode::Cp, [NONE]),
    Row::new("CR", OrderControlCode::Cr, [to(system::REQUEST_STATUS, "revoked", "Revoked")]),
    Row::new("DC", OrderControlCode::Dc, [to(system::REQUEST_STATUS, "revoked", "Revoked")]),
    Row::new("DE", OrderControlCode::De, [NONE]),
    Row::new("DF", OrderControlCode::Df, [to(system::REQUEST_STATUS, "revoked", "Revoked")]),
    Row::new("DR", OrderControlCode::Dr, [to(system::REQUEST_STATUS, "revoked", "Revoked")]),
    Row::new("FU", OrderControlCode::Fu, [to(system::REQUEST_STATUS, "completed", "Completed")]),
    Row::new("HD", OrderControlCode::Hd, [to(system::REQUEST_STATUS, "active", "Active")]),
    Row::new("HR", OrderControlCode::Hr, [to(system::REQUEST_STATUS, "on-hold", "On Hold")]),
    Row::new("LI", OrderControlCode::Li, [NONE]),
    Row::new("MC", OrderControlCode::Mc, [NONE]),
    Row::new("NA", OrderControlCode::Na, [NONE]),
    Row::new("NW", OrderControlCode::Nw, [to(system::REQUEST_STATUS, "active", "Active")]),
    Row::new("OC", OrderControlCode::Oc, [to(system::REQUEST_STATUS, "revoked", "Revoked")]),
    Row::new("OD", OrderControlCode::Od, [to(system::REQUEST_STATUS, "revoked", "Revoked")]),
    Row::new("OE", OrderControlCode::Oe, [NONE]),
    Row::new("OF", OrderControlCode::Of, [NONE]),
    Row::new("OH", OrderControlCode::Oh, [to(system::REQUEST_STATUS, "on-hold", "On Hold")]),
    Row::new("OK", OrderControlCode::Ok, [to(system::REQUEST_STATUS, "active", "Active")]),
    Row::new("OP", OrderControlCode::Op, [NONE]),
    Row::new("OR", OrderControlCode::Or, [NONE]),
    Row::new("PA", OrderControlCode::Pa, [NONE]),
    Row::new("PR", OrderControlCode::Pr, [to(system::REQUEST_STATUS, "active", "Active")]),
    Row::new("PY", OrderControlCode::Py, [to(system::REQUEST_STATUS, "active", "Active")]),
    Row::new("RE", OrderControlCode::Re, [NONE]),
    Row::new("RF", OrderControlCode::Rf, [NONE]),
    Row::new("RL", OrderControlCode::Rl, [to(system::REQUEST_STATUS, "active", "Active")]),
    Row::new("RO", OrderControlCode::Ro, [to(system::REQUEST_STATUS, "active", "Active")]),
    Row::new("RP", OrderControlCode::Rp, [NONE]),
    Row::new("RQ", OrderControlCode::Rq, [to(system::REQUEST_STATUS, "active", "Active")]),
    Row::new("RR", OrderControlCode::Rr, [NONE]),
    Row::new("RU", OrderControlCode::Ru, [NONE]),
    Row::new("SC", OrderControlCode::Sc, [NONE]),
    Row::new("SN", OrderControlCode::Sn, [NONE]),
    Row::new("SR", OrderControlCode::Sr, [NONE]),
    Row::new("SS", OrderControlCode::Ss, [NONE]),
    Row::new("UA", OrderControlCode::Ua, [NONE]),
    Row::new("UC", OrderControlCode::Uc, [NONE]),
    Row::new("UD", OrderControlCode::Ud, [NONE]),
    Row::new("UF", OrderControlCode::Uf, [NONE]),
    Row::new("UH", OrderControlCode::Uh, [NONE]),
    Row::new("UM", OrderControlCode::Um, [NONE]),
    Row::new("UN", OrderControlCode::Un, [NONE]),
    Row::new("UR", OrderControlCode::Ur, [NONE]),
    Row::new("UX", OrderControlCode::Ux, [NONE]),
    Row::new("XO", OrderControlCode::Xo, [NONE]),
    Row::new("XR", OrderControlCode::Xr, [NONE]),
    Row::new("XX", OrderControlCode::Xx, [NONE]),
];

impl OrderControlCode {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&ORDER_CONTROL_CODE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&ORDER_CONTROL_CODE_CODES, self as usize)
    }

    /// `OrderControlCode[ServiceRequest.status]`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&ORDER_CONTROL_CODE_CODES, self as usize, 0)
    }
}

/// `OrderControlCode[ServiceRequest.status]`.
pub(crate) static ORDER_CONTROL_CODE_SERVICE_REQUEST_STATUS: CodeMap = CodeMap {
    name: "OrderControlCode[ServiceRequest.status]",
    table: "0119",
    find: |code| OrderControlCode::read(code).and_then(OrderControlCode::concept),
    knows: |code| OrderControlCode::read(code).is_some(),
    translates: true,
    codes: || list(&ORDER_CONTROL_CODE_CODES, OrderControlCode::code, OrderControlCode::concept),
};

/// `OperatorID`: the guide has no counterpart for any code.
pub(crate) static OPERATOR_ID: CodeMap = CodeMap {
    name: "OperatorID",
    table: "0188",
    find: |_| None,
    knows: |_| false,
    translates: false,
    codes: Vec::new,
};

/// Table 0204.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OrganizationalNameType {
    A,
    D,
    L,
    Sl,
}

static ORGANIZATIONAL_NAME_TYPE_CODES: [Row<OrganizationalNameType, 1>; 4] = [
    Row::new("A", OrganizationalNameType::A, [to(system::V2_0204, "A", "Alias name")]),
    Row::new("D", OrganizationalNameType::D, [to(system::V2_0204, "D", "Display name")]),
    Row::new("L", OrganizationalNameType::L, [to(system::V2_0204, "L", "Legal name")]),
    Row::new("SL", OrganizationalNameType::Sl, [to(system::V2_0204, "SL", "Stock exchange listing name")]),
];

impl OrganizationalNameType {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&ORGANIZATIONAL_NAME_TYPE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&ORGANIZATIONAL_NAME_TYPE_CODES, self as usize)
    }

    /// `OrganizationalNameType`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&ORGANIZATIONAL_NAME_TYPE_CODES, self as usize, 0)
    }
}

/// `OrganizationalNameType`.
pub(crate) static ORGANIZATIONAL_NAME_TYPE: CodeMap = CodeMap {
    name: "OrganizationalNameType",
    table: "0204",
    find: |code| OrganizationalNameType::read(code).and_then(OrganizationalNameType::concept),
    knows: |code| OrganizationalNameType::read(code).is_some(),
    translates: true,
    codes: || {
        list(&ORGANIZATIONAL_NAME_TYPE_CODES, OrganizationalNameType::code, OrganizationalNameType::concept)
    },
};

/// Table 0482.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OrderType {
    I,
    O,
}

static ORDER_TYPE_CODES: [Row<OrderType, 1>; 2] = [
    Row::new("I", OrderType::I, [to(system::V3_ROLE_CODE, "HOSP", "Hospital")]),
    Row::new("O", OrderType::O, [to(system::V3_ROLE_CODE, "OF", "Outpatient facility")]),
];

impl OrderType {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&ORDER_TYPE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&ORDER_TYPE_CODES, self as usize)
    }

    /// `OrderType`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&ORDER_TYPE_CODES, self as usize, 0)
    }
}

/// `OrderType`.
pub(crate) static ORDER_TYPE: CodeMap = CodeMap {
    name: "OrderType",
    table: "0482",
    find: |code| OrderType::read(code).and_then(OrderType::concept),
    knows: |code| OrderType::read(code).is_some(),
    translates: true,
    codes: || list(&ORDER_TYPE_CODES, OrderType::code, OrderType::concept),
};
