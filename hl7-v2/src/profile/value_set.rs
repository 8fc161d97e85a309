//! The library of value sets.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use regex_lite::Regex;

use super::assertion::whole_pattern;
use super::error::ProfileError;
use super::unsupported::{Notes, UnsupportedReason};
use super::xml::{Document, Element};

/// The value sets of a profile.
#[derive(Debug, Default)]
pub(super) struct Library {
    sets: HashMap<String, Arc<ValueSet>>,
    excluded: BTreeSet<String>,
    external: BTreeSet<String>,
}

/// What the library has under an id.
#[derive(Clone, Debug)]
pub(super) enum Found {
    Set(Arc<ValueSet>),
    Excluded,
    External,
    Nothing,
}

impl Library {
    pub(super) fn read(document: &Document, notes: &mut Notes) -> Result<Self, ProfileError> {
        let root = &document.root;
        let known = ["MetaData", "NoValidation", "ValueSetDefinitions", "ExternalValueSetDefinitions"];
        notes.children(document.file, root, &known);
        let mut library = Self::default();
        for part in root.children_named("NoValidation") {
            let ids = part.children_named("BindingIdentifier").map(|id| id.text.trim().to_owned());
            library.excluded.extend(ids);
        }
        for part in root.children_named("ExternalValueSetDefinitions") {
            for at in part.children_named("ValueSetDefinition") {
                let id = document.required(at, "BindingIdentifier")?;
                notes.note(UnsupportedReason::ExternalValueSet, document.file, at, id);
                library.external.insert(id.to_owned());
            }
        }
        for part in root.children_named("ValueSetDefinitions") {
            notes.children(document.file, part, &["ValueSetDefinition"]);
            for at in part.children_named("ValueSetDefinition") {
                let set = ValueSet::read(document, at, notes)?;
                let id = set.id.clone();
                if library.sets.insert(id.clone(), Arc::new(set)).is_some() {
                    return Err(document.duplicate(at, "value set", &id));
                }
            }
        }
        Ok(library)
    }

    pub(super) fn get(&self, id: &str) -> Found {
        if self.excluded.contains(id) {
            return Found::Excluded;
        }
        match self.sets.get(id) {
            Some(set) => Found::Set(Arc::clone(set)),
            None if self.external.contains(id) => Found::External,
            None => Found::Nothing,
        }
    }
}

/// A value set.
#[derive(Debug)]
pub(super) struct ValueSet {
    pub(super) id: String,
    /// Whether others than the listed codes may be used (`Extensibility="Open"`).
    pub(super) open: bool,
    codes: HashMap<String, Vec<Code>>,
    patterns: Vec<(Regex, Code)>,
    /// A code could not be taken over, so that nothing can be said to be missing.
    incomplete: bool,
}

#[derive(Clone, Debug)]
struct Code {
    system: String,
    excluded: bool,
}

/// What a value set says about a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Membership {
    /// It is in the set.
    Member,
    /// It is listed as excluded.
    Excluded,
    /// It is in the set with another code system.
    OtherSystem,
    /// It is in the set, and the code system that should be beside it is not given.
    NoSystem,
    /// It is not in the set.
    NoMember,
    /// The set cannot tell.
    Unknown,
}

impl ValueSet {
    fn read(document: &Document, at: &Element, notes: &mut Notes) -> Result<Self, ProfileError> {
        let id = document.required(at, "BindingIdentifier")?.to_owned();
        let open = match at.attribute("Extensibility") {
            Some("Open") => true,
            None | Some("Closed" | "Undefined" | "Not Defined") => false,
            Some(_) => return Err(document.unreadable(at, "Extensibility")),
        };
        notes.children(document.file, at, &["ValueElement"]);
        let mut set = Self { id, open, codes: HashMap::new(), patterns: Vec::new(), incomplete: false };
        for element in at.children_named("ValueElement") {
            set.read_code(document, element, notes)?;
        }
        Ok(set)
    }

    fn read_code(
        &mut self,
        document: &Document,
        at: &Element,
        notes: &mut Notes,
    ) -> Result<(), ProfileError> {
        let excluded = match at.attribute("Usage") {
            None | Some("R" | "P") => false,
            Some("E") => true,
            Some(_) => return Err(document.unreadable(at, "Usage")),
        };
        let code = Code { system: at.attribute("CodeSystem").unwrap_or_default().to_owned(), excluded };
        let value = document.required(at, "Value")?;
        let implied = || placeholder(&self.id, value).map(str::to_owned);
        let Some(pattern) = at.attribute("CodePattern").map(str::to_owned).or_else(implied) else {
            self.codes.entry(value.to_owned()).or_default().push(code);
            return Ok(());
        };
        match whole_pattern(&pattern) {
            Some(pattern) => self.patterns.push((pattern, code)),
            None => {
                self.incomplete = true;
                notes.note(UnsupportedReason::Pattern, document.file, at, &self.id);
            }
        }
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.codes.is_empty() && self.patterns.is_empty()
    }

    /// Whether `code` is in the set; with `system` it has to be that of the set, where `Some(None)` is a code system
    /// that is asked for and not given.
    pub(super) fn membership(&self, code: &str, system: Option<Option<&str>>) -> Membership {
        let listed = self.codes.get(code).into_iter().flatten();
        let matched = self.patterns.iter().filter(|(pattern, _)| pattern.is_match(code));
        let mut best = if self.incomplete { Membership::Unknown } else { Membership::NoMember };
        for found in listed.chain(matched.map(|(_, code)| code)) {
            best = match system {
                Some(None) => Membership::NoSystem,
                Some(Some(system)) if system != found.system => Membership::OtherSystem,
                _ if found.excluded => return Membership::Excluded,
                _ => return Membership::Member,
            };
        }
        best
    }
}

/// Table 0396 lists families of code systems by placeholders. Libraries that give no pattern mean these.
fn placeholder(id: &str, value: &str) -> Option<&'static str> {
    match value {
        _ if !id.contains("0396") => None,
        "HL7nnnn" => Some("HL7[0-9]{4}"),
        "99zzz" => Some("99[a-zA-Z0-9]{3}"),
        _ => None,
    }
}
