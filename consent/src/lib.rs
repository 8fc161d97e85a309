//! A pure consent decision engine that fails closed.
//!
//! Give it a request, every consent of the patient and the time; get a decision with its reasons. A decision to
//! permit comes as a [`Permit`], which nothing but [`authorize`] can make and which every write to a remote demands.
//!
//! ```
//! use carewire_consent::{ConsentEpoch, PatientConsents, Policy, Request, authorize, parse_consents};
//! use chrono::{TimeZone, Utc};
//!
//! let request = Request::parse(
//!     br#"{"org":"org_a","patient":"Patient/pt_1","purpose":"TREAT","data_classes":["LAB_RESULTS"],"remote":"medplum"}"#,
//! )?;
//! let consents = parse_consents(
//!     br#"{"id":"c1","org":"org_a","patient":"pt_1","purpose":"CARE","state":"ACTIVE","data_classes":["LAB_RESULTS"]}"#,
//!     &request.org,
//! )?;
//! let known = PatientConsents { epoch: ConsentEpoch(1), consents };
//! let now = Utc.with_ymd_and_hms(2026, 5, 1, 12, 0, 0).unwrap();
//!
//! let permit = authorize(&request, &known, &Policy::default(), now)?;
//! assert!(permit.covers(&request.org, &request.patient, "medplum", &["LAB_RESULTS".into()], now));
//!
//! let nothing = PatientConsents { epoch: ConsentEpoch(2), consents: Vec::new() };
//! assert!(authorize(&request, &nothing, &Policy::default(), now).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Map
//! - [`evaluate`] decides by the numbered [`rules`], [`Compiled`] does it for many requests, [`authorize`] decides and
//!   makes the [`Permit`]; [`Explanation`] says why in words, [`what_if`] what a change would change; [`Policy`] says how consents combine and what happens without one.
//! - [`Consent`] is a consent of any source: [`parse_consents`] reads FHIR R4 and R5, ABDM artefacts and
//!   [`SimpleConsent`]s, [`parse_consents_csv`] tables, [`ConSegment`] is what HL7 v2 says of one.
//! - [`Request`], [`Response`] with its [`Reason`]s and [`Obligation`]s; [`Response::keeps`] applies what a decision leaves
//!   to be decided about each resource, [`Described`] is what it looks at.
//! - [`Filter`] applies a decision to a resource or a Bundle and says how much was withheld, and why.
//! - [`Purpose`] and [`DataClass`]: two vocabularies; [`data_classes_of`] classifies a resource, a [`Labeller`] says how
//!   sensitive it is.
//! - [`ConsentStore`] is the seam, [`ConsentStoreExt`] its sugar, [`MemoryConsentStore`] the store for tests and small
//!   services; the feature `contract` has the suite that every store passes. A [`ConsentGuard`] keeps consents as they are while a
//!   write is under way; [`ConsentGate`] is what a store of one process makes it with.
//!
//! - [`authorize_on_record`] makes the one [`DecisionRecord`] of each decision, for the audit trail. [`CachedConsents`] answers again
//!   what was asked before, from a [`DecisionCache`].
//!
//! # What it will not do
//! It reads no clock and opens no socket. It looks up neither who is a member of a group nor whether there is an encounter: a
//! request says so ([`Actor::aliases`], [`Request::active_encounter`]), and what it does not say is not so.

mod access;
mod apply;
mod cache;
mod classify;
mod condition;
#[cfg(any(test, feature = "contract"))]
pub mod contract;
mod data_class;
mod decide;
mod digest;
mod document;
mod duties;
mod explain;
mod facts;
mod gate;
mod import;
mod label;
mod labeller;
mod memory;
mod model;
mod obligation;
mod path;
mod permit;
mod policy;
mod purpose;
mod record;
mod redaction;
mod request;
mod response;
#[doc = include_str!("rules.md")]
#[doc = include_str!("access/rules.md")]
pub mod rules {}
mod source;
mod store;
mod sync;
mod system;
#[cfg(test)]
mod vocabulary;
mod what_if;

pub use access::{AccessRules, BreakGlass, BreakGlassRule};
pub use apply::{Applied, AppliedText, Dangling, Filter, Withheld};
pub use cache::{CachedConsents, CachedDecision, DecisionCache, DecisionKey, MemoryDecisionCache};
pub use classify::{CLASS_TABLE_VERSION, data_classes_of, entry_data_classes};
pub use condition::Condition;
pub use data_class::DataClass;
pub use decide::{Compiled, Glance, PatientConsents, evaluate};
pub use digest::Digest;
pub use document::{ParseError, ParseReason, parse_consents};
pub use duties::Duties;
pub use explain::Explanation;
pub use facts::Described;
pub use gate::{ConsentGate, GateGuard};
pub use import::{ConDoubt, ConError, ConReason, ConSegment, ConTerms, ConsentOfCon, parse_consents_csv};
pub use labeller::{Finding, LABEL_TABLE_VERSION, Labeller, Labels, TableError, TableReason};
pub use memory::MemoryConsentStore;
pub use model::{Coding, Consent, Meaning};
pub use obligation::{Frequency, Obligation, Unit};
pub use path::ElementPath;
pub use permit::{Denied, Permit, authorize};
pub use policy::{Combining, Implicit, Policy, Unlabelled};
pub use purpose::Purpose;
pub use record::{DecisionRecord, authorize_on_record};
pub use redaction::{ElementRedaction, NoElement, RedactedElement};
pub use request::{Action, Actor, Request};
pub use response::{Decision, Effect, Kind, Reason, Response, Why};
pub use source::{Ruling, SimpleConsent, SourceKind, State};
pub use store::{ConsentEpoch, ConsentGuard, ConsentStore, ConsentStoreExt, StoreError};
pub use what_if::{Change, Difference, what_if};
