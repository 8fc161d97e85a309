//! Provisions: the nodes of a consent's tree of rules.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::actors::{Actors, Match};
use super::data::{DataFilter, Span};
use super::purposes::{Actions, Purposes};
use crate::Ruling;
use crate::decide::Query;

/// A rule, and the rules that refine it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Provision {
    /// Where it stands in the document, for example `Consent.provision.provision[2]`; empty for the whole of it.
    pub(crate) path: Arc<str>,
    /// What it does to what it is about; nothing where a root does not say.
    pub(crate) effect: Option<Ruling>,
    /// Why nothing that it permits can be relied on, and what it denies cannot be told.
    pub(crate) unknown: Option<Unknown>,
    /// When it holds.
    pub(crate) period: Period,
    /// Who.
    pub(crate) actors: Actors,
    /// What is to be done.
    pub(crate) actions: Actions,
    /// What for.
    pub(crate) purposes: Purposes,
    /// Which data.
    pub(crate) data: DataFilter,
    /// What refines it.
    pub(crate) provisions: Box<[Provision]>,
}

/// What makes a whole provision unreadable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// A `modifierExtension` or `implicitRules`: it may turn the meaning round.
    Modifier,
    /// An element that FHIR does not define, or one of another shape.
    Element,
    /// Neither permit nor deny, and nothing that it could be the inverse of.
    Effect,
}

/// When a provision holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Period {
    /// Always.
    #[default]
    Always,
    /// Within.
    Within(Span),
    /// What is stated is no period, or ends before it begins.
    Contradictory,
}

impl Period {
    /// A period of bounds that were read; `None` for what could not be.
    pub(crate) fn of(span: Option<Span>) -> Self {
        match span {
            Some(span) if span == Span::default() => Self::Always,
            Some(span) if !span.is_contradictory() => Self::Within(span),
            _ => Self::Contradictory,
        }
    }

    /// When both hold.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Always, period) | (period, Self::Always) => period,
            (Self::Within(one), Self::Within(other)) => Self::of(Some(one.and(other))),
            _ => Self::Contradictory,
        }
    }

    #[inline]
    pub(crate) fn matches(&self, now: DateTime<Utc>) -> Match {
        match self {
            Self::Always => Match::Yes,
            Self::Within(span) => span.contains(now).into(),
            Self::Contradictory => Match::Unknown,
        }
    }

    fn boundaries(self) -> impl Iterator<Item = DateTime<Utc>> {
        let span = if let Self::Within(span) = self { span } else { Span::default() };
        span.boundaries()
    }
}

impl Provision {
    /// How the elements that are about the request match; the period apart.
    pub(crate) fn matches(&self, query: &Query<'_>) -> Match {
        let purposes = self.purposes.matches(query);
        if purposes == Match::No {
            return Match::No;
        }
        purposes.min(self.actions.matches(query)).min(self.actors.matches(query))
    }

    /// Every instant at which a period in it begins or ends.
    pub(crate) fn boundaries(&self, into: &mut Vec<DateTime<Utc>>) {
        into.extend(self.period.boundaries());
        for provision in &self.provisions {
            provision.boundaries(into);
        }
    }
}
