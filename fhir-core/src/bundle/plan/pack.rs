//! The next Bundle.

use std::collections::VecDeque;

use super::entry::{Node, urns};
use super::{EntryOutcome, PlanError, Splitting, TransactionLimits, TransactionPlan};
use crate::bundle::{BundleBuilder, BundleType};
use crate::{Resource, SiteKind, Value, rewrite_sites};

/// `{"resourceType":"Bundle","type":"transaction","entry":[]}`
const EMPTY: usize = 57;
/// How many groups that do not fit are passed over in the making of a Bundle, to fill it with smaller ones behind them.
const LOOK_AHEAD: usize = 32;

impl TransactionPlan {
    /// The next Bundle to send; `None` when there is none left. While one is not answered it is the same again, to be
    /// sent once more.
    pub fn next_bundle(&mut self) -> Option<Resource> {
        if let Some((_, bundle)) = &self.sent {
            return Some(bundle.clone());
        }
        loop {
            self.settle();
            if self.queue.len() == 0 {
                return None;
            }
            let (groups, entries) = self.choose();
            if groups.is_empty() {
                // Only what has grown too large is left in front.
                self.give_up_first();
                continue;
            }
            let builder = entries.into_iter().fold(BundleBuilder::new(self.kind), BundleBuilder::raw_entry);
            let bundle = builder.build();
            let chosen = groups.iter().flat_map(|&g| self.queue.entries(g)).copied().collect();
            self.settling = groups;
            self.sent = Some((chosen, bundle.clone()));
            return Some(bundle);
        }
    }

    /// Whether the plan can be kept to, as far as that can be known before ids are given.
    pub(super) fn check(&mut self) -> Result<(), PlanError> {
        let mut all = Load::default();
        for group in self.queue.groups() {
            let mut load = Load::default();
            for node in group.iter().filter_map(|&n| self.nodes.get(n)) {
                let bytes = self.bytes_of(&node.entry);
                load.add(node, bytes);
                all.add(node, bytes);
            }
            if !load.fits(&self.limits) || self.kind == BundleType::Batch && group.len() > 1 {
                return Err(PlanError::TooLarge { entries: group.to_vec() });
            }
        }
        self.atomic = self.kind == BundleType::Transaction && all.fits(&self.limits);
        if self.kind == BundleType::Transaction && !self.atomic && self.limits.splitting == Splitting::Refuse
        {
            return Err(PlanError::NeedsSplitting);
        }
        Ok(())
    }

    /// Marks what refers to something that was sent and not done; then what refers to that, and so on.
    fn settle(&mut self) {
        let settling = std::mem::take(&mut self.settling);
        let mut lost: VecDeque<usize> = settling
            .iter()
            .flat_map(|&g| self.queue.entries(g))
            .copied()
            .filter(|&n| self.is_lost(n))
            .collect();
        while let Some(because_of) = lost.pop_front() {
            for g in self.queue.referring(because_of) {
                for n in self.queue.take(g) {
                    self.conclude(n, EntryOutcome::NotSent { because_of });
                    lost.push_back(n);
                }
            }
        }
        if self.kind == BundleType::Batch {
            settling.into_iter().for_each(|g| self.queue.release(g));
        }
    }

    /// Takes groups in their order while they fit, and looks a little further when one does not.
    fn choose(&mut self) -> (Vec<usize>, Vec<Value>) {
        let (mut chosen, mut entries, mut load) = (Vec::new(), Vec::new(), Load::default());
        let (mut from, mut passed_over) = (0, 0);
        while !load.is_full(&self.limits)
            && passed_over < LOOK_AHEAD
            && let Some(g) = self.queue.ready_from(from)
        {
            from = g + 1;
            let must_wait = self.queue.waits_for_writes(g);
            let fitting = if must_wait { None } else { self.fitting(self.queue.entries(g), load) };
            let Some((final_forms, larger)) = fitting else {
                passed_over += 1;
                continue;
            };
            load = larger;
            entries.extend(final_forms);
            self.queue.take(g);
            if self.kind == BundleType::Transaction {
                // What refers to it can go in the same Bundle.
                self.queue.release(g);
            }
            chosen.push(g);
        }
        (chosen, entries)
    }

    /// The size of an entry; 0 where there is no limit to it.
    fn bytes_of(&self, entry: &Value) -> usize {
        if self.limits.bytes == usize::MAX { 0 } else { entry.to_json().len() }
    }

    /// The final forms of a group's entries, and the load with them; `None` when they do not fit.
    fn fitting(&self, group: &[usize], mut load: Load) -> Option<(Vec<Value>, Load)> {
        let mut counted = load;
        group.iter().filter_map(|&n| self.nodes.get(n)).for_each(|node| counted.add(node, 0));
        if !counted.fits(&self.limits) {
            return None;
        }
        let mut entries = Vec::new();
        for node in group.iter().filter_map(|&n| self.nodes.get(n)) {
            let entry = self.final_form(node);
            load.add(node, self.bytes_of(&entry));
            if !load.fits(&self.limits) {
                return None;
            }
            entries.push(entry);
        }
        Some((entries, load))
    }

    fn give_up_first(&mut self) {
        let Some(g) = self.queue.ready_from(0) else { return };
        for n in self.queue.take(g) {
            self.conclude(n, EntryOutcome::TooLarge);
        }
        self.settling.push(g);
    }

    /// The entry with the ids that are known by now.
    fn final_form(&self, node: &Node) -> Value {
        let mut entry = node.entry.clone();
        let full_url = node.read().full_url;
        if let Some(resource) = entry.get_mut("resource") {
            rewrite_sites(resource, &mut |kind, text| self.replacement(full_url, kind, text));
        }
        if let Some(request) = entry.get_mut("request") {
            for name in ["url", "ifNoneExist"] {
                if let Some(text) = request.get_mut(name) {
                    *text = self
                        .with_ids(text.as_str().unwrap_or_default())
                        .map_or_else(|| text.clone(), Value::from);
                }
            }
        }
        entry
    }

    fn replacement(&self, full_url: Option<&str>, kind: SiteKind, text: &str) -> Option<String> {
        if !kind.is_replaced_in_transactions() {
            return None;
        }
        let target = self.nodes.get(self.links.target(full_url, text)?)?;
        let (resource_type, id, version) = target.identity.as_ref()?;
        match version.as_ref().filter(|_| text.contains("/_history/")) {
            Some(version) => Some(format!("{resource_type}/{id}/_history/{version}")),
            None => Some(format!("{resource_type}/{id}")),
        }
    }

    /// A query with ids in the place of `urn:uuid`s; `None` when there are none.
    fn with_ids(&self, text: &str) -> Option<String> {
        let (mut changed, mut copied) = (String::new(), 0);
        for (place, urn) in urns(text) {
            // An id needs no encoding in a query: it is letters, digits, dashes and dots behind a type and a slash.
            if let Some(id) = self.replacement(None, SiteKind::Reference, &urn) {
                changed.push_str(text.get(copied..place.start)?);
                changed.push_str(&id);
                copied = place.end;
            }
        }
        changed.push_str(text.get(copied..)?);
        (copied > 0).then_some(changed)
    }

    /// Whether nothing can refer to it any more.
    fn is_lost(&self, n: usize) -> bool {
        self.nodes.get(n).is_some_and(|node| match node.outcome {
            EntryOutcome::Pending => false,
            EntryOutcome::Done(_) => node.identity.is_none(),
            _ => true,
        })
    }

    pub(super) fn conclude(&mut self, n: usize, outcome: EntryOutcome) {
        if let Some(node) = self.nodes.get_mut(n) {
            node.outcome = outcome;
        }
    }
}

/// What a Bundle holds already.
#[derive(Clone, Copy, Default)]
struct Load {
    entries: usize,
    conditional: bool,
    updates: usize,
    bytes: usize,
}

impl Load {
    fn add(&mut self, node: &Node, bytes: usize) {
        self.entries += 1;
        self.conditional |= node.conditional;
        self.updates += usize::from(node.is_update_by_id());
        self.bytes += bytes + 1;
    }

    fn fits(&self, limits: &TransactionLimits) -> bool {
        self.entries <= self.most(limits)
            && self.updates <= limits.updates
            && self.bytes + EMPTY <= limits.bytes
    }

    fn is_full(&self, limits: &TransactionLimits) -> bool {
        self.entries >= self.most(limits)
    }

    fn most(&self, limits: &TransactionLimits) -> usize {
        if self.conditional { limits.entries.min(limits.with_conditional) } else { limits.entries }
    }
}
