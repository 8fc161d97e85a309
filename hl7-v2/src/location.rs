//! The address of a place in a message.

use std::fmt;
use std::str::FromStr;

use crate::path::Cursor;
use crate::{Path, PathError};

/// A place in a message: a segment, or a field of it, or a part of a field. All positions count from 1.
///
/// Read from `PID-3[2].4.1`, `OBX(3)-5`, `PID.5.1`, `PID[1]-3`; written as `PID[1]-3[2].4.1`.
///
/// ```
/// use carewire_hl7_v2::Location;
///
/// let place: Location = "OBX(3)-5.2".parse()?;
/// assert_eq!((place.segment().as_str(), place.occurrence(), place.field()), ("OBX", 3, Some(5)));
/// assert_eq!(place.to_string(), "OBX[3]-5.2");
/// # Ok::<(), carewire_hl7_v2::PathError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    segment: SegmentId,
    occurrence: usize,
    field: Option<usize>,
    repetition: Option<usize>,
    component: Option<usize>,
    subcomponent: Option<usize>,
}

impl Location {
    /// The `occurrence`-th segment of this name.
    #[must_use]
    pub fn of_segment(segment: SegmentId, occurrence: usize) -> Self {
        Self { segment, occurrence, field: None, repetition: None, component: None, subcomponent: None }
    }

    /// The same place, at this field.
    #[must_use]
    pub fn at_field(self, field: usize) -> Self {
        Self { field: Some(field), repetition: None, component: None, subcomponent: None, ..self }
    }

    /// The same field, at this repetition.
    #[must_use]
    pub fn at_repetition(self, repetition: usize) -> Self {
        Self { repetition: Some(repetition), ..self }
    }

    /// The same field, at this component.
    #[must_use]
    pub fn at_component(self, component: usize) -> Self {
        Self { component: Some(component), subcomponent: None, ..self }
    }

    /// The same component, at this subcomponent.
    #[must_use]
    pub fn at_subcomponent(self, subcomponent: usize) -> Self {
        Self { subcomponent: Some(subcomponent), ..self }
    }

    /// The name of the segment.
    #[must_use]
    pub fn segment(&self) -> SegmentId {
        self.segment
    }

    /// Which of the segments of that name, from 1.
    #[must_use]
    pub fn occurrence(&self) -> usize {
        self.occurrence
    }

    /// The field, from 1.
    #[must_use]
    pub fn field(&self) -> Option<usize> {
        self.field
    }

    /// The repetition of the field, from 1. Without one, the first is meant.
    #[must_use]
    pub fn repetition(&self) -> Option<usize> {
        self.repetition
    }

    /// The component, from 1.
    #[must_use]
    pub fn component(&self) -> Option<usize> {
        self.component
    }

    /// The subcomponent, from 1.
    #[must_use]
    pub fn subcomponent(&self) -> Option<usize> {
        self.subcomponent
    }

    /// Reads the usual notations, as in `PID-5.1` or `OBX[3].5(2).1.2`, in few steps. `None` of all else, which
    /// [`Location::read`] reads or refuses.
    #[inline]
    fn usual(path: &str) -> Option<Self> {
        let (name, mut rest) = path.as_bytes().split_first_chunk::<3>()?;
        let mut place = Self::of_segment(SegmentId::from_array(*name)?, 1);
        if let Some(occurrence) = usual_index(&mut rest)? {
            place.occurrence = occurrence;
        }
        place.field = usual_part(&mut rest)?;
        if place.field.is_some() {
            place.repetition = usual_index(&mut rest)?;
            place.component = usual_part(&mut rest)?;
            if place.component.is_some() {
                place.subcomponent = usual_part(&mut rest)?;
            }
        }
        rest.is_empty().then_some(place)
    }

    fn read(path: &str) -> Result<Self, PathError> {
        let mut cursor = Cursor::new(path);
        let name = cursor.segment_name().and_then(SegmentId::from_bytes);
        let segment = name.ok_or(PathError::SegmentId { position: 0 })?;
        let occurrence = cursor.bracketed()?;
        let mut place = Self::of_segment(segment, occurrence.unwrap_or(1));
        place.field = cursor.separated()?;
        if place.field.is_some() {
            place.repetition = cursor.bracketed()?;
            place.component = cursor.separated()?;
        }
        if place.component.is_some() {
            place.subcomponent = cursor.separated()?;
        }
        cursor.end()?;
        Ok(place)
    }
}

impl FromStr for Location {
    type Err = PathError;

    fn from_str(path: &str) -> Result<Self, PathError> {
        match Self::usual(path) {
            Some(place) => Ok(place),
            None => Self::read(path).or_else(|error| other_notation(path, error)),
        }
    }
}

/// A number in `[]` or `()`, if one of them opens here; `None` when it is not as usual.
#[inline]
fn usual_index(rest: &mut &[u8]) -> Option<Option<usize>> {
    let (close, behind) = match rest {
        [b'[', behind @ ..] => (b']', behind),
        [b'(', behind @ ..] => (b')', behind),
        _ => return Some(None),
    };
    *rest = behind;
    let number = usual_number(rest)?;
    let (closes, behind) = rest.split_first()?;
    *rest = behind;
    (*closes == close).then_some(Some(number))
}

/// A number behind `-` or `.`, if one of them stands here; `None` when it is not as usual.
#[inline]
fn usual_part(rest: &mut &[u8]) -> Option<Option<usize>> {
    let [b'-' | b'.', behind @ ..] = rest else { return Some(None) };
    *rest = behind;
    usual_number(rest).map(Some)
}

/// A number of few digits, from 1.
#[inline]
fn usual_number(rest: &mut &[u8]) -> Option<usize> {
    const MOST: usize = 999_999;
    let mut number = 0;
    while let [digit @ b'0'..=b'9', behind @ ..] = rest {
        number = 10 * number + usize::from(digit - b'0');
        *rest = behind;
        if number > MOST {
            return None;
        }
    }
    (number > 0).then_some(number)
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.segment, self.occurrence)?;
        let Some(field) = self.field else { return Ok(()) };
        write!(f, "-{field}")?;
        if let Some(repetition) = self.repetition {
            write!(f, "[{repetition}]")?;
        }
        let Some(component) = self.component else { return Ok(()) };
        write!(f, ".{component}")?;
        self.subcomponent.map_or(Ok(()), |subcomponent| write!(f, ".{subcomponent}"))
    }
}

/// Reads what only a [`Path`] reads: a leading `/`. Paths to several places or through groups are told from
/// texts that are no path.
#[cold]
fn other_notation(text: &str, error: PathError) -> Result<Location, PathError> {
    match text.parse::<Path>() {
        Ok(path) if path.segment().is_none() && path.groups().len() == 1 => Err(error),
        Ok(path) => path.place(),
        Err(PathError::SegmentId { .. }) => Err(error),
        Err(located) => Err(located),
    }
}

/// The name of a segment: a letter and two letters or digits, as in `PID` or `ZP1`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SegmentId([u8; 3]);

impl SegmentId {
    /// The message header.
    pub(crate) const MSH: Self = Self(*b"MSH");

    /// Reads a name. `None` unless it is a letter and two letters or digits of ASCII.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::from_bytes(name.as_bytes())
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    pub(crate) fn from_bytes(name: &[u8]) -> Option<Self> {
        Self::from_array(*name.first_chunk().filter(|_| name.len() == 3)?)
    }

    #[inline]
    fn from_array(name: [u8; 3]) -> Option<Self> {
        let [first, second, third] = name;
        let is_id =
            first.is_ascii_alphabetic() && second.is_ascii_alphanumeric() && third.is_ascii_alphanumeric();
        is_id.then_some(Self(name))
    }

    pub(crate) fn to_bytes(self) -> [u8; 3] {
        self.0
    }

    pub(crate) fn is_lower_case(self) -> bool {
        self.0.iter().any(u8::is_ascii_lowercase)
    }

    pub(crate) fn upper_case(self) -> Self {
        Self(self.0.map(|byte| byte.to_ascii_uppercase()))
    }

    /// Whether both name the same segment; senders that write `pid` mean `PID`.
    pub(crate) fn matches(self, other: Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }

    /// Whether MSH-1 style counting applies: the first field is the separator itself.
    pub(crate) fn is_header(self) -> bool {
        matches!(&self.upper_case().0, b"MSH" | b"FHS" | b"BHS")
    }
}

impl fmt::Display for SegmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for SegmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(path: &str) -> Result<String, PathError> {
        path.parse::<Location>().map(|place| place.to_string())
    }

    #[test]
    fn reads_the_usual_notations() {
        for (path, canonical) in [
            ("PID", "PID[1]"),
            ("PID-3", "PID[1]-3"),
            ("PID-3[2].4.1", "PID[1]-3[2].4.1"),
            ("PID-3(2)-4-1", "PID[1]-3[2].4.1"),
            ("OBX(3)-5", "OBX[3]-5"),
            ("OBX[3].5", "OBX[3]-5"),
            ("PID.5.1", "PID[1]-5.1"),
            ("ZP1-10", "ZP1[1]-10"),
        ] {
            assert_eq!(written(path).as_deref(), Ok(canonical), "{path}");
        }
    }

    #[test]
    fn refuses_what_is_not_a_path() {
        assert_eq!(written("PI"), Err(PathError::SegmentId { position: 0 }));
        assert_eq!(written("1ID-3"), Err(PathError::SegmentId { position: 0 }));
        assert_eq!(written("Pé-3"), Err(PathError::SegmentId { position: 0 }));
        assert_eq!(written("PID-"), Err(PathError::Number { position: 4 }));
        assert_eq!(written("PID-0"), Err(PathError::Number { position: 4 }));
        assert_eq!(written("PID-99999999999999999999999"), Err(PathError::Number { position: 4 }));
        assert_eq!(written("PID-3[2"), Err(PathError::Unexpected { position: 7 }));
        assert_eq!(written("PID-3[2)"), Err(PathError::Unexpected { position: 7 }));
        assert_eq!(written("PID-3.1.1.1"), Err(PathError::Unexpected { position: 9 }));
        assert_eq!(written("PID3"), Err(PathError::Unexpected { position: 3 }));
    }

    #[test]
    fn what_is_more_than_one_place_is_told_from_what_is_no_path() {
        assert_eq!(written("OBX(*)-5"), Err(PathError::Every));
        assert_eq!(written("PID-3[*]"), Err(PathError::Every));
        assert_eq!(written("PATIENT.PID-3"), Err(PathError::Group));
        assert_eq!(written("PATIENT_RESULT.PATIENT"), Err(PathError::Group));
        assert_eq!(written("/PID-3").as_deref(), Ok("PID[1]-3"));
        assert_eq!(written("/PID-3.x"), Err(PathError::Number { position: 7 }));
    }

    proptest! {
        #[test]
        fn the_short_way_gives_what_the_whole_way_gives(
            path in r"[A-Za-z0-9]{2,3}[1é]?([(\[](0|1|12|007|1234567|\*)[)\]])?([-.](0|1|12|x)([(\[][0-9*]{0,2}[)\]]?)?([-.][0-9]{0,8}){0,3})?[ -]?",
            any in any::<String>(),
            tail in r"[0-9()\[\]*./_-]{0,12}",
        ) {
            for path in [&path, &any, &tail, &format!("PID{tail}"), &format!("PID-3{tail}")] {
                if let Some(place) = Location::usual(path) {
                    prop_assert_eq!(Location::read(path), Ok(place));
                }
                let whole = Location::read(path).or_else(|error| other_notation(path, error));
                prop_assert_eq!(path.parse::<Location>(), whole);
            }
        }
    }

    #[test]
    fn the_usual_notations_are_read_the_short_way() {
        for path in ["PID", "PID-5.1", "PID.3[2].4.1", "OBX(200)-5", "OBX[200].5-1-2", "ZP1[1]-10"] {
            assert!(Location::usual(path).is_some(), "{path}");
        }
    }

    #[test]
    fn builders_give_the_same_places() {
        let place = Location::of_segment(SegmentId::parse("PID").unwrap(), 1)
            .at_field(3)
            .at_repetition(2)
            .at_component(4)
            .at_subcomponent(1);
        assert_eq!(Ok(place), "PID-3[2].4.1".parse());
    }
}
