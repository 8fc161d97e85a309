use super::context::{identifier, logical};
use super::encounter::date_time;
use super::patient::of_type;
use super::reader::Reader;
use super::{Codes, FhirLink, FhirRecord, FromFhir, ObservationCategory, RecordContext, RecordError};
use crate::resources::{Effective, Observation, ObservationStatus, ObservationValue};
use crate::types::{CodeableConcept, Coding, DateTime, Decimal, Instant, Quantity, QuantityComparator};
use crate::{PatientToken, Resource, Value};

const UCUM: &str = "http://unitsofmeasure.org";

/// Something that was measured or found.
#[derive(Clone, PartialEq, Eq)]
pub struct ObservationRecord {
    /// The id of the record at the service.
    pub id: String,
    /// Whose observation it is.
    pub patient: PatientToken,
    /// The service's id of the encounter in which it was made.
    pub encounter: Option<String>,
    /// How far it is.
    pub status: ObservationStatus,
    /// What kinds of observation it is.
    pub categories: Vec<ObservationCategory>,
    /// What was observed: codes that all say the same, such as one of LOINC.
    pub code: Codes,
    /// When it was true of the patient.
    pub effective: Option<DateTime>,
    /// When it was made available.
    pub issued: Option<Instant>,
    /// What was found.
    pub value: Option<RecordValue>,
    /// High, low, normal and so on.
    pub interpretation: Vec<Coding>,
    /// The state of the synchronisation.
    pub link: FhirLink,
}

/// What was found.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordValue {
    /// A number with its unit.
    Quantity(Measurement),
    /// Codes that all say the same.
    Codes(Codes),
    /// A text.
    Text(String),
    /// A truth.
    Boolean(bool),
    /// A whole number without a unit.
    Integer(i32),
    /// A date or time.
    DateTime(DateTime),
}

/// A number with its unit.
#[derive(Clone, PartialEq, Eq)]
pub struct Measurement {
    /// The number, with the digits that it was measured with.
    pub value: Decimal,
    /// Whether the number is a bound.
    pub comparator: Option<QuantityComparator>,
    /// The unit for people.
    pub unit: Option<String>,
    /// The unit as UCUM writes it.
    pub ucum: Option<String>,
}

impl ObservationRecord {
    /// A final observation of which nothing more is known.
    #[must_use]
    pub fn new(id: impl Into<String>, patient: PatientToken, code: impl Into<Codes>) -> Self {
        Self {
            id: id.into(),
            patient,
            encounter: None,
            status: ObservationStatus::Final,
            categories: Vec::new(),
            code: code.into(),
            effective: None,
            issued: None,
            value: None,
            interpretation: Vec::new(),
            link: FhirLink::default(),
        }
    }
}

impl FhirRecord for ObservationRecord {
    const RESOURCE_TYPE: &'static str = "Observation";

    fn to_fhir(&self, context: &RecordContext) -> Resource {
        Observation {
            id: self.link.resource_id.clone(),
            identifier: vec![identifier(&context.record_system, &self.id)],
            status: Some(self.status),
            category: self.categories.iter().map(|category| category.coding().into()).collect(),
            code: Some(concept(&self.code)),
            subject: Some(context.patient(&self.patient)),
            encounter: self.encounter.as_ref().map(|id| logical("Encounter", &context.record_system, id)),
            effective: self.effective.clone().map(Effective::DateTime),
            issued: self.issued.clone(),
            value: self.value.as_ref().map(RecordValue::to_fhir),
            interpretation: self.interpretation.iter().cloned().map(Into::into).collect(),
            ..Observation::default()
        }
        .into_resource()
    }

    fn from_fhir(resource: &Resource, context: &RecordContext) -> Result<FromFhir<Self>, RecordError> {
        let unusable = |element| RecordError::Unusable { element };
        let mut issues = Vec::new();
        let mut observation = of_type(resource, Self::RESOURCE_TYPE, &mut issues)?;
        let resource_id = observation.text("id").map(Into::into);
        let id = observation
            .first("identifier", |item| item.identifier_value(&context.record_system).map(ToOwned::to_owned))
            .ok_or(unusable("Observation.identifier"))?;
        let status = observation
            .take_as("status", |status| ObservationStatus::parse(status.as_str()?))
            .ok_or(unusable("Observation.status"))?;
        let patient = observation
            .within("subject", |subject| context.token(subject))
            .ok_or(unusable("Observation.subject"))?;
        let code = observation.within("code", |code| codes(code)).ok_or(unusable("Observation.code"))?;
        let record = Self {
            id,
            patient,
            status,
            code,
            encounter: observation.within("encounter", |encounter| {
                encounter.expect("type", "Encounter");
                encounter.identifier("identifier", &context.record_system).map(Into::into)
            }),
            categories: observation
                .items("category", |category| category.first("coding", ObservationCategory::of)),
            effective: date_time(&mut observation, "effectiveDateTime"),
            issued: observation.take_as("issued", |issued| Instant::parse(issued.as_str()?).ok()),
            value: RecordValue::read(&mut observation),
            interpretation: observation.items("interpretation", |item| item.sole_coding()),
            link: FhirLink { resource_id, ..FhirLink::default() },
        };
        observation.leave();
        Ok(FromFhir { record, issues })
    }

    fn link(&self) -> &FhirLink {
        &self.link
    }

    fn link_mut(&mut self) -> &mut FhirLink {
        &mut self.link
    }
}

impl RecordValue {
    fn to_fhir(&self) -> ObservationValue {
        match self {
            Self::Quantity(measured) => ObservationValue::Quantity(measured.to_fhir()),
            Self::Codes(codes) => ObservationValue::CodeableConcept(concept(codes)),
            Self::Text(text) => ObservationValue::String(text.clone()),
            Self::Boolean(truth) => ObservationValue::Boolean(*truth),
            Self::Integer(number) => ObservationValue::Integer(*number),
            Self::DateTime(time) => ObservationValue::DateTime(time.clone()),
        }
    }

    fn read(observation: &mut Reader<'_, '_>) -> Option<Self> {
        let quantity = observation.within("valueQuantity", Measurement::read).map(Self::Quantity);
        let coded = || observation.within("valueCodeableConcept", |value| codes(value)).map(Self::Codes);
        let found = quantity.or_else(coded);
        let found = found.or_else(|| observation.text("valueString").map(|text| Self::Text(text.into())));
        let found = found.or_else(|| observation.take_as("valueBoolean", Value::as_bool).map(Self::Boolean));
        let integer = |value: &Value| value.as_i64().and_then(|number| i32::try_from(number).ok());
        let found = found.or_else(|| observation.take_as("valueInteger", integer).map(Self::Integer));
        found.or_else(|| date_time(observation, "valueDateTime").map(Self::DateTime))
    }
}

impl std::fmt::Debug for RecordValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Quantity(_) => "Quantity(..)",
            Self::Codes(_) => "Codes(..)",
            Self::Text(_) => "Text(..)",
            Self::Boolean(_) => "Boolean(..)",
            Self::Integer(_) => "Integer(..)",
            Self::DateTime(_) => "DateTime(..)",
        })
    }
}

impl std::fmt::Debug for ObservationRecord {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ObservationRecord").field("status", &self.status).finish_non_exhaustive()
    }
}

impl Measurement {
    /// A number with its unit in UCUM.
    #[must_use]
    pub fn new(value: Decimal, ucum: impl Into<String>) -> Self {
        Self { value, comparator: None, unit: None, ucum: Some(ucum.into()) }
    }

    fn to_fhir(&self) -> Quantity {
        Quantity {
            value: Some(self.value.clone()),
            comparator: self.comparator,
            unit: self.unit.clone(),
            system: self.ucum.is_some().then(|| UCUM.to_owned()),
            code: self.ucum.clone(),
            ..Quantity::default()
        }
    }

    fn read(quantity: &mut Reader<'_, '_>) -> Option<Self> {
        let value = quantity.take_as("value", |value| Decimal::parse(value.as_number()?).ok())?;
        // Without its comparator the number would say something else.
        let comparator = match quantity.text("comparator") {
            Some(code) => Some(QuantityComparator::parse(code)?),
            None => None,
        };
        let unit = quantity.text("unit").map(Into::into);
        let ucum = quantity.code_of(UCUM).map(Into::into);
        Some(Self { value, comparator, unit, ucum })
    }
}

impl std::fmt::Debug for Measurement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Measurement { .. }")
    }
}

fn concept(codes: &Codes) -> CodeableConcept {
    CodeableConcept { coding: codes.as_slice().to_vec(), ..CodeableConcept::default() }
}

fn codes(concept: &mut Reader<'_, '_>) -> Option<Codes> {
    Codes::try_from(concept.items("coding", |item| item.coding())).ok()
}
