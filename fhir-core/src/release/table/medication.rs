//! Medicines and material.

use crate::release::rule::{CONCEPT, REFERENCE, Rules, SAME, codes, kept, many, one};

pub(super) const RULES: Rules = &[
    (
        "Medication",
        &[
            one("manufacturer", "marketingAuthorizationHolder", SAME),
            one("form", "doseForm", SAME),
            kept("amount"),
        ],
    ),
    (
        "Medication.ingredient",
        &[
            one("itemCodeableConcept", "item", CONCEPT),
            one("itemReference", "item", REFERENCE),
            one("strength", "strengthRatio", SAME),
        ],
    ),
    (
        "MedicationRequest",
        &[
            one("reportedBoolean", "reported", SAME),
            many("reportedReference", "informationSource", SAME),
            one("medicationCodeableConcept", "medication", CONCEPT),
            one("medicationReference", "medication", REFERENCE),
            many("performer", "performer", SAME),
            many("reasonCode", "reason", CONCEPT),
            many("reasonReference", "reason", REFERENCE),
            kept("instantiatesCanonical"),
            kept("instantiatesUri"),
            kept("detectedIssue"),
        ],
    ),
    ("MedicationRequest.dispenseRequest", &[one("performer", "dispenser", SAME)]),
    (
        "MedicationDispense",
        &[
            one("statusReasonCodeableConcept", "notPerformedReason", CONCEPT),
            one("statusReasonReference", "notPerformedReason", REFERENCE),
            many("category", "category", SAME),
            one("medicationCodeableConcept", "medication", CONCEPT),
            one("medicationReference", "medication", REFERENCE),
            one("context", "encounter", SAME),
            kept("detectedIssue"),
        ],
    ),
    ("MedicationDispense.substitution", &[one("responsibleParty", "responsibleParty", SAME)]),
    (
        "MedicationAdministration",
        &[
            kept("instantiates"),
            many("category", "category", SAME),
            one("medicationCodeableConcept", "medication", CONCEPT),
            one("medicationReference", "medication", REFERENCE),
            one("context", "encounter", SAME),
            one("effectiveDateTime", "occurenceDateTime", SAME),
            one("effectivePeriod", "occurencePeriod", SAME),
            many("reasonCode", "reason", CONCEPT),
            many("reasonReference", "reason", REFERENCE),
            many("device", "device", REFERENCE),
        ],
    ),
    ("MedicationAdministration.performer", &[one("actor", "actor", REFERENCE)]),
    (
        "MedicationStatement",
        &[
            kept("basedOn"),
            codes(
                "status",
                &[
                    ("active", "recorded", true),
                    ("completed", "recorded", true),
                    ("intended", "recorded", true),
                    ("not-taken", "recorded", true),
                    ("on-hold", "recorded", true),
                    ("stopped", "recorded", true),
                    ("unknown", "recorded", true),
                ],
            ),
            kept("statusReason"),
            many("category", "category", SAME),
            one("medicationCodeableConcept", "medication", CONCEPT),
            one("medicationReference", "medication", REFERENCE),
            one("context", "encounter", SAME),
            many("informationSource", "informationSource", SAME),
            many("reasonCode", "reason", CONCEPT),
            many("reasonReference", "reason", REFERENCE),
        ],
    ),
    (
        "SupplyRequest",
        &[
            one("itemCodeableConcept", "item", CONCEPT),
            one("itemReference", "item", REFERENCE),
            many("reasonCode", "reason", CONCEPT),
            many("reasonReference", "reason", REFERENCE),
        ],
    ),
];
