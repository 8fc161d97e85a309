//! The names of parameters: links, the parameter itself, its modifier, and what R4 says about them.

use super::criterion::{Link, Modifier};
use super::error::SearchReason;
use super::parameter::{Component, ParameterKind, SearchParameter, parameter, types};
use super::query::Scope;
use crate::primitive::rule;
use crate::resource::is_type_name;

/// A name, taken apart.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) links: Vec<Link>,
    pub(super) code: String,
    pub(super) modifier: Option<Modifier>,
}

/// What the parameter at the end of the links is.
#[derive(Debug)]
pub(super) struct Meaning {
    pub(super) kind: ParameterKind,
    pub(super) components: &'static [Component],
}

/// Whether a text is an id that stays one in a URL: `.` and `..` are ids to FHIR, and other places to HTTP.
pub(crate) fn is_id_in_path(text: &str) -> bool {
    rule::is_id(text) && text != "." && text != ".."
}

/// `subject:Patient.name:exact`, `_has:Observation:patient:code`, and the two in any order.
pub(super) fn parse(name: &str, max_links: usize) -> Result<Name, SearchReason> {
    let mut links = Vec::new();
    let mut rest = name;
    loop {
        if links.len() > max_links {
            return Err(SearchReason::TooManyLinks);
        }
        if let Some(reverse) = rest.strip_prefix("_has:") {
            let mut parts = reverse.splitn(3, ':');
            let (Some(resource_type), Some(code), Some(after)) = (parts.next(), parts.next(), parts.next())
            else {
                return Err(SearchReason::Name);
            };
            links.push(Link::From { resource_type: type_name(resource_type)?, code: code_name(code)? });
            rest = after;
        } else if let Some((link, after)) = rest.split_once('.') {
            let (code, target) =
                link.split_once(':').map_or((link, None), |(code, target)| (code, Some(target)));
            links.push(Link::To { code: code_name(code)?, target: target.map(type_name).transpose()? });
            rest = after;
        } else {
            break;
        }
    }
    let (code, modifier) =
        rest.split_once(':').map_or((rest, None), |(code, modifier)| (code, Some(modifier)));
    let modifier = modifier.map(|text| Modifier::parse(text).ok_or(SearchReason::Modifier)).transpose()?;
    Ok(Name { links, code: code_name(code)?, modifier })
}

/// What the name means for resources of these types.
pub(super) fn meaning(name: &Name, scope: &Scope, types: &[String]) -> Result<Meaning, SearchReason> {
    let mut bases = scope.bases(types);
    for link in &name.links {
        bases = match link {
            Link::To { code, target } => behind(&bases, code, target.as_deref())?,
            Link::From { resource_type, code } => before(&bases, resource_type, code)?,
        };
    }
    if let Some(kind) = unlisted(&name.code) {
        return Ok(Meaning { kind, components: &[] });
    }
    let mut entries = bases.iter().filter_map(|base| parameter(base, &name.code));
    let first = entries.next().ok_or(SearchReason::Unknown)?;
    // Over several types that are searched at once, a parameter must be one of all; behind a reference, of some.
    if name.links.is_empty() && !bases.iter().all(|base| parameter(base, &name.code).is_some()) {
        return Err(SearchReason::Unknown);
    }
    if !entries.all(|entry| entry.kind == first.kind && entry.components.len() == first.components.len()) {
        return Err(SearchReason::Ambiguous);
    }
    check_type(&bases, name)?;
    Ok(Meaning { kind: first.kind, components: &first.components })
}

/// Parameters of the framework that R4's list of definitions leaves out.
fn unlisted(code: &str) -> Option<ParameterKind> {
    matches!(code, "_filter" | "_list" | "_query").then_some(ParameterKind::Special)
}

/// `subject:Patient=1`: the type must be one that the reference may lead to.
fn check_type(bases: &[String], name: &Name) -> Result<(), SearchReason> {
    let Some(Modifier::Type(target)) = &name.modifier else { return Ok(()) };
    let fits =
        bases.iter().filter_map(|base| parameter(base, &name.code)).any(|entry| leads_to(entry, target));
    if fits { Ok(()) } else { Err(SearchReason::NotATarget) }
}

/// The types that a reference of these types leads to.
fn behind(bases: &[String], code: &str, target: Option<&str>) -> Result<Vec<String>, SearchReason> {
    let entries: Vec<_> = bases.iter().filter_map(|base| parameter(base, code)).collect();
    if entries.is_empty() {
        return Err(SearchReason::Unknown);
    }
    if entries.iter().any(|entry| entry.kind != ParameterKind::Reference) {
        return Err(SearchReason::NotAReference);
    }
    match target {
        Some(target) if entries.iter().any(|entry| leads_to(entry, target)) => Ok(vec![target.to_owned()]),
        Some(_) => Err(SearchReason::NotATarget),
        None => {
            let mut targets: Vec<String> = if entries.iter().any(|entry| entry.targets.is_empty()) {
                types().map(str::to_owned).collect()
            } else {
                entries.iter().flat_map(|entry| &entry.targets).map(|&target| target.to_owned()).collect()
            };
            targets.sort_unstable();
            targets.dedup();
            Ok(targets)
        }
    }
}

/// The type that refers to these types.
fn before(bases: &[String], resource_type: &str, code: &str) -> Result<Vec<String>, SearchReason> {
    let entry = parameter(resource_type, code).ok_or(SearchReason::Unknown)?;
    if entry.kind != ParameterKind::Reference {
        return Err(SearchReason::NotAReference);
    }
    let fits = bases.iter().any(|base| base == "Resource" || leads_to(entry, base));
    if fits { Ok(vec![resource_type.to_owned()]) } else { Err(SearchReason::NotATarget) }
}

fn leads_to(entry: &SearchParameter, target: &str) -> bool {
    entry.targets.is_empty() || entry.targets.contains(&target)
}

fn type_name(text: &str) -> Result<String, SearchReason> {
    if is_type_name(text) { Ok(text.to_owned()) } else { Err(SearchReason::Name) }
}

fn code_name(text: &str) -> Result<String, SearchReason> {
    let sound =
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    if sound { Ok(text.to_owned()) } else { Err(SearchReason::Name) }
}
