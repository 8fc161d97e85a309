//! `r4.txt`: the types with their elements and constraints, and the value sets of required bindings.

use std::collections::BTreeMap;

use super::codes;
use super::package::{Constraint, Element, Package, Structure, Type, last};

const FORMAT: &str = "\
#
#   valueset NAME URL codes|mime|currency|ucum|open      a required binding; its codes, or the form that codes have
#    SYSTEM CODE CODE ..
#   type NAME primitive|datatype|part|resource|profile BASE
#    ELEMENT MIN..MAX TYPE|TYPE(TARGET TARGET ..) = VALUESET
#    ! KEY error|warning ELEMENT TEXT                     a constraint; `.` is the type itself
#      EXPRESSION
#
# A type has the elements and constraints of its base too. A part is called by its path; so is what an element refers
# to for its content. `Quantity(SimpleQuantity)` is a profile.
";

/// What the package has wrong: the type of these elements.
const CORRECTED: &[(&str, &str)] = &[("Resource.id", "id"), ("Bundle.entry.response.outcome", "Resource")];

/// Elements that the package adds for its own server; 4.0.1 has none of them.
const ADDED: &[&str] = &[
    "Meta.project",
    "Meta.author",
    "Meta.onBehalfOf",
    "Meta.account",
    "Meta.accounts",
    "Meta.compartment",
    "Binary.url",
];

/// Constraints that every element or every extension repeats; their base types have them.
const REPEATED: &[&str] = &["ele-1", "ext-1"];

pub(super) fn table(package: &Package) -> Result<String, String> {
    let mut structures = package.structures()?;
    structures.retain(Structure::is_of_this_release);
    structures.sort_by_key(|one| (rank(one), one.name.clone()));
    let bases: BTreeMap<String, Vec<String>> =
        structures.iter().map(|one| (one.name.clone(), lines(one))).collect();
    let mut types = String::new();
    for structure in &structures {
        types += &blocks(structure, &bases);
    }
    let required = structures.iter().flat_map(Structure::elements).filter_map(required).collect();
    let header = package.header("The types, elements, required bindings and constraints of FHIR R4.");
    Ok(header + FORMAT + "\n" + &codes::table(package, &required)? + "\n" + &types)
}

/// Bases stand before what derives from them.
fn rank(structure: &Structure) -> u8 {
    match (structure.name.as_str(), structure.kind.as_str()) {
        ("Element" | "Resource", _) => 0,
        ("BackboneElement" | "DomainResource" | "Quantity" | "string" | "uri" | "integer", _) => 1,
        (_, "primitive-type") => 2,
        (_, "complex-type") => 3,
        _ => 4,
    }
}

fn kind(structure: &Structure) -> &'static str {
    match (structure.derivation.as_str(), structure.kind.as_str()) {
        ("constraint", _) => "profile",
        (_, "primitive-type") => "primitive",
        (_, "complex-type") => "datatype",
        _ => "resource",
    }
}

/// A type and its parts.
fn blocks(structure: &Structure, bases: &BTreeMap<String, Vec<String>>) -> String {
    let mut out = format!("type {} {} {}\n", structure.name, kind(structure), structure.base());
    out.truncate(out.trim_end().len());
    out.push('\n');
    let inherited = bases.get(structure.base()).map_or(&[][..], Vec::as_slice);
    let root = structure.elements().first().map_or("", |root| root.path.as_str());
    if kind(structure) != "primitive" {
        let own = lines(structure).into_iter().filter(|line| !inherited.contains(line));
        out.extend(own);
    }
    for part in structure.elements().iter().filter(|element| element.path != root && is_part(element)) {
        let base = part.types.first().map_or("", |one| one.code.as_str());
        out += &format!("type {} part {base}\n", part.path);
        let constraints = part.constraint.iter().filter(|one| !REPEATED.contains(&one.key.as_str()));
        out.extend(members(structure, &part.path).filter(|member| is_own(member)).map(element));
        out.extend(members(structure, &part.path).flat_map(element_constraints));
        out.extend(constraints.map(|one| constraint(one, ".")));
    }
    out
}

/// The elements and constraints of a type without those of its parts, as lines.
fn lines(structure: &Structure) -> Vec<String> {
    let Some(root) = structure.elements().first() else { return Vec::new() };
    let kept = |one: &&Constraint| {
        structure.base().is_empty() || structure.name == "Extension" || one.key != "ele-1"
    };
    members(structure, &root.path)
        .map(element)
        .chain(members(structure, &root.path).flat_map(element_constraints))
        .chain(root.constraint.iter().filter(kept).map(|one| constraint(one, ".")))
        .collect()
}

fn members<'a>(structure: &'a Structure, path: &'a str) -> impl Iterator<Item = &'a Element> {
    structure.elements().iter().filter(move |element| {
        let (within, name) = element.place();
        within == path && !name.is_empty() && !ADDED.contains(&element.path.as_str())
    })
}

/// Whether the part declares the element itself, and does not have it from its base.
fn is_own(element: &Element) -> bool {
    element
        .base
        .as_ref()
        .is_none_or(|base| !matches!(base.path.split('.').next(), Some("Element" | "BackboneElement")))
}

/// Whether an element has elements of its own in the structure.
fn is_part(element: &Element) -> bool {
    matches!(element.types.as_slice(), [one] if matches!(one.code.as_str(), "BackboneElement" | "Element"))
}

fn element(element: &Element) -> String {
    let types = match (&element.content_reference, is_part(element)) {
        (Some(path), _) => path.trim_start_matches('#').to_owned(),
        (None, true) => element.path.clone(),
        (None, false) => {
            element.types.iter().map(|one| type_name(element, one)).collect::<Vec<_>>().join("|")
        }
    };
    let binding = required(element).map_or_else(String::new, |url| format!(" = {}", codes::short(&url)));
    format!(" {} {}..{} {types}{binding}\n", element.place().1, element.min, element.max)
}

fn type_name(element: &Element, one: &Type) -> String {
    if let Some((_, name)) = CORRECTED.iter().find(|(path, _)| base_path(element) == *path) {
        return (*name).to_owned();
    }
    let narrowed = if one.code == "Reference" { &one.target_profile } else { &one.profile };
    let narrowed: Vec<&str> =
        narrowed.iter().map(|url| last(url)).filter(|name| *name != "Resource").collect();
    match narrowed.as_slice() {
        [] => one.name().to_owned(),
        names => format!("{}({})", one.name(), names.join(" ")),
    }
}

fn base_path(element: &Element) -> &str {
    element.base.as_ref().map_or(&element.path, |base| &base.path)
}

/// The value set of a required binding.
fn required(element: &Element) -> Option<String> {
    let binding = element.binding.as_ref().filter(|binding| binding.strength == "required")?;
    binding.value_set.as_deref().map(|url| url.split('|').next().unwrap_or(url).to_owned())
}

/// The constraints of an element that is not a part: those of its type are left to the type.
fn element_constraints(element: &Element) -> impl Iterator<Item = String> {
    let own =
        element.constraint.iter().filter(|one| !is_part(element) && !REPEATED.contains(&one.key.as_str()));
    own.map(|one| constraint(one, element.place().1))
}

fn constraint(one: &Constraint, on: &str) -> String {
    let text = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    format!(" ! {} {} {on} {}\n   {}\n", one.key, one.severity, text(&one.human), text(&one.expression))
}
