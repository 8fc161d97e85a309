//! Searches over one resource, and over several that refer to each other.

use super::*;
use crate::search::Scope;

const PATIENT: &str = r#"{"resourceType":"Patient","id":"p1","active":true,"gender":"male","birthDate":"1974-12-25",
  "identifier":[{"type":{"coding":[{"system":"urn:t","code":"MR"}],"text":"Médical"},"system":"urn:x","value":"7"}],
  "name":[{"use":"official","family":"Chálmers","given":["Peter","James"]}],
  "address":[{"city":"Ürümqi","country":"CN"}],
  "generalPractitioner":[{"reference":"Practitioner/d1"}],
  "managingOrganization":{"reference":"https://a.example/R4/Organization/o1","identifier":{"system":"urn:o","value":"9"}},
  "meta":{"lastUpdated":"2024-03-05T14:30:00.250Z","tag":[{"system":"urn:tag","code":"t"}],"profile":["http://a/p|1"]},
  "telecom":[{"system":"email","value":"p@a.example"},{"system":"phone","value":"1"}]}"#;

const OBSERVATION: &str = r#"{"resourceType":"Observation","id":"b1","status":"final",
  "code":{"coding":[{"system":"http://loinc.org","code":"85354-9","display":"Blood pressure"}],"text":"BP"},
  "subject":{"reference":"Patient/p1/_history/2"},
  "effectivePeriod":{"start":"2024-03-05","end":"2024-03-07T10:00:00Z"},
  "valueQuantity":{"value":6.30,"unit":"mmol/L","system":"http://unitsofmeasure.org","code":"mmol/L"},
  "component":[
    {"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":107,"code":"mm[Hg]"}},
    {"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":60,"comparator":"<","code":"mm[Hg]"}}]}"#;

struct All(Vec<Value>);

impl Surroundings for All {
    fn resource(&self, resource_type: &str, id: &str) -> Option<Value> {
        let is_it =
            |one: &&Value| one.str("resourceType") == Some(resource_type) && one.str("id") == Some(id);
        self.0.iter().find(is_it).cloned()
    }

    fn referring(&self, resource_type: &str, _: &str) -> Vec<Value> {
        self.0.iter().filter(|one| one.str("resourceType") == Some(resource_type)).cloned().collect()
    }

    fn base(&self) -> &str {
        "https://a.example/R4"
    }

    fn now(&self) -> i128 {
        1_720_000_000_000_000_000
    }
}

fn all() -> All {
    let practitioner = r#"{"resourceType":"Practitioner","id":"d1","name":[{"family":"House"}]}"#;
    All([PATIENT, OBSERVATION, practitioner].map(|text| Value::parse(text.as_bytes()).unwrap()).into())
}

fn matching(resource: &str, query: &str) -> Result<bool, MatchReason> {
    let resource = Value::parse(resource.as_bytes()).unwrap();
    let scope = Scope::Type(resource.str("resourceType").unwrap().to_owned());
    SearchQuery::parse(scope, query).unwrap().fits(&resource, &all()).map_err(|error| error.reason())
}

fn check(resource: &str, rows: &[(&str, bool)]) {
    for (query, expected) in rows {
        assert_eq!(matching(resource, query), Ok(*expected), "{query}");
    }
}

#[test]
fn tokens() {
    check(
        PATIENT,
        &[
            ("gender=male", true),
            ("gender=http://hl7.org/fhir/administrative-gender|male", true),
            ("gender=female,male", true),
            ("gender:not=female", true),
            ("gender:not=male", false),
            ("active=true", true),
            ("active=false", false),
            ("deceased=false", true),
            ("identifier=7", true),
            ("identifier=urn:x|7", true),
            ("identifier=urn:y|7", false),
            ("identifier=|7", false),
            ("identifier=urn:x|", true),
            ("identifier:of-type=urn:t|MR|7", true),
            ("identifier:of-type=urn:t|PI|7", false),
            ("identifier:text=medical", true),
            ("_id=p1", true),
            ("_id=p2,p3", false),
            ("_tag=urn:tag|t", true),
            ("email=p@a.example", true),
            ("email=1", false),
            ("telecom=1", true),
            ("identifier:missing=false", true),
            ("death-date:missing=true", true),
        ],
    );
    check(
        OBSERVATION,
        &[("code:text=blood", true), ("code:text=pressure", false), ("code=http://loinc.org|85354-9", true)],
    );
}

#[test]
fn strings() {
    check(
        PATIENT,
        &[
            ("family=chalm", true),
            ("family=CHÁLM", true),
            ("family=almers", false),
            ("family:contains=ALMERS", true),
            ("family:exact=Chálmers", true),
            ("family:exact=chálmers", false),
            ("name=james", true),
            ("name=official", false),
            ("address=urum", true),
            ("address-country=CN", true),
        ],
    );
}

#[test]
fn dates() {
    check(
        PATIENT,
        &[
            ("birthdate=1974", true),
            ("birthdate=1974-12-25", true),
            ("birthdate=1974-12-25T10:00", false),
            ("birthdate=ne1975", true),
            ("birthdate=gt1974-12-25", false),
            ("birthdate=ge1974-12-25", true),
            ("birthdate=sa1974-11", true),
            ("birthdate=eb1974-12-25", false),
            ("birthdate=ap1975", true),
            ("_lastUpdated=2024-03-05T14:30", true),
            ("_lastUpdated=2024-03-05T15:30%2B01:00", true),
            ("_lastUpdated=gt2024-03-05T14:30:00Z&_lastUpdated=lt2024-03-06", false),
            ("_lastUpdated=ge2024-03-05T14:30:00Z&_lastUpdated=lt2024-03-06", true),
        ],
    );
    check(
        OBSERVATION,
        &[
            ("date=2024-03", true),
            ("date=2024-03-05", false),
            ("date=gt2024-03-05", true),
            ("date=sa2024-03-05", false),
            ("date=eb2024-03-08", true),
        ],
    );
}

#[test]
fn quantities_and_composites() {
    check(
        OBSERVATION,
        &[
            ("value-quantity=6.3", true),
            ("value-quantity=6.3||mmol/L", true),
            ("value-quantity=6.30|http://unitsofmeasure.org|mmol/L", true),
            ("value-quantity=6.3|http://unitsofmeasure.org|mg/dL", false),
            ("value-quantity=gt6.3", false),
            ("value-quantity=gt6.2", true),
            ("value-quantity=ap7", true),
            ("component-value-quantity=lt50", true),
            ("component-code-value-quantity=http://loinc.org|8480-6$107", true),
            ("component-code-value-quantity=http://loinc.org|8462-4$107", false),
            ("combo-code-value-quantity=http://loinc.org|85354-9$6.3", true),
            ("combo-code-value-quantity=8480-6$gt100", true),
        ],
    );
}

#[test]
fn references() {
    check(
        PATIENT,
        &[
            ("general-practitioner=Practitioner/d1", true),
            ("general-practitioner=d1", true),
            ("general-practitioner=https://a.example/R4/Practitioner/d1", true),
            ("general-practitioner=https://b.example/R4/Practitioner/d1", false),
            ("general-practitioner:Practitioner=d1", true),
            ("general-practitioner:Organization=d1", false),
            ("organization=Organization/o1", true),
            ("organization:identifier=urn:o|9", true),
            ("organization:identifier=urn:o|8", false),
            ("_profile=http://a/p|1", true),
            ("_profile:below=http://a", true),
            ("_profile:below=http://a/pp", false),
        ],
    );
    check(
        OBSERVATION,
        &[
            ("subject=Patient/p1", true),
            ("patient=p1", true),
            ("subject=Patient/p1/_history/2", true),
            ("subject=Patient/p1/_history/3", false),
            ("subject=Device/p1", false),
        ],
    );
}

#[test]
fn chains_are_followed_both_ways() {
    check(
        OBSERVATION,
        &[
            ("subject:Patient.family=chalmers", true),
            ("subject.family=nobody", false),
            ("subject.status=final", false),
            ("patient.general-practitioner:Practitioner.family=house", true),
            ("patient._has:Observation:subject:code=85354-9", true),
        ],
    );
    check(
        PATIENT,
        &[
            ("_has:Observation:patient:code=http://loinc.org|85354-9", true),
            ("_has:Observation:patient:code=718-7", false),
            ("_has:Observation:patient:status=final&family=chal", true),
        ],
    );
}

#[test]
fn what_cannot_be_said_is_an_error() {
    for query in [
        "_text=x",
        "_content=x",
        "_filter=x",
        "gender:in=http://a/vs",
        "gender:below=male",
        "language:in=http://a/vs",
    ] {
        assert_eq!(matching(PATIENT, query), Err(MatchReason::Unsupported), "{query}");
    }
    let observation = Value::parse(OBSERVATION.as_bytes()).unwrap();
    let other = SearchQuery::parse(Scope::Type("Patient".into()), "family=x").unwrap();
    assert_eq!(other.fits(&observation, &Alone).unwrap_err().reason(), MatchReason::Unknown);
}
