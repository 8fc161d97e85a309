use super::context::{MaskedName, identifier};
use super::reader::Reader;
use super::{FhirLink, FhirRecord, FromFhir, RecordContext, RecordError};
use crate::resources::Patient;
use crate::types::{Extension, ExtensionValue, HumanName, Reference};
use crate::{PatientToken, Resource, Value};

const STARS: &str = "***";

/// A patient: a token, and where the encrypted data lies. Nothing that says who it is.
#[derive(Clone, PartialEq, Eq)]
pub struct PatientRecord {
    /// The name of the patient outside the vault.
    pub token: PatientToken,
    /// Whether the record is in use, where that is known.
    pub active: Option<bool>,
    /// A URI under which the patient's encrypted data lies.
    pub payload: Option<String>,
    /// The state of the synchronisation.
    pub link: FhirLink,
}

impl PatientRecord {
    /// A patient of whom nothing is known but the token.
    #[must_use]
    pub fn new(token: PatientToken) -> Self {
        Self { token, active: None, payload: None, link: FhirLink::default() }
    }
}

impl std::fmt::Debug for PatientRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PatientRecord").field("token", &self.token).finish_non_exhaustive()
    }
}

impl FhirRecord for PatientRecord {
    const RESOURCE_TYPE: &'static str = "Patient";

    fn to_fhir(&self, context: &RecordContext) -> Resource {
        let payload = |uri: &String| {
            Extension::new(
                context.payload_extension.as_str(),
                ExtensionValue::Reference(Reference::to(uri.as_str())),
            )
        };
        Patient {
            id: self.link.resource_id.clone(),
            extension: self.payload.iter().map(payload).collect(),
            identifier: vec![identifier(&context.token_system, self.token.as_str())],
            active: self.active,
            name: masked(context.masked_name),
            ..Patient::default()
        }
        .into_resource()
    }

    fn from_fhir(resource: &Resource, context: &RecordContext) -> Result<FromFhir<Self>, RecordError> {
        let mut issues = Vec::new();
        let mut patient = of_type(resource, Self::RESOURCE_TYPE, &mut issues)?;
        let resource_id = patient.text("id").map(Into::into);
        let token = patient
            .first("identifier", |item| PatientToken::new(item.identifier_value(&context.token_system)?).ok())
            .ok_or(RecordError::Unusable { element: "Patient.identifier" })?;
        let active = patient.take_as("active", Value::as_bool);
        let payload = patient.first("extension", |extension| payload_of(extension, context));
        patient.first("name", |name| stars(name));
        patient.leave();
        let link = FhirLink { resource_id, ..FhirLink::default() };
        Ok(FromFhir { record: Self { token, active, payload, link }, issues })
    }

    fn link(&self) -> &FhirLink {
        &self.link
    }

    fn link_mut(&mut self) -> &mut FhirLink {
        &mut self.link
    }
}

/// Begins to read a resource of a type.
pub(super) fn of_type<'v, 'i>(
    resource: &'v Resource,
    expected: &'static str,
    issues: &'i mut Vec<crate::Issue>,
) -> Result<Reader<'v, 'i>, RecordError> {
    if resource.resource_type() != expected {
        return Err(RecordError::WrongType { expected });
    }
    Ok(Reader::new(resource.value(), expected, issues))
}

fn masked(name: MaskedName) -> Vec<HumanName> {
    match name {
        MaskedName::Absent => Vec::new(),
        MaskedName::Stars => {
            vec![HumanName { family: Some(STARS.into()), given: vec![STARS.into()], ..HumanName::default() }]
        }
    }
}

/// A name of stars says nothing, so that a record that has no name holds it.
fn stars(name: &mut Reader<'_, '_>) -> Option<()> {
    let family = name.text("family")?;
    let given = name.take_as("given", |given| {
        given.items().iter().all(|part| part.as_str() == Some(STARS)).then_some(())
    });
    (family == STARS).then_some(()).and(given)
}

fn payload_of(extension: &mut Reader<'_, '_>, context: &RecordContext) -> Option<String> {
    let url = extension.text("url")?;
    if url != context.payload_extension {
        return None;
    }
    extension.within("valueReference", |reference| reference.text("reference").map(Into::into))
}
