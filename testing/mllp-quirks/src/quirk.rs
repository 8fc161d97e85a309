//! What is tried, and how its outcome is judged.

use std::fmt;

/// One thing that peers do, and what a good endpoint does about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Quirk {
    /// Its name in tables and in `--only`.
    pub id: &'static str,
    /// What the suite does.
    pub does: &'static str,
    /// What a good endpoint does.
    pub expects: &'static str,
    /// How much depends on it.
    pub level: Level,
    /// The text of the standard, or the failure that became known.
    pub source: &'static str,
}

impl Quirk {
    pub(crate) const fn new(
        level: Level,
        id: &'static str,
        does: &'static str,
        expects: &'static str,
        source: &'static str,
    ) -> Self {
        Self { id, does, expects, level, source }
    }
}

/// How much depends on a quirk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(clippy::exhaustive_enums, reason = "the three are all that a table can mean")]
pub enum Level {
    /// Otherwise messages are lost, or an answer is taken for another message's.
    Required,
    /// Otherwise peers that exist cannot be connected, or a person has to step in.
    Recommended,
    /// The standard leaves a choice: what was chosen is told, and nothing fails.
    Informative,
}

impl Level {
    /// The name in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Recommended => "recommended",
            Self::Informative => "informative",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What an endpoint made of a quirk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the four are all that a table can mean")]
pub enum Verdict {
    /// As a good endpoint does.
    Ok,
    /// Not as wished, but nobody is deceived: the other side learns that its message was not taken.
    Tolerable,
    /// A message is lost, doubled or taken for another one, or the other side waits in vain.
    Fail,
    /// Cannot be tried here.
    NotApplicable,
}

impl Verdict {
    /// The name in tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Tolerable => "tolerable",
            Self::Fail => "FAIL",
            Self::NotApplicable => "n/a",
        }
    }

    /// The worse of two.
    pub(crate) fn and(self, other: Self) -> Self {
        let rank = |verdict| match verdict {
            Self::NotApplicable => 0,
            Self::Ok => 1,
            Self::Tolerable => 2,
            Self::Fail => 3,
        };
        if rank(other) > rank(self) { other } else { self }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What was observed, and the verdict on it. Says codes, counts and classes of bytes, and no byte of a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) verdict: Verdict,
    pub(crate) observed: String,
}

impl Finding {
    pub(crate) fn new(verdict: Verdict, observed: impl Into<String>) -> Self {
        Self { verdict, observed: observed.into() }
    }

    pub(crate) fn ok(observed: impl Into<String>) -> Self {
        Self::new(Verdict::Ok, observed)
    }

    pub(crate) fn tolerable(observed: impl Into<String>) -> Self {
        Self::new(Verdict::Tolerable, observed)
    }

    pub(crate) fn fail(observed: impl Into<String>) -> Self {
        Self::new(Verdict::Fail, observed)
    }

    pub(crate) fn not_applicable(why: impl Into<String>) -> Self {
        Self::new(Verdict::NotApplicable, why)
    }
}

/// A table in Markdown of quirks: what is done, what a good endpoint does, and where it is known from.
pub fn to_markdown(quirks: impl Iterator<Item = Quirk>) -> String {
    let mut text =
        "| id | level | what is done | a good endpoint | known from |\n|---|---|---|---|---|\n".to_owned();
    for quirk in quirks {
        let cells = [quirk.id, quirk.level.as_str(), quirk.does, quirk.expects, quirk.source];
        text.push_str(&format!("| {} |\n", cells.map(|cell| cell.replace('|', "\\|")).join(" | ")));
    }
    text
}
