use std::collections::BTreeSet;

use carewire_fhir_core::{Compartment, Value};

use crate::api::{Arguments, ExportLevel, Search};
use crate::clock;
use crate::refusal::Refusal;
use crate::rules::types;

/// What an export is to hold.
#[derive(Clone, PartialEq)]
pub(crate) struct Spec {
    pub(crate) level: ExportLevel,
    /// The URL of the kick-off.
    pub(crate) request: String,
    /// When it was ordered, in milliseconds since 1970.
    pub(crate) at: i64,
    /// Its place in the order of changes: nothing later is in it.
    pub(crate) before: u64,
    types: Option<BTreeSet<&'static str>>,
    since: Option<i64>,
    filters: Vec<(&'static str, String)>,
    /// `Patient/<id>`: of the patients, only these.
    patients: Option<BTreeSet<String>>,
}

/// How strictly a kick-off is read: with `Prefer: handling=lenient`, what is not known is left out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Handling {
    Strict,
    Lenient,
}

impl Spec {
    pub(crate) fn new(level: ExportLevel, request: String, at: i64, before: u64) -> Self {
        Self { level, request, at, before, types: None, since: None, filters: Vec::new(), patients: None }
    }

    /// Takes the parameters of a kick-off.
    pub(crate) fn with(mut self, arguments: &Arguments, handling: Handling) -> Result<Self, Refusal> {
        for (name, value) in arguments.iter() {
            self.take(name, value).or_else(|refusal| match handling {
                Handling::Lenient => Ok(()),
                Handling::Strict => Err(refusal),
            })?;
        }
        Ok(self)
    }

    fn take(&mut self, name: &str, value: &str) -> Result<(), Refusal> {
        match name {
            "_type" => {
                let names = value.split(',').map(|name| types::known(name.trim()));
                let names = names.collect::<Option<Vec<_>>>();
                let names = names.ok_or_else(|| Refusal::bad_request("Unknown resource type"))?;
                self.types.get_or_insert_default().extend(names);
            }
            "_since" => {
                let range = clock::range(value).ok_or_else(|| Refusal::bad_request("Invalid date value"))?;
                self.since = Some(range.0);
            }
            "_typeFilter" => self.add_filter(value)?,
            "_outputFormat" => {
                let known = ["application/fhir+ndjson", "application/ndjson", "ndjson"];
                // A plus sign that was not escaped has become a space.
                if !known.contains(&value.replace(' ', "+").as_str()) {
                    return Err(Refusal::bad_request("Unsupported output format"));
                }
            }
            "patient" if self.level != ExportLevel::System => {
                self.patients.get_or_insert_default().insert(value.to_owned());
            }
            _ => return Err(Refusal::bad_request("Unknown parameter of $export")),
        }
        Ok(())
    }

    fn add_filter(&mut self, value: &str) -> Result<(), Refusal> {
        let unknown = || Refusal::bad_request("Invalid _typeFilter");
        let (name, query) = value.split_once('?').ok_or_else(unknown)?;
        let resource_type = types::known(name).ok_or_else(unknown)?;
        if Search::condition(resource_type, query)?.has_chains() {
            return Err(unknown());
        }
        self.filters.push((resource_type, query.to_owned()));
        Ok(())
    }

    /// The types that it holds, sorted.
    pub(crate) fn types(&self) -> Vec<&'static str> {
        let asked = |name: &&'static str| self.types.as_ref().is_none_or(|types| types.contains(name));
        let of_patients =
            |name: &&'static str| *name == "Patient" || !Compartment::Patient.parameters(name).is_empty();
        let all = types::all().iter().copied().filter(asked);
        match self.level {
            ExportLevel::System => all.collect(),
            ExportLevel::Patient | ExportLevel::Group(_) => all.filter(of_patients).collect(),
        }
    }

    /// What changed before is not in it, milliseconds since 1970.
    pub(crate) fn since(&self) -> Option<i64> {
        self.since
    }

    /// Whether only this patient's data was asked for, or everybody's.
    pub(crate) fn wants_patient(&self, reference: &str) -> bool {
        self.patients.as_ref().is_none_or(|patients| patients.contains(reference))
    }

    /// The searches of which a resource of the type must meet one; none when all are wanted.
    pub(crate) fn searches(&self, resource_type: &str) -> Vec<Search> {
        let of_type = self.filters.iter().filter(|(name, _)| *name == resource_type);
        of_type.filter_map(|(name, query)| Search::condition(name, query).ok()).collect()
    }

    /// As it is remembered.
    pub(crate) fn to_json(&self) -> String {
        let (level, group) = match &self.level {
            ExportLevel::System => ("system", None),
            ExportLevel::Patient => ("patient", None),
            ExportLevel::Group(id) => ("group", Some(id.as_str())),
        };
        let mut value = Value::object()
            .with("level", level)
            .with("request", self.request.as_str())
            .with("at", Value::integer(self.at))
            .with("before", Value::integer(i64::try_from(self.before).unwrap_or(i64::MAX)));
        if let Some(group) = group {
            value.set("group", group);
        }
        if let Some(types) = &self.types {
            value.set("types", types.iter().map(|name| Value::string(*name)).collect::<Value>());
        }
        if let Some(since) = self.since {
            value.set("since", Value::integer(since));
        }
        let filters = self.filters.iter().map(|(name, query)| Value::string(format!("{name}?{query}")));
        value.set("filters", filters.collect::<Value>());
        if let Some(patients) = &self.patients {
            value
                .set("patients", patients.iter().map(|text| Value::string(text.as_str())).collect::<Value>());
        }
        value.to_json()
    }

    /// Reads what was remembered.
    pub(crate) fn from_json(text: &str) -> Option<Self> {
        let value = Value::parse(text.as_bytes()).ok()?;
        let level = match value.str("level")? {
            "system" => ExportLevel::System,
            "patient" => ExportLevel::Patient,
            _ => ExportLevel::Group(value.str("group")?.to_owned()),
        };
        let number = |name: &str| value.get(name).and_then(Value::as_i64);
        let before = u64::try_from(number("before")?).ok()?;
        let mut spec = Self::new(level, value.str("request")?.to_owned(), number("at")?, before);
        spec.since = number("since");
        if let Some(names) = value.get("types") {
            let names = names.items().iter().map(|name| name.as_str().and_then(types::known));
            spec.types = Some(names.collect::<Option<_>>()?);
        }
        for filter in value.list("filters") {
            spec.add_filter(filter.as_str()?).ok()?;
        }
        if let Some(patients) = value.get("patients") {
            spec.patients = patients.items().iter().map(|text| text.as_str().map(str::to_owned)).collect();
        }
        Some(spec)
    }
}

impl std::fmt::Debug for Spec {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Spec").field("at", &self.at).field("before", &self.before).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(level: ExportLevel, query: &str, handling: Handling) -> Option<Spec> {
        let arguments = Arguments::read(query, None).unwrap();
        Spec::new(level, "http://x/$export".to_owned(), 5, 7).with(&arguments, handling).ok()
    }

    #[test]
    fn what_is_remembered_is_what_was_ordered() {
        let query = "_type=Patient,Observation&_since=2026-01-01&_typeFilter=Patient%3Fidentifier%3Da&patient=Patient/1";
        for level in [ExportLevel::Patient, ExportLevel::Group("g".to_owned())] {
            let spec = read(level, query, Handling::Strict).unwrap();
            assert!(Spec::from_json(&spec.to_json()) == Some(spec));
        }
        let spec = read(ExportLevel::System, "", Handling::Strict).unwrap();
        assert!(Spec::from_json(&spec.to_json()) == Some(spec));
    }

    #[test]
    fn what_is_not_known_is_refused_or_left_out() {
        for query in [
            "_type=Nothing",
            "_since=x",
            "_typeFilter=Patient",
            "_outputFormat=csv",
            "_x=1",
            "patient=Patient/1",
        ] {
            assert!(read(ExportLevel::System, query, Handling::Strict).is_none(), "{query}");
            assert!(read(ExportLevel::System, query, Handling::Lenient).is_some(), "{query}");
        }
        assert!(
            read(ExportLevel::System, "_outputFormat=application/fhir+ndjson", Handling::Strict).is_some()
        );
    }
}
