//! Contained resources.

use super::engine::Engine;
use super::invariants::Subject;
use super::place::Place;
use super::scope::{Scope, mentions};
use crate::json::NameId;

const ID: NameId = NameId::element("id");
const META: NameId = NameId::element("meta");
const VERSION_ID: NameId = NameId::element("versionId");
const LAST_UPDATED: NameId = NameId::element("lastUpdated");
const SECURITY: NameId = NameId::element("security");

impl<'a, N: Subject<'a>> Engine<'_, N> {
    /// What holds for a resource because it is contained: it has an id, and dom-2 to dom-5.
    pub(super) fn contained(&mut self, value: N, place: &Place<'_>, scope: &Scope<'_, 'a, N>) {
        let id = value.text(ID);
        if id.is_none() {
            self.error("required", "contained resource without id", &place.member(ID));
        }
        if !self.options.invariants {
            return;
        }
        if scope.is_contained() {
            return self.error("invariant", "dom-2: a contained resource contains another", place);
        }
        let is_named = id.is_some_and(|id| scope.container.is_mentioned(id));
        if !is_named && !mentions(value).contains("") {
            self.error("invariant", "dom-3: a contained resource that nothing refers to", place);
        }
        let meta = value.member(META);
        let has = |name| meta.is_some_and(|meta| meta.member(name).is_some());
        if has(VERSION_ID) || has(LAST_UPDATED) {
            self.error("invariant", "dom-4: a contained resource with a version or a time of update", place);
        }
        if has(SECURITY) {
            self.error("invariant", "dom-5: a contained resource with a security label", place);
        }
    }
}
