//! What all consents of a patient say together.

use super::residual::Residual;
use super::walk::{Judgement, Reading, judge};
use super::{Level, Query};
use crate::model::{Consent, Rules};
use crate::{Combining, Implicit, Kind, Policy, State, access};

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

    /// What is permitted: by the algorithm of the policy, and by a broken glass what nothing denies.
    pub(crate) fn permitted(&self, policy: &Policy, say: Say) -> Level {
        let no_say = self.taken_back || self.is_settled || !say.implicit;
        let implicit = Level::from(policy.implicit == Implicit::PermitUnlessDenied && !no_say);
        let by_policy = match policy.combining {
            Combining::DenyOverrides | Combining::OrderedDenyOverrides => {
                (self.permits | implicit) & !self.denies
            }
            Combining::PermitOverrides | Combining::OrderedPermitOverrides => {
                self.permits | (implicit & !self.denies)
            }
            Combining::DenyUnlessPermit => self.permits,
            Combining::PermitUnlessDeny => (self.permits | Level::from(!no_say)) & !self.denies,
        };
        by_policy | (Level::from(say.glass) & !self.denies)
    }
}

/// Who has a say where no consent speaks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Say {
    /// The implicit policy, where it permits.
    pub(crate) implicit: bool,
    /// A broken glass.
    pub(crate) glass: bool,
}

/// What a decision comes to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verdict {
    pub(crate) kind: Kind,
    pub(crate) permitted: Level,
    pub(crate) totals: Totals,
    /// The permit holds for some of the data only.
    pub(crate) is_partial: bool,
    pub(crate) say: Say,
    /// The glass stood in for a permit that is missing.
    pub(crate) is_glass_broken: bool,
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
        let mut say = Say { implicit: is_known && !query.is_foreign, glass: query.access.breaks_glass };
        let mut permitted = totals.permitted(policy, say);
        if permitted.may(classes)
            && !totals.permits.may_all(classes)
            && is_broken(consents.clone(), query, &totals)
        {
            // But for what is defective in it, the patient may have spoken.
            say.implicit = false;
            permitted = totals.permitted(policy, say);
        }
        let all = permitted.is_sure_of_all(classes);
        let some = || {
            permitted.may_all(classes)
                && !policy.all_classes_or_nothing
                && !Residual::of(consents.clone(), query, policy, &totals, say).is_void()
        };
        let kind = match () {
            () if query.access.refusal.is_some() => Kind::Deny,
            () if is_sound && (all || some()) => Kind::Permit,
            () => denial(consents, query, &totals, is_sound && is_known),
        };
        let whole = totals.permitted(policy, Say { glass: false, ..say });
        let is_glass_broken = kind == Kind::Permit && permitted.differs(whole, classes);
        Self { kind, permitted, totals, is_partial: !all, say, is_glass_broken }
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
    is_unclassified(query) || access::lacks_reason(query.request) || lacks_classes(query, policy)
}

/// Data that no class describes.
pub(crate) fn is_unclassified(query: &Query<'_>) -> bool {
    !query.request.data_classes.iter().all(crate::DataClass::is_permittable)
}

/// All or nothing is asked of data that nobody described.
pub(crate) fn lacks_classes(query: &Query<'_>, policy: &Policy) -> bool {
    policy.all_classes_or_nothing && query.request.data_classes.is_empty() && query.request.resource.is_none()
}
