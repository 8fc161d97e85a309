//! The disagreements, counted by class and by reason.

use std::collections::BTreeMap;
use std::fmt;

use crate::explained::{Disagreement, Only};
use crate::fault::Fault;
use crate::judges::{Judge, Verdicts};
use crate::units::Unit;

#[derive(Default)]
struct Row {
    faults: usize,
    example: String,
}

/// What we say and what one other validator says of the same resources.
pub(crate) struct Table {
    what: String,
    peer: Judge,
    /// By who says it, its class, and the reason why the other does not.
    rows: BTreeMap<(Only, String, Option<&'static str>), Row>,
    judged: usize,
    same: usize,
    /// The types of resources that the other validator does not judge, and how many resources those are.
    not_judged: BTreeMap<String, usize>,
}

impl Table {
    pub(crate) fn new(what: &str, peer: Judge, units: &[Unit], ours: &Verdicts, theirs: &Verdicts) -> Self {
        let (rows, not_judged) = Default::default();
        let mut table = Self { what: what.to_owned(), peer, rows, judged: 0, same: 0, not_judged };
        for ((unit, ours), theirs) in units.iter().zip(ours).zip(theirs) {
            match (ours, theirs) {
                (Some(ours), Some(theirs)) => table.add(unit, ours, theirs),
                _ => *table.not_judged.entry(unit.resource_type.clone()).or_default() += 1,
            }
        }
        table
    }

    fn add(&mut self, unit: &Unit, ours: &[Fault], theirs: &[Fault]) {
        self.judged += 1;
        self.same += usize::from(ours.is_empty() == theirs.is_empty());
        for (only, faults, others) in [(Only::Ours, ours, theirs), (Only::Theirs, theirs, ours)] {
            for fault in faults.iter().filter(|fault| !others.iter().any(|other| fault.meets(other))) {
                let why = Disagreement { peer: self.peer, only, fault, ours, theirs, unit }.why();
                let row = self.rows.entry((only, fault.class.clone(), why)).or_default();
                row.faults += 1;
                if row.example.is_empty() {
                    row.example = format!("{} ({})", fault.shown(), unit.name);
                }
            }
        }
    }

    /// How many resources both judged.
    pub(crate) fn judged(&self) -> usize {
        self.judged
    }

    /// How many resources the other did not judge.
    pub(crate) fn not_judged(&self) -> usize {
        self.not_judged.values().sum()
    }

    /// The disagreements that nobody has explained.
    pub(crate) fn unexplained(&self) -> Vec<String> {
        let open = self.rows.iter().filter(|((_, _, why), _)| why.is_none());
        open.map(|((only, class, _), row)| {
            format!("{:?} {only:?} {class} x{}: {}", self.peer, row.faults, row.example)
        })
        .collect()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, peer, judged, same, .. } = self;
        writeln!(f, "{what}: the same verdict as {peer:?} on {same} of {judged} resources")?;
        if !self.not_judged.is_empty() {
            let types: Vec<_> =
                self.not_judged.iter().map(|(name, count)| format!("{name} ({count})")).collect();
            writeln!(f, "{what}: not judged by {peer:?}: {}", types.join(", "))?;
        }
        for ((only, class, why), row) in &self.rows {
            let who = match only {
                Only::Ours => format!("we and not {peer:?}"),
                Only::Theirs => format!("{peer:?} and not we"),
            };
            let why = why.unwrap_or("NOT EXPLAINED");
            writeln!(f, "{:6} {who}: {class}\n         {why}; {}", row.faults, row.example)?;
        }
        Ok(())
    }
}
