//! MDM: a document, with or without its content.

use super::group::{Noted, PatientGroup};
use super::{named, orders, person};
use crate::Segment;
use crate::fhir::context::Context;
use crate::fhir::map::MapError;
use crate::fhir::segment::txa;

/// Maps a patient with a document.
pub(super) fn map(group: &PatientGroup<'_>, c: &mut Context<'_>) -> Result<(), MapError> {
    person::patient(&group.segments, c)?;
    let requests: Vec<_> = group.orders.iter().filter_map(|order| orders::request(order, c)).collect();
    let Some(txa) = named(&group.segments, "TXA") else { return Ok(()) };
    txa::map(&txa, &content(group), &requests, c);
    Ok(())
}

/// The OBX of the message hold the document, behind whichever order they stand.
fn content<'m>(group: &PatientGroup<'m>) -> Vec<Segment<'m>> {
    let of_orders = group.orders.iter().flat_map(|order| &order.observations);
    let segment = |noted: &Noted<'m>| noted.segment;
    group.observations.iter().chain(of_orders).filter_map(segment).collect()
}
