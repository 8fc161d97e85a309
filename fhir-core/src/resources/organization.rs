//! Organisations, places and services.

use super::{EndpointStatus, LocationMode, LocationStatus};
use crate::define::fhir;
use crate::types::{
    Address, Attachment, CodeableConcept, Coding, ContactPoint, DayOfWeek, Decimal, HumanName, Identifier,
    Period, Reference, Time,
};

fhir! {
    /// An organisation.
    resource Organization {
        identifier: Vec<Identifier> = "identifier",
        active: Option<bool> = "active",
        r#type: Vec<CodeableConcept> = "type",
        name: Option<String> = "name",
        alias: Vec<String> = "alias",
        telecom: Vec<ContactPoint> = "telecom",
        address: Vec<Address> = "address",
        part_of: Option<Reference> = "partOf",
        contact: Vec<OrganizationContact> = "contact",
        endpoint: Vec<Reference> = "endpoint",
    }
}

fhir! {
    /// `Organization.contact`
    part OrganizationContact {
        purpose: Option<CodeableConcept> = "purpose",
        name: Option<HumanName> = "name",
        telecom: Vec<ContactPoint> = "telecom",
        address: Option<Address> = "address",
    }
}

fhir! {
    /// A place.
    resource Location {
        identifier: Vec<Identifier> = "identifier",
        status: Option<LocationStatus> = "status",
        operational_status: Option<Coding> = "operationalStatus",
        name: Option<String> = "name",
        alias: Vec<String> = "alias",
        description: Option<String> = "description",
        mode: Option<LocationMode> = "mode",
        r#type: Vec<CodeableConcept> = "type",
        telecom: Vec<ContactPoint> = "telecom",
        address: Option<Address> = "address",
        physical_type: Option<CodeableConcept> = "physicalType",
        position: Option<LocationPosition> = "position",
        managing_organization: Option<Reference> = "managingOrganization",
        part_of: Option<Reference> = "partOf",
        hours_of_operation: Vec<LocationHoursOfOperation> = "hoursOfOperation",
        availability_exceptions: Option<String> = "availabilityExceptions",
        endpoint: Vec<Reference> = "endpoint",
    }
}

fhir! {
    /// `Location.position`
    part LocationPosition {
        longitude: Option<Decimal> = "longitude",
        latitude: Option<Decimal> = "latitude",
        altitude: Option<Decimal> = "altitude",
    }
}

fhir! {
    /// `Location.hoursOfOperation`
    part LocationHoursOfOperation {
        days_of_week: Vec<DayOfWeek> = "daysOfWeek",
        all_day: Option<bool> = "allDay",
        opening_time: Option<Time> = "openingTime",
        closing_time: Option<Time> = "closingTime",
    }
}

fhir! {
    /// A service that an organisation offers at a place.
    resource HealthcareService {
        identifier: Vec<Identifier> = "identifier",
        active: Option<bool> = "active",
        provided_by: Option<Reference> = "providedBy",
        category: Vec<CodeableConcept> = "category",
        r#type: Vec<CodeableConcept> = "type",
        specialty: Vec<CodeableConcept> = "specialty",
        location: Vec<Reference> = "location",
        name: Option<String> = "name",
        comment: Option<String> = "comment",
        extra_details: Option<String> = "extraDetails",
        photo: Option<Attachment> = "photo",
        telecom: Vec<ContactPoint> = "telecom",
        coverage_area: Vec<Reference> = "coverageArea",
        service_provision_code: Vec<CodeableConcept> = "serviceProvisionCode",
        eligibility: Vec<HealthcareServiceEligibility> = "eligibility",
        program: Vec<CodeableConcept> = "program",
        characteristic: Vec<CodeableConcept> = "characteristic",
        communication: Vec<CodeableConcept> = "communication",
        referral_method: Vec<CodeableConcept> = "referralMethod",
        appointment_required: Option<bool> = "appointmentRequired",
        available_time: Vec<HealthcareServiceAvailableTime> = "availableTime",
        not_available: Vec<HealthcareServiceNotAvailable> = "notAvailable",
        availability_exceptions: Option<String> = "availabilityExceptions",
        endpoint: Vec<Reference> = "endpoint",
    }
}

fhir! {
    /// `HealthcareService.eligibility`
    part HealthcareServiceEligibility {
        code: Option<CodeableConcept> = "code",
        comment: Option<String> = "comment",
    }
}

fhir! {
    /// `HealthcareService.availableTime`
    part HealthcareServiceAvailableTime {
        days_of_week: Vec<DayOfWeek> = "daysOfWeek",
        all_day: Option<bool> = "allDay",
        available_start_time: Option<Time> = "availableStartTime",
        available_end_time: Option<Time> = "availableEndTime",
    }
}

fhir! {
    /// `HealthcareService.notAvailable`
    part HealthcareServiceNotAvailable {
        description: Option<String> = "description",
        during: Option<Period> = "during",
    }
}

fhir! {
    /// Where and how a system is reached.
    resource Endpoint {
        identifier: Vec<Identifier> = "identifier",
        status: Option<EndpointStatus> = "status",
        connection_type: Option<Coding> = "connectionType",
        name: Option<String> = "name",
        managing_organization: Option<Reference> = "managingOrganization",
        contact: Vec<ContactPoint> = "contact",
        period: Option<Period> = "period",
        payload_type: Vec<CodeableConcept> = "payloadType",
        payload_mime_type: Vec<String> = "payloadMimeType",
        address: Option<String> = "address",
        header: Vec<String> = "header",
    }
}
