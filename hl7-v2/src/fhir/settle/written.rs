//! A state as it stands in a resource.

use std::collections::BTreeMap;

use carewire_fhir_core::{Kind, Resource, Value};

use super::stamp::{Stamp, Stamps};
use super::state::{Saying, Slot, State};
use super::unit::{Items, unit_of};
use super::{SETTLED_URL, rank};

impl State {
    /// What a resource says of itself. Without stamps it says it before anybody else.
    pub(super) fn of_known(resource: &Resource) -> Self {
        let mut state = Self::unstamped(resource);
        let stamps = settled_text(resource.value()).and_then(Stamps::read);
        for (slot, saying) in &mut state.said {
            saying.stamp = match &stamps {
                Some(stamps) => stamps.of(&name_of(slot, saying.place)).clone(),
                None => Stamp::default().ranked(
                    rank::of_resource(resource.value()).max(rank::of_unit(resource.value(), &slot.unit)),
                ),
            };
        }
        let ends = stamps.iter().flat_map(Stamps::ends);
        state.ends = ends.map(|(name, stamp)| (name.to_owned(), stamp.clone())).collect();
        state.tidy();
        state
    }

    /// The resource, with its stamps.
    pub(super) fn into_resource(self) -> Resource {
        let settled = self.stamps().write();
        let mut meta: BTreeMap<String, Value> = BTreeMap::new();
        let mut members: BTreeMap<String, Value> = BTreeMap::new();
        let mut said: Vec<(Slot, Saying)> = self.said.into_iter().collect();
        said.sort_by_key(|(_, saying)| saying.place);
        for (slot, saying) in said {
            let into = if slot.unit.starts_with(META) { &mut meta } else { &mut members };
            for (name, value) in saying.members {
                match into.get_mut(&name) {
                    Some(list) => value.items().iter().for_each(|item| list.push(item.clone())),
                    None => drop(into.insert(name, value)),
                }
            }
        }
        let mut stamp = Value::object().with("url", SETTLED_URL).with("valueString", settled);
        match meta.get_mut("extension") {
            Some(list) => list.push(std::mem::take(&mut stamp)),
            None => drop(meta.insert("extension".into(), vec![stamp].into())),
        }
        let mut resource = Resource::new(&self.resource_type);
        let value = resource.value_mut();
        if let Some(id) = self.id {
            value.set("id", id);
        }
        value.set(
            "meta",
            meta.into_iter().fold(Value::object(), |meta, (name, value)| meta.with(&name, value)),
        );
        let mut members: Vec<(String, Value)> = members.into_iter().collect();
        members.sort_by(|(a, _), (b, _)| order_of(a).cmp(&order_of(b)));
        for (name, member) in members {
            value.set(&name, member);
        }
        resource
    }

    fn stamps(&self) -> Stamps {
        let labels = |slot: &Slot| Items::of(&self.resource_type, &slot.unit) == Some(Items::Labels);
        let items = self.said.iter().filter(|(slot, _)| !labels(slot));
        let items = items.map(|(slot, saying)| (name_of(slot, saying.place), saying.stamp.clone()));
        Stamps::new(items.collect(), self.ends.clone())
    }

    pub(super) fn unstamped(resource: &Resource) -> Self {
        let resource_type = resource.resource_type().to_owned();
        let mut state = Self {
            id: resource.value().get("id").cloned(),
            resource_type,
            said: BTreeMap::new(),
            ends: BTreeMap::new(),
        };
        for (name, value) in resource.value().members() {
            match name {
                "resourceType" | "id" => {}
                "meta" => value.members().for_each(|(name, value)| state.take_meta(name, value)),
                name => {
                    let unit = unit_of(resource.resource_type(), name);
                    state.take(unit, name, value.clone());
                }
            }
        }
        state
    }

    fn take_meta(&mut self, name: &str, value: &Value) {
        let mut value = value.clone();
        if name == "extension" {
            value.retain_items(|extension| extension.str("url") != Some(SETTLED_URL));
        }
        if !SERVER_META.contains(&name) {
            self.take(&format!("{META}{name}"), name, value);
        }
    }

    fn take(&mut self, unit: &str, name: &str, value: Value) {
        if value.is_null() || matches!(value.kind(), Kind::Array | Kind::Object) && value.is_empty() {
            return;
        }
        let Some(items) = Items::of(&self.resource_type, unit) else {
            let slot = Slot { unit: unit.to_owned(), key: None };
            let saying = self.said.entry(slot).or_insert_with(|| Saying::at(0));
            saying.members.insert(name.to_owned(), value);
            return;
        };
        let mut found = 0;
        for item in value.items() {
            let slot = Slot { unit: unit.to_owned(), key: Some(items.key(item)) };
            let saying = self.said.entry(slot).or_insert_with(|| {
                found += 1;
                Saying::at(found - 1)
            });
            saying.members.entry(name.to_owned()).or_insert_with(Value::array).push(item.clone());
        }
    }
}

/// Before the names of units that stand in `meta`.
const META: &str = "meta.";

/// What servers say in `meta` of the version that they hold.
const SERVER_META: [&str; 8] =
    ["versionId", "lastUpdated", "author", "onBehalfOf", "project", "account", "accounts", "compartment"];

/// What a slot is called in the stamps: the unit, or the list and the place in it.
fn name_of(slot: &Slot, place: usize) -> String {
    match slot.key {
        None => slot.unit.clone(),
        Some(_) => format!("{}[{place}]", slot.unit),
    }
}

/// The text of the stamps.
pub(super) fn settled_text(resource: &Value) -> Option<&str> {
    let mut extensions = resource.get("meta")?.list("extension").iter();
    extensions.find(|extension| extension.str("url") == Some(SETTLED_URL))?.str("valueString")
}

/// What stands at the head of every resource, then the others by name, each with its sibling.
fn order_of(member: &str) -> (usize, &str, bool) {
    let name = member.strip_prefix('_').unwrap_or(member);
    let head = HEAD.iter().position(|first| *first == name).unwrap_or(HEAD.len());
    (head, name, name.len() < member.len())
}

const HEAD: [&str; 8] = [
    "implicitRules",
    "language",
    "text",
    "contained",
    "extension",
    "modifierExtension",
    "identifier",
    "status",
];
