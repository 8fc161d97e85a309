//! Consents of the segment `CON` of HL7 v2.5 and later.

use std::collections::{BTreeMap, BTreeSet};

use carewire_fhir_core::{OrgId, PatientToken};
use chrono::{DateTime, Utc};

use super::time::fhir_time;
use crate::model::data::Span;
use crate::{Consent, DataClass, Purpose, Ruling, SimpleConsent, State};

/// What a `CON` segment says (v2.5.1, 9.9.4), as its fields are valued. A field that is not valued is `None`.
#[derive(Clone, Copy, Default)]
#[expect(clippy::exhaustive_structs, reason = "whoever reads a message fills it in")]
pub struct ConSegment<'a> {
    /// CON-2.1, the code of the type (table 0496 or a local one).
    pub consent_type: Option<&'a str>,
    /// CON-9, restrictions in words of the consenter.
    pub limitations: Option<&'a str>,
    /// CON-11.1, the status (table 0498).
    pub status: Option<&'a str>,
    /// CON-14, from when it holds.
    pub effective: Option<&'a str>,
    /// CON-15, when it ends.
    pub end: Option<&'a str>,
    /// CON-16, whether the patient was competent to consent (table 0136).
    pub is_competent: Option<&'a str>,
    /// CON-19, whether informational material was given (table 0136).
    pub is_informed: Option<&'a str>,
    /// CON-23.1, why somebody else consented.
    pub other_consenter: Option<&'a str>,
}

/// What a type of consent is about, by the agreement of those who exchange the messages: the segment does not say.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "whoever agrees on types fills it in")]
pub struct ConTerms {
    /// What the data may be used for.
    pub purpose: Purpose,
    /// Which data.
    pub data_classes: BTreeSet<DataClass>,
}

/// A consent, and what stood in the way of a permit.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConsentOfCon {
    /// The consent. Where there are doubts it is pending: it permits nothing.
    pub consent: Consent,
    /// Why it is held back although its status is active. A refusal is never held back.
    pub doubts: Vec<ConDoubt>,
}

/// Why a consent that was given permits nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConDoubt {
    /// It has limitations in words (CON-9, or the status `L`), which somebody must put into rules.
    Limited,
    /// The patient was not competent (CON-16), and nobody else consented (CON-23).
    NotCompetent,
    /// No informational material was given (CON-19).
    NotInformed,
}

/// A `CON` segment cannot be understood. The value is not repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("CON-{field}: {reason}")]
pub struct ConError {
    field: u8,
    reason: ConReason,
}

impl ConError {
    /// The field, from 1.
    #[must_use]
    pub fn field(&self) -> u8 {
        self.field
    }

    /// What is wrong with it.
    #[must_use]
    pub fn reason(&self) -> ConReason {
        self.reason
    }
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConReason {
    /// It is not valued, or not by a code of its table: it may have been a refusal.
    #[error("not a code of its table")]
    UnknownCode,
    /// It is no time, or a time of day without a zone.
    #[error("not a time, or one of which the zone is not known")]
    Time,
}

impl ConSegment<'_> {
    /// The consent that it records, under this id.
    ///
    /// `types` says what a type is about. One that is not in it stays an unknown purpose: given, it permits nothing; refused, it denies
    /// whatever it may mean (rule R9). Statuses of table 0498: `A` permits, `R` denies, `X` is taken back; `L`, `P` and `B` are
    /// pending. `zone` is that of times that name none, for example `-03:00`.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use carewire_consent::{ConSegment, ConTerms, DataClass, Purpose, State};
    /// use carewire_fhir_core::{OrgId, PatientToken};
    /// let terms = ConTerms { purpose: Purpose::Treat, data_classes: [DataClass::LabResults].into() };
    /// let types = BTreeMap::from([("001".to_owned(), terms)]);
    /// let segment = ConSegment { consent_type: Some("001"), status: Some("A"), end: Some("20271231"), ..ConSegment::default() };
    /// let read = segment.consent("con-1", &OrgId::new("o")?, &PatientToken::new("pt_1")?, &types, None)?;
    /// assert_eq!((read.consent.state(), read.doubts.len()), (State::Active, 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ConError`] where the status or a time cannot be understood.
    pub fn consent(
        &self,
        id: &str,
        org: &OrgId,
        patient: &PatientToken,
        types: &BTreeMap<String, ConTerms>,
        zone: Option<&str>,
    ) -> Result<ConsentOfCon, ConError> {
        let code = valued(self.consent_type).unwrap_or("");
        let (purpose, data_classes) = match types.get(code) {
            Some(terms) => (terms.purpose.clone(), terms.data_classes.clone()),
            None => (Purpose::Other(code.into()), BTreeSet::new()),
        };
        let (state, decision) = self.standing()?;
        let mut consent = SimpleConsent::new(id, org.clone(), patient.clone(), purpose, data_classes);
        let doubts = self.doubts();
        let is_held_back = state == State::Active && decision == Ruling::Permit && !doubts.is_empty();
        consent.state = if is_held_back { State::Pending } else { state };
        consent.decision = decision;
        consent.start = time(14, self.effective, zone, |text| Span::parse(Some(text), None)?.start)?;
        consent.end = time(15, self.end, zone, |text| Span::parse(None, Some(text))?.end)?;
        Ok(ConsentOfCon { consent: consent.into(), doubts })
    }

    fn standing(&self) -> Result<(State, Ruling), ConError> {
        Ok(match valued(self.status) {
            Some("A") => (State::Active, Ruling::Permit),
            Some("R") => (State::Active, Ruling::Deny),
            Some("X") => (State::Revoked, Ruling::Permit),
            Some("L" | "P" | "B") => (State::Pending, Ruling::Permit),
            _ => return Err(ConError { field: 11, reason: ConReason::UnknownCode }),
        })
    }

    fn doubts(&self) -> Vec<ConDoubt> {
        let is_no = |field: Option<&str>| valued(field).is_some_and(|answer| answer != "Y");
        let is_limited = valued(self.limitations).is_some() || self.status == Some("L");
        let found = [
            (is_limited, ConDoubt::Limited),
            (is_no(self.is_competent) && valued(self.other_consenter).is_none(), ConDoubt::NotCompetent),
            (is_no(self.is_informed), ConDoubt::NotInformed),
        ];
        found.into_iter().filter(|(is_there, _)| *is_there).map(|(_, doubt)| doubt).collect()
    }
}

/// Fields, not values.
impl std::fmt::Debug for ConSegment<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConSegment").finish_non_exhaustive()
    }
}

/// A field that is there and not HL7's null.
fn valued(field: Option<&str>) -> Option<&str> {
    field.filter(|text| !text.is_empty() && *text != "\"\"")
}

fn time(
    field: u8,
    text: Option<&str>,
    zone: Option<&str>,
    read: impl Fn(&str) -> Option<DateTime<Utc>>,
) -> Result<Option<DateTime<Utc>>, ConError> {
    let Some(text) = valued(text) else { return Ok(None) };
    let instant = fhir_time(text, zone).and_then(|text| read(&text));
    instant.map(Some).ok_or(ConError { field, reason: ConReason::Time })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, Policy, Request, evaluate};

    const GIVEN: ConSegment<'static> = ConSegment {
        consent_type: Some("001"),
        limitations: None,
        status: Some("A"),
        effective: Some("20260101"),
        end: Some("20261231"),
        is_competent: Some("Y"),
        is_informed: Some("Y"),
        other_consenter: None,
    };

    fn read(segment: &ConSegment<'_>) -> Result<ConsentOfCon, ConError> {
        let terms = ConTerms { purpose: Purpose::Treat, data_classes: [DataClass::Vitals].into() };
        let types = BTreeMap::from([("001".to_owned(), terms)]);
        segment.consent(
            "c1",
            &OrgId::new("o").unwrap(),
            &PatientToken::new("pt_1").unwrap(),
            &types,
            Some("+00:00"),
        )
    }

    /// What it comes to beside a consent that permits.
    fn kinds(segment: &ConSegment<'_>, at: &str) -> [Kind; 2] {
        let own = read(segment).unwrap().consent;
        let request =
            Request::parse(br#"{"org":"o","patient":"pt_1","purpose":"TREAT","data_classes":["VITALS"]}"#)
                .unwrap();
        let other = SimpleConsent::new(
            "c2",
            request.org.clone(),
            request.patient.clone(),
            Purpose::Treat,
            [DataClass::Vitals],
        );
        let kind =
            |consents: &[Consent]| evaluate(&request, consents, &Policy::default(), at.parse().unwrap()).kind;
        [kind(std::slice::from_ref(&own)), kind(&[own.clone(), other.into()])]
    }

    #[test]
    fn a_status_permits_denies_or_does_nothing() {
        for (status, alone, beside) in [
            ("A", Kind::Permit, Kind::Permit),
            ("R", Kind::Deny, Kind::Deny),
            ("X", Kind::NotApplicable, Kind::Permit),
            ("L", Kind::NotApplicable, Kind::Permit),
            ("P", Kind::NotApplicable, Kind::Permit),
            ("B", Kind::NotApplicable, Kind::Permit),
        ] {
            let segment = ConSegment { status: Some(status), ..GIVEN };
            assert_eq!(kinds(&segment, "2026-06-01T00:00:00Z"), [alone, beside], "{status}");
        }
        for status in [None, Some(""), Some("\"\""), Some("canary"), Some("a")] {
            let error = read(&ConSegment { status, ..GIVEN }).unwrap_err();
            assert_eq!((error.field(), error.reason()), (11, ConReason::UnknownCode));
            assert!(!format!("{error} {error:?}").contains("canary"));
        }
    }

    #[test]
    fn it_holds_from_its_effective_time_through_its_end() {
        for (at, kind) in [
            ("2025-12-31T23:59:59Z", Kind::NotApplicable),
            ("2026-01-01T00:00:00Z", Kind::Permit),
            ("2026-12-31T23:59:59Z", Kind::Permit),
            ("2027-01-01T00:00:00Z", Kind::NotApplicable),
        ] {
            assert_eq!(kinds(&GIVEN, at)[0], kind, "{at}");
        }
        let odd = ConSegment { effective: Some("canary"), ..GIVEN };
        assert_eq!(
            read(&odd).unwrap_err().to_string(),
            "CON-14: not a time, or one of which the zone is not known"
        );
        assert_eq!(read(&ConSegment { end: Some("20260231"), ..GIVEN }).unwrap_err().field(), 15);
    }

    #[test]
    fn a_type_that_nobody_agreed_on_permits_nothing_and_denies_what_it_may_mean() {
        for consent_type in [None, Some(""), Some("137")] {
            let given = ConSegment { consent_type, ..GIVEN };
            assert_ne!(kinds(&given, "2026-06-01T00:00:00Z")[0], Kind::Permit);
            let refused = ConSegment { status: Some("R"), ..given };
            assert_ne!(kinds(&refused, "2026-06-01T00:00:00Z")[1], Kind::Permit);
        }
    }

    #[test]
    fn doubts_hold_back_a_permit_and_never_a_refusal() {
        let doubtful = [
            (ConSegment { limitations: Some("not to my employer"), ..GIVEN }, ConDoubt::Limited),
            (ConSegment { is_competent: Some("N"), ..GIVEN }, ConDoubt::NotCompetent),
            (ConSegment { is_informed: Some("N"), ..GIVEN }, ConDoubt::NotInformed),
        ];
        for (segment, doubt) in doubtful {
            let given = read(&segment).unwrap();
            assert_eq!((given.consent.state(), given.doubts), (State::Pending, vec![doubt]));
            let refused = ConSegment { status: Some("R"), ..segment };
            assert_eq!(kinds(&refused, "2026-06-01T00:00:00Z"), [Kind::Deny, Kind::Deny]);
        }
        let guardian = ConSegment { is_competent: Some("N"), other_consenter: Some("MIN"), ..GIVEN };
        assert_eq!(read(&guardian).unwrap().consent.state(), State::Active);
        assert!(!format!("{:?}", ConSegment { limitations: Some("employer"), ..GIVEN }).contains("employer"));
    }
}
