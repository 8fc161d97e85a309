//! Codes with required bindings that resources use.

use crate::define::fhir;

fhir! {
    /// `Account.status`
    code AccountStatus {
        Active = "active", Inactive = "inactive", EnteredInError = "entered-in-error", OnHold = "on-hold",
        Unknown = "unknown",
    }
}

fhir! {
    /// `AllergyIntolerance.category`
    code AllergyIntoleranceCategory {
        Food = "food", Medication = "medication", Environment = "environment", Biologic = "biologic",
    }
}

fhir! {
    /// `AllergyIntolerance.criticality`
    code AllergyIntoleranceCriticality { Low = "low", High = "high", UnableToAssess = "unable-to-assess" }
}

fhir! {
    /// `AllergyIntolerance.reaction.severity`
    code AllergyIntoleranceSeverity { Mild = "mild", Moderate = "moderate", Severe = "severe" }
}

fhir! {
    /// `AllergyIntolerance.type`
    code AllergyIntoleranceType { Allergy = "allergy", Intolerance = "intolerance" }
}

fhir! {
    /// `Appointment.status`
    code AppointmentStatus {
        Proposed = "proposed", Pending = "pending", Booked = "booked", Arrived = "arrived", Fulfilled = "fulfilled",
        Cancelled = "cancelled", NoShow = "noshow", EnteredInError = "entered-in-error", CheckedIn = "checked-in",
        Waitlist = "waitlist",
    }
}

fhir! {
    /// `CareTeam.status`
    code CareTeamStatus {
        Proposed = "proposed", Active = "active", Suspended = "suspended", Inactive = "inactive",
        EnteredInError = "entered-in-error",
    }
}

fhir! {
    /// `DocumentReference.docStatus`
    code CompositionStatus {
        Preliminary = "preliminary", Final = "final", Amended = "amended", EnteredInError = "entered-in-error",
    }
}

fhir! {
    /// `Coverage.status`
    code CoverageStatus {
        Active = "active", Cancelled = "cancelled", Draft = "draft", EnteredInError = "entered-in-error",
    }
}

fhir! {
    /// `Device.deviceName.type`
    code DeviceNameType {
        UdiLabelName = "udi-label-name", UserFriendlyName = "user-friendly-name",
        PatientReportedName = "patient-reported-name", ManufacturerName = "manufacturer-name",
        ModelName = "model-name", Other = "other",
    }
}

fhir! {
    /// `Device.status`
    code DeviceStatus {
        Active = "active", Inactive = "inactive", EnteredInError = "entered-in-error", Unknown = "unknown",
    }
}

fhir! {
    /// `DiagnosticReport.status`
    code DiagnosticReportStatus {
        Registered = "registered", Partial = "partial", Preliminary = "preliminary", Final = "final",
        Amended = "amended", Corrected = "corrected", Appended = "appended", Cancelled = "cancelled",
        EnteredInError = "entered-in-error", Unknown = "unknown",
    }
}

fhir! {
    /// `DocumentReference.status`
    code DocumentReferenceStatus {
        Current = "current", Superseded = "superseded", EnteredInError = "entered-in-error",
    }
}

fhir! {
    /// `DocumentReference.relatesTo.code`
    code DocumentRelationship {
        Replaces = "replaces", Transforms = "transforms", Signs = "signs", Appends = "appends",
    }
}

fhir! {
    /// `Encounter.location.status`
    code EncounterLocationStatus {
        Planned = "planned", Active = "active", Reserved = "reserved", Completed = "completed",
    }
}

fhir! {
    /// `Encounter.status`
    code EncounterStatus {
        Planned = "planned", Arrived = "arrived", Triaged = "triaged", InProgress = "in-progress", OnLeave = "onleave",
        Finished = "finished", Cancelled = "cancelled", EnteredInError = "entered-in-error", Unknown = "unknown",
    }
}

fhir! {
    /// `EpisodeOfCare.status`
    code EpisodeOfCareStatus {
        Planned = "planned", Waitlist = "waitlist", Active = "active", OnHold = "onhold", Finished = "finished",
        Cancelled = "cancelled", EnteredInError = "entered-in-error",
    }
}

fhir! {
    /// `Immunization.status`
    code ImmunizationStatus { Completed = "completed", EnteredInError = "entered-in-error", NotDone = "not-done" }
}

fhir! {
    /// `Patient.link.type`
    code LinkType { ReplacedBy = "replaced-by", Replaces = "replaces", Refer = "refer", SeeAlso = "seealso" }
}

fhir! {
    /// `Location.mode`
    code LocationMode { Instance = "instance", Kind = "kind" }
}

fhir! {
    /// `Location.status`
    code LocationStatus { Active = "active", Suspended = "suspended", Inactive = "inactive" }
}

fhir! {
    /// `MedicationRequest.intent`
    code MedicationRequestIntent {
        Proposal = "proposal", Plan = "plan", Order = "order", OriginalOrder = "original-order",
        ReflexOrder = "reflex-order", FillerOrder = "filler-order", InstanceOrder = "instance-order",
        Option = "option",
    }
}

fhir! {
    /// `MedicationRequest.status`
    code MedicationRequestStatus {
        Active = "active", OnHold = "on-hold", Cancelled = "cancelled", Completed = "completed",
        EnteredInError = "entered-in-error", Stopped = "stopped", Draft = "draft", Unknown = "unknown",
    }
}

fhir! {
    /// `Observation.status`
    code ObservationStatus {
        Registered = "registered", Preliminary = "preliminary", Final = "final", Amended = "amended",
        Corrected = "corrected", Cancelled = "cancelled", EnteredInError = "entered-in-error", Unknown = "unknown",
    }
}

fhir! {
    /// `Appointment.participant.required`
    code ParticipantRequired { Required = "required", Optional = "optional", InformationOnly = "information-only" }
}

fhir! {
    /// `Appointment.participant.status`
    code ParticipationStatus {
        Accepted = "accepted", Declined = "declined", Tentative = "tentative", NeedsAction = "needs-action",
    }
}

fhir! {
    /// `Procedure.status`
    code ProcedureStatus {
        Preparation = "preparation", InProgress = "in-progress", NotDone = "not-done", OnHold = "on-hold",
        Stopped = "stopped", Completed = "completed", EnteredInError = "entered-in-error", Unknown = "unknown",
    }
}

fhir! {
    /// `Provenance.entity.role`
    code ProvenanceEntityRole {
        Derivation = "derivation", Revision = "revision", Quotation = "quotation", Source = "source",
        Removal = "removal",
    }
}

fhir! {
    /// `ServiceRequest.intent`
    code RequestIntent {
        Proposal = "proposal", Plan = "plan", Directive = "directive", Order = "order",
        OriginalOrder = "original-order", ReflexOrder = "reflex-order", FillerOrder = "filler-order",
        InstanceOrder = "instance-order", Option = "option",
    }
}

fhir! {
    /// `ServiceRequest.priority`, `MedicationRequest.priority`
    code RequestPriority { Routine = "routine", Urgent = "urgent", Asap = "asap", Stat = "stat" }
}

fhir! {
    /// `ServiceRequest.status`
    code RequestStatus {
        Draft = "draft", Active = "active", OnHold = "on-hold", Revoked = "revoked", Completed = "completed",
        EnteredInError = "entered-in-error", Unknown = "unknown",
    }
}

fhir! {
    /// `MessageHeader.response.code`
    code ResponseType { Ok = "ok", TransientError = "transient-error", FatalError = "fatal-error" }
}

fhir! {
    /// `Specimen.status`
    code SpecimenStatus {
        Available = "available", Unavailable = "unavailable", Unsatisfactory = "unsatisfactory",
        EnteredInError = "entered-in-error",
    }
}
