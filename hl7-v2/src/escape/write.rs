//! Text written so that it can stand in a field.

use std::borrow::Cow;

use crate::Delimiters;

/// How [`escape_with`] writes what is not a delimiter.
///
/// ```
/// use carewire_hl7_v2::Delimiters;
/// use carewire_hl7_v2::escape::{EscapeOptions, LineEnds, escape_with};
///
/// let formatted = EscapeOptions::default().with_line_ends(LineEnds::Break).escaping_controls();
/// assert_eq!(escape_with("a\r\n\tb", &Delimiters::default(), &formatted), r"a\.br\\X09\b");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EscapeOptions {
    /// How line ends are written.
    pub line_ends: LineEnds,
    /// Whether the control characters that no transport is hurt by, such as the tab, are sequences as well.
    pub escape_controls: bool,
}

impl EscapeOptions {
    /// Sets how line ends are written.
    #[must_use]
    pub fn with_line_ends(mut self, line_ends: LineEnds) -> Self {
        self.line_ends = line_ends;
        self
    }

    /// Writes all control characters as sequences; HL7 has displayable characters only.
    #[must_use]
    pub fn escaping_controls(mut self) -> Self {
        self.escape_controls = true;
        self
    }
}

/// How a line end in a text is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum LineEnds {
    /// CR as `\X0D\` and LF as `\X0A\`: the text reads back as it was.
    #[default]
    Bytes,
    /// CR, LF and CR LF as `\.br\`, for formatted text (FT): all of them read back as LF.
    Break,
}

/// Writes `text` so that it can stand in a field: delimiters, the escape character, line ends and the frame
/// characters VT and FS become sequences. [`unescape`](super::unescape) gives the same text back.
///
/// What looks like a sequence is text here: `\X09\` becomes `\E\X09\E\`. So text that is escaped already must not
/// be escaped again. A delimiter cannot be hidden in a message that declares no escape character; it is left as is.
///
/// ```
/// use carewire_hl7_v2::{Delimiters, escape::escape};
///
/// assert_eq!(escape("A|B & C\n", &Delimiters::default()), r"A\F\B \T\ C\X0A\");
/// ```
#[must_use]
pub fn escape<'t>(text: &'t str, delimiters: &Delimiters) -> Cow<'t, str> {
    escape_with(text, delimiters, &EscapeOptions::default())
}

/// The same, with options.
#[must_use]
pub fn escape_with<'t>(text: &'t str, delimiters: &Delimiters, options: &EscapeOptions) -> Cow<'t, str> {
    let Some(mark) = delimiters.escape() else { return Cow::Borrowed(text) };
    let Some(first) = text.bytes().position(|byte| sequence_for(byte, delimiters, options).is_some()) else {
        return Cow::Borrowed(text);
    };
    let mut raw = String::with_capacity(text.len() + 16);
    let (plain, rest) = text.split_at_checked(first).unwrap_or((text, ""));
    raw.push_str(plain);
    let mut after_return = false;
    for c in rest.chars() {
        let sequence = u8::try_from(c).ok().and_then(|byte| sequence_for(byte, delimiters, options));
        let completes_return = c == '\n' && after_return && options.line_ends == LineEnds::Break;
        after_return = c == '\r';
        match sequence {
            Some(_) if completes_return => {}
            Some(Sequence::Named(name)) => raw.extend([mark].into_iter().chain(name.chars()).chain([mark])),
            Some(Sequence::Byte(byte)) => raw.push_str(&format!("{mark}X{byte:02X}{mark}")),
            None => raw.push(c),
        }
    }
    Cow::Owned(raw)
}

enum Sequence {
    Named(&'static str),
    Byte(u8),
}

fn sequence_for(byte: u8, delimiters: &Delimiters, options: &EscapeOptions) -> Option<Sequence> {
    let named = |name| Some(Sequence::Named(name));
    match byte {
        b'\r' | b'\n' if options.line_ends == LineEnds::Break => named(".br"),
        b'\r' | b'\n' | 0x0B | 0x1C => Some(Sequence::Byte(byte)),
        _ if byte.is_ascii_control() => options.escape_controls.then_some(Sequence::Byte(byte)),
        _ if !byte.is_ascii_punctuation() => None,
        _ if byte == delimiters.field => named("F"),
        _ if byte == delimiters.component => named("S"),
        _ if byte == delimiters.subcomponent => named("T"),
        _ if byte == delimiters.repetition => named("R"),
        _ if byte == delimiters.escape => named("E"),
        _ if byte == delimiters.truncation => named("P"),
        _ => None,
    }
}
