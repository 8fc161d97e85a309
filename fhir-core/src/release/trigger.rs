//! What made an observation necessary: an element of R5, an extension in R4.

use crate::Value;
use crate::define::fhir;
use crate::types::{Extension, ExtensionValue, Reference};

const URL: &str = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Observation.triggeredBy";

fhir! {
    /// How an observation came to be because of another.
    code TriggerType { Reflex = "reflex", Repeat = "repeat", ReRun = "re-run" }
}

/// `Observation.triggeredBy`, which R4 does not have: HL7's extension for it carries it in R4 and becomes the element in R5.
///
/// ```
/// use carewire_fhir_core::{Release, TriggerType, TriggeredBy, resources::Observation, types::Reference};
/// let trigger = TriggeredBy::new(Reference::to("Observation/1"), TriggerType::Reflex);
/// let observation = Observation::default().extension(trigger);
/// let written = observation.into_resource().to_release(Release::R5).resource;
/// assert_eq!(
///     written.to_json(),
///     r#"{"resourceType":"Observation","triggeredBy":[{"observation":{"reference":"Observation/1"},"type":"reflex"}]}"#
/// );
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct TriggeredBy {
    observation: Reference,
    kind: TriggerType,
    reason: Option<String>,
}

impl TriggeredBy {
    /// The observation that was the cause, and how.
    #[must_use]
    pub fn new(observation: Reference, kind: TriggerType) -> Self {
        Self { observation, kind, reason: None }
    }

    /// Why.
    #[must_use]
    pub fn reason(self, reason: impl Into<String>) -> Self {
        Self { reason: Some(reason.into()), ..self }
    }
}

impl From<TriggeredBy> for Extension {
    fn from(trigger: TriggeredBy) -> Self {
        let mut parts = vec![
            Self::new("observation", ExtensionValue::Reference(trigger.observation)),
            Self::new("type", ExtensionValue::Code(trigger.kind.as_str().to_owned())),
        ];
        parts.extend(trigger.reason.map(|reason| Self::new("reason", ExtensionValue::String(reason))));
        Self::nested(URL, parts)
    }
}

impl std::fmt::Debug for TriggeredBy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TriggeredBy").field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// Puts the extensions where R5 has an element.
pub(super) fn unpack(resource: &mut Value) {
    if resource.str("resourceType") != Some("Observation") {
        return;
    }
    let Some(extensions) = resource.get_mut("extension") else { return };
    let mut triggers = Vec::new();
    extensions.retain_items(|extension| {
        let trigger = (extension.str("url") == Some(URL)).then(|| element(extension));
        let keep = trigger.is_none();
        triggers.extend(trigger);
        keep
    });
    if extensions.is_empty() {
        resource.remove("extension");
    }
    if !triggers.is_empty() {
        resource.set("triggeredBy", triggers);
    }
}

fn element(extension: &Value) -> Value {
    let mut element = Value::object();
    for part in extension.list("extension") {
        let value = part.members().find(|(member, _)| member.starts_with("value"));
        if let (Some(name), Some((_, value))) = (part.str("url"), value) {
            element.set(name, value.clone());
        }
    }
    element
}
