//! The code tables: codes by version, their texts, and whether HL7 or the site defines them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;

use super::fetch::read;
use super::hl7_dictionary::Codes;
use super::merge::clean;
use super::model::{Part, Release, VERSIONS};
use super::write::CodeTable;

/// The tables of version 2.9, as FHIR R4 carries them.
const NEWEST: &str = "2.9";

#[derive(Deserialize)]
struct Bundle {
    entry: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    resource: Resource,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Resource {
    resource_type: String,
    #[serde(default)]
    id: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    concept: Vec<Concept>,
}

#[derive(Deserialize)]
struct Concept {
    code: String,
    #[serde(default)]
    display: String,
    #[serde(default)]
    property: Vec<Property>,
    #[serde(default)]
    extension: Vec<Extension>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Property {
    #[serde(default)]
    code: String,
    #[serde(default)]
    value_code: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extension {
    #[serde(default)]
    value_string: String,
}

impl Concept {
    /// Whether version 2.9 still has it.
    fn is_current(&self) -> bool {
        let property = self.property.iter().any(|one| one.code == "status" && one.value_code != "active");
        let remark =
            self.extension.iter().any(|one| one.value_string.to_lowercase().contains("removed as of"));
        !property && !remark
    }
}

/// A table of FHIR R4: its name, and the codes with their texts and whether 2.9 has them.
struct Newest {
    title: String,
    codes: Vec<(String, String, bool)>,
}

/// The tables of all versions.
pub(super) fn tables(
    releases: &[Release],
    definitions: &Path,
    texts: &BTreeMap<String, Codes>,
) -> Result<BTreeMap<String, CodeTable>, String> {
    let newest = newest(&definitions.join("v2-tables.json"))?;
    let at_newest = VERSIONS.iter().position(|version| *version == NEWEST).unwrap_or_default();
    let kinds = kinds(releases);
    let mut all: BTreeMap<String, CodeTable> = BTreeMap::new();
    let mut versions: BTreeMap<&String, BTreeSet<usize>> = BTreeMap::new();
    for (at, release) in releases.iter().enumerate() {
        let used = parts(release).filter_map(|part| part.table.as_ref());
        for id in used.chain(release.tables.keys()) {
            versions.entry(id).or_default().insert(at);
        }
    }
    for id in newest.keys() {
        versions.entry(id).or_default().insert(at_newest);
    }
    for (id, versions) in versions {
        let fhir = newest.get(id);
        let mut codes: BTreeMap<String, (Vec<usize>, String)> = BTreeMap::new();
        // A table of which FHIR carries no code that is current has in 2.9 the codes that it has in 2.8.2.
        let is_carried = fhir.is_some_and(|table| table.codes.iter().any(|(_, _, current)| *current));
        for (at, release) in releases.iter().enumerate().filter(|(at, _)| *at != at_newest || !is_carried) {
            for code in release.tables.get(id).iter().flat_map(|table| &table.codes) {
                codes.entry(code.clone()).or_default().0.push(at);
            }
        }
        for (code, _, current) in fhir.iter().flat_map(|table| &table.codes) {
            if *current {
                codes.entry(code.clone()).or_default().0.push(at_newest);
            }
        }
        for (code, (_, text)) in &mut codes {
            let of_fhir = fhir
                .and_then(|table| table.codes.iter().find(|one| one.0 == *code))
                .map(|one| one.1.as_str());
            let other = texts.get(id).and_then(|table| table.values.get(code)).map(String::as_str);
            *text = of_fhir.filter(|text| !text.is_empty()).or(other).unwrap_or_default().to_owned();
        }
        let title = releases.iter().rev().find_map(|release| Some(&release.tables.get(id)?.title));
        let title = title.or(fhir.map(|table| &table.title)).or(texts.get(id).map(|table| &table.desc));
        let by_hand = releases.iter().rev().find_map(|release| release.tables.get(id)?.kind.clone());
        let kind = by_hand.unwrap_or_else(|| kinds.get(id).copied().unwrap_or("unknown").to_owned());
        all.insert(
            id.clone(),
            CodeTable {
                kind,
                title: title.cloned().unwrap_or_default(),
                versions: versions.into_iter().collect(),
                codes: codes.into_iter().filter(|(_, (versions, _))| !versions.is_empty()).collect(),
            },
        );
    }
    Ok(all)
}

/// Chapter 2A: a component or field of type `ID` takes its values from a table of HL7, of type `IS` from a table of the
/// site, of type `CNE` from a closed one. The version that says it last is believed.
fn kinds(releases: &[Release]) -> BTreeMap<String, &'static str> {
    let mut kinds = BTreeMap::new();
    for release in releases {
        for part in parts(release) {
            let kind = match part.datatype.as_str() {
                "ID" | "CNE" => "hl7",
                "IS" => "user",
                _ => continue,
            };
            if let Some(table) = &part.table {
                kinds.insert(table.clone(), kind);
            }
        }
    }
    kinds
}

fn parts(release: &Release) -> impl Iterator<Item = &Part> {
    release
        .segments
        .values()
        .chain(release.datatypes.values())
        .flat_map(|definition| definition.parts.values())
}

fn newest(path: &Path) -> Result<BTreeMap<String, Newest>, String> {
    let bundle: Bundle =
        serde_json::from_str(&read(path)?).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut all = BTreeMap::new();
    for resource in bundle.entry.into_iter().map(|entry| entry.resource) {
        let id = resource
            .id
            .strip_prefix("v2-")
            .filter(|id| id.len() == 4 && id.chars().all(|c| c.is_ascii_digit()));
        if let (Some(id), "CodeSystem") = (id, resource.resource_type.as_str()) {
            let title =
                resource.description.split_once('(').map_or("", |(_, name)| name.trim_end_matches(')'));
            let mut codes: Vec<(String, String, bool)> = Vec::new();
            for concept in &resource.concept {
                for code in super::codes::of(id, &concept.code) {
                    match codes.iter_mut().find(|(known, _, _)| *known == code) {
                        Some(known) => known.2 |= concept.is_current(),
                        None => codes.push((code, concept.display.clone(), concept.is_current())),
                    }
                }
            }
            all.insert(id.to_owned(), Newest { title: clean(title), codes });
        }
    }
    Ok(all)
}
