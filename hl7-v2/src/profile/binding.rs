//! Where value sets are bound.

use std::sync::Arc;

use super::error::{ProfileError, ProfileErrorKind};
use super::path::PositionPath;
use super::unsupported::{Notes, UnsupportedReason};
use super::value_set::{Found, Library, ValueSet};
use super::xml::{Document, Element, shown};

/// Value sets of which the codes at a place have to be.
#[derive(Debug)]
pub(super) struct Binding {
    pub(super) target: PositionPath,
    pub(super) strength: Strength,
    pub(super) sets: Vec<Arc<ValueSet>>,
    /// Whether there are more sets, which cannot be looked into.
    pub(super) incomplete: bool,
    pub(super) locations: Vec<CodeLocation>,
    /// The ids of the sets.
    pub(super) name: String,
}

/// One code that has to stand at a place.
#[derive(Debug)]
pub(super) struct SingleCode {
    pub(super) target: PositionPath,
    pub(super) code: String,
    pub(super) system: String,
    pub(super) locations: Vec<CodeLocation>,
}

/// Where the code and its code system are, below the target.
#[derive(Debug)]
pub(super) struct CodeLocation {
    pub(super) code: PositionPath,
    pub(super) system: Option<PositionPath>,
}

/// How strongly a value set is bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strength {
    Required,
    Suggested,
    Undetermined,
}

/// Makes bindings with the library, and notes what is not evaluated.
pub(super) struct Binder<'b> {
    pub(super) library: &'b Library,
    pub(super) notes: &'b mut Notes,
}

impl Binder<'_> {
    /// A `ValueSetBinding`.
    pub(super) fn binding(&mut self, document: &Document, at: &Element) -> Result<Binding, ProfileError> {
        self.notes.attributes(document.file, at, &["Target", "BindingStrength"]);
        let target = target(document, at)?;
        let locations = locations(document, at, self.notes)?;
        let bindings = document.required_child(at, "Bindings")?;
        let mut ids = Vec::new();
        for binding in bindings.children_named("Binding") {
            ids.push(document.required(binding, "BindingIdentifier")?);
        }
        self.bind(document, at, target, locations, &ids)
    }

    /// A `SingleCodeBinding`.
    pub(super) fn single_code(
        &mut self,
        document: &Document,
        at: &Element,
    ) -> Result<SingleCode, ProfileError> {
        self.notes.attributes(document.file, at, &["Target", "Code", "CodeSystem"]);
        Ok(SingleCode {
            target: target(document, at)?,
            code: document.required(at, "Code")?.to_owned(),
            system: document.required(at, "CodeSystem")?.to_owned(),
            locations: locations(document, at, self.notes)?,
        })
    }

    /// The binding in the attributes of the field or component at `position`. `coded`: its data type has the code
    /// system two components behind the code, as CE, CWE and CNE have.
    pub(super) fn in_attributes(
        &mut self,
        document: &Document,
        at: &Element,
        position: usize,
        coded: bool,
    ) -> Result<Option<Binding>, ProfileError> {
        let Some(ids) = at.attribute("Binding").or_else(|| at.attribute("Table")) else { return Ok(None) };
        let ids: Vec<&str> = ids.split(':').map(str::trim).filter(|id| !id.is_empty()).collect();
        let locations = attribute_locations(document, at, coded)?;
        self.bind(document, at, PositionPath::position(position, None), locations, &ids).map(Some)
    }

    /// The binding in a `ValueSet` assertion; its target is found by the assertion.
    pub(super) fn in_assertion(
        &mut self,
        document: &Document,
        at: &Element,
    ) -> Result<Binding, ProfileError> {
        let id = document.required(at, "ValueSetID")?;
        let locations = attribute_locations(document, at, false)?;
        self.bind(document, at, PositionPath::here(), locations, &[id])
    }

    fn bind(
        &mut self,
        document: &Document,
        at: &Element,
        target: PositionPath,
        locations: Vec<CodeLocation>,
        ids: &[&str],
    ) -> Result<Binding, ProfileError> {
        let strength = match at.attribute("BindingStrength") {
            Some("R") => Strength::Required,
            None | Some("S") => Strength::Suggested,
            Some("U") => Strength::Undetermined,
            Some(_) => return Err(document.unreadable(at, "BindingStrength")),
        };
        let name = shown(&ids.join(", "));
        let mut binding = Binding { target, strength, sets: Vec::new(), incomplete: false, locations, name };
        for id in ids {
            let reason = match self.library.get(id) {
                Found::Set(set) if !set.is_empty() => {
                    binding.sets.push(set);
                    continue;
                }
                Found::Excluded => UnsupportedReason::ExcludedValueSet,
                Found::External => UnsupportedReason::ExternalValueSet,
                Found::Set(_) | Found::Nothing => UnsupportedReason::UnknownValueSet,
            };
            binding.incomplete = true;
            self.notes.note(reason, document.file, at, id);
        }
        Ok(binding)
    }
}

fn target(document: &Document, at: &Element) -> Result<PositionPath, ProfileError> {
    let path = PositionPath::parse(document.required(at, "Target")?);
    path.ok_or_else(|| document.unreadable(at, "Target"))
}

fn locations(
    document: &Document,
    at: &Element,
    notes: &mut Notes,
) -> Result<Vec<CodeLocation>, ProfileError> {
    let parent = document.required_child(at, "BindingLocations")?;
    notes.children(document.file, parent, &["SimpleBindingLocation", "ComplexBindingLocation"]);
    let path = |at: &Element, attribute: &'static str| {
        let path = PositionPath::parse(document.required(at, attribute)?);
        path.ok_or_else(|| document.unreadable(at, attribute))
    };
    let mut locations = Vec::new();
    for location in &parent.children {
        match &*location.name {
            "SimpleBindingLocation" => {
                locations.push(CodeLocation { code: path(location, "CodeLocation")?, system: None });
            }
            "ComplexBindingLocation" => {
                let system = Some(path(location, "CodeSystemLocation")?);
                locations.push(CodeLocation { code: path(location, "CodeLocation")?, system });
            }
            _ => {}
        }
    }
    Ok(locations)
}

/// `BindingLocation="1"` or `"1:4"`; without one, the element itself.
fn attribute_locations(
    document: &Document,
    at: &Element,
    coded: bool,
) -> Result<Vec<CodeLocation>, ProfileError> {
    let Some(text) = at.attribute("BindingLocation") else {
        let at_code = |position| CodeLocation {
            code: PositionPath::position(position, Some(1)),
            system: Some(PositionPath::position(position + 2, Some(1))),
        };
        let itself = || CodeLocation { code: PositionPath::here(), system: None };
        return Ok(vec![if coded { at_code(1) } else { itself() }]);
    };
    let mut locations = Vec::new();
    for position in text.split(':') {
        let position: usize =
            position.trim().parse().ok().filter(|position| *position > 0).ok_or_else(|| {
                document.error(
                    at,
                    ProfileErrorKind::Attribute { element: shown(&at.name), attribute: "BindingLocation" },
                )
            })?;
        let system = coded.then(|| PositionPath::position(position.saturating_add(2), Some(1)));
        locations.push(CodeLocation { code: PositionPath::position(position, Some(1)), system });
    }
    Ok(locations)
}
