//! What bytes look like, without saying what they are.

use std::fmt;

use crate::{CR, FS, LF, VT};

/// The kind of a byte, as far as framing is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ByteClass {
    /// `VT`, 0x0B: begins a frame.
    StartBlock,
    /// `FS`, 0x1C: ends a frame.
    EndBlock,
    /// `CR`, 0x0D.
    CarriageReturn,
    /// `LF`, 0x0A.
    LineFeed,
    /// 0x00.
    Nul,
    /// Any other byte below 0x20, and 0x7F.
    Control,
    /// Printable ASCII.
    Text,
    /// 0x80 and above.
    High,
}

impl ByteClass {
    /// The class of a byte.
    ///
    /// ```
    /// use carewire_mllp::ByteClass;
    /// assert_eq!(ByteClass::of(b'M'), ByteClass::Text);
    /// assert_eq!(ByteClass::of(0x0B), ByteClass::StartBlock);
    /// ```
    #[must_use]
    pub fn of(byte: u8) -> Self {
        match byte {
            VT => Self::StartBlock,
            FS => Self::EndBlock,
            CR => Self::CarriageReturn,
            LF => Self::LineFeed,
            0 => Self::Nul,
            0x20..=0x7E => Self::Text,
            0x80.. => Self::High,
            _ => Self::Control,
        }
    }

    /// The name that a [`Shape`] is written with.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StartBlock => "VT",
            Self::EndBlock => "FS",
            Self::CarriageReturn => "CR",
            Self::LineFeed => "LF",
            Self::Nul => "NUL",
            Self::Control => "control",
            Self::Text => "text",
            Self::High => "high",
        }
    }
}

/// How many bytes of which class follow each other: what can be shown of a stream when its content may not be.
///
/// It answers "what did the peer send" where the frames are wrong: no start, an end without its carriage return, line feeds
/// for carriage returns. It keeps a limited number of runs, and counts the bytes behind them.
///
/// ```
/// use carewire_mllp::{Shape, encode};
/// assert_eq!(Shape::of(&encode(b"MSH|^~\\&\rPID|\r")).to_string(), "VT text*8 CR text*4 CR FS CR");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Shape {
    runs: Vec<(ByteClass, u64)>,
    most: usize,
    beyond: u64,
}

impl Shape {
    /// How many runs [`Shape::of`] keeps.
    pub const MOST_RUNS: usize = 64;

    /// A shape of nothing yet, which will keep `most` runs.
    #[must_use]
    pub fn with_most_runs(most: usize) -> Self {
        Self { runs: Vec::new(), most, beyond: 0 }
    }

    /// The shape of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut shape = Self::with_most_runs(Self::MOST_RUNS);
        shape.extend(bytes);
        shape
    }

    /// Adds one byte.
    pub fn push(&mut self, byte: u8) {
        let class = ByteClass::of(byte);
        let (open, room) = (self.beyond == 0, self.runs.len() < self.most);
        match self.runs.last_mut() {
            Some((last, len)) if open && *last == class => *len += 1,
            _ if open && room => self.runs.push((class, 1)),
            _ => self.beyond += 1,
        }
    }

    /// Adds bytes.
    pub fn extend(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.push(*byte));
    }

    /// The runs that are kept: a class, and how many bytes of it follow each other.
    #[must_use]
    pub fn runs(&self) -> &[(ByteClass, u64)] {
        &self.runs
    }

    /// How many bytes stand behind the runs that are kept.
    #[must_use]
    pub fn beyond(&self) -> u64 {
        self.beyond
    }

    /// How many bytes it describes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.runs.iter().map(|(_, len)| len).sum::<u64>() + self.beyond
    }

    /// Whether it describes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Default for Shape {
    fn default() -> Self {
        Self::with_most_runs(Self::MOST_RUNS)
    }
}

/// The runs in order, `text*12` for twelve bytes of text, and at the end `+300` for 300 bytes that no run describes.
impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, (class, len)) in self.runs.iter().enumerate() {
            let gap = if n == 0 { "" } else { " " };
            match len {
                1 => write!(f, "{gap}{}", class.as_str())?,
                _ => write!(f, "{gap}{}*{len}", class.as_str())?,
            }
        }
        match (self.beyond, self.runs.is_empty()) {
            (0, _) => Ok(()),
            (beyond, true) => write!(f, "+{beyond}"),
            (beyond, false) => write!(f, " +{beyond}"),
        }
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shape({self})")
    }
}

#[cfg(test)]
#[path = "shape_tests.rs"]
mod tests;
