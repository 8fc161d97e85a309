//! Over every element that the table has: free text goes from each place, and what may stay stays.

use carewire_fhir_core::{OrgId, PatientToken, Resource, Value};

use super::{Context, deidentify_resource};
use crate::entropy::tests::Seeded;
use crate::fhir::{self, Codes, Field, Fields};
use crate::{KeyRing, Policy, Pseudonymizer};

fn keys() -> Pseudonymizer {
    let ring = KeyRing::generate(&Seeded::new(1), "2026-11-20T00:00:00Z").unwrap();
    Pseudonymizer::new(&ring, &OrgId::new("org_a").unwrap(), "live")
}

/// Fills every element: with a sentinel, or with a value that is right for its type.
struct Filler {
    sentinels: Option<u32>,
}

impl Filler {
    fn object(&mut self, fields: &'static Fields, depth: usize) -> Value {
        let mut object = Value::object();
        for (name, field) in fields.iter().filter(|(name, _)| *name != "meta") {
            let value = self.value(field, depth);
            let value = value.map(|value| if field.many { Value::from(vec![value]) } else { value });
            value.map(|value| object.set(name, value));
        }
        object
    }

    fn value(&mut self, field: &'static Field, depth: usize) -> Option<Value> {
        match (field.fields(), field.datatype(), &mut self.sentinels) {
            (Some(below), ..) => (depth < 7).then(|| self.object(below, depth + 1)),
            (None, _, Some(count)) => {
                *count += 1;
                Some(Value::string(format!("ZQ{count}XKWVJ")))
            }
            (None, kind, None) => valid(kind.unwrap_or_default(), field.codes),
        }
    }
}

fn valid(kind: &str, codes: Codes) -> Option<Value> {
    Some(match (kind, codes) {
        ("code", Codes::Set(set)) => set.codes().next()?.into(),
        ("code", Codes::Mime) => "text/plain".into(),
        ("code", Codes::Unit) => "mg".into(),
        ("code", _) => "en".into(),
        ("boolean", _) => true.into(),
        ("decimal", _) => Value::number("1.50")?,
        ("integer" | "positiveInt" | "unsignedInt", _) => 7.into(),
        ("date" | "dateTime", _) => "2024-03-05".into(),
        ("instant", _) => "2024-03-05T14:30:00Z".into(),
        ("time", _) => "14:30:00".into(),
        _ => "ZQFREETEXT".into(),
    })
}

fn filled(name: &str, sentinels: Option<u32>) -> Resource {
    let (_, fields) = fhir::resource(name).unwrap();
    let mut resource = Value::object().with("resourceType", name);
    for (name, value) in (Filler { sentinels }).object(fields, 0).members() {
        resource.set(name, value.clone());
    }
    Resource::from_value(resource).unwrap()
}

fn done(resource: &Resource) -> String {
    let (keys, token) = (keys(), PatientToken::new("pt_abc").unwrap());
    let context = Context::new(&keys).with_patient(&token);
    let (entry, manifest) = deidentify_resource(resource, Policy::pseudonymous(), &context).unwrap();
    format!("{} {} {manifest:?}", entry.resource.to_json(), entry.value)
}

#[test]
fn text_goes_from_every_element_of_every_type() {
    let mut places = 0;
    for name in fhir::resource_types().iter().filter(|name| Policy::pseudonymous().names_type(name)) {
        let resource = filled(name, Some(0));
        places += resource.to_json().matches("XKWVJ").count();
        assert!(!done(&resource).contains("XKWVJ"), "{name}");
    }
    assert!(places > 2_000, "{places} places");
}

#[test]
fn text_goes_and_what_is_right_for_its_type_stays() {
    for name in fhir::resource_types().iter().filter(|name| Policy::pseudonymous().names_type(name)) {
        let out = done(&filled(name, None));
        assert!(!out.contains("ZQFREETEXT"), "{name}");
        let kept = Policy::pseudonymous().report();
        let kept = kept.types.iter().find(|one| one.resource_type == *name).unwrap();
        for element in kept.elements.iter().filter(|element| element.method == Some(crate::Method::Keep)) {
            let last = element.path.rsplit('.').next().unwrap();
            let (_, fields) = fhir::resource(name).unwrap();
            let primitive = fields.get(last).is_some_and(|(_, field)| field.fields().is_none());
            let top = element.path.matches('.').count() == 1;
            assert!(!(primitive && top) || out.contains(&format!("\"{last}\":")), "{} is gone", element.path);
        }
    }
}
