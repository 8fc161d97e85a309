//! Rule files of Microsoft's Tools for Health Data Anonymization, run by this crate.
//!
//! [`AnonymizerRules::parse`] reads the JSON that their engine takes (`fhirVersion`, `processingErrors`, `fhirPathRules`,
//! `parameters`), and [`AnonymizerRules::run`] applies it to a resource by their rules: the first rule that names an element
//! holds for it and for what stands below it, and each contained resource and entry is looked at by itself. What their
//! engine does wrong is done right, and every such difference is named by [`AnonymizerRules::deviations`].
//!
//! ```
//! # use carewire_deid::{Entropy, Error, KeyRing, Pseudonymizer};
//! use carewire_deid::import::{AnonymizerRules, ImportOptions, RunContext};
//! # use carewire_fhir_core::{Date, OrgId, Resource};
//! # #[derive(Debug)] struct Count(std::sync::atomic::AtomicU8);
//! # impl Entropy for Count { fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
//! #     for byte in bytes { *byte = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) } Ok(()) } }
//! # let ring = KeyRing::generate(&Count(Default::default()), "2026-11-20T00:00:00Z")?;
//! # let keys = Pseudonymizer::new(&ring, &OrgId::new("org_a").unwrap(), "export");
//! let rules = AnonymizerRules::parse(r#"{"fhirVersion":"R4","fhirPathRules":[
//!   {"path":"Patient.gender","method":"keep"},
//!   {"path":"nodesByType('Address').state","method":"keep"},
//!   {"path":"nodesByType('date')","method":"redact"}],
//!   "parameters":{"enablePartialDatesForRedact":true}}"#, ImportOptions::default())?;
//! let patient = Resource::parse(br#"{"resourceType":"Patient","name":[{"family":"Smith"}],"gender":"female",
//!   "birthDate":"1970-02-03","address":[{"city":"Ely","state":"VT"}]}"#).unwrap();
//! let as_of = Date::parse("2026-11-22").unwrap();
//! let done = rules.run(&patient, &RunContext::new(&keys, &as_of))?;
//! let json = done.resource.to_json();
//! assert!(json.contains("female") && json.contains("VT") && json.contains(r#""birthDate":"1970""#));
//! assert!(!json.contains("Smith") && !json.contains("Ely"));
//! assert!(AnonymizerRules::parse(r#"{"fhirPathRules":[{"path":"Patient","method":"skip"}]}"#, ImportOptions::default()).is_err());
//! # Ok::<(), Error>(())
//! ```
//!
//! The paths that are understood: a resource type (or `Resource`, any of them) and element names (`Patient.contact.name`;
//! `Observation.value` finds each type of a choice), `nodesByType('X')` and `nodesByName('x')` anywhere in a path, `|`
//! between paths, and after them whatever [`carewire_fhir_core::fhirpath`] evaluates (`where(…)`, `as`, `ofType(…)`, indexes).
//! Anything else is an error with the line and index of the rule; [`check_rules`] shows all rules and all faults.

mod check;
mod deviation;
mod error;
mod file;
mod hash;
mod path;
mod patient;
mod rewrite;
mod rule;
mod secret;
mod source;
mod tag;
mod tree;
mod value;

pub use check::{RuleReport, RulesReport, check_rules};
pub use deviation::Deviation;
pub use error::{RuleError, RuleReason};
pub use file::{AnonymizerRules, ImportOptions, RuleKeys, Unmatched};
pub use rewrite::{RunContext, Transformed};
pub use source::is_rule_file;
