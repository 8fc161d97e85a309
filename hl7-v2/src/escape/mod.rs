//! The escape sequences of HL7 v2 text (chapter 2, section 2.7).
//!
//! | sequence | text |
//! |---|---|
//! | `\F\` `\S\` `\T\` `\R\` `\E\` | the field, component, subcomponent, repetition separator, the escape character |
//! | `\P\` | the truncation character, in messages that declare one |
//! | `\X0D0A\` | those bytes, in the message's character set |
//! | `\X000D\` `\X000A\` `\X00D\` `\X00A\` | CR and LF, which their senders mean |
//! | `\.br\` `\.ce\` | a new line |
//! | `\.sp\` `\.sp3\` | that many new lines |
//! | `\.sk3\` | that many spaces |
//! | `\.in+2\` `\.ti-1\` `\.fi\` `\.nf\` `\H\` `\N\` | nothing: layout and emphasis, which plain text does not have |
//! | `\M2442\;3ED\C2842\` | what stands between, in the set switched to (here JIS X 0208), if all of it is in that set |
//! | `\Z…\`, any other, a stray `\` | as it stands |
//!
//! [`pieces`] gives the sequences themselves, for formatted text that is to be rendered otherwise.

mod pieces;
mod switch;
mod write;

pub use pieces::{CharsetSwitch, LayoutCommand, Piece, PieceKind, Pieces, pieces};
pub use write::{EscapeOptions, LineEnds, escape, escape_with};

use std::borrow::Cow;

use crate::iso2022::Kept;
use crate::{Charset, Delimiters};

/// What the notation of one message depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Syntax {
    pub(crate) delimiters: Delimiters,
    pub(crate) charset: Charset,
}

impl Syntax {
    /// The text of some bytes of the message, as [`Charset::decode`].
    pub(crate) fn decode(self, bytes: &[u8]) -> Option<Cow<'_, str>> {
        self.charset.decode_keeping(self.kept(), bytes)
    }

    /// The same with U+FFFD for what the set does not have, and whether there was any.
    pub(crate) fn decode_lossy(self, bytes: &[u8]) -> (Cow<'_, str>, bool) {
        self.charset.decode_lossy(self.kept(), bytes)
    }

    /// The bytes of some notation in the message, as [`Charset::encode`].
    pub(crate) fn encode(self, raw: &str) -> Option<Cow<'_, [u8]>> {
        self.charset.encode_keeping(self.kept(), raw)
    }

    pub(crate) fn kept(self) -> Kept {
        Kept::of(&self.delimiters)
    }
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
/// assert_eq!(text(r"\M2442\;3ED\C2842\^Taro"), "山田^Taro");
/// ```
#[must_use]
pub fn unescape<'r>(raw: &'r str, delimiters: &Delimiters, charset: Charset) -> Cow<'r, str> {
    let Some(first) = memchr::memchr(delimiters.escape, raw.as_bytes()) else { return Cow::Borrowed(raw) };
    let (plain, rest) = raw.split_at_checked(first).unwrap_or((raw, ""));
    let mut reader =
        Reader { charset, text: String::with_capacity(raw.len()), hex: Vec::new(), switched: false };
    reader.text.push_str(plain);
    reader.read(pieces(rest, delimiters));
    Cow::Owned(reader.text)
}

struct Reader<'r> {
    charset: Charset,
    text: String,
    /// The `\X..\` sequences that directly follow one another: a character may be cut in two by them.
    hex: Vec<Piece<'r>>,
    /// Whether a set was switched to before, which a switch to ASCII ends.
    switched: bool,
}

impl<'r> Reader<'r> {
    fn read(&mut self, mut pieces: Pieces<'r>) {
        while let Some(piece) = pieces.next() {
            if piece.kind() == PieceKind::Bytes {
                self.hex.push(piece);
                continue;
            }
            self.flush();
            match piece.kind() {
                PieceKind::Charset(to) => self.switch(piece, to, &mut pieces),
                kind if push_meaning(kind, &mut self.text) => {}
                _ => self.text.push_str(piece.raw()),
            }
        }
        self.flush();
    }

    /// Adds the text of the bytes collected: of all together, or else of each by itself; what is not in the
    /// character set stays as written.
    fn flush(&mut self) {
        if self.hex.is_empty() {
            return;
        }
        let mut bytes = Vec::new();
        self.hex.iter().for_each(|piece| piece.push_bytes(&mut bytes));
        if let Some(decoded) = self.charset.decode(&bytes) {
            self.text.push_str(&decoded);
        } else {
            for piece in &self.hex {
                let bytes = piece.bytes();
                self.text.push_str(self.charset.decode(&bytes).as_deref().unwrap_or(piece.raw()));
            }
        }
        self.hex.clear();
    }

    /// Reads on in the set switched to, up to the next switch.
    fn switch(&mut self, piece: Piece<'r>, to: CharsetSwitch, pieces: &mut Pieces<'r>) {
        let ends = switch::is_ascii(to) && std::mem::take(&mut self.switched);
        if ends {
            return;
        }
        let mut ahead = pieces.clone();
        match switch::run(to, &mut ahead, self.charset) {
            Some(text) => {
                self.text.push_str(&text);
                self.switched = true;
                *pieces = ahead;
            }
            None => self.text.push_str(piece.raw()),
        }
    }
}

/// Adds what a sequence stands for in plain text; false when that is not known here.
fn push_meaning(kind: PieceKind, text: &mut String) -> bool {
    match kind {
        PieceKind::Delimiter(character) => text.push(character),
        PieceKind::Highlight { .. } => {}
        PieceKind::Layout { command, argument } => push_layout(command, argument, text),
        _ => return false,
    }
    true
}

fn push_layout(command: LayoutCommand, argument: Option<i16>, text: &mut String) {
    let count = argument.and_then(|count| usize::try_from(count).ok()).unwrap_or(1);
    match command {
        LayoutCommand::Break | LayoutCommand::Center => text.push('\n'),
        LayoutCommand::Space => text.extend(std::iter::repeat_n('\n', count)),
        LayoutCommand::Skip => text.extend(std::iter::repeat_n(' ', count)),
        LayoutCommand::Fill | LayoutCommand::NoFill => {}
        LayoutCommand::Indent | LayoutCommand::TemporaryIndent => {}
    }
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
            (r"a\X000d\\X00A\b", "a\r\nb"),
            (r"\XE9\T\", r"\XE9\T\"),
            (r"\XE9\\T\", r"\XE9\&"),
            (r"\X41\\XE9\\X42\", r"A\XE9\B"),
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

    #[test]
    fn another_character_set_holds_until_the_next_switch() {
        for (raw, charset, text) in [
            (r"\M2442\;3ED\C2842\^Taro", Charset::Utf8, "山田^Taro"),
            (r"\M2442\;3ED\.br\B@O\X3A\\C2842\.", Charset::Ascii, "山田\n太郎."),
            (r"\M2442\;3\C284A\1\X5C\", Charset::Utf8, "山1¥"),
            (r"\M242844\0!\C2842\", Charset::Utf8, "丂"),
            (r"\C2949\\XD4C0DE\\C2842\ x", Charset::Utf8, "ﾔﾀﾞ x"),
            (r"\C2D41\M\XFC\ller", Charset::Utf8, "Müller"),
            // the bytes of a delimiter inside a character are escaped
            (r"\M2442\0\F\\C2842\", Charset::Utf8, "淫"),
            // the text was read in a set of single bytes, which gives the bytes back
            ("\\C2D4C\\¸Ò", Charset::Iso8859_1, "Ив"),
            ("\\C2D4C\\¸Ò", Charset::Utf8, "\\C2D4C\\¸Ò"),
            // not in that set, not known, nothing to return from
            (r"\M2442\;3E\C2842\", Charset::Utf8, r"\M2442\;3E\C2842\"),
            (r"\M2447\ab\T\", Charset::Utf8, r"\M2447\ab&"),
            (r"a\C2842\b", Charset::Utf8, r"a\C2842\b"),
            (r"\C28\\M24\\CZZZZ\", Charset::Utf8, r"\C28\\M24\\CZZZZ\"),
        ] {
            assert_eq!(read(raw, charset), text, "{raw}");
        }
    }

    #[test]
    fn a_hostile_text_is_read_in_linear_time() {
        for unit in [r"\XFF\", r"\M2442\", r"\M2442\a", r"\", r"\X", r"\Z", r"\.sp99\", r"\C2842\"] {
            let raw = unit.repeat(2_000_000 / unit.len());
            assert!(read(&raw, Charset::Utf8).len() <= 100 * raw.len(), "{unit}");
        }
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
