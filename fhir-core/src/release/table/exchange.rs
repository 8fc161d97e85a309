//! Messages, subscriptions, consents and audit.

use crate::release::rule::Form::{Code, DateOnly, Header, In, Outcome};
use crate::release::rule::{CODING, CONCEPT, REFERENCE, Rules, SAME, TEXT, codes, kept, many, one, up};

pub(super) const RULES: Rules = &[
    ("MessageHeader", &[one("eventUri", "eventCanonical", SAME), kept("enterer")]),
    ("MessageHeader.destination", &[one("endpoint", "endpointUrl", SAME)]),
    ("MessageHeader.source", &[one("endpoint", "endpointUrl", SAME)]),
    ("MessageHeader.response", &[one("identifier", "identifier", &[In("value")])]),
    ("Subscription", &[kept("criteria"), kept("error"), up("channel")]),
    (
        "Subscription.channel",
        &[
            one(
                "type",
                "channelType",
                &[Code("http://terminology.hl7.org/CodeSystem/subscription-channel-type")],
            ),
            one("endpoint", "endpoint", SAME),
            one("payload", "contentType", SAME),
            many("header", "parameter", &[Header]),
        ],
    ),
    ("Communication", &[many("reasonCode", "reason", CONCEPT), many("reasonReference", "reason", REFERENCE)]),
    ("Communication.payload", &[kept("contentString")]),
    (
        "CommunicationRequest",
        &[
            many("sender", "informationProvider", SAME),
            many("reasonCode", "reason", CONCEPT),
            many("reasonReference", "reason", REFERENCE),
        ],
    ),
    ("CommunicationRequest.payload", &[kept("contentString")]),
    ("Provenance", &[many("reason", "authorization", CONCEPT)]),
    ("Provenance.entity", &[codes("role", &[("derivation", "", true)])]),
    (
        "Consent",
        &[
            codes("status", &[("proposed", "unknown", true), ("rejected", "unknown", true)]),
            kept("scope"),
            one("patient", "subject", SAME),
            one("dateTime", "date", &[DateOnly]),
            many("performer", "grantee", SAME),
            kept("organization"),
            many("sourceAttachment", "sourceAttachment", SAME),
            many("sourceReference", "sourceReference", SAME),
            kept("policy"),
            many("policyRule", "regulatoryBasis", SAME),
            many("provision", "provision", SAME),
        ],
    ),
    ("Consent.verification", &[many("verificationDate", "verificationDate", SAME)]),
    ("Consent.provision", &[kept("type"), many("class", "documentType", SAME)]),
    (
        "AuditEvent",
        &[
            many("type", "category", CODING),
            one("subtype", "code", CODING),
            one("period", "occurredPeriod", SAME),
            one("outcome", "outcome.code", &[Outcome]),
            many("outcomeDesc", "outcome.detail", TEXT),
            many("purposeOfEvent", "authorization", SAME),
        ],
    ),
    (
        "AuditEvent.agent",
        &[
            kept("altId"),
            kept("name"),
            kept("media"),
            up("network"),
            many("purposeOfUse", "authorization", SAME),
        ],
    ),
    ("AuditEvent.agent.network", &[one("address", "networkString", SAME), kept("type")]),
    ("AuditEvent.source", &[one("site", "site", &[In("display")]), many("type", "type", CODING)]),
    (
        "AuditEvent.entity",
        &[
            kept("type"),
            one("role", "role", CODING),
            kept("lifecycle"),
            many("securityLabel", "securityLabel", CODING),
            kept("name"),
            kept("description"),
        ],
    ),
    ("AuditEvent.entity.detail", &[one("type", "type", TEXT)]),
    ("QuestionnaireResponse", &[many("identifier", "identifier", SAME)]),
];
