//! ADT: admission, discharge, transfer, and updates of the person; and the person of every other message.

use super::group::{Item, PatientGroup};
use crate::fhir::context::{Anchor, Context};
use crate::fhir::entries::Key;
use crate::fhir::node::Seg;
use crate::fhir::segment::obx::{self, Parent};
use crate::fhir::segment::{al1, dg1, gt1, iam, in1, nk1, pd1, pid, pr1, prt, pv1, rol};
use crate::fhir::{Deletion, MapError, Unidentified};

/// Maps a patient, the visit, and what is said of them.
pub(super) fn map<'a>(group: &PatientGroup<'a>, c: &mut Context<'a>) -> Result<(), MapError> {
    patient_and_visit(group, c)?;
    observations(&group.observations, &Parent { encounter: c.encounter, ..Parent::default() }, c);
    clinical(group, c);
    Ok(())
}

/// Maps an event of ADT that is about one patient.
pub(super) fn event<'a>(group: &PatientGroup<'a>, c: &mut Context<'a>) -> Result<(), MapError> {
    match c.event {
        "A23" | "A29" => deleted(group, c),
        _ => map(group, c),
    }
}

/// A visit or a person that there is no longer. What else the message says of them is not worth a resource.
fn deleted<'a>(group: &PatientGroup<'a>, c: &mut Context<'a>) -> Result<(), MapError> {
    patient_and_visit(group, c)?;
    let really = c.options.deletion == Deletion::Delete && c.options.has_requests();
    let (gone, is_person) = if c.event == "A29" { (c.patient, true) } else { (c.encounter, false) };
    let Some(gone) = gone else { return Ok(()) };
    if really {
        c.entries.delete(if is_person { is_of_person } else { is_of_visit });
    } else if is_person {
        c.edit(gone, |patient| patient.set("active", false));
    }
    Ok(())
}

/// What refers to a visit that is gone, and goes with it.
fn is_of_visit(resource_type: &str) -> bool {
    matches!(resource_type, "Encounter" | "Basic")
}

/// What refers to a person that is gone, and goes with it: all but people who care, houses and places.
fn is_of_person(resource_type: &str) -> bool {
    !matches!(resource_type, "Organization" | "Location" | "Practitioner" | "PractitionerRole" | "Provenance")
}

/// PID to PV2, with the people behind them.
pub(super) fn patient_and_visit<'a>(group: &PatientGroup<'a>, c: &mut Context<'a>) -> Result<(), MapError> {
    patient(group, c)?;
    visit(group, c);
    Ok(())
}

fn patient<'a>(group: &PatientGroup<'a>, c: &mut Context<'a>) -> Result<(), MapError> {
    (c.patient, c.encounter, c.account, c.episode) = (None, None, None, None);
    let may_miss = c.options.unidentified == Unidentified::BindToMessage;
    let Some(pid) = group.named("PID") else {
        return if may_miss { Ok(()) } else { Err(MapError::NoPatient) };
    };
    if pid::patient(&pid.seg, c).is_none() {
        if !may_miss {
            return Err(MapError::NoPatientIdentity);
        }
        bound_to_message(&pid.seg, c);
    }
    if let Some(pd1) = group.named("PD1") {
        pd1::pd1(&pd1.seg, c);
    }
    pid::account(&pid.seg, c);
    pid::mother(&pid.seg, c);
    for mrg in group.all("MRG") {
        pid::account_of_mrg(&mrg.seg, c);
    }
    if c.options.wants_provenance() {
        pid::provenance(&pid.seg, c);
    }
    people_around(group, c);
    group.all("NK1").for_each(|nk1| nk1::kin(&nk1.seg, c));
    Ok(())
}

/// ROL and PRT behind PID and PD1.
fn people_around<'a>(group: &PatientGroup<'a>, c: &mut Context<'a>) {
    let Some(patient) = c.patient else { return };
    let mut team = Vec::new();
    for role in ["PID", "PD1"].into_iter().filter_map(|name| group.named(name)).flat_map(|item| &item.roles) {
        if role.is("PRT") {
            prt::of_patient(role, c);
        } else if rol::is_general_practitioner(role) {
            rol::general_practitioner(role, patient, c);
        } else if rol::is_of_care_team(role) {
            team.push(*role);
        } else {
            rol::related_person(role, c);
        }
    }
    rol::care_team(&team, c);
}

/// A patient whom nothing identifies: known by the message alone.
fn bound_to_message<'a>(seg: &Seg<'a>, c: &mut Context<'a>) {
    let mut draft = c.draft();
    pid::PID_PATIENT.apply(&mut draft, seg, c);
    let message = c.bound_to_message(seg);
    let anchor = c.add("Patient", draft, Key::Derived(&["message", message]), seg.at());
    c.patient = Some(anchor);
}

/// PV1 and PV2, with the people behind them.
pub(super) fn visit<'a>(group: &PatientGroup<'a>, c: &mut Context<'a>) {
    let Some(pv1) = group.named("PV1") else { return };
    let pv2 = group.named("PV2");
    let Some(visit) = pv1::encounter(&pv1.seg, pv2.map(|pv2| &pv2.seg), c) else { return };
    for role in pv1.roles.iter().chain(pv2.into_iter().flat_map(|pv2| &pv2.roles)) {
        if role.is("PRT") {
            prt::of_encounter(role, visit, c);
        } else {
            rol::encounter_participant(role, visit, c);
        }
    }
}

/// AL1, IAM, DG1, PR1, GT1 and the insurance, in the order of the message.
fn clinical<'a>(group: &PatientGroup<'a>, c: &mut Context<'a>) {
    let mut insurance = None;
    for Item { seg, .. } in &group.segments {
        match seg.name().to_ascii_uppercase().as_str() {
            "AL1" => drop(al1::allergy(seg, c)),
            "IAM" => drop(iam::allergy(seg, c)),
            "DG1" => drop(dg1::diagnosis(seg, c)),
            "PR1" => drop(pr1::procedure(seg, c)),
            "IN1" => insurance = insurance.or(in1::coverage(seg, c)),
            "IN3" => drop(in1::care_team(seg, c)),
            "GT1" => drop(gt1::guarantor(seg, c)),
            _ => {}
        }
    }
    if let Some(pv1) = group.named("PV1") {
        pv1::coverage(&pv1.seg, insurance, c);
    }
}

/// OBX with their notes and participations.
pub(super) fn observations<'g, 'a: 'g>(
    list: impl IntoIterator<Item = &'g Item<'a>>,
    parent: &Parent<'a>,
    c: &mut Context<'a>,
) -> Vec<Anchor<'a>> {
    let mut found = Vec::new();
    for Item { seg, notes, roles } in list {
        let Some(anchor) = obx::observation(seg, notes, parent, c) else { continue };
        roles.iter().for_each(|role| prt::of_observation(role, anchor, c));
        found.push(anchor);
    }
    found
}

#[cfg(test)]
mod tests {
    use carewire_fhir_core::{OrgId, entries};

    use crate::fhir::testing::{Mapped, mapped, mapped_with, of_type, reported};
    use crate::fhir::{Deletion, MapOptions, Unidentified};

    fn deleting(event: &str) -> Mapped {
        let options = MapOptions::new(OrgId::new("org").unwrap()).with_deletion(Deletion::Delete);
        mapped_with(event, &["NK1|1|Roe^Ann|MTH", "PV1|1|I|W^1|||||||||||||||V1"], &options)
    }

    fn requests(mapped: &Mapped) -> Vec<String> {
        entries(&mapped.bundle)
            .filter_map(|entry| {
                Some(format!("{} {}", entry.request_method?, entry.request_url?.split('?').next()?))
            })
            .collect()
    }

    #[test]
    fn what_is_deleted_has_a_status_that_says_so() {
        let person = mapped("ADT^A29", &[]);
        assert!(of_type(&person, "Patient").concat().contains(r#""active":false"#));
        let visit = mapped("ADT^A23", &["PV1|1|I"]);
        assert!(of_type(&visit, "Encounter").concat().contains(r#""status":"entered-in-error""#));
        assert!(!of_type(&visit, "Patient").concat().contains("active"));
    }

    #[test]
    fn what_is_deleted_by_option_goes_with_what_refers_to_it() {
        let visit = requests(&deleting("ADT^A23"));
        assert!(visit.contains(&"DELETE Encounter".to_owned()), "{visit:?}");
        assert!(visit.contains(&"PUT Patient".to_owned()) && visit.contains(&"PUT RelatedPerson".to_owned()));
        let person = requests(&deleting("ADT^A29"));
        for gone in ["DELETE Patient", "DELETE RelatedPerson", "DELETE Encounter"] {
            assert!(person.contains(&gone.to_owned()), "{person:?}");
        }
        assert!(person.contains(&"PUT Location".to_owned()), "the ward is still there");
    }

    #[test]
    fn a_patient_without_an_identifier_is_bound_to_the_message_when_asked_for() {
        let options =
            MapOptions::new(OrgId::new("org").unwrap()).with_unidentified(Unidentified::BindToMessage);
        let mapped = mapped_with("ADT^A08", &["PID|2||||Roe"], &options);
        assert_eq!(of_type(&mapped, "Patient").len(), 2);
        assert!(reported(&mapped).iter().any(|issue| issue.contains("bound to this message")));
    }
}
