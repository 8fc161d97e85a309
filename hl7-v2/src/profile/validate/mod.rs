//! Messages validated against a profile.

mod check;
mod codes;
mod compare;
mod data;
mod matching;
mod primitive;
mod query;
mod rules;
mod tables;

use crate::finding::{Finding, FindingKind};
use crate::profile::{ConformanceProfile, MessageProfile};
use crate::{Message, Severity};

/// How a message is validated against a profile.
///
/// ```
/// use carewire_hl7_v2::profile::ValidationOptions;
///
/// let options = ValidationOptions::default().for_message("ADT_A01_LAB").with_empty_reported();
/// assert_eq!(options.message.as_deref(), Some("ADT_A01_LAB"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ValidationOptions {
    /// The id of the message of the profile; without one, MSH-9 and MSH-21 decide.
    pub message: Option<String>,
    /// Report elements of usage RE that are empty, as information.
    pub report_empty: bool,
    /// Check the values of elements of usage O as others. The NIST engine does not.
    pub check_optional: bool,
    /// List at most this many findings.
    pub most_findings: usize,
}

impl ValidationOptions {
    /// Names the message of the profile.
    #[must_use]
    pub fn for_message(self, id: impl Into<String>) -> Self {
        Self { message: Some(id.into()), ..self }
    }

    /// Reports elements of usage RE that are empty.
    #[must_use]
    pub fn with_empty_reported(self) -> Self {
        Self { report_empty: true, ..self }
    }

    /// Leaves the values of elements of usage O unchecked.
    #[must_use]
    pub fn without_optional(self) -> Self {
        Self { check_optional: false, ..self }
    }

    /// Lists at most this many findings.
    #[must_use]
    pub fn with_most_findings(self, most: usize) -> Self {
        Self { most_findings: most, ..self }
    }
}

impl Default for ValidationOptions {
    /// The message by MSH-9; empty RE elements not reported; optional elements checked; 1000 findings.
    fn default() -> Self {
        Self { message: None, report_empty: false, check_optional: true, most_findings: 1_000 }
    }
}

/// What validation found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileReport {
    message: Option<String>,
    findings: Vec<Finding>,
}

impl ProfileReport {
    /// The id of the message of the profile; `None` when the profile has none for this message.
    #[must_use]
    pub fn message_id(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The findings in the order of the message.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether nothing is an error.
    #[must_use]
    pub fn is_conformant(&self) -> bool {
        self.count(Severity::Error) == 0
    }

    /// How many findings are of this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|found| found.severity() == severity).count()
    }
}

pub(super) fn validate(
    profile: &ConformanceProfile,
    message: &Message<'_>,
    options: &ValidationOptions,
) -> ProfileReport {
    let chosen = match &options.message {
        Some(id) => profile.message(id),
        None => choose(profile, message),
    };
    match chosen {
        Some(chosen) => ProfileReport {
            message: Some(chosen.id().to_owned()),
            findings: check::check(chosen, message, options),
        },
        None => ProfileReport { message: None, findings: vec![no_profile(message)] },
    }
}

/// The message of the profile with the code and event of MSH-9; of several, that with the structure of MSH-9, and of
/// several such that with the identifier in MSH-21. `None` when that leaves none or several.
fn choose<'p>(profile: &'p ConformanceProfile, message: &Message<'_>) -> Option<&'p MessageProfile> {
    let (code, event) = (message.message_code()?, message.trigger_event());
    let structure = message.structure();
    let named = |found: &&MessageProfile| {
        found.message_code() == code
            && (event.as_deref() == Some(found.trigger_event())
                || event.is_none() && matches!(found.trigger_event(), "" | "*"))
    };
    let mut candidates: Vec<_> = profile.messages().iter().filter(named).collect();
    if candidates.len() > 1 && structure.is_some() {
        candidates.retain(|found| Some(found.structure()) == structure.as_deref());
    }
    if candidates.len() > 1 {
        candidates.retain(|found| found.identifier().is_some_and(|identifier| states(message, identifier)));
    }
    match candidates.as_slice() {
        [only] => Some(only),
        _ => None,
    }
}

/// Whether MSH-21 names the profile.
fn states(message: &Message<'_>, identifier: &str) -> bool {
    let field = message.segments().next().and_then(|header| header.field(21));
    let mut names = field.into_iter().flat_map(|field| field.repetitions());
    names.any(|name| name.component(1).and_then(|name| name.value()).as_deref() == Some(identifier))
}

fn no_profile(message: &Message<'_>) -> Finding {
    let header = message.segments().next();
    let finding = finding_of(FindingKind::UnknownStructure);
    let finding = match header.and_then(|header| header.location()) {
        Some(location) => finding.at(location.at_field(9)),
        None => finding,
    };
    match header.map(|header| header.span()) {
        Some(span) => finding.spanning(span),
        None => finding,
    }
}

/// A finding as grave as breaking a profile is. The NIST engine classes lengths as warnings too.
fn finding_of(kind: FindingKind) -> Finding {
    let severity = match kind {
        FindingKind::RequiredIsNull | FindingKind::TooLong | FindingKind::TooShort | FindingKind::More => {
            Severity::Warning
        }
        FindingKind::BackwardCompatible | FindingKind::NotChecked => Severity::Information,
        _ => Severity::Error,
    };
    Finding::new(kind).with_severity(severity)
}
