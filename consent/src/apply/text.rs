//! From text to text: what stays is copied.

use std::ops::Range;

use carewire_fhir_core::json::{JsonNode, NameId, Tape, TapeNode};
use carewire_fhir_core::{Limits, ParseError, Value};

use super::plan::{Plan, Total};
use super::span::Place;
use super::{AppliedText, Filter, edit};
use crate::facts::visit_references;

pub(super) fn apply(filter: &Filter<'_>, bytes: &[u8], limits: &Limits) -> Result<AppliedText, ParseError> {
    let tape = Tape::parse(bytes, limits)?;
    let root = tape.root();
    let plan = Plan::of(filter, root);
    // The tape was read from it.
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let mut writer = Writer { filter, plan: &plan, text, out: String::new() };
    let whole = Place::of_root(text);
    if plan.is_bundle {
        writer.bundle(root, &whole);
    } else if plan.keeps_something() {
        writer.resource(root, &whole);
    }
    let left = plan.keeps_something().then(|| std::mem::take(&mut writer.out));
    Ok(filter.applied(&plan, left))
}

struct Writer<'w, 'a> {
    filter: &'w Filter<'a>,
    plan: &'w Plan<'w>,
    text: &'w str,
    out: String,
}

impl Writer<'_, '_> {
    fn bundle(&mut self, bundle: TapeNode<'_>, whole: &Range<usize>) {
        self.out.reserve(whole.len());
        let names: Vec<_> = bundle.members().map(|(name, member)| (name.id(), member)).collect();
        let is_entry = |place| matches!(names.get(place), Some((Some((ENTRY, false)), _)));
        let members = Place::parts(self.text, whole, is_entry);
        let edited = self.edited(bundle);
        let is_changed = self.plan.changes_something() || edited.contains(&true);
        self.list(whole, &members, |writer, place, part| {
            let Some((name, member)) = names.get(place) else { return false };
            match (*name, writer.plan.total) {
                (Some((TOTAL, false)), Total::Remove) => return false,
                (Some((TOTAL, false)), Total::Set(left)) => {
                    writer.copy(part.whole.start..part.value.start);
                    writer.out.push_str(&left.to_string());
                }
                (Some((SIGNATURE, _)), _) if is_changed => return false,
                (Some((ENTRY, false)), _) => return writer.entries(*member, part, &edited),
                _ => writer.copy(part.whole.clone()),
            }
            true
        });
    }

    /// The member `entry`, unless nothing is left of it.
    fn entries(&mut self, entries: TapeNode<'_>, member: &Place, edited: &[bool]) -> bool {
        if !self.plan.verdicts.iter().any(Result::is_ok) && !self.plan.verdicts.is_empty() {
            return false;
        }
        self.copy(member.whole.start..member.value.start);
        let nodes: Vec<_> = entries.items().collect();
        self.list(&member.value, &member.parts, |writer, place, part| {
            let stays = writer.plan.verdicts.get(place).is_some_and(Result::is_ok);
            match nodes.get(place).filter(|_| edited.get(place) == Some(&true)) {
                Some(node) if stays => writer.entry(*node, &part.whole),
                None if stays => writer.copy(part.whole.clone()),
                _ => {}
            }
            stays
        });
        true
    }

    /// An entry that stays, without what goes of its resource.
    fn entry(&mut self, entry: TapeNode<'_>, whole: &Range<usize>) {
        let names: Vec<_> = entry.members().map(|(name, member)| (name.id(), member)).collect();
        self.list(whole, &Place::parts(self.text, whole, |_| false), |writer, place, part| {
            match names.get(place) {
                Some((Some((RESOURCE, false)), resource)) => {
                    writer.copy(part.whole.start..part.value.start);
                    writer.edited_resource(*resource);
                }
                _ => writer.copy(part.whole.clone()),
            }
            true
        });
    }

    /// A resource that stays.
    fn resource(&mut self, resource: TapeNode<'_>, whole: &Range<usize>) {
        if self.edits(resource) { self.edited_resource(resource) } else { self.copy(whole.clone()) }
    }

    fn edited_resource(&mut self, resource: TapeNode<'_>) {
        let mut tree: Value = resource.to_value();
        edit::inside(self.filter, self.plan, &mut tree);
        tree.write_json(&mut self.out);
    }

    /// Of which entries that stay something goes.
    fn edited(&self, bundle: TapeNode<'_>) -> Vec<bool> {
        let entries = bundle.member(ENTRY).into_iter().flat_map(JsonNode::items);
        let is_edited = |(entry, verdict): (TapeNode<'_>, &Result<_, _>)| {
            verdict.is_ok() && entry.member(RESOURCE).is_some_and(|resource| self.edits(resource))
        };
        entries.zip(&self.plan.verdicts).map(is_edited).collect()
    }

    /// Whether something is taken out of a resource that stays.
    fn edits(&self, resource: TapeNode<'_>) -> bool {
        if self.redacts(resource) {
            return edit::inside(self.filter, self.plan, &mut resource.to_value());
        }
        let mut is_cut = false;
        if edit::cuts(self.filter, self.plan) {
            visit_references(resource, &mut |reference| is_cut = is_cut || self.plan.is_gone(reference));
        }
        is_cut
    }

    /// Whether it, or a resource within it, is of a type of which elements go.
    fn redacts(&self, resource: TapeNode<'_>) -> bool {
        let name = resource.text(RESOURCE_TYPE);
        let within = |list| resource.member(list).into_iter().flat_map(JsonNode::items);
        name.is_some_and(|name| self.filter.redacted_elements(name).next().is_some())
            || within(CONTAINED).any(|inside| self.redacts(inside))
            || within(ENTRY).filter_map(|entry| entry.member(RESOURCE)).any(|inside| self.redacts(inside))
    }

    /// An object or array of which `write` writes each part or answers that it does not stay. What stands between the parts
    /// stays with them.
    fn list(
        &mut self,
        whole: &Range<usize>,
        parts: &[Place],
        mut write: impl FnMut(&mut Self, usize, &Place) -> bool,
    ) {
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
            return self.copy(whole.clone());
        };
        self.copy(whole.start..first.whole.start);
        let (mut is_first, mut before) = (true, first.whole.start);
        for (place, part) in parts.iter().enumerate() {
            let start = self.out.len();
            if !is_first {
                self.copy(before..part.whole.start);
            }
            if write(self, place, part) {
                is_first = false;
            } else {
                self.out.truncate(start);
            }
            before = part.whole.end;
        }
        self.copy(last.whole.end..whole.end);
    }

    fn copy(&mut self, part: Range<usize>) {
        self.out.push_str(self.text.get(part).unwrap_or_default());
    }
}

const ENTRY: NameId = NameId::element("entry");
const RESOURCE: NameId = NameId::element("resource");
const RESOURCE_TYPE: NameId = NameId::element("resourceType");
const CONTAINED: NameId = NameId::element("contained");
const TOTAL: NameId = NameId::element("total");
const SIGNATURE: NameId = NameId::element("signature");
