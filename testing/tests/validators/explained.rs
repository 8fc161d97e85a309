//! Why validators disagree.

use carewire_fhir_core::{Date, Kind, Value};

use crate::fault::{Fault, is_same_element};
use crate::judges::Judge;
use crate::units::Unit;

/// Who says something that the other of a pair does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Only {
    /// We do.
    Ours,
    /// The other validator does.
    Theirs,
}

/// A fault that one of two validators finds in a resource, and all that both find in it.
pub(crate) struct Disagreement<'a> {
    pub(crate) peer: Judge,
    pub(crate) only: Only,
    pub(crate) fault: &'a Fault,
    pub(crate) ours: &'a [Fault],
    pub(crate) theirs: &'a [Fault],
    pub(crate) unit: &'a Unit,
}

impl Disagreement<'_> {
    /// The reason why the other does not say it; `None` when there is none yet, which fails the test.
    pub(crate) fn why(&self) -> Option<&'static str> {
        let row = ROWS.iter().find(|row| {
            let is_about =
                (row.0, row.1) == (self.peer, self.only) && row.2.contains(&self.fault.class.as_str());
            is_about && self.is(&row.3)
        });
        row.map(|row| row.4)
    }

    fn is(&self, when: &When) -> bool {
        let others = if self.only == Only::Ours { self.theirs } else { self.ours };
        let says = |fault: &Fault, classes: &[&str]| classes.contains(&fault.class.as_str());
        match when {
            When::Always => true,
            When::Beside(classes) => {
                others.iter().any(|other| says(other, classes) && other.touches(self.fault))
            }
            When::Instead(classes) => others.iter().any(|other| says(other, classes)),
            When::AfterAnother => {
                others.iter().any(|other| other.constraint().is_some() && other.is_at(self.fault))
            }
            When::OtherChoice => self.has_other_choice(),
            When::Place(is_so) => is_so(self.fault.place()),
            When::Value(is_so) => self.values(self.fault.place()).iter().any(is_so),
        }
    }

    /// Whether `effectiveInstant` is beside an `effectiveDateTime`.
    fn has_other_choice(&self) -> bool {
        let Some((name, place)) = self.fault.place().split_last() else { return false };
        let stem: String = name.chars().take_while(|c| c.is_lowercase()).collect();
        let is_other = |member: &str| member != name && is_same_element(member, &stem);
        self.values(place).iter().any(|value| value.members().any(|(member, _)| is_other(member)))
    }

    /// The values at a place, in every item of the arrays on the way.
    fn values(&self, place: &[String]) -> Vec<Value> {
        let mut found = vec![Value::parse(self.unit.text.as_bytes()).unwrap()];
        for name in place.iter().skip(1) {
            found = found.iter().flat_map(|value| members(value, name)).collect();
        }
        found
    }
}

/// What an element holds, one value or each of an array. `value` is also the element of `valueQuantity`.
fn members(value: &Value, name: &str) -> Vec<Value> {
    let named = value.members().filter(|(member, _)| is_same_element(member.trim_start_matches('_'), name));
    let values = named.map(|(_, member)| member);
    values
        .flat_map(
            |value| if value.kind() == Kind::Array { value.items().to_vec() } else { vec![value.clone()] },
        )
        .collect()
}

/// What else must be so for a reason to be one.
enum When {
    Always,
    /// The other finds a fault of one of these classes in the element, in what it is in, or in what is in it.
    Beside(&'static [&'static str]),
    /// The other finds a fault of one of these classes somewhere in the resource.
    Instead(&'static [&'static str]),
    /// Another member may be another type of the same choice.
    OtherChoice,
    /// The other says another constraint of the same element.
    AfterAnother,
    /// The names of the place are such.
    Place(fn(&[String]) -> bool),
    /// A value of the element is such.
    Value(fn(&Value) -> bool),
}

/// The peer, who says it, the classes, what else must be so, and why the other does not say it.
type Row = (Judge, Only, &'static [&'static str], When, &'static str);

/// What Medplum reads as absent, and a constraint then misses.
const NOTHING: &[&str] = &[
    "structure: empty object",
    "structure: empty array",
    "value: empty string",
    "structure: null is not allowed",
];
/// What leaves a constraint of ours open.
const NOT_READ: &[&str] = &[
    "structure: wrong json type",
    "required: missing element",
    "structure: empty object",
    "structure: empty array",
    "value: empty string",
    "structure: null is not allowed",
];

#[rustfmt::skip]
static ROWS: &[Row] = &[
    (Judge::Medplum, Only::Ours, &["code-invalid: code of no required binding"], When::Always, "Medplum checks no bindings, required ones neither"),
    (Judge::Medplum, Only::Ours, &["invariant: dom-3", "invariant: org-1"], When::Always, "Medplum leaves ele-1, dom-3, org-1 and sdf-19 out on purpose"),
    (Judge::Medplum, Only::Ours, &["invariant: txt-1"], When::Always, "Medplum's htmlChecks() is always true"),
    (Judge::Medplum, Only::Ours, &["invariant: age-1", "invariant: cpt-2", "invariant: drt-1", "invariant: eld-19", "invariant: eld-2", "invariant: per-1", "invariant: qty-3", "invariant: ref-1", "invariant: rng-2"], When::Always, "Medplum evaluates no constraints of datatypes"),
    (Judge::Medplum, Only::Ours, &["invariant: bdl-2", "invariant: que-5", "invariant: sdf-17", "invariant: vsd-2"], When::AfterAnother, "Medplum stops at the first constraint that an element breaks"),
    (Judge::Medplum, Only::Ours, &["invariant: dom-2"], When::Always, "Medplum evaluates no constraints of a resource that is in a Bundle"),
    (Judge::Medplum, Only::Ours, &["required: contained resource without id"], When::Always, "it is not to be referred to without; Medplum leaves dom-3 out"),
    (Judge::Medplum, Only::Ours, &["not a resource"], When::Instead(&["Missing resource type", "Unknown data type"]), "Medplum says it of no element"),
    (Judge::Medplum, Only::Ours, &["structure: not a resource type of R4"], When::Instead(&["Unknown data type"]), "Medplum says it of no element"),
    (Judge::Medplum, Only::Ours, &["structure: not a resource type of R4"], When::Value(is_abstract), "Medplum takes Element and DomainResource for types of resources, and objects to what is in them"),
    (Judge::Medplum, Only::Ours, &["structure: wrong json type"], When::Beside(&["Invalid additional property"]), "Medplum reads the letters of a string as properties"),
    (Judge::Medplum, Only::Ours, &["structure: wrong json type"], When::Value(is_flag_or_number), "Medplum takes a boolean or a number for an object"),
    (Judge::Medplum, Only::Ours, &["structure: empty array", "structure: empty object", "value: empty string"], When::Always, "Medplum reads what is empty as absent"),
    (Judge::Medplum, Only::Ours, &["structure: more"], When::Always, "two types of one choice are a warning of Medplum's"),
    (Judge::Medplum, Only::Ours, &["structure: no element of R4 here"], When::OtherChoice, "Medplum takes any type of a choice beside another one"),
    (Judge::Medplum, Only::Ours, &["structure: only primitives have a sibling with an underscore"], When::Always, "Medplum takes an underscored sibling of anything"),
    (Judge::Medplum, Only::Ours, &["value: not a valid id"], When::Place(is_id), "the definition of Resource.id has a type of FHIRPath's, which Medplum reads as string"),
    (Judge::Medplum, Only::Ours, &["value: not a valid date"], When::Value(is_no_day), "Medplum's pattern lets the 30th of February and a zone after a date pass"),
    (Judge::Medplum, Only::Ours, &["value: not a valid dateTime"], When::Value(is_no_time), "Medplum's pattern lets the 30th of February, a zone after a date, and a time without a zone pass"),
    (Judge::Medplum, Only::Ours, &["value: not a valid positiveInt", "value: not a valid unsignedInt", "value: not a valid integer"], When::Value(is_no_plain_int), "Medplum has no limit of 32 bits, and JavaScript reads 1e3 as 1000"),
    (Judge::Medplum, Only::Ours, &["value: not a valid uri", "value: not a valid url"], When::Value(is_no_uri), "Medplum takes control characters in a URI, and an `urn:oid:` or `urn:uuid:` that is none"),
    (Judge::Medplum, Only::Ours, &["value: refers to a type that R4 does not have", "value: refers to another type"], When::Always, "the type of a target is a warning of Medplum's"),
    (Judge::Medplum, Only::Ours, &["value: type is not that of the reference"], When::Always, "Medplum does not compare Reference.type with the reference"),
    (Judge::Medplum, Only::Ours, &["value: url of an extension is not absolute"], When::Always, "R4 wants an absolute URL outside of complex extensions; Medplum does not look"),
    (Judge::Medplum, Only::Theirs, &["Missing resource type", "Unknown data type"], When::Instead(&["not a resource", "structure: not a resource type of R4"]), "Medplum says it of no element"),
    (Judge::Medplum, Only::Theirs, &["Missing required property"], When::Beside(NOTHING), "Medplum reads what is empty as absent"),
    (Judge::Medplum, Only::Theirs, &["String must contain non-whitespace content"], When::Value(is_blank), "R4 takes a string of white space and advises against it (SHOULD): a warning for us, that has to be asked for"),
    (Judge::Medplum, Only::Theirs, &["Invalid string format"], When::Value(has_control), "R4 takes control characters in a string and advises against them (SHOULD), as with white space alone"),
    (Judge::Medplum, Only::Theirs, &["Invalid additional property"], When::Instead(&["structure: not a resource type of R4"]), "of what is no resource type, we say only that"),
    (Judge::Medplum, Only::Theirs, &["Invalid additional property"], When::Beside(&["structure: wrong json type"]), "Medplum reads the letters of a string as properties"),
    (Judge::Medplum, Only::Theirs, &["Expected array of values for property", "Missing required property"], When::Beside(&["structure: one value where an array belongs", "structure: wrong json type"]), "where one value stands for an array, we do not look into it"),
    (Judge::Medplum, Only::Theirs, &["Error evaluating invariant expression"], When::Beside(&["structure: wrong json type", "structure: empty object"]), "where elements have the wrong type we say that, and leave the constraint open"),
    (Judge::Medplum, Only::Theirs, &["Constraint ait-1 not met", "Constraint app-1 not met", "Constraint bdl-3 not met", "Constraint bdl-5 not met", "Constraint cmp-1 not met", "Constraint con-2 not met", "Constraint cpb-1 not met", "Constraint cpb-2 not met", "Constraint gol-1 not met", "Constraint imm-1 not met", "Constraint inv-1 not met", "Constraint obs-3 not met", "Constraint pat-1 not met", "Constraint ppc-1 not met", "Constraint que-1 not met", "Constraint que-7 not met", "Constraint tim-2 not met", "Constraint vsd-1 not met", "Constraint vsd-6 not met"], When::Beside(NOTHING), "an empty element is a fault of its own for us, and absent for Medplum"),
    (Judge::Medplum, Only::Theirs, &["Constraint ext-1 not met"], When::Beside(&["structure: no element of R4 here"]), "of a `value` without a type we say that it is no element, and leave the constraint open"),
    (Judge::Medplum, Only::Theirs, &["Constraint bdl-3 not met", "Constraint bdl-9 not met", "Constraint sdf-14 not met", "Constraint sdf-15a not met", "Constraint sdf-20 not met", "Constraint sdf-5 not met", "Constraint sdf-6 not met"], When::Beside(NOT_READ), "where what it speaks of is missing or has the wrong type we say that, and leave the constraint open"),
    (Judge::Medplum, Only::Theirs, &["Constraint sdf-8a not met"], When::Instead(NOT_READ), "it compares StructureDefinition.type with the elements: where one has no value we say that, and leave the constraint open"),
    (Judge::Fhirkit, Only::Ours, &["code-invalid: code of no required binding"], When::Always, "fhirkit checks no bindings"),
    (Judge::Fhirkit, Only::Ours, CONSTRAINTS, When::Always, "fhirkit evaluates no constraints"),
    (Judge::Fhirkit, Only::Ours, &["structure: empty object"], When::Always, "fhirkit reads an empty object as an element"),
    (Judge::Fhirkit, Only::Ours, &["structure: empty array"], When::Always, "fhirkit takes an empty array of primitives"),
    (Judge::Fhirkit, Only::Ours, &["value: not a valid date", "value: not a valid dateTime"], When::Value(is_no_day), "fhirkit takes every day up to 31 in every month, and the year 0000"),
    (Judge::Fhirkit, Only::Ours, &["value: not a valid id"], When::Place(is_id), "the definition of Resource.id has a type of FHIRPath's, which fhirkit reads as string"),
    (Judge::Fhirkit, Only::Ours, &["value: not a valid uri", "value: not a valid url"], When::Value(is_no_uri), "fhirkit takes control characters in a URI, and an `urn:oid:` or `urn:uuid:` that is none"),
    (Judge::Fhirkit, Only::Ours, &["value: not a valid uri"], When::Place(is_url_of_extension), "the definition of Extension.url has a type of FHIRPath's, which fhirkit reads as string"),
    (Judge::Fhirkit, Only::Ours, &["value: refers to a type that R4 does not have", "value: refers to another type", "value: type is not that of the reference"], When::Always, "fhirkit does not look at references"),
    (Judge::Fhirkit, Only::Ours, &["value: url of an extension is not absolute"], When::Always, "R4 wants an absolute URL outside of complex extensions; fhirkit does not look"),
    (Judge::Fhirkit, Only::Theirs, &["required element missing"], When::Beside(&["structure: empty object"]), "of an empty object, we say only that"),
];

/// What fhirkit cannot say: the constraints that the resources here break, for Medplum too unless it says why not.
const CONSTRAINTS: &[&str] = &[
    "invariant: age-1",
    "invariant: app-1",
    "invariant: bdl-1",
    "invariant: bdl-2",
    "invariant: bdl-3",
    "invariant: cmp-1",
    "invariant: con-2",
    "invariant: cpb-1",
    "invariant: cpt-2",
    "invariant: dom-2",
    "invariant: dom-3",
    "invariant: drt-1",
    "invariant: eld-19",
    "invariant: eld-2",
    "invariant: eld-3",
    "invariant: ext-1",
    "invariant: grp-1",
    "invariant: inv-1",
    "invariant: org-1",
    "invariant: org-2",
    "invariant: org-3",
    "invariant: per-1",
    "invariant: ppc-1",
    "invariant: qty-3",
    "invariant: ref-1",
    "invariant: rng-2",
    "invariant: sdf-14",
    "invariant: sdf-17",
    "invariant: sdf-4",
    "invariant: sdf-8a",
    "invariant: txt-1",
    "invariant: vsd-1",
    "invariant: vsd-10",
    "invariant: vsd-2",
    "required: contained resource without id",
];

fn is_abstract(value: &Value) -> bool {
    matches!(value.as_str(), Some("Element" | "DomainResource"))
}

fn is_flag_or_number(value: &Value) -> bool {
    matches!(value.kind(), Kind::Bool | Kind::Number)
}

fn is_id(place: &[String]) -> bool {
    place.last().is_some_and(|name| name == "id")
}

fn is_url_of_extension(place: &[String]) -> bool {
    matches!(place, [.., within, name] if within.to_ascii_lowercase().ends_with("extension") && name == "url")
}

fn is_blank(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.trim().is_empty())
}

fn has_control(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.contains(|c: char| c.is_control()))
}

fn is_no_uri(value: &Value) -> bool {
    has_control(value) || value.as_str().is_some_and(|text| text.starts_with("urn:"))
}

fn is_no_plain_int(value: &Value) -> bool {
    value.as_number().is_some_and(|number| !number.parse().is_ok_and(|int: i64| int <= i64::from(i32::MAX)))
}

/// A year 0, a day that its month does not have, or a zone after a date.
fn is_no_day(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    let day = text.get(..10).unwrap_or(text);
    day.starts_with("0000") || text.len() > 10 && !text.contains('T') || Date::parse(day).is_err()
}

/// The same, or a time without a zone.
fn is_no_time(value: &Value) -> bool {
    let time = value.as_str().and_then(|text| text.split_once('T'));
    is_no_day(value) || time.is_some_and(|(_, time)| !time.contains(['Z', '+', '-']))
}

#[test]
fn a_new_kind_of_disagreement_is_not_explained() {
    let value = Value::parse(br#"{"resourceType":"Observation","valueUri":"x"}"#).unwrap();
    let unit = Unit::new("o".to_owned(), &value);
    let fault = |place: &str, class: &str| Fault::new(place, class.to_owned());
    let why = |only, fault: &Fault, others: &[Fault]| {
        let (ours, theirs) = if only == Only::Ours { (&[][..], others) } else { (others, &[][..]) };
        [Judge::Medplum, Judge::Fhirkit]
            .map(|peer| Disagreement { peer, only, fault, ours, theirs, unit: &unit }.why().is_some())
    };
    for class in
        ["invariant: obs-6", "invariant: bdl-7", "structure: no element of R4 here", "value: not a valid uri"]
    {
        assert_eq!(why(Only::Ours, &fault("Observation.valueUri", class), &[]), [false, false], "{class}");
    }
    for class in
        ["Constraint sdf-5 not met", "Constraint obs-6 not met", "Missing required property", "exception"]
    {
        assert_eq!(why(Only::Theirs, &fault("Observation", class), &[]), [false, false], "{class}");
    }
    let missing = fault("Observation.code.coding", "Missing required property");
    let empty = |place| [fault(place, "structure: empty object")];
    assert_eq!(why(Only::Theirs, &missing, &empty("Observation.code")), [true, false]);
    assert_eq!(why(Only::Theirs, &missing, &empty("Observation.subject")), [false, false]);
}
