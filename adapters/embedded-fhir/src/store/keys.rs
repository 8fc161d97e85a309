use std::collections::{BTreeSet, HashMap};

use carewire_fhir_core::{Kind, Phi, Reference, Value};
use uuid::Uuid;

use crate::BASE_PATH;

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
    /// The codes of the element `code`, in any system and in lower case.
    pub(crate) codes: Vec<Box<str>>,
    /// `Type/<id>` of everything that is referred to, wherever in the resource.
    pub(crate) references: Vec<Box<str>>,
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
        if let Some(code) = resource.get("code") {
            keys.codes.extend(code.list("coding").iter().filter_map(|coding| coding.str("code")).map(lower));
        }
        collect_references(resource, &mut keys.references);
        for list in [&mut keys.codes, &mut keys.references] {
            list.sort_unstable();
            list.dedup();
        }
        keys
    }
}

fn lower(code: &str) -> Box<str> {
    code.to_ascii_lowercase().into()
}

fn token(value: &Value, member: &str) -> Option<Token> {
    Some(Token { system: value.str("system").unwrap_or_default().into(), value: value.str(member)?.into() })
}

fn collect_references(value: &Value, into: &mut Vec<Box<str>>) {
    for (name, member) in value.members() {
        match member.as_str() {
            Some(text) if name == "reference" => into.extend(local(text)),
            Some(_) => {}
            None => collect_references(member, into),
        }
    }
    value.items().iter().for_each(|item| collect_references(item, into));
}

/// The `Type/<id>` that a reference means on this server, without a version.
pub(crate) fn local(text: &str) -> Option<Box<str>> {
    let relative = text.rsplit_once(BASE_PATH).map_or(text, |(_, below)| below.trim_start_matches('/'));
    match Reference::parse(relative) {
        Reference::Relative { resource_type, id, .. } => Some(format!("{resource_type}/{id}").into()),
        _ => None,
    }
}

/// From a text to the resources that carry it.
#[derive(Debug, Default)]
pub(crate) struct Index(Phi<HashMap<Box<str>, BTreeSet<Uuid>>>);

impl Index {
    pub(crate) fn insert(&mut self, key: &str, id: Uuid) {
        match self.0.expose_mut().get_mut(key) {
            Some(ids) => {
                ids.insert(id);
            }
            None => {
                self.0.expose_mut().insert(key.into(), BTreeSet::from([id]));
            }
        }
    }

    pub(crate) fn remove(&mut self, key: &str, id: Uuid) {
        let Some(ids) = self.0.expose_mut().get_mut(key) else { return };
        ids.remove(&id);
        if ids.is_empty() {
            self.0.expose_mut().remove(key);
        }
    }

    pub(crate) fn get<'i>(&'i self, key: &str) -> impl Iterator<Item = Uuid> + use<'i> {
        self.0.expose().get(key).into_iter().flatten().copied()
    }
}
