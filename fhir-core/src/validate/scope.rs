//! What a reference can name from where it stands.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use crate::Value;
use crate::fhirpath::Resolve;
use crate::json::{JsonNode, NameId};

const RESOURCE_TYPE: NameId = NameId::element("resourceType");
const ID: NameId = NameId::element("id");
const CONTAINED: NameId = NameId::element("contained");
const ENTRY: NameId = NameId::element("entry");
const FULL_URL: NameId = NameId::element("fullUrl");
const RESOURCE: NameId = NameId::element("resource");

/// A resource, what contains it, and the Bundle that it is in.
#[derive(Clone, Copy)]
pub(super) struct Scope<'s, 'a, N> {
    /// The resource itself.
    pub(super) resource: N,
    /// The resource whose contained resources `#id` names; the resource itself when it is not contained.
    pub(super) container: &'s Named<'a, N>,
    /// The entries of the innermost Bundle by their `fullUrl`.
    pub(super) bundle: Option<&'s Named<'a, N>>,
}

impl<'a, N: JsonNode<'a>> Scope<'_, 'a, N> {
    /// Whether the resource is contained in another.
    pub(super) fn is_contained(&self) -> bool {
        !self.resource.is_same(self.container.within)
    }
}

/// Resources by name, with an index that is made when the first is asked for.
pub(super) struct Named<'a, N> {
    /// What they are in.
    pub(super) within: N,
    index: OnceCell<HashMap<&'a str, N>>,
    mentioned: OnceCell<HashSet<&'a str>>,
    collect: fn(N) -> HashMap<&'a str, N>,
}

impl<'a, N: JsonNode<'a>> Named<'a, N> {
    /// The contained resources of a resource, by id.
    pub(super) fn contained(resource: N) -> Self {
        Self { within: resource, index: OnceCell::new(), mentioned: OnceCell::new(), collect: by_id }
    }

    /// The resources of a Bundle, by `fullUrl`.
    pub(super) fn entries(bundle: N) -> Self {
        Self { within: bundle, index: OnceCell::new(), mentioned: OnceCell::new(), collect: by_url }
    }

    /// The type of the resource with this name; empty when it does not say.
    pub(super) fn type_of(&self, name: &str) -> Option<&'a str> {
        self.named(name).map(|resource| resource.text(RESOURCE_TYPE).unwrap_or_default())
    }

    fn named(&self, name: &str) -> Option<N> {
        self.index.get_or_init(|| (self.collect)(self.within)).get(name).copied()
    }

    /// Whether anything in the resource says `#id`.
    pub(super) fn is_mentioned(&self, id: &str) -> bool {
        self.mentioned.get_or_init(|| mentions(self.within)).contains(id)
    }
}

impl<'a> Resolve for Named<'a, &'a Value> {
    fn resolve(&self, reference: &str) -> Option<&Value> {
        self.named(reference)
    }
}

fn by_id<'a, N: JsonNode<'a>>(resource: N) -> HashMap<&'a str, N> {
    let contained = resource.member(CONTAINED).into_iter().flat_map(JsonNode::items);
    contained.filter_map(|one| Some((one.text(ID)?, one))).collect()
}

fn by_url<'a, N: JsonNode<'a>>(bundle: N) -> HashMap<&'a str, N> {
    let entries = bundle.member(ENTRY).into_iter().flat_map(JsonNode::items);
    entries.filter_map(|entry| Some((entry.text(FULL_URL)?, entry.member(RESOURCE)?))).collect()
}

/// What stands after `#` in the texts that begin with it: references and URIs into the resource.
pub(super) fn mentions<'a, N: JsonNode<'a>>(value: N) -> HashSet<&'a str> {
    let mut found = HashSet::new();
    let mut open = vec![value];
    while let Some(value) = open.pop() {
        found.extend(value.as_str().and_then(|text| text.strip_prefix('#')));
        open.extend(value.items());
        open.extend(value.members().map(|(_, member)| member));
    }
    found
}
