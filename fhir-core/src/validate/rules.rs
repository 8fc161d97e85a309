//! What the structs do not say: which elements must be there, and which strings are more than strings.

use crate::primitive::rule;

/// The elements that must be there, by the name of the struct. `x[x]` is any of its choices.
pub(super) const REQUIRED: &[(&str, &[&str])] = &[
    ("Account", &["status"]),
    ("AccountCoverage", &["coverage"]),
    ("AllergyIntolerance", &["patient"]),
    ("AllergyReaction", &["manifestation"]),
    ("Annotation", &["text"]),
    ("Appointment", &["status", "participant"]),
    ("AppointmentParticipant", &["status"]),
    ("Communication", &["language"]),
    ("Condition", &["subject"]),
    ("Coverage", &["status", "beneficiary", "payor"]),
    ("CoverageClass", &["type", "value"]),
    ("DeviceName", &["name", "type"]),
    ("DeviceVersion", &["value"]),
    ("DiagnosticReport", &["status", "code"]),
    ("DocumentContent", &["attachment"]),
    ("DocumentReference", &["status", "content"]),
    ("DocumentRelatesTo", &["code", "target"]),
    ("Encounter", &["status", "class"]),
    ("EncounterDiagnosis", &["condition"]),
    ("EncounterLocation", &["location"]),
    ("EpisodeOfCare", &["status", "patient"]),
    ("EpisodeOfCareDiagnosis", &["condition"]),
    ("Extension", &["url"]),
    ("Guarantor", &["party"]),
    ("Immunization", &["status", "vaccineCode", "patient", "occurrence[x]"]),
    ("ImmunizationPerformer", &["actor"]),
    ("MedicationIngredient", &["item[x]"]),
    ("MedicationRequest", &["status", "intent", "medication[x]", "subject"]),
    ("MessageDestination", &["endpoint"]),
    ("MessageHeader", &["event[x]", "source"]),
    ("MessageResponse", &["identifier", "code"]),
    ("MessageSource", &["endpoint"]),
    ("Narrative", &["status", "div"]),
    ("Observation", &["status", "code"]),
    ("ObservationComponent", &["code"]),
    ("PatientLink", &["other", "type"]),
    ("Procedure", &["status", "subject"]),
    ("ProcedurePerformer", &["actor"]),
    ("ProtocolApplied", &["doseNumber[x]"]),
    ("Provenance", &["target", "recorded", "agent"]),
    ("ProvenanceAgent", &["who"]),
    ("ProvenanceEntity", &["role", "what"]),
    ("Qualification", &["code"]),
    ("RelatedPerson", &["patient"]),
    ("SampledData", &["origin", "period", "dimensions"]),
    ("ServiceRequest", &["status", "intent", "subject"]),
    ("Substitution", &["allowed[x]"]),
];

/// The name of a primitive type and the rule for its text.
pub(super) type Lexical = (&'static str, fn(&str) -> bool);

const URI: Lexical = ("uri", rule::is_uri);
const CODE: Lexical = ("code", rule::is_code);
const BASE64: Lexical = ("base64Binary", rule::is_base64);
const ID: Lexical = ("id", rule::is_id);
const XHTML: Lexical = ("xhtml", is_xhtml);

/// The members that structs hold as strings and FHIR as something stricter.
pub(super) const STRICTER: &[(&str, &str, Lexical)] = &[
    ("Attachment", "contentType", CODE),
    ("Attachment", "language", CODE),
    ("Attachment", "data", BASE64),
    ("Attachment", "url", URI),
    ("Attachment", "hash", BASE64),
    ("Coding", "system", URI),
    ("Coding", "code", CODE),
    ("Extension", "url", URI),
    ("Identifier", "system", URI),
    ("ImmunizationEducation", "reference", URI),
    ("MessageDestination", "endpoint", URI),
    ("MessageHeader", "definition", URI),
    ("MessageResponse", "identifier", ID),
    ("MessageSource", "endpoint", URI),
    ("Meta", "versionId", ID),
    ("Meta", "source", URI),
    ("Meta", "profile", URI),
    ("Narrative", "div", XHTML),
    ("Provenance", "policy", URI),
    ("Quantity", "system", URI),
    ("Quantity", "code", CODE),
    ("Reference", "type", URI),
    ("UdiCarrier", "issuer", URI),
    ("UdiCarrier", "jurisdiction", URI),
    ("UdiCarrier", "carrierAIDC", BASE64),
];

/// The suffixes of a `value[x]` that name something stricter than a string.
const STRICTER_CHOICES: &[(&str, Lexical)] = &[
    ("Base64Binary", BASE64),
    ("Canonical", URI),
    ("Code", CODE),
    ("Id", ID),
    ("Oid", ("oid", |text| text.starts_with("urn:oid:") && rule::is_uri(text))),
    ("Uri", URI),
    ("Url", URI),
    ("Uuid", ("uuid", |text| text.starts_with("urn:uuid:") && rule::is_uri(text))),
];

/// The elements that must be there in an object that the struct describes.
pub(super) fn required(name: &str) -> &'static [&'static str] {
    REQUIRED.iter().find(|(element, _)| *element == name).map_or(&[], |(_, members)| members)
}

/// The rule for a member that is stricter than its struct, where there is one.
pub(super) fn stricter(element: &str, member: &str) -> Option<Lexical> {
    if member == "language" && element.starts_with(char::is_uppercase) && element != "Communication" {
        return Some(CODE);
    }
    let found = STRICTER.iter().find(|(name, within, _)| *name == element && *within == member);
    found.map(|(_, _, lexical)| *lexical)
}

/// The rule for a choice that is stricter than its struct, where there is one.
pub(super) fn stricter_choice(suffix: &str) -> Option<Lexical> {
    STRICTER_CHOICES.iter().find(|(name, _)| *name == suffix).map(|(_, lexical)| *lexical)
}

fn is_xhtml(text: &str) -> bool {
    let text = text.trim();
    text.starts_with("<div") && (text.ends_with("</div>") || text.ends_with("/>"))
}
