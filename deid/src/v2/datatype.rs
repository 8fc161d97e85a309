//! What the methods make of the datatypes.

use super::dictionary::{self, Typed};
use super::form::{self, Form};
use super::rule::{Authority, Codes, Identifier, Leaf, Mark, Part};
use crate::policy::{Method, Parameters, Rule};
use crate::transform::Bins;

/// What kind of thing a datatype is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Each component by itself.
    Plain,
    /// Code, text and system from each of these components on.
    Coded(&'static [u8]),
    /// An identifier with its authority.
    Identifier,
    /// Names, addresses, telephone numbers, documents: `keep` lets through only what a rule for a component names.
    Personal,
}

pub(super) fn layout(datatype: &str) -> Layout {
    match datatype {
        "CE" | "CF" => Layout::Coded(&[0, 3]),
        "CWE" | "CNE" => Layout::Coded(&[0, 3, 9]),
        "CSU" => Layout::Coded(&[1, 4, 11]),
        "CX" | "EI" | "XCN" | "CN" | "XON" | "PPN" | "CNN" | "EIP" => Layout::Identifier,
        "AD"
        | "AUI"
        | "CK"
        | "CK_ACCOUNT_NO"
        | "CM_AUI"
        | "CM_FILLER"
        | "CM_GROUP_ID"
        | "CM_INTERNAL_LOCATION"
        | "CM_LA1"
        | "CM_LICENSE_NO"
        | "CM_NDL"
        | "CM_PAT_ID"
        | "CM_PAT_ID_0192"
        | "CM_PLACER"
        | "CM_PLN"
        | "CM_PI"
        | "CM_PRACTITIONER"
        | "CM_SPD"
        | "CNS"
        | "CN_SIMPLE"
        | "DLN"
        | "ED"
        | "FN"
        | "HD"
        | "LA1"
        | "LA2"
        | "NDL"
        | "PI"
        | "PL"
        | "PLN"
        | "PN"
        | "RP"
        | "SAD"
        | "SPD"
        | "XAD"
        | "XPN"
        | "XTN"
        | "TX_CHALLENGE"
        | "QIP"
        | "QSC"
        | "RCD"
        | "SRT"
        | "ERL"
        | "OSD"
        | "CM_OS"
        | "PRL"
        | "CM_PRL"
        | "CM_PARENT_RESULT"
        | "VR"
        | "CM_VR" => Layout::Personal,
        _ => Layout::Plain,
    }
}

/// The types of OBX-2 whose values may stay.
pub(super) const OBSERVED: &[&str] = &[
    "CE", "CF", "CNE", "CQ", "CWE", "DR", "DT", "DTM", "MA", "MO", "NA", "NM", "NR", "SI", "SN", "TM", "TS",
];

/// What a rule other than `keep` makes of a field or component; `None` where it does not fit.
pub(super) fn parts(rule: &Rule, typed: Typed, place: &str) -> Option<Vec<Part>> {
    let form = form::of(typed, place);
    let leaf = match rule.method {
        Method::Pseudonym => return identifiers(typed, rule.method).or_else(|| pseudonym(typed)),
        Method::Encrypt if layout(typed.datatype) == Layout::Identifier => {
            return identifiers(typed, rule.method);
        }
        Method::Year if matches!(form, Some(Form::Date)) => Leaf::Year,
        Method::Shift if matches!(form, Some(Form::Date)) => Leaf::Shift,
        Method::Age if typed.datatype == "NM" => Leaf::Age,
        Method::Zip | Method::Zip3 | Method::Postcode if is_text(typed) => {
            Leaf::Zip(rule.method, country(place))
        }
        Method::State if is_text(typed) => Leaf::Keep(Form::State),
        Method::Country if is_text(typed) => Leaf::Keep(Form::Country),
        Method::Substitute if typed.datatype != "-" => {
            Leaf::Substitute(rule.parameters.value.as_deref()?.into())
        }
        Method::Scrub if TEXTS.contains(&typed.datatype) => Leaf::Scrub,
        Method::Encrypt if is_primitive(typed) => Leaf::Encrypt,
        Method::Generalise if typed.datatype == "NM" => {
            Leaf::Generalise(Bins::every(rule.parameters.step.as_ref()?)?.into())
        }
        Method::Perturb if typed.datatype == "NM" => perturbed(&rule.parameters)?,
        Method::Drop => return Some(Vec::new()),
        _ => return None,
    };
    Some(vec![Part::Leaf(leaf)])
}

fn perturbed(parameters: &Parameters) -> Option<Leaf> {
    Some(Leaf::Perturb(parameters.reach()?.into(), parameters.places.map(u32::from)))
}

/// The types of free text.
pub(super) const TEXTS: [&str; 3] = ["FT", "ST", "TX"];

fn is_primitive(typed: Typed) -> bool {
    dictionary::components(typed.datatype).is_some_and(<[Typed]>::is_empty) && typed.datatype != "varies"
}

/// Why a method does not fit.
pub(super) fn misfit(method: Method, typed: Typed) -> String {
    let datatype = typed.datatype;
    match (method, layout(datatype)) {
        (Method::Keep, Layout::Identifier) => format!("is an identifier ({datatype}): use `pseudonym`"),
        (Method::Keep, Layout::Personal) => {
            format!(
                "is {datatype}, and nothing of `{datatype}` is named: name what stays, as in `{datatype}.…`"
            )
        }
        (Method::Keep, _) => format!("is free text ({datatype}), and `keep` would let names through"),
        (Method::Year | Method::Shift, _) => format!("is no date ({datatype})"),
        (Method::Age | Method::Generalise | Method::Perturb, _) => format!("is no number ({datatype})"),
        (Method::Scrub, _) => format!("is no text ({datatype})"),
        (Method::Zip | Method::Zip3 | Method::Postcode | Method::State | Method::Country, _) => {
            format!("is no part of an address ({datatype})")
        }
        _ => format!("is {datatype}: `{}` does not apply", method.as_str()),
    }
}

/// The parts of a datatype that is an identifier, under `pseudonym` or `encrypt`.
fn identifiers(typed: Typed, method: Method) -> Option<Vec<Part>> {
    let identified = |ids, authority, others| identified(typed, ids, authority, method, others);
    let whole = |datatype| {
        let parts = identifiers(Typed { datatype, table: "" }, method);
        parts.map_or(Part::Drop, |parts| Part::Sub(parts.into()))
    };
    Some(match typed.datatype {
        "CX" => identified(&[0], Authority::Whole(3), &[4, 6, 7]),
        "EI" => identified(&[0], Authority::Spread(1), &[]),
        "XCN" | "PPN" => identified(&[0], Authority::Whole(8), &[12]),
        "CN" => identified(&[0], Authority::Whole(8), &[]),
        "CNN" => identified(&[0], Authority::Spread(8), &[]),
        "XON" => identified(&[2, 9], Authority::Whole(5), &[6]),
        "EIP" => vec![whole("EI"), whole("EI")],
        "NDL" => vec![whole("CNN")],
        _ => return None,
    })
}

fn pseudonym(typed: Typed) -> Option<Vec<Part>> {
    let text = || Part::Leaf(Leaf::Pseudonym);
    let kept = |part| kept(typed, part);
    Some(match typed.datatype {
        "HD" => vec![text(), text(), kept(2)],
        "PL" => vec![text(), text(), text(), text(), kept(4), kept(5), text(), text()],
        "ST" | "ID" | "IS" | "NM" | "SI" | "DLN" | "CK" | "PLN" | "SPD" | "CE" | "CWE" | "CNE" | "LA1"
        | "LA2" => {
            vec![text()]
        }
        _ => return None,
    })
}

/// A component that stays by its form.
fn kept(typed: Typed, part: usize) -> Part {
    let typed = dictionary::components(typed.datatype).and_then(|all| all.get(part)).copied();
    typed.and_then(|typed| form::of(typed, "")).map_or(Part::Drop, |form| Part::Leaf(Leaf::Keep(form)))
}

/// The parts of an identifier: where it stands, where its authority does, and which of the others stay by their form.
fn identified(typed: Typed, ids: &[u8], authority: Authority, method: Method, others: &[usize]) -> Vec<Part> {
    let mut parts = Vec::new();
    for id in ids {
        let identifier = Identifier { id: *id, authority, method };
        set(&mut parts, usize::from(*id), Part::Id(identifier));
        match authority {
            Authority::Whole(at) => set(&mut parts, usize::from(at), Part::Marker(identifier, Mark::Whole)),
            Authority::Spread(at) => {
                set(&mut parts, usize::from(at) + 1, Part::Marker(identifier, Mark::Id));
                set(&mut parts, usize::from(at) + 2, Part::Marker(identifier, Mark::Type));
            }
        }
    }
    for part in others {
        set(&mut parts, *part, kept(typed, *part));
    }
    parts
}

/// The parts of a coded value.
pub(super) fn coded(bases: &[u8], components: &[Typed], table: &'static str) -> Vec<Part> {
    let mut parts = vec![Part::Drop; components.len()];
    for base in bases {
        // The table of the field is that of the first code only.
        let codes = if bases.first() == Some(base) { codes(table) } else { Codes::Unknown };
        let at = usize::from(*base);
        set(&mut parts, at, Part::Code(*base, codes));
        set(&mut parts, at + 1, Part::Text(*base, codes));
        set(&mut parts, at + 2, Part::System(*base, codes));
    }
    if components.len() > 8 && bases.first() == Some(&0) {
        for version in [6, 7] {
            set(&mut parts, version, Part::Leaf(Leaf::Keep(Form::Version)));
        }
    }
    if bases.first() == Some(&1) {
        set(&mut parts, 0, Part::Leaf(Leaf::Keep(Form::Number)));
    }
    parts
}

fn codes(table: &'static str) -> Codes {
    match dictionary::table(table) {
        Some(codes) => Codes::Table(table, codes),
        None if table == "UNIT" => Codes::Units,
        None => Codes::Unknown,
    }
}

/// What is left of a value that stands a level deeper than the notation goes: its first part.
pub(super) fn first_of(typed: Typed, layout: Layout) -> Option<Part> {
    let first = *dictionary::components(typed.datatype)?.first()?;
    let form = match layout {
        Layout::Coded(_) => match codes(typed.table) {
            Codes::Table(_, codes) => Form::Code(codes),
            Codes::Units => Form::Unit,
            Codes::Unknown => return None,
        },
        Layout::Plain => form::of(first, "")?,
        Layout::Identifier | Layout::Personal => return None,
    };
    Some(Part::Leaf(Leaf::Keep(form)))
}

/// A field's parts as those of a component.
pub(super) fn narrowed(parts: Vec<Part>) -> Part {
    match <[Part; 1]>::try_from(parts) {
        Ok([part]) => part,
        Err(parts) => Part::Sub(parts.into()),
    }
}

/// The component, from 0, that names the country of a postal code.
fn country(place: &str) -> Option<u8> {
    matches!(place, "XAD.5" | "AD.5").then_some(5)
}

fn is_text(typed: Typed) -> bool {
    matches!(typed.datatype, "ST" | "ID")
}

/// Puts a part in its place, with nothing before it.
pub(super) fn set(parts: &mut Vec<Part>, at: usize, part: Part) {
    if parts.len() <= at {
        parts.resize(at + 1, Part::Drop);
    }
    if let Some(slot) = parts.get_mut(at) {
        *slot = part;
    }
}
