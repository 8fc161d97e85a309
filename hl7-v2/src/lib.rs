//! HL7 v2 messages: read without loss, looked up lazily, acknowledged, and (feature `fhir`) mapped to FHIR.
//!
//! ```
//! use carewire_hl7_v2::{Message, ParseOptions};
//!
//! let bytes = b"MSH|^~\\&|LAB|GEN|EHR|GEN|20240301||ORU^R01|42|P|2.5.1\rPID|1||77^^^GEN^MR||Doe\\T\\Co^Jo\r";
//! let message = Message::parse(bytes, &ParseOptions::default())?;
//! assert_eq!(message.control_id().as_deref(), Some("42"));
//! assert_eq!(message.get("PID-5.1")?.as_deref(), Some("Doe&Co"));
//! assert_eq!(message.to_bytes(), bytes);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Map of the crate
//! - [`Message`], [`Segment`], [`Field`], [`Repetition`], [`Component`], [`Subcomponent`]: a view over the
//!   received bytes. Parsing finds the segments; everything below is split when it is asked for.
//! - [`Location`]: `PID-3[2].4.1`, the address of a value and of every finding.
//! - [`Diagnostic`]: what was wrong with the input and where. Each input byte is in a segment or in a diagnostic.
//! - [`escape`], [`Charset`], [`Delimiters`], [`Timestamp`]: the parts of the notation.
//! - [`batch`]: the messages of a batch file. [`light`]: what is needed before the acknowledgement.
//!   [`ack`]: acknowledgements, written and read.
//!
//! # What it will not do
//! It does no I/O and reads no clock, does not check a message against a profile, and never guesses: what is not
//! understood stays in the text as received and is reported. Errors, diagnostics and `Debug` output hold
//! locations and codes, never a value of a message.

pub mod ack;
pub mod batch;
mod charset;
mod delimiters;
mod diagnostic;
mod error;
pub mod escape;
#[cfg(feature = "fhir")]
pub mod fhir;
mod field;
mod header;
mod index;
pub mod light;
mod location;
mod message;
mod options;
mod segment;
mod timestamp;

pub use charset::Charset;
pub use delimiters::Delimiters;
pub use diagnostic::{Diagnostic, DiagnosticKind};
pub use error::{ParseError, PathError};
pub use field::{Component, Field, Presence, Repetition, Subcomponent};
pub use location::{Location, SegmentId};
pub use message::Message;
pub use options::ParseOptions;
pub use segment::Segment;
pub use timestamp::{FhirDateTime, Precision, Reduction, Timestamp, TimestampError, UtcOffset};
