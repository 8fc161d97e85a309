//! What is left of the text of a path.

use super::Index;
use crate::PathError;

pub(crate) struct Cursor<'p> {
    rest: &'p [u8],
    position: usize,
}

impl<'p> Cursor<'p> {
    pub(crate) fn new(text: &'p str) -> Self {
        Self { rest: text.as_bytes(), position: 0 }
    }

    pub(crate) fn position(&self) -> usize {
        self.position
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub(crate) fn end(&self) -> Result<(), PathError> {
        if self.is_at_end() { Ok(()) } else { Err(self.unexpected()) }
    }

    pub(crate) fn unexpected(&self) -> PathError {
        PathError::Unexpected { position: self.position }
    }

    pub(crate) fn starts_with(&self, wanted: impl Fn(u8) -> bool) -> bool {
        self.rest.first().is_some_and(|byte| wanted(*byte))
    }

    /// Goes past `byte`, if it stands here.
    pub(crate) fn take(&mut self, byte: u8) -> bool {
        let here = self.starts_with(|found| found == byte);
        self.advance(usize::from(here));
        here
    }

    /// The letters, digits and underscores that stand here.
    pub(crate) fn name(&mut self) -> &'p [u8] {
        let rest = self.rest;
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        self.advance(length);
        rest.get(..length).unwrap_or_default()
    }

    /// Goes past the first three bytes, which are to be the name of a segment.
    pub(crate) fn segment_name(&mut self) -> Option<&'p [u8]> {
        let name = self.rest.get(..3)?;
        self.advance(3);
        Some(name)
    }

    /// A number or `*` in `[]` or `()`, if one of them opens here.
    pub(crate) fn index(&mut self) -> Result<Option<Index>, PathError> {
        let close = match self.rest.first() {
            Some(b'[') => b']',
            Some(b'(') => b')',
            _ => return Ok(None),
        };
        self.advance(1);
        let index = if self.take(b'*') { Index::Every } else { Index::Nth(self.number()?) };
        if self.take(close) { Ok(Some(index)) } else { Err(self.unexpected()) }
    }

    /// A number in `[]` or `()`, if one of them opens here.
    pub(crate) fn bracketed(&mut self) -> Result<Option<usize>, PathError> {
        match self.index()? {
            None => Ok(None),
            Some(Index::Nth(number)) => Ok(Some(number)),
            Some(Index::Every) => Err(PathError::Every),
        }
    }

    /// A number behind `-` or `.`, if one of them stands here.
    pub(crate) fn separated(&mut self) -> Result<Option<usize>, PathError> {
        if !self.starts_with(|byte| matches!(byte, b'-' | b'.')) {
            return Ok(None);
        }
        self.advance(1);
        self.number().map(Some)
    }

    /// Goes past the `.` or `/` between two names; false when it does not stand here.
    pub(crate) fn enters(&mut self) -> bool {
        let steps =
            matches!(self.rest, [b'.' | b'/', next, ..] if next.is_ascii_alphabetic() || *next == b'_');
        self.advance(usize::from(steps));
        steps
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
}
