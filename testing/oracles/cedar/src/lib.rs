//! Cedar (`cedar-policy` 4.14.1) as an oracle for `carewire-consent`, and as its peer in a bench. Not published.
//!
//! A [`Document`] is a FHIR R4 consent of the subset that Cedar can say: status, period, purpose, actor, action, class of data and
//! security labels, in provisions nested to any depth. An [`Oracle`] decides by it. As Cedar has no trees, its policies
//! are flat rules made from them; there are several ways to give it these rules, and what is fastest for it is not known
//! beforehand, so all are tested and measured ([`Encoding`]).
//!
//! ```
//! use carewire_cedar::{Asked, Document, Encoding, Oracle};
//! let consent = Document::parse(br#"{"resourceType":"Consent","id":"c1","status":"active","patient":{"reference":"Patient/pt_1"},
//!     "provision":{"type":"permit","provision":[{"type":"deny","purpose":[{"code":"HPAYMT"}]}]}}"#)?;
//! let asked = |purpose| Asked::new("Practitioner/7", "Patient/pt_1", purpose, "VITALS");
//! for encoding in Encoding::ALL {
//!     let oracle = Oracle::new(encoding, std::slice::from_ref(&consent), [&asked("TREAT")])?;
//!     assert!(oracle.permits(&asked("TREAT"))?);
//!     assert!(!oracle.permits(&asked("CLMATTCH"))?, "as it lies below HPAYMT");
//! }
//! # Ok::<(), carewire_cedar::NotSayable>(())
//! ```
//!
//! What a decision costs Cedar is mostly a sum over policies, of which it looks at each: a policy for each patient is cheapest and gives
//! no reasons, a policy for each consent or rule names it in the reasons. Attributes of patients keep the policies few and
//! the same for all, and are slower to read than what stands in a policy.
//!
//! # What Cedar cannot say
//! - **Obligations** (R25): it answers allow or deny. What a permit asks of whoever uses it has no place.
//! - **Residuals** (R22): what a request leaves open cannot be left open. The data must be described before it is asked; partial
//!   evaluation, an experiment of Cedar's, gives expressions that nobody applies to data.
//! - **Indeterminate** (R21): a policy that cannot be evaluated is left out, and what is left decides. A `forbid` over an attribute that
//!   data lack so turns into an allow. [`Oracle::permits`] takes any error for a denial, which is the caller's to remember.
//! - **Sets of classes** (R13): a permit of one class by one consent and of another by another is two requests.
//! - **Algorithms** (R19) other than deny-overrides, and the implicit policy that looks at what consents spoke about (R17, R20).
//! - **Trees** (R15): what an exception replaces must be worked out when the policies are written.
//!
//! It could say, and is not told here: actors of other orgs (R7), dates (R11), codes and references (R12) of data.

mod asked;
mod document;
mod encoding;
mod error;
pub mod generate;
mod oracle;
mod rules;
mod stored;
mod text;
mod vocabulary;

pub use asked::Asked;
pub use document::{Actor, Coding, Concept, Document, Effect, Period, Provision, Reference, ResourceType};
pub use encoding::Encoding;
pub use error::NotSayable;
pub use oracle::Oracle;
