//! Text taken apart at its escape sequences.

use std::fmt;

use crate::Delimiters;

/// The most lines or spaces that one layout command may stand for.
const MOST_SPACING: i16 = 99;

/// The pieces of a text as written: plain stretches and escape sequences. Put together again, their
/// [`raw`](Piece::raw) texts are `raw` itself.
///
/// ```
/// use carewire_hl7_v2::Delimiters;
/// use carewire_hl7_v2::escape::{LayoutCommand, PieceKind, pieces};
///
/// let mut html = String::new();
/// for piece in pieces(r"pH \H\7\N\\.br\a \T\ b", &Delimiters::default()) {
///     match piece.kind() {
///         PieceKind::Highlight { on: true } => html.push_str("<b>"),
///         PieceKind::Highlight { on: false } => html.push_str("</b>"),
///         PieceKind::Layout { command: LayoutCommand::Break, .. } => html.push_str("<br>"),
///         PieceKind::Delimiter('&') => html.push_str("&amp;"),
///         _ => html.push_str(piece.raw()),
///     }
/// }
/// assert_eq!(html, "pH <b>7</b><br>a &amp; b");
/// ```
#[must_use]
pub fn pieces<'r>(raw: &'r str, delimiters: &Delimiters) -> Pieces<'r> {
    Pieces { rest: raw, delimiters: *delimiters }
}

/// The iterator of [`pieces`].
#[derive(Clone)]
pub struct Pieces<'r> {
    rest: &'r str,
    delimiters: Delimiters,
}

impl<'r> Pieces<'r> {
    fn take(&mut self, length: usize, kind: PieceKind) -> Piece<'r> {
        let (raw, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = rest;
        Piece { raw, kind }
    }
}

impl<'r> Iterator for Pieces<'r> {
    type Item = Piece<'r>;

    fn next(&mut self) -> Option<Piece<'r>> {
        let bytes = self.rest.as_bytes();
        let mark = self.delimiters.escape;
        if *bytes.first()? != mark {
            let length = memchr::memchr(mark, bytes).unwrap_or(bytes.len());
            return Some(self.take(length, PieceKind::Text));
        }
        let after_mark = self.rest.get(1..).unwrap_or_default();
        let body = memchr::memchr(mark, after_mark.as_bytes()).and_then(|end| after_mark.get(..end));
        match body.and_then(|body| Some((body.len() + 2, sequence(body, &self.delimiters)?))) {
            Some((length, kind)) => Some(self.take(length, kind)),
            None => Some(self.take(1, PieceKind::Stray)),
        }
    }
}

impl fmt::Debug for Pieces<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pieces({} characters left)", self.rest.len())
    }
}

/// One piece of a text. `Debug` shows its kind and length, not what it says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Piece<'r> {
    raw: &'r str,
    kind: PieceKind,
}

impl<'r> Piece<'r> {
    /// The piece as written, the escape characters around a sequence included.
    #[must_use]
    pub fn raw(&self) -> &'r str {
        self.raw
    }

    /// What it is.
    #[must_use]
    pub fn kind(&self) -> PieceKind {
        self.kind
    }

    /// What stands between the escape characters of a sequence; all of a piece that is none.
    #[must_use]
    pub fn body(&self) -> &'r str {
        match self.kind {
            PieceKind::Text | PieceKind::Stray => self.raw,
            _ => self.raw.get(1..self.raw.len().saturating_sub(1)).unwrap_or_default(),
        }
    }

    /// The bytes of an `\X..\` sequence; nothing for another piece. `\X000D\`, `\X000A\`, `\X00D\` and `\X00A\`
    /// are the line ends that their senders mean by them.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        if self.kind == PieceKind::Bytes {
            self.push_bytes(&mut bytes);
        }
        bytes
    }

    pub(super) fn push_bytes(&self, bytes: &mut Vec<u8>) {
        let digits = self.body().get(1..).unwrap_or_default();
        match line_end(digits) {
            Some(byte) => bytes.push(byte),
            None => bytes.extend(hex(digits.as_bytes())),
        }
    }
}

impl fmt::Debug for Piece<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Piece({:?}, {} characters)", self.kind, self.raw.len())
    }
}

/// What a piece of a text is (chapter 2, section 2.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PieceKind {
    /// A plain stretch.
    Text,
    /// `\F\ \S\ \T\ \R\ \E\ \P\`: this delimiter of the message.
    Delimiter(char),
    /// `\X..\`: bytes in the message's character set. See [`Piece::bytes`].
    Bytes,
    /// `\.br\` and its like.
    Layout {
        /// Which.
        command: LayoutCommand,
        /// The number given with it, -99 to 99.
        argument: Option<i16>,
    },
    /// `\H\` and `\N\`: highlighted from here on, or not any more.
    Highlight {
        /// Whether from here on.
        on: bool,
    },
    /// `\Cxxyy\` and `\Mxxyyzz\`: what follows is in another character set.
    Charset(CharsetSwitch),
    /// `\Z..\`: agreed on between sender and receiver. See [`Piece::body`].
    Local,
    /// An escape character that begins no sequence known here, or one that is not closed.
    Stray,
}

/// A command of formatted text (FT).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the standard fixes the commands, and renderers match them all")]
pub enum LayoutCommand {
    /// `.br`: begin a new line.
    Break,
    /// `.sp`: end the line and skip this many lines, one if no number is given.
    Space,
    /// `.fi`: wrap words from here on.
    Fill,
    /// `.nf`: do not wrap words from here on.
    NoFill,
    /// `.in`: indent by this many spaces from here on.
    Indent,
    /// `.ti`: indent the next line by this many spaces.
    TemporaryIndent,
    /// `.sk`: skip this many spaces.
    Skip,
    /// `.ce`: end the line and centre the next one.
    Center,
}

/// A change of the character set by its ISO 2022 escape sequence, without the ESC itself. `Debug` shows its length.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct CharsetSwitch {
    bytes: [u8; 3],
    length: u8,
}

impl fmt::Debug for CharsetSwitch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CharsetSwitch({} bytes)", self.length)
    }
}

impl CharsetSwitch {
    /// The bytes that follow ESC in ISO 2022: `24 42` for `\M2442\`, JIS X 0208.
    #[must_use]
    pub fn designation(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or(&self.bytes)
    }

    fn read(digits: &str, lengths: std::ops::RangeInclusive<usize>) -> Option<Self> {
        let digits = digits.as_bytes();
        let count = digits.len() / 2;
        if !digits.len().is_multiple_of(2)
            || !lengths.contains(&count)
            || !digits.iter().all(u8::is_ascii_hexdigit)
        {
            return None;
        }
        let mut bytes = [0; 3];
        bytes.iter_mut().zip(hex(digits)).for_each(|(slot, byte)| *slot = byte);
        Some(Self { bytes, length: u8::try_from(count).ok()? })
    }
}

/// What a sequence is; `None` when it is not known.
fn sequence(body: &str, delimiters: &Delimiters) -> Option<PieceKind> {
    let (code, rest) = body.split_at_checked(1)?;
    match (code, rest) {
        ("F", "") => Some(PieceKind::Delimiter(delimiters.field())),
        ("S", "") => delimiters.component().map(PieceKind::Delimiter),
        ("T", "") => delimiters.subcomponent().map(PieceKind::Delimiter),
        ("R", "") => delimiters.repetition().map(PieceKind::Delimiter),
        ("E", "") => delimiters.escape().map(PieceKind::Delimiter),
        ("P", "") => delimiters.truncation().map(PieceKind::Delimiter),
        ("H", "") => Some(PieceKind::Highlight { on: true }),
        ("N", "") => Some(PieceKind::Highlight { on: false }),
        ("X", digits) => is_hex_data(digits).then_some(PieceKind::Bytes),
        ("C", digits) => CharsetSwitch::read(digits, 2..=2).map(PieceKind::Charset),
        ("M", digits) => CharsetSwitch::read(digits, 2..=3).map(PieceKind::Charset),
        ("Z", local) => (!local.is_empty()).then_some(PieceKind::Local),
        (".", command) => layout(command),
        _ => None,
    }
}

fn layout(command: &str) -> Option<PieceKind> {
    use LayoutCommand::{Break, Center, Fill, Indent, NoFill, Skip, Space, TemporaryIndent};
    let (name, number) = command.split_at_checked(2)?;
    let argument = match number.strip_prefix(' ').unwrap_or(number) {
        "" => None,
        number => Some(argument(number)?),
    };
    let not_negative = argument.is_none_or(|number| number >= 0);
    let command = match (name, argument) {
        ("br", None) => Break,
        ("ce", None) => Center,
        ("fi", None) => Fill,
        ("nf", None) => NoFill,
        ("sp", _) if not_negative => Space,
        ("sk", Some(_)) if not_negative => Skip,
        ("in", Some(_)) => Indent,
        ("ti", Some(_)) => TemporaryIndent,
        _ => return None,
    };
    Some(PieceKind::Layout { command, argument })
}

/// `3`, `+3` or `-3`, within the bounds.
fn argument(number: &str) -> Option<i16> {
    let digits = number.strip_prefix(['+', '-']).unwrap_or(number);
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
    number.parse().ok().filter(|number: &i16| plain && number.abs() <= MOST_SPACING)
}

fn is_hex_data(digits: &str) -> bool {
    let whole =
        !digits.is_empty() && digits.len().is_multiple_of(2) && digits.bytes().all(|d| d.is_ascii_hexdigit());
    whole || line_end(digits).is_some()
}

/// The line ends that some senders write with three or four digits.
fn line_end(digits: &str) -> Option<u8> {
    let last =
        digits.strip_prefix("000").or_else(|| digits.strip_prefix("00").filter(|rest| rest.len() == 1))?;
    match last {
        "D" | "d" => Some(b'\r'),
        "A" | "a" => Some(b'\n'),
        _ => None,
    }
}

/// The bytes of pairs of hexadecimal digits.
fn hex(digits: &[u8]) -> impl Iterator<Item = u8> + '_ {
    let value = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    digits.chunks_exact(2).filter_map(move |pair| match pair {
        [high, low] => Some(value(*high)? << 4 | value(*low)?),
        _ => None,
    })
}
