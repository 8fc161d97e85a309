//! The R4 elements that a policy can speak about: names, types, cardinalities and required codes.
//!
//! Read once from `data/elements.txt`. What does not stand there is not R4, and is never kept.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// The elements of one level, by their JSON name (`valueQuantity`, not `value[x]`).
#[derive(Debug, Default)]
pub(crate) struct Fields(BTreeMap<String, Field>);

/// One element.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) kind: FieldKind,
    pub(crate) many: bool,
    pub(crate) required: bool,
    pub(crate) codes: Codes,
}

/// What an element is made of.
#[derive(Debug)]
pub(crate) enum FieldKind {
    /// Elements of its own.
    Backbone(Fields),
    /// The same elements as another one, by path.
    Same(&'static str),
    /// A datatype, primitive or complex.
    Type(&'static str),
}

/// Which codes a `code` element may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codes {
    /// No required binding.
    Open,
    /// One of the codes of a value set.
    Set(&'static str),
    /// A shape: `%mime`, `%currency`, …
    Shape(&'static str),
}

impl Fields {
    /// The element of a JSON name, with the name as the table has it.
    pub(crate) fn get(&'static self, name: &str) -> Option<(&'static str, &'static Field)> {
        self.0.get_key_value(name).map(|(name, field)| (name.as_str(), field))
    }

    pub(crate) fn iter(&'static self) -> impl Iterator<Item = (&'static str, &'static Field)> {
        self.0.iter().map(|(name, field)| (name.as_str(), field))
    }
}

impl Field {
    /// The elements below, whether its own, another element's or its datatype's.
    pub(crate) fn fields(&'static self) -> Option<&'static Fields> {
        match &self.kind {
            FieldKind::Backbone(fields) => Some(fields),
            FieldKind::Same(path) => at_path(path),
            FieldKind::Type(name) => TABLE.datatypes.get(name),
        }
    }

    /// The datatype, where it has one.
    pub(crate) fn datatype(&self) -> Option<&'static str> {
        if let FieldKind::Type(name) = &self.kind { Some(name) } else { None }
    }
}

/// The elements of a resource type.
pub(crate) fn resource(name: &str) -> Option<(&'static str, &'static Fields)> {
    TABLE.resources.get_key_value(name).map(|(name, fields)| (*name, fields))
}

/// The elements of a complex datatype.
pub(crate) fn datatype(name: &str) -> Option<(&'static str, &'static Fields)> {
    TABLE.datatypes.get_key_value(name).map(|(name, fields)| (*name, fields))
}

/// The resource types of the table, sorted.
pub(crate) fn resource_types() -> Vec<&'static str> {
    let mut names: Vec<_> = TABLE.resources.keys().copied().collect();
    names.sort_unstable();
    names
}

/// Whether a value set holds a code.
pub(crate) fn has_code(set: &str, code: &str) -> bool {
    TABLE.sets.get(set).is_some_and(|codes| codes.contains(&code))
}

/// The first code of a value set.
#[cfg(test)]
pub(crate) fn any_code(set: &str) -> Option<&'static str> {
    TABLE.sets.get(set).and_then(|codes| codes.first().copied())
}

fn at_path(path: &str) -> Option<&'static Fields> {
    let mut steps = path.split('.');
    let (_, mut fields) = steps.next().and_then(resource)?;
    for step in steps {
        fields = fields.get(step)?.1.fields()?;
    }
    Some(fields)
}

struct Table {
    resources: HashMap<&'static str, Fields>,
    datatypes: HashMap<&'static str, Fields>,
    sets: HashMap<&'static str, Vec<&'static str>>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { resources: HashMap::new(), datatypes: HashMap::new(), sets: HashMap::new() };
    let lines: Vec<_> = data_lines(include_str!("../../data/elements.txt")).collect();
    let mut rest = lines.as_slice();
    while let [head, below @ ..] = rest {
        rest = below;
        let fields = level(&mut rest, 2);
        match head.split_once(' ') {
            Some(("resource", name)) => drop(table.resources.insert(name, with_meta(fields))),
            Some((_, name)) => drop(table.datatypes.insert(name, fields)),
            None => {}
        }
    }
    for line in data_lines(include_str!("../../data/value-sets.txt")) {
        let mut words = line.split(' ');
        if let Some(name) = words.next() {
            table.sets.insert(name, words.collect());
        }
    }
    table
});

/// The lines of a data file, without comments.
pub(crate) fn data_lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

/// Takes the elements that stand at `indent` or deeper.
fn level(rest: &mut &[&'static str], indent: usize) -> Fields {
    let mut fields = Fields::default();
    while let [line, below @ ..] = *rest {
        if line.len() - line.trim_start().len() != indent {
            break;
        }
        *rest = below;
        let children = level(rest, indent + 2);
        add(&mut fields, line.trim_start(), children);
    }
    fields
}

fn add(fields: &mut Fields, line: &'static str, children: Fields) {
    let mut words = line.split(' ');
    let (Some(name), Some(kind)) = (words.next(), words.next()) else { return };
    let (mut many, mut required, mut codes) = (false, false, Codes::Open);
    for word in words {
        match word.strip_prefix('=') {
            Some(shape) if shape.starts_with('%') => codes = Codes::Shape(shape),
            Some(set) => codes = Codes::Set(set),
            None => {
                many |= word == "*";
                required |= word == "!";
            }
        }
    }
    let field = |kind| Field { kind, many, required, codes };
    match (name.strip_suffix("[x]"), kind.strip_prefix('@')) {
        (_, Some(path)) => drop(fields.0.insert(name.to_owned(), field(FieldKind::Same(path)))),
        (None, None) if kind == "." => {
            fields.0.insert(name.to_owned(), field(FieldKind::Backbone(children)));
        }
        (None, None) => drop(fields.0.insert(name.to_owned(), field(FieldKind::Type(kind)))),
        (Some(stem), None) => {
            for kind in kind.split('|') {
                fields.0.insert(choice(stem, kind), field(FieldKind::Type(kind)));
            }
        }
    }
}

/// `value` and `dateTime` make `valueDateTime`.
fn choice(stem: &str, kind: &str) -> String {
    let mut letters = kind.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    stem.chars().chain(first).chain(letters).collect()
}

fn with_meta(mut fields: Fields) -> Fields {
    add(&mut fields, "meta Meta", Fields::default());
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_backbones_and_content_references_are_there() {
        let (_, observation) = resource("Observation").unwrap();
        let (_, value) = observation.get("valueQuantity").unwrap();
        assert!(matches!(value.kind, FieldKind::Type("Quantity")));
        assert!(observation.get("value").is_none());
        let (_, status) = observation.get("status").unwrap();
        assert!(status.required && status.codes == Codes::Set("observation-status"));
        assert!(has_code("observation-status", "final") && !has_code("observation-status", "MRN"));
        let (_, component) = observation.get("component").unwrap();
        let (_, range) = component.fields().unwrap().get("referenceRange").unwrap();
        assert!(range.fields().unwrap().get("low").is_some());
        assert!(datatype("Timing").is_some() && resource("Timing").is_none());
    }

    #[test]
    fn every_type_named_anywhere_is_known() {
        const PRIMITIVES: [&str; 19] = [
            "boolean",
            "integer",
            "decimal",
            "date",
            "dateTime",
            "instant",
            "time",
            "code",
            "string",
            "markdown",
            "uri",
            "url",
            "canonical",
            "id",
            "oid",
            "uuid",
            "base64Binary",
            "positiveInt",
            "unsignedInt",
        ];
        fn check(fields: &'static Fields) {
            for (name, field) in fields.iter() {
                match &field.kind {
                    FieldKind::Backbone(below) => check(below),
                    FieldKind::Same(path) => assert!(at_path(path).is_some(), "{name}"),
                    FieldKind::Type(kind) => {
                        assert!(PRIMITIVES.contains(kind) || datatype(kind).is_some(), "{name}: {kind}");
                    }
                }
                if let Codes::Set(set) = field.codes {
                    assert!(any_code(set).is_some(), "{name}: {set}");
                }
            }
        }
        assert_eq!(resource_types().len(), 30);
        TABLE.resources.values().chain(TABLE.datatypes.values()).for_each(check);
    }
}
