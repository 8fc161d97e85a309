//! Orders, specimens, observations and reports.

use super::{
    BooleanOrCodeableConcept, DateTimeOrPeriod, DiagnosticReportStatus, ObservationStatus, RequestIntent,
    RequestPriority, RequestStatus, SpecimenStatus,
};
use crate::define::fhir;
use crate::types::{
    Annotation, Attachment, CodeableConcept, DateTime, Identifier, Instant, Period, PrimitiveExtension,
    Quantity, Range, Ratio, Reference, SampledData, Time, Timing,
};

fhir! {
    /// Something that was measured or found.
    resource Observation {
        identifier: Vec<Identifier> = "identifier",
        based_on: Vec<Reference> = "basedOn",
        part_of: Vec<Reference> = "partOf",
        status: Option<ObservationStatus> = "status",
        status_element: PrimitiveExtension = "_status",
        category: Vec<CodeableConcept> = "category",
        code: Option<CodeableConcept> = "code",
        subject: Option<Reference> = "subject",
        focus: Vec<Reference> = "focus",
        encounter: Option<Reference> = "encounter",
        effective: Option<Effective> = "effective",
        issued: Option<Instant> = "issued",
        performer: Vec<Reference> = "performer",
        value: Option<ObservationValue> = "value",
        data_absent_reason: Option<CodeableConcept> = "dataAbsentReason",
        interpretation: Vec<CodeableConcept> = "interpretation",
        note: Vec<Annotation> = "note",
        body_site: Option<CodeableConcept> = "bodySite",
        method: Option<CodeableConcept> = "method",
        specimen: Option<Reference> = "specimen",
        device: Option<Reference> = "device",
        reference_range: Vec<ReferenceRange> = "referenceRange",
        has_member: Vec<Reference> = "hasMember",
        derived_from: Vec<Reference> = "derivedFrom",
        component: Vec<ObservationComponent> = "component",
    }
}

fhir! {
    /// `effective[x]` of observations and reports
    choice Effective { DateTime(DateTime), Period(Period), Timing(Box<Timing>), Instant(Instant) }
}

fhir! {
    /// `Observation.value[x]`
    choice ObservationValue {
        Quantity(Quantity), CodeableConcept(CodeableConcept), String(String), Boolean(bool), Integer(i32),
        Range(Box<Range>), Ratio(Box<Ratio>), SampledData(Box<SampledData>), Time(Time), DateTime(DateTime),
        Period(Period),
    }
}

fhir! {
    /// `Observation.referenceRange`
    part ReferenceRange {
        low: Option<Quantity> = "low",
        high: Option<Quantity> = "high",
        r#type: Option<CodeableConcept> = "type",
        applies_to: Vec<CodeableConcept> = "appliesTo",
        age: Option<Range> = "age",
        text: Option<String> = "text",
    }
}

fhir! {
    /// `Observation.component`
    part ObservationComponent {
        code: Option<CodeableConcept> = "code",
        value: Option<ObservationValue> = "value",
        data_absent_reason: Option<CodeableConcept> = "dataAbsentReason",
        interpretation: Vec<CodeableConcept> = "interpretation",
        reference_range: Vec<ReferenceRange> = "referenceRange",
    }
}

fhir! {
    /// The results of a study.
    resource DiagnosticReport {
        identifier: Vec<Identifier> = "identifier",
        based_on: Vec<Reference> = "basedOn",
        status: Option<DiagnosticReportStatus> = "status",
        status_element: PrimitiveExtension = "_status",
        category: Vec<CodeableConcept> = "category",
        code: Option<CodeableConcept> = "code",
        subject: Option<Reference> = "subject",
        encounter: Option<Reference> = "encounter",
        effective: Option<DateTimeOrPeriod> = "effective",
        issued: Option<Instant> = "issued",
        performer: Vec<Reference> = "performer",
        results_interpreter: Vec<Reference> = "resultsInterpreter",
        specimen: Vec<Reference> = "specimen",
        result: Vec<Reference> = "result",
        imaging_study: Vec<Reference> = "imagingStudy",
        media: Vec<DiagnosticReportMedia> = "media",
        conclusion: Option<String> = "conclusion",
        conclusion_code: Vec<CodeableConcept> = "conclusionCode",
        presented_form: Vec<Attachment> = "presentedForm",
    }
}

fhir! {
    /// `DiagnosticReport.media`
    part DiagnosticReportMedia { comment: Option<String> = "comment", link: Option<Reference> = "link" }
}

fhir! {
    /// An order for a service.
    resource ServiceRequest {
        identifier: Vec<Identifier> = "identifier",
        instantiates_canonical: Vec<String> = "instantiatesCanonical",
        instantiates_uri: Vec<String> = "instantiatesUri",
        based_on: Vec<Reference> = "basedOn",
        replaces: Vec<Reference> = "replaces",
        requisition: Option<Identifier> = "requisition",
        status: Option<RequestStatus> = "status",
        status_element: PrimitiveExtension = "_status",
        intent: Option<RequestIntent> = "intent",
        category: Vec<CodeableConcept> = "category",
        priority: Option<RequestPriority> = "priority",
        priority_element: PrimitiveExtension = "_priority",
        do_not_perform: Option<bool> = "doNotPerform",
        code: Option<CodeableConcept> = "code",
        order_detail: Vec<CodeableConcept> = "orderDetail",
        quantity: Option<ServiceRequestQuantity> = "quantity",
        subject: Option<Reference> = "subject",
        encounter: Option<Reference> = "encounter",
        occurrence: Option<ServiceRequestOccurrence> = "occurrence",
        as_needed: Option<BooleanOrCodeableConcept> = "asNeeded",
        authored_on: Option<DateTime> = "authoredOn",
        requester: Option<Reference> = "requester",
        performer_type: Option<CodeableConcept> = "performerType",
        performer: Vec<Reference> = "performer",
        location_code: Vec<CodeableConcept> = "locationCode",
        location_reference: Vec<Reference> = "locationReference",
        reason_code: Vec<CodeableConcept> = "reasonCode",
        reason_reference: Vec<Reference> = "reasonReference",
        insurance: Vec<Reference> = "insurance",
        supporting_info: Vec<Reference> = "supportingInfo",
        specimen: Vec<Reference> = "specimen",
        body_site: Vec<CodeableConcept> = "bodySite",
        note: Vec<Annotation> = "note",
        patient_instruction: Option<String> = "patientInstruction",
        relevant_history: Vec<Reference> = "relevantHistory",
    }
}

fhir! {
    /// `ServiceRequest.quantity[x]`
    choice ServiceRequestQuantity { Quantity(Quantity), Ratio(Box<Ratio>), Range(Box<Range>) }
}

fhir! {
    /// `ServiceRequest.occurrence[x]`
    choice ServiceRequestOccurrence { DateTime(DateTime), Period(Period), Timing(Box<Timing>) }
}

fhir! {
    /// Material that was taken to be examined.
    resource Specimen {
        identifier: Vec<Identifier> = "identifier",
        accession_identifier: Option<Identifier> = "accessionIdentifier",
        status: Option<SpecimenStatus> = "status",
        r#type: Option<CodeableConcept> = "type",
        subject: Option<Reference> = "subject",
        received_time: Option<DateTime> = "receivedTime",
        parent: Vec<Reference> = "parent",
        request: Vec<Reference> = "request",
        collection: Option<SpecimenCollection> = "collection",
        processing: Vec<SpecimenProcessing> = "processing",
        container: Vec<SpecimenContainer> = "container",
        condition: Vec<CodeableConcept> = "condition",
        note: Vec<Annotation> = "note",
    }
}

fhir! {
    /// `Specimen.collection`
    part SpecimenCollection {
        collector: Option<Reference> = "collector",
        collected: Option<Collected> = "collected",
        duration: Option<Quantity> = "duration",
        quantity: Option<Quantity> = "quantity",
        method: Option<CodeableConcept> = "method",
        body_site: Option<CodeableConcept> = "bodySite",
        fasting_status: Option<FastingStatus> = "fastingStatus",
    }
}

fhir! {
    /// `Specimen.collection.collected[x]`
    choice Collected { DateTime(DateTime), Period(Period) }
}

fhir! {
    /// `Specimen.collection.fastingStatus[x]`
    choice FastingStatus { CodeableConcept(CodeableConcept), Duration(Quantity) }
}

fhir! {
    /// `Specimen.processing`
    part SpecimenProcessing {
        description: Option<String> = "description",
        procedure: Option<CodeableConcept> = "procedure",
        additive: Vec<Reference> = "additive",
        time: Option<Collected> = "time",
    }
}

fhir! {
    /// `Specimen.container`
    part SpecimenContainer {
        identifier: Vec<Identifier> = "identifier",
        description: Option<String> = "description",
        r#type: Option<CodeableConcept> = "type",
        capacity: Option<Quantity> = "capacity",
        specimen_quantity: Option<Quantity> = "specimenQuantity",
        additive: Option<Additive> = "additive",
    }
}

fhir! {
    /// `Specimen.container.additive[x]`
    choice Additive { CodeableConcept(CodeableConcept), Reference(Reference) }
}
