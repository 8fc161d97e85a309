//! Consents from what is no consent document: tables and HL7 v2.

mod con;
mod csv;
mod time;

pub use con::{ConDoubt, ConError, ConReason, ConSegment, ConTerms, ConsentOfCon};
pub use csv::parse_consents_csv;
