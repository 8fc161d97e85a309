//! ADT: admission, discharge, transfer, and updates of the person.

use super::named;
use crate::fhir::context::Context;
use crate::fhir::map::MapError;
use crate::fhir::segment::{pid, pv1};
use crate::{Message, Segment};

/// Maps any event whose message is about one patient.
pub(super) fn map(message: &Message<'_>, c: &mut Context<'_>) -> Result<(), MapError> {
    let segments: Vec<Segment<'_>> = message.segments().collect();
    patient(&segments, c)?;
    Ok(())
}

/// PID to PV2: the patient and the visit.
pub(super) fn patient(segments: &[Segment<'_>], c: &mut Context<'_>) -> Result<(), MapError> {
    let pid = named(segments, "PID").ok_or(MapError::NoPatient)?;
    let mut patient = pid::read(&pid, c).ok_or(MapError::NoPatientIdentity)?;
    if let Some(pd1) = named(segments, "PD1") {
        pid::read_pd1(&pd1, &mut patient, c);
    }
    pid::add(patient, c);
    pid::add_related(&pid, c);
    if let Some(pv1) = named(segments, "PV1") {
        pv1::map(&pv1, named(segments, "PV2").as_ref(), c);
    }
    Ok(())
}
