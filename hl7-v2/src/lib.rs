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
//! Reading:
//! - [`Message`], [`Segment`], and the [`Part`]s of it: [`Field`], [`Repetition`], [`Component`], [`Subcomponent`]: a
//!   view over the received bytes. Parsing finds the segments; everything below is split when it is asked for.
//!   [`level`]: the four levels, for code that is written once for all of them.
//! - [`FullIndex`]: the places of all parts, found at once, for reading many values.
//! - [`Location`]: `PID-3[2].4.1`, the address of a value and of every finding. [`Path`]: of one or many places.
//! - [`Diagnostic`]: what was wrong with the input and where. Each input byte is in a segment or in a diagnostic.
//! - [`ParseOptions`]: strict or lenient, the character set, the limits.
//! - [`escape`], [`Charset`], [`Delimiters`], [`Timestamp`]: the parts of the notation.
//! - [`batch`]: the messages of a batch file, read and written. [`light`]: what is needed before the acknowledgement.
//!
//! Writing:
//! - [`build`]: messages from values.
//! - [`edit`]: values, segments and repetitions set, added and removed; all other bytes stay.
//! - [`ack`]: acknowledgements, written and read.
//!
//! Checking: each gives [`Finding`]s, with a [`Severity`], a place and the bytes.
//! - `dictionary`: what the standard defines, by version, and overlays for what a site has added.
//! - `structure`: the groups of a message; the segments that are missing, repeated or out of place.
//! - `validate`: a message against the dictionary of its version.
//! - `profile`: a message against a NIST conformance profile.
//!
//! Beyond the message:
//! - `fhir`: the map to FHIR R4.
//! - `synthetic`: the messages of invented patients, for tests and demonstrations.
//!
//! # Features
//! None is on by default.
//!
//! | feature | what it adds | what it costs |
//! |---|---|---|
//! | `dictionary` | `dictionary`, `structure`, `validate`; groups in paths, `PATIENT_RESULT.ORDER_OBSERVATION(2).OBX` | about 0.9 MB of text in the binary |
//! | `profile` | `profile` | an XML reader and a small regular expression engine |
//! | `fhir` | `fhir` | `carewire-fhir-core`, SHA-2, UUIDs |
//! | `synthetic` | `synthetic` | its word lists |
//!
//! # What it will not do
//! It does no I/O, reads no clock and never guesses: what is not understood stays in the text as received and is
//! reported. Parsing does not check a message against the dictionary or a profile; that is asked for. Errors,
//! diagnostics, findings and `Debug` output hold locations and codes, never a value of a message.

pub mod ack;
pub mod batch;
pub mod build;
mod charset;
mod delimiters;
mod diagnostic;
#[cfg(feature = "dictionary")]
pub mod dictionary;
pub mod edit;
mod error;
pub mod escape;
#[cfg(feature = "fhir")]
pub mod fhir;
mod field;
mod finding;
mod full_index;
mod header;
mod index;
mod iso2022;
mod lead_in;
pub mod level;
pub mod light;
mod locate;
mod location;
mod message;
mod options;
mod path;
#[cfg(any(feature = "dictionary", feature = "profile"))]
mod primitive;
#[cfg(feature = "profile")]
pub mod profile;
mod scan;
mod segment;
mod severity;
#[cfg(feature = "dictionary")]
pub mod structure;
#[cfg(feature = "synthetic")]
pub mod synthetic;
mod text;
mod timestamp;
#[cfg(feature = "dictionary")]
pub mod validate;
mod walk;

pub use charset::{BaseCharset, Charset};
pub use delimiters::Delimiters;
pub use diagnostic::{Diagnostic, DiagnosticKind};
pub use error::{ParseError, PathError};
pub use field::{Component, Field, Part, Presence, Repetition, Subcomponent};
pub use finding::{Finding, FindingKind};
pub use full_index::FullIndex;
pub use location::{Location, SegmentId};
pub use message::Message;
pub use options::ParseOptions;
#[cfg(feature = "dictionary")]
pub use path::Grouped;
pub use path::{GroupStep, Index, Leaf, Leaves, Path, SegmentValues, Values};
pub use segment::Segment;
pub use severity::Severity;
pub use timestamp::{FhirDateTime, Precision, Reduction, TimeOfDay, Timestamp, TimestampError, UtcOffset};
