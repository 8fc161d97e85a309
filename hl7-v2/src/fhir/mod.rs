//! HL7 v2 to FHIR R4: the map of the official guide, as tables.
//!
//! [`map`] turns a message into a Bundle. Every field that becomes an element is one row of a table ([`rows`] lists
//! them); a row calls a function for its datatype, and that a match for its code table. What the guide leaves to its
//! readers is decided like this:
//!
//! - **Identity.** Every resource carries an identifier that any message about the same thing gives it again, or one
//!   derived from what is stable about it ([`DERIVED_SYSTEM`]). `fullUrl` and conditional update follow from it.
//! - **Systems.** Assigning authorities become URIs by a [`SystemResolver`].
//! - **The patient** is known by the identifier that [`patient_identity`] chooses.
//! - **Codes** outside a table are kept as they came and reported, of no system unless they name one ([`UnknownCodes`]).
//!   A required element whose code is not known says so.
//! - **Times** without a zone are in that of MSH-7, else of the org; without either only the day is kept.
//! - **Nothing is invented.** What FHIR demands and the message does not say is stated as unknown where FHIR can, else the
//!   resource is left out; both are reported.
//! - **`""`**, the explicit null, is absent: a resource that replaces another says "no value" by silence.
//!
//! What [`Mapped`] reports are places and reasons, never content.

mod bundle;
mod change;
mod code;
mod context;
mod coverage;
mod datatype;
mod documentation;
mod entries;
mod explain;
mod identity;
mod map;
mod mapper;
mod message;
mod node;
mod options;
mod report;
mod resolver;
mod row;
mod segment;
mod settle;
mod target;
#[cfg(test)]
mod testing;
mod tree;
mod write;

pub use change::Change;
pub use coverage::{left_out, rows};
pub use datatype::maps::{DatatypeNote, DatatypeText, datatypes, datatypes_left_out};
pub use documentation::{CodeText, codes, codes_left_out};
pub use entries::DERIVED_SYSTEM;
pub use explain::{ExplainLine, explain, explain_element};
pub use identity::{PatientIdentity, patient_identities, patient_identity};
pub use map::{MapError, Mapped, MappedPatient, map};
pub use mapper::{Mapper, Report};
pub use options::{Deletion, MapOptions, RawMessage, Unidentified, UnknownCodes, Unnumbered};
pub use report::{Issue, Reason, Severity, Trace, Unmapped};
pub use resolver::{Authority, DefaultResolver, SystemResolver};
pub use row::RowText;
pub use segment::LeftOut;
pub use settle::{Absence, Null, SETTLED_URL, SettlePolicy, Settled, settle, strip};
