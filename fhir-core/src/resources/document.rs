//! Documents.

use super::{
    CompositionAttestationMode, CompositionStatus, Confidentiality, DocumentReferenceStatus,
    DocumentRelationship, IdentifierOrReference, ListMode,
};
use crate::define::fhir;
use crate::types::{
    Attachment, CodeableConcept, Coding, DateTime, Identifier, Instant, Narrative, Period,
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
    part DocumentRelatesTo { code: Option<DocumentRelationship> = "code", target: Option<Reference> = "target" }
}

fhir! {
    /// `DocumentReference.content`
    part DocumentContent { attachment: Option<Attachment> = "attachment", format: Option<Coding> = "format" }
}

fhir! {
    /// `DocumentReference.context`
    part DocumentContext {
        encounter: Vec<Reference> = "encounter",
        event: Vec<CodeableConcept> = "event",
        period: Option<Period> = "period",
        facility_type: Option<CodeableConcept> = "facilityType",
        practice_setting: Option<CodeableConcept> = "practiceSetting",
        source_patient_info: Option<Reference> = "sourcePatientInfo",
        related: Vec<Reference> = "related",
    }
}

fhir! {
    /// A document in sections.
    resource Composition {
        identifier: Option<Identifier> = "identifier",
        status: Option<CompositionStatus> = "status",
        r#type: Option<CodeableConcept> = "type",
        category: Vec<CodeableConcept> = "category",
        subject: Option<Reference> = "subject",
        encounter: Option<Reference> = "encounter",
        date: Option<DateTime> = "date",
        author: Vec<Reference> = "author",
        title: Option<String> = "title",
        confidentiality: Option<Confidentiality> = "confidentiality",
        attester: Vec<CompositionAttester> = "attester",
        custodian: Option<Reference> = "custodian",
        relates_to: Vec<CompositionRelatesTo> = "relatesTo",
        event: Vec<CompositionEvent> = "event",
        section: Vec<CompositionSection> = "section",
    }
}

fhir! {
    /// `Composition.attester`
    part CompositionAttester {
        mode: Option<CompositionAttestationMode> = "mode",
        time: Option<DateTime> = "time",
        party: Option<Reference> = "party",
    }
}

fhir! {
    /// `Composition.relatesTo`
    part CompositionRelatesTo {
        code: Option<DocumentRelationship> = "code",
        target: Option<IdentifierOrReference> = "target",
    }
}

fhir! {
    /// `Composition.event`
    part CompositionEvent {
        code: Vec<CodeableConcept> = "code",
        period: Option<Period> = "period",
        detail: Vec<Reference> = "detail",
    }
}

fhir! {
    /// `Composition.section`
    part CompositionSection {
        title: Option<String> = "title",
        code: Option<CodeableConcept> = "code",
        author: Vec<Reference> = "author",
        focus: Option<Reference> = "focus",
        text: Option<Narrative> = "text",
        mode: Option<ListMode> = "mode",
        ordered_by: Option<CodeableConcept> = "orderedBy",
        entry: Vec<Reference> = "entry",
        empty_reason: Option<CodeableConcept> = "emptyReason",
        section: Vec<CompositionSection> = "section",
    }
}

fhir! {
    /// Content of any format.
    bare Binary {
        content_type: Option<String> = "contentType",
        security_context: Option<Reference> = "securityContext",
        data: Option<String> = "data",
    }
}
