//! The numbers that placer and filler gave an order, as the identity of what is made of it.

use std::collections::HashSet;

use crate::fhir::context::Context;
use crate::fhir::datatype::table::type_code;
use crate::fhir::entries::Key;
use crate::fhir::node::Seg;
use crate::fhir::tree::{Object, Val};

/// Who gave a number.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Number {
    Placer,
    Filler,
}

/// A number as the message writes it: its field, and the parts of the EI.
pub(crate) type Written<'a> = (u16, [Option<&'a str>; 4]);

/// The system and value of a number, and of one that several OBR of the message share also what tells them apart.
pub(crate) struct Identity<'a> {
    parts: [&'a str; 3],
    is_shared: bool,
}

impl Number {
    fn field(self) -> u16 {
        match self {
            Self::Placer => 2,
            Self::Filler => 3,
        }
    }

    fn type_code(self) -> &'static str {
        match self {
            Self::Placer => "PLAC",
            Self::Filler => "FILL",
        }
    }
}

impl<'a> Identity<'a> {
    pub(crate) fn key(&self) -> Key<'_, 'a> {
        let [system, value, _] = self.parts;
        if self.is_shared { Key::Derived(&self.parts) } else { Key::Given(system, value) }
    }
}

/// The numbers that stand in several OBR of these segments.
pub(crate) fn shared<'a>(segments: &[Seg<'a>]) -> HashSet<Written<'a>> {
    let (mut seen, mut shared) = (HashSet::new(), HashSet::new());
    if segments.iter().filter(|seg| seg.is("OBR")).nth(1).is_none() {
        return shared;
    }
    let mut orc = None;
    for seg in segments {
        if seg.is("ORC") {
            orc = Some(seg);
        } else if seg.is("OBR") {
            let orc = orc.take();
            let numbers =
                [Number::Placer, Number::Filler].into_iter().filter_map(|of| written(orc, Some(seg), of));
            shared.extend(numbers.filter(|number| !seen.insert(*number)));
        }
    }
    shared
}

/// The identity of what an ORC and its OBR tell, which has their numbers as identifiers. Of a shared number the system
/// is taken away, so that a search for it finds nothing that is one of several; `code` tells these apart.
pub(crate) fn of<'a>(
    (orc, obr): (Option<&Seg<'a>>, Option<&Seg<'a>>),
    by: [Number; 2],
    code: &'a str,
    resource: &mut Object<'a>,
    c: &Context<'a>,
) -> Option<Identity<'a>> {
    let is_shared =
        |number| written(orc, obr, number).is_some_and(|written| c.shared_numbers.contains(&written));
    let identity = by.into_iter().find_map(|number| {
        let (system, value) = typed(resource, number.type_code())?;
        Some(Identity { parts: [system, value, code], is_shared: is_shared(number) })
    });
    for number in by.into_iter().filter(|number| is_shared(*number)) {
        let Some(Val::List(identifiers)) = resource.get_mut("identifier") else { continue };
        for identifier in identifiers.iter_mut().filter_map(Val::as_object_mut) {
            if type_code(identifier) == Some(number.type_code()) {
                identifier.remove("system");
            }
        }
    }
    identity
}

/// An OBR repeats the numbers of its ORC: they are told once.
pub(crate) fn told_once(resource: &mut Object<'_>) {
    let Some(Val::List(identifiers)) = resource.get_mut("identifier") else { return };
    let mut seen = HashSet::new();
    identifiers.retain(|item| {
        let identifier = item.as_object();
        identifier.is_none_or(|identifier| seen.insert((identifier.str("system"), identifier.str("value"))))
    });
}

fn written<'a>(orc: Option<&Seg<'a>>, obr: Option<&Seg<'a>>, number: Number) -> Option<Written<'a>> {
    let field = number.field();
    let seg = obr.filter(|obr| obr.valued(field)).or(orc)?;
    let node = seg.node(field)?;
    node.get(1)?;
    Some((field, [1, 2, 3, 4].map(|part| node.get(part))))
}

/// The first identifier of this type.
fn typed<'a>(resource: &Object<'a>, code: &str) -> Option<(&'a str, &'a str)> {
    let identifiers = resource.items("identifier").iter().filter_map(Val::as_object);
    let typed = identifiers.filter(|identifier| type_code(identifier) == Some(code));
    typed.filter_map(|identifier| identifier.str("system").zip(identifier.str("value"))).next()
}
