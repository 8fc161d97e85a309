//! Visits, plans and teams.

use crate::release::rule::Form::{In, Is, Items};
use crate::release::rule::{CODING, CONCEPT, REFERENCE, Rules, SAME, TEXT, codes, kept, many, one, up};

pub(super) const RULES: Rules = &[
    (
        "Encounter",
        &[
            codes(
                "status",
                &[
                    ("finished", "completed", false),
                    ("arrived", "in-progress", true),
                    ("triaged", "in-progress", true),
                    ("onleave", "on-hold", true),
                ],
            ),
            kept("statusHistory"),
            many("class", "class", CODING),
            kept("classHistory"),
            many("serviceType", "serviceType", CONCEPT),
            one("period", "actualPeriod", SAME),
            many("reasonCode", "reason", &[In("concept"), Items("value")]),
            many("reasonReference", "reason", &[In("reference"), Items("value")]),
            up("hospitalization"),
        ],
    ),
    ("Encounter.participant", &[one("individual", "actor", SAME)]),
    (
        "Encounter.diagnosis",
        &[many("condition", "condition", REFERENCE), many("use", "use", SAME), kept("rank")],
    ),
    (
        "Encounter.hospitalization",
        &[
            one("preAdmissionIdentifier", "admission.preAdmissionIdentifier", SAME),
            one("origin", "admission.origin", SAME),
            one("admitSource", "admission.admitSource", SAME),
            one("reAdmission", "admission.reAdmission", SAME),
            many("dietPreference", "dietPreference", SAME),
            many("specialCourtesy", "specialCourtesy", SAME),
            many("specialArrangement", "specialArrangement", SAME),
            one("destination", "admission.destination", SAME),
            one("dischargeDisposition", "admission.dischargeDisposition", SAME),
        ],
    ),
    ("Encounter.location", &[one("physicalType", "form", SAME)]),
    ("EpisodeOfCare", &[many("team", "careTeam", SAME)]),
    (
        "EpisodeOfCare.diagnosis",
        &[many("condition", "condition", REFERENCE), one("role", "use", SAME), kept("rank")],
    ),
    (
        "Appointment",
        &[
            one("cancelationReason", "cancellationReason", SAME),
            many("serviceType", "serviceType", CONCEPT),
            many("reasonCode", "reason", CONCEPT),
            many("reasonReference", "reason", REFERENCE),
            kept("priority"),
            many("comment", "note", TEXT),
            many("patientInstruction", "patientInstruction", &[In("text"), In("concept")]),
        ],
    ),
    ("Appointment.participant", &[one("required", "required", &[Is("required")])]),
    ("Schedule", &[many("serviceType", "serviceType", CONCEPT)]),
    (
        "Slot",
        &[many("serviceType", "serviceType", CONCEPT), many("appointmentType", "appointmentType", SAME)],
    ),
    ("CarePlan", &[one("author", "custodian", SAME), many("addresses", "addresses", REFERENCE)]),
    (
        "CarePlan.activity",
        &[
            many("outcomeCodeableConcept", "performedActivity", CONCEPT),
            many("outcomeReference", "performedActivity", REFERENCE),
            one("reference", "plannedActivityReference", SAME),
            kept("detail"),
        ],
    ),
    (
        "CareTeam",
        &[
            kept("encounter"),
            many("reasonCode", "reason", CONCEPT),
            many("reasonReference", "reason", REFERENCE),
        ],
    ),
    ("CareTeam.participant", &[one("role", "role", SAME), one("period", "coveragePeriod", SAME)]),
    (
        "Goal",
        &[
            one("expressedBy", "source", SAME),
            many("outcomeCode", "outcome", CONCEPT),
            many("outcomeReference", "outcome", REFERENCE),
        ],
    ),
    (
        "ServiceRequest",
        &[
            one("code", "code", CONCEPT),
            kept("orderDetail"),
            many("locationCode", "location", CONCEPT),
            many("locationReference", "location", REFERENCE),
            many("reasonCode", "reason", CONCEPT),
            many("reasonReference", "reason", REFERENCE),
            many("supportingInfo", "supportingInfo", REFERENCE),
            many("patientInstruction", "patientInstruction", &[In("instructionMarkdown")]),
        ],
    ),
    (
        "Task",
        &[
            one("statusReason", "statusReason", CONCEPT),
            many("performerType", "requestedPerformer", CONCEPT),
            many("reasonCode", "reason", CONCEPT),
            many("reasonReference", "reason", REFERENCE),
        ],
    ),
    ("Account", &[kept("partOf")]),
];
