//! ORU and VXU: orders with their results, vaccinations with their observations.

use super::group::{OrderGroup, PatientGroup, SpecimenGroup};
use super::person;
use crate::fhir::context::{Anchor, Context, Draft};
use crate::fhir::map::MapError;
use crate::fhir::segment::obx::Parent;
use crate::fhir::segment::{nte, obr, orc, rxa, spm};

/// Maps a patient with orders.
pub(super) fn map(group: &PatientGroup<'_>, c: &mut Context<'_>) -> Result<(), MapError> {
    let account = person::patient(&group.segments, c)?;
    let parent = Parent { encounter: c.visit(), ..Parent::default() };
    person::observations(&group.observations, &parent, c);
    person::clinical(&group.segments, account.as_ref(), c);
    group.orders.iter().for_each(|order| map_order(order, c));
    Ok(())
}

/// Maps an order of any kind.
fn map_order(group: &OrderGroup<'_>, c: &mut Context<'_>) {
    if let Some(given) = &group.rxa {
        let anchor = rxa::map(group.orc.as_ref(), given, group.rxr.as_ref(), c);
        let parent = parent_of(anchor.as_ref(), c);
        let part_of = anchor.iter().map(Anchor::reference).collect();
        person::observations(&group.observations, &Parent { part_of, ..parent }, c);
        return;
    }
    let order = request(group, c);
    let report = group.obr.as_ref().and_then(|obr| obr::map(group.orc.as_ref(), obr, order.as_ref(), c));
    results(group, order.as_ref(), report.as_ref(), c);
}

/// The service request of an order, where an ORC says that there is one, with the notes on it.
pub(super) fn request(group: &OrderGroup<'_>, c: &mut Context<'_>) -> Option<Anchor> {
    let order = orc::map(group.orc.as_ref()?, group.obr.as_ref(), c)?;
    nte::map(&group.notes, &order, c);
    Some(order)
}

fn results(group: &OrderGroup<'_>, order: Option<&Anchor>, report: Option<&Anchor>, c: &mut Context<'_>) {
    let parent = parent_of(report.or(order), c);
    for observation in person::observations(&group.observations, &parent, c) {
        if let Some(report) = report {
            c.append(report, "result", Draft::new(observation.reference()));
        }
    }
    if let (Some(obr), Some(report), true) = (&group.obr, report, group.specimens.is_empty()) {
        obr::specimen(obr, report, c);
    }
    group.specimens.iter().for_each(|specimen| map_specimen(specimen, report, c));
}

fn map_specimen(group: &SpecimenGroup<'_>, report: Option<&Anchor>, c: &mut Context<'_>) {
    let Some(specimen) = spm::map(&group.spm, report, c) else { return };
    if let Some(report) = report {
        c.append(report, "specimen", Draft::new(specimen.reference()));
    }
    let parent = Parent { specimen: Some(specimen.reference()), ..parent_of(Some(&specimen), c) };
    person::observations(&group.observations, &parent, c);
}

fn parent_of(anchor: Option<&Anchor>, c: &Context<'_>) -> Parent {
    let identity = anchor.map(|anchor| anchor.identity.clone()).unwrap_or_default();
    Parent { identity, encounter: c.visit(), ..Parent::default() }
}
