//! Messages written from values.
//!
//! ```
//! use carewire_hl7_v2::build::{MessageBuilder, SegmentBuilder, Value};
//! use carewire_hl7_v2::Charset;
//!
//! let header = SegmentBuilder::new("MSH")
//!     .field(3, "WARD")
//!     .field(9, Value::parts(["ADT", "A08", "ADT_A01"]))
//!     .field(10, "42")
//!     .field(11, "P")
//!     .field(12, "2.5.1");
//! let person = SegmentBuilder::new("PID")
//!     .field(3, Value::parts(["77", "", "", "GEN", "MR"]))
//!     .component(5, 1, 1, "Müller & Söhne")
//!     .null(13);
//! let bytes = MessageBuilder::new(header).charset(Charset::Utf8).segment(person).build()?;
//! assert_eq!(
//!     String::from_utf8(bytes)?,
//!     "MSH|^~\\&|WARD||||||ADT^A08^ADT_A01|42|P|2.5.1||||||UNICODE UTF-8\r\
//!      PID|||77^^^GEN^MR||Müller \\T\\ Söhne||||||||\"\"\r"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A value is absent, the null `""`, text, or notation that stands already ([`Value::raw`]). Text is escaped, so
//! that reading gives it back; empty parts at the end are left out. Nothing is dropped: what cannot be written
//! is a [`BuildError`] with its place. Nothing is made up either: the control id, the times, the version and all
//! else that a message needs come from the caller.
//!
//! [`segments`] and [`datatypes`] have the names of the standard:
//!
//! ```
//! use carewire_hl7_v2::build::{MessageBuilder, datatypes::{Cx, Msg, Xpn}, segments::{Msh, Pid}};
//!
//! let header = Msh::new()
//!     .message_type(Msg::from("ADT").trigger_event("A08").message_structure("ADT_A01"))
//!     .message_control_id("42")
//!     .processing_id("P")
//!     .version_id("2.5.1");
//! let person = Pid::new()
//!     .patient_identifier_list(Cx::from("77").assigning_authority("GEN").identifier_type_code("MR"))
//!     .patient_identifier_list(Cx::from("9").assigning_authority("GOV").identifier_type_code("NI"))
//!     .patient_name(Xpn::from("Doe").given_name("Jo"));
//! let bytes = MessageBuilder::new(header).segment(person).build()?;
//! assert_eq!(
//!     String::from_utf8(bytes)?,
//!     "MSH|^~\\&|||||||ADT^A08^ADT_A01|42|P|2.5.1\rPID|||77^^^GEN^MR~9^^^GOV^NI||Doe^Jo\r"
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The builder writes what it is given. It does not know which version has which field: validation does.

mod error;
mod message;
mod segment;
pub(crate) mod text;
mod typed;
mod value;
pub(crate) mod writer;

pub use error::BuildError;
pub use message::MessageBuilder;
pub use segment::SegmentBuilder;
pub use typed::{Datatype, DatatypeKind, SegmentKind, TypedSegment, datatypes, segments};
pub use value::Value;
