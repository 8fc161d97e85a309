use std::collections::{BTreeSet, HashMap};

use carewire_fhir_core::Value;
use uuid::Uuid;

use super::journal::Text;
use super::{Index, JournalEntry, Keys};

/// One version of a resource.
#[derive(Clone)]
pub(crate) struct Version {
    pub(crate) id: Uuid,
    /// When it was made, in milliseconds since 1970.
    pub(crate) at: i64,
    /// The resource; `None` when this version is a deletion.
    pub(crate) text: Option<Text>,
    /// The place in the order of all changes; the same after a restart.
    pub(crate) sequence: u64,
}

impl Version {
    /// A version that has no place in the order yet: it gets one when it is stored.
    pub(crate) fn new(id: Uuid, at: i64, text: Option<Text>) -> Self {
        Self { id, at, text, sequence: 0 }
    }

    /// The resource as a tree; `None` when this version is a deletion.
    pub(crate) fn resource(&self) -> Option<Value> {
        Value::parse(self.text.as_deref()?.as_bytes()).ok()
    }
}

impl std::fmt::Debug for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Version").field("id", &self.id).field("at", &self.at).finish_non_exhaustive()
    }
}

/// One resource: its versions, oldest first, never empty, and the keys of the newest.
pub(crate) struct Row {
    versions: Vec<Version>,
    keys: Keys,
}

impl Row {
    /// The newest version.
    pub(crate) fn newest(&self) -> Option<&Version> {
        self.versions.last()
    }

    /// All versions, oldest first.
    pub(crate) fn versions(&self) -> &[Version] {
        &self.versions
    }

    /// The version that was the newest before a place in the order.
    pub(crate) fn as_of(&self, sequence: u64) -> Option<&Version> {
        self.versions.iter().rev().find(|version| version.sequence < sequence)
    }

    /// The keys of the newest version.
    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }
}

/// All resources of one type.
#[derive(Default)]
pub(crate) struct Table {
    rows: HashMap<Uuid, Row>,
    /// By the value of an identifier; the system is compared afterwards.
    identifiers: Index,
    tags: Index,
    codes: Index,
    references: Index,
    /// The resources that are not deleted, by the time of their newest version.
    times: BTreeSet<(i64, Uuid)>,
}

impl Table {
    pub(crate) fn row(&self, id: Uuid) -> Option<&Row> {
        self.rows.get(&id)
    }

    pub(crate) fn with_identifier(&self, value: &str) -> impl Iterator<Item = Uuid> + '_ {
        self.identifiers.get(value)
    }

    /// By the code of a tag, whatever its case; the system is compared afterwards.
    pub(crate) fn with_tag(&self, code: &str) -> impl Iterator<Item = Uuid> + '_ {
        self.tags.get(&code.to_ascii_lowercase())
    }

    /// By a code of the element `code`, whatever its case.
    pub(crate) fn with_code(&self, code: &str) -> impl Iterator<Item = Uuid> + '_ {
        self.codes.get(&code.to_ascii_lowercase())
    }

    /// The resources that refer to `Type/<id>`, wherever in them.
    pub(crate) fn with_reference(&self, target: &str) -> impl Iterator<Item = Uuid> + '_ {
        self.references.get(target)
    }

    /// All resources that ever were, deleted ones too, in no order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (Uuid, &Row)> {
        self.rows.iter().map(|(id, row)| (*id, row))
    }

    pub(crate) fn times(&self) -> &BTreeSet<(i64, Uuid)> {
        &self.times
    }
}

/// One change: where the version is that it made.
#[derive(Clone, Copy)]
pub(crate) struct Change {
    pub(crate) resource_type: &'static str,
    pub(crate) id: Uuid,
    /// The index among the versions of the resource.
    pub(crate) index: usize,
}

/// All resources.
#[derive(Default)]
pub(crate) struct State {
    tables: HashMap<&'static str, Table>,
    /// All changes in their order; a version's `sequence` is an index into it.
    changes: Vec<Change>,
    newest_at: i64,
}

impl State {
    /// The resources of a type, `None` when there never was one.
    pub(crate) fn table(&self, resource_type: &str) -> Option<&Table> {
        self.tables.get(resource_type)
    }

    pub(crate) fn row(&self, resource_type: &str, id: Uuid) -> Option<&Row> {
        self.table(resource_type)?.row(id)
    }

    /// All changes, oldest first.
    pub(crate) fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The place in the order that the next change gets.
    pub(crate) fn next_sequence(&self) -> u64 {
        self.changes.len() as u64
    }

    pub(crate) fn version(&self, change: &Change) -> Option<&Version> {
        self.row(change.resource_type, change.id)?.versions.get(change.index)
    }

    /// The newest version of a resource, unless it is deleted.
    pub(crate) fn live(&self, resource_type: &str, id: Uuid) -> Option<&Version> {
        self.row(resource_type, id)?.newest().filter(|version| version.text.is_some())
    }

    /// Whether there is a resource of the type that is not deleted.
    pub(crate) fn has_live(&self, resource_type: &str) -> bool {
        self.table(resource_type).is_some_and(|table| !table.times.is_empty())
    }

    /// The time of the newest change. What comes later is never given an earlier one.
    pub(crate) fn newest_at(&self) -> i64 {
        self.newest_at
    }

    /// How many resources of each type are there, deleted ones left out.
    pub(crate) fn counts(&self) -> Vec<(&'static str, usize)> {
        let mut counts: Vec<_> = self
            .tables
            .iter()
            .map(|(resource_type, table)| (*resource_type, table.times.len()))
            .filter(|(_, count)| *count > 0)
            .collect();
        counts.sort_unstable();
        counts
    }

    /// Repeats what a journal remembers.
    pub(crate) fn replay(&mut self, entry: JournalEntry) {
        let keys = match &entry.version.text {
            Some(text) => {
                Value::parse(text.as_bytes()).map(|resource| Keys::of(&resource)).unwrap_or_default()
            }
            None => Keys::default(),
        };
        self.push(entry.resource_type, entry.id, entry.version, keys);
    }

    /// Adds a version; hands it back with its place in the order, and the keys that it replaces.
    pub(super) fn push(
        &mut self,
        resource_type: &'static str,
        id: Uuid,
        mut version: Version,
        keys: Keys,
    ) -> (Version, Keys) {
        version.sequence = self.next_sequence();
        self.newest_at = self.newest_at.max(version.at);
        let table = self.tables.entry(resource_type).or_default();
        let row = table.rows.entry(id).or_insert_with(|| Row { versions: Vec::new(), keys: Keys::default() });
        let before = row.versions.last().cloned();
        self.changes.push(Change { resource_type, id, index: row.versions.len() });
        row.versions.push(version.clone());
        let old = std::mem::replace(&mut row.keys, keys.clone());
        table.reindex(id, (before.as_ref(), &old), (Some(&version), &keys));
        (version, old)
    }

    /// Takes the newest version away again, which is the last change; `keys` are those of the version before.
    pub(super) fn pop(&mut self, resource_type: &'static str, id: Uuid, keys: Keys) {
        let Some(table) = self.tables.get_mut(resource_type) else { return };
        let Some(row) = table.rows.get_mut(&id) else { return };
        let gone = row.versions.pop();
        self.changes.pop();
        let before = row.versions.last().cloned();
        let old = std::mem::replace(&mut row.keys, keys.clone());
        if before.is_none() {
            table.rows.remove(&id);
        }
        table.reindex(id, (gone.as_ref(), &old), (before.as_ref(), &keys));
    }
}

impl Table {
    fn reindex(&mut self, id: Uuid, old: (Option<&Version>, &Keys), new: (Option<&Version>, &Keys)) {
        if let Some(at) = live_since(old.0) {
            self.times.remove(&(at, id));
        }
        if let Some(at) = live_since(new.0) {
            self.times.insert((at, id));
        }
        if old.1 == new.1 {
            return;
        }
        old.1.identifiers.iter().for_each(|token| self.identifiers.remove(&token.value, id));
        old.1.tags.iter().for_each(|token| self.tags.remove(&token.value.to_ascii_lowercase(), id));
        old.1.codes.iter().for_each(|code| self.codes.remove(code, id));
        old.1.references.iter().for_each(|target| self.references.remove(target, id));
        new.1.identifiers.iter().for_each(|token| self.identifiers.insert(&token.value, id));
        new.1.tags.iter().for_each(|token| self.tags.insert(&token.value.to_ascii_lowercase(), id));
        new.1.codes.iter().for_each(|code| self.codes.insert(code, id));
        new.1.references.iter().for_each(|target| self.references.insert(target, id));
    }
}

fn live_since(version: Option<&Version>) -> Option<i64> {
    version.filter(|version| version.text.is_some()).map(|version| version.at)
}
