//! The outcome of a suite, and its three forms.

use std::fmt::{self, Write as _};
use std::time::Duration;

use serde_json::{Value, json};

use crate::quirk::{Finding, Level, Quirk, Verdict};

/// What one quirk led to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    /// What was tried.
    pub quirk: Quirk,
    /// What the endpoint did, as codes, counts and classes of bytes: never a byte of a payload.
    pub observed: String,
    /// The verdict.
    pub verdict: Verdict,
    /// How long it took.
    pub took: Duration,
}

impl Row {
    /// Where the standard leaves a choice, nothing fails.
    pub(crate) fn new(quirk: Quirk, finding: Finding, took: Duration) -> Self {
        let verdict = match (quirk.level, finding.verdict) {
            (Level::Informative, Verdict::Fail) => Verdict::Tolerable,
            (_, verdict) => verdict,
        };
        Self { quirk, observed: finding.observed, verdict, took }
    }
}

/// What a suite found. `Display` is the table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// `server` or `client`: what was tested.
    pub side: &'static str,
    /// Where it was reached, or where the suite listened.
    pub endpoint: String,
    /// One row for each quirk that was tried.
    pub rows: Vec<Row>,
}

impl Report {
    /// Whether no required quirk failed.
    #[must_use]
    pub fn passed(&self) -> bool {
        !self.rows.iter().any(|row| row.quirk.level == Level::Required && row.verdict == Verdict::Fail)
    }

    /// The ids of the rows with this verdict.
    #[must_use]
    pub fn with_verdict(&self, verdict: Verdict) -> Vec<&'static str> {
        self.rows.iter().filter(|row| row.verdict == verdict).map(|row| row.quirk.id).collect()
    }

    /// How many rows of this level have this verdict.
    #[must_use]
    pub fn count(&self, level: Level, verdict: Verdict) -> usize {
        self.rows.iter().filter(|row| row.quirk.level == level && row.verdict == verdict).count()
    }

    /// For programs.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let row = |row: &Row| {
            json!({"id": row.quirk.id, "level": row.quirk.level.as_str(), "does": row.quirk.does,
                "expects": row.quirk.expects, "source": row.quirk.source, "observed": row.observed,
                "verdict": row.verdict.as_str(), "milliseconds": row.took.as_millis() as u64})
        };
        json!({"side": self.side, "endpoint": self.endpoint, "passed": self.passed(),
            "rows": self.rows.iter().map(row).collect::<Vec<_>>()})
    }

    /// For issues and wikis.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text =
            format!("| {} | level | what is done | a good {} | observed | verdict |\n", "id", self.side);
        text.push_str("|---|---|---|---|---|---|\n");
        for row in &self.rows {
            let quirk = &row.quirk;
            let verdict = match row.verdict {
                Verdict::Fail => "**FAIL**".to_owned(),
                verdict => verdict.to_string(),
            };
            let cells = [quirk.id, quirk.level.as_str(), quirk.does, quirk.expects, &row.observed, &verdict];
            let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
            // Writing to a String cannot fail.
            let _ = writeln!(text, "| {} |", cells.join(" | "));
        }
        let _ = writeln!(text, "\n{}", self.summary());
        text
    }

    /// One line: how many of each verdict, and whether a required quirk failed.
    #[must_use]
    pub fn summary(&self) -> String {
        let verdicts = [Verdict::Ok, Verdict::Tolerable, Verdict::Fail, Verdict::NotApplicable];
        let counts = verdicts.map(|verdict| format!("{} {verdict}", self.with_verdict(verdict).len()));
        let end = match self.count(Level::Required, Verdict::Fail) {
            0 => "no required quirk failed".to_owned(),
            failed => format!("{failed} required FAIL"),
        };
        format!("{}: {}; {end}", self.rows.len(), counts.join(", "))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |of: fn(&Row) -> usize| self.rows.iter().map(of).max().unwrap_or(0);
        let id = width(|row| row.quirk.id.len());
        let observed = width(|row| row.observed.chars().count());
        writeln!(f, "{} at {}\n", self.side, self.endpoint)?;
        writeln!(
            f,
            "{:<id$}  {:<11}  {:<9}  {:<observed$}  a good one",
            "id", "level", "verdict", "observed"
        )?;
        for row in &self.rows {
            let Row { quirk, verdict, .. } = row;
            let (level, seen, good) = (quirk.level, &row.observed, quirk.expects);
            writeln!(f, "{:<id$}  {level:<11}  {verdict:<9}  {seen:<observed$}  {good}", quirk.id)?;
        }
        writeln!(f, "\n{}", self.summary())?;
        for row in self.rows.iter().filter(|row| row.verdict == Verdict::Fail) {
            writeln!(
                f,
                "FAIL {}: {} Known from: {}",
                row.quirk.id,
                sentence(row.quirk.does),
                row.quirk.source
            )?;
        }
        Ok(())
    }
}

fn sentence(text: &str) -> String {
    format!("{}.", text.trim_end_matches('.'))
}
