use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

use super::*;
use crate::resources::{EncounterStatus, ObservationStatus};
use crate::types::{Coding, DateTime, Decimal, QuantityComparator};
use crate::{PatientToken, Value, validate};

fn contexts() -> impl Strategy<Value = RecordContext> {
    let references = prop::sample::select(vec![
        PatientReference::Logical,
        PatientReference::Literal,
        PatientReference::Both,
    ]);
    let names = prop::sample::select(vec![MaskedName::Absent, MaskedName::Stars]);
    (references, names).prop_map(|(patient_reference, masked_name)| RecordContext {
        patient_reference,
        masked_name,
        ..RecordContext::default()
    })
}

fn tokens() -> impl Strategy<Value = PatientToken> {
    "pt_[a-z0-9]{1,26}".prop_map(|token| PatientToken::new(&token).unwrap())
}

fn links() -> impl Strategy<Value = FhirLink> {
    of("[A-Za-z0-9.-]{1,64}").prop_map(|resource_id| FhirLink { resource_id, ..FhirLink::default() })
}

fn times() -> impl Strategy<Value = DateTime> {
    let texts = [
        "2026",
        "2026-03",
        "2026-03-05",
        "2026-03-05T09:00:00Z",
        "2026-03-05T09:00:00.250+01:00",
        "2026-12-31T23:59:60-05:00",
    ];
    prop::sample::select(texts.to_vec()).prop_map(|text| DateTime::parse(text).unwrap())
}

fn codings() -> impl Strategy<Value = Coding> {
    (of("urn:[a-z]{1,5}"), "[A-Z0-9.-]{1,8}", of("[a-zA-Z ]{0,8}[a-z]"), of("[0-9]{1,3}")).prop_map(
        |(system, code, display, version)| Coding {
            system,
            version,
            code: Some(code),
            display,
            ..Coding::default()
        },
    )
}

/// Lists of codes that a record takes: those without a code it does not.
fn codes() -> impl Strategy<Value = Codes> {
    vec(codings(), 0..3).prop_filter_map("no code", |codes| {
        let none = codes.is_empty();
        let codes = Codes::try_from(codes);
        assert_eq!(codes.is_err(), none);
        codes.ok()
    })
}

fn kinds() -> impl Strategy<Value = EncounterKind> {
    let known = prop::sample::select(vec![
        "OFFICE_VISIT",
        "AMBULATORY",
        "EMERGENCY",
        "INPATIENT",
        "TELEHEALTH",
        "FIELD",
    ]);
    prop_oneof![
        known.prop_map(EncounterKind::parse),
        "[A-Z_]{1,9}".prop_map(|code| EncounterKind::parse(&code))
    ]
}

fn values() -> impl Strategy<Value = RecordValue> {
    let comparator = of(prop::sample::select(QuantityComparator::ALL.to_vec()));
    let number = "-?(0|[1-9][0-9]{0,5})(\\.[0-9]{1,4})?";
    let quantity = (number, comparator, of("[a-z/%]{1,6}"), of("[a-z/%]{1,6}")).prop_map(
        |(value, comparator, unit, ucum)| {
            RecordValue::Quantity(Measurement {
                value: Decimal::parse(&value).unwrap(),
                comparator,
                unit,
                ucum,
            })
        },
    );
    prop_oneof![
        quantity,
        codes().prop_map(RecordValue::Codes),
        "[a-zA-Z0-9 ]{0,20}[a-z]".prop_map(RecordValue::Text),
        any::<bool>().prop_map(RecordValue::Boolean),
        any::<i32>().prop_map(RecordValue::Integer),
        times().prop_map(RecordValue::DateTime),
    ]
}

fn patients() -> impl Strategy<Value = PatientRecord> {
    (tokens(), of(any::<bool>()), of("s3://[a-z]{1,9}/[a-z]{1,9}"), links())
        .prop_map(|(token, active, payload, link)| PatientRecord { token, active, payload, link })
}

fn encounters() -> impl Strategy<Value = EncounterRecord> {
    let status = prop::sample::select(EncounterStatus::ALL.to_vec());
    let who = (tokens(), kinds(), status, links());
    (who, "[a-z0-9_]{1,12}", of(times()), of(times()), vec(codings(), 0..3), vec("[a-z0-9]{1,9}", 0..3))
        .prop_map(|((patient, kind, status, link), id, start, end, reasons, practitioners)| EncounterRecord {
            id,
            patient,
            kind,
            status,
            end: end.filter(|end| !is_before(end, start.as_ref())),
            start,
            reasons,
            practitioners,
            link,
        })
}

/// per-1: what ends before it starts is refused.
fn is_before(end: &DateTime, start: Option<&DateTime>) -> bool {
    start.is_some_and(|start| end.compare(start, crate::Zone::Any) == Some(std::cmp::Ordering::Less))
}

fn observations() -> impl Strategy<Value = ObservationRecord> {
    let status = prop::sample::select(ObservationStatus::ALL.to_vec());
    let categories = vec(
        prop::sample::select(vec!["vital-signs", "laboratory", "social-history"])
            .prop_map(|code| ObservationCategory::parse(code).unwrap()),
        0..2,
    );
    let issued = of(Just(crate::Instant::parse("2026-03-05T10:00:00Z").unwrap()));
    let who = (tokens(), of("[a-z0-9]{1,9}"), status, links());
    let what = (categories, codes(), of(values()), vec(codings(), 0..2));
    (who, what, "[a-z0-9_]{1,12}", of(times()), issued).prop_map(
        |(
            (patient, encounter, status, link),
            (categories, code, value, interpretation),
            id,
            effective,
            issued,
        )| {
            ObservationRecord {
                id,
                patient,
                encounter,
                status,
                categories,
                code,
                effective,
                issued,
                value,
                interpretation,
                link,
            }
        },
    )
}

fn round_trips<R: FhirRecord + PartialEq>(record: &R, context: &RecordContext) -> Result<(), TestCaseError> {
    let resource = record.to_fhir(context);
    prop_assert_eq!(resource.resource_type(), R::RESOURCE_TYPE);
    let faults: Vec<_> =
        validate(&resource).into_iter().filter(|i| i.severity <= crate::Severity::Error).collect();
    prop_assert!(
        faults.is_empty(),
        "{:?} {}",
        faults.iter().map(|f| &f.expression).collect::<Vec<_>>(),
        resource.to_json()
    );
    let read = R::from_fhir(&resource, context).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let unread: Vec<_> = read.issues.iter().flat_map(|issue| &issue.expression).collect();
    prop_assert!(unread.is_empty(), "{:?} {}", unread, resource.to_json());
    prop_assert!(read.record == *record, "{}", resource.to_json());
    Ok(())
}

/// What another system says more: in one of the objects of a resource.
#[derive(Clone, Debug)]
struct More {
    name: &'static str,
    at: prop::sample::Index,
}

const MARK: &str = "said-by-another";

fn more() -> impl Strategy<Value = More> {
    let names = [
        "display",
        "version",
        "system",
        "extension",
        "userSelected",
        "text",
        "reference",
        "_code",
        "use",
        "unknown",
        "unit",
        "code",
    ];
    (prop::sample::select(names.to_vec()), any::<prop::sample::Index>())
        .prop_map(|(name, at)| More { name, at })
}

impl More {
    /// The resource with what is said more, where that is not said already.
    fn said_in(&self, resource: &Resource) -> Option<Resource> {
        let mut said = resource.value().clone();
        let mut objects = Vec::new();
        objects_of(&said, &mut Vec::new(), &mut objects);
        let path = objects.get(self.at.index(objects.len()))?;
        let object = path.iter().try_fold(&mut said, |value, step| match step {
            Step::Member(name) => value.get_mut(name),
            Step::Item(index) => value.items_mut().get_mut(*index),
        })?;
        if object.get(self.name).is_some() {
            return None;
        }
        let value = match self.name {
            "extension" => Value::from(vec![Value::object().with("url", "urn:x").with("valueString", MARK)]),
            "_code" => Value::object().with("id", MARK),
            _ => Value::from(MARK),
        };
        object.set(self.name, value);
        Resource::from_value(said).ok()
    }
}

#[derive(Clone)]
enum Step {
    Member(String),
    Item(usize),
}

fn objects_of(value: &Value, at: &mut Vec<Step>, found: &mut Vec<Vec<Step>>) {
    if value.kind() == crate::Kind::Object {
        found.push(at.clone());
    }
    let members = value.members().map(|(name, value)| (Step::Member(name.into()), value));
    let items = value.items().iter().enumerate().map(|(index, item)| (Step::Item(index), item));
    for (step, value) in members.chain(items) {
        at.push(step);
        objects_of(value, at, found);
        at.pop();
    }
}

/// What is said more is in the record, or an issue names it.
fn loses_nothing<R: FhirRecord>(
    record: &R,
    more: &More,
    context: &RecordContext,
) -> Result<(), TestCaseError> {
    let Some(said) = more.said_in(&record.to_fhir(context)) else { return Ok(()) };
    let Ok(read) = R::from_fhir(&said, context) else { return Ok(()) };
    let again = read.record.to_fhir(context).to_json();
    prop_assert!(again.contains(MARK) || !read.issues.is_empty(), "{} {}", said.to_json(), again);
    Ok(())
}

proptest! {
    #[test]
    fn patients_round_trip(record in patients(), context in contexts(), more in more()) {
        round_trips(&record, &context)?;
        loses_nothing(&record, &more, &context)?;
    }

    #[test]
    fn encounters_round_trip(record in encounters(), context in contexts(), more in more()) {
        round_trips(&record, &context)?;
        loses_nothing(&record, &more, &context)?;
    }

    #[test]
    fn observations_round_trip(record in observations(), context in contexts(), more in more()) {
        round_trips(&record, &context)?;
        loses_nothing(&record, &more, &context)?;
    }
}

fn parse(text: &str) -> Resource {
    Resource::parse(text.as_bytes()).unwrap()
}

fn unread<T>(read: &FromFhir<T>) -> Vec<&str> {
    read.issues.iter().flat_map(|issue| &issue.expression).map(String::as_str).collect()
}

#[test]
fn what_another_system_sends_is_read_and_the_rest_is_named() {
    let resource = parse(
        r#"{"resourceType":"Observation","id":"o1","identifier":[{"system":"urn:other","value":"9"},
        {"system":"urn:carewire:record","value":"obs_1","use":"official"}],"status":"final",
        "category":[{"coding":[{"system":"urn:other","code":"x"}]}],
        "code":{"coding":[{"system":"http://loinc.org","code":"8310-5","display":"Body temperature"}],"text":"Temp"},
        "subject":{"reference":"Patient/pt_abc123","display":"Jane"},"effectiveDateTime":"2024-01-15T10:00:00Z",
        "valueQuantity":{"value":37.20,"unit":"Cel","system":"urn:other","code":"C"},"note":[{"text":"x"}]}"#,
    );
    let read = ObservationRecord::from_fhir(&resource, &RecordContext::default()).unwrap();
    assert_eq!(read.record.patient.as_str(), "pt_abc123");
    assert!(
        matches!(&read.record.value, Some(RecordValue::Quantity(q)) if q.value.as_str() == "37.20" && q.ucum.is_none())
    );
    let expected = [
        "Observation.identifier[0]",
        "Observation.identifier[1].use",
        "Observation.subject.display",
        "Observation.code.text",
        "Observation.category[0]",
        "Observation.valueQuantity.system",
        "Observation.valueQuantity.code",
        "Observation.note",
    ];
    assert_eq!(unread(&read), expected);
}

#[test]
fn a_quantity_is_not_read_without_its_comparator() {
    let resource = parse(
        r#"{"resourceType":"Observation","identifier":[{"system":"urn:carewire:record","value":"1"}],"status":"final",
        "code":{"coding":[{"code":"a"}]},"subject":{"reference":"Patient/pt_1"},
        "valueQuantity":{"value":5,"comparator":"about"}}"#,
    );
    let read = ObservationRecord::from_fhir(&resource, &RecordContext::default()).unwrap();
    assert_eq!((read.record.value.is_none(), unread(&read)), (true, vec!["Observation.valueQuantity"]));
}

#[test]
fn a_class_that_says_more_than_the_kind_is_reported() {
    let resource = parse(
        r#"{"resourceType":"Encounter","identifier":[{"system":"urn:carewire:record","value":"1"}],"status":"finished",
        "class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"},
        "type":[{"coding":[{"system":"urn:carewire:encounter-kind","code":"OFFICE_VISIT"}]}],
        "subject":{"identifier":{"system":"urn:carewire:token","value":"pt_1"}}}"#,
    );
    let read = EncounterRecord::from_fhir(&resource, &RecordContext::default()).unwrap();
    assert_eq!(
        (read.record.kind.clone(), unread(&read)),
        (EncounterKind::OfficeVisit, vec!["Encounter.class"])
    );
}

fn encounter_unread(class: &str, kind: &str, subject: &str) -> Vec<String> {
    let text = format!(
        r#"{{"resourceType":"Encounter","identifier":[{{"system":"urn:carewire:record","value":"1"}}],"status":"finished",
        "class":{class},{kind}"subject":{subject}}}"#
    );
    let read = EncounterRecord::from_fhir(&parse(&text), &RecordContext::default()).unwrap();
    unread(&read).into_iter().map(str::to_owned).collect()
}

const TOKEN: &str = r#"{"identifier":{"system":"urn:carewire:token","value":"pt_1"}}"#;

#[test]
fn what_stands_beside_a_code_of_a_table_is_reported() {
    let class = r#"{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP","version":"3",
        "display":"inpatient","extension":[{"url":"urn:x","valueString":"y"}]}"#;
    let own = r#""type":[{"coding":[{"system":"urn:carewire:encounter-kind","code":"INPATIENT","version":"2","display":"Ward"}]}],"#;
    let beside_class = ["Encounter.class.version", "Encounter.class.display", "Encounter.class.extension"];
    assert_eq!(encounter_unread(class, "", TOKEN), beside_class);
    let beside_both =
        [&["Encounter.type[0].coding[0].version", "Encounter.type[0].coding[0].display"], &beside_class[..]]
            .concat();
    assert_eq!(encounter_unread(class, own, TOKEN), beside_both);
    let resource = parse(
        r#"{"resourceType":"Observation","identifier":[{"system":"urn:carewire:record","value":"1"}],"status":"final",
        "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"exam",
        "version":"1","display":"Exam","userSelected":true}]}],"code":{"coding":[{"code":"a"}]},
        "subject":{"reference":"Patient/pt_1"},"valueQuantity":{"value":1,"system":"http://unitsofmeasure.org"}}"#,
    );
    let read = ObservationRecord::from_fhir(&resource, &RecordContext::default()).unwrap();
    let expected = [
        "Observation.category[0].coding[0].version",
        "Observation.category[0].coding[0].display",
        "Observation.category[0].coding[0].userSelected",
        "Observation.valueQuantity.system",
    ];
    assert_eq!(unread(&read), expected);
}

#[test]
fn only_the_class_that_is_written_for_an_unknown_one_is_read_as_unknown() {
    let own = r#""type":[{"coding":[{"system":"urn:carewire:encounter-kind","code":"SPA"}]}],"#;
    let class = |why: &str, more: &str| {
        let url = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
        format!(r#"{{"extension":[{{"url":"{url}","valueCode":"{why}"}}{more}]}}"#)
    };
    assert_eq!(encounter_unread(&class("unknown", ""), own, TOKEN), Vec::<String>::new());
    assert_eq!(encounter_unread(&class("masked", ""), own, TOKEN), ["Encounter.class"]);
    let more = r#",{"url":"urn:x","valueCode":"y"}"#;
    assert_eq!(encounter_unread(&class("unknown", more), own, TOKEN), ["Encounter.class"]);
}

#[test]
fn a_reference_beside_the_token_is_reported_unless_it_says_the_same() {
    let class = r#"{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"}"#;
    let subject = |reference: &str, identified: bool| {
        let identifier = r#","identifier":{"system":"urn:carewire:token","value":"pt_1"}"#;
        let identifier = if identified { identifier } else { "" };
        encounter_unread(class, "", &format!(r#"{{"reference":"{reference}"{identifier}}}"#))
    };
    for reference in ["Patient/7f0c", "Patient/pt_2", "http://a.example/Patient/pt_1", "#p"] {
        assert_eq!(subject(reference, true), ["Encounter.subject.reference"], "{reference}");
    }
    assert_eq!(subject("http://a.example/Patient/pt_1", false), ["Encounter.subject.reference"]);
    for identified in [true, false] {
        assert_eq!(subject("Patient/pt_1", identified), Vec::<String>::new());
    }
}

#[test]
fn what_is_no_record_is_refused_with_the_element() {
    let context = RecordContext::default();
    let patient = parse(r#"{"resourceType":"Patient","identifier":[{"system":"urn:x","value":"pt_1"}]}"#);
    let error = PatientRecord::from_fhir(&patient, &context).unwrap_err();
    assert_eq!(error, RecordError::Unusable { element: "Patient.identifier" });
    let error = EncounterRecord::from_fhir(&patient, &context).unwrap_err();
    assert_eq!(error.to_string(), "not a resource of type `Encounter`");
}

#[test]
fn debug_shows_no_value() {
    let token = || PatientToken::new("pt_1").unwrap();
    let mut observation =
        ObservationRecord::new("Secret", token(), Coding::new("http://loinc.org", "Secret"));
    observation.value = Some(RecordValue::Text("Secret".into()));
    let mut encounter = EncounterRecord::new("Secret", token(), EncounterKind::parse("Secret"));
    encounter.practitioners.push("Secret".into());
    let mut patient = PatientRecord::new(token());
    patient.payload = Some("s3://Secret".into());
    let shown = format!("{observation:?} {encounter:?} {:?} {patient:?}", encounter.kind);
    assert!(!shown.contains("Secret"), "{shown}");
}
