//! The elements by which records are told apart.

use carewire_fhir_core::{Kind, Value, element};

use super::CellRecord;

/// Elements of one resource type by which somebody could be found, and the sensitive one, if there is one.
///
/// Paths have the names that JSON has, `Patient.address.postalCode`, with `[url]` behind `extension`. All begin with the
/// same type: a record is a resource of it. A path that R4 does not have is an error, since no record would have a value
/// there, and all would look alike.
///
/// ```
/// use carewire_deid::QuasiIdentifiers;
/// use carewire_fhir_core::Value;
///
/// let by = QuasiIdentifiers::parse("Patient.birthDate,Patient.gender")?;
/// let patient = Value::parse(br#"{"resourceType":"Patient","gender":"female","birthDate":"1970"}"#).unwrap();
/// assert!(by.record(&patient).is_some());
/// assert!(by.record(&Value::parse(br#"{"resourceType":"Group"}"#).unwrap()).is_none());
/// assert!(QuasiIdentifiers::parse("Patient.birthdate").is_err());
/// # Ok::<(), carewire_deid::QuasiIdentifierError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuasiIdentifiers {
    resource_type: String,
    by: Vec<Path>,
    sensitive: Option<Path>,
}

/// The steps below the resource type.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Path {
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
    /// [`QuasiIdentifierError`] when there is none, one is not an element of R4, one stands there twice, or they are of
    /// more than one resource type.
    pub fn parse(paths: &str) -> Result<Self, QuasiIdentifierError> {
        let (mut resource_type, mut by) = (String::new(), vec![]);
        for (index, text) in paths.split(',').map(str::trim).enumerate() {
            let wrong = |reason| QuasiIdentifierError { position: index + 1, reason };
            let (of, path) = Path::parse(text).map_err(wrong)?;
            if index > 0 && of != resource_type {
                return Err(wrong("of another resource type than the first"));
            }
            if by.contains(&path) {
                return Err(wrong("stands there twice"));
            }
            of.clone_into(&mut resource_type);
            by.push(path);
        }
        Ok(Self { resource_type, by, sensitive: None })
    }

    /// Measures also how different the values of this element are in each cell.
    ///
    /// # Errors
    /// [`QuasiIdentifierError`] when it is not an element of the same resource type, or one of the quasi-identifiers.
    pub fn with_sensitive(mut self, path: &str) -> Result<Self, QuasiIdentifierError> {
        let wrong = |reason| QuasiIdentifierError { position: 1, reason };
        let (of, path) = Path::parse(path.trim()).map_err(wrong)?;
        if of != self.resource_type {
            return Err(wrong("of another resource type than the quasi-identifiers"));
        }
        if self.by.contains(&path) {
            return Err(wrong("is a quasi-identifier"));
        }
        self.sensitive = Some(path);
        Ok(self)
    }

    /// The type of resource that is a record.
    #[must_use]
    pub fn resource_type(&self) -> &str {
        &self.resource_type
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

    /// What a resource says there; `None` when it is of another type.
    #[must_use]
    pub fn record(&self, resource: &Value) -> Option<CellRecord> {
        if resource.str("resourceType") != Some(&self.resource_type) {
            return None;
        }
        let values = self.by.iter().map(|path| path.values(resource));
        let record = CellRecord::new(values);
        Some(match &self.sensitive {
            Some(path) => record.with_sensitive(path.values(resource)),
            None => record,
        })
    }
}

impl Path {
    /// The resource type and the path below it.
    fn parse(text: &str) -> Result<(&str, Self), &'static str> {
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
                return Ok((resource_type, Self { text: text.to_owned(), steps }));
            }
            rest = behind.strip_prefix('.').ok_or("no `.` behind `]`")?;
        }
    }

    /// The values there, as JSON texts.
    fn values(&self, resource: &Value) -> Vec<String> {
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
