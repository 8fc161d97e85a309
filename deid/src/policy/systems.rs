//! Which code systems are known, so that their codes may stay.

use serde::Deserialize;

use crate::terms::Shape;

/// One line of `[codes] systems`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SystemRule {
    /// The whole address.
    #[serde(default)]
    uri: Option<String>,
    /// The beginning of the address, for systems whose codes are carried: the rest comes from the sender too.
    #[serde(default)]
    prefix: Option<String>,
    /// How its codes look.
    shape: Shape,
}

impl SystemRule {
    /// The fault of the line itself.
    pub(super) fn fault(&self) -> Option<&'static str> {
        match (&self.uri, &self.prefix) {
            (Some(_), None) => None,
            (None, Some(_)) if self.shape == Shape::Published => None,
            (None, Some(_)) => Some("a `prefix` needs the shape `published`"),
            _ => Some("a system has either `uri` or `prefix`"),
        }
    }

    /// The shape of the codes of `system`, if the line speaks of it.
    pub(crate) fn shape_of(&self, system: &str) -> Option<Shape> {
        let named = self.uri.as_deref() == Some(system);
        let prefixed = self.prefix.as_deref().is_some_and(|prefix| system.starts_with(prefix));
        (named || prefixed).then_some(self.shape)
    }
}
