//! Sending a plan: the permit re-checked before every request, every answer remembered before the next.

use std::collections::BTreeSet;

use carewire_consent::{ConsentGuard, DataClass, Denied, Permit};
use carewire_fhir_core::PatientToken;
use carewire_sync_engine::{
    Applied, Confirmed, Identity, LocalKey, PermittedWrites, Push, Refusal, Write, WriteOutcome,
};

use crate::breaker::is_silence;
use crate::settle::{self, Said};
use crate::trail::Trail;
use crate::{Error, Result, Shared};

/// What a push did.
#[derive(Debug, Default)]
pub(crate) struct Pushed {
    /// What was found as it should be: it takes this message's place in the order, so that an older one that is redriven
    /// or released later does not overwrite it.
    pub(crate) confirmed: Vec<Confirmed>,
    pub(crate) written: u64,
    pub(crate) unchanged: u64,
}

/// Why a push ended early. What was applied is remembered.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// Consent of this patient changed and now denies.
    Denied(PatientToken, Box<Denied>),
    /// The remote refused.
    Refused(Refusal),
    /// The Bundle cannot be planned for this remote: a reference that names nothing, or a ring that is too large.
    Unplannable,
    /// A store failed.
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl Shared {
    /// `permits` are those of all patients whom the message is about: nothing of it is sent unless all of them hold.
    pub(crate) async fn push(
        &self,
        said: Vec<Said>,
        mut permits: Vec<Permit>,
        trail: &mut Trail<'_>,
    ) -> Result<Pushed, Stopped> {
        let keys: Vec<LocalKey> = said.iter().map(|said| said.draft.key.clone()).collect();
        let remote = self.parts.remote.name();
        let known = self.parts.identities.lookup(&self.org, remote, &keys).await?;
        let known: Vec<Identity> = known.into_iter().flatten().collect();
        let formerly = settle::classes_of_former_patients(&said, &known);
        let drafts = self.settle(said, &known)?;
        let classes = settle::classes(&drafts);
        for permit in &mut permits {
            let classes = classes.get(permit.patient()).cloned().unwrap_or_default();
            if !classes.is_subset(permit.classes()) {
                *permit = self.decide_again(permit, classes, trail).await?;
            }
        }
        for (patient, classes) in formerly {
            self.ask_former(&patient, classes, &mut permits, trail).await?;
        }
        let mut push = Push::new(drafts, &known, self.limits()).map_err(|error| {
            tracing::warn!(error = %error, "push cannot be planned");
            Stopped::Unplannable
        })?;
        while let Some(writes) = push.next_chunk() {
            let answer = self.send(&writes, &mut permits, trail).await?;
            if answer.as_ref().is_err_and(is_silence) {
                trail.perhaps_disclosed(&writes);
            }
            let recorded = push.record(answer);
            trail.disclosed(&recorded.applied);
            self.remember(recorded.applied, trail).await?;
            if let Some(refusal) = recorded.refusal {
                return Err(Stopped::Refused(refusal));
            }
        }
        let summary = push.summary();
        Ok(Pushed {
            confirmed: push.take_confirmed(),
            written: summary.created + summary.updated,
            unchanged: summary.unchanged + summary.superseded + summary.coalesced,
        })
    }

    /// Asks a patient whose resource the message gives to another one: what is known of it is about to be sent again.
    async fn ask_former(
        &self,
        patient: &PatientToken,
        classes: BTreeSet<DataClass>,
        permits: &mut Vec<Permit>,
        trail: &mut Trail<'_>,
    ) -> Result<(), Stopped> {
        match permits.iter_mut().find(|permit| permit.patient() == patient) {
            Some(permit) if classes.is_subset(permit.classes()) => {}
            Some(permit) => *permit = self.decide_again(permit, classes, trail).await?,
            None => {
                permits.push(self.decide_now(patient, classes, trail).await?);
            }
        }
        Ok(())
    }

    /// Sends one request while no consent of the patients can change. By what permits is on record before.
    async fn send(
        &self,
        writes: &[Write],
        permits: &mut Vec<Permit>,
        trail: &mut Trail<'_>,
    ) -> Result<Result<Vec<WriteOutcome>, Refusal>, Stopped> {
        let mut patients: BTreeSet<PatientToken> = writes.iter().flat_map(Write::patients).collect();
        patients.extend(permits.iter().map(|permit| permit.patient().clone()));
        let patients: Vec<PatientToken> = patients.into_iter().collect();
        trail.flush().await?;
        let guard = self.parts.consents.guard(&self.org, &patients).await?;
        for patient in &patients {
            self.renew(patient, &guard, writes, permits, trail).await?;
        }
        trail.flush().await?;
        let now = self.parts.clock.now();
        let given: Vec<&Permit> = permits.iter().collect();
        let permitted = PermittedWrites::new(writes, &given, &self.org, self.parts.remote.name(), now)?;
        let answer = self.parts.remote.submit(permitted).await;
        drop(guard);
        if answer.is_ok() {
            self.breaker.answered();
        }
        Ok(answer)
    }

    /// Sees to it that there is a permit of the patient which holds now. A patient whom an earlier message linked to one of
    /// this message is asked only when the link is sent again.
    async fn renew(
        &self,
        patient: &PatientToken,
        guard: &ConsentGuard,
        writes: &[Write],
        permits: &mut Vec<Permit>,
        trail: &mut Trail<'_>,
    ) -> Result<(), Stopped> {
        match permits.iter_mut().find(|permit| permit.patient() == patient) {
            Some(permit) => {
                let expired = permit.expires_at().is_some_and(|end| self.parts.clock.now() >= end);
                if expired || !guard.confirms(permit) {
                    *permit = self.decide_again(permit, BTreeSet::new(), trail).await?;
                }
            }
            None => {
                let of_patient = writes.iter().filter(|write| write.patients().contains(patient));
                let classes = of_patient.flat_map(|write| &write.classes).map(|code| DataClass::parse(code));
                permits.push(self.decide_now(patient, classes.collect(), trail).await?);
            }
        }
        Ok(())
    }

    /// Asks for the classes of a permit, and further ones, with the consents as they are now.
    async fn decide_again(
        &self,
        permit: &Permit,
        further: BTreeSet<DataClass>,
        trail: &mut Trail<'_>,
    ) -> Result<Permit, Stopped> {
        let classes = permit.classes().iter().cloned().chain(further).collect();
        self.decide_now(permit.patient(), classes, trail).await
    }

    async fn decide_now(
        &self,
        patient: &PatientToken,
        classes: BTreeSet<DataClass>,
        trail: &mut Trail<'_>,
    ) -> Result<Permit, Stopped> {
        let asked = self.ask_consent(classes, patient, self.parts.remote.name(), self.duties()).await?;
        trail.decided(patient, &asked);
        asked.decided.map_err(|denied| Stopped::Denied(patient.clone(), denied))
    }

    /// Stores what is as it should be.
    pub(crate) async fn confirm(&self, confirmed: Vec<Confirmed>) -> Result<()> {
        if confirmed.is_empty() {
            return Ok(());
        }
        let remote = self.parts.remote.name();
        let seal = |confirmed: Confirmed| {
            let base = self.seal_base(remote, confirmed.key(), confirmed.resource.to_json().as_bytes())?;
            Ok(confirmed.into_identity(base))
        };
        let rows = confirmed.into_iter().map(seal).collect::<Result<Vec<Identity>>>()?;
        Ok(self.parts.identities.record(&self.org, remote, rows).await?)
    }

    /// Identity rows and audit records, durable before the next request.
    async fn remember(&self, applied: Vec<Applied>, trail: &mut Trail<'_>) -> Result<()> {
        if applied.is_empty() {
            return Ok(());
        }
        let remote = self.parts.remote.name();
        let now = self.parts.clock.now();
        let mut rows = Vec::with_capacity(applied.len());
        for write in applied {
            let base = self.seal_base(remote, &write.key, write.resource.to_json().as_bytes())?;
            rows.push(write.into_identity(base, now));
        }
        // The disclosure first: after a crash in between, the write is sent again and audited again. The other way
        // round it would be found unchanged, and never be audited.
        trail.flush().await?;
        Ok(self.parts.identities.record(&self.org, remote, rows).await?)
    }
}
