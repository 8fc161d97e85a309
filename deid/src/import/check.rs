//! What a rule file says and which of its rules are refused: for a reviewer.

use std::fmt;

use super::error::RuleError;
use super::file::{AnonymizerRules, ImportOptions, Unmatched};
use super::rule::Rule;
use super::source::Source;
use super::{Deviation, RuleReason};

/// Reads a rule file and says what each rule does, with every fault rather than the first.
///
/// ```
/// use carewire_deid::import::{ImportOptions, check_rules};
/// let report = check_rules(r#"{"fhirPathRules":[
///   {"path":"Patient.gender","method":"keep"},
///   {"path":"Patient.name","method":"mask"}]}"#, ImportOptions::default())?;
/// assert!(report.rules[0].fault.is_none() && !report.is_usable());
/// assert_eq!(report.rules[1].fault.as_ref().unwrap().to_string(), "line 3, fhirPathRules[1]: unknown method");
/// # Ok::<(), carewire_deid::import::RuleError>(())
/// ```
///
/// # Errors
/// [`RuleError`] when the file as a whole cannot be used: it is no JSON, not of that shape, or not for R4.
pub fn check_rules(json: &str, options: ImportOptions) -> Result<RulesReport, RuleError> {
    let source = Source::read(json)?;
    let (mut sound, mut rules) = (Vec::new(), Vec::new());
    for (read, (at, line, written)) in source.rules().zip(source.listed()) {
        let text = |name| written.str(name).unwrap_or("?").to_owned();
        let (path, method, fault) = (text("path"), text("method"), read.as_ref().err().cloned());
        rules.push(RuleReport { rule: at, line, path, method, fault, never_applies: never_applies(&read) });
        sound.extend(read.ok());
    }
    let (settings, deviations, secrets) = match AnonymizerRules::of(&source, sound, options) {
        Ok(file) => (None, file.deviations().to_vec(), file.secrets().collect()),
        Err(error) => (Some(error), Vec::new(), Vec::new()),
    };
    Ok(RulesReport { rules, settings, deviations, secrets, unmatched: options.unmatched })
}

fn never_applies(read: &Result<Rule, RuleError>) -> bool {
    read.as_ref().is_ok_and(|rule| !rule.path.may_apply())
}

/// What a rule file says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RulesReport {
    /// Its rules, in their order: the first that names an element holds.
    pub rules: Vec<RuleReport>,
    /// What is wrong with its settings.
    pub settings: Option<RuleError>,
    /// What is done otherwise than by Microsoft's engine.
    pub deviations: Vec<Deviation>,
    /// The parameters in which it holds secrets.
    pub secrets: Vec<&'static str>,
    /// What becomes of elements that no rule names.
    pub unmatched: Unmatched,
}

/// What one rule says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuleReport {
    /// Its index, from 0.
    pub rule: usize,
    /// The line at which it begins, from 1.
    pub line: Option<usize>,
    /// Its path, as it is written; `?` where there is none.
    pub path: String,
    /// Its method, as it is written; `?` where there is none.
    pub method: String,
    /// Why it cannot be used.
    pub fault: Option<RuleError>,
    /// Whether it names what R4 does not have: likely a typing error.
    pub never_applies: bool,
}

impl RulesReport {
    /// Whether the file can be run.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.faults().next().is_none()
    }

    /// All that is wrong with it.
    pub fn faults(&self) -> impl Iterator<Item = &RuleError> {
        self.rules.iter().filter_map(|rule| rule.fault.as_ref()).chain(&self.settings)
    }
}

impl fmt::Display for RulesReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "rules of Microsoft's anonymizer, the first that names an element holds for all below it"
        )?;
        self.rules.iter().try_for_each(|rule| writeln!(f, "{rule}"))?;
        let others = match self.unmatched {
            Unmatched::Drop => "dropped",
            Unmatched::Keep => "kept",
        };
        writeln!(f, "what no rule names: {others}")?;
        if !self.secrets.is_empty() {
            writeln!(f, "secrets in the file: {}", self.secrets.join(", "))?;
        }
        if let Some(fault) = &self.settings {
            writeln!(f, "refused: {fault}")?;
        }
        self.deviations.iter().try_for_each(|deviation| writeln!(f, "otherwise than there: {deviation}"))
    }
}

impl fmt::Display for RuleReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "  line {:<4} [{}] {:<11} {}",
            self.line.unwrap_or_default(),
            self.rule,
            self.method,
            self.path
        )?;
        match self.fault.as_ref().map(RuleError::reason) {
            Some(RuleReason::Expression { reason, offset }) => {
                write!(f, "  REFUSED: {reason} at byte {offset} of the expression")
            }
            Some(reason) => write!(f, "  REFUSED: {reason}"),
            None if self.never_applies => write!(f, "  never applies: R4 has no such element"),
            None => Ok(()),
        }
    }
}
