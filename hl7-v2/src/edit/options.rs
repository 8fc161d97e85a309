//! How to edit.

/// How edits are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct EditOptions {
    /// What becomes of separators that nothing follows any more.
    pub trailing: Trailing,
}

impl EditOptions {
    /// Sets what becomes of separators that nothing follows any more.
    #[must_use]
    pub fn with_trailing(mut self, trailing: Trailing) -> Self {
        self.trailing = trailing;
        self
    }
}

/// What becomes of separators that nothing follows any more when a value is removed. Both mean the same to a
/// receiver.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "they stay or they go")]
pub enum Trailing {
    /// They stay: only the value goes.
    #[default]
    Keep,
    /// They go, at every level above the place that was changed.
    Trim,
}
