//! What surrounds a resource: the Bundle of a live sync, or a file.

use carewire_fhir_core::PatientToken;
use carewire_fhir_core::json::{NameId, write_string};

use super::address::Addresses;
use super::links::Links;
use crate::Pseudonymizer;
use crate::transform::Shift;

/// Where references lead, and what dates are measured by.
#[derive(Debug)]
pub(super) enum Scope<'w> {
    /// A Bundle whose patients have tokens; references lead within it.
    Live {
        links: &'w Links,
        /// The patient that the resource belongs to.
        token: Option<&'w PatientToken>,
        shift: Option<Shift>,
    },
    /// One of many resources; references lead to surrogates of ids.
    File {
        addresses: &'w mut Addresses,
        /// The shift of the patient that the resource is about.
        shift: Option<Shift>,
        oldest: Option<&'w Oldest>,
    },
}

/// Where a Patient names another one.
const LINK: &str = "Patient.link.other";

impl<'w> Scope<'w> {
    pub(super) fn is_too_old(&self, date: &str) -> bool {
        matches!(self, Self::File { oldest: Some(oldest), .. } if oldest.is_passed(date))
    }

    pub(super) fn shift(&self) -> Option<Shift> {
        match self {
            Self::Live { shift, .. } | Self::File { shift, .. } => *shift,
        }
    }

    pub(super) fn token(&self) -> Option<&'w str> {
        match self {
            Self::Live { token, .. } => token.map(PatientToken::as_str),
            Self::File { .. } => None,
        }
    }

    /// Whether the element at a path is the patient that a Patient is linked to by token.
    pub(super) fn is_link(&self, path: &str) -> bool {
        matches!(self, Self::Live { .. }) && path == LINK
    }

    /// Writes where a reference leads now. Answers whether it leads anywhere.
    pub(super) fn address(&mut self, keys: &Pseudonymizer, target: &str, out: &mut String) -> bool {
        match self {
            Self::Live { links, .. } => match links.resolve(target) {
                Some(address) => {
                    write_string(address, out);
                    true
                }
                None => false,
            },
            Self::File { addresses, .. } => match addresses.of(keys, target) {
                Some(address) => {
                    write_string(address, out);
                    true
                }
                None => false,
            },
        }
    }

    /// The token of the one patient whom a Bundle without a Patient is about, if a reference leads there.
    pub(super) fn the_patient(&self, element: Option<NameId>, target: &str) -> Option<&'w str> {
        let Self::Live { links, token: Some(token), .. } = self else { return None };
        links.is_the_patient(element?.as_str(), target).then(|| token.as_str())
    }

    /// The new address and the token of another patient.
    pub(super) fn linked(&self, target: &str) -> Option<(&'w str, &'w str)> {
        let Self::Live { links, .. } = self else { return None };
        let address = links.resolve(target)?;
        Some((address, links.token_at(address)?))
    }
}

/// The day at which ages are counted.
#[derive(Clone, Debug)]
pub(super) struct Oldest {
    pub(super) as_of: carewire_fhir_core::Date,
}

impl Oldest {
    /// Whether a date lies so far back that it tells an age above 89.
    fn is_passed(&self, date: &str) -> bool {
        let year = date.get(..4).and_then(|year| year.parse::<u32>().ok());
        let far = year
            .is_some_and(|year| u32::from(self.as_of.year()).saturating_sub(year) > crate::transform::OLDEST);
        far && crate::transform::age_at(date, &self.as_of).is_none_or(|age| age > crate::transform::OLDEST)
    }
}
