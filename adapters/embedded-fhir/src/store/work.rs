use uuid::Uuid;

use super::{JournalEntry, Keys, State, Version};

/// The changes of one request to the state. They can be taken back, all or from a mark on.
pub(crate) struct Work<'a> {
    state: &'a mut State,
    undo: Vec<Undo>,
    unchanged: u64,
}

struct Undo {
    entry: JournalEntry,
    /// The keys of the version before.
    keys: Keys,
    effect: Effect,
}

/// What a change did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Created,
    Updated,
    Deleted,
}

/// What the changes of a request came to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) created: u64,
    pub(crate) updated: u64,
    pub(crate) unchanged: u64,
    pub(crate) deleted: u64,
}

/// A moment to which [`Work::roll_back`] can return.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark {
    changes: usize,
    unchanged: u64,
}

impl<'a> Work<'a> {
    pub(crate) fn new(state: &'a mut State) -> Self {
        Self { state, undo: Vec::new(), unchanged: 0 }
    }

    /// The state with the changes so far.
    pub(crate) fn state(&self) -> &State {
        self.state
    }

    /// Adds a version of a resource, which may be its first.
    pub(crate) fn put(&mut self, resource_type: &'static str, id: Uuid, version: Version, keys: Keys) {
        let effect = match (&version.text, self.state.row(resource_type, id)) {
            (None, _) => Effect::Deleted,
            (Some(_), None) => Effect::Created,
            (Some(_), Some(_)) => Effect::Updated,
        };
        let (version, keys) = self.state.push(resource_type, id, version, keys);
        let entry = JournalEntry { resource_type, id, version };
        self.undo.push(Undo { entry, keys, effect });
    }

    /// Counts a write that changed nothing.
    pub(crate) fn note_unchanged(&mut self) {
        self.unchanged += 1;
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark { changes: self.undo.len(), unchanged: self.unchanged }
    }

    /// Takes back every change since the mark.
    pub(crate) fn roll_back(&mut self, mark: Mark) {
        while self.undo.len() > mark.changes {
            if let Some(undo) = self.undo.pop() {
                self.state.pop(undo.entry.resource_type, undo.entry.id, undo.keys);
            }
        }
        self.unchanged = mark.unchanged;
    }

    /// Ends the request and hands over what is to be made durable.
    pub(crate) fn finish(self) -> (Vec<(JournalEntry, Effect)>, Tally) {
        let count = |effect| self.undo.iter().filter(|undo| undo.effect == effect).count() as u64;
        let tally = Tally {
            created: count(Effect::Created),
            updated: count(Effect::Updated),
            deleted: count(Effect::Deleted),
            unchanged: self.unchanged,
        };
        (self.undo.into_iter().map(|undo| (undo.entry, undo.effect)).collect(), tally)
    }
}

#[cfg(test)]
mod tests {
    use carewire_fhir_core::Value;

    use super::*;

    fn put(work: &mut Work<'_>, id: u128, version: u128, text: Option<&str>) {
        let keys = text.map(|text| Keys::of(&Value::parse(text.as_bytes()).unwrap())).unwrap_or_default();
        let version = Version::new(Uuid::from_u128(version), version as i64, text.map(Into::into));
        work.put("Patient", Uuid::from_u128(id), version, keys);
    }

    fn found(state: &State, value: &str) -> usize {
        state.table("Patient").map_or(0, |table| table.with_identifier(value).count())
    }

    const A: &str = r#"{"identifier":[{"system":"s","value":"a"}]}"#;
    const B: &str = r#"{"identifier":[{"system":"s","value":"b"}]}"#;

    #[test]
    fn rolling_back_restores_rows_and_indexes() {
        let mut state = State::default();
        let mut work = Work::new(&mut state);
        put(&mut work, 1, 1, Some(A));
        assert_eq!(work.finish().0.len(), 1);

        let mut work = Work::new(&mut state);
        let mark = work.mark();
        put(&mut work, 1, 2, Some(B));
        put(&mut work, 1, 3, None);
        put(&mut work, 2, 4, Some(B));
        assert_eq!((found(work.state(), "a"), found(work.state(), "b")), (0, 1));
        work.roll_back(mark);
        assert_eq!(work.finish().0.len(), 0);

        assert_eq!((found(&state, "a"), found(&state, "b")), (1, 0));
        assert_eq!(state.counts(), [("Patient", 1)]);
        assert!(state.row("Patient", Uuid::from_u128(2)).is_none());
        assert_eq!(state.row("Patient", Uuid::from_u128(1)).unwrap().versions().len(), 1);
    }

    #[test]
    fn a_deleted_resource_is_not_counted() {
        let mut state = State::default();
        let mut work = Work::new(&mut state);
        put(&mut work, 1, 1, Some(A));
        put(&mut work, 1, 2, None);
        let (entries, tally) = work.finish();
        assert_eq!((entries.len(), tally.created, tally.deleted), (2, 1, 1));
        assert!(state.counts().is_empty());
        assert_eq!(found(&state, "a"), 0);
    }

    /// All that can be asked of the state about three patients and three identifiers.
    fn seen(state: &State) -> Vec<String> {
        let table = state.table("Patient");
        let rows = (0..3).filter_map(|id| table?.row(Uuid::from_u128(id)));
        let versions = rows.map(|row| format!("{:?} {}", row.versions(), row.keys().identifiers.len()));
        let times = table.into_iter().flat_map(|table| table.times()).map(|time| format!("{time:?}"));
        let values = ["a", "b", "c"].into_iter();
        let identifiers = values.flat_map(|value| {
            table
                .into_iter()
                .flat_map(move |table| table.with_identifier(value))
                .map(move |id| format!("{value} {id}"))
        });
        let changes = state.changes().iter().map(|change| {
            format!(
                "{} {} {:?}",
                change.id,
                change.index,
                state.version(change).map(|version| version.sequence)
            )
        });
        versions.chain(times).chain(identifiers).chain(changes).collect()
    }

    proptest::proptest! {
        #[test]
        fn rolling_back_leaves_no_trace(
            kept in proptest::collection::vec((0_u128..3, proptest::option::of("[abc]")), 0..20),
            taken_back in proptest::collection::vec((0_u128..3, proptest::option::of("[abc]")), 0..20),
        ) {
            let mut state = State::default();
            let mut work = Work::new(&mut state);
            let mut version = 0;
            let mut apply = |work: &mut Work<'_>, id: u128, value: &Option<String>| {
                version += 1;
                let text = value.as_ref().map(|value| format!(r#"{{"identifier":[{{"value":"{value}"}}]}}"#));
                put(work, id, version, text.as_deref());
            };
            kept.iter().for_each(|(id, value)| apply(&mut work, *id, value));
            let before = seen(work.state());
            let mark = work.mark();
            taken_back.iter().for_each(|(id, value)| apply(&mut work, *id, value));
            work.roll_back(mark);
            proptest::prop_assert_eq!(before, seen(work.state()));
            proptest::prop_assert_eq!(work.finish().0.len(), kept.len());
        }
    }
}
