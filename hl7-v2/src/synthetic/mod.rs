//! Synthetic traffic: the messages of invented patients, the same for the same seed on every machine.
//!
//! ```
//! use carewire_hl7_v2::synthetic::{Traffic, TrafficOptions};
//! use carewire_hl7_v2::{Message, ParseOptions};
//!
//! let options = TrafficOptions { seed: 7, patients: 20, ..TrafficOptions::default() };
//! for message in Traffic::new(options).take(100) {
//!     let message = message?;
//!     let parsed = Message::parse(&message.bytes, &ParseOptions::default())?;
//!     assert_eq!(parsed.control_id().as_deref(), Some(message.control_id.as_str()));
//!     assert!(parsed.get("PID-3.1")?.is_some());
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Each patient is registered, comes for visits, and lives through them in order: a transfer changes the bed that
//! later messages show, a result belongs to an order that was sent, a cancelled discharge opens the visit again.
//! [`Traffic`] gives the messages of all patients in the order of their times and never ends. [`admission`],
//! [`results`] and [`document`] give single messages of a size.
//!
//! # The people and the codes
//! Names, addresses and identifiers are combined from small lists; likeness to a person is chance. Assigning
//! authorities are in HL7's arc for examples (2.16.840.1.113883.19). The codes are real, from LOINC, CVX, MVX,
//! ICD-10, SNOMED CT, RxNorm and HL7's tables; the values are drawn at random and mean nothing clinically.
//!
//! # What is not as the standard has it
//! Senders of 2.3 and 2.3.1 write identifiers, names of doctors and telephone numbers with all their components, as
//! those of today do, although these versions have few characters for them (20 in PID-3, 15 or 20 in PV1-19, 60 in
//! PV1-7, 40 in PID-13): checked for lengths, almost each of their messages has warnings. In 2.4 to 2.5.1, order
//! numbers with their namespaces (22 characters in ORC-2, ORC-3, OBR-2 and OBR-3) and reactions (15 in AL1-5) are too
//! long; all else fits.
//! Line ends and character sets: see [`SenderProfile::is_strict`].
//!
//! This is no simulation of a hospital: wards do not fill up, and staff works day and night.

mod clinical;
mod codes;
mod dice;
mod event;
mod journey;
mod message;
mod moment;
mod names;
mod options;
mod order;
mod person;
mod single;
mod traffic;
mod visit;

pub use event::Event;
pub use options::{LineEnd, NarrativeBreaks, People, SenderProfile, TrafficOptions};
pub use person::Identifier;
pub use single::{admission, document, results};
pub use traffic::{SyntheticMessage, Traffic};
