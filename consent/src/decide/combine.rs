//! What all consents of a patient say together.

use super::residual::Residual;
use super::walk::{Judgement, Reading, judge};
use super::{Level, Query};
use crate::model::{Consent, Rules};
use crate::{Combining, Implicit, Kind, Policy, Purpose, State};

/// What consents say together. Adding is commutative, associative and idempotent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Totals {
    pub(crate) permits: Level,
    pub(crate) denies: Level,
    /// A consent that spoke about some of it was taken back.
    pub(crate) taken_back: bool,
    /// A consent applies whose terms replace the implicit policy.
    pub(crate) is_settled: bool,
}

impl Totals {
    const NONE: Self = Self { permits: Level::NO, denies: Level::NO, taken_back: false, is_settled: false };

    pub(crate) fn of<'a>(
        consents: impl Iterator<Item = &'a Consent>,
        query: &Query<'_>,
        reading: Reading,
    ) -> Self {
        consents.fold(Self::NONE, |totals, consent| totals.add(consent.rules(), query, reading))
    }

    fn add(mut self, rules: &Rules, query: &Query<'_>, reading: Reading) -> Self {
        if rules.state == Some(State::Revoked) {
            let before = judge(rules, Some(State::Active), query, Reading::Timeless);
            let spoke = before.outcome.permits.may(query.classes()) || rules.is_exclusive;
            self.taken_back |= before.applies && spoke;
            return self;
        }
        let Judgement { outcome, applies } = judge(rules, rules.state, query, reading);
        self.permits = self.permits | outcome.permits;
        self.denies = self.denies | outcome.denies;
        self.is_settled |= applies && rules.is_exclusive;
        self
    }

    /// What is permitted, by the algorithm of the policy.
    pub(crate) fn permitted(&self, policy: &Policy, has_say: bool) -> Level {
        let no_say = self.taken_back || self.is_settled || !has_say;
        let implicit = Level::from(policy.implicit == Implicit::PermitUnlessDenied && !no_say);
        match policy.combining {
            Combining::DenyOverrides | Combining::OrderedDenyOverrides => {
                (self.permits | implicit) & !self.denies
            }
            Combining::PermitOverrides | Combining::OrderedPermitOverrides => {
                self.permits | (implicit & !self.denies)
            }
            Combining::DenyUnlessPermit => self.permits,
            Combining::PermitUnlessDeny => (self.permits | Level::from(!no_say)) & !self.denies,
        }
    }
}

/// What a decision comes to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verdict {
    pub(crate) kind: Kind,
    pub(crate) permitted: Level,
    pub(crate) totals: Totals,
    /// The permit holds for some of the data only.
    pub(crate) is_partial: bool,
    /// The implicit policy has a say, where it permits.
    pub(crate) has_say: bool,
}

impl Verdict {
    pub(crate) fn of<'a>(
        consents: impl Iterator<Item = &'a Consent> + Clone,
        query: &Query<'_>,
        policy: &Policy,
    ) -> Self {
        let totals = Totals::of(consents.clone(), query, Reading::Safe);
        let classes = query.classes();
        let is_sound = !has_fault(query, policy);
        let is_known = query.purpose != 0;
        let mut has_say = is_known;
        let mut permitted = totals.permitted(policy, has_say);
        if permitted.may(classes)
            && !totals.permits.may_all(classes)
            && is_broken(consents.clone(), query, &totals)
        {
            // But for what is defective in it, the patient may have spoken.
            has_say = false;
            permitted = totals.permitted(policy, has_say);
        }
        let all = permitted.is_sure_of_all(classes);
        let some = || {
            permitted.may_all(classes)
                && !policy.all_classes_or_nothing
                && !Residual::of(consents.clone(), query, policy, &totals, has_say).is_void()
        };
        let kind = match () {
            () if is_sound && (all || some()) => Kind::Permit,
            () => denial(consents, query, &totals, is_sound && is_known),
        };
        Self { kind, permitted, totals, is_partial: !all, has_say }
    }
}

/// What kind of denial it is.
fn denial<'a>(
    consents: impl Iterator<Item = &'a Consent> + Clone,
    query: &Query<'_>,
    totals: &Totals,
    is_sound: bool,
) -> Kind {
    let classes = query.classes();
    if totals.denies.is_sure_of_some(classes) {
        let readable = Totals::of(consents, query, Reading::Without);
        return if readable.denies.is_sure_of_some(classes) { Kind::Deny } else { Kind::Indeterminate };
    }
    match () {
        () if !is_sound => Kind::Indeterminate,
        () if totals.denies.may(classes) => Kind::Deny,
        () if is_broken(consents, query, totals) => Kind::Indeterminate,
        () => Kind::NotApplicable,
    }
}

/// Whether a consent permits some of what is asked for.
pub(crate) fn permits(consent: &Consent, query: &Query<'_>) -> bool {
    let rules = consent.rules();
    rules.state == Some(State::Active)
        && judge(rules, rules.state, query, Reading::Safe).outcome.permits.may(query.classes())
}

/// Whether something defective stands in the way of a permit.
fn is_broken<'a>(consents: impl Iterator<Item = &'a Consent>, query: &Query<'_>, totals: &Totals) -> bool {
    let hopeful = Totals::of(consents, query, Reading::Hopeful).permits;
    hopeful.maybe & !totals.permits.maybe & query.classes() != 0
}

/// What makes a request impossible to permit, whatever the consents say.
pub(crate) fn has_fault(query: &Query<'_>, policy: &Policy) -> bool {
    is_unclassified(query) || lacks_reason(query) || lacks_classes(query, policy)
}

/// Data that no class describes.
pub(crate) fn is_unclassified(query: &Query<'_>) -> bool {
    !query.request.data_classes.iter().all(crate::DataClass::is_permittable)
}

/// The glass is broken, and nobody says why.
pub(crate) fn lacks_reason(query: &Query<'_>) -> bool {
    let stated = query.request.break_glass.as_ref().is_some_and(|glass| !glass.reason.trim().is_empty());
    query.request.purpose == Purpose::BreakGlass && !stated
}

/// All or nothing is asked of data that nobody described.
pub(crate) fn lacks_classes(query: &Query<'_>, policy: &Policy) -> bool {
    policy.all_classes_or_nothing && query.request.data_classes.is_empty() && query.request.resource.is_none()
}
