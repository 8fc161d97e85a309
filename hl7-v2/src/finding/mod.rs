//! What a check of a message found and where, without a value of it.

#[cfg(feature = "dictionary")]
mod collector;

#[cfg(feature = "dictionary")]
pub(crate) use collector::Collector;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use crate::ack::ErrorCode;
use crate::{Location, Severity};

/// One place where a message is not as its structure, the dictionary or a profile has it.
///
/// It holds places, codes and what the standard or the profile expects there, and no value of the message.
///
/// ```
/// use carewire_hl7_v2::{Finding, FindingKind, Severity};
///
/// let found = Finding::new(FindingKind::RequiredFieldMissing).at("PID-3".parse()?).spanning(60..75);
/// assert_eq!((found.severity(), found.code().map(|code| code.as_str())), (Severity::Error, Some("101")));
/// assert_eq!(found.to_string(), "error: required field missing in PID[1]-3 at bytes 60..75");
/// # Ok::<(), carewire_hl7_v2::PathError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    kind: FindingKind,
    severity: Severity,
    location: Option<Location>,
    span: Option<Range<usize>>,
    group: Option<String>,
    rule: Option<String>,
    expected: Option<Cow<'static, str>>,
}

impl Finding {
    /// A finding of this kind, as grave as the kind usually is, at no place yet.
    #[must_use]
    pub fn new(kind: FindingKind) -> Self {
        let severity = kind.severity();
        Self { kind, severity, location: None, span: None, group: None, rule: None, expected: None }
    }

    /// Sets the place.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }

    /// Sets the bytes of the input that it is about.
    #[must_use]
    pub fn spanning(mut self, span: Range<usize>) -> Self {
        self.span = Some(span);
        self
    }

    /// Sets the group, as in `PATIENT_RESULT[1].ORDER_OBSERVATION[2]`.
    #[must_use]
    pub fn in_group(mut self, group: impl Into<String>) -> Self {
        self.group = Some(group.into());
        self
    }

    /// Sets the id of the rule, as a profile names it.
    #[must_use]
    pub fn by_rule(mut self, rule: impl Into<String>) -> Self {
        self.rule = Some(rule.into());
        self
    }

    /// Sets what is expected at the place: a segment, a data type, a table, a count. Never a value of the message.
    #[must_use]
    pub fn expecting(mut self, expected: impl Into<Cow<'static, str>>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// Sets how grave it is.
    #[must_use]
    pub fn with_severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> FindingKind {
        self.kind
    }

    /// How grave it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// The segment, field or part of a field. `None` when it is about the whole message, or a line without a name;
    /// for something that is missing, the place where it would stand, or the segment before it.
    #[must_use]
    pub fn location(&self) -> Option<&Location> {
        self.location.as_ref()
    }

    /// The bytes of the input that it is about; empty, where something is missing.
    #[must_use]
    pub fn span(&self) -> Option<Range<usize>> {
        self.span.clone()
    }

    /// The group of the structure that the place is in, as in `PATIENT_RESULT[1].ORDER_OBSERVATION[2]`; `None` at
    /// the top level or without a structure.
    #[must_use]
    pub fn group(&self) -> Option<&str> {
        self.group.as_deref()
    }

    /// The id of the rule, as a profile names it.
    #[must_use]
    pub fn rule(&self) -> Option<&str> {
        self.rule.as_deref()
    }

    /// What is expected at the place: the name of a segment, a data type, a table, a count.
    #[must_use]
    pub fn expected(&self) -> Option<&str> {
        self.expected.as_deref()
    }

    /// The code of table 0357 for it, where one fits.
    #[must_use]
    pub fn code(&self) -> Option<ErrorCode> {
        self.kind.code()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.severity, self.kind)?;
        if let Some(expected) = &self.expected {
            write!(f, " ({expected})")?;
        }
        if let Some(location) = &self.location {
            write!(f, " in {location}")?;
        }
        if let Some(group) = &self.group {
            write!(f, " of {group}")?;
        }
        if let Some(span) = &self.span {
            write!(f, " at bytes {}..{}", span.start, span.end)?;
        }
        self.rule.as_ref().map_or(Ok(()), |rule| write!(f, ", rule {rule}"))
    }
}

/// The kinds of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FindingKind {
    /// MSH-9 names no structure that the dictionary has.
    UnknownStructure,
    /// MSH-9.3 names another structure than that of the event in MSH-9.2.
    OtherStructure,
    /// The structure demands a segment that is not there.
    MissingSegment,
    /// The structure demands a group that is not there.
    MissingGroup,
    /// The structure has the segment, but not at this place.
    MisplacedSegment,
    /// The structure does not have the segment at all; a receiver has to ignore it.
    UnexpectedSegment,
    /// The segment is there more often than the structure allows.
    RepeatedSegment,
    /// The group is there more often than the structure allows.
    RepeatedGroup,
    /// The dictionary does not have the segment.
    UnknownSegment,
    /// A line that does not begin with a segment id.
    UnnamedSegment,
    /// Fields behind the last one that the version defines; a receiver has to ignore them.
    ExtraField,
    /// Components behind the last one that the data type defines; a receiver has to ignore them.
    ExtraComponent,
    /// Subcomponents behind the last one that the data type defines; a receiver has to ignore them.
    ExtraSubcomponent,
    /// A required field is absent or empty.
    RequiredFieldMissing,
    /// A required component or subcomponent of a value is absent or empty.
    RequiredComponentMissing,
    /// A required field or component is the explicit null `""`.
    RequiredIsNull,
    /// A field or component that has to stay empty has a value.
    NotAllowed,
    /// A field or component that the version keeps for older systems only has a value.
    BackwardCompatible,
    /// A field or component that the version has withdrawn has a value.
    Withdrawn,
    /// Fewer repetitions than demanded.
    TooFewRepetitions,
    /// More repetitions than allowed; a receiver has to ignore the others.
    TooManyRepetitions,
    /// The value is not of its data type.
    DataType,
    /// OBX-2 or its like names a data type that the version does not have.
    UnknownDataType,
    /// The value is longer than allowed.
    TooLong,
    /// The value is shorter than demanded.
    TooShort,
    /// The code is not in its table or value set.
    NotInTable,
    /// The value is not the one, or not of the pattern, that the profile demands.
    OtherValue,
    /// A rule of the profile does not hold: a conformance statement, predicate or co-constraint.
    RuleBroken,
    /// A rule or table that is not evaluated here, so that nothing is said about it.
    NotChecked,
    /// There is more from here on, not listed one by one.
    More,
}

impl FindingKind {
    /// How grave a finding of this kind usually is.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self {
            Self::UnexpectedSegment
            | Self::ExtraField
            | Self::ExtraComponent
            | Self::ExtraSubcomponent
            | Self::TooManyRepetitions
            | Self::RequiredIsNull
            | Self::TooLong
            | Self::UnknownSegment
            | Self::UnnamedSegment
            | Self::UnknownStructure
            | Self::OtherStructure
            | Self::More => Severity::Warning,
            Self::BackwardCompatible | Self::Withdrawn | Self::NotChecked => Severity::Information,
            _ => Severity::Error,
        }
    }

    /// The code of table 0357 for it, where one fits.
    #[must_use]
    pub fn code(self) -> Option<ErrorCode> {
        match self {
            Self::UnknownStructure => Some(ErrorCode::UnsupportedMessageType),
            Self::MissingSegment
            | Self::MissingGroup
            | Self::MisplacedSegment
            | Self::UnexpectedSegment
            | Self::RepeatedSegment
            | Self::RepeatedGroup
            | Self::UnknownSegment
            | Self::UnnamedSegment => Some(ErrorCode::SegmentSequenceError),
            Self::RequiredFieldMissing | Self::RequiredComponentMissing | Self::RequiredIsNull => {
                Some(ErrorCode::RequiredFieldMissing)
            }
            Self::DataType | Self::TooShort => Some(ErrorCode::DataTypeError),
            Self::NotInTable | Self::UnknownDataType => Some(ErrorCode::TableValueNotFound),
            Self::TooLong => Some(ErrorCode::ValueTooLong),
            Self::TooFewRepetitions | Self::TooManyRepetitions => Some(ErrorCode::NonConformantCardinality),
            Self::NotAllowed | Self::OtherStructure | Self::OtherValue | Self::RuleBroken => {
                Some(ErrorCode::OtherHl7Error)
            }
            _ => None,
        }
    }
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownStructure => "unknown message structure",
            Self::OtherStructure => "structure of another event",
            Self::MissingSegment => "required segment missing",
            Self::MissingGroup => "required group missing",
            Self::MisplacedSegment => "segment out of place",
            Self::UnexpectedSegment => "segment not of this structure",
            Self::RepeatedSegment => "segment repeated too often",
            Self::RepeatedGroup => "group repeated too often",
            Self::UnknownSegment => "unknown segment",
            Self::UnnamedSegment => "line without a segment id",
            Self::ExtraField => "field behind the last one defined",
            Self::ExtraComponent => "component behind the last one defined",
            Self::ExtraSubcomponent => "subcomponent behind the last one defined",
            Self::RequiredFieldMissing => "required field missing",
            Self::RequiredComponentMissing => "required component missing",
            Self::RequiredIsNull => "required value is the explicit null",
            Self::NotAllowed => "value not allowed here",
            Self::BackwardCompatible => "kept for backward compatibility only",
            Self::Withdrawn => "withdrawn in this version",
            Self::TooFewRepetitions => "too few repetitions",
            Self::TooManyRepetitions => "too many repetitions",
            Self::DataType => "value not of its data type",
            Self::UnknownDataType => "unknown data type",
            Self::TooLong => "value too long",
            Self::TooShort => "value too short",
            Self::NotInTable => "code not in its table",
            Self::OtherValue => "not the value demanded",
            Self::RuleBroken => "rule broken",
            Self::NotChecked => "not checked",
            Self::More => "more findings, not listed",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_names_place_group_bytes_and_rule() {
        let found = Finding::new(FindingKind::NotInTable)
            .at("OBX[3]-8".parse().unwrap())
            .in_group("PATIENT_RESULT[1].ORDER_OBSERVATION[2]")
            .expecting("table 0078")
            .by_rule("LAB-7")
            .with_severity(Severity::Warning)
            .spanning(20..22);
        let shown = "warning: code not in its table (table 0078) in OBX[3]-8 \
            of PATIENT_RESULT[1].ORDER_OBSERVATION[2] at bytes 20..22, rule LAB-7";
        assert_eq!(found.to_string(), shown);
    }
}
