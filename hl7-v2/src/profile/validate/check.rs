//! Structure, usage, cardinality, length and format.

use std::cell::Cell;
use std::collections::HashMap;

use super::ValidationOptions;
use super::data::{Data, SegmentData, Spot, is_blank};
use super::finding_of;
use super::matching::{Instances, Placed};
use super::primitive::wrong_format;
use super::query::Node;
use super::rules::Outcome;
use crate::escape::Syntax;
use crate::finding::{Finding, FindingKind};
use crate::profile::model::{ElementProfile, GroupProfile, Length, Primitive, ProfileNode, Range, Usage};
use crate::profile::slicing::{Choice, Slice, Slicing};
use crate::profile::{DatatypeProfile, MessageProfile, SegmentProfile};
use crate::{Message, Segment, SegmentId, Severity};

pub(super) fn check(
    profile: &MessageProfile,
    message: &Message<'_>,
    options: &ValidationOptions,
) -> Vec<Finding> {
    let segments: Vec<Segment<'_>> = message.segments().collect();
    let instances = Instances::of(&profile.root, &segments);
    let syntax = message.syntax();
    let mut checker = Checker {
        message,
        segments,
        instances,
        syntax,
        options,
        findings: Vec::new(),
        slices: HashMap::new(),
        budget: Cell::new(1 << 20),
    };
    checker.slice_segments();
    checker.unplaced(&profile.root);
    checker.group(&profile.root, Instances::ROOT);
    checker.co_constraints(profile, Node::Instance(Instances::ROOT));
    let mut findings = checker.findings;
    findings.sort_by_key(|found| found.span().map_or(usize::MAX, |span| span.start));
    findings
}

/// A message beside its profile, and what was found so far.
pub(super) struct Checker<'p, 'm, 'o> {
    message: &'m Message<'m>,
    pub(super) segments: Vec<Segment<'m>>,
    pub(super) instances: Instances<'p>,
    pub(super) syntax: Syntax,
    options: &'o ValidationOptions,
    findings: Vec<Finding>,
    /// The definitions of segments that are sliced, by node.
    slices: HashMap<usize, &'p SegmentProfile>,
    /// How many more comparisons of one value with another may be made.
    pub(super) budget: Cell<usize>,
}

/// Where in the profile a check is: an id and a position, as in `PID_LAB-3` and `CX_LAB.4`.
#[derive(Clone, Copy)]
pub(super) struct RulePlace<'p> {
    pub(super) id: &'p str,
    pub(super) separator: char,
    pub(super) position: usize,
}

impl RulePlace<'_> {
    fn name(self) -> String {
        format!("{}{}{}", self.id, self.separator, self.position)
    }
}

impl<'p, 'm> Checker<'p, 'm, '_> {
    /// Adds a finding at a place.
    pub(super) fn report(&mut self, finding: Finding, node: Option<usize>, spot: Spot<'m>) {
        if self.is_full() {
            return;
        }
        let finding = match spot.location {
            Some(location) => finding.at(location),
            None => finding,
        };
        let finding = match node.and_then(|node| self.instances.group_path(node)) {
            Some(path) => finding.in_group(path),
            None => finding,
        };
        self.findings.push(finding.spanning(self.message.part_span(spot.line, spot.raw)));
    }

    /// Whether there is no room for a finding, which is said once.
    fn is_full(&mut self) -> bool {
        let most = self.options.most_findings;
        if self.findings.len() == most {
            self.findings.push(finding_of(FindingKind::More));
        }
        self.findings.len() > most
    }

    /// The segments that have no place.
    fn unplaced(&mut self, root: &GroupProfile) {
        for line in std::mem::take(&mut self.instances.unplaced) {
            let Some(segment) = self.segments.get(line) else { continue };
            let kind = match segment.id().map(SegmentId::upper_case) {
                None => FindingKind::UnnamedSegment,
                Some(id) if root.has_segment(id) => FindingKind::MisplacedSegment,
                Some(_) => FindingKind::UnexpectedSegment,
            };
            let spot = Spot { line, location: segment.location(), raw: segment.raw() };
            self.report(finding_of(kind), None, spot);
        }
    }

    fn group(&mut self, group: &'p GroupProfile, node: usize) {
        let children = self.instances.get(node).map(|instance| instance.children.clone()).unwrap_or_default();
        let mut at_position = vec![Vec::new(); group.nodes.len()];
        for child in children {
            let position = self.instances.get(child).map_or(0, |instance| instance.position);
            if let Some(here) = at_position.get_mut(position.wrapping_sub(1)) {
                here.push(child);
            }
        }
        let mut before = self.instances.first_line(node).unwrap_or_default();
        for (index, (profile, here)) in group.nodes.iter().zip(&at_position).enumerate() {
            let rule = RulePlace { id: &group.id, separator: '.', position: index + 1 };
            self.node(profile, here, node, before, rule);
            before = here.last().and_then(|last| self.last_line(*last)).unwrap_or(before);
        }
        if !group.context.is_empty() {
            self.context(&group.context, &group.id, Node::Instance(node));
        }
    }

    /// The segments or groups at one position of a group.
    fn node(
        &mut self,
        profile: &'p ProfileNode,
        here: &[usize],
        parent: usize,
        before: usize,
        rule: RulePlace<'p>,
    ) {
        let is_group = matches!(profile, ProfileNode::Group(_));
        if here.is_empty() {
            let kind = if is_group { FindingKind::MissingGroup } else { FindingKind::MissingSegment };
            return self.absent(profile.usage(), kind, profile.name(), parent, self.behind(before), rule);
        }
        if profile.usage().forbids() {
            for node in here {
                let finding = finding_of(FindingKind::NotAllowed).by_rule(rule.name());
                self.report(finding, Some(*node), self.spot_of(*node));
            }
            return;
        }
        self.cardinality(profile, here, rule, is_group);
        for node in here {
            match profile {
                ProfileNode::Group(group) => self.group(group, *node),
                ProfileNode::Segment(_) => self.segment(*node),
            }
        }
    }

    fn cardinality(&mut self, profile: &'p ProfileNode, here: &[usize], rule: RulePlace<'p>, is_group: bool) {
        let range = profile.cardinality();
        let excess = here.iter().skip(range.max.unwrap_or(usize::MAX));
        let kind = if is_group { FindingKind::RepeatedGroup } else { FindingKind::RepeatedSegment };
        for node in excess {
            let finding = finding_of(kind).expecting(range.to_string()).by_rule(rule.name());
            self.report(finding, Some(*node), self.spot_of(*node));
        }
        if let (true, Some(last)) = (here.len() < range.min, here.last()) {
            let finding = finding_of(FindingKind::TooFewRepetitions);
            let finding = finding.expecting(range.to_string()).by_rule(rule.name());
            self.report(finding, Some(*last), self.spot_of(*last));
        }
    }

    /// An element that is not there.
    fn absent(
        &mut self,
        usage: Usage,
        kind: FindingKind,
        name: &str,
        node: usize,
        spot: Spot<'m>,
        rule: RulePlace<'p>,
    ) {
        let severity = match usage {
            Usage::Required => Severity::Error,
            Usage::RequiredOrEmpty if self.options.report_empty => Severity::Information,
            _ => return,
        };
        let finding = finding_of(kind).with_severity(severity).by_rule(rule.name());
        let finding = if name.is_empty() { finding } else { finding.expecting(name.to_owned()) };
        self.report(finding, Some(node), spot);
    }

    fn segment(&mut self, node: usize) {
        let Some(data) = self.segment_data(node) else { return };
        let profile = data.profile;
        let mut fields = data.segment.fields();
        for (index, element) in profile.fields.iter().enumerate() {
            let raw = fields.next().map(|(_, field)| field.raw());
            let rule = RulePlace { id: &profile.id, separator: '-', position: index + 1 };
            self.field(element, data, raw, node, rule);
        }
        let rule = RulePlace { id: &profile.id, separator: '-', position: profile.fields.len() };
        if let Some((number, field)) = fields.find(|(_, field)| !self.is_blank_field(field.raw())) {
            let finding = finding_of(FindingKind::ExtraField);
            let location = data.field_location(number);
            let spot = Spot { line: data.segment.index(), location, raw: field.raw() };
            self.report(finding.by_rule(rule.name()), Some(node), spot);
        }
        if !profile.context.is_empty() {
            self.context(&profile.context, &profile.id, Node::Instance(node));
        }
    }

    fn field(
        &mut self,
        element: &'p ElementProfile,
        segment: SegmentData<'p, 'm>,
        raw: Option<&'m str>,
        node: usize,
        rule: RulePlace<'p>,
    ) {
        let line = segment.segment.index();
        let raw = raw.unwrap_or_else(|| end_of(segment.segment.raw()));
        let place = Spot { line, location: segment.field_location(rule.position), raw };
        let datatype = segment.datatype(rule.position).unwrap_or(&element.datatype);
        let mut repetitions = segment
            .data_of(rule.position, raw, datatype, element.usage)
            .filter(|data| !data.is_blank())
            .peekable();
        if repetitions.peek().is_none() {
            let kind = FindingKind::RequiredFieldMissing;
            return self.absent(element.usage, kind, &element.name, node, place, rule);
        }
        if !self.may_stand(element.usage, node, place, rule) || self.is_null(element.usage, node, place, rule)
        {
            return;
        }
        if segment.is_unmapped(rule.position) {
            let finding = finding_of(FindingKind::UnknownDataType).by_rule(rule.name());
            self.report(finding, Some(node), place);
        }
        let range = element.cardinality.unwrap_or(Range { min: 0, max: None });
        let mut count = 0;
        for data in repetitions {
            count += 1;
            if range.is_exceeded_by(data.number) {
                let finding = finding_of(FindingKind::TooManyRepetitions).by_rule(rule.name());
                self.report(finding.expecting(range.to_string()), Some(node), data.spot());
            }
            let data = self.sliced(segment, rule.position, data, node);
            self.data(element, data, node, rule);
        }
        if count < range.min {
            let finding = finding_of(FindingKind::TooFewRepetitions).by_rule(rule.name());
            self.report(finding.expecting(range.to_string()), Some(node), place);
        }
    }

    /// A repetition, component or subcomponent that has something. The nesting is that of the data types.
    fn data(&mut self, element: &'p ElementProfile, data: Data<'p, 'm>, node: usize, rule: RulePlace<'p>) {
        if data.is_null() {
            return;
        }
        let skipped = element.usage == Usage::Optional && !self.options.check_optional;
        if !data.datatype.is_primitive() {
            self.components(data, node);
        } else if !skipped {
            self.value(element, data, node, rule);
        }
        if !data.datatype.context.is_empty() {
            self.context(&data.datatype.context, &data.datatype.id, Node::Data(data, node));
        }
    }

    fn components(&mut self, data: Data<'p, 'm>, node: usize) {
        let mut parts = data.parts();
        for (index, component) in data.datatype.components.iter().enumerate() {
            if index > 0 && !data.has_parts() {
                break;
            }
            let rule = RulePlace { id: &data.datatype.id, separator: '.', position: index + 1 };
            let raw = parts.next().unwrap_or_else(|| data.end());
            let spot = Spot { line: data.line, location: data.part_location(index + 1), raw };
            match data.as_child(index + 1, raw).filter(|child| !child.is_blank()) {
                None => {
                    let kind = FindingKind::RequiredComponentMissing;
                    self.absent(component.usage, kind, &component.name, node, spot, rule);
                }
                Some(child) if self.may_stand(component.usage, node, spot, rule) => {
                    if !self.is_null(component.usage, node, spot, rule) {
                        self.data(component, child, node, rule);
                    }
                }
                Some(_) => {}
            }
        }
        self.extra(data, data.datatype, parts, node);
    }

    /// Reports the first part behind those that the data type has.
    fn extra(
        &mut self,
        data: Data<'p, 'm>,
        datatype: &'p DatatypeProfile,
        parts: impl Iterator<Item = &'m str>,
        node: usize,
    ) {
        let known = datatype.components.len().max(1);
        let behind = parts.enumerate().find(|(_, raw)| !is_blank(raw, &self.syntax.delimiters));
        let Some((index, raw)) = behind else { return };
        let location = data.part_location(known + index + 1);
        let kind =
            if data.is_repetition() { FindingKind::ExtraComponent } else { FindingKind::ExtraSubcomponent };
        let finding = finding_of(kind).by_rule(datatype.id.clone());
        self.report(finding, Some(node), Spot { line: data.line, location, raw });
    }

    /// A primitive value.
    fn value(&mut self, element: &'p ElementProfile, data: Data<'p, 'm>, node: usize, rule: RulePlace<'p>) {
        if data.has_parts() && data.datatype.primitive != Primitive::Varies {
            self.extra(data, data.datatype, data.parts().skip(1), node);
        }
        let text = data.text();
        if let Some(format) = wrong_format(data.datatype.primitive, &text) {
            let finding = finding_of(FindingKind::DataType).expecting(format).by_rule(rule.name());
            self.report(finding, Some(node), data.spot());
        }
        if let Some((kind, range)) = wrong_length(element.length, &text) {
            let finding = finding_of(kind).expecting(range.to_string()).by_rule(rule.name());
            let kept = matches!(element.length, Length::Conformance(_));
            let severity = if kept { Severity::Information } else { Severity::Warning };
            self.report(finding.with_severity(severity), Some(node), data.spot());
        }
        if element.constant.as_deref().is_some_and(|constant| constant != text) {
            let finding = finding_of(FindingKind::OtherValue).by_rule(rule.name());
            let constant = element.constant.clone().unwrap_or_default();
            self.report(finding.expecting(constant), Some(node), data.spot());
        }
    }

    /// Whether the usage lets something stand there; reported otherwise.
    fn may_stand(&mut self, usage: Usage, node: usize, spot: Spot<'m>, rule: RulePlace<'p>) -> bool {
        let finding = match usage {
            Usage::NotSupported => finding_of(FindingKind::NotAllowed),
            Usage::Withdrawn => finding_of(FindingKind::Withdrawn),
            Usage::BackwardCompatible => finding_of(FindingKind::BackwardCompatible),
            _ => return true,
        };
        self.report(finding.by_rule(rule.name()), Some(node), spot);
        !usage.forbids()
    }

    /// Whether the explicit null stands there; reported where something is required.
    fn is_null(&mut self, usage: Usage, node: usize, spot: Spot<'m>, rule: RulePlace<'p>) -> bool {
        let is_null = spot.raw == "\"\"";
        if is_null && usage == Usage::Required {
            let finding = finding_of(FindingKind::RequiredIsNull).by_rule(rule.name());
            self.report(finding, Some(node), spot);
        }
        is_null
    }

    fn is_blank_field(&self, raw: &str) -> bool {
        let delimiters = &self.syntax.delimiters;
        raw.bytes().all(|byte| {
            byte == delimiters.repetition
                || byte == delimiters.component
                || byte == delimiters.subcomponent
                || byte.is_ascii_whitespace()
        })
    }

    /// The segment of a node, if it is one.
    pub(super) fn segment_data(&self, node: usize) -> Option<SegmentData<'p, 'm>> {
        let Placed::Segment(reference, line) = self.instances.get(node)?.placed else { return None };
        let segment = *self.segments.get(line)?;
        let profile = self.slices.get(&node).copied().unwrap_or(&reference.segment);
        Some(SegmentData { profile, segment, syntax: self.syntax })
    }

    /// Finds the definition of each segment that is sliced.
    fn slice_segments(&mut self) {
        for node in 0..self.instances.len() {
            let Some(instance) = self.instances.get(node) else { continue };
            let parent = instance.parent.and_then(|parent| self.instances.get(parent));
            let Some(Placed::Group(group)) = parent.map(|parent| parent.placed) else { continue };
            let slicing = group.slicings.iter().find(|slicing| slicing.position == instance.position);
            let chosen = slicing.and_then(|slicing| self.choose(slicing, Node::Instance(node)));
            if let Some(chosen) = chosen {
                self.slices.insert(node, chosen);
            }
        }
    }

    /// The repetition of a field, with the data type of its slice where the field is sliced.
    pub(super) fn sliced(
        &self,
        segment: SegmentData<'p, 'm>,
        position: usize,
        data: Data<'p, 'm>,
        node: usize,
    ) -> Data<'p, 'm> {
        let slicing = segment.profile.slicings.iter().find(|slicing| slicing.position == position);
        let chosen = slicing.and_then(|slicing| self.choose(slicing, Node::Data(data, node)));
        chosen.map_or(data, |datatype| data.with_datatype(datatype))
    }

    fn choose<T>(&self, slicing: &'p Slicing<T>, node: Node<'p, 'm>) -> Option<&'p T> {
        let fits = |slice: &&Slice<T>| match &slice.chosen_by {
            Choice::Number(number) => self.number_of(node) == *number,
            Choice::Assertion(assertion) => matches!(self.evaluate(assertion, node), Outcome::Holds),
        };
        slicing.slices.iter().find(fits).map(|slice| &*slice.definition)
    }

    /// Where a node begins.
    pub(super) fn spot_of(&self, node: usize) -> Spot<'m> {
        let line = self.instances.first_line(node).unwrap_or_default();
        let segment = self.segments.get(line);
        Spot {
            line,
            location: segment.and_then(|segment| segment.location()),
            raw: segment.map(|segment| segment.raw()).unwrap_or_default(),
        }
    }

    /// The place behind a line.
    pub(super) fn behind(&self, line: usize) -> Spot<'m> {
        let segment = self.segments.get(line);
        Spot {
            line,
            location: segment.and_then(|segment| segment.location()),
            raw: segment.map(|segment| end_of(segment.raw())).unwrap_or_default(),
        }
    }

    fn last_line(&self, mut node: usize) -> Option<usize> {
        loop {
            let instance = self.instances.get(node)?;
            match instance.placed {
                Placed::Segment(_, line) => return Some(line),
                Placed::Group(_) => node = *instance.children.last()?,
            }
        }
    }
}

fn end_of(raw: &str) -> &str {
    raw.get(raw.len()..).unwrap_or_default()
}

/// The limit that a value is beyond, in characters.
fn wrong_length(length: Length, text: &str) -> Option<(FindingKind, Range)> {
    let range = match length {
        Length::Unstated => return None,
        Length::Range(range) => range,
        Length::Conformance(max) => Range { min: 0, max: Some(max) },
    };
    let count = text.chars().count();
    if range.is_exceeded_by(count) {
        return Some((FindingKind::TooLong, range));
    }
    (count < range.min).then_some((FindingKind::TooShort, range))
}
