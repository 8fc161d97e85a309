//! Appointments and the time for them.

use super::{AppointmentStatus, ParticipantRequired, ParticipationStatus, SlotStatus};
use crate::define::fhir;
use crate::types::{CodeableConcept, DateTime, Identifier, Instant, Period, PrimitiveExtension, Reference};

fhir! {
    /// A planned meeting.
    resource Appointment {
        identifier: Vec<Identifier> = "identifier",
        status: Option<AppointmentStatus> = "status",
        status_element: PrimitiveExtension = "_status",
        cancelation_reason: Option<CodeableConcept> = "cancelationReason",
        service_category: Vec<CodeableConcept> = "serviceCategory",
        service_type: Vec<CodeableConcept> = "serviceType",
        specialty: Vec<CodeableConcept> = "specialty",
        appointment_type: Option<CodeableConcept> = "appointmentType",
        reason_code: Vec<CodeableConcept> = "reasonCode",
        reason_reference: Vec<Reference> = "reasonReference",
        priority: Option<u32> = "priority",
        description: Option<String> = "description",
        supporting_information: Vec<Reference> = "supportingInformation",
        start: Option<Instant> = "start",
        end: Option<Instant> = "end",
        minutes_duration: Option<u32> = "minutesDuration",
        slot: Vec<Reference> = "slot",
        created: Option<DateTime> = "created",
        comment: Option<String> = "comment",
        patient_instruction: Option<String> = "patientInstruction",
        based_on: Vec<Reference> = "basedOn",
        participant: Vec<AppointmentParticipant> = "participant",
        requested_period: Vec<Period> = "requestedPeriod",
    }
}

fhir! {
    /// `Appointment.participant`
    part AppointmentParticipant {
        r#type: Vec<CodeableConcept> = "type",
        actor: Option<Reference> = "actor",
        required: Option<ParticipantRequired> = "required",
        status: Option<ParticipationStatus> = "status",
        status_element: PrimitiveExtension = "_status",
        period: Option<Period> = "period",
    }
}

fhir! {
    /// What time can be booked of whom or what.
    resource Schedule {
        identifier: Vec<Identifier> = "identifier",
        active: Option<bool> = "active",
        service_category: Vec<CodeableConcept> = "serviceCategory",
        service_type: Vec<CodeableConcept> = "serviceType",
        specialty: Vec<CodeableConcept> = "specialty",
        actor: Vec<Reference> = "actor",
        planning_horizon: Option<Period> = "planningHorizon",
        comment: Option<String> = "comment",
    }
}

fhir! {
    /// A time that can be booked.
    resource Slot {
        identifier: Vec<Identifier> = "identifier",
        service_category: Vec<CodeableConcept> = "serviceCategory",
        service_type: Vec<CodeableConcept> = "serviceType",
        specialty: Vec<CodeableConcept> = "specialty",
        appointment_type: Option<CodeableConcept> = "appointmentType",
        schedule: Option<Reference> = "schedule",
        status: Option<SlotStatus> = "status",
        start: Option<Instant> = "start",
        end: Option<Instant> = "end",
        overbooked: Option<bool> = "overbooked",
        comment: Option<String> = "comment",
    }
}
