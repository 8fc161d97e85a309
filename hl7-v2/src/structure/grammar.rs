//! A message structure, prepared for the question that is asked for every segment: where can it stand?

use std::collections::BTreeSet;

use crate::SegmentId;
use crate::dictionary::Node;

/// The rules of one structure. Rule 0 is the message itself; the others are its groups, parents first.
pub(super) struct Grammar<'d> {
    pub(super) rules: Vec<Rule<'d>>,
    known: BTreeSet<SegmentId>,
}

/// A group: its parts in order.
pub(super) struct Rule<'d> {
    pub(super) name: &'d str,
    pub(super) slots: Vec<Slot>,
    /// Every segment that can stand next in this group or begin a group in it, by slot.
    ways: Vec<Way>,
    /// Every segment that begins a group inside a group in it, though what that group begins with is missing.
    headless: Vec<Way>,
    /// How many of the ways lead to something that the group can begin with.
    leading: usize,
    /// Whether the group may be there without any segment.
    nullable: bool,
}

/// One part of a group: one segment or group, or a choice of them.
#[derive(Default)]
pub(super) struct Slot {
    pub(super) min: usize,
    pub(super) max: Option<usize>,
    pub(super) segments: Vec<SegmentId>,
    pub(super) groups: Vec<usize>,
    any: bool,
}

/// How a segment gets into a group: into this slot, if need be by opening this group there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Way {
    segment: SegmentId,
    pub(super) slot: usize,
    pub(super) group: Option<usize>,
}

impl<'d> Grammar<'d> {
    pub(super) fn new(name: &'d str, nodes: &'d [Node]) -> Self {
        let mut rules = vec![Rule::new(name)];
        let mut todo = vec![nodes];
        let mut at = 0;
        while let Some(nodes) = todo.get(at).copied() {
            for node in nodes {
                let slot = read_slot(node, &mut rules, &mut todo);
                if let Some(rule) = rules.get_mut(at) {
                    rule.slots.push(slot);
                }
            }
            at += 1;
        }
        let known =
            rules.iter().flat_map(|rule| &rule.slots).flat_map(|slot| slot.segments.clone()).collect();
        let mut grammar = Self { rules, known };
        (0..at).rev().for_each(|rule| grammar.find_ways(rule));
        grammar
    }

    /// Whether the structure has this segment anywhere.
    pub(super) fn knows(&self, segment: SegmentId) -> bool {
        self.known.contains(&segment)
    }

    pub(super) fn slot(&self, rule: usize, slot: usize) -> Option<&Slot> {
        self.rules.get(rule)?.slots.get(slot)
    }

    /// The ways of a segment into a group, by slot.
    pub(super) fn ways(&self, rule: usize, segment: SegmentId) -> impl Iterator<Item = Way> + '_ {
        let ways = self.rules.get(rule).map(|rule| rule.ways.as_slice()).unwrap_or_default();
        ways.iter().copied().filter(move |way| way.segment == segment)
    }

    /// The ways of a segment into groups of this one that lack what they begin with, by slot.
    pub(super) fn headless_ways(&self, rule: usize, segment: SegmentId) -> impl Iterator<Item = Way> + '_ {
        let ways = self.rules.get(rule).map(|rule| rule.headless.as_slice()).unwrap_or_default();
        ways.iter().copied().filter(move |way| way.segment == segment)
    }

    /// The first of these slots of a group that takes any segment, itself or by a group that begins with any.
    pub(super) fn any_way(
        &self,
        rule: usize,
        segment: SegmentId,
        slots: impl Fn(usize) -> bool,
    ) -> Option<Way> {
        let all = self.rules.get(rule)?.slots.iter().enumerate();
        all.filter(|(at, _)| slots(*at)).find_map(|(at, slot)| {
            if slot.any {
                return Some(Way { segment, slot: at, group: None });
            }
            let begins = |group: &&usize| self.slot(**group, 0).is_some_and(|first| first.any);
            let group = *slot.groups.iter().find(begins)?;
            Some(Way { segment, slot: at, group: Some(group) })
        })
    }

    /// Fills in the ways of a rule; those of the groups in it are known already.
    fn find_ways(&mut self, at: usize) {
        let Some(rule) = self.rules.get(at) else { return };
        let (mut ways, mut leading, mut can_lead) = (Vec::new(), 0, true);
        for (index, slot) in rule.slots.iter().enumerate() {
            ways.extend(slot.segments.iter().map(|segment| Way {
                segment: *segment,
                slot: index,
                group: None,
            }));
            for group in &slot.groups {
                let begins = self.rules.get(*group).map(Rule::leading_ways).unwrap_or_default();
                ways.extend(begins.iter().map(|way| Way { slot: index, group: Some(*group), ..*way }));
            }
            if can_lead {
                leading = ways.len();
                can_lead = slot.min == 0 || self.is_nullable(slot);
            }
        }
        let headless = self.find_headless(rule);
        if let Some(rule) = self.rules.get_mut(at) {
            (rule.ways, rule.headless, rule.leading, rule.nullable) = (ways, headless, leading, can_lead);
        }
    }

    fn find_headless(&self, rule: &Rule<'_>) -> Vec<Way> {
        let mut found = Vec::new();
        let groups = rule
            .slots
            .iter()
            .enumerate()
            .flat_map(|(at, slot)| slot.groups.iter().map(move |group| (at, *group)));
        for (slot, group) in groups {
            let Some(inner) = self.rules.get(group) else { continue };
            let begun = inner.ways.iter().filter(|way| way.group.is_some()).chain(&inner.headless);
            found.extend(begun.map(|way| Way { slot, group: Some(group), ..*way }));
        }
        found
    }

    /// Whether what stands here may be there without any segment: a group whose parts are all optional.
    pub(super) fn is_nullable(&self, slot: &Slot) -> bool {
        slot.groups.iter().any(|group| self.rules.get(*group).is_some_and(|rule| rule.nullable))
    }
}

impl<'d> Rule<'d> {
    fn new(name: &'d str) -> Self {
        Self { name, slots: Vec::new(), ways: Vec::new(), headless: Vec::new(), leading: 0, nullable: false }
    }

    fn leading_ways(&self) -> &[Way] {
        self.ways.get(..self.leading).unwrap_or_default()
    }
}

impl Slot {
    /// Whether one of several segments or groups stands here.
    pub(super) fn is_choice(&self) -> bool {
        self.segments.len() + self.groups.len() > 1
    }

    /// The names of what can stand here, as in `OBR` or `OBR, RQD or RXO`.
    pub(super) fn expected(&self, grammar: &Grammar<'_>) -> String {
        let segments = self.segments.iter().map(SegmentId::as_str);
        let groups = self.groups.iter().filter_map(|group| Some(grammar.rules.get(*group)?.name));
        let names: Vec<&str> = segments.chain(groups).collect();
        match names.split_last() {
            Some((last, [])) => (*last).to_owned(),
            Some((last, others)) => format!("{} or {last}", others.join(", ")),
            None => "any segment".to_owned(),
        }
    }
}

/// One node as a slot. Groups get a rule of their own, whose nodes are read later.
fn read_slot<'d>(node: &'d Node, rules: &mut Vec<Rule<'d>>, todo: &mut Vec<&'d [Node]>) -> Slot {
    let bounds = node.cardinality();
    let mut slot =
        Slot { min: bounds.min as usize, max: bounds.max.map(|max| max as usize), ..Slot::default() };
    let mut alternatives = vec![node];
    while let Some(node) = alternatives.pop() {
        match node {
            Node::Segment { id, .. } => slot.segments.extend(SegmentId::parse(id).map(SegmentId::upper_case)),
            Node::Group { name, nodes, .. } => {
                slot.groups.push(rules.len());
                rules.push(Rule::new(name));
                todo.push(nodes);
            }
            Node::Choice { nodes, .. } => alternatives.extend(nodes.iter().rev()),
            Node::Any { .. } => slot.any = true,
        }
    }
    slot
}
