//! Conversions between [`carewire_hl7_v2::Message`] and [`hl7_parser::Message`], for services that use
//! [hl7-parser](https://docs.rs/hl7-parser) 0.3.
//!
//! ```
//! use carewire_hl7_parser::{from_hl7_parser, to_hl7_parser};
//! use carewire_hl7_v2::{Message, ParseOptions};
//!
//! let ours = Message::parse(b"MSH|^~\\&|LAB\rPID|1||5^^^GEN^MR\r", &ParseOptions::default())?;
//! let theirs = to_hl7_parser(&ours)?;
//! assert_eq!(theirs.query("PID.3.5").map(|found| found.raw_value()), Some("MR"));
//!
//! let back = from_hl7_parser(&theirs)?;
//! assert_eq!(back.get("PID-3.4")?.as_deref(), Some("GEN"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Nothing is lost in silence
//! hl7-parser 0.3 returns `Ok` for what it has read up to the first line that it does not understand: behind a blank
//! line, a segment without fields or an unusual segment id, the rest of the message is missing from its result. It has
//! no place for the truncation character of HL7 2.7, for fewer than four encoding characters, or for bytes that are not
//! UTF-8. Every conversion therefore ends with a comparison: the delimiters, the number of segments, and each
//! subcomponent of each. Where they differ there is no result but an [`Error`] with the place.
//!
//! ```
//! use carewire_hl7_parser::{Error, to_hl7_parser};
//! use carewire_hl7_v2::{Message, ParseOptions};
//!
//! let ours = Message::parse(b"MSH|^~\\&|LAB\r\rPID|1\r", &ParseOptions::default())?;
//! let refused = to_hl7_parser(&ours).err();
//! assert_eq!(refused.map(|error| error.to_string()).as_deref(), Some("hl7-parser stops after 1 of 2 segments, before PID[1]"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A message that is refused for its blank lines can be written without them first:
//!
//! ```
//! # use carewire_hl7_v2::{Message, ParseOptions};
//! let ours = Message::parse(b"MSH|^~\\&|LAB\r\rPID|1\r", &ParseOptions::default())?;
//! let lines: Vec<&str> = ours.segments().map(|segment| segment.raw()).collect();
//! let text = lines.join("\r");
//! let ours = Message::parse(text.as_bytes(), &ParseOptions::default())?;
//! assert_eq!(carewire_hl7_parser::to_hl7_parser(&ours)?.segments.len(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Escape sequences
//! Both crates hold values as they are written, so conversions keep every escape sequence. What hl7-parser makes of them
//! when a value is displayed is another matter: it drops the backslashes of `\X0D0A\`, `\H\` and all others that it does
//! not know, drops what follows a single backslash, and panics where enough non-ASCII text precedes a sequence.
//! [`text`] reads such a value by the rules of `carewire-hl7-v2`.
//!
//! # What it will not do
//! It does not recode: a message in another character set than UTF-8 is refused, because its MSH-18 would no longer be
//! true. It cannot bring back what hl7-parser left out before the conversion began: parse bytes of others with
//! `carewire-hl7-v2`.

mod compare;
mod error;
mod from;
mod text;
mod to;

pub use error::Error;
pub use from::from_hl7_parser;
pub use text::text;
pub use to::to_hl7_parser;
