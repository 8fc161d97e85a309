//! The message that is sent, framed, with a new control id every time.

use carewire_benches::admission_of_1_5_kb;

const DIGITS: usize = 12;

/// A frame of 1.5 KB whose MSH-10 is written over in place.
pub(crate) struct Frame {
    bytes: Vec<u8>,
    id_at: usize,
}

impl Frame {
    /// `None` when the synthetic message has no MSH-10, which does not happen.
    pub(crate) fn new() -> Option<Self> {
        let message = admission_of_1_5_kb();
        let mut separators = message.match_indices('|').skip(8).map(|(at, _)| at);
        let (before, after) = separators.next().zip(separators.next())?;
        let id_at = before + 2;
        let id = [b'0'; DIGITS];
        let (head, tail) = (message.get(..=before)?, message.get(after..)?);
        let bytes = [b"\x0B", head.as_bytes(), &id, tail.as_bytes(), b"\x1C\r"].concat();
        Some(Self { bytes, id_at })
    }

    /// The whole frame.
    pub(crate) fn with_id(&mut self, id: u64) -> &[u8] {
        if let Some(place) = self.bytes.get_mut(self.id_at..self.id_at + DIGITS) {
            place.copy_from_slice(&Self::id(id));
        }
        &self.bytes
    }

    /// A control id as it stands in the message.
    pub(crate) fn id(mut id: u64) -> [u8; DIGITS] {
        let mut digits = [b'0'; DIGITS];
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (id % 10) as u8;
            id /= 10;
        }
        digits
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }
}
