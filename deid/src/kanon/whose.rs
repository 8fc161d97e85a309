//! Which persons a resource is about.

use std::collections::{BTreeSet, HashMap};

use carewire_fhir_core::{Compartment, Kind, Reference, Value, element};

/// The elements that say whom a resource is about.
const SUBJECTS: [&str; 5] = ["patient", "subject", "beneficiary", "for", "individual"];

/// Whether a resource of this type is about somebody: a Patient, or what R4 lets refer to one.
pub(super) fn is_about_persons(resource_type: &str) -> bool {
    resource_type == "Patient"
        || SUBJECTS
            .iter()
            .any(|name| element(resource_type, name).is_some_and(|of| of.type_name == "Reference"))
        || Compartment::Patient.types().any(|name| name == resource_type)
}

/// The addresses of one document: what stands at each of them.
pub(super) struct Whose<'a> {
    types: HashMap<&'a str, &'a str>,
}

/// A resource and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) resource: &'a Value,
    /// Its address, when it stands in an entry.
    pub(super) full_url: Option<&'a str>,
    /// The resource that it is contained in.
    pub(super) container: Option<&'a Value>,
}

impl<'a> Whose<'a> {
    pub(super) fn of(places: &[Place<'a>]) -> Self {
        let typed = |place: &Place<'a>| Some((place.full_url?, place.resource.str("resourceType")?));
        Self { types: places.iter().filter_map(typed).collect() }
    }

    /// The names of each person that a resource is about, none where it is about something else; `None` where nothing says
    /// whom it is about.
    pub(super) fn persons(&self, place: &Place<'_>) -> Option<Vec<Vec<String>>> {
        let resource = place.resource;
        if resource.str("resourceType") == Some("Patient") {
            return Some(vec![names_of(place)]);
        }
        let around = place.container.unwrap_or(resource);
        let said: Vec<&Value> =
            SUBJECTS.iter().filter_map(|name| resource.get(name)).flat_map(each).collect();
        let named: BTreeSet<String> =
            said.iter().filter_map(|reference| self.referred(reference, around, false)).collect();
        let found = if named.is_empty() { self.anywhere(resource, around) } else { named };
        let is_of_others = !said.is_empty() && said.iter().all(|reference| self.is_to_another(reference));
        if found.is_empty() && !is_of_others {
            return None;
        }
        Some(found.into_iter().map(|name| vec![name]).collect())
    }

    /// Whether a reference surely leads to something that is no patient.
    fn is_to_another(&self, reference: &Value) -> bool {
        let target = reference.str("reference").map(Reference::parse);
        let of = match target {
            Some(Reference::Uuid(url) | Reference::Oid(url)) => self.types.get(url).copied(),
            Some(other) => other.target().map(|(of, _)| of),
            None => None,
        };
        of.or_else(|| reference.str("type")).is_some_and(|of| of != "Patient")
    }

    /// The patients that any element of a resource refers to.
    fn anywhere(&self, value: &Value, around: &Value) -> BTreeSet<String> {
        let mut found: BTreeSet<String> = self.referred(value, around, true).into_iter().collect();
        let below = value.members().filter(|(name, _)| *name != "contained").map(|(_, member)| member);
        for member in below.chain(value.items()) {
            found.extend(self.anywhere(member, around));
        }
        found
    }

    /// The name of the patient that a reference leads to. `surely`: only where it is known to be a patient.
    fn referred(&self, reference: &Value, around: &Value, surely: bool) -> Option<String> {
        if reference.kind() != Kind::Object {
            return None;
        }
        if reference.str("type").is_some_and(|of| of != "Patient" && !of.ends_with("/Patient")) {
            return None;
        }
        let may_be = |of: Option<&&str>| of.map_or(!surely, |of| *of == "Patient");
        match Reference::of(reference)? {
            Reference::Contained(id) => {
                let inside = around.list("contained").iter().find(|one| one.str("id") == Some(id))?;
                (inside.str("resourceType") == Some("Patient")).then(|| inside_name(around, id))
            }
            Reference::Uuid(url) | Reference::Oid(url) => may_be(self.types.get(url)).then(|| address(url)),
            Reference::Logical { identifier, resource_type } => {
                (resource_type.is_some() || !surely).then(|| identifier_name(identifier)).flatten()
            }
            other => match other.target() {
                Some(("Patient", id)) => Some(id_name(id)),
                _ => None,
            },
        }
    }
}

/// Everything that a Patient may be called by.
fn names_of(place: &Place<'_>) -> Vec<String> {
    let patient = place.resource;
    let id = patient.str("id").filter(|id| !id.is_empty());
    if let Some(container) = place.container {
        return id.map(|id| inside_name(container, id)).into_iter().collect();
    }
    let url = place.full_url.map(|url| match Reference::parse(url).target() {
        Some(("Patient", id)) => id_name(id),
        _ => address(url),
    });
    let identifiers = patient.list("identifier").iter().filter_map(identifier_name);
    id.map(id_name).into_iter().chain(url).chain(identifiers).collect()
}

fn id_name(id: &str) -> String {
    format!("Patient/{id}")
}

fn address(url: &str) -> String {
    format!("at {url}")
}

fn identifier_name(identifier: &Value) -> Option<String> {
    let value = identifier.str("value").filter(|value| !value.is_empty())?;
    Some(format!("{value} of {}", identifier.str("system").unwrap_or_default()))
}

/// A contained resource is known within its container only.
fn inside_name(container: &Value, id: &str) -> String {
    format!("{id} in {}", container.to_json())
}

/// The items of a list, or the one value.
fn each(value: &Value) -> impl Iterator<Item = &Value> {
    value.items().iter().chain(Some(value).filter(|value| value.kind() != Kind::Array))
}
