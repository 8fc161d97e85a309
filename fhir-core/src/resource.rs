//! A FHIR resource: an object that says what it is.

use crate::json::{JsonNode, NameId};
use crate::{ParseError, Value};

const RESOURCE_TYPE: NameId = NameId::element("resourceType");
const ID: NameId = NameId::element("id");

/// A FHIR resource of any type, with everything that was in it.
///
/// ```
/// use carewire_fhir_core::Resource;
/// let patient = Resource::parse(br#"{"resourceType":"Patient","id":"p1","unknownElement":0.50}"#)?;
/// assert_eq!((patient.resource_type(), patient.id()), ("Patient", Some("p1")));
/// assert!(patient.to_json().ends_with(r#""unknownElement":0.50}"#));
/// # Ok::<(), carewire_fhir_core::ResourceError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Resource(Value);

impl Resource {
    /// Reads a resource from JSON.
    ///
    /// # Errors
    /// [`ResourceError`] when the text is not JSON or not a resource.
    pub fn parse(bytes: &[u8]) -> Result<Self, ResourceError> {
        Self::from_value(Value::parse(bytes)?)
    }

    /// Takes a JSON object that has a `resourceType`.
    ///
    /// # Errors
    /// [`ResourceError`] when it is no object or has no type.
    pub fn from_value(value: Value) -> Result<Self, ResourceError> {
        check_type(&value)?;
        Ok(Self(value))
    }

    /// An empty resource of a type.
    #[must_use]
    pub fn new(resource_type: &str) -> Self {
        Self(Value::object().with("resourceType", resource_type))
    }

    /// The type, such as `Patient`.
    #[must_use]
    pub fn resource_type(&self) -> &str {
        self.0.get_id(RESOURCE_TYPE).and_then(Value::as_str).unwrap_or_default()
    }

    /// The logical id.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.0.get_id(ID)?.as_str()
    }

    /// The whole as a tree.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.0
    }

    /// The whole as a tree, to change it. Who removes the `resourceType` has a resource without a type.
    pub fn value_mut(&mut self) -> &mut Value {
        &mut self.0
    }

    /// The tree itself.
    #[must_use]
    pub fn into_value(self) -> Value {
        self.0
    }

    /// Compact JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.0.to_json()
    }
}

impl From<Resource> for Value {
    fn from(resource: Resource) -> Self {
        resource.0
    }
}

impl std::fmt::Debug for Resource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Resource({}, {} members)", self.resource_type(), self.0.len())
    }
}

/// Something is not a resource.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ResourceError {
    /// The text is not JSON.
    #[error("not json: {0}")]
    Json(#[from] ParseError),
    /// The JSON is not an object.
    #[error("not a json object")]
    NotAnObject,
    /// There is no `resourceType`, or it is not the name of a type.
    #[error("no usable `resourceType`")]
    NoType,
}

/// Whether a value is an object that says what it is.
pub(crate) fn check_type<'a>(value: impl JsonNode<'a>) -> Result<(), ResourceError> {
    if value.kind() != crate::Kind::Object {
        return Err(ResourceError::NotAnObject);
    }
    match value.text(RESOURCE_TYPE) {
        Some(name) if is_type_name(name) => Ok(()),
        _ => Err(ResourceError::NoType),
    }
}

/// Whether a text has the form of a resource type's name.
pub(crate) fn is_type_name(name: &str) -> bool {
    name.len() <= 64
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_says_what_it_is() {
        assert_eq!(Resource::parse(b"[]"), Err(ResourceError::NotAnObject));
        for bad in
            ["{}", r#"{"resourceType":""}"#, r#"{"resourceType":5}"#, r#"{"resourceType":"John Secret"}"#]
        {
            assert_eq!(Resource::parse(bad.as_bytes()), Err(ResourceError::NoType));
        }
        assert!(matches!(Resource::parse(b"{"), Err(ResourceError::Json(_))));
    }

    #[test]
    fn debug_shows_no_content() {
        let resource = Resource::parse(br#"{"resourceType":"Patient","id":"Secret"}"#).unwrap();
        assert_eq!(format!("{resource:?}"), "Resource(Patient, 2 members)");
    }
}
