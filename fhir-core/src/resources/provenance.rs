//! Where data came from, who touched it and who may.

use super::{
    AttachmentOrReference, AuditEventAction, AuditEventAgentNetworkType, AuditEventOutcome,
    ConsentDataMeaning, ConsentProvisionType, ConsentStatus, ProvenanceEntityRole, StringOrBase64Binary,
};
use crate::define::fhir;
use crate::types::{
    CodeableConcept, Coding, DateTime, Identifier, Instant, Period, PrimitiveExtension, Reference, Signature,
};

fhir! {
    /// Who did what to which resources, and from which source they came.
    resource Provenance {
        target: Vec<Reference> = "target",
        occurred: Option<ProvenanceOccurred> = "occurred",
        recorded: Option<Instant> = "recorded",
        recorded_element: PrimitiveExtension = "_recorded",
        policy: Vec<String> = "policy",
        location: Option<Reference> = "location",
        reason: Vec<CodeableConcept> = "reason",
        activity: Option<CodeableConcept> = "activity",
        agent: Vec<ProvenanceAgent> = "agent",
        entity: Vec<ProvenanceEntity> = "entity",
        signature: Vec<Signature> = "signature",
    }
}

fhir! {
    /// `Provenance.occurred[x]`
    choice ProvenanceOccurred { Period(Period), DateTime(DateTime) }
}

fhir! {
    /// `Provenance.agent`
    part ProvenanceAgent {
        r#type: Option<CodeableConcept> = "type",
        role: Vec<CodeableConcept> = "role",
        who: Option<Reference> = "who",
        on_behalf_of: Option<Reference> = "onBehalfOf",
    }
}

fhir! {
    /// `Provenance.entity`
    part ProvenanceEntity {
        role: Option<ProvenanceEntityRole> = "role",
        what: Option<Reference> = "what",
        agent: Vec<ProvenanceAgent> = "agent",
    }
}

fhir! {
    /// What somebody did in a system.
    resource AuditEvent {
        r#type: Option<Coding> = "type",
        subtype: Vec<Coding> = "subtype",
        action: Option<AuditEventAction> = "action",
        period: Option<Period> = "period",
        recorded: Option<Instant> = "recorded",
        outcome: Option<AuditEventOutcome> = "outcome",
        outcome_desc: Option<String> = "outcomeDesc",
        purpose_of_event: Vec<CodeableConcept> = "purposeOfEvent",
        agent: Vec<AuditEventAgent> = "agent",
        source: Option<AuditEventSource> = "source",
        entity: Vec<AuditEventEntity> = "entity",
    }
}

fhir! {
    /// `AuditEvent.agent`
    part AuditEventAgent {
        r#type: Option<CodeableConcept> = "type",
        role: Vec<CodeableConcept> = "role",
        who: Option<Reference> = "who",
        alt_id: Option<String> = "altId",
        name: Option<String> = "name",
        requestor: Option<bool> = "requestor",
        location: Option<Reference> = "location",
        policy: Vec<String> = "policy",
        media: Option<Coding> = "media",
        network: Option<AuditEventAgentNetwork> = "network",
        purpose_of_use: Vec<CodeableConcept> = "purposeOfUse",
    }
}

fhir! {
    /// `AuditEvent.agent.network`
    part AuditEventAgentNetwork {
        address: Option<String> = "address",
        r#type: Option<AuditEventAgentNetworkType> = "type",
    }
}

fhir! {
    /// `AuditEvent.source`
    part AuditEventSource {
        site: Option<String> = "site",
        observer: Option<Reference> = "observer",
        r#type: Vec<Coding> = "type",
    }
}

fhir! {
    /// `AuditEvent.entity`
    part AuditEventEntity {
        what: Option<Reference> = "what",
        r#type: Option<Coding> = "type",
        role: Option<Coding> = "role",
        lifecycle: Option<Coding> = "lifecycle",
        security_label: Vec<Coding> = "securityLabel",
        name: Option<String> = "name",
        description: Option<String> = "description",
        query: Option<String> = "query",
        detail: Vec<AuditEventEntityDetail> = "detail",
    }
}

fhir! {
    /// `AuditEvent.entity.detail`
    part AuditEventEntityDetail { r#type: Option<String> = "type", value: Option<StringOrBase64Binary> = "value" }
}

fhir! {
    /// What a patient allows and forbids.
    resource Consent {
        identifier: Vec<Identifier> = "identifier",
        status: Option<ConsentStatus> = "status",
        scope: Option<CodeableConcept> = "scope",
        category: Vec<CodeableConcept> = "category",
        patient: Option<Reference> = "patient",
        date_time: Option<DateTime> = "dateTime",
        performer: Vec<Reference> = "performer",
        organization: Vec<Reference> = "organization",
        source: Option<AttachmentOrReference> = "source",
        policy: Vec<ConsentPolicy> = "policy",
        policy_rule: Option<CodeableConcept> = "policyRule",
        verification: Vec<ConsentVerification> = "verification",
        provision: Option<ConsentProvision> = "provision",
    }
}

fhir! {
    /// `Consent.policy`
    part ConsentPolicy { authority: Option<String> = "authority", uri: Option<String> = "uri" }
}

fhir! {
    /// `Consent.verification`
    part ConsentVerification {
        verified: Option<bool> = "verified",
        verified_with: Option<Reference> = "verifiedWith",
        verification_date: Option<DateTime> = "verificationDate",
    }
}

fhir! {
    /// `Consent.provision`
    part ConsentProvision {
        r#type: Option<ConsentProvisionType> = "type",
        period: Option<Period> = "period",
        actor: Vec<ConsentProvisionActor> = "actor",
        action: Vec<CodeableConcept> = "action",
        security_label: Vec<Coding> = "securityLabel",
        purpose: Vec<Coding> = "purpose",
        class: Vec<Coding> = "class",
        code: Vec<CodeableConcept> = "code",
        data_period: Option<Period> = "dataPeriod",
        data: Vec<ConsentProvisionData> = "data",
        provision: Vec<ConsentProvision> = "provision",
    }
}

fhir! {
    /// `Consent.provision.actor`
    part ConsentProvisionActor {
        role: Option<CodeableConcept> = "role",
        reference: Option<Reference> = "reference",
    }
}

fhir! {
    /// `Consent.provision.data`
    part ConsentProvisionData {
        meaning: Option<ConsentDataMeaning> = "meaning",
        reference: Option<Reference> = "reference",
    }
}
