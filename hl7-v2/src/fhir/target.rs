//! Targets: where in a resource the value of a row goes.
//!
//! | target | place |
//! |---|---|
//! | `birthDate` | the element; a list takes one item more |
//! | `communication.language` | the last item of the list, unless it has one: then a new item |
//! | `contact+.name` | a new item of the list |
//! | `extension(patient-religion)` | an extension of HL7's (or of a whole URL), as its value |
//! | `extension(patient-animal).extension(species)` | inside that extension, made when it is not there |
//! | `_birthDate.extension(patient-birthTime)` | an extension of a primitive element |

use carewire_fhir_core::element;

use super::datatype::dtm::ends_before;
use super::row::Outcome;
use super::tree::{Arena, Object, Val};
use crate::fhir::report::Reason;

/// Where the extensions of the standard have their definitions.
const DEFINITIONS: &str = "http://hl7.org/fhir/StructureDefinition/";

/// One step from an object to what is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// A member that is no list, and the one that says more about it when it is a primitive.
    One(&'static str, &'static str),
    /// A list: the last item that has no member of the next name, else a new one.
    Many(&'static str),
    /// A list: a new item.
    New(&'static str),
    /// The extension of this URL, and the member of it that holds the value. `extension:` and the URL is its name.
    Extension { name: &'static str, url: &'static str, value: Option<&'static str> },
    /// R4 has no such element. A test holds that no table leads here.
    Nowhere,
}

impl Step {
    /// What this leads to: a member of the object, or one of its extensions.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::One(name, _) | Self::Many(name) | Self::New(name) | Self::Extension { name, .. } => {
                Some(name)
            }
            Self::Nowhere => None,
        }
    }
}

/// The steps of a target within a resource or a part of one, for values of a FHIR type.
pub(crate) fn steps(resource: &'static str, target: &'static str, fhir: Option<&'static str>) -> Box<[Step]> {
    let mut of = resource;
    let mut parts = split(target).peekable();
    let mut steps = Vec::new();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        let step = match part.strip_prefix("extension(").and_then(|rest| rest.strip_suffix(')')) {
            Some(url) => {
                let nested = matches!(steps.last(), Some(Step::Extension { .. }));
                extension_step(url, nested, value_member(fhir).filter(|_| is_last))
            }
            None => member(&mut of, part),
        };
        steps.push(step);
    }
    steps.into()
}

fn extension_step(url: &'static str, nested: bool, value: Option<&'static str>) -> Step {
    // Once for each row of a static table: the texts live as long as it.
    let name: &'static str = match nested || url.contains(':') {
        true => Box::leak(format!("extension:{url}").into()),
        false => Box::leak(format!("extension:{DEFINITIONS}{url}").into()),
    };
    Step::Extension { name, url: name.trim_start_matches("extension:"), value }
}

/// The parts between the dots that stand outside of brackets.
fn split(target: &'static str) -> impl Iterator<Item = &'static str> {
    let mut depth = 0_i32;
    target.split(move |c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == '.' && depth == 0
    })
}

fn member(of: &mut &'static str, part: &'static str) -> Step {
    let (name, new) = part.strip_suffix('+').map_or((part, false), |name| (name, true));
    // A reference is followed by the types that it may lead to: `performer(Practitioner)`.
    let name = name.split('(').next().unwrap_or(name);
    let Some(shape) = element(of, name.trim_start_matches('_')) else { return Step::Nowhere };
    *of = if name.starts_with('_') { "Element" } else { shape.type_name };
    match (shape.repeats, new) {
        (false, _) => Step::One(name, shape.sibling),
        (true, false) => Step::Many(name),
        (true, true) => Step::New(name),
    }
}

/// The member of an extension that holds a value of this type.
fn value_member(fhir: Option<&'static str>) -> Option<&'static str> {
    let fhir = fhir?;
    let fhir = if fhir.starts_with("Reference") { "Reference" } else { fhir };
    VALUE_MEMBERS.iter().find(|(of, _)| *of == fhir).map(|(_, member)| *member)
}

const VALUE_MEMBERS: &[(&str, &str)] = &[
    ("Address", "valueAddress"),
    ("Annotation", "valueAnnotation"),
    ("CodeableConcept", "valueCodeableConcept"),
    ("Coding", "valueCoding"),
    ("ContactPoint", "valueContactPoint"),
    ("Duration", "valueDuration"),
    ("HumanName", "valueHumanName"),
    ("Identifier", "valueIdentifier"),
    ("Money", "valueMoney"),
    ("Period", "valuePeriod"),
    ("Quantity", "valueQuantity"),
    ("Range", "valueRange"),
    ("Reference", "valueReference"),
    ("boolean", "valueBoolean"),
    ("code", "valueCode"),
    ("date", "valueDate"),
    ("dateTime", "valueDateTime"),
    ("decimal", "valueDecimal"),
    ("integer", "valueInteger"),
    ("positiveInt", "valuePositiveInt"),
    ("string", "valueString"),
    ("unsignedInt", "valueUnsignedInt"),
    ("uri", "valueUri"),
    ("url", "valueUrl"),
];

/// Puts a value in its place.
pub(crate) fn place<'a>(
    object: &mut Object<'a>,
    steps: &[Step],
    value: Val<'a>,
    arena: Arena<'a>,
) -> Outcome {
    let Some((step, rest)) = steps.split_first() else { return Ok(()) };
    match *step {
        Step::One(name, _) if rest.is_empty() => {
            if object.has(name) {
                return Err(Reason::OnlyOneFits);
            }
            if name == "end"
                && object.str("start").zip(value.as_str()).is_some_and(|(a, b)| ends_before(a, b))
            {
                return Err(Reason::EndsBeforeStart);
            }
            object.set(name, value);
            Ok(())
        }
        Step::One(name, _) => {
            if !object.has(name) {
                object.set(name, arena.object());
            }
            inside(object.get_mut(name), rest, value, arena)
        }
        Step::Many(name) | Step::New(name) if rest.is_empty() => {
            object.push(arena, name, value);
            Ok(())
        }
        Step::Many(name) => {
            let next = rest.first().and_then(|step| step.name()).unwrap_or_default();
            let last = object.last_mut(name).and_then(|item| item.as_object_mut());
            if last.is_none_or(|item| item.has(next)) {
                object.push(arena, name, arena.object());
            }
            inside(object.last_mut(name), rest, value, arena)
        }
        Step::New(name) => {
            object.push(arena, name, arena.object());
            inside(object.last_mut(name), rest, value, arena)
        }
        Step::Extension { url, value: member, .. } => extension(object, url, member, rest, value, arena),
        Step::Nowhere => Ok(()),
    }
}

/// Puts what cannot stand in a primitive element beside it.
pub(crate) fn place_beside<'a>(
    object: &mut Object<'a>,
    steps: &[Step],
    original: Object<'a>,
    arena: Arena<'a>,
) {
    let Some((step, rest)) = steps.split_first() else { return };
    match (*step, rest) {
        (Step::One(_, sibling), []) if !object.has(sibling) => object.set(sibling, original),
        // An item of a list has nothing beside it: no parent is made for it.
        (Step::One(name, _), [_, ..]) if rest.iter().all(|step| matches!(step, Step::One(..))) => {
            if !object.has(name) {
                object.set(name, arena.object());
            }
            if let Some(inner) = object.get_mut(name).and_then(Val::as_object_mut) {
                place_beside(inner, rest, original, arena);
            }
        }
        _ => {}
    }
}

fn inside<'a>(within: Option<&mut Val<'a>>, rest: &[Step], value: Val<'a>, arena: Arena<'a>) -> Outcome {
    within.and_then(Val::as_object_mut).map_or(Ok(()), |object| place(object, rest, value, arena))
}

fn extension<'a>(
    object: &mut Object<'a>,
    url: &'static str,
    member: Option<&'static str>,
    rest: &[Step],
    value: Val<'a>,
    arena: Arena<'a>,
) -> Outcome {
    if rest.is_empty() {
        let Some(member) = member else { return Ok(()) };
        object.push(arena, "extension", arena.object().with("url", url).with(member, value));
        return Ok(());
    }
    let is_ours = |item: &Val<'a>| item.as_object().is_some_and(|item| item.str("url") == Some(url));
    let known = match object.get_mut("extension") {
        Some(Val::List(items)) => items.iter_mut().find(|item| is_ours(item)),
        _ => None,
    };
    if known.is_some() {
        return inside(known, rest, value, arena);
    }
    object.push(arena, "extension", arena.object().with("url", url));
    inside(object.last_mut("extension"), rest, value, arena)
}

/// An extension of the standard with this value.
pub(crate) fn extend<'a>(
    object: &mut Object<'a>,
    name: &'static str,
    member: &'static str,
    value: impl Into<Val<'a>>,
    arena: Arena<'a>,
) {
    let url = if name.contains(':') { name } else { arena.concat(&[DEFINITIONS, name]) };
    object.push(arena, "extension", arena.object().with("url", url).with(member, value.into()));
}

/// Says of a primitive element that FHIR demands, by its sibling (`_status`), that the message does not tell it.
pub(crate) fn unstated<'a>(object: &mut Object<'a>, sibling: &'static str, arena: Arena<'a>) {
    object.set(sibling, unknown(arena));
}

/// An element, or the sibling of one, that says of itself that it is unknown.
pub(crate) fn unknown(arena: Arena<'_>) -> Object<'_> {
    let mut absent = arena.object();
    extend(&mut absent, "data-absent-reason", "valueCode", "unknown", arena);
    absent
}

/// The type of the element that a target leads to, unless an extension is on the way.
#[cfg(test)]
pub(crate) fn shape(resource: &'static str, target: &'static str) -> Option<&'static str> {
    let mut of = resource;
    for part in split(target) {
        if part.starts_with("extension(") || member(&mut of, part) == Step::Nowhere {
            return None;
        }
    }
    Some(of)
}
