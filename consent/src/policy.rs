//! What an org decides for itself.

use serde::{Deserialize, Serialize};

use crate::{AccessRules, BreakGlassRule, ElementRedaction};

/// What an org decides for itself.
///
/// As TOML or JSON; an element that is left out has its default:
/// ```
/// use carewire_consent::{Combining, Implicit, Policy};
/// let policy: Policy = serde_json::from_str(r#"{"implicit":"deny","combining":"permit-overrides","unlabelled":"normal"}"#)?;
/// assert_eq!((policy.implicit, policy.combining), (Implicit::Deny, Combining::PermitOverrides));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Policy {
    /// What happens where no consent decides.
    pub implicit: Implicit,
    /// How several consents combine.
    pub combining: Combining,
    /// What data are that nobody labelled.
    pub unlabelled: Unlabelled,
    /// All that is asked for, or nothing: a permit that would leave something out is a denial.
    pub all_classes_or_nothing: bool,
    /// Which rules of access stand beside the consents.
    pub access: AccessRules,
    /// What breaking the glass overrides.
    pub break_glass: BreakGlassRule,
    /// How many minutes a broken glass stays so at most; 60 where it is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub break_glass_minutes: Option<u32>,
    /// The de-identification policy that whoever uses a permit must apply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub apply_policy: Option<Box<str>>,
    /// Elements that are left out of what is permitted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub redact: Vec<ElementRedaction>,
}

impl Policy {
    /// The policy with another rule for what no consent decides.
    #[must_use]
    pub fn with_implicit(mut self, implicit: Implicit) -> Self {
        self.implicit = implicit;
        self
    }

    /// The policy with another way to combine consents.
    #[must_use]
    pub fn with_combining(mut self, combining: Combining) -> Self {
        self.combining = combining;
        self
    }

    /// The policy with another rule for data that nobody labelled.
    #[must_use]
    pub fn with_unlabelled(mut self, unlabelled: Unlabelled) -> Self {
        self.unlabelled = unlabelled;
        self
    }

    /// The policy with other rules of access.
    #[must_use]
    pub fn with_access(mut self, access: AccessRules) -> Self {
        self.access = access;
        self
    }

    /// The policy with another rule for a broken glass.
    #[must_use]
    pub fn with_break_glass(mut self, break_glass: BreakGlassRule) -> Self {
        self.break_glass = break_glass;
        self
    }

    /// The policy that permits all that is asked for, or nothing.
    #[must_use]
    pub fn all_or_nothing(mut self) -> Self {
        self.all_classes_or_nothing = true;
        self
    }
}

/// What happens where no consent decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Implicit {
    /// It is denied.
    #[default]
    Deny,
    /// It is permitted, unless the patient took back a consent that spoke about it.
    PermitUnlessDenied,
}

impl Implicit {
    /// The stable name: `deny` or `permit-unless-denied`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::PermitUnlessDenied => "permit-unless-denied",
        }
    }

    /// The rule of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Deny, Self::PermitUnlessDenied].into_iter().find(|implicit| implicit.as_str() == name)
    }
}

/// How several consents combine: the codes of `http://hl7.org/fhir/permission-rule-combining`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Combining {
    /// A denial wins over any number of permits.
    #[default]
    DenyOverrides,
    /// A permit wins over any number of denials.
    PermitOverrides,
    /// As [`Combining::DenyOverrides`]; the consents are gone through by the time at which they were given, then by id,
    /// and the reasons of a denial end with the first that denies.
    OrderedDenyOverrides,
    /// As [`Combining::PermitOverrides`], in the same order; the reasons of a permit end with the first that
    /// permits.
    OrderedPermitOverrides,
    /// What no consent permits is denied; denials and the implicit policy have no say.
    DenyUnlessPermit,
    /// What no consent denies is permitted.
    PermitUnlessDeny,
}

impl Combining {
    const ALL: [Self; 6] = [
        Self::DenyOverrides,
        Self::PermitOverrides,
        Self::OrderedDenyOverrides,
        Self::OrderedPermitOverrides,
        Self::DenyUnlessPermit,
        Self::PermitUnlessDeny,
    ];

    /// Every code.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter()
    }

    /// The code.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DenyOverrides => "deny-overrides",
            Self::PermitOverrides => "permit-overrides",
            Self::OrderedDenyOverrides => "ordered-deny-overrides",
            Self::OrderedPermitOverrides => "ordered-permit-overrides",
            Self::DenyUnlessPermit => "deny-unless-permit",
            Self::PermitUnlessDeny => "permit-unless-deny",
        }
    }

    /// The algorithm of a code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::all().find(|combining| combining.as_str() == code)
    }

    pub(crate) fn is_ordered(self) -> bool {
        matches!(self, Self::OrderedDenyOverrides | Self::OrderedPermitOverrides)
    }
}

/// What data are that bear no code of confidentiality.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Unlabelled {
    /// Their labels are not known: where a consent asks for labels, they are left out until somebody labels them.
    #[default]
    NotKnown,
    /// Everything has been labelled: what bears no label is normal, also what a [`Labeller`](crate::Labeller) could not read.
    Normal,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for combining in Combining::all() {
            assert_eq!(Combining::from_code(combining.as_str()), Some(combining));
            assert_eq!(serde_json::to_value(combining).unwrap(), combining.as_str());
        }
        for implicit in [Implicit::Deny, Implicit::PermitUnlessDenied] {
            assert_eq!(Implicit::from_name(implicit.as_str()), Some(implicit));
            assert_eq!(serde_json::to_value(implicit).unwrap(), implicit.as_str());
        }
    }
}
