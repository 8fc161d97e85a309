//! Who may connect, and who is meant: rules about peers, read from text.

use std::{fmt, net::IpAddr, str::FromStr};

use ipnet::IpNet;

use crate::{Peer, peer::hex};

/// A rule that a peer meets or not: the entry of an allow list, or the key by which a peer is told apart from others.
///
/// | text | is met by |
/// |---|---|
/// | `192.0.2.7` | a connection from this address |
/// | `192.0.2.0/24`, `2001:db8::/32` | a connection from this network |
/// | `name:lis.example.org` | a certificate with this name, in either case; `*` is no wildcard |
/// | `sha256:` and 64 hexadecimal digits | the certificate with this fingerprint; colons between digits may stand |
///
/// An IPv4 address that comes over an IPv6 socket (`::ffff:192.0.2.7`) is the IPv4 address. Rules about certificates
/// are never met over a connection without one.
///
/// ```
/// use carewire_mllp::{Peer, PeerRule};
/// let allowed: Vec<PeerRule> = ["10.1.0.0/16", "name:lis.example.org"].iter().map(|rule| rule.parse().unwrap()).collect();
/// let peer = Peer::new(1, "10.1.2.3:50000".parse().unwrap());
/// assert!(allowed.iter().any(|rule| rule.matches(&peer)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PeerRule(Rule);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Rule {
    Address(IpAddr),
    Network(IpNet),
    Name(String),
    Fingerprint([u8; 32]),
}

impl PeerRule {
    /// Whether the peer meets it.
    #[must_use]
    pub fn matches(&self, peer: &Peer) -> bool {
        let address = peer.address().ip().to_canonical();
        let certificate = peer.certificate();
        match &self.0 {
            Rule::Address(expected) => *expected == address,
            Rule::Network(network) => network.contains(&address),
            Rule::Name(name) => certificate
                .is_some_and(|certificate| certificate.names.iter().any(|n| n.eq_ignore_ascii_case(name))),
            Rule::Fingerprint(expected) => {
                certificate.is_some_and(|certificate| certificate.fingerprint == *expected)
            }
        }
    }

    /// Whether it asks for a certificate, so that it can only be met over TLS.
    #[must_use]
    pub fn needs_certificate(&self) -> bool {
        matches!(self.0, Rule::Name(_) | Rule::Fingerprint(_))
    }
}

impl FromStr for PeerRule {
    type Err = PeerRuleError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let rule = if let Some(name) = text.strip_prefix("name:") {
            Rule::Name(name_of(name).ok_or(PeerRuleError::Name)?)
        } else if let Some(digits) = text.strip_prefix("sha256:") {
            Rule::Fingerprint(fingerprint(digits).ok_or(PeerRuleError::Fingerprint)?)
        } else if text.contains('/') {
            Rule::Network(network(text).ok_or(PeerRuleError::Network)?)
        } else {
            let address: IpAddr = text.parse().map_err(|_| PeerRuleError::Unknown)?;
            Rule::Address(address.to_canonical())
        };
        Ok(Self(rule))
    }
}

/// The text that reads as the rule.
impl fmt::Display for PeerRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Rule::Address(address) => write!(f, "{address}"),
            Rule::Network(network) => write!(f, "{network}"),
            Rule::Name(name) => write!(f, "name:{name}"),
            Rule::Fingerprint(digest) => write!(f, "sha256:{}", hex(digest)),
        }
    }
}

/// Why a text is no rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PeerRuleError {
    /// Neither an address nor one of the other forms.
    #[error("not an address, a network, `name:` with a name, or `sha256:` with a fingerprint")]
    Unknown,
    /// Not a network, or an address with bits set beyond the network's: probably a slip.
    #[error("not a network: an address with no bits beyond the prefix, `/`, and the length of the prefix")]
    Network,
    /// No name, or one with a space, a control character or a wildcard.
    #[error("not a name: wildcards, spaces and control characters cannot stand in it")]
    Name,
    /// Not 64 hexadecimal digits.
    #[error("not a SHA-256 fingerprint: 64 hexadecimal digits")]
    Fingerprint,
}

fn name_of(text: &str) -> Option<String> {
    let odd = |c: char| c.is_control() || c.is_whitespace() || c == '*';
    (!text.is_empty() && !text.contains(odd)).then(|| text.to_owned())
}

/// A network whose address has no bits beyond its prefix.
fn network(text: &str) -> Option<IpNet> {
    let network: IpNet = text.parse().ok()?;
    (network.network() == network.addr()).then_some(network)
}

fn fingerprint(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> = text.chars().filter(|c| *c != ':').map(digit).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(high << 4 | low),
            _ => None,
        })
        .collect::<Option<_>>()?;
    bytes.try_into().ok()
}

fn digit(c: char) -> Option<u8> {
    c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
#[path = "peer_rule_tests.rs"]
mod tests;
