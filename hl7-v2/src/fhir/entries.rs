//! The entries of a Bundle in the making: one for each identity.

use std::collections::hash_map::Entry as MapEntry;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use carewire_fhir_core::{Kind, Resource, Value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The system of identities that were made from content, because the message gives none.
///
/// The value is the SHA-256, in hexadecimal, over what is stable about the resource: the identity of its patient and of
/// the resource it belongs to, its codes, its dates, and its number where nothing else tells it apart. It is not
/// keyed: whoever can guess the parts can find it out, so it is as identifying as its parts.
pub const DERIVED_SYSTEM: &str = "urn:carewire:derived";

/// What makes a resource the same one in every message that speaks of it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Identity {
    pub(crate) resource_type: String,
    pub(crate) system: String,
    pub(crate) value: String,
}

impl Identity {
    pub(crate) fn new(resource_type: &str, system: &str, value: &str) -> Self {
        Self { resource_type: resource_type.into(), system: system.into(), value: value.into() }
    }

    /// An identity made from parts. Parts are told apart by their lengths: `ab, c` is not `a, bc`.
    pub(crate) fn derived(resource_type: &str, parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in ["carewire derived identity 1", resource_type].iter().chain(parts) {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let value: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Self::new(resource_type, DERIVED_SYSTEM, &value)
    }

    /// The URL of the entry: a UUID of version 5 over type, system and value.
    pub(crate) fn full_url(&self) -> String {
        static SPACE: LazyLock<Uuid> =
            LazyLock::new(|| Uuid::new_v5(&Uuid::NAMESPACE_URL, b"urn:carewire:entry"));
        let name = format!("{}|{}|{}", self.resource_type, self.system, self.value);
        format!("urn:uuid:{}", Uuid::new_v5(&SPACE, name.as_bytes()))
    }
}

pub(crate) struct Entry {
    pub(crate) identity: Identity,
    pub(crate) full_url: String,
    pub(crate) resource: Resource,
}

/// What became of a resource that was added.
pub(crate) enum Added {
    New,
    Known,
    /// It described a known one in another way.
    Contradicts,
    /// It shared its identity with another resource, and got one of its own.
    Renamed,
}

/// Where an item was added to a list of a resource.
pub(crate) struct Appended {
    pub(crate) position: usize,
    pub(crate) resource_type: String,
    pub(crate) index: usize,
}

/// The entries in order, and where to find what: a message can have tens of thousands, and nothing here looks at all
/// of them for each.
#[derive(Default)]
pub(crate) struct Entries {
    list: Vec<Entry>,
    by_identity: HashMap<Identity, usize>,
    by_url: HashMap<String, usize>,
    /// Those that share an identity with the first, by what they say.
    sharers: HashMap<Identity, HashMap<String, usize>>,
    /// The items of the lists that items were added to.
    items: HashMap<usize, HashMap<String, HashSet<String>>>,
}

impl Entries {
    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.list.iter()
    }

    pub(crate) fn into_list(self) -> Vec<Entry> {
        self.list
    }

    pub(crate) fn get(&self, position: usize) -> Option<&Entry> {
        self.list.get(position)
    }

    /// The entries from this position on, with their positions.
    pub(crate) fn from(&self, position: usize) -> impl Iterator<Item = (usize, &Entry)> {
        self.list.iter().enumerate().skip(position)
    }

    /// Adds an item to a list of a resource, unless it is there.
    pub(crate) fn append_item(&mut self, full_url: &str, member: &str, item: Value) -> Option<Appended> {
        let position = *self.by_url.get(full_url)?;
        let resource = self.list.get_mut(position)?.resource.value_mut();
        let list = resource.list(member);
        let index = list.len();
        let items = self.items.entry(position).or_default().entry(member.to_owned());
        let items = items.or_insert_with(|| list.iter().map(Value::to_json).collect());
        if !items.insert(item.to_json()) {
            return None;
        }
        append(resource, member, item);
        let resource_type = resource.str("resourceType").unwrap_or_default().to_owned();
        Some(Appended { position, resource_type, index })
    }

    /// Adds a resource under its identity, which it then carries as an identifier. Gives its position.
    pub(crate) fn add(&mut self, identity: Identity, mut resource: Resource) -> (usize, Added) {
        carry(&mut resource, &identity);
        let Some(&position) = self.by_identity.get(&identity) else {
            return (self.append(identity, resource), Added::New);
        };
        let Some(known) = self.list.get_mut(position) else { return (position, Added::Known) };
        if known.resource == resource {
            (position, Added::Known)
        } else if is_directory(&identity.resource_type) {
            let agreed = merge(known.resource.value_mut(), resource.into_value());
            self.items.remove(&position);
            (position, if agreed { Added::Known } else { Added::Contradicts })
        } else {
            self.rename(&identity, resource)
        }
    }

    fn append(&mut self, identity: Identity, resource: Resource) -> usize {
        let position = self.list.len();
        self.by_identity.insert(identity.clone(), position);
        let full_url = identity.full_url();
        self.by_url.insert(full_url.clone(), position);
        self.list.push(Entry { full_url, identity, resource });
        position
    }

    /// Gives a resource an identity made from the shared one and its number among those who share it. The shared
    /// identifier stays as a value without a system, so that a search for it finds the first resource alone.
    fn rename(&mut self, shared: &Identity, mut resource: Resource) -> (usize, Added) {
        disown(&mut resource, shared);
        let sharers = self.sharers.entry(shared.clone()).or_default();
        let number = sharers.len() + 2;
        match sharers.entry(resource.to_json()) {
            MapEntry::Occupied(known) => return (*known.get(), Added::Known),
            MapEntry::Vacant(new) => new.insert(self.list.len()),
        };
        let parts = [shared.system.as_str(), &shared.value, &number.to_string()];
        let identity = Identity::derived(&shared.resource_type, &parts);
        carry(&mut resource, &identity);
        (self.append(identity, resource), Added::Renamed)
    }
}

/// Types that describe the same thing wherever they are mentioned.
fn is_directory(resource_type: &str) -> bool {
    matches!(
        resource_type,
        "Organization" | "Practitioner" | "PractitionerRole" | "Location" | "Device" | "Specimen" | "Account"
    ) || matches!(resource_type, "Patient" | "RelatedPerson")
}

/// Makes sure that the resource carries its identity, if its type has identifiers.
fn carry(resource: &mut Resource, identity: &Identity) {
    if matches!(resource.resource_type(), "MessageHeader" | "Provenance") {
        return;
    }
    let has = |identifier: &Value| {
        identifier.str("system") == Some(&identity.system) && identifier.str("value") == Some(&identity.value)
    };
    if resource.value().list("identifier").iter().any(has) {
        return;
    }
    let identifier =
        Value::object().with("system", identity.system.as_str()).with("value", identity.value.as_str());
    append(resource.value_mut(), "identifier", identifier);
}

fn disown(resource: &mut Resource, shared: &Identity) {
    let Some(list) = resource.value_mut().get_mut("identifier") else { return };
    if shared.system == DERIVED_SYSTEM {
        list.retain_items(|identifier| identifier.str("value") != Some(&shared.value));
    }
    for identifier in list.items_mut() {
        if identifier.str("system") == Some(&shared.system) && identifier.str("value") == Some(&shared.value)
        {
            identifier.remove("system");
        }
    }
}

/// Adds an item to a list of an object, which is made when it is not there.
fn append(object: &mut Value, member: &str, item: Value) {
    match object.get_mut(member) {
        Some(list) => list.push(item),
        None => {
            object.set(member, vec![item]);
        }
    }
}

/// Adds to `known` what `other` says beyond it. False when they say different things; then `known` wins.
fn merge(known: &mut Value, other: Value) -> bool {
    if *known == other {
        return true;
    }
    match (known.kind(), other.kind()) {
        (Kind::Object, Kind::Object) => other.members().fold(true, |agreed, (name, value)| {
            let same = match known.get_mut(name) {
                Some(mine) => merge(mine, value.clone()),
                None => {
                    known.set(name, value.clone());
                    true
                }
            };
            agreed && same
        }),
        (Kind::Array, Kind::Array) => {
            for item in other.items() {
                if !known.items().contains(item) {
                    known.push(item.clone());
                }
            }
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resource(json: &str) -> Resource {
        Resource::parse(json.as_bytes()).unwrap()
    }

    #[test]
    fn parts_are_told_apart() {
        let of = |parts: &[&str]| Identity::derived("Observation", parts).value;
        assert_eq!(of(&["a", "b"]), of(&["a", "b"]));
        assert_ne!(of(&["ab", "c"]), of(&["a", "bc"]));
        assert_ne!(of(&["a"]), Identity::derived("Condition", &["a"]).value);
        assert_eq!(of(&["a"]).len(), 64);
    }

    #[test]
    fn the_url_follows_from_the_identity() {
        let url = Identity::new("Patient", "urn:x", "1").full_url();
        assert_eq!(url, Identity::new("Patient", "urn:x", "1").full_url());
        assert_ne!(url, Identity::new("Encounter", "urn:x", "1").full_url());
        assert!(
            Uuid::try_parse(url.trim_start_matches("urn:uuid:"))
                .is_ok_and(|uuid| uuid.get_version_num() == 5)
        );
    }

    #[test]
    fn a_place_that_is_mentioned_twice_is_one_entry() {
        let mut entries = Entries::default();
        let identity = Identity::new("Organization", "urn:x", "1");
        entries.add(identity.clone(), resource(r#"{"resourceType":"Organization","name":"A"}"#));
        let (at, added) =
            entries.add(identity.clone(), resource(r#"{"resourceType":"Organization","alias":["B"]}"#));
        assert!(at == 0 && matches!(added, Added::Known) && entries.len() == 1);
        let (_, added) = entries.add(identity, resource(r#"{"resourceType":"Organization","name":"C"}"#));
        assert!(matches!(added, Added::Contradicts));
        let merged = entries.into_list().remove(0).resource;
        assert_eq!((merged.value().str("name"), merged.value().list("alias").len()), (Some("A"), 1));
    }

    #[test]
    fn two_orders_with_one_number_stay_two() {
        let mut entries = Entries::default();
        let order = |code: &str| {
            resource(&format!(
                r#"{{"resourceType":"ServiceRequest","identifier":[{{"system":"urn:x","value":"1"}}],"code":{{"text":"{code}"}}}}"#
            ))
        };
        let identity = || Identity::new("ServiceRequest", "urn:x", "1");
        entries.add(identity(), order("A"));
        let (second, added) = entries.add(identity(), order("B"));
        assert!(second == 1 && matches!(added, Added::Renamed));
        assert_eq!(entries.add(identity(), order("B")).0, 1, "the same again is no third");
        assert_eq!(entries.add(identity(), order("C")).0, 2);
        let urls: std::collections::HashSet<_> = entries.iter().map(|entry| &entry.full_url).collect();
        assert_eq!(urls.len(), 3);
        let renamed = entries.into_list().remove(1).resource;
        let identifiers = renamed.value().list("identifier");
        assert_eq!(
            identifiers[0].str("system"),
            None,
            "a search for the shared number finds the first alone"
        );
        assert_eq!(identifiers[1].str("system"), Some(DERIVED_SYSTEM));
    }
}
