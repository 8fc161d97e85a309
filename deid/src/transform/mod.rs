//! What a policy can do with one value: plain functions from a text to a text.
//!
//! They decide nothing about where they are used. What they cannot read they refuse (`None`), and the caller then drops
//! the value; nothing here panics, whatever the input, or looks at a clock.
//!
//! | for | here |
//! |---|---|
//! | dates | [`Shift`], [`fhir_year`], [`v2_year`] |
//! | ages | [`age_at`], [`in_a_year`], [`OLDEST`] |
//! | US postal codes | [`zip3`], [`ZipList`] |
//! | identifiers that countries give out | [`IdentifierType`] |
//! | numbers | [`perturb`] within a [`Span`], [`Bins`] |
//! | codes | [`category`] |
//! | any value | [`substitute`] by one of a list, [`ValueCipher`] |
//! | free text | [`TextScrubber`], [`StructuredScrubber`] |

mod age;
mod cipher;
mod code;
mod identifier;
mod number;
mod postcode;
mod shift;
mod substitute;
mod text;
mod v2_date;
mod year;
mod zip;

pub use age::{OLDEST, age_at, in_a_year};
pub use cipher::ValueCipher;
pub use code::category;
pub use identifier::IdentifierType;
pub use number::{Bin, Bins, Span, perturb};
pub(crate) use postcode::{PostcodeRule, postcode};
pub use shift::Shift;
pub use substitute::substitute;
pub use text::{StructuredScrubber, TextScrubber};
pub use year::{fhir_year, v2_year};
pub use zip::{ZipList, zip3};
