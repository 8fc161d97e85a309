//! Where messages go, and by what right.

use carewire_mllp::{ClientOptions, Target};
use carewire_sync_engine::RetryPolicy;

use super::line;
use crate::{Error, Result};

/// The longest name of a destination or contract.
const LONGEST_NAME: usize = 64;

/// What happens when a receiver will not take a message (AE, AR, CE, CR other than for the moment).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnReject {
    /// The message goes to the dead letter and the destination stops: nothing behind it is sent until an operator sends
    /// it again or leaves it out, and resumes ([`MllpOutbox::resume`](crate::MllpOutbox::resume)). The order is kept.
    #[default]
    Stop,
    /// The message goes to the dead letter and the next one goes out.
    Skip,
}

/// The right by which an identified message leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Basis {
    /// The patient's consent, decided when the message is sent, for every class of data in it. Denied, the message is
    /// held until the patient's consents change. The message must be about one patient and one that the FHIR map reads.
    Consent,
    /// A contract, such as one of data processing or a duty to report: no consent is asked. Each disclosure is on record
    /// under it.
    Contract(ContractId),
}

/// The operator's name of a contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractId(Box<str>);

impl ContractId {
    /// Checks and wraps the name.
    ///
    /// # Errors
    /// [`Error::BadName`] when it is empty, longer than 64, or holds anything but ASCII letters, digits, `_`, `-`, `.`.
    pub fn new(name: &str) -> Result<Self> {
        checked(name, "contract").map(|name| Self(name.into()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Basis {
    /// By the contract of that name.
    ///
    /// # Errors
    /// As [`ContractId::new`].
    pub fn contract(name: &str) -> Result<Self> {
        ContractId::new(name).map(Self::Contract)
    }

    /// As a job and the audit trail name it.
    pub(super) fn reference(&self) -> String {
        match self {
            Self::Consent => "consent".into(),
            Self::Contract(id) => format!("contract:{}", id.as_str()),
        }
    }

    pub(super) fn from_reference(text: &str) -> Option<Self> {
        match text.strip_prefix("contract:") {
            Some(id) => Self::contract(id).ok(),
            None => (text == "consent").then_some(Self::Consent),
        }
    }
}

/// One receiver, and how it is treated.
///
/// ```
/// use carewire_gateway::{Destination, OnReject};
/// use carewire_mllp::Target;
///
/// let target = Target::new("lis.example.org:2575"); // .with_tls(server_name, client_tls)
/// let lab = Destination::new("lab", target.clone())?.with_on_reject(OnReject::Skip);
/// assert_eq!(lab.name(), "lab");
/// assert!(Destination::new("no blanks", target).is_err());
/// # Ok::<(), carewire_gateway::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Destination {
    name: String,
    pub(super) target: Target,
    pub(super) client: ClientOptions,
    pub(super) on_reject: OnReject,
    pub(super) connections: usize,
    pub(super) pauses: RetryPolicy,
    pub(super) deferrals: Option<u32>,
}

impl Destination {
    /// A receiver over one connection and in the order of handing over, that stops at a message which the
    /// receiver will not take. `name` stands in the queue, in metrics and in the audit trail, and in what consents name as
    /// the remote.
    ///
    /// # Errors
    /// [`Error::BadName`] when the name is empty, longer than 64, or holds anything but ASCII letters, digits, `_`, `-`, `.`.
    pub fn new(name: &str, target: Target) -> Result<Self> {
        Ok(Self {
            name: checked(name, "destination")?.to_owned(),
            target,
            client: line::client_options(),
            on_reject: OnReject::Stop,
            connections: 1,
            pauses: RetryPolicy::default().with_cap(std::time::Duration::from_secs(60)),
            deferrals: None,
        })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> &str {
        self.target.address()
    }

    /// The same with other timeouts and limits. Which answer belongs to a message is always told by MSA-2. A change of a
    /// patient's consents waits for the exchange under way, so at most as long as these timeouts.
    #[must_use]
    pub fn with_client(self, client: ClientOptions) -> Self {
        Self { client: line::correlating(client), ..self }
    }

    /// The same with another answer to rejections.
    #[must_use]
    pub fn with_on_reject(self, on_reject: OnReject) -> Self {
        Self { on_reject, ..self }
    }

    /// The same over so many connections. With more than one, the order is kept for each patient instead of for all.
    #[must_use]
    pub fn with_connections(self, connections: usize) -> Self {
        Self { connections: connections.max(1), ..self }
    }

    /// The same with other pauses before a message is sent again (1, 2, 4 s and so on, at most a minute). How many
    /// attempts the policy allows does not matter: see [`Destination::with_deferrals`].
    #[must_use]
    pub fn with_pauses(self, pauses: RetryPolicy) -> Self {
        Self { pauses, ..self }
    }

    /// How often the receiver may say that it cannot take a message for the moment (ERR-3 206, 207) before that counts
    /// as a rejection. `None`, the default: as often as it likes. Attempts whose worker died count, too.
    #[must_use]
    pub fn with_deferrals(self, deferrals: Option<u32>) -> Self {
        Self { deferrals, ..self }
    }
}

fn checked<'n>(name: &'n str, what: &'static str) -> Result<&'n str> {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    let valid = !name.is_empty() && name.len() <= LONGEST_NAME && name.bytes().all(known);
    if valid { Ok(name) } else { Err(Error::BadName { what }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_basis_survives_its_reference() {
        for basis in [Basis::Consent, Basis::contract("dpa-7.1").unwrap()] {
            assert_eq!(Basis::from_reference(&basis.reference()), Some(basis));
        }
        for text in ["", "consent ", "contract:", "contract:a b", "Consent", "permit"] {
            assert_eq!(Basis::from_reference(text), None, "`{text}`");
        }
    }

    #[test]
    fn names_are_short_and_plain() {
        for bad in ["", "a b", "a/b", "ä", &"x".repeat(65)] {
            let destination = Destination::new(bad, Target::new("localhost:1"));
            assert!(matches!(destination, Err(Error::BadName { what: "destination" })));
            assert!(matches!(ContractId::new(bad), Err(Error::BadName { what: "contract" })));
        }
        assert!(Destination::new(&"x".repeat(64), Target::new("localhost:1")).is_ok());
    }
}
