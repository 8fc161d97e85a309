//! What a decoder accepts.

/// What a decoder accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The longest payload, in bytes: 16 MiB by default.
    pub max_frame: usize,
}

impl Limits {
    /// The limits with another longest payload.
    #[must_use]
    pub fn with_max_frame(mut self, max_frame: usize) -> Self {
        self.max_frame = max_frame;
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_frame: 16 << 20 }
    }
}
