//! What the configuration says about MLLP: where it listens, TLS, limits, and who may send.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use carewire_fhir_core::OrgId;
use carewire_mllp::{Exposure, PeerRule, ServerOptions, TlsFiles};

use crate::config::Source;
use crate::tables::{self, Table};
use crate::token::duration;

/// The listener.
#[derive(Debug)]
pub(crate) struct MllpConfig {
    pub(crate) address: SocketAddr,
    pub(crate) tls: Option<TlsFiles>,
    pub(crate) max_connections: usize,
    pub(crate) idle_timeout: Duration,
    pub(crate) max_frame: usize,
    /// Without one, everybody who can connect sends for the default org.
    pub(crate) senders: Vec<SenderConfig>,
}

/// A `[[sender]]` of the configuration file.
#[derive(Debug)]
pub(crate) struct SenderConfig {
    pub(crate) from: Option<Vec<PeerRule>>,
    pub(crate) application: Option<String>,
    pub(crate) facility: Option<String>,
    pub(crate) org: OrgId,
}

const FRAMES: std::ops::RangeInclusive<usize> = 1_024..=268_435_456;

impl MllpConfig {
    pub(crate) fn read(source: &mut Source, org: &OrgId) -> Self {
        let limits = Self::at(SocketAddr::from(([127, 0, 0, 1], 2575)));
        let tls = tls(source);
        let can_ask_for_certificates = tls.as_ref().is_some_and(|files| files.client_ca.is_some());
        Self {
            address: source.address("CAREWIRE_MLLP", limits.address.port()),
            tls,
            max_connections: source.parsed(
                "CAREWIRE_MLLP_MAX_CONNECTIONS",
                limits.max_connections,
                "a number from 1 to 65535",
                |text| text.parse().ok().filter(|number| (1..=65_535).contains(number)),
            ),
            idle_timeout: source.parsed(
                "CAREWIRE_MLLP_IDLE_TIMEOUT",
                limits.idle_timeout,
                "a time such as `90s` or `10m`",
                |text| duration(text)?.to_std().ok(),
            ),
            max_frame: source.parsed(
                "CAREWIRE_MLLP_MAX_FRAME",
                limits.max_frame,
                "a number of bytes from 1024 to 268435456",
                |text| text.parse().ok().filter(|bytes| FRAMES.contains(bytes)),
            ),
            senders: senders(source, org, can_ask_for_certificates),
        }
    }

    /// A listener at this address with everything else as it is by default.
    pub(crate) fn at(address: SocketAddr) -> Self {
        let ServerOptions { max_connections, idle_timeout, max_frame, .. } = ServerOptions::default();
        Self { address, tls: None, max_connections, idle_timeout, max_frame, senders: vec![] }
    }

    /// Others than this machine can reach it: somebody asked for that by the address.
    pub(crate) fn exposure(&self) -> Exposure {
        match self.address.ip().to_canonical().is_loopback() {
            true => Exposure::Loopback,
            false => Exposure::Network,
        }
    }

    /// The orgs that senders belong to.
    pub(crate) fn orgs(&self) -> BTreeSet<&OrgId> {
        self.senders.iter().map(|sender| &sender.org).collect()
    }

    /// What an operator should know about a listener that others can reach.
    pub(crate) fn warnings(&self) -> Vec<&'static str> {
        if self.exposure() == Exposure::Loopback {
            return vec![];
        }
        let plain =
            "CAREWIRE_MLLP is reachable from the network and has no TLS: messages travel in clear text";
        let open = "CAREWIRE_MLLP is reachable from the network and there is no [[sender]]: whoever connects may send";
        [(self.tls.is_none(), plain), (self.senders.is_empty(), open)]
            .into_iter()
            .filter_map(|(holds, warning)| holds.then_some(warning))
            .collect()
    }
}

fn tls(source: &mut Source) -> Option<TlsFiles> {
    let file = |name: &str| source.text(name).map(PathBuf::from);
    let (cert, key) = (file("CAREWIRE_MLLP_TLS_CERT"), file("CAREWIRE_MLLP_TLS_KEY"));
    let client_ca = file("CAREWIRE_MLLP_TLS_CLIENT_CA");
    match (cert, key) {
        (Some(cert), Some(key)) => Some(TlsFiles { cert, key, client_ca }),
        (None, None) => {
            if client_ca.is_some() {
                source.problem("CAREWIRE_MLLP_TLS_CLIENT_CA: needs CAREWIRE_MLLP_TLS_CERT and _KEY");
            }
            None
        }
        (None, Some(_)) => {
            source.problem("CAREWIRE_MLLP_TLS_CERT: is expected beside CAREWIRE_MLLP_TLS_KEY");
            None
        }
        (Some(_), None) => {
            source.problem("CAREWIRE_MLLP_TLS_KEY: is expected beside CAREWIRE_MLLP_TLS_CERT");
            None
        }
    }
}

fn senders(source: &mut Source, org: &OrgId, certificates: bool) -> Vec<SenderConfig> {
    let mut all: Vec<SenderConfig> = Vec::new();
    tables::each(source, "sender", |table| {
        let sender = sender(table, org, certificates);
        if let Some(before) = all.iter().position(SenderConfig::is_everybody) {
            table.problem(&format!("is never asked: sender {} takes everything", before + 1));
        }
        all.push(sender);
    });
    all
}

impl SenderConfig {
    fn is_everybody(&self) -> bool {
        self.from.is_none() && self.application.is_none() && self.facility.is_none()
    }
}

fn sender(table: &mut Table<'_>, org: &OrgId, certificates: bool) -> SenderConfig {
    table.allow(&["from", "application", "facility", "org"]);
    let from = table.member("from").cloned().map(|from| rules(table, &from));
    if !certificates && from.iter().flatten().any(PeerRule::needs_certificate) {
        table.problem("from: a rule about certificates needs CAREWIRE_MLLP_TLS_CLIENT_CA");
    }
    SenderConfig {
        from,
        application: table.text("application"),
        facility: table.text("facility"),
        org: table.org().unwrap_or_else(|| org.clone()),
    }
}

fn rules(table: &mut Table<'_>, from: &toml::Value) -> Vec<PeerRule> {
    let items = from.as_array().map(Vec::as_slice).unwrap_or_default();
    if items.is_empty() {
        table.problem("from: a list of addresses, networks, `name:…` or `sha256:…` is expected");
    }
    let mut rules = Vec::new();
    for (index, item) in items.iter().enumerate() {
        match item.as_str().map(str::parse::<PeerRule>) {
            Some(Ok(rule)) => rules.push(rule),
            Some(Err(error)) => table.problem(&format!("from, entry {}: {error}", index + 1)),
            None => table.problem(&format!("from, entry {}: a text is expected", index + 1)),
        }
    }
    rules
}
