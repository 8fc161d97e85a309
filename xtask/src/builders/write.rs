//! Rust from the definitions.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{method, plain, type_name};
use super::read::{Definition, Part};

type Definitions = BTreeMap<String, Definition>;

const MADE: &str = "// Made by `cargo xtask builders` from `hl7-v2/dictionary`. Do not edit.\n\n";

/// The datatypes that the segments and one another need, and those named.
pub(super) fn datatypes(
    datatypes: &Definitions,
    segments: &Definitions,
    wanted: &[&str],
    also: &[&str],
) -> Result<String, String> {
    let needed = needed(datatypes, segments, wanted, also);
    let mut source = format!("//! Datatypes by the names of the standard.\n{MADE}");
    source += "use super::{Datatype, DatatypeKind};\nVALUE\n";
    for id in &needed {
        let (name, title) = (type_name(id), title(datatypes, id));
        source += &format!("/// {title}.\npub type {name} = Datatype<kind::{name}>;\n\n");
    }
    for id in &needed {
        let methods = methods(id, datatypes.get(id), datatypes, ".", "with", "with");
        if !methods.is_empty() {
            source += &format!("impl {} {{\n{methods}}}\n\n", type_name(id));
        }
    }
    let import = if source.contains("Into<Value>") { "use crate::build::Value;\n" } else { "" };
    source = source.replace("VALUE\n", import);
    Ok(source + &kinds("DatatypeKind", needed.iter().map(|id| (id.as_str(), title(datatypes, id)))))
}

/// The segments.
pub(super) fn segments(
    segments: &Definitions,
    datatypes: &Definitions,
    wanted: &[&str],
) -> Result<String, String> {
    let mut source = format!("//! Segments by the names of the standard.\n{MADE}");
    source +=
        "use super::datatypes::*;\nuse super::{SegmentKind, TypedSegment};\nuse crate::build::Value;\n\n";
    for id in wanted {
        let definition = segments.get(*id).ok_or_else(|| format!("the dictionary has no segment {id}"))?;
        let name = type_name(id);
        source += &format!(
            "/// {id}: {}.\npub type {name} = TypedSegment<kind::{name}>;\n\n",
            plain(&definition.title)
        );
    }
    for id in wanted {
        let methods = methods(id, segments.get(*id), datatypes, "-", "field", "add");
        source += &format!("impl {} {{\n{methods}}}\n\n", type_name(id));
    }
    let kinds = kinds("SegmentKind", wanted.iter().map(|id| (*id, title(segments, id))));
    // What is imported and not needed does not compile without a warning: name what is used.
    let used: BTreeSet<&str> = datatypes
        .keys()
        .filter(|id| source.contains(&format!("Into<{}>", type_name(id))))
        .map(String::as_str)
        .collect();
    let names: Vec<String> = used.iter().map(|id| type_name(id)).collect();
    source = source
        .replace("use super::datatypes::*;", &format!("use super::datatypes::{{{}}};", names.join(", ")));
    Ok(source + &kinds)
}

fn title(definitions: &Definitions, id: &str) -> String {
    let title = definitions.get(id).map(|definition| plain(&definition.title)).unwrap_or_default();
    if title.is_empty() { format!("The datatype {id}") } else { format!("{id}: {title}") }
}

/// One marker for each id.
fn kinds<'i>(of: &str, ids: impl Iterator<Item = (&'i str, String)> + Clone) -> String {
    let mut source = "/// The markers that tell the types apart.\npub mod kind {\n".to_owned();
    for (id, title) in ids.clone() {
        source += &format!("/// {title}.\n#[derive(Clone, Copy, Debug)]\npub struct {};\n", type_name(id));
    }
    source += "}\n\n";
    for (id, _) in ids {
        source +=
            &format!("impl {of} for kind::{} {{\nconst NAME: &'static str = \"{id}\";\n}}\n", type_name(id));
    }
    source
}

/// One method for each part that is not withdrawn in every version.
fn methods(
    id: &str,
    definition: Option<&Definition>,
    datatypes: &Definitions,
    dash: &str,
    set: &str,
    add: &str,
) -> String {
    let mut source = String::new();
    let mut taken = BTreeSet::new();
    for (number, said) in definition.iter().flat_map(|definition| &definition.parts) {
        let delimiters = id == "MSH" && *number < 3;
        let known = said.iter().filter(|part| !part.is_withdrawn());
        let Some(latest) = known.max_by_key(|part| part.latest()).filter(|_| !delimiters) else { continue };
        let repeats = said.iter().any(|part| !part.is_withdrawn() && part.most != "1" && part.most != "0");
        let call = if repeats { add } else { set };
        let name = method(&latest.name, id, *number, &mut taken);
        let value = parameter(&latest.datatype, datatypes);
        let (title, history) = (plain(&latest.name), history(said, &latest.datatype));
        source += &format!("/// {id}{dash}{number} {title}{history}.\n");
        source += &format!("pub fn {name}(self, value: impl Into<{value}>) -> Self {{\n");
        let value = if value == "Value" { "value".to_owned() } else { "value.into()".to_owned() };
        source += &format!("self.{call}({number}, {value})\n}}\n\n");
    }
    source
}

/// What other versions have for a datatype: `: CWE (IS 2.3-2.6)`.
fn history(said: &[Part], latest: &str) -> String {
    let mut runs: Vec<(&str, &str, &str)> = Vec::new();
    for part in said.iter().filter(|part| !part.is_withdrawn()) {
        let (first, last) = part.span();
        match runs.last_mut() {
            Some((datatype, _, end)) if *datatype == part.datatype => *end = last,
            _ => runs.push((&part.datatype, first, last)),
        }
    }
    let span =
        |first: &str, last: &str| if first == last { first.to_owned() } else { format!("{first}-{last}") };
    let others = runs.iter().filter(|(datatype, ..)| *datatype != latest);
    let others: Vec<String> =
        others.map(|(datatype, first, last)| format!("{datatype} {}", span(first, last))).collect();
    match others.is_empty() {
        true => format!(": {latest}"),
        false => format!(": {latest} ({})", others.join(", ")),
    }
}

/// The type of a value: datatypes that grew into another are taken as that one.
fn parameter(id: &str, datatypes: &Definitions) -> String {
    match grown(id) {
        "CM" | "varies" | "Varies" | "VARIES" => "Value".to_owned(),
        id if datatypes.contains_key(id) || is_primitive(id) => type_name(id),
        _ => "Value".to_owned(),
    }
}

fn grown(id: &str) -> &str {
    match id {
        "CE" | "CNE" => "CWE",
        "TS" => "DTM",
        "PN" => "XPN",
        "AD" => "XAD",
        "TN" => "XTN",
        "CN" => "XCN",
        "CK" => "CX",
        other => other,
    }
}

fn is_primitive(id: &str) -> bool {
    matches!(id, "ST" | "ID" | "IS" | "NM" | "SI" | "TX" | "FT" | "DT" | "TM" | "DTM" | "GTS" | "SNM")
}

fn needed(
    datatypes: &Definitions,
    segments: &Definitions,
    wanted: &[&str],
    also: &[&str],
) -> BTreeSet<String> {
    let mut needed = BTreeSet::new();
    let mut open: Vec<String> = also.iter().map(|id| (*id).to_owned()).collect();
    let parts = wanted.iter().filter_map(|id| segments.get(*id)).flat_map(types);
    open.extend(parts);
    while let Some(id) = open.pop() {
        let known = datatypes.contains_key(&id) || is_primitive(&id);
        if known && !matches!(id.as_str(), "CM" | "varies" | "Varies") && needed.insert(id.clone()) {
            open.extend(datatypes.get(&id).into_iter().flat_map(types));
        }
    }
    needed
}

/// The datatypes that the latest version of each part has.
fn types(definition: &Definition) -> impl Iterator<Item = String> + '_ {
    let parts = definition.parts.values();
    let latest = parts
        .filter_map(|said| said.iter().filter(|part| !part.is_withdrawn()).max_by_key(|part| part.latest()));
    latest.map(|part| grown(&part.datatype).to_owned())
}
