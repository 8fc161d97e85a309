//! Code tables: F.
// Made by `cargo xtask codes` from `hl7-v2/codes`. Do not edit.

use super::system;
use crate::fhir::code::{CodeMap, Concept, NONE, Row, list, to};

/// Table 0064.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FinancialClass {
    Annu,
    Autopol,
    Canprg,
    Char,
    Col,
    Crime,
    Dental,
    Dentprg,
    Dis,
    Disease,
    Diseaseprg,
    Drugpol,
    Eap,
    Ehcpol,
    Endrenal,
    Ewb,
    Flexp,
    Govemp,
    Hip,
    Hirisk,
    Hivaids,
    Hmo,
    Hsapol,
    Ind,
    Life,
    Ltc,
    Mandpol,
    Mcpol,
    Mentpol,
    Mentprg,
    Military,
    Pnc,
    Pos,
    Ppo,
    Publicpol,
    Rei,
    Retire,
    Safnet,
    Social,
    Subpol,
    Subprg,
    Subsidiz,
    Subsidmc,
    Subsupp,
    Surpl,
    Tlife,
    Ulife,
    Umbrl,
    Uninsmot,
    Vet,
    Vispol,
    Wcbpol,
    Pay,
}

static FINANCIAL_CLASS_CODES: [Row<FinancialClass, 1>; 53] = [
    Row::new("ANNU", FinancialClass::Annu, [to(system::V3_ACT_CODE, "ANNU", "annuity policy")]),
    Row::new("AUTOPOL", FinancialClass::Autopol, [to(system::V3_ACT_CODE, "AUTOPOL", "automobile")]),
    Row::new(
        "CANPRG",
        FinancialClass::Canprg,
        [to(system::V3_ACT_CODE, "CANPRG", "women's cancer detection program")],
    ),
    Row::new("CHAR", FinancialClass::Char, [to(system::V3_ACT_CODE, "CHAR", "charity program")]),
    Row::new("COL", FinancialClass::Col, [to(system::V3_ACT_CODE, "COL", "collision coverage policy")]),
    Row::new("CRIME", FinancialClass::Crime, [to(system::V3_ACT_CODE, "CRIME", "crime victim program")]),
    Row::new("DENTAL", FinancialClass::Dental, [to(system::V3_ACT_CODE, "DENTAL", "dental care policy")]),
    Row::new("DENTPRG", FinancialClass::Dentprg, [to(system::V3_ACT_CODE, "DENTPRG", "dental program")]),
    Row::new("DIS", FinancialClass::Dis, [to(system::V3_ACT_CODE, "DIS", "disability insurance policy")]),
    Row::new(
        "DISEASE",
        FinancialClass::Disease,
        [to(system::V3_ACT_CODE, "DISEASE", "disease specific policy")],
    ),
    Row::new(
        "DISEASEPRG",
        FinancialClass::Diseaseprg,
        [to(system::V3_ACT_CODE, "DISEASEPRG", "public health program")],
    ),
    Row::new("DRUGPOL", FinancialClass::Drugpol, [to(system::V3_ACT_CODE, "DRUGPOL", "drug policy")]),
    Row::new("EAP", FinancialClass::Eap, [to(system::V3_ACT_CODE, "EAP", "employee assistance program")]),
    Row::new("EHCPOL", FinancialClass::Ehcpol, [to(system::V3_ACT_CODE, "EHCPOL", "extended healthcare")]),
    Row::new(
        "ENDRENAL",
        FinancialClass::Endrenal,
        [to(system::V3_ACT_CODE, "ENDRENAL", "end renal program")],
    ),
    Row::new(
        "EWB",
        FinancialClass::Ewb,
        [to(system::V3_ACT_CODE, "EWB", "employee welfare benefit plan policy")],
    ),
    Row::new(
        "FLEXP",
        FinancialClass::Flexp,
        [to(system::V3_ACT_CODE, "FLEXP", "flexible benefit plan policy")],
    ),
    Row::new(
        "GOVEMP",
        FinancialClass::Govemp,
        [to(system::V3_ACT_CODE, "GOVEMP", "government employee health program")],
    ),
    Row::new("HIP", FinancialClass::Hip, [to(system::V3_ACT_CODE, "HIP", "health insurance plan policy")]),
    Row::new("HIRISK", FinancialClass::Hirisk, [to(system::V3_ACT_CODE, "HIRISK", "high risk pool program")]),
    Row::new("HIVAIDS", FinancialClass::Hivaids, [to(system::V3_ACT_CODE, "HIVAIDS", "HIV-AIDS program")]),
    Row::new(
        "HMO",
        FinancialClass::Hmo,
        [to(system::V3_ACT_CODE, "HMO", "health maintenance organization policy")],
    ),
    Row::new(
        "HSAPOL",
        FinancialClass::Hsapol,
        [to(system::V3_ACT_CODE, "HSAPOL", "health spending account")],
    ),
    Row::new(
        "IND",
        FinancialClass::Ind,
        [to(system::V3_ACT_CODE, "IND", "indigenous peoples health program")],
    ),
    Row::new("LIFE", FinancialClass::Life, [to(system::V3_ACT_CODE, "LIFE", "life insurance policy")]),
    Row::new("LTC", FinancialClass::Ltc, [to(system::V3_ACT_CODE, "LTC", "long term care policy")]),
    Row::new(
        "MANDPOL",
        FinancialClass::Mandpol,
        [to(system::V3_ACT_CODE, "MANDPOL", "mandatory health program")],
    ),
    Row::new("MCPOL", FinancialClass::Mcpol, [to(system::V3_ACT_CODE, "MCPOL", "managed care policy")]),
    Row::new(
        "MENTPOL",
        FinancialClass::Mentpol,
        [to(system::V3_ACT_CODE, "MENTPOL", "mental health policy")],
    ),
    Row::new(
        "MENTPRG",
        FinancialClass::Mentprg,
        [to(system::V3_ACT_CODE, "MENTPRG", "mental health program")],
    ),
    Row::new(
        "MILITARY",
        FinancialClass::Military,
        [to(system::V3_ACT_CODE, "MILITARY", "military health program")],
    ),
    Row::new(
        "PNC",
        FinancialClass::Pnc,
        [to(system::V3_ACT_CODE, "PNC", "property and casualty insurance policy")],
    ),
    Row::new("POS", FinancialClass::Pos, [to(system::V3_ACT_CODE, "POS", "point of service policy")]),
    Row::new(
        "PPO",
        FinancialClass::Ppo,
        [to(system::V3_ACT_CODE, "PPO", "preferred provider organization policy")],
    ),
    Row::new(
        "PUBLICPOL",
        FinancialClass::Publicpol,
        [to(system::V3_ACT_CODE, "PUBLICPOL", "public healthcare")],
    ),
    Row::new("REI", FinancialClass::Rei, [to(system::V3_ACT_CODE, "REI", "reinsurance policy")]),
    Row::new("RETIRE", FinancialClass::Retire, [to(system::V3_ACT_CODE, "RETIRE", "retiree health program")]),
    Row::new(
        "SAFNET",
        FinancialClass::Safnet,
        [to(system::V3_ACT_CODE, "SAFNET", "safety net clinic program")],
    ),
    Row::new("SOCIAL", FinancialClass::Social, [to(system::V3_ACT_CODE, "SOCIAL", "social service program")]),
    Row::new("SUBPOL", FinancialClass::Subpol, [to(system::V3_ACT_CODE, "SUBPOL", "substance use policy")]),
    Row::new("SUBPRG", FinancialClass::Subprg, [to(system::V3_ACT_CODE, "SUBPRG", "substance use program")]),
    Row::new(
        "SUBSIDIZ",
        FinancialClass::Subsidiz,
        [to(system::V3_ACT_CODE, "SUBSIDIZ", "subsidized health program")],
    ),
    Row::new(
        "SUBSIDMC",
        FinancialClass::Subsidmc,
        [to(system::V3_ACT_CODE, "SUBSIDMC", "subsidized managed care program")],
    ),
    Row::new(
        "SUBSUPP",
        FinancialClass::Subsupp,
        [to(system::V3_ACT_CODE, "SUBSUPP", "subsidized supplemental health program")],
    ),
    Row::new(
        "SURPL",
        FinancialClass::Surpl,
        [to(system::V3_ACT_CODE, "SURPL", "surplus line insurance policy")],
    ),
    Row::new(
        "TLIFE",
        FinancialClass::Tlife,
        [to(system::V3_ACT_CODE, "TLIFE", "term life insurance policy")],
    ),
    Row::new(
        "ULIFE",
        FinancialClass::Ulife,
        [to(system::V3_ACT_CODE, "ULIFE", "universal life insurance policy")],
    ),
    Row::new(
        "UMBRL",
        FinancialClass::Umbrl,
        [to(system::V3_ACT_CODE, "UMBRL", "umbrella liability insurance policy")],
    ),
    Row::new(
        "UNINSMOT",
        FinancialClass::Uninsmot,
        [to(system::V3_ACT_CODE, "UNINSMOT", "uninsured motorist policy")],
    ),
    Row::new("VET", FinancialClass::Vet, [to(system::V3_ACT_CODE, "VET", "veteran health program")]),
    Row::new("VISPOL", FinancialClass::Vispol, [to(system::V3_ACT_CODE, "VISPOL", "vision care policy")]),
    Row::new("WCBPOL", FinancialClass::Wcbpol, [to(system::V3_ACT_CODE, "WCBPOL", "worker's compensation")]),
    Row::new("pay", FinancialClass::Pay, [to(system::COVERAGE_SELFPAY, "pay", "Pay")]),
];

impl FinancialClass {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&FINANCIAL_CLASS_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&FINANCIAL_CLASS_CODES, self as usize)
    }

    /// `FinancialClass`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&FINANCIAL_CLASS_CODES, self as usize, 0)
    }
}

/// `FinancialClass`.
pub(crate) static FINANCIAL_CLASS: CodeMap = CodeMap {
    name: "FinancialClass",
    table: "0064",
    find: |code| FinancialClass::read(code).and_then(FinancialClass::concept),
    knows: |code| FinancialClass::read(code).is_some(),
    translates: true,
    codes: || list(&FINANCIAL_CLASS_CODES, FinancialClass::code, FinancialClass::concept),
};

/// Table 0278.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FillerStatusCodes {
    Blocked,
    Booked,
    Cancelled,
    Complete,
    Dc,
    Dc2,
    Deleted,
    Discontinued,
    Noshow,
    Overbook,
    Pending,
    Started,
    Waitlist,
}

static FILLER_STATUS_CODES_CODES: [Row<FillerStatusCodes, 2>; 13] = [
    Row::new("Blocked", FillerStatusCodes::Blocked, [NONE, NONE]),
    Row::new(
        "Booked",
        FillerStatusCodes::Booked,
        [
            to(system::APPOINTMENTSTATUS, "booked", "Booked"),
            to(system::PARTICIPATIONSTATUS, "accepted", "Accepted"),
        ],
    ),
    Row::new(
        "Cancelled",
        FillerStatusCodes::Cancelled,
        [
            to(system::APPOINTMENTSTATUS, "cancelled", "Cancelled"),
            to(system::PARTICIPATIONSTATUS, "declined", "Declined"),
        ],
    ),
    Row::new(
        "Complete",
        FillerStatusCodes::Complete,
        [
            to(system::APPOINTMENTSTATUS, "fulfilled", "Fulfilled"),
            to(system::PARTICIPATIONSTATUS, "accepted", "Accepted"),
        ],
    ),
    Row::new("DC", FillerStatusCodes::Dc, [NONE, to(system::PARTICIPATIONSTATUS, "declined", "Declined")]),
    Row::new("Dc", FillerStatusCodes::Dc2, [NONE, to(system::PARTICIPATIONSTATUS, "declined", "Declined")]),
    Row::new(
        "Deleted",
        FillerStatusCodes::Deleted,
        [
            to(system::APPOINTMENTSTATUS, "entered-in-error", "Entered in error"),
            to(system::PARTICIPATIONSTATUS, "declined", "Declined"),
        ],
    ),
    Row::new(
        "Discontinued",
        FillerStatusCodes::Discontinued,
        [NONE, to(system::PARTICIPATIONSTATUS, "declined", "Declined")],
    ),
    Row::new("Noshow", FillerStatusCodes::Noshow, [to(system::APPOINTMENTSTATUS, "noshow", "No Show"), NONE]),
    Row::new(
        "Overbook",
        FillerStatusCodes::Overbook,
        [NONE, to(system::PARTICIPATIONSTATUS, "accepted", "Accepted")],
    ),
    Row::new(
        "Pending",
        FillerStatusCodes::Pending,
        [
            to(system::APPOINTMENTSTATUS, "pending", "Pending"),
            to(system::PARTICIPATIONSTATUS, "needs-action", "Needs Action"),
        ],
    ),
    Row::new(
        "Started",
        FillerStatusCodes::Started,
        [
            to(system::APPOINTMENTSTATUS, "checked-in", "Checked In"),
            to(system::PARTICIPATIONSTATUS, "accepted", "Accepted"),
        ],
    ),
    Row::new(
        "Waitlist",
        FillerStatusCodes::Waitlist,
        [
            to(system::APPOINTMENTSTATUS, "waitlist", "Waitlisted"),
            to(system::PARTICIPATIONSTATUS, "needs-action", "Needs Action"),
        ],
    ),
];

impl FillerStatusCodes {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&FILLER_STATUS_CODES_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&FILLER_STATUS_CODES_CODES, self as usize)
    }

    /// `FillerStatusCodes[Appointment]`.
    pub(crate) fn concept_appointment(self) -> Option<Concept> {
        Row::concept(&FILLER_STATUS_CODES_CODES, self as usize, 0)
    }

    /// `FillerStatusCodes[Participation]`.
    pub(crate) fn concept_participation(self) -> Option<Concept> {
        Row::concept(&FILLER_STATUS_CODES_CODES, self as usize, 1)
    }
}

/// `FillerStatusCodes[Appointment]`.
pub(crate) static FILLER_STATUS_CODES_APPOINTMENT: CodeMap = CodeMap {
    name: "FillerStatusCodes[Appointment]",
    table: "0278",
    find: |code| FillerStatusCodes::read(code).and_then(FillerStatusCodes::concept_appointment),
    knows: |code| FillerStatusCodes::read(code).is_some(),
    translates: true,
    codes: || {
        list(&FILLER_STATUS_CODES_CODES, FillerStatusCodes::code, FillerStatusCodes::concept_appointment)
    },
};

/// `FillerStatusCodes[Participation]`.
pub(crate) static FILLER_STATUS_CODES_PARTICIPATION: CodeMap = CodeMap {
    name: "FillerStatusCodes[Participation]",
    table: "0278",
    find: |code| FillerStatusCodes::read(code).and_then(FillerStatusCodes::concept_participation),
    knows: |code| FillerStatusCodes::read(code).is_some(),
    translates: true,
    codes: || {
        list(&FILLER_STATUS_CODES_CODES, FillerStatusCodes::code, FillerStatusCodes::concept_participation)
    },
};
