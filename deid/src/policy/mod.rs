//! Policies: which elements survive, and how.

mod compile;
mod identifiers;
mod live;
mod method;
mod parse;
mod plan;
mod report;
mod rule;
mod section;
mod systems;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use crate::PolicyError;
use crate::tools::Needs;

pub(crate) use identifiers::IdentifierRules;
pub use live::PolicyFault;
pub use method::Method;
pub(crate) use plan::{At, Plan, Primitive, Step};
pub use report::{ElementReport, PolicyReport, TypeReport, check_policy};
pub(crate) use rule::{Parameters, Rule};
pub(crate) use section::{AsOfRule, DateRule, Dates, Geography, KeyRule, Text};
pub(crate) use systems::SystemRule;

/// A de-identification policy: an allow-list over the elements of FHIR R4. What it does not name is dropped.
///
/// A policy is a TOML file. Paths are element paths with the names that JSON has (`Observation.valueQuantity`), `*`
/// stands for one element name (as the first step: for every resource type), a path that begins with a datatype
/// (`Period.start`) holds wherever an element of that datatype is kept. Paths that R4 does not have, and methods that
/// would let free text through, are errors with line and column. `base` names a policy that comes along: a file with it
/// says only what differs.
///
/// ```
/// use carewire_deid::Policy;
/// let error = Policy::parse_toml("id = 'x'\nversion = '1'\njurisdiction = 'any'\nsources = []\n
/// [[fhir]]\npath = 'Observation.vaule'\nmethod = 'keep'").unwrap_err();
/// assert_eq!((error.line(), error.column()), (7, 8));
/// assert_eq!(Policy::pseudonymous().id(), "pseudonymous");
/// ```
#[derive(Clone, Debug)]
pub struct Policy {
    id: String,
    version: String,
    jurisdiction: String,
    sources: Vec<String>,
    as_of: AsOfRule,
    keys: KeyRule,
    moves: bool,
    needs: Needs,
    dates: Dates,
    geography: Geography,
    text: Text,
    identifiers: IdentifierRules,
    roots: BTreeMap<&'static str, Node>,
    systems: Vec<SystemRule>,
    extensions: Vec<ExtensionRule>,
    v2: Vec<Rule>,
    messages: Arc<crate::v2::Rules>,
}

/// What a policy says about one element and what stands below it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    pub(crate) method: Option<Method>,
    pub(crate) parameters: Parameters,
    /// Whether elements below that are not named follow the rules of their datatypes.
    pub(crate) deep: bool,
    pub(crate) children: BTreeMap<&'static str, Node>,
}

/// An extension that is kept.
#[derive(Clone, Debug)]
pub(crate) struct ExtensionRule {
    pub(crate) url: String,
    /// The JSON name of its value, `valueCode`.
    pub(crate) value: String,
    /// The code system that a `valueCode` must come from.
    pub(crate) system: Option<String>,
    /// Whether it may also stand as a modifier extension.
    pub(crate) modifier: bool,
}

impl Policy {
    /// Reads a policy file.
    ///
    /// # Errors
    /// [`PolicyError`] with line, column and reason of the first fault.
    pub fn parse_toml(text: &str) -> Result<Self, PolicyError> {
        parse::parse(text)
    }

    /// A policy that comes with the crate: `safe-harbor`, `limited-data-set`, `expert-determination`, `pseudonymous`, or
    /// `lgpd-`, `dpdp-`, `uk-` or `gdpr-` before `pseudonymised` or `anonymisation-candidate`. No policy makes its output
    /// de-identified or anonymous by its name: each file says in its head what the law leaves to whoever releases.
    ///
    /// ```
    /// use carewire_deid::Policy;
    /// let policy = Policy::built_in("safe-harbor").ok_or("no such policy")?;
    /// assert!(policy.jurisdiction().contains("164.514(b)(2)") && policy.names_type("QuestionnaireResponse"));
    /// assert!(Policy::built_in("anonymous").is_none());
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn built_in(name: &str) -> Option<&'static Self> {
        static ALL: LazyLock<Vec<Policy>> =
            LazyLock::new(|| BUILT_IN.iter().filter_map(|(_, text)| Policy::parse_toml(text).ok()).collect());
        ALL.iter().find(|policy| policy.id == name)
    }

    /// The text of a policy that comes with the crate: a start for one's own.
    #[must_use]
    pub fn built_in_toml(name: &str) -> Option<&'static str> {
        BUILT_IN.iter().find_map(|(id, text)| (*id == name).then_some(*text))
    }

    /// The names of the policies that come with the crate.
    pub fn built_in_names() -> impl Iterator<Item = &'static str> {
        BUILT_IN.iter().map(|(name, _)| *name)
    }

    /// The policy of live sync: token identity, no direct identifiers, no free text, keyed pseudonyms, dates kept.
    #[must_use]
    pub fn pseudonymous() -> &'static Self {
        static PSEUDONYMOUS: LazyLock<Policy> = LazyLock::new(|| {
            #[expect(clippy::expect_used, reason = "the embedded file is parsed by this crate's tests")]
            Policy::parse_toml(PSEUDONYMOUS_TOML).expect("embedded policy")
        });
        &PSEUDONYMOUS
    }

    /// The text of the embedded policy [`pseudonymous`](Self::pseudonymous): a start for one's own.
    #[must_use]
    pub fn pseudonymous_toml() -> &'static str {
        PSEUDONYMOUS_TOML
    }

    /// The policy's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The policy's version.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The law or rule that it was written for.
    #[must_use]
    pub fn jurisdiction(&self) -> &str {
        &self.jurisdiction
    }

    /// The texts that it rests on.
    #[must_use]
    pub fn sources(&self) -> &[String] {
        &self.sources
    }

    /// Whether resources of this type are kept at all.
    #[must_use]
    pub fn names_type(&self, resource_type: &str) -> bool {
        crate::fhir::resource(resource_type).is_some() && self.roots.contains_key(resource_type)
    }

    /// Whether its surrogates are made under a key that lives for one run: see
    /// [`Pseudonymizer::for_run`](crate::Pseudonymizer::for_run).
    #[must_use]
    pub fn wants_key_of_run(&self) -> bool {
        self.keys == KeyRule::Run
    }

    /// Whether patients are known by tokens, which a vault gives: such a policy is for [`deidentify`](crate::deidentify()), since
    /// an [`Exporter`](crate::Exporter) has none.
    #[must_use]
    pub fn wants_tokens(&self) -> bool {
        self.root("Patient").is_some_and(|node| node.method == Some(Method::Token))
    }

    pub(crate) fn root(&self, type_name: &str) -> Option<&Node> {
        self.roots.get(type_name)
    }

    pub(crate) fn dates(&self) -> Dates {
        self.dates
    }

    /// Refuses a key that would link the surrogates of two runs, where the policy does not want that.
    pub(crate) fn permits(&self, keys: &crate::Pseudonymizer) -> crate::Result<()> {
        if self.keys == KeyRule::Run && !keys.is_for_run() {
            let (path, reason) = ("keys".to_owned(), crate::Refusal::KeyOutlivesRun);
            return Err(crate::Error::Refused { path, reason });
        }
        Ok(())
    }

    /// Whether nothing is done without the day at which ages are counted.
    pub(crate) fn needs_as_of(&self) -> bool {
        self.as_of == AsOfRule::Required
    }

    /// What its rules for FHIR want beside a key.
    pub(crate) fn needs(&self) -> Needs {
        self.needs
    }

    /// Whether anything depends on whose it is: dates that move, noise.
    pub(crate) fn moves(&self) -> bool {
        self.moves
    }

    pub(crate) fn as_of_rule(&self) -> AsOfRule {
        self.as_of
    }

    pub(crate) fn geography(&self) -> &Geography {
        &self.geography
    }

    /// Whether ages above 89 are told as 90 and more.
    pub(crate) fn caps_ages(&self) -> bool {
        self.root("Age").is_some_and(|node| node.method == Some(Method::Age))
    }

    pub(crate) fn text(&self) -> &Text {
        &self.text
    }

    pub(crate) fn identifiers(&self) -> &IdentifierRules {
        &self.identifiers
    }

    /// What happens to every field of v2.
    pub(crate) fn v2(&self) -> &crate::v2::Rules {
        &self.messages
    }

    /// The rules for v2, as the file has them.
    pub(crate) fn v2_rules(&self) -> &[Rule] {
        &self.v2
    }

    pub(crate) fn systems(&self) -> &[SystemRule] {
        &self.systems
    }

    pub(crate) fn extension(&self, url: &str) -> Option<&ExtensionRule> {
        self.extensions.iter().find(|rule| rule.url == url)
    }
}

/// The files of these names, as name and text.
macro_rules! files {
    ($($name:literal)*) => { [$(($name, include_str!(concat!("../../policies/", $name, ".toml"))),)*] };
}

const BUILT_IN: [(&str, &str); 12] = files! {
    "safe-harbor" "limited-data-set" "expert-determination" "pseudonymous"
    "lgpd-pseudonymised" "lgpd-anonymisation-candidate" "dpdp-pseudonymised" "dpdp-anonymisation-candidate"
    "uk-pseudonymised" "uk-anonymisation-candidate" "gdpr-pseudonymised" "gdpr-anonymisation-candidate"
};

const PSEUDONYMOUS_TOML: &str = include_str!("../../policies/pseudonymous.toml");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_policy_that_comes_along_can_be_read() {
        for (name, text) in BUILT_IN {
            let policy = Policy::parse_toml(text).map_err(|error| format!("{name}: {error}")).unwrap();
            assert_eq!((policy.id(), policy.sources().is_empty()), (name, false));
            assert!(!policy.version().is_empty() && !policy.jurisdiction().is_empty());
            assert!(crate::transform::ZipList::named(&policy.geography().list).is_some());
        }
        let report = Policy::built_in("safe-harbor").unwrap().report();
        let method = |path: &str| {
            let all = report.types.iter().flat_map(|one| &one.elements);
            all.filter(|one| one.path == path).map(|one| one.method).next()
        };
        for (path, expected) in [
            ("Observation.valueQuantity", Some(Method::Keep)),
            ("Observation.valueString", None),
            ("Patient.name", None),
            ("Patient.photo", None),
            ("Patient.identifier", None),
            ("Patient.birthDate", Some(Method::Keep)),
            ("Condition.onsetAge", Some(Method::Age)),
            ("Location.position", None),
            ("QuestionnaireResponse.item.linkId", Some(Method::Pseudonym)),
            ("QuestionnaireResponse.item.answer.valueInteger", None),
        ] {
            assert_eq!(method(path), Some(expected), "{path}");
        }
        assert_eq!(Policy::built_in_names().filter_map(Policy::built_in).count(), BUILT_IN.len());
    }
}
