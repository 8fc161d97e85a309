//! What stands beside the elements of a resource: extensions, and the siblings of primitives.

use carewire_fhir_core::Kind;
use carewire_fhir_core::json::{JsonNode, NameId};

use super::Treatment;
use super::walk::Walk;
use super::walk::names::{EXTENSION, MODIFIER, URL};
use crate::policy::{At, Step};
use crate::terms::is_published;
use crate::{Error, Refusal, Result};

impl<'n, N: JsonNode<'n>> Walk<'_, '_, N> {
    /// The `_name` beside primitives: only extensions that the policy names stay.
    pub(super) fn siblings(&mut self, at: At, source: N, masked: &mut Vec<(NameId, bool)>) {
        for (name, value) in source.members() {
            let Some((id, true)) = name.id() else { continue };
            let Some(child) = self.plan.child(at, id) else {
                self.common(at, Some(id));
                continue;
            };
            let spot = self.plan.spot(child);
            let is_named = spot.step != Step::Drop && !spot.many && spot.is_primitive();
            let (required, many, is_primitive) = (spot.required, spot.many, spot.is_primitive());
            let start = self.open(id.quoted_sibling(), '{');
            if is_named && let Some(extensions) = value.member(EXTENSION) {
                self.extensions(child, extensions);
            }
            if self.close(start, '}') {
                masked.retain(|(one, _)| *one != id);
            } else if required && source.member(id).is_none() {
                // At once, so that what was masked before stays in its place.
                self.note(child, Treatment::Masked);
                self.absent(if is_primitive { id.quoted_sibling() } else { id.quoted() }, many);
            } else {
                self.note(child, Treatment::Dropped);
            }
        }
    }

    /// The extensions that the policy names, if there are any.
    pub(super) fn extensions(&mut self, at: At, extensions: N) {
        let at = self.plan.common(at, EXTENSION);
        let start = self.open(EXTENSION.quoted(), '[');
        self.each_extension(at, extensions);
        self.close(start, ']');
    }

    /// The same into an array that is open.
    pub(super) fn each_extension(&mut self, at: At, extensions: N) {
        for one in extensions.items() {
            let before = self.out.len();
            self.comma();
            if !self.one_extension(at, one, false) {
                self.out.truncate(before);
            }
        }
    }

    /// A modifier extension turns the meaning of what stands around it: known to the policy, or the end.
    pub(super) fn modifiers(&mut self, at: At, extensions: N) -> Result<()> {
        let at = self.plan.common(at, MODIFIER);
        let start = self.open(MODIFIER.quoted(), '[');
        let is_array = extensions.kind() == Kind::Array;
        let alone = (!is_array).then_some(extensions);
        for one in alone.into_iter().chain(extensions.items()).filter(|one| one.kind() != Kind::Null) {
            self.comma();
            if !self.one_extension(at, one, true) {
                let path = self.plan.spot(at).path.clone();
                return Err(Error::Refused { path, reason: Refusal::ModifierExtension });
            }
        }
        self.close(start, ']');
        Ok(())
    }

    fn one_extension(&mut self, at: At, extension: N, modifier: bool) -> bool {
        let rule = extension.text(URL).and_then(|url| self.policy.extension(url));
        let rule = rule.filter(|rule| rule.modifier || !modifier);
        let named = |rule: &str| {
            extension.members().find_map(|(name, value)| (name.as_str() == rule).then_some(value))
        };
        let Some((rule, value)) = rule.and_then(|rule| Some((rule, named(&rule.value)?))) else {
            return self.dropped(at);
        };
        let Some(child) = self.plan.extension_value(at, &rule.value) else { return self.dropped(at) };
        self.out.push('{');
        self.text(URL.quoted(), &rule.url);
        self.out.push_str(",\"");
        self.out.push_str(&rule.value);
        self.out.push_str("\":");
        let kept = match &rule.system {
            Some(system) => match value.as_str().filter(|code| is_published(system, code)) {
                Some(_) => self.kept(child, value),
                None => self.dropped(at),
            },
            None => {
                let step = self.plan.spot(child).step;
                self.single(child, step, value, extension).unwrap_or_default()
            }
        };
        self.out.push('}');
        kept
    }
}
