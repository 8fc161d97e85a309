//! The purposes and actions of a provision.

use super::Coding;
use super::actors::Match;
use crate::decide::Query;
use crate::system::{ACT_REASON, canonical};
use crate::{Action, Purpose};

/// Purposes of which the request's must be one, or lie below one; none constrains nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Purposes {
    /// The bits of the purposes and of all below them.
    bits: u64,
    /// Codes of other systems: understood as themselves.
    local: Box<[Coding]>,
    has_unknown: bool,
}

impl Purposes {
    pub(crate) fn new(codings: &[Coding], has_unknown: bool) -> Self {
        let mut purposes = Self { has_unknown, ..Self::default() };
        let mut local = Vec::new();
        for coding in codings {
            let of_table = canonical(coding.system.as_deref()).is_none_or(|system| system == ACT_REASON);
            match Purpose::parse(&coding.code) {
                purpose if of_table && purpose.is_known() => purposes.bits |= purpose.bits_below(),
                _ if of_table => purposes.has_unknown = true,
                _ => local.push(coding.clone()),
            }
        }
        purposes.local = local.into();
        purposes
    }

    /// One purpose of the table, or one that is not understood.
    pub(crate) fn of(purpose: &Purpose) -> Self {
        Self { bits: purpose.bits_below(), has_unknown: !purpose.is_known(), ..Self::default() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bits == 0 && self.local.is_empty() && !self.has_unknown
    }

    #[inline(always)]
    pub(crate) fn matches(&self, query: &Query<'_>) -> Match {
        if self.bits & query.purpose != 0 || self.is_empty() {
            return Match::Yes;
        }
        if query.purpose != 0 {
            return if self.has_unknown { Match::Unknown } else { Match::No };
        }
        self.matches_unknown(query.request.purpose.as_str())
    }

    /// The request's purpose is of no table: it is itself, and could lie below any other.
    fn matches_unknown(&self, purpose: &str) -> Match {
        let asked = Coding::parse(purpose);
        if self.local.iter().any(|purpose| purpose.may_be(&asked)) { Match::Yes } else { Match::Unknown }
    }
}

/// Actions of which the request's must be one; none constrains nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Actions {
    bits: u8,
    has_unknown: bool,
}

impl Actions {
    pub(crate) fn new(actions: impl IntoIterator<Item = Action>, has_unknown: bool) -> Self {
        Self { bits: actions.into_iter().fold(0, |bits, action| bits | bit(action)), has_unknown }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bits == 0 && !self.has_unknown
    }

    #[inline(always)]
    pub(crate) fn matches(&self, query: &Query<'_>) -> Match {
        if self.is_empty() || self.bits & bit(query.request.action) != 0 {
            return Match::Yes;
        }
        if self.has_unknown { Match::Unknown } else { Match::No }
    }
}

fn bit(action: Action) -> u8 {
    match action {
        Action::Access => 1,
        Action::Collect => 2,
        Action::Use => 4,
        Action::Disclose => 8,
        Action::Correct => 16,
    }
}
