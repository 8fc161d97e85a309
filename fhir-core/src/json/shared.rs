//! The items of arrays and the members of objects: shared between clones until one of them changes.

use std::cell::Cell;
use std::ops::Deref;

use ecow::EcoVec;

use super::{Name, Repr, Value};

/// A list that costs nothing to clone. To change it copies it when another clone is alive: the list itself, not what
/// its entries hold.
#[derive(Clone)]
pub(super) struct Shared<T: Entry>(EcoVec<T>);

/// What can stand in a [`Shared`] list: an item or a member.
pub(super) trait Entry: Clone {
    fn value(&mut self) -> &mut Value;
}

impl Entry for Value {
    fn value(&mut self) -> &mut Value {
        self
    }
}

impl Entry for (Name, Value) {
    fn value(&mut self) -> &mut Value {
        &mut self.1
    }
}

impl<T: Entry> Shared<T> {
    pub(super) const fn new() -> Self {
        Self(EcoVec::new())
    }

    /// The entries, to be changed, added to and removed.
    pub(super) fn edit(&mut self) -> &mut EcoVec<T> {
        &mut self.0
    }

    /// The entries, to be changed.
    pub(super) fn as_mut_slice(&mut self) -> &mut [T] {
        self.0.make_mut()
    }

    /// The same entries in the same memory: equal without a look at them.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        std::ptr::eq(self.0.as_slice(), other.0.as_slice())
    }
}

impl<T: Entry> Deref for Shared<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.0.as_slice()
    }
}

impl<T: Entry> From<Vec<T>> for Shared<T> {
    fn from(entries: Vec<T>) -> Self {
        Self(entries.into())
    }
}

impl<T: Entry> FromIterator<T> for Shared<T> {
    fn from_iter<I: IntoIterator<Item = T>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

thread_local! {
    /// How many lists are being dropped inside each other.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Lists inside lists are dropped by recursion down to this depth, and one after another below it: a tree may be built
/// deeper than the stack allows.
const DEEP: u32 = 200;

impl<T: Entry> Drop for Shared<T> {
    fn drop(&mut self) {
        if self.0.is_empty() {
            return;
        }
        let depth = DEPTH.get();
        if depth < DEEP {
            DEPTH.set(depth + 1);
            drop(std::mem::take(&mut self.0));
            DEPTH.set(depth);
        } else if self.0.is_unique() {
            let mut pending = Vec::new();
            self.take_into(&mut pending);
            while let Some(mut value) = pending.pop() {
                match &mut value.0 {
                    Repr::Array(items) => items.take_into(&mut pending),
                    Repr::Object(members) => members.take_into(&mut pending),
                    _ => {}
                }
            }
        }
    }
}

impl<T: Entry> Shared<T> {
    /// Moves the values out. A list that others have is copied first: was it only let go, the last to do so would be
    /// unknown, and might have to drop by recursion all that hangs on it.
    fn take_into(&mut self, pending: &mut Vec<Value>) {
        pending.extend(self.0.make_mut().iter_mut().map(|entry| std::mem::take(entry.value())));
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deep(levels: usize) -> Value {
        (0..levels).fold(Value::null(), |inner, level| match level % 2 {
            0 => Value::from(vec![inner, Value::bool(true)]),
            _ => Value::object().with("a", inner).with("id", "x"),
        })
    }

    #[test]
    fn a_tree_deeper_than_the_stack_is_dropped() {
        drop(deep(300_000));
        let tree = deep(300_000);
        let copy = tree.clone();
        let thread = std::thread::spawn(move || drop(copy));
        drop(tree);
        thread.join().unwrap();
        assert_eq!(DEPTH.get(), 0);
    }

    #[test]
    fn a_clone_shares_until_one_changes() {
        let text = r#"{"name":[{"given":["a"]}],"id":"1"}"#;
        let original = Value::parse(text.as_bytes()).unwrap();
        let mut copy = original.clone();
        copy.get_mut("name").unwrap().items_mut()[0].set("given", "b");
        copy.remove("id");
        assert_eq!(copy.to_json(), r#"{"name":[{"given":"b"}]}"#);
        assert_eq!(original.to_json(), text);
    }
}
