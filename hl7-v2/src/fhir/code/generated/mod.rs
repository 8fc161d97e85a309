//! The code tables of HL7 v2.
// Made by `cargo xtask codes` from `hl7-v2/codes`. Do not edit.

mod a;
mod b;
mod c;
mod d;
mod e;
mod f;
mod h;
mod i;
mod l;
mod m;
mod n;
mod o;
mod p;
mod r;
mod s;
pub(crate) mod system;
mod t;
mod u;
mod v;
mod y;

pub(crate) use a::*;
pub(crate) use b::*;
pub(crate) use c::*;
pub(crate) use d::*;
pub(crate) use e::*;
pub(crate) use f::*;
pub(crate) use h::*;
pub(crate) use i::*;
pub(crate) use l::*;
pub(crate) use m::*;
pub(crate) use n::*;
pub(crate) use o::*;
pub(crate) use p::*;
pub(crate) use r::*;
pub(crate) use s::*;
pub(crate) use t::*;
pub(crate) use u::*;
pub(crate) use v::*;
pub(crate) use y::*;

use super::{CodeMap, CorrectedCode, UnmappedCode};

/// Every map of the guide.
pub(crate) static ALL: &[&CodeMap] = &[
    &ADMINISTRATIVE_SEX,
    &MARITAL_STATUS,
    &EVENT_TYPE,
    &EVENT_ENCOUNTER_STATUS,
    &PATIENT_CLASS_ENCOUNTER_CLASS,
    &PATIENT_CLASS_ENCOUNTER_STATUS,
    &RELIGION,
    &ADMISSION_TYPE,
    &AMBULATORY_STATUS,
    &ORDER_STATUS,
    &DIAGNOSIS_TYPE,
    &EVENT_REASON,
    &RELATIONSHIP,
    &FINANCIAL_CLASS,
    &PLAN_ID,
    &HOSPITAL_SERVICE,
    &DIAGNOSTIC_SERVICE_SECTION_ID,
    &INTERPRETATION_CODES,
    &NATURE_OF_ABNORMAL_TESTING,
    &OBSERVATION_RESULT_STATUS_CODES_INTERPRETATION,
    &READMISSION_INDICATOR,
    &VIP_INDICATOR,
    &PROCESSING_ID,
    &DISCHARGE_DISPOSITION,
    &DISCHARGED_TO_LOCATION,
    &DIET_TYPE,
    &BED_STATUS,
    &ORDER_CONTROL_CODE_SERVICE_REQUEST_STATUS,
    &RESULT_STATUS_NON_QUERIES,
    &ALLERGY_TYPE,
    &ALLERGEN_TYPE_ALLERGY_INTOLERANCE_CATEGORY,
    &ALLERGEN_TYPE_ALLERGY_INTOLERANCE_ORIGINAL_CATEGORY,
    &ALLERGY_SEVERITY_ALLERGY_INTOLERANCE_CRITICALITY_ORIGINAL,
    &ALLERGY_SEVERITY_ALLERGY_INTOLERANCE_CRITICALITY,
    &ALLERGY_SEVERITY_ALLERGY_INTOLERANCE_REACTION_SEVERITY,
    &VISIT_USER_CODE,
    &CONTACT_ROLE,
    &YES_NO_INDICATOR,
    &YES_NO_INDICATOR_AVAILABILITY_STATUS,
    &ALLOW_SUBSTITUTION,
    &ROUTE_OF_ADMINISTRATION,
    &BODY_SITE,
    &ADMINISTRATION_METHOD,
    &CONFIDENTIALITY_CODE,
    &PREFERRED_METHOD_OF_CONTACT,
    &OPERATOR_ID,
    &ADDRESS_TYPE_TYPE,
    &ADDRESS_TYPE_USE,
    &NAME_TYPE,
    &TELECOMMUNICATION_USE_CODE,
    &TELECOMMUNICATION_EQUIPMENT_TYPE,
    &IDENTIFIER_TYPE,
    &ORGANIZATIONAL_NAME_TYPE,
    &SEGMENT_ACTION_CODE,
    &PROCESSING_MODE,
    &PUBLICITY_CODE,
    &ENCOUNTER_PRIORITY,
    &DOCUMENT_CONFIDENTIALITY_STATUS,
    &APPOINTMENT_REASON_CODES,
    &APPOINTMENT_TYPE_CODES,
    &FILLER_STATUS_CODES_APPOINTMENT,
    &PRIMARY_LANGUAGE,
    &PRINCIPAL_LANGUAGE_OF_MESSAGE,
    &UNIVERSAL_ID_TYPE,
    &LIVING_WILL_CODE,
    &COMPLETION_STATUS,
    &REPEAT_PATTERN,
    &PRACTITIONER_ID_NUMBER_TYPE,
    &MESSAGE_STRUCTURE,
    &DEGREE_LICENSE_CERTIFICATE,
    &COMMENT_TYPE,
    &ADDITIVE_PRESERVATIVE,
    &COUNTRY_CODE,
    &PARTICIPANT_ORGANIZATION_UNIT_TYPE,
    &MODE_OF_ARRIVAL_CODE,
    &ADMISSION_LEVEL_OF_CARE_CODE,
    &PROVIDER_ROLE,
    &NAME_ASSEMBLY_ORDER,
    &ORDER_TYPE,
    &EXTENDED_PRIORITY_CODES,
    &SPECIMEN_TYPE,
    &SPECIMEN_COLLECTION_METHOD,
    &SPECIMEN_REJECT_REASON,
    &SPECIMEN_CONDITION,
    &EVENT_RELATED_PERIOD,
    &SPECIMEN_SOURCE_TYPE_MODIFIER,
    &BODY_PARTS,
    &TEST_SERVICE_DEFAULT_DURATION_UNITS,
    &REQUESTED_GIVE_UNITS,
    &REQUESTED_DOSAGE_FORM,
    &REQUESTED_DISPENSE_UNITS,
    &REQUESTED_GIVE_STRENGTH_UNITS,
    &REQUESTED_DRUG_STRENGTH_VOLUME_UNITS,
    &ROUTING_INSTRUCTION,
    &SPECIMEN_SOURCE_SITE,
    &CONTAINER_TYPE,
    &PARTICIPATION,
    &CONFIDENTIALITY_CLASSIFICATION,
    &SECURITY_LABEL_HANDLING_INSTRUCTIONS,
];

/// The maps that are none of the guide.
pub(crate) static OWN: &[&CodeMap] = &[
    &EVENT_APPOINTMENT_STATUS,
    &ADMIT_SOURCE,
    &TELECOMMUNICATION_EQUIPMENT_TYPE_USE,
    &DOCUMENT_COMPLETION_STATUS,
    &DOCUMENT_AVAILABILITY_STATUS,
    &FILLER_STATUS_CODES_PARTICIPATION,
];

/// Rows of the guide that are left out; `-` stands for the rows of a map that have no code of v2.
pub(crate) static UNMAPPED: &[UnmappedCode] = &[
    UnmappedCode {
        map: "MaritalStatus",
        code: "-",
        reason: "codes of FHIR that the guide lists without a code of v2",
    },
    UnmappedCode {
        map: "PatientClass[EncounterClass]",
        code: "-",
        reason: "codes of FHIR that the guide lists without a code of v2",
    },
    UnmappedCode {
        map: "Religion",
        code: "-",
        reason: "codes of FHIR that the guide lists without a code of v2",
    },
    UnmappedCode {
        map: "AmbulatoryStatus",
        code: "-",
        reason: "codes of FHIR that the guide lists without a code of v2",
    },
    UnmappedCode {
        map: "DiagnosisType",
        code: "-",
        reason: "codes of FHIR that the guide lists without a code of v2",
    },
    UnmappedCode {
        map: "HospitalService",
        code: "-",
        reason: "codes of FHIR that the guide lists without a code of v2",
    },
    UnmappedCode {
        map: "ResultStatus[Non-Queries]",
        code: "-",
        reason: "codes of FHIR that the guide lists without a code of v2",
    },
    UnmappedCode {
        map: "YesNoIndicator[AvailabilityStatus]",
        code: "-",
        reason: "codes of FHIR that the guide lists without a code of v2",
    },
    UnmappedCode {
        map: "ConfidentialityCode",
        code: "-",
        reason: "codes of FHIR that the guide lists without a code of v2",
    },
    UnmappedCode {
        map: "IdentifierType",
        code: "NNxxx",
        reason: "a form that stands for many codes: a code of this form keeps the system of the table",
    },
    UnmappedCode {
        map: "SegmentActionCode",
        code: "U",
        reason: "the guide leaves PUT or PATCH to the receiver: a message carries what it says in full, which is PUT",
    },
    UnmappedCode {
        map: "ProcessingMode",
        code: "-",
        reason: "codes of FHIR that the guide lists without a code of v2",
    },
    UnmappedCode {
        map: "DocumentConfidentialityStatus",
        code: "-",
        reason: "codes of FHIR that the guide lists without a code of v2",
    },
    UnmappedCode {
        map: "FillerStatusCodes[Appointment]",
        code: "-",
        reason: "codes of FHIR that the guide lists without a code of v2",
    },
    UnmappedCode {
        map: "RepeatPattern",
        code: "Q<integer>S",
        reason: "a form that stands for many codes: a code of this form keeps the system of the table",
    },
    UnmappedCode {
        map: "RepeatPattern",
        code: "Q<integer>M",
        reason: "a form that stands for many codes: a code of this form keeps the system of the table",
    },
    UnmappedCode {
        map: "RepeatPattern",
        code: "Q<integer>H",
        reason: "a form that stands for many codes: a code of this form keeps the system of the table",
    },
    UnmappedCode {
        map: "RepeatPattern",
        code: "Q<integer>D",
        reason: "a form that stands for many codes: a code of this form keeps the system of the table",
    },
    UnmappedCode {
        map: "RepeatPattern",
        code: "Q<integer>W",
        reason: "a form that stands for many codes: a code of this form keeps the system of the table",
    },
    UnmappedCode {
        map: "RepeatPattern",
        code: "Q<integer>L",
        reason: "a form that stands for many codes: a code of this form keeps the system of the table",
    },
    UnmappedCode {
        map: "RepeatPattern",
        code: "Q<integer>J<day#>",
        reason: "a form that stands for many codes: a code of this form keeps the system of the table",
    },
    UnmappedCode {
        map: "RepeatPattern",
        code: "xID",
        reason: "a form that stands for many codes: a code of this form keeps the system of the table",
    },
    UnmappedCode {
        map: "RepeatPattern",
        code: "\"U <spec>\"",
        reason: "a form that stands for many codes: a code of this form keeps the system of the table",
    },
    UnmappedCode {
        map: "RepeatPattern",
        code: "PRNxxx",
        reason: "a form that stands for many codes: a code of this form keeps the system of the table",
    },
    UnmappedCode {
        map: "RepeatPattern",
        code: "\"Meal Related Timings\"",
        reason: "a heading among the codes of the table",
    },
    UnmappedCode {
        map: "RepeatPattern",
        code: "-",
        reason: "codes of FHIR that the guide lists without a code of v2",
    },
    UnmappedCode {
        map: "PractitionerIDNumberType",
        code: "-",
        reason: "codes of FHIR that the guide lists without a code of v2",
    },
    UnmappedCode {
        map: "ParticipantOrganizationUnitType",
        code: "-",
        reason: "codes of FHIR that the guide lists without a code of v2",
    },
    UnmappedCode {
        map: "SpecimenCollectionMethod",
        code: "-",
        reason: "codes of FHIR that the guide lists without a code of v2",
    },
    UnmappedCode {
        map: "EventRelatedPeriod",
        code: "-",
        reason: "codes of FHIR that the guide lists without a code of v2",
    },
    UnmappedCode {
        map: "BodyParts",
        code: "Â",
        reason: "no code of the table is left of it; `JUGE` is the external jugular",
    },
    UnmappedCode {
        map: "BodyParts",
        code: "-",
        reason: "codes of FHIR that the guide lists without a code of v2",
    },
    UnmappedCode {
        map: "SpecimenSourceSite",
        code: "-",
        reason: "codes of SNOMED CT that the guide lists without a code of v2: a code with its system needs no map",
    },
    UnmappedCode {
        map: "ContainerType",
        code: "-",
        reason: "codes of SNOMED CT that the guide lists without a code of v2: a code with its system needs no map",
    },
    UnmappedCode {
        map: "Participation",
        code: "-",
        reason: "codes of FHIR that the guide lists without a code of v2",
    },
];

/// Rows of the guide that are not taken as they are written there; `-` stands for all rows of a map.
pub(crate) static CORRECTED: &[CorrectedCode] = &[
    CorrectedCode {
        map: "InterpretationCodes",
        code: "<",
        reason: "the guide has a no-break space behind the code",
    },
    CorrectedCode {
        map: "InterpretationCodes",
        code: ">",
        reason: "the guide has a no-break space behind the code",
    },
    CorrectedCode {
        map: "TelecommunicationEquipmentType",
        code: "CP",
        reason: "`mobile` is a use, not a system: the system is phone, and the use is in TelecommunicationEquipmentType[Use]",
    },
    CorrectedCode {
        map: "PrincipalLanguageOfMessage",
        code: "-",
        reason: "the guide names the system in its first row only",
    },
    CorrectedCode {
        map: "UniversalIDType",
        code: "L,M,N",
        reason: "three codes in one row: `L`, `M` and `N`",
    },
    CorrectedCode {
        map: "RepeatPattern",
        code: "Q1H",
        reason: "the guide has the text `every 1 hours` and no code: it is that of the pattern",
    },
    CorrectedCode {
        map: "RepeatPattern",
        code: "Q2H",
        reason: "the guide has the text `every 2 hours` and no code: it is that of the pattern",
    },
    CorrectedCode {
        map: "RepeatPattern",
        code: "Q3H",
        reason: "the guide has the text `every 3 hours` and no code: it is that of the pattern",
    },
    CorrectedCode {
        map: "RepeatPattern",
        code: "Q4H",
        reason: "the guide has the text `every 4 hours` and no code: it is that of the pattern",
    },
    CorrectedCode {
        map: "RepeatPattern",
        code: "Q6H",
        reason: "the guide has the text `every 6 hours` and no code: it is that of the pattern",
    },
    CorrectedCode {
        map: "RepeatPattern",
        code: "Q8H",
        reason: "the guide has the text `every 8 hours` and no code: it is that of the pattern",
    },
    CorrectedCode {
        map: "RepeatPattern",
        code: "Q1D",
        reason: "the guide has the text `every 1 days` and no code: it is that of the pattern",
    },
    CorrectedCode {
        map: "RepeatPattern",
        code: "Q1W",
        reason: "the guide has the text `every 1 weeks` and no code: it is that of the pattern",
    },
    CorrectedCode {
        map: "RepeatPattern",
        code: "Q1L",
        reason: "the guide has the text `every 1 months (Lunar)` and no code: it is that of the pattern",
    },
    CorrectedCode { map: "BodyParts", code: "CHESTÂ", reason: "the guide has a stray `Â` behind the code" },
    CorrectedCode { map: "BodyParts", code: "KIDNÂ", reason: "the guide has a stray `Â` behind the code" },
    CorrectedCode {
        map: "ConfidentialityClassification",
        code: "-",
        reason: "the guide has code and display exchanged",
    },
];
