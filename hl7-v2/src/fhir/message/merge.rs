//! Events about two records of one person: merges, links, and changes of identifiers.
//!
//! | events | what becomes of the patients |
//! |---|---|
//! | A18, A30, A34, A36, A39, A40 | that of MRG is replaced by that of PID: `link` both ways, no longer `active` |
//! | A46, A47, A48 | the same: the record under the old identifier gives way to that under the new one |
//! | A24 | each is linked to the other: `seealso` |
//! | A37 | the links are taken away |
//!
//! The guide maps none of these. A patient that was replaced keeps its identifiers as its own: the surviving one does
//! not take them over, so that a conditional update by either identifier finds one patient.

use crate::fhir::MapError;
use crate::fhir::context::{Anchor, Context};
use crate::fhir::message::group::PatientGroup;
use crate::fhir::message::person;
use crate::fhir::report::Reason;
use crate::fhir::segment::pid;
use crate::fhir::tree::Object;

/// What an event says of two records.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    Replaces,
    Linked,
    Unlinked,
}

/// What an ADT event says of two records; `None` for events about one.
pub(super) fn relation(event: &str) -> Option<Relation> {
    match event {
        "A18" | "A30" | "A34" | "A36" | "A39" | "A40" | "A46" | "A47" | "A48" => Some(Relation::Replaces),
        "A24" => Some(Relation::Linked),
        "A37" => Some(Relation::Unlinked),
        _ => None,
    }
}

/// Maps the patients of a message, each with the one that it replaces, or with the one before it.
pub(super) fn map<'a>(
    groups: &[PatientGroup<'a>],
    relation: Relation,
    c: &mut Context<'a>,
) -> Result<(), MapError> {
    let mut first = None;
    for group in groups {
        person::map(group, c)?;
        let Some(patient) = c.patient else { continue };
        match relation {
            Relation::Replaces => replaces(group, patient, c)?,
            Relation::Linked | Relation::Unlinked => match first {
                None => first = Some(patient),
                Some(other) => relate(other, patient, relation, c),
            },
        }
    }
    Ok(())
}

/// The patients of MRG, replaced by that of PID.
fn replaces<'a>(group: &PatientGroup<'a>, survivor: Anchor<'a>, c: &mut Context<'a>) -> Result<(), MapError> {
    let mut named = false;
    for mrg in group.all("MRG") {
        let source = pid::patient_of_mrg(&mrg.seg, c).ok_or(MapError::NoPatientIdentity)?;
        named = true;
        if source == survivor {
            // A patient that replaces itself would be lost.
            c.report_at(mrg.seg.at(), Reason::MergedWithItself);
            continue;
        }
        link(survivor, source, "replaces", c);
        link(source, survivor, "replaced-by", c);
        c.edit(source, |patient| patient.set("active", false));
    }
    if named { Ok(()) } else { Err(MapError::NoMerge) }
}

fn relate<'a>(one: Anchor<'a>, other: Anchor<'a>, relation: Relation, c: &mut Context<'a>) {
    for (from, to) in [(one, other), (other, one)] {
        if relation == Relation::Linked {
            link(from, to, "seealso", c);
        } else if let Some(entry) = c.entries.get_mut(from.position) {
            entry.cleared.push("link");
        }
    }
}

fn link<'a>(from: Anchor<'a>, to: Anchor<'a>, kind: &'static str, c: &mut Context<'a>) {
    let link: Object<'a> = c.object().with("other", to.reference(c.arena)).with("type", kind);
    let arena = c.arena;
    c.edit(from, |patient| patient.push(arena, "link", link));
}
