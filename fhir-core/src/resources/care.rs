//! Care teams and devices.

use super::{CareTeamStatus, DeviceNameType, DeviceStatus};
use crate::define::fhir;
use crate::types::{
    Annotation, CodeableConcept, ContactPoint, DateTime, Identifier, Period, PrimitiveExtension, Reference,
};

fhir! {
    /// The people and organisations that care for a patient together.
    resource CareTeam {
        identifier: Vec<Identifier> = "identifier",
        status: Option<CareTeamStatus> = "status",
        category: Vec<CodeableConcept> = "category",
        name: Option<String> = "name",
        subject: Option<Reference> = "subject",
        encounter: Option<Reference> = "encounter",
        period: Option<Period> = "period",
        participant: Vec<CareTeamParticipant> = "participant",
        reason_code: Vec<CodeableConcept> = "reasonCode",
        managing_organization: Vec<Reference> = "managingOrganization",
        telecom: Vec<ContactPoint> = "telecom",
        note: Vec<Annotation> = "note",
    }
}

fhir! {
    /// `CareTeam.participant`
    element CareTeamParticipant {
        role: Vec<CodeableConcept> = "role",
        member: Option<Reference> = "member",
        on_behalf_of: Option<Reference> = "onBehalfOf",
        period: Option<Period> = "period",
    }
}

fhir! {
    /// A thing, or a program, that is used in care.
    resource Device {
        identifier: Vec<Identifier> = "identifier",
        udi_carrier: Vec<UdiCarrier> = "udiCarrier",
        status: Option<DeviceStatus> = "status",
        distinct_identifier: Option<String> = "distinctIdentifier",
        manufacturer: Option<String> = "manufacturer",
        manufacture_date: Option<DateTime> = "manufactureDate",
        expiration_date: Option<DateTime> = "expirationDate",
        lot_number: Option<String> = "lotNumber",
        serial_number: Option<String> = "serialNumber",
        device_name: Vec<DeviceName> = "deviceName",
        model_number: Option<String> = "modelNumber",
        part_number: Option<String> = "partNumber",
        r#type: Option<CodeableConcept> = "type",
        version: Vec<DeviceVersion> = "version",
        patient: Option<Reference> = "patient",
        owner: Option<Reference> = "owner",
        location: Option<Reference> = "location",
        note: Vec<Annotation> = "note",
    }
}

fhir! {
    /// `Device.udiCarrier`
    element UdiCarrier {
        device_identifier: Option<String> = "deviceIdentifier",
        issuer: Option<String> = "issuer",
        jurisdiction: Option<String> = "jurisdiction",
        carrier_aidc: Option<String> = "carrierAIDC",
        carrier_hrf: Option<String> = "carrierHRF",
    }
}

fhir! {
    /// `Device.deviceName`
    element DeviceName { name: Option<String> = "name", r#type: Option<DeviceNameType> = "type" }
}

fhir! {
    /// `Device.version`
    element DeviceVersion {
        r#type: Option<CodeableConcept> = "type",
        component: Option<Identifier> = "component",
        value: Option<String> = "value",
        value_element: PrimitiveExtension = "_value",
    }
}
