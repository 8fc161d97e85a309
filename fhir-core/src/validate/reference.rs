//! What references name.

use super::engine::Engine;
use super::invariants::Subject;
use super::place::Place;
use super::scope::Scope;
use crate::definition::ElementDef;
use crate::json::NameId;
use crate::{Reference, parse_location};

const REFERENCE: NameId = NameId::element("reference");
const RESOURCE_TYPE: NameId = NameId::element("resourceType");
const TYPE: NameId = NameId::element("type");

/// What is known of a reference's target.
enum Target<'a> {
    /// A resource of this type, if that is a type.
    Of(&'a str),
    /// Nothing that could be said from here.
    Unknown,
    /// It should be here and is not.
    Missing,
    /// The type that the reference itself names.
    Named(&'a str),
}

impl<'a, N: Subject<'a>> Engine<'_, N> {
    /// A `Reference`: ref-1, and the types that the element allows.
    pub(super) fn reference(
        &mut self,
        value: N,
        element: &ElementDef,
        place: &Place<'_>,
        scope: &Scope<'_, 'a, N>,
    ) {
        let text = value.text(REFERENCE);
        let declared = value.text(TYPE).map(declared_type);
        let (found, is_named) = match text.map_or(Target::Unknown, |text| self.target(text, scope)) {
            Target::Of(name) => (Some(name), false),
            Target::Named(name) => (Some(name), true),
            Target::Unknown => (None, false),
            Target::Missing if !self.options.invariants => return,
            Target::Missing => {
                let place = place.member(REFERENCE);
                return self.error("invariant", "ref-1: contained resource is not there", &place);
            }
        };
        if let (Some(found), Some(declared)) = (found, declared)
            && found != declared
        {
            self.error("value", "type is not that of the reference", &place.member(TYPE));
        }
        let Some(name) = found.or(declared) else { return };
        let allowed = self.table.targets(element);
        if allowed.is_some_and(|allowed| allowed.contains(&name)) {
            return;
        }
        match (self.table.resource(name), allowed) {
            (Some(_), Some(allowed)) => {
                self.error("value", &format!("refers to another type than {}", allowed.join(", ")), place);
            }
            (None, _) if is_named => {
                self.error("value", "refers to a type that R4 does not have", &place.member(REFERENCE));
            }
            _ => {}
        }
    }

    fn target(&self, text: &'a str, scope: &Scope<'_, 'a, N>) -> Target<'a> {
        let known = |name: Option<&'a str>| match name {
            Some("") | None => Target::Unknown,
            Some(name) => Target::Of(name),
        };
        match Reference::parse(text) {
            Reference::Contained("") => known(scope.container.within.text(RESOURCE_TYPE)),
            Reference::Contained(id) => {
                scope.container.type_of(id).map_or(Target::Missing, |name| known(Some(name)))
            }
            Reference::Relative { resource_type, .. } | Reference::Conditional { resource_type, .. } => {
                Target::Named(resource_type)
            }
            Reference::Absolute(url) | Reference::Uuid(url) | Reference::Oid(url) => {
                let entry = scope.bundle.and_then(|bundle| bundle.type_of(url));
                known(entry.or_else(|| parse_location(url).map(|(name, ..)| name)))
            }
            Reference::Logical { .. } | Reference::Other(_) => Target::Unknown,
        }
    }
}

/// `Reference.type` is the name of a resource type, or the URL of its definition.
fn declared_type(text: &str) -> &str {
    text.strip_prefix("http://hl7.org/fhir/StructureDefinition/").unwrap_or(text)
}
