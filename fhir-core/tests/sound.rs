//! Resources built from the structs, with any content that fits: they have no faults but those that were put in.
#![expect(clippy::unwrap_used, reason = "helpers of tests")]

use carewire_fhir_core::resources::{
    Encounter, EncounterParticipant, EncounterStatus, Observation, ObservationComponent, ObservationStatus,
    ObservationValue, Patient, PatientContact, ReferenceRange,
};
use carewire_fhir_core::types::{
    AdministrativeGender, CodeableConcept, Coding, ContactPoint, ContactPointSystem, Date, DateTime, Decimal,
    HumanName, Identifier, NameUse, Period, Quantity, Reference, TypedResource,
};
use carewire_fhir_core::{Resource, Severity, ValidateOptions, validate, validate_json, validate_with};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

/// What is put in, the code of its issue and where it is found; of each type the first is nothing.
type Flaw<T> = (fn(&mut T), &'static str, &'static str);

const OF_PATIENT: &[Flaw<Patient>] = &[
    (|_| {}, "", ""),
    (|patient| patient.id = Some("a_b".into()), "value", "Patient.id"),
    (|patient| patient.identifier = vec![reversed()], "invariant", "Patient.identifier[0].period"),
    (|patient| patient.contact = vec![nobody()], "invariant", "Patient.contact[0]"),
    (|patient| patient.telecom = vec![no_system()], "invariant", "Patient.telecom[0]"),
    (
        |patient| patient.managing_organization = Some(Reference::to("Patient/1")),
        "value",
        "Patient.managingOrganization",
    ),
    (
        |patient| patient.general_practitioner = vec![Reference::to("#gone")],
        "invariant",
        "Patient.generalPractitioner[0].reference",
    ),
];

const OF_OBSERVATION: &[Flaw<Observation>] = &[
    (|_| {}, "", ""),
    (|observation| observation.status = None, "required", "Observation.status"),
    (|observation| observation.code = None, "required", "Observation.code"),
    (
        |observation| {
            observation.value = Some(ObservationValue::Boolean(true));
            observation.data_absent_reason = Some(Coding::new("urn:x", "unknown").into());
        },
        "invariant",
        "Observation",
    ),
    (
        |observation| observation.value = Some(ObservationValue::Quantity(no_unit_system())),
        "invariant",
        "Observation.valueQuantity",
    ),
    (
        |observation| observation.reference_range = vec![no_range()],
        "invariant",
        "Observation.referenceRange[0]",
    ),
    (
        |observation| observation.subject = Some(Reference::to("Nothing/1")),
        "value",
        "Observation.subject.reference",
    ),
];

const OF_ENCOUNTER: &[Flaw<Encounter>] = &[
    (|_| {}, "", ""),
    (|encounter| encounter.status = None, "required", "Encounter.status"),
    (|encounter| encounter.class = None, "required", "Encounter.class"),
    (|encounter| encounter.period = reversed().period, "invariant", "Encounter.period"),
    (|encounter| encounter.subject = Some(Reference::to("Location/1")), "value", "Encounter.subject"),
];

fn reversed() -> Identifier {
    let day = |text| Some(DateTime::parse(text).unwrap());
    let period = Period { start: day("2024-02-01"), end: day("2024-01-31"), ..Period::default() };
    Identifier { period: Some(period), ..Identifier::default() }
}

fn nobody() -> PatientContact {
    PatientContact { gender: Some(AdministrativeGender::Other), ..PatientContact::default() }
}

fn no_system() -> ContactPoint {
    ContactPoint { value: Some("1".into()), ..ContactPoint::default() }
}

fn no_unit_system() -> Quantity {
    Quantity { code: Some("mg".into()), ..Quantity::default() }
}

fn no_range() -> ReferenceRange {
    ReferenceRange { applies_to: vec![Coding::new("urn:x", "y").into()], ..ReferenceRange::default() }
}

fn text() -> impl Strategy<Value = String> {
    "[A-Za-z0-9\u{e4}\u{4e2d}\u{1f600}\"\\\\<&.,-][ A-Za-z0-9\u{df}\n\t-]{0,12}"
}

fn system() -> impl Strategy<Value = String> {
    "(https?://[a-z]{1,8}\\.example/[a-z]{0,8}|urn:oid:2\\.16(\\.[1-9][0-9]{0,4}){1,4})"
}

fn coding() -> impl Strategy<Value = Coding> {
    let display = of(text());
    (system(), "[A-Za-z0-9.-]{1,8}( [a-z]{1,4})?", display)
        .prop_map(|(system, code, display)| Coding { display, ..Coding::new(system, code) })
}

fn concept() -> impl Strategy<Value = CodeableConcept> {
    (vec(coding(), 1..3), of(text())).prop_map(|(coding, text)| CodeableConcept {
        coding,
        text,
        ..CodeableConcept::default()
    })
}

fn decimal() -> impl Strategy<Value = Decimal> {
    "-?(0|[1-9][0-9]{0,9})(\\.[0-9]{1,9})?([eE][+-]?[0-9]{1,2})?"
        .prop_map(|text| Decimal::parse(&text).unwrap())
}

fn quantity() -> impl Strategy<Value = Quantity> {
    let unit = select(vec!["mg/dL", "mm[Hg]", "10*3/uL", "{score}", "Cel", "%"]);
    (decimal(), of(unit)).prop_map(|(value, unit)| Quantity {
        value: Some(value),
        unit: unit.map(str::to_owned),
        system: unit.map(|_| "http://unitsofmeasure.org".to_owned()),
        code: unit.map(str::to_owned),
        ..Quantity::default()
    })
}

/// A moment of a year, of any precision.
fn moment(years: std::ops::Range<u32>) -> impl Strategy<Value = DateTime> {
    let time = "T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])";
    (years, 1..=12_u32, 1..=28_u32, 0..4_u8, time).prop_map(|(year, month, day, precision, time)| {
        let text = match precision {
            0 => format!("{year:04}"),
            1 => format!("{year:04}-{month:02}"),
            2 => format!("{year:04}-{month:02}-{day:02}"),
            _ => format!("{year:04}-{month:02}-{day:02}{time}"),
        };
        DateTime::parse(&text).unwrap()
    })
}

fn period() -> impl Strategy<Value = Period> {
    let ends = (of(moment(1..1990)), of(moment(1992..9999)));
    ends.prop_map(|(start, end)| Period { start, end, ..Period::default() })
}

fn reference(types: &'static [&'static str]) -> impl Strategy<Value = Reference> {
    let id = "[A-Za-z0-9.-]{1,64}";
    (select(types), select(vec!["", "https://a.example/fhir/"]), id)
        .prop_map(|(name, base, id)| Reference::to(format!("{base}{name}/{id}")))
}

fn identifier() -> impl Strategy<Value = Identifier> {
    (of(system()), text(), of(period())).prop_map(|(system, value, period)| Identifier {
        system,
        value: Some(value),
        period,
        ..Identifier::default()
    })
}

fn name() -> impl Strategy<Value = HumanName> {
    (select(NameUse::ALL), text(), vec(text(), 0..3)).prop_map(|(r#use, family, given)| HumanName {
        r#use: Some(r#use),
        family: Some(family),
        given,
        ..HumanName::default()
    })
}

fn telecom() -> impl Strategy<Value = ContactPoint> {
    (select(ContactPointSystem::ALL), text(), of(1..u32::from(u16::MAX))).prop_map(|(system, value, rank)| {
        ContactPoint { system: Some(system), value: Some(value), rank, ..ContactPoint::default() }
    })
}

fn patient() -> impl Strategy<Value = Patient> {
    let birth = of((1..9999_u32, 1..=12_u32)
        .prop_map(|(year, month)| Date::parse(&format!("{year:04}-{month:02}")).unwrap()));
    let contact = name().prop_map(|name| PatientContact { name: Some(name), ..PatientContact::default() });
    let parts = (
        "[A-Za-z0-9.-]{1,64}",
        vec(identifier(), 0..3),
        of(any::<bool>()),
        vec(name(), 0..3),
        vec(telecom(), 0..3),
        of(select(AdministrativeGender::ALL)),
        birth,
        vec(contact, 0..2),
        vec(reference(&["Practitioner", "Organization"]), 0..2),
    );
    parts.prop_map(
        |(id, identifier, active, name, telecom, gender, birth_date, contact, general_practitioner)| {
            Patient {
                id: Some(id),
                identifier,
                active,
                name,
                telecom,
                gender,
                birth_date,
                contact,
                general_practitioner,
                ..Patient::default()
            }
        },
    )
}

fn value() -> impl Strategy<Value = ObservationValue> {
    prop_oneof![
        quantity().prop_map(ObservationValue::Quantity),
        concept().prop_map(ObservationValue::CodeableConcept),
        text().prop_map(ObservationValue::String),
        any::<bool>().prop_map(ObservationValue::Boolean),
        any::<i32>().prop_map(ObservationValue::Integer),
        moment(1..9999).prop_map(ObservationValue::DateTime),
        period().prop_map(ObservationValue::Period),
    ]
}

fn observation() -> impl Strategy<Value = Observation> {
    let component = (coding(), of(value())).prop_map(|(code, value)| {
        // obs-7: a component of the same code is not for an observation that has a value.
        let code = Coding::new("urn:component", code.code.unwrap());
        ObservationComponent { code: Some(code.into()), value, ..ObservationComponent::default() }
    });
    let range = quantity().prop_map(|low| ReferenceRange { low: Some(low), ..ReferenceRange::default() });
    let parts = (
        select(ObservationStatus::ALL),
        concept(),
        of(reference(&["Patient", "Group", "Device", "Location"])),
        of(moment(1..9999)),
        of(value()),
        vec(component, 0..3),
        vec(range, 0..2),
    );
    parts.prop_map(|(status, code, subject, effective, value, component, reference_range)| Observation {
        status: Some(status),
        code: Some(code),
        subject,
        effective: effective.map(Into::into),
        value,
        component,
        reference_range,
        ..Observation::default()
    })
}

fn encounter() -> impl Strategy<Value = Encounter> {
    let participant = (concept(), of(period()), reference(&["Practitioner", "RelatedPerson"])).prop_map(
        |(kind, period, individual)| EncounterParticipant {
            r#type: vec![kind],
            period,
            individual: Some(individual),
            ..EncounterParticipant::default()
        },
    );
    let parts = (
        vec(identifier(), 0..3),
        select(EncounterStatus::ALL),
        coding(),
        of(reference(&["Patient", "Group"])),
        of(period()),
        vec(concept(), 0..2),
        vec(participant, 0..3),
    );
    parts.prop_map(|(identifier, status, class, subject, period, reason_code, participant)| Encounter {
        identifier,
        status: Some(status),
        class: Some(class),
        subject,
        period,
        reason_code,
        participant,
        ..Encounter::default()
    })
}

/// The codes and places of the errors, by default and with everything that can be asked for.
fn errors(resource: &Resource) -> Vec<(String, String)> {
    let options = ValidateOptions::default().with_warnings(true);
    let all = validate_with(resource, &options);
    assert_eq!(validate_json(resource.to_json().as_bytes(), &options), Ok(all.clone()));
    let errors = all.into_iter().filter(|issue| issue.severity == Severity::Error);
    let errors: Vec<_> = errors.map(|issue| (issue.code, issue.expression.concat())).collect();
    let plain = validate(resource).into_iter().map(|issue| (issue.code, issue.expression.concat()));
    assert_eq!(plain.collect::<Vec<_>>(), errors);
    errors
}

fn check<T: TypedResource>(mut resource: T, (put_in, code, place): Flaw<T>) -> Result<(), TestCaseError> {
    put_in(&mut resource);
    let expected: &[(&str, &str)] = if code.is_empty() { &[] } else { &[(code, place)] };
    let found = errors(&resource.to_resource());
    let found: Vec<_> = found.iter().map(|(code, place)| (code.as_str(), place.as_str())).collect();
    prop_assert_eq!(found, expected);
    Ok(())
}

proptest! {
    #[test]
    fn patients_have_the_faults_that_were_put_in(patient in patient(), flaw in select(OF_PATIENT)) {
        check(patient, flaw)?;
    }

    #[test]
    fn observations_have_the_faults_that_were_put_in(observation in observation(), flaw in select(OF_OBSERVATION)) {
        check(observation, flaw)?;
    }

    #[test]
    fn encounters_have_the_faults_that_were_put_in(encounter in encounter(), flaw in select(OF_ENCOUNTER)) {
        check(encounter, flaw)?;
    }
}
