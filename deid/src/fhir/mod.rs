//! The R4 elements that a policy can speak about: names, types, cardinalities and required codes.
//!
//! Read once from the definitions of `carewire-fhir-core`, which are HL7's. What does not stand there is not R4, and is
//! never kept.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use carewire_fhir_core::{CodeSet, ElementShape};

/// The elements of one type, by their JSON name (`valueQuantity`, not `value[x]`).
#[derive(Debug, Default)]
pub(crate) struct Fields(BTreeMap<&'static str, Field>);

/// One element.
#[derive(Debug)]
pub(crate) struct Field {
    /// A datatype, or the path of the element that has these elements below it: `Observation.component`.
    pub(crate) type_name: &'static str,
    pub(crate) many: bool,
    pub(crate) required: bool,
    pub(crate) codes: Codes,
}

/// Which codes a `code` element may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codes {
    /// No required binding.
    Open,
    /// One of the codes of a value set.
    Set(CodeSet),
    /// A media type.
    Mime,
    /// A unit.
    Unit,
}

impl Codes {
    fn of(set: CodeSet) -> Self {
        match set.name() {
            "mimetypes" => Self::Mime,
            "ucum-units" => Self::Unit,
            _ => Self::Set(set),
        }
    }
}

impl Fields {
    /// The element of a JSON name, with the name as the table has it.
    pub(crate) fn get(&'static self, name: &str) -> Option<(&'static str, &'static Field)> {
        self.0.get_key_value(name).map(|(name, field)| (*name, field))
    }

    pub(crate) fn iter(&'static self) -> impl Iterator<Item = (&'static str, &'static Field)> {
        self.0.iter().map(|(name, field)| (*name, field))
    }

    fn of(type_name: &'static str) -> Self {
        let is_resource = TYPES.contains(&type_name);
        let is_common = |name: &str| COMMON.contains(&name) || is_resource && RESOURCE.contains(&name);
        let all = carewire_fhir_core::elements(type_name).filter(|(name, _)| !is_common(name));
        Self(all.map(|(name, shape)| (name, Field::of(&shape))).collect())
    }
}

impl Field {
    fn of(shape: &ElementShape) -> Self {
        // Profiles of a datatype have its elements.
        let type_name = match shape.type_name {
            "SimpleQuantity" | "MoneyQuantity" => "Quantity",
            name => name,
        };
        let codes = shape.codes.filter(|_| type_name == "code").map_or(Codes::Open, Codes::of);
        Self { type_name, many: shape.repeats, required: shape.is_required, codes }
    }

    /// The elements below, whether its own, another element's or its datatype's.
    pub(crate) fn fields(&self) -> Option<&'static Fields> {
        TABLE.get(self.type_name)
    }

    /// The datatype, where it has one.
    pub(crate) fn datatype(&self) -> Option<&'static str> {
        (!self.type_name.contains('.')).then_some(self.type_name)
    }
}

/// Elements that everything has, which the walk treats by rules of its own.
const COMMON: [&str; 3] = ["id", "extension", "modifierExtension"];
/// The same of resources.
const RESOURCE: [&str; 4] = ["text", "contained", "implicitRules", "language"];
/// Datatypes that are never walked into.
const CLOSED: [&str; 3] = ["Extension", "Narrative", "Resource"];

static TYPES: LazyLock<Vec<&'static str>> = LazyLock::new(|| carewire_fhir_core::resource_types().collect());

/// The elements of every type that can be reached from a resource, by the name of the type.
static TABLE: LazyLock<HashMap<&'static str, Fields>> = LazyLock::new(|| {
    let mut table = HashMap::new();
    let mut open: Vec<&'static str> = TYPES.clone();
    while let Some(name) = open.pop() {
        if CLOSED.contains(&name) || table.contains_key(name) {
            continue;
        }
        let fields = Fields::of(name);
        if !fields.0.is_empty() {
            open.extend(fields.0.values().map(|field| field.type_name));
            table.insert(name, fields);
        }
    }
    table
});

/// The elements of a resource type.
pub(crate) fn resource(name: &str) -> Option<(&'static str, &'static Fields)> {
    let name = TYPES.get(TYPES.binary_search(&name).ok()?)?;
    TABLE.get(name).map(|fields| (*name, fields))
}

/// The elements of a complex datatype.
pub(crate) fn datatype(name: &str) -> Option<(&'static str, &'static Fields)> {
    let is_datatype = !name.contains('.') && TYPES.binary_search(&name).is_err();
    TABLE.get_key_value(name).filter(|_| is_datatype).map(|(name, fields)| (*name, fields))
}

/// The codes that an element of a type may hold.
pub(crate) fn codes_of(type_name: &str, element: &str) -> Codes {
    let field = TABLE.get(type_name).and_then(|fields| fields.get(element));
    field.map_or(Codes::Open, |(_, field)| field.codes)
}

/// The resource types of R4, sorted.
pub(crate) fn resource_types() -> &'static [&'static str] {
    &TYPES
}

/// The lines of a data file, without comments.
pub(crate) fn data_lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_backbones_and_content_references_are_there() {
        let (_, observation) = resource("Observation").unwrap();
        let (_, value) = observation.get("valueQuantity").unwrap();
        assert_eq!(value.datatype(), Some("Quantity"));
        assert!(observation.get("value").is_none());
        let (_, status) = observation.get("status").unwrap();
        let Codes::Set(set) = status.codes else { panic!("no codes") };
        assert!(status.required && set.lists("final") && !set.lists("MRN"));
        let (_, component) = observation.get("component").unwrap();
        assert_eq!(component.datatype(), None);
        let (_, range) = component.fields().unwrap().get("referenceRange").unwrap();
        assert!(range.fields().unwrap().get("low").is_some());
        assert!(datatype("Timing").is_some() && resource("Timing").is_none());
        assert!(datatype("Observation").is_none() && datatype("Observation.component").is_none());
    }

    #[test]
    fn what_every_type_has_is_left_to_the_walk() {
        for name in resource_types() {
            let (_, fields) = resource(name).unwrap();
            for common in ["id", "extension", "text", "contained", "implicitRules"] {
                assert!(fields.get(common).is_none(), "{name}.{common}");
            }
            assert_eq!(fields.get("meta").and_then(|(_, meta)| meta.datatype()), Some("Meta"), "{name}");
        }
        let (_, attachment) = datatype("Attachment").unwrap();
        assert!(attachment.get("language").is_some() && attachment.get("id").is_none());
    }

    #[test]
    fn every_type_named_anywhere_is_known() {
        const PRIMITIVES: [&str; 20] = [
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
            "xhtml",
        ];
        assert_eq!(resource_types().len(), 148 - 2);
        for (name, fields) in TABLE.iter() {
            for (element, field) in fields.iter() {
                let known = field.fields().is_some()
                    || PRIMITIVES.contains(&field.type_name)
                    || CLOSED.contains(&field.type_name);
                assert!(known, "{name}.{element}: {}", field.type_name);
            }
        }
    }
}
