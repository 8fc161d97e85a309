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

#[cfg(test)]
mod tests {
    use carewire_fhir_core::{OrgId, Resource, Value, entries};

    use super::*;
    use crate::fhir::testing::{mapped, mapped_with, reported};
    use crate::fhir::{MapOptions, map};
    use crate::{Message, ParseOptions};

    /// The value of the first identifier, whether active, and the links of each patient.
    fn patients(bundle: &Resource) -> Vec<(String, Option<bool>, Vec<String>)> {
        let url_of = |value: &str| {
            entries(bundle)
                .find(|entry| first_identifier(entry.resource.unwrap()) == value)
                .and_then(|entry| entry.full_url)
        };
        let shown =
            |url: &str| ["7", "6", "5"].into_iter().find(|value| url_of(value) == Some(url)).unwrap_or("?");
        let link = |link: &Value| {
            let other = link.get("other").and_then(|other| other.str("reference")).unwrap_or_default();
            format!("{} {}", link.str("type").unwrap_or_default(), shown(other))
        };
        entries(bundle)
            .filter_map(|entry| entry.resource)
            .filter(|resource| resource.str("resourceType") == Some("Patient"))
            .map(|patient| {
                let active = patient.get("active").and_then(Value::as_bool);
                (
                    first_identifier(patient).to_owned(),
                    active,
                    patient.list("link").iter().map(link).collect(),
                )
            })
            .collect()
    }

    fn first_identifier(resource: &Value) -> &str {
        resource.list("identifier").first().and_then(|identifier| identifier.str("value")).unwrap_or_default()
    }

    #[test]
    fn a_merge_links_both_patients_and_takes_one_out_of_use() {
        for event in ["A18", "A30", "A34", "A36", "A39", "A40", "A47"] {
            let mapped = mapped(&format!("ADT^{event}"), &["MRG|6^^^GEN^MR||||||Roe^Jo"]);
            assert_eq!(
                patients(&mapped.bundle),
                [
                    ("7".into(), None, vec!["replaces 6".into()]),
                    ("6".into(), Some(false), vec!["replaced-by 7".into()])
                ],
                "{event}"
            );
        }
    }

    #[test]
    fn a_patient_is_not_merged_with_itself() {
        let mapped = mapped("ADT^A40", &["MRG|7^^^GEN^MR"]);
        assert_eq!(patients(&mapped.bundle), [("7".into(), None, vec![])]);
        assert!(
            reported(&mapped).iter().any(|issue| issue.contains("merged with itself")),
            "{:?}",
            reported(&mapped)
        );
    }

    #[test]
    fn a_merge_without_what_is_merged_is_refused() {
        let text = b"MSH|^~\\&|A|B|||20240305||ADT^A40|1|P|2.5\rPID|1||7^^^GEN^MR";
        let message = Message::parse(text, &ParseOptions::default()).unwrap();
        let error = map(&message, &MapOptions::new(OrgId::new("org").unwrap())).unwrap_err();
        assert_eq!(error, MapError::NoMerge);
    }

    #[test]
    fn a_link_is_of_both_and_is_taken_away_from_both() {
        let linked = mapped("ADT^A24", &["PID|2||6^^^GEN^MR"]);
        assert_eq!(
            patients(&linked.bundle),
            [("7".into(), None, vec!["seealso 6".into()]), ("6".into(), None, vec!["seealso 7".into()])]
        );
        let options = MapOptions::new(OrgId::new("org").unwrap()).with_changes(true);
        let unlinked = mapped_with("ADT^A37", &["PID|2||6^^^GEN^MR"], &options);
        let cleared =
            unlinked.report.changes.iter().filter(|change| change.cleared.contains(&"link")).count();
        assert_eq!(cleared, 2);
    }
}
