//! Reading JSON: one pass over the text, which hands what it finds to a [`Build`].

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::error::{Failure, ParseError, ParseReason};
use super::name::Code;
use super::scan::{past_space, special};

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

/// What is made of a text while it is read.
///
/// A value is made at its place. Returning it through the levels of calls, with its name beside it, made the whole a
/// tenth slower.
pub(super) trait Build {
    /// A value that holds no other.
    fn scalar(&mut self, label: Label<'_>, scalar: Scalar<'_>);

    /// The values that follow are those of an array or object, until it is closed. Answers where they begin.
    fn open(&mut self, label: Label<'_>) -> usize;

    /// The array or object that was opened last, and begins at `start`, has `count` items or members, and no more.
    fn close(&mut self, label: Label<'_>, list: List, start: usize, count: usize);
}

/// The name of a value.
#[derive(Clone, Copy)]
pub(super) enum Label<'t> {
    Element(Code),
    /// A name that is no element's.
    Other(&'t str),
    /// None: it is an item.
    Item,
}

/// A value that holds no other.
#[derive(Clone, Copy)]
pub(super) enum Scalar<'t> {
    Null,
    Bool(bool),
    /// A number, by where it stands in the text.
    Number(usize, usize),
    /// A string that stands in the text as it is, by where.
    Plain(usize, usize),
    /// A string that had escapes.
    Unescaped(&'t str),
}

/// What holds other values.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Array,
    Object,
}

/// The text, when it may be read.
pub(super) fn text<'a>(bytes: &'a [u8], limits: &Limits) -> Result<&'a str, ParseError> {
    if bytes.len() > limits.max_bytes {
        return Err(Failure::new(ParseReason::TooLarge, 0).locate(bytes));
    }
    let not_utf8 = |e: std::str::Utf8Error| Failure::new(ParseReason::NotUtf8, e.valid_up_to()).locate(bytes);
    std::str::from_utf8(bytes).map_err(not_utf8)
}

/// Reads one JSON text.
pub(super) fn parse<B: Build>(text: &str, limits: &Limits, build: &mut B) -> Result<(), ParseError> {
    let bytes = text.as_bytes();
    let mut parser = Parser {
        text,
        bytes,
        at: if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 },
        levels_left: limits.max_depth.min(1_000),
        build,
        codes: Vec::with_capacity(32),
        others: Vec::new(),
        unescaped: String::new(),
        failure: None,
    };
    parser.value(Slot::Item).and_then(|()| parser.end()).map_err(|Stop| {
        let failure = parser.failure.take();
        failure.unwrap_or(Failure::new(ParseReason::UnexpectedEnd, bytes.len())).locate(bytes)
    })
}

struct Parser<'a, 'b, B> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    levels_left: usize,
    build: &'b mut B,
    /// The names of elements in the objects that are open.
    codes: Vec<Code>,
    /// Their other names.
    others: Vec<Cow<'a, str>>,
    /// The last string with escapes, without them.
    unescaped: String,
    /// Why reading stopped.
    failure: Option<Failure>,
}

/// Reading stopped; [`Parser::failure`] says why.
struct Stop;

/// Under which name a value is made.
#[derive(Clone, Copy)]
enum Slot {
    Element(Code),
    /// One of [`Parser::others`].
    Other(usize),
    /// None: it is an item.
    Item,
}

impl Slot {
    #[inline(always)]
    fn label<'t>(self, others: &'t [Cow<'_, str>]) -> Label<'t> {
        match self {
            Self::Element(code) => Label::Element(code),
            Self::Item => Label::Item,
            Self::Other(index) => Label::Other(others.get(index).map_or("", |name| name)),
        }
    }
}

impl<'a, B: Build> Parser<'a, '_, B> {
    fn value(&mut self, slot: Slot) -> Result<(), Stop> {
        match self.peek() {
            Some(b'"') => self.string(slot),
            Some(b'{') => self.nested(slot, List::Object, Self::members),
            Some(b'[') => self.nested(slot, List::Array, Self::items),
            Some(b'-' | b'0'..=b'9') => self.number(slot),
            Some(b't') => self.literal(slot, b"true", Scalar::Bool(true)),
            Some(b'f') => self.literal(slot, b"false", Scalar::Bool(false)),
            Some(b'n') => self.literal(slot, b"null", Scalar::Null),
            Some(b' ' | b'\n' | b'\r' | b'\t') => {
                self.skip_space();
                self.value(slot)
            }
            _ => self.unexpected(),
        }
    }

    /// An array or object; `read` reads what is in it and answers how many there are.
    #[inline(always)]
    fn nested(
        &mut self,
        slot: Slot,
        list: List,
        read: fn(&mut Self) -> Result<usize, Stop>,
    ) -> Result<(), Stop> {
        match self.levels_left.checked_sub(1) {
            Some(left) => self.levels_left = left,
            None => return self.stop(ParseReason::TooDeep),
        }
        self.at += 1;
        let start = self.build.open(slot.label(&self.others));
        let count = read(self)?;
        self.levels_left += 1;
        self.build.close(slot.label(&self.others), list, start, count);
        Ok(())
    }

    fn members(&mut self) -> Result<usize, Stop> {
        if self.closes(b'}') {
            return Ok(0);
        }
        let (codes, others) = (self.codes.len(), self.others.len());
        let mut many = None;
        let mut count = 1;
        loop {
            let slot = self.name(codes, others, &mut many)?;
            if self.expect(b':').and_then(|()| self.value(slot)).is_err() {
                return self.stopped_in_member(slot);
            }
            if !self.goes_on(b'}')? {
                break;
            }
            count += 1;
        }
        self.codes.truncate(codes);
        self.others.truncate(others);
        Ok(count)
    }

    fn items(&mut self) -> Result<usize, Stop> {
        let mut count = 0;
        if self.closes(b']') {
            return Ok(count);
        }
        loop {
            if self.value(Slot::Item).is_err() {
                return self.stopped_in_item(count);
            }
            count += 1;
            if !self.goes_on(b']')? {
                return Ok(count);
            }
        }
    }

    /// Reads a name, which the object at hand must not have: its names are those from `codes` and `others` on.
    #[inline]
    fn name(&mut self, codes: usize, others: usize, many: &mut Many<'a>) -> Result<Slot, Stop> {
        self.skip_space();
        let at = self.at;
        let plain = self.string_at_hand()?;
        let bytes = match plain {
            Some((start, end)) => self.bytes.get(start..end).unwrap_or_default(),
            None => self.unescaped.as_bytes(),
        };
        match Code::of(bytes) {
            Some(code) if !self.codes.get(codes..).unwrap_or_default().contains(&code) => {
                self.codes.push(code);
                Ok(Slot::Element(code))
            }
            Some(code) => self.doubled(code.as_str(), at),
            None => self.other_name(plain, others, many, at),
        }
    }

    /// A name that is no element's.
    fn other_name(
        &mut self,
        plain: Option<(usize, usize)>,
        others: usize,
        many: &mut Many<'a>,
        at: usize,
    ) -> Result<Slot, Stop> {
        let name = match plain {
            Some((start, end)) => self.text.get(start..end).unwrap_or_default().into(),
            None => Cow::from(self.unescaped.clone()),
        };
        if !is_new(name.clone(), self.others.get(others..).unwrap_or_default(), many) {
            return self.doubled(&name, at);
        }
        self.others.push(name);
        Ok(Slot::Other(self.others.len() - 1))
    }

    fn string(&mut self, slot: Slot) -> Result<(), Stop> {
        let scalar = match self.string_at_hand()? {
            Some((start, end)) => Scalar::Plain(start, end),
            None => Scalar::Unescaped(&self.unescaped),
        };
        self.build.scalar(slot.label(&self.others), scalar);
        Ok(())
    }

    /// A string: where it stands in the text, or `None` when it had escapes and is in [`Parser::unescaped`].
    #[inline]
    fn string_at_hand(&mut self) -> Result<Option<(usize, usize)>, Stop> {
        self.expect(b'"')?;
        let start = self.at;
        let end = special(self.bytes, start);
        self.at = end + 1;
        if self.bytes.get(end) == Some(&b'"') {
            return Ok(Some((start, end)));
        }
        self.at = end;
        self.unescape(start).map(|()| None)
    }

    #[cold]
    fn unescape(&mut self, start: usize) -> Result<(), Stop> {
        self.unescaped.clear();
        self.unescaped.push_str(self.text.get(start..self.at).unwrap_or_default());
        while self.peek() == Some(b'\\') {
            let decoded = self.escape()?;
            self.unescaped.push(decoded);
            let plain = self.plain_run();
            self.unescaped.push_str(plain);
        }
        match self.peek() {
            Some(b'"') => self.at += 1,
            Some(_) => return self.stop(ParseReason::ControlCharacter),
            None => return self.stop(ParseReason::UnexpectedEnd),
        }
        Ok(())
    }

    /// The text up to the next quote, backslash or control character.
    #[inline]
    fn plain_run(&mut self) -> &'a str {
        let start = self.at;
        self.at = special(self.bytes, start);
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn escape(&mut self) -> Result<char, Stop> {
        self.at += 1;
        let decoded = match self.peek() {
            Some(letter @ (b'"' | b'\\' | b'/')) => char::from(letter),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            Some(_) => return self.stop(ParseReason::InvalidEscape),
            None => return self.stop(ParseReason::UnexpectedEnd),
        };
        self.at += 1;
        Ok(decoded)
    }

    fn unicode_escape(&mut self) -> Result<char, Stop> {
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
        match code.and_then(char::from_u32) {
            Some(decoded) => Ok(decoded),
            None => self.stop_at(ParseReason::LoneSurrogate, start),
        }
    }

    /// The four hex digits after the `u` at hand.
    fn hex4(&mut self) -> Result<u32, Stop> {
        let Some(digits) = self.bytes.get(self.at + 1..self.at + 5) else {
            return self.stop(ParseReason::UnexpectedEnd);
        };
        let code =
            digits.iter().try_fold(0, |code, &digit| Some(code * 16 + char::from(digit).to_digit(16)?));
        self.at += 5;
        match code {
            Some(code) => Ok(code),
            None => self.stop(ParseReason::InvalidEscape),
        }
    }

    fn number(&mut self, slot: Slot) -> Result<(), Stop> {
        let start = self.at;
        let Some(length) = number_length(self.rest()) else { return self.stop(ParseReason::InvalidNumber) };
        self.at += length;
        if let Some(b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-') = self.peek() {
            return self.stop(ParseReason::InvalidNumber);
        }
        self.build.scalar(slot.label(&self.others), Scalar::Number(start, self.at));
        Ok(())
    }

    fn literal(&mut self, slot: Slot, word: &[u8], scalar: Scalar<'_>) -> Result<(), Stop> {
        for &byte in word {
            if self.peek() != Some(byte) {
                return self.unexpected();
            }
            self.at += 1;
        }
        self.build.scalar(slot.label(&self.others), scalar);
        Ok(())
    }

    fn end(&mut self) -> Result<(), Stop> {
        self.skip_space();
        if self.peek().is_some() { self.stop(ParseReason::TrailingCharacters) } else { Ok(()) }
    }

    /// Whether the array or object at hand ends here.
    #[inline]
    fn closes(&mut self, close: u8) -> bool {
        self.skip_space();
        let closed = self.peek() == Some(close);
        self.at += usize::from(closed);
        closed
    }

    /// Whether the array or object at hand has more to come.
    #[inline]
    fn goes_on(&mut self, close: u8) -> Result<bool, Stop> {
        self.skip_space();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            _ => self.unexpected(),
        }
    }

    #[inline]
    fn skip_space(&mut self) {
        if self.peek().is_some_and(|byte| byte <= b' ') {
            self.at = past_space(self.bytes, self.at);
        }
    }

    #[inline]
    fn expect(&mut self, byte: u8) -> Result<(), Stop> {
        if self.peek() != Some(byte) {
            self.skip_space();
            if self.peek() != Some(byte) {
                return self.unexpected();
            }
        }
        self.at += 1;
        Ok(())
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }
}

/// How reading stops.
impl<B: Build> Parser<'_, '_, B> {
    #[cold]
    fn stop<T>(&mut self, reason: ParseReason) -> Result<T, Stop> {
        self.stop_at(reason, self.at.min(self.bytes.len()))
    }

    fn stop_at<T>(&mut self, reason: ParseReason, offset: usize) -> Result<T, Stop> {
        self.failure = Some(Failure::new(reason, offset));
        Err(Stop)
    }

    #[cold]
    fn unexpected<T>(&mut self) -> Result<T, Stop> {
        match self.peek() {
            Some(_) => self.stop(ParseReason::UnexpectedCharacter),
            None => self.stop(ParseReason::UnexpectedEnd),
        }
    }

    #[cold]
    fn doubled<T>(&mut self, name: &str, offset: usize) -> Result<T, Stop> {
        let mut failure = Failure::new(ParseReason::DuplicateMember, offset);
        failure.in_member(name);
        self.failure = Some(failure);
        Err(Stop)
    }

    #[cold]
    fn stopped_in_member<T>(&mut self, slot: Slot) -> Result<T, Stop> {
        let name = match slot.label(&self.others) {
            Label::Element(code) => Some(code.as_str()),
            Label::Other(name) => Some(name),
            Label::Item => None,
        };
        if let (Some(failure), Some(name)) = (&mut self.failure, name) {
            failure.in_member(name);
        }
        Err(Stop)
    }

    #[cold]
    fn stopped_in_item<T>(&mut self, index: usize) -> Result<T, Stop> {
        if let Some(failure) = &mut self.failure {
            failure.in_item(index);
        }
        Err(Stop)
    }
}

/// The names of an object that are no elements', once they are many.
type Many<'a> = Option<BTreeSet<Cow<'a, str>>>;

/// Whether this name is none of the others: a scan while they are few, a set when they are many.
fn is_new<'a>(name: Cow<'a, str>, others: &[Cow<'a, str>], many: &mut Many<'a>) -> bool {
    const FEW: usize = 24;
    if others.len() < FEW {
        return !others.contains(&name);
    }
    many.get_or_insert_with(|| others.iter().cloned().collect()).insert(name)
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
