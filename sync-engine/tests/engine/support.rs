//! A FHIR server that keeps everything in memory and insists on the rules of a real one.

use std::collections::HashMap;
use std::sync::Mutex;

use async_trait::async_trait;
use carewire_fhir_core::{PatientToken, Resource, Value, rewrite_references, visit_references};
use carewire_sync_engine::{
    Draft, InventoryEntry, Limits, LocalKey, PermittedWrites, Refusal, Remembered, Remote, Result, Write,
    WriteMethod, WriteOutcome,
};

#[derive(Debug)]
pub(crate) struct FakeRemote {
    pub(crate) limits: Limits,
    /// A PUT brings a deleted resource back, as Medplum does.
    put_resurrects: bool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    last: u64,
    rows: HashMap<String, Row>,
    writes: Vec<LocalKey>,
    outage: Option<Refusal>,
}

#[derive(Clone, Debug)]
struct Row {
    key: LocalKey,
    resource: Resource,
    version: u64,
    deleted: bool,
}

impl FakeRemote {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, put_resurrects: false, state: Mutex::default() }
    }

    pub(crate) fn resurrecting(self, put_resurrects: bool) -> Self {
        Self { put_resurrects, ..self }
    }

    pub(crate) fn apply(&self, writes: &[Write]) -> Result<Vec<WriteOutcome>, Refusal> {
        let mut state = self.state.lock().unwrap();
        if let Some(outage) = &state.outage {
            return Err(outage.clone());
        }
        self.check(writes);
        let mut outcomes = Vec::new();
        let mut ids = HashMap::new();
        for write in writes {
            let outcome = self.place(&mut state, write);
            match &outcome {
                WriteOutcome::Applied { id, .. } => {
                    ids.insert(write.full_url.clone(), format!("{}/{id}", write.key.resource_type));
                }
                WriteOutcome::Refused(refusal) if self.limits.atomic => return Err(refusal.clone()),
                WriteOutcome::Refused(_) => {}
            }
            outcomes.push(outcome);
        }
        for (write, outcome) in writes.iter().zip(&mut outcomes) {
            if let WriteOutcome::Applied { id, version, .. } = outcome {
                *version = Some(state.store(id, write, &ids));
            }
        }
        Ok(outcomes)
    }

    fn check(&self, writes: &[Write]) {
        let conditional = |write: &Write| write.method == WriteMethod::ConditionalUpdate;
        let limit = if writes.iter().any(conditional) {
            self.limits.conditional_entries
        } else {
            self.limits.update_entries
        };
        assert!(writes.len() <= limit, "{} entries, at most {limit}", writes.len());
        let mut keys: Vec<_> = writes.iter().map(|write| &write.key).collect();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), writes.len(), "an identity stands in a request once");
        for write in writes {
            visit_references(write.resource.value(), &mut |_, text| {
                let inside = writes.iter().any(|other| other.full_url == text && conditional(other));
                assert!(!text.starts_with("urn:uuid:") || inside, "a reference that cannot be resolved");
            });
        }
    }

    /// Which id the write goes to.
    fn place(&self, state: &mut State, write: &Write) -> WriteOutcome {
        let applied = |id: &str, created| WriteOutcome::Applied { id: id.into(), version: None, created };
        let refused = WriteOutcome::Refused;
        match &write.method {
            WriteMethod::Update { id, if_match } => match state.rows.get(id) {
                None => refused(Refusal::Gone { deleted: false }),
                Some(row) if row.deleted && !self.put_resurrects => refused(Refusal::Gone { deleted: true }),
                Some(row) if if_match.as_ref().is_some_and(|known| *known != row.version.to_string()) => {
                    refused(Refusal::VersionConflict)
                }
                Some(_) => {
                    assert_eq!(write.resource.id(), Some(id.as_str()), "the body names the id");
                    applied(id, false)
                }
            },
            WriteMethod::ConditionalUpdate => {
                assert_eq!(write.resource.id(), None);
                let found = state.rows.iter().find(|(_, row)| !row.deleted && row.key == write.key);
                match found {
                    Some((id, _)) => applied(&id.clone(), false),
                    None => {
                        state.last += 1;
                        applied(&format!("r{}", state.last), true)
                    }
                }
            }
        }
    }

    pub(crate) fn delete(&self, id: &str) {
        self.state.lock().unwrap().rows.get_mut(id).unwrap().deleted = true;
    }

    pub(crate) fn forget(&self, id: &str) {
        self.state.lock().unwrap().rows.remove(id);
    }

    /// Somebody else's edit.
    pub(crate) fn tamper(&self, id: &str, edit: impl FnOnce(&mut Value)) {
        let mut state = self.state.lock().unwrap();
        let row = state.rows.get_mut(id).unwrap();
        edit(row.resource.value_mut());
        row.version += 1;
    }

    pub(crate) fn set_outage(&self, refusal: Option<Refusal>) {
        self.state.lock().unwrap().outage = refusal;
    }

    /// Every write that was asked for, in order, since the last call.
    pub(crate) fn take_writes(&self) -> Vec<LocalKey> {
        std::mem::take(&mut self.state.lock().unwrap().writes)
    }

    /// The living resource of that identity: id and content.
    pub(crate) fn find(&self, key: &LocalKey) -> Option<(String, Resource)> {
        let state = self.state.lock().unwrap();
        let mut found = state.rows.iter().filter(|(_, row)| !row.deleted && row.key == *key);
        let (id, row) = found.next()?;
        assert!(found.next().is_none(), "one resource for an identity");
        Some((id.clone(), row.resource.clone()))
    }
}

impl State {
    fn store(&mut self, id: &str, write: &Write, ids: &HashMap<String, String>) -> String {
        let mut resource = write.resource.clone();
        rewrite_references(resource.value_mut(), &mut |text| ids.get(text).cloned());
        resource.value_mut().set("id", id);
        let version = self.rows.get(id).map_or(1, |row| row.version + 1);
        self.writes.push(write.key.clone());
        self.rows.insert(id.into(), Row { key: write.key.clone(), resource, version, deleted: false });
        version.to_string()
    }
}

#[async_trait]
impl Remote for FakeRemote {
    fn name(&self) -> &str {
        "main"
    }

    async fn probe(&self) -> Result<Limits> {
        Ok(self.limits)
    }

    async fn submit(&self, writes: PermittedWrites<'_>) -> Result<Vec<WriteOutcome>, Refusal> {
        self.apply(writes.writes())
    }

    async fn read(&self, _resource_type: &str, id: &str) -> Result<Remembered, Refusal> {
        let state = self.state.lock().unwrap();
        Ok(match state.rows.get(id) {
            None => Remembered::Absent,
            Some(row) if row.deleted => Remembered::Deleted,
            Some(row) => Remembered::Present {
                resource: Box::new(row.resource.clone()),
                version: Some(row.version.to_string()),
            },
        })
    }

    async fn inventory(&self, resource_type: &str, ids: &[String]) -> Result<Vec<InventoryEntry>, Refusal> {
        let state = self.state.lock().unwrap();
        if let Some(outage) = &state.outage {
            return Err(outage.clone());
        }
        let entry = |id: &String| {
            let row =
                state.rows.get(id).filter(|row| !row.deleted && row.key.resource_type == resource_type)?;
            Some(InventoryEntry { id: id.clone(), version: Some(row.version.to_string()) })
        };
        Ok(ids.iter().filter_map(entry).collect())
    }
}

pub(crate) const LIMITS: Limits = Limits { conditional_entries: 8, update_entries: 50, atomic: true };

fn patient() -> PatientToken {
    PatientToken::new("pt_a").unwrap()
}

pub(crate) fn url(n: usize) -> String {
    format!("urn:uuid:00000000-0000-4000-8000-{n:012}")
}

/// Draft `n`, with a text that an edit changes, referring to the drafts `references`.
pub(crate) fn draft(n: usize, text: &str, references: &[usize]) -> Draft {
    let resource_type = ["Patient", "Encounter", "Observation"][n % 3];
    let reference = |target: &usize| Value::object().with("reference", url(*target));
    let mut resource = Resource::new(resource_type);
    resource.value_mut().set("note", text);
    resource.value_mut().set("focus", references.iter().map(reference).collect::<Value>());
    Draft {
        key: LocalKey {
            resource_type: resource_type.into(),
            system: "urn:carewire:token".into(),
            value: format!("token-{n}"),
        },
        full_url: url(n),
        resource,
        patient: Some(patient()),
        classes: vec!["LAB_RESULTS".into()],
        source_sequence: 1,
    }
}

/// Runs a push to its end; the rows are those that the identity map would hold afterwards.
pub(crate) fn push_all(
    remote: &FakeRemote,
    drafts: Vec<Draft>,
    known: &mut HashMap<LocalKey, carewire_sync_engine::Identity>,
) -> Result<carewire_sync_engine::PushSummary, Refusal> {
    let rows: Vec<_> = known.values().cloned().collect();
    let mut push = carewire_sync_engine::Push::new(drafts, &rows, remote.limits).unwrap();
    while let Some(writes) = push.next_chunk() {
        assert_eq!(
            push.next_chunk().map(|writes| writes.len()),
            Some(writes.len()),
            "the same until recorded"
        );
        let recorded = push.record(remote.apply(&writes));
        for applied in recorded.applied {
            let base = applied.resource.to_json().into_bytes();
            let row = applied.into_identity(base, chrono::DateTime::UNIX_EPOCH);
            known.insert(row.key.clone(), row);
        }
        if let Some(refusal) = recorded.refusal {
            assert!(push.next_chunk().is_none(), "a refused push is over");
            return Err(refusal);
        }
    }
    known.extend(push.take_confirmed().into_iter().map(|confirmed| {
        let base = confirmed.resource.to_json().into_bytes();
        (confirmed.key().clone(), confirmed.into_identity(base))
    }));
    Ok(push.summary())
}
