//! Other HL7 v2 parsers as oracles for `carewire-hl7-v2`: `hl7-2` 0.2.7, `mllp` 0.3.0 and `hl7-parser` 0.3.0. Not
//! published.
//!
//! All of them read the same text. What they find is put into one form, a [`Reading`]: the segments, and each subcomponent
//! that is not empty, as written and as text. [`compare`] lists every difference; each has a [`Class`] with a reason, or it
//! is unexplained, and the tests fail.
//!
//! ```
//! use carewire_oracles::{Class, Peer, compare};
//!
//! let text = "MSH|^~\\&|LAB\r\rPID|1||5^^^GEN";
//! assert!(compare(text, Peer::Hl72).is_empty());
//! let [found] = compare(text, Peer::Hl7Parser)[..] else { panic!("one difference") };
//! assert_eq!(found.class, Some(Class::StopsAtBlankLine));
//! ```
//!
//! What it will not do: compare what only one of them does (diagnostics, character sets, editing).

mod class;
mod compare;
pub mod generate;
mod peer;
mod reading;
mod sequences;

pub use class::Class;
pub use compare::{Difference, What, compare, compare_batch};
pub use peer::Peer;
pub use reading::{Place, Reading, Refusal, SegmentReading, Text};
