//! What R4 says of one element, for those who build resources by name.

use super::{TypeKind, r4};
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
}

/// The element `name` of a type of R4, or of a part of one; each type of a choice is an element of its own:
/// `deceasedBoolean`. `None` when R4 has no such type or element.
#[must_use]
pub fn element(type_name: &str, name: &str) -> Option<ElementShape> {
    let definitions = r4();
    let id = NameId::of(name)?;
    let element = definitions.named(type_name)?.element(id)?;
    let of = definitions.type_of(element)?;
    let is_primitive = element.primitive.is_some() || matches!(of.kind, TypeKind::Primitive(_));
    Some(ElementShape { type_name: of.name, sibling: id.sibling(), repeats: element.is_list(), is_primitive })
}
