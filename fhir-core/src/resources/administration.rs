//! People, organisations and places.

use super::{LinkType, LocationMode, LocationStatus};
use crate::define::fhir;
use crate::types::{
    Address, AdministrativeGender, Attachment, CodeableConcept, Coding, ContactPoint, Date, DateTime,
    HumanName, Identifier, Period, PrimitiveExtension, Reference,
};

fhir! {
    /// A person, or an animal, who gets care.
    resource Patient {
        identifier: Vec<Identifier> = "identifier",
        active: Option<bool> = "active",
        name: Vec<HumanName> = "name",
        telecom: Vec<ContactPoint> = "telecom",
        gender: Option<AdministrativeGender> = "gender",
        gender_element: PrimitiveExtension = "_gender",
        birth_date: Option<Date> = "birthDate",
        birth_date_element: PrimitiveExtension = "_birthDate",
        deceased: Option<PatientDeceased> = "deceased",
        address: Vec<Address> = "address",
        marital_status: Option<CodeableConcept> = "maritalStatus",
        multiple_birth: Option<PatientMultipleBirth> = "multipleBirth",
        photo: Vec<Attachment> = "photo",
        contact: Vec<PatientContact> = "contact",
        communication: Vec<Communication> = "communication",
        general_practitioner: Vec<Reference> = "generalPractitioner",
        managing_organization: Option<Reference> = "managingOrganization",
        link: Vec<PatientLink> = "link",
    }
}

fhir! {
    /// `Patient.deceased[x]`
    choice PatientDeceased { Boolean(bool), DateTime(DateTime) }
}

fhir! {
    /// `Patient.multipleBirth[x]`
    choice PatientMultipleBirth { Boolean(bool), Integer(i32) }
}

fhir! {
    /// `Patient.contact`
    element PatientContact {
        relationship: Vec<CodeableConcept> = "relationship",
        name: Option<HumanName> = "name",
        telecom: Vec<ContactPoint> = "telecom",
        address: Option<Address> = "address",
        gender: Option<AdministrativeGender> = "gender",
        organization: Option<Reference> = "organization",
        period: Option<Period> = "period",
    }
}

fhir! {
    /// A language that a person speaks: `Patient.communication`, `RelatedPerson.communication`.
    element Communication { language: Option<CodeableConcept> = "language", preferred: Option<bool> = "preferred" }
}

fhir! {
    /// `Patient.link`
    element PatientLink { other: Option<Reference> = "other", r#type: Option<LinkType> = "type" }
}

fhir! {
    /// A person who has to do with a patient.
    resource RelatedPerson {
        identifier: Vec<Identifier> = "identifier",
        active: Option<bool> = "active",
        patient: Option<Reference> = "patient",
        relationship: Vec<CodeableConcept> = "relationship",
        name: Vec<HumanName> = "name",
        telecom: Vec<ContactPoint> = "telecom",
        gender: Option<AdministrativeGender> = "gender",
        birth_date: Option<Date> = "birthDate",
        birth_date_element: PrimitiveExtension = "_birthDate",
        address: Vec<Address> = "address",
        period: Option<Period> = "period",
        communication: Vec<Communication> = "communication",
    }
}

fhir! {
    /// A person who gives care.
    resource Practitioner {
        identifier: Vec<Identifier> = "identifier",
        active: Option<bool> = "active",
        name: Vec<HumanName> = "name",
        telecom: Vec<ContactPoint> = "telecom",
        address: Vec<Address> = "address",
        gender: Option<AdministrativeGender> = "gender",
        birth_date: Option<Date> = "birthDate",
        qualification: Vec<Qualification> = "qualification",
        communication: Vec<CodeableConcept> = "communication",
    }
}

fhir! {
    /// `Practitioner.qualification`
    element Qualification {
        identifier: Vec<Identifier> = "identifier",
        code: Option<CodeableConcept> = "code",
        period: Option<Period> = "period",
        issuer: Option<Reference> = "issuer",
    }
}

fhir! {
    /// What a practitioner does, where and for whom.
    resource PractitionerRole {
        identifier: Vec<Identifier> = "identifier",
        active: Option<bool> = "active",
        period: Option<Period> = "period",
        practitioner: Option<Reference> = "practitioner",
        organization: Option<Reference> = "organization",
        code: Vec<CodeableConcept> = "code",
        specialty: Vec<CodeableConcept> = "specialty",
        location: Vec<Reference> = "location",
        telecom: Vec<ContactPoint> = "telecom",
    }
}

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
    }
}

fhir! {
    /// `Organization.contact`
    element OrganizationContact {
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
        managing_organization: Option<Reference> = "managingOrganization",
        part_of: Option<Reference> = "partOf",
    }
}
