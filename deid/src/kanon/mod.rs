//! How many records of a release share the same quasi-identifiers.
//!
//! Names are gone from a release; who knows a birth year, a sex and a postal code may still find the one record that has
//! them. A release is *k-anonymous* by some elements when each combination of their values that occurs is that of at
//! least k records ([Sweeney 2002](https://doi.org/10.1142/S0218488502001648)), and *l-diverse* when the records of each
//! combination have at least l different values of a sensitive element
//! ([Machanavajjhala 2007](https://doi.org/10.1145/1217299.1217302), distinct l-diversity).
//!
//! A record is a person, however many resources or messages speak of him: who stood in the release several times would
//! make it look safer than it is. [`People`] joins what is said of him in several places; [`Cells`] counts.
//!
//! It measures, and does not suppress or generalise; and it says nothing about elements that it was not asked for.

mod cells;
mod path;
mod people;
mod report;
#[cfg(test)]
mod tests;
mod whose;

pub use cells::{CellRecord, Cells};
pub use path::{QuasiIdentifierError, QuasiIdentifiers, Reading};
pub use people::{People, PersonRecord};
pub use report::{Cell, DiversityReport, KAnonymityReport};
