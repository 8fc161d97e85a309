//! ORU and VXU: orders with their results, vaccinations with their observations.

use std::collections::HashSet;

use super::group::{OrderGroup, PatientGroup, SpecimenGroup};
use super::person;
use crate::Segment;
use crate::fhir::context::{Anchor, Context, Draft};
use crate::fhir::map::MapError;
use crate::fhir::segment::obx::Parent;
use crate::fhir::segment::rxa::{self, Vaccination};
use crate::fhir::segment::{nte, obr, obx_immunization, orc, spm};

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
    if let Some(rxa) = &group.rxa {
        return vaccination(group, rxa, c);
    }
    let order = request(group, c);
    let report = group.obr.as_ref().and_then(|obr| obr::map(group.orc.as_ref(), obr, order.as_ref(), c));
    results(group, order.as_ref(), report.as_ref(), c);
}

/// A vaccination, and the observations beside it.
fn vaccination(group: &OrderGroup<'_>, rxa: &Segment<'_>, c: &mut Context<'_>) {
    let all: Vec<_> = group.observations.iter().filter_map(|noted| noted.segment).collect();
    let elements = obx_immunization::elements(&all);
    let given = Vaccination { orc: group.orc.as_ref(), rxa, rxr: group.rxr.as_ref(), elements: &elements };
    let anchor = rxa::map(&given, c);
    let part_of = anchor.iter().map(Anchor::reference).collect();
    let read: HashSet<usize> = elements.iter().map(Segment::index).collect();
    let is_element = |obx: &Segment<'_>| read.contains(&obx.index());
    let beside = group.observations.iter().filter(|noted| !noted.segment.as_ref().is_some_and(is_element));
    person::observations(beside, &Parent { part_of, ..parent_of(anchor.as_ref(), c) }, c);
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
