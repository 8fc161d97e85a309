//! The datatypes that mappings build, as slim structs. All fields are public and default to absent.
//!
//! ```
//! use carewire_fhir_core::types::{HumanName, NameUse, ToJson};
//! let name = HumanName {
//!     r#use: Some(NameUse::Official),
//!     family: Some("Chalmers".into()),
//!     given: vec!["Peter".into(), "James".into()],
//!     ..HumanName::default()
//! };
//! assert_eq!(name.to_value().to_json(), r#"{"use":"official","family":"Chalmers","given":["Peter","James"]}"#);
//! ```
//!
//! Every datatype of R4 has a struct, but for `ElementDefinition`: only `StructureDefinition` has it, which no mapping
//! builds and which has no struct either; read it as a [`Resource`](crate::Resource). `Age`, `Count`, `Distance`,
//! `Duration`, `MoneyQuantity` and `SimpleQuantity` are a [`Quantity`].

mod choices;
mod codes;
#[cfg(test)]
mod described;
mod extra;
mod fill;
mod general;
mod metadata;
mod person;
mod primitive;
mod product;
mod quantity;
mod read;
mod resource;
mod timing;
mod write;

pub use choices::*;
pub use codes::*;
#[cfg(test)]
pub(crate) use described::{Described, Description};
pub use extra::Extra;
pub use fill::Fill;
pub use general::*;
pub use metadata::*;
pub use person::*;
pub use product::*;
pub use quantity::*;
pub use read::{Field, FromJson, Members, Read, ReadError, Reader, Slot};
pub use resource::TypedResource;
pub use timing::*;
pub use write::{Member, ToJson, Writer};

pub use crate::primitive::{Date, DateTime, Decimal, Instant, Time};

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
