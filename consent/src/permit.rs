//! The proof that a decision permitted something.

use std::collections::BTreeSet;
use std::sync::Arc;

use carewire_fhir_core::{OrgId, PatientToken};
use chrono::{DateTime, Utc};

use crate::{
    ConsentEpoch, DataClass, Decision, Duties, Effect, ElementPath, Kind, Obligation, PatientConsents,
    Policy, Purpose, Reason, Request, Response, Why,
    decide::{self, Decided, Window},
    model::data::bit_of,
};

/// Decides `request` at `now`, and makes the [`Permit`] where it is permitted.
///
/// `consents` must be all of the patient's, as [`crate::ConsentStore::for_patient`] reads them for the org and
/// patient of the request; [`crate::ConsentStoreExt::authorize`] does both.
///
/// A permit asks for what its obligations say. Where the request does not declare that one of them is fulfilled
/// ([`Request::fulfilling`]), it is denied with [`Why::DutyNotFulfilled`].
///
/// # Errors
/// [`Denied`] with the decision.
pub fn authorize(
    request: &Request,
    consents: &PatientConsents,
    policy: &Policy,
    now: DateTime<Utc>,
) -> Result<Permit, Denied> {
    let own = decide::in_order(request, &consents.consents, policy);
    let mut decided = decide::decide(request, own.iter().copied(), policy, now);
    decided.response = with_duties(decided.response, &request.fulfils);
    match decided.response.decision {
        Decision::Deny => Err(Denied { response: decided.response, epoch: consents.epoch }),
        Decision::Permit => Ok(Permit::grant(request, consents.epoch, decided)),
    }
}

/// The decision for somebody who fulfils no other duties than these.
fn with_duties(response: Response, duties: &Duties) -> Response {
    let undone: Vec<Reason> = duties.left_undone(&response).map(not_fulfilled).collect();
    if undone.is_empty() {
        return response;
    }
    let reasons = undone.into_iter().chain(response.reasons).collect();
    Response { decision: Decision::Deny, kind: Kind::Deny, reasons, obligations: vec![] }
}

fn not_fulfilled(obligation: &Obligation) -> Reason {
    Reason {
        consent: obligation.consent().map(Arc::from),
        path: ElementPath::below(&"request.fulfils".into(), Some(obligation.name())),
        effect: Effect::Deny,
        why: Why::DutyNotFulfilled,
    }
}

/// Proof that [`authorize`] permitted one request.
///
/// It is bound to the org, patient, purpose, classes and remote of the request, to the epoch of the consents that it was
/// decided from, and to the time in which the decision cannot change by itself. Whoever holds one must compare the
/// epoch again before use: [`Permit::is_of_epoch`].
///
/// Nothing else makes one. It has no constructor and its fields are private:
/// ```compile_fail,E0451
/// use carewire_consent::Permit;
/// fn forge(genuine: Permit) -> Permit {
///     Permit { remote: Some(String::from("elsewhere")), ..genuine }
/// }
/// ```
/// It cannot be copied and kept:
/// ```compile_fail,E0277
/// fn copyable<T: Clone>() {}
/// copyable::<carewire_consent::Permit>();
/// ```
/// It cannot be put in a job or a row, nor read from one:
/// ```compile_fail,E0277
/// fn storable<T: serde::Serialize>() {}
/// storable::<carewire_consent::Permit>();
/// ```
/// ```compile_fail,E0277
/// fn readable<T: for<'de> serde::Deserialize<'de>>() {}
/// readable::<carewire_consent::Permit>();
/// ```
/// ```compile_fail,E0277
/// fn conjured<T: Default>() {}
/// conjured::<carewire_consent::Permit>();
/// ```
/// while a decision, which proves nothing, can:
/// ```
/// fn storable<T: Clone + serde::Serialize>() {}
/// storable::<carewire_consent::Response>();
/// fn sendable<T: Send + Sync>() {}
/// sendable::<carewire_consent::Permit>();
/// ```
#[must_use]
pub struct Permit {
    org: OrgId,
    patient: PatientToken,
    purpose: Purpose,
    classes: BTreeSet<DataClass>,
    remote: Option<String>,
    epoch: ConsentEpoch,
    window: Window,
    response: Response,
}

impl Permit {
    /// It covers the classes of which all data are permitted; of others the obligations say what may be used.
    fn grant(request: &Request, epoch: ConsentEpoch, decided: Decided) -> Self {
        let is_whole = |class: &&DataClass| bit_of(class).is_some_and(|bit| decided.whole & bit != 0);
        Self {
            org: request.org.clone(),
            patient: request.patient.clone(),
            purpose: request.purpose.clone(),
            classes: request.data_classes.iter().filter(is_whole).cloned().collect(),
            remote: request.remote.clone(),
            epoch,
            window: decided.window,
            response: decided.response,
        }
    }

    /// Whether it permits sending data of `classes` (by code) of this patient to `remote` at `now`.
    ///
    /// Data without a class is not covered, nor is any remote where the request named none. A class of which only some data
    /// are permitted is not covered: that takes the obligations of [`Permit::response`].
    #[must_use]
    pub fn covers(
        &self,
        org: &OrgId,
        patient: &PatientToken,
        remote: &str,
        classes: &[String],
        now: DateTime<Utc>,
    ) -> bool {
        let permitted = |code: &String| self.classes.contains(&DataClass::parse(code));
        self.org == *org
            && self.patient == *patient
            && self.remote.as_deref() == Some(remote)
            && !classes.is_empty()
            && classes.iter().all(permitted)
            && self.window.contains(now)
    }

    /// Whether the consents are still those that it was decided from.
    #[must_use]
    pub fn is_of_epoch(&self, epoch: ConsentEpoch) -> bool {
        self.epoch == epoch
    }

    /// The org.
    #[must_use]
    pub fn org(&self) -> &OrgId {
        &self.org
    }

    /// The patient.
    #[must_use]
    pub fn patient(&self) -> &PatientToken {
        &self.patient
    }

    /// The purpose.
    #[must_use]
    pub fn purpose(&self) -> &Purpose {
        &self.purpose
    }

    /// The classes of data that it covers.
    #[must_use]
    pub fn classes(&self) -> &BTreeSet<DataClass> {
        &self.classes
    }

    /// The remote.
    #[must_use]
    pub fn remote(&self) -> Option<&str> {
        self.remote.as_deref()
    }

    /// The epoch of the consents that it was decided from.
    #[must_use]
    pub fn epoch(&self) -> ConsentEpoch {
        self.epoch
    }

    /// The first instant at which it no longer covers anything; `None` where no consent has a period that ends.
    #[must_use]
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.window.until
    }

    /// The decision: reasons for the audit, obligations for whoever uses the permit.
    pub fn response(&self) -> &Response {
        &self.response
    }
}

impl std::fmt::Debug for Permit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Permit")
            .field("org", &self.org)
            .field("purpose", &self.purpose)
            .field("classes", &self.classes)
            .field("remote", &self.remote)
            .field("epoch", &self.epoch)
            .finish_non_exhaustive()
    }
}

/// A request was denied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("denied by consent")]
#[non_exhaustive]
pub struct Denied {
    /// The decision and its reasons.
    pub response: Response,
    /// The epoch of the consents that it was decided from: ask again when it has moved.
    pub epoch: ConsentEpoch,
}

impl Denied {
    /// The names of the obligations ([`Obligation::name`]) for which alone it is denied; none where something else denies.
    pub fn unfulfilled(&self) -> impl Iterator<Item = &str> {
        let undone = self.response.reasons.iter().filter(|reason| reason.why == Why::DutyNotFulfilled);
        undone.map(|reason| reason.path.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Implicit, SimpleConsent, State};
    use chrono::TimeZone;

    fn at(second: i64) -> DateTime<Utc> {
        Utc.timestamp_opt(second, 0).unwrap()
    }

    fn org(id: &str) -> OrgId {
        OrgId::new(id).unwrap()
    }

    fn patient(token: &str) -> PatientToken {
        PatientToken::new(token).unwrap()
    }

    fn request() -> Request {
        Request::new(org("o"), patient("pt_1"), Purpose::Treat)
            .with_classes([DataClass::Vitals, DataClass::LabResults])
            .to_remote("medplum")
    }

    fn known(edit: impl FnOnce(&mut SimpleConsent)) -> PatientConsents {
        let asked = request();
        let mut consent =
            SimpleConsent::new("c", asked.org, asked.patient, Purpose::Treat, asked.data_classes);
        edit(&mut consent);
        PatientConsents { epoch: ConsentEpoch(7), consents: vec![consent.into()] }
    }

    fn permit(consents: &PatientConsents) -> Permit {
        authorize(&request(), consents, &Policy::default(), at(100)).unwrap()
    }

    #[test]
    fn it_covers_what_was_asked_and_nothing_else() {
        let permit = permit(&known(|_| ()));
        let covers = |org_id: &str, token: &str, remote: &str, classes: &[&str]| {
            let classes: Vec<String> = classes.iter().map(ToString::to_string).collect();
            permit.covers(&org(org_id), &patient(token), remote, &classes, at(100))
        };
        assert!(covers("o", "pt_1", "medplum", &["VITALS"]));
        assert!(covers("o", "pt_1", "medplum", &["VITALS", "LAB_RESULTS"]));
        assert!(!covers("other", "pt_1", "medplum", &["VITALS"]));
        assert!(!covers("o", "pt_2", "medplum", &["VITALS"]));
        assert!(!covers("o", "pt_1", "elsewhere", &["VITALS"]));
        assert!(!covers("o", "pt_1", "medplum", &["VITALS", "GENOMICS"]));
        assert!(!covers("o", "pt_1", "medplum", &["UNCLASSIFIED"]));
        assert!(!covers("o", "pt_1", "medplum", &[]));
        assert!(permit.is_of_epoch(ConsentEpoch(7)) && !permit.is_of_epoch(ConsentEpoch(8)));
    }

    #[test]
    fn it_holds_exactly_as_long_as_the_decision_cannot_change() {
        let permit = permit(&known(|consent| {
            consent.start = Some(at(50));
            consent.end = Some(at(200));
        }));
        let covers = |second| {
            permit.covers(&org("o"), &patient("pt_1"), "medplum", &["VITALS".to_owned()], at(second))
        };
        assert_eq!([49, 50, 199, 200].map(covers), [false, true, true, false]);
        assert_eq!(permit.expires_at(), Some(at(200)));
    }

    #[test]
    fn it_ends_when_a_denial_begins() {
        let mut consents = known(|_| ());
        let denial = known(|denial| (denial.decision, denial.start) = (crate::Ruling::Deny, Some(at(150))));
        consents.consents.extend(denial.consents);
        assert_eq!(permit(&consents).expires_at(), Some(at(150)));
        assert!(authorize(&request(), &consents, &Policy::default(), at(150)).is_err());
    }

    #[test]
    fn a_denial_carries_its_reasons_and_a_permit_without_remote_covers_none() {
        let denied = authorize(&request(), &known(|c| c.state = State::Revoked), &Policy::default(), at(100));
        let denied = denied.unwrap_err();
        assert_eq!((denied.epoch, denied.response.reasons.is_empty()), (ConsentEpoch(7), false));

        let local = Request { remote: None, ..request() };
        let policy = Policy::default().with_implicit(Implicit::PermitUnlessDenied);
        let permit = authorize(&local, &PatientConsents::default(), &policy, at(100)).unwrap();
        assert!(!permit.covers(&org("o"), &patient("pt_1"), "", &["VITALS".to_owned()], at(100)));
    }
}
