//! What Cedar cannot say.

/// A consent or a request says what Cedar cannot. No value of it stands here.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not sayable in Cedar: {what}")]
pub struct NotSayable {
    what: String,
}

impl NotSayable {
    /// An element that is not among those of the subset.
    pub(crate) fn at(error: &serde_json::Error) -> Self {
        Self { what: format!("line {}, column {}", error.line(), error.column()) }
    }

    /// A partial date, or none.
    pub(crate) fn period() -> Self {
        Self { what: "a period of neither days nor instants".into() }
    }

    /// A base rule that neither permits nor denies.
    pub(crate) fn effect() -> Self {
        Self { what: "a base rule without an effect".into() }
    }

    /// A code that a request may not hold.
    pub(crate) fn code() -> Self {
        Self { what: "a code of a request that is not known".into() }
    }

    /// What Cedar refuses to read.
    pub(crate) fn refused() -> Self {
        Self { what: "refused by Cedar".into() }
    }
}
