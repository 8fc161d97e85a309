//! What the setters of the structs share.

use super::{Extension, PrimitiveExtension};

/// A field that can be filled: one that holds one value is set, one that holds many gets one more.
///
/// Every field of every struct has a setter of its name that fills it and hands the struct on. A value is taken as what
/// can become the field's type: a `&str` for a text, a [`Coding`](super::Coding) for a concept, a type of a choice for the
/// choice when no other type of it is the same in Rust.
///
/// ```
/// use carewire_fhir_core::types::{HumanName, NameUse};
/// let name = HumanName::default().r#use(NameUse::Official).family("Chalmers").given("Peter").given("James");
/// assert_eq!(name.given, ["Peter", "James"]);
/// ```
pub trait Fill<V> {
    /// Sets the value, or adds one.
    fn fill(&mut self, value: V);
}

impl<T, V: Into<T>> Fill<V> for Option<T> {
    fn fill(&mut self, value: V) {
        *self = Some(value.into());
    }
}

impl<T, V: Into<T>> Fill<V> for Vec<T> {
    fn fill(&mut self, value: V) {
        self.push(value.into());
    }
}

impl<V: Into<Extension>> Fill<V> for PrimitiveExtension {
    fn fill(&mut self, value: V) {
        self.0.push(value.into());
    }
}
