//! The segments of a message while it is edited: those that it had, without those that were removed, with those
//! that were added.

use super::order::Order;
use crate::{Message, SegmentId};

/// The segments in their order.
pub(super) struct Lines {
    slots: Vec<Slot>,
    order: Order,
}

/// One segment.
pub(super) struct Slot {
    /// Which segment of the message it is; `None` of one that was added.
    pub(super) source: Option<usize>,
    pub(super) id: Option<SegmentId>,
    /// Which of the segments of its name it was when the message was read, or else when it was changed.
    pub(super) occurrence: usize,
    /// Its text, if it is another than in the message.
    pub(super) text: Option<String>,
    pub(super) removed: bool,
    /// Whether its line end stands before it: of one that was added behind another.
    pub(super) leads: bool,
}

impl Lines {
    pub(super) fn of(message: &Message<'_>) -> Self {
        let mut order = Order::default();
        message.segments().for_each(|segment| order.push(segment.id()));
        let slots = message.segments().map(|segment| Slot {
            source: Some(segment.index()),
            id: segment.id(),
            occurrence: segment.occurrence(),
            text: None,
            removed: false,
            leads: false,
        });
        Self { slots: slots.collect(), order }
    }

    pub(super) fn slot(&self, at: usize) -> Option<&Slot> {
        self.slots.get(at)
    }

    pub(super) fn slot_mut(&mut self, at: usize) -> Option<&mut Slot> {
        self.slots.get_mut(at)
    }

    /// All slots in order, the removed ones included.
    pub(super) fn all(&self) -> impl Iterator<Item = &Slot> {
        self.order.all().filter_map(|at| self.slots.get(at))
    }

    pub(super) fn last(&self) -> Option<usize> {
        self.order.last()
    }

    /// The segments of a name, in order.
    pub(super) fn named(&self, id: SegmentId) -> impl Iterator<Item = usize> {
        self.order.named(id)
    }

    /// How many segments of a name there are.
    pub(super) fn count(&self, id: SegmentId) -> usize {
        self.order.count(id)
    }

    /// The `number`-th segment of a name, from 1.
    pub(super) fn nth(&self, id: SegmentId, number: usize) -> Option<usize> {
        self.order.nth(id, number)
    }

    pub(super) fn last_named(&self, id: SegmentId) -> Option<usize> {
        self.order.last_named(id)
    }

    pub(super) fn remove(&mut self, at: usize) {
        let Some(slot) = self.slots.get_mut(at) else { return };
        slot.removed = true;
        self.order.remove(at);
    }

    /// Adds a segment directly before or behind another.
    pub(super) fn insert(&mut self, beside: usize, behind: bool, id: SegmentId, text: String) {
        let Some(anchor) = self.slots.get(beside) else { return };
        let leads = if anchor.source.is_some() { behind } else { anchor.leads };
        let id = id.upper_case();
        self.order.insert(beside, behind, id);
        let text = Some(text);
        self.slots.push(Slot { source: None, id: Some(id), occurrence: 1, text, removed: false, leads });
    }
}
