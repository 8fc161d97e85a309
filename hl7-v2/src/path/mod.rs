//! Paths: the addresses of one place or of many, in a message or in a group of it.

mod cursor;
#[cfg(feature = "dictionary")]
mod grouped;
mod leaves;
#[cfg(feature = "dictionary")]
mod outline;
mod split;
mod values;

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

pub(crate) use cursor::Cursor;
#[cfg(feature = "dictionary")]
pub use grouped::Grouped;
pub(crate) use leaves::Parts;
pub use leaves::{Leaf, Leaves};
#[cfg(feature = "dictionary")]
pub(crate) use outline::Outline;
pub(crate) use split::Split;
pub use values::{SegmentValues, Values};

use crate::{Location, PathError, Segment, SegmentId};

/// The address of a place, of the same place in several segments or repetitions, or of a group of segments.
///
/// | path | names |
/// |---|---|
/// | `PID-3[2].4.1`, `PID.3(2).4.1`, `PID-3[2]-4-1` | subcomponent 1 of component 4 of the second repetition of PID-3 |
/// | `OBX(3)-5` | OBX-5 of the third OBX of the message |
/// | `OBX(*)-5` | OBX-5 of every OBX |
/// | `PID-3[*].1` | component 1 of every repetition of PID-3 |
/// | `PID` | the segment |
/// | `PATIENT_RESULT.ORDER_OBSERVATION(2).OBX(1)-5` | OBX-5 of the first OBX of the second order group |
/// | `PATIENT_RESULT.ORDER_OBSERVATION(2)` | that group |
///
/// All positions count from 1, unlike those of HAPI's Terser. A segment or group without a number is the first; a
/// field without a repetition is the first one where one value is read or set, and all of the field where it is
/// removed or written raw. `/` may stand for the `.` between groups and, as `/` or `/.`, in front of the path,
/// where it changes nothing: a path without groups always counts through the whole message. At the end of a path,
/// a name of three characters is a segment, also where a structure has a group of that name.
///
/// Written with all numbers and in one notation; what is written reads back as the same path:
///
/// ```
/// use carewire_hl7_v2::Path;
///
/// let path: Path = "/PATIENT_RESULT/ORDER_OBSERVATION(2)/OBX(*)-5".parse()?;
/// assert_eq!(path.to_string(), "PATIENT_RESULT[1].ORDER_OBSERVATION[2].OBX[*]-5");
/// assert_eq!(path.groups().len(), 2);
/// assert_eq!(path.location(), None);
/// let place: Path = "PID.3".parse()?;
/// assert_eq!(place.location(), Some("PID-3".parse()?));
/// # Ok::<(), carewire_hl7_v2::PathError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Path {
    groups: Vec<GroupStep>,
    target: Option<Target>,
}

impl Path {
    /// The groups that lead to the place, from the outermost; none of a path that counts through the message.
    #[must_use]
    pub fn groups(&self) -> &[GroupStep] {
        &self.groups
    }

    /// The name of the segment; `None` of a path to a group.
    #[must_use]
    pub fn segment(&self) -> Option<SegmentId> {
        self.target.map(|target| target.segment)
    }

    /// Which of the segments of that name; `None` of a path to a group.
    #[must_use]
    pub fn occurrence(&self) -> Option<Index> {
        self.target.map(|target| target.occurrence)
    }

    /// The field, from 1.
    #[must_use]
    pub fn field(&self) -> Option<usize> {
        self.target?.field
    }

    /// The repetition of the field.
    #[must_use]
    pub fn repetition(&self) -> Option<Index> {
        self.target?.repetition
    }

    /// The component, from 1.
    #[must_use]
    pub fn component(&self) -> Option<usize> {
        self.target?.component
    }

    /// The subcomponent, from 1.
    #[must_use]
    pub fn subcomponent(&self) -> Option<usize> {
        self.target?.subcomponent
    }

    /// The one place that it names; `None` of a path with groups or with `*`.
    #[must_use]
    pub fn location(&self) -> Option<Location> {
        self.flat().ok()?.location()
    }

    /// The address inside the message as a whole, which a path with groups is not.
    pub(crate) fn flat(&self) -> Result<Target, PathError> {
        match self.target {
            Some(target) if self.groups.is_empty() => Ok(target),
            _ => Err(PathError::Group),
        }
    }

    /// Whether `*` is in it.
    #[cfg(feature = "dictionary")]
    pub(crate) fn names_several(&self) -> bool {
        let tail = [self.occurrence(), self.repetition()].into_iter().flatten();
        tail.chain(self.groups.iter().map(GroupStep::occurrence)).any(|index| index == Index::Every)
    }

    /// The groups that lead to the group that it names. A name of three characters is that of a group here.
    #[cfg(feature = "dictionary")]
    pub(crate) fn into_steps(self) -> Result<Vec<GroupStep>, PathError> {
        let mut steps = self.groups;
        if let Some(target) = self.target {
            if target.field.is_some() {
                return Err(PathError::NotAGroup);
            }
            steps.push(GroupStep { name: target.segment.to_string(), occurrence: target.occurrence });
        }
        Ok(steps)
    }

    /// The one place that it names.
    pub(crate) fn place(&self) -> Result<Location, PathError> {
        self.flat()?.location().ok_or(PathError::Every)
    }
}

/// A group of segments in a path, as in `ORDER_OBSERVATION(2)`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GroupStep {
    name: String,
    occurrence: Index,
}

impl GroupStep {
    /// The name of the group, as written in the path.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Which of the groups of that name.
    #[must_use]
    pub fn occurrence(&self) -> Index {
        self.occurrence
    }
}

/// Which of several of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "one or all: there is no third, and callers match both")]
pub enum Index {
    /// The one with this number, from 1.
    Nth(usize),
    /// Every one: `*`.
    Every,
}

impl Index {
    pub(crate) const FIRST: Self = Self::Nth(1);

    pub(crate) fn number(self) -> Option<usize> {
        match self {
            Self::Nth(number) => Some(number),
            Self::Every => None,
        }
    }

    pub(crate) fn includes(self, number: usize) -> bool {
        self.number().is_none_or(|wanted| wanted == number)
    }
}

impl fmt::Display for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nth(number) => write!(f, "{number}"),
            Self::Every => f.write_str("*"),
        }
    }
}

/// The part of a path behind the groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Target {
    pub(crate) segment: SegmentId,
    pub(crate) occurrence: Index,
    pub(crate) field: Option<usize>,
    pub(crate) repetition: Option<Index>,
    pub(crate) component: Option<usize>,
    pub(crate) subcomponent: Option<usize>,
}

impl Target {
    /// Whether it names a segment or something in it.
    pub(crate) fn names(&self, segment: Segment<'_>) -> bool {
        self.occurrence.includes(segment.occurrence())
            && segment.id().is_some_and(|id| id.matches(self.segment))
    }

    fn of_segment(segment: SegmentId, occurrence: Index) -> Self {
        Self { segment, occurrence, field: None, repetition: None, component: None, subcomponent: None }
    }

    /// The one place that it names; `None` with `*`.
    pub(crate) fn location(&self) -> Option<Location> {
        let repetition = match self.repetition {
            None => None,
            Some(index) => Some(index.number()?),
        };
        Some(self.at(self.occurrence.number()?, repetition))
    }

    /// The place in this segment and repetition.
    pub(crate) fn at(&self, occurrence: usize, repetition: Option<usize>) -> Location {
        let mut place = Location::of_segment(self.segment, occurrence);
        if let Some(field) = self.field {
            place = place.at_field(field);
        }
        if let Some(repetition) = repetition {
            place = place.at_repetition(repetition);
        }
        if let Some(component) = self.component {
            place = place.at_component(component);
        }
        match self.subcomponent {
            Some(subcomponent) => place.at_subcomponent(subcomponent),
            None => place,
        }
    }

    /// Reads what follows the name and number of a segment.
    fn read_tail(&mut self, cursor: &mut Cursor<'_>) -> Result<(), PathError> {
        self.field = cursor.separated()?;
        if self.field.is_some() {
            self.repetition = cursor.index()?;
            self.component = cursor.separated()?;
        }
        if self.component.is_some() {
            self.subcomponent = cursor.separated()?;
        }
        cursor.end()
    }
}

impl From<Location> for Target {
    fn from(place: Location) -> Self {
        Self {
            segment: place.segment(),
            occurrence: Index::Nth(place.occurrence()),
            field: place.field(),
            repetition: place.repetition().map(Index::Nth),
            component: place.component(),
            subcomponent: place.subcomponent(),
        }
    }
}

impl From<Location> for Path {
    fn from(place: Location) -> Self {
        Self { groups: Vec::new(), target: Some(place.into()) }
    }
}

impl From<&Location> for Path {
    fn from(place: &Location) -> Self {
        (*place).into()
    }
}

impl From<&Self> for Path {
    fn from(path: &Self) -> Self {
        path.clone()
    }
}

impl TryFrom<&str> for Path {
    type Error = PathError;

    fn try_from(text: &str) -> Result<Self, PathError> {
        text.parse()
    }
}

impl TryFrom<&String> for Path {
    type Error = PathError;

    fn try_from(text: &String) -> Result<Self, PathError> {
        text.parse()
    }
}

impl From<Infallible> for PathError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl FromStr for Path {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let mut cursor = Cursor::new(text);
        cursor.take(b'/');
        cursor.take(b'.');
        let mut groups = Vec::new();
        loop {
            let start = cursor.position();
            let name = cursor.name();
            let occurrence = cursor.index()?.unwrap_or(Index::FIRST);
            if cursor.enters() {
                let name = group_name(name).ok_or(PathError::SegmentId { position: start })?;
                groups.push(GroupStep { name: name.to_owned(), occurrence });
                continue;
            }
            if let Some(segment) = SegmentId::from_bytes(name) {
                let mut target = Target::of_segment(segment, occurrence);
                target.read_tail(&mut cursor)?;
                return Ok(Self { groups, target: Some(target) });
            }
            let name = group_name(name).filter(|name| name.len() > 3);
            let name = name.ok_or(PathError::SegmentId { position: start })?;
            groups.push(GroupStep { name: name.to_owned(), occurrence });
            return cursor.end().map(|()| Self { groups, target: None });
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut between = "";
        for group in &self.groups {
            write!(f, "{between}{}[{}]", group.name, group.occurrence)?;
            between = ".";
        }
        let Some(target) = &self.target else { return Ok(()) };
        write!(f, "{between}{}[{}]", target.segment, target.occurrence)?;
        let Some(field) = target.field else { return Ok(()) };
        write!(f, "-{field}")?;
        if let Some(repetition) = target.repetition {
            write!(f, "[{repetition}]")?;
        }
        let Some(component) = target.component else { return Ok(()) };
        write!(f, ".{component}")?;
        target.subcomponent.map_or(Ok(()), |subcomponent| write!(f, ".{subcomponent}"))
    }
}

/// A name of letters, digits and underscores. At the end of a path, three are a segment.
fn group_name(name: &[u8]) -> Option<&str> {
    let is_name = name.first().is_some_and(u8::is_ascii_alphabetic);
    std::str::from_utf8(name).ok().filter(|_| is_name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(path: &str) -> Result<String, PathError> {
        path.parse::<Path>().map(|path| path.to_string())
    }

    #[test]
    fn reads_the_notations_of_other_libraries() {
        for (path, canonical) in [
            ("PID", "PID[1]"),
            ("/PID", "PID[1]"),
            ("/.PID-3", "PID[1]-3"),
            (".PID-3", "PID[1]-3"),
            ("PID-3-1-2", "PID[1]-3.1.2"),
            ("PID-3(2)-1", "PID[1]-3[2].1"),
            ("OBX(*)-5", "OBX[*]-5"),
            ("OBX[*].5[*].1", "OBX[*]-5[*].1"),
            ("PID-3[*]", "PID[1]-3[*]"),
            ("PATIENT_RESULT", "PATIENT_RESULT[1]"),
            ("/PATIENT_RESULT(*)", "PATIENT_RESULT[*]"),
            (
                "PATIENT_RESULT.ORDER_OBSERVATION(2).OBX(1)-5.1",
                "PATIENT_RESULT[1].ORDER_OBSERVATION[2].OBX[1]-5.1",
            ),
            ("PSG.PSS/PID-3", "PSG[1].PSS[1].PID[1]-3"),
            (
                "/PATIENT_RESULT/ORDER_OBSERVATION[*]/OBX-5-1",
                "PATIENT_RESULT[1].ORDER_OBSERVATION[*].OBX[1]-5.1",
            ),
        ] {
            assert_eq!(written(path).as_deref(), Ok(canonical), "{path}");
        }
    }

    #[test]
    fn a_fault_is_named_with_its_position() {
        for (path, error) in [
            ("", PathError::SegmentId { position: 0 }),
            ("/", PathError::SegmentId { position: 1 }),
            ("PI", PathError::SegmentId { position: 0 }),
            ("1ID-3", PathError::SegmentId { position: 0 }),
            ("Pé-3", PathError::SegmentId { position: 0 }),
            ("PATIENT.PI", PathError::SegmentId { position: 8 }),
            ("PATIENT.", PathError::Unexpected { position: 7 }),
            ("PATIENT-3", PathError::Unexpected { position: 7 }),
            ("PATIENT.3", PathError::Unexpected { position: 7 }),
            ("PATIENT//PID", PathError::Unexpected { position: 7 }),
            ("PATIENT(0).PID", PathError::Number { position: 8 }),
            ("PID.x", PathError::SegmentId { position: 4 }),
            ("PID/3", PathError::Unexpected { position: 3 }),
            ("PID-", PathError::Number { position: 4 }),
            ("PID-0", PathError::Number { position: 4 }),
            ("PID-*", PathError::Number { position: 4 }),
            ("PID-3.*", PathError::Number { position: 6 }),
            ("OBX(0)-5", PathError::Number { position: 4 }),
            ("OBX(**)-5", PathError::Unexpected { position: 5 }),
            ("OBX(1]-5", PathError::Unexpected { position: 5 }),
            ("OBX(1)(2)-5", PathError::Unexpected { position: 6 }),
            ("PID-3[99999999999999999999999]", PathError::Number { position: 6 }),
            ("PID-3.1.1.1", PathError::Unexpected { position: 9 }),
            ("PID-3 ", PathError::Unexpected { position: 5 }),
        ] {
            assert_eq!(written(path), Err(error), "{path}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(text in r"(/?(PATIENT|ORDER_2)(\((\*|2)\))?[./])?OBX((\(|\[)(1|\*|12)(\)|\]))?(-5((\[)(3|\*)(\]))?([-.]2([.-]7)?)?)?") {
            if let Ok(path) = text.parse::<Path>() {
                prop_assert_eq!(path.to_string().parse::<Path>(), Ok(path));
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>(), tail in r"[A-Z0-9()\[\]*./_-]{0,20}") {
            for text in [&text, &tail, &format!("PID{tail}"), &format!("PID-3{tail}")] {
                let Ok(path) = text.parse::<Path>() else {
                    prop_assert!(text.parse::<Location>().is_err());
                    continue;
                };
                prop_assert_eq!(path.to_string().parse::<Path>(), Ok(path.clone()));
                prop_assert_eq!(text.parse::<Location>().ok(), path.location());
                if let Some(place) = path.location() {
                    prop_assert_eq!(Path::from(place), path);
                }
            }
        }
    }
}
