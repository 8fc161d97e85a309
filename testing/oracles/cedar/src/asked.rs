//! Requests, for both engines.

use std::collections::HashSet;

use carewire_consent::Request;
use cedar_policy::{Context, Entity, EntityId, EntityTypeName, EntityUid, RestrictedExpression};
use chrono::{DateTime, Utc};
use serde_json::json;

use crate::NotSayable;
use crate::vocabulary::{self, CLASSES};

/// The org of every request.
pub(crate) const ORG: &str = "o";

/// A request that says all of the data that it asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Asked {
    /// Who asks, by `Type/id`; a member of the org that holds the data.
    pub actor: String,
    /// What else the actor is called or belongs to.
    pub aliases: Vec<String>,
    /// Whose data.
    pub patient: String,
    /// What is to be done.
    pub action: String,
    /// What for.
    pub purpose: String,
    /// The classes of the data: all must be permitted.
    pub classes: Vec<String>,
    /// The labels of the data.
    pub labels: Vec<String>,
    /// When.
    pub now: DateTime<Utc>,
}

impl Asked {
    /// A request to access data of one class and of normal confidentiality, at the beginning of 1970.
    #[must_use]
    pub fn new(actor: &str, patient: &str, purpose: &str, class: &str) -> Self {
        Self {
            actor: actor.into(),
            aliases: Vec::new(),
            patient: patient.into(),
            action: "access".into(),
            purpose: purpose.into(),
            classes: vec![class.into()],
            labels: vec!["N".into()],
            now: DateTime::UNIX_EPOCH,
        }
    }

    /// The same at another time.
    #[must_use]
    pub fn at(mut self, now: DateTime<Utc>) -> Self {
        self.now = now;
        self
    }

    /// The same for data of these labels.
    #[must_use]
    pub fn labelled(mut self, labels: &[&str]) -> Self {
        self.labels = labels.iter().map(|label| (*label).to_owned()).collect();
        self
    }

    /// For `carewire-consent`.
    ///
    /// # Errors
    /// The request holds what is no actor, patient or code.
    pub fn request(&self) -> Result<Request, NotSayable> {
        let document = json!({
            "org": ORG, "patient": self.patient, "purpose": self.purpose, "action": self.action,
            "actor": {"reference": self.actor, "aliases": self.aliases},
            "data_classes": self.classes, "labels": self.labels,
        });
        Request::parse(document.to_string().as_bytes()).map_err(|_| NotSayable::code())
    }

    /// For Cedar: one for each class.
    ///
    /// # Errors
    /// A code is not among those that are known here.
    pub fn cedar_requests(&self) -> Result<Vec<cedar_policy::Request>, NotSayable> {
        self.classes.iter().map(|class| self.cedar_request(class)).collect()
    }

    fn cedar_request(&self, class: &str) -> Result<cedar_policy::Request, NotSayable> {
        if !CLASSES.contains(&class) || !vocabulary::is_purpose(&self.purpose) {
            return Err(NotSayable::code());
        }
        let context = Context::from_pairs(self.context(class)?).map_err(|_| NotSayable::refused())?;
        let [actor, action, patient] =
            [("Actor", &self.actor), ("Action", &self.action), ("Patient", &self.patient)]
                .map(|(kind, name)| uid(kind, name));
        cedar_policy::Request::new(actor, action, patient, context, None).map_err(|_| NotSayable::refused())
    }

    /// Data that bear no confidentiality lack the attribute.
    fn context(&self, class: &str) -> Result<Vec<(String, RestrictedExpression)>, NotSayable> {
        let mut sensitivities = HashSet::new();
        for label in self.labels.iter().filter(|label| vocabulary::place(label).is_none()) {
            if !vocabulary::is_sensitivity(label) {
                return Err(NotSayable::code());
            }
            sensitivities.extend(vocabulary::with_broader(label));
        }
        let confidentiality = self.labels.iter().filter_map(|label| vocabulary::place(label)).max();
        let confidentiality = confidentiality.map(|place| ("confidentiality", long(place)));
        let said = [
            ("now", long(self.now.timestamp_millis())),
            ("purpose", RestrictedExpression::new_entity_uid(uid("Purpose", &self.purpose))),
            ("class", string(class)),
            ("sensitivities", RestrictedExpression::new_set(sensitivities.into_iter().map(string))),
        ];
        Ok(said.into_iter().chain(confidentiality).map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// Who asks, below what it is or belongs to.
    pub(crate) fn actor_entity(&self) -> Entity {
        let org = format!("Organization/{ORG}");
        let above = self.aliases.iter().chain([&org]).map(|name| uid("Actor", name));
        Entity::new_no_attrs(uid("Actor", &self.actor), above.collect())
    }
}

pub(crate) fn uid(kind: &'static str, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(type_name(kind), EntityId::new(id))
}

#[expect(clippy::unwrap_used, reason = "the names of types are those of this crate")]
fn type_name(kind: &'static str) -> EntityTypeName {
    kind.parse().unwrap()
}

pub(crate) fn long(value: i64) -> RestrictedExpression {
    RestrictedExpression::new_long(value)
}

pub(crate) fn string(value: &str) -> RestrictedExpression {
    RestrictedExpression::new_string(value.to_owned())
}
