//! What is put on record of a decision.

use std::collections::{BTreeMap, BTreeSet};

use carewire_fhir_core::{OrgId, PatientToken};
use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::digest::Digest;
use crate::{
    ConsentEpoch, DataClass, Decision, Denied, Effect, Kind, Obligation, PatientConsents, Permit, Policy,
    Reason, Request, Response, authorize,
};

/// One decision, for the audit trail: who asked for what, and what came of it by which policy and consents.
///
/// It holds ids and codes. What a request states in words of its own (codes of no table, the reason for breaking the glass, an actor
/// that is named by something else than `Type/id`) is not in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DecisionRecord {
    /// The org.
    pub org: OrgId,
    /// The patient.
    pub patient: PatientToken,
    /// Who asked, as `Type/id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<Box<str>>,
    /// The purpose; `UNKNOWN` for one that is in no table.
    pub purpose: Box<str>,
    /// The classes of data; `UNCLASSIFIED` for those that are in no table.
    pub classes: BTreeSet<DataClass>,
    /// Where the data would go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote: Option<Box<str>>,
    /// Permit or deny.
    pub decision: Decision,
    /// What kind of it.
    pub kind: Kind,
    /// Why.
    pub reasons: Vec<Reason>,
    /// The digest of the policy.
    pub policy: Digest,
    /// The epoch of the patient's consents.
    pub epoch: ConsentEpoch,
    /// When.
    pub at: DateTime<Utc>,
    /// Somebody is to be told now: the glass was broken.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub alert: bool,
}

/// Decides as [`authorize`] does, and says what is to be put on record of it: one record for each decision.
///
/// ```
/// use carewire_consent::{Decision, PatientConsents, Policy, Request, authorize_on_record};
/// let request = Request::parse(br#"{"org":"o","patient":"pt_1","purpose":"TREAT","data_classes":["VITALS"]}"#)?;
/// let now = chrono::DateTime::UNIX_EPOCH;
/// let (decided, record) = authorize_on_record(&request, &PatientConsents::default(), &Policy::default(), now);
/// assert!(decided.is_err());
/// assert_eq!((record.decision, record.details()["reasons"].as_str()), (Decision::Deny, "implicit-deny"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn authorize_on_record(
    request: &Request,
    consents: &PatientConsents,
    policy: &Policy,
    now: DateTime<Utc>,
) -> (Result<Permit, Denied>, DecisionRecord) {
    let decided = authorize(request, consents, policy, now);
    let response = match &decided {
        Ok(permit) => permit.response(),
        Err(denied) => &denied.response,
    };
    let record = DecisionRecord::of(request, response, policy, consents.epoch, now);
    (decided, record)
}

impl DecisionRecord {
    /// What is to be put on record of `response`, which [`evaluate`](crate::evaluate) gave to `request` at `at`, by `policy` and
    /// consents of `epoch`.
    ///
    /// ```
    /// use carewire_consent::{ConsentEpoch, DecisionRecord, Policy, Request, evaluate};
    /// let request = Request::parse(br#"{"org":"o","patient":"pt_1","purpose":"TREAT","data_classes":["VITALS"]}"#)?;
    /// let (policy, now) = (Policy::default(), chrono::DateTime::UNIX_EPOCH);
    /// let response = evaluate(&request, &[], &policy, now);
    /// assert_eq!(DecisionRecord::of(&request, &response, &policy, ConsentEpoch(0), now).outcome(), "deny");
    /// # Ok::<(), carewire_consent::ParseError>(())
    /// ```
    #[must_use]
    pub fn of(
        request: &Request,
        response: &Response,
        policy: &Policy,
        epoch: ConsentEpoch,
        at: DateTime<Utc>,
    ) -> Self {
        let known = |class: &DataClass| match class {
            DataClass::Other(_) => DataClass::Unclassified,
            known => known.clone(),
        };
        let purpose = if request.purpose.is_known() { request.purpose.as_str() } else { "UNKNOWN" };
        Self {
            org: request.org.clone(),
            patient: request.patient.clone(),
            actor: request.actor.reference.as_deref().filter(|name| is_literal(name)).map(Into::into),
            purpose: purpose.into(),
            classes: request.data_classes.iter().map(known).collect(),
            remote: request.remote.as_deref().map(Into::into),
            decision: response.decision,
            kind: response.kind,
            reasons: response.reasons.clone(),
            policy: policy.digest(),
            epoch,
            at,
            alert: response.obligations.contains(&Obligation::Audit { alert: true }),
        }
    }

    /// `permit` or `deny`.
    #[must_use]
    pub fn outcome(&self) -> &'static str {
        match self.decision {
            Decision::Permit => "permit",
            Decision::Deny => "deny",
        }
    }

    /// The rest as names and codes, for a trail that has org, patient, outcome and time already: `epoch`, `purpose`, `classes`,
    /// `kind`, `policy`, `reasons` (the codes of those that had an effect), and `actor`, `remote` and `alert` where there are any.
    #[must_use]
    pub fn details(&self) -> BTreeMap<String, String> {
        let effective = self.reasons.iter().filter(|reason| reason.effect != Effect::None);
        let reasons: BTreeSet<String> = effective.map(|reason| code(&reason.why)).collect();
        let classes: Vec<&str> = self.classes.iter().map(DataClass::as_str).collect();
        let mut details = BTreeMap::from([
            ("epoch", self.epoch.0.to_string()),
            ("purpose", self.purpose.to_string()),
            ("classes", classes.join(" ")),
            ("kind", code(&self.kind)),
            ("policy", self.policy.to_string()),
            ("reasons", reasons.into_iter().collect::<Vec<_>>().join(" ")),
        ]);
        details.extend(self.actor.as_deref().map(|actor| ("actor", actor.to_owned())));
        details.extend(self.remote.as_deref().map(|remote| ("remote", remote.to_owned())));
        details.extend(self.alert.then(|| ("alert", "true".to_owned())));
        details.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// Whether a name is `Type/id` and nothing else: the ids of FHIR R4, 2.24.0.1.
fn is_literal(name: &str) -> bool {
    let is_id = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    name.split_once('/').is_some_and(|(kind, id)| {
        !kind.is_empty()
            && kind.bytes().all(|byte| byte.is_ascii_alphabetic())
            && (1..=64).contains(&id.len())
            && id.bytes().all(is_id)
    })
}

/// The stable name of a code.
fn code(code: &impl Serialize) -> String {
    match serde_json::to_value(code) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ConsentStore, ConsentStoreExt, MemoryConsentStore, Purpose, SimpleConsent};
    use serde_json::json;

    fn request(edit: serde_json::Value) -> Request {
        let mut base = json!({"org": "o", "patient": "pt_1", "purpose": "TREAT", "data_classes": ["VITALS"],
            "actor": {"reference": "Practitioner/7"}, "remote": "medplum"});
        for (name, value) in edit.as_object().unwrap() {
            base[name] = value.clone();
        }
        Request::parse(base.to_string().as_bytes()).unwrap()
    }

    #[tokio::test]
    async fn each_decision_of_a_store_has_exactly_one_record() {
        let store = MemoryConsentStore::default();
        let (asked, policy, now) = (request(json!({})), Policy::default(), DateTime::UNIX_EPOCH);
        let mut trail = Vec::new();
        for step in 0..4 {
            let (decided, record) = store.authorize_on_record(&asked, &policy, now).await.unwrap();
            assert_eq!(decided.is_ok(), record.outcome() == "permit");
            trail.push((record.epoch, record.outcome()));
            let consent = SimpleConsent::new(
                "c",
                asked.org.clone(),
                asked.patient.clone(),
                Purpose::Treat,
                [DataClass::Vitals],
            );
            match step {
                0 => drop(store.put(consent.into()).await.unwrap()),
                1 => drop(store.revoke(&asked.org, "c").await.unwrap()),
                _ => {}
            }
        }
        let epoch = ConsentEpoch;
        let expected = [(epoch(0), "deny"), (epoch(1), "permit"), (epoch(2), "deny"), (epoch(2), "deny")];
        assert_eq!(trail, expected);
    }

    #[test]
    fn it_says_who_asked_for_what_and_by_which_policy() {
        let policy = Policy::default();
        let (_, record) = authorize_on_record(
            &request(json!({})),
            &PatientConsents::default(),
            &policy,
            DateTime::UNIX_EPOCH,
        );
        let details = record.details();
        let of = |name: &str| details.get(name).map(String::as_str);
        assert_eq!((of("actor"), of("remote")), (Some("Practitioner/7"), Some("medplum")));
        assert_eq!((of("purpose"), of("classes")), (Some("TREAT"), Some("VITALS")));
        assert_eq!(
            (of("kind"), of("reasons"), of("epoch")),
            (Some("not_applicable"), Some("implicit-deny"), Some("0"))
        );
        assert_eq!(of("policy"), Some(policy.digest().to_string().as_str()));
    }

    #[test]
    fn no_word_of_the_request_is_in_it() {
        let odd = request(
            json!({"purpose": "canary one", "data_classes": ["CANARY", "VITALS"], "labels": ["canary"],
            "actor": {"reference": "Practitioner?name=canary", "aliases": ["canary"], "role": "canary"},
            "break_glass": {"reason": "canary"}}),
        );
        let (decided, record) =
            authorize_on_record(&odd, &PatientConsents::default(), &Policy::default(), DateTime::UNIX_EPOCH);
        let told = format!("{record:?} {} {:?} {:?}", json!(record), record.details(), decided.unwrap_err());
        assert!(!told.to_lowercase().contains("canary"), "{told}");
        for name in
            ["Practitioner/", "/7", "Practitioner/a b", "ada@example.org", "Practitioner/7/_history/1"]
        {
            assert!(!is_literal(name), "{name}");
        }
    }
}
