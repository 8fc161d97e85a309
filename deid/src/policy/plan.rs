//! What a policy does at each element that was met so far, and how often.
//!
//! A policy is a tree of names, the data has paths without end: the plan grows along the paths that come, so that a
//! second resource of a type finds every decision made, beside the place where it is counted.

use carewire_fhir_core::json::NameId;

use super::{Method, Node, Parameters, Policy};
use crate::deidentify::{Manifest, Treatment};
use crate::fhir::{self, Codes, Field, Fields};

/// The number of a [`Spot`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct At(u32);

/// The plan.
#[derive(Clone)]
pub(crate) struct Plan<'p> {
    policy: &'p Policy,
    spots: Vec<Spot<'p>>,
    roots: Vec<(&'static str, At)>,
    /// What was done to the resource at hand: it counts when the resource is written.
    notes: Vec<(At, Treatment)>,
}

/// One element path.
#[derive(Clone)]
pub(crate) struct Spot<'p> {
    pub(crate) path: String,
    /// The last name of the path, where an element has it.
    pub(crate) name: Option<NameId>,
    pub(crate) step: Step,
    pub(crate) method: Option<Method>,
    pub(crate) parameters: Option<&'p Parameters>,
    pub(crate) many: bool,
    pub(crate) required: bool,
    pub(crate) codes: Codes,
    pub(crate) type_name: &'static str,
    inside: Inside<'p>,
    parent: Option<At>,
    children: Vec<(NameId, At)>,
    /// Where the next child is expected: elements come in the same order in most resources.
    next: usize,
    unknown: Option<At>,
    counts: [u64; Treatment::ALL.len()],
}

/// What the policy says of the elements below.
#[derive(Clone, Copy)]
struct Inside<'p> {
    node: Option<&'p Node>,
    /// Whether elements that are not named follow the rules of their datatypes.
    deep: bool,
    fields: Option<&'static Fields>,
}

const CLOSED: Inside<'static> = Inside { node: None, deep: false, fields: None };

/// What is done with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// It goes.
    Drop,
    /// Its elements are looked at.
    Object,
    /// It stays if it is of its type.
    Primitive(Primitive),
    Coding,
    Concept,
    Quantity,
    Money,
    Reference,
    /// A keyed surrogate.
    Identifier,
    Uri,
    Text,
    /// A date is cut to its year.
    Year,
    /// A date moves with its patient.
    Shift,
    Zip,
    Zip3,
    Postcode,
    State,
    Country,
    Substitute,
    /// A number goes down to a multiple, or moves.
    Number(Primitive),
    /// The same of a number with a unit.
    Amount,
    /// A text or URI is sealed.
    Encrypt,
    Scrub,
}

/// The primitive types that cannot hold free text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Primitive {
    Boolean,
    Decimal,
    /// The least that it may be.
    Integer(i32),
    Date,
    DateTime,
    Instant,
    Time,
    Code,
}

impl Primitive {
    pub(crate) fn named(kind: &str) -> Option<Self> {
        Some(match kind {
            "boolean" => Self::Boolean,
            "decimal" => Self::Decimal,
            "integer" => Self::Integer(i32::MIN),
            "unsignedInt" => Self::Integer(0),
            "positiveInt" => Self::Integer(1),
            "date" => Self::Date,
            "dateTime" => Self::DateTime,
            "instant" => Self::Instant,
            "time" => Self::Time,
            "code" => Self::Code,
            _ => return None,
        })
    }
}

impl<'p> Plan<'p> {
    pub(crate) fn new(policy: &'p Policy) -> Self {
        Self { policy, spots: Vec::new(), roots: Vec::new(), notes: Vec::new() }
    }

    pub(crate) fn policy(&self) -> &'p Policy {
        self.policy
    }

    /// The place of a resource type that the policy names.
    pub(crate) fn root(&mut self, resource_type: &str) -> Option<At> {
        if let Some((_, at)) = self.roots.iter().find(|(name, _)| *name == resource_type) {
            return Some(*at);
        }
        let (name, fields) = fhir::resource(resource_type)?;
        let node = self.policy.root(name)?;
        let mut spot = Spot::new(
            name.to_owned(),
            Step::Object,
            Inside { node: Some(node), deep: node.deep, fields: Some(fields) },
        );
        (spot.type_name, spot.method) = (name, node.method);
        let at = self.push(spot);
        self.roots.push((name, at));
        Some(at)
    }

    /// A place that has no elements: of what is only counted.
    pub(crate) fn counter(&mut self, path: &str) -> At {
        let found = self.spots.iter().position(|spot| spot.parent.is_none() && spot.path == path);
        match found.and_then(|index| u32::try_from(index).ok()) {
            Some(index) => At(index),
            None => self.push(Spot::new(path.to_owned(), Step::Drop, CLOSED)),
        }
    }

    #[inline]
    pub(crate) fn spot(&self, at: At) -> &Spot<'p> {
        // INVARIANT: the numbers are of places in the list, which only grows.
        #[expect(clippy::indexing_slicing, reason = "an `At` comes from `push` of the same plan")]
        &self.spots[at.0 as usize]
    }

    #[inline]
    fn spot_mut(&mut self, at: At) -> Option<&mut Spot<'p>> {
        self.spots.get_mut(at.0 as usize)
    }

    #[inline]
    pub(crate) fn note(&mut self, at: At, treatment: Treatment) {
        self.notes.push((at, treatment));
    }

    /// How much was noted since the last [`settle`](Self::settle).
    pub(crate) fn noted(&self) -> usize {
        self.notes.len()
    }

    /// Forgets what was noted after a point: the resource is not written.
    pub(crate) fn forget(&mut self, after: usize) {
        self.notes.truncate(after);
    }

    /// Counts what was noted.
    pub(crate) fn settle(&mut self) {
        for (At(at), treatment) in self.notes.drain(..) {
            let counts = self.spots.get_mut(at as usize).map(|spot| &mut spot.counts);
            if let Some(count) = counts.and_then(|counts| counts.get_mut(treatment as usize)) {
                *count += 1;
            }
        }
    }

    /// The element that is called `name` below a place; `None` when R4 has none.
    #[inline]
    pub(crate) fn child(&mut self, at: At, name: NameId) -> Option<At> {
        let spot = self.spot_mut(at)?;
        if let Some((known, child)) = spot.children.get(spot.next)
            && *known == name
        {
            spot.next += 1;
            return Some(*child);
        }
        if let Some(index) = spot.children.iter().position(|(known, _)| *known == name) {
            spot.next = index + 1;
            return spot.children.get(index).map(|(_, child)| *child);
        }
        self.grow(at, name)
    }

    /// Something below a place that is no element of its type, by the name that it has everywhere.
    pub(crate) fn common(&mut self, at: At, name: NameId) -> At {
        let known = self.spot(at).children.iter().find(|(known, _)| *known == name).map(|(_, child)| *child);
        known.unwrap_or_else(|| {
            let path = format!("{}.{}", self.spot(at).path, name.as_str());
            let mut spot = Spot::new(path, Step::Drop, CLOSED);
            (spot.parent, spot.name) = (Some(at), Some(name));
            self.add(at, name, spot)
        })
    }

    /// What R4 does not have below a place.
    pub(crate) fn unknown(&mut self, at: At) -> At {
        if let Some(known) = self.spot(at).unknown {
            return known;
        }
        let mut spot = Spot::new(format!("{}.?", self.spot(at).path), Step::Drop, CLOSED);
        spot.parent = Some(at);
        let child = self.push(spot);
        if let Some(spot) = self.spot_mut(at) {
            spot.unknown = Some(child);
        }
        child
    }

    /// The value of an extension that the policy keeps.
    pub(crate) fn extension_value(&mut self, at: At, name: &str) -> Option<At> {
        let id = NameId::of(name)?;
        if let Some((_, child)) = self.spot(at).children.iter().find(|(known, _)| *known == id) {
            return Some(*child);
        }
        let kind = carewire_fhir_core::element("Extension", name)?.type_name;
        let (step, inside) = self.kept(kind);
        let mut spot = Spot::new(self.spot(at).path.clone(), step, inside);
        (spot.parent, spot.name, spot.type_name) = (Some(at), Some(id), kind);
        Some(self.add(at, id, spot))
    }

    fn push(&mut self, spot: Spot<'p>) -> At {
        let at = At(u32::try_from(self.spots.len()).unwrap_or(u32::MAX));
        self.spots.push(spot);
        at
    }

    fn add(&mut self, at: At, name: NameId, spot: Spot<'p>) -> At {
        let child = self.push(spot);
        if let Some(spot) = self.spot_mut(at) {
            spot.children.push((name, child));
            spot.next = spot.children.len();
        }
        child
    }

    #[cold]
    fn grow(&mut self, at: At, name: NameId) -> Option<At> {
        let parent = self.spot(at);
        let (text, field) = parent.inside.fields?.get(name.as_str())?;
        let node = parent.inside.node.and_then(|node| node.children.get(text));
        let deep = parent.inside.deep;
        let (method, step, inside) = self.decide(field, node, deep);
        if node.is_none()
            && step == Step::Object
            && let Some(same) = self.above(at, field.type_name)
        {
            // An item in an item: the same rules, counted at the same path.
            if let Some(spot) = self.spot_mut(at) {
                spot.children.push((name, same));
            }
            return Some(same);
        }
        let mut spot = Spot::new(format!("{}.{text}", self.spot(at).path), step, inside);
        (spot.parent, spot.name, spot.method) = (Some(at), Some(name), method);
        (spot.many, spot.required, spot.codes) = (field.many, field.required, field.codes);
        spot.type_name = field.type_name;
        spot.parameters = node.or_else(|| self.policy.root(field.type_name)).map(|node| &node.parameters);
        Some(self.add(at, name, spot))
    }

    /// The place above, or this one, where the same part of a resource is under the same rules.
    fn above(&self, at: At, type_name: &str) -> Option<At> {
        let mut at = Some(at);
        while let Some(here) = at {
            let spot = self.spot(here);
            if spot.type_name == type_name {
                return Some(here);
            }
            at = spot.parent;
        }
        None
    }

    fn decide(
        &self,
        field: &'static Field,
        node: Option<&'p Node>,
        deep: bool,
    ) -> (Option<Method>, Step, Inside<'p>) {
        if let Some(method) = node.and_then(|node| node.method) {
            let (step, inside) = self.by_method(method, field);
            return (Some(method), step, inside);
        }
        let below = node.is_some_and(|node| node.deep || !node.children.is_empty());
        if below && field.fields().is_some() {
            let deep = deep || node.is_some_and(|node| node.deep);
            return (None, Step::Object, Inside { node, deep, fields: field.fields() });
        }
        match field.datatype() {
            _ if !deep => (None, Step::Drop, CLOSED),
            None => (None, Step::Object, Inside { node, deep, fields: field.fields() }),
            Some(kind) => {
                let method = self.policy.root(kind).and_then(|root| root.method).unwrap_or(Method::Keep);
                if method.fault(field).is_some() {
                    return (None, Step::Drop, CLOSED);
                }
                let (step, inside) = self.by_method(method, field);
                let is_kept = step != Step::Drop;
                (is_kept.then_some(method), step, inside)
            }
        }
    }

    fn by_method(&self, method: Method, field: &'static Field) -> (Step, Inside<'p>) {
        let step = match (method, field.type_name) {
            (Method::Keep, kind) => return self.kept(kind),
            (Method::Age, _) => Step::Quantity,
            (Method::Year, _) => Step::Year,
            (Method::Shift, _) => Step::Shift,
            (Method::Pseudonym | Method::Encrypt, "Identifier") => Step::Identifier,
            (Method::Pseudonym, "uri" | "url" | "canonical") => Step::Uri,
            (Method::Pseudonym, _) => Step::Text,
            (Method::Zip, _) => Step::Zip,
            (Method::Zip3, _) => Step::Zip3,
            (Method::Postcode, _) => Step::Postcode,
            (Method::State, _) => Step::State,
            (Method::Country, _) => Step::Country,
            (Method::Substitute, _) => Step::Substitute,
            (Method::Generalise | Method::Perturb, kind) => {
                Primitive::named(kind).map_or(Step::Amount, Step::Number)
            }
            (Method::Encrypt, _) => Step::Encrypt,
            (Method::Scrub, _) => Step::Scrub,
            _ => Step::Drop,
        };
        (step, CLOSED)
    }

    /// A datatype that is kept: by its own rules, or by what the policy names of it.
    fn kept(&self, kind: &str) -> (Step, Inside<'p>) {
        let step = match kind {
            "Coding" => Step::Coding,
            "CodeableConcept" => Step::Concept,
            "Quantity" | "Age" | "Duration" | "Count" | "Distance" => Step::Quantity,
            "Money" => Step::Money,
            "Reference" => Step::Reference,
            kind => match (Primitive::named(kind), self.policy.root(kind), fhir::datatype(kind)) {
                (Some(primitive), ..) => Step::Primitive(primitive),
                (None, Some(node), Some((_, fields))) if node.deep || !node.children.is_empty() => {
                    return (
                        Step::Object,
                        Inside { node: Some(node), deep: node.deep, fields: Some(fields) },
                    );
                }
                _ => Step::Drop,
            },
        };
        (step, CLOSED)
    }

    /// The elements that R4 has below a place.
    pub(crate) fn fields(&self, at: At) -> Option<&'static Fields> {
        self.spot(at).inside.fields
    }

    /// All counts.
    pub(crate) fn count(&self, manifest: &mut Manifest) {
        for spot in &self.spots {
            for (treatment, count) in Treatment::ALL.into_iter().zip(spot.counts) {
                if count > 0 {
                    manifest.add(&spot.path, treatment, count);
                }
            }
        }
    }
}

impl<'p> Spot<'p> {
    fn new(path: String, step: Step, inside: Inside<'p>) -> Self {
        Self {
            path,
            name: None,
            step,
            method: None,
            parameters: None,
            many: false,
            required: false,
            codes: Codes::Open,
            type_name: "",
            inside,
            parent: None,
            children: Vec::new(),
            next: 0,
            unknown: None,
            counts: [0; Treatment::ALL.len()],
        }
    }

    /// Whether the element is a primitive.
    pub(crate) fn is_primitive(&self) -> bool {
        self.type_name.starts_with(|first: char| first.is_ascii_lowercase())
    }
}
