//! Visits, appointments, episodes, accounts and who pays.

use super::{
    AccountStatus, AppointmentStatus, CoverageStatus, EncounterLocationStatus, EncounterStatus,
    EpisodeOfCareStatus, ParticipantRequired, ParticipationStatus,
};
use crate::define::fhir;
use crate::types::{
    CodeableConcept, Coding, DateTime, Identifier, Instant, Period, PrimitiveExtension, Quantity, Reference,
};

fhir! {
    /// A meeting of a patient with those who give care.
    resource Encounter {
        identifier: Vec<Identifier> = "identifier",
        status: Option<EncounterStatus> = "status",
        status_element: PrimitiveExtension = "_status",
        class: Option<Coding> = "class",
        r#type: Vec<CodeableConcept> = "type",
        service_type: Option<CodeableConcept> = "serviceType",
        priority: Option<CodeableConcept> = "priority",
        subject: Option<Reference> = "subject",
        episode_of_care: Vec<Reference> = "episodeOfCare",
        based_on: Vec<Reference> = "basedOn",
        participant: Vec<EncounterParticipant> = "participant",
        appointment: Vec<Reference> = "appointment",
        period: Option<Period> = "period",
        length: Option<Quantity> = "length",
        reason_code: Vec<CodeableConcept> = "reasonCode",
        reason_reference: Vec<Reference> = "reasonReference",
        diagnosis: Vec<EncounterDiagnosis> = "diagnosis",
        account: Vec<Reference> = "account",
        hospitalization: Option<Hospitalization> = "hospitalization",
        location: Vec<EncounterLocation> = "location",
        service_provider: Option<Reference> = "serviceProvider",
        part_of: Option<Reference> = "partOf",
    }
}

fhir! {
    /// `Encounter.participant`
    element EncounterParticipant {
        r#type: Vec<CodeableConcept> = "type",
        period: Option<Period> = "period",
        individual: Option<Reference> = "individual",
    }
}

fhir! {
    /// `Encounter.diagnosis`
    element EncounterDiagnosis {
        condition: Option<Reference> = "condition",
        r#use: Option<CodeableConcept> = "use",
        rank: Option<u32> = "rank",
    }
}

fhir! {
    /// `Encounter.hospitalization`
    element Hospitalization {
        pre_admission_identifier: Option<Identifier> = "preAdmissionIdentifier",
        origin: Option<Reference> = "origin",
        admit_source: Option<CodeableConcept> = "admitSource",
        re_admission: Option<CodeableConcept> = "reAdmission",
        diet_preference: Vec<CodeableConcept> = "dietPreference",
        special_courtesy: Vec<CodeableConcept> = "specialCourtesy",
        special_arrangement: Vec<CodeableConcept> = "specialArrangement",
        destination: Option<Reference> = "destination",
        discharge_disposition: Option<CodeableConcept> = "dischargeDisposition",
    }
}

fhir! {
    /// `Encounter.location`
    element EncounterLocation {
        location: Option<Reference> = "location",
        status: Option<EncounterLocationStatus> = "status",
        physical_type: Option<CodeableConcept> = "physicalType",
        period: Option<Period> = "period",
    }
}

fhir! {
    /// A time in which an organisation cares for a patient's problem.
    resource EpisodeOfCare {
        identifier: Vec<Identifier> = "identifier",
        status: Option<EpisodeOfCareStatus> = "status",
        r#type: Vec<CodeableConcept> = "type",
        diagnosis: Vec<EpisodeOfCareDiagnosis> = "diagnosis",
        patient: Option<Reference> = "patient",
        managing_organization: Option<Reference> = "managingOrganization",
        period: Option<Period> = "period",
        care_manager: Option<Reference> = "careManager",
        team: Vec<Reference> = "team",
        account: Vec<Reference> = "account",
    }
}

fhir! {
    /// `EpisodeOfCare.diagnosis`
    element EpisodeOfCareDiagnosis {
        condition: Option<Reference> = "condition",
        role: Option<CodeableConcept> = "role",
        rank: Option<u32> = "rank",
    }
}

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
    element AppointmentParticipant {
        r#type: Vec<CodeableConcept> = "type",
        actor: Option<Reference> = "actor",
        required: Option<ParticipantRequired> = "required",
        status: Option<ParticipationStatus> = "status",
        status_element: PrimitiveExtension = "_status",
        period: Option<Period> = "period",
    }
}

fhir! {
    /// What charges are gathered under.
    resource Account {
        identifier: Vec<Identifier> = "identifier",
        status: Option<AccountStatus> = "status",
        r#type: Option<CodeableConcept> = "type",
        name: Option<String> = "name",
        subject: Vec<Reference> = "subject",
        service_period: Option<Period> = "servicePeriod",
        coverage: Vec<AccountCoverage> = "coverage",
        owner: Option<Reference> = "owner",
        description: Option<String> = "description",
        guarantor: Vec<Guarantor> = "guarantor",
        part_of: Option<Reference> = "partOf",
    }
}

fhir! {
    /// `Account.coverage`
    element AccountCoverage { coverage: Option<Reference> = "coverage", priority: Option<u32> = "priority" }
}

fhir! {
    /// `Account.guarantor`
    element Guarantor {
        party: Option<Reference> = "party",
        on_hold: Option<bool> = "onHold",
        period: Option<Period> = "period",
    }
}

fhir! {
    /// An insurance, or another promise to pay.
    resource Coverage {
        identifier: Vec<Identifier> = "identifier",
        status: Option<CoverageStatus> = "status",
        status_element: PrimitiveExtension = "_status",
        r#type: Option<CodeableConcept> = "type",
        policy_holder: Option<Reference> = "policyHolder",
        subscriber: Option<Reference> = "subscriber",
        subscriber_id: Option<String> = "subscriberId",
        beneficiary: Option<Reference> = "beneficiary",
        dependent: Option<String> = "dependent",
        relationship: Option<CodeableConcept> = "relationship",
        period: Option<Period> = "period",
        payor: Vec<Reference> = "payor",
        class: Vec<CoverageClass> = "class",
        order: Option<u32> = "order",
        network: Option<String> = "network",
        subrogation: Option<bool> = "subrogation",
    }
}

fhir! {
    /// `Coverage.class`
    element CoverageClass {
        r#type: Option<CodeableConcept> = "type",
        value: Option<String> = "value",
        name: Option<String> = "name",
    }
}
