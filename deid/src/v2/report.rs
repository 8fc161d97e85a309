//! What a policy does with every field of v2: for a reviewer.

use std::fmt;

use super::dictionary;
use super::form::Form;
use super::rule::{FieldRule, Leaf, Part};
use crate::policy::DateRule;
use crate::{Method, Policy, PolicyError};

/// Reads a policy file and says what it does with every field of every segment of HL7 2.1 to 2.9.
///
/// ```
/// use carewire_deid::{Policy, v2::check_v2};
/// let report = check_v2(Policy::pseudonymous_toml())?;
/// let pid = report.segments.iter().find(|segment| segment.name == "PID").unwrap();
/// let said = |path: &str| pid.fields.iter().find(|field| field.path == path).unwrap().said.as_str();
/// assert_eq!((said("PID-5"), said("PID-8")), ("dropped", "code kept"));
/// # Ok::<(), carewire_deid::PolicyError>(())
/// ```
///
/// # Errors
/// [`PolicyError`] when the file cannot be used.
pub fn check_v2(text: &str) -> Result<V2Report, PolicyError> {
    Policy::parse_toml(text).map(|policy| V2Report::of(&policy))
}

/// What a policy does with HL7 v2.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct V2Report {
    /// The policy's id.
    pub id: String,
    /// The policy's version.
    pub version: String,
    /// Every segment, by name.
    pub segments: Vec<SegmentReport>,
}

/// What a policy does with a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SegmentReport {
    /// The segment.
    pub name: &'static str,
    /// Every field that any version has.
    pub fields: Vec<FieldReport>,
}

/// What a policy does with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldReport {
    /// The field, as `PID-7`.
    pub path: String,
    /// Its datatype in the last version that has it; `-` where none is known.
    pub datatype: &'static str,
    /// Whether nothing of it stays.
    pub is_dropped: bool,
    /// What happens, in words.
    pub said: String,
}

impl V2Report {
    /// What a policy does with every field.
    #[must_use]
    pub fn of(policy: &Policy) -> Self {
        let rules = policy.v2();
        let dates = policy.dates().method;
        let segments = rules.segments.iter().zip(dictionary::segments());
        let segments = segments.map(|(compiled, (name, types))| {
            let fields =
                (1..).zip(compiled.fields.iter().zip(types)).map(|(number, (rule, typed))| FieldReport {
                    path: format!("{name}-{number}"),
                    datatype: typed.datatype,
                    is_dropped: matches!(rule, FieldRule::Drop) && !is_delimiters(name, number),
                    said: match is_delimiters(name, number) {
                        true => "delimiters kept".to_owned(),
                        false => said(rule, dates),
                    },
                });
            SegmentReport { name, fields: fields.collect() }
        });
        Self {
            id: policy.id().to_owned(),
            version: policy.version().to_owned(),
            segments: segments.collect(),
        }
    }
}

fn is_delimiters(segment: &str, number: usize) -> bool {
    matches!(segment, "MSH" | "BHS" | "FHS") && number <= 2
}

fn said(rule: &FieldRule, dates: DateRule) -> String {
    match rule {
        FieldRule::Drop => "dropped".to_owned(),
        FieldRule::Value => {
            "by OBX-2: numbers, codes and dates; texts scrubbed if the policy says so; else dropped"
                .to_owned()
        }
        FieldRule::Parts(parts) => match &**parts {
            [] => "dropped".to_owned(),
            [part] => one(part, dates),
            [Part::Code(..), ..] => "code kept".to_owned(),
            parts => several(parts, dates),
        },
    }
}

fn several(parts: &[Part], dates: DateRule) -> String {
    let named = (1..).zip(parts).filter(|(_, part)| !matches!(part, Part::Drop));
    let named: Vec<String> = named.map(|(number, part)| format!(".{number} {}", one(part, dates))).collect();
    named.join(", ")
}

fn one(part: &Part, dates: DateRule) -> String {
    let words = match part {
        Part::Drop => "dropped",
        Part::Leaf(leaf) => return leaf_said(leaf, dates),
        Part::Sub(parts) => {
            return match parts.first() {
                Some(Part::Code(..)) => "code kept".to_owned(),
                _ => format!("({})", several(parts, dates).replace('.', "&")),
            };
        }
        Part::Code(..) => "code kept",
        Part::Text(..) => "HL7's own text kept",
        Part::System(..) => "system of a known code kept",
        Part::Id(identifier) => identifier.method.as_str(),
        Part::Marker(identifier, _) if identifier.method == Method::Encrypt => "marked as encrypted",
        Part::Marker(..) => "marked as a pseudonym",
    };
    words.to_owned()
}

fn leaf_said(leaf: &Leaf, dates: DateRule) -> String {
    let words = match (leaf, dates) {
        (Leaf::Keep(Form::Date), DateRule::Year) | (Leaf::Year, _) => "year",
        (Leaf::Keep(Form::Date), DateRule::Shift) | (Leaf::Shift, _) => "shifted",
        (Leaf::Keep(Form::Date), DateRule::Keep) => "date kept",
        (Leaf::Keep(Form::Time), DateRule::Year) => "dropped",
        (Leaf::Keep(Form::Time), _) => "time kept",
        (Leaf::Keep(Form::Code(_)), _) => "code kept",
        (Leaf::Keep(Form::Number), _) => "number kept",
        (Leaf::Keep(form), _) => return format!("{form:?} kept").to_lowercase(),
        (Leaf::Pseudonym, _) => "pseudonym",
        (Leaf::Zip(method, _), _) => method.as_str(),
        (Leaf::Age, _) => Method::Age.as_str(),
        (Leaf::Scrub, _) => "scrubbed by the policy's scrubber, or dropped where it names none",
        (Leaf::Encrypt, _) => "encrypted",
        (Leaf::Generalise(_), _) => "generalised",
        (Leaf::Perturb(..), _) => "perturbed",
        (Leaf::Substitute(text), _) => return format!("substituted by `{text}`"),
    };
    words.to_owned()
}

impl fmt::Display for V2Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "policy {} version {}, HL7 2.1 to 2.9", self.id, self.version)?;
        for segment in &self.segments {
            let kept = segment.fields.iter().filter(|field| !field.is_dropped).count();
            writeln!(f, "{}: something of {kept} of {} fields stays", segment.name, segment.fields.len())?;
            for field in &segment.fields {
                writeln!(f, "  {:<8} {:<8} {}", field.path, field.datatype, field.said)?;
            }
        }
        Ok(())
    }
}
