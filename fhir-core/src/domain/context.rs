use crate::types::{Identifier, Reference};
use crate::{PatientToken, Value};

use super::reader::Reader;

/// The names by which a service and its remote know each other's things. All can be changed; the defaults are URNs that
/// belong to nobody else.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordContext {
    /// The system of the identifier that holds a patient's token: `urn:carewire:token`.
    pub token_system: String,
    /// The system of the identifier that holds a record's own id: `urn:carewire:record`.
    pub record_system: String,
    /// The system of the identifiers of practitioners: `urn:carewire:practitioner`.
    pub practitioner_system: String,
    /// The system of the codes of [`super::EncounterKind`]: `urn:carewire:encounter-kind`.
    pub kind_system: String,
    /// The extension that says where a patient's encrypted data lies: `urn:carewire:encrypted-payload`.
    pub payload_extension: String,
    /// How a patient is referred to.
    pub patient_reference: PatientReference,
    /// What stands for a patient's name.
    pub masked_name: MaskedName,
}

/// How a patient is referred to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PatientReference {
    /// By identifier, which every server takes: `{"type":"Patient","identifier":{…}}`.
    #[default]
    Logical,
    /// By `Patient/` and the token, for servers where the token is the id.
    Literal,
    /// Both.
    Both,
}

/// What stands for a patient's name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum MaskedName {
    /// Nothing: the resource has no name.
    #[default]
    Absent,
    /// `***` as family and given name, for servers and screens that want a name to show.
    Stars,
}

impl Default for RecordContext {
    fn default() -> Self {
        Self {
            token_system: "urn:carewire:token".into(),
            record_system: "urn:carewire:record".into(),
            practitioner_system: "urn:carewire:practitioner".into(),
            kind_system: "urn:carewire:encounter-kind".into(),
            payload_extension: "urn:carewire:encrypted-payload".into(),
            patient_reference: PatientReference::default(),
            masked_name: MaskedName::default(),
        }
    }
}

impl RecordContext {
    pub(super) fn patient(&self, token: &PatientToken) -> Reference {
        let logical = logical("Patient", &self.token_system, token.as_str());
        match self.patient_reference {
            PatientReference::Logical => logical,
            PatientReference::Literal => Reference::to(literal(token)),
            PatientReference::Both => Reference { reference: Some(literal(token)), ..logical },
        }
    }

    /// The token that a reference to a patient holds: in its identifier, or as the id that it names.
    pub(super) fn token(&self, reference: &mut Reader<'_, '_>) -> Option<PatientToken> {
        reference.expect("type", "Patient");
        let identified = reference.identifier("identifier", &self.token_system);
        // Not `Reference::parse`: an id of FHIR has no underscore, and a token does.
        let named = reference.peek("reference").and_then(|text| text.rsplit_once("Patient/"));
        let named = named.filter(|(base, _)| base.is_empty() || base.ends_with('/')).map(|(_, id)| id);
        let token = PatientToken::new(identified.or(named)?).ok()?;
        // What names a server or somebody else says more than the token.
        reference.expect("reference", &literal(&token));
        Some(token)
    }
}

fn literal(token: &PatientToken) -> String {
    format!("Patient/{token}")
}

pub(super) fn logical(resource_type: &str, system: &str, value: &str) -> Reference {
    Reference {
        r#type: Some(resource_type.to_owned()),
        identifier: Some(Box::new(identifier(system, value))),
        ..Reference::default()
    }
}

pub(super) fn identifier(system: &str, value: &str) -> Identifier {
    Identifier { system: Some(system.to_owned()), value: Some(value.to_owned()), ..Identifier::default() }
}

/// Whether an identifier is one of this system.
pub(super) fn is_of(identifier: &Value, system: &str) -> bool {
    identifier.str("system") == Some(system)
}
