//! Code tables: A.
// Made by `cargo xtask codes` from `hl7-v2/codes`. Do not edit.

use super::system;
use crate::fhir::code::{CodeMap, Concept, NONE, Row, bare, list, to};

/// Table 0001.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AdministrativeSex {
    A,
    F,
    M,
    N,
    O,
    U,
}

static ADMINISTRATIVE_SEX_CODES: [Row<AdministrativeSex, 1>; 6] = [
    Row::new("A", AdministrativeSex::A, [to(system::ADMINISTRATIVE_GENDER, "other", "Other")]),
    Row::new("F", AdministrativeSex::F, [to(system::ADMINISTRATIVE_GENDER, "female", "Female")]),
    Row::new("M", AdministrativeSex::M, [to(system::ADMINISTRATIVE_GENDER, "male", "Male")]),
    Row::new("N", AdministrativeSex::N, [to(system::ADMINISTRATIVE_GENDER, "other", "Other")]),
    Row::new("O", AdministrativeSex::O, [to(system::ADMINISTRATIVE_GENDER, "other", "Other")]),
    Row::new("U", AdministrativeSex::U, [to(system::ADMINISTRATIVE_GENDER, "unknown", "Unknown")]),
];

impl AdministrativeSex {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&ADMINISTRATIVE_SEX_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&ADMINISTRATIVE_SEX_CODES, self as usize)
    }

    /// `AdministrativeSex`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&ADMINISTRATIVE_SEX_CODES, self as usize, 0)
    }
}

/// `AdministrativeSex`.
pub(crate) static ADMINISTRATIVE_SEX: CodeMap = CodeMap {
    name: "AdministrativeSex",
    table: "0001",
    find: |code| AdministrativeSex::read(code).and_then(AdministrativeSex::concept),
    knows: |code| AdministrativeSex::read(code).is_some(),
    translates: true,
    codes: || list(&ADMINISTRATIVE_SEX_CODES, AdministrativeSex::code, AdministrativeSex::concept),
};

/// Table 0007.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AdmissionType {
    A,
    C,
    E,
    L,
    N,
    R,
    U,
}

static ADMISSION_TYPE_CODES: [Row<AdmissionType, 1>; 7] = [
    Row::new("A", AdmissionType::A, [to(system::V2_0007, "A", "Accident")]),
    Row::new("C", AdmissionType::C, [to(system::V2_0007, "C", "Elective")]),
    Row::new("E", AdmissionType::E, [to(system::V2_0007, "E", "Emergency")]),
    Row::new("L", AdmissionType::L, [to(system::V2_0007, "L", "Labor and Delivery")]),
    Row::new("N", AdmissionType::N, [to(system::V2_0007, "N", "Newborn (Birth in healthcare facility)")]),
    Row::new("R", AdmissionType::R, [to(system::V2_0007, "R", "Routine")]),
    Row::new("U", AdmissionType::U, [to(system::V2_0007, "U", "Urgent")]),
];

impl AdmissionType {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&ADMISSION_TYPE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&ADMISSION_TYPE_CODES, self as usize)
    }

    /// `AdmissionType`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&ADMISSION_TYPE_CODES, self as usize, 0)
    }
}

/// `AdmissionType`.
pub(crate) static ADMISSION_TYPE: CodeMap = CodeMap {
    name: "AdmissionType",
    table: "0007",
    find: |code| AdmissionType::read(code).and_then(AdmissionType::concept),
    knows: |code| AdmissionType::read(code).is_some(),
    translates: true,
    codes: || list(&ADMISSION_TYPE_CODES, AdmissionType::code, AdmissionType::concept),
};

/// Table 0009.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AmbulatoryStatus {
    A0,
    A1,
    A2,
    A3,
    A4,
    A5,
    A6,
    A7,
    A8,
    A9,
    B1,
    B2,
    B3,
    B4,
    B5,
    B6,
}

static AMBULATORY_STATUS_CODES: [Row<AmbulatoryStatus, 1>; 16] = [
    Row::new("A0", AmbulatoryStatus::A0, [NONE]),
    Row::new("A1", AmbulatoryStatus::A1, [NONE]),
    Row::new("A2", AmbulatoryStatus::A2, [to(system::ENCOUNTER_SPECIAL_ARRANGEMENTS, "wheel", "Wheelchair")]),
    Row::new("A3", AmbulatoryStatus::A3, [to(system::V2_0009, "A3", "Comatose; non-responsive")]),
    Row::new("A4", AmbulatoryStatus::A4, [to(system::V2_0009, "A4", "Disoriented")]),
    Row::new("A5", AmbulatoryStatus::A5, [to(system::V2_0009, "A5", "Vision impaired")]),
    Row::new("A6", AmbulatoryStatus::A6, [to(system::V2_0009, "A6", "Hearing impaired")]),
    Row::new("A7", AmbulatoryStatus::A7, [to(system::V2_0009, "A7", "Speech impaired")]),
    Row::new("A8", AmbulatoryStatus::A8, [to(system::V2_0009, "A8", "Non-English speaking")]),
    Row::new("A9", AmbulatoryStatus::A9, [to(system::V2_0009, "A9", "Functional level unknown")]),
    Row::new("B1", AmbulatoryStatus::B1, [to(system::V2_0009, "B1", "Oxygen therapy")]),
    Row::new(
        "B2",
        AmbulatoryStatus::B2,
        [to(system::V2_0009, "B2", "Special equipment (tubes, IVs, catheters)")],
    ),
    Row::new("B3", AmbulatoryStatus::B3, [to(system::V2_0009, "B3", "Amputee")]),
    Row::new("B4", AmbulatoryStatus::B4, [to(system::V2_0009, "B4", "Mastectomy")]),
    Row::new("B5", AmbulatoryStatus::B5, [to(system::V2_0009, "B5", "Paraplegic")]),
    Row::new("B6", AmbulatoryStatus::B6, [to(system::V2_0009, "B6", "Pregnant")]),
];

impl AmbulatoryStatus {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&AMBULATORY_STATUS_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&AMBULATORY_STATUS_CODES, self as usize)
    }

    /// `AmbulatoryStatus`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&AMBULATORY_STATUS_CODES, self as usize, 0)
    }
}

/// `AmbulatoryStatus`.
pub(crate) static AMBULATORY_STATUS: CodeMap = CodeMap {
    name: "AmbulatoryStatus",
    table: "0009",
    find: |code| AmbulatoryStatus::read(code).and_then(AmbulatoryStatus::concept),
    knows: |code| AmbulatoryStatus::read(code).is_some(),
    translates: true,
    codes: || list(&AMBULATORY_STATUS_CODES, AmbulatoryStatus::code, AmbulatoryStatus::concept),
};

/// Table 0023.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AdmitSource {
    N1,
    N2,
    N3,
    N4,
    N5,
    N6,
    N7,
    N8,
    N9,
}

static ADMIT_SOURCE_CODES: [Row<AdmitSource, 1>; 9] = [
    Row::new("1", AdmitSource::N1, [NONE]),
    Row::new("2", AdmitSource::N2, [NONE]),
    Row::new("3", AdmitSource::N3, [NONE]),
    Row::new("4", AdmitSource::N4, [NONE]),
    Row::new("5", AdmitSource::N5, [NONE]),
    Row::new("6", AdmitSource::N6, [NONE]),
    Row::new("7", AdmitSource::N7, [NONE]),
    Row::new("8", AdmitSource::N8, [NONE]),
    Row::new("9", AdmitSource::N9, [NONE]),
];

impl AdmitSource {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&ADMIT_SOURCE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&ADMIT_SOURCE_CODES, self as usize)
    }

    /// `AdmitSource`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&ADMIT_SOURCE_CODES, self as usize, 0)
    }
}

/// `AdmitSource`.
pub(crate) static ADMIT_SOURCE: CodeMap = CodeMap {
    name: "AdmitSource",
    table: "0023",
    find: |code| AdmitSource::read(code).and_then(AdmitSource::concept),
    knows: |code| AdmitSource::read(code).is_some(),
    translates: false,
    codes: || list(&ADMIT_SOURCE_CODES, AdmitSource::code, AdmitSource::concept),
};

/// Table 0127.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AllergenType {
    Aa,
    Da,
    Ea,
    Fa,
    La,
    Ma,
    Mc,
    Pa,
}

static ALLERGEN_TYPE_CODES: [Row<AllergenType, 3>; 8] = [
    Row::new(
        "AA",
        AllergenType::Aa,
        [
            to(system::ALLERGY_INTOLERANCE_TYPE, "allergy", "Allergy"),
            to(system::ALLERGY_INTOLERANCE_CATEGORY, "biologic", "Biologic"),
            to(system::V2_0127, "AA", "Animal Allergy"),
        ],
    ),
    Row::new(
        "DA",
        AllergenType::Da,
        [
            to(system::ALLERGY_INTOLERANCE_TYPE, "allergy", "Allergy"),
            to(system::ALLERGY_INTOLERANCE_CATEGORY, "medication", "Medication"),
            to(system::V2_0127, "DA", "Drug allergy"),
        ],
    ),
    Row::new(
        "EA",
        AllergenType::Ea,
        [
            to(system::ALLERGY_INTOLERANCE_TYPE, "allergy", "Allergy"),
            to(system::ALLERGY_INTOLERANCE_CATEGORY, "environment", "Environment"),
            to(system::V2_0127, "EA", "Environmental Allergy"),
        ],
    ),
    Row::new(
        "FA",
        AllergenType::Fa,
        [
            to(system::ALLERGY_INTOLERANCE_TYPE, "allergy", "Allergy"),
            to(system::ALLERGY_INTOLERANCE_CATEGORY, "food", "Food"),
            to(system::V2_0127, "FA", "Food allergy"),
        ],
    ),
    Row::new(
        "LA",
        AllergenType::La,
        [
            to(system::ALLERGY_INTOLERANCE_TYPE, "allergy", "Allergy"),
            to(system::ALLERGY_INTOLERANCE_CATEGORY, "environment", "Environment"),
            to(system::V2_0127, "LA", "Pollen Allergy"),
        ],
    ),
    Row::new(
        "MA",
        AllergenType::Ma,
        [
            to(system::ALLERGY_INTOLERANCE_TYPE, "allergy", "Allergy"),
            NONE,
            to(system::V2_0127, "MA", "Miscellaneous allergy"),
        ],
    ),
    Row::new(
        "MC",
        AllergenType::Mc,
        [NONE, NONE, to(system::V2_0127, "MC", "Miscellaneous contraindication")],
    ),
    Row::new(
        "PA",
        AllergenType::Pa,
        [
            to(system::ALLERGY_INTOLERANCE_TYPE, "allergy", "Allergy"),
            to(system::ALLERGY_INTOLERANCE_CATEGORY, "environment", "Environment"),
            to(system::V2_0127, "PA", "Plant Allergy"),
        ],
    ),
];

impl AllergenType {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&ALLERGEN_TYPE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&ALLERGEN_TYPE_CODES, self as usize)
    }

    /// `AllergyType`.
    pub(crate) fn concept_allergy_type(self) -> Option<Concept> {
        Row::concept(&ALLERGEN_TYPE_CODES, self as usize, 0)
    }

    /// `AllergenType[AllergyIntoleranceCategory]`.
    pub(crate) fn concept_allergy_intolerance_category(self) -> Option<Concept> {
        Row::concept(&ALLERGEN_TYPE_CODES, self as usize, 1)
    }

    /// `AllergenType[AllergyIntoleranceOriginalCategory]`.
    pub(crate) fn concept_allergy_intolerance_original_category(self) -> Option<Concept> {
        Row::concept(&ALLERGEN_TYPE_CODES, self as usize, 2)
    }
}

/// `AllergyType`.
pub(crate) static ALLERGY_TYPE: CodeMap = CodeMap {
    name: "AllergyType",
    table: "0127",
    find: |code| AllergenType::read(code).and_then(AllergenType::concept_allergy_type),
    knows: |code| AllergenType::read(code).is_some(),
    translates: true,
    codes: || list(&ALLERGEN_TYPE_CODES, AllergenType::code, AllergenType::concept_allergy_type),
};

/// `AllergenType[AllergyIntoleranceCategory]`.
pub(crate) static ALLERGEN_TYPE_ALLERGY_INTOLERANCE_CATEGORY: CodeMap = CodeMap {
    name: "AllergenType[AllergyIntoleranceCategory]",
    table: "0127",
    find: |code| AllergenType::read(code).and_then(AllergenType::concept_allergy_intolerance_category),
    knows: |code| AllergenType::read(code).is_some(),
    translates: true,
    codes: || {
        list(&ALLERGEN_TYPE_CODES, AllergenType::code, AllergenType::concept_allergy_intolerance_category)
    },
};

/// `AllergenType[AllergyIntoleranceOriginalCategory]`.
pub(crate) static ALLERGEN_TYPE_ALLERGY_INTOLERANCE_ORIGINAL_CATEGORY: CodeMap = CodeMap {
    name: "AllergenType[AllergyIntoleranceOriginalCategory]",
    table: "0127",
    find: |code| {
        AllergenType::read(code).and_then(AllergenType::concept_allergy_intolerance_original_category)
    },
    knows: |code| AllergenType::read(code).is_some(),
    translates: true,
    codes: || {
        list(
            &ALLERGEN_TYPE_CODES,
            AllergenType::code,
            AllergenType::concept_allergy_intolerance_original_category,
        )
    },
};

/// Table 0128.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AllergySeverity {
    Mi,
    Mo,
    Sv,
    U,
}

static ALLERGY_SEVERITY_CODES: [Row<AllergySeverity, 3>; 4] = [
    Row::new(
        "MI",
        AllergySeverity::Mi,
        [
            to(system::V2_0128, "MI", "Mild"),
            to(system::ALLERGY_INTOLERANCE_CRITICALITY, "low", "Low Risk"),
            to(system::REACTION_EVENT_SEVERITY, "mild", "Mild"),
        ],
    ),
    Row::new(
        "MO",
        AllergySeverity::Mo,
        [
            to(system::V2_0128, "MO", "Moderate"),
            NONE,
            to(system::REACTION_EVENT_SEVERITY, "moderate", "Moderate"),
        ],
    ),
    Row::new(
        "SV",
        AllergySeverity::Sv,
        [
            to(system::V2_0128, "SV", "Severe"),
            to(system::ALLERGY_INTOLERANCE_CRITICALITY, "high", "High Risk"),
            to(system::REACTION_EVENT_SEVERITY, "severe", "Severe"),
        ],
    ),
    Row::new("U", AllergySeverity::U, [to(system::V2_0128, "U", "Unknown"), NONE, NONE]),
];

impl AllergySeverity {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&ALLERGY_SEVERITY_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&ALLERGY_SEVERITY_CODES, self as usize)
    }

    /// `AllergySeverity[AllergyIntolerance.criticality-original]`.
    pub(crate) fn concept_allergy_intolerance_criticality_original(self) -> Option<Concept> {
        Row::concept(&ALLERGY_SEVERITY_CODES, self as usize, 0)
    }

    /// `AllergySeverity[AllergyIntolerance.criticality]`.
    pub(crate) fn concept_allergy_intolerance_criticality(self) -> Option<Concept> {
        Row::concept(&ALLERGY_SEVERITY_CODES, self as usize, 1)
    }

    /// `AllergySeverity[AllergyIntolerance.reaction.severity]`.
    pub(crate) fn concept_allergy_intolerance_reaction_severity(self) -> Option<Concept> {
        Row::concept(&ALLERGY_SEVERITY_CODES, self as usize, 2)
    }
}

/// `AllergySeverity[AllergyIntolerance.criticality-original]`.
pub(crate) static ALLERGY_SEVERITY_ALLERGY_INTOLERANCE_CRITICALITY_ORIGINAL: CodeMap = CodeMap {
    name: "AllergySeverity[AllergyIntolerance.criticality-original]",
    table: "0128",
    find: |code| {
        AllergySeverity::read(code)
            .and_then(AllergySeverity::concept_allergy_intolerance_criticality_original)
    },
    knows: |code| AllergySeverity::read(code).is_some(),
    translates: true,
    codes: || {
        list(
            &ALLERGY_SEVERITY_CODES,
            AllergySeverity::code,
            AllergySeverity::concept_allergy_intolerance_criticality_original,
        )
    },
};

/// `AllergySeverity[AllergyIntolerance.criticality]`.
pub(crate) static ALLERGY_SEVERITY_ALLERGY_INTOLERANCE_CRITICALITY: CodeMap = CodeMap {
    name: "AllergySeverity[AllergyIntolerance.criticality]",
    table: "0128",
    find: |code| {
        AllergySeverity::read(code).and_then(AllergySeverity::concept_allergy_intolerance_criticality)
    },
    knows: |code| AllergySeverity::read(code).is_some(),
    translates: true,
    codes: || {
        list(
            &ALLERGY_SEVERITY_CODES,
            AllergySeverity::code,
            AllergySeverity::concept_allergy_intolerance_criticality,
        )
    },
};

/// `AllergySeverity[AllergyIntolerance.reaction.severity]`.
pub(crate) static ALLERGY_SEVERITY_ALLERGY_INTOLERANCE_REACTION_SEVERITY: CodeMap = CodeMap {
    name: "AllergySeverity[AllergyIntolerance.reaction.severity]",
    table: "0128",
    find: |code| {
        AllergySeverity::read(code).and_then(AllergySeverity::concept_allergy_intolerance_reaction_severity)
    },
    knows: |code| AllergySeverity::read(code).is_some(),
    translates: true,
    codes: || {
        list(
            &ALLERGY_SEVERITY_CODES,
            AllergySeverity::code,
            AllergySeverity::concept_allergy_intolerance_reaction_severity,
        )
    },
};

/// Table 0161.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AllowSubstitution {
    G,
    N,
    T,
}

static ALLOW_SUBSTITUTION_CODES: [Row<AllowSubstitution, 1>; 3] = [
    Row::new("G", AllowSubstitution::G, [to(system::V2_0161, "G", "Allow generic substitutions.")]),
    Row::new(
        "N",
        AllowSubstitution::N,
        [to(system::V2_0161, "N", "Substitutions are NOT authorized. (This is the default - null.)")],
    ),
    Row::new("T", AllowSubstitution::T, [to(system::V2_0161, "T", "Allow therapeutic substitutions")]),
];

impl AllowSubstitution {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&ALLOW_SUBSTITUTION_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&ALLOW_SUBSTITUTION_CODES, self as usize)
    }

    /// `AllowSubstitution`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&ALLOW_SUBSTITUTION_CODES, self as usize, 0)
    }
}

/// `AllowSubstitution`.
pub(crate) static ALLOW_SUBSTITUTION: CodeMap = CodeMap {
    name: "AllowSubstitution",
    table: "0161",
    find: |code| AllowSubstitution::read(code).and_then(AllowSubstitution::concept),
    knows: |code| AllowSubstitution::read(code).is_some(),
    translates: true,
    codes: || list(&ALLOW_SUBSTITUTION_CODES, AllowSubstitution::code, AllowSubstitution::concept),
};

/// Table 0165.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AdministrationMethod {
    Ch,
    Di,
    Du,
    If,
    Ir,
    Is,
    Ivp,
    Ivpb,
    Nb,
    Pf,
    Pt,
    Sh,
    So,
    Wa,
    Wi,
}

static ADMINISTRATION_METHOD_CODES: [Row<AdministrationMethod, 1>; 15] = [
    Row::new("CH", AdministrationMethod::Ch, [bare(system::SCT, "419747000")]),
    Row::new("DI", AdministrationMethod::Di, [bare(system::SCT, "421682005")]),
    Row::new("DU", AdministrationMethod::Du, [NONE]),
    Row::new("IF", AdministrationMethod::If, [NONE]),
    Row::new("IR", AdministrationMethod::Ir, [NONE]),
    Row::new("IS", AdministrationMethod::Is, [bare(system::SCT, "421257003")]),
    Row::new("IVP", AdministrationMethod::Ivp, [NONE]),
    Row::new("IVPB", AdministrationMethod::Ivpb, [NONE]),
    Row::new("NB", AdministrationMethod::Nb, [NONE]),
    Row::new("PF", AdministrationMethod::Pf, [NONE]),
    Row::new("PT", AdministrationMethod::Pt, [NONE]),
    Row::new("SH", AdministrationMethod::Sh, [bare(system::SCT, "420606003")]),
    Row::new("SO", AdministrationMethod::So, [NONE]),
    Row::new("WA", AdministrationMethod::Wa, [bare(system::SCT, "422152000")]),
    Row::new("WI", AdministrationMethod::Wi, [NONE]),
];

impl AdministrationMethod {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&ADMINISTRATION_METHOD_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&ADMINISTRATION_METHOD_CODES, self as usize)
    }

    /// `AdministrationMethod`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&ADMINISTRATION_METHOD_CODES, self as usize, 0)
    }
}

/// `AdministrationMethod`.
pub(crate) static ADMINISTRATION_METHOD: CodeMap = CodeMap {
    name: "AdministrationMethod",
    table: "0165",
    find: |code| AdministrationMethod::read(code).and_then(AdministrationMethod::concept),
    knows: |code| AdministrationMethod::read(code).is_some(),
    translates: true,
    codes: || list(&ADMINISTRATION_METHOD_CODES, AdministrationMethod::code, AdministrationMethod::concept),
};

/// Table 0190.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AddressType {
    B,
    Ba,
    Bdl,
    Bi,
    Br,
    C,
    F,
    H,
    L,
    M,
    N,
    O,
    P,
    Rh,
    S,
    Sh,
    Tm,
    V,
}

static ADDRESS_TYPE_CODES: [Row<AddressType, 2>; 18] = [
    Row::new("B", AddressType::B, [NONE, to(system::ADDRESS_USE, "work", "Work")]),
    Row::new("BA", AddressType::Ba, [NONE, to(system::ADDRESS_USE, "old", "Old / Incorrect")]),
    Row::new("BDL", AddressType::Bdl, [NONE, NONE]),
    Row::new("BI", AddressType::Bi, [NONE, to(system::ADDRESS_USE, "billing", "Billing")]),
    Row::new("BR", AddressType::Br, [NONE, NONE]),
    Row::new("C", AddressType::C, [NONE, to(system::ADDRESS_USE, "temp", "Temporary")]),
    Row::new("F", AddressType::F, [NONE, NONE]),
    Row::new("H", AddressType::H, [NONE, to(system::ADDRESS_USE, "home", "Home")]),
    Row::new("L", AddressType::L, [NONE, NONE]),
    Row::new("M", AddressType::M, [to(system::ADDRESS_TYPE, "postal", "Postal"), NONE]),
    Row::new("N", AddressType::N, [NONE, NONE]),
    Row::new("O", AddressType::O, [NONE, to(system::ADDRESS_USE, "work", "Work")]),
    Row::new("P", AddressType::P, [NONE, NONE]),
    Row::new("RH", AddressType::Rh, [NONE, NONE]),
    Row::new("S", AddressType::S, [NONE, NONE]),
    Row::new("SH", AddressType::Sh, [to(system::ADDRESS_TYPE, "postal", "Postal"), NONE]),
    Row::new("TM", AddressType::Tm, [NONE, NONE]),
    Row::new("V", AddressType::V, [NONE, NONE]),
];

impl AddressType {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&ADDRESS_TYPE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&ADDRESS_TYPE_CODES, self as usize)
    }

    /// `AddressType[Type]`.
    pub(crate) fn concept_type(self) -> Option<Concept> {
        Row::concept(&ADDRESS_TYPE_CODES, self as usize, 0)
    }

    /// `AddressType[Use]`.
    pub(crate) fn concept_use(self) -> Option<Concept> {
        Row::concept(&ADDRESS_TYPE_CODES, self as usize, 1)
    }
}

/// `AddressType[Type]`.
pub(crate) static ADDRESS_TYPE_TYPE: CodeMap = CodeMap {
    name: "AddressType[Type]",
    table: "0190",
    find: |code| AddressType::read(code).and_then(AddressType::concept_type),
    knows: |code| AddressType::read(code).is_some(),
    translates: true,
    codes: || list(&ADDRESS_TYPE_CODES, AddressType::code, AddressType::concept_type),
};

/// `AddressType[Use]`.
pub(crate) static ADDRESS_TYPE_USE: CodeMap = CodeMap {
    name: "AddressType[Use]",
    table: "0190",
    find: |code| AddressType::read(code).and_then(AddressType::concept_use),
    knows: |code| AddressType::read(code).is_some(),
    translates: true,
    codes: || list(&ADDRESS_TYPE_CODES, AddressType::code, AddressType::concept_use),
};

/// Table 0276.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AppointmentReasonCodes {
    Checkup,
    Emergency,
    Followup,
    Routine,
    Walkin,
}

static APPOINTMENT_REASON_CODES_CODES: [Row<AppointmentReasonCodes, 1>; 5] = [
    Row::new("CHECKUP", AppointmentReasonCodes::Checkup, [bare(system::SCT, "866149003")]),
    Row::new("EMERGENCY", AppointmentReasonCodes::Emergency, [bare(system::SCT, "373110003")]),
    Row::new("FOLLOWUP", AppointmentReasonCodes::Followup, [bare(system::SCT, "185389009")]),
    Row::new("ROUTINE", AppointmentReasonCodes::Routine, [bare(system::SCT, "3780001")]),
    Row::new("WALKIN", AppointmentReasonCodes::Walkin, [NONE]),
];

impl AppointmentReasonCodes {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&APPOINTMENT_REASON_CODES_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&APPOINTMENT_REASON_CODES_CODES, self as usize)
    }

    /// `AppointmentReasonCodes`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&APPOINTMENT_REASON_CODES_CODES, self as usize, 0)
    }
}

/// `AppointmentReasonCodes`.
pub(crate) static APPOINTMENT_REASON_CODES: CodeMap = CodeMap {
    name: "AppointmentReasonCodes",
    table: "0276",
    find: |code| AppointmentReasonCodes::read(code).and_then(AppointmentReasonCodes::concept),
    knows: |code| AppointmentReasonCodes::read(code).is_some(),
    translates: true,
    codes: || {
        list(&APPOINTMENT_REASON_CODES_CODES, AppointmentReasonCodes::code, AppointmentReasonCodes::concept)
    },
};

/// Table 0277.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AppointmentTypeCodes {
    Complete,
    Normal,
    Tentative,
}

static APPOINTMENT_TYPE_CODES_CODES: [Row<AppointmentTypeCodes, 1>; 3] = [
    Row::new(
        "Complete",
        AppointmentTypeCodes::Complete,
        [to(
            system::V2_0277,
            "Complete",
            "A request to add a completed appointment, used to maintain records of completed appointments that did not appear in the schedule (e.g., STAT, walk-in, etc.)",
        )],
    ),
    Row::new(
        "Normal",
        AppointmentTypeCodes::Normal,
        [to(system::V2_0277, "Normal", "Routine schedule request type - default if not valued")],
    ),
    Row::new(
        "Tentative",
        AppointmentTypeCodes::Tentative,
        [to(system::V2_0277, "Tentative", "A request for a tentative (e.g., \"penciled in\") appointment")],
    ),
];

impl AppointmentTypeCodes {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&APPOINTMENT_TYPE_CODES_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&APPOINTMENT_TYPE_CODES_CODES, self as usize)
    }

    /// `AppointmentTypeCodes`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&APPOINTMENT_TYPE_CODES_CODES, self as usize, 0)
    }
}

/// `AppointmentTypeCodes`.
pub(crate) static APPOINTMENT_TYPE_CODES: CodeMap = CodeMap {
    name: "AppointmentTypeCodes",
    table: "0277",
    find: |code| AppointmentTypeCodes::read(code).and_then(AppointmentTypeCodes::concept),
    knows: |code| AppointmentTypeCodes::read(code).is_some(),
    translates: true,
    codes: || list(&APPOINTMENT_TYPE_CODES_CODES, AppointmentTypeCodes::code, AppointmentTypeCodes::concept),
};

/// Table 0371.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AdditivePreservative {
    Acda,
    Acdb,
    Acet,
    Amies,
    Bactm,
    Bf10,
    Bor,
    Bouin,
    Bskm,
    C32,
    C38,
    Cars,
    Cary,
    Chltm,
    Ctad,
    Edtk,
    Edtk15,
    Edtk75,
    Edtn,
    Ent,
    EntPlus,
    F10,
    Fdp,
    Fl10,
    Fl100,
    Hcl6,
    Hepa,
    Hepl,
    Hepn,
    Hno3,
    Jkm,
    Karn,
    Kox,
    Lia,
    M4,
    M4rt,
    M5,
    Michtm,
    Mmdtm,
    Naf,
    Naps,
    None,
    Page,
    Phenol,
    Pva,
    Rlm,
    Silica,
    Sps,
    Sst,
    Stutm,
    Throm,
    Thymol,
    Thyo,
    Tolu,
    Uretm,
    Virtm,
    West,
}

static ADDITIVE_PRESERVATIVE_CODES: [Row<AdditivePreservative, 1>; 57] = [
    Row::new("ACDA", AdditivePreservative::Acda, [to(system::V2_0371, "ACDA", "ACD Solution A")]),
    Row::new("ACDB", AdditivePreservative::Acdb, [to(system::V2_0371, "ACDB", "ACD Solution B")]),
    Row::new("ACET", AdditivePreservative::Acet, [to(system::V2_0371, "ACET", "Acetic Acid")]),
    Row::new("AMIES", AdditivePreservative::Amies, [to(system::V2_0371, "AMIES", "Amies transport medium")]),
    Row::new(
        "BACTM",
        AdditivePreservative::Bactm,
        [to(system::V2_0371, "BACTM", "Bacterial Transport medium")],
    ),
    Row::new("BF10", AdditivePreservative::Bf10, [to(system::V2_0371, "BF10", "Buffered 10% formalin")]),
    Row::new("BOR", AdditivePreservative::Bor, [to(system::V2_0371, "BOR", "Borate Boric Acid")]),
    Row::new("BOUIN", AdditivePreservative::Bouin, [to(system::V2_0371, "BOUIN", "Bouin's solution")]),
    Row::new("BSKM", AdditivePreservative::Bskm, [to(system::V2_0371, "BSKM", "Buffered skim milk")]),
    Row::new("C32", AdditivePreservative::C32, [to(system::V2_0371, "C32", "3.2% Citrate")]),
    Row::new("C38", AdditivePreservative::C38, [to(system::V2_0371, "C38", "3.8% Citrate")]),
    Row::new(
        "CARS",
        AdditivePreservative::Cars,
        [to(system::V2_0371, "CARS", "Carson's Modified 10% formalin")],
    ),
    Row::new("CARY", AdditivePreservative::Cary, [to(system::V2_0371, "CARY", "Cary Blair Medium")]),
    Row::new(
        "CHLTM",
        AdditivePreservative::Chltm,
        [to(system::V2_0371, "CHLTM", "Chlamydia transport medium")],
    ),
    Row::new(
        "CTAD",
        AdditivePreservative::Ctad,
        [to(system::V2_0371, "CTAD", "CTAD (this should be spelled out if not universally understood)")],
    ),
    Row::new("EDTK", AdditivePreservative::Edtk, [to(system::V2_0371, "EDTK", "Potassium/K EDTA")]),
    Row::new("EDTK15", AdditivePreservative::Edtk15, [to(system::V2_0371, "EDTK15", "Potassium/K EDTA 15%")]),
    Row::new(
        "EDTK75",
        AdditivePreservative::Edtk75,
        [to(system::V2_0371, "EDTK75", "Potassium/K EDTA 7.5%")],
    ),
    Row::new("EDTN", AdditivePreservative::Edtn, [to(system::V2_0371, "EDTN", "Sodium/Na EDTA")]),
    Row::new(
        "ENT",
        AdditivePreservative::Ent,
        [to(system::V2_0371, "ENT", "Enteric bacteria transport medium")],
    ),
    Row::new("ENT+", AdditivePreservative::EntPlus, [to(system::V2_0371, "ENT+", "Enteric plus")]),
    Row::new("F10", AdditivePreservative::F10, [to(system::V2_0371, "F10", "10% Formalin")]),
    Row::new(
        "FDP",
        AdditivePreservative::Fdp,
        [to(system::V2_0371, "FDP", "Thrombin NIH; soybean trypsin inhibitor (Fibrin Degradation Products)")],
    ),
    Row::new("FL10", AdditivePreservative::Fl10, [to(system::V2_0371, "FL10", "Sodium Fluoride, 10mg")]),
    Row::new("FL100", AdditivePreservative::Fl100, [to(system::V2_0371, "FL100", "Sodium Fluoride, 100mg")]),
    Row::new("HCL6", AdditivePreservative::Hcl6, [to(system::V2_0371, "HCL6", "6N HCL")]),
    Row::new("HEPA", AdditivePreservative::Hepa, [to(system::V2_0371, "HEPA", "Ammonium heparin")]),
    Row::new("HEPL", AdditivePreservative::Hepl, [to(system::V2_0371, "HEPL", "Lithium/Li Heparin")]),
    Row::new("HEPN", AdditivePreservative::Hepn, [to(system::V2_0371, "HEPN", "Sodium/Na Heparin")]),
    Row::new("HNO3", AdditivePreservative::Hno3, [to(system::V2_0371, "HNO3", "Nitric Acid")]),
    Row::new("JKM", AdditivePreservative::Jkm, [to(system::V2_0371, "JKM", "Jones Kendrick Medium")]),
    Row::new("KARN", AdditivePreservative::Karn, [to(system::V2_0371, "KARN", "Karnovsky's fixative")]),
    Row::new("KOX", AdditivePreservative::Kox, [to(system::V2_0371, "KOX", "Potassium Oxalate")]),
    Row::new("LIA", AdditivePreservative::Lia, [to(system::V2_0371, "LIA", "Lithium iodoacetate")]),
    Row::new("M4", AdditivePreservative::M4, [to(system::V2_0371, "M4", "M4")]),
    Row::new("M4RT", AdditivePreservative::M4rt, [to(system::V2_0371, "M4RT", "M4-RT")]),
    Row::new("M5", AdditivePreservative::M5, [to(system::V2_0371, "M5", "M5")]),
    Row::new(
        "MICHTM",
        AdditivePreservative::Michtm,
        [to(system::V2_0371, "MICHTM", "Michel's transport medium")],
    ),
    Row::new("MMDTM", AdditivePreservative::Mmdtm, [to(system::V2_0371, "MMDTM", "MMD transport medium")]),
    Row::new("NAF", AdditivePreservative::Naf, [to(system::V2_0371, "NAF", "Sodium Fluoride")]),
    Row::new(
        "NAPS",
        AdditivePreservative::Naps,
        [to(system::V2_0371, "NAPS", "Sodium polyanethol sulfonate 0.35% in 0.85% sodium chloride")],
    ),
    Row::new("NONE", AdditivePreservative::None, [to(system::V2_0371, "NONE", "None")]),
    Row::new("PAGE", AdditivePreservative::Page, [to(system::V2_0371, "PAGE", "Pages's Saline")]),
    Row::new("PHENOL", AdditivePreservative::Phenol, [to(system::V2_0371, "PHENOL", "Phenol")]),
    Row::new("PVA", AdditivePreservative::Pva, [to(system::V2_0371, "PVA", "PVA (polyvinylalcohol)")]),
    Row::new("RLM", AdditivePreservative::Rlm, [to(system::V2_0371, "RLM", "Reagan Lowe Medium")]),
    Row::new(
        "SILICA",
        AdditivePreservative::Silica,
        [to(system::V2_0371, "SILICA", "Siliceous earth, 12 mg")],
    ),
    Row::new(
        "SPS",
        AdditivePreservative::Sps,
        [to(system::V2_0371, "SPS", "SPS(this should be spelled out if not universally understood)")],
    ),
    Row::new(
        "SST",
        AdditivePreservative::Sst,
        [to(system::V2_0371, "SST", "Serum Separator Tube (Polymer Gel)")],
    ),
    Row::new("STUTM", AdditivePreservative::Stutm, [to(system::V2_0371, "STUTM", "Stuart transport medium")]),
    Row::new("THROM", AdditivePreservative::Throm, [to(system::V2_0371, "THROM", "Thrombin")]),
    Row::new("THYMOL", AdditivePreservative::Thymol, [to(system::V2_0371, "THYMOL", "Thymol")]),
    Row::new("THYO", AdditivePreservative::Thyo, [to(system::V2_0371, "THYO", "Thyoglycollate broth")]),
    Row::new("TOLU", AdditivePreservative::Tolu, [to(system::V2_0371, "TOLU", "Toluene")]),
    Row::new(
        "URETM",
        AdditivePreservative::Uretm,
        [to(system::V2_0371, "URETM", "Ureaplasma transport medium")],
    ),
    Row::new("VIRTM", AdditivePreservative::Virtm, [to(system::V2_0371, "VIRTM", "Viral Transport medium")]),
    Row::new(
        "WEST",
        AdditivePreservative::West,
        [to(system::V2_0371, "WEST", "Buffered Citrate (Westergren Sedimentation Rate)")],
    ),
];

impl AdditivePreservative {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&ADDITIVE_PRESERVATIVE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&ADDITIVE_PRESERVATIVE_CODES, self as usize)
    }

    /// `AdditivePreservative`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&ADDITIVE_PRESERVATIVE_CODES, self as usize, 0)
    }
}

/// `AdditivePreservative`.
pub(crate) static ADDITIVE_PRESERVATIVE: CodeMap = CodeMap {
    name: "AdditivePreservative",
    table: "0371",
    find: |code| AdditivePreservative::read(code).and_then(AdditivePreservative::concept),
    knows: |code| AdditivePreservative::read(code).is_some(),
    translates: true,
    codes: || list(&ADDITIVE_PRESERVATIVE_CODES, AdditivePreservative::code, AdditivePreservative::concept),
};

/// Table 0432.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AdmissionLevelOfCareCode {
    Ac,
    Ch,
    Co,
    Cr,
    Im,
    Mo,
}

static ADMISSION_LEVEL_OF_CARE_CODE_CODES: [Row<AdmissionLevelOfCareCode, 1>; 6] = [
    Row::new("AC", AdmissionLevelOfCareCode::Ac, [to(system::V2_0432, "AC", "Acute")]),
    Row::new("CH", AdmissionLevelOfCareCode::Ch, [to(system::V2_0432, "CH", "Chronic")]),
    Row::new("CO", AdmissionLevelOfCareCode::Co, [to(system::V2_0432, "CO", "Comatose")]),
    Row::new("CR", AdmissionLevelOfCareCode::Cr, [to(system::V2_0432, "CR", "Critical")]),
    Row::new("IM", AdmissionLevelOfCareCode::Im, [to(system::V2_0432, "IM", "Improved")]),
    Row::new("MO", AdmissionLevelOfCareCode::Mo, [to(system::V2_0432, "MO", "Moribund")]),
];

impl AdmissionLevelOfCareCode {
    /// The code that is written so.
    pub(crate) fn read(code: &str) -> Option<Self> {
        Row::read(&ADMISSION_LEVEL_OF_CARE_CODE_CODES, code)
    }

    /// As HL7 v2 writes it.
    pub(crate) fn code(self) -> &'static str {
        Row::code(&ADMISSION_LEVEL_OF_CARE_CODE_CODES, self as usize)
    }

    /// `AdmissionLevelOfCareCode`.
    pub(crate) fn concept(self) -> Option<Concept> {
        Row::concept(&ADMISSION_LEVEL_OF_CARE_CODE_CODES, self as usize, 0)
    }
}

/// `AdmissionLevelOfCareCode`.
pub(crate) static ADMISSION_LEVEL_OF_CARE_CODE: CodeMap = CodeMap {
    name: "AdmissionLevelOfCareCode",
    table: "0432",
    find: |code| AdmissionLevelOfCareCode::read(code).and_then(AdmissionLevelOfCareCode::concept),
    knows: |code| AdmissionLevelOfCareCode::read(code).is_some(),
    translates: true,
    codes: || {
        list(
            &ADMISSION_LEVEL_OF_CARE_CODE_CODES,
            AdmissionLevelOfCareCode::code,
            AdmissionLevelOfCareCode::concept,
        )
    },
};
