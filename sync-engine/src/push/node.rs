//! A draft on its way: what is known about it and what it refers to.

use std::collections::HashMap;

use carewire_fhir_core::{Resource, canonical_hash, rewrite_references, visit_references};

use super::{Draft, Push};
use crate::kept::outward;
use crate::{Error, Identity, LocalKey, Result, Write, WriteMethod};

#[derive(Debug)]
pub(super) struct Node {
    pub(super) draft: Draft,
    /// The drafts that it refers to, itself left out.
    pub(super) references: Vec<usize>,
    /// The id at the remote, as far as it is known.
    pub(super) id: Option<String>,
    /// An id under which others may still refer to it although it is gone.
    pub(super) former_id: Option<String>,
    /// The hash of what the remote has.
    pub(super) sent: Option<[u8; 32]>,
    /// The identity row, under the sequence of this message: right if nothing has to be sent.
    pub(super) confirmation: Option<Box<Identity>>,
    pub(super) state: Progress,
    /// Sent in a request of its own, since a larger one was refused for an id that it did not name.
    pub(super) alone: bool,
    /// A version conflict was met once.
    pub(super) conflicted: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    Pending,
    Done,
    /// A newer message has written it: it only lends its id.
    Superseded,
}

impl Node {
    fn new(draft: Draft, known: Option<&Identity>) -> Self {
        let source_sequence = draft.source_sequence;
        let superseded = known.is_some_and(|row| row.source_sequence > source_sequence);
        let confirm = |row: &Identity| Box::new(Identity { source_sequence, ..row.clone() });
        Self {
            draft,
            references: Vec::new(),
            id: known.map(|row| row.remote_id.clone()),
            former_id: None,
            sent: known.map(|row| row.hash),
            confirmation: known.filter(|_| !superseded).map(confirm),
            state: if superseded { Progress::Superseded } else { Progress::Pending },
            alone: false,
            conflicted: false,
        }
    }

    pub(super) fn is_pending(&self) -> bool {
        self.state == Progress::Pending
    }
}

impl Push {
    /// Makes nodes of drafts, one for each key.
    pub(super) fn add(&mut self, drafts: Vec<Draft>, known: &HashMap<&LocalKey, &Identity>) -> Result<()> {
        let mut places: HashMap<LocalKey, usize> = HashMap::new();
        for draft in drafts {
            let place = *places.entry(draft.key.clone()).or_insert(self.nodes.len());
            if self.urls.insert(draft.full_url.clone(), place).is_some_and(|other| other != place) {
                return Err(Error::Conflict { what: "full url" });
            }
            let row = known.get(&draft.key).copied();
            match self.nodes.get_mut(place) {
                Some(earlier) => {
                    *earlier = Node::new(draft, row);
                    self.summary.coalesced += 1;
                }
                None => self.nodes.push(Node::new(draft, row)),
            }
        }
        self.summary.superseded = self.nodes.iter().filter(|node| !node.is_pending()).count() as u64;
        Ok(())
    }

    /// Finds what refers to what.
    pub(super) fn link(&mut self) -> Result<()> {
        for (entry, node) in self.nodes.iter_mut().enumerate().filter(|(_, node)| node.is_pending()) {
            let mut dangling = None;
            visit_references(node.draft.resource.value(), &mut |path, text| match self.urls.get(text) {
                Some(&target) if target != entry => node.references.push(target),
                Some(_) => {}
                None if text.starts_with("urn:uuid:") => dangling = Some(path.to_owned()),
                None => {}
            });
            if let Some(path) = dangling {
                return Err(Error::DanglingReference { entry, path });
            }
            node.references.sort_unstable();
            node.references.dedup();
        }
        Ok(())
    }

    /// The write of a node, as things stand.
    pub(super) fn write(&self, n: usize) -> Option<Write> {
        let node = self.nodes.get(n)?;
        let mut resource = outward(&self.with_references(node));
        let method = match &node.id {
            Some(id) => {
                resource.value_mut().set("id", id.as_str());
                WriteMethod::Update { id: id.clone(), if_match: None }
            }
            None => WriteMethod::ConditionalUpdate,
        };
        Some(Write {
            key: node.draft.key.clone(),
            full_url: node.draft.full_url.clone(),
            method,
            resource,
            patient: node.draft.patient.clone(),
            classes: node.draft.classes.clone(),
        })
    }

    /// The resource with its references in their final form, and the hash of what the remote sees; `None` while an id is missing.
    pub(super) fn final_form(&self, n: usize) -> Option<(Resource, [u8; 32])> {
        let node = self.nodes.get(n)?;
        let complete = node.id.is_some() && self.references_are_known(node);
        complete.then(|| {
            let resource = self.with_references(node);
            let hash = canonical_hash(&outward(&resource));
            (resource, hash)
        })
    }

    pub(super) fn references_are_known(&self, node: &Node) -> bool {
        node.references.iter().all(|&target| self.nodes.get(target).is_some_and(|target| target.id.is_some()))
    }

    fn with_references(&self, node: &Node) -> Resource {
        let mut resource = node.draft.resource.clone();
        resource.value_mut().remove("id");
        rewrite_references(resource.value_mut(), &mut |text| {
            let target = self.nodes.get(*self.urls.get(text)?)?;
            Some(match &target.id {
                Some(id) => format!("{}/{id}", target.draft.key.resource_type),
                None => target.draft.full_url.clone(),
            })
        });
        resource
    }
}
