//! By what right a message leaves, and its exchange.

use carewire_consent::{DataClass, Duties, Permit};
use carewire_fhir_core::PatientToken;
use carewire_hl7_v2::fhir::{Mapped, PatientIdentity, patient_identity};
use carewire_hl7_v2::light::peek;
use carewire_hl7_v2::{Location, ParseOptions};
use carewire_mllp::ClientError;
use carewire_sync_engine::{AuditAction, ClaimedJob, JobFilter};

use super::line::Line;
use super::sending::{Parcel, Sender, Stop, dead};
use crate::patients::classes_of_all;

/// The reasons of attempts of which nobody knows how far they came.
const ENDED_WITHOUT_A_WORD: [&str; 3] = ["lease-expired", "shutdown", "handler-panicked"];

impl Sender {
    /// Holds the patient's gate from the last look at the consents until the exchange is over.
    pub(super) async fn exchange_with_consent(
        &self,
        job: &ClaimedJob,
        parcel: &mut Parcel,
    ) -> Result<Vec<u8>, Stop> {
        let shared = &self.shared;
        let mapped = shared.to_fhir(&parcel.bytes).map_err(dead)?;
        let patient = one_patient(&mapped).map_err(dead)?;
        let token = shared.token_of(&patient.system, &patient.value).await?;
        parcel.patient = Some(token.clone());
        self.own_up(job, parcel).await?;
        // Before anything is connected: what is denied must not even wake the receiver.
        let mut permit = self.permit(&mapped, &token, parcel).await?;
        let line = self.connect().await?;
        let guard = shared.parts.consents.guard(&shared.org, std::slice::from_ref(&token)).await?;
        let expired = permit.expires_at().is_some_and(|end| shared.parts.clock.now() >= end);
        if expired || !guard.confirms(&permit) {
            permit = self.permit(&mapped, &token, parcel).await?;
        }
        tracing::debug!(correlation = %parcel.stored.correlation, epoch = permit.epoch().0, "sending under a permit");
        let answer = self.exchange(line, parcel).await;
        drop(guard);
        answer
    }

    pub(super) async fn exchange_by_contract(
        &self,
        job: &ClaimedJob,
        parcel: &mut Parcel,
    ) -> Result<Vec<u8>, Stop> {
        let shared = &self.shared;
        let peeked = peek(&parcel.bytes, &ParseOptions::default()).map_err(|_| dead("message-unreadable"))?;
        if let Some(patient) = patient_identity(&peeked, &shared.map_options()) {
            parcel.patient = Some(shared.token_of(&patient.system, &patient.value).await?);
        }
        self.own_up(job, parcel).await?;
        let line = self.connect().await?;
        self.exchange(line, parcel).await
    }

    /// Puts on record that an earlier attempt may have disclosed the message, where that ended without a word: its worker
    /// died, or was stopped during the exchange. Before anything is decided, since this attempt may send nothing.
    async fn own_up(&self, job: &ClaimedJob, parcel: &Parcel) -> Result<(), Stop> {
        if job.lease.epoch <= 1 {
            return Ok(());
        }
        let Self { shared, .. } = self;
        let filter = JobFilter { id: Some(job.lease.job), ..JobFilter::default() };
        let views = shared.parts.admin.list(&shared.org, &filter, 1).await?;
        let reason = views.first().and_then(|view| view.reason.as_deref());
        if reason.is_some_and(|reason| ENDED_WITHOUT_A_WORD.contains(&reason)) {
            self.disclosed(parcel, "unknown", "none").await?;
        }
        Ok(())
    }

    async fn connect(&self) -> Result<Line<'_>, Stop> {
        self.feed.lines.connect().await.map_err(Stop::Silent)
    }

    async fn exchange(&self, line: Line<'_>, parcel: &Parcel) -> Result<Vec<u8>, Stop> {
        match line.exchange(&parcel.bytes).await {
            Ok(answer) => {
                self.feed.silence.ended();
                Ok(answer)
            }
            Err(ClientError::NotEncodable) => Err(dead("not-encodable")),
            Err(error) => {
                if error.may_be_received() {
                    self.disclosed(parcel, "unknown", "none").await?;
                }
                Err(Stop::Silent(error))
            }
        }
    }

    /// Consent, now. Where the map leaves something unread, that could be of any class: then all must be permitted.
    async fn permit(&self, mapped: &Mapped, token: &PatientToken, parcel: &Parcel) -> Result<Permit, Stop> {
        let mut classes = classes_of_all(&mapped.bundle);
        if mapped.unmapped.iter().any(|unread| could_be_of_any_class(&unread.at)) {
            classes.extend(DataClass::permittable());
        }
        let name = self.feed.destination.name();
        // The message leaves as it is: no de-identification, no erasure at the receiver, no count of uses.
        let asked = self.shared.ask_consent(classes, token, name, Duties::default()).await?;
        let (outcome, details) = (asked.outcome(), asked.details());
        self.record(&parcel.stored, Some(token), AuditAction::ConsentDecided, outcome, details).await?;
        asked.decided.map_err(|denied| Stop::Held(token.clone(), denied))
    }
}

/// The one patient that a message is about: a message to send cannot be parted.
pub(super) fn one_patient(mapped: &Mapped) -> Result<&PatientIdentity, &'static str> {
    match mapped.patients.as_slice() {
        [patient] => Ok(&patient.identity),
        [] => Err("no-patient-identifier"),
        _ => Err("several-patients"),
    }
}

/// All but the header's segments, and the numbers by which segments of the standard are counted (Set ID).
fn could_be_of_any_class(place: &Location) -> bool {
    let counted =
        ["PID", "PV1", "NK1", "OBR", "OBX", "NTE", "AL1", "DG1", "PR1", "GT1", "IN1", "SPM", "IAM", "TXA"];
    match place.segment().as_str() {
        "MSH" | "SFT" | "EVN" => false,
        segment => !(place.field() == Some(1) && counted.contains(&segment)),
    }
}
