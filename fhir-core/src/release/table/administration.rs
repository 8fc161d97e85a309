//! People, organisations, places and their data.

use crate::release::rule::Form::{Digits, In, Items};
use crate::release::rule::{CODING, Rules, SAME, kept, many, measured, one};

pub(super) const RULES: Rules = &[
    ("Person", &[many("photo", "photo", SAME)]),
    ("Practitioner", &[many("communication", "communication", &[In("language")])]),
    (
        "PractitionerRole",
        &[
            many("telecom", "contact", &[Items("telecom")]),
            kept("availableTime"),
            kept("notAvailable"),
            kept("availabilityExceptions"),
        ],
    ),
    (
        "Organization",
        &[
            many("telecom", "contact", &[Items("telecom")]),
            many("address", "contact", &[In("address")]),
            kept("contact"),
        ],
    ),
    (
        "Organization.contact",
        &[kept("purpose"), many("name", "name", SAME), kept("telecom"), kept("address")],
    ),
    (
        "Location",
        &[
            many("telecom", "contact", &[Items("telecom")]),
            one("physicalType", "form", SAME),
            kept("hoursOfOperation"),
            kept("availabilityExceptions"),
        ],
    ),
    (
        "HealthcareService",
        &[
            many("telecom", "contact", &[Items("telecom")]),
            kept("availableTime"),
            kept("notAvailable"),
            kept("availabilityExceptions"),
        ],
    ),
    (
        "Endpoint",
        &[
            kept("status"),
            many("connectionType", "connectionType", CODING),
            kept("payloadType"),
            kept("payloadMimeType"),
        ],
    ),
    ("RelatedArtifact", &[kept("url")]),
    ("Attachment", &[one("size", "size", &[Digits])]),
    ("SampledData", &[measured("period", "interval", ("intervalUnit", "ms"))]),
    (
        "Dosage",
        &[
            one("asNeededBoolean", "asNeeded", SAME),
            many("asNeededCodeableConcept", "asNeededFor", SAME),
            many("maxDosePerPeriod", "maxDosePerPeriod", SAME),
        ],
    ),
];
