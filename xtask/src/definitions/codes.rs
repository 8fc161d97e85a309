//! The value sets of required bindings.

use std::collections::BTreeSet;

use super::package::{Concept, Include, Package, Terminology, Terms, last};

/// What is known of the codes of a value set.
enum Known {
    /// Each of its code systems with the codes that belong to the set.
    Codes(Vec<(String, Vec<String>)>),
    /// Its codes are in no package, but have a form.
    Form(&'static str),
    /// Neither.
    Nothing,
}

/// The code systems whose codes are not listed anywhere, and the form that their codes have.
const FORMS: &[(&str, &str)] = &[
    ("urn:ietf:bcp:13", "mime"),
    ("urn:iso:std:iso:4217", "currency"),
    ("http://unitsofmeasure.org", "ucum"),
];

/// The short name of a value set: the end of its URL without a version.
pub(super) fn short(url: &str) -> &str {
    last(plain(url))
}

/// One block for each value set.
pub(super) fn table(package: &Package, urls: &BTreeSet<String>) -> Result<String, String> {
    let terminology = package.terminology()?;
    let mut out = String::new();
    let mut names = BTreeSet::new();
    for url in urls {
        let url = plain(url);
        if !names.insert(short(url)) {
            return Err(format!("two value sets are called {}", short(url)));
        }
        let known =
            terminology.value_sets.get(url).map_or(Ok(Known::Nothing), |set| known(set, &terminology))?;
        out += &block(url, &known);
    }
    Ok(out)
}

fn block(url: &str, known: &Known) -> String {
    let name = short(url);
    match known {
        Known::Nothing => format!("valueset {name} {url} open\n"),
        Known::Form(form) => format!("valueset {name} {url} {form}\n"),
        Known::Codes(systems) => {
            let lines = systems.iter().map(|(system, codes)| format!(" {system} {}\n", codes.join(" ")));
            format!("valueset {name} {url} codes\n{}", lines.collect::<String>())
        }
    }
}

fn known(set: &Terms, terminology: &Terminology) -> Result<Known, String> {
    if !set.compose.exclude.is_empty() || set.compose.include.iter().any(|one| !one.is_plain()) {
        return Err("a required binding has a value set that is more than a list of codes".to_owned());
    }
    let mut systems: Vec<(String, Vec<String>)> = Vec::new();
    for include in &set.compose.include {
        let Some(codes) = codes(include, terminology)? else {
            let form = FORMS.iter().find(|(system, _)| *system == include.system);
            return Ok(form.map_or(Known::Nothing, |(_, form)| Known::Form(form)));
        };
        match systems.iter_mut().find(|(system, _)| *system == include.system) {
            Some((_, there)) => there.extend(codes),
            None => systems.push((include.system.clone(), codes)),
        }
    }
    Ok(Known::Codes(systems))
}

/// The codes of one part of a value set, sorted; `None` when its code system is not in the package.
fn codes(include: &Include, terminology: &Terminology) -> Result<Option<Vec<String>>, String> {
    let concepts = if include.concept.is_empty() {
        match terminology.code_systems.get(&include.system) {
            Some(system) if system.content == "complete" => &system.concept,
            _ => return Ok(None),
        }
    } else {
        &include.concept
    };
    let mut codes = BTreeSet::new();
    collect(concepts, &mut codes);
    if codes.is_empty() || codes.iter().any(|code| code.contains(char::is_whitespace)) {
        return Err(format!("the codes of {} cannot be written down", include.system));
    }
    Ok(Some(codes.into_iter().collect()))
}

fn collect(concepts: &[Concept], codes: &mut BTreeSet<String>) {
    for concept in concepts {
        codes.insert(concept.code.clone());
        collect(&concept.concept, codes);
    }
}

/// A canonical URL without its version.
fn plain(canonical: &str) -> &str {
    canonical.split_once('|').map_or(canonical, |(url, _)| url)
}
