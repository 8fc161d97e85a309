//! Elements that an org leaves out of what is permitted.

use carewire_fhir_core::json::NameId;
use serde::{Deserialize, Serialize};

use crate::Purpose;
use crate::classify::is_classified;

/// An element that an org leaves out of what is permitted: of a permit for the purposes that it is about, it becomes
/// [`Obligation::RedactElement`](crate::Obligation::RedactElement), and [`Filter`](crate::Filter) takes the element out.
///
/// In a policy:
/// ```
/// use carewire_consent::{Policy, Purpose};
/// let policy: Policy = serde_json::from_str(r#"{"redact":[
///     {"element":"Patient.telecom","except":["TREAT"]},
///     {"element":"Observation.value[x]","purposes":["HRESCH","HOPERAT"]}]}"#)?;
/// assert!(!policy.redact[0].applies(&Purpose::ErTreat) && policy.redact[0].applies(&Purpose::HPaymt));
/// assert!(!policy.redact[1].applies(&Purpose::Treat) && policy.redact[1].applies(&Purpose::CareMgt));
/// assert!(serde_json::from_str::<Policy>(r#"{"redact":[{"element":"Patient.telecon"}]}"#).is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ElementRedaction {
    /// The element: `Type.element`, further down with further dots, a choice with `[x]`. A path that R4 cannot have is an error.
    pub element: RedactedElement,
    /// The purposes for which it is left out, each with those below it; all where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purposes: Vec<Purpose>,
    /// The purposes for which it stays.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<Purpose>,
}

impl ElementRedaction {
    /// Whether the element is left out for a purpose. It is where that cannot be told: for a purpose that is not known, and by a rule
    /// that names one.
    #[must_use]
    pub fn applies(&self, purpose: &Purpose) -> bool {
        let is = |named: &Purpose| named.includes(purpose) || (named == purpose && !is_unknown(named));
        let may_be = |named: &Purpose| is(named) || is_unknown(named) || is_unknown(purpose);
        (self.purposes.is_empty() || self.purposes.iter().any(may_be)) && !self.except.iter().any(is)
    }
}

/// Neither of the table, nor a code of a stated system, which is understood as itself.
fn is_unknown(purpose: &Purpose) -> bool {
    !purpose.is_known() && !purpose.as_str().contains('|')
}

/// The path of an element, for example `Patient.telecom`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RedactedElement(Box<str>);

impl RedactedElement {
    /// The path of an element of a type that a permit can be about.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (resource_type, elements) = text.split_once('.')?;
        let is_element = |name: &str| {
            let choice = name.strip_suffix("[x]").filter(|choice| !choice.is_empty());
            choice.is_some() || (NameId::of(name).is_some() && name != "resourceType")
        };
        let is_path = is_classified(resource_type) && elements.split('.').all(is_element);
        is_path.then(|| Self(text.into()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for RedactedElement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A path names no element that R4 has, of a type that a permit can be about. It is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an element is expected as `Type.element`, of a type that a permit can be about")]
#[non_exhaustive]
pub struct NoElement;

impl TryFrom<String> for RedactedElement {
    type Error = NoElement;

    fn try_from(text: String) -> Result<Self, NoElement> {
        Self::parse(&text).ok_or(NoElement)
    }
}

impl From<RedactedElement> for String {
    fn from(path: RedactedElement) -> Self {
        path.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_can_name_nothing_is_an_error() {
        for path in
            ["Patient.telecom", "Patient.contact.telecom", "Observation.value[x]", "Condition.note.text"]
        {
            assert_eq!(RedactedElement::parse(path).unwrap().as_str(), path);
        }
        for path in [
            "Patient",
            "Patient.",
            "Patient.telecon",
            "Pateint.telecom",
            "Patient..id",
            "Patient.resourceType",
            "",
            "Basic.code",
            "Patient.[x]",
        ] {
            assert!(RedactedElement::parse(path).is_none(), "{path}");
        }
    }

    #[test]
    fn what_cannot_be_told_is_left_out() {
        let rule = |purposes: &[&str], except: &[&str]| ElementRedaction {
            element: RedactedElement::parse("Patient.telecom").unwrap(),
            purposes: purposes.iter().map(|code| Purpose::parse(code)).collect(),
            except: except.iter().map(|code| Purpose::parse(code)).collect(),
        };
        let (treat, unknown, local) = (Purpose::Treat, Purpose::parse("X"), Purpose::parse("urn:local|X"));
        assert!(rule(&["HRESCH"], &[]).applies(&unknown) && !rule(&["HRESCH"], &[]).applies(&local));
        assert!(rule(&["HRESHC"], &[]).applies(&treat), "a purpose that nobody knows may be any");
        assert!(rule(&[], &["TREAT"]).applies(&unknown) && rule(&[], &["X"]).applies(&unknown));
        assert!(!rule(&[], &["urn:local|X"]).applies(&local) && rule(&["urn:local|X"], &[]).applies(&local));
        assert!(
            rule(&["TREAT"], &["ETREAT"]).applies(&treat)
                && !rule(&["TREAT"], &["ETREAT"]).applies(&Purpose::BreakGlass)
        );
    }
}
