use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::{Arc, PoisonError, RwLock};

use url::{Host, Url};

/// Where a notification goes. Only plain HTTP: certificates are not checked here.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Endpoint {
    host: String,
    port: u16,
    /// Path and query.
    pub(crate) target: String,
}

/// Where notifications may go.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reach {
    loopback: bool,
    any_host: bool,
    /// Where the server itself listens: never there, for its administration takes orders from anybody.
    own: Arc<RwLock<Vec<SocketAddr>>>,
}

impl Reach {
    pub(crate) fn new(loopback: bool, any_host: bool) -> Self {
        Self { loopback, any_host, own: Arc::default() }
    }

    /// Remembers an address of the server itself.
    pub(crate) fn add_own(&self, address: SocketAddr) {
        self.own.write().unwrap_or_else(PoisonError::into_inner).push(address);
    }

    fn allows(&self, address: SocketAddr) -> bool {
        let ip = address.ip().to_canonical();
        // What is sent to no address in particular stays on this machine.
        let is_here = ip.is_loopback() || ip.is_unspecified();
        let allowed = if is_here { self.loopback } else { self.any_host };
        allowed && !self.is_own(SocketAddr::new(ip, address.port()))
    }

    fn is_own(&self, address: SocketAddr) -> bool {
        let own = self.own.read().unwrap_or_else(PoisonError::into_inner);
        own.iter().filter(|own| own.port() == address.port()).any(|own| {
            let own = own.ip().to_canonical();
            own == address.ip()
                || address.ip().is_unspecified()
                || own.is_unspecified() && is_of_this_machine(address.ip())
        })
    }
}

/// Only an address of this machine can be bound.
fn is_of_this_machine(ip: IpAddr) -> bool {
    ip.is_loopback() || UdpSocket::bind((ip, 0)).is_ok()
}

impl std::fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Endpoint").field("port", &self.port).finish_non_exhaustive()
    }
}

impl Endpoint {
    /// Reads a URL; `None` when it is none that could be called.
    pub(crate) fn parse(text: &str, reach: &Reach) -> Option<Self> {
        let url = Url::parse(text).ok().filter(|url| url.scheme() == "http")?;
        if !url.username().is_empty() || url.password().is_some() {
            return None;
        }
        let (host, port) = (url.host()?, url.port_or_known_default().unwrap_or(80));
        let allowed = match &host {
            Host::Ipv4(address) => reach.allows((*address, port).into()),
            Host::Ipv6(address) => reach.allows((*address, port).into()),
            Host::Domain("localhost") => reach.allows(([127, 0, 0, 1], port).into()),
            Host::Domain(_) => reach.any_host,
        };
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        allowed.then(|| Self { host: host.to_string(), port, target: format!("{}{query}", url.path()) })
    }

    /// The `Host` header.
    pub(crate) fn authority(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }

    /// The address to connect to. It is looked up once and checked after that, so that a name cannot mean one address
    /// to the check and another to the connection.
    pub(crate) async fn resolve(&self, reach: &Reach) -> Option<SocketAddr> {
        let plain = self.host.trim_start_matches('[').trim_end_matches(']');
        let mut addresses = tokio::net::lookup_host((plain, self.port)).await.ok()?;
        addresses.find(|address| reach.allows(*address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_read(url: &str, reach: &Reach) -> bool {
        Endpoint::parse(url, reach).is_some()
    }

    #[test]
    fn only_what_was_allowed_is_called() {
        let (nowhere, here, elsewhere) =
            (Reach::new(false, false), Reach::new(true, false), Reach::new(false, true));
        for url in [
            "http://127.0.0.1:9/x?y",
            "http://localhost/",
            "http://[::1]:80/",
            "http://127.1/",
            "http://0.0.0.0/",
        ] {
            let read = [&nowhere, &here, &elsewhere].map(|reach| is_read(url, reach));
            assert_eq!(read, [false, true, false], "{url}");
        }
        for url in ["http://10.0.0.1/", "http://169.254.169.254/x", "http://remote.example/", "http://[::2]/"]
        {
            let read = [&nowhere, &here, &elsewhere].map(|reach| is_read(url, reach));
            assert_eq!(read, [false, false, true], "{url}");
        }
        for url in
            ["https://127.0.0.1/", "ftp://127.0.0.1/", "file:///etc/passwd", "http://a:b@127.0.0.1/", "x"]
        {
            assert!(!is_read(url, &Reach::new(true, true)), "{url}");
        }
    }

    #[test]
    fn the_server_never_calls_itself() {
        let own = Reach::new(true, true);
        own.add_own("127.0.0.1:81".parse().unwrap());
        for url in ["http://127.0.0.1:81/_faults", "http://localhost:81/", "http://[::ffff:127.0.0.1]:81/"] {
            assert!(!is_read(url, &own), "{url}");
        }
        assert!(!is_read("http://0.0.0.0:81/", &own));
        assert!(is_read("http://127.0.0.1:82/", &own) && is_read("http://10.0.0.1:81/", &own));
        let everywhere = Reach::new(true, true);
        everywhere.add_own("0.0.0.0:81".parse().unwrap());
        assert!(
            !is_read("http://127.0.0.1:81/", &everywhere) && !is_read("http://127.9.9.9:81/", &everywhere)
        );
        assert!(is_read("http://192.0.2.1:81/", &everywhere), "that is no address of this machine");
    }

    #[tokio::test]
    async fn an_address_is_checked_after_it_was_looked_up() {
        let (here, all) = (Reach::new(true, false), Reach::new(true, true));
        let endpoint = Endpoint::parse("http://10.0.0.1/", &all).unwrap();
        assert_eq!(endpoint.resolve(&here).await, None);
        let endpoint = Endpoint::parse("http://[::1]:7/a", &here).unwrap();
        assert_eq!(endpoint.resolve(&here).await, Some("[::1]:7".parse().unwrap()));
        assert_eq!((endpoint.authority().as_str(), endpoint.target.as_str()), ("[::1]:7", "/a"));
        here.add_own("[::1]:7".parse().unwrap());
        assert_eq!(endpoint.resolve(&here).await, None, "listening since");
    }
}
