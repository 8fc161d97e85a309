//! The text of a rule file, and where its rules stand in it.

use carewire_fhir_core::{Kind, Value};

use super::error::{RuleError, RuleReason};
use super::rule::Rule;

const RULES: &str = "fhirPathRules";

/// A rule file as it was read: JSON of the right shape.
pub(super) struct Source {
    file: Value,
    lines: Vec<usize>,
    nothing: Value,
}

/// Whether a text is meant as a rule file: a JSON object that speaks of its rules. It may still have faults.
///
/// ```
/// use carewire_deid::import::is_rule_file;
/// assert!(is_rule_file(r#"{"fhirVersion":"R4","fhirPathRules":[]}"#));
/// assert!(!is_rule_file("id = \"own\"") && !is_rule_file(r#"{"resourceType":"Patient"}"#));
/// ```
#[must_use]
pub fn is_rule_file(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.starts_with('{') && [RULES, "fhirVersion"].iter().any(|name| text.contains(&format!("\"{name}\"")))
}

impl Source {
    pub(super) fn read(json: &str) -> Result<Self, RuleError> {
        let file = Value::parse(json.trim_start_matches('\u{feff}').as_bytes())
            .map_err(|error| RuleError::of_line(error.line(), RuleReason::Json(error.reason())))?;
        if file.get(RULES).is_none_or(|rules| rules.kind() != Kind::Array) {
            return Err(RuleError::whole(RuleReason::Shape));
        }
        if !matches!(file.str("fhirVersion"), None | Some("" | "R4" | "r4")) {
            return Err(RuleError::whole(RuleReason::Version));
        }
        Ok(Self { file, lines: lines(json), nothing: Value::object() })
    }

    /// The rules in their order, each read or with its fault.
    pub(super) fn rules(&self) -> impl Iterator<Item = Result<Rule, RuleError>> {
        self.listed().map(|(at, line, rule)| {
            Rule::parse(at, rule).map_err(|reason| RuleError::of_rule(at, line, reason))
        })
    }

    /// The rules as they are written: index, line, JSON.
    pub(super) fn listed(&self) -> impl Iterator<Item = (usize, Option<usize>, &Value)> {
        let listed = self.file.list(RULES).iter().enumerate();
        listed.map(|(at, rule)| (at, self.lines.get(at).copied(), rule))
    }

    pub(super) fn parameters(&self) -> &Value {
        self.file.get("parameters").unwrap_or(&self.nothing)
    }

    /// Whether a resource over which a rule cannot be evaluated is to be emptied, rather than refused.
    pub(super) fn skips_errors(&self) -> Result<bool, RuleError> {
        match self.file.str("processingErrors") {
            None | Some("") => Ok(false),
            Some(text) if text.eq_ignore_ascii_case("raise") => Ok(false),
            Some(text) if text.eq_ignore_ascii_case("skip") => Ok(true),
            Some(_) => Err(RuleError::whole(RuleReason::Member("processingErrors"))),
        }
    }
}

/// The line of each rule, from 1, in a text that is known to be JSON.
fn lines(json: &str) -> Vec<usize> {
    let mut scan = Scan { line: 1, ..Scan::default() };
    for one in json.chars() {
        match &mut scan.text {
            Some(_) => scan.inside(one),
            None => scan.outside(one),
        }
    }
    scan.found
}

/// A way through a JSON text that looks for the items of one list.
#[derive(Default)]
struct Scan {
    found: Vec<usize>,
    line: usize,
    depth: usize,
    /// The string that is open, and the last one that was.
    text: Option<String>,
    last: String,
    escaped: bool,
    in_rules: bool,
    /// Whether what comes next is an item of the list.
    awaits: bool,
}

impl Scan {
    fn inside(&mut self, one: char) {
        match one {
            _ if std::mem::take(&mut self.escaped) => {}
            '\\' => self.escaped = true,
            '"' => self.last = self.text.take().unwrap_or_default(),
            other => self.text.iter_mut().for_each(|text| text.push(other)),
        }
    }

    fn outside(&mut self, one: char) {
        if self.awaits && !one.is_whitespace() {
            self.awaits = false;
            if one != ']' {
                self.found.push(self.line);
            }
        }
        match one {
            '\n' => self.line += 1,
            '"' => self.text = Some(String::new()),
            '[' | '{' => {
                if one == '[' && self.depth == 1 && self.last == RULES {
                    (self.in_rules, self.awaits) = (true, true);
                }
                self.depth += 1;
            }
            ']' | '}' => {
                self.depth = self.depth.saturating_sub(1);
                self.in_rules &= self.depth > 1;
            }
            ',' => self.awaits = self.in_rules && self.depth == 2,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_stands_in_its_line() {
        let json = "\u{feff}{\n \"a\": [{}, \"fhirPathRules\"],\n\"fhirPathRules\":\n[{\"path\":\"}]\\\"\"},\n {\"cases\":{\"x\":[{}]}}\n\n,{}],\n\"parameters\":{\"b\":[{}]}}";
        assert_eq!(lines(json), [4, 5, 7]);
        assert_eq!(lines("{\"fhirPathRules\":[1,\n\"a,b\",\n[2,{}],[]]}"), [1, 2, 3, 3]);
        assert_eq!(lines("{\"fhirPathRules\":[ ]}"), Vec::<usize>::new());
        assert_eq!(lines("{}"), Vec::<usize>::new());
    }
}
