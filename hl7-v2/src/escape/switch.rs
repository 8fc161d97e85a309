//! Text in a character set that an escape sequence of the message switches to.

use super::{CharsetSwitch, PieceKind, Pieces, push_meaning};
use crate::Charset;
use crate::iso2022::{Designated, Set, decode_in};

/// Whether the switch is the one back to ASCII.
pub(super) fn is_ascii(to: CharsetSwitch) -> bool {
    Designated::parse(to.designation()) == Some(Designated::Lower(Set::Ascii))
}

/// The text up to the next switch, which `pieces` is left at; `None` when the set is not known or the text is
/// not in it.
pub(super) fn run(to: CharsetSwitch, pieces: &mut Pieces<'_>, charset: Charset) -> Option<String> {
    let set = Designated::parse(to.designation()).filter(|_| !is_ascii(to))?;
    let mut text = String::new();
    let mut bytes = Vec::new();
    loop {
        let mut ahead = pieces.clone();
        let Some(piece) = ahead.next() else { break };
        match piece.kind() {
            PieceKind::Charset(_) => break,
            PieceKind::Bytes => piece.push_bytes(&mut bytes),
            PieceKind::Text | PieceKind::Stray => bytes.extend(written(piece.raw(), charset)?),
            PieceKind::Delimiter(character) => bytes.push(u8::try_from(character).ok()?),
            kind => {
                text.push_str(&decode_in(set, &std::mem::take(&mut bytes))?);
                if !push_meaning(kind, &mut text) {
                    return None;
                }
            }
        }
        *pieces = ahead;
    }
    text.push_str(&decode_in(set, &bytes)?);
    Some(text)
}

/// The bytes that the text was written in. A set of one byte for each character gives them back; in another,
/// only ASCII can be the bytes of a second set.
fn written(text: &str, charset: Charset) -> Option<Vec<u8>> {
    match text.is_ascii() {
        true => Some(text.as_bytes().to_vec()),
        false if charset.is_single_byte() => Some(charset.encode(text)?.into_owned()),
        false => None,
    }
}
