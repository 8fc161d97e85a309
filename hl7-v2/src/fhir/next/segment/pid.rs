//! PID: the patient.

use crate::fhir::identity::{Candidate, choose};
use crate::fhir::next::context::{Anchor, Context, Draft};
use crate::fhir::next::datatype::{CX_IDENTIFIER, DTM_DATE, cx};
use crate::fhir::next::entries::Key;
use crate::fhir::next::node::Seg;
use crate::fhir::next::row::{Table, row};
use crate::fhir::next::segment::{LeftOut, left};
use crate::light::PATIENT_ID_FIELDS;

/// `PID[Patient]`
pub(crate) static PID_PATIENT: Table = Table::new(
    "PID[Patient]",
    "PID",
    "Patient",
    &[
        row(2, "identifier", CX_IDENTIFIER),
        row(3, "identifier", CX_IDENTIFIER),
        row(4, "identifier", CX_IDENTIFIER),
        row(7, "birthDate", DTM_DATE),
    ],
);

pub(crate) static LEFT_OUT: &[LeftOut] = &[];

/// The patient of a PID. `None` when it has no identifier in PID-3, PID-2 or PID-4: nobody could say who that is.
pub(crate) fn patient<'a>(pid: &Seg<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let candidates: Vec<Candidate> = PATIENT_ID_FIELDS
        .into_iter()
        .map(|field| pid.values(field).filter_map(|node| cx::candidate(&node, c)).collect::<Vec<_>>())
        .find(|found| !found.is_empty())?;
    let chosen = &choose(&candidates, &c.options.patient_systems)?.identity;
    let key = Key::Given(c.arena.text(&chosen.system), c.arena.text(&chosen.value));
    let mut draft = c.draft();
    PID_PATIENT.apply(&mut draft, pid, c);
    let anchor = c.add("Patient", draft, key, pid.at());
    c.patient = Some(anchor);
    Some(anchor)
}
