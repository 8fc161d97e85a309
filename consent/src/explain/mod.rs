//! Decisions in words: places and codes, no values.

mod data;

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};

use data::what;

use crate::decide::{Query, in_order, reasons_in_full};
use crate::{Consent, Decision, Effect, Kind, Obligation, Policy, Reason, Request, Response, Why, evaluate};

/// A decision with everything that each provision had to say about it. It displays as text for people.
///
/// ```
/// use carewire_consent::{DataClass, Explanation, Policy, Purpose, Request, SimpleConsent};
/// use carewire_fhir_core::{OrgId, PatientToken};
/// let (org, patient) = (OrgId::new("org_a")?, PatientToken::new("pt_1")?);
/// let consent = SimpleConsent::new("c1", org.clone(), patient.clone(), Purpose::HPaymt, [DataClass::Vitals]);
/// let request = Request::new(org, patient, Purpose::Treat).with_classes([DataClass::Vitals]);
/// let now = chrono::DateTime::UNIX_EPOCH;
/// let text = Explanation::of(&request, &[consent.into()], &Policy::default(), now).to_string();
/// assert!(text.starts_with("Denied: no consent speaks about all that is asked for."));
/// assert!(text.contains("c1: purpose: says nothing: it is about another purpose"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// The decision.
    pub response: Response,
    /// What settled the matter apart from any consent, then of each consent every provision that was looked at.
    pub details: Vec<Reason>,
    /// How many of the consents take no part: they are of another org, or about another patient.
    pub others: usize,
}

impl Explanation {
    /// Decides as [`evaluate`] does, and keeps what it did not need to say.
    #[must_use]
    pub fn of(request: &Request, consents: &[Consent], policy: &Policy, now: DateTime<Utc>) -> Self {
        let response = evaluate(request, consents, policy, now);
        let own = in_order(request, consents, policy);
        let others = consents.len().saturating_sub(own.len());
        let general = response.reasons.iter().filter(|reason| reason.consent.is_none()).cloned();
        let details = reasons_in_full(own.into_iter(), &Query::new(request, policy, now));
        Self { details: general.chain(details).collect(), others, response }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", headline(&self.response))?;
        for obligation in &self.response.obligations {
            writeln!(f, "  It asks: {}.", duty(obligation))?;
        }
        for reason in &self.details {
            writeln!(f, "  {}", line(reason))?;
        }
        match self.others {
            0 => Ok(()),
            1 => writeln!(f, "  1 consent is of another org, or about another patient."),
            count => writeln!(f, "  {count} consents are of another org, or about another patient."),
        }
    }
}

fn headline(response: &Response) -> &'static str {
    let partly = response.obligations.iter().any(Obligation::is_residual);
    match (response.decision, response.kind) {
        (Decision::Permit, _) if has(response, Why::GlassBroken) => "Permitted: the glass was broken.",
        (Decision::Permit, _) if partly => "Permitted for some of the data.",
        (Decision::Permit, _) => "Permitted.",
        (Decision::Deny, Kind::Deny) if is_refused(response) => "Denied: a rule of access forbids it.",
        (Decision::Deny, Kind::Deny) => "Denied: a consent forbids it.",
        (Decision::Deny, Kind::Indeterminate) => "Denied: it cannot be evaluated.",
        (Decision::Deny, _) => "Denied: no consent speaks about all that is asked for.",
    }
}

fn has(response: &Response, why: Why) -> bool {
    response.reasons.iter().any(|reason| reason.why == why)
}

/// Whether it is denied whatever the consents say.
fn is_refused(response: &Response) -> bool {
    let refuses = |reason: &Reason| {
        let is_of_box = matches!(
            reason.path.of_no_consent(),
            Some("request.break_glass.start" | "request.break_glass.until")
        );
        reason.consent.is_none() && (is_of_box || about_who_asks(reason.why).is_some())
    };
    response.reasons.iter().any(refuses)
}

fn line(reason: &Reason) -> String {
    let consent = reason.consent.as_deref().map(|id| format!("{id}: ")).unwrap_or_default();
    let effect = match reason.effect {
        Effect::Permit => "permits",
        Effect::Deny => "denies",
        Effect::None => "says nothing",
    };
    let (what, remedy) = match reason.why {
        Why::UnknownCode if reason.path.to_string().ends_with(".actor") => WHO_IS_MEANT,
        why => words(why),
    };
    let remedy = if remedy.is_empty() { String::new() } else { format!("; {remedy}") };
    format!("{consent}{}: {effect}: {what}{remedy}", reason.path)
}

const WHO_IS_MEANT: (&str, &str) = (
    "it may mean who asks, or who holds the data",
    "the request would have to name the actor (`aliases`) or the org (`org_aliases`) as the consent does",
);

fn duty(obligation: &Obligation) -> String {
    match obligation {
        Obligation::Only { any_of } => {
            let kept: Vec<String> = any_of.iter().map(what).collect();
            format!("keep nothing but {}", kept.join("; "))
        }
        Obligation::Redact(condition) => format!("leave out {}", what(condition)),
        Obligation::RedactElement { element } => format!("leave out {element}"),
        Obligation::EraseBy { at, consent } => format!("erase the data by {} ({consent})", instant(at)),
        Obligation::MaxUses { frequency, consent } => {
            format!("use it at most {} times in each {:?} ({consent})", frequency.uses, frequency.per)
                .to_lowercase()
        }
        Obligation::ApplyPolicy { policy } => format!("apply the policy {policy}"),
        Obligation::Audit { alert: true } => "put the use on record, and tell somebody now".into(),
        Obligation::Audit { alert: false } => "put the use on record".into(),
        Obligation::ReevaluateBy { at } => format!("ask again at {}", instant(at)),
    }
}

fn instant(at: &DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// What it is, and what would have to differ.
fn words(why: Why) -> (&'static str, &'static str) {
    about_the_consent(why)
        .or_else(|| about_the_data(why))
        .or_else(|| about_who_asks(why))
        .unwrap_or_else(|| about_the_rest(why))
}

fn about_the_consent(why: Why) -> Option<(&'static str, &'static str)> {
    Some(match why {
        Why::Pending => ("it is not given", "it would have to become active"),
        Why::Revoked => ("it was taken back", "the patient would have to give it again"),
        Why::Expired => ("it has run out", "the patient would have to give it again"),
        Why::NotYetInForce => ("its period has not begun", "ask after its start"),
        Why::NoLongerInForce => ("its period is over", "its end would have to be later"),
        Why::ContradictoryPeriod => {
            ("its period cannot be, or cannot be read", "its bounds would have to be put right")
        }
        Why::OtherPurpose => (
            "it is about another purpose",
            "the purpose would have to be one that it names, or lie below one",
        ),
        Why::OtherActor => {
            ("it is about other actors", "the actor would have to be named, or belong to who is named")
        }
        Why::OtherAction => ("it is about other actions", "the action would have to be one that it names"),
        Why::OtherScope => ("it is not about the use of data", ""),
        Why::UnknownCode => (
            "it holds a code that is not known",
            "the code would have to be one of a vocabulary that is carried",
        ),
        Why::UnknownModifier => {
            ("it has a modifier that is not known, and may mean the opposite", "without the modifier")
        }
        Why::UnknownElement => {
            ("it has an element that is not known or cannot be read", "without the element")
        }
        Why::UnknownEffect => {
            ("whether it permits or denies cannot be told", "its type would have to be stated")
        }
        Why::Refined => ("its exceptions decide", ""),
        Why::NoEffect => ("nothing says whether it permits", "its type would have to be stated"),
        _ => return None,
    })
}

fn about_the_data(why: Why) -> Option<(&'static str, &'static str)> {
    Some(match why {
        Why::Matches => ("all of its elements match", ""),
        Why::MatchesSomeClasses => {
            ("its elements match for some of the classes", "the others need a consent, too")
        }
        Why::MatchesSomeData => (
            "its elements match for some of the data",
            "say more of the data, or do what the obligations ask",
        ),
        Why::OtherClasses => {
            ("it is about other classes of data", "the data would have to be of a class that it names")
        }
        Why::OtherLabels => {
            ("it is about other security labels", "the data would have to bear a label that it names")
        }
        Why::OtherCodes => ("it is about other codes", "the data would have to hold a code that it names"),
        Why::OtherDates => {
            ("it is about data of another time", "the data would have to be of its data period")
        }
        Why::OtherData => ("it is about other data", "the data would have to be those that it names"),
        Why::NotNamed => ("it permits nothing but what it names", "the data would have to be named"),
        _ => return None,
    })
}

fn about_who_asks(why: Why) -> Option<(&'static str, &'static str)> {
    Some(match why {
        Why::OtherOrg => ("who asks belongs to another org", "a consent would have to name that org"),
        Why::UnknownRole => ("the role of who asks is not known", "state one of the roles of rule A2"),
        Why::NoActiveEncounter => {
            ("the clinician has no active encounter with the patient", "there would have to be one")
        }
        Why::EncounterNotKnown => {
            ("nobody says whether there is an active encounter", "state `active_encounter`")
        }
        Why::NotOwnData => ("a patient sees own data only", ""),
        Why::NotDeidentified => ("a researcher sees de-identified data only", "ask for `deidentified` data"),
        Why::NotResearch => ("a researcher acts for research only", "state such a purpose"),
        Why::NotAuditData => ("an auditor sees audit events only", ""),
        Why::NotTransport => ("a system moves data only", "ask for the action `collect` or `disclose`"),
        Why::GlassBroken => ("the glass was broken: no consent permits it", ""),
        _ => return None,
    })
}

fn about_the_rest(why: Why) -> (&'static str, &'static str) {
    match why {
        Why::NoDataClass => {
            ("the request does not say which data it is about", "it would have to name classes")
        }
        Why::UnclassifiedData => ("no class describes the data", "the data would have to be classified"),
        Why::UnknownPurpose => ("the purpose of the request is not known", "state a code of v3-ActReason"),
        Why::BreakGlassReasonMissing => ("the glass is broken without a reason", "state the reason"),
        Why::ClassNotPermitted => {
            ("some class is permitted by no consent", "ask for less, or ask the patient")
        }
        Why::NotAllData => {
            ("all or nothing is asked for, and some of it may not be used", "say more of the data")
        }
        Why::NothingLeft => ("all that is permitted is denied, too", ""),
        Why::DutyNotFulfilled => ("nobody does what the permit asks", "who asks would have to fulfil it"),
        Why::ImplicitPermit => ("the org permits what no consent forbids", ""),
        Why::ImplicitDeny => ("the org denies what no consent permits", "a consent would have to permit it"),
        _ => ("", ""),
    }
}
