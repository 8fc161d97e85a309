//! The datatypes of R4, and whether an item is of a type.

use super::item::{Item, Known, Node};
use crate::json::NameId;
use crate::resource::is_type_name;
use crate::{Kind, Value};

/// A datatype of R4: the row of [`ROWS`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct DataType(u8);

/// The type of an `is`, `as` or `ofType`, or the name of a type before a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TypeName {
    Data(DataType),
    Resource(Box<str>),
    AnyResource,
    DomainResource,
    Element,
}

struct Row {
    name: &'static str,
    json: Kind,
    parent: &'static str,
}

const fn row(name: &'static str, json: Kind, parent: &'static str) -> Row {
    Row { name, json, parent }
}

#[rustfmt::skip]
static ROWS: [Row; 60] = [
    row("Address", Kind::Object, ""), row("Age", Kind::Object, "Quantity"), row("Annotation", Kind::Object, ""),
    row("Attachment", Kind::Object, ""), row("CodeableConcept", Kind::Object, ""), row("Coding", Kind::Object, ""),
    row("ContactDetail", Kind::Object, ""), row("ContactPoint", Kind::Object, ""), row("Contributor", Kind::Object, ""),
    row("Count", Kind::Object, "Quantity"), row("DataRequirement", Kind::Object, ""),
    row("Distance", Kind::Object, "Quantity"), row("Dosage", Kind::Object, ""),
    row("Duration", Kind::Object, "Quantity"), row("ElementDefinition", Kind::Object, ""),
    row("Expression", Kind::Object, ""), row("Extension", Kind::Object, ""), row("HumanName", Kind::Object, ""),
    row("Identifier", Kind::Object, ""), row("MarketingStatus", Kind::Object, ""), row("Meta", Kind::Object, ""),
    row("Money", Kind::Object, ""), row("Narrative", Kind::Object, ""), row("ParameterDefinition", Kind::Object, ""),
    row("Period", Kind::Object, ""), row("Population", Kind::Object, ""), row("ProdCharacteristic", Kind::Object, ""),
    row("ProductShelfLife", Kind::Object, ""), row("Quantity", Kind::Object, ""), row("Range", Kind::Object, ""),
    row("Ratio", Kind::Object, ""), row("Reference", Kind::Object, ""), row("RelatedArtifact", Kind::Object, ""),
    row("SampledData", Kind::Object, ""), row("Signature", Kind::Object, ""), row("SubstanceAmount", Kind::Object, ""),
    row("Timing", Kind::Object, ""), row("TriggerDefinition", Kind::Object, ""), row("UsageContext", Kind::Object, ""),
    row("base64Binary", Kind::String, ""), row("boolean", Kind::Bool, ""), row("canonical", Kind::String, "uri"),
    row("code", Kind::String, "string"), row("date", Kind::String, ""), row("dateTime", Kind::String, ""),
    row("decimal", Kind::Number, ""), row("id", Kind::String, "string"), row("instant", Kind::String, ""),
    row("integer", Kind::Number, ""), row("integer64", Kind::String, ""), row("markdown", Kind::String, "string"),
    row("oid", Kind::String, "uri"), row("positiveInt", Kind::Number, "integer"), row("string", Kind::String, ""),
    row("time", Kind::String, ""), row("unsignedInt", Kind::Number, "integer"), row("uri", Kind::String, ""),
    row("url", Kind::String, "uri"), row("uuid", Kind::String, "uri"), row("xhtml", Kind::String, ""),
];

/// The elements of R4 that are choices, without `[x]`.
#[rustfmt::skip]
static CHOICES: [&str; 76] = [
    "abatement", "additive", "age", "allowed", "amount", "answer", "asNeeded", "author", "born", "bounds",
    "characteristic", "chargeItem", "code", "collected", "content", "created", "date", "deceased", "defaultValue",
    "definingSubstance", "definition", "detail", "diagnosis", "dose", "doseNumber", "due", "duration", "effective",
    "entity", "event", "example", "fastingStatus", "fixed", "identified", "indication", "instances", "item",
    "legallyBinding", "location", "manufacturer", "maxValue", "medication", "minValue", "minimumVolume", "module",
    "multipleBirth", "name", "occurred", "occurrence", "offset", "onset", "participantEffective", "pattern",
    "performed", "probability", "procedure", "product", "quantity", "rate", "reported", "scheduled", "seriesDoses",
    "serviced", "source", "start", "statusReason", "studyEffective", "subject", "substance", "target", "time",
    "timing", "topic", "used", "value", "when",
];

impl DataType {
    pub(super) fn of(name: &str) -> Option<Self> {
        let index = ROWS.binary_search_by(|row| row.name.cmp(name)).ok()?;
        u8::try_from(index).ok().map(Self)
    }

    pub(super) fn name(self) -> &'static str {
        self.row().map_or("", |row| row.name)
    }

    pub(super) fn is_moment(self) -> bool {
        matches!(self.name(), "date" | "dateTime" | "instant" | "time")
    }

    fn is_a(self, other: Self) -> bool {
        self == other || self.row().is_some_and(|row| row.parent == other.name())
    }

    fn json(self) -> Option<Kind> {
        self.row().map(|row| row.json)
    }

    fn row(self) -> Option<&'static Row> {
        ROWS.get(usize::from(self.0))
    }
}

impl std::fmt::Debug for DataType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// The names that a choice has in JSON, each with its type, in the order of their numbers. None for other elements.
pub(super) fn choices(element: &str) -> Box<[(NameId, DataType)]> {
    if CHOICES.binary_search(&element).is_err() {
        return Box::default();
    }
    let mut names: Vec<(NameId, DataType)> = ROWS
        .iter()
        .filter_map(|row| Some((NameId::of(&choice(element, row.name))?, DataType::of(row.name)?)))
        .collect();
    names.retain(|(name, _)| !is_element_itself(element, name.as_str()));
    names.sort_by_key(|(name, _)| *name);
    names.into()
}

fn choice(element: &str, datatype: &str) -> String {
    let mut letters = datatype.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    element.chars().chain(first).chain(letters).collect()
}

/// Elements that look like a choice of another and are none.
fn is_element_itself(element: &str, name: &str) -> bool {
    matches!((element, name), ("date", "dateTime") | ("content", "contentReference"))
}

impl TypeName {
    /// A type by its name, after `System.`, `FHIR.` or nothing. The primitives of FHIR stand for those of System.
    pub(super) fn of(namespace: Option<&str>, name: &str) -> Option<Self> {
        if !matches!(namespace, None | Some("System" | "FHIR")) {
            return None;
        }
        let primitive = match name {
            "Boolean" => "boolean",
            "String" => "string",
            "Integer" => "integer",
            "Decimal" => "decimal",
            "Date" => "date",
            "DateTime" => "dateTime",
            "Time" => "time",
            other => other,
        };
        Some(match (DataType::of(primitive), name) {
            (Some(data), _) => Self::Data(data),
            (None, "Resource") => Self::AnyResource,
            (None, "DomainResource") => Self::DomainResource,
            (None, "Element" | "BackboneElement") => Self::Element,
            (None, name) if is_type_name(name) => Self::Resource(name.into()),
            _ => return None,
        })
    }

    /// Whether an item is of this type or one below it; `None` when the JSON does not tell.
    pub(super) fn includes(&self, item: &Item<'_>) -> Option<bool> {
        match item {
            Item::Node(node) => self.includes_node(node),
            Item::Bool(_) => Some(self.is_called(&["boolean"])),
            Item::Integer(_) => Some(self.is_called(&["integer"])),
            Item::Decimal(_) => Some(self.is_called(&["decimal"])),
            Item::Text(_) => Some(self.is_called(&["string"])),
            Item::Moment(_) => Some(self.is_called(&["date", "dateTime", "time"])),
        }
    }

    fn includes_node(&self, node: &Node<'_>) -> Option<bool> {
        match (self, node.resource_type()) {
            (Self::Resource(name), kind) => Some(kind == Some(name)),
            (Self::AnyResource, kind) => Some(kind.is_some()),
            (Self::DomainResource, kind) => {
                Some(kind.is_some_and(|kind| !matches!(kind, "Bundle" | "Binary" | "Parameters")))
            }
            (Self::Element, kind) => Some(kind.is_none()),
            (Self::Data(_), Some(_)) => Some(false),
            (Self::Data(data), None) => match node.known {
                Known::Data(known) => Some(known.is_a(*data)),
                _ => {
                    if data.can_be(node.value) {
                        None
                    } else {
                        Some(false)
                    }
                }
            },
        }
    }

    fn is_called(&self, names: &[&str]) -> bool {
        matches!(self, Self::Data(data) if names.contains(&data.name()))
    }
}

impl DataType {
    /// Whether the JSON of an element can be of this type. A primitive with extensions only can be of any.
    fn can_be(self, value: Option<&Value>) -> bool {
        value.is_none_or(|value| Some(value.kind()) == self.json())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_parents_exist() {
        assert!(ROWS.is_sorted_by(|a, b| a.name < b.name));
        assert!(CHOICES.is_sorted());
        assert!(ROWS.iter().all(|row| row.parent.is_empty() || DataType::of(row.parent).is_some()));
    }

    #[test]
    fn every_choice_has_names() {
        for element in CHOICES {
            assert!(!choices(element).is_empty(), "{element}");
        }
        assert_eq!(choices("status").len(), 0);
        assert!(choices("value").len() > 45);
        assert!(choices("date").iter().all(|(name, _)| name.as_str() != "dateTime"));
    }
}
