//! What is different at the remote.

use std::collections::HashMap;

use carewire_fhir_core::canonical_hash;

use super::Run;
use crate::{Identity, Refusal, Remembered};

/// How a row and the remote differ.
pub(super) enum Drift {
    /// Deleted, or not there.
    Missing,
    /// Other content; the version that was read.
    Changed { version: Option<String> },
    /// The same content under another version.
    Renumbered { version: Option<String> },
    /// The remote will not show it.
    Unreadable,
}

impl Run<'_> {
    /// The rows of one type that differ. An error is the refusal of the whole type.
    pub(super) async fn compare<'r>(
        &self,
        rows: &[&'r Identity],
    ) -> Result<Vec<(&'r Identity, Drift)>, Refusal> {
        let Some(first) = rows.first() else { return Ok(Vec::new()) };
        let ids: Vec<String> = rows.iter().map(|row| row.remote_id.clone()).collect();
        let inventory = self.parts.remote.inventory(&first.key.resource_type, &ids).await?;
        let versions: HashMap<String, Option<String>> =
            inventory.into_iter().map(|entry| (entry.id, entry.version)).collect();
        let mut drifted = Vec::new();
        for &row in rows {
            let version = versions.get(&row.remote_id).and_then(Option::as_ref);
            if version.is_some() && version == row.remote_version.as_ref() {
                continue;
            }
            if let Some(drift) = self.look(row).await? {
                drifted.push((row, drift));
            }
        }
        Ok(drifted)
    }

    /// Reads the resource: an inventory may be late, and another version is not yet other content.
    async fn look(&self, row: &Identity) -> Result<Option<Drift>, Refusal> {
        let remembered = match self.parts.remote.read(&row.key.resource_type, &row.remote_id).await {
            Ok(remembered) => remembered,
            Err(Refusal::Gone { .. }) => return Ok(Some(Drift::Missing)),
            Err(outage @ Refusal::Transient { .. }) => return Err(outage),
            Err(_) => return Ok(Some(Drift::Unreadable)),
        };
        Ok(match remembered {
            Remembered::Deleted | Remembered::Absent => Some(Drift::Missing),
            Remembered::Present { resource, version } if canonical_hash(&resource) != row.hash => {
                Some(Drift::Changed { version })
            }
            Remembered::Present { version, .. } if version == row.remote_version => None,
            Remembered::Present { version, .. } => Some(Drift::Renumbered { version }),
        })
    }
}
