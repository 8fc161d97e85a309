//! The rule file.

use carewire_fhir_core::Value;

use super::error::{RuleError, RuleReason};
use super::rule::{Method, Rule};
use super::secret::Secret;
use super::source::Source;
use super::{Deviation, hash, secret};
use crate::Pseudonymizer;
use crate::mac::HmacSha256;
use crate::transform::{Shift, ZipList};

/// A rule file of Microsoft's Tools for Health Data Anonymization, ready to run.
///
/// See the [module](super) for an example.
pub struct AnonymizerRules {
    pub(super) rules: Vec<Rule>,
    pub(super) skip_errors: bool,
    pub(super) unmatched: Unmatched,
    pub(super) partial_dates: bool,
    pub(super) partial_ages: bool,
    pub(super) partial_zip: bool,
    pub(super) zip: ZipList,
    pub(super) fixed_shift: Option<Shift>,
    /// The key of the file, when surrogates are to come from it.
    pub(super) mac: Option<HmacSha256>,
    secrets: Vec<Secret>,
    deviations: Vec<Deviation>,
}

/// How a rule file is to be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImportOptions {
    /// What becomes of elements that no rule names.
    pub unmatched: Unmatched,
    /// Where surrogates of `cryptoHash` come from.
    pub keys: RuleKeys,
}

/// What becomes of elements that no rule names, or that the method of their rule does not apply to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unmatched {
    /// They are dropped: what the file does not name does not leave.
    #[default]
    Drop,
    /// They stay, as in Microsoft's engine.
    Keep,
}

/// Where surrogates come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum RuleKeys {
    /// From the key ring of the run.
    #[default]
    Ring,
    /// From `cryptoHashKey` in the file, as Microsoft's engine makes them: to go on with what was released before.
    File,
}

impl ImportOptions {
    /// The same with another choice for elements that no rule names.
    #[must_use]
    pub fn with_unmatched(self, unmatched: Unmatched) -> Self {
        Self { unmatched, ..self }
    }

    /// The same with keys from elsewhere.
    #[must_use]
    pub fn with_keys(self, keys: RuleKeys) -> Self {
        Self { keys, ..self }
    }
}

impl AnonymizerRules {
    /// Reads a rule file.
    ///
    /// # Errors
    /// [`RuleError`] with the line and index of the rule: an unknown method, an expression that is not evaluated here, a
    /// setting that is missing or wrong. Nothing is passed over in silence; [`check_rules`](super::check_rules) finds
    /// all faults at once.
    pub fn parse(json: &str, options: ImportOptions) -> Result<Self, RuleError> {
        let source = Source::read(json)?;
        let rules = source.rules().collect::<Result<Vec<_>, _>>()?;
        Self::of(&source, rules, options)
    }

    /// The rules that could be read, with the settings of their file.
    pub(super) fn of(source: &Source, rules: Vec<Rule>, options: ImportOptions) -> Result<Self, RuleError> {
        let parameters = source.parameters();
        let mut parsed = Self::with(rules, parameters, options).map_err(RuleError::whole)?;
        parsed.skip_errors = source.skips_errors()?;
        parsed.deviations = parsed.find_deviations(parameters, options);
        Ok(parsed)
    }

    /// What is done otherwise than by Microsoft's engine, with this file.
    #[must_use]
    pub fn deviations(&self) -> &[Deviation] {
        &self.deviations
    }

    /// How many rules there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// The rules in their order: path and method, as they are written.
    pub fn rules(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.rules.iter().map(|rule| (rule.text.as_str(), rule.method.name()))
    }

    /// The secrets that the file holds, by the names of their parameters, whether they are used or not.
    pub fn secrets(&self) -> impl Iterator<Item = &'static str> {
        self.secrets.iter().map(Secret::name)
    }

    /// Keys from the secrets in the file, for shifts of dates, noise and surrogates that `cryptoHash` does not make: the
    /// same for the same file. `None` without `dateShiftKey` and `cryptoHashKey`.
    ///
    /// They are as hard to guess as what stands in the file, and no harder.
    #[must_use]
    pub fn keys_of_file(&self) -> Option<Pseudonymizer> {
        secret::keys(&self.secrets)
    }

    /// Whether the result depends on the day that [`RunContext`](super::RunContext) has.
    #[must_use]
    pub fn wants_day(&self) -> bool {
        self.has(|method| matches!(method, Method::DateShift))
            || self.partial_dates && self.has(|method| matches!(method, Method::Redact))
    }

    /// Whether values are encrypted, so that [`RunContext::with_cipher`](super::RunContext::with_cipher) is needed.
    #[must_use]
    pub fn wants_cipher(&self) -> bool {
        self.has(|method| matches!(method, Method::Encrypt))
    }

    /// Whether the result depends on keys.
    #[must_use]
    pub fn wants_keys(&self) -> bool {
        self.has(|method| matches!(method, Method::CryptoHash | Method::Perturb { .. }))
            || self.fixed_shift.is_none() && self.has(|method| matches!(method, Method::DateShift))
    }

    pub(super) fn has(&self, wanted: impl Fn(&Method) -> bool) -> bool {
        self.rules.iter().any(|rule| wanted(&rule.method))
    }

    /// Whether there is no rule.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    fn with(rules: Vec<Rule>, parameters: &Value, options: ImportOptions) -> Result<Self, RuleReason> {
        let restricted = parameters.list("restrictedZipCodeTabulationAreas");
        let zip = ZipList::union().restricting(restricted.iter().filter_map(Value::as_str));
        let hashes = rules.iter().any(|rule| matches!(rule.method, Method::CryptoHash));
        let key = parameters.str("cryptoHashKey").filter(|key| !key.is_empty());
        let mac = match (options.keys, key) {
            (RuleKeys::File, None) if hashes => return Err(RuleReason::Member("cryptoHashKey")),
            (RuleKeys::File, Some(key)) => hash::keyed(key.as_bytes()),
            _ => None,
        };
        Ok(Self {
            rules,
            skip_errors: false,
            unmatched: options.unmatched,
            partial_dates: flag(parameters, "enablePartialDatesForRedact")?,
            partial_ages: flag(parameters, "enablePartialAgesForRedact")?,
            partial_zip: flag(parameters, "enablePartialZipCodesForRedact")?,
            zip,
            fixed_shift: fixed_shift(parameters)?,
            mac,
            secrets: secret::of(parameters),
            deviations: Vec::new(),
        })
    }

    fn find_deviations(&self, parameters: &Value, options: ImportOptions) -> Vec<Deviation> {
        let uses = |wanted: fn(&Method) -> bool| self.has(wanted);
        let shifts = uses(|method| matches!(method, Method::DateShift));
        let hashes = uses(|method| matches!(method, Method::CryptoHash));
        let key = parameters.str("cryptoHashKey").unwrap_or_default();
        let from_file = options.keys == RuleKeys::File;
        let fixed = self.fixed_shift.is_some();
        let redacts = uses(|method| matches!(method, Method::Redact));
        let candidates = [
            (options.unmatched == Unmatched::Drop, Deviation::UnmatchedDropped),
            (shifts && !fixed, Deviation::ShiftByPatient),
            (shifts && !fixed, Deviation::ShiftIntoThePast),
            (shifts && fixed, Deviation::FixedShiftIntoThePast),
            (shifts, Deviation::TimeOfDayKept),
            (shifts, Deviation::PartialDatesShifted),
            (redacts && self.partial_ages, Deviation::AgesByAsOf),
            (shifts || redacts && self.partial_dates, Deviation::OldDatesDropped),
            (uses(|method| matches!(method, Method::Perturb { .. })), Deviation::KeyedNoise),
            (hashes && !from_file, Deviation::KeysOfTheRing),
            (hashes && from_file && key.len() < 16, Deviation::WeakKeyOfTheFile),
            (redacts && self.partial_zip, Deviation::ZipUnion),
            (uses(|method| matches!(method, Method::Encrypt)), Deviation::AuthenticatedEncryption),
        ];
        let never = self.rules.iter().filter(|rule| !rule.path.may_apply());
        let never = never.map(|rule| Deviation::NeverApplies { rule: rule.at });
        candidates
            .into_iter()
            .filter(|(holds, _)| *holds)
            .map(|(_, deviation)| deviation)
            .chain(never)
            .collect()
    }
}

/// Keys and values to put in are in there, so only counts are shown.
impl std::fmt::Debug for AnonymizerRules {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AnonymizerRules")
            .field("rules", &self.rules.len())
            .field("deviations", &self.deviations)
            .finish_non_exhaustive()
    }
}

fn flag(parameters: &Value, name: &'static str) -> Result<bool, RuleReason> {
    match parameters.get(name) {
        None => Ok(false),
        Some(value) => value.as_bool().ok_or(RuleReason::Member(name)),
    }
}

/// A shift that the file states: as many days, into the past.
fn fixed_shift(parameters: &Value) -> Result<Option<Shift>, RuleReason> {
    const NAME: &str = "dateShiftFixedOffsetInDays";
    match parameters.get(NAME) {
        None => Ok(None),
        Some(days) => {
            let days = days.as_i64().map(i64::unsigned_abs).and_then(|days| u16::try_from(days).ok());
            days.map(Shift::of_days).ok_or(RuleReason::Member(NAME))
        }
    }
}
