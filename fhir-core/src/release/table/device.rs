//! Devices, images, cover, documents and forms.

use crate::release::rule::Form::{Code, In, Items, Membership};
use crate::release::rule::{CODING, CONCEPT, REFERENCE, Rules, SAME, codes, kept, many, one};

pub(super) const RULES: Rules = &[
    (
        "Coverage",
        &[many("subscriberId", "subscriberId", &[In("value")]), many("payor", "paymentBy", &[In("party")])],
    ),
    ("Coverage.class", &[one("value", "value", &[In("value")])]),
    (
        "Device",
        &[
            one("definition", "definition", REFERENCE),
            codes("status", &[("unknown", "", true)]),
            kept("statusReason"),
            one("distinctIdentifier", "biologicalSourceEvent", &[In("value")]),
            many("deviceName", "name", SAME),
            many("type", "type", SAME),
            many("specialization", "conformsTo", SAME),
            kept("patient"),
        ],
    ),
    (
        "Device.deviceName",
        &[
            one("name", "value", SAME),
            codes(
                "type",
                &[
                    ("udi-label-name", "registered-name", true),
                    ("manufacturer-name", "", true),
                    ("model-name", "", true),
                    ("other", "", true),
                ],
            ),
        ],
    ),
    ("Device.specialization", &[one("systemType", "specification", SAME)]),
    (
        "Device.property",
        &[one("valueQuantity", "valueQuantity", SAME), one("valueCode", "valueCodeableConcept", SAME)],
    ),
    (
        "DeviceRequest",
        &[
            many("priorRequest", "replaces", SAME),
            one("codeCodeableConcept", "code", CONCEPT),
            one("codeReference", "code", REFERENCE),
            one("performerType", "performer.concept", SAME),
            one("performer", "performer.reference", SAME),
            many("reasonCode", "reason", CONCEPT),
            many("reasonReference", "reason", REFERENCE),
        ],
    ),
    (
        "Composition",
        &[
            many("identifier", "identifier", SAME),
            many("subject", "subject", SAME),
            kept("confidentiality"),
            kept("relatesTo"),
        ],
    ),
    (
        "Composition.attester",
        &[one("mode", "mode", &[Code("http://hl7.org/fhir/composition-attestation-mode"), Items("coding")])],
    ),
    ("Composition.event", &[many("code", "detail", CONCEPT), many("detail", "detail", REFERENCE)]),
    ("Composition.section", &[kept("mode")]),
    (
        "Group",
        &[
            codes("type", &[("medication", "", true), ("substance", "", true)]),
            one("actual", "membership", &[Membership]),
        ],
    ),
    (
        "ImagingStudy",
        &[
            many("modality", "modality", CODING),
            kept("interpreter"),
            many("procedureReference", "procedure", REFERENCE),
            many("procedureCode", "procedure", CONCEPT),
            many("reasonCode", "reason", CONCEPT),
            many("reasonReference", "reason", REFERENCE),
        ],
    ),
    (
        "ImagingStudy.series",
        &[
            one("modality", "modality", CODING),
            one("bodySite", "bodySite", &[Items("coding"), In("concept")]),
            one("laterality", "laterality", CODING),
        ],
    ),
    ("Questionnaire.item", &[codes("type", &[("choice", "coding", false), ("open-choice", "coding", true)])]),
];
