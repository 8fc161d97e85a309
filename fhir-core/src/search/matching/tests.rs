use super::*;
use crate::search::{Scope, parameters};

fn fits(resource: &str, query: &str) -> bool {
    let resource = Value::parse(resource.as_bytes()).unwrap();
    let resource_type = resource.str("resourceType").unwrap().to_owned();
    let query =
        SearchQuery::parse(Scope::Type(resource_type), query).unwrap_or_else(|e| panic!("{query}: {e}"));
    query.fits(&resource, &Alone).unwrap()
}

/// Asserts for each query whether it finds the resource: those after a `!` do not.
fn check(resource: &str, queries: &[&str]) {
    for query in queries {
        let (wanted, query) = query.strip_prefix('!').map_or((true, *query), |query| (false, query));
        assert_eq!(fits(resource, query), wanted, "{query}");
    }
}

const PATIENT: &str = r#"{"resourceType":"Patient","id":"p1","meta":{"lastUpdated":"2024-03-05T10:00:00Z","tag":[{"system":"urn:t","code":"x"}],
    "profile":["http://a.example/p"]},"active":true,"name":[{"use":"official","family":"Müller-Chen","given":["Anna","Zoé"]}],
    "identifier":[{"system":"urn:mrn","value":"77","type":{"coding":[{"system":"urn:ty","code":"MR"}],"text":"Record number"}},{"value":"bare"}],
    "telecom":[{"system":"phone","use":"home","value":"555"},{"system":"email","value":"a@b"}],"gender":"female",
    "birthDate":"1980-05","address":[{"city":"Łódź","line":["5 Long Street"],"postalCode":"90-001"}],
    "generalPractitioner":[{"reference":"Practitioner/d1"}],"managingOrganization":{"reference":"Organization/o1/_history/2"}}"#;

/// What finds [`PATIENT`] and, after a `!`, what does not.
const PATIENT_QUERIES: &[&str] = &[
    "_id=p1",
    "_id=p0,p1",
    "!_id=p",
    "identifier=77",
    "identifier=urn:mrn|77",
    "!identifier=|77",
    "identifier=|bare",
    "identifier=urn:mrn|",
    "!identifier=urn:x|77",
    "identifier:of-type=urn:ty|MR|77",
    "!identifier:of-type=urn:ty|MR|bare",
    "identifier:text=record",
    "active=true",
    "!active=false",
    "gender=female",
    "gender:not=male",
    "!gender:not=female",
    "gender=male,female",
    "gender=http://hl7.org/fhir/administrative-gender|female",
    "family=mull",
    "!family=chen",
    "family:contains=CHEN",
    "family:exact=Müller-Chen",
    "!family:exact=müller-chen",
    "given=zoe",
    "name=anna",
    "!name=official",
    "address=lodz",
    "address-city=Lod",
    "address=5 long",
    "address-postalcode=90",
    "phone=555",
    "phone=phone|555",
    "phone=home|555",
    "!email=555",
    "telecom=a@b",
    "birthdate=1980",
    "birthdate=1980-05",
    "!birthdate=1980-05-01",
    "birthdate=lt1981",
    "birthdate=ge1980-05",
    "!birthdate=gt1980-05",
    "birthdate=ne1979",
    "birthdate=sa1980-04",
    "birthdate=eb1980-06",
    "birthdate:missing=false",
    "death-date:missing=true",
    "!death-date:missing=false",
    "deceased=false",
    "_tag=urn:t|x",
    "!_tag=urn:t|y",
    "_profile=http://a.example/p",
    "_profile:below=http://a.example",
    "!_profile=http://a.example",
    "_lastUpdated=2024-03-05",
    "_lastUpdated=gt2024-03-05T09:59",
    "!_lastUpdated=gt2024-03-05T10:00Z",
    "_lastUpdated=le2024-03-05T12:00:00%2B02:00",
    "general-practitioner=Practitioner/d1",
    "general-practitioner=d1",
    "!general-practitioner=Practitioner/d2",
    "general-practitioner:Practitioner=d1",
    "!general-practitioner:Organization=d1",
    "organization=o1",
    "organization=Organization/o1",
    "gender=female&active=true",
    "!gender=female&active=false",
];

#[test]
fn patients_are_found_by_what_is_in_them() {
    check(PATIENT, PATIENT_QUERIES);
}

const OBSERVATION: &str = r#"{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8480-6","display":"Systolic"}],
    "text":"Blood pressure"},"subject":{"reference":"Patient/p1","identifier":{"system":"urn:mrn","value":"77"}},
    "effectivePeriod":{"start":"2024-03-01","end":"2024-03-03"},"valueQuantity":{"value":120.0,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"},
    "component":[{"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":80,"comparator":"<"}}]}"#;

#[test]
fn observations_are_found_by_code_time_and_value() {
    check(
        OBSERVATION,
        &[
            "code=8480-6",
            "code=http://loinc.org|8480-6",
            "!code=http://snomed.info/sct|8480-6",
            "code:text=blood",
            "code:text=systolic",
            "!code=8462-4",
            "component-code=8462-4",
            "combo-code=8462-4",
            "subject=Patient/p1",
            "patient=p1",
            "subject:Patient=p1",
            "!subject:Group=p1",
            "subject:identifier=urn:mrn|77",
            "!encounter=e1",
            "date=2024-03",
            "!date=2024-03-01",
            "date=ge2024-03-01",
            "date=gt2024-03-02",
            "date=lt2024-03-02",
            "!date=sa2024-03-02",
            "date=sa2024-02",
            "date=eb2024-04",
            "date=ap2024-03",
            "value-quantity=120",
            "value-quantity=120|http://unitsofmeasure.org|mm[Hg]",
            "value-quantity=120||mmHg",
            "!value-quantity=120|http://unitsofmeasure.org|kg",
            "value-quantity=gt119",
            "!value-quantity=gt120.0",
            "value-quantity=ap115",
            "component-value-quantity=lt80",
            "!component-value-quantity=gt80",
            "code-value-quantity=http://loinc.org|8480-6$gt100",
            "!code-value-quantity=http://loinc.org|8480-6$gt130",
            "combo-code-value-quantity=8462-4$lt81",
            "!combo-code-value-quantity=8480-6$lt81",
            "status=final",
            "status:not=cancelled",
        ],
    );
}

#[test]
fn other_kinds_of_elements() {
    check(
        r#"{"resourceType":"ValueSet","url":"http://a.example/vs/one","version":"2","status":"active"}"#,
        &[
            "url=http://a.example/vs/one",
            "url:below=http://a.example/vs",
            "!url:below=http://a.example/v",
            "url:above=http://a.example/vs/one/two",
            "version=2",
        ],
    );
    check(
        r#"{"resourceType":"RiskAssessment","status":"final","subject":{"reference":"Patient/1"},"prediction":[{"probabilityDecimal":0.25}]}"#,
        &["probability=0.25", "probability=gt0.2", "!probability=lt0.25", "probability=0.2500001,0.25"],
    );
    check(
        r#"{"resourceType":"QuestionnaireResponse","status":"completed","questionnaire":"http://a.example/q|2"}"#,
        &[
            "questionnaire=http://a.example/q",
            "questionnaire=http://a.example/q|2",
            "!questionnaire=http://a.example/q|1",
        ],
    );
    check(
        r#"{"resourceType":"MedicationRequest","status":"active","intent":"order","subject":{"reference":"Patient/1"},
            "medicationCodeableConcept":{"coding":[{"code":"a"}]},"dosageInstruction":[{"timing":{"event":["2024-01-01","2024-02-01"]}}]}"#,
        &["code=a", "medication:missing=true", "date=2024", "date=ge2024-02", "!date=gt2024-02"],
    );
}

/// A family: the surroundings of a chain.
struct Ward(Vec<Value>);

impl Surroundings for Ward {
    fn resource(&self, resource_type: &str, id: &str) -> Option<Value> {
        let is_it = |r: &&Value| r.str("resourceType") == Some(resource_type) && r.str("id") == Some(id);
        self.0.iter().find(is_it).cloned()
    }

    fn referring(&self, resource_type: &str, _: &str) -> Vec<Value> {
        self.0.iter().filter(|r| r.str("resourceType") == Some(resource_type)).cloned().collect()
    }

    fn base(&self) -> &str {
        "http://own.example/fhir"
    }

    fn now(&self) -> i128 {
        0
    }
}

#[test]
fn chains_lead_there_and_back() {
    let parse = |text: &str| Value::parse(text.as_bytes()).unwrap();
    let observation = parse(&OBSERVATION.replace("Patient/p1", "http://own.example/fhir/Patient/p1"));
    let organization = parse(r#"{"resourceType":"Organization","id":"o1","name":"General"}"#);
    let ward = Ward(vec![parse(PATIENT), observation.clone(), organization]);
    let fits = |resource: &Value, query: &str| {
        let scope = Scope::Type(resource.str("resourceType").unwrap().to_owned());
        SearchQuery::parse(scope, query).unwrap().fits(resource, &ward).unwrap()
    };
    assert!(fits(&observation, "subject:Patient.family=muller&patient.gender=female"));
    assert!(!fits(&observation, "subject:Patient.family=smith"));
    assert!(fits(&observation, "patient.organization.name=gen"));
    assert!(!fits(&observation, "patient.organization.name=spec"));
    assert!(fits(&observation, "subject=Patient/p1"), "an absolute reference to the same server");
    assert!(fits(&parse(PATIENT), "_has:Observation:patient:code=8480-6"));
    assert!(!fits(&parse(PATIENT), "_has:Observation:patient:code=1"));
    assert!(!fits(&parse(&PATIENT.replace("\"p1\"", "\"p2\"")), "_has:Observation:patient:code=8480-6"));
}

#[test]
fn what_needs_more_than_the_resource_is_not_decided() {
    for query in ["code:in=http://a.example/vs", "code:below=x", "_content=x"] {
        let query = SearchQuery::parse(Scope::Type("Observation".into()), query).unwrap();
        assert!(!query.criteria()[0].is_decidable());
        let error = query.fits(&Value::parse(OBSERVATION.as_bytes()).unwrap(), &Alone).unwrap_err();
        assert_eq!(error.reason(), MatchReason::Unsupported);
    }
}

#[test]
fn every_expression_of_the_table_can_be_evaluated() {
    let mut without = Vec::new();
    for base in super::super::parameter::types() {
        let resource = Value::object().with("resourceType", base);
        for entry in parameters(base) {
            if entry.path().is_none() {
                without.push(entry.code);
            }
            assert!(
                entry.kind == ParameterKind::Composite
                    || entry.code == "deceased"
                    || entry.select(&resource).unwrap().is_empty(),
                "{base}.{}",
                entry.code
            );
        }
    }
    without.sort_unstable();
    without.dedup();
    assert_eq!(without, ["_content", "_query", "_text"]);
}

proptest::proptest! {
    #[test]
    fn hostile_elements_do_not_panic(name in "[a-z]{1,9}", json in r#"(\{"[a-z]{1,8}":("[ -z]{0,8}"|-?[0-9]{1,30}|\[\]|null|true)\}|"[0-9TZ:+-]{0,20}")"#) {
        let text = format!(r#"{{"resourceType":"Observation","effective{name}":{json},"code":{json},"valueQuantity":{json},"subject":{json},"effectivePeriod":{json}}}"#);
        if let Ok(resource) = Value::parse(text.as_bytes()) {
            for query in ["date=ap2024", "code:text=a", "value-quantity=1", "subject=1", "code:not=a"] {
                let query = SearchQuery::parse(Scope::Type("Observation".into()), query).unwrap();
                let _ = query.fits(&resource, &Alone);
            }
        }
    }
}
