//! The org's rules, and the labels of what a request is about.

use std::path::{Path, PathBuf};

use carewire_consent::{Labeller, Policy};
use carewire_fhir_core::Resource;
use serde::Deserialize;

use crate::failure::Failure;

/// What the file of `--policy` says.
#[derive(Default)]
pub(super) struct Rules {
    pub(super) policy: Policy,
    pub(super) labeller: Option<Labeller>,
}

/// `[labels]`: who labels the resource of a request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Labels {
    /// Whether the built-in table counts.
    #[serde(default = "yes")]
    built_in: bool,
    /// Tables of the site; their paths are relative to the file.
    #[serde(default)]
    tables: Vec<PathBuf>,
}

fn yes() -> bool {
    true
}

impl Rules {
    pub(super) fn read(file: &Path) -> Result<Self, Failure> {
        let wrong =
            |error: toml::de::Error| Failure::usage(format!("{}: {}", file.display(), error.message()));
        let mut table: toml::Table = toml::from_str(&text(file)?).map_err(wrong)?;
        let labels = table.remove("labels").map(Labels::deserialize).transpose().map_err(wrong)?;
        let policy = Policy::deserialize(table).map_err(wrong)?;
        let near = file.parent().unwrap_or(Path::new(""));
        Ok(Self { policy, labeller: labels.map(|labels| labels.labeller(near)).transpose()? })
    }

    /// A request whose resource bears the labels that the tables give it; none where no table is named, or there is no resource.
    pub(super) fn labelled(&self, request: &[u8]) -> Option<Vec<u8>> {
        let mut request: serde_json::Value = serde_json::from_slice(request).ok()?;
        let place = request.get_mut("resource")?;
        let mut resource = Resource::parse(place.to_string().as_bytes()).ok()?;
        self.labeller.as_ref()?.mark(&mut resource);
        *place = serde_json::from_str(&resource.to_json()).ok()?;
        Some(request.to_string().into_bytes())
    }
}

impl Labels {
    fn labeller(&self, near: &Path) -> Result<Labeller, Failure> {
        let built_in = if self.built_in { Some(Labeller::built_in()) } else { None };
        let built_in = built_in.transpose().map_err(|error| Failure::usage(format!("labels: {error}")))?;
        let mut all = built_in;
        for file in self.tables.iter().map(|file| near.join(file)) {
            let table = Labeller::parse(&text(&file)?)
                .map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
            all = Some(match all {
                Some(before) => before.with(table),
                None => table,
            });
        }
        all.ok_or_else(|| Failure::usage("labels: a table, or the built-in one, is expected"))
    }
}

fn text(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|error| Failure::usage(format!("{}: {error}", file.display())))
}
