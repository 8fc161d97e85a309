//! How rules become policies and entities.

use std::collections::{BTreeMap, HashMap, HashSet};

use cedar_policy::{Entity, Policy, PolicyId, PolicySet};

use crate::asked::uid;
use crate::rules::Rule;
use crate::{NotSayable, stored, text};

/// How the rules of consents are given to Cedar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// A policy for each rule, a set of policies for each patient: the reasons name rules.
    ByRule,
    /// Two policies for each consent, one that permits and one that denies, a set for each patient: the reasons name consents.
    ByConsent,
    /// Two policies for each patient, a set for each: the first rule that holds ends each policy.
    ByPatient,
    /// As [`Encoding::ByPatient`], all patients in one set: Cedar looks at each policy.
    OneSet,
    /// Two policies for all patients, who have the rules as attributes.
    Stored,
}

/// The rules of each patient's consents.
pub(crate) type Patients<'a> = BTreeMap<&'a str, Vec<Vec<Rule>>>;

/// The policies of all patients.
#[derive(Default)]
pub(crate) struct Policies {
    /// By patient, where each has a set.
    by_patient: HashMap<String, PolicySet>,
    /// For those who have none.
    common: PolicySet,
}

impl Encoding {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::ByRule, Self::ByConsent, Self::ByPatient, Self::OneSet, Self::Stored];

    pub(crate) fn policies(self, patients: &Patients<'_>) -> Result<Policies, NotSayable> {
        let any = "resource";
        match self {
            Self::ByRule => Policies::each(patients, |consents| text::one_by_one(consents.iter().flatten())),
            Self::ByConsent => Policies::each(patients, |consents| {
                consents.iter().map(|rules| text::together(rules.iter(), any)).collect()
            }),
            Self::ByPatient => {
                Policies::each(patients, |consents| text::together(consents.iter().flatten(), any))
            }
            Self::OneSet => {
                let one = |patient: &str| format!("resource == Patient::{}", text::quoted(patient));
                let texts = patients
                    .iter()
                    .map(|(patient, consents)| text::together(consents.iter().flatten(), &one(patient)));
                Policies::common(&texts.collect::<String>())
            }
            Self::Stored => {
                let rules: Vec<Vec<&Rule>> = patients.values().map(|consents| flat(consents)).collect();
                Policies::common(&stored::policies(&rules))
            }
        }
    }

    /// The patients, where policies look at them.
    pub(crate) fn entities(self, patients: &Patients<'_>) -> Result<Vec<Entity>, NotSayable> {
        if self != Self::Stored {
            return Ok(Vec::new());
        }
        let entity = |(patient, consents): (&&str, &Vec<Vec<Rule>>)| {
            let attributes = stored::attributes(&flat(consents));
            Entity::new(uid("Patient", patient), attributes, HashSet::new())
                .map_err(|_| NotSayable::refused())
        };
        patients.iter().map(entity).collect()
    }
}

fn flat(consents: &[Vec<Rule>]) -> Vec<&Rule> {
    consents.iter().flatten().collect()
}

impl Policies {
    fn each(patients: &Patients<'_>, write: impl Fn(&[Vec<Rule>]) -> String) -> Result<Self, NotSayable> {
        let set = |(patient, consents): (&&str, &Vec<Vec<Rule>>)| {
            Ok(((*patient).to_owned(), read(&write(consents))?))
        };
        Ok(Self { by_patient: patients.iter().map(set).collect::<Result<_, _>>()?, ..Self::default() })
    }

    fn common(text: &str) -> Result<Self, NotSayable> {
        Ok(Self { common: read(text)?, ..Self::default() })
    }

    pub(crate) fn of(&self, patient: &str) -> &PolicySet {
        self.by_patient.get(patient).unwrap_or(&self.common)
    }
}

/// Reads policies, and forgets where in the text each part of them stood: Cedar would carry these places through every
/// evaluation.
fn read(text: &str) -> Result<PolicySet, NotSayable> {
    let read: PolicySet = text.parse().map_err(|_| NotSayable::refused())?;
    let placeless = read.policies().map(|policy| {
        let json = policy.to_json().map_err(|_| NotSayable::refused())?;
        Policy::from_json(Some(PolicyId::new(policy.id())), json).map_err(|_| NotSayable::refused())
    });
    PolicySet::from_policies(placeless.collect::<Result<Vec<_>, _>>()?).map_err(|_| NotSayable::refused())
}
