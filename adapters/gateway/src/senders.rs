//! Who may send, and whose messages they are.

use carewire_hl7_v2::light::Peek;
use carewire_mllp::{Peer, PeerRule};

use crate::Gateway;

/// A sender that may connect, and the gateway that takes its messages.
///
/// The connection decides: its address or its client certificate. MSH-3 and MSH-4 only tell apart the applications that
/// share a connection, for example behind an interface engine; what a message says never opens a door by itself.
#[derive(Clone, Debug)]
pub struct MllpSender {
    /// `None` is everybody.
    peers: Option<Vec<PeerRule>>,
    application: Option<String>,
    facility: Option<String>,
    pub(crate) gateway: Gateway,
}

impl MllpSender {
    /// Everybody who can connect.
    #[must_use]
    pub fn anybody(gateway: Gateway) -> Self {
        Self { peers: None, application: None, facility: None, gateway }
    }

    /// Only connections that one of the rules matches; without a rule, none.
    #[must_use]
    pub fn from_peers(self, rules: impl IntoIterator<Item = PeerRule>) -> Self {
        Self { peers: Some(rules.into_iter().collect()), ..self }
    }

    /// Only messages with this MSH-3.1, exactly.
    #[must_use]
    pub fn with_application(self, application: impl Into<String>) -> Self {
        Self { application: Some(application.into()), ..self }
    }

    /// Only messages with this MSH-4.1, exactly.
    #[must_use]
    pub fn with_facility(self, facility: impl Into<String>) -> Self {
        Self { facility: Some(facility.into()), ..self }
    }

    pub(crate) fn admits(&self, peer: &Peer) -> bool {
        self.peers.as_deref().is_none_or(|rules| rules.iter().any(|rule| rule.matches(peer)))
    }

    fn takes(&self, peek: &Peek) -> bool {
        let is = |wanted: &Option<String>, sent: &Option<String>| wanted.is_none() || wanted == sent;
        is(&self.application, &peek.sending_application) && is(&self.facility, &peek.sending_facility)
    }
}

/// Where a message goes.
#[derive(Debug)]
pub(crate) enum Route<'s> {
    /// To this gateway.
    To(&'s Gateway),
    /// The connection is known, and this is not one of the senders that it may be. The gateway writes the answer and
    /// learns nothing.
    WrongSender(&'s Gateway),
    /// The connection is not known.
    Nowhere,
}

impl<'s> Route<'s> {
    /// The first sender that matches. A message that cannot be read goes where all messages of its connection go; where
    /// they go to several orgs, it goes to none of them.
    pub(crate) fn of(senders: &'s [MllpSender], peer: &Peer, peek: Option<&Peek>) -> Self {
        let mut known = senders.iter().filter(|sender| sender.admits(peer));
        let Some(first) = known.clone().next() else { return Self::Nowhere };
        let found = match peek {
            Some(peek) => known.find(|sender| sender.takes(peek)),
            None => known.all(|sender| sender.gateway.org() == first.gateway.org()).then_some(first),
        };
        found.map_or(Self::WrongSender(&first.gateway), |sender| Self::To(&sender.gateway))
    }
}
