//! The actors of a provision.

use carewire_fhir_core::OrgId;

use super::{Name, OwnedName, Sameness};
use crate::access::Role;
use crate::decide::Query;
use crate::source::is_global;

/// How a provision stands to the request: as a [`crate::decide::Fit`] without the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Match {
    /// It is about something else.
    No,
    /// It holds something that is not understood.
    Unknown,
    /// It is about the request.
    Yes,
}

impl From<bool> for Match {
    fn from(matches: bool) -> Self {
        if matches { Self::Yes } else { Self::No }
    }
}

/// Actors of a provision, by what they are to the data: of those who ask the actor must be one, of those who hold the data
/// the org. None constrains nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Actors {
    ask: Box<[Actor]>,
    hold: Box<[Actor]>,
}

/// An actor of a provision.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Actor {
    /// Whoever is named, or belongs to who is named: a reference, or an identifier as `system|value`.
    Named(OwnedName),
    /// Whoever has the role.
    InRole(Box<str>),
    /// Who is named, in the role.
    NamedInRole(OwnedName, Box<str>),
    /// The org that holds the data.
    Custodian(Box<str>),
    /// What is not understood.
    Unknown,
}

impl std::fmt::Debug for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Named(_) => "Named(..)",
            Self::InRole(_) => "InRole(..)",
            Self::NamedInRole(..) => "NamedInRole(..)",
            Self::Custodian(_) => "Custodian(..)",
            Self::Unknown => "Unknown",
        })
    }
}

impl Actors {
    pub(crate) fn new(actors: Vec<Actor>) -> Self {
        let (hold, ask): (Vec<_>, Vec<_>) =
            actors.into_iter().partition(|actor| matches!(actor, Actor::Custodian(_)));
        Self { ask: ask.into(), hold: hold.into() }
    }

    /// Whether it names who asks.
    pub(crate) fn name_who_asks(&self) -> bool {
        !self.ask.is_empty()
    }

    #[inline(always)]
    pub(crate) fn matches(&self, query: &Query<'_>) -> Match {
        if self.ask.is_empty() && self.hold.is_empty() {
            return Match::Yes;
        }
        one_of(&self.ask, query).min(one_of(&self.hold, query))
    }
}

fn one_of(actors: &[Actor], query: &Query<'_>) -> Match {
    if actors.is_empty() {
        return Match::Yes;
    }
    actors.iter().map(|actor| actor.matches(query)).max().unwrap_or(Match::No)
}

impl Actor {
    fn matches(&self, query: &Query<'_>) -> Match {
        match self {
            Self::Named(name) => named(name, query),
            Self::InRole(role) => in_role(role, query),
            Self::NamedInRole(name, role) => named(name, query).min(in_role(role, query)),
            Self::Custodian(name) if holds(Name::of(name), query) => Match::Yes,
            // The org may have further names.
            Self::Custodian(_) => Match::Unknown,
            Self::Unknown => Match::Unknown,
        }
    }
}

fn named(name: &OwnedName, query: &Query<'_>) -> Match {
    let name = name.name();
    let org = query.request.actor.org.as_ref().unwrap_or(&query.request.org);
    let same = query.names.iter().map(|known| match name.compare(*known) {
        // What is called so in one org is not what is called so in another.
        Sameness::Same if query.is_foreign && !is_global(name.address()) => Match::Unknown,
        Sameness::Same => Match::Yes,
        Sameness::Perhaps => Match::Unknown,
        Sameness::Other => Match::No,
    });
    same.max().unwrap_or(Match::No).max(is_org(name, org))
}

/// The roles are those that a request can state; any other may mean anything, as may one of another org.
fn in_role(role: &str, query: &Query<'_>) -> Match {
    let own = query.request.actor.role.as_deref();
    if query.is_foreign {
        return Match::Unknown;
    }
    match (own.and_then(Role::from_name), Role::from_name(role)) {
        (Some(own), Some(role)) => (own == role).into(),
        _ if own == Some(role) => Match::Yes,
        _ => Match::Unknown,
    }
}

fn holds(name: Name<'_>, query: &Query<'_>) -> bool {
    let mut aliases = query.request.org_aliases.iter();
    is_org(name, &query.request.org) == Match::Yes
        || aliases.any(|known| name.compare(Name::of(known)) == Sameness::Same)
}

/// An org is called by its id everywhere; a URL that ends in it may be it.
fn is_org(name: Name<'_>, org: &OrgId) -> Match {
    match name.target().strip_prefix("Organization/") {
        Some(id) if id == org.as_str() => {
            if name.address() == name.target() {
                Match::Yes
            } else {
                Match::Unknown
            }
        }
        _ => Match::No,
    }
}
