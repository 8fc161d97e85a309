//! Why a decision is what it is: places and codes, no values.

use super::combine::{self, Verdict};
use super::walk::{Outcome, Place, Reading, judge, visit};
use super::{Fit, Level, Query};
use crate::model::{Consent, Match, Period, Provision, Unknown};
use crate::{Combining, Effect, Implicit, Kind, Policy, Reason, Ruling, State, Why, access};

/// What every consent contributed and what settled the matter.
pub(super) fn of<'a>(
    consents: impl Iterator<Item = &'a Consent>,
    query: &Query<'_>,
    policy: &Policy,
    verdict: &Verdict,
) -> Vec<Reason> {
    let mut reasons = Vec::with_capacity(consents.size_hint().0);
    let mut settled = faults(query, policy);
    settle(query, policy, verdict, &mut settled);
    for consent in consents {
        let before = reasons.len();
        Writer { consent, query, reasons: &mut reasons, is_full: false }.consent();
        // What speaks against the answer did not decide it: it was about some of the data only.
        let decisive = match (policy.combining, verdict.kind) {
            (Combining::OrderedDenyOverrides, Kind::Deny | Kind::Indeterminate) => Effect::Deny,
            (Combining::OrderedPermitOverrides, Kind::Permit) => Effect::Permit,
            _ => continue,
        };
        if reasons.iter().skip(before).any(|reason| reason.effect == decisive) {
            break;
        }
    }
    if !policy.combining.is_ordered() {
        reasons.sort();
    }
    reasons.dedup();
    settled.sort();
    reasons.splice(0..0, settled);
    reasons
}

/// What each provision of each consent contributed, also those that do not match.
pub(crate) fn in_full<'a>(consents: impl Iterator<Item = &'a Consent>, query: &Query<'_>) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for consent in consents {
        Writer { consent, query, reasons: &mut reasons, is_full: true }.consent();
    }
    reasons
}

fn faults(query: &Query<'_>, policy: &Policy) -> Vec<Reason> {
    let found = [
        (combine::lacks_classes(query, policy), "request.data_classes", Why::NoDataClass),
        (combine::is_unclassified(query), "request.data_classes", Why::UnclassifiedData),
        (access::lacks_reason(query.request), "request.break_glass.reason", Why::BreakGlassReasonMissing),
    ];
    let found = found.into_iter().filter(|(is_fault, ..)| *is_fault).map(|(_, path, why)| (path, why));
    let refused = query.access.refusal.map(|refusal| (refusal.path, refusal.why));
    refused.into_iter().chain(found).map(|(path, why)| general(path, Effect::Deny, why)).collect()
}

fn general(path: &'static str, effect: Effect, why: Why) -> Reason {
    Reason { consent: None, path: path.into(), effect, why }
}

/// What settles a request that no consent settles.
fn settle(query: &Query<'_>, policy: &Policy, verdict: &Verdict, into: &mut Vec<Reason>) {
    let classes = query.classes();
    let totals = &verdict.totals;
    if query.access.refusal.is_some() {
        return;
    }
    if verdict.is_glass_broken {
        return into.push(general("request.break_glass", Effect::Permit, Why::GlassBroken));
    }
    if query.purpose == 0 && verdict.kind != Kind::Permit {
        into.push(general("request.purpose", Effect::Deny, Why::UnknownPurpose));
    }
    if verdict.kind == Kind::Deny && totals.denies.is_sure_of_some(classes) {
        return;
    }
    if totals.permits.may_all(classes) {
        match verdict.kind {
            Kind::Permit => {}
            _ if policy.all_classes_or_nothing && verdict.permitted.may_all(classes) => {
                into.push(general("policy.all_classes_or_nothing", Effect::Deny, Why::NotAllData));
            }
            _ => into.push(general("request", Effect::Deny, Why::NothingLeft)),
        }
        return;
    }
    if totals.permits.may(classes) {
        into.push(general("request.data_classes", Effect::None, Why::ClassNotPermitted));
    }
    if query.is_foreign && verdict.kind != Kind::Permit {
        into.push(general("request.actor.org", Effect::Deny, Why::OtherOrg));
    }
    into.push(match (policy.combining, policy.implicit, verdict.kind) {
        (Combining::PermitUnlessDeny, _, Kind::Permit) => {
            general("policy.combining", Effect::Permit, Why::ImplicitPermit)
        }
        (_, Implicit::PermitUnlessDenied, Kind::Permit) => {
            general("policy.implicit", Effect::Permit, Why::ImplicitPermit)
        }
        (_, Implicit::PermitUnlessDenied, _) if totals.taken_back => {
            general("policy.implicit", Effect::Deny, Why::Revoked)
        }
        (_, Implicit::PermitUnlessDenied, _) if totals.is_settled => {
            general("policy.implicit", Effect::Deny, Why::NotNamed)
        }
        _ => general("policy.implicit", Effect::Deny, Why::ImplicitDeny),
    });
}

struct Writer<'a, 'q> {
    consent: &'a Consent,
    query: &'a Query<'q>,
    reasons: &'a mut Vec<Reason>,
    /// Also what does not match below a root that does.
    is_full: bool,
}

impl Writer<'_, '_> {
    fn consent(&mut self) {
        let rules = self.consent.rules();
        let root = &rules.root;
        if rules.is_elsewhere {
            return self.push_element(root, "scope", Effect::None, Why::OtherScope);
        }
        match rules.state {
            Some(State::Active) => {}
            Some(state) => return self.push_element(root, "status", Effect::None, why_of(state)),
            None => {
                let denies = judge(rules, None, self.query, Reading::Safe).outcome.denies;
                let effect = if denies.may(self.query.classes()) { Effect::Deny } else { Effect::None };
                return self.push_element(root, "status", effect, Why::UnknownCode);
            }
        }
        let said = visit(root, Place::Root, self.query, Reading::Safe, false);
        self.provision(root, Place::Root, said, false);
    }

    /// What a provision, or those below it, say, which is `said`; or why it says nothing.
    fn provision(&mut self, provision: &Provision, place: Place, said: Outcome, named: bool) {
        let classes = self.query.classes();
        let is_silent = !said.permits.may(classes) && !said.denies.may(classes);
        // What permits is about the request.
        let mismatch = if said.permits.may(classes) { None } else { self.mismatch(provision) };
        if let Some((element, why)) = mismatch {
            let is_denial = said.denies.may(classes);
            let effect = if is_denial { Effect::Deny } else { Effect::None };
            return self.push_element(provision, element, effect, why);
        }
        if let Some(unknown) = provision.unknown {
            return self.push(provision, Effect::Deny, why_unknown(unknown));
        }
        let named = named || provision.actors.name_who_asks();
        let mut below = Outcome::NOTHING;
        for provision in &provision.provisions {
            let said = visit(provision, Place::Below, self.query, Reading::Safe, named);
            if self.is_full || said.permits.may(classes) || said.denies.may(classes) {
                self.provision(provision, Place::Below, said, named);
            }
            below = below | said;
        }
        if Self::is_overruled(provision, said, below, classes) {
            if self.is_full {
                self.push(provision, Effect::None, Why::Refined);
            }
            return;
        }
        self.own(provision, place, named, is_silent);
    }

    /// Whether those below it decide about all that it is about.
    fn is_overruled(provision: &Provision, said: Outcome, below: Outcome, classes: u32) -> bool {
        let own = match provision.effect {
            Some(Ruling::Permit) => said.permits.maybe & !below.permits.sure,
            Some(Ruling::Deny) => said.denies.maybe & !below.denies.sure,
            None => 0,
        };
        let is_refined = below.permits.may(classes) || below.denies.may(classes);
        is_refined && own & classes == 0
    }

    /// What the provision itself does.
    fn own(&mut self, provision: &Provision, place: Place, named: bool, is_silent: bool) {
        let classes = self.query.classes();
        let fit = provision.data.fit(&self.query.facts);
        let is_odd = || provision.data.has_unknown() || provision.matches(self.query) == Match::Unknown;
        match provision.effect {
            Some(Ruling::Permit) if self.query.is_foreign && !named => {
                self.push_element(provision, "actor", Effect::None, Why::OtherActor);
            }
            Some(Ruling::Permit) if fit.least.may(classes) => {
                let element = if provision.path.is_empty() { Some("class") } else { None };
                self.push_at(provision, element, Effect::Permit, extent(fit.least, classes));
            }
            Some(Ruling::Deny) if fit.most.may(classes) => {
                let is_unsure = !fit.least.is_sure_of_some(classes) && is_odd();
                let sure = if is_unsure { Why::UnknownCode } else { Why::Matches };
                let why = if fit.most.is_sure_of_some(classes) { sure } else { Why::MatchesSomeData };
                self.push(provision, Effect::Deny, why);
            }
            Some(_) | None if is_silent || self.is_full || place == Place::Below => {
                self.other_data(provision, fit, place);
            }
            _ => {}
        }
    }

    /// Which element of the data does not fit.
    fn other_data(&mut self, provision: &Provision, fit: Fit, place: Place) {
        let classes = self.query.classes();
        let misses = provision.data.fits(&self.query.facts).find(|(_, fit)| !fit.least.may(classes));
        let exclusive = place == Place::Root && self.consent.rules().is_exclusive;
        match misses {
            Some((element, miss)) if miss.most.may(classes) => {
                self.push_element(provision, element, Effect::None, Why::UnknownCode);
            }
            Some((_, _)) if exclusive => self.push(provision, Effect::None, Why::NotNamed),
            Some((element, _)) => self.push_element(provision, element, Effect::None, why_other(element)),
            None if fit.most.may(classes) => self.push(provision, Effect::None, Why::NoEffect),
            None => {}
        }
    }

    /// The first element about the request that does not match.
    fn mismatch(&self, provision: &Provision) -> Option<(&'static str, Why)> {
        let now = self.query.now;
        match provision.period {
            Period::Within(span) if span.start.is_some_and(|start| now < start) => {
                return Some(("period.start", Why::NotYetInForce));
            }
            Period::Within(span) if span.end.is_some_and(|end| end <= now) => {
                return Some(("period.end", Why::NoLongerInForce));
            }
            Period::Contradictory => return Some(("period.end", Why::ContradictoryPeriod)),
            _ => {}
        }
        if provision.unknown.is_some() {
            return None;
        }
        let elements = [
            (provision.purposes.matches(self.query), "purpose", Why::OtherPurpose),
            (provision.actions.matches(self.query), "action", Why::OtherAction),
            (provision.actors.matches(self.query), "actor", Why::OtherActor),
        ];
        let no = elements.iter().find(|(matched, ..)| *matched == Match::No);
        let unknown = elements.iter().find(|(matched, ..)| *matched == Match::Unknown);
        match (no, unknown) {
            (Some((_, element, why)), _) => Some((element, *why)),
            (None, Some((_, element, _))) => Some((element, Why::UnknownCode)),
            (None, None) => None,
        }
    }

    fn push(&mut self, provision: &Provision, effect: Effect, why: Why) {
        self.push_at(provision, None, effect, why);
    }

    fn push_element(&mut self, provision: &Provision, element: &'static str, effect: Effect, why: Why) {
        self.push_at(provision, Some(element), effect, why);
    }

    fn push_at(&mut self, provision: &Provision, element: Option<&'static str>, effect: Effect, why: Why) {
        let path = self.consent.source().place(&provision.path, element);
        self.reasons.push(Reason { consent: Some(self.consent.rules().id.clone()), path, effect, why });
    }
}

fn extent(level: Level, classes: u32) -> Why {
    match () {
        () if level.is_sure_of_all(classes) => Why::Matches,
        () if level.is_sure_of_some(classes) => Why::MatchesSomeClasses,
        () => Why::MatchesSomeData,
    }
}

fn why_of(state: State) -> Why {
    match state {
        State::Revoked => Why::Revoked,
        State::Expired => Why::Expired,
        _ => Why::Pending,
    }
}

fn why_unknown(unknown: Unknown) -> Why {
    match unknown {
        Unknown::Modifier => Why::UnknownModifier,
        Unknown::Element => Why::UnknownElement,
        Unknown::Effect => Why::UnknownEffect,
    }
}

fn why_other(element: &str) -> Why {
    match element {
        "class" => Why::OtherClasses,
        "securityLabel" => Why::OtherLabels,
        "code" => Why::OtherCodes,
        "dataPeriod" => Why::OtherDates,
        _ => Why::OtherData,
    }
}
