//! Puts the segments of a message into the groups of its structure, one after the other.

use std::collections::{BTreeMap, BTreeSet};

use super::anywhere::Anywhere;
use super::grammar::{Grammar, Way};
use super::select::{Oddity, Selected};
use super::tree::{NONE, Tree};
use super::{TreeOptions, Unexpected};
use crate::finding::Collector;
use crate::{Finding, FindingKind, Location, Message, Segment, SegmentId, Severity};

/// Walks over the segments with a stack of the groups that are open. Each segment looks at each open group once, so
/// the work grows with the number of segments, whatever their order.
pub(super) struct Matcher<'m> {
    grammar: Grammar<'m>,
    anywhere: Anywhere,
    tree: Tree<'m>,
    frames: Vec<Frame>,
    /// How often each slot of the open groups was used; each frame has its part.
    used: Vec<usize>,
    /// How often a group was opened whose slot holds other groups or segments too, by the group around it.
    chosen: BTreeMap<(u32, usize), usize>,
    findings: Collector,
    unexpected: Unexpected,
    oddity: Option<Oddity<'m>>,
    /// The names of all segments of the message.
    present: BTreeSet<SegmentId>,
    /// Behind the segment before.
    last_end: usize,
}

/// A group that is open.
#[derive(Clone, Copy)]
struct Frame {
    group: u32,
    rule: usize,
    /// The slot that was used last in the order of the structure.
    slot: usize,
    /// Where its part of `used` begins.
    used_from: usize,
    /// The segment that it began with.
    opener: Option<SegmentId>,
}

/// Where a segment can go.
struct Target {
    level: usize,
    way: Way,
    /// Why the segment should not be there, when it should not.
    fault: Option<FindingKind>,
}

impl<'m> Matcher<'m> {
    pub(super) fn new(message: &'m Message<'_>, structure: Selected<'m>, options: &TreeOptions) -> Self {
        let mut matcher = Self {
            grammar: Grammar::new(structure.name, structure.nodes),
            anywhere: Anywhere::new(structure.anywhere),
            tree: Tree::empty(message, Some(structure.name)),
            frames: Vec::new(),
            used: Vec::new(),
            chosen: BTreeMap::new(),
            findings: Collector::new(Collector::MOST),
            unexpected: options.unexpected,
            oddity: structure.oddity,
            present: message
                .segments()
                .filter_map(|segment| segment.id())
                .map(SegmentId::upper_case)
                .collect(),
            last_end: 0,
        };
        matcher.push(0, 0, None);
        matcher
    }

    pub(super) fn run(mut self) -> Tree<'m> {
        let message = self.tree.message;
        if let Some(oddity) = self.oddity {
            self.findings.report(oddity.finding(message));
        }
        for segment in message.segments() {
            self.place(segment);
            self.last_end = segment.span().end;
        }
        self.close_to(0, message.segments().len());
        self.report_missing(0);
        self.report_absent();
        self.tree.finish(0, message.segments().len());
        self.tree.findings = self.findings.into_list();
        self.tree
    }

    fn place(&mut self, segment: Segment<'m>) {
        let Some(id) = segment.id().map(SegmentId::upper_case) else {
            return self.leave(segment, FindingKind::UnnamedSegment, Severity::Warning);
        };
        if let Some(target) = self.regular(id) {
            return self.enter(segment, id, &target);
        }
        if let Some(allowed) = self.anywhere.take(id) {
            return self.stay(segment, allowed);
        }
        if let Some(target) = self.irregular(id).or_else(|| self.headless(id)) {
            return self.enter(segment, id, &target);
        }
        if let Some(target) = self.any(id) {
            return self.enter(segment, id, &target);
        }
        let kind = self.misplacement(id);
        let harmless = kind == FindingKind::UnexpectedSegment && may_stand_anywhere(id);
        self.leave(segment, kind, if harmless { Severity::Information } else { kind.severity() });
    }

    /// The place that the structure has for a segment here: the nearest one, from the innermost group outwards.
    fn regular(&self, id: SegmentId) -> Option<Target> {
        let levels = (0..self.frames.len()).rev();
        let target = levels.filter_map(|level| self.ahead(level, id)).next()?;
        let optional = target.way.group.is_some() && !self.is_current(&target) && !self.is_wanted(&target);
        Some(if optional { self.next_repetition(target.level, id).unwrap_or(target) } else { target })
    }

    /// A slot from the current one on that still takes the segment.
    fn ahead(&self, level: usize, id: SegmentId) -> Option<Target> {
        let frame = self.frames.get(level)?;
        let free =
            |way: &Way| way.slot > frame.slot || (way.slot == frame.slot && self.is_free(level, way.slot));
        let way = self.grammar.ways(frame.rule, id).find(free)?;
        Some(Target { level, way, fault: None })
    }

    /// The next repetition of the innermost group, at this level or around it, that the same segment begins, though it
    /// may not repeat.
    fn next_repetition(&self, level: usize, id: SegmentId) -> Option<Target> {
        let begins = |frame: &Frame| {
            let head = self.grammar.slot(frame.rule, 0);
            frame.opener == Some(id) || head.is_some_and(|head| head.segments.contains(&id))
        };
        let opened = |level: &usize| self.frames.get(*level).is_some_and(begins);
        let outer = (1..=level).rev().find(opened)?.checked_sub(1)?;
        self.ahead(outer, id).filter(|target| self.is_current(target)).or_else(|| self.above(outer, id))
    }

    /// A place for a segment that comes too late, or begins a group once more than allowed.
    fn irregular(&self, id: SegmentId) -> Option<Target> {
        (0..self.frames.len())
            .rev()
            .find_map(|level| self.behind(level, id).or_else(|| self.above(level, id)))
    }

    /// A free slot that was passed, in a group that is open. Not at the top level, where nearly every segment of
    /// some structures has a slot, and a segment that comes too late says nothing about those after it.
    fn behind(&self, level: usize, id: SegmentId) -> Option<Target> {
        let frame = self.frames.get(level).filter(|_| level > 0)?;
        let free = |way: &Way| way.slot < frame.slot && self.is_free(level, way.slot);
        let way = self.grammar.ways(frame.rule, id).find(free)?;
        Some(Target { level, way, fault: Some(FindingKind::MisplacedSegment) })
    }

    /// The group at the current slot, though it may not repeat any more.
    fn above(&self, level: usize, id: SegmentId) -> Option<Target> {
        let frame = self.frames.get(level)?;
        let way =
            self.grammar.ways(frame.rule, id).find(|way| way.slot == frame.slot && way.group.is_some())?;
        Some(Target { level, way, fault: Some(FindingKind::RepeatedGroup) })
    }

    /// A group that lacks what it begins with, for a segment that begins a group in it: an OBR without its ORC.
    fn headless(&self, id: SegmentId) -> Option<Target> {
        (0..self.frames.len()).rev().find_map(|level| {
            let frame = self.frames.get(level)?;
            let free = |way: &Way| {
                way.slot > frame.slot || (way.slot == frame.slot && self.is_free(level, way.slot))
            };
            let way = self.grammar.headless_ways(frame.rule, id).find(free)?;
            Some(Target { level, way, fault: None })
        })
    }

    /// A place where the structure wants any segment.
    fn any(&self, id: SegmentId) -> Option<Target> {
        (0..self.frames.len()).rev().find_map(|level| {
            let frame = self.frames.get(level)?;
            let free = |slot| slot > frame.slot || (slot == frame.slot && self.is_free(level, slot));
            let way = self.grammar.any_way(frame.rule, id, free)?;
            Some(Target { level, way, fault: None })
        })
    }

    /// What is wrong about a segment that has no place here. Where an open group lacks it, it counts as being there.
    fn misplacement(&mut self, id: SegmentId) -> FindingKind {
        if !self.grammar.knows(id) {
            return FindingKind::UnexpectedSegment;
        }
        let slot = |level: usize| {
            let frame = self.frames.get(level)?;
            let direct = self.grammar.ways(frame.rule, id).find(|way| way.group.is_none())?;
            Some((frame.used_from + direct.slot, self.is_free(level, direct.slot)))
        };
        match (0..self.frames.len()).rev().find_map(slot) {
            Some((_, false)) => FindingKind::RepeatedSegment,
            Some((slot, true)) => {
                self.used.get_mut(slot).into_iter().for_each(|used| *used += 1);
                FindingKind::MisplacedSegment
            }
            None => FindingKind::MisplacedSegment,
        }
    }

    /// Puts the segment where the target is, opening the groups on the way.
    fn enter(&mut self, segment: Segment<'m>, id: SegmentId, target: &Target) {
        let (index, mut way) = (segment.index(), target.way);
        self.close_to(target.level, index);
        while let Some(rule) = way.group {
            let uses = self.use_slot(way.slot);
            let occurrence = self.occurrence(rule, way.slot, uses);
            self.open(rule, occurrence, index, id);
            let inside = self.grammar.ways(rule, id).next();
            let inside = inside.or_else(|| self.grammar.headless_ways(rule, id).next());
            let inside = inside.or_else(|| self.grammar.any_way(rule, id, |_| true));
            let Some(inside) = inside else { break };
            way = inside;
        }
        self.use_slot(way.slot);
        let group = self.frames.last().map_or(0, |frame| frame.group);
        self.tree.attach(group, index, target.fault.is_none());
        if let Some(kind) = target.fault {
            self.report(kind, segment, group, kind.severity());
        }
    }

    /// Puts a segment that may stand at any place into the group that is open.
    fn stay(&mut self, segment: Segment<'m>, allowed: bool) {
        let group = self.frames.last().map_or(0, |frame| frame.group);
        self.tree.attach(group, segment.index(), allowed);
        if !allowed {
            let kind = FindingKind::RepeatedSegment;
            self.report(kind, segment, group, kind.severity());
        }
    }

    /// Reports the segments that may stand anywhere, but have to be there.
    fn report_absent(&mut self) {
        for id in self.anywhere.absent() {
            let finding = Finding::new(FindingKind::MissingSegment)
                .expecting(id.as_str().to_owned())
                .spanning(self.last_end..self.last_end);
            let present = self.present.contains(&id);
            self.findings.report(if present { finding } else { finding.at(Location::of_segment(id, 1)) });
        }
    }

    /// Leaves the segment in the group that is open, or at the top level.
    fn leave(&mut self, segment: Segment<'m>, kind: FindingKind, severity: Severity) {
        let open = self.frames.last().map_or(0, |frame| frame.group);
        let group = if self.unexpected == Unexpected::Root { 0 } else { open };
        self.tree.attach(group, segment.index(), false);
        self.report(kind, segment, open, severity);
    }

    fn open(&mut self, rule: usize, occurrence: usize, index: usize, opener: SegmentId) {
        let parent = self.frames.last().map_or(NONE, |frame| frame.group);
        let name = self.grammar.rules.get(rule).map_or("", |rule| rule.name);
        let group = self.tree.open(name, occurrence, parent, index);
        self.push(group, rule, Some(opener));
    }

    fn push(&mut self, group: u32, rule: usize, opener: Option<SegmentId>) {
        let used_from = self.used.len();
        let slots = self.grammar.rules.get(rule).map_or(0, |rule| rule.slots.len());
        self.used.resize(used_from + slots, 0);
        self.frames.push(Frame { group, rule, slot: 0, used_from, opener });
    }

    /// Closes the groups inside this level, before the segment with this index.
    fn close_to(&mut self, level: usize, index: usize) {
        while self.frames.len() > level + 1 {
            self.report_missing(self.frames.len() - 1);
            if let Some(frame) = self.frames.pop() {
                self.used.truncate(frame.used_from);
                self.tree.finish(frame.group, index);
            }
        }
    }

    /// Counts the use of a slot of the innermost group.
    fn use_slot(&mut self, slot: usize) -> usize {
        let Some(frame) = self.frames.last_mut() else { return 1 };
        frame.slot = frame.slot.max(slot);
        let Some(used) = self.used.get_mut(frame.used_from + slot) else { return 1 };
        *used += 1;
        *used
    }

    /// Which of the groups of this rule the next one is, when its slot has been used so often with it.
    fn occurrence(&mut self, rule: usize, slot: usize, uses: usize) -> usize {
        let Some(frame) = self.frames.last() else { return uses };
        if self.grammar.slot(frame.rule, slot).is_none_or(|slot| !slot.is_choice()) {
            return uses;
        }
        let count = self.chosen.entry((frame.group, rule)).or_default();
        *count += 1;
        *count
    }

    fn is_free(&self, level: usize, slot: usize) -> bool {
        let used = self.used_of(level, slot);
        let max =
            self.frames.get(level).and_then(|frame| self.grammar.slot(frame.rule, slot)).map(|slot| slot.max);
        max.is_some_and(|max| max.is_none_or(|max| used < max))
    }

    fn used_of(&self, level: usize, slot: usize) -> usize {
        self.frames.get(level).and_then(|frame| self.used.get(frame.used_from + slot)).copied().unwrap_or(0)
    }

    /// Whether the target is at the slot that is in use, so that it repeats what is there.
    fn is_current(&self, target: &Target) -> bool {
        self.frames.get(target.level).is_some_and(|frame| frame.slot == target.way.slot)
            && self.used_of(target.level, target.way.slot) > 0
    }

    /// Whether the structure demands something at the target that is not there yet.
    fn is_wanted(&self, target: &Target) -> bool {
        let frame = self.frames.get(target.level);
        let slot = frame.and_then(|frame| self.grammar.slot(frame.rule, target.way.slot));
        slot.is_some_and(|slot| self.used_of(target.level, target.way.slot) < slot.min)
    }

    /// Reports what a group that ends here lacks.
    fn report_missing(&mut self, level: usize) {
        if self.findings.is_full() {
            return;
        }
        let Some(frame) = self.frames.get(level).copied() else { return };
        let count = self.grammar.rules.get(frame.rule).map_or(0, |rule| rule.slots.len());
        for at in 0..count {
            let Some(slot) = self.grammar.slot(frame.rule, at) else { return };
            if self.used_of(level, at) >= slot.min || self.grammar.is_nullable(slot) {
                continue;
            }
            let kind =
                if slot.groups.is_empty() { FindingKind::MissingSegment } else { FindingKind::MissingGroup };
            let finding = Finding::new(kind)
                .expecting(slot.expected(&self.grammar))
                .spanning(self.last_end..self.last_end);
            let absent = match slot.segments.as_slice() {
                [only] if slot.groups.is_empty() && !self.present.contains(only) => Some(*only),
                _ => None,
            };
            let finding = match absent {
                Some(absent) => finding.at(Location::of_segment(absent, 1)),
                None => finding,
            };
            self.findings.report(in_group(finding, &self.tree, frame.group));
        }
    }

    fn report(&mut self, kind: FindingKind, segment: Segment<'m>, group: u32, severity: Severity) {
        if self.findings.is_full() {
            return;
        }
        let finding = Finding::new(kind).with_severity(severity).spanning(segment.span());
        let finding = match segment.location() {
            Some(location) => finding.at(location),
            None => finding,
        };
        self.findings.report(in_group(finding, &self.tree, group));
    }
}

fn in_group(finding: Finding, tree: &Tree<'_>, group: u32) -> Finding {
    if group == 0 { finding } else { finding.in_group(super::Group::new(tree, group).path()) }
}

/// Local segments, and those with which chapter 2 continues a message, belong to no structure.
fn may_stand_anywhere(id: SegmentId) -> bool {
    id.as_str().starts_with('Z') || matches!(id.as_str(), "ADD" | "DSC")
}
