//! Cedar, with the rules of some consents.

use std::collections::HashMap;

use cedar_policy::{Authorizer, Decision, Entities, Entity, Request};

use crate::asked::uid;
use crate::encoding::{Patients, Policies};
use crate::rules::Rule;
use crate::vocabulary::PURPOSES;
use crate::{Asked, Document, Encoding, NotSayable};

/// Cedar, with the rules of some consents and the entities of some requests.
pub struct Oracle {
    authorizer: Authorizer,
    policies: Policies,
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
        let mut patients = Patients::new();
        for document in documents {
            patients.entry(&document.patient.reference).or_default().push(Rule::of(document)?);
        }
        let actors: HashMap<&str, Entity> =
            asked.into_iter().map(|asked| (asked.actor.as_str(), asked.actor_entity())).collect();
        let entities = purposes().chain(actors.into_values()).chain(encoding.entities(&patients)?);
        Ok(Self {
            authorizer: Authorizer::new(),
            policies: encoding.policies(&patients)?,
            entities: Entities::from_entities(entities, None).map_err(|_| NotSayable::refused())?,
        })
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
        self.authorizer.is_authorized(request, self.policies.of(patient), &self.entities)
    }
}

/// The purposes, each below the one above it.
fn purposes() -> impl Iterator<Item = Entity> {
    let entity = |(code, above): &(&str, Option<&str>)| {
        Entity::new_no_attrs(
            uid("Purpose", code),
            above.map(|above| uid("Purpose", above)).into_iter().collect(),
        )
    };
    PURPOSES.iter().map(entity)
}
