use std::collections::{BTreeSet, HashMap};

use carewire_fhir_core::{Kind, Value};
use uuid::Uuid;

/// A `system|value` pair.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Token {
    pub(crate) system: Box<str>,
    pub(crate) value: Box<str>,
}

/// What a resource can be found by.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Keys {
    pub(crate) identifiers: Vec<Token>,
    pub(crate) tags: Vec<Token>,
    /// `Patient/<id>` and other targets of `subject` and its like.
    pub(crate) subjects: Vec<Box<str>>,
}

impl Keys {
    /// The keys of a resource.
    pub(crate) fn of(resource: &Value) -> Self {
        let mut keys = Self::default();
        match resource.get("identifier") {
            Some(one) if one.kind() == Kind::Object => keys.identifiers.extend(token(one, "value")),
            Some(list) => {
                keys.identifiers.extend(list.items().iter().filter_map(|item| token(item, "value")))
            }
            None => {}
        }
        if let Some(meta) = resource.get("meta") {
            keys.tags.extend(meta.list("tag").iter().filter_map(|tag| token(tag, "code")));
        }
        for name in ["subject", "patient", "beneficiary"] {
            keys.subjects.extend(resource.get(name).and_then(target));
        }
        let actors = resource.list("participant").iter().filter_map(|participant| participant.get("actor"));
        keys.subjects.extend(actors.filter_map(target).filter(|text| text.starts_with("Patient/")));
        keys.subjects.sort_unstable();
        keys.subjects.dedup();
        keys
    }
}

fn token(value: &Value, member: &str) -> Option<Token> {
    Some(Token { system: value.str("system").unwrap_or_default().into(), value: value.str(member)?.into() })
}

fn target(reference: &Value) -> Option<Box<str>> {
    reference.str("reference").map(Into::into)
}

/// From a text to the resources that carry it.
#[derive(Debug, Default)]
pub(crate) struct Index(HashMap<Box<str>, BTreeSet<Uuid>>);

impl Index {
    pub(crate) fn insert(&mut self, key: &str, id: Uuid) {
        match self.0.get_mut(key) {
            Some(ids) => {
                ids.insert(id);
            }
            None => {
                self.0.insert(key.into(), BTreeSet::from([id]));
            }
        }
    }

    pub(crate) fn remove(&mut self, key: &str, id: Uuid) {
        let Some(ids) = self.0.get_mut(key) else { return };
        ids.remove(&id);
        if ids.is_empty() {
            self.0.remove(key);
        }
    }

    pub(crate) fn get(&self, key: &str) -> impl Iterator<Item = Uuid> + '_ {
        self.0.get(key).into_iter().flatten().copied()
    }
}
