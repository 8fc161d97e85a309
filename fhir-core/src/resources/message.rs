//! Messages and other communication.

use super::{
    DateTimeOrPeriod, ProcedureStatus, RequestPriority, RequestStatus, ResponseType,
    StringOrAttachmentOrReference,
};
use crate::define::fhir;
use crate::types::{
    Annotation, CodeableConcept, Coding, ContactPoint, DateTime, Identifier, PrimitiveExtension, Reference,
};

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
    part MessageDestination {
        name: Option<String> = "name",
        target: Option<Reference> = "target",
        endpoint: Option<String> = "endpoint",
        endpoint_element: PrimitiveExtension = "_endpoint",
        receiver: Option<Reference> = "receiver",
    }
}

fhir! {
    /// `MessageHeader.source`
    part MessageSource {
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
    part MessageResponse {
        identifier: Option<String> = "identifier",
        code: Option<ResponseType> = "code",
        details: Option<Reference> = "details",
    }
}

fhir! {
    /// What somebody told somebody.
    resource Communication {
        identifier: Vec<Identifier> = "identifier",
        instantiates_canonical: Vec<String> = "instantiatesCanonical",
        instantiates_uri: Vec<String> = "instantiatesUri",
        based_on: Vec<Reference> = "basedOn",
        part_of: Vec<Reference> = "partOf",
        in_response_to: Vec<Reference> = "inResponseTo",
        status: Option<ProcedureStatus> = "status",
        status_reason: Option<CodeableConcept> = "statusReason",
        category: Vec<CodeableConcept> = "category",
        priority: Option<RequestPriority> = "priority",
        medium: Vec<CodeableConcept> = "medium",
        subject: Option<Reference> = "subject",
        topic: Option<CodeableConcept> = "topic",
        about: Vec<Reference> = "about",
        encounter: Option<Reference> = "encounter",
        sent: Option<DateTime> = "sent",
        received: Option<DateTime> = "received",
        recipient: Vec<Reference> = "recipient",
        sender: Option<Reference> = "sender",
        reason_code: Vec<CodeableConcept> = "reasonCode",
        reason_reference: Vec<Reference> = "reasonReference",
        payload: Vec<CommunicationPayload> = "payload",
        note: Vec<Annotation> = "note",
    }
}

fhir! {
    /// `Communication.payload`
    part CommunicationPayload { content: Option<StringOrAttachmentOrReference> = "content" }
}

fhir! {
    /// A request to tell somebody something.
    resource CommunicationRequest {
        identifier: Vec<Identifier> = "identifier",
        based_on: Vec<Reference> = "basedOn",
        replaces: Vec<Reference> = "replaces",
        group_identifier: Option<Identifier> = "groupIdentifier",
        status: Option<RequestStatus> = "status",
        status_reason: Option<CodeableConcept> = "statusReason",
        category: Vec<CodeableConcept> = "category",
        priority: Option<RequestPriority> = "priority",
        do_not_perform: Option<bool> = "doNotPerform",
        medium: Vec<CodeableConcept> = "medium",
        subject: Option<Reference> = "subject",
        about: Vec<Reference> = "about",
        encounter: Option<Reference> = "encounter",
        payload: Vec<CommunicationRequestPayload> = "payload",
        occurrence: Option<DateTimeOrPeriod> = "occurrence",
        authored_on: Option<DateTime> = "authoredOn",
        requester: Option<Reference> = "requester",
        recipient: Vec<Reference> = "recipient",
        sender: Option<Reference> = "sender",
        reason_code: Vec<CodeableConcept> = "reasonCode",
        reason_reference: Vec<Reference> = "reasonReference",
        note: Vec<Annotation> = "note",
    }
}

fhir! {
    /// `CommunicationRequest.payload`
    part CommunicationRequestPayload { content: Option<StringOrAttachmentOrReference> = "content" }
}
