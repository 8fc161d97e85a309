//! Codes with required bindings that resources use, A to G.

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
    /// `AuditEvent.action`
    code AuditEventAction { Create = "C", Read = "R", Update = "U", Delete = "D", Execute = "E" }
}

fhir! {
    /// `AuditEvent.agent.network.type`
    code AuditEventAgentNetworkType {
        MachineName = "1", IpAddress = "2", TelephoneNumber = "3", EmailAddress = "4", Uri = "5",
    }
}

fhir! {
    /// `AuditEvent.outcome`
    code AuditEventOutcome { Success = "0", MinorFailure = "4", SeriousFailure = "8", MajorFailure = "12" }
}

fhir! {
    /// `CarePlan.activity.detail.kind`
    code CarePlanActivityKind {
        Appointment = "Appointment", CommunicationRequest = "CommunicationRequest", DeviceRequest = "DeviceRequest",
        MedicationRequest = "MedicationRequest", NutritionOrder = "NutritionOrder", Task = "Task",
        ServiceRequest = "ServiceRequest", VisionPrescription = "VisionPrescription",
    }
}

fhir! {
    /// `CarePlan.activity.detail.status`
    code CarePlanActivityStatus {
        NotStarted = "not-started", Scheduled = "scheduled", InProgress = "in-progress", OnHold = "on-hold",
        Completed = "completed", Cancelled = "cancelled", Stopped = "stopped", Unknown = "unknown",
        EnteredInError = "entered-in-error",
    }
}

fhir! {
    /// `CarePlan.intent`
    code CarePlanIntent { Proposal = "proposal", Plan = "plan", Order = "order", Option = "option" }
}

fhir! {
    /// `CareTeam.status`
    code CareTeamStatus {
        Proposed = "proposed", Active = "active", Suspended = "suspended", Inactive = "inactive",
        EnteredInError = "entered-in-error",
    }
}

fhir! {
    /// `Composition.attester.mode`
    code CompositionAttestationMode {
        Personal = "personal", Professional = "professional", Legal = "legal", Official = "official",
    }
}

fhir! {
    /// `DocumentReference.docStatus`, `Composition.status`
    code CompositionStatus {
        Preliminary = "preliminary", Final = "final", Amended = "amended", EnteredInError = "entered-in-error",
    }
}

fhir! {
    /// `Composition.confidentiality`
    code Confidentiality {
        Unrestricted = "U", Low = "L", Moderate = "M", Normal = "N", Restricted = "R", VeryRestricted = "V",
    }
}

fhir! {
    /// `Consent.provision.data.meaning`
    code ConsentDataMeaning {
        Instance = "instance", Related = "related", Dependents = "dependents", Authoredby = "authoredby",
    }
}

fhir! {
    /// `Consent.provision.type`
    code ConsentProvisionType { Deny = "deny", Permit = "permit" }
}

fhir! {
    /// `Consent.status`
    code ConsentStatus {
        Draft = "draft", Proposed = "proposed", Active = "active", Rejected = "rejected", Inactive = "inactive",
        EnteredInError = "entered-in-error",
    }
}

fhir! {
    /// `Coverage.status`
    code CoverageStatus {
        Active = "active", Cancelled = "cancelled", Draft = "draft", EnteredInError = "entered-in-error",
    }
}

fhir! {
    /// `DeviceMetric.calibration.state`
    code DeviceMetricCalibrationState {
        NotCalibrated = "not-calibrated", CalibrationRequired = "calibration-required", Calibrated = "calibrated",
        Unspecified = "unspecified",
    }
}

fhir! {
    /// `DeviceMetric.calibration.type`
    code DeviceMetricCalibrationType {
        Unspecified = "unspecified", Offset = "offset", Gain = "gain", TwoPoint = "two-point",
    }
}

fhir! {
    /// `DeviceMetric.category`
    code DeviceMetricCategory {
        Measurement = "measurement", Setting = "setting", Calculation = "calculation", Unspecified = "unspecified",
    }
}

fhir! {
    /// `DeviceMetric.color`
    code DeviceMetricColor {
        Black = "black", Red = "red", Green = "green", Yellow = "yellow", Blue = "blue", Magenta = "magenta",
        Cyan = "cyan", White = "white",
    }
}

fhir! {
    /// `DeviceMetric.operationalStatus`
    code DeviceMetricOperationalStatus {
        On = "on", Off = "off", Standby = "standby", EnteredInError = "entered-in-error",
    }
}

fhir! {
    /// `Device.deviceName.type`, `DeviceDefinition.deviceName.type`
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
    /// `DeviceUseStatement.status`
    code DeviceUseStatementStatus {
        Active = "active", Completed = "completed", EnteredInError = "entered-in-error", Intended = "intended",
        Stopped = "stopped", OnHold = "on-hold",
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
    /// `DocumentReference.relatesTo.code`, `Composition.relatesTo.code`
    code DocumentRelationship {
        Replaces = "replaces", Transforms = "transforms", Signs = "signs", Appends = "appends",
    }
}

fhir! {
    /// `Questionnaire.item.enableBehavior`
    code EnableWhenBehavior { All = "all", Any = "any" }
}

fhir! {
    /// `Encounter.location.status`
    code EncounterLocationStatus {
        Planned = "planned", Active = "active", Reserved = "reserved", Completed = "completed",
    }
}

fhir! {
    /// `Encounter.status`, `Encounter.statusHistory.status`
    code EncounterStatus {
        Planned = "planned", Arrived = "arrived", Triaged = "triaged", InProgress = "in-progress", OnLeave = "onleave",
        Finished = "finished", Cancelled = "cancelled", EnteredInError = "entered-in-error", Unknown = "unknown",
    }
}

fhir! {
    /// `Endpoint.status`
    code EndpointStatus {
        Active = "active", Suspended = "suspended", Error = "error", Off = "off",
        EnteredInError = "entered-in-error", Test = "test",
    }
}

fhir! {
    /// `EpisodeOfCare.status`, `EpisodeOfCare.statusHistory.status`
    code EpisodeOfCareStatus {
        Planned = "planned", Waitlist = "waitlist", Active = "active", OnHold = "onhold", Finished = "finished",
        Cancelled = "cancelled", EnteredInError = "entered-in-error",
    }
}

fhir! {
    /// `FamilyMemberHistory.status`
    code FamilyHistoryStatus {
        Partial = "partial", Completed = "completed", EnteredInError = "entered-in-error",
        HealthUnknown = "health-unknown",
    }
}

fhir! {
    /// `Flag.status`
    code FlagStatus { Active = "active", Inactive = "inactive", EnteredInError = "entered-in-error" }
}

fhir! {
    /// `Goal.lifecycleStatus`
    code GoalLifecycleStatus {
        Proposed = "proposed", Planned = "planned", Accepted = "accepted", Active = "active", OnHold = "on-hold",
        Completed = "completed", Cancelled = "cancelled", EnteredInError = "entered-in-error", Rejected = "rejected",
    }
}
