//! Codes with required bindings that resources use, G to U.

use crate::define::fhir;

fhir! {
    /// `Group.type`
    code GroupType {
        Person = "person", Animal = "animal", Practitioner = "practitioner", Device = "device",
        Medication = "medication", Substance = "substance",
    }
}

fhir! {
    /// `Person.link.assurance`
    code IdentityAssuranceLevel { Level1 = "level1", Level2 = "level2", Level3 = "level3", Level4 = "level4" }
}

fhir! {
    /// `ImagingStudy.status`
    code ImagingStudyStatus {
        Registered = "registered", Available = "available", Cancelled = "cancelled",
        EnteredInError = "entered-in-error", Unknown = "unknown",
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
    /// `Linkage.item.type`
    code LinkageType { Source = "source", Alternate = "alternate", Historical = "historical" }
}

fhir! {
    /// `List.mode`, `Composition.section.mode`
    code ListMode { Working = "working", Snapshot = "snapshot", Changes = "changes" }
}

fhir! {
    /// `List.status`
    code ListStatus { Current = "current", Retired = "retired", EnteredInError = "entered-in-error" }
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
    /// `MedicationAdministration.status`
    code MedicationAdministrationStatus {
        InProgress = "in-progress", NotDone = "not-done", OnHold = "on-hold", Completed = "completed",
        EnteredInError = "entered-in-error", Stopped = "stopped", Unknown = "unknown",
    }
}

fhir! {
    /// `MedicationDispense.status`
    code MedicationDispenseStatus {
        Preparation = "preparation", InProgress = "in-progress", Cancelled = "cancelled", OnHold = "on-hold",
        Completed = "completed", EnteredInError = "entered-in-error", Stopped = "stopped", Declined = "declined",
        Unknown = "unknown",
    }
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
    /// `MedicationStatement.status`
    code MedicationStatementStatus {
        Active = "active", Completed = "completed", EnteredInError = "entered-in-error", Intended = "intended",
        Stopped = "stopped", OnHold = "on-hold", Unknown = "unknown", NotTaken = "not-taken",
    }
}

fhir! {
    /// `Medication.status`
    code MedicationStatus { Active = "active", Inactive = "inactive", EnteredInError = "entered-in-error" }
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
    /// `Procedure.status`, `Media.status`, `Communication.status`
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
    /// `InsurancePlan.status`, `Questionnaire.status`
    code PublicationStatus { Draft = "draft", Active = "active", Retired = "retired", Unknown = "unknown" }
}

fhir! {
    /// `Questionnaire.item.enableWhen.operator`
    code QuestionnaireItemOperator {
        Exists = "exists", Equals = "=", NotEquals = "!=", GreaterThan = ">", LessThan = "<", GreaterOrEquals = ">=",
        LessOrEquals = "<=",
    }
}

fhir! {
    /// `Questionnaire.item.type`
    code QuestionnaireItemType {
        Group = "group", Display = "display", Question = "question", Boolean = "boolean", Decimal = "decimal",
        Integer = "integer", Date = "date", DateTime = "dateTime", Time = "time", String = "string", Text = "text",
        Url = "url", Choice = "choice", OpenChoice = "open-choice", Attachment = "attachment",
        Reference = "reference", Quantity = "quantity",
    }
}

fhir! {
    /// `QuestionnaireResponse.status`
    code QuestionnaireResponseStatus {
        InProgress = "in-progress", Completed = "completed", Amended = "amended",
        EnteredInError = "entered-in-error", Stopped = "stopped",
    }
}

fhir! {
    /// `NutritionOrder.intent`, `DeviceRequest.intent`, `ServiceRequest.intent`
    code RequestIntent {
        Proposal = "proposal", Plan = "plan", Directive = "directive", Order = "order",
        OriginalOrder = "original-order", ReflexOrder = "reflex-order", FillerOrder = "filler-order",
        InstanceOrder = "instance-order", Option = "option",
    }
}

fhir! {
    /// `DeviceRequest.priority`, `ServiceRequest.priority`, `MedicationRequest.priority` and others
    code RequestPriority { Routine = "routine", Urgent = "urgent", Asap = "asap", Stat = "stat" }
}

fhir! {
    /// `CarePlan.status`, `NutritionOrder.status`, `DeviceRequest.status` and others
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
    /// `Slot.status`
    code SlotStatus {
        Busy = "busy", Free = "free", BusyUnavailable = "busy-unavailable", BusyTentative = "busy-tentative",
        EnteredInError = "entered-in-error",
    }
}

fhir! {
    /// `Specimen.status`
    code SpecimenStatus {
        Available = "available", Unavailable = "unavailable", Unsatisfactory = "unsatisfactory",
        EnteredInError = "entered-in-error",
    }
}

fhir! {
    /// `Subscription.channel.type`
    code SubscriptionChannelType {
        RestHook = "rest-hook", Websocket = "websocket", Email = "email", Sms = "sms", Message = "message",
    }
}

fhir! {
    /// `Subscription.status`
    code SubscriptionStatus { Requested = "requested", Active = "active", Error = "error", Off = "off" }
}

fhir! {
    /// `Substance.status`
    code SubstanceStatus { Active = "active", Inactive = "inactive", EnteredInError = "entered-in-error" }
}

fhir! {
    /// `SupplyRequest.status`
    code SupplyRequestStatus {
        Draft = "draft", Active = "active", Suspended = "suspended", Cancelled = "cancelled",
        Completed = "completed", EnteredInError = "entered-in-error", Unknown = "unknown",
    }
}

fhir! {
    /// `Task.intent`
    code TaskIntent {
        Unknown = "unknown", Proposal = "proposal", Plan = "plan", Order = "order", OriginalOrder = "original-order",
        ReflexOrder = "reflex-order", FillerOrder = "filler-order", InstanceOrder = "instance-order",
        Option = "option",
    }
}

fhir! {
    /// `Task.status`
    code TaskStatus {
        Draft = "draft", Requested = "requested", Received = "received", Accepted = "accepted",
        Rejected = "rejected", Ready = "ready", Cancelled = "cancelled", InProgress = "in-progress",
        OnHold = "on-hold", Failed = "failed", Completed = "completed", EnteredInError = "entered-in-error",
    }
}

fhir! {
    /// `Device.udiCarrier.entryType`
    code UdiEntryType {
        Barcode = "barcode", Rfid = "rfid", Manual = "manual", Card = "card", SelfReported = "self-reported",
        Unknown = "unknown",
    }
}
