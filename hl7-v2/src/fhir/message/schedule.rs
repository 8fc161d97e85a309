//! SIU: an appointment and its resources.

use super::group::PatientGroup;
use super::{is, named, person};
use crate::Segment;
use crate::fhir::context::Context;
use crate::fhir::map::MapError;
use crate::fhir::segment::obx::Parent;
use crate::fhir::segment::{nte, sch};

/// Maps an appointment. It may be without a patient.
pub(super) fn map(group: &PatientGroup<'_>, c: &mut Context<'_>) -> Result<(), MapError> {
    let mut account = None;
    if named(&group.segments, "PID").is_some() {
        account = person::patient(&group.segments, c)?;
    }
    let parent = Parent { encounter: c.visit(), ..Parent::default() };
    person::observations(&group.observations, &parent, c);
    person::clinical(&group.segments, account.as_ref(), c);
    appointment(&group.segments, c);
    Ok(())
}

/// SCH, TQ1, NTE and the resources, in the order of the message.
fn appointment(segments: &[Segment<'_>], c: &mut Context<'_>) {
    let Some(sch) = named(segments, "SCH") else { return };
    let Some(mut appointment) = sch::read(&sch, named(segments, "TQ1").as_ref(), c) else { return };
    for segment in segments {
        if ["AIS", "AIG", "AIL", "AIP"].iter().any(|name| is(segment, name)) {
            sch::read_resource(segment, &mut appointment, c);
        }
        if is(segment, "NTE") {
            sch::note(&mut appointment, nte::read(segment, c));
        }
    }
    sch::add(appointment, c);
}
