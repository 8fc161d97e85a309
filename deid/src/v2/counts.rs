//! What was done, counted without a text for each.

use super::rule::Rules;
use crate::{Manifest, Policy, Treatment};

/// How often what was done, by the slot of the field.
#[derive(Clone, Debug)]
pub(super) struct Counts(Vec<[u64; TREATMENTS.len()]>);

const TREATMENTS: [Treatment; 5] = [
    Treatment::Kept,
    Treatment::Dropped,
    Treatment::Pseudonymised,
    Treatment::Generalised,
    Treatment::Rewritten,
];

impl Counts {
    pub(super) fn of(rules: &Rules) -> Self {
        Self(vec![[0; TREATMENTS.len()]; rules.slots])
    }

    pub(super) fn add(&mut self, slot: usize, treatment: Treatment) {
        let index = match treatment {
            Treatment::Kept => 0,
            Treatment::Dropped => 1,
            Treatment::Pseudonymised => 2,
            Treatment::Generalised => 3,
            _ => 4,
        };
        let count = self.0.get_mut(slot).and_then(|counts| counts.get_mut(index));
        count.into_iter().for_each(|count| *count += 1);
    }

    pub(super) fn manifest(&self, policy: &Policy) -> Manifest {
        let mut manifest = Manifest::new(policy.id(), policy.version());
        let rules = policy.v2();
        for segment in &rules.segments {
            let name = String::from_utf8_lossy(&segment.name);
            for number in 1..=segment.fields.len() {
                self.note(segment.first + number - 1, &format!("{name}-{number}"), &mut manifest);
            }
        }
        self.note(rules.unknown(), "?", &mut manifest);
        manifest
    }

    fn note(&self, slot: usize, path: &str, manifest: &mut Manifest) {
        let Some(counts) = self.0.get(slot) else { return };
        for (treatment, count) in TREATMENTS.iter().zip(counts).filter(|(_, count)| **count > 0) {
            manifest.add(path, *treatment, *count);
        }
    }
}
