//! Consents that a message carries: its segments `CON` (v2.5.1, 9.9.4).

use std::collections::{BTreeMap, BTreeSet};

use carewire_consent::{ConError, ConSegment, ConTerms, Consent};
use carewire_fhir_core::{OrgId, PatientToken};
use carewire_hl7_v2::{Message, Segment, UtcOffset};

/// Which consents of received messages are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TakeConsents {
    /// None: the segments are not read.
    None,
    /// What refuses or takes back. A sender may forbid, and cannot permit.
    #[default]
    Withdrawals,
    /// What permits as well.
    All,
}

impl TakeConsents {
    /// The name in a configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Withdrawals => "withdrawals",
            Self::All => "all",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::None, Self::Withdrawals, Self::All].into_iter().find(|take| take.as_str() == name)
    }
}

/// How the `CON` segments of messages are read.
///
/// The segment does not say which data it is about, so that those who exchange messages agree on what a type (CON-2) means. A
/// refusal of a type that nobody agreed on forbids whatever it may mean: everything. Consents to an operation are `CON` segments as
/// well: the types that are not about data are to be named.
///
/// - `R` (refused) forbids for its time (CON-14, CON-15), or for ever where that cannot be read.
/// - `X` (rescinded) forbids from now on, whichever consent it takes back.
/// - A status that table 0498 does not have may be a refusal and is read as one.
/// - `A` permits, `L`, `P` and `B` are kept and permit nothing, and so is an `A` with limitations in words: all of this with
///   [`TakeConsents::All`] only.
///
/// ```
/// use carewire_fhir_core::{OrgId, PatientToken};
/// use carewire_gateway::MessageConsents;
/// use carewire_hl7_v2::{Message, ParseOptions};
/// let bytes = b"MSH|^~\\&|ADT|GEN|||20260305||ADT^A08|1|P|2.5.1\rPID|1||7^^^GEN^MR\rCON|1|001|||||||||X";
/// let message = Message::parse(bytes, &ParseOptions::default())?;
/// let rules = MessageConsents::default();
/// let [withdrawn] = &rules.read(&message)[..] else { unreachable!() };
/// let consent = rules.consent(withdrawn, "c1", &OrgId::new("o")?, &PatientToken::new("pt_1")?, None)?;
/// assert_eq!(consent.state(), carewire_consent::State::Active); // of a denial
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct MessageConsents {
    /// Which of them are taken.
    pub take: TakeConsents,
    /// What a type (CON-2.1) is about.
    pub types: BTreeMap<String, ConTerms>,
    /// Types that are about something else than data: they are not read.
    pub unrelated: BTreeSet<String>,
}

/// A `CON` segment at hand. `Debug` shows nothing of it.
#[derive(Clone)]
pub struct CarriedConsent {
    consent_type: Option<String>,
    form_number: Option<String>,
    limitations: Option<String>,
    status: Option<String>,
    effective: Option<String>,
    end: Option<String>,
    is_competent: Option<String>,
    is_informed: Option<String>,
    other_consenter: Option<String>,
    /// That of MSH-7, for times that name none.
    zone: Option<UtcOffset>,
}

/// Why a consent of a message is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotTaken {
    /// It permits something, and only withdrawals are taken.
    #[error("consents that permit are not taken from messages")]
    Permits,
    /// It permits something to be done with the data of one of several patients, and does not say whose.
    #[error("the message is about several patients")]
    SeveralPatients,
    /// It cannot be read.
    #[error(transparent)]
    Unreadable(#[from] ConError),
}

impl NotTaken {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Permits => "permits",
            Self::SeveralPatients => "several-patients",
            Self::Unreadable(_) => "unreadable",
        }
    }
}

/// What stands for a type that nobody agreed on: its own text is the sender's.
const UNKNOWN_TYPE: &str = "UNKNOWN-TYPE";

impl MessageConsents {
    /// The `CON` segments of a message, in their order, without those that are not about data.
    #[must_use]
    pub fn read(&self, message: &Message<'_>) -> Vec<CarriedConsent> {
        let zone = zone_of(message);
        let all = message.segments_named("CON").map(|segment| CarriedConsent::of(&segment, zone));
        let is_unrelated = |con: &CarriedConsent| {
            con.consent_type.as_ref().is_some_and(|code| self.unrelated.contains(code))
        };
        all.filter(|con| !is_unrelated(con)).collect()
    }

    /// The consent that a segment stands for, under this id. `zone` is that of times for which neither they nor the message
    /// name one.
    ///
    /// # Errors
    /// [`NotTaken`] for what permits and is not to, or cannot be read. What forbids is always taken.
    pub fn consent(
        &self,
        carried: &CarriedConsent,
        id: &str,
        org: &OrgId,
        patient: &PatientToken,
        zone: Option<UtcOffset>,
    ) -> Result<Consent, NotTaken> {
        let zone = carried.zone.or(zone).map(|zone| zone.to_string());
        let segment = self.segment(carried);
        let read = |segment: ConSegment<'_>| {
            segment.consent(id, org, patient, &self.types, zone.as_deref()).map(|read| read.consent)
        };
        let refused = ConSegment { status: Some("R"), ..segment };
        let refused_for_ever = ConSegment { effective: None, end: None, ..refused };
        match (carried.forbids(), self.take) {
            (false, TakeConsents::All) => Ok(read(segment)?),
            (false, _) => Err(NotTaken::Permits),
            (true, _) if carried.status.as_deref() == Some("X") => Ok(read(refused_for_ever)?),
            (true, _) => Ok(read(refused).or_else(|_| read(refused_for_ever))?),
        }
    }

    fn segment<'a>(&self, carried: &'a CarriedConsent) -> ConSegment<'a> {
        let agreed = carried.consent_type.as_deref().filter(|code| self.types.contains_key(*code));
        ConSegment {
            consent_type: agreed.or(Some(UNKNOWN_TYPE)),
            limitations: carried.limitations.as_deref(),
            status: carried.status.as_deref(),
            effective: carried.effective.as_deref(),
            end: carried.end.as_deref(),
            is_competent: carried.is_competent.as_deref(),
            is_informed: carried.is_informed.as_deref(),
            other_consenter: carried.other_consenter.as_deref(),
        }
    }
}

impl CarriedConsent {
    fn of(segment: &Segment<'_>, zone: Option<UtcOffset>) -> Self {
        let whole = |number: usize| Some(segment.field(number)?.value()?.into_owned());
        let code = |number: usize| Some(segment.field(number)?.component(1)?.value()?.trim().to_owned());
        Self {
            consent_type: code(2),
            form_number: whole(4),
            limitations: whole(9),
            status: code(11),
            effective: code(14),
            end: code(15),
            is_competent: code(16),
            is_informed: code(19),
            other_consenter: code(23),
            zone,
        }
    }

    /// Whether it cannot permit anything: it is neither given nor on its way.
    pub(crate) fn forbids(&self) -> bool {
        !matches!(self.status.as_deref(), Some("A" | "L" | "P" | "B"))
    }

    /// What another segment about the same consent has as well: the number of the form (CON-4), else the type (CON-2). It is
    /// the sender's text.
    #[must_use]
    pub fn name(&self) -> [&str; 2] {
        match (&self.form_number, &self.consent_type) {
            (Some(number), _) => ["number", number],
            (None, Some(code)) => ["type", code],
            (None, None) => ["type", ""],
        }
    }
}

impl std::fmt::Debug for CarriedConsent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CarriedConsent").finish_non_exhaustive()
    }
}

/// The offset of MSH-7, where it has one.
fn zone_of(message: &Message<'_>) -> Option<UtcOffset> {
    let time = message.timestamp()?;
    time.get(time.find(['+', '-'])?..)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use carewire_consent::{DataClass, Kind, Policy, Purpose, Request, SimpleConsent, State, evaluate};
    use carewire_hl7_v2::ParseOptions;

    use super::*;

    fn rules(take: TakeConsents) -> MessageConsents {
        let terms = ConTerms { purpose: Purpose::Treat, data_classes: [DataClass::Vitals].into() };
        MessageConsents {
            take,
            types: BTreeMap::from([("001".to_owned(), terms)]),
            unrelated: BTreeSet::from(["002".to_owned()]),
        }
    }

    fn read(rules: &MessageConsents, con: &str) -> Vec<Result<Consent, NotTaken>> {
        let text = format!("MSH|^~\\&|A|F|||20260301083000-0300||ADT^A08|1|P|2.5.1\rPID|1||7\r{con}\r");
        let message = Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap();
        let (org, patient) = (OrgId::new("o").unwrap(), PatientToken::new("pt_1").unwrap());
        let carried = rules.read(&message);
        carried.iter().map(|con| rules.consent(con, "con", &org, &patient, None)).collect()
    }

    /// A segment of a type and status, with more behind the status.
    fn con(code: &str, status: &str, more: &str) -> String {
        format!("CON|1|{code}^Text|||||||||{status}{more}")
    }

    /// What is decided about vital signs for treatment beside a consent to them.
    fn kind_beside_a_consent(own: &Consent) -> Kind {
        let request =
            Request::parse(br#"{"org":"o","patient":"pt_1","purpose":"TREAT","data_classes":["VITALS"]}"#)
                .unwrap();
        let (org, patient) = (request.org.clone(), request.patient.clone());
        let given = SimpleConsent::new("given", org, patient, Purpose::Treat, [DataClass::Vitals]);
        let now = "2026-06-01T00:00:00Z".parse().unwrap();
        evaluate(&request, &[given.into(), own.clone()], &Policy::default(), now).kind
    }

    #[test]
    fn what_forbids_is_taken_and_what_permits_only_when_it_may() {
        for status in ["R", "X", "", "Q", "\"\""] {
            for code in ["001", "999", ""] {
                for take in [TakeConsents::Withdrawals, TakeConsents::All] {
                    let read = read(&rules(take), &con(code, status, "")).remove(0).unwrap();
                    assert_ne!(kind_beside_a_consent(&read), Kind::Permit, "{code} {status}");
                }
            }
        }
        for status in ["A", "L", "P", "B"] {
            let off = read(&rules(TakeConsents::Withdrawals), &con("001", status, "")).remove(0);
            assert_eq!(off.unwrap_err(), NotTaken::Permits);
            let taken = read(&rules(TakeConsents::All), &con("001", status, "")).remove(0).unwrap();
            assert_eq!(taken.state(), if status == "A" { State::Active } else { State::Pending });
        }
        assert!(read(&rules(TakeConsents::All), &con("002", "R", "")).is_empty(), "not about data");
    }

    #[test]
    fn a_refusal_holds_although_its_time_cannot_be_read_and_a_withdrawal_whatever_its_time() {
        let all = rules(TakeConsents::All);
        for (status, more) in [("R", "|||canary|canary"), ("X", "|||20200101|20200102"), ("X", "|||canary")] {
            let forbids = read(&all, &con("001", status, more)).remove(0).unwrap();
            assert_eq!(kind_beside_a_consent(&forbids), Kind::Deny, "{status}{more}");
        }
        let past = read(&all, &con("001", "R", "|||20200101|20200102")).remove(0).unwrap();
        assert_eq!(kind_beside_a_consent(&past), Kind::Permit, "it was for a time");
        let unreadable = read(&all, &con("001", "A", "|||canary")).remove(0).unwrap_err();
        assert_eq!((unreadable.code(), unreadable.to_string().contains("canary")), ("unreadable", false));
        // A time without a zone has that of the message.
        let given = read(&all, &con("001", "A", "|||202601011200")).remove(0).unwrap();
        assert_eq!(given.start(), Some("2026-01-01T15:00:00Z".parse().unwrap()));
    }

    #[test]
    fn no_text_of_the_sender_is_in_what_is_kept() {
        let line = "CON|1|Canary1^Canary2|Canary3|Canary4|Canary5|||||Canary6|R||||||||||||||Canary7^Canary8";
        let kept = read(&rules(TakeConsents::All), line).remove(0).unwrap();
        assert!(!kept.to_json().contains("anary"), "{}", kept.to_json());
    }
}
