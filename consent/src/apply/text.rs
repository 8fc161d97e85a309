//! From text to text: what stays is copied.

use std::ops::Range;

use carewire_fhir_core::json::{JsonNode, NameId, Tape, TapeNode};
use carewire_fhir_core::{Limits, ParseError, Value};

use super::plan::{Plan, Total};
use super::{AppliedText, Filter, edit, span};
use crate::facts::visit_references;

pub(super) fn apply(filter: &Filter<'_>, bytes: &[u8], limits: &Limits) -> Result<AppliedText, ParseError> {
    let tape = Tape::parse(bytes, limits)?;
    let root = tape.root();
    let plan = Plan::of(filter, root);
    // The tape was read from it.
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let mut writer =
        Writer { filter, plan: &plan, text, out: String::new(), changed: plan.changes_something() };
    let whole = span::root(text);
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
    /// Whether something is left out: then the signature of the Bundle does not hold.
    changed: bool,
}

impl Writer<'_, '_> {
    fn bundle(&mut self, bundle: TapeNode<'_>, whole: &Range<usize>) {
        self.out.reserve(whole.len());
        let members = span::parts(self.text, whole);
        self.changed |= self.edits_some(bundle);
        let names: Vec<_> = bundle.members().map(|(name, member)| (name.id(), member)).collect();
        self.list(whole, &members, |writer, place, part| {
            let Some((name, member)) = names.get(place) else { return false };
            match (*name, writer.plan.total) {
                (Some((TOTAL, false)), Total::Remove) => return false,
                (Some((TOTAL, false)), Total::Set(left)) => {
                    writer.copy(part.start..span::value(writer.text, part).start);
                    writer.out.push_str(&left.to_string());
                }
                (Some((SIGNATURE, _)), _) if writer.changed => return false,
                (Some((ENTRY, false)), _) => return writer.entries(*member, part),
                _ => writer.copy(part.clone()),
            }
            true
        });
    }

    /// The member `entry`, unless nothing is left of it.
    fn entries(&mut self, entries: TapeNode<'_>, member: &Range<usize>) -> bool {
        if !self.plan.verdicts.iter().any(Result::is_ok) && !self.plan.verdicts.is_empty() {
            return false;
        }
        let list = span::value(self.text, member);
        self.copy(member.start..list.start);
        let (parts, nodes): (Vec<_>, Vec<_>) = (span::parts(self.text, &list), entries.items().collect());
        self.list(&list, &parts, |writer, place, part| {
            let stays = writer.plan.verdicts.get(place).is_some_and(Result::is_ok);
            if let Some(node) = nodes.get(place).filter(|_| stays) {
                writer.entry(*node, part);
            }
            stays
        });
        true
    }

    fn entry(&mut self, entry: TapeNode<'_>, whole: &Range<usize>) {
        if !entry.member(RESOURCE).is_some_and(|resource| self.edits(resource)) {
            return self.copy(whole.clone());
        }
        let names: Vec<_> = entry.members().map(|(name, member)| (name.id(), member)).collect();
        self.list(whole, &span::parts(self.text, whole), |writer, place, part| {
            match names.get(place) {
                Some((Some((RESOURCE, false)), resource)) => {
                    let value = span::value(writer.text, part);
                    writer.copy(part.start..value.start);
                    writer.resource(*resource, &value);
                }
                _ => writer.copy(part.clone()),
            }
            true
        });
    }

    /// A resource that stays.
    fn resource(&mut self, resource: TapeNode<'_>, whole: &Range<usize>) {
        if !self.edits(resource) {
            return self.copy(whole.clone());
        }
        let mut tree: Value = resource.to_value();
        edit::inside(self.filter, self.plan, &mut tree);
        tree.write_json(&mut self.out);
    }

    fn edits_some(&self, bundle: TapeNode<'_>) -> bool {
        let entries = bundle.member(ENTRY).into_iter().flat_map(JsonNode::items);
        let staying = entries.zip(&self.plan.verdicts).filter(|(_, verdict)| verdict.is_ok());
        staying.filter_map(|(entry, _)| entry.member(RESOURCE)).any(|resource| self.edits(resource))
    }

    /// Whether something is taken out of a resource that stays.
    fn edits(&self, resource: TapeNode<'_>) -> bool {
        let contained = resource.member(CONTAINED).into_iter().flat_map(JsonNode::items);
        let types: Vec<&str> =
            std::iter::once(resource).chain(contained).filter_map(|one| one.text(RESOURCE_TYPE)).collect();
        let mut references = Vec::new();
        visit_references(resource, &mut |reference| references.push(reference));
        edit::is_needed(self.filter, self.plan, &types, &references)
    }

    /// An object or array of which `write` writes each part or answers that it does not stay. What stands between the parts
    /// stays with them.
    fn list(
        &mut self,
        whole: &Range<usize>,
        parts: &[Range<usize>],
        mut write: impl FnMut(&mut Self, usize, &Range<usize>) -> bool,
    ) {
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
            return self.copy(whole.clone());
        };
        self.copy(whole.start..first.start);
        let (mut is_first, mut before) = (true, first.start);
        for (place, part) in parts.iter().enumerate() {
            let start = self.out.len();
            if !is_first {
                self.copy(before..part.start);
            }
            if write(self, place, part) {
                is_first = false;
            } else {
                self.out.truncate(start);
            }
            before = part.end;
        }
        self.copy(last.end..whole.end);
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
