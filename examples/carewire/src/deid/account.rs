//! What was done, as a report says it: by path and method, without a value.

use std::collections::BTreeMap;

use carewire_deid::Manifest;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// The counts of some documents under one policy or rule file.
///
/// It is read and written as JSON, so that what one run has counted of a file can be added to what the next one does.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub(super) struct Account {
    /// The policy, its version, the key and whatever else holds for the whole run.
    about: Map<String, Value>,
    totals: Totals,
    warnings: BTreeMap<String, u64>,
    counts: BTreeMap<Locus, u64>,
}

/// How much was read, and how much of it was not written.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Totals {
    pub(super) inputs: u64,
    /// Resources and Bundles, or messages, left out or not.
    pub(super) documents: u64,
    pub(super) left_out: u64,
}

/// What was done where.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Locus {
    /// The rule of an imported file, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rule: Option<usize>,
    pub(super) path: String,
    pub(super) method: String,
}

#[derive(Serialize, Deserialize)]
struct Written {
    // In front of `about`, which takes whatever is left.
    #[serde(default)]
    totals: Totals,
    #[serde(flatten)]
    about: Map<String, Value>,
    #[serde(default)]
    warnings: BTreeMap<String, u64>,
    #[serde(default)]
    counts: Vec<Row>,
}

#[derive(Serialize, Deserialize)]
struct Row {
    #[serde(flatten)]
    locus: Locus,
    count: u64,
}

impl From<Written> for Account {
    fn from(written: Written) -> Self {
        let counts = written.counts.into_iter().map(|row| (row.locus, row.count)).collect();
        Self { about: written.about, totals: written.totals, warnings: written.warnings, counts }
    }
}

impl From<Account> for Written {
    fn from(account: Account) -> Self {
        let counts = account.counts.into_iter().map(|(locus, count)| Row { locus, count }).collect();
        Self { about: account.about, totals: account.totals, warnings: account.warnings, counts }
    }
}

impl Account {
    /// Nothing counted yet; what holds for the whole run.
    pub(super) fn about(about: Map<String, Value>) -> Self {
        Self { about, ..Self::default() }
    }

    /// What a policy did.
    pub(super) fn of(manifest: &Manifest) -> Self {
        serde_json::from_value(json!(manifest)).unwrap_or_default()
    }

    pub(super) fn add(&mut self, locus: Locus, count: u64) {
        *self.counts.entry(locus).or_default() += count;
    }

    pub(super) fn warn(&mut self, warning: &str, count: u64) {
        if count > 0 {
            *self.warnings.entry(warning.to_owned()).or_default() += count;
        }
    }

    /// How much of it was left out.
    pub(super) fn left_out(&self) -> u64 {
        self.totals.left_out
    }

    /// The same with how much there was.
    pub(super) fn with_totals(self, totals: Totals) -> Self {
        Self { totals, ..self }
    }

    /// Adds what was done to other documents.
    pub(super) fn merge(&mut self, more: Self) {
        self.about.extend(more.about);
        self.totals.inputs += more.totals.inputs;
        self.totals.documents += more.totals.documents;
        self.totals.left_out += more.totals.left_out;
        for (warning, count) in more.warnings {
            *self.warnings.entry(warning).or_default() += count;
        }
        for (locus, count) in more.counts {
            self.add(locus, count);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_add_up_and_come_back_as_they_were_written() {
        let locus = |path: &str| Locus { rule: None, path: path.to_owned(), method: "dropped".to_owned() };
        let mut one = Account::about(json!({"policy": "p", "key": "k"}).as_object().unwrap().clone());
        one.add(locus("Patient.name"), 2);
        one.warn("withheld", 0);
        let mut two = one.clone();
        two.add(Locus { rule: Some(3), ..locus("Patient.id") }, 1);
        two.warn("withheld", 1);
        let two = two.with_totals(Totals { inputs: 1, documents: 5, left_out: 2 });
        one.merge(two);
        let written = json!(one);
        assert_eq!(written["policy"], "p");
        assert_eq!(written["totals"], json!({"inputs": 1, "documents": 5, "left_out": 2}));
        assert_eq!(written["counts"][0], json!({"path": "Patient.name", "method": "dropped", "count": 4}));
        assert_eq!(written["counts"][1]["rule"], 3);
        assert_eq!(written["warnings"], json!({"withheld": 1}));
        assert!(serde_json::from_value::<Account>(written).unwrap() == one);
    }
}
