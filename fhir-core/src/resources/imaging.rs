//! Pictures and studies.

use super::{DateTimeOrPeriod, ImagingStudyStatus, ProcedureStatus};
use crate::define::fhir;
use crate::types::{
    Annotation, Attachment, CodeableConcept, Coding, DateTime, Decimal, Identifier, Instant, Reference,
};

fhir! {
    /// The series and instances of a DICOM study.
    resource ImagingStudy {
        identifier: Vec<Identifier> = "identifier",
        status: Option<ImagingStudyStatus> = "status",
        modality: Vec<Coding> = "modality",
        subject: Option<Reference> = "subject",
        encounter: Option<Reference> = "encounter",
        started: Option<DateTime> = "started",
        based_on: Vec<Reference> = "basedOn",
        referrer: Option<Reference> = "referrer",
        interpreter: Vec<Reference> = "interpreter",
        endpoint: Vec<Reference> = "endpoint",
        number_of_series: Option<u32> = "numberOfSeries",
        number_of_instances: Option<u32> = "numberOfInstances",
        procedure_reference: Option<Reference> = "procedureReference",
        procedure_code: Vec<CodeableConcept> = "procedureCode",
        location: Option<Reference> = "location",
        reason_code: Vec<CodeableConcept> = "reasonCode",
        reason_reference: Vec<Reference> = "reasonReference",
        note: Vec<Annotation> = "note",
        description: Option<String> = "description",
        series: Vec<ImagingStudySeries> = "series",
    }
}

fhir! {
    /// `ImagingStudy.series`
    part ImagingStudySeries {
        uid: Option<String> = "uid",
        number: Option<u32> = "number",
        modality: Option<Coding> = "modality",
        description: Option<String> = "description",
        number_of_instances: Option<u32> = "numberOfInstances",
        endpoint: Vec<Reference> = "endpoint",
        body_site: Option<Coding> = "bodySite",
        laterality: Option<Coding> = "laterality",
        specimen: Vec<Reference> = "specimen",
        started: Option<DateTime> = "started",
        performer: Vec<ImagingStudySeriesPerformer> = "performer",
        instance: Vec<ImagingStudySeriesInstance> = "instance",
    }
}

fhir! {
    /// `ImagingStudy.series.performer`
    part ImagingStudySeriesPerformer {
        function: Option<CodeableConcept> = "function",
        actor: Option<Reference> = "actor",
    }
}

fhir! {
    /// `ImagingStudy.series.instance`
    part ImagingStudySeriesInstance {
        uid: Option<String> = "uid",
        sop_class: Option<Coding> = "sopClass",
        number: Option<u32> = "number",
        title: Option<String> = "title",
    }
}

fhir! {
    /// A picture, a film or a recording.
    resource Media {
        identifier: Vec<Identifier> = "identifier",
        based_on: Vec<Reference> = "basedOn",
        part_of: Vec<Reference> = "partOf",
        status: Option<ProcedureStatus> = "status",
        r#type: Option<CodeableConcept> = "type",
        modality: Option<CodeableConcept> = "modality",
        view: Option<CodeableConcept> = "view",
        subject: Option<Reference> = "subject",
        encounter: Option<Reference> = "encounter",
        created: Option<DateTimeOrPeriod> = "created",
        issued: Option<Instant> = "issued",
        operator: Option<Reference> = "operator",
        reason_code: Vec<CodeableConcept> = "reasonCode",
        body_site: Option<CodeableConcept> = "bodySite",
        device_name: Option<String> = "deviceName",
        device: Option<Reference> = "device",
        height: Option<u32> = "height",
        width: Option<u32> = "width",
        frames: Option<u32> = "frames",
        duration: Option<Decimal> = "duration",
        content: Option<Attachment> = "content",
        note: Vec<Annotation> = "note",
    }
}
