//! The security labels of a provision.

use crate::Ruling;
use crate::decide::Fit;
use crate::label::{Label, NORMAL, is_unknown_confidentiality, label, with_broader, with_overlapping};
use crate::model::Coding;
use crate::policy::Unlabelled;

/// Labels of which data must bear one.
///
/// A confidentiality is a ceiling in a permit (that one and less confidential), a floor in a denial (that one and more
/// confidential). A sensitivity includes the narrower ones, in a denial also those that overlap with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Labels {
    codings: Box<[Coding]>,
    /// The highest confidentiality named in a permit, the lowest in a denial.
    limit: Option<u8>,
    is_floor: bool,
    sensitivities: u64,
    local: Box<[Coding]>,
    has_unknown: bool,
}

/// The labels of data, as far as they are told.
#[derive(Clone, Debug, Default)]
pub(crate) struct LabelFacts {
    /// The highest confidentiality.
    confidentiality: Option<u8>,
    /// There is one that is not known.
    has_unknown: bool,
    /// The sensitivities, with all that include them.
    sensitivities: u64,
    local: Vec<Coding>,
    /// They have a confidentiality, as all data have that somebody labelled: a sensitivity that is not there is not theirs.
    labelled: bool,
}

impl Labels {
    pub(crate) fn new(codings: Vec<Coding>, has_unknown: bool, effect: Ruling) -> Self {
        let mut labels = Self { has_unknown, is_floor: effect == Ruling::Deny, ..Self::default() };
        let mut local = Vec::new();
        for coding in &codings {
            match label(coding) {
                Label::Confidentiality(place) => labels.limit = Some(labels.wider(place)),
                Label::Sensitivity(bit) if labels.is_floor => labels.sensitivities |= with_overlapping(bit),
                Label::Sensitivity(bit) => labels.sensitivities |= bit,
                Label::Local => local.push(coding.clone()),
                Label::Unknown => labels.has_unknown = true,
            }
        }
        labels.local = local.into();
        labels.codings = codings.into();
        labels
    }

    fn wider(&self, place: u8) -> u8 {
        match self.limit {
            Some(limit) if self.is_floor => limit.min(place),
            Some(limit) => limit.max(place),
            None => place,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.codings.is_empty() && !self.has_unknown
    }

    pub(crate) fn has_unknown(&self) -> bool {
        self.has_unknown
    }

    pub(crate) fn codings(&self) -> &[Coding] {
        &self.codings
    }

    pub(crate) fn fit(&self, facts: &LabelFacts) -> Fit {
        if self.is_empty() {
            return Fit::YES;
        }
        let mut fit = if self.has_unknown { Fit::UNKNOWN } else { Fit::NO };
        if let Some(limit) = self.limit {
            fit = fit | self.confidentiality_fit(limit, facts);
        }
        if self.sensitivities != 0 || !self.local.is_empty() {
            let bears = self.sensitivities & facts.sensitivities != 0
                || self.local.iter().any(|label| facts.local.iter().any(|own| own.is(label)));
            fit = fit
                | match (bears, facts.labelled) {
                    (true, _) => Fit::YES,
                    (false, true) => Fit::NO,
                    (false, false) => Fit::OPEN,
                };
        }
        fit
    }

    fn confidentiality_fit(&self, limit: u8, facts: &LabelFacts) -> Fit {
        let reaches = match facts.confidentiality {
            None => return Fit::OPEN,
            Some(place) if self.is_floor => place >= limit,
            Some(place) => place > limit,
        };
        match (reaches, facts.has_unknown) {
            (false, true) => Fit::OPEN,
            _ => (reaches == self.is_floor).into(),
        }
    }

    pub(crate) fn is_within(&self, other: &Self) -> bool {
        other.is_empty()
            || (!self.is_empty()
                && !self.has_unknown
                && self.limit.is_none_or(|limit| self.limit_within(limit, other))
                && self.sensitivities & !other.sensitivities == 0
                && self.local.iter().all(|label| other.local.contains(label)))
    }

    /// A ceiling within a ceiling, a floor within a floor; a ceiling is never within a floor.
    fn limit_within(&self, limit: u8, other: &Self) -> bool {
        match (self.is_floor, other.is_floor) {
            (false, false) => other.limit.is_some_and(|wider| limit <= wider),
            (true, true) => other.limit.is_some_and(|wider| limit >= wider),
            _ => false,
        }
    }
}

impl LabelFacts {
    /// What these labels say. Where none of them is a confidentiality, `unlabelled` says what that means.
    pub(crate) fn new<'a>(labels: impl Iterator<Item = &'a Coding>, unlabelled: Unlabelled) -> Self {
        let mut facts = Self::default();
        for coding in labels {
            match label(coding) {
                Label::Confidentiality(place) => {
                    facts.confidentiality = facts.confidentiality.max(Some(place));
                    facts.labelled = true;
                }
                Label::Sensitivity(bit) => facts.sensitivities |= with_broader(bit),
                Label::Local | Label::Unknown => {
                    facts.has_unknown |= is_unknown_confidentiality(coding);
                    facts.local.push(coding.clone());
                }
            }
        }
        if unlabelled == Unlabelled::Normal {
            facts.confidentiality = facts.confidentiality.or(Some(NORMAL));
            facts.labelled = true;
        }
        facts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(codes: &[&str], effect: Ruling) -> Labels {
        Labels::new(codes.iter().map(|code| Coding::parse(code)).collect(), false, effect)
    }

    fn facts(codes: &[&str]) -> LabelFacts {
        let codings: Vec<_> = codes.iter().map(|code| Coding::parse(code)).collect();
        LabelFacts::new(codings.iter(), Unlabelled::NotKnown)
    }

    #[test]
    fn confidentiality_is_a_ceiling_for_permits_and_a_floor_for_denials() {
        let (permit, deny) = (labels(&["N"], Ruling::Permit), labels(&["R"], Ruling::Deny));
        assert_eq!(["L", "N", "R"].map(|code| permit.fit(&facts(&[code]))), [Fit::YES, Fit::YES, Fit::NO]);
        assert_eq!(["N", "R", "V"].map(|code| deny.fit(&facts(&[code]))), [Fit::NO, Fit::YES, Fit::YES]);
        assert_eq!(permit.fit(&facts(&["N", "R"])), Fit::NO, "the highest counts");
    }

    #[test]
    fn a_confidentiality_that_is_not_known_may_be_any_higher_one() {
        let (permit, deny) = (labels(&["R"], Ruling::Permit), labels(&["R"], Ruling::Deny));
        let unknown = Coding::new("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "D");
        let with = |code: &str| {
            let labels = [Coding::parse(code), unknown.clone()];
            LabelFacts::new(labels.iter(), Unlabelled::Normal)
        };
        assert_eq!(["N", "V"].map(|code| permit.fit(&with(code))), [Fit::OPEN, Fit::NO]);
        assert_eq!(["N", "V"].map(|code| deny.fit(&with(code))), [Fit::OPEN, Fit::YES]);
    }

    #[test]
    fn a_sensitivity_is_wider_in_a_denial_than_in_a_permit() {
        let (permit, deny) = (labels(&["ETH"], Ruling::Permit), labels(&["ETH"], Ruling::Deny));
        assert_eq!(["ETH", "ETHUD"].map(|code| permit.fit(&facts(&["N", code]))), [Fit::YES, Fit::NO]);
        assert_eq!(["ETH", "ETHUD"].map(|code| deny.fit(&facts(&["N", code]))), [Fit::YES, Fit::YES]);
    }

    #[test]
    fn what_nobody_labelled_is_not_known() {
        let permit = labels(&["N"], Ruling::Permit);
        assert_eq!(permit.fit(&facts(&[])), Fit::OPEN);
        assert_eq!(permit.fit(&LabelFacts::new([].iter(), Unlabelled::Normal)), Fit::YES);
        let psychiatry = labels(&["PSY"], Ruling::Deny);
        assert_eq!(
            [&["PSY"][..], &["N"], &[], &["HIV"]].map(|codes| psychiatry.fit(&facts(codes))),
            [Fit::YES, Fit::NO, Fit::OPEN, Fit::OPEN]
        );
    }
}
