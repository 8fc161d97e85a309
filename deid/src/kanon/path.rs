//! The elements by which records are told apart.

use std::collections::BTreeSet;

use carewire_fhir_core::{Kind, Value, element};

use super::PersonRecord;
use super::whose::{Place, Whose, is_about_persons};

/// Elements of R4 by which somebody could be found, and the sensitive one, if there is one.
///
/// Paths have the names that JSON has, `Patient.address.postalCode`, with `[url]` behind `extension`. They may be of several
/// types: what is said of a person stands in his Patient and in what refers to him. Types of which no resource is about a
/// person, such as `Organization`, are counted by resource, and cannot be mixed with others. A path that R4 does not have
/// is an error, since no record would have a value there, and all would look alike.
///
/// ```
/// use carewire_deid::{People, QuasiIdentifiers};
/// use carewire_fhir_core::Value;
///
/// let by = QuasiIdentifiers::parse("Patient.birthDate,Condition.code.text")?;
/// let mut people = People::new(by.paths().count());
/// for resource in [
///     r#"{"resourceType":"Patient","id":"7","birthDate":"1970"}"#,
///     r#"{"resourceType":"Condition","subject":{"reference":"Patient/7"},"code":{"text":"gout"}}"#,
///     r#"{"resourceType":"Observation","subject":{"reference":"Patient/8"}}"#,
/// ] {
///     let read = by.read(&Value::parse(resource.as_bytes()).unwrap());
///     read.records.iter().for_each(|record| people.add(record));
/// }
/// assert_eq!((people.len(), people.cells().report(2).smallest()), (1, Some(1)));
/// assert!(QuasiIdentifiers::parse("Patient.birthdate").is_err());
/// # Ok::<(), carewire_deid::QuasiIdentifierError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuasiIdentifiers {
    by: Vec<Path>,
    sensitive: Option<Path>,
}

/// What a document says of persons.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reading {
    /// What it says of each, resource by resource.
    pub records: Vec<PersonRecord>,
    /// Resources of the types that were asked for that do not say whom they are about. They are in no record.
    pub unassigned: u64,
}

/// The resource type, and the steps below it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Path {
    resource_type: String,
    text: String,
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Member(String),
    /// The extension with this URL.
    Extension(String),
}

/// A list of quasi-identifiers cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("path {position}: {reason}")]
pub struct QuasiIdentifierError {
    position: usize,
    reason: &'static str,
}

impl QuasiIdentifierError {
    /// Which path of the list is wrong, from 1.
    #[must_use]
    pub fn position(&self) -> usize {
        self.position
    }

    /// What is wrong with it.
    #[must_use]
    pub fn reason(&self) -> &str {
        self.reason
    }
}

impl QuasiIdentifiers {
    /// Reads paths with commas between them.
    ///
    /// # Errors
    /// [`QuasiIdentifierError`] when there is none, one is not an element of R4, one stands there twice, or some are of
    /// resources about persons and others are not.
    pub fn parse(paths: &str) -> Result<Self, QuasiIdentifierError> {
        let mut by: Vec<Path> = vec![];
        for (index, text) in paths.split(',').map(str::trim).enumerate() {
            let wrong = |reason| QuasiIdentifierError { position: index + 1, reason };
            let path = Path::parse(text).map_err(wrong)?;
            if by.first().is_some_and(|first| !first.goes_with(&path)) {
                return Err(wrong(MIXED));
            }
            if by.contains(&path) {
                return Err(wrong("stands there twice"));
            }
            by.push(path);
        }
        Ok(Self { by, sensitive: None })
    }

    /// Measures also how different the values of this element are in each cell.
    ///
    /// # Errors
    /// [`QuasiIdentifierError`] when it is not an element of R4, is one of the quasi-identifiers, or is of another kind of
    /// resource than these.
    pub fn with_sensitive(mut self, path: &str) -> Result<Self, QuasiIdentifierError> {
        let wrong = |reason| QuasiIdentifierError { position: 1, reason };
        let path = Path::parse(path.trim()).map_err(wrong)?;
        if self.by.first().is_some_and(|first| !first.goes_with(&path)) {
            return Err(wrong(MIXED));
        }
        if self.by.contains(&path) {
            return Err(wrong("is a quasi-identifier"));
        }
        self.sensitive = Some(path);
        Ok(self)
    }

    /// The types of resource that are looked at, each once.
    pub fn resource_types(&self) -> impl Iterator<Item = &str> {
        let types: BTreeSet<&str> =
            self.by.iter().chain(&self.sensitive).map(|path| path.resource_type.as_str()).collect();
        types.into_iter()
    }

    /// Whether persons are counted; else it is resources.
    #[must_use]
    pub fn counts_persons(&self) -> bool {
        self.resource_types().all(is_about_persons)
    }

    /// The paths, in their order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.by.iter().map(|path| path.text.as_str())
    }

    /// The sensitive element.
    #[must_use]
    pub fn sensitive(&self) -> Option<&str> {
        self.sensitive.as_ref().map(|path| path.text.as_str())
    }

    /// What a resource, or a Bundle with its entries, says of each person, with what is contained in them.
    #[must_use]
    pub fn read(&self, document: &Value) -> Reading {
        let places = places(document);
        let whose = Whose::of(&places);
        let mut reading = Reading { records: vec![], unassigned: 0 };
        for place in &places {
            let of = place.resource.str("resourceType").unwrap_or_default();
            if !self.resource_types().any(|wanted| wanted == of) {
                continue;
            }
            if !is_about_persons(of) {
                reading.records.push(self.record(&[], place.resource));
                continue;
            }
            match whose.persons(place) {
                Some(persons) => {
                    reading.records.extend(persons.iter().map(|names| self.record(names, place.resource)));
                }
                None => reading.unassigned += 1,
            }
        }
        reading
    }

    /// What a resource says there.
    fn record(&self, names: &[String], resource: &Value) -> PersonRecord {
        let record = PersonRecord::new(names, self.by.iter().map(|path| path.values(resource)));
        match &self.sensitive {
            Some(path) => record.with_sensitive(path.values(resource)),
            None => record,
        }
    }
}

const MIXED: &str = "of resources about persons, and others are not";

/// A resource, those of its entries, and what is contained in each.
fn places(document: &Value) -> Vec<Place<'_>> {
    let whole = Place { resource: document, full_url: None, container: None };
    let inside = document.list("entry").iter().filter_map(|entry| {
        Some(Place { resource: entry.get("resource")?, full_url: entry.str("fullUrl"), container: None })
    });
    let mut places: Vec<Place<'_>> = std::iter::once(whole).chain(inside).collect();
    let contained = places.iter().flat_map(|place| {
        let container = place.resource;
        let place_of = move |resource| Place { resource, full_url: None, container: Some(container) };
        container.list("contained").iter().map(place_of)
    });
    let contained: Vec<Place<'_>> = contained.collect();
    places.extend(contained);
    places
}

impl Path {
    fn parse(text: &str) -> Result<Self, &'static str> {
        let (resource_type, mut rest) = text.split_once('.').ok_or("not a path below a resource type")?;
        let (mut of, mut steps) = (resource_type, vec![]);
        loop {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (name, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
            let shape = element(of, name).ok_or("not an element of R4")?;
            of = shape.type_name;
            let (step, behind) = match behind.strip_prefix('[') {
                Some(url) if of == "Extension" => {
                    let (url, behind) = url.split_once(']').ok_or("no `]`")?;
                    (Step::Extension(url.to_owned()), behind)
                }
                Some(_) => return Err("only extensions have a `[url]`"),
                None if of == "Extension" => return Err("extensions need a `[url]`"),
                None => (Step::Member(name.to_owned()), behind),
            };
            steps.push(step);
            if behind.is_empty() {
                let resource_type = resource_type.to_owned();
                return Ok(Self { resource_type, text: text.to_owned(), steps });
            }
            rest = behind.strip_prefix('.').ok_or("no `.` behind `]`")?;
        }
    }

    /// Whether what two paths lead to can be counted together.
    fn goes_with(&self, other: &Self) -> bool {
        let persons = [self, other].map(|path| is_about_persons(&path.resource_type));
        persons == [true, true] || self.resource_type == other.resource_type
    }

    /// The values there, as JSON texts; none in a resource of another type.
    fn values(&self, resource: &Value) -> Vec<String> {
        if resource.str("resourceType") != Some(&self.resource_type) {
            return vec![];
        }
        let mut found = vec![resource];
        for step in &self.steps {
            let next = found.into_iter().flat_map(|value| match step {
                Step::Member(name) => each(value.get(name)),
                Step::Extension(_) => each(value.get("extension")),
            });
            found = next.filter(|value| step.takes(value)).collect();
        }
        found.into_iter().map(Value::to_json).collect()
    }
}

impl Step {
    fn takes(&self, value: &Value) -> bool {
        match self {
            Self::Member(_) => true,
            Self::Extension(url) => value.str("url") == Some(url),
        }
    }
}

/// The items of a list, or the one value.
fn each(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let items = value.map_or(&[][..], Value::items);
    items.iter().chain(value.filter(|value| value.kind() != Kind::Array))
}
