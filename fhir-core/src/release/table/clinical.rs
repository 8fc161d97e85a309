//! Conditions, procedures, reports and documents.

use crate::release::rule::Form::{Code, Digits, Function, In, Items, Mode};
use crate::release::rule::{CONCEPT, REFERENCE, Rules, SAME, kept, many, one, up};

pub(super) const RULES: Rules = &[
    (
        "AllergyIntolerance",
        &[
            one("type", "type", &[Code("http://hl7.org/fhir/allergy-intolerance-type"), Items("coding")]),
            many("recorder", "participant", &[In("actor"), Function("enterer")]),
            many("asserter", "participant", &[In("actor"), Function("author")]),
        ],
    ),
    ("AllergyIntolerance.reaction", &[many("manifestation", "manifestation", CONCEPT)]),
    (
        "Condition",
        &[
            many("recorder", "participant", &[In("actor"), Function("enterer")]),
            many("asserter", "participant", &[In("actor"), Function("author")]),
            up("evidence"),
        ],
    ),
    ("Condition.evidence", &[many("code", "evidence", CONCEPT), many("detail", "evidence", REFERENCE)]),
    (
        "Procedure",
        &[
            many("category", "category", SAME),
            one("performedDateTime", "occurrenceDateTime", SAME),
            one("performedPeriod", "occurrencePeriod", SAME),
            one("performedString", "occurrenceString", SAME),
            one("performedAge", "occurrenceAge", SAME),
            one("performedRange", "occurrenceRange", SAME),
            kept("asserter"),
            many("reasonCode", "reason", CONCEPT),
            many("reasonReference", "reason", REFERENCE),
            many("complication", "complication", CONCEPT),
            many("complicationDetail", "complication", REFERENCE),
            many("usedReference", "used", REFERENCE),
            many("usedCode", "used", CONCEPT),
        ],
    ),
    (
        "Immunization",
        &[
            kept("recorded"),
            one("reportOrigin", "informationSource", CONCEPT),
            one("manufacturer", "manufacturer", REFERENCE),
            many("reasonCode", "reason", CONCEPT),
            many("reasonReference", "reason", REFERENCE),
            kept("education"),
            many("programEligibility", "programEligibility", &[In("program")]),
        ],
    ),
    ("Immunization.reaction", &[one("detail", "manifestation", REFERENCE)]),
    (
        "Immunization.protocolApplied",
        &[
            one("doseNumberPositiveInt", "doseNumber", &[Digits]),
            one("doseNumberString", "doseNumber", SAME),
            one("seriesDosesPositiveInt", "seriesDoses", &[Digits]),
            one("seriesDosesString", "seriesDoses", SAME),
        ],
    ),
    ("DiagnosticReport", &[many("imagingStudy", "study", SAME)]),
    ("Specimen.collection", &[one("bodySite", "bodySite", CONCEPT)]),
    ("Specimen.processing", &[one("procedure", "method", SAME)]),
    (
        "Specimen.container",
        &[
            kept("identifier"),
            kept("description"),
            kept("type"),
            kept("capacity"),
            kept("additiveCodeableConcept"),
            kept("additiveReference"),
        ],
    ),
    (
        "DocumentReference",
        &[
            many("masterIdentifier", "identifier", SAME),
            many("authenticator", "attester", &[In("party"), Mode("professional")]),
            up("context"),
        ],
    ),
    (
        "DocumentReference.relatesTo",
        &[one("code", "code", &[Code("http://hl7.org/fhir/document-relationship-type"), Items("coding")])],
    ),
    ("DocumentReference.content", &[many("format", "profile", &[In("valueCoding")])]),
    (
        "DocumentReference.context",
        &[
            many("encounter", "context", SAME),
            many("event", "event", CONCEPT),
            one("period", "period", SAME),
            one("facilityType", "facilityType", SAME),
            one("practiceSetting", "practiceSetting", SAME),
            kept("sourcePatientInfo"),
            kept("related"),
        ],
    ),
    (
        "FamilyMemberHistory",
        &[many("reasonCode", "reason", CONCEPT), many("reasonReference", "reason", REFERENCE)],
    ),
    ("List", &[many("subject", "subject", SAME)]),
];
