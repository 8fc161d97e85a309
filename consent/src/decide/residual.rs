//! What a decision leaves to be decided about each piece of data.

use std::sync::Arc;

use super::combine::{Say, Totals};
use super::walk::Reading;
use super::{Level, Query};
use crate::condition::{Condition, Side};
use crate::model::data::DataFilter;
use crate::model::{Consent, Match, Provision, Rules};
use crate::{Combining, Obligation, Policy, Ruling, State};

/// More conditions than this cannot be followed by anybody: nothing is permitted.
const MOST: usize = 4_000;

/// What is permitted and what is denied, as conditions on data.
#[derive(Clone, Debug, Default)]
pub(crate) struct Residual {
    permits: Vec<Condition>,
    denies: Vec<Condition>,
    /// What may be used must fit one of the permits.
    is_only: bool,
    /// There are too many conditions.
    is_too_large: bool,
}

impl Residual {
    pub(crate) fn of<'a>(
        consents: impl Iterator<Item = &'a Consent>,
        query: &Query<'_>,
        policy: &Policy,
        totals: &Totals,
        say: Say,
    ) -> Self {
        let mut all = Self::default();
        for consent in consents {
            let of_consent = Walk { query, consent: &consent.rules().id }.consent(consent.rules());
            all.permits.extend(of_consent.permits);
            all.denies.extend(of_consent.denies);
            all.is_too_large |= size(&all.permits).saturating_add(size(&all.denies)) > MOST;
            if all.is_too_large {
                break;
            }
        }
        all.combined(policy, totals, query.classes(), say)
    }

    /// By the algorithm of the policy.
    fn combined(mut self, policy: &Policy, totals: &Totals, classes: u32, say: Say) -> Self {
        // Whether something is permitted that no consent permits: then what is left out is all there is to say.
        let without = Totals { permits: Level::NO, ..*totals };
        let has_implicit = without.permitted(policy, say).may(classes);
        self.is_only = !has_implicit;
        match policy.combining {
            Combining::DenyOverrides | Combining::OrderedDenyOverrides | Combining::PermitUnlessDeny => {
                // All that is denied is left out anyway.
                self.permits.iter_mut().for_each(|permit| permit.except.clear());
                self.drop_idle_denials();
            }
            Combining::PermitOverrides | Combining::OrderedPermitOverrides | Combining::DenyUnlessPermit
                if has_implicit =>
            {
                self.permits = without_repetition(self.permits);
                for denial in &mut self.denies {
                    denial.except.extend(self.permits.iter().cloned());
                }
            }
            Combining::PermitOverrides | Combining::OrderedPermitOverrides | Combining::DenyUnlessPermit => {
                self.denies.clear();
            }
        }
        self
    }

    /// A denial of which all that may be kept is an exception leaves nothing out.
    fn drop_idle_denials(&mut self) {
        let Self { permits, denies, is_only, .. } = self;
        let is_excepted =
            |denial: &Condition, permit: &Condition| denial.except.iter().any(|one| permit.is_within(one));
        denies.retain(|denial| !*is_only || !permits.iter().all(|permit| is_excepted(denial, permit)));
    }

    /// Whether nothing is left.
    pub(crate) fn is_void(&self) -> bool {
        let is_denied = |permit: &Condition| self.denies.iter().any(|denial| permit.is_within(denial));
        self.is_too_large || (self.is_only && self.permits.iter().all(is_denied))
    }

    /// As obligations: what alone may be kept, then what is left out.
    pub(crate) fn obligations(self) -> Vec<Obligation> {
        let mut obligations = Vec::new();
        let any_of = without_repetition(self.permits);
        if self.is_only && !any_of.iter().any(Condition::is_everything) {
            obligations.push(Obligation::Only { any_of });
        }
        obligations.extend(without_repetition(self.denies).into_iter().map(Obligation::Redact));
        obligations
    }
}

/// Each once, in an order that the order of the consents does not change.
pub(super) fn without_repetition<T: PartialEq + serde::Serialize>(mut items: Vec<T>) -> Vec<T> {
    items.sort_by_cached_key(|item| serde_json::to_string(item).unwrap_or_default());
    items.dedup();
    items
}

fn size(conditions: &[Condition]) -> usize {
    conditions.iter().map(Condition::size).fold(0, usize::saturating_add)
}

/// What provisions permit and deny.
#[derive(Default)]
struct Sides {
    permits: Vec<Condition>,
    denies: Vec<Condition>,
}

struct Walk<'a, 'q> {
    query: &'a Query<'q>,
    consent: &'a Arc<str>,
}

impl Walk<'_, '_> {
    fn consent(&self, rules: &Rules) -> Sides {
        let is_active = matches!(rules.state, Some(State::Active) | None) && !rules.is_elsewhere;
        if !is_active {
            return Sides::default();
        }
        let mut sides = self.visit(&rules.root, true, false);
        if rules.state.is_none() {
            sides.permits.clear();
        }
        sides
    }

    /// As [`super::walk::visit`], on conditions: the two are held against each other by a law.
    fn visit(&self, provision: &Provision, is_root: bool, named: bool) -> Sides {
        let when = Reading::Safe.of(provision.period.matches(self.query.now));
        let asked = match (when, provision.unknown) {
            (Match::No, _) => Match::No,
            (_, Some(_)) => {
                return Sides { denies: vec![self.condition(provision, None, vec![])], ..Sides::default() };
            }
            (when, None) => when.min(provision.matches(self.query)),
        };
        if asked == Match::No {
            return Sides::default();
        }
        let named = named || provision.actors.name_who_asks();
        let mut below = Sides::default();
        for provision in &provision.provisions {
            let sides = self.visit(provision, false, named);
            below.permits.extend(sides.permits);
            below.denies.extend(sides.denies);
        }
        let mut sides = self.settle(provision, is_root, named || !self.query.is_foreign, below);
        if asked == Match::Unknown {
            sides.permits.clear();
        }
        sides
    }

    fn settle(&self, provision: &Provision, is_root: bool, may_permit: bool, below: Sides) -> Sides {
        let Sides { mut permits, denies } = below;
        permits.iter_mut().for_each(|permit| permit.except.extend(denies.iter().cloned()));
        let own = |except| self.condition(provision, Some(&provision.data), except);
        match provision.effect {
            Some(Ruling::Permit) if is_root => {
                permits.extend(
                    may_permit.then(|| own(denies.clone())).filter(|own| self.may(own, Side::Permit)),
                );
                Sides { permits, denies }
            }
            Some(Ruling::Permit) if may_permit => {
                let permit = Some(own(denies.clone())).filter(|own| self.may(own, Side::Permit));
                Sides {
                    permits: permit.into_iter().collect(),
                    denies: self.within(provision, denies, Side::Deny),
                }
            }
            Some(Ruling::Deny) => {
                let denial = Some(own(permits.clone())).filter(|own| self.may(own, Side::Deny));
                let denies = denial.into_iter().collect();
                Sides { permits: self.within(provision, permits, Side::Permit), denies }
            }
            Some(Ruling::Permit) | None => Sides {
                permits: self.within(provision, permits, Side::Permit),
                denies: self.within(provision, denies, Side::Deny),
            },
        }
    }

    /// Conditions from below, bounded by the data of the provision above.
    fn within(&self, provision: &Provision, mut below: Vec<Condition>, side: Side) -> Vec<Condition> {
        if let Some(filter) = self.remaining(&provision.data) {
            below.iter_mut().for_each(|condition| condition.filters.insert(0, filter.clone()));
        }
        below.retain(|condition| self.may(condition, side));
        below
    }

    fn condition(
        &self,
        provision: &Provision,
        data: Option<&DataFilter>,
        except: Vec<Condition>,
    ) -> Condition {
        let filters = data.and_then(|data| self.remaining(data)).into_iter().collect();
        Condition { filters, except, consent: self.consent.clone(), path: provision.path.clone() }
    }

    /// What of a filter is not settled by what is said of the data.
    fn remaining(&self, data: &DataFilter) -> Option<DataFilter> {
        Some(data.remaining(&self.query.facts)).filter(|left| !left.is_empty())
    }

    /// Whether a condition may fit some of the data.
    fn may(&self, condition: &Condition, side: Side) -> bool {
        condition.level(&self.query.facts, side).may(self.query.classes())
    }
}
