//! People and groups of them.

use super::{GroupType, IdentityAssuranceLevel, LinkType};
use crate::define::fhir;
use crate::types::{
    Address, AdministrativeGender, Attachment, CodeableConcept, ContactPoint, Date, DateTime, DayOfWeek,
    HumanName, Identifier, Period, PrimitiveExtension, Quantity, Range, Reference, Time,
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
        communication: Vec<SpokenLanguage> = "communication",
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
    part PatientContact {
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
    /// `Patient.communication`
    part SpokenLanguage { language: Option<CodeableConcept> = "language", preferred: Option<bool> = "preferred" }
}

fhir! {
    /// `Patient.link`
    part PatientLink { other: Option<Reference> = "other", r#type: Option<LinkType> = "type" }
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
        photo: Vec<Attachment> = "photo",
        period: Option<Period> = "period",
        communication: Vec<SpokenLanguage> = "communication",
    }
}

fhir! {
    /// A person apart from any role in care.
    resource Person {
        identifier: Vec<Identifier> = "identifier",
        name: Vec<HumanName> = "name",
        telecom: Vec<ContactPoint> = "telecom",
        gender: Option<AdministrativeGender> = "gender",
        birth_date: Option<Date> = "birthDate",
        address: Vec<Address> = "address",
        photo: Option<Attachment> = "photo",
        managing_organization: Option<Reference> = "managingOrganization",
        active: Option<bool> = "active",
        link: Vec<PersonLink> = "link",
    }
}

fhir! {
    /// `Person.link`
    part PersonLink {
        target: Option<Reference> = "target",
        assurance: Option<IdentityAssuranceLevel> = "assurance",
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
        photo: Vec<Attachment> = "photo",
        qualification: Vec<Qualification> = "qualification",
        communication: Vec<CodeableConcept> = "communication",
    }
}

fhir! {
    /// `Practitioner.qualification`
    part Qualification {
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
        healthcare_service: Vec<Reference> = "healthcareService",
        telecom: Vec<ContactPoint> = "telecom",
        available_time: Vec<PractitionerRoleAvailableTime> = "availableTime",
        not_available: Vec<PractitionerRoleNotAvailable> = "notAvailable",
        availability_exceptions: Option<String> = "availabilityExceptions",
        endpoint: Vec<Reference> = "endpoint",
    }
}

fhir! {
    /// `PractitionerRole.availableTime`
    part PractitionerRoleAvailableTime {
        days_of_week: Vec<DayOfWeek> = "daysOfWeek",
        all_day: Option<bool> = "allDay",
        available_start_time: Option<Time> = "availableStartTime",
        available_end_time: Option<Time> = "availableEndTime",
    }
}

fhir! {
    /// `PractitionerRole.notAvailable`
    part PractitionerRoleNotAvailable {
        description: Option<String> = "description",
        during: Option<Period> = "during",
    }
}

fhir! {
    /// Patients, or other things, that are spoken of together.
    resource Group {
        identifier: Vec<Identifier> = "identifier",
        active: Option<bool> = "active",
        r#type: Option<GroupType> = "type",
        actual: Option<bool> = "actual",
        code: Option<CodeableConcept> = "code",
        name: Option<String> = "name",
        quantity: Option<u32> = "quantity",
        managing_entity: Option<Reference> = "managingEntity",
        characteristic: Vec<GroupCharacteristic> = "characteristic",
        member: Vec<GroupMember> = "member",
    }
}

fhir! {
    /// `Group.characteristic`
    part GroupCharacteristic {
        code: Option<CodeableConcept> = "code",
        value: Option<GroupCharacteristicValue> = "value",
        exclude: Option<bool> = "exclude",
        period: Option<Period> = "period",
    }
}

fhir! {
    /// `Group.characteristic.value[x]`
    choice GroupCharacteristicValue {
        CodeableConcept(CodeableConcept), Boolean(bool), Quantity(Quantity), Range(Box<Range>), Reference(Reference),
    }
}

fhir! {
    /// `Group.member`
    part GroupMember {
        entity: Option<Reference> = "entity",
        period: Option<Period> = "period",
        inactive: Option<bool> = "inactive",
    }
}
