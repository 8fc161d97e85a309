//! The identities and the writes of one test, and what it has to delete again.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex};

use carewire_consent::{
    ConsentEpoch, DataClass, PatientConsents, Permit, Policy, Purpose, Request, SimpleConsent, authorize,
};
use carewire_fhir_core::{OrgId, PatientToken, Resource, Value};
use chrono::DateTime;

use super::{SYSTEM, Server};
use crate::contract::scope::unique;
use crate::{LocalKey, PermittedWrites, Refusal, Remembered, Remote, Write, WriteMethod, WriteOutcome};

/// An id that no server gave out.
pub(super) const NOWHERE: &str = "00000000-0000-4000-8000-00000000c0de";
/// Two transactions may meet a few times.
const PATIENCE: u32 = 20;

/// One test against one server.
pub(super) struct Trial<'t, R: ?Sized> {
    pub(super) remote: &'t Arc<R>,
    pub(super) server: &'t Server,
    org: OrgId,
    tag: String,
    made: Mutex<BTreeSet<(String, String)>>,
}

/// What became of a write that went well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Applied {
    pub(super) id: String,
    pub(super) version: Option<String>,
    pub(super) created: bool,
}

impl<'t, R: Remote + ?Sized> Trial<'t, R> {
    pub(super) fn new(remote: &'t Arc<R>, server: &'t Server) -> Self {
        let tag = unique();
        let org = OrgId::new(&format!("contract_{tag}")).unwrap();
        Self { remote, server, org, tag, made: Mutex::default() }
    }

    /// An organization with this identity.
    pub(super) fn organization(&self, name: &str) -> Write {
        self.write(Resource::new("Organization"), name, None)
    }

    /// A patient who is nothing but an identifier.
    pub(super) fn patient(&self, name: &str) -> Write {
        self.write(Resource::new("Patient"), name, Some("DEMOGRAPHICS"))
    }

    /// A measured value of a patient.
    pub(super) fn observation(&self, name: &str, patient: &str, value: &str) -> Write {
        let mut resource = Resource::new("Observation");
        let quantity = Value::object().with("value", Value::number(value).unwrap()).with("unit", "kg");
        resource.value_mut().set("status", "final");
        resource.value_mut().set("code", Value::object().with("text", "body weight"));
        resource.value_mut().set("subject", Value::object().with("reference", patient));
        resource.value_mut().set("valueQuantity", quantity);
        self.write(resource, name, Some("LAB_RESULTS"))
    }

    /// A conditional update of a resource, which gets the identity as its identifier.
    pub(super) fn write(&self, mut resource: Resource, name: &str, class: Option<&str>) -> Write {
        let value = format!("{}-{name}", self.tag);
        let identifier = Value::object().with("system", SYSTEM).with("value", value.as_str());
        resource.value_mut().set("identifier", vec![identifier]);
        Write {
            key: LocalKey {
                resource_type: resource.resource_type().to_owned(),
                system: SYSTEM.into(),
                value,
            },
            full_url: self.urn(name),
            method: WriteMethod::ConditionalUpdate,
            resource,
            patient: class.map(|_| self.token()),
            classes: class.into_iter().map(str::to_owned).collect(),
        }
    }

    /// The `urn:uuid:` of a name: servers know references by this form only.
    pub(super) fn urn(&self, name: &str) -> String {
        let mut hasher = DefaultHasher::new();
        (&self.tag, name).hash(&mut hasher);
        let hash = hasher.finish();
        format!("urn:uuid:{:08x}-0000-4000-8000-{:012x}", hash >> 32, hash & 0xffff_ffff)
    }

    /// Submits with a permit for the test's one patient. What two transactions met in is sent again.
    pub(super) async fn submit(&self, writes: &[Write]) -> Result<Vec<WriteOutcome>, Refusal> {
        let permit = self.permit();
        let mut tries = 0;
        loop {
            let now = DateTime::UNIX_EPOCH;
            let permitted = PermittedWrites::new(writes, &[&permit], &self.org, self.remote.name(), now);
            let submitted = self.remote.submit(permitted.unwrap()).await;
            tries += 1;
            if tries < PATIENCE
                && submitted.as_ref().is_err_and(|refusal| refusal.code() == Refusal::SERIALIZATION)
            {
                continue;
            }
            if let Ok(outcomes) = &submitted {
                assert_eq!(outcomes.len(), writes.len(), "an outcome for each write");
                self.remember(writes, outcomes);
            }
            return submitted;
        }
    }

    /// Submits one write alone: however the server refuses, it is one refusal.
    pub(super) async fn one(&self, write: Write) -> Result<Applied, Refusal> {
        applied(self.submit(&[write]).await?.remove(0))
    }

    /// Submits writes that must all go well.
    pub(super) async fn all(&self, writes: &[Write]) -> Vec<Applied> {
        let outcomes = self.submit(writes).await.unwrap();
        outcomes.into_iter().map(|outcome| applied(outcome).unwrap()).collect()
    }

    /// The resource and its version, which must be there.
    pub(super) async fn present(&self, resource_type: &str, id: &str) -> (Resource, Option<String>) {
        match self.remote.read(resource_type, id).await.unwrap() {
            Remembered::Present { resource, version } => (*resource, version),
            other => panic!("{resource_type} is not there: {other:?}"),
        }
    }

    pub(super) async fn delete(&self, resource_type: &str, id: &str) {
        self.server.outside.delete(resource_type, id).await;
    }

    /// Deletes what was made, what refers to others first.
    pub(super) async fn clean(self) {
        let mut made = self.made.into_inner().unwrap().into_iter().collect::<Vec<_>>();
        made.sort_by_key(|(resource_type, _)| resource_type == "Patient" || resource_type == "Organization");
        for (resource_type, id) in made {
            self.server.outside.delete(&resource_type, &id).await;
        }
    }

    fn remember(&self, writes: &[Write], outcomes: &[WriteOutcome]) {
        let mut made = self.made.lock().unwrap();
        for (write, outcome) in writes.iter().zip(outcomes) {
            if let WriteOutcome::Applied { id, .. } = outcome {
                made.insert((write.key.resource_type.clone(), id.clone()));
            }
        }
    }

    fn token(&self) -> PatientToken {
        PatientToken::new(&format!("pt_{}", self.tag)).unwrap()
    }

    fn permit(&self) -> Permit {
        let classes = ["DEMOGRAPHICS", "LAB_RESULTS"].map(DataClass::parse);
        let purpose = Purpose::parse("TREAT");
        let consent =
            SimpleConsent::new("c1", self.org.clone(), self.token(), purpose.clone(), classes.clone());
        let consents = PatientConsents { epoch: ConsentEpoch(1), consents: vec![consent.into()] };
        let request = Request::new(self.org.clone(), self.token(), purpose)
            .with_classes(classes)
            .to_remote(self.remote.name());
        authorize(&request, &consents, &Policy::default(), DateTime::UNIX_EPOCH).ok().unwrap()
    }
}

/// The same write by the remote's id.
pub(super) fn by_id(write: Write, id: &str, if_match: Option<&str>) -> Write {
    let method = WriteMethod::Update { id: id.to_owned(), if_match: if_match.map(str::to_owned) };
    Write { method, ..write }
}

/// The same write with a name for its organization.
pub(super) fn named(mut write: Write, name: &str) -> Write {
    write.resource.value_mut().set("name", name);
    write
}

pub(super) fn applied(outcome: WriteOutcome) -> Result<Applied, Refusal> {
    match outcome {
        WriteOutcome::Applied { id, version, created } => Ok(Applied { id, version, created }),
        WriteOutcome::Refused(refusal) => Err(refusal),
    }
}
