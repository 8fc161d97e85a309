//! Code tables: P.
// Made by `cargo xtask codes` from `hl7-v2/codes`. Do not edit.

use super::system;
use crate::fhir::code::{CodeMap, Concept, NONE, Row, bare, list, to};

/// Table 0004.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PatientClass {
    B,
    C,
    E,
    I,
    N,
    O,
    P,
    R,
    U,
}

static PATIENT_CLASS_CODES: [Row<PatientClass, 2>; 9] = [
    Row::new(
        "B",
        PatientClass::B,
        [to(system::V2_0004, "B", "Obstetrics"), to(system::ENCOUNTER_STATUS, "in-progress", "In Progress")],
    ),
    Row::new(
        "C",
        PatientClass::C,
        [
            to(system::V2_0004, "C", "Commercial Account"),
            to(system::ENCOUNTER_STATUS, "in-progress", "In Progress"),
        ],
    ),
    Row::new(
        "E",
        PatientClass::E,
        [
            to(system::V3_ACT_CODE, "EMER", "emergency"),
            to(system::ENCOUNTER_STATUS, "in-progress", "In Progress"),
        ],
    ),
    Row::new(
        "I",
        PatientClass::I,
        [
            to(system::V3_ACT_CODE, "IMP", "inpatient encounter"),
            to(system::ENCOUNTER_STATUS, "in-progress", "In Progress"),
        ],
    ),
    Row::new(
        "N",
        PatientClass::N,
        [
            to(system::V2_0004, "N", "Not Applicable"),
            to(system::ENCOUNTER_STATUS, "in-progress", "In Progress"),
        ],
    ),
    Row::new(
        "O",
        PatientClass::O,
        [
            to(system::V3_ACT_CODE, "AMB", "ambulatory"),
            to(system::ENCOUNTER_STATUS, "in-progress", "In Progress"),
        ],
    ),
    Row::new(
        "P",
        PatientClass::P,
        [
            to(system::V3_ACT_CODE, "PRENC", "pre-admission"),
            to(system::ENCOUNTER_STATUS, "planned", "Planned"),
        ],
    ),
    Row::new(
        "R",
        PatientClass::R,
        [
            to(system::V2_0004, "R", "Recurring patient"),
            to(system::ENCOUNTER_STATUS, "in-progress", "In Progress"),
        ],
    ),
    Row::new(
        "U",
        PatientClass::U,
        [to(system::V2_0004, "U", "Unknown"), to(system::ENCOUNTER_STATUS, "unknown", "Unknown")],
    ),
];

impl PatientClass {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&PATIENT_CLASS_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&PATIENT_CLASS_CODES, self as usize)
    }

    /// `PatientClass[EncounterClass]`.
    pub(crate) fn concept_encounter_class(self) -> Option<Concept> {
        Row::concept(&PATIENT_CLASS_CODES, self as usize, 0)
    }

    /// `PatientClass[EncounterStatus]`.
    pub(crate) fn concept_encounter_status(self) -> Option<Concept> {
        Row::concept(&PATIENT_CLASS_CODES, self as usize, 1)
    }
}

/// `PatientClass[EncounterClass]`.
pub(crate) static PATIENT_CLASS_ENCOUNTER_CLASS: CodeMap = CodeMap {
    name: "PatientClass[EncounterClass]",
    table: "0004",
    find: |code| PatientClass::read(code).and_then(PatientClass::concept_encounter_class),
    knows: |code| PatientClass::read(code).is_some(),
    translates: true,
    codes: || list(&PATIENT_CLASS_CODES, PatientClass::code, PatientClass::concept_encounter_class),
};

/// `PatientClass[EncounterStatus]`.
pub(crate) static PATIENT_CLASS_ENCOUNTER_STATUS: CodeMap = CodeMap {
    name: "PatientClass[EncounterStatus]",
    table: "0004",
    find: |code| PatientClass::read(code).and_then(PatientClass::concept_encounter_status),
    knows: |code| PatientClass::read(code).is_some(),
    translates: true,
    codes: || list(&PATIENT_CLASS_CODES, PatientClass::code, PatientClass::concept_encounter_status),
};

/// `PlanId`: the guide has no counterpart for any code.
pub(crate) static PLAN_ID: CodeMap = CodeMap {
    name: "PlanId",
    table: "0068",
    find: |_| None,
    knows: |_| false,
    translates: false,
    codes: Vec::new,
};

/// Table 0103.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProcessingID {
    D,
    N,
    P,
    T,
    V,
}

static PROCESSING_ID_CODES: [Row<ProcessingID, 1>; 5] = [
    Row::new("D", ProcessingID::D, [to(system::V2_0103, "D", "Debugging")]),
    Row::new("N", ProcessingID::N, [to(system::V2_0103, "N", "Non-Production Testing")]),
    Row::new("P", ProcessingID::P, [to(system::V2_0103, "P", "Production")]),
    Row::new("T", ProcessingID::T, [to(system::V2_0103, "T", "Training")]),
    Row::new("V", ProcessingID::V, [to(system::V2_0103, "V", "Validation")]),
];

impl ProcessingID {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&PROCESSING_ID_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&PROCESSING_ID_CODES, self as usize)
    }

    /// `ProcessingID`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&PROCESSING_ID_CODES, self as usize, 0)
    }
}

/// `ProcessingID`.
pub(crate) static PROCESSING_ID: CodeMap = CodeMap {
    name: "ProcessingID",
    table: "0103",
    find: |code| ProcessingID::read(code).and_then(ProcessingID::concept),
    knows: |code| ProcessingID::read(code).is_some(),
    translates: true,
    codes: || list(&PROCESSING_ID_CODES, ProcessingID::code, ProcessingID::concept),
};

/// Table 0185.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PreferredMethodOfContact {
    B,
    C,
    E,
    F,
    H,
    O,
}

static PREFERRED_METHOD_OF_CONTACT_CODES: [Row<PreferredMethodOfContact, 1>; 6] = [
    Row::new("B", PreferredMethodOfContact::B, [to(system::V2_0185, "B", "Beeper Number")]),
    Row::new("C", PreferredMethodOfContact::C, [to(system::V2_0185, "C", "Cellular Phone Number")]),
    Row::new(
        "E",
        PreferredMethodOfContact::E,
        [to(system::V2_0185, "E", "E-Mail Address (for backward compatibility)")],
    ),
    Row::new("F", PreferredMethodOfContact::F, [to(system::V2_0185, "F", "FAX Number")]),
    Row::new("H", PreferredMethodOfContact::H, [to(system::V2_0185, "H", "Home Phone Number")]),
    Row::new("O", PreferredMethodOfContact::O, [to(system::V2_0185, "O", "Office Phone Number")]),
];

impl PreferredMethodOfContact {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&PREFERRED_METHOD_OF_CONTACT_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&PREFERRED_METHOD_OF_CONTACT_CODES, self as usize)
    }

    /// `PreferredMethodOfContact`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&PREFERRED_METHOD_OF_CONTACT_CODES, self as usize, 0)
    }
}

/// `PreferredMethodOfContact`.
pub(crate) static PREFERRED_METHOD_OF_CONTACT: CodeMap = CodeMap {
    name: "PreferredMethodOfContact",
    table: "0185",
    find: |code| PreferredMethodOfContact::read(code).and_then(PreferredMethodOfContact::concept),
    knows: |code| PreferredMethodOfContact::read(code).is_some(),
    translates: true,
    codes: || {
        list(
            &PREFERRED_METHOD_OF_CONTACT_CODES,
            PreferredMethodOfContact::code,
            PreferredMethodOfContact::concept,
        )
    },
};

/// Table 0207.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProcessingMode {
    A,
    I,
    R,
    T,
}

static PROCESSING_MODE_CODES: [Row<ProcessingMode, 1>; 4] = [
    Row::new("A", ProcessingMode::A, [to(system::V2_0207, "A", "Archive")]),
    Row::new("I", ProcessingMode::I, [to(system::V2_0207, "I", "Initial load")]),
    Row::new("R", ProcessingMode::R, [to(system::V2_0207, "R", "Restore from archive")]),
    Row::new(
        "T",
        ProcessingMode::T,
        [to(system::V2_0207, "T", "Current processing, transmitted at intervals (scheduled or on demand)")],
    ),
];

impl ProcessingMode {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&PROCESSING_MODE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&PROCESSING_MODE_CODES, self as usize)
    }

    /// `ProcessingMode`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&PROCESSING_MODE_CODES, self as usize, 0)
    }
}

/// `ProcessingMode`.
pub(crate) static PROCESSING_MODE: CodeMap = CodeMap {
    name: "ProcessingMode",
    table: "0207",
    find: |code| ProcessingMode::read(code).and_then(ProcessingMode::concept),
    knows: |code| ProcessingMode::read(code).is_some(),
    translates: true,
    codes: || list(&PROCESSING_MODE_CODES, ProcessingMode::code, ProcessingMode::concept),
};

/// Table 0215.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PublicityCode {
    F,
    N,
    O,
    U,
}

static PUBLICITY_CODE_CODES: [Row<PublicityCode, 1>; 4] = [
    Row::new("F", PublicityCode::F, [to(system::V2_0215, "F", "Family only")]),
    Row::new("N", PublicityCode::N, [to(system::V2_0215, "N", "No Publicity")]),
    Row::new("O", PublicityCode::O, [to(system::V2_0215, "O", "Other")]),
    Row::new("U", PublicityCode::U, [to(system::V2_0215, "U", "Unknown")]),
];

impl PublicityCode {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&PUBLICITY_CODE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&PUBLICITY_CODE_CODES, self as usize)
    }

    /// `PublicityCode`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&PUBLICITY_CODE_CODES, self as usize, 0)
    }
}

/// `PublicityCode`.
pub(crate) static PUBLICITY_CODE: CodeMap = CodeMap {
    name: "PublicityCode",
    table: "0215",
    find: |code| PublicityCode::read(code).and_then(PublicityCode::concept),
    knows: |code| PublicityCode::read(code).is_some(),
    translates: true,
    codes: || list(&PUBLICITY_CODE_CODES, PublicityCode::code, PublicityCode::concept),
};

/// Table 0296.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PrimaryLanguage {
    Ar,
    Bn,
    Cs,
    Da,
    De,
    DeAt,
    DeCh,
    DeDe,
    El,
    En,
    EnAu,
    EnCa,
    EnGb,
    EnIn,
    EnNz,
    EnSg,
    EnUs,
    Es,
    EsAr,
    EsEs,
    EsUy,
    Fi,
    Fr,
    FrBe,
    FrCh,
    FrFr,
    Fy,
    FyNl,
    Hi,
    Hr,
    It,
    ItCh,
    ItIt,
    Ja,
    Ko,
    Nl,
    NlBe,
    NlNl,
    No,
    NoNo,
    Pa,
    Pl,
    Pt,
    PtBr,
    Ru,
    RuRu,
    Sr,
    SrRs,
    Sv,
    SvSe,
    Te,
    Zh,
    ZhCn,
    ZhHk,
    ZhSg,
    ZhTw,
}

static PRIMARY_LANGUAGE_CODES: [Row<PrimaryLanguage, 1>; 56] = [
    Row::new("ar", PrimaryLanguage::Ar, [bare(system::BCP47, "ar")]),
    Row::new("bn", PrimaryLanguage::Bn, [bare(system::BCP47, "bn")]),
    Row::new("cs", PrimaryLanguage::Cs, [bare(system::BCP47, "cs")]),
    Row::new("da", PrimaryLanguage::Da, [bare(system::BCP47, "da")]),
    Row::new("de", PrimaryLanguage::De, [bare(system::BCP47, "de")]),
    Row::new("de-AT", PrimaryLanguage::DeAt, [bare(system::BCP47, "de-AT")]),
    Row::new("de-CH", PrimaryLanguage::DeCh, [bare(system::BCP47, "de-CH")]),
    Row::new("de-DE", PrimaryLanguage::DeDe, [bare(system::BCP47, "de-DE")]),
    Row::new("el", PrimaryLanguage::El, [bare(system::BCP47, "el")]),
    Row::new("en", PrimaryLanguage::En, [bare(system::BCP47, "en")]),
    Row::new("en-AU", PrimaryLanguage::EnAu, [bare(system::BCP47, "en-AU")]),
    Row::new("en-CA", PrimaryLanguage::EnCa, [bare(system::BCP47, "en-CA")]),
    Row::new("en-GB", PrimaryLanguage::EnGb, [bare(system::BCP47, "en-GB")]),
    Row::new("en-IN", PrimaryLanguage::EnIn, [bare(system::BCP47, "en-IN")]),
    Row::new("en-NZ", PrimaryLanguage::EnNz, [bare(system::BCP47, "en-NZ")]),
    Row::new("en-SG", PrimaryLanguage::EnSg, [bare(system::BCP47, "en-SG")]),
    Row::new("en-US", PrimaryLanguage::EnUs, [bare(system::BCP47, "en-US")]),
    Row::new("es", PrimaryLanguage::Es, [bare(system::BCP47, "es")]),
    Row::new("es-AR", PrimaryLanguage::EsAr, [bare(system::BCP47, "es-AR")]),
    Row::new("es-ES", PrimaryLanguage::EsEs, [bare(system::BCP47, "es-ES")]),
    Row::new("es-UY", PrimaryLanguage::EsUy, [bare(system::BCP47, "es-UY")]),
    Row::new("fi", PrimaryLanguage::Fi, [bare(system::BCP47, "fi")]),
    Row::new("fr", PrimaryLanguage::Fr, [bare(system::BCP47, "fr")]),
    Row::new("fr-BE", PrimaryLanguage::FrBe, [bare(system::BCP47, "fr-BE")]),
    Row::new("fr-CH", PrimaryLanguage::FrCh, [bare(system::BCP47, "fr-CH")]),
    Row::new("fr-FR", PrimaryLanguage::FrFr, [bare(system::BCP47, "fr-FR")]),
    Row::new("fy", PrimaryLanguage::Fy, [bare(system::BCP47, "fy")]),
    Row::new("fy-NL", PrimaryLanguage::FyNl, [bare(system::BCP47, "fy-NL")]),
    Row::new("hi", PrimaryLanguage::Hi, [bare(system::BCP47, "hi")]),
    Row::new("hr", PrimaryLanguage::Hr, [bare(system::BCP47, "hr")]),
    Row::new("it", PrimaryLanguage::It, [bare(system::BCP47, "it")]),
    Row::new("it-CH", PrimaryLanguage::ItCh, [bare(system::BCP47, "it-CH")]),
    Row::new("it-IT", PrimaryLanguage::ItIt, [bare(system::BCP47, "it-IT")]),
    Row::new("ja", PrimaryLanguage::Ja, [bare(system::BCP47, "ja")]),
    Row::new("ko", PrimaryLanguage::Ko, [bare(system::BCP47, "ko")]),
    Row::new("nl", PrimaryLanguage::Nl, [bare(system::BCP47, "nl")]),
    Row::new("nl-BE", PrimaryLanguage::NlBe, [bare(system::BCP47, "nl-BE")]),
    Row::new("nl-NL", PrimaryLanguage::NlNl, [bare(system::BCP47, "nl-NL")]),
    Row::new("no", PrimaryLanguage::No, [bare(system::BCP47, "no")]),
    Row::new("no-NO", PrimaryLanguage::NoNo, [bare(system::BCP47, "no-NO")]),
    Row::new("pa", PrimaryLanguage::Pa, [bare(system::BCP47, "pa")]),
    Row::new("pl", PrimaryLanguage::Pl, [bare(system::BCP47, "pl")]),
    Row::new("pt", PrimaryLanguage::Pt, [bare(system::BCP47, "pt")]),
    Row::new("pt-BR", PrimaryLanguage::PtBr, [bare(system::BCP47, "pt-BR")]),
    Row::new("ru", PrimaryLanguage::Ru, [bare(system::BCP47, "ru")]),
    Row::new("ru-RU", PrimaryLanguage::RuRu, [bare(system::BCP47, "ru-RU")]),
    Row::new("sr", PrimaryLanguage::Sr, [bare(system::BCP47, "sr")]),
    Row::new("sr-RS", PrimaryLanguage::SrRs, [bare(system::BCP47, "sr-RS")]),
    Row::new("sv", PrimaryLanguage::Sv, [bare(system::BCP47, "sv")]),
    Row::new("sv-SE", PrimaryLanguage::SvSe, [bare(system::BCP47, "sv-SE")]),
    Row::new("te", PrimaryLanguage::Te, [bare(system::BCP47, "te")]),
    Row::new("zh", PrimaryLanguage::Zh, [bare(system::BCP47, "zh")]),
    Row::new("zh-CN", PrimaryLanguage::ZhCn, [bare(system::BCP47, "zh-CN")]),
    Row::new("zh-HK", PrimaryLanguage::ZhHk, [bare(system::BCP47, "zh-HK")]),
    Row::new("zh-SG", PrimaryLanguage::ZhSg, [bare(system::BCP47, "zh-SG")]),
    Row::new("zh-TW", PrimaryLanguage::ZhTw, [bare(system::BCP47, "zh-TW")]),
];

impl PrimaryLanguage {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&PRIMARY_LANGUAGE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&PRIMARY_LANGUAGE_CODES, self as usize)
    }

    /// `PrimaryLanguage`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&PRIMARY_LANGUAGE_CODES, self as usize, 0)
    }
}

/// `PrimaryLanguage`.
pub(crate) static PRIMARY_LANGUAGE: CodeMap = CodeMap {
    name: "PrimaryLanguage",
    table: "0296",
    find: |code| PrimaryLanguage::read(code).and_then(PrimaryLanguage::concept),
    knows: |code| PrimaryLanguage::read(code).is_some(),
    translates: true,
    codes: || list(&PRIMARY_LANGUAGE_CODES, PrimaryLanguage::code, PrimaryLanguage::concept),
};

/// `PrincipalLanguageOfMessage`.
pub(crate) static PRINCIPAL_LANGUAGE_OF_MESSAGE: CodeMap = CodeMap {
    name: "PrincipalLanguageOfMessage",
    table: "0296",
    find: |code| PrimaryLanguage::read(code).and_then(PrimaryLanguage::concept),
    knows: |code| PrimaryLanguage::read(code).is_some(),
    translates: true,
    codes: || list(&PRIMARY_LANGUAGE_CODES, PrimaryLanguage::code, PrimaryLanguage::concept),
};

/// Table 0338.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PractitionerIdNumberType {
    Cy,
    Dea,
    Gl,
    LAndI,
    Li,
    Mcd,
    Mcr,
    Qa,
    Sl,
    Tax,
    Trl,
    Upin,
}

static PRACTITIONER_ID_NUMBER_TYPE_CODES: [Row<PractitionerIdNumberType, 1>; 12] = [
    Row::new("CY", PractitionerIdNumberType::Cy, [to(system::V2_0338, "CY", "County number")]),
    Row::new(
        "DEA",
        PractitionerIdNumberType::Dea,
        [to(system::V2_0338, "DEA", "Drug Enforcement Agency no.")],
    ),
    Row::new("GL", PractitionerIdNumberType::Gl, [to(system::V2_0338, "GL", "General ledger number")]),
    Row::new(
        "L&I",
        PractitionerIdNumberType::LAndI,
        [to(system::V2_0338, "LI", "Labor and industries number")],
    ),
    Row::new("LI", PractitionerIdNumberType::Li, [to(system::V2_0338, "LI", "Labor and industries number")]),
    Row::new("MCD", PractitionerIdNumberType::Mcd, [to(system::V2_0338, "MCD", "Medicaid number")]),
    Row::new("MCR", PractitionerIdNumberType::Mcr, [to(system::V2_0338, "MCR", "Medicare number")]),
    Row::new("QA", PractitionerIdNumberType::Qa, [to(system::V2_0338, "QA", "QA number")]),
    Row::new("SL", PractitionerIdNumberType::Sl, [to(system::V2_0338, "SL", "State license number")]),
    Row::new("TAX", PractitionerIdNumberType::Tax, [to(system::V2_0203, "TAX", "Tax ID number")]),
    Row::new("TRL", PractitionerIdNumberType::Trl, [to(system::V2_0338, "TRL", "Training license number")]),
    Row::new(
        "UPIN",
        PractitionerIdNumberType::Upin,
        [to(system::V2_0338, "UPIN", "Unique physician ID no.")],
    ),
];

impl PractitionerIdNumberType {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&PRACTITIONER_ID_NUMBER_TYPE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&PRACTITIONER_ID_NUMBER_TYPE_CODES, self as usize)
    }

    /// `PractitionerIDNumberType`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&PRACTITIONER_ID_NUMBER_TYPE_CODES, self as usize, 0)
    }
}

/// `PractitionerIDNumberType`.
pub(crate) static PRACTITIONER_ID_NUMBER_TYPE: CodeMap = CodeMap {
    name: "PractitionerIDNumberType",
    table: "0338",
    find: |code| PractitionerIdNumberType::read(code).and_then(PractitionerIdNumberType::concept),
    knows: |code| PractitionerIdNumberType::read(code).is_some(),
    translates: true,
    codes: || {
        list(
            &PRACTITIONER_ID_NUMBER_TYPE_CODES,
            PractitionerIdNumberType::code,
            PractitionerIdNumberType::concept,
        )
    },
};

/// `ParticipantOrganizationUnitType`: the guide has no counterpart for any code.
pub(crate) static PARTICIPANT_ORGANIZATION_UNIT_TYPE: CodeMap = CodeMap {
    name: "ParticipantOrganizationUnitType",
    table: "0406",
    find: |_| None,
    knows: |_| false,
    translates: false,
    codes: Vec::new,
};

/// Table 0443.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProviderRole {
    Ad,
    Ai,
    Ap,
    At,
    Clp,
    Cp,
    Dp,
    Ep,
    Fhcp,
    Ip,
    Mdir,
    Op,
    Ph,
    Pi,
    Pp,
    Ro,
    Rp,
    Rt,
    Tn,
    Tr,
    Vp,
    Vps,
    Vts,
}

static PROVIDER_ROLE_CODES: [Row<ProviderRole, 1>; 23] = [
    Row::new("AD", ProviderRole::Ad, [to(system::V3_PARTICIPATION_TYPE, "ADM", "admitter")]),
    Row::new("AI", ProviderRole::Ai, [NONE]),
    Row::new("AP", ProviderRole::Ap, [NONE]),
    Row::new("AT", ProviderRole::At, [to(system::V3_PARTICIPATION_TYPE, "ATND", "attender")]),
    Row::new("CLP", ProviderRole::Clp, [NONE]),
    Row::new("CP", ProviderRole::Cp, [to(system::V3_PARTICIPATION_TYPE, "CON", "consultant")]),
    Row::new("DP", ProviderRole::Dp, [NONE]),
    Row::new("EP", ProviderRole::Ep, [NONE]),
    Row::new("FHCP", ProviderRole::Fhcp, [NONE]),
    Row::new("IP", ProviderRole::Ip, [NONE]),
    Row::new("MDIR", ProviderRole::Mdir, [NONE]),
    Row::new("OP", ProviderRole::Op, [NONE]),
    Row::new("PH", ProviderRole::Ph, [NONE]),
    Row::new("PI", ProviderRole::Pi, [bare(system::SCT, "40570005")]),
    Row::new("PP", ProviderRole::Pp, [bare(system::SCT, "446050000")]),
    Row::new("RO", ProviderRole::Ro, [NONE]),
    Row::new("RP", ProviderRole::Rp, [to(system::V3_PARTICIPATION_TYPE, "REF", "referrer")]),
    Row::new("RT", ProviderRole::Rt, [NONE]),
    Row::new("TN", ProviderRole::Tn, [NONE]),
    Row::new("TR", ProviderRole::Tr, [NONE]),
    Row::new("VP", ProviderRole::Vp, [NONE]),
    Row::new("VPS", ProviderRole::Vps, [NONE]),
    Row::new("VTS", ProviderRole::Vts, [NONE]),
];

impl ProviderRole {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&PROVIDER_ROLE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&PROVIDER_ROLE_CODES, self as usize)
    }

    /// `ProviderRole`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&PROVIDER_ROLE_CODES, self as usize, 0)
    }
}

/// `ProviderRole`.
pub(crate) static PROVIDER_ROLE: CodeMap = CodeMap {
    name: "ProviderRole",
    table: "0443",
    find: |code| ProviderRole::read(code).and_then(ProviderRole::concept),
    knows: |code| ProviderRole::read(code).is_some(),
    translates: true,
    codes: || list(&PROVIDER_ROLE_CODES, ProviderRole::code, ProviderRole::concept),
};

/// Table 0912.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Participation {
    Aap,
    Ac,
    Ad,
    Ai,
    Ap,
    Ari,
    At,
    Aut,
    Cp,
    Dp,
    Ep,
    Equip,
    Fhcp,
    Mdir,
    Op,
    Os,
    Pb,
    Ph,
    Pi,
    Po,
    Pomd,
    Pp,
    Pri,
    Rct,
    Ro,
    Rp,
    Rt,
    Sb,
    Sc,
    Tn,
    Tr,
    Vp,
    Vps,
    Vts,
    Way,
    Wayr,
}

static PARTICIPATION_CODES: [Row<Participation, 1>; 36] = [
    Row::new("AAP", Participation::Aap, [NONE]),
    Row::new("AC", Participation::Ac, [NONE]),
    Row::new("AD", Participation::Ad, [NONE]),
    Row::new("AI", Participation::Ai, [NONE]),
    Row::new("AP", Participation::Ap, [NONE]),
    Row::new("ARI", Participation::Ari, [NONE]),
    Row::new("AT", Participation::At, [NONE]),
    Row::new("AUT", Participation::Aut, [NONE]),
    Row::new("CP", Participation::Cp, [NONE]),
    Row::new("DP", Participation::Dp, [NONE]),
    Row::new("EP", Participation::Ep, [NONE]),
    Row::new("EQUIP", Participation::Equip, [NONE]),
    Row::new("FHCP", Participation::Fhcp, [NONE]),
    Row::new("MDIR", Participation::Mdir, [NONE]),
    Row::new("OP", Participation::Op, [NONE]),
    Row::new("OS", Participation::Os, [NONE]),
    Row::new("PB", Participation::Pb, [NONE]),
    Row::new("PH", Participation::Ph, [to(system::PRACTITIONER_ROLE, "pharmacist", "Pharmacist")]),
    Row::new("PI", Participation::Pi, [NONE]),
    Row::new("PO", Participation::Po, [NONE]),
    Row::new("POMD", Participation::Pomd, [NONE]),
    Row::new("PP", Participation::Pp, [NONE]),
    Row::new("PRI", Participation::Pri, [NONE]),
    Row::new("RCT", Participation::Rct, [NONE]),
    Row::new("RO", Participation::Ro, [NONE]),
    Row::new("RP", Participation::Rp, [NONE]),
    Row::new("RT", Participation::Rt, [NONE]),
    Row::new("SB", Participation::Sb, [NONE]),
    Row::new("SC", Participation::Sc, [NONE]),
    Row::new("TN", Participation::Tn, [NONE]),
    Row::new("TR", Participation::Tr, [NONE]),
    Row::new("VP", Participation::Vp, [NONE]),
    Row::new("VPS", Participation::Vps, [NONE]),
    Row::new("VTS", Participation::Vts, [NONE]),
    Row::new("WAY", Participation::Way, [NONE]),
    Row::new("WAYR", Participation::Wayr, [NONE]),
];

impl Participation {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&PARTICIPATION_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&PARTICIPATION_CODES, self as usize)
    }

    /// `Participation`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&PARTICIPATION_CODES, self as usize, 0)
    }
}

/// `Participation`.
pub(crate) static PARTICIPATION: CodeMap = CodeMap {
    name: "Participation",
    table: "0912",
    find: |code| Participation::read(code).and_then(Participation::concept),
    knows: |code| Participation::read(code).is_some(),
    translates: true,
    codes: || list(&PARTICIPATION_CODES, Participation::code, Participation::concept),
};
