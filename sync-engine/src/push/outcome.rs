//! What an answer means for the push.

use super::node::Progress;
use super::{Applied, Push, Recorded};
use crate::{Refusal, WriteOutcome};

/// What the remote said about one applied write.
struct Acknowledged {
    node: usize,
    version: Option<String>,
    created: bool,
}

impl Push {
    /// An answer for each write: first all ids are taken over, then the final forms are known.
    pub(super) fn record_each(&mut self, sent: &[usize], outcomes: Vec<WriteOutcome>) -> Recorded {
        let mut acknowledged = Vec::new();
        let mut refusal = None;
        for (&node, outcome) in sent.iter().zip(outcomes) {
            match outcome {
                WriteOutcome::Applied { id, version, created } => {
                    self.take_id(node, id);
                    acknowledged.push(Acknowledged { node, version, created });
                }
                WriteOutcome::Refused(refused) => refusal = refusal.or(self.refuse(node, refused)),
            }
        }
        let applied = acknowledged.into_iter().filter_map(|done| self.settle(done)).collect();
        Recorded { applied, refusal }
    }

    /// The request was refused as a whole. An id that is gone is looked for write by write.
    pub(super) fn record_whole(&mut self, sent: &[usize], refusal: Refusal) -> Option<Refusal> {
        match (sent, refusal) {
            ([node], refusal) => self.refuse(*node, refusal),
            (_, gone @ Refusal::Gone { .. }) => {
                for &n in sent {
                    match self.nodes.get_mut(n) {
                        Some(node) if node.id.is_some() => node.alone = true,
                        _ => return Some(gone),
                    }
                }
                None
            }
            (_, refusal) => Some(refusal),
        }
    }

    fn take_id(&mut self, n: usize, id: String) {
        let Some(node) = self.nodes.get_mut(n) else { return };
        node.confirmation = None;
        let former = node.former_id.take();
        let moved =
            former.is_some_and(|former| former != id) || node.id.as_ref().is_some_and(|old| *old != id);
        node.id = Some(id);
        if moved {
            self.send_referrers_again(n);
        }
    }

    /// They hold an id that is gone. What was not changed by the move is dropped when the next request is chosen.
    fn send_referrers_again(&mut self, moved: usize) {
        for node in &mut self.nodes {
            if node.state == Progress::Done && node.references.contains(&moved) {
                node.state = Progress::Pending;
                self.confirmed.retain(|confirmed| confirmed.row.key != node.draft.key);
            }
        }
    }

    /// The write is done, unless it went out with a reference that led nowhere: then it is sent again.
    fn settle(&mut self, done: Acknowledged) -> Option<Applied> {
        if done.created {
            self.summary.created += 1;
        } else {
            self.summary.updated += 1;
        }
        let form = self.final_form(done.node);
        let node = self.nodes.get_mut(done.node)?;
        let Some((resource, hash)) = form else {
            node.sent = None;
            return None;
        };
        node.sent = Some(hash);
        node.state = Progress::Done;
        node.alone = false;
        Some(Applied {
            key: node.draft.key.clone(),
            remote_id: node.id.clone()?,
            remote_version: done.version,
            created: done.created,
            hash,
            resource,
            source_sequence: node.draft.source_sequence,
            patient: node.draft.patient.clone(),
            classes: node.draft.classes.clone(),
        })
    }

    /// Whether the push can go on without this write: `None`, or why not.
    fn refuse(&mut self, n: usize, refusal: Refusal) -> Option<Refusal> {
        let node = self.nodes.get_mut(n)?;
        match refusal {
            Refusal::Gone { deleted } if node.id.is_some() && node.former_id.is_none() => {
                node.former_id = node.id.take();
                node.sent = None;
                node.confirmation = None;
                node.alone = false;
                let count = if deleted { &mut self.summary.resurrected } else { &mut self.summary.refound };
                *count += 1;
                self.oversized_ring()
                    .map(|_| Refusal::Permanent { code: "ring-too-large".into(), expressions: Vec::new() })
            }
            Refusal::VersionConflict if !node.conflicted => {
                node.conflicted = true;
                None
            }
            Refusal::VersionConflict => Some(Refusal::transient("version-conflict")),
            refusal => Some(refusal),
        }
    }
}
