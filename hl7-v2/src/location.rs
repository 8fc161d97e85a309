//! The address of a place in a message.

use std::fmt;
use std::str::FromStr;

use crate::PathError;

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
}

impl FromStr for Location {
    type Err = PathError;

    fn from_str(path: &str) -> Result<Self, PathError> {
        let (name, rest) = path.split_at_checked(3).ok_or(PathError::SegmentId)?;
        let segment = SegmentId::parse(name).ok_or(PathError::SegmentId)?;
        let mut cursor = Cursor { rest: rest.as_bytes(), position: 3 };
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
        let [first, second, third] = *name else { return None };
        let is_id =
            first.is_ascii_alphabetic() && second.is_ascii_alphanumeric() && third.is_ascii_alphanumeric();
        is_id.then_some(Self([first, second, third]))
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
        matches!(&self.0, b"MSH" | b"FHS" | b"BHS")
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

/// What is left of a path.
struct Cursor<'p> {
    rest: &'p [u8],
    position: usize,
}

impl Cursor<'_> {
    /// A number in `[]` or `()`, if one of them opens here.
    fn bracketed(&mut self) -> Result<Option<usize>, PathError> {
        let close = match self.rest.first() {
            Some(b'[') => b']',
            Some(b'(') => b')',
            _ => return Ok(None),
        };
        self.advance(1);
        let number = self.number()?;
        if self.rest.first() != Some(&close) {
            return Err(PathError::Unexpected { position: self.position });
        }
        self.advance(1);
        Ok(Some(number))
    }

    /// A number behind `-` or `.`, if one of them stands here.
    fn separated(&mut self) -> Result<Option<usize>, PathError> {
        if !matches!(self.rest.first(), Some(b'-' | b'.')) {
            return Ok(None);
        }
        self.advance(1);
        self.number().map(Some)
    }

    fn number(&mut self) -> Result<usize, PathError> {
        let error = PathError::Number { position: self.position };
        let digits = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let number = self.rest.iter().take(digits).try_fold(0_usize, |sum, digit| {
            sum.checked_mul(10)?.checked_add(usize::from(digit.wrapping_sub(b'0')))
        });
        self.advance(digits);
        number.filter(|number| *number > 0).ok_or(error)
    }

    fn advance(&mut self, count: usize) {
        self.rest = self.rest.get(count..).unwrap_or_default();
        self.position += count;
    }

    fn end(&self) -> Result<(), PathError> {
        if self.rest.is_empty() { Ok(()) } else { Err(PathError::Unexpected { position: self.position }) }
    }
}

#[cfg(test)]
mod tests {
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
        assert_eq!(written("PI"), Err(PathError::SegmentId));
        assert_eq!(written("1ID-3"), Err(PathError::SegmentId));
        assert_eq!(written("Pé-3"), Err(PathError::SegmentId));
        assert_eq!(written("PID-"), Err(PathError::Number { position: 4 }));
        assert_eq!(written("PID-0"), Err(PathError::Number { position: 4 }));
        assert_eq!(written("PID-99999999999999999999999"), Err(PathError::Number { position: 4 }));
        assert_eq!(written("PID-3[2"), Err(PathError::Unexpected { position: 7 }));
        assert_eq!(written("PID-3[2)"), Err(PathError::Unexpected { position: 7 }));
        assert_eq!(written("PID-3.1.1.1"), Err(PathError::Unexpected { position: 9 }));
        assert_eq!(written("PID3"), Err(PathError::Unexpected { position: 3 }));
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
