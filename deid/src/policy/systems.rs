//! Which code systems are known, so that their codes may stay.

use serde::Deserialize;

use crate::terms::{Shape, is_published_system};

/// One line of `[codes] systems`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SystemRule {
    /// The whole address.
    #[serde(default)]
    uri: Option<String>,
    /// The beginning of the address; the rest must be as `rest` says.
    #[serde(default)]
    prefix: Option<String>,
    /// What may follow the prefix.
    #[serde(default)]
    rest: Rest,
    /// How its codes look.
    shape: Shape,
}

/// What may follow a prefix. The address of a system comes from the sender too.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Rest {
    /// Up to 6 digits: the number of a table.
    #[default]
    Digits,
    /// The address must be one that HL7 published with R4.
    Published,
}

impl SystemRule {
    /// The fault of the line itself.
    pub(super) fn fault(&self) -> Option<&'static str> {
        match (&self.uri, &self.prefix) {
            (Some(_), None) | (None, Some(_)) => None,
            _ => Some("a system has either `uri` or `prefix`"),
        }
    }

    /// The shape of the codes of `system`, if the line speaks of it.
    pub(crate) fn shape_of(&self, system: &str) -> Option<Shape> {
        let rest = self.prefix.as_deref().and_then(|prefix| system.strip_prefix(prefix));
        let named = self.uri.as_deref() == Some(system);
        let prefixed = rest.is_some_and(|rest| match self.rest {
            Rest::Digits => (1..=6).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_digit()),
            Rest::Published => is_published_system(system),
        });
        (named || prefixed).then_some(self.shape)
    }
}
