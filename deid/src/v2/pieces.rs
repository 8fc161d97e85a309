//! A value taken apart at one delimiter, without an allocation.

/// The most parts that are looked at; no datatype has more. What stands behind them is in no dictionary, and goes.
const MOST: usize = 32;

/// The parts of a value.
#[derive(Clone, Copy)]
pub(super) struct Pieces<'r> {
    parts: [&'r [u8]; MOST],
}

impl<'r> Pieces<'r> {
    /// Splits at the delimiter; a value without one, or in a message that declares none, is one part.
    pub(super) fn split(raw: &'r [u8], delimiter: Option<u8>) -> Self {
        let mut parts: [&[u8]; MOST] = [&[]; MOST];
        match delimiter {
            Some(delimiter) => {
                let found = raw.split(|byte| *byte == delimiter);
                parts.iter_mut().zip(found).for_each(|(part, found)| *part = found);
            }
            None => parts.iter_mut().take(1).for_each(|part| *part = raw),
        }
        Self { parts }
    }

    /// A part from 0; nothing where there is none.
    pub(super) fn get(&self, at: usize) -> &'r [u8] {
        self.parts.get(at).copied().unwrap_or_default()
    }

    pub(super) fn at(&self, at: u8) -> &'r [u8] {
        self.get(usize::from(at))
    }
}

/// What stands before the delimiter.
pub(super) fn first(raw: &[u8], delimiter: Option<u8>) -> &[u8] {
    let end = delimiter.and_then(|delimiter| raw.iter().position(|byte| *byte == delimiter));
    end.and_then(|end| raw.get(..end)).unwrap_or(raw)
}

/// The explicit null: what was known is no longer so.
pub(super) const NULL: &[u8] = b"\"\"";
