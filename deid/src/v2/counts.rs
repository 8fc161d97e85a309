//! What was done, counted without a text for each.

use super::rule::Rules;
use crate::{Manifest, Policy, Treatment};

/// How often what was done, by the slot of the field.
#[derive(Clone, Debug)]
pub(super) struct Counts(Vec<[u64; Treatment::ALL.len()]>);

impl Counts {
    pub(super) fn of(rules: &Rules) -> Self {
        Self(vec![[0; Treatment::ALL.len()]; rules.slots])
    }

    pub(super) fn add(&mut self, slot: usize, treatment: Treatment) {
        let count = self.0.get_mut(slot).and_then(|counts| counts.get_mut(treatment as usize));
        count.into_iter().for_each(|count| *count += 1);
    }

    /// Adds them to what is known of the run.
    pub(super) fn manifest(&self, policy: &Policy, mut manifest: Manifest) -> Manifest {
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
        for (treatment, count) in Treatment::ALL.into_iter().zip(counts).filter(|(_, count)| **count > 0) {
            manifest.add(path, treatment, *count);
        }
    }
}
