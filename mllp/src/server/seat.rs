//! The places of a server: how many connections there are, and how each of them ends.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{Reason, Shared};

/// The connections of each address, where those are limited.
#[derive(Default)]
pub(super) struct Addresses(Mutex<HashMap<IpAddr, usize>>);

impl Addresses {
    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a connection, unless there are `most` already.
    fn enter(&self, address: IpAddr, most: usize) -> bool {
        let mut addresses = self.lock();
        let open = addresses.get(&address).copied().unwrap_or(0);
        let admitted = open < most;
        if admitted {
            addresses.insert(address, open + 1);
        }
        admitted
    }

    fn leave(&self, address: IpAddr) {
        let mut addresses = self.lock();
        match addresses.get_mut(&address) {
            Some(open) if *open > 1 => *open -= 1,
            _ => drop(addresses.remove(&address)),
        }
    }
}

/// The place of one connection. When it is dropped the connection has ended, however that came about, and is counted.
pub(super) struct Seat {
    shared: Arc<Shared>,
    connection: u64,
    address: SocketAddr,
    reason: Option<Reason>,
}

impl Seat {
    /// A place for a connection, unless there are too many, which is then counted.
    pub(super) fn take(shared: &Arc<Shared>, connection: u64, address: SocketAddr) -> Option<Self> {
        let options = &shared.options;
        let refused = if shared.stats.open() >= options.max_connections as u64 {
            Some(Reason::TooMany)
        } else {
            match options.max_connections_per_address {
                Some(most) if !shared.addresses.enter(address.ip().to_canonical(), most) => {
                    Some(Reason::TooManyOfAddress)
                }
                _ => None,
            }
        };
        if let Some(reason) = refused {
            shared.stats.count_end(reason);
            report(connection, address, reason);
            return None;
        }
        shared.stats.count_opened();
        tracing::debug!(connection, %address, "connection opened");
        Some(Self { shared: Arc::clone(shared), connection, address, reason: None })
    }

    /// Says why the connection ends.
    pub(super) fn end(&mut self, reason: Reason) {
        self.reason = Some(reason);
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let unsaid = if std::thread::panicking() { Reason::Panicked } else { Reason::Aborted };
        let reason = self.reason.unwrap_or(unsaid);
        if self.shared.options.max_connections_per_address.is_some() {
            self.shared.addresses.leave(self.address.ip().to_canonical());
        }
        self.shared.stats.count_gone();
        self.shared.stats.count_end(reason);
        report(self.connection, self.address, reason);
    }
}

fn report(connection: u64, address: SocketAddr, reason: Reason) {
    let name = reason.as_str();
    match reason {
        Reason::Panicked | Reason::Aborted => {
            tracing::error!(connection, %address, reason = name, "connection cut off");
        }
        Reason::Peer | Reason::Drained | Reason::Handler => {
            tracing::debug!(connection, %address, reason = name, "connection closed");
        }
        _ if reason.is_refusal() => tracing::warn!(connection, %address, reason = name, "connection refused"),
        _ => tracing::info!(connection, %address, reason = name, "connection closed"),
    }
}
