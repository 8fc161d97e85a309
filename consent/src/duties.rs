//! What the one who uses a permit does of what it asks.

use std::collections::BTreeSet;

use crate::{Obligation, Response};

/// The obligations that the one who uses a permit fulfils.
///
/// [`authorize`](crate::authorize) gives no permit that asks for more. Whoever uses one audits each decision and
/// asks again when the consents or the time have moved; a [`Permit`](crate::Permit) covers no class of which some data
/// must be left out. Any other duty is to be declared by who does it, and is declared by nobody else.
///
/// ```
/// use carewire_consent::{Duties, Obligation};
/// let erase = Obligation::EraseBy { at: chrono::DateTime::UNIX_EPOCH, consent: "a1".into() };
/// let policy = Obligation::ApplyPolicy { policy: "pseudonymous".into() };
/// assert!(Duties::default().fulfil(&Obligation::Audit { alert: true }));
/// assert!(!Duties::default().fulfil(&erase) && Duties::default().erasing().fulfil(&erase));
/// assert!(Duties::default().applying("pseudonymous").fulfil(&policy));
/// assert!(!Duties::default().applying("safe-harbor").fulfil(&policy));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Duties {
    erases: bool,
    counts_uses: bool,
    redacts_elements: bool,
    policies: BTreeSet<Box<str>>,
}

impl Duties {
    /// The data are erased by the time that the permit states.
    #[must_use]
    pub fn erasing(mut self) -> Self {
        self.erases = true;
        self
    }

    /// Uses are counted, and there are no more of them than the permit allows.
    #[must_use]
    pub fn counting_uses(mut self) -> Self {
        self.counts_uses = true;
        self
    }

    /// Elements that the permit names are left out of what is used.
    #[must_use]
    pub fn redacting_elements(mut self) -> Self {
        self.redacts_elements = true;
        self
    }

    /// The de-identification policy of this name is applied before the data are used.
    #[must_use]
    pub fn applying(mut self, policy: impl Into<Box<str>>) -> Self {
        self.policies.insert(policy.into());
        self
    }

    /// Whether this obligation is fulfilled.
    #[must_use]
    pub fn fulfil(&self, obligation: &Obligation) -> bool {
        match obligation {
            // A permit covers none of the classes that these are about.
            Obligation::Only { .. } | Obligation::Redact(_) => true,
            Obligation::Audit { .. } | Obligation::ReevaluateBy { .. } => true,
            Obligation::RedactElement { .. } => self.redacts_elements,
            Obligation::EraseBy { .. } => self.erases,
            Obligation::MaxUses { .. } => self.counts_uses,
            Obligation::ApplyPolicy { policy } => self.policies.contains(policy),
        }
    }

    /// The obligations that nobody fulfils.
    pub(crate) fn left_undone<'a>(&self, response: &'a Response) -> impl Iterator<Item = &'a Obligation> {
        response.obligations.iter().filter(|obligation| !self.fulfil(obligation))
    }
}
