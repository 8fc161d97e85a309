//! Framing a payload.

use crate::{CR, FS, LF, VT};

/// Puts a payload in a frame.
///
/// ```
/// assert_eq!(carewire_mllp::encode(b"MSH|x"), b"\x0bMSH|x\x1c\r");
/// ```
#[must_use]
pub fn encode(payload: &[u8]) -> Vec<u8> {
    let mut frame = Vec::with_capacity(payload.len().saturating_add(3));
    frame.push(VT);
    frame.extend_from_slice(payload);
    frame.extend_from_slice(&[FS, CR]);
    frame
}

/// Whether a receiver would read the payload back as it is: not empty, and without a byte sequence that could be taken for
/// the start or the end of a frame. MLLP has no escape for them.
///
/// ```
/// use carewire_mllp::is_encodable;
/// assert!(is_encodable(b"MSH|x\r"));
/// assert!(!is_encodable(b"MSH|x\x1c\rPID|"));
/// assert!(!is_encodable(b""));
/// ```
#[must_use]
pub fn is_encodable(payload: &[u8]) -> bool {
    let marks = payload.windows(2).any(|pair| matches!(pair, [FS, CR | LF | VT] | [CR, VT]));
    !payload.is_empty() && payload.first() != Some(&VT) && !marks
}
