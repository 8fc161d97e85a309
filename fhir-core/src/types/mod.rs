//! The datatypes that mappings build, as slim structs. All fields are public and default to absent.
//!
//! ```
//! use carewire_fhir_core::types::{HumanName, NameUse, ToValue};
//! let name = HumanName {
//!     r#use: Some(NameUse::Official),
//!     family: Some("Chalmers".into()),
//!     given: vec!["Peter".into(), "James".into()],
//!     ..HumanName::default()
//! };
//! assert_eq!(name.to_value().to_json(), r#"{"use":"official","family":"Chalmers","given":["Peter","James"]}"#);
//! ```

mod codes;
mod general;
mod person;
mod quantity;
mod timing;

pub use codes::*;
pub use general::*;
pub use person::*;
pub use quantity::*;
pub use timing::*;

pub use crate::primitive::{Date, DateTime, Decimal, Instant, Time};

use crate::{Resource, Value};

/// What can be written as JSON. What is absent is not written; `null` never is.
pub trait ToValue {
    /// The JSON of this value.
    fn to_value(&self) -> Value;
}

/// What can be a member of an object. Empty values are left out; a choice picks its own name.
pub trait Member {
    /// Adds the member `name` to `into`, when there is something to say.
    fn put(&self, name: &str, into: &mut Value);
}

impl<T: ToValue> Member for T {
    fn put(&self, name: &str, into: &mut Value) {
        let value = self.to_value();
        if !is_blank(&value) {
            into.set(name, value);
        }
    }
}

impl<T: Member> Member for Option<T> {
    fn put(&self, name: &str, into: &mut Value) {
        if let Some(value) = self {
            value.put(name, into);
        }
    }
}

impl<T: ToValue> Member for Vec<T> {
    fn put(&self, name: &str, into: &mut Value) {
        let items: Vec<Value> = self.iter().map(ToValue::to_value).filter(|item| !is_blank(item)).collect();
        if !items.is_empty() {
            into.set(name, items);
        }
    }
}

fn is_blank(value: &Value) -> bool {
    match value.as_str() {
        Some(text) => text.is_empty(),
        None => {
            value.is_null() || (value.is_empty() && value.as_bool().is_none() && value.as_number().is_none())
        }
    }
}

impl<T: ToValue + ?Sized> ToValue for Box<T> {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

impl ToValue for String {
    fn to_value(&self) -> Value {
        self.as_str().into()
    }
}

impl ToValue for bool {
    fn to_value(&self) -> Value {
        (*self).into()
    }
}

impl ToValue for i32 {
    fn to_value(&self) -> Value {
        i64::from(*self).into()
    }
}

impl ToValue for u32 {
    fn to_value(&self) -> Value {
        i64::from(*self).into()
    }
}

impl ToValue for Value {
    fn to_value(&self) -> Value {
        self.clone()
    }
}

impl ToValue for Resource {
    fn to_value(&self) -> Value {
        self.value().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_or_empty_is_not_written() {
        let empty =
            HumanName { given: vec![String::new()], period: Some(Period::default()), ..Default::default() };
        assert_eq!(empty.to_value().to_json(), "{}");
        let concept = CodeableConcept { coding: vec![Coding::default()], ..Default::default() };
        assert_eq!(concept.to_value().to_json(), "{}");
    }

    #[test]
    fn false_and_zero_are_written() {
        let coding = Coding { user_selected: Some(false), ..Default::default() };
        assert_eq!(coding.to_value().to_json(), r#"{"userSelected":false}"#);
        let count = TimingRepeat { count: Some(0), ..Default::default() };
        assert_eq!(count.to_value().to_json(), r#"{"count":0}"#);
    }

    #[test]
    fn a_choice_names_its_member() {
        let text = Extension::new("urn:x", ExtensionValue::String("a".into()));
        assert_eq!(text.to_value().to_json(), r#"{"url":"urn:x","valueString":"a"}"#);
        let nested = Extension { extension: vec![text], url: Some("urn:y".into()), ..Default::default() };
        assert!(nested.to_value().to_json().starts_with(r#"{"extension":[{"url":"urn:x""#));
    }

    #[test]
    fn debug_shows_no_content() {
        let name = HumanName { family: Some("Secret".into()), ..Default::default() };
        let value = ExtensionValue::HumanName(Box::new(name.clone()));
        assert_eq!(format!("{name:?} {value:?}"), "HumanName { .. } ExtensionValue::HumanName(..)");
    }

    #[test]
    fn codes_are_written_as_they_are_read() {
        for &code in ContactPointSystem::ALL {
            assert_eq!(ContactPointSystem::parse(code.as_str()), Some(code));
        }
        assert_eq!(NameUse::parse("usual"), Some(NameUse::Usual));
        assert_eq!(NameUse::parse("Usual"), None);
    }
}
