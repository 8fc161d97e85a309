use super::context::{identifier, logical};
use super::patient::of_type;
use super::reader::Reader;
use super::{EncounterKind, FhirLink, FhirRecord, FromFhir, RecordContext, RecordError};
use crate::resources::{Encounter, EncounterParticipant, EncounterStatus};
use crate::types::{Coding, DateTime, Extension, ExtensionValue, Period, ToJson};
use crate::{PatientToken, Resource, Value};

const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// A meeting of a patient with those who give care.
#[derive(Clone, PartialEq, Eq)]
pub struct EncounterRecord {
    /// The id of the record at the service.
    pub id: String,
    /// Whose encounter it is.
    pub patient: PatientToken,
    /// What the service calls it.
    pub kind: EncounterKind,
    /// How far it is.
    pub status: EncounterStatus,
    /// When it began.
    pub start: Option<DateTime>,
    /// When it ended.
    pub end: Option<DateTime>,
    /// Why: codes, each with its system where that is known.
    pub reasons: Vec<Coding>,
    /// The service's ids of the practitioners who took part.
    pub practitioners: Vec<String>,
    /// The state of the synchronisation.
    pub link: FhirLink,
}

impl EncounterRecord {
    /// An encounter of which nothing more is known; its status is `unknown`.
    #[must_use]
    pub fn new(id: impl Into<String>, patient: PatientToken, kind: EncounterKind) -> Self {
        Self {
            id: id.into(),
            patient,
            kind,
            status: EncounterStatus::Unknown,
            start: None,
            end: None,
            reasons: Vec::new(),
            practitioners: Vec::new(),
            link: FhirLink::default(),
        }
    }

    fn period(&self) -> Option<Period> {
        let period = Period { start: self.start.clone(), end: self.end.clone(), ..Period::default() };
        (period != Period::default()).then_some(period)
    }
}

impl std::fmt::Debug for EncounterRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EncounterRecord").field("status", &self.status).finish_non_exhaustive()
    }
}

impl FhirRecord for EncounterRecord {
    const RESOURCE_TYPE: &'static str = "Encounter";

    fn to_fhir(&self, context: &RecordContext) -> Resource {
        let participant = |id: &String| EncounterParticipant {
            individual: Some(logical("Practitioner", &context.practitioner_system, id)),
            ..EncounterParticipant::default()
        };
        Encounter {
            id: self.link.resource_id.clone(),
            identifier: vec![identifier(&context.record_system, &self.id)],
            status: Some(self.status),
            class: Some(self.kind.class().unwrap_or_else(no_class)),
            r#type: vec![Coding::new(context.kind_system.as_str(), self.kind.as_str()).into()],
            subject: Some(context.patient(&self.patient)),
            participant: self.practitioners.iter().map(participant).collect(),
            period: self.period(),
            reason_code: self.reasons.iter().cloned().map(Into::into).collect(),
            ..Encounter::default()
        }
        .into_resource()
    }

    fn from_fhir(resource: &Resource, context: &RecordContext) -> Result<FromFhir<Self>, RecordError> {
        let unusable = |element| RecordError::Unusable { element };
        let mut issues = Vec::new();
        let mut encounter = of_type(resource, Self::RESOURCE_TYPE, &mut issues)?;
        let resource_id = encounter.text("id").map(Into::into);
        let id = encounter
            .first("identifier", |item| item.identifier_value(&context.record_system))
            .ok_or(unusable("Encounter.identifier"))?;
        let status = encounter
            .take_as("status", |status| EncounterStatus::parse(status.as_str()?))
            .ok_or(unusable("Encounter.status"))?;
        let patient = encounter
            .within("subject", |subject| context.token(subject))
            .ok_or(unusable("Encounter.subject"))?;
        let kind = kind_of(&mut encounter, context).ok_or(unusable("Encounter.class"))?;
        let mut record = Self { status, ..Self::new(id, patient, kind) };
        encounter.within("period", |period| {
            record.start = date_time(period, "start");
            record.end = date_time(period, "end");
            (record.start.is_some() || record.end.is_some()).then_some(())
        });
        record.reasons = encounter.items("reasonCode", |item| item.sole_coding());
        record.practitioners = encounter.items("participant", |participant| {
            participant.within("individual", |individual| {
                individual.expect("type", "Practitioner");
                individual.identifier("identifier", &context.practitioner_system).map(Into::into)
            })
        });
        encounter.leave();
        record.link.resource_id = resource_id;
        Ok(FromFhir { record, issues })
    }

    fn link(&self) -> &FhirLink {
        &self.link
    }

    fn link_mut(&mut self) -> &mut FhirLink {
        &mut self.link
    }
}

/// The service's own code, or else what the class says.
fn kind_of(encounter: &mut Reader<'_, '_>, context: &RecordContext) -> Option<EncounterKind> {
    let own = encounter
        .first("type", |concept| concept.first("coding", |item| item.code_of(&context.kind_system)))
        .map(EncounterKind::parse);
    let class = encounter.within("class", |class| match &own {
        Some(kind) => written_class(class, kind).then(|| kind.clone()),
        None => EncounterKind::of_class(class),
    });
    own.or(class)
}

/// Takes the class that a kind is written with, which says nothing more; `false` when it is another.
fn written_class(class: &mut Reader<'_, '_>, kind: &EncounterKind) -> bool {
    let Some(coding) = kind.class() else {
        let unknown = no_class().extension.iter().map(ToJson::to_value).collect::<Value>();
        return class.take_as("extension", |found| (*found == unknown).then_some(())).is_some();
    };
    class.code_of(coding.system.as_deref().unwrap_or_default()) == coding.code.as_deref()
}

/// R4 requires a class. One that is not known is said to be so.
fn no_class() -> Coding {
    Coding {
        extension: vec![Extension::new(ABSENT, ExtensionValue::Code("unknown".into()))],
        ..Coding::default()
    }
}

pub(super) fn date_time(reader: &mut Reader<'_, '_>, name: &str) -> Option<DateTime> {
    reader.take_as(name, |value| DateTime::parse(value.as_str()?).ok())
}
