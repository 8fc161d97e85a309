//! What one consent says: a walk through its tree of provisions.

use std::ops::BitOr;

use super::{Fit, Level, Query};
use crate::model::{Match, Provision, Rules};
use crate::{Ruling, State};

/// What provisions permit for sure, and what they may deny.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) permits: Level,
    pub(crate) denies: Level,
}

impl Outcome {
    pub(crate) const NOTHING: Self = Self { permits: Level::NO, denies: Level::NO };
    const DENIAL: Self = Self { permits: Level::NO, denies: Level::YES };
}

impl BitOr for Outcome {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self { permits: self.permits | other.permits, denies: self.denies | other.denies }
    }
}

/// How to take what is defective: contradictory periods, unknown statuses, provisions that cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// As a denial, and not as a permit: so decisions are made.
    Safe,
    /// As not there: whether a denial rests on something readable.
    Without,
    /// As if it held: whether something defective stands in the way of a permit.
    Hopeful,
    /// As if it held, and at any time: what a consent that was taken back once spoke about.
    Timeless,
}

impl Reading {
    /// How a match that a defect leaves open counts.
    pub(crate) fn of(self, matched: Match) -> Match {
        match (self, matched) {
            (Self::Without, Match::Unknown) => Match::No,
            (Self::Hopeful, Match::Unknown) | (Self::Timeless, _) => Match::Yes,
            (_, matched) => matched,
        }
    }
}

/// What a consent says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judgement {
    pub(crate) outcome: Outcome,
    /// It is about the request, whatever it says of the data.
    pub(crate) applies: bool,
}

/// Judges by one consent, as if it were in the state `state`.
pub(crate) fn judge(rules: &Rules, state: Option<State>, query: &Query<'_>, reading: Reading) -> Judgement {
    const SILENT: Judgement = Judgement { outcome: Outcome::NOTHING, applies: false };
    let active = match state {
        Some(State::Active) => Match::Yes,
        Some(_) => Match::No,
        None => Match::Unknown,
    };
    let active = reading.of(active);
    if active == Match::No || rules.is_elsewhere {
        return SILENT;
    }
    let Some(asked) = asked(&rules.root, query, reading) else { return SILENT };
    let visited = inside(&rules.root, Place::Root, asked, query, reading, false);
    let outcome = match active {
        Match::Yes => visited,
        _ => Outcome { permits: Level::NO, denies: visited.denies },
    };
    Judgement { outcome, applies: true }
}

/// Where a provision stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Root,
    Below,
}

/// What a provision, and those below it, say. `named`: one above names the actor.
pub(crate) fn visit(
    provision: &Provision,
    place: Place,
    query: &Query<'_>,
    reading: Reading,
    named: bool,
) -> Outcome {
    match asked(provision, query, reading) {
        Some(asked) => inside(provision, place, asked, query, reading, named),
        None => Outcome::NOTHING,
    }
}

/// Whether a provision is about the request, whatever it says of the data; `None` where it is not.
fn asked(provision: &Provision, query: &Query<'_>, reading: Reading) -> Option<Match> {
    let when = reading.of(provision.period.matches(query.now));
    let asked = match provision.unknown {
        _ if when == Match::No => Match::No,
        Some(_) => when,
        None => when.min(provision.matches(query)),
    };
    (asked != Match::No).then_some(asked)
}

/// What a provision that is about the request says, and those below it.
fn inside(
    provision: &Provision,
    place: Place,
    asked: Match,
    query: &Query<'_>,
    reading: Reading,
    named: bool,
) -> Outcome {
    if provision.unknown.is_some() {
        return if reading == Reading::Without { Outcome::NOTHING } else { Outcome::DENIAL };
    }
    let named = named || provision.actors.name_who_asks();
    let scope = Scope::new(provision, place, asked, query, named || !query.is_foreign);
    if scope.bounds.is_no() {
        return Outcome::NOTHING;
    }
    let below = provision.provisions.iter().map(|below| visit(below, Place::Below, query, reading, named));
    scope.settle(provision.effect, below.fold(Outcome::NOTHING, BitOr::bitor))
}

/// What a provision is about.
struct Scope {
    /// What bounds those below it.
    bounds: Fit,
    /// What it permits itself, within the bounds.
    own: Level,
}

impl Scope {
    fn new(provision: &Provision, place: Place, asked: Match, query: &Query<'_>, may_permit: bool) -> Self {
        let asked = match asked {
            Match::Yes => Fit::YES,
            Match::Unknown => Fit::UNKNOWN,
            Match::No => Fit::NO,
        };
        let data = provision.data.fit(&query.facts);
        // What a root permit names is "nothing but": its exceptions may name other data.
        let (bounds, own) = match (place, provision.effect) {
            (Place::Root, Some(Ruling::Permit)) => (asked, data.least),
            _ => (asked & data, Level::YES),
        };
        Self { bounds, own: if may_permit { own } else { Level::NO } }
    }

    /// The deepest that matches decides; among siblings a denial does.
    fn settle(&self, effect: Option<Ruling>, below: Outcome) -> Outcome {
        let Fit { least, most } = self.bounds;
        match effect {
            Some(Ruling::Permit) => Outcome {
                permits: least & !below.denies & (below.permits | self.own),
                denies: most & below.denies,
            },
            Some(Ruling::Deny) => Outcome {
                permits: least & !below.denies & below.permits,
                denies: most & (below.denies | !below.permits),
            },
            None => Outcome { permits: least & !below.denies & below.permits, denies: most & below.denies },
        }
    }
}
