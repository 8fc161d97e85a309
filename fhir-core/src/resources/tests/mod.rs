pub(crate) mod definitions;
mod every;
mod lossless;

pub(crate) use lossless::Maker;

use super::*;
use crate::types::{
    Coding, DateTime, Extension, ExtensionValue, HumanName, Meta, PrimitiveExtension, Reference, ToJson,
};

#[test]
fn a_resource_is_written_in_the_order_of_the_specification() {
    let patient = Patient {
        id: Some("p1".into()),
        meta: Some(Meta { source: Some("urn:x".into()), ..Meta::default() }),
        name: vec![HumanName { family: Some("Chalmers".into()), ..HumanName::default() }],
        birth_date_element: PrimitiveExtension(vec![Extension::new(
            "http://hl7.org/fhir/StructureDefinition/patient-birthTime",
            ExtensionValue::DateTime(DateTime::parse("1974-12-25T14:35:45-05:00").unwrap()),
        )]),
        deceased: Some(PatientDeceased::Boolean(false)),
        ..Patient::default()
    };
    assert_eq!(
        patient.into_resource().to_json(),
        concat!(
            r#"{"resourceType":"Patient","id":"p1","meta":{"source":"urn:x"},"name":[{"family":"Chalmers"}],"#,
            r#""_birthDate":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-birthTime","#,
            r#""valueDateTime":"1974-12-25T14:35:45-05:00"}]},"deceasedBoolean":false}"#,
        )
    );
}

#[test]
fn an_empty_resource_is_its_type_alone() {
    assert_eq!(Encounter::default().into_resource().to_json(), r#"{"resourceType":"Encounter"}"#);
    assert_eq!(Encounter::TYPE, "Encounter");
}

#[test]
fn contained_resources_keep_their_type() {
    let device = Device { id: Some("d".into()), ..Device::default() };
    let observation = Observation {
        contained: vec![device.into_resource()],
        device: Some(Reference::to("#d")),
        ..Observation::default()
    };
    assert_eq!(
        observation.to_value().to_json(),
        r##"{"resourceType":"Observation","contained":[{"resourceType":"Device","id":"d"}],"device":{"reference":"#d"}}"##
    );
}

#[test]
fn choices_and_codes_take_their_json_names() {
    let encounter = Encounter {
        status: Some(EncounterStatus::InProgress),
        class: Some(Coding::new("http://terminology.hl7.org/CodeSystem/v3-ActCode", "IMP")),
        ..Encounter::default()
    };
    assert_eq!(encounter.into_resource().value().str("status"), Some("in-progress"));
    let immunization = Immunization {
        protocol_applied: vec![ProtocolApplied {
            dose_number: Some(DoseNumber::PositiveInt(2)),
            ..ProtocolApplied::default()
        }],
        ..Immunization::default()
    };
    assert!(
        immunization.into_resource().to_json().contains(r#""protocolApplied":[{"doseNumberPositiveInt":2}]"#)
    );
}
