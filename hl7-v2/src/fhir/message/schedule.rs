//! SIU: an appointment and its resources.

use super::group::PatientGroup;
use super::{is, named, person};
use crate::Segment;
use crate::fhir::context::Context;
use crate::fhir::map::MapError;
use crate::fhir::segment::obx::Parent;
use crate::fhir::segment::{ais, nte, sch};

/// Maps an appointment of any number of patients, none included.
pub(super) fn map(groups: &[PatientGroup<'_>], c: &mut Context<'_>) -> Result<(), MapError> {
    let mut patients = Vec::new();
    for group in groups.iter().filter(|group| named(&group.segments, "PID").is_some()) {
        let account = person::patient(&group.segments, c)?;
        let parent = Parent { encounter: c.visit(), ..Parent::default() };
        person::observations(&group.observations, &parent, c);
        person::clinical(&group.segments, account.as_ref(), c);
        patients.extend(c.subject());
    }
    let segments: Vec<Segment<'_>> = groups.iter().flat_map(|group| &group.segments).copied().collect();
    let Some(sch) = named(&segments, "SCH") else { return Ok(()) };
    let timing = named(&segments, "TQ1");
    let Some(mut appointment) = sch::read(&sch, timing.as_ref(), &patients, c) else { return Ok(()) };
    for segment in &segments {
        ais::read(segment, &mut appointment, c);
        if is(segment, "NTE") {
            sch::note(&mut appointment, nte::read(segment, c));
        }
    }
    sch::add(appointment, c);
    Ok(())
}
