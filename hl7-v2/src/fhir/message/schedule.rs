//! SIU: an appointment and its resources.

use super::group::{Item, PatientGroup};
use super::person;
use crate::fhir::MapError;
use crate::fhir::context::Context;
use crate::fhir::node::Seg;
use crate::fhir::segment::{ais, nte, pid, provenance, sch};

/// Maps an appointment of any number of patients, none included.
pub(super) fn map<'a>(groups: &[PatientGroup<'a>], c: &mut Context<'a>) -> Result<(), MapError> {
    let mut patients = Vec::new();
    for group in groups {
        let Some(pid) = group.named("PID") else { continue };
        person::map(group, c)?;
        patients.extend(c.patient.map(|patient| (pid.seg, patient)));
    }
    let items: Vec<&Item<'a>> = groups.iter().flat_map(|group| &group.segments).collect();
    let named = |name: &'static str| items.iter().map(|item| item.seg).find(move |seg| seg.is(name));
    let Some(sch) = named("SCH") else { return Ok(()) };
    let anchors: Vec<_> = patients.iter().map(|(_, patient)| *patient).collect();
    let mut appointment = sch::read(&sch, named("TQ1").as_ref(), &anchors, c);
    let services: Vec<Seg<'a>> = items.iter().map(|item| item.seg).filter(|seg| seg.is("AIS")).collect();
    sch::orders(&sch, &services, &mut appointment, c);
    for item in &items {
        ais::read(&item.seg, &mut appointment, c);
        if is_of_appointment(&item.seg) {
            nte::on_appointment(&item.notes, &mut appointment.draft, c);
        }
    }
    let Some(appointment) = sch::add(&sch, appointment, c) else { return Ok(()) };
    provenance::of_appointment(&sch, appointment, c);
    for (pid, patient) in patients {
        c.patient = Some(patient);
        pid::appointment(&pid, appointment, c);
    }
    Ok(())
}

/// Whether notes behind the segment are about the appointment.
fn is_of_appointment(seg: &Seg<'_>) -> bool {
    ["SCH", "TQ1", "RGS", "AIS", "AIG", "AIL", "AIP"].iter().any(|name| seg.is(name))
}
