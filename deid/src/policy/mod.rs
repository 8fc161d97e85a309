//! Policies: which elements survive, and how.

mod compile;
mod method;
mod parse;
mod report;
mod rule;
mod section;
mod systems;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use crate::PolicyError;

pub use method::Method;
pub use report::{ElementReport, PolicyReport, TypeReport, check_policy};
pub(crate) use rule::{Parameters, Rule};
pub(crate) use section::{AsOfRule, DateRule, Dates, Geography, IdentifierRule, Text};
pub(crate) use systems::SystemRule;

/// A de-identification policy: an allow-list over the elements of FHIR R4. What it does not name is dropped.
///
/// A policy is a TOML file. Paths are element paths with the names that JSON has (`Observation.valueQuantity`), `*`
/// stands for one element name (as the first step: for every resource type), a path that begins with a datatype
/// (`Period.start`) holds wherever an element of that datatype is kept. Paths that R4 does not have, and methods that
/// would let free text through, are errors with line and column.
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
    dates: Dates,
    geography: Geography,
    text: Text,
    identifiers: Vec<IdentifierRule>,
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

    pub(crate) fn root(&self, type_name: &str) -> Option<&Node> {
        self.roots.get(type_name)
    }

    pub(crate) fn dates(&self) -> Dates {
        self.dates
    }

    pub(crate) fn as_of_rule(&self) -> AsOfRule {
        self.as_of
    }

    pub(crate) fn geography(&self) -> &Geography {
        &self.geography
    }

    pub(crate) fn text(&self) -> &Text {
        &self.text
    }

    pub(crate) fn identifiers(&self) -> &[IdentifierRule] {
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

const PSEUDONYMOUS_TOML: &str = include_str!("../../policies/pseudonymous.toml");
