//! The order of segments that come and go, and their numbers among those of a name.

use crate::SegmentId;
use crate::index::Name;

/// Slots in their order, in blocks that count what they hold: the n-th of a name is found by the counts, and a slot
/// comes or goes inside its block.
#[derive(Default)]
pub(super) struct Order {
    /// Blocks in the order in which they were made.
    blocks: Vec<Block>,
    /// The order of the blocks.
    sequence: Vec<usize>,
    /// The block of each slot.
    block_of: Vec<usize>,
}

#[derive(Default)]
struct Block {
    entries: Vec<Entry>,
    /// How many of each name are there, by name.
    counts: Vec<(Name, usize)>,
    /// How many are there, those without a name included.
    live: usize,
}

#[derive(Clone, Copy)]
struct Entry {
    slot: usize,
    name: Option<Name>,
    removed: bool,
}

/// A block of more entries is cut in two.
const MOST: usize = 512;

impl Order {
    /// Adds the next slot at the end.
    pub(super) fn push(&mut self, id: Option<SegmentId>) {
        let at = match self.sequence.last() {
            Some(last) if self.blocks.get(*last).is_some_and(|block| block.entries.len() < MOST) => *last,
            _ => {
                self.sequence.push(self.blocks.len());
                self.blocks.push(Block::default());
                self.blocks.len() - 1
            }
        };
        let entry = Entry { slot: self.block_of.len(), name: id.map(Name::of), removed: false };
        self.block_of.push(at);
        if let Some(block) = self.blocks.get_mut(at) {
            block.put(block.entries.len(), entry);
        }
    }

    /// Adds the next slot directly before or behind another.
    pub(super) fn insert(&mut self, beside: usize, behind: bool, id: SegmentId) {
        let Some(at) = self.block_of.get(beside).copied() else { return };
        let entry = Entry { slot: self.block_of.len(), name: Some(Name::of(id)), removed: false };
        self.block_of.push(at);
        let Some(block) = self.blocks.get_mut(at) else { return };
        let Some(place) = block.position(beside) else { return };
        block.put(place + usize::from(behind), entry);
        if block.entries.len() > MOST {
            let rest = block.cut();
            self.add_behind(at, rest);
        }
    }

    /// Takes a slot out of the count; it keeps its place.
    pub(super) fn remove(&mut self, slot: usize) {
        let block = self.block_of.get(slot).and_then(|at| self.blocks.get_mut(*at));
        if let Some(block) = block {
            block.remove(slot);
        }
    }

    /// All slots in order, those that were removed included.
    pub(super) fn all(&self) -> impl Iterator<Item = usize> {
        self.blocks().flat_map(|block| &block.entries).map(|entry| entry.slot)
    }

    /// The last slot that was not removed.
    pub(super) fn last(&self) -> Option<usize> {
        let block = self.blocks().rfind(|block| block.live > 0)?;
        block.entries.iter().rfind(|entry| !entry.removed).map(|entry| entry.slot)
    }

    /// The slots of a name in order.
    pub(super) fn named(&self, id: SegmentId) -> impl Iterator<Item = usize> {
        let name = Name::of(id);
        self.blocks().filter(move |block| block.count(name) > 0).flat_map(move |block| block.named(name))
    }

    /// How many slots there are of a name.
    pub(super) fn count(&self, id: SegmentId) -> usize {
        self.blocks().map(|block| block.count(Name::of(id))).sum()
    }

    /// The `number`-th slot of a name, from 1.
    pub(super) fn nth(&self, id: SegmentId, number: usize) -> Option<usize> {
        let name = Name::of(id);
        let mut left = number.checked_sub(1)?;
        for block in self.blocks() {
            let count = block.count(name);
            if left < count {
                return block.named(name).nth(left);
            }
            left -= count;
        }
        None
    }

    /// The last slot of a name.
    pub(super) fn last_named(&self, id: SegmentId) -> Option<usize> {
        let name = Name::of(id);
        self.blocks().rfind(|block| block.count(name) > 0)?.named(name).next_back()
    }

    fn blocks(&self) -> impl DoubleEndedIterator<Item = &Block> {
        self.sequence.iter().filter_map(|at| self.blocks.get(*at))
    }

    fn add_behind(&mut self, at: usize, block: Block) {
        let added = self.blocks.len();
        for entry in &block.entries {
            if let Some(block_of) = self.block_of.get_mut(entry.slot) {
                *block_of = added;
            }
        }
        let place = self.sequence.iter().position(|other| *other == at);
        self.sequence.insert(place.map_or(self.sequence.len(), |place| place + 1), added);
        self.blocks.push(block);
    }
}

impl Block {
    fn of(entries: Vec<Entry>) -> Self {
        let mut block = Self::default();
        for entry in entries {
            block.put(block.entries.len(), entry);
        }
        block
    }

    fn put(&mut self, place: usize, entry: Entry) {
        self.entries.insert(place.min(self.entries.len()), entry);
        if entry.removed {
            return;
        }
        self.live += 1;
        let Some(name) = entry.name else { return };
        match self.counts.binary_search_by_key(&name, |(name, _)| *name) {
            Ok(at) => self.counts.get_mut(at).into_iter().for_each(|(_, count)| *count += 1),
            Err(at) => self.counts.insert(at, (name, 1)),
        }
    }

    fn remove(&mut self, slot: usize) {
        let entry = self.position(slot).and_then(|place| self.entries.get_mut(place));
        let Some(entry) = entry.filter(|entry| !entry.removed) else { return };
        entry.removed = true;
        self.live -= 1;
        let Some(name) = entry.name else { return };
        if let Ok(at) = self.counts.binary_search_by_key(&name, |(name, _)| *name) {
            self.counts.get_mut(at).into_iter().for_each(|(_, count)| *count -= 1);
        }
    }

    /// Keeps the first half and gives the second.
    fn cut(&mut self) -> Self {
        let mut entries = std::mem::take(&mut self.entries);
        let rest = entries.split_off(entries.len() / 2);
        *self = Self::of(entries);
        Self::of(rest)
    }

    fn position(&self, slot: usize) -> Option<usize> {
        self.entries.iter().position(|entry| entry.slot == slot)
    }

    fn count(&self, name: Name) -> usize {
        let at = self.counts.binary_search_by_key(&name, |(name, _)| *name).ok();
        at.and_then(|at| self.counts.get(at)).map_or(0, |(_, count)| *count)
    }

    fn named(&self, name: Name) -> impl DoubleEndedIterator<Item = usize> + '_ {
        let is_it = move |entry: &&Entry| !entry.removed && entry.name == Some(name);
        self.entries.iter().filter(is_it).map(|entry| entry.slot)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names() -> [SegmentId; 2] {
        ["OBX", "NTE"].map(|name| SegmentId::parse(name).unwrap())
    }

    /// What is left of each name in a plain list, and what the order says.
    fn check(order: &Order, plain: &[(usize, SegmentId, bool)]) {
        assert_eq!(order.all().collect::<Vec<_>>(), plain.iter().map(|(slot, ..)| *slot).collect::<Vec<_>>());
        let live: Vec<_> = plain.iter().filter(|(.., removed)| !removed).collect();
        assert_eq!(order.last(), live.last().map(|(slot, ..)| *slot));
        for id in names() {
            let expected: Vec<_> =
                live.iter().filter(|(_, own, _)| *own == id).map(|(slot, ..)| *slot).collect();
            assert_eq!(order.named(id).collect::<Vec<_>>(), expected);
            assert_eq!(order.count(id), expected.len());
            assert_eq!(order.last_named(id), expected.last().copied());
            for number in [0, 1, expected.len() / 2, expected.len(), expected.len() + 1] {
                let nth = number.checked_sub(1).and_then(|at| expected.get(at)).copied();
                assert_eq!(order.nth(id, number), nth);
            }
        }
    }

    proptest! {
        #[test]
        fn slots_come_and_go_as_in_a_plain_list(
            first in 1..1_200_usize,
            steps in prop::collection::vec((any::<prop::sample::Index>(), 0..5_usize, 0..2_usize), 0..1_200),
        ) {
            let mut order = Order::default();
            let mut plain = Vec::new();
            for slot in 0..first {
                let id = names()[slot % 2];
                order.push(Some(id));
                plain.push((slot, id, false));
            }
            for (place, action, name) in steps {
                let place = place.index(plain.len());
                let (beside, added) = (plain[place].0, plain.len());
                if action == 0 {
                    order.remove(beside);
                    plain[place].2 = true;
                    continue;
                }
                let behind = action % 2 == 0;
                order.insert(beside, behind, names()[name]);
                plain.insert(place + usize::from(behind), (added, names()[name], false));
            }
            check(&order, &plain);
        }
    }
}
