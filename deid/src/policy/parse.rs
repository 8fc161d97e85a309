//! From the file to the policy.

use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use super::compile::compile;
use super::rule::{Entry, Rule};
use super::systems::SystemRule;
use super::{
    AsOfRule, DateRule, Dates, ExtensionRule, Geography, IdentifierRule, KeyRule, Method, Policy, Text,
};
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
    let identifiers =
        file.identifier.into_iter().map(|entry| identifier(entry, &at)).collect::<Result<_, _>>()?;
    let fhir = rules(file.fhir, &at)?;
    let v2 = rules(file.v2, &at)?;
    let systems: Vec<_> = file.codes.systems.into_iter().map(Spanned::into_inner).collect();
    let messages = crate::v2::Rules::compile(&v2, file.dates, systems.clone())
        .map_err(|(offset, reason)| at(offset, reason))?;
    Ok(Policy {
        id: file.id,
        version: file.version,
        jurisdiction: file.jurisdiction,
        sources: file.sources,
        as_of: file.as_of_rule,
        keys: file.keys,
        shifts: file.dates.method == DateRule::Shift || fhir.iter().any(|rule| rule.method == Method::Shift),
        dates: file.dates,
        geography: file.geography,
        text: file.text,
        roots: compile(fhir, &at)?,
        v2,
        messages: Arc::new(messages),
        identifiers,
        systems,
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
    #[serde(default)]
    as_of_rule: AsOfRule,
    #[serde(default)]
    keys: KeyRule,
    #[serde(default)]
    geography: Geography,
    #[serde(default)]
    text: Text,
    #[serde(default)]
    identifier: Vec<Spanned<IdentifierRule>>,
    #[serde(default)]
    v2: Vec<Entry>,
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

fn rules(entries: Vec<Entry>, at: &Fault<'_>) -> Result<Vec<Rule>, PolicyError> {
    let rules = entries.into_iter().map(|entry| entry.rules(at)).collect::<Result<Vec<_>, _>>()?;
    Ok(rules.into_iter().flatten().collect())
}

fn identifier(entry: Spanned<IdentifierRule>, at: &Fault<'_>) -> Result<IdentifierRule, PolicyError> {
    let offset = entry.span().start;
    let rule = entry.into_inner();
    rule.fault().map_or(Ok(()), |reason| Err(at(offset, reason.to_owned())))?;
    Ok(rule)
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
