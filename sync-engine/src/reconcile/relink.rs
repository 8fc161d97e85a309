//! What refers to a resource that came back under a new id is sent again with the new id.

use std::collections::HashMap;

use carewire_fhir_core::{Resource, rewrite_references};

use super::{Run, Stop};
use crate::Identity;

impl Run<'_> {
    /// Further passes over the map, as long as something moved.
    pub(super) async fn relink(&mut self) -> Result<(), Stop> {
        while !self.moved.is_empty() {
            let moved: HashMap<String, String> = std::mem::take(&mut self.moved).into_iter().collect();
            let mut after = None;
            loop {
                let page = self.page(after.as_ref()).await?;
                let Some(last) = page.last() else { break };
                after = Some(last.key.clone());
                for row in &page {
                    self.relink_one(row, &moved).await?;
                }
            }
        }
        Ok(())
    }

    async fn relink_one(&mut self, row: &Identity, moved: &HashMap<String, String>) -> Result<(), Stop> {
        let Some(resource) = redirected(self.base(row)?, moved) else { return Ok(()) };
        if !self.is_as_it_was(row).await? {
            self.report.raced += 1;
        } else if let Some(id) = self.send_again(row, resource, row.remote_version.clone()).await? {
            self.report.relinked += 1;
            self.note_move(row, &id);
        }
        Ok(())
    }

    pub(super) fn note_move(&mut self, row: &Identity, id: &str) {
        if id != row.remote_id {
            let place = |id: &str| format!("{}/{id}", row.key.resource_type);
            self.moved.push((place(&row.remote_id), place(id)));
        }
    }
}

/// The resource with its references in order; `None` when it refers to nothing that moved.
fn redirected(mut resource: Resource, moved: &HashMap<String, String>) -> Option<Resource> {
    let mut changed = false;
    rewrite_references(resource.value_mut(), &mut |text| {
        let target = moved.get(text).cloned();
        changed |= target.is_some();
        target
    });
    changed.then_some(resource)
}
