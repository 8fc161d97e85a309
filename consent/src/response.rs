//! A decision and its reasons, none of which holds a value.

use std::sync::Arc;

use serde::Serialize;

use crate::{ElementPath, Obligation};

/// The answer to a request.
///
/// As JSON: `{"decision":"deny","kind":"not_applicable","reasons":[{"consent":…,"path":…,"effect":…,"why":…}],"obligations":[]}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[must_use]
pub struct Response {
    /// Permit or deny.
    pub decision: Decision,
    /// What kind of permit or deny.
    pub kind: Kind,
    /// What every consent of the patient contributed, and what settled the matter; ordered, each once.
    pub reasons: Vec<Reason>,
    /// What a permit asks of the one who uses it. Empty on a deny.
    pub obligations: Vec<Obligation>,
}

/// The two answers.
#[expect(clippy::exhaustive_enums, reason = "a third answer must break the build of whoever acts on it")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// It may be done.
    Permit,
    /// It may not be done.
    Deny,
}

/// The four ways to arrive at an answer. Only [`Kind::Permit`] permits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// A consent, the policy of the org, or a broken glass permits.
    Permit,
    /// A consent, or a rule of access, forbids.
    Deny,
    /// No consent speaks about all that is asked for, and the policy does not permit that.
    NotApplicable,
    /// The request or a consent that bears on it cannot be evaluated.
    Indeterminate,
}

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[non_exhaustive]
pub struct Reason {
    /// The consent, or none where the request or the policy is the reason.
    pub consent: Option<Arc<str>>,
    /// The element that decided: of the consent, or below `request` or `policy`.
    pub path: ElementPath,
    /// What it does to the request.
    pub effect: Effect,
    /// Why, as a stable code.
    pub why: Why,
}

/// What a reason does to the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Effect {
    /// It permits some or all of the classes.
    Permit,
    /// It denies the request.
    Deny,
    /// Nothing: the consent does not apply.
    None,
}

/// Why a consent, the request or the policy has its effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Why {
    /// Every element matches, for every class that is asked for.
    Matches,
    /// Every element matches, for some of the classes that are asked for.
    MatchesSomeClasses,
    /// Every element matches, for some of the data: the obligations say for which.
    MatchesSomeData,
    /// The consent is not given yet.
    Pending,
    /// The consent was taken back.
    Revoked,
    /// The consent is marked as run out.
    Expired,
    /// The period has not begun.
    NotYetInForce,
    /// The period is over.
    NoLongerInForce,
    /// The period ends before it begins.
    ContradictoryPeriod,
    /// It is about another purpose.
    OtherPurpose,
    /// It is about other actors.
    OtherActor,
    /// It is about other actions.
    OtherAction,
    /// It is about something else than the use of data.
    OtherScope,
    /// It is about other classes of data.
    OtherClasses,
    /// It is about data with other security labels.
    OtherLabels,
    /// It is about data with other codes.
    OtherCodes,
    /// It is about data of another time.
    OtherDates,
    /// It is about other data, by reference.
    OtherData,
    /// It permits nothing but what it names, and these data are not named.
    NotNamed,
    /// Those below it decide.
    Refined,
    /// Neither it nor what refers to it says whether it permits.
    NoEffect,
    /// It holds a code that is not known: a denial may mean this request, a permit does not.
    UnknownCode,
    /// It has a modifier that is not known: it may mean the opposite of what it says.
    UnknownModifier,
    /// It has an element that is not known or cannot be read: it may be a restriction.
    UnknownElement,
    /// It neither permits nor denies, by a code that is known.
    UnknownEffect,
    /// The request does not say which classes of data it is about.
    NoDataClass,
    /// The request is about data that no class describes.
    UnclassifiedData,
    /// The purpose of the request is not known.
    UnknownPurpose,
    /// The purpose is to break the glass, and no reason is stated.
    BreakGlassReasonMissing,
    /// The actor belongs to another org, which no consent names.
    OtherOrg,
    /// The role of the one who asks is not known.
    UnknownRole,
    /// The clinician has no active encounter with the patient.
    NoActiveEncounter,
    /// Nobody says whether the clinician has an active encounter with the patient.
    EncounterNotKnown,
    /// A patient asks for somebody else's data.
    NotOwnData,
    /// A researcher asks for data that are not de-identified.
    NotDeidentified,
    /// A researcher asks for another purpose than research.
    NotResearch,
    /// An auditor asks for something else than audit events.
    NotAuditData,
    /// A system asks for something else than to bring data in or to send them.
    NotTransport,
    /// The glass was broken: it stands in for a permit that is missing.
    GlassBroken,
    /// Some class that is asked for is permitted by no consent.
    ClassNotPermitted,
    /// The org permits all that is asked for, or nothing; and some of it may not be.
    NotAllData,
    /// All that is permitted is denied, too.
    NothingLeft,
    /// It would be permitted to who does what the permit asks, and the request does not declare it.
    DutyNotFulfilled,
    /// The org permits what no consent forbids.
    ImplicitPermit,
    /// The org denies what no consent permits.
    ImplicitDeny,
}
