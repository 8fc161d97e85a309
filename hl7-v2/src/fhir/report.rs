//! What a mapping says besides its Bundle. Everything here holds places and codes of ours, never content.

use super::row::RowText;
use crate::Location;

/// How bad an issue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Severity {
    /// Nothing is lost.
    Information,
    /// Something was kept in another form, or one of several values was left out.
    Warning,
    /// Something could not be mapped.
    Error,
}

/// Something that the reader of a Bundle should know about the message behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Issue {
    /// Where in the message.
    pub at: Location,
    /// What it is.
    pub reason: Reason,
}

impl Issue {
    pub(crate) fn new(at: Location, reason: Reason) -> Self {
        Self { at, reason }
    }

    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.reason.severity()
    }
}

impl std::fmt::Display for Issue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.at, self.reason)
    }
}

/// What an [`Issue`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The code is not in the map of this table; it is kept as it came.
    UnknownCode(&'static str),
    /// The coding system has no address that we know; one was made from its name.
    UnknownCodeSystem,
    /// The text is not a date or time.
    NotADate,
    /// The time has no zone, and none is known for the message: only the day was kept.
    NoZone,
    /// FHIR cannot hold an hour without minutes: only the day was kept.
    OnlyTheDay,
    /// The element holds a moment, and this is only a day.
    NotAMoment,
    /// The period ends before it starts; the end was left out.
    EndsBeforeStart,
    /// The text is not a number.
    NotANumber,
    /// The text is not a whole number above zero.
    NotACount,
    /// The text is not base64 or hexadecimal, as the message says it is.
    NotEncoded,
    /// The element holds one value, and it has one already; this one was left out.
    OnlyOneFits,
    /// The text is not a code, as FHIR knows codes; it was kept as text.
    NotACode,
    /// OBX-2 names a type that OBX-5 cannot be mapped from.
    UnknownValueType,
    /// The resource was left out: FHIR demands this element, and the message does not say it.
    Missing(&'static str),
    /// FHIR demands this element and the message does not say it: the element says that it is unknown.
    Unstated(&'static str),
    /// An organisation has an address or number of the kind that homes have: it was kept without the kind.
    HomeOfAnOrganization,
    /// The same organisation, person or place is described in two ways; the first was kept.
    Contradiction,
    /// Two resources of the message had the same identity; the second got one of its own.
    SharedIdentity,
    /// MRG names the patient of PID itself: nothing was merged.
    MergedWithItself,
    /// Nothing lasting identifies the resource: its identity is bound to this message.
    BoundToMessage,
}

impl Reason {
    /// How bad it is.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self {
            Self::Unstated(_) | Self::BoundToMessage => Severity::Information,
            Self::NotADate
            | Self::NotAMoment
            | Self::NotANumber
            | Self::NotACount
            | Self::NotEncoded
            | Self::UnknownValueType
            | Self::MergedWithItself
            | Self::Missing(_) => Severity::Error,
            _ => Severity::Warning,
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::UnknownCode(table) => {
                return write!(f, "code not in the map of table {table}: kept as it came");
            }
            Self::UnknownCodeSystem => "coding system without a known address: named after the org",
            Self::NotADate => "not a date or time",
            Self::NoZone => "time without a zone: only the day was kept",
            Self::OnlyTheDay => "hour without minutes: only the day was kept",
            Self::NotAMoment => "a day where a moment is needed",
            Self::EndsBeforeStart => "ends before it starts: the end was left out",
            Self::NotANumber => "not a number",
            Self::NotACount => "not a whole number above zero",
            Self::NotEncoded => "not encoded as the message says",
            Self::OnlyOneFits => "only one value fits: this one was left out",
            Self::NotACode => "not a code: kept as text",
            Self::UnknownValueType => "value type without a map",
            Self::Missing(element) => return write!(f, "resource left out: no value for `{element}`"),
            Self::Unstated(element) => return write!(f, "no value for `{element}`: stated as unknown"),
            Self::HomeOfAnOrganization => "an organisation has no home: kept without the use",
            Self::Contradiction => "described in two ways: the first was kept",
            Self::SharedIdentity => "identity shared with another resource: a derived one was added",
            Self::MergedWithItself => "merged with itself: nothing was merged",
            Self::BoundToMessage => "no lasting identity: bound to this message",
        })
    }
}

/// A field with content that no row of the map read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Unmapped {
    /// The field, or the segment when none of its fields was read.
    pub at: Location,
    /// Why.
    pub reason: &'static str,
}

/// From which place, and by which row, an element of the Bundle came.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Trace {
    /// The element: `Patient.name[0].family`.
    pub path: String,
    /// The position of the resource's entry in the Bundle, from zero.
    pub entry: usize,
    /// The place that it was read from: the component where that can be told, else the repetition.
    pub source: Location,
    /// The row that put it there.
    pub row: RowText,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issue_names_place_and_reason_only() {
        let issue = Issue::new("PV1-2[1]".parse().unwrap(), Reason::UnknownCode("0004"));
        assert_eq!(issue.to_string(), "PV1[1]-2[1]: code not in the map of table 0004: kept as it came");
        assert_eq!(issue.severity(), Severity::Warning);
        assert_eq!(Reason::Missing("Coverage.payor").severity(), Severity::Error);
    }
}
