//! Code tables: D.
// Made by `cargo xtask codes` from `hl7-v2/codes`. Do not edit.

use super::system;
use crate::fhir::code::{CodeMap, Concept, NONE, Row, list, to};

/// Table 0052.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DiagnosisType {
    A,
    F,
    W,
}

static DIAGNOSIS_TYPE_CODES: [Row<DiagnosisType, 1>; 3] = [
    Row::new("A", DiagnosisType::A, [to(system::DIAGNOSIS_ROLE, "AD", "Admission diagnosis")]),
    Row::new("F", DiagnosisType::F, [NONE]),
    Row::new("W", DiagnosisType::W, [NONE]),
];

impl DiagnosisType {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&DIAGNOSIS_TYPE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&DIAGNOSIS_TYPE_CODES, self as usize)
    }

    /// `DiagnosisType`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&DIAGNOSIS_TYPE_CODES, self as usize, 0)
    }
}

/// `DiagnosisType`.
pub(crate) static DIAGNOSIS_TYPE: CodeMap = CodeMap {
    name: "DiagnosisType",
    table: "0052",
    find: |code| DiagnosisType::read(code).and_then(DiagnosisType::concept),
    knows: |code| DiagnosisType::read(code).is_some(),
    translates: true,
    codes: || list(&DIAGNOSIS_TYPE_CODES, DiagnosisType::code, DiagnosisType::concept),
};

/// Table 0074.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DiagnosticServiceSectionId {
    Au,
    Bg,
    Blb,
    Cg,
    Ch,
    Cp,
    Ct,
    Cth,
    Cus,
    Ec,
    En,
    Ge,
    Hm,
    Icu,
    Img,
    Imm,
    Lab,
    Mb,
    Mcb,
    Myc,
    Nmr,
    Nms,
    Nrs,
    Osl,
    Ot,
    Oth,
    Ous,
    Par,
    Pat,
    Pf,
    Phr,
    Phy,
    Pt,
    Rad,
    Rc,
    Rt,
    Rus,
    Rx,
    Sp,
    Sr,
    Tx,
    Urn,
    Vr,
    Vus,
    Xrc,
}

static DIAGNOSTIC_SERVICE_SECTION_ID_CODES: [Row<DiagnosticServiceSectionId, 1>; 45] = [
    Row::new("AU", DiagnosticServiceSectionId::Au, [to(system::V2_0074, "AU", "Audiology")]),
    Row::new("BG", DiagnosticServiceSectionId::Bg, [to(system::V2_0074, "BG", "Blood Gases")]),
    Row::new("BLB", DiagnosticServiceSectionId::Blb, [to(system::V2_0074, "BLB", "Blood Bank")]),
    Row::new("CG", DiagnosticServiceSectionId::Cg, [to(system::V2_0074, "CG", "Cytogenetics")]),
    Row::new("CH", DiagnosticServiceSectionId::Ch, [to(system::V2_0074, "CH", "Chemistry")]),
    Row::new("CP", DiagnosticServiceSectionId::Cp, [to(system::V2_0074, "CP", "Cytopathology")]),
    Row::new("CT", DiagnosticServiceSectionId::Ct, [to(system::V2_0074, "CT", "CAT Scan")]),
    Row::new("CTH", DiagnosticServiceSectionId::Cth, [to(system::V2_0074, "CTH", "Cardiac Catheterization")]),
    Row::new("CUS", DiagnosticServiceSectionId::Cus, [to(system::V2_0074, "CUS", "Cardiac Ultrasound")]),
    Row::new(
        "EC",
        DiagnosticServiceSectionId::Ec,
        [to(system::V2_0074, "EC", "Electrocardiac (e.g., EKG, EEC, Holter)")],
    ),
    Row::new(
        "EN",
        DiagnosticServiceSectionId::En,
        [to(system::V2_0074, "EN", "Electroneuro (EEG, EMG,EP,PSG)")],
    ),
    Row::new("GE", DiagnosticServiceSectionId::Ge, [to(system::V2_0074, "GE", "Genetics")]),
    Row::new("HM", DiagnosticServiceSectionId::Hm, [to(system::V2_0074, "HM", "Hematology")]),
    Row::new("ICU", DiagnosticServiceSectionId::Icu, [to(system::V2_0074, "ICU", "Bedside ICU Monitoring")]),
    Row::new("IMG", DiagnosticServiceSectionId::Img, [to(system::V2_0074, "IMG", "Diagnostic Imaging")]),
    Row::new("IMM", DiagnosticServiceSectionId::Imm, [to(system::V2_0074, "IMM", "Immunology")]),
    Row::new("LAB", DiagnosticServiceSectionId::Lab, [to(system::V2_0074, "LAB", "Laboratory")]),
    Row::new("MB", DiagnosticServiceSectionId::Mb, [to(system::V2_0074, "MB", "Microbiology")]),
    Row::new("MCB", DiagnosticServiceSectionId::Mcb, [to(system::V2_0074, "MCB", "Mycobacteriology")]),
    Row::new("MYC", DiagnosticServiceSectionId::Myc, [to(system::V2_0074, "MYC", "Mycology")]),
    Row::new(
        "NMR",
        DiagnosticServiceSectionId::Nmr,
        [to(system::V2_0074, "NMR", "Nuclear Magnetic Resonance")],
    ),
    Row::new("NMS", DiagnosticServiceSectionId::Nms, [to(system::V2_0074, "NMS", "Nuclear Medicine Scan")]),
    Row::new(
        "NRS",
        DiagnosticServiceSectionId::Nrs,
        [to(system::V2_0074, "NRS", "Nursing Service Measures")],
    ),
    Row::new("OSL", DiagnosticServiceSectionId::Osl, [to(system::V2_0074, "OSL", "Outside Lab")]),
    Row::new("OT", DiagnosticServiceSectionId::Ot, [to(system::V2_0074, "OT", "Occupational Therapy")]),
    Row::new("OTH", DiagnosticServiceSectionId::Oth, [to(system::V2_0074, "OTH", "Other")]),
    Row::new("OUS", DiagnosticServiceSectionId::Ous, [to(system::V2_0074, "OUS", "OB Ultrasound")]),
    Row::new("PAR", DiagnosticServiceSectionId::Par, [to(system::V2_0074, "PAR", "Parasitology")]),
    Row::new(
        "PAT",
        DiagnosticServiceSectionId::Pat,
        [to(system::V2_0074, "PAT", "Pathology (gross & histopath, not surgical)")],
    ),
    Row::new("PF", DiagnosticServiceSectionId::Pf, [to(system::V2_0074, "PF", "Pulmonary Function")]),
    Row::new("PHR", DiagnosticServiceSectionId::Phr, [to(system::V2_0074, "PHR", "Pharmacy")]),
    Row::new(
        "PHY",
        DiagnosticServiceSectionId::Phy,
        [to(system::V2_0074, "PHY", "Physician (Hx. Dx, admission note, etc.)")],
    ),
    Row::new("PT", DiagnosticServiceSectionId::Pt, [to(system::V2_0074, "PT", "Physical Therapy")]),
    Row::new("RAD", DiagnosticServiceSectionId::Rad, [to(system::V2_0074, "RAD", "Radiology")]),
    Row::new("RC", DiagnosticServiceSectionId::Rc, [to(system::V2_0074, "RC", "Respiratory Care (therapy)")]),
    Row::new("RT", DiagnosticServiceSectionId::Rt, [to(system::V2_0074, "RT", "Radiation Therapy")]),
    Row::new("RUS", DiagnosticServiceSectionId::Rus, [to(system::V2_0074, "RUS", "Radiology Ultrasound")]),
    Row::new("RX", DiagnosticServiceSectionId::Rx, [to(system::V2_0074, "RX", "Radiograph")]),
    Row::new("SP", DiagnosticServiceSectionId::Sp, [to(system::V2_0074, "SP", "Surgical Pathology")]),
    Row::new("SR", DiagnosticServiceSectionId::Sr, [to(system::V2_0074, "SR", "Serology")]),
    Row::new("TX", DiagnosticServiceSectionId::Tx, [to(system::V2_0074, "TX", "Toxicology")]),
    Row::new("URN", DiagnosticServiceSectionId::Urn, [to(system::V2_0074, "URN", "Urinalysis")]),
    Row::new("VR", DiagnosticServiceSectionId::Vr, [to(system::V2_0074, "VR", "Virology")]),
    Row::new("VUS", DiagnosticServiceSectionId::Vus, [to(system::V2_0074, "VUS", "Vascular Ultrasound")]),
    Row::new("XRC", DiagnosticServiceSectionId::Xrc, [to(system::V2_0074, "XRC", "Cineradiograph")]),
];

impl DiagnosticServiceSectionId {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&DIAGNOSTIC_SERVICE_SECTION_ID_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&DIAGNOSTIC_SERVICE_SECTION_ID_CODES, self as usize)
    }

    /// `DiagnosticServiceSectionID`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&DIAGNOSTIC_SERVICE_SECTION_ID_CODES, self as usize, 0)
    }
}

/// `DiagnosticServiceSectionID`.
pub(crate) static DIAGNOSTIC_SERVICE_SECTION_ID: CodeMap = CodeMap {
    name: "DiagnosticServiceSectionID",
    table: "0074",
    find: |code| DiagnosticServiceSectionId::read(code).and_then(DiagnosticServiceSectionId::concept),
    knows: |code| DiagnosticServiceSectionId::read(code).is_some(),
    translates: true,
    codes: || {
        list(
            &DIAGNOSTIC_SERVICE_SECTION_ID_CODES,
            DiagnosticServiceSectionId::code,
            DiagnosticServiceSectionId::concept,
        )
    },
};

/// Table 0112.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DischargeDisposition {
    N01,
    N02,
    N03,
    N04,
    N05,
    N06,
    N07,
    N08,
    N09,
    N10,
    N11,
    N12,
    N13,
    N14,
    N15,
    N16,
    N17,
    N18,
    N19,
    N20,
    N21,
    N22,
    N23,
    N24,
    N25,
    N26,
    N27,
    N28,
    N29,
    N30,
    N31,
    N32,
    N33,
    N34,
    N35,
    N36,
    N37,
    N38,
    N39,
    N40,
    N41,
    N42,
    Aadvice,
    AltHome,
    Exp,
    Home,
    Hosp,
    Long,
    Oth,
    OtherHcf,
    Psy,
    Rehab,
    Snf,
}

static DISCHARGE_DISPOSITION_CODES: [Row<DischargeDisposition, 1>; 53] = [
    Row::new("01", DischargeDisposition::N01, [NONE]),
    Row::new("02", DischargeDisposition::N02, [NONE]),
    Row::new("03", DischargeDisposition::N03, [NONE]),
    Row::new("04", DischargeDisposition::N04, [NONE]),
    Row::new("05", DischargeDisposition::N05, [NONE]),
    Row::new("06", DischargeDisposition::N06, [NONE]),
    Row::new("07", DischargeDisposition::N07, [NONE]),
    Row::new("08", DischargeDisposition::N08, [NONE]),
    Row::new("09", DischargeDisposition::N09, [NONE]),
    Row::new("10", DischargeDisposition::N10, [NONE]),
    Row::new("11", DischargeDisposition::N11, [NONE]),
    Row::new("12", DischargeDisposition::N12, [NONE]),
    Row::new("13", DischargeDisposition::N13, [NONE]),
    Row::new("14", DischargeDisposition::N14, [NONE]),
    Row::new("15", DischargeDisposition::N15, [NONE]),
    Row::new("16", DischargeDisposition::N16, [NONE]),
    Row::new("17", DischargeDisposition::N17, [NONE]),
    Row::new("18", DischargeDisposition::N18, [NONE]),
    Row::new("19", DischargeDisposition::N19, [NONE]),
    Row::new("20", DischargeDisposition::N20, [NONE]),
    Row::new("21", DischargeDisposition::N21, [NONE]),
    Row::new("22", DischargeDisposition::N22, [NONE]),
    Row::new("23", DischargeDisposition::N23, [NONE]),
    Row::new("24", DischargeDisposition::N24, [NONE]),
    Row::new("25", DischargeDisposition::N25, [NONE]),
    Row::new("26", DischargeDisposition::N26, [NONE]),
    Row::new("27", DischargeDisposition::N27, [NONE]),
    Row::new("28", DischargeDisposition::N28, [NONE]),
    Row::new("29", DischargeDisposition::N29, [NONE]),
    Row::new("30", DischargeDisposition::N30, [NONE]),
    Row::new("31", DischargeDisposition::N31, [NONE]),
    Row::new("32", DischargeDisposition::N32, [NONE]),
    Row::new("33", DischargeDisposition::N33, [NONE]),
    Row::new("34", DischargeDisposition::N34, [NONE]),
    Row::new("35", DischargeDisposition::N35, [NONE]),
    Row::new("36", DischargeDisposition::N36, [NONE]),
    Row::new("37", DischargeDisposition::N37, [NONE]),
    Row::new("38", DischargeDisposition::N38, [NONE]),
    Row::new("39", DischargeDisposition::N39, [NONE]),
    Row::new("40", DischargeDisposition::N40, [NONE]),
    Row::new("41", DischargeDisposition::N41, [NONE]),
    Row::new("42", DischargeDisposition::N42, [NONE]),
    Row::new(
        "aadvice",
        DischargeDisposition::Aadvice,
        [to(system::DISCHARGE_DISPOSITION, "aadvice", "Left against advice")],
    ),
    Row::new(
        "alt-home",
        DischargeDisposition::AltHome,
        [to(system::DISCHARGE_DISPOSITION, "alt-home", "Alternative home")],
    ),
    Row::new("exp", DischargeDisposition::Exp, [to(system::DISCHARGE_DISPOSITION, "exp", "Expired")]),
    Row::new("home", DischargeDisposition::Home, [to(system::DISCHARGE_DISPOSITION, "home", "Home")]),
    Row::new("hosp", DischargeDisposition::Hosp, [to(system::DISCHARGE_DISPOSITION, "hosp", "Hospice")]),
    Row::new(
        "long",
        DischargeDisposition::Long,
        [to(system::DISCHARGE_DISPOSITION, "long", "Long-term care")],
    ),
    Row::new("oth", DischargeDisposition::Oth, [to(system::DISCHARGE_DISPOSITION, "oth", "Other")]),
    Row::new(
        "other-hcf",
        DischargeDisposition::OtherHcf,
        [to(system::DISCHARGE_DISPOSITION, "other-hcf", "Other healthcare facility")],
    ),
    Row::new(
        "psy",
        DischargeDisposition::Psy,
        [to(system::DISCHARGE_DISPOSITION, "psy", "Psychiatric hospital")],
    ),
    Row::new(
        "rehab",
        DischargeDisposition::Rehab,
        [to(system::DISCHARGE_DISPOSITION, "rehab", "Rehabilitation")],
    ),
    Row::new(
        "snf",
        DischargeDisposition::Snf,
        [to(system::DISCHARGE_DISPOSITION, "snf", "Skilled nursing facility")],
    ),
];

impl DischargeDisposition {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&DISCHARGE_DISPOSITION_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&DISCHARGE_DISPOSITION_CODES, self as usize)
    }

    /// `DischargeDisposition`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&DISCHARGE_DISPOSITION_CODES, self as usize, 0)
    }
}

/// `DischargeDisposition`.
pub(crate) static DISCHARGE_DISPOSITION: CodeMap = CodeMap {
    name: "DischargeDisposition",
    table: "0112",
    find: |code| DischargeDisposition::read(code).and_then(DischargeDisposition::concept),
    knows: |code| DischargeDisposition::read(code).is_some(),
    translates: true,
    codes: || list(&DISCHARGE_DISPOSITION_CODES, DischargeDisposition::code, DischargeDisposition::concept),
};

/// `DischargedToLocation`: the guide has no counterpart for any code.
pub(crate) static DISCHARGED_TO_LOCATION: CodeMap = CodeMap {
    name: "DischargedToLocation",
    table: "0113",
    find: |_| None,
    knows: |_| false,
    translates: false,
    codes: Vec::new,
};

/// Table 0114.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DietType {
    DairyFree,
    GlutenFree,
    Halal,
    Kosher,
    NutFree,
    Vegan,
    Vegetarian,
}

static DIET_TYPE_CODES: [Row<DietType, 1>; 7] = [
    Row::new("dairy-free", DietType::DairyFree, [to(system::DIET, "dairy-free", "Dairy Free")]),
    Row::new("gluten-free", DietType::GlutenFree, [to(system::DIET, "gluten-free", "Gluten Free")]),
    Row::new("halal", DietType::Halal, [to(system::DIET, "halal", "Halal")]),
    Row::new("kosher", DietType::Kosher, [to(system::DIET, "kosher", "Kosher")]),
    Row::new("nut-free", DietType::NutFree, [to(system::DIET, "nut-free", "Nut Free")]),
    Row::new("vegan", DietType::Vegan, [to(system::DIET, "vegan", "Vegan")]),
    Row::new("vegetarian", DietType::Vegetarian, [to(system::DIET, "vegetarian", "Vegetarian")]),
];

impl DietType {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&DIET_TYPE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&DIET_TYPE_CODES, self as usize)
    }

    /// `DietType`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&DIET_TYPE_CODES, self as usize, 0)
    }
}

/// `DietType`.
pub(crate) static DIET_TYPE: CodeMap = CodeMap {
    name: "DietType",
    table: "0114",
    find: |code| DietType::read(code).and_then(DietType::concept),
    knows: |code| DietType::read(code).is_some(),
    translates: true,
    codes: || list(&DIET_TYPE_CODES, DietType::code, DietType::concept),
};

/// Table 0271.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DocumentCompletionStatus {
    Au,
    Di,
    Do,
    In,
    Ip,
    La,
    Pa,
}

static DOCUMENT_COMPLETION_STATUS_CODES: [Row<DocumentCompletionStatus, 1>; 7] = [
    Row::new("AU", DocumentCompletionStatus::Au, [to(system::COMPOSITION_STATUS, "final", "Final")]),
    Row::new(
        "DI",
        DocumentCompletionStatus::Di,
        [to(system::COMPOSITION_STATUS, "preliminary", "Preliminary")],
    ),
    Row::new(
        "DO",
        DocumentCompletionStatus::Do,
        [to(system::COMPOSITION_STATUS, "preliminary", "Preliminary")],
    ),
    Row::new(
        "IN",
        DocumentCompletionStatus::In,
        [to(system::COMPOSITION_STATUS, "preliminary", "Preliminary")],
    ),
    Row::new(
        "IP",
        DocumentCompletionStatus::Ip,
        [to(system::COMPOSITION_STATUS, "preliminary", "Preliminary")],
    ),
    Row::new("LA", DocumentCompletionStatus::La, [to(system::COMPOSITION_STATUS, "final", "Final")]),
    Row::new(
        "PA",
        DocumentCompletionStatus::Pa,
        [to(system::COMPOSITION_STATUS, "preliminary", "Preliminary")],
    ),
];

impl DocumentCompletionStatus {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&DOCUMENT_COMPLETION_STATUS_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&DOCUMENT_COMPLETION_STATUS_CODES, self as usize)
    }

    /// `DocumentCompletionStatus`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&DOCUMENT_COMPLETION_STATUS_CODES, self as usize, 0)
    }
}

/// `DocumentCompletionStatus`.
pub(crate) static DOCUMENT_COMPLETION_STATUS: CodeMap = CodeMap {
    name: "DocumentCompletionStatus",
    table: "0271",
    find: |code| DocumentCompletionStatus::read(code).and_then(DocumentCompletionStatus::concept),
    knows: |code| DocumentCompletionStatus::read(code).is_some(),
    translates: true,
    codes: || {
        list(
            &DOCUMENT_COMPLETION_STATUS_CODES,
            DocumentCompletionStatus::code,
            DocumentCompletionStatus::concept,
        )
    },
};

/// Table 0272.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DocumentConfidentialityStatus {
    N1,
    N2,
    N3,
    R,
    Re,
    U,
    Uc,
    V,
    Vr,
}

static DOCUMENT_CONFIDENTIALITY_STATUS_CODES: [Row<DocumentConfidentialityStatus, 1>; 9] = [
    Row::new("1", DocumentConfidentialityStatus::N1, [to(system::V2_0272, "1", "ASTM Level 1")]),
    Row::new("2", DocumentConfidentialityStatus::N2, [to(system::V2_0272, "2", "ASTM Level 2")]),
    Row::new("3", DocumentConfidentialityStatus::N3, [to(system::V2_0272, "3", "ASTM Level 3")]),
    Row::new("R", DocumentConfidentialityStatus::R, [to(system::V2_0272, "R", "Restricted")]),
    Row::new("RE", DocumentConfidentialityStatus::Re, [to(system::V2_0272, "RE", "Restricted")]),
    Row::new("U", DocumentConfidentialityStatus::U, [to(system::V2_0272, "U", "Usual control")]),
    Row::new("UC", DocumentConfidentialityStatus::Uc, [to(system::V2_0272, "UC", "Usual control")]),
    Row::new("V", DocumentConfidentialityStatus::V, [to(system::V2_0272, "V", "Very restricted")]),
    Row::new("VR", DocumentConfidentialityStatus::Vr, [to(system::V2_0272, "VR", "Very restricted")]),
];

impl DocumentConfidentialityStatus {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&DOCUMENT_CONFIDENTIALITY_STATUS_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&DOCUMENT_CONFIDENTIALITY_STATUS_CODES, self as usize)
    }

    /// `DocumentConfidentialityStatus`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&DOCUMENT_CONFIDENTIALITY_STATUS_CODES, self as usize, 0)
    }
}

/// `DocumentConfidentialityStatus`.
pub(crate) static DOCUMENT_CONFIDENTIALITY_STATUS: CodeMap = CodeMap {
    name: "DocumentConfidentialityStatus",
    table: "0272",
    find: |code| DocumentConfidentialityStatus::read(code).and_then(DocumentConfidentialityStatus::concept),
    knows: |code| DocumentConfidentialityStatus::read(code).is_some(),
    translates: true,
    codes: || {
        list(
            &DOCUMENT_CONFIDENTIALITY_STATUS_CODES,
            DocumentConfidentialityStatus::code,
            DocumentConfidentialityStatus::concept,
        )
    },
};

/// Table 0273.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DocumentAvailabilityStatus {
    Av,
    Ca,
    Ob,
    Un,
}

static DOCUMENT_AVAILABILITY_STATUS_CODES: [Row<DocumentAvailabilityStatus, 1>; 4] = [
    Row::new(
        "AV",
        DocumentAvailabilityStatus::Av,
        [to(system::DOCUMENT_REFERENCE_STATUS, "current", "Current")],
    ),
    Row::new("CA", DocumentAvailabilityStatus::Ca, [NONE]),
    Row::new("OB", DocumentAvailabilityStatus::Ob, [NONE]),
    Row::new("UN", DocumentAvailabilityStatus::Un, [NONE]),
];

impl DocumentAvailabilityStatus {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&DOCUMENT_AVAILABILITY_STATUS_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&DOCUMENT_AVAILABILITY_STATUS_CODES, self as usize)
    }

    /// `DocumentAvailabilityStatus`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&DOCUMENT_AVAILABILITY_STATUS_CODES, self as usize, 0)
    }
}

/// `DocumentAvailabilityStatus`.
pub(crate) static DOCUMENT_AVAILABILITY_STATUS: CodeMap = CodeMap {
    name: "DocumentAvailabilityStatus",
    table: "0273",
    find: |code| DocumentAvailabilityStatus::read(code).and_then(DocumentAvailabilityStatus::concept),
    knows: |code| DocumentAvailabilityStatus::read(code).is_some(),
    translates: true,
    codes: || {
        list(
            &DOCUMENT_AVAILABILITY_STATUS_CODES,
            DocumentAvailabilityStatus::code,
            DocumentAvailabilityStatus::concept,
        )
    },
};

/// Table 0360.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DegreeLicenseCertificate {
    Aa,
    Aas,
    Aba,
    Ae,
    As,
    Ba,
    Bba,
    Be,
    Bfa,
    Bn,
    Bs,
    Bsl,
    Bsn,
    Bt,
    Canp,
    Cer,
    Cma,
    Cnm,
    Cnp,
    Cns,
    Cpnp,
    Crn,
    Ctr,
    Dba,
    Ded,
    Dip,
    Do,
    Emt,
    Emtp,
    Fpnp,
    Hs,
    Jd,
    Ma,
    Mba,
    Mce,
    Md,
    Mda,
    Mdi,
    Me,
    Med,
    Mee,
    Mfa,
    Mme,
    Ms,
    Msl,
    Msn,
    Mt,
    Mth,
    Ng,
    Np,
    Pa,
    Phd,
    Phe,
    Phs,
    Pn,
    PharmD,
    Rma,
    Rn,
    Rph,
    Sec,
    Ts,
}

static DEGREE_LICENSE_CERTIFICATE_CODES: [Row<DegreeLicenseCertificate, 1>; 61] = [
    Row::new("AA", DegreeLicenseCertificate::Aa, [to(system::V2_0360, "AA", "Associate of Arts")]),
    Row::new(
        "AAS",
        DegreeLicenseCertificate::Aas,
        [to(system::V2_0360, "AAS", "Associate of Applied Science")],
    ),
    Row::new(
        "ABA",
        DegreeLicenseCertificate::Aba,
        [to(system::V2_0360, "ABA", "Associate of Business Administration")],
    ),
    Row::new("AE", DegreeLicenseCertificate::Ae, [to(system::V2_0360, "AE", "Associate of Engineering")]),
    Row::new("AS", DegreeLicenseCertificate::As, [to(system::V2_0360, "AS", "Associate of Science")]),
    Row::new("BA", DegreeLicenseCertificate::Ba, [to(system::V2_0360, "BA", "Bachelor of Arts")]),
    Row::new(
        "BBA",
        DegreeLicenseCertificate::Bba,
        [to(system::V2_0360, "BBA", "Bachelor of Business Administration")],
    ),
    Row::new("BE", DegreeLicenseCertificate::Be, [to(system::V2_0360, "BE", "Bachelor or Engineering")]),
    Row::new("BFA", DegreeLicenseCertificate::Bfa, [to(system::V2_0360, "BFA", "Bachelor of Fine Arts")]),
    Row::new("BN", DegreeLicenseCertificate::Bn, [to(system::V2_0360, "BN", "Bachelor of Nursing")]),
    Row::new("BS", DegreeLicenseCertificate::Bs, [to(system::V2_0360, "BS", "Bachelor of Science")]),
    Row::new("BSL", DegreeLicenseCertificate::Bsl, [to(system::V2_0360, "BSL", "Bachelor of Science - Law")]),
    Row::new(
        "BSN",
        DegreeLicenseCertificate::Bsn,
        [to(system::V2_0360, "BSN", "Bachelor on Science - Nursing")],
    ),
    Row::new("BT", DegreeLicenseCertificate::Bt, [to(system::V2_0360, "BT", "Bachelor of Theology")]),
    Row::new(
        "CANP",
        DegreeLicenseCertificate::Canp,
        [to(system::V2_0360, "CANP", "Certified Adult Nurse Practitioner")],
    ),
    Row::new("CER", DegreeLicenseCertificate::Cer, [to(system::V2_0360, "CER", "Certificate")]),
    Row::new(
        "CMA",
        DegreeLicenseCertificate::Cma,
        [to(system::V2_0360, "CMA", "Certified Medical Assistant")],
    ),
    Row::new("CNM", DegreeLicenseCertificate::Cnm, [to(system::V2_0360, "CNM", "Certified Nurse Midwife")]),
    Row::new(
        "CNP",
        DegreeLicenseCertificate::Cnp,
        [to(system::V2_0360, "CNP", "Certified Nurse Practitioner")],
    ),
    Row::new(
        "CNS",
        DegreeLicenseCertificate::Cns,
        [to(system::V2_0360, "CNS", "Certified Nurse Specialist")],
    ),
    Row::new(
        "CPNP",
        DegreeLicenseCertificate::Cpnp,
        [to(system::V2_0360, "CPNP", "Certified Pediatric Nurse Practitioner")],
    ),
    Row::new(
        "CRN",
        DegreeLicenseCertificate::Crn,
        [to(system::V2_0360, "CRN", "Certified Registered Nurse")],
    ),
    Row::new("CTR", DegreeLicenseCertificate::Ctr, [to(system::V2_0360, "CTR", "Certified Tumor Registrar")]),
    Row::new(
        "DBA",
        DegreeLicenseCertificate::Dba,
        [to(system::V2_0360, "DBA", "Doctor of Business Administration")],
    ),
    Row::new("DED", DegreeLicenseCertificate::Ded, [to(system::V2_0360, "DED", "Doctor of Education")]),
    Row::new("DIP", DegreeLicenseCertificate::Dip, [to(system::V2_0360, "DIP", "Diploma")]),
    Row::new("DO", DegreeLicenseCertificate::Do, [to(system::V2_0360, "DO", "Doctor of Osteopathy")]),
    Row::new(
        "EMT",
        DegreeLicenseCertificate::Emt,
        [to(system::V2_0360, "EMT", "Emergency Medical Technician")],
    ),
    Row::new(
        "EMTP",
        DegreeLicenseCertificate::Emtp,
        [to(system::V2_0360, "EMTP", "Emergency Medical Technician - Paramedic")],
    ),
    Row::new(
        "FPNP",
        DegreeLicenseCertificate::Fpnp,
        [to(system::V2_0360, "FPNP", "Family Practice Nurse Practitioner")],
    ),
    Row::new("HS", DegreeLicenseCertificate::Hs, [to(system::V2_0360, "HS", "High School Graduate")]),
    Row::new("JD", DegreeLicenseCertificate::Jd, [to(system::V2_0360, "JD", "Juris Doctor")]),
    Row::new("MA", DegreeLicenseCertificate::Ma, [to(system::V2_0360, "MA", "Master of Arts")]),
    Row::new(
        "MBA",
        DegreeLicenseCertificate::Mba,
        [to(system::V2_0360, "MBA", "Master of Business Administration")],
    ),
    Row::new(
        "MCE",
        DegreeLicenseCertificate::Mce,
        [to(system::V2_0360, "MCE", "Master of Civil Engineering")],
    ),
    Row::new("MD", DegreeLicenseCertificate::Md, [to(system::V2_0360, "MD", "Doctor of Medicine")]),
    Row::new("MDA", DegreeLicenseCertificate::Mda, [to(system::V2_0360, "MDA", "Medical Assistant")]),
    Row::new("MDI", DegreeLicenseCertificate::Mdi, [to(system::V2_0360, "MDI", "Master of Divinity")]),
    Row::new("ME", DegreeLicenseCertificate::Me, [to(system::V2_0360, "ME", "Master of Engineering")]),
    Row::new("MED", DegreeLicenseCertificate::Med, [to(system::V2_0360, "MED", "Master of Education")]),
    Row::new(
        "MEE",
        DegreeLicenseCertificate::Mee,
        [to(system::V2_0360, "MEE", "Master of Electrical Engineering")],
    ),
    Row::new("MFA", DegreeLicenseCertificate::Mfa, [to(system::V2_0360, "MFA", "Master of Fine Arts")]),
    Row::new(
        "MME",
        DegreeLicenseCertificate::Mme,
        [to(system::V2_0360, "MME", "Master of Mechanical Engineering")],
    ),
    Row::new("MS", DegreeLicenseCertificate::Ms, [to(system::V2_0360, "MS", "Master of Science")]),
    Row::new("MSL", DegreeLicenseCertificate::Msl, [to(system::V2_0360, "MSL", "Master of Science - Law")]),
    Row::new(
        "MSN",
        DegreeLicenseCertificate::Msn,
        [to(system::V2_0360, "MSN", "Master of Science - Nursing")],
    ),
    Row::new("MT", DegreeLicenseCertificate::Mt, [to(system::V2_0360, "MT", "Medical Technician")]),
    Row::new("MTH", DegreeLicenseCertificate::Mth, [to(system::V2_0360, "MTH", "Master of Theology")]),
    Row::new("NG", DegreeLicenseCertificate::Ng, [to(system::V2_0360, "NG", "Non-Graduate")]),
    Row::new("NP", DegreeLicenseCertificate::Np, [to(system::V2_0360, "NP", "Nurse Practitioner")]),
    Row::new("PA", DegreeLicenseCertificate::Pa, [to(system::V2_0360, "PA", "Physician Assistant")]),
    Row::new("PHD", DegreeLicenseCertificate::Phd, [to(system::V2_0360, "PHD", "Doctor of Philosophy")]),
    Row::new("PHE", DegreeLicenseCertificate::Phe, [to(system::V2_0360, "PHE", "Doctor of Engineering")]),
    Row::new("PHS", DegreeLicenseCertificate::Phs, [to(system::V2_0360, "PHS", "Doctor of Science")]),
    Row::new("PN", DegreeLicenseCertificate::Pn, [to(system::V2_0360, "PN", "Advanced Practice Nurse")]),
    Row::new(
        "PharmD",
        DegreeLicenseCertificate::PharmD,
        [to(system::V2_0360, "PharmD", "Doctor of Pharmacy")],
    ),
    Row::new(
        "RMA",
        DegreeLicenseCertificate::Rma,
        [to(system::V2_0360, "RMA", "Registered Medical Assistant")],
    ),
    Row::new("RN", DegreeLicenseCertificate::Rn, [to(system::V2_0360, "RN", "Registered Nurse")]),
    Row::new("RPH", DegreeLicenseCertificate::Rph, [to(system::V2_0360, "RPH", "Registered Pharmacist")]),
    Row::new("SEC", DegreeLicenseCertificate::Sec, [to(system::V2_0360, "SEC", "Secretarial Certificate")]),
    Row::new("TS", DegreeLicenseCertificate::Ts, [to(system::V2_0360, "TS", "Trade School Graduate")]),
];

impl DegreeLicenseCertificate {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&DEGREE_LICENSE_CERTIFICATE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&DEGREE_LICENSE_CERTIFICATE_CODES, self as usize)
    }

    /// `DegreeLicenseCertificate`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&DEGREE_LICENSE_CERTIFICATE_CODES, self as usize, 0)
    }
}

/// `DegreeLicenseCertificate`.
pub(crate) static DEGREE_LICENSE_CERTIFICATE: CodeMap = CodeMap {
    name: "DegreeLicenseCertificate",
    table: "0360",
    find: |code| DegreeLicenseCertificate::read(code).and_then(DegreeLicenseCertificate::concept),
    knows: |code| DegreeLicenseCertificate::read(code).is_some(),
    translates: true,
    codes: || {
        list(
            &DEGREE_LICENSE_CERTIFICATE_CODES,
            DegreeLicenseCertificate::code,
            DegreeLicenseCertificate::concept,
        )
    },
};
