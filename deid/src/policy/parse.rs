//! From the file to the policy.

use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use super::compile::compile;
use super::identifiers::{IdentifierRule, IdentifierRules};
use super::rule::{Entry, Rule};
use super::systems::SystemRule;
use super::{AsOfRule, DateRule, Dates, ExtensionRule, Geography, KeyRule, Method, Policy, Text};
use crate::PolicyError;
use crate::terms;
use crate::tools::Needs;

pub(super) fn parse(text: &str) -> Result<Policy, PolicyError> {
    let at = |offset: usize, reason: String| PolicyError::new(text, offset, reason);
    let parts = Parts::read(text)?;
    let messages = crate::v2::Rules::compile(&parts.v2, parts.dates, parts.systems.clone())
        .map_err(|(offset, reason)| at(offset, reason))?;
    let needs_of_messages = needs(&parts.v2, &parts.identifiers);
    let is_moved = |rule: &Rule| matches!(rule.method, Method::Shift | Method::Perturb);
    let moves = parts.dates.method == DateRule::Shift || parts.fhir.iter().any(is_moved);
    let needs = needs(&parts.fhir, &parts.identifiers);
    let roots = compile(parts.fhir, &at)?;
    let otherwise = roots.get("Identifier").and_then(|node| node.method).unwrap_or(Method::Pseudonym);
    let identifiers = IdentifierRules::new(parts.identifiers, otherwise);
    Ok(Policy {
        id: parts.id,
        version: parts.version,
        jurisdiction: parts.jurisdiction,
        sources: parts.sources,
        as_of: parts.as_of,
        keys: parts.keys,
        moves,
        needs,
        dates: parts.dates,
        geography: parts.geography,
        text: parts.text,
        roots,
        v2: parts.v2,
        messages: Arc::new(messages.with_identifiers(identifiers.clone(), needs_of_messages)),
        identifiers,
        systems: parts.systems,
        extensions: parts.extensions,
    })
}

/// What a file and its base say together.
struct Parts {
    id: String,
    version: String,
    jurisdiction: String,
    sources: Vec<String>,
    as_of: AsOfRule,
    keys: KeyRule,
    dates: Dates,
    geography: Geography,
    text: Text,
    fhir: Vec<Rule>,
    v2: Vec<Rule>,
    identifiers: Vec<IdentifierRule>,
    systems: Vec<SystemRule>,
    extensions: Vec<ExtensionRule>,
}

impl Parts {
    fn read(text: &str) -> Result<Self, PolicyError> {
        let mut file: File = toml::from_str(text).map_err(|error| {
            let offset = error.span().map_or(0, |span| span.start);
            PolicyError::new(text, offset, error.message().trim_end().replace('\n', " "))
        })?;
        let at = |offset: usize, reason: String| PolicyError::new(text, offset, reason);
        let geography = file.geography.take().map(|section| geography(section, &at)).transpose()?;
        let base = file.base.take().map(|name| base(&name, &at)).transpose()?;
        let extensions =
            file.extension.drain(..).map(|entry| extension(entry, &at)).collect::<Result<_, _>>()?;
        let identifiers =
            file.identifier.drain(..).map(|entry| identifier(entry, &at)).collect::<Result<_, _>>()?;
        let own = Self {
            fhir: rules(std::mem::take(&mut file.fhir), &at)?,
            v2: rules(std::mem::take(&mut file.v2), &at)?,
            systems: systems(std::mem::take(&mut file.codes), &at)?,
            extensions,
            identifiers,
            as_of: file.as_of_rule.or(base.as_ref().map(|base| base.as_of)).unwrap_or_default(),
            keys: file.keys.or(base.as_ref().map(|base| base.keys)).unwrap_or_default(),
            dates: file.dates.or(base.as_ref().map(|base| base.dates)).unwrap_or_default(),
            geography: geography.or(base.as_ref().map(|base| base.geography.clone())).unwrap_or_default(),
            text: file.text.or(base.as_ref().map(|base| base.text.clone())).unwrap_or_default(),
            id: file.id,
            version: file.version,
            jurisdiction: file.jurisdiction,
            sources: file.sources,
        };
        Ok(match base {
            Some(base) => own.over(base),
            None => own,
        })
    }

    /// This before the base: what both name is as it is here. The version says on what it stands.
    fn over(mut self, base: Self) -> Self {
        self.version = format!("{} on {} {}", self.version, base.id, base.version);
        self.fhir = over(self.fhir, base.fhir);
        self.v2 = over(self.v2, base.v2);
        self.identifiers.extend(base.identifiers);
        self.systems.extend(base.systems);
        self.extensions.extend(base.extensions);
        self
    }
}

/// The policy of a name, whose faults are faults of the place that names it.
fn base(name: &Spanned<String>, at: &Fault<'_>) -> Result<Parts, PolicyError> {
    let (offset, name) = (name.span().start, name.get_ref());
    let Some(text) = Policy::built_in_toml(name) else {
        return Err(at(offset, format!("no policy `{name}` comes along: a base is one that does")));
    };
    let mut parts = Parts::read(text).map_err(|error| at(offset, format!("`{name}`: {error}")))?;
    parts.fhir.iter_mut().chain(&mut parts.v2).for_each(|rule| rule.offset = offset);
    Ok(parts)
}

fn over(own: Vec<Rule>, mut base: Vec<Rule>) -> Vec<Rule> {
    base.retain(|rule| own.iter().all(|one| one.path != rule.path));
    base.into_iter().chain(own).collect()
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
    /// A policy that comes along, which says what this file does not.
    base: Option<Spanned<String>>,
    #[serde(default)]
    fhir: Vec<Entry>,
    #[serde(default)]
    extension: Vec<ExtensionEntry>,
    #[serde(default)]
    codes: Codes,
    dates: Option<Dates>,
    as_of_rule: Option<AsOfRule>,
    keys: Option<KeyRule>,
    geography: Option<Spanned<Geography>>,
    text: Option<Text>,
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

fn systems(codes: Codes, at: &Fault<'_>) -> Result<Vec<SystemRule>, PolicyError> {
    for system in &codes.systems {
        if let Some(reason) = system.get_ref().fault() {
            return Err(at(system.span().start, reason.to_owned()));
        }
    }
    Ok(codes.systems.into_iter().map(Spanned::into_inner).collect())
}

/// What rules for paths and for identifiers want.
fn needs(rules: &[Rule], identifiers: &[IdentifierRule]) -> Needs {
    let named = |method| rules.iter().any(|rule| rule.method == method);
    let sealed = identifiers.iter().any(|rule| rule.method == Method::Encrypt);
    Needs { cipher: sealed || named(Method::Encrypt), scrubber: named(Method::Scrub) }
}

fn identifier(entry: Spanned<IdentifierRule>, at: &Fault<'_>) -> Result<IdentifierRule, PolicyError> {
    let offset = entry.span().start;
    let rule = entry.into_inner();
    rule.fault().map_or(Ok(()), |reason| Err(at(offset, reason.to_owned())))?;
    Ok(rule)
}

fn geography(section: Spanned<Geography>, at: &Fault<'_>) -> Result<Geography, PolicyError> {
    let offset = section.span().start;
    let geography = section.into_inner();
    geography.fault().map_or(Ok(()), |reason| Err(at(offset, reason.to_owned())))?;
    Ok(geography)
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

#[cfg(test)]
mod tests {
    use crate::{Method, Policy};

    const HEAD: &str = "id='x'\nversion='3'\njurisdiction='any'\nsources=[]\n";

    fn method(policy: &Policy, path: &str) -> Option<Method> {
        let report = policy.report();
        let mut all = report.types.iter().flat_map(|one| &one.elements);
        all.find(|one| one.path == path).and_then(|one| one.method)
    }

    #[test]
    fn a_file_says_what_differs_from_its_base() {
        let own = "base='safe-harbor'\n[dates]\nmethod='shift'\n[[identifier]]\nchecksum='br-cpf'\nmethod='drop'\n
                   [[fhir]]\npath='Identifier'\nmethod='pseudonym'\n[[fhir]]\npath='Patient.gender'\nmethod='drop'\n
                   [[v2]]\npath='PID-7'\nmethod='drop'";
        let policy = Policy::parse_toml(&format!("{HEAD}{own}")).unwrap();
        let base = Policy::built_in("safe-harbor").unwrap();
        assert_eq!(policy.version(), format!("3 on safe-harbor {}", base.version()));
        assert_eq!((policy.id(), policy.sources().len()), ("x", 0));
        assert!(policy.moves() && policy.wants_key_of_run() && policy.needs_as_of());
        assert_eq!(policy.identifiers().iter().count(), 1 + base.identifiers().iter().count());
        for (path, ours, theirs) in [
            ("Patient.identifier", Some(Method::Pseudonym), None),
            ("Patient.gender", None, Some(Method::Keep)),
            ("Observation.valueQuantity", Some(Method::Keep), Some(Method::Keep)),
        ] {
            assert_eq!((method(&policy, path), method(base, path)), (ours, theirs), "{path}");
        }
        let v2 = |policy: &Policy| policy.v2_rules().iter().find(|rule| rule.path == "PID-7").unwrap().method;
        assert_eq!((v2(&policy), v2(base)), (Method::Drop, Method::Year));
    }

    #[test]
    fn a_base_comes_along_and_its_faults_are_told_where_it_is_named() {
        let fault = |rest: &str| Policy::parse_toml(&format!("{HEAD}{rest}")).unwrap_err().to_string();
        assert!(fault("base='mine.toml'").contains("line 5, column 6: no policy `mine.toml` comes along"));
        let twice = "base='safe-harbor'\n[[fhir]]\npaths=['Patient.gender','Patient.gender']\nmethod='drop'";
        let uk = "[geography]\ncountry='UK'";
        assert!(fault(uk).contains("two letters of ISO 3166-1"), "{}", fault(uk));
        assert!(fault(twice).contains("line 7") && fault(twice).contains("stands twice"), "{}", fault(twice));
    }
}
