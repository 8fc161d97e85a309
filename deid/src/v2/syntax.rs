//! The notation of one message: delimiters, lines, escape sequences, character sets that hide delimiters.

use std::borrow::Cow;

/// A value that no byte has: a delimiter that the message does not use.
const UNUSED: u16 = 0x100;

/// The delimiters of a message, as MSH-1 and MSH-2 declare them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delimiters {
    pub(super) field: u8,
    /// Components and subcomponents.
    levels: [u16; 2],
    repetition: u16,
    escape: u16,
    truncation: u16,
}

impl Delimiters {
    /// Reads a header line from its separator on. A character that cannot play its role is replaced by the usual one,
    /// unless that is taken; `None` when the separator itself cannot be one.
    pub(super) fn read(declared: &[u8]) -> Option<Self> {
        let (field, rest) = declared.split_first().filter(|(field, _)| field.is_ascii_punctuation())?;
        let encoding = rest.split(|byte| byte == field).next().unwrap_or_default();
        let mut taken = [u16::from(*field); 6];
        for (position, usual) in (0..).zip(*b"^~\\&") {
            let chosen = choose(encoding, position, Some(usual), &taken);
            if let Some(slot) = taken.get_mut(position + 1) {
                *slot = chosen;
            }
        }
        // What is written declares them up to the first that is not used: the others are then not used either.
        if let Some(unused) = taken.iter().position(|delimiter| *delimiter == UNUSED) {
            taken.iter_mut().skip(unused).for_each(|delimiter| *delimiter = UNUSED);
        }
        let truncation = match taken.contains(&UNUSED) {
            true => UNUSED,
            false => choose(encoding, 4, None, &taken),
        };
        let [_, component, repetition, escape, subcomponent, _] = taken;
        Some(Self { field: *field, levels: [component, subcomponent], repetition, escape, truncation })
    }

    /// The delimiter between the parts of a component level: 0 for components, 1 for subcomponents.
    pub(super) fn part(&self, level: usize) -> Option<u8> {
        self.levels.get(level).copied().and_then(used)
    }

    pub(super) fn repetition(&self) -> Option<u8> {
        used(self.repetition)
    }

    pub(super) fn escape(&self) -> Option<u8> {
        used(self.escape)
    }

    /// MSH-2, up to the first that is not used.
    pub(super) fn encoding(&self) -> impl Iterator<Item = u8> {
        let [component, subcomponent] = self.levels;
        [component, self.repetition, self.escape, subcomponent, self.truncation].into_iter().map_while(used)
    }

    /// The letter by which an escape sequence names a delimiter.
    fn letter(&self, byte: u8) -> Option<u8> {
        let wide = u16::from(byte);
        let [component, subcomponent] = self.levels;
        let known = [
            (u16::from(self.field), b'F'),
            (component, b'S'),
            (subcomponent, b'T'),
            (self.repetition, b'R'),
            (self.escape, b'E'),
            (self.truncation, b'P'),
        ];
        known.iter().find(|(delimiter, _)| *delimiter == wide).map(|(_, letter)| *letter)
    }

    fn named(&self, letter: u8) -> Option<u8> {
        let [component, subcomponent] = self.levels;
        used(match letter {
            b'F' => u16::from(self.field),
            b'S' => component,
            b'T' => subcomponent,
            b'R' => self.repetition,
            b'E' => self.escape,
            b'P' => self.truncation,
            _ => UNUSED,
        })
    }

    /// Writes a text of ours: delimiters in it are escaped, or left out where the message has no escape character.
    pub(super) fn write(&self, text: &str, out: &mut Vec<u8>) {
        for byte in text.bytes() {
            match (self.letter(byte), self.escape()) {
                (Some(letter), Some(escape)) => out.extend([escape, letter, escape]),
                (Some(_), None) => {}
                (None, _) if byte < b' ' => out.push(b' '),
                (None, _) => out.push(byte),
            }
        }
    }

    /// The text that a raw value stands for, without white space around it, in UTF-8: bytes that are not UTF-8 are
    /// taken as ISO 8859-1.
    pub(super) fn text<'r>(&self, raw: &'r [u8]) -> Cow<'r, str> {
        let raw = raw.trim_ascii();
        let bytes = match self.escape() {
            Some(escape) if raw.contains(&escape) => Cow::Owned(self.unescaped(raw, escape)),
            _ => Cow::Borrowed(raw),
        };
        match bytes {
            Cow::Borrowed(bytes) => str::from_utf8(bytes).map_or_else(|_| latin(bytes).into(), Cow::Borrowed),
            Cow::Owned(bytes) => {
                String::from_utf8(bytes).unwrap_or_else(|error| latin(error.as_bytes())).into()
            }
        }
    }

    /// Sequences of delimiters and of hexadecimal digits are replaced, all others stay as they are.
    fn unescaped(&self, raw: &[u8], escape: u8) -> Vec<u8> {
        let mut text = Vec::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(at) = rest.iter().position(|byte| *byte == escape) {
            let (plain, sequence) = rest.split_at_checked(at).unwrap_or_default();
            text.extend_from_slice(plain);
            let inside = sequence.get(1..).unwrap_or_default();
            let end = inside.iter().position(|byte| *byte == escape);
            let meaning = end.and_then(|end| self.meaning(inside.get(..end)?));
            match (meaning, end) {
                (Some(meaning), Some(end)) => {
                    text.extend(meaning);
                    rest = inside.get(end + 1..).unwrap_or_default();
                }
                _ => {
                    text.push(escape);
                    rest = inside;
                }
            }
        }
        text.extend_from_slice(rest);
        text
    }

    fn meaning(&self, sequence: &[u8]) -> Option<Vec<u8>> {
        match sequence {
            [letter] => self.named(*letter).map(|byte| vec![byte]),
            [b'X', hex @ ..] => data_encoding::HEXUPPER_PERMISSIVE.decode(hex).ok(),
            _ => None,
        }
    }
}

fn used(delimiter: u16) -> Option<u8> {
    u8::try_from(delimiter).ok()
}

fn choose(encoding: &[u8], position: usize, usual: Option<u8>, taken: &[u16]) -> u16 {
    let usual = usual.map(u16::from).filter(|usual| !taken.contains(usual)).unwrap_or(UNUSED);
    match encoding.get(position) {
        Some(byte) if taken.contains(&u16::from(*byte)) => usual,
        Some(byte) if byte.is_ascii_punctuation() => u16::from(*byte),
        Some(_) => usual,
        None if encoding.is_empty() => usual,
        None => UNUSED,
    }
}

fn latin(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// A line with its terminator: CR, LF or CR LF.
pub(super) struct Line<'a> {
    pub(super) content: &'a [u8],
    pub(super) end: &'a [u8],
}

/// The lines of some bytes.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let length = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
        let (content, behind) = rest.split_at_checked(length)?;
        let width = match behind {
            [b'\r', b'\n', ..] => 2,
            [] => 0,
            _ => 1,
        };
        let (end, next) = behind.split_at_checked(width)?;
        rest = next;
        Some(Line { content, end })
    })
}

/// A line without what stands before a segment and says nothing: white space, NUL, frame characters, a byte-order mark.
pub(super) fn without_lead_in(line: &[u8]) -> &[u8] {
    let mut rest = line;
    loop {
        rest = match rest {
            [0xEF, 0xBB, 0xBF, behind @ ..] => behind,
            [byte, behind @ ..] if is_filler(*byte) => behind,
            _ => return rest,
        };
    }
}

fn is_filler(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, 0 | 0x1A | 0x0B | 0x1C)
}

/// Whether the line is a header of this name, whatever its separator.
pub(super) fn is_header(line: &[u8], name: &[u8; 3]) -> bool {
    let header = without_lead_in(line).split_at_checked(3);
    header.is_some_and(|(found, rest)| {
        found.eq_ignore_ascii_case(name) && rest.first().is_some_and(u8::is_ascii_punctuation)
    })
}

/// Two bytes for each character: what looks like a delimiter is half of one. Its high bit is set, so that it no longer
/// does; such text never leaves as it is.
pub(super) fn unhidden(bytes: &[u8], charset: &[u8]) -> Option<Vec<u8>> {
    let wide = is_two_bytes(charset);
    if !wide && !bytes.contains(&ESC) {
        return None;
    }
    let mut masked = bytes.to_vec();
    let (mut switched, mut lead) = (false, false);
    for at in 0..masked.len() {
        let Some([first, second, third]) = window(bytes, at) else { break };
        match (first, second, third) {
            (ESC, b'$', _) => switched = true,
            (ESC, b'(', b'B' | b'J' | b'I') | (b'\r' | b'\n', ..) => switched = false,
            _ => {}
        }
        let hidden = (switched && (0x21..0x7F).contains(&first)) || (lead && (0x40..0x7F).contains(&first));
        lead = wide && !lead && first > 0x80;
        if hidden && let Some(byte) = masked.get_mut(at) {
            *byte |= 0x80;
        }
    }
    Some(masked)
}

const ESC: u8 = 0x1B;

fn window(bytes: &[u8], at: usize) -> Option<[u8; 3]> {
    let next = |offset: usize| bytes.get(at + offset).copied().unwrap_or_default();
    bytes.get(at).map(|first| [*first, next(1), next(2)])
}

/// Sets of table 0211, and their common names, whose second bytes can be those of delimiters.
fn is_two_bytes(charset: &[u8]) -> bool {
    const NAMES: [&str; 9] =
        ["GB 18030-2000", "GB18030", "GBK", "CP936", "BIG-5", "BIG5", "CP950", "SHIFT_JIS", "CP949"];
    let name = charset.trim_ascii();
    NAMES.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(name))
}
