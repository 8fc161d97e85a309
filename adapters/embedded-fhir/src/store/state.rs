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
    subjects: Index,
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

    pub(crate) fn with_tag(&self, code: &str) -> impl Iterator<Item = Uuid> + '_ {
        self.tags.get(code)
    }

    pub(crate) fn with_subject(&self, reference: &str) -> impl Iterator<Item = Uuid> + '_ {
        self.subjects.get(reference)
    }

    pub(crate) fn times(&self) -> &BTreeSet<(i64, Uuid)> {
        &self.times
    }
}

/// All resources.
#[derive(Default)]
pub(crate) struct State {
    tables: HashMap<&'static str, Table>,
}

impl State {
    /// The resources of a type, `None` when there never was one.
    pub(crate) fn table(&self, resource_type: &str) -> Option<&Table> {
        self.tables.get(resource_type)
    }

    pub(crate) fn row(&self, resource_type: &str, id: Uuid) -> Option<&Row> {
        self.table(resource_type)?.row(id)
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

    /// Adds a version and hands back the keys that it replaces.
    pub(super) fn push(
        &mut self,
        resource_type: &'static str,
        id: Uuid,
        version: Version,
        keys: Keys,
    ) -> Keys {
        let table = self.tables.entry(resource_type).or_default();
        let row = table.rows.entry(id).or_insert_with(|| Row { versions: Vec::new(), keys: Keys::default() });
        let before = row.versions.last().cloned();
        row.versions.push(version.clone());
        let old = std::mem::replace(&mut row.keys, keys.clone());
        table.reindex(id, (before.as_ref(), &old), (Some(&version), &keys));
        old
    }

    /// Takes the newest version away again; `keys` are those of the version before.
    pub(super) fn pop(&mut self, resource_type: &'static str, id: Uuid, keys: Keys) {
        let Some(table) = self.tables.get_mut(resource_type) else { return };
        let Some(row) = table.rows.get_mut(&id) else { return };
        let gone = row.versions.pop();
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
        old.1.tags.iter().for_each(|token| self.tags.remove(&token.value, id));
        old.1.subjects.iter().for_each(|subject| self.subjects.remove(subject, id));
        new.1.identifiers.iter().for_each(|token| self.identifiers.insert(&token.value, id));
        new.1.tags.iter().for_each(|token| self.tags.insert(&token.value, id));
        new.1.subjects.iter().for_each(|subject| self.subjects.insert(subject, id));
    }
}

fn live_since(version: Option<&Version>) -> Option<i64> {
    version.filter(|version| version.text.is_some()).map(|version| version.at)
}
