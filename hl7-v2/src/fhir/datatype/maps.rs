//! The datatype maps of the guide: what implements each, and what of it is left out.

use super::*;
use crate::fhir::code::{ADMINISTRATIVE_SEX, EVENT_ENCOUNTER_STATUS};
use crate::fhir::row::Via;
use crate::fhir::segment::{LeftOut, left};

/// A datatype map of the official guide, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DatatypeText {
    /// The name of the map: `CX[Identifier]`.
    pub map: &'static str,
    /// The type of what it makes, `Reference(Organization)` of a resource beside it; none where it works on the
    /// resource that the row is about.
    pub fhir: Option<&'static str>,
    /// The rows of the guide that it does not follow to the letter.
    pub notes: Vec<DatatypeNote>,
}

/// A row of a datatype map of the official guide that is left out, or made elsewhere than it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct DatatypeNote {
    /// The row: its map, its component, its target.
    pub row: &'static str,
    /// Where its value goes; none where the row is left out.
    pub target: Option<&'static str>,
    /// Why.
    pub reason: &'static str,
}

/// The datatype maps of the official guide that this map has, with what they do otherwise than it says.
///
/// ```
/// let names: Vec<_> = carewire_hl7_v2::fhir::datatypes().map(|datatype| datatype.map).collect();
/// assert!(names.contains(&"CX[Identifier]") && names.contains(&"PL[Location]"));
/// ```
pub fn datatypes() -> impl Iterator<Item = DatatypeText> {
    ALL.iter().map(|(map, via)| DatatypeText { map, fhir: via.fhir(), notes: notes(map).collect() })
}

/// The datatype maps of the official guide that this map leaves out as a whole, and why.
pub fn datatypes_left_out() -> impl Iterator<Item = DatatypeNote> {
    MAPS_LEFT_OUT.iter().map(|left| DatatypeNote { row: left.row, target: None, reason: left.reason })
}

fn notes(map: &str) -> impl Iterator<Item = DatatypeNote> {
    let left = LEFT_OUT.iter().map(|left| DatatypeNote { row: left.row, target: None, reason: left.reason });
    let corrected = CORRECTED.iter();
    let corrected =
        corrected.map(|&(row, target, reason)| DatatypeNote { row, target: Some(target), reason });
    left.chain(corrected).filter(move |note| note.row.split(' ').next() == Some(map))
}

/// The maps of the guide. One that needs a code table or a word stands here with any.
pub(crate) static ALL: &[(&str, Via)] = &[
    ("CE[CodeableConcept]", CE_CODEABLE_CONCEPT),
    ("CF[CodeableConcept]", CF_CODEABLE_CONCEPT),
    ("CNE[CodeableConcept]", CNE_CODEABLE_CONCEPT),
    ("CNN[Practitioner]", CNN_PRACTITIONER),
    ("CQ[Quantity]", CQ_QUANTITY),
    ("CQ[code]", CQ_CODE),
    ("CQ[decimal]", CQ_DECIMAL),
    ("CQ[unsignedInt]", CQ_UNSIGNED_INT),
    ("CWE[Annotation]", CWE_ANNOTATION),
    ("CWE[CodeableConcept]", CWE_CODEABLE_CONCEPT),
    ("CWE[Coding]", CWE_CODING_AS_IT_IS),
    ("CWE[Device]", CWE_DEVICE),
    ("CWE[Identifier]", CWE_IDENTIFIERS),
    ("CWE[Observation-SupportingInfo]", CWE_OBSERVATION_SUPPORTING_INFO),
    ("CWE[Organization]", CWE_ORGANIZATION),
    ("CWE[PractitionerRole]", CWE_PRACTITIONER_ROLE),
    ("CWE[Quantity]", CWE_QUANTITY),
    ("CWE[Timing-DurationUnit]", CWE_TIMING_DURATION_UNIT),
    ("CWE[code]", CWE_CODE.of(&ADMINISTRATIVE_SEX)),
    ("CWE[string]", CWE_STRING),
    ("CWE[uri]", CWE_URI),
    ("CX[Identifier]", CX_IDENTIFIER),
    ("CX[RelatedPerson-Mother]", CX_RELATED_PERSON_MOTHER),
    ("CX[string]", CX_STRING),
    ("DLD[Location-Discharge]", DLD_LOCATION_DISCHARGE),
    ("DLN[Identifier]", DLN_IDENTIFIER),
    ("DR[Period]", DR_PERIOD),
    ("DR[dateTime]", DR_DATE_TIME),
    ("DTM[Annotation-Time]", DTM_ANNOTATION_TIME),
    ("DTM[dateTime]", DTM_DATE_TIME),
    ("ED[Attachment]", ED_ATTACHMENT),
    ("ED[DocumentReference]", ED_DOCUMENT_REFERENCE),
    ("EIP[Identifier-FillerAssignedIdentifier]", EIP_IDENTIFIER_FILLER_ASSIGNED_IDENTIFIER),
    ("EIP[Identifier-PlacerAssignedIdentifier]", EIP_IDENTIFIER_PLACER_ASSIGNED_IDENTIFIER),
    ("EI[Coding]", EI_CODING),
    ("EI[Condition]", EI_CONDITION),
    ("EI[Device-udiCarrier]", EI_DEVICE_UDI_CARRIER),
    ("EI[Identifier-DefaultAssigner]", EI_IDENTIFIER_DEFAULT_ASSIGNER),
    ("EI[Identifier-Extension]", EI_IDENTIFIER_EXTENSION),
    ("EI[Identifier-Organization]", EI_IDENTIFIER_ORGANIZATION),
    ("EI[Identifier-System]", EI_IDENTIFIER_SYSTEM),
    ("EI[Procedure]", EI_PROCEDURE),
    ("FN[HumanName]", FN_HUMAN_NAME),
    ("FT[Annotation-Comment]", FT_ANNOTATION_COMMENT),
    ("HD[Device]", HD_DEVICE),
    ("HD[Identifier]", HD_IDENTIFIER),
    ("HD[Location]", HD_LOCATION),
    ("HD[MessageHeader.destination-endpoint]", HD_MESSAGE_HEADER_DESTINATION_ENDPOINT),
    ("HD[MessageHeader.destination-name]", HD_MESSAGE_HEADER_DESTINATION_NAME),
    ("HD[MessageHeader.source-endpoint]", HD_MESSAGE_HEADER_SOURCE_ENDPOINT),
    ("HD[MessageHeader.source-name]", HD_MESSAGE_HEADER_SOURCE_NAME),
    ("HD[Organization]", HD_ORGANIZATION),
    ("HD[uri]", HD_URI),
    ("ID[CodeableConcept-UniversalID]", ID_CODEABLE_CONCEPT_UNIVERSAL_ID),
    ("ID[CodeableConcept]", ID_CODEABLE_CONCEPT),
    ("ID[Coding]", ID_CODING.of(&ADMINISTRATIVE_SEX)),
    ("ID[boolean]", ID_BOOLEAN),
    ("ID[code]", ID_CODE_AS_IT_IS),
    ("ID[string]", ID_STRING),
    ("IS[CodeableConcept]", IS_CODEABLE_CONCEPT),
    ("IS[code]", IS_CODE),
    ("IS[string]", IS_STRING),
    ("MSG[Coding]", MSG_CODING),
    ("MSG[MessageHeader]", MSG_MESSAGE_HEADER),
    ("MSG[code]", MSG_CODE.of(&EVENT_ENCOUNTER_STATUS)),
    ("NA[SampledData]", NA_SAMPLED_DATA),
    ("NDL[PractitionerRole]", NDL_PRACTITIONER_ROLE),
    ("NM[Quantity-LengthOfStay]", NM_QUANTITY_LENGTH_OF_STAY),
    ("NM[Quantity]", NM_QUANTITY),
    ("NM[positiveInt]", NM_POSITIVE_INT),
    ("NR[Range]", NR_RANGE),
    ("OG[Extension-Subidentifier]", OG_EXTENSION_SUBIDENTIFIER),
    ("PLN[Identifier]", PLN_IDENTIFIER),
    ("PL[Location]", PL_LOCATION),
    ("PT[Meta]", PT_META),
    ("RI[Timing]", RI_TIMING),
    ("RPT[Timing]", RPT_TIMING),
    ("RP[Attachment]", RP_ATTACHMENT),
    ("RP[DocumentReference]", RP_DOCUMENT_REFERENCE),
    ("SAD[Address]", SAD_ADDRESS),
    ("SN[Quantity]", SN_QUANTITY),
    ("SN[Range]", SN_RANGE),
    ("SN[Ratio]", SN_RATIO),
    ("SPS[Specimen-Source]", SPS_SPECIMEN_SOURCE),
    ("ST[CodeableConcept]", ST_CODEABLE_CONCEPT),
    ("ST[Identifier]", ST_IDENTIFIER.of("SS")),
    ("TQ[ServiceRequest]", TQ_SERVICE_REQUEST),
    ("TS[dateTime]", TS_DATE_TIME),
    ("XAD[Address]", XAD_ADDRESS),
    ("XCN[Annotation-Author]", XCN_ANNOTATION_AUTHOR),
    ("XCN[Patient]", XCN_PATIENT),
    ("XCN[PractitionerRole]", XCN_PRACTITIONER_ROLE),
    ("XCN[Practitioner]", XCN_PRACTITIONER),
    ("XCN[RelatedPerson]", XCN_RELATED_PERSON),
    ("XON[Location]", XON_LOCATION),
    ("XON[Organization]", XON_ORGANIZATION),
    ("XON[string]", XON_STRING),
    ("XPN[HumanName]", XPN_NAMES),
    ("XPN[string]", XPN_STRING),
    ("XTN[ContactPoint]", XTN_CONTACT_POINT),
];

/// Whole maps that are left out.
pub(crate) static MAPS_LEFT_OUT: &[LeftOut] = &[
    left(
        "CWE[Duration]",
        "no segment map of the guide uses it, and its target, a code named duration, is in no resource",
    ),
    left(
        "TQ[MedicationRequest]",
        "no segment map of the guide uses it: TQ1 tells the timing of a prescription",
    ),
    left("TQ[Task-ExecutionPeriod]", "no segment map of the guide uses it, and none makes a Task"),
    left("TQ[Task-Priority]", "no segment map of the guide uses it, and none makes a Task"),
];

const POINT_OF_CARE: &str = "the guide has a code of an extension that is not defined";
const KIND_OF_DEVICE: &str =
    "whether a code is of a kind of device or of one device the message does not say";
const NAME_OF_SYSTEM: &str = "CWE.13 is a version; the name of the system is in CWE.12, and is read there";
const NO_EXTENSION: &str = "the guide names no extension for this";
const NO_QUANTITY: &str =
    "what has a separator or a second number is no quantity: it becomes a range, a ratio or a text";
const NO_NAME: &str = "an Identifier has no name";
const KIND_OF_SYSTEM: &str =
    "it says of what kind EI.3 is, and the system is made with it; the type would say it of EI.1";

/// Rows of the guide's datatype maps that are left out.
pub(crate) static LEFT_OUT: &[LeftOut] = &[
    left("CWE[Device] CWE.1 definition(DeviceDefinition.identifier[1].value)", KIND_OF_DEVICE),
    left("CWE[Device] CWE.3 definition(DeviceDefinition.identifier[1].system)", KIND_OF_DEVICE),
    left("CWE[Device] CWE.4 definition(DeviceDefinition.identifier[2].value)", KIND_OF_DEVICE),
    left("CWE[Device] CWE.6 definition(DeviceDefinition.identifier[2].system)", KIND_OF_DEVICE),
    left("CWE[Device] CWE.10 definition(DeviceDefinition.identifier[3].value)", KIND_OF_DEVICE),
    left("CWE[Device] CWE.12 definition(DeviceDefinition.identifier[3].system)", KIND_OF_DEVICE),
    left("CWE[Identifier] CWE.2 [1].name", NO_NAME),
    left("CWE[Identifier] CWE.5 [2].name", NO_NAME),
    left("CWE[Identifier] CWE.11 [3].name", NO_NAME),
    left("CWE[Identifier] CWE.13 [3].system", NAME_OF_SYSTEM),
    left("CWE[Observation-SupportingInfo] CWE.13 value.CodeableConcept.coding[3].system", NAME_OF_SYSTEM),
    left("ED[DocumentReference] ED status", "the segment that makes the document gives it its status"),
    left("EI[Identifier-System] EI.4 type", KIND_OF_SYSTEM),
    left("MSG[MessageHeader] MSG.3 definition", "HL7 has published no definition of a v2 message in FHIR"),
    left("NDL[PractitionerRole] NDL.4 [1].physicalType.coding.code", POINT_OF_CARE),
    left("NDL[PractitionerRole] NDL.4 [1].physicalType.coding.system", POINT_OF_CARE),
    left("PL[Location] PL.1 [4].location(Location.physicalType.coding.code)", POINT_OF_CARE),
    left("PL[Location] PL.1 [4].location(Location.physicalType.coding.system)", POINT_OF_CARE),
    left(
        "PL[Location] PL.11 [1-6].identifier[1].assigner(Organization)",
        "the names of the levels are not numbers that an authority assigned; it assigned PL.10",
    ),
    left("SN[Quantity] SN extension[1].url", NO_QUANTITY),
    left("SN[Quantity] SN extension[1].valueString", NO_QUANTITY),
    left("XAD[Address] XAD.7 extension[2].uri", NO_EXTENSION),
    left("XAD[Address] XAD.7 extension[2].valueCodeableConcept.coding.value", NO_EXTENSION),
    left("XAD[Address] XAD.7 extension[2].valueCodeableConcept.coding.system", NO_EXTENSION),
];

const DEGREE: &str =
    "a degree is a qualification, as in XCN[Practitioner]: one person is described in one way";
const DIGIT: &str = "the check digit is of the number, not of the person";
const HTTP: &str = "the URL of the extension begins with http";
const SPELT: &str = "misspelt in the guide";
const NESTED: &str = "the parts are extensions within the one that the first row names";
const ORDER: &str = "the extension is of the whole name, and its URL is that of its definition";

/// Rows of the guide that are made at another place than it says, or of another value: where, and why.
pub(crate) static CORRECTED: &[(&str, &str, &str)] = &[
    ("CNN[Practitioner] CNN.7 name.suffix[2]", "qualification.code", DEGREE),
    (
        "CX[RelatedPerson-Mother] CX relationship[1].coding[1].system",
        "relationship.coding.system",
        "the guide gives the address of a page for people",
    ),
    ("DLN[Identifier] DLN.1 type.coding.sytem", "type.coding.system", SPELT),
    ("ED[Attachment] ED.2 extension[1].url", "extension.url", HTTP),
    ("ED[DocumentReference] ED.2 content.attachment.extension[1].url", "attachment.extension.url", HTTP),
    ("NM[Quantity-LengthOfStay] NM.1 system", "system", "the system of UCUM has no slash at its end"),
    (
        "OG[Extension-Subidentifier] OG.1 extension[1]:orginal-sub-identiier.valueString",
        "extension.extension.valueString",
        NESTED,
    ),
    (
        "OG[Extension-Subidentifier] OG.2 extension[1]:group.valueDecimal",
        "extension.extension.valueDecimal",
        NESTED,
    ),
    (
        "OG[Extension-Subidentifier] OG.3 extension[1]:group.valueDecimal",
        "extension.extension.valueDecimal",
        NESTED,
    ),
    (
        "OG[Extension-Subidentifier] OG.4 extension[1]:identifier.valueString",
        "extension.extension.valueString",
        NESTED,
    ),
    (
        "TQ[ServiceRequest] TQ.3 occurenceTiming.repeat.boundsDuration.value",
        "occurrenceTiming.repeat.boundsDuration.value",
        SPELT,
    ),
    (
        "TQ[ServiceRequest] TQ.3 occurenceTiming.repeat.boundsDuration.unit",
        "occurrenceTiming.repeat.boundsDuration.unit",
        SPELT,
    ),
    (
        "TQ[ServiceRequest] TQ.3 occurenceTiming.repeat.boundsDuration.system",
        "occurrenceTiming.repeat.boundsDuration.system",
        SPELT,
    ),
    (
        "HD[MessageHeader.source-endpoint] HD.3 endpoint.extension[1].url",
        "source._endpoint.extension.url",
        "the guide gives the address of a page for people",
    ),
    ("XAD[Address] XAD.10 extension[3].valueCode", "extension.valueString", "the extension holds a string"),
    (
        "XCN[Annotation-Author] XCN.7 authorReference(Practitioner.name.suffix[2])",
        "qualification.code",
        DEGREE,
    ),
    (
        "XCN[Annotation-Author] XCN.11 authorReference(Practitioner.extension[1].url)",
        "identifier.extension.url",
        DIGIT,
    ),
    (
        "XCN[Annotation-Author] XCN.11 authorReference(Practitioner.extension[1].valueString)",
        "identifier.extension.valueString",
        DIGIT,
    ),
    (
        "XCN[Annotation-Author] XCN.12 authorReference(Practitioner.extension[2].url)",
        "identifier.extension.url",
        DIGIT,
    ),
    (
        "XCN[Annotation-Author] XCN.12 authorReference(Practitioner.extension[2].valueString)",
        "identifier.extension.valueString",
        DIGIT,
    ),
    ("XCN[PractitionerRole] XCN.7 practitioner(Practitioner.name.suffix)", "qualification.code", DEGREE),
    (
        "XCN[Annotation-Author] XCN.18 authorReference(Practitioner.name.family.extension.url)",
        "name.extension.url",
        ORDER,
    ),
    (
        "XCN[Annotation-Author] XCN.18 authorReference(Practitioner.name.family.extension.valueCode)",
        "name.extension.valueCode",
        ORDER,
    ),
    ("XCN[Patient] XCN.18 name.family.extension.url", "name.extension.url", ORDER),
    ("XCN[Patient] XCN.18 name.family.extension.valueCode", "name.extension.valueCode", ORDER),
    (
        "XCN[PractitionerRole] XCN.18 practitioner(Practitioner.name.family.extension.url)",
        "name.extension.url",
        ORDER,
    ),
    (
        "XCN[PractitionerRole] XCN.18 practitioner(Practitioner.name.family.extension.valueCode)",
        "name.extension.valueCode",
        ORDER,
    ),
    ("XCN[Practitioner] XCN.18 name.family.extension.url", "name.extension.url", ORDER),
    ("XCN[Practitioner] XCN.18 name.family.extension.valueCode", "name.extension.valueCode", ORDER),
    ("XCN[RelatedPerson] XCN.18 name.family.extension.url", "name.extension.url", ORDER),
    ("XCN[RelatedPerson] XCN.18 name.family.extension.valueCode", "name.extension.valueCode", ORDER),
];
