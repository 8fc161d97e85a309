//! Putting a resource right.

use carewire_consent::Permit;
use carewire_fhir_core::{Resource, canonical_hash};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::compare::Drift;
use super::{Reconciler, Run, Stop};
use crate::kept::outward;
use crate::{Error, Identity, LocalKey, PermittedWrites, Refusal, Result, Write, WriteMethod, WriteOutcome};

/// What became of a write.
pub(super) enum Sent {
    /// It is there, under this id and version.
    Applied { id: String, version: Option<String> },
    /// Consent forbids it.
    Blocked,
    /// Somebody was faster.
    Raced,
    /// The remote will not take it.
    Refused,
}

impl Run<'_> {
    pub(super) async fn repair(&mut self, row: &Identity, drift: Drift) -> Result<(), Stop> {
        let if_match = match drift {
            Drift::Unreadable => return Ok(()),
            Drift::Renumbered { version } => return self.renumber(row, version).await,
            Drift::Changed { version } => version,
            Drift::Missing => None,
        };
        if !self.is_as_it_was(row).await? {
            self.report.raced += 1;
            return Ok(());
        }
        let resource = self.base(row)?;
        if let Some(id) = self.send_again(row, resource, if_match).await? {
            self.report.repaired += 1;
            self.note_move(row, &id);
        }
        Ok(())
    }

    /// Sends, counts what did not work, records what did; answers with the id.
    pub(super) async fn send_again(
        &mut self,
        row: &Identity,
        resource: Resource,
        if_match: Option<String>,
    ) -> Result<Option<String>, Stop> {
        match self.send(row, &resource, if_match).await? {
            Sent::Blocked => self.report.blocked += 1,
            Sent::Raced => self.report.raced += 1,
            Sent::Refused => self.report.errors += 1,
            Sent::Applied { id, version } => {
                self.remember(row, &resource, id.clone(), version).await?;
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// By id, which brings a deleted resource back under its old id where the server allows that; else by identity.
    async fn send(
        &self,
        row: &Identity,
        resource: &Resource,
        if_match: Option<String>,
    ) -> Result<Sent, Stop> {
        let by_id = WriteMethod::Update { id: row.remote_id.clone(), if_match };
        for method in [by_id, WriteMethod::ConditionalUpdate] {
            let Some(outcome) = self.submit(write(row, resource, method)).await? else {
                return Ok(Sent::Blocked);
            };
            return Ok(match outcome {
                WriteOutcome::Applied { id, version, .. } => Sent::Applied { id, version },
                WriteOutcome::Refused(Refusal::Gone { .. }) => continue,
                WriteOutcome::Refused(Refusal::VersionConflict) => Sent::Raced,
                WriteOutcome::Refused(Refusal::Transient { code, .. }) => return Err(Stop::Outage(code)),
                WriteOutcome::Refused(_) => Sent::Refused,
            });
        }
        Ok(Sent::Refused)
    }

    /// `None` when consent forbids it. The permits are fresh and live for this write only.
    async fn submit(&self, write: Write) -> Result<Option<WriteOutcome>> {
        let Reconciler { remote, clock, .. } = self.parts;
        let permits = self.permits(&write).await?;
        let permits: Vec<&Permit> = permits.iter().collect();
        let writes = [write];
        let permitted = match PermittedWrites::new(&writes, &permits, self.org, remote.name(), clock.now()) {
            Ok(permitted) => permitted,
            Err(Error::NotPermitted { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        Ok(Some(match remote.submit(permitted).await {
            Ok(outcomes) => match outcomes.into_iter().next() {
                Some(outcome) => outcome,
                None => WriteOutcome::Refused(Refusal::transient("answer-incomplete")),
            },
            Err(refusal) => WriteOutcome::Refused(refusal),
        }))
    }

    /// Those that there are, of the patients whose data it is.
    async fn permits(&self, write: &Write) -> Result<Vec<Permit>> {
        let Reconciler { permits, remote, .. } = self.parts;
        let mut given = Vec::new();
        for patient in write.patients() {
            given.extend(permits.permit(self.org, &patient, remote.name(), &write.classes).await?);
        }
        Ok(given)
    }

    /// Whether no worker has written the row since it was read.
    pub(super) async fn is_as_it_was(&self, row: &Identity) -> Result<bool> {
        let Reconciler { identities, remote, .. } = self.parts;
        let now = identities.lookup(self.org, remote.name(), std::slice::from_ref(&row.key)).await?;
        Ok(now.into_iter().flatten().next().is_some_and(|now| {
            now.source_sequence == row.source_sequence
                && now.remote_id == row.remote_id
                && now.remote_version == row.remote_version
        }))
    }

    /// What was sent.
    pub(super) fn base(&self, row: &Identity) -> Result<Resource> {
        let Reconciler { sealer, remote, .. } = self.parts;
        let plain = sealer.open(self.org, remote.name(), &row.key, &row.base)?;
        Resource::parse(&plain).map_err(|_| Error::Corrupt { what: "base" })
    }

    async fn remember(
        &self,
        row: &Identity,
        resource: &Resource,
        remote_id: String,
        remote_version: Option<String>,
    ) -> Result<()> {
        let Reconciler { identities, remote, sealer, clock, .. } = self.parts;
        let base = sealer.seal(self.org, remote.name(), &row.key, resource.to_json().as_bytes())?;
        let hash = canonical_hash(&outward(resource));
        let row = Identity { remote_id, remote_version, base, hash, synced_at: clock.now(), ..row.clone() };
        identities.record(self.org, remote.name(), vec![row]).await
    }

    async fn renumber(&mut self, row: &Identity, version: Option<String>) -> Result<(), Stop> {
        if self.is_as_it_was(row).await? {
            let Reconciler { identities, remote, .. } = self.parts;
            let row = Identity { remote_version: version, ..row.clone() };
            identities.record(self.org, remote.name(), vec![row]).await?;
        }
        Ok(())
    }
}

fn write(row: &Identity, resource: &Resource, method: WriteMethod) -> Write {
    let mut resource = outward(resource);
    match &method {
        WriteMethod::Update { id, .. } => resource.value_mut().set("id", id.as_str()),
        WriteMethod::ConditionalUpdate => resource.value_mut().remove("id"),
    };
    Write {
        key: row.key.clone(),
        full_url: full_url(&row.key),
        method,
        resource,
        patient: row.patient.clone(),
        classes: row.classes.clone(),
    }
}

/// Nothing refers to it, but an entry of a transaction needs one: a UUID (version 8) made of the key.
fn full_url(key: &LocalKey) -> String {
    let mut hash = Sha256::new();
    for part in [&key.resource_type, &key.system, &key.value] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let hex = HEXLOWER.encode(&hash.finalize());
    let part = |from: usize, length: usize| hex.chars().skip(from).take(length).collect::<String>();
    format!("urn:uuid:{}-{}-8{}-a{}-{}", part(0, 8), part(8, 4), part(12, 3), part(15, 3), part(18, 12))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_url_is_a_uuid_of_its_key() {
        let key = |value: &str| LocalKey {
            resource_type: "Patient".into(),
            system: "urn:carewire:token".into(),
            value: value.into(),
        };
        let url = full_url(&key("pt_a"));
        assert_eq!(url, full_url(&key("pt_a")));
        assert_ne!(url, full_url(&key("pt_b")));
        let groups: Vec<_> = url.trim_start_matches("urn:uuid:").split('-').map(str::len).collect();
        assert_eq!(groups, [8, 4, 4, 4, 12]);
    }
}
