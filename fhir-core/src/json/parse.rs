//! From bytes to a [`Value`].

use std::collections::HashSet;

use super::error::{Failure, ParseError, ParseReason};
use super::{Repr, Value};

/// How much of a text is read before it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// How deep arrays and objects may nest. Above 1,000 counts as 1,000: the parser recurses.
    pub max_depth: usize,
    /// How many bytes the text may have.
    pub max_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_depth: 100, max_bytes: 64 << 20 }
    }
}

impl Limits {
    /// The same limits with another depth.
    #[must_use]
    pub fn with_max_depth(self, max_depth: usize) -> Self {
        Self { max_depth, ..self }
    }

    /// The same limits with another size.
    #[must_use]
    pub fn with_max_bytes(self, max_bytes: usize) -> Self {
        Self { max_bytes, ..self }
    }
}

/// Reads one JSON text.
pub(super) fn parse(bytes: &[u8], limits: &Limits) -> Result<Value, ParseError> {
    read(bytes, limits).map_err(|failure| failure.locate(bytes))
}

fn read(bytes: &[u8], limits: &Limits) -> Result<Value, Failure> {
    if bytes.len() > limits.max_bytes {
        return Err(Failure::new(ParseReason::TooLarge, 0));
    }
    let text = std::str::from_utf8(bytes).map_err(|e| Failure::new(ParseReason::NotUtf8, e.valid_up_to()))?;
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut parser = Parser { text, bytes, at: start, levels_left: limits.max_depth.min(1_000) };
    let value = parser.value()?;
    parser.skip_space();
    match parser.peek() {
        None => Ok(value),
        Some(_) => Err(parser.fail(ParseReason::TrailingCharacters)),
    }
}

struct Parser<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    levels_left: usize,
}

impl<'a> Parser<'a> {
    fn value(&mut self) -> Result<Value, Failure> {
        self.skip_space();
        let repr = match self.peek() {
            Some(b'{') => self.nested(Self::object)?,
            Some(b'[') => self.nested(Self::array)?,
            Some(b'"') => Repr::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => Repr::Number(self.number()?),
            Some(b't') => self.literal(b"true", Repr::Bool(true))?,
            Some(b'f') => self.literal(b"false", Repr::Bool(false))?,
            Some(b'n') => self.literal(b"null", Repr::Null)?,
            _ => return Err(self.unexpected()),
        };
        Ok(Value(repr))
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Repr, Failure>) -> Result<Repr, Failure> {
        self.levels_left = self.levels_left.checked_sub(1).ok_or_else(|| self.fail(ParseReason::TooDeep))?;
        self.at += 1;
        let repr = read(self)?;
        self.levels_left += 1;
        Ok(repr)
    }

    fn object(&mut self) -> Result<Repr, Failure> {
        let mut members = Vec::new();
        let mut names = Names::default();
        if self.closes(b'}') {
            return Ok(Repr::Object(members));
        }
        loop {
            self.skip_space();
            let name_at = self.at;
            let name = self.string()?;
            if !names.add(&name, &members) {
                return Err(Failure::new(ParseReason::DuplicateMember, name_at).in_member(&name));
            }
            self.skip_space();
            self.expect(b':')?;
            let value = self.value().map_err(|failure| failure.in_member(&name))?;
            members.push((name, value));
            if !self.goes_on(b'}')? {
                return Ok(Repr::Object(members));
            }
        }
    }

    fn array(&mut self) -> Result<Repr, Failure> {
        let mut items = Vec::new();
        if self.closes(b']') {
            return Ok(Repr::Array(items));
        }
        loop {
            let value = self.value().map_err(|failure| failure.in_item(items.len()))?;
            items.push(value);
            if !self.goes_on(b']')? {
                return Ok(Repr::Array(items));
            }
        }
    }

    fn closes(&mut self, close: u8) -> bool {
        self.skip_space();
        let closed = self.peek() == Some(close);
        self.at += usize::from(closed);
        closed
    }

    fn goes_on(&mut self, close: u8) -> Result<bool, Failure> {
        if self.closes(close) {
            return Ok(false);
        }
        self.expect(b',').map(|()| true)
    }

    fn literal(&mut self, word: &[u8], repr: Repr) -> Result<Repr, Failure> {
        for &byte in word {
            self.expect(byte)?;
        }
        Ok(repr)
    }

    fn number(&mut self) -> Result<Box<str>, Failure> {
        let start = self.at;
        let length = number_length(self.rest()).ok_or_else(|| self.fail(ParseReason::InvalidNumber))?;
        self.at += length;
        match self.peek() {
            Some(b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-') => {
                Err(self.fail(ParseReason::InvalidNumber))
            }
            _ => Ok(self.text.get(start..self.at).unwrap_or_default().into()),
        }
    }

    fn string(&mut self) -> Result<Box<str>, Failure> {
        self.expect(b'"')?;
        let plain = self.plain_run()?;
        if self.peek() == Some(b'"') {
            self.at += 1;
            return Ok(plain.into());
        }
        let mut text = plain.to_owned();
        while self.peek() == Some(b'\\') {
            text.push(self.escape()?);
            text.push_str(self.plain_run()?);
        }
        self.expect(b'"').map(|()| text.into())
    }

    /// The text up to the next quote or backslash.
    fn plain_run(&mut self) -> Result<&'a str, Failure> {
        let start = self.at;
        let special = self.rest().iter().position(|&byte| byte == b'"' || byte == b'\\' || byte < 0x20);
        self.at = special.map_or(self.bytes.len(), |length| start + length);
        match self.peek() {
            Some(b'"' | b'\\') => Ok(self.text.get(start..self.at).unwrap_or_default()),
            Some(_) => Err(self.fail(ParseReason::ControlCharacter)),
            None => Err(self.fail(ParseReason::UnexpectedEnd)),
        }
    }

    fn escape(&mut self) -> Result<char, Failure> {
        self.at += 1;
        let letter = self.peek().ok_or_else(|| self.unexpected())?;
        let decoded = match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(),
            _ => return Err(self.fail(ParseReason::InvalidEscape)),
        };
        self.at += 1;
        Ok(decoded)
    }

    fn unicode_escape(&mut self) -> Result<char, Failure> {
        let start = self.at;
        let first = self.hex4()?;
        let high = (0xd800..0xdc00).contains(&first);
        let code = if high && self.rest().starts_with(b"\\u") {
            self.at += 1;
            let second = self.hex4()?;
            let low = (0xdc00..0xe000).contains(&second);
            low.then(|| 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00))
        } else {
            Some(first)
        };
        code.and_then(char::from_u32).ok_or_else(|| Failure::new(ParseReason::LoneSurrogate, start))
    }

    /// The four hex digits after the `u` at hand.
    fn hex4(&mut self) -> Result<u32, Failure> {
        let digits =
            self.bytes.get(self.at + 1..self.at + 5).ok_or_else(|| self.fail(ParseReason::UnexpectedEnd))?;
        let code =
            digits.iter().try_fold(0, |code, &digit| Some(code * 16 + char::from(digit).to_digit(16)?));
        self.at += 5;
        code.ok_or_else(|| self.fail(ParseReason::InvalidEscape))
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Failure> {
        if self.peek() != Some(byte) {
            return Err(self.unexpected());
        }
        self.at += 1;
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn unexpected(&self) -> Failure {
        match self.peek() {
            Some(_) => self.fail(ParseReason::UnexpectedCharacter),
            None => self.fail(ParseReason::UnexpectedEnd),
        }
    }

    fn fail(&self, reason: ParseReason) -> Failure {
        Failure::new(reason, self.at.min(self.bytes.len()))
    }
}

/// How many bytes at the start are a JSON number.
pub(super) fn number_length(bytes: &[u8]) -> Option<usize> {
    let after_sign = usize::from(bytes.first() == Some(&b'-'));
    let whole = digits(bytes, after_sign);
    if whole == 0 || (whole > 1 && bytes.get(after_sign) == Some(&b'0')) {
        return None;
    }
    let mut at = after_sign + whole;
    if bytes.get(at) == Some(&b'.') {
        at += 1 + Some(digits(bytes, at + 1)).filter(|&fraction| fraction > 0)?;
    }
    if let Some(b'e' | b'E') = bytes.get(at) {
        let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
        at += 1 + sign + Some(digits(bytes, at + 1 + sign)).filter(|&exponent| exponent > 0)?;
    }
    Some(at)
}

fn digits(bytes: &[u8], from: usize) -> usize {
    bytes.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count()
}

/// The member names seen in one object: a scan while they are few, a set when they are many.
#[derive(Default)]
struct Names(HashSet<Box<str>>);

impl Names {
    const FEW: usize = 24;

    fn add(&mut self, name: &str, members: &[(Box<str>, Value)]) -> bool {
        if members.len() < Self::FEW {
            return members.iter().all(|(seen, _)| **seen != *name);
        }
        if self.0.is_empty() {
            self.0.extend(members.iter().map(|(seen, _)| seen.clone()));
        }
        self.0.insert(name.into())
    }
}
