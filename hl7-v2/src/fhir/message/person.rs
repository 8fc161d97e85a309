//! ADT: admission, discharge, transfer, and updates of the person.

use super::group::{Noted, PatientGroup};
use super::{all, is, named};
use crate::Segment;
use crate::fhir::context::{Anchor, Context};
use crate::fhir::map::MapError;
use crate::fhir::segment::obx::{self, Parent};
use crate::fhir::segment::{al1, dg1, in1, nk1, nte, pid, pr1, pv1};

/// Maps any event whose message is about one patient.
pub(super) fn map(group: &PatientGroup<'_>, c: &mut Context<'_>) -> Result<(), MapError> {
    let account = patient(&group.segments, c)?;
    observations(&group.observations, &Parent::default(), c);
    clinical(&group.segments, account.as_ref(), c);
    Ok(())
}

/// PID to PV2: the patient, the next of kin and the visit. Gives the account.
pub(super) fn patient(segments: &[Segment<'_>], c: &mut Context<'_>) -> Result<Option<Anchor>, MapError> {
    let pid = named(segments, "PID").ok_or(MapError::NoPatient)?;
    let mut patient = pid::read(&pid, c).ok_or(MapError::NoPatientIdentity)?;
    if let Some(pd1) = named(segments, "PD1") {
        pid::read_pd1(&pd1, &mut patient, c);
    }
    pid::add(patient, c);
    let account = pid::add_related(&pid, c);
    all(segments, "NK1").for_each(|nk1| nk1::map(&nk1, c));
    if let Some(pv1) = named(segments, "PV1") {
        pv1::map(&pv1, named(segments, "PV2").as_ref(), c);
    }
    Ok(account)
}

/// AL1, DG1, PR1, IN1 and GT1, in the order of the message.
pub(super) fn clinical(segments: &[Segment<'_>], account: Option<&Anchor>, c: &mut Context<'_>) {
    for segment in segments {
        match segment {
            al1 if is(al1, "AL1") => al1::map(al1, c),
            dg1 if is(dg1, "DG1") => dg1::map(dg1, c),
            pr1 if is(pr1, "PR1") => pr1::map(pr1, c),
            in1 if is(in1, "IN1") => in1::map(in1, c),
            gt1 if is(gt1, "GT1") => in1::map_guarantor(gt1, account, c),
            _ => {}
        }
    }
}

/// OBX with their notes.
pub(super) fn observations<'n, 'm: 'n>(
    list: impl IntoIterator<Item = &'n Noted<'m>>,
    parent: &Parent,
    c: &mut Context<'_>,
) -> Vec<Anchor> {
    let mut found = Vec::new();
    for noted in list {
        let Some(anchor) = noted.segment.as_ref().and_then(|obx| obx::map(obx, parent, c)) else { continue };
        nte::map(&noted.notes, &anchor, c);
        found.push(anchor);
    }
    found
}
