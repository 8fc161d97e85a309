//! The de-identification of a Bundle.

mod address;
mod bundle;
mod datatype;
mod envelope;
mod export;
mod extension;
mod identity;
mod links;
mod live;
mod manifest;
mod methods;
mod owner;
mod primitive;
mod query;
mod scalar;
mod scope;
pub(crate) mod subject;
#[cfg(test)]
mod tests;
mod walk;

use walk::names;

use std::collections::BTreeMap;

use carewire_fhir_core::{PatientToken, Resource, Value};

use crate::tools::Tools;
use crate::transform::{TextScrubber, ValueCipher};
use crate::{Entropy, Error, Policy, Pseudonymizer, Refusal, Result};

pub use export::Exporter;
pub use manifest::{Manifest, Treatment, Warning};

/// The identifier system of patient tokens.
pub const TOKEN_SYSTEM: &str = "urn:carewire:token";
/// The system of keyed pseudonyms: of identifiers, and of codes whose own system is not known.
pub const PSEUDONYM_SYSTEM: &str = "urn:carewire:pseudonym";
/// The system of identifiers that are encrypted: see
/// [`ValueCipher::decrypt_identifier`](crate::transform::ValueCipher::decrypt_identifier).
pub const ENCRYPTED_SYSTEM: &str = "urn:carewire:encrypted";
/// The tag system that carries the identity of a resource whose type has no identifier.
pub const IDENTITY_SYSTEM: &str = "urn:carewire:identity";
/// The identifier system under which a patient's sealed original is asked for, by token.
pub const ORIGINAL_SYSTEM: &str = "urn:carewire:original";
/// The extension of a token patient that refers to its sealed original.
pub const ENCRYPTED_ORIGINAL_URL: &str = "urn:carewire:fhir:encrypted-original";

/// Under what keys and for whom a Bundle is de-identified.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    keys: &'a Pseudonymizer,
    patients: Patients<'a>,
    tools: Tools<'a>,
}

#[derive(Clone, Copy)]
enum Patients<'a> {
    None,
    One(&'a PatientToken),
    /// By the `fullUrl` of their entries.
    Several(&'a BTreeMap<String, PatientToken>),
}

/// How many: the addresses of entries may be those of a server.
impl std::fmt::Debug for Patients<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let count = match self {
            Self::None => 0,
            Self::One(_) => 1,
            Self::Several(tokens) => tokens.len(),
        };
        write!(f, "Patients({count})")
    }
}

impl<'a> Context<'a> {
    /// A context with the pseudonyms of one org for one purpose, and no patient: for directories of organisations,
    /// practitioners and places.
    #[must_use]
    pub fn new(keys: &'a Pseudonymizer) -> Self {
        Self { keys, patients: Patients::None, tools: Tools::default() }
    }

    /// The token of the one patient whom the Bundle is about.
    #[must_use]
    pub fn with_patient(mut self, token: &'a PatientToken) -> Self {
        self.patients = Patients::One(token);
        self
    }

    /// The tokens of the patients whom the Bundle is about, by the `fullUrl` of their entries.
    ///
    /// Each resource then belongs to the one patient to whom its references lead, through other resources of the Bundle
    /// too; only `Patient.link` may lead to another patient. One that leads to two is refused.
    ///
    /// ```
    /// # use std::collections::BTreeMap;
    /// # use carewire_deid::{Context, Entropy, Error, KeyRing, Policy, Pseudonymizer, deidentify};
    /// # use carewire_fhir_core::{OrgId, PatientToken, Resource};
    /// # #[derive(Debug)] struct Count(std::sync::atomic::AtomicU8);
    /// # impl Entropy for Count { fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
    /// #     for byte in bytes { *byte = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) } Ok(()) } }
    /// # let ring = KeyRing::generate(&Count(Default::default()), "2026-11-20T00:00:00Z")?;
    /// # let keys = Pseudonymizer::new(&ring, &OrgId::new("org_a").unwrap(), "live");
    /// let merged = Resource::parse(br#"{"resourceType":"Bundle","type":"collection","entry":[
    ///   {"fullUrl":"urn:uuid:11111111-1111-4111-8111-111111111111","resource":{"resourceType":"Patient","link":[
    ///     {"other":{"reference":"urn:uuid:22222222-2222-4222-8222-222222222222"},"type":"replaces"}]}},
    ///   {"fullUrl":"urn:uuid:22222222-2222-4222-8222-222222222222","resource":{"resourceType":"Patient","active":false}}]}"#).unwrap();
    /// let token = |text| PatientToken::new(text).unwrap();
    /// let tokens = BTreeMap::from([
    ///     ("urn:uuid:11111111-1111-4111-8111-111111111111".to_owned(), token("pt_7")),
    ///     ("urn:uuid:22222222-2222-4222-8222-222222222222".to_owned(), token("pt_6")),
    /// ]);
    /// let done = deidentify(&merged, Policy::pseudonymous(), &Context::new(&keys).with_patients(&tokens))?;
    /// let [survivor, replaced] = &done.entries[..] else { panic!("two patients") };
    /// assert_eq!((survivor.value.as_str(), replaced.value.as_str()), ("pt_7", "pt_6"));
    /// let other = survivor.resource.value().list("link")[0].get("other").unwrap();
    /// assert_eq!(other.str("reference"), Some(replaced.full_url.as_str()));
    /// assert_eq!(survivor.linked, [token("pt_6")]);
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn with_patients(mut self, tokens: &'a BTreeMap<String, PatientToken>) -> Self {
        self.patients = Patients::Several(tokens);
        self
    }

    /// Who scrubs the texts that the policy scrubs.
    #[must_use]
    pub fn with_scrubber(mut self, scrubber: &'a dyn TextScrubber) -> Self {
        self.tools.scrubber = Some(scrubber);
        self
    }

    /// What encrypts the values that the policy encrypts, and where nonces come from. Each time the same value is encrypted
    /// it looks different, so whoever compares what is sent with what was sent takes it for a change.
    #[must_use]
    pub fn with_cipher(mut self, cipher: &'a ValueCipher, entropy: &'a dyn Entropy) -> Self {
        self.tools.cipher = Some((cipher, entropy));
        self
    }

    pub(crate) fn keys(&self) -> &'a Pseudonymizer {
        self.keys
    }

    /// The token of the Patient whose entry has this address.
    fn patient_at(&self, full_url: Option<&str>) -> Option<&'a PatientToken> {
        match self.patients {
            Patients::None => None,
            Patients::One(token) => Some(token),
            Patients::Several(tokens) => tokens.get(full_url?),
        }
    }

    fn are_several(&self) -> bool {
        matches!(self.patients, Patients::Several(_))
    }
}

/// A de-identified Bundle and what was done to it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Deidentified {
    /// The Bundle. Its references resolve within it.
    pub bundle: Resource,
    /// Its resources with the keys that they are known by, in its order.
    pub entries: Vec<DeidentifiedEntry>,
    /// What was done, by path, without values.
    pub manifest: Manifest,
}

/// One resource of a de-identified Bundle.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct DeidentifiedEntry {
    /// The place of its original among the entries of the input Bundle, from 0.
    pub index: usize,
    /// Its type.
    pub resource_type: String,
    /// [`TOKEN_SYSTEM`] or [`PSEUDONYM_SYSTEM`] where `value` is an identifier, [`IDENTITY_SYSTEM`] where it is a tag.
    pub system: String,
    /// The token or keyed pseudonym that stays the same whenever the resource comes again.
    pub value: String,
    /// Its address in the Bundle, made of the three above.
    pub full_url: String,
    /// The patient that it belongs to: the one whom the whole Bundle is about, else the one to whom its references lead.
    pub patient: Option<PatientToken>,
    /// The other patients that it names: those of `Patient.link`.
    pub linked: Vec<PatientToken>,
    /// The resource.
    pub resource: Resource,
}

impl DeidentifiedEntry {
    /// The search that finds the resource on a server: `Encounter?identifier=system|value` or `…?_tag=…`.
    #[must_use]
    pub fn search(&self) -> String {
        format!("{}?{}", self.resource_type, self.criteria())
    }

    pub(crate) fn criteria(&self) -> String {
        let parameter = if self.system == IDENTITY_SYSTEM { "_tag" } else { "identifier" };
        format!("{parameter}={}|{}", self.system, self.value)
    }
}

/// De-identifies a Bundle by a policy.
///
/// Every resource of a type that the policy names is rebuilt from what the policy lets through; the others are left
/// out, with the references that led to them. Addresses, references and conditional URLs are rewritten throughout.
/// The result depends on the input, the policy and the keys alone.
///
/// ```
/// # use carewire_deid::{Context, Entropy, Error, KeyRing, Policy, Pseudonymizer, deidentify};
/// # use carewire_fhir_core::{OrgId, PatientToken, Resource};
/// # #[derive(Debug)] struct Count(std::sync::atomic::AtomicU8);
/// # impl Entropy for Count { fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
/// #     for byte in bytes { *byte = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) } Ok(()) } }
/// # let ring = KeyRing::generate(&Count(Default::default()), "2026-11-20T00:00:00Z")?;
/// let bundle = Resource::parse(br#"{"resourceType":"Bundle","type":"transaction","entry":[
///   {"fullUrl":"urn:uuid:11111111-1111-4111-8111-111111111111",
///    "resource":{"resourceType":"Patient","identifier":[{"system":"urn:oid:1.2.3","value":"MRN-7"}],
///                "name":[{"family":"Smith"}],"birthDate":"1970-01-01","gender":"female"},
///    "request":{"method":"PUT","url":"Patient?identifier=urn:oid:1.2.3|MRN-7"}}]}"#).unwrap();
/// let org = OrgId::new("org_a").unwrap();
/// let token = PatientToken::new("pt_7").unwrap();
/// let keys = Pseudonymizer::new(&ring, &org, "live");
/// let out = deidentify(&bundle, Policy::pseudonymous(), &Context::new(&keys).with_patient(&token))?;
/// assert_eq!(out.entries[0].search(), "Patient?identifier=urn:carewire:token|pt_7");
/// assert_eq!(out.entries[0].resource.value().str("gender"), Some("female"));
/// assert!(!out.bundle.to_json().contains("Smith") && !out.bundle.to_json().contains("1970"));
/// # Ok::<(), Error>(())
/// ```
///
/// # Errors
/// [`Error::Refused`] when the resource is no Bundle, holds a patient without a token or two with one, holds a resource of
/// two patients, or carries a modifier extension that the policy does not name, or when the policy encrypts or scrubs and the
/// context lacks what that needs; [`Error::Entropy`] when no nonce can be had. Nothing is emitted then.
pub fn deidentify(bundle: &Resource, policy: &Policy, context: &Context<'_>) -> Result<Deidentified> {
    if bundle.resource_type() != "Bundle" {
        return Err(Error::Refused { path: "resource".to_owned(), reason: Refusal::NotABundle });
    }
    bundle::deidentify(bundle.value(), policy, context)
}

/// De-identifies a single resource, as if it were alone in a Bundle: for NDJSON files and single requests.
///
/// A reference to a `Patient` in `subject`, `patient` or `beneficiary` becomes a reference by token, since the
/// context names the one patient that the resource is about; other references lead nowhere and go.
///
/// # Errors
/// As [`deidentify`], and [`Error::Refused`] when the policy does not name the type.
pub fn deidentify_resource(
    resource: &Resource,
    policy: &Policy,
    context: &Context<'_>,
) -> Result<(DeidentifiedEntry, Manifest)> {
    let entry = Value::object().with("resource", resource.value().clone());
    let bundle = Value::object().with("resourceType", "Bundle").with("entry", vec![entry]);
    let mut done = bundle::deidentify(&bundle, policy, context)?;
    match done.entries.pop() {
        Some(entry) => Ok((entry, done.manifest)),
        None => Err(Error::Refused { path: "resource".to_owned(), reason: Refusal::TypeNotInPolicy }),
    }
}
