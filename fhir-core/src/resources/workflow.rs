//! Work to be done, and what links and follows resources.

use super::{
    CodeableConceptOrReference, DateTimeOrPeriodOrTiming, LinkageType, RequestPriority,
    SubscriptionChannelType, SubscriptionStatus, SupplyRequestStatus, TaskIntent, TaskStatus,
};
use crate::define::fhir;
use crate::types::{
    Annotation, CodeableConcept, ContactPoint, Date, DateTime, ExtensionValue, Identifier, Instant, Period,
    Quantity, Range, Reference,
};

fhir! {
    /// Something to be done.
    resource Task {
        identifier: Vec<Identifier> = "identifier",
        instantiates_canonical: Option<String> = "instantiatesCanonical",
        instantiates_uri: Option<String> = "instantiatesUri",
        based_on: Vec<Reference> = "basedOn",
        group_identifier: Option<Identifier> = "groupIdentifier",
        part_of: Vec<Reference> = "partOf",
        status: Option<TaskStatus> = "status",
        status_reason: Option<CodeableConcept> = "statusReason",
        business_status: Option<CodeableConcept> = "businessStatus",
        intent: Option<TaskIntent> = "intent",
        priority: Option<RequestPriority> = "priority",
        code: Option<CodeableConcept> = "code",
        description: Option<String> = "description",
        focus: Option<Reference> = "focus",
        r#for: Option<Reference> = "for",
        encounter: Option<Reference> = "encounter",
        execution_period: Option<Period> = "executionPeriod",
        authored_on: Option<DateTime> = "authoredOn",
        last_modified: Option<DateTime> = "lastModified",
        requester: Option<Reference> = "requester",
        performer_type: Vec<CodeableConcept> = "performerType",
        owner: Option<Reference> = "owner",
        location: Option<Reference> = "location",
        reason_code: Option<CodeableConcept> = "reasonCode",
        reason_reference: Option<Reference> = "reasonReference",
        insurance: Vec<Reference> = "insurance",
        note: Vec<Annotation> = "note",
        relevant_history: Vec<Reference> = "relevantHistory",
        restriction: Option<TaskRestriction> = "restriction",
        input: Vec<TaskInput> = "input",
        output: Vec<TaskOutput> = "output",
    }
}

fhir! {
    /// `Task.restriction`
    part TaskRestriction {
        repetitions: Option<u32> = "repetitions",
        period: Option<Period> = "period",
        recipient: Vec<Reference> = "recipient",
    }
}

fhir! {
    /// `Task.input`
    part TaskInput { r#type: Option<CodeableConcept> = "type", value: Option<ExtensionValue> = "value" }
}

fhir! {
    /// `Task.output`
    part TaskOutput { r#type: Option<CodeableConcept> = "type", value: Option<ExtensionValue> = "value" }
}

fhir! {
    /// An order for material.
    resource SupplyRequest {
        identifier: Vec<Identifier> = "identifier",
        status: Option<SupplyRequestStatus> = "status",
        category: Option<CodeableConcept> = "category",
        priority: Option<RequestPriority> = "priority",
        item: Option<CodeableConceptOrReference> = "item",
        quantity: Option<Quantity> = "quantity",
        parameter: Vec<SupplyRequestParameter> = "parameter",
        occurrence: Option<DateTimeOrPeriodOrTiming> = "occurrence",
        authored_on: Option<DateTime> = "authoredOn",
        requester: Option<Reference> = "requester",
        supplier: Vec<Reference> = "supplier",
        reason_code: Vec<CodeableConcept> = "reasonCode",
        reason_reference: Vec<Reference> = "reasonReference",
        deliver_from: Option<Reference> = "deliverFrom",
        deliver_to: Option<Reference> = "deliverTo",
    }
}

fhir! {
    /// `SupplyRequest.parameter`
    part SupplyRequestParameter {
        code: Option<CodeableConcept> = "code",
        value: Option<SupplyRequestParameterValue> = "value",
    }
}

fhir! {
    /// `SupplyRequest.parameter.value[x]`
    choice SupplyRequestParameterValue {
        CodeableConcept(CodeableConcept), Quantity(Quantity), Range(Box<Range>), Boolean(bool),
    }
}

fhir! {
    /// A request to be told of changes.
    resource Subscription {
        status: Option<SubscriptionStatus> = "status",
        contact: Vec<ContactPoint> = "contact",
        end: Option<Instant> = "end",
        reason: Option<String> = "reason",
        criteria: Option<String> = "criteria",
        error: Option<String> = "error",
        channel: Option<SubscriptionChannel> = "channel",
    }
}

fhir! {
    /// `Subscription.channel`
    part SubscriptionChannel {
        r#type: Option<SubscriptionChannelType> = "type",
        endpoint: Option<String> = "endpoint",
        payload: Option<String> = "payload",
        header: Vec<String> = "header",
    }
}

fhir! {
    /// What FHIR has no resource for.
    resource Basic {
        identifier: Vec<Identifier> = "identifier",
        code: Option<CodeableConcept> = "code",
        subject: Option<Reference> = "subject",
        created: Option<Date> = "created",
        author: Option<Reference> = "author",
    }
}

fhir! {
    /// Resources that speak of the same thing.
    resource Linkage {
        active: Option<bool> = "active",
        author: Option<Reference> = "author",
        item: Vec<LinkageItem> = "item",
    }
}

fhir! {
    /// `Linkage.item`
    part LinkageItem { r#type: Option<LinkageType> = "type", resource: Option<Reference> = "resource" }
}
