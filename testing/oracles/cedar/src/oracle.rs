//! Cedar, with the rules of some consents.

use std::collections::{BTreeMap, HashMap, HashSet};

use cedar_policy::{Authorizer, Decision, Entities, Entity, Policy, PolicyId, PolicySet, Request};

use crate::asked::uid;
use crate::rules::Rule;
use crate::vocabulary::PURPOSES;
use crate::{Asked, Document, NotSayable, stored, text};

/// How the rules of consents are given to Cedar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// A policy for each rule, a set of policies for each patient: the reasons name rules.
    OneByOne,
    /// Two policies for each patient, one that permits and one that denies: the first rule that holds ends each.
    Together,
    /// As [`Encoding::Together`], all patients in one set: Cedar looks at each policy.
    OneSet,
    /// Two policies for all patients, who have the rules as attributes.
    Stored,
}

impl Encoding {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::OneByOne, Self::Together, Self::OneSet, Self::Stored];
}

/// Cedar, with the rules of some consents and the entities of some requests.
pub struct Oracle {
    authorizer: Authorizer,
    /// By patient, where each has a set.
    by_patient: HashMap<String, PolicySet>,
    /// For those who have none.
    common: PolicySet,
    entities: Entities,
}

impl Oracle {
    /// Prepares to be asked by the actors of these requests.
    ///
    /// # Errors
    /// A consent says what Cedar cannot.
    pub fn new<'a>(
        encoding: Encoding,
        documents: &[Document],
        asked: impl IntoIterator<Item = &'a Asked>,
    ) -> Result<Self, NotSayable> {
        let mut patients: BTreeMap<&str, Vec<Rule>> = BTreeMap::new();
        for document in documents {
            patients.entry(&document.patient.reference).or_default().extend(Rule::of(document)?);
        }
        let mut entities = purposes();
        entities.extend(
            asked
                .into_iter()
                .map(|asked| (asked.actor.clone(), asked.actor_entity()))
                .collect::<HashMap<_, _>>()
                .into_values(),
        );
        let mut oracle = Self {
            authorizer: Authorizer::new(),
            by_patient: HashMap::new(),
            common: PolicySet::new(),
            entities: Entities::empty(),
        };
        match encoding {
            Encoding::OneByOne => oracle.by_patient = each(&patients, text::one_by_one)?,
            Encoding::Together => {
                oracle.by_patient = each(&patients, |rules| text::together(rules, "resource"))?
            }
            Encoding::OneSet => {
                let scope = |patient: &str| format!("resource == Patient::{}", text::quoted(patient));
                let texts = patients.iter().map(|(patient, rules)| text::together(rules, &scope(patient)));
                oracle.common = policies(&texts.collect::<String>())?;
            }
            Encoding::Stored => {
                let rules: Vec<&[Rule]> = patients.values().map(Vec::as_slice).collect();
                oracle.common = policies(&stored::policies(&rules))?;
                for (patient, rules) in &patients {
                    let entity =
                        Entity::new(uid("Patient", patient), stored::attributes(rules), HashSet::new());
                    entities.push(entity.map_err(|_| NotSayable::refused())?);
                }
            }
        }
        oracle.entities = Entities::from_entities(entities, None).map_err(|_| NotSayable::refused())?;
        Ok(oracle)
    }

    /// Whether all that is asked for is permitted.
    ///
    /// # Errors
    /// The request says what Cedar cannot.
    pub fn permits(&self, asked: &Asked) -> Result<bool, NotSayable> {
        let requests = asked.cedar_requests()?;
        Ok(requests.iter().all(|request| self.allows(&asked.patient, request)))
    }

    /// Whether one request about a patient is allowed. An error in any policy is a denial: Cedar leaves such a policy out, and it may
    /// have been the one that denies.
    #[must_use]
    pub fn allows(&self, patient: &str, request: &Request) -> bool {
        let response = self.answer(patient, request);
        response.decision() == Decision::Allow && response.diagnostics().errors().next().is_none()
    }

    /// What Cedar answers.
    #[must_use]
    pub fn answer(&self, patient: &str, request: &Request) -> cedar_policy::Response {
        let policies = self.by_patient.get(patient).unwrap_or(&self.common);
        self.authorizer.is_authorized(request, policies, &self.entities)
    }
}

/// A set of policies for each patient.
fn each(
    patients: &BTreeMap<&str, Vec<Rule>>,
    write: impl Fn(&[Rule]) -> String,
) -> Result<HashMap<String, PolicySet>, NotSayable> {
    patients.iter().map(|(patient, rules)| Ok(((*patient).to_owned(), policies(&write(rules))?))).collect()
}

/// Reads policies, and forgets where in the text each part of them stood: Cedar would carry these places through every
/// evaluation.
fn policies(text: &str) -> Result<PolicySet, NotSayable> {
    let read: PolicySet = text.parse().map_err(|_| NotSayable::refused())?;
    let placeless = read.policies().map(|policy| {
        let json = policy.to_json().map_err(|_| NotSayable::refused())?;
        Policy::from_json(Some(PolicyId::new(policy.id())), json).map_err(|_| NotSayable::refused())
    });
    PolicySet::from_policies(placeless.collect::<Result<Vec<_>, _>>()?).map_err(|_| NotSayable::refused())
}

/// The purposes, each below the one above it.
fn purposes() -> Vec<Entity> {
    let entity = |(code, above): &(&str, Option<&str>)| {
        Entity::new_no_attrs(
            uid("Purpose", code),
            above.map(|above| uid("Purpose", above)).into_iter().collect(),
        )
    };
    PURPOSES.iter().map(entity).collect()
}
