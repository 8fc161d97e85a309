//! Where `serve` sends HL7 v2 messages: the `[[destination]]` tables of the configuration.

use std::path::PathBuf;

use carewire_gateway::{Basis, Destination, Gateway, MllpOutbox, OnReject};
use carewire_mllp::Target;

use crate::config::Source;
use crate::failure::Failure;
use crate::mllp::tls::{self, Trust};
use crate::queue::Queue;
use crate::tables::{self, Table};

/// A `[[destination]]` of the configuration file.
#[derive(Debug)]
pub(crate) struct DestinationConfig {
    pub(crate) name: String,
    pub(crate) to: String,
    trust: Trust,
    on_reject: OnReject,
    connections: usize,
    pub(crate) basis: Basis,
}

const MEMBERS: [&str; 10] =
    ["name", "to", "tls", "tls_ca", "tls_name", "tls_cert", "tls_key", "on_reject", "connections", "basis"];

/// The most connections to one destination.
const CONNECTIONS: u32 = 64;

pub(crate) fn read(source: &mut Source) -> Vec<DestinationConfig> {
    let mut all: Vec<DestinationConfig> = Vec::new();
    tables::each(source, "destination", |table| {
        let Some(destination) = destination(table) else { return };
        if all.iter().any(|other| other.name == destination.name) {
            table.problem("name: another destination has the same");
        }
        all.push(destination);
    });
    all
}

fn destination(table: &mut Table<'_>) -> Option<DestinationConfig> {
    table.allow(&MEMBERS);
    let trust = trust(table);
    let on_reject = table.parsed("on_reject", "`stop` or `skip`", |text| match text {
        "stop" => Some(OnReject::Stop),
        "skip" => Some(OnReject::Skip),
        _ => None,
    });
    let connections = table.count("connections", CONNECTIONS);
    let basis = table.parsed("basis", "`consent` or `contract:NAME`", basis);
    let (name, to) = (table.required("name"), table.required("to"));
    let (name, to) = (name?, to?);
    if Destination::new(&name, Target::new(&to)).is_err() {
        table.problem("name: one to 64 letters, digits, `_`, `-` or `.` is expected");
    }
    if to.rsplit_once(':').is_none_or(|(host, port)| host.is_empty() || port.parse::<u16>().is_err()) {
        table.problem("to: a host and a port, such as lis.example.org:2575, is expected");
    }
    Some(DestinationConfig {
        name,
        to,
        trust,
        on_reject: on_reject.unwrap_or_default(),
        connections: connections.map_or(1, |count| usize::try_from(count).unwrap_or(1)),
        basis: basis.unwrap_or(Basis::Consent),
    })
}

fn basis(text: &str) -> Option<Basis> {
    match text.split_once(':') {
        None => (text == "consent").then_some(Basis::Consent),
        Some(("contract", name)) => Basis::contract(name).ok(),
        Some(_) => None,
    }
}

fn trust(table: &mut Table<'_>) -> Trust {
    let trust = Trust {
        tls: table.flag("tls"),
        ca: table.text("tls_ca").map(PathBuf::from),
        name: table.text("tls_name"),
        cert: table.text("tls_cert").map(PathBuf::from),
        key: table.text("tls_key").map(PathBuf::from),
    };
    if trust.cert.is_some() != trust.key.is_some() {
        table.problem("tls_cert and tls_key: both are expected, or neither");
    }
    trust
}

/// The outbox of the default org; `None` without a destination. Nothing is sent yet.
pub(crate) fn outbox(
    destinations: &[DestinationConfig],
    gateway: &Gateway,
    queue: &Queue,
) -> Result<Option<MllpOutbox>, Failure> {
    if destinations.is_empty() {
        return Ok(None);
    }
    let all: Vec<Destination> =
        destinations.iter().map(DestinationConfig::build).collect::<Result<_, _>>()?;
    Ok(Some(gateway.mllp_outbox(queue.outbox(), all)?))
}

impl DestinationConfig {
    fn build(&self) -> Result<Destination, Failure> {
        let named = |failure: Failure| Failure::usage(format!("destination {}: {failure}", self.name));
        let target = tls::target(&self.to, &self.trust).map_err(named)?;
        Ok(Destination::new(&self.name, target)?
            .with_on_reject(self.on_reject)
            .with_connections(self.connections))
    }

    /// How a person is told of it.
    pub(crate) fn described(&self) -> String {
        let encrypted = if self.trust.is_wanted() { "TLS" } else { "no TLS" };
        let basis = match &self.basis {
            Basis::Contract(name) => format!("contract {}", name.as_str()),
            _ => "consent".into(),
        };
        format!("{} at {}, {encrypted}, by {basis}", self.name, self.to)
    }
}
