//! The resources whose shape is known.

use super::{Shape, Shaped};
use crate::resources::*;

/// The shape of a resource by its type.
pub(super) fn shape_of(resource_type: &str) -> Shape {
    let named = |shape: &&Shape| matches!(shape, Shape::Element { name, .. } if *name == resource_type);
    SHAPES.iter().find(named).copied().unwrap_or(Shape::Any)
}

const SHAPES: &[Shape] = &[
    Account::SHAPE,
    AllergyIntolerance::SHAPE,
    Appointment::SHAPE,
    CareTeam::SHAPE,
    Condition::SHAPE,
    Coverage::SHAPE,
    Device::SHAPE,
    DiagnosticReport::SHAPE,
    DocumentReference::SHAPE,
    Encounter::SHAPE,
    EpisodeOfCare::SHAPE,
    Immunization::SHAPE,
    Location::SHAPE,
    Medication::SHAPE,
    MedicationRequest::SHAPE,
    MessageHeader::SHAPE,
    Observation::SHAPE,
    Organization::SHAPE,
    Patient::SHAPE,
    Practitioner::SHAPE,
    PractitionerRole::SHAPE,
    Procedure::SHAPE,
    Provenance::SHAPE,
    RelatedPerson::SHAPE,
    ServiceRequest::SHAPE,
    Specimen::SHAPE,
];
