//! De-identification of FHIR R4 and of HL7 v2: what may leave, and as what.
//!
//! A [`Policy`] is an allow-list over the elements of R4; [`deidentify`] rebuilds a Bundle from what it names and
//! drops the rest. A patient becomes a random token, every other identifier a keyed surrogate, and a [`Manifest`] says
//! what was done where, without a value.
//!
//! ```
//! use carewire_deid::{Context, KeyRing, Policy, Pseudonymizer, deidentify_resource};
//! use carewire_fhir_core::{OrgId, PatientToken, Resource};
//!
//! let ring = KeyRing::parse(r#"{"keys":[
//!   {"id":"1","use":"encrypt","key":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","status":"active","created":"2026-11-01"},
//!   {"id":"1","use":"pseudonym","key":"ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8","status":"active","created":"2026-11-01"}]}"#)?;
//! let keys = Pseudonymizer::new(&ring, &OrgId::new("org_a").unwrap(), "live");
//! let token = PatientToken::new("pt_7").unwrap();
//! let received = Resource::parse(br#"{"resourceType":"Observation","id":"MRN7-1","status":"final",
//!   "code":{"coding":[{"system":"http://loinc.org","code":"718-7"}],"text":"Hb of Mrs Smith"},
//!   "subject":{"reference":"Patient/MRN7","display":"Smith"},
//!   "valueQuantity":{"value":13.20,"unit":"g/dL"},"note":[{"text":"call her on 555-0100"}]}"#).unwrap();
//!
//! let (out, manifest) = deidentify_resource(&received, Policy::pseudonymous(), &Context::new(&keys).with_patient(&token))?;
//! let json = out.resource.to_json();
//! assert!(json.contains("718-7") && json.contains(r#""value":13.20,"unit":"g/dL""#) && json.contains("pt_7"));
//! assert!(!json.contains("Smith") && !json.contains("MRN7") && !json.contains("555"));
//! assert_eq!(manifest.count("Observation.note", carewire_deid::Treatment::Dropped), 1);
//! # Ok::<(), carewire_deid::Error>(())
//! ```
//!
//! - [`Policy`], [`check_policy`]: the file, its faults by line and column, its coverage of R4
//! - [`deidentify`], [`deidentify_resource`], [`Context`], [`DeidentifiedEntry`]: live sync, patients under tokens
//! - [`Exporter`]: files, ids and references under surrogates by a key, from text to text
//! - [`PatientIndex`]: what patients are known by, so that their dates move alike in lines that name them by id
//! - [`v2`]: messages of HL7 v2, bytes in, bytes out, under the `[[v2]]` paths of the same policy
//! - [`QuasiIdentifiers`], [`People`], [`Cells`]: how many persons of a release look alike (k-anonymity, l-diversity)
//! - [`KeyRing`], [`Pseudonymizer`], [`Sealer`], [`Entropy`]: keys, keyed surrogates, sealed records
//! - [`transform`]: what can be done with one value: dates, ages, postal codes, identifiers, numbers, codes, text
//! - [`import`]: rule files of Microsoft's Tools for Health Data Anonymization
//! - [`TokenVault`], [`MemoryVault`], [`new_token`]: which token stands for whom; `contract` (feature) tests a vault
//!
//! What it will not do: open a file or socket, read a clock, make randomness of its own, find names in free text (text
//! goes, whole), or claim that what comes out is anonymous: it is what the policy says it is.

pub mod import;
pub mod transform;
pub mod v2;
pub mod vault;

mod deidentify;
mod entropy;
mod error;
mod fhir;
mod kanon;
mod keys;
mod mac;
mod patient;
mod policy;
mod pseudonym;
mod seal;
mod terms;
mod tools;

pub use deidentify::{
    Context, Deidentified, DeidentifiedEntry, ENCRYPTED_ORIGINAL_URL, ENCRYPTED_SYSTEM, Exporter,
    IDENTITY_SYSTEM, Manifest, ORIGINAL_SYSTEM, PSEUDONYM_SYSTEM, TOKEN_SYSTEM, Treatment, Warning,
    deidentify, deidentify_resource,
};
pub use entropy::{Entropy, new_token};
pub use error::{Error, MessageFault, PolicyError, Refusal, Result};
pub use kanon::{
    Cell, CellRecord, Cells, DiversityReport, KAnonymityReport, People, PersonRecord, QuasiIdentifierError,
    QuasiIdentifiers, Reading,
};
pub use keys::{KeyRing, KeyUse};
pub use patient::PatientIndex;
pub use policy::{ElementReport, Method, Policy, PolicyFault, PolicyReport, TypeReport, check_policy};
pub use pseudonym::Pseudonymizer;
pub use seal::{SealContext, Sealer};
#[cfg(feature = "contract")]
pub use vault::contract;
pub use vault::{MemoryVault, TokenVault};
