//! Documents, messages and where data came from.

use super::{
    CompositionStatus, DocumentReferenceStatus, DocumentRelationship, ProvenanceEntityRole, ResponseType,
};
use crate::define::fhir;
use crate::types::{
    Attachment, CodeableConcept, Coding, ContactPoint, DateTime, Identifier, Instant, Period,
    PrimitiveExtension, Reference,
};

fhir! {
    /// A reference to a document of any kind.
    resource DocumentReference {
        master_identifier: Option<Identifier> = "masterIdentifier",
        identifier: Vec<Identifier> = "identifier",
        status: Option<DocumentReferenceStatus> = "status",
        status_element: PrimitiveExtension = "_status",
        doc_status: Option<CompositionStatus> = "docStatus",
        r#type: Option<CodeableConcept> = "type",
        category: Vec<CodeableConcept> = "category",
        subject: Option<Reference> = "subject",
        date: Option<Instant> = "date",
        author: Vec<Reference> = "author",
        authenticator: Option<Reference> = "authenticator",
        custodian: Option<Reference> = "custodian",
        relates_to: Vec<DocumentRelatesTo> = "relatesTo",
        description: Option<String> = "description",
        security_label: Vec<CodeableConcept> = "securityLabel",
        content: Vec<DocumentContent> = "content",
        context: Option<DocumentContext> = "context",
    }
}

fhir! {
    /// `DocumentReference.relatesTo`
    element DocumentRelatesTo {
        code: Option<DocumentRelationship> = "code",
        target: Option<Reference> = "target",
    }
}

fhir! {
    /// `DocumentReference.content`
    element DocumentContent { attachment: Option<Attachment> = "attachment", format: Option<Coding> = "format" }
}

fhir! {
    /// `DocumentReference.context`
    element DocumentContext {
        encounter: Vec<Reference> = "encounter",
        event: Vec<CodeableConcept> = "event",
        period: Option<Period> = "period",
        facility_type: Option<CodeableConcept> = "facilityType",
        practice_setting: Option<CodeableConcept> = "practiceSetting",
        related: Vec<Reference> = "related",
    }
}

fhir! {
    /// What a message is about, who sent it and to whom.
    resource MessageHeader {
        event: Option<MessageEvent> = "event",
        destination: Vec<MessageDestination> = "destination",
        sender: Option<Reference> = "sender",
        enterer: Option<Reference> = "enterer",
        author: Option<Reference> = "author",
        source: Option<MessageSource> = "source",
        responsible: Option<Reference> = "responsible",
        reason: Option<CodeableConcept> = "reason",
        response: Option<MessageResponse> = "response",
        focus: Vec<Reference> = "focus",
        definition: Option<String> = "definition",
    }
}

fhir! {
    /// `MessageHeader.event[x]`
    choice MessageEvent { Coding(Coding), Uri(String) }
}

fhir! {
    /// `MessageHeader.destination`
    element MessageDestination {
        name: Option<String> = "name",
        target: Option<Reference> = "target",
        endpoint: Option<String> = "endpoint",
        endpoint_element: PrimitiveExtension = "_endpoint",
        receiver: Option<Reference> = "receiver",
    }
}

fhir! {
    /// `MessageHeader.source`
    element MessageSource {
        name: Option<String> = "name",
        software: Option<String> = "software",
        version: Option<String> = "version",
        contact: Option<ContactPoint> = "contact",
        endpoint: Option<String> = "endpoint",
        endpoint_element: PrimitiveExtension = "_endpoint",
    }
}

fhir! {
    /// `MessageHeader.response`
    element MessageResponse {
        identifier: Option<String> = "identifier",
        code: Option<ResponseType> = "code",
        details: Option<Reference> = "details",
    }
}

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
    }
}

fhir! {
    /// `Provenance.occurred[x]`
    choice ProvenanceOccurred { Period(Period), DateTime(DateTime) }
}

fhir! {
    /// `Provenance.agent`
    element ProvenanceAgent {
        r#type: Option<CodeableConcept> = "type",
        role: Vec<CodeableConcept> = "role",
        who: Option<Reference> = "who",
        on_behalf_of: Option<Reference> = "onBehalfOf",
    }
}

fhir! {
    /// `Provenance.entity`
    element ProvenanceEntity { role: Option<ProvenanceEntityRole> = "role", what: Option<Reference> = "what" }
}
