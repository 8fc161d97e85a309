//! What checks found, printed.

use carewire_hl7_v2::{Diagnostic, Finding, Severity};
use serde_json::{Value, json};

use super::place::{at, bytes};

/// A finding of the parser or of a check.
pub(crate) enum Found<'f> {
    Notation(&'f Diagnostic),
    Content(&'f Finding),
}

impl Found<'_> {
    /// What the parser reports was read all the same.
    pub(crate) fn severity(&self) -> Severity {
        match self {
            Self::Notation(_) => Severity::Warning,
            Self::Content(finding) => finding.severity(),
        }
    }

    pub(crate) fn text(&self) -> String {
        match self {
            Self::Notation(diagnostic) => format!("warning: {diagnostic}"),
            Self::Content(finding) => finding.to_string(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        match self {
            Self::Notation(found) => json!({
                "severity": "warning",
                "kind": found.kind().to_string(),
                "at": at(found.location()),
                "bytes": bytes(&found.span()),
            }),
            Self::Content(found) => json!({
                "severity": found.severity().to_string(),
                "kind": found.kind().to_string(),
                "at": at(found.location()),
                "bytes": found.span().as_ref().map(bytes),
                "group": found.group(),
                "expected": found.expected(),
                "rule": found.rule(),
                "code": found.code().map(|code| code.as_str()),
            }),
        }
    }
}
