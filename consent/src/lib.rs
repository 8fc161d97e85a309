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
//! - [`evaluate`] decides, [`authorize`] decides and makes the [`Permit`]; [`Policy`] says what happens without a consent.
//! - [`SimpleConsent`] and [`parse_consents`], [`Request`], [`Response`]: the documents.
//! - [`Purpose`] and [`DataClass`]: the two vocabularies; [`data_classes_of`] classifies a resource.
//! - [`ConsentStore`] is the seam, [`ConsentStoreExt`] its sugar, [`MemoryConsentStore`] the store for tests and small
//!   services; the feature `contract` has the suite that every store passes.
//!
//! # What it will not do
//! It reads no clock, opens no socket and keeps no cache. It does not yet read FHIR `Consent` or ABDM artefacts (they
//! are refused, by name), does not evaluate security labels or access rules by role, and breaks no glass: a stated
//! reason is demanded for the purpose `BTG`, but consents alone decide.

mod classify;
mod consent;
#[cfg(any(test, feature = "contract"))]
pub mod contract;
mod data_class;
mod document;
mod evaluate;
mod memory;
mod permit;
mod purpose;
mod request;
mod response;
mod store;

pub use classify::{CLASS_TABLE_VERSION, data_classes_of, entry_data_classes};
pub use consent::{Ruling, SimpleConsent, State};
pub use data_class::DataClass;
pub use document::{ParseError, ParseReason, parse_consents};
pub use evaluate::{Implicit, PatientConsents, Policy, evaluate};
pub use memory::MemoryConsentStore;
pub use permit::{Denied, Permit, authorize};
pub use purpose::Purpose;
pub use request::{Action, Actor, BreakGlass, Request};
pub use response::{Decision, Effect, Kind, Obligation, Reason, Response, Why};
pub use store::{ConsentEpoch, ConsentStore, ConsentStoreExt, StoreError};
