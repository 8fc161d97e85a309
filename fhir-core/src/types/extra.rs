//! What a resource holds and its struct does not.

use crate::Value;

/// The members of an object that no field of its struct holds: unknown elements, the siblings of primitives (`_given`),
/// `id` of an element, values that FHIR does not allow. They are written behind the fields; a field that is set
/// since goes before a member of the same name.
///
/// ```
/// use carewire_fhir_core::Value;
/// use carewire_fhir_core::types::{Period, ToJson};
/// let mut period = Period::default();
/// period.extra.set("_end", Value::object().with("id", "e1"));
/// assert_eq!(period.to_json(), r#"{"_end":{"id":"e1"}}"#);
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Extra(Option<Box<Value>>);

impl Extra {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|members| members.is_empty())
    }

    /// A member by its name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.as_ref()?.get(name)
    }

    /// The members in their order.
    pub fn members(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().flat_map(|members| members.members())
    }

    /// Sets a member.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.0.get_or_insert_with(|| Box::new(Value::object())).set(name, value);
    }

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let removed = self.0.as_mut()?.remove(name);
        if self.is_empty() {
            self.0 = None;
        }
        removed
    }

    /// Members of an object, so no two of one name.
    pub(super) fn of<'a>(members: impl Iterator<Item = (&'a str, &'a Value)>) -> Self {
        let mut object = Value::object();
        members.for_each(|(name, value)| object.append(name, value.clone()));
        Self((!object.is_empty()).then(|| Box::new(object)))
    }

    /// Adds the members to an object in which only fields are written yet. The fields are few, the members may be many.
    pub(super) fn add_to(&self, object: &mut Value) {
        let fields = object.len();
        for (name, value) in self.0.iter().flat_map(|members| members.named_members()) {
            let is_field = object.named_members().take(fields).any(|(field, _)| field == name);
            if !is_field {
                object.append(name.as_str(), value.clone());
            }
        }
    }
}

impl std::fmt::Debug for Extra {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Extra({} members)", self.members().count())
    }
}
