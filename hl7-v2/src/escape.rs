//! The escape sequences of HL7 v2 text.
//!
//! | sequence | text |
//! |---|---|
//! | `\F\` `\S\` `\T\` `\R\` `\E\` | the field, component, subcomponent, repetition separator, the escape character |
//! | `\P\` | the truncation character, in messages that declare one |
//! | `\X0D0A\` | those bytes, in the message's character set |
//! | `\.br\` `\.ce\` | a new line |
//! | `\.sp\` `\.sp3\` | that many new lines |
//! | `\.sk3\` | that many spaces |
//! | `\.in+2\` `\.ti-1\` `\.fi\` `\.nf\` `\H\` `\N\` | nothing: layout and emphasis, which plain text does not have |
//! | `\C2842\` `\M244242\` `\Z…\`, any other, a stray `\` | as it stands |

use std::borrow::Cow;

use crate::{Charset, Delimiters};

/// The most lines or spaces that one sequence may stand for.
const MOST_SPACING: usize = 99;

/// What the notation of one message depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Syntax {
    pub(crate) delimiters: Delimiters,
    pub(crate) charset: Charset,
}

/// The text that `raw` stands for. Borrowed when there is nothing to replace.
///
/// ```
/// use carewire_hl7_v2::{Charset, Delimiters, escape::unescape};
///
/// let text = |raw| unescape(raw, &Delimiters::default(), Charset::Utf8).into_owned();
/// assert_eq!(text(r"Doe \T\ Co"), "Doe & Co");
/// assert_eq!(text(r"one\X0D0A\two"), "one\r\ntwo");
/// assert_eq!(text(r"caf\XC3A9\, 4\5 re."), r"café, 4\5 re.");
/// ```
#[must_use]
pub fn unescape<'r>(raw: &'r str, delimiters: &Delimiters, charset: Charset) -> Cow<'r, str> {
    let Some(first) = memchr::memchr(delimiters.escape, raw.as_bytes()) else { return Cow::Borrowed(raw) };
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    let mut next = Some(first);
    let mut hex = Vec::new();
    while let Some((before, from)) = next.and_then(|at| rest.split_at_checked(at)) {
        text.push_str(before);
        rest = replace(from, delimiters, charset, &mut hex, &mut text);
        next = memchr::memchr(delimiters.escape, rest.as_bytes());
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// Writes `text` so that it can stand in a field: delimiters, the escape character and line ends become
/// sequences. A delimiter cannot be hidden in a message that declares no escape character; it is left as is.
///
/// ```
/// use carewire_hl7_v2::{Delimiters, escape::escape};
///
/// assert_eq!(escape("A|B & C\n", &Delimiters::default()), r"A\F\B \T\ C\X0A\");
/// ```
#[must_use]
pub fn escape<'t>(text: &'t str, delimiters: &Delimiters) -> Cow<'t, str> {
    let Some(mark) = delimiters.escape() else { return Cow::Borrowed(text) };
    let name = |c: char| sequence_for(c, delimiters);
    if !text.contains(|c| name(c).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut raw = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match name(c) {
            Some(name) => raw.extend([mark].into_iter().chain(name.chars()).chain([mark])),
            None => raw.push(c),
        }
    }
    Cow::Owned(raw)
}

fn sequence_for(c: char, delimiters: &Delimiters) -> Option<&'static str> {
    let byte = u8::try_from(c).ok().filter(u8::is_ascii)?;
    match byte {
        b'\r' => Some("X0D"),
        b'\n' => Some("X0A"),
        _ if byte == delimiters.field => Some("F"),
        _ if byte == delimiters.component => Some("S"),
        _ if byte == delimiters.subcomponent => Some("T"),
        _ if byte == delimiters.repetition => Some("R"),
        _ if byte == delimiters.escape => Some("E"),
        _ if byte == delimiters.truncation => Some("P"),
        _ => None,
    }
}

/// Replaces what stands at the escape character that `from` begins with, and gives back the rest.
fn replace<'r>(
    from: &'r str,
    delimiters: &Delimiters,
    charset: Charset,
    hex: &mut Vec<u8>,
    text: &mut String,
) -> &'r str {
    let (mark, after_mark) = from.split_at_checked(1).unwrap_or((from, ""));
    let Some((body, rest)) = closed(after_mark, delimiters.escape) else {
        text.push_str(mark);
        return after_mark;
    };
    if body.starts_with('X') {
        let rest = hex_run(from, delimiters.escape, hex);
        if let Some(decoded) = charset.decode(hex).filter(|_| !hex.is_empty()) {
            text.push_str(&decoded);
            return rest;
        }
    }
    if push_meaning(body, delimiters, text) {
        return rest;
    }
    if matches!(body.as_bytes(), [b'C' | b'M' | b'Z', _, ..]) {
        text.push_str(from.strip_suffix(rest).unwrap_or(from));
        return rest;
    }
    text.push_str(mark);
    after_mark
}

/// What stands before the next escape character, and what follows that.
fn closed(after_mark: &str, escape: u8) -> Option<(&str, &str)> {
    let end = memchr::memchr(escape, after_mark.as_bytes())?;
    Some((after_mark.get(..end)?, after_mark.get(end + 1..)?))
}

/// Collects the bytes of the `\X..\` sequences that directly follow one another, since a character may be cut
/// in two by them; gives back what follows. No bytes when the first is not hexadecimal.
fn hex_run<'r>(from: &'r str, escape: u8, bytes: &mut Vec<u8>) -> &'r str {
    bytes.clear();
    let mut rest = from;
    while rest.as_bytes().first() == Some(&escape) {
        let Some((body, after)) = rest.get(1..).and_then(|inside| closed(inside, escape)) else { break };
        let Some(decoded) = body.strip_prefix('X').and_then(hex_bytes) else { break };
        bytes.extend(decoded);
        rest = after;
    }
    rest
}

fn hex_bytes(digits: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = digits.chars().map(|c| c.to_digit(16)?.try_into().ok()).collect();
    let digits = digits.filter(|digits| !digits.is_empty() && digits.len() % 2 == 0)?;
    Some(digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect())
}

/// Adds what a named sequence stands for; false when it is not one that has a text.
fn push_meaning(body: &str, delimiters: &Delimiters, text: &mut String) -> bool {
    let character = match body {
        "F" => Some(delimiters.field()),
        "S" => delimiters.component(),
        "T" => delimiters.subcomponent(),
        "R" => delimiters.repetition(),
        "E" => delimiters.escape(),
        "P" => delimiters.truncation(),
        "H" | "N" => return true,
        _ => return body.strip_prefix('.').is_some_and(|command| push_layout(command, text)),
    };
    text.extend(character);
    character.is_some()
}

/// Adds what a formatting command stands for in plain text; false when it is not known.
fn push_layout(command: &str, text: &mut String) -> bool {
    let (name, argument) = command.split_at_checked(2).unwrap_or((command, ""));
    let signed = argument.strip_prefix(['+', '-']).unwrap_or(argument);
    let count = match argument {
        "" => Some(1),
        _ => signed.parse().ok().filter(|count| *count <= MOST_SPACING),
    };
    let Some(count) = count else { return false };
    let given = !argument.is_empty();
    match name {
        "br" | "ce" if !given => text.push('\n'),
        "sp" if signed == argument.trim_start_matches('+') => text.extend(std::iter::repeat_n('\n', count)),
        "sk" if given && signed == argument => text.extend(std::iter::repeat_n(' ', count)),
        "in" | "ti" if given => {}
        "fi" | "nf" if !given => {}
        _ => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(raw: &str, charset: Charset) -> String {
        unescape(raw, &Delimiters::default(), charset).into_owned()
    }

    #[test]
    fn the_table() {
        for (raw, text) in [
            // the delimiters
            (r"a\F\b", "a|b"),
            (r"a\S\b", "a^b"),
            (r"a\T\b", "a&b"),
            (r"a\R\b", "a~b"),
            (r"a\E\b", r"a\b"),
            (r"\F\\S\", "|^"),
            // an escaped escape is not read again
            (r"\E\R\", r"\R\"),
            (r"\E\X09\E\", r"\X09\"),
            (r"a\E\", r"a\"),
            // no truncation character declared
            (r"a\P\b", r"a\P\b"),
            // bytes
            (r"a\X0D0A\b", "a\r\nb"),
            (r"a\X0d\\X0a\b", "a\r\nb"),
            (r"\X41\", "A"),
            (r"\XC3A9\", "é"),
            (r"\XC3\\XA9\", "é"),
            (r"\XE9\", r"\XE9\"),
            (r"\X4\", r"\X4\"),
            (r"\XZZ\", r"\XZZ\"),
            (r"\X\", r"\X\"),
            // layout
            (r"a\.br\b", "a\nb"),
            (r"a\.sp\b", "a\nb"),
            (r"a\.sp2\b", "a\n\nb"),
            (r"a\.sp+2\b", "a\n\nb"),
            (r"a\.sk3\b", "a   b"),
            (r"a\.in+4\b", "ab"),
            (r"a\.ti-2\b", "ab"),
            (r"a\.ce\b", "a\nb"),
            (r"\.fi\a\.nf\b", "ab"),
            (r"a\H\b\N\c", "abc"),
            (r"a\.sp99999999999\b", r"a\.sp99999999999\b"),
            (r"a\.zz\b", r"a\.zz\b"),
            // kept for whoever knows them
            (r"a\C2842\b", r"a\C2842\b"),
            (r"a\M244242\b", r"a\M244242\b"),
            (r"a\Zfoo\b", r"a\Zfoo\b"),
            // stray
            (r"4\5 re.", r"4\5 re."),
            (r"4\5 re. \T\ co", r"4\5 re. & co"),
            (r"\", r"\"),
            (r"\\", r"\\"),
            (r"C:\Temp\é\T\", "C:\\Temp\\é&"),
            ("", ""),
        ] {
            assert_eq!(read(raw, Charset::Utf8), text, "{raw}");
        }
    }

    #[test]
    fn bytes_are_in_the_character_set_of_the_message() {
        assert_eq!(read(r"\XE9\", Charset::Iso8859_1), "é");
        assert_eq!(read(r"\XB8D0\", Charset::Iso8859_5), "Иа");
        assert_eq!(read(r"\X1B2442\\X3B33\\X1B2842\", Charset::Iso2022Jp), "山");
        assert_eq!(read(r"\XE9\", Charset::Ascii), r"\XE9\");
    }

    #[test]
    fn custom_and_unused_delimiters() {
        let custom = Delimiters::parse("#*%!@$").unwrap();
        assert_eq!(unescape("!F!!S!!T!!R!!E!!P!", &custom, Charset::Utf8), "#*@%!$");
        let few = Delimiters::parse("|^~\\").unwrap();
        assert_eq!(unescape(r"a\T\b", &few, Charset::Utf8), r"a\T\b");
        let none = Delimiters::parse("|^~").unwrap();
        assert_eq!(unescape(r"a\F\b", &none, Charset::Utf8), r"a\F\b");
    }

    proptest! {
        #[test]
        fn what_is_escaped_reads_back(text in r"[a-zA-Z0-9|^~\\&#éß\r\n. ]{0,40}") {
            for declared in [r"|^~\&", r"|^~\&#", "#*%!@"] {
                let delimiters = Delimiters::parse(declared).unwrap();
                let raw = escape(&text, &delimiters);
                prop_assert_eq!(unescape(&raw, &delimiters, Charset::Utf8), text.as_str());
            }
        }

        #[test]
        fn any_text_is_read_without_loss_of_other_characters(raw in any::<String>()) {
            let text = read(&raw, Charset::Utf8);
            if !raw.contains('\\') {
                prop_assert_eq!(text, raw);
            }
        }
    }
}
