//! What R4 says of one element, for those who build resources by name.

use std::fmt;

use super::{Belongs, ElementDef, Form, TypeDef, TypeKind, ValueSet, r4};
use crate::json::NameId;

/// An element of R4 as JSON has it.
///
/// ```
/// use carewire_fhir_core::element;
///
/// let contact = element("Patient", "contact").ok_or("no element")?;
/// assert!(contact.repeats && !contact.is_primitive);
/// assert_eq!(element(contact.type_name, "gender").map(|gender| gender.type_name), Some("code"));
/// assert!(element("Patient", "contacts").is_none());
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ElementShape {
    /// The name of its type, or its path when it is a part of the resource: `Identifier`, `Patient.contact`.
    pub type_name: &'static str,
    /// The name of the member that holds what is said about a primitive: `_birthDate`.
    pub sibling: &'static str,
    /// Whether it is an array.
    pub repeats: bool,
    /// Whether it is a primitive: what is said about it stands in a sibling whose name begins with `_`.
    pub is_primitive: bool,
    /// Whether R4 wants it; of a choice, whether R4 wants one of its types.
    pub is_required: bool,
    /// The codes that it may have, where R4 binds it to a value set.
    pub codes: Option<CodeSet>,
}

/// The value set of a required binding.
///
/// ```
/// use carewire_fhir_core::element;
/// let codes = element("Patient", "gender").and_then(|gender| gender.codes).ok_or("no codes")?;
/// assert_eq!(codes.name(), "administrative-gender");
/// assert!(codes.lists("female") && !codes.lists("Smith"));
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy)]
pub struct CodeSet(&'static ValueSet);

impl CodeSet {
    /// The short name, which is the end of its URL.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// Whether it is made of codes that are known here, and this is one. A media type or a unit never is: those have a
    /// form, and no list.
    #[must_use]
    pub fn lists(self, code: &str) -> bool {
        matches!(self.0.form, Form::Codes(_)) && self.0.has_code(code) == Belongs::Yes
    }

    /// All its codes, where they are known here.
    pub fn codes(self) -> impl Iterator<Item = &'static str> {
        let systems = if let Form::Codes(systems) = &self.0.form { systems.as_slice() } else { &[] };
        systems.iter().flat_map(|(_, codes)| codes.iter().copied())
    }
}

impl PartialEq for CodeSet {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for CodeSet {}

impl fmt::Debug for CodeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The element `name` of a type of R4, or of a part of one; each type of a choice is an element of its own:
/// `deceasedBoolean`. `None` when R4 has no such type or element.
#[must_use]
pub fn element(type_name: &str, name: &str) -> Option<ElementShape> {
    let id = NameId::of(name)?;
    let of = r4().named(type_name)?;
    shape(of, id, of.element(id)?)
}

/// All elements of a type of R4, or of a part of one, with those of its bases; none when R4 has no such type.
///
/// ```
/// use carewire_fhir_core::elements;
/// let required: Vec<_> = elements("Observation").filter(|(_, shape)| shape.is_required).map(|(name, _)| name).collect();
/// assert_eq!(required, ["status", "code"]);
/// ```
pub fn elements(type_name: &str) -> impl Iterator<Item = (&'static str, ElementShape)> {
    let of = r4().named(type_name);
    let all = of.into_iter().flat_map(|of| of.all().iter().map(move |(id, element)| (of, *id, element)));
    all.filter_map(|(of, id, element)| Some((id.as_str(), shape(of, id, element)?)))
}

/// The types of R4 that stand alone, sorted: those that are not abstract.
pub fn resource_types() -> impl Iterator<Item = &'static str> {
    r4().resource_types()
}

fn shape(of: &'static TypeDef, id: NameId, element: &'static ElementDef) -> Option<ElementShape> {
    let definitions = r4();
    let kind = definitions.type_of(element)?;
    Some(ElementShape {
        type_name: kind.name,
        sibling: id.sibling(),
        repeats: element.is_list(),
        is_primitive: element.primitive.is_some() || matches!(kind.kind, TypeKind::Primitive(_)),
        is_required: of.required & element.bit() != 0,
        codes: definitions.value_set(element).map(CodeSet),
    })
}
