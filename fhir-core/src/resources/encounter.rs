//! Visits, episodes and what is noted about them.

use super::{
    EncounterLocationStatus, EncounterStatus, EpisodeOfCareStatus, FlagStatus, ListMode, ListStatus,
};
use crate::define::fhir;
use crate::types::{
    Annotation, CodeableConcept, Coding, DateTime, Identifier, Period, PrimitiveExtension, Quantity,
    Reference,
};

fhir! {
    /// A meeting of a patient with those who give care.
    resource Encounter {
        identifier: Vec<Identifier> = "identifier",
        status: Option<EncounterStatus> = "status",
        status_element: PrimitiveExtension = "_status",
        status_history: Vec<EncounterStatusHistory> = "statusHistory",
        class: Option<Coding> = "class",
        class_history: Vec<EncounterClassHistory> = "classHistory",
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
    /// `Encounter.statusHistory`
    part EncounterStatusHistory { status: Option<EncounterStatus> = "status", period: Option<Period> = "period" }
}

fhir! {
    /// `Encounter.classHistory`
    part EncounterClassHistory { class: Option<Coding> = "class", period: Option<Period> = "period" }
}

fhir! {
    /// `Encounter.participant`
    part EncounterParticipant {
        r#type: Vec<CodeableConcept> = "type",
        period: Option<Period> = "period",
        individual: Option<Reference> = "individual",
    }
}

fhir! {
    /// `Encounter.diagnosis`
    part EncounterDiagnosis {
        condition: Option<Reference> = "condition",
        r#use: Option<CodeableConcept> = "use",
        rank: Option<u32> = "rank",
    }
}

fhir! {
    /// `Encounter.hospitalization`
    part Hospitalization {
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
    part EncounterLocation {
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
        status_history: Vec<EpisodeOfCareStatusHistory> = "statusHistory",
        r#type: Vec<CodeableConcept> = "type",
        diagnosis: Vec<EpisodeOfCareDiagnosis> = "diagnosis",
        patient: Option<Reference> = "patient",
        managing_organization: Option<Reference> = "managingOrganization",
        period: Option<Period> = "period",
        referral_request: Vec<Reference> = "referralRequest",
        care_manager: Option<Reference> = "careManager",
        team: Vec<Reference> = "team",
        account: Vec<Reference> = "account",
    }
}

fhir! {
    /// `EpisodeOfCare.statusHistory`
    part EpisodeOfCareStatusHistory {
        status: Option<EpisodeOfCareStatus> = "status",
        period: Option<Period> = "period",
    }
}

fhir! {
    /// `EpisodeOfCare.diagnosis`
    part EpisodeOfCareDiagnosis {
        condition: Option<Reference> = "condition",
        role: Option<CodeableConcept> = "role",
        rank: Option<u32> = "rank",
    }
}

fhir! {
    /// A warning to whoever deals with a patient.
    resource Flag {
        identifier: Vec<Identifier> = "identifier",
        status: Option<FlagStatus> = "status",
        category: Vec<CodeableConcept> = "category",
        code: Option<CodeableConcept> = "code",
        subject: Option<Reference> = "subject",
        period: Option<Period> = "period",
        encounter: Option<Reference> = "encounter",
        author: Option<Reference> = "author",
    }
}

fhir! {
    /// A list of resources, as somebody keeps it.
    resource List {
        identifier: Vec<Identifier> = "identifier",
        status: Option<ListStatus> = "status",
        mode: Option<ListMode> = "mode",
        title: Option<String> = "title",
        code: Option<CodeableConcept> = "code",
        subject: Option<Reference> = "subject",
        encounter: Option<Reference> = "encounter",
        date: Option<DateTime> = "date",
        source: Option<Reference> = "source",
        ordered_by: Option<CodeableConcept> = "orderedBy",
        note: Vec<Annotation> = "note",
        entry: Vec<ListEntry> = "entry",
        empty_reason: Option<CodeableConcept> = "emptyReason",
    }
}

fhir! {
    /// `List.entry`
    part ListEntry {
        flag: Option<CodeableConcept> = "flag",
        deleted: Option<bool> = "deleted",
        date: Option<DateTime> = "date",
        item: Option<Reference> = "item",
    }
}
