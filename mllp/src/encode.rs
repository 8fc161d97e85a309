//! Framing a payload.

use memchr::memchr2_iter;

use crate::{CR, CommitBlock, FS, LF, VT};

/// Puts a payload in a frame.
///
/// ```
/// assert_eq!(carewire_mllp::encode(b"MSH|x"), b"\x0bMSH|x\x1c\r");
/// ```
#[must_use]
pub fn encode(payload: &[u8]) -> Vec<u8> {
    let mut frame = Vec::new();
    encode_into(payload, &mut frame);
    frame
}

/// Adds a payload in a frame to what stands in `out`.
///
/// ```
/// let mut out = carewire_mllp::encode(b"one");
/// carewire_mllp::encode_into(b"two", &mut out);
/// assert_eq!(out, b"\x0bone\x1c\r\x0btwo\x1c\r");
/// ```
pub fn encode_into(payload: &[u8], out: &mut Vec<u8>) {
    out.reserve(payload.len().saturating_add(3));
    out.push(VT);
    out.extend_from_slice(payload);
    out.extend_from_slice(&[FS, CR]);
}

/// A commit acknowledgement of MLLP release 2.
///
/// ```
/// use carewire_mllp::{CommitBlock, encode_commit};
/// assert_eq!(encode_commit(CommitBlock::Ack), *b"\x0b\x06\x1c\r");
/// assert_eq!(encode_commit(CommitBlock::Nak), *b"\x0b\x15\x1c\r");
/// ```
#[must_use]
pub fn encode_commit(block: CommitBlock) -> [u8; 4] {
    [VT, block.byte(), FS, CR]
}

/// Whether a receiver would read the payload back as it is: not empty, no [`CommitBlock`], and without a byte sequence that
/// could be taken for the start or the end of a frame. MLLP has no escape for them.
///
/// ```
/// use carewire_mllp::is_encodable;
/// assert!(is_encodable(b"MSH|x\r"));
/// assert!(!is_encodable(b"MSH|x\x1c\rPID|"));
/// assert!(!is_encodable(b""));
/// ```
#[must_use]
pub fn is_encodable(payload: &[u8]) -> bool {
    let marks = memchr2_iter(VT, FS, payload).any(|at| match payload.get(at) {
        Some(&FS) => matches!(payload.get(at + 1), Some(&(CR | LF | VT))),
        _ => at == 0 || payload.get(at - 1) == Some(&CR),
    });
    !payload.is_empty() && CommitBlock::of(payload).is_none() && !marks
}
