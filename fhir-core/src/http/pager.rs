//! Following the pages of a Bundle without leaving the server.

use std::collections::HashSet;

use crate::resource::is_type_name;
use crate::search::form::decode;
use crate::{Phi, Resource};

/// Follows `next` links, as long as they stay at the same scheme, host and port and below the base, lead to a page that
/// was not seen, and are not too many.
///
/// ```
/// use carewire_fhir_core::Resource;
/// use carewire_fhir_core::http::{Interaction, PageError, Pager, Preferences};
/// let mut pager = Pager::new("https://a.example/R4", 100)?;
/// let page = |url: &str| {
///     Resource::parse(format!(r#"{{"resourceType":"Bundle","link":[{{"relation":"next","url":"{url}"}}]}}"#).as_bytes())
/// };
/// let next = pager.next(&page("https://a.example/R4/Patient?_cursor=x")?)?.ok_or("no next page")?;
/// assert_eq!(Interaction::Page(&next).request(&Preferences::default())?.query, "_cursor=x");
/// assert_eq!(pager.next(&page("https://b.example/R4/Patient?_cursor=y")?), Err(PageError::Elsewhere));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Pager {
    base: Url,
    seen: HashSet<PageLink>,
    left: usize,
}

/// A page below the base that a server named. `Debug` shows nothing of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PageLink {
    path: Phi<String>,
    query: Phi<String>,
}

/// Why the next page is not asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PageError {
    /// The base is not the URL of a server.
    #[error("base is not a usable url")]
    Base,
    /// The link is not a URL, or one that readers could take for different ones.
    #[error("next link is not a usable url")]
    Malformed,
    /// The link leads to another server, or out of the base: a token must not be sent there.
    #[error("next link leads elsewhere")]
    Elsewhere,
    /// The link leads to a page that was there before.
    #[error("pages form a loop")]
    Loop,
    /// There are more pages than the caller wanted.
    #[error("more pages than the limit")]
    TooMany,
}

impl Pager {
    /// A pager below a base that follows at most so many links.
    ///
    /// # Errors
    /// [`PageError::Base`] when that is no absolute `http` or `https` URL, or has a query, a fragment or credentials.
    pub fn new(base: &str, max_pages: usize) -> Result<Self, PageError> {
        let mut base = Url::parse(base).filter(|base| base.query.is_empty()).ok_or(PageError::Base)?;
        if !base.path.ends_with('/') {
            base.path.push('/');
        }
        Ok(Self { base, seen: HashSet::new(), left: max_pages })
    }

    /// The page after this one; `None` when it is the last.
    ///
    /// # Errors
    /// [`PageError`] when there is a next page that must not be asked for.
    pub fn next(&mut self, bundle: &Resource) -> Result<Option<PageLink>, PageError> {
        let mut links = bundle.value().list("link").iter();
        let Some(link) = links.find(|link| link.str("relation") == Some("next")) else { return Ok(None) };
        let link = self.base.below(link.str("url").ok_or(PageError::Malformed)?)?;
        if !self.seen.insert(link.clone()) {
            return Err(PageError::Loop);
        }
        self.left = self.left.checked_sub(1).ok_or(PageError::TooMany)?;
        Ok(Some(link))
    }
}

impl PageLink {
    pub(super) fn path(&self) -> &str {
        self.path.expose()
    }

    pub(super) fn query(&self) -> &str {
        self.query.expose()
    }

    pub(super) fn resource_type(&self) -> &str {
        self.path().split('/').next().filter(|name| is_type_name(name)).unwrap_or_default()
    }
}

/// An absolute URL that all readers take apart alike: no credentials, no fragment, no backslash, no dots as segments, no
/// character that must be encoded.
#[derive(Clone, PartialEq, Eq)]
struct Url {
    is_secure: bool,
    host: String,
    port: u16,
    path: String,
    query: String,
}

impl Url {
    fn parse(text: &str) -> Option<Self> {
        let is_plain = |byte: u8| byte.is_ascii_graphic() && !b"\\#\"<>^`{}".contains(&byte);
        if !text.bytes().all(is_plain) {
            return None;
        }
        let (scheme, rest) = text.split_once("://")?;
        let is_secure = match scheme.to_ascii_lowercase().as_str() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let authority_ends = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at_checked(authority_ends)?;
        let (host, port) = authority_parts(authority, is_secure)?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        is_straight(path).then(|| Self {
            is_secure,
            host,
            port,
            path: path.to_owned(),
            query: query.to_owned(),
        })
    }

    /// What a link of the server means, when it stays below this base.
    fn below(&self, link: &str) -> Result<PageLink, PageError> {
        let url = Self::parse(&self.absolute(link)).ok_or(PageError::Malformed)?;
        if (url.is_secure, &url.host, url.port) != (self.is_secure, &self.host, self.port) {
            return Err(PageError::Elsewhere);
        }
        let root = self.path.strip_suffix('/').unwrap_or_default();
        let path = match url.path.strip_prefix(&self.path) {
            Some(path) => path,
            // Some servers page at the base itself.
            None if url.path == root => "",
            None => return Err(PageError::Elsewhere),
        };
        Ok(PageLink { path: Phi::new(path.to_owned()), query: Phi::new(url.query) })
    }

    fn absolute(&self, link: &str) -> String {
        let scheme = if self.is_secure { "https" } else { "http" };
        let Self { host, port, path, .. } = self;
        let has_scheme = link
            .find([':', '/', '?'])
            .is_some_and(|at| link.get(at..).is_some_and(|rest| rest.starts_with(':')));
        if has_scheme {
            link.to_owned()
        } else if link.starts_with("//") {
            format!("{scheme}:{link}")
        } else if link.starts_with('/') {
            format!("{scheme}://{host}:{port}{link}")
        } else {
            format!("{scheme}://{host}:{port}{path}{link}")
        }
    }
}

impl std::fmt::Debug for Url {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Url(..)")
    }
}

fn authority_parts(authority: &str, is_secure: bool) -> Option<(String, u16)> {
    let ends_in_bracket = authority.ends_with(']');
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !ends_in_bracket => (host, port.parse().ok()?),
        _ => (authority, if is_secure { 443 } else { 80 }),
    };
    let is_host =
        !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._[]:".contains(&b));
    is_host.then(|| (host.to_ascii_lowercase(), port))
}

/// No segment is `.` or `..`, also when encoded, and none hides a slash.
fn is_straight(path: &str) -> bool {
    path.split('/').all(|segment| {
        let Some(decoded) = decode(segment) else { return false };
        decoded != "." && decoded != ".." && !decoded.contains(['/', '\\'])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(url: &str) -> Result<PageLink, PageError> {
        Pager::new("https://A.example/fhir/R4/", 1).unwrap().base.below(url)
    }

    #[test]
    fn links_of_the_same_server_are_followed() {
        let rows = [
            ("https://a.example/fhir/R4/Patient?_cursor=x%2Fy", "Patient", "_cursor=x%2Fy"),
            ("HTTPS://a.EXAMPLE:443/fhir/R4/Patient", "Patient", ""),
            ("https://a.example/fhir/R4?_getpages=1", "", "_getpages=1"),
            ("https://a.example/fhir/R4/?_getpages=1", "", "_getpages=1"),
            ("/fhir/R4/Patient/1/_history?p=2", "Patient/1/_history", "p=2"),
            ("Patient?p=2", "Patient", "p=2"),
            ("?p=2", "", "p=2"),
        ];
        for (url, path, query) in rows {
            assert_eq!(
                link(url),
                Ok(PageLink { path: path.to_owned().into(), query: query.to_owned().into() }),
                "{url}"
            );
        }
    }

    #[test]
    fn links_that_lead_out_are_not() {
        for url in [
            "http://a.example/fhir/R4/Patient",
            "https://a.example:8443/fhir/R4/Patient",
            "https://a.example.evil/fhir/R4/Patient",
            "https://evil/fhir/R4/Patient",
            "//evil/fhir/R4/Patient",
            "https://a.example/fhir/R4evil/Patient",
            "https://a.example/other",
            "/other",
        ] {
            assert_eq!(link(url), Err(PageError::Elsewhere), "{url}");
        }
    }

    #[test]
    fn links_that_readers_take_for_different_ones_are_not() {
        for url in [
            "https://a.example@evil/fhir/R4/",
            "https://a.example\\@evil/fhir/R4/",
            "https://a.example/fhir/R4/../../admin",
            "https://a.example/fhir/R4/%2e%2E/admin",
            "https://a.example/fhir/R4/x%2f..%2fadmin",
            "https://a.example/fhir/R4/\\..\\admin",
            "https://a.example/fhir/R4/#x",
            "https://a.example/fhir/R4/ x",
            "https://a.example/fhir/R4/\tx",
            "https://a.example:x/fhir/R4/",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https:a.example/fhir/R4/",
            "https:///fhir/R4/",
        ] {
            assert_eq!(link(url), Err(PageError::Malformed), "{url:?}");
        }
    }

    #[test]
    fn loops_and_endless_pages_end() {
        let page = |url: &str| {
            let mut bundle = Resource::new("Bundle");
            let link = crate::Value::object().with("relation", "next").with("url", url);
            bundle.value_mut().set("link", vec![link]);
            bundle
        };
        let mut pager = Pager::new("http://a/", 2).unwrap();
        assert!(pager.next(&page("http://a/Patient?p=1")).unwrap().is_some());
        assert_eq!(pager.next(&page("http://a:80/Patient?p=1")), Err(PageError::Loop));
        assert!(pager.next(&page("http://a/Patient?p=2")).unwrap().is_some());
        assert_eq!(pager.next(&page("http://a/Patient?p=3")), Err(PageError::TooMany));
        assert_eq!(pager.next(&Resource::new("Bundle")), Ok(None));
        for base in ["", "a/b", "ftp://a", "http://a?x=1", "http://u:p@a/", "http://a/../b"] {
            assert_eq!(Pager::new(base, 1).err(), Some(PageError::Base), "{base}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_followed_is_at_the_base(url in "(https?:|//|a\\.example|evil|/|fhir|R4|\\.\\.|%2e|@|\\?|:|\\\\|443|#|Patient){1,12}") {
            if let Ok(link) = link(&url) {
                let joined = format!("https://a.example/fhir/R4/{}", link.path());
                proptest::prop_assert!(is_straight(&joined) && !joined.contains(['\\', '#', ' ']));
            }
        }
    }
}
