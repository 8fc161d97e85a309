//! The documents that consents are read from.

mod abdm;
mod fhir;
mod reading;
pub(crate) use reading::{id_of, is_global, patient};
mod simple;

use std::sync::Arc;

use carewire_fhir_core::{OrgId, Value};
use serde::{Serialize, Serializer};

pub use simple::{Ruling, SimpleConsent, State};

use crate::ElementPath;
use crate::document::ParseReason;
use crate::model::{Consent, Rules};

/// The kinds of documents that consents are read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum SourceKind {
    /// [`SimpleConsent`].
    Simple,
    /// FHIR R4 `Consent`: one root `provision`.
    FhirR4,
    /// FHIR R5 `Consent`: `decision` and a list of `provision`.
    FhirR5,
    /// A consent artefact of the Ayushman Bharat Digital Mission.
    Abdm,
}

impl SourceKind {
    const ALL: [Self; 4] = [Self::Simple, Self::FhirR4, Self::FhirR5, Self::Abdm];

    /// The stable name: `simple`, `fhir-r4`, `fhir-r5` or `abdm`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Simple => "simple",
            Self::FhirR4 => "fhir-r4",
            Self::FhirR5 => "fhir-r5",
            Self::Abdm => "abdm",
        }
    }

    /// The kind of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

/// A document, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Simple(Box<SimpleConsent>),
    Fhir(SourceKind, Value),
    Abdm(Value),
}

impl Source {
    pub(crate) fn kind(&self) -> SourceKind {
        match self {
            Self::Simple(_) => SourceKind::Simple,
            Self::Fhir(kind, _) => *kind,
            Self::Abdm(_) => SourceKind::Abdm,
        }
    }

    /// Where a provision or one of its elements stands in the document. `element` is named as in FHIR.
    pub(crate) fn place(&self, provision: &Arc<str>, element: Option<&'static str>) -> ElementPath {
        match (self, element) {
            (Self::Simple(_), element) => simple::place(element).into(),
            (Self::Abdm(_), element) => abdm::place(element).into(),
            (Self::Fhir(..), Some("status")) => "Consent.status".into(),
            (Self::Fhir(..), Some("scope")) => "Consent.scope".into(),
            (Self::Fhir(..), element) => ElementPath::below(provision, element),
        }
    }

    pub(crate) fn to_json(&self) -> String {
        match self {
            Self::Simple(consent) => serde_json::to_string(consent).unwrap_or_default(),
            Self::Fhir(_, document) | Self::Abdm(document) => document.to_json(),
        }
    }

    /// The same consent, taken back.
    pub(crate) fn revoked(&self, rules: &Rules) -> Consent {
        let mut rules = rules.clone();
        rules.state = Some(State::Revoked);
        let mut source = self.clone();
        match &mut source {
            Self::Simple(consent) => consent.state = State::Revoked,
            Self::Fhir(_, document) => fhir::revoke(document),
            Self::Abdm(document) => abdm::revoke(document),
        }
        Consent::new(source, rules)
    }
}

impl Serialize for Source {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Simple(consent) => consent.serialize(serializer),
            Self::Fhir(_, document) | Self::Abdm(document) => {
                let text = document.to_json();
                let value: serde_json::Value =
                    serde_json::from_str(&text).map_err(serde::ser::Error::custom)?;
                value.serialize(serializer)
            }
        }
    }
}

/// The shape of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Simple,
    Fhir,
    Abdm,
    /// A FHIR resource of another type.
    OtherResource,
}

impl Shape {
    pub(crate) fn of(document: &Value) -> Self {
        const ABDM: [&str; 5] = ["consentDetail", "consentId", "hiTypes", "consent", "notification"];
        match document.str("resourceType") {
            Some("Consent") => Self::Fhir,
            Some(_) => Self::OtherResource,
            None if ABDM.iter().any(|name| document.get(name).is_some()) => Self::Abdm,
            None => Self::Simple,
        }
    }
}

/// Reads a document that is not of the simple form. `place` stands for an id that is not there.
pub(crate) fn read(document: &Value, org: &OrgId, place: usize) -> Result<Consent, ParseReason> {
    match Shape::of(document) {
        Shape::Fhir => fhir::read(document, org, place),
        Shape::Abdm => abdm::read(document, org),
        Shape::OtherResource | Shape::Simple => Err(ParseReason::FormNotSupported),
    }
}
