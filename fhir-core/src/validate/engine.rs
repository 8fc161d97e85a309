//! The walk through a resource, beside its definition.

use std::collections::HashSet;

use super::ValidateOptions;
use super::invariants::{Made, Subject};
use super::place::Place;
use super::primitive::{Fit, fit};
use super::scope::{Named, Scope};
use crate::definition::{Definitions, ElementDef, Primitive, Role, TypeDef, TypeKind, r4};
use crate::json::{JsonNode, NameId, NameRef};
use crate::reference::has_scheme;
use crate::{Issue, Kind, Severity};

const RESOURCE_TYPE: NameId = NameId::element("resourceType");
const ID: NameId = NameId::element("id");
const CONTAINED: NameId = NameId::element("contained");
const URL: NameId = NameId::element("url");

/// The faults of a resource; `None` when it must be read as a tree to say them.
pub(super) fn faults<'a, N: Subject<'a>>(resource: N, options: &ValidateOptions) -> Option<Vec<Issue>> {
    let table = r4();
    let mut engine = Engine { options, table, issues: Vec::new(), made: Made::default(), needs_tree: false };
    let known = resource.text(RESOURCE_TYPE).and_then(|name| table.resource(name));
    engine.resource(resource, &Place::root(known.map_or("Resource", |known| known.name)), None);
    (!engine.needs_tree).then_some(engine.issues)
}

pub(super) struct Engine<'o, N> {
    pub(super) options: &'o ValidateOptions,
    pub(super) table: &'static Definitions,
    issues: Vec<Issue>,
    /// What was made to decide constraints.
    pub(super) made: Made<N>,
    /// A constraint could not be decided over this kind of values.
    pub(super) needs_tree: bool,
}

/// An object that is being looked at.
#[derive(Clone, Copy)]
struct Within<'s, 'a, N> {
    object: N,
    definition: &'static TypeDef,
    scope: &'s Scope<'s, 'a, N>,
}

/// An element of it.
#[derive(Clone, Copy)]
struct Slot {
    name: NameId,
    element: &'static ElementDef,
}

impl<'a, N: Subject<'a>> Engine<'_, N> {
    /// A resource that stands for itself: the root, or one in a Bundle or in Parameters.
    fn resource(&mut self, value: N, place: &Place<'_>, bundle: Option<&Named<'a, N>>) {
        let container = Named::contained(value);
        let is_bundle = value.text(RESOURCE_TYPE) == Some("Bundle");
        let entries = is_bundle.then(|| Named::entries(value));
        let scope = Scope { resource: value, container: &container, bundle: entries.as_ref().or(bundle) };
        self.resource_within(value, place, &scope);
    }

    fn resource_within(&mut self, value: N, place: &Place<'_>, scope: &Scope<'_, 'a, N>) {
        let name = value.text(RESOURCE_TYPE);
        let definition = name.and_then(|name| self.table.resource(name));
        match definition {
            Some(definition) => {
                self.object(&Within { object: value, definition, scope }, place);
            }
            None => self.error("structure", "not a resource type of R4", &place.member(RESOURCE_TYPE)),
        }
    }

    /// Looks at the members of an object, and then at what is not there. Answers whether it has more than an `id`.
    fn object(&mut self, within: &Within<'_, 'a, N>, place: &Place<'_>) -> bool {
        let Within { object, definition, scope } = *within;
        let is_resource = definition.kind == TypeKind::Resource;
        let (mut seen, mut doubled, mut content) = (0, 0, false);
        for (name, value) in object.members() {
            if self.is_full() {
                return true;
            }
            let found = name.id().and_then(|(id, sibling)| Some((id, sibling, definition.element(id)?)));
            let Some((id, is_sibling, element)) = found else {
                if !(is_resource && name.id() == Some((RESOURCE_TYPE, false))) {
                    content = true;
                    self.unknown(name, value, place);
                }
                continue;
            };
            content |= id != ID;
            if seen & element.bit() != 0 && element.is_choice() && has_other(object, definition, id, element)
            {
                doubled |= element.bit();
            }
            seen |= element.bit();
            let slot = Slot { name: id, element };
            match is_sibling {
                true => self.sibling(within, slot, value, &place.member(id)),
                false => self.member(within, slot, value, &place.member(id)),
            }
        }
        let missing = definition.required & !seen;
        if missing | doubled != 0 {
            self.slots(definition, missing, doubled, place);
        }
        if content && self.options.invariants {
            self.constraints(definition, object, place, scope);
        }
        content
    }

    /// Says which slots are empty that must not be, and which are filled twice.
    fn slots(&mut self, definition: &TypeDef, missing: u64, doubled: u64, place: &Place<'_>) {
        for slot in 0..u64::BITS {
            let at = place.slot(definition.slot(slot));
            if missing & (1 << slot) != 0 {
                self.error("required", "missing element", &at);
            }
            if doubled & (1 << slot) != 0 {
                self.error("structure", "more than one value", &at);
            }
        }
    }

    fn member(&mut self, within: &Within<'_, 'a, N>, slot: Slot, value: N, place: &Place<'_>) {
        if slot.element.is_forbidden() {
            return self.error("structure", "not allowed here", place);
        }
        if !slot.element.is_list() {
            return match value.kind() {
                Kind::Array => self.error("structure", "array where one value belongs", place),
                _ => self.value(within, slot, value, place),
            };
        }
        match value.kind() {
            Kind::Array if value.is_empty() => self.error("structure", "empty array", place),
            Kind::Array => self.items(within, slot, value, place),
            Kind::Null => self.error("structure", "null is not allowed", place),
            _ => self.error("structure", "one value where an array belongs", place),
        }
    }

    /// The values of an element that repeats. `null` holds the place of one that has only a sibling.
    fn items(&mut self, within: &Within<'_, 'a, N>, slot: Slot, array: N, place: &Place<'_>) {
        let mut siblings = None;
        for (index, item) in array.items().enumerate() {
            let is_null = item.kind() == Kind::Null;
            let siblings =
                is_null.then(|| siblings.get_or_insert_with(|| siblings_of(within.object, slot.name)));
            let sibling = siblings.and_then(|siblings| siblings.get(index));
            if sibling.is_none_or(|sibling| sibling.kind() != Kind::Object) {
                self.value(within, slot, item, &place.item(index));
            }
        }
    }

    fn value(&mut self, within: &Within<'_, 'a, N>, slot: Slot, value: N, place: &Place<'_>) {
        match (slot.element.primitive, value.kind()) {
            (_, Kind::Null) => self.error("structure", "null is not allowed", place),
            (_, Kind::Array) => self.error("structure", "array in an array", place),
            (_, Kind::Object) if value.is_empty() => self.error("structure", "empty object", place),
            (Some(primitive), _) => self.primitive(slot, primitive, value, place),
            (None, Kind::Object) => self.complex(within, slot, value, place),
            (None, _) => self.error("structure", "wrong json type", place),
        }
        if slot.element.is_constrained() && self.options.invariants {
            self.element_constraints(within.definition, slot.name, value, place, within.scope);
        }
    }

    fn primitive(&mut self, slot: Slot, primitive: Primitive, value: N, place: &Place<'_>) {
        match fit(primitive, value) {
            Fit::OtherKind => self.error("structure", "wrong json type", place),
            Fit::Malformed if value.as_str() == Some("") => self.error("value", "empty string", place),
            Fit::Malformed => {
                let name = self.table.type_of(slot.element).map_or("", |one| one.name);
                self.error("value", &format!("not a valid {name}"), place);
            }
            Fit::Good if primitive == Primitive::Code => {
                self.code(value.as_str().unwrap_or_default(), slot.element, place);
            }
            Fit::Poor if self.options.warnings => {
                let name = self.table.type_of(slot.element).map_or("", |one| one.name);
                let text = format!("a {name} of white space, or with control characters");
                self.report(Severity::Warning, "value", &text, place);
            }
            Fit::Good | Fit::Poor => {}
        }
    }

    fn complex(&mut self, within: &Within<'_, 'a, N>, slot: Slot, value: N, place: &Place<'_>) {
        let Some(definition) = self.table.type_of(slot.element) else { return };
        let scope = within.scope;
        if definition.kind != TypeKind::Complex {
            return self.inner_resource(slot, value, place, scope);
        }
        if !self.object(&Within { object: value, definition, scope }, place) && self.options.invariants {
            self.error("invariant", "ele-1: All FHIR elements must have a @value or children", place);
        }
        match definition.role {
            Role::Plain => {}
            Role::Reference => self.reference(value, slot.element, place, scope),
            Role::Coded => self.concept(value, slot.element, place),
            Role::Extension if within.definition.role == Role::Extension => {}
            Role::Extension => self.extension_url(value, place),
        }
    }

    /// A resource in an element: contained, or one that stands for itself.
    fn inner_resource(&mut self, slot: Slot, value: N, place: &Place<'_>, scope: &Scope<'_, 'a, N>) {
        if slot.name != CONTAINED {
            return self.resource(value, place, scope.bundle);
        }
        self.contained(value, place, scope);
        if !scope.is_contained() {
            self.resource_within(value, place, &Scope { resource: value, ..*scope });
        }
    }

    /// The URL of an extension is absolute; only those inside another extension are relative to it.
    fn extension_url(&mut self, extension: N, place: &Place<'_>) {
        let url = extension.text(URL);
        if url.is_some_and(|url| !url.is_empty() && !has_scheme(url)) {
            self.error("value", "url of an extension is not absolute", &place.member(URL));
        }
    }

    /// The `_field` of a primitive: `id` and extensions.
    fn sibling(&mut self, within: &Within<'_, 'a, N>, slot: Slot, value: N, place: &Place<'_>) {
        if slot.element.primitive.is_none() {
            return self.error("structure", "only primitives have a sibling with an underscore", place);
        }
        let field = within.object.member(slot.name);
        match (slot.element.is_list(), value.kind()) {
            (true, Kind::Array) => self.siblings(within, value, field, place),
            (false, Kind::Object) => self.shadow(within, value, field.is_some(), place),
            (_, Kind::Null) => self.error("structure", "null is not allowed", place),
            (true, _) => self.error("structure", "one value where an array belongs", place),
            (false, Kind::Array) => self.error("structure", "array where one value belongs", place),
            (false, _) => self.error("structure", "wrong json type", place),
        }
    }

    /// The `_field` of a primitive that repeats: as long as the field, with `null` where there is nothing to say.
    fn siblings(&mut self, within: &Within<'_, 'a, N>, array: N, field: Option<N>, place: &Place<'_>) {
        if array.is_empty() {
            return self.error("structure", "empty array", place);
        }
        if field.is_some_and(|field| field.kind() == Kind::Array && field.len() != array.len()) {
            self.error("structure", "not as long as its sibling with an underscore", place);
        }
        let mut values = field.into_iter().flat_map(JsonNode::items);
        for (index, item) in array.items().enumerate() {
            let value = values.next().filter(|value| value.kind() != Kind::Null);
            match item.kind() {
                Kind::Object => self.shadow(within, item, value.is_some(), &place.item(index)),
                Kind::Null if value.is_some() => {}
                // Where the field has a `null` too, that one was reported.
                Kind::Null if field.is_some_and(|field| index < field.len()) => {}
                Kind::Null => self.error("structure", "null is not allowed", &place.item(index)),
                _ => self.error("structure", "wrong json type", &place.item(index)),
            }
        }
    }

    /// What stands beside, or in the place of, one value of a primitive.
    fn shadow(&mut self, within: &Within<'_, 'a, N>, object: N, has_value: bool, place: &Place<'_>) {
        let Some(definition) = self.table.named("Element") else { return };
        if object.is_empty() {
            return self.error("structure", "empty object", place);
        }
        let content = self.object(&Within { object, definition, scope: within.scope }, place);
        if !content && !has_value && self.options.invariants {
            self.error("invariant", "ele-1: All FHIR elements must have a @value or children", place);
        }
    }

    fn unknown(&mut self, name: NameRef<'a>, value: N, place: &Place<'_>) {
        let place = place.unknown(name);
        match self.options.unknown_elements.severity() {
            Some(severity) => self.report(severity, "structure", "no element of R4 here", &place),
            None => self.anything(value, name.as_str().starts_with('_'), &place),
        }
    }

    /// What every element keeps, known or not.
    fn anything(&mut self, value: N, may_have_nulls: bool, place: &Place<'_>) {
        match value.kind() {
            Kind::Null => self.error("structure", "null is not allowed", place),
            Kind::String if value.as_str() == Some("") => self.error("value", "empty string", place),
            Kind::Object | Kind::Array if value.is_empty() => self.error("structure", "nothing in it", place),
            _ => {}
        }
        let siblings: HashSet<&str> =
            value.members().filter_map(|(name, _)| name.as_str().strip_prefix('_')).collect();
        for (name, member) in value.members() {
            let may_have_nulls = name.as_str().starts_with('_') || siblings.contains(name.as_str());
            self.anything(member, may_have_nulls, &place.unknown(name));
        }
        for (index, item) in value.items().enumerate() {
            if !(may_have_nulls && item.kind() == Kind::Null) {
                self.anything(item, false, &place.item(index));
            }
        }
    }

    pub(super) fn error(&mut self, code: &str, text: &str, place: &Place<'_>) {
        self.report(Severity::Error, code, text, place);
    }

    pub(super) fn report(&mut self, severity: Severity, code: &str, text: &str, place: &Place<'_>) {
        if !self.is_full() {
            self.issues.push(Issue { severity, ..Issue::error(code, text).at(place.expression()) });
        }
    }

    fn is_full(&self) -> bool {
        self.needs_tree || self.issues.len() >= self.options.max_issues
    }
}

/// Whether an object has another type of the same choice.
fn has_other<'a>(
    object: impl JsonNode<'a>,
    definition: &TypeDef,
    name: NameId,
    element: &ElementDef,
) -> bool {
    let mut others = object.members().filter_map(|(name, _)| name.id());
    others.any(|(other, _)| {
        other != name && definition.element(other).is_some_and(|other| other.slot == element.slot)
    })
}

/// The items of the `_field` of a field.
fn siblings_of<'a, N: JsonNode<'a>>(object: N, name: NameId) -> Vec<N> {
    let mut members = object.members();
    let sibling = members.find_map(|(member, value)| (member.id() == Some((name, true))).then_some(value));
    sibling.into_iter().flat_map(JsonNode::items).collect()
}
