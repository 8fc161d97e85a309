//! Sound resources made wrong in known ways, to see who notices.

use carewire_fhir_core::{Kind, Value};

use crate::Rng;

/// A resource with one fault, or with a change that is none.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Mutation {
    /// What was done, such as `element left out`.
    pub kind: &'static str,
    /// The member that was changed, such as `Patient.name.family`, without indices.
    pub place: String,
    /// The whole resource.
    pub resource: Value,
}

/// How many places of a resource each kind of change is tried at.
const PLACES: usize = 3;

/// One change of one member of an object; false when the member is not of a kind that can be changed so.
type Change = fn(&mut Value, &str, &mut Rng) -> bool;

/// Every kind of change, in places that `rng` chooses. The same `rng`, the same mutations.
///
/// ```
/// use carewire_fhir_core::Value;
/// use carewire_testing::{Rng, mutation};
/// let patient = Value::parse(br#"{"resourceType":"Patient","gender":"female"}"#)?;
/// let made = mutation::of(&patient, &mut Rng::new(1));
/// let wrong_code = made.iter().find(|made| made.kind == "code that is none").unwrap();
/// assert_eq!(wrong_code.resource.to_json(), r#"{"resourceType":"Patient","gender":"not-a-code"}"#);
/// # Ok::<(), carewire_fhir_core::ParseError>(())
/// ```
#[must_use]
pub fn of(resource: &Value, rng: &mut Rng) -> Vec<Mutation> {
    let mut places = Vec::new();
    collect(resource, &mut Vec::new(), &mut places);
    let mut made = Vec::new();
    for (kind, change) in CHANGES {
        let mut open = places.clone();
        let mut found = 0;
        while found < PLACES && !open.is_empty() {
            let index = usize::try_from(rng.below(open.len() as u64)).unwrap_or(0);
            let place = open.swap_remove(index);
            let mut changed = resource.clone();
            let object = place.object.iter().try_fold(&mut changed, |value, step| step.within(value));
            if object.is_some_and(|object| change(object, &place.name, rng)) {
                made.push(Mutation { kind, place: place.shown(resource), resource: changed });
                found += 1;
            }
        }
    }
    made
}

/// A member of an object somewhere in the resource.
#[derive(Clone)]
struct Place {
    object: Vec<Step>,
    name: String,
}

#[derive(Clone)]
enum Step {
    Member(String),
    Item(usize),
}

impl Step {
    fn within<'v>(&self, value: &'v mut Value) -> Option<&'v mut Value> {
        match self {
            Self::Member(name) => value.get_mut(name),
            Self::Item(index) => value.items_mut().get_mut(*index),
        }
    }
}

impl Place {
    fn shown(&self, resource: &Value) -> String {
        let mut shown = resource.str("resourceType").unwrap_or_default().to_owned();
        let members = self.object.iter().filter_map(|step| match step {
            Step::Member(name) => Some(name),
            Step::Item(_) => None,
        });
        for name in members.chain([&self.name]) {
            shown.push('.');
            shown.push_str(name);
        }
        shown
    }
}

fn collect(value: &Value, at: &mut Vec<Step>, places: &mut Vec<Place>) {
    for (name, member) in value.members() {
        places.push(Place { object: at.clone(), name: name.to_owned() });
        at.push(Step::Member(name.to_owned()));
        collect(member, at, places);
        at.pop();
    }
    for (index, item) in value.items().iter().enumerate() {
        at.push(Step::Item(index));
        collect(item, at, places);
        at.pop();
    }
}

static CHANGES: [(&str, Change); 33] = [
    ("element left out", |object, name, _| name != "resourceType" && object.remove(name).is_some()),
    ("null", |object, name, _| put(object, name, Value::null())),
    ("empty string", |object, name, _| is(object, name, Kind::String) && put(object, name, "".into())),
    ("blank string", |object, name, _| is(object, name, Kind::String) && put(object, name, "  ".into())),
    ("control character", |object, name, _| {
        is(object, name, Kind::String) && put(object, name, "a\u{1}b".into())
    }),
    ("empty array", |object, name, _| is(object, name, Kind::Array) && put(object, name, Value::array())),
    ("empty object", |object, name, _| is(object, name, Kind::Object) && put(object, name, Value::object())),
    ("empty object in an array", |object, name, _| change_item(object, name, Kind::Object, Value::object())),
    ("null in an array", |object, name, _| change_item(object, name, Kind::Object, Value::null())),
    ("another json type", another_type),
    ("array around a value", |object, name, _| {
        let value =
            object.get(name).filter(|value| value.kind() != Kind::Array && name != "resourceType").cloned();
        value.is_some_and(|value| put(object, name, vec![value].into()))
    }),
    ("value without its array", |object, name, _| {
        let first = object.get(name).and_then(|value| value.items().first()).cloned();
        first.is_some_and(|first| put(object, name, first))
    }),
    ("unknown element", |object, _, _| object.set("carewireUnknown", 1).is_none()),
    ("unknown sibling", |object, _, _| {
        object.set("_carewireUnknown", Value::object().with("id", "x")).is_none()
    }),
    ("second choice", second_choice),
    ("code that is none", |object, name, _| is_code(object, name) && put(object, name, "not-a-code".into())),
    ("code with spaces", |object, name, _| is_code(object, name) && put(object, name, " a  b".into())),
    ("malformed date", malformed_date),
    ("number out of range", |object, name, rng| {
        let numbers = ["-1", "1.5", "0", "4294967296", "1e3"];
        is(object, name, Kind::Number) && put(object, name, number(pick(&numbers, rng)))
    }),
    ("malformed id", |object, name, rng| {
        let ids = [
            "a b",
            "a_b",
            "\u{e9}",
            "a/b",
            "x1234567890123456789012345678901234567890123456789012345678901234",
        ];
        name == "id" && is(object, name, Kind::String) && put(object, name, pick(&ids, rng).into())
    }),
    ("uri with a space", |object, name, _| {
        let uri = matches!(name, "url" | "system" | "reference" | "fullUrl" | "endpoint" | "questionnaire");
        uri && is(object, name, Kind::String) && put(object, name, "http://example.org/a b".into())
    }),
    ("reference to another type", |object, name, rng| {
        let texts = ["Medication/1", "Nowhere/1", "Patient?identifier=1", "http://example.org/Medication/1"];
        name == "reference" && put(object, name, pick(&texts, rng).into())
    }),
    ("reference to nothing contained", |object, name, _| {
        name == "reference" && put(object, name, "#nothing".into())
    }),
    ("contained without a reference", |object, name, _| {
        let contained =
            Value::object().with("resourceType", "Organization").with("id", "orphan").with("name", "x");
        name == "resourceType" && is_domain(object) && object.set("contained", vec![contained]).is_none()
    }),
    ("contained in contained", |object, name, _| {
        let inner = Value::object().with("resourceType", "Organization").with("id", "i").with("name", "x");
        let outer = inner.clone().with("id", "o").with("contained", vec![inner]);
        name == "resourceType" && is_domain(object) && object.set("contained", vec![outer]).is_none()
    }),
    ("extension with value and extension", |object, name, _| {
        let inner = extension("http://example.org/b").with("valueCode", "c");
        let both = extension("http://example.org/a").with("valueString", "x").with("extension", vec![inner]);
        add_extension(object, name, both)
    }),
    ("extension with neither", |object, name, _| {
        add_extension(object, name, extension("http://example.org/a"))
    }),
    ("extension without url", |object, name, _| {
        add_extension(object, name, Value::object().with("valueString", "x"))
    }),
    ("sibling of a complex element", |object, name, _| {
        let complex = is(object, name, Kind::Object);
        complex && object.set(&format!("_{name}"), Value::object().with("id", "x")).is_none()
    }),
    ("sibling that is empty", |object, name, _| {
        is(object, name, Kind::String) && object.set(&format!("_{name}"), Value::object()).is_none()
    }),
    ("end before start", |object, name, _| {
        let both = object.get("end").is_some() || name == "start";
        name == "start" && both && put(object, name, "2031-01-01".into()) && put(object, "end", "2030".into())
    }),
    ("narrative that is not allowed", narrative),
    ("another resource type", |object, name, rng| {
        let types = ["Nothing", "patient", "Element", "DomainResource"];
        name == "resourceType" && put(object, name, pick(&types, rng).into())
    }),
];

/// Sets a member; always true.
fn put(object: &mut Value, name: &str, value: Value) -> bool {
    object.set(name, value);
    true
}

fn is(object: &Value, name: &str, kind: Kind) -> bool {
    name != "resourceType" && object.get(name).is_some_and(|value| value.kind() == kind)
}

fn is_domain(object: &Value) -> bool {
    let name = object.str("resourceType").unwrap_or_default();
    !matches!(name, "Bundle" | "Parameters" | "Binary") && object.get("contained").is_none()
}

fn change_item(object: &mut Value, name: &str, kind: Kind, with: Value) -> bool {
    let item = object.get_mut(name).and_then(|value| value.items_mut().first_mut());
    item.filter(|item| item.kind() == kind).map(|item| *item = with).is_some()
}

fn another_type(object: &mut Value, name: &str, _: &mut Rng) -> bool {
    let Some(value) = object.get(name).filter(|_| name != "resourceType") else { return false };
    let other = match value.kind() {
        Kind::String => Value::integer(1),
        Kind::Number => "1".into(),
        Kind::Bool => "true".into(),
        Kind::Object => "x".into(),
        Kind::Array => Value::bool(true),
        Kind::Null => return false,
    };
    put(object, name, other)
}

fn second_choice(object: &mut Value, name: &str, _: &mut Rng) -> bool {
    let others = [
        ("value", "valueInteger"),
        ("effective", "effectiveInstant"),
        ("deceased", "deceasedDateTime"),
        ("onset", "onsetString"),
        ("performed", "performedString"),
        ("occurrence", "occurrenceDateTime"),
    ];
    let other = others.into_iter().find(|(base, other)| {
        name != *other && name.strip_prefix(base).is_some_and(|rest| rest.starts_with(char::is_uppercase))
    });
    let Some((_, other)) = other.filter(|_| name != "valueSet") else { return false };
    let value = if other == "valueInteger" { Value::integer(1) } else { "2024-03-05T10:00:00Z".into() };
    object.set(other, value).is_none()
}

/// Elements whose codes HL7 lists, wherever they are.
fn is_code(object: &Value, name: &str) -> bool {
    let code =
        matches!(name, "status" | "gender" | "intent" | "use" | "mode" | "criticality" | "severity" | "kind");
    code && is(object, name, Kind::String)
}

fn malformed_date(object: &mut Value, name: &str, rng: &mut Rng) -> bool {
    let date = object.str(name).is_some_and(|text| {
        text.starts_with("20") && text.as_bytes().get(4).is_none_or(|&b| b == b'-') && text.len() < 30
    });
    let texts = [
        "2024-13",
        "2024-02-30",
        "2024-1-1",
        "2024-03-05T10:00Z",
        "2024-03-05T10:00:00",
        "2024-03-05T25:00:00Z",
        "05.03.2024",
        "20240305",
        "2024-03-05 10:00:00Z",
        "2024-03-05T10:00:00+15:00",
        "0000-01-01",
    ];
    date && put(object, name, pick(&texts, rng).into())
}

fn narrative(object: &mut Value, name: &str, rng: &mut Rng) -> bool {
    let open = "<div xmlns=\"http://www.w3.org/1999/xhtml\">";
    let texts = [
        "no markup".to_owned(),
        "<div>no namespace</div>".to_owned(),
        format!("{open}<script>x</script></div>"),
        format!("{open}<p>x</div>"),
        format!("{open}<p onclick=\"x\">x</p></div>"),
        format!("{open} </div>"),
        format!("{open}a&nbsp;b</div>"),
    ];
    let index = usize::try_from(rng.below(texts.len() as u64)).unwrap_or(0);
    name == "div" && texts.get(index).is_some_and(|text| put(object, name, text.as_str().into()))
}

fn extension(url: &str) -> Value {
    Value::object().with("url", url)
}

/// Adds an extension to the object that is the member.
fn add_extension(object: &mut Value, name: &str, extension: Value) -> bool {
    let element = object.get_mut(name).filter(|value| value.kind() == Kind::Object);
    element.is_some_and(|element| element.set("extension", vec![extension]).is_none())
}

fn number(text: &str) -> Value {
    Value::number(text).unwrap_or_default()
}

fn pick<'t>(texts: &[&'t str], rng: &mut Rng) -> &'t str {
    let index = usize::try_from(rng.below(texts.len() as u64)).unwrap_or(0);
    texts.get(index).copied().unwrap_or_default()
}
