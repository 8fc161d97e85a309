//! What a profile says about messages, segments and data types.

use std::fmt;
use std::sync::Arc;

use super::co_constraint::CoConstraints;
use super::context::Context;
use super::slicing::{FieldSlicing, SegmentSlicing};
use crate::SegmentId;

/// Whether an element has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Usage {
    /// R: has to have a value.
    Required,
    /// RE: has to have a value where the sender knows one.
    RequiredOrEmpty,
    /// C, C(a/b): a predicate says which usage applies.
    Conditional,
    /// CE: conditional, and may be empty.
    ConditionalOrEmpty,
    /// O: not constrained.
    Optional,
    /// X: has to be empty.
    NotSupported,
    /// W: withdrawn, has to be empty.
    Withdrawn,
    /// B: kept for backward compatibility.
    BackwardCompatible,
    /// IX: may be there, and is ignored.
    Ignored,
}

impl Usage {
    /// Reads `R`, `RE`, `C`, `C(R/X)`, `CE`, `O`, `X`, `W`, `B` or `IX`.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Some(match code {
            "R" => Self::Required,
            "RE" => Self::RequiredOrEmpty,
            "C" => Self::Conditional,
            "CE" => Self::ConditionalOrEmpty,
            "O" => Self::Optional,
            "X" => Self::NotSupported,
            "W" => Self::Withdrawn,
            "B" => Self::BackwardCompatible,
            "IX" => Self::Ignored,
            _ => {
                let (when_true, when_false) = code.strip_prefix("C(")?.strip_suffix(')')?.split_once('/')?;
                Self::parse(when_true).and_then(|_| Self::parse(when_false))?;
                Self::Conditional
            }
        })
    }

    /// The code, as in `RE`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Required => "R",
            Self::RequiredOrEmpty => "RE",
            Self::Conditional => "C",
            Self::ConditionalOrEmpty => "CE",
            Self::Optional => "O",
            Self::NotSupported => "X",
            Self::Withdrawn => "W",
            Self::BackwardCompatible => "B",
            Self::Ignored => "IX",
        }
    }

    /// Whether the element has to stay empty.
    pub(super) fn forbids(self) -> bool {
        matches!(self, Self::NotSupported | Self::Withdrawn)
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// From how many to how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Range {
    /// At least this many.
    pub min: usize,
    /// At most this many; `None` is `*`, without limit.
    pub max: Option<usize>,
}

impl Range {
    pub(super) fn is_exceeded_by(self, count: usize) -> bool {
        self.max.is_some_and(|max| count > max)
    }

    pub(super) fn includes(self, count: usize) -> bool {
        count >= self.min && !self.is_exceeded_by(count)
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.max {
            Some(max) => write!(f, "{}..{max}", self.min),
            None => write!(f, "{}..*", self.min),
        }
    }
}

/// How long a value may be, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Length {
    /// The profile states none.
    Unstated,
    /// MinLength and MaxLength.
    Range(Range),
    /// ConfLength: the length that a receiver has to keep at least.
    Conformance(usize),
}

/// One message of a profile.
#[derive(Debug)]
pub struct MessageProfile {
    pub(super) identifier: Option<String>,
    pub(super) code: String,
    pub(super) event: String,
    pub(super) structure: String,
    pub(super) root: GroupProfile,
    pub(super) co_constraints: Vec<CoConstraints>,
}

impl MessageProfile {
    /// The id in the profile.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.root.id
    }

    /// The name; the id when there is none.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.root.name
    }

    /// The identifier that a message states in MSH-21.
    #[must_use]
    pub fn identifier(&self) -> Option<&str> {
        self.identifier.as_deref()
    }

    /// The message code, MSH-9.1.
    #[must_use]
    pub fn message_code(&self) -> &str {
        &self.code
    }

    /// The trigger event, MSH-9.2.
    #[must_use]
    pub fn trigger_event(&self) -> &str {
        &self.event
    }

    /// The message structure, MSH-9.3.
    #[must_use]
    pub fn structure(&self) -> &str {
        &self.structure
    }

    /// The segments and groups in order.
    #[must_use]
    pub fn nodes(&self) -> &[ProfileNode] {
        &self.root.nodes
    }
}

/// A segment or group in a message.
#[derive(Debug)]
#[non_exhaustive]
pub enum ProfileNode {
    /// A segment.
    Segment(SegmentReference),
    /// A group.
    Group(Box<GroupProfile>),
}

impl ProfileNode {
    /// The usage.
    #[must_use]
    pub fn usage(&self) -> Usage {
        match self {
            Self::Segment(segment) => segment.usage,
            Self::Group(group) => group.usage,
        }
    }

    /// How often.
    #[must_use]
    pub fn cardinality(&self) -> Range {
        match self {
            Self::Segment(segment) => segment.cardinality,
            Self::Group(group) => group.cardinality,
        }
    }

    /// The name of the segment or group.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Segment(segment) => segment.segment.name(),
            Self::Group(group) => group.name(),
        }
    }
}

/// A segment at its place in a message.
#[derive(Debug)]
pub struct SegmentReference {
    pub(super) segment: Arc<SegmentProfile>,
    pub(super) usage: Usage,
    pub(super) cardinality: Range,
}

impl SegmentReference {
    /// The segment.
    #[must_use]
    pub fn segment(&self) -> &SegmentProfile {
        &self.segment
    }
}

/// A group of segments.
#[derive(Debug)]
pub struct GroupProfile {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) usage: Usage,
    pub(super) cardinality: Range,
    pub(super) nodes: Vec<ProfileNode>,
    pub(super) slicings: Vec<SegmentSlicing>,
    /// The segments in it at any depth, sorted.
    pub(super) segments: Vec<SegmentId>,
    pub(super) context: Context,
}

impl GroupProfile {
    /// The id in the profile.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The name, as in `PATIENT_RESULT`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The segments and groups in order.
    #[must_use]
    pub fn nodes(&self) -> &[ProfileNode] {
        &self.nodes
    }

    pub(super) fn has_segment(&self, id: SegmentId) -> bool {
        self.segments.binary_search(&id).is_ok()
    }
}

/// A segment as the profile has it. There can be several of one name.
#[derive(Debug)]
pub struct SegmentProfile {
    pub(super) id: String,
    pub(super) segment: SegmentId,
    pub(super) fields: Vec<ElementProfile>,
    pub(super) mappings: Vec<DynamicMapping>,
    pub(super) slicings: Vec<FieldSlicing>,
    pub(super) context: Context,
}

impl SegmentProfile {
    /// The id in the profile, as in `PID_LAB`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The name, as in `PID`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.segment.as_str()
    }

    /// The fields in order.
    #[must_use]
    pub fn fields(&self) -> &[ElementProfile] {
        &self.fields
    }
}

/// A data type as the profile has it. There can be several of one name.
#[derive(Debug)]
pub struct DatatypeProfile {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) primitive: Primitive,
    pub(super) components: Vec<ElementProfile>,
    pub(super) context: Context,
}

impl DatatypeProfile {
    /// The id in the profile, as in `CX_LAB`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The name, as in `CX`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The components in order; none of a primitive data type.
    #[must_use]
    pub fn components(&self) -> &[ElementProfile] {
        &self.components
    }

    pub(super) fn is_primitive(&self) -> bool {
        self.components.is_empty()
    }
}

/// How the values of a primitive data type are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Primitive {
    Text,
    Number,
    SequenceId,
    Date,
    Time,
    DateTime,
    /// Another field says what it is.
    Varies,
}

impl Primitive {
    pub(super) fn of(name: &str) -> Self {
        match name {
            "NM" => Self::Number,
            "SI" => Self::SequenceId,
            "DT" => Self::Date,
            "TM" => Self::Time,
            // TS has no components where a profile writes it as its first one.
            "DTM" | "TS" => Self::DateTime,
            _ if name.eq_ignore_ascii_case("varies") || name == "-" => Self::Varies,
            _ => Self::Text,
        }
    }
}

/// A field or component.
#[derive(Debug)]
pub struct ElementProfile {
    pub(super) name: String,
    pub(super) usage: Usage,
    pub(super) cardinality: Option<Range>,
    pub(super) length: Length,
    pub(super) datatype: Arc<DatatypeProfile>,
    pub(super) constant: Option<String>,
}

impl ElementProfile {
    /// The name, as in `Patient Identifier List`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The usage.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.usage
    }

    /// How often, for a field.
    #[must_use]
    pub fn cardinality(&self) -> Option<Range> {
        self.cardinality
    }

    /// How long.
    #[must_use]
    pub fn length(&self) -> Length {
        self.length
    }

    /// The data type.
    #[must_use]
    pub fn datatype(&self) -> &DatatypeProfile {
        &self.datatype
    }

    /// The only value that it may have.
    #[must_use]
    pub fn constant(&self) -> Option<&str> {
        self.constant.as_deref()
    }
}

/// Which data type a field has, by the value of another: OBX-5 by OBX-2.
#[derive(Debug)]
pub(super) struct DynamicMapping {
    pub(super) field: usize,
    /// The first and second place that decide; a field and perhaps a component.
    pub(super) references: [Option<(usize, Option<usize>)>; 2],
    pub(super) cases: Vec<MappingCase>,
}

#[derive(Debug)]
pub(super) struct MappingCase {
    pub(super) values: [Option<String>; 2],
    pub(super) datatype: Arc<DatatypeProfile>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usages_are_read_and_written() {
        for code in ["R", "RE", "C", "CE", "O", "X", "W", "B", "IX"] {
            assert_eq!(Usage::parse(code).map(Usage::as_str), Some(code));
        }
        assert_eq!(Usage::parse("C(R/RE)"), Some(Usage::Conditional));
        for bad in ["", "r", "C(R)", "C(R/Q)", "C(/)"] {
            assert_eq!(Usage::parse(bad), None, "{bad}");
        }
    }
}
