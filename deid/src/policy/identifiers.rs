//! `[[identifier]]`: what happens to identifiers of one kind, wherever they stand.

use std::fmt;
use std::sync::Arc;

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::Method;
use crate::transform::IdentifierType;

/// The rules of a policy, of which the first that speaks of an identifier holds, and what holds where none does.
#[derive(Clone, Debug)]
pub(crate) struct IdentifierRules {
    rules: Arc<[IdentifierRule]>,
    otherwise: Method,
}

/// No rule, and surrogates.
impl Default for IdentifierRules {
    fn default() -> Self {
        Self::new(Vec::new(), Method::Pseudonym)
    }
}

impl IdentifierRules {
    pub(super) fn new(rules: Vec<IdentifierRule>, otherwise: Method) -> Self {
        Self { rules: rules.into(), otherwise }
    }

    /// What happens to an identifier in an element that has a method of its own.
    pub(crate) fn method(&self, system: &str, value: &str, own: Method) -> Method {
        let rule = self.rules.iter().find(|rule| rule.speaks_of(system, value));
        rule.map_or(own, |rule| rule.method)
    }

    /// What happens to identifiers that no rule speaks of.
    pub(crate) fn otherwise(&self) -> Method {
        self.otherwise
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &IdentifierRule> {
        self.rules.iter()
    }
}

/// One `[[identifier]]`: identifiers of one kind. The first that speaks of an identifier holds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdentifierRule {
    /// The system of the identifier.
    pub(crate) system: Option<String>,
    /// The form of its value: `9` is a digit, `A` a letter, everything else itself.
    pub(crate) pattern: Option<String>,
    /// A type of identifiers, by name, whose shape and check the value has.
    #[serde(default, deserialize_with = "named_type")]
    pub(crate) checksum: Option<IdentifierType>,
    /// A type of identifiers, by name: those of its systems, and what passes its check if it has one.
    #[serde(default, rename = "type", deserialize_with = "named_type")]
    pub(crate) of_type: Option<IdentifierType>,
    pub(crate) method: Method,
}

fn named_type<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<IdentifierType>, D::Error> {
    let name = String::deserialize(deserializer)?;
    let known = IdentifierType::named(&name);
    known.map(Some).ok_or_else(|| D::Error::custom(format!("`{name}` is no type of identifiers")))
}

impl IdentifierRule {
    /// Whether the rule holds for an identifier.
    pub(crate) fn speaks_of(&self, system: &str, value: &str) -> bool {
        self.system.as_deref().is_some_and(|named| named == system)
            || self.pattern.as_deref().is_some_and(|pattern| is_like(value, pattern))
            || self.checksum.is_some_and(|kind| kind.is_valid(value))
            || self.of_type.is_some_and(|kind| {
                kind.systems().contains(&system) || kind.has_check() && kind.is_valid(value)
            })
    }

    pub(super) fn fault(&self) -> Option<&'static str> {
        let texts = [self.system.is_some(), self.pattern.is_some()];
        let given = texts.into_iter().chain([self.checksum.is_some(), self.of_type.is_some()]);
        if given.filter(|given| *given).count() != 1 {
            return Some(
                "an identifier is named by exactly one of `system`, `pattern`, `checksum` and `type`",
            );
        }
        let fits = matches!(self.method, Method::Drop | Method::Pseudonym | Method::Encrypt | Method::Keep);
        (!fits).then_some("an identifier may be dropped, kept, encrypted or replaced by a pseudonym")
    }
}

impl fmt::Display for IdentifierRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { system, pattern, checksum, of_type, method } = self;
        let [checked, kind] = [checksum, of_type].map(|kind| kind.map(IdentifierType::name));
        let texts = [("of", system.as_deref()), ("like", pattern.as_deref())];
        let mut named = texts.into_iter().chain([("with the check of", checked), ("of type", kind)]);
        let (how, what) = named.find_map(|(how, what)| Some((how, what?))).unwrap_or_default();
        write!(f, "{how} {what} {}", method.as_str())
    }
}

/// Whether a text has the form of a pattern: `9` is a digit, `A` a letter, everything else itself.
fn is_like(text: &str, pattern: &str) -> bool {
    text.chars().count() == pattern.chars().count()
        && text.chars().zip(pattern.chars()).all(|(letter, form)| match form {
            '9' => letter.is_ascii_digit(),
            'A' => letter.is_alphabetic(),
            other => letter == other,
        })
}
