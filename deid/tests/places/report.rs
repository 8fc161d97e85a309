//! The table.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::row::Case;

/// What became of all places.
#[derive(Default)]
pub(crate) struct Report {
    lines: BTreeMap<(String, &'static str), Line>,
    found: Vec<String>,
}

#[derive(Default)]
struct Line {
    places: usize,
    leaks: usize,
    survivors: BTreeSet<String>,
    lost: BTreeSet<String>,
}

impl Report {
    /// Counts a case, under its group and policy.
    pub(crate) fn add(&mut self, policy: &'static str, case: &Case) {
        let line = self.lines.entry((case.group.to_owned(), policy)).or_default();
        let (leaks, lost) = (case.leaks(), case.lost().cloned().collect::<Vec<_>>());
        line.places += 1;
        line.leaks += usize::from(!leaks.is_empty());
        line.survivors.extend(case.survivors.iter().cloned());
        line.lost.extend(lost.iter().cloned());
        self.found.extend(leaks.iter().map(|leak| format!("LEAK {policy}: {}: {leak}", case.path)));
        self.found.extend(lost.iter().map(|lost| format!("LOST {policy}: {}: {lost}", case.path)));
    }

    pub(crate) fn places(&self) -> usize {
        self.lines.values().map(|line| line.places).sum()
    }

    fn leaks(&self) -> usize {
        self.lines.values().map(|line| line.leaks).sum()
    }

    fn lost(&self) -> usize {
        self.lines.values().map(|line| line.lost.len()).sum()
    }

    pub(crate) fn is_clean(&self) -> bool {
        self.leaks() == 0 && self.lost() == 0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row = "-".repeat(76);
        writeln!(
            f,
            "{:<18}{:<22}{:>9}{:>9}{:>12}{:>6}",
            "group", "policy", "places", "leaks", "survivors", "lost"
        )?;
        writeln!(f, "{row}")?;
        for ((group, policy), line) in &self.lines {
            let (survivors, lost) = (line.survivors.len(), line.lost.len());
            writeln!(
                f,
                "{group:<18}{policy:<22}{:>9}{:>9}{survivors:>12}{lost:>6}",
                line.places, line.leaks
            )?;
        }
        writeln!(f, "{row}")?;
        self.found.iter().try_for_each(|found| writeln!(f, "{found}"))?;
        writeln!(f, "{} places", self.places())?;
        write!(f, "leaks {}, survivors lost {}", self.leaks(), self.lost())
    }
}
