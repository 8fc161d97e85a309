//! Resources made with the structs of the core go to the R4B types and back, equal but for the digits of decimals.
#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

use carewire_fhir_core::resources::*;
use carewire_fhir_core::types::*;
use carewire_fhir_sdk::{LossKind, from_r4b, to_r4b};

/// There and back: nothing is lost but digits, and the struct that comes back is the one that went.
fn survives<T: TypedResource + PartialEq>(made: &T, digits: &[&str]) {
    let converted = to_r4b(&made.to_resource()).unwrap();
    let lost: Vec<_> = converted.lost.iter().map(|loss| (loss.kind, loss.path.as_str())).collect();
    assert_eq!(lost, digits.iter().map(|path| (LossKind::Digits, *path)).collect::<Vec<_>>(), "{}", T::TYPE);
    let back = from_r4b(&converted.value).unwrap();
    let read = T::read_resource(&back).unwrap();
    assert_eq!(read.unread, Vec::<String>::new());
    if digits.is_empty() {
        assert!(read.value == *made, "{} is another one", T::TYPE);
    }
    assert!(made.to_resource().value().len() > 8, "{} is hardly filled", T::TYPE);
}

fn concept(system: &str, code: &str, text: &str) -> CodeableConcept {
    CodeableConcept::from(Coding::new(system, code).display(text)).text(text)
}

fn milligrams(value: &str) -> Quantity {
    Quantity::default()
        .value(Decimal::parse(value).unwrap())
        .unit("mg")
        .system("http://unitsofmeasure.org")
        .code("mg")
}

fn at(text: &str) -> DateTime {
    DateTime::parse(text).unwrap()
}

fn issued() -> Instant {
    Instant::parse("2024-03-01T10:20:30.125+01:00").unwrap()
}

fn narrative() -> Narrative {
    Narrative::default()
        .status(NarrativeStatus::Generated)
        .div(r#"<div xmlns="http://www.w3.org/1999/xhtml">A</div>"#)
}

#[test]
fn a_patient_survives() {
    let patient = Patient::default()
        .id("p1")
        .meta(
            Meta::default()
                .source("urn:x")
                .profile("http://example.org/StructureDefinition/p")
                .tag(Coding::new("urn:t", "a")),
        )
        .language("en")
        .text(narrative())
        .extension(Extension::new("urn:e", ExtensionValue::Quantity(milligrams("1.5"))))
        .identifier(
            Identifier::default()
                .r#use(IdentifierUse::Official)
                .r#type(concept("http://terminology.hl7.org/CodeSystem/v2-0203", "MR", "Record"))
                .system("urn:oid:1.2.3")
                .value("0017")
                .assigner(Box::new(Reference::to("Organization/o1").display("O"))),
        )
        .active(true)
        .name(
            HumanName::default()
                .r#use(NameUse::Official)
                .family("Chalmers")
                .given("Peter")
                .given("J")
                .prefix("Dr"),
        )
        .name(HumanName::default().r#use(NameUse::Nickname).given("Jim"))
        .telecom(ContactPoint::default().system(ContactPointSystem::Phone).value("+1 555 0100").rank(1_u32))
        .gender(AdministrativeGender::Male)
        .birth_date(Date::parse("1974-12").unwrap())
        .birth_date_element(Extension::new(
            "urn:time",
            ExtensionValue::DateTime(at("1974-12-25T14:35:45-05:00")),
        ))
        .deceased(PatientDeceased::DateTime(at("2024-02")))
        .address(
            Address::default().line("1 Way").line("Flat 2").city("Town").postal_code("01234").country("US"),
        )
        .marital_status(concept("http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "M", "Married"))
        .multiple_birth(PatientMultipleBirth::Integer(2))
        .contact(
            PatientContact::default()
                .name(HumanName::default().family("B"))
                .gender(AdministrativeGender::Female),
        )
        .general_practitioner(Reference::to("Practitioner/d1"))
        .managing_organization(Reference::to("Organization/o1"));
    survives(&patient, &[]);
}

#[test]
fn an_observation_survives() {
    let reading = |value: &str| {
        Observation::default()
            .id("o1")
            .status(ObservationStatus::Final)
            .category(concept(
                "http://terminology.hl7.org/CodeSystem/observation-category",
                "laboratory",
                "Laboratory",
            ))
            .code(concept("http://loinc.org", "718-7", "Hemoglobin"))
            .subject(Reference::to("Patient/p1"))
            .encounter(Reference::to("Encounter/e1"))
            .effective(Effective::DateTime(at("2024-03-01T10:20:30+01:00")))
            .issued(issued())
            .performer(Reference::to("Practitioner/d1"))
            .value(milligrams(value))
            .interpretation(Coding::new(
                "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
                "H",
            ))
            .note(Annotation::default().text("n").time(at("2024-03-01")))
            .reference_range(
                ReferenceRange::default().low(milligrams("1.5")).high(milligrams("12.5")).text("r"),
            )
            .component(
                ObservationComponent::default()
                    .code(Coding::new("http://loinc.org", "1"))
                    .value(ObservationValue::Range(Box::new(Range::default().low(milligrams("0.25"))))),
            )
    };
    survives(&reading("13.75"), &[]);
    survives(&reading("13.50"), &["Observation.valueQuantity.value"]);
}

#[test]
fn an_encounter_survives() {
    let encounter = Encounter::default()
        .id("e1")
        .contained(Patient::default().id("c").active(false).into_resource())
        .identifier(Identifier::default().system("urn:visits").value("V1"))
        .status(EncounterStatus::Finished)
        .status_history(
            EncounterStatusHistory::default()
                .status(EncounterStatus::Arrived)
                .period(Period::default().start(at("2024-03-01")).end(at("2024-03-02"))),
        )
        .class(Coding::new("http://terminology.hl7.org/CodeSystem/v3-ActCode", "IMP").display("inpatient"))
        .r#type(concept("http://snomed.info/sct", "183807002", "Inpatient stay"))
        .subject(Reference::to("#c"))
        .participant(
            EncounterParticipant::default()
                .r#type(Coding::new("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "ATND"))
                .individual(Reference::to("Practitioner/d1")),
        )
        .period(Period::default().start(at("2024-03-01T08:00:00Z")).end(at("2024-03-04T12:30:00Z")))
        .length(milligrams("3.5"))
        .reason_code(concept("http://snomed.info/sct", "22298006", "Infarction"))
        .diagnosis(EncounterDiagnosis::default().condition(Reference::to("Condition/c1")).rank(1_u32))
        .hospitalization(
            Hospitalization::default()
                .pre_admission_identifier(Identifier::default().value("PRE"))
                .origin(Reference::to("Location/l1")),
        )
        .location(EncounterLocation::default().location(Reference::to("Location/l1")))
        .service_provider(Reference::to("Organization/o1"));
    survives(&encounter, &[]);
}

#[test]
fn a_prescription_survives() {
    let prescription =
        MedicationRequest::default()
            .id("m1")
            .identifier(Identifier::default().value("RX1"))
            .status(MedicationRequestStatus::Active)
            .intent(MedicationRequestIntent::Order)
            .category(concept("urn:c", "outpatient", "Outpatient"))
            .do_not_perform(false)
            .medication(MedicationChoice::CodeableConcept(concept(
                "http://www.nlm.nih.gov/research/umls/rxnorm",
                "313782",
                "Acetaminophen",
            )))
            .subject(Reference::to("Patient/p1"))
            .authored_on(at("2024-03-01T10:20:30.5Z"))
            .requester(Reference::to("Practitioner/d1"))
            .reason_code(concept("urn:r", "pain", "Pain"))
            .note(Annotation::default().text("n"))
            .dosage_instruction(
                Dosage::default()
                    .sequence(1)
                    .text("two a day")
                    .timing(Timing::default().repeat(
                        TimingRepeat::default().frequency(2_u32).period(Decimal::parse("1.5").unwrap()),
                    ))
                    .route(concept("http://snomed.info/sct", "26643006", "Oral")),
            )
            .dispense_request(
                DispenseRequest::default().number_of_repeats_allowed(3_u32).quantity(milligrams("0.125")),
            )
            .substitution(Substitution::default().allowed(SubstitutionAllowed::Boolean(true)));
    survives(&prescription, &[]);
}

#[test]
fn a_report_survives() {
    let report = DiagnosticReport::default()
        .id("d1")
        .identifier(Identifier::default().system("urn:f").value("F1"))
        .based_on(Reference::to("ServiceRequest/s1"))
        .status(DiagnosticReportStatus::Final)
        .category(concept("http://terminology.hl7.org/CodeSystem/v2-0074", "HM", "Hematology"))
        .code(concept("http://loinc.org", "58410-2", "CBC panel"))
        .subject(Reference::to("Patient/p1"))
        .effective(DateTimeOrPeriod::Period(Period::default().start(at("2024-03-01")).end(at("2024-03-02"))))
        .issued(issued())
        .performer(Reference::to("Organization/o1"))
        .result(Reference::to("Observation/o1").display("Hemoglobin"))
        .media(DiagnosticReportMedia::default().comment("c").link(Reference::to("Media/m1")))
        .conclusion("sound")
        .presented_form(
            Attachment::default().content_type("application/pdf").data("JVBERi0=").size(5_u32).title("T"),
        );
    survives(&report, &[]);
}
