//! MDM: a document, with or without its content.

use super::group::{Item, PatientGroup};
use super::orders::{self, Kind};
use super::person;
use crate::fhir::MapError;
use crate::fhir::context::Context;
use crate::fhir::node::Seg;
use crate::fhir::segment::{nte, provenance, txa};

/// Maps a patient with a document.
pub(super) fn map<'a>(group: &PatientGroup<'a>, c: &mut Context<'a>) -> Result<(), MapError> {
    person::patient_and_visit(group, c)?;
    let requests: Vec<_> =
        group.orders.iter().filter_map(|order| orders::request(order, Kind::Results, c)).collect();
    let Some(txa) = group.named("TXA") else { return Ok(()) };
    let content: Vec<Seg<'a>> = content(group).map(|item| item.seg).collect();
    let Some(document) = txa::document(&txa.seg, &content, &requests, c) else { return Ok(()) };
    self::content(group).for_each(|item| nte::on_document(&item.notes, document, c));
    provenance::of_document(&txa.seg, document, c);
    Ok(())
}

/// The OBX of the message hold the document, behind whichever order they stand.
fn content<'g, 'a>(group: &'g PatientGroup<'a>) -> impl Iterator<Item = &'g Item<'a>> {
    let of_orders = group.orders.iter().flat_map(|order| &order.observations);
    group.observations.iter().chain(of_orders)
}
