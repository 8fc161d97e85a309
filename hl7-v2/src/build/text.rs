//! Text as the notation has it, in the bytes of a character set.

use crate::escape::Syntax;
use crate::{Charset, Delimiters};

/// Why a text cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unwritable {
    /// It needs an escape character.
    Escape,
    /// The character set does not have it.
    Charset,
}

/// Writes text so that reading gives it back. With `lines`, each line end is `\.br\`. When it cannot be written, a
/// part of it may be.
pub(crate) fn write(text: &str, lines: bool, syntax: Syntax, bytes: &mut Vec<u8>) -> Result<(), Unwritable> {
    // A text of two quotes would read as the null.
    let (mut rest, quoted) = if text == "\"\"" { ("\"", true) } else { (text, false) };
    if quoted {
        sequence("X22", syntax, bytes)?;
    }
    let special = |c: char| Special::of(c, syntax).is_some();
    while let Some(at) = rest.find(special) {
        let (plain, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        encode(plain, syntax, bytes)?;
        let mut following = from.chars();
        let Some(found) = following.next() else { break };
        rest = following.as_str();
        let line_end = matches!(found, '\r' | '\n') && lines;
        if line_end {
            rest = rest.strip_prefix('\n').filter(|_| found == '\r').unwrap_or(rest);
            sequence(".br", syntax, bytes)?;
            continue;
        }
        match Special::of(found, syntax) {
            Some(Special::Delimiter(name)) => sequence(name, syntax, bytes)?,
            Some(Special::Bytes) => by_bytes(found, syntax, bytes)?,
            None => break,
        }
    }
    encode(rest, syntax, bytes)
}

/// Writes notation in the character set, provided that it reads back the same.
pub(crate) fn encode(raw: &str, syntax: Syntax, bytes: &mut Vec<u8>) -> Result<(), Unwritable> {
    if raw.is_ascii() {
        bytes.extend(raw.as_bytes());
        return Ok(());
    }
    let encoded = syntax.encode(raw).ok_or(Unwritable::Charset)?;
    if is_beyond(syntax.charset, raw, &encoded) {
        return Err(Unwritable::Charset);
    }
    if syntax.charset != Charset::Utf8 && syntax.decode(&encoded).as_deref() != Some(raw) {
        return Err(Unwritable::Charset);
    }
    bytes.extend(&*encoded);
    Ok(())
}

/// What must not stand in a field as it is.
enum Special {
    Delimiter(&'static str),
    /// What is written as `\X..\`: a control character, or one whose byte is that of a delimiter.
    Bytes,
}

impl Special {
    fn of(c: char, syntax: Syntax) -> Option<Self> {
        let Some(byte) = u8::try_from(c).ok().filter(u8::is_ascii) else {
            let base = syntax.charset.switches()?;
            return syntax.kept().hides(base, c).then_some(Self::Bytes);
        };
        match byte {
            _ if is_control(byte) => Some(Self::Bytes),
            _ => name_of(byte, &syntax.delimiters).map(Self::Delimiter),
        }
    }
}

/// Whether the byte is a control character that must not stand in a field: it may end the segment, frame the message or
/// change the character set. The tab is none.
pub(crate) fn is_control(byte: u8) -> bool {
    byte < 0x20 && byte != b'\t'
}

fn name_of(byte: u8, delimiters: &Delimiters) -> Option<&'static str> {
    Some(match byte {
        _ if byte == delimiters.field => "F",
        _ if byte == delimiters.component => "S",
        _ if byte == delimiters.subcomponent => "T",
        _ if byte == delimiters.repetition => "R",
        _ if byte == delimiters.escape => "E",
        _ if byte == delimiters.truncation => "P",
        _ => return None,
    })
}

/// Writes `\X..\` with the bytes of a character.
fn by_bytes(c: char, syntax: Syntax, bytes: &mut Vec<u8>) -> Result<(), Unwritable> {
    let mut buffer = [0; 4];
    let text: &str = c.encode_utf8(&mut buffer);
    // Where sets change, some control characters have a meaning and are not text.
    let encoded = syntax.charset.encode(text).ok_or(Unwritable::Charset)?;
    let hex: String = encoded.iter().map(|byte| format!("{byte:02X}")).collect();
    sequence(&format!("X{hex}"), syntax, bytes)
}

fn sequence(name: &str, syntax: Syntax, bytes: &mut Vec<u8>) -> Result<(), Unwritable> {
    let escape = syntax.delimiters.escape;
    syntax.delimiters.escape().ok_or(Unwritable::Escape)?;
    bytes.push(escape);
    bytes.extend(name.as_bytes());
    bytes.push(escape);
    Ok(())
}

/// Whether our reading of the set has characters for some of the bytes, and the set itself has none.
fn is_beyond(charset: Charset, raw: &str, encoded: &[u8]) -> bool {
    let mut buffer = [0; 4];
    match charset {
        // Windows puts characters where these have controls.
        Charset::Iso8859_1 | Charset::Iso8859_9 | Charset::Iso8859_11 => {
            encoded.iter().any(|byte| (0x80..0xA0).contains(byte))
        }
        // The encoder has the Hangul that Windows adds to KS X 1001, in bytes that EUC-KR does not have.
        Charset::EucKr => {
            let mut lower = |c: char| {
                let bytes = charset.encode(c.encode_utf8(&mut buffer));
                bytes.is_none_or(|bytes| bytes.iter().any(|byte| *byte < 0xA1))
            };
            raw.chars().any(|c| !c.is_ascii() && lower(c))
        }
        _ => false,
    }
}
