//! Whom a message is about: their tokens, their consents, their originals.

use std::collections::{BTreeMap, BTreeSet};

use carewire_consent::{DataClass, Duties, Permit, entry_data_classes};
use carewire_deid::transform::StructuredScrubber;
use carewire_deid::{Context, Deidentified, DeidentifiedEntry, SealContext, deidentify};
use carewire_fhir_core::{PatientToken, Resource, Value, entries};
use carewire_hl7_v2::fhir::Mapped;
use carewire_sync_engine::{AuditAction, needs_no_patient};

use crate::counters::Step;
use crate::message::Stop;
use crate::trail::Trail;
use crate::{Result, Shared};

/// The patients of a message.
pub(crate) struct Patients {
    /// In the order of the message, each once.
    pub(crate) tokens: Vec<PatientToken>,
    /// By the `fullUrl` of their entries.
    by_url: BTreeMap<String, PatientToken>,
}

/// How many: addresses are made from identities.
impl std::fmt::Debug for Patients {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Patients({})", self.tokens.len())
    }
}

impl Patients {
    fn one(&self) -> Option<&PatientToken> {
        if let [one] = self.tokens.as_slice() { Some(one) } else { None }
    }
}

impl Shared {
    /// The tokens of all patients of a message; made on first sight.
    pub(crate) async fn patients_of(&self, mapped: &Mapped) -> Result<Patients> {
        let mut patients = Patients { tokens: vec![], by_url: BTreeMap::new() };
        for patient in &mapped.patients {
            let token = self.token_of(&patient.identity.system, &patient.identity.value).await?;
            if !patients.tokens.contains(&token) {
                patients.tokens.push(token.clone());
            }
            patients.by_url.insert(patient.full_url.clone(), token);
        }
        Ok(patients)
    }

    /// De-identified, each resource under the token of its patient. Nothing is recorded yet.
    pub(crate) fn under_tokens(
        &self,
        bundle: &Resource,
        patients: &Patients,
    ) -> carewire_deid::Result<Deidentified> {
        let scrubber = StructuredScrubber::default();
        let context = Context::new(&self.keys.remote).with_scrubber(&scrubber);
        let context = match patients.one() {
            Some(token) => context.with_patient(token),
            None => context.with_patients(&patients.by_url),
        };
        deidentify(bundle, &self.settings.deid, &context)
    }

    /// Consent, now, of every patient, for every class of data that is theirs. All are asked, so that the record says of each
    /// what it was; one who denies is enough to hold the message.
    pub(crate) async fn decide(
        &self,
        bundle: &Resource,
        patients: &Patients,
        deidentified: Option<&Deidentified>,
        trail: &mut Trail<'_>,
    ) -> Result<Vec<Permit>, Stop> {
        let (mut permits, mut denied) = (vec![], None);
        for token in &patients.tokens {
            let classes = match deidentified.filter(|_| patients.one().is_none()) {
                Some(deidentified) => classes_of(bundle, &places_of(deidentified, token)),
                None => classes_of_all(bundle),
            };
            let asked = self.ask_consent(classes, token, self.parts.remote.name(), self.duties()).await?;
            trail.decided(token, &asked);
            match asked.decided {
                Ok(permit) => permits.push(permit),
                Err(why) => denied = denied.or(Some(Stop::Held(token.clone(), why))),
            }
        }
        match denied {
            Some(stop) => Err(stop),
            None => {
                self.counters.add(Step::Permitted, 1);
                Ok(permits)
            }
        }
    }

    /// What is done of what a permit may ask, where resources leave for the remote: they are de-identified.
    pub(crate) fn duties(&self) -> Duties {
        Duties::default().applying(self.settings.deid.id())
    }

    /// What may leave, if every resource of it has a patient or needs none.
    pub(crate) fn deidentified(
        &self,
        done: carewire_deid::Result<Deidentified>,
        trail: &mut Trail<'_>,
    ) -> Result<Deidentified, Stop> {
        let refused = |reason: &'static str, trail: &mut Trail<'_>| {
            trail.step(AuditAction::Deidentified, "failure", [("reason", reason)]);
            Stop::Dead("not-deidentifiable")
        };
        let deidentified = done.map_err(|error| {
            tracing::warn!(error = %error, "not de-identified");
            refused("refused", trail)
        })?;
        let is_nobodys =
            |entry: &DeidentifiedEntry| entry.patient.is_none() && !needs_no_patient(&entry.resource_type);
        if deidentified.entries.iter().any(is_nobodys) {
            tracing::warn!("a resource of a message about several patients belongs to none of them");
            return Err(refused("patient-unknown", trail));
        }
        self.counters.add(Step::Deidentified, 1);
        trail.step(AuditAction::Deidentified, "success", [("entries", deidentified.entries.len())]);
        Ok(deidentified)
    }

    /// Keeps the identified Patients, sealed, behind their tokens.
    pub(crate) async fn keep_originals(
        &self,
        bundle: &Resource,
        patients: &Patients,
        sequence: i64,
    ) -> Result<()> {
        for entry in entries(bundle) {
            let token = entry.full_url.and_then(|url| patients.by_url.get(url));
            let (Some(token), Some(patient)) = (token, entry.resource) else { continue };
            let context = SealContext { org: &self.org, kind: "original", id: token.as_str(), version: 1 };
            let sealed =
                self.keys.sealer.seal(&context, patient.to_json().as_bytes(), self.parts.entropy.as_ref())?;
            // A merge says little of the one that is replaced: that never takes the place of what is known.
            let sequence = if is_replaced(patient) { i64::MIN } else { sequence };
            self.parts.vault.put_original(&self.org, token, sealed, sequence).await?;
        }
        Ok(())
    }
}

fn is_replaced(patient: &Value) -> bool {
    patient.list("link").iter().any(|link| link.str("type") == Some("replaced-by"))
}

/// The places of the entries that speak of a patient: its own, and those that name it.
fn places_of(deidentified: &Deidentified, token: &PatientToken) -> BTreeSet<usize> {
    let speaks =
        |entry: &&DeidentifiedEntry| entry.patient.as_ref() == Some(token) || entry.linked.contains(token);
    deidentified.entries.iter().filter(speaks).map(|entry| entry.index).collect()
}

/// The classes of the data in a message.
pub(crate) fn classes_of_all(bundle: &Resource) -> BTreeSet<DataClass> {
    classes_of(bundle, &(0..entries(bundle).count()).collect())
}

/// The classes of the data in the entries at these places.
fn classes_of(bundle: &Resource, places: &BTreeSet<usize>) -> BTreeSet<DataClass> {
    let is_of_patient = |resource: Option<&Value>| {
        !resource.and_then(|value| value.str("resourceType")).is_some_and(needs_no_patient)
    };
    entries(bundle)
        .zip(entry_data_classes(bundle))
        .enumerate()
        .filter(|(place, (entry, _))| places.contains(place) && is_of_patient(entry.resource))
        .flat_map(|(_, (_, classes))| classes)
        .collect()
}

#[cfg(test)]
mod tests {
    /// What de-identification writes is what the check of permits looks for.
    #[test]
    fn both_sides_mean_the_same_by_a_token() {
        assert_eq!(carewire_deid::TOKEN_SYSTEM, carewire_sync_engine::TOKEN_SYSTEM);
    }
}
