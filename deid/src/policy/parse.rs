//! From the file to the policy.

use serde::Deserialize;
use toml::Spanned;

use super::compile::{Rule, compile};
use super::systems::SystemRule;
use super::{DateRule, ExtensionRule, Method, Policy};
use crate::PolicyError;
use crate::terms;

pub(super) fn parse(text: &str) -> Result<Policy, PolicyError> {
    let file: File = toml::from_str(text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        PolicyError::new(text, offset, error.message().trim_end().replace('\n', " "))
    })?;
    let at = |offset: usize, reason: String| PolicyError::new(text, offset, reason);
    for system in &file.codes.systems {
        if let Some(reason) = system.get_ref().fault() {
            return Err(at(system.span().start, reason.to_owned()));
        }
    }
    let extensions =
        file.extension.into_iter().map(|entry| extension(entry, &at)).collect::<Result<_, _>>()?;
    let rules = file.fhir.into_iter().map(|entry| entry.rules(&at)).collect::<Result<Vec<_>, _>>()?;
    Ok(Policy {
        id: file.id,
        version: file.version,
        jurisdiction: file.jurisdiction,
        sources: file.sources,
        dates: file.dates.method,
        roots: compile(rules.into_iter().flatten().collect(), &at)?,
        systems: file.codes.systems.into_iter().map(Spanned::into_inner).collect(),
        extensions,
    })
}

/// Makes an error of an offset and a reason.
pub(super) type Fault<'a> = dyn Fn(usize, String) -> PolicyError + 'a;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    version: String,
    jurisdiction: String,
    sources: Vec<String>,
    #[serde(default)]
    fhir: Vec<Entry>,
    #[serde(default)]
    extension: Vec<ExtensionEntry>,
    #[serde(default)]
    codes: Codes,
    #[serde(default)]
    dates: Dates,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    path: Option<Spanned<String>>,
    #[serde(default)]
    paths: Vec<Spanned<String>>,
    method: Spanned<Method>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExtensionEntry {
    url: String,
    value: Spanned<String>,
    system: Option<String>,
    #[serde(default)]
    modifier: bool,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Codes {
    systems: Vec<Spanned<SystemRule>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Dates {
    method: DateRule,
}

impl Entry {
    fn rules(self, at: &Fault<'_>) -> Result<Vec<Rule>, PolicyError> {
        if self.path.is_some() != self.paths.is_empty() {
            return Err(at(self.method.span().start, "a rule has either `path` or `paths`".to_owned()));
        }
        let method = self.method.into_inner();
        let rule =
            |path: Spanned<String>| Rule { offset: path.span().start, path: path.into_inner(), method };
        Ok(self.path.into_iter().chain(self.paths).map(rule).collect())
    }
}

fn extension(entry: ExtensionEntry, at: &Fault<'_>) -> Result<ExtensionRule, PolicyError> {
    let fault = |reason: &str| Err(at(entry.value.span().start, reason.to_owned()));
    match (entry.value.get_ref().as_str(), &entry.system) {
        ("valueBoolean" | "valueInteger" | "valueDecimal" | "valueDate" | "valueDateTime", None) => {}
        ("valueCoding" | "valueCodeableConcept" | "valueQuantity" | "valuePeriod", None) => {}
        ("valueCode", Some(system)) if terms::is_carried(system) => {}
        ("valueCode", _) => return fault("`valueCode` needs a `system` whose codes this crate carries"),
        (_, Some(_)) => return fault("`system` belongs to `valueCode`"),
        _ => return fault("an extension may be kept with a coded value, number, quantity or date only"),
    }
    let ExtensionEntry { url, value, system, modifier } = entry;
    Ok(ExtensionRule { url, value: value.into_inner(), system, modifier })
}
