//! One export, from the order to the clean-up, as a state machine without I/O or clock.

use std::time::Duration;

use carewire_fhir_core::{Value, issues};
use chrono::{DateTime, Utc};

use crate::kick_off::{KickOff, Method, Request};
use crate::{Error, Manifest, retry_after};

/// How patiently a server is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Polling {
    /// The shortest wait, also the first when the server does not say.
    pub min: Duration,
    /// The longest wait, whatever the server says.
    pub max: Duration,
    /// How many failures in a row are borne.
    pub max_failures: u32,
    /// How long the whole export may take on the server.
    pub give_up_after: Duration,
}

impl Default for Polling {
    fn default() -> Self {
        let hour = Duration::from_secs(3600);
        Self { min: Duration::from_secs(2), max: hour, max_failures: 8, give_up_after: hour * 24 * 30 }
    }
}

impl Polling {
    /// The same with other bounds of a wait.
    #[must_use]
    pub fn with_waits(self, min: Duration, max: Duration) -> Self {
        Self { min, max, ..self }
    }

    /// The same with another number of failures in a row.
    #[must_use]
    pub fn with_max_failures(self, max_failures: u32) -> Self {
        Self { max_failures, ..self }
    }
}

/// What the caller does next.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// Send this and hand the answer to [`Export::handle_response`], or its failure to [`Export::handle_failure`].
    Request(Request),
    /// Wait until then and call [`Export::next`].
    Wait(DateTime<Utc>),
    /// Fetch the files, then call [`Export::downloaded`]; or [`Export::refetch`] when links have expired.
    Download(Manifest),
    /// All is done. Whether the server's files were cleaned up does not matter to the data.
    Done,
    /// It cannot go on.
    Failed(Error),
}

/// An answer, as far as it matters here. Names of headers compare without case.
#[derive(Clone, Copy)]
pub struct Response<'a> {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body.
    pub body: &'a [u8],
}

impl Response<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
    }
}

impl std::fmt::Debug for Response<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Response").field("status", &self.status).finish_non_exhaustive()
    }
}

/// One export.
///
/// ```
/// use carewire_bulk_data::{Action, Export, KickOff, Level, Polling, Response};
/// let now = chrono::DateTime::UNIX_EPOCH;
/// let mut export = Export::start(KickOff::new("https://a.example/fhir", Level::Patient), Polling::default(), now);
/// let Action::Request(order) = export.next(now) else { return };
/// assert_eq!(order.url, "https://a.example/fhir/Patient/$export");
/// let headers = [("content-location", "https://a.example/status/1"), ("retry-after", "10")];
/// let next = export.handle_response(now, &Response { status: 202, headers: &headers, body: b"" });
/// assert_eq!(next, Action::Wait(now + chrono::Duration::seconds(10)));
/// ```
pub struct Export {
    base: String,
    polling: Polling,
    state: State,
    status_url: Option<String>,
    progress: Option<String>,
    not_before: DateTime<Utc>,
    deadline: DateTime<Utc>,
    waits: u32,
    failures: u32,
    token_refused: bool,
}

#[derive(Debug)]
enum State {
    Ordering(Box<KickOff>),
    Polling,
    Paging(Manifest),
    Downloading(Manifest),
    CleaningUp,
    Done,
    Failed(Error),
}

impl Export {
    /// A new export.
    #[must_use]
    pub fn start(order: KickOff, polling: Polling, now: DateTime<Utc>) -> Self {
        Self::at(order.base.clone(), State::Ordering(Box::new(order)), polling, now)
    }

    /// An export that was ordered before, by the URL that [`Export::status_url`] gave.
    #[must_use]
    pub fn resume(
        base: impl Into<String>,
        status_url: impl Into<String>,
        polling: Polling,
        now: DateTime<Utc>,
    ) -> Self {
        let export = Self::at(base.into(), State::Polling, polling, now);
        Self { status_url: Some(status_url.into()), ..export }
    }

    /// Where the server tells how far it is. Store it: with it the export survives a crash.
    #[must_use]
    pub fn status_url(&self) -> Option<&str> {
        self.status_url.as_deref()
    }

    /// What the server last said about its progress.
    #[must_use]
    pub fn progress(&self) -> Option<&str> {
        self.progress.as_deref()
    }

    /// What to do now.
    #[must_use]
    pub fn next(&self, now: DateTime<Utc>) -> Action {
        match &self.state {
            State::Downloading(manifest) => Action::Download(manifest.clone()),
            State::Done => Action::Done,
            State::Failed(error) => Action::Failed(error.clone()),
            _ if now < self.not_before => Action::Wait(self.not_before),
            State::Ordering(order) => self.send(order.request()),
            State::Polling => {
                self.send(Request::new(Method::Get, self.status_url.clone().unwrap_or_default()))
            }
            State::Paging(manifest) => {
                self.send(Request::new(Method::Get, manifest.next.clone().unwrap_or_default()))
            }
            State::CleaningUp => {
                self.send(Request::new(Method::Delete, self.status_url.clone().unwrap_or_default()))
            }
        }
    }

    /// Takes the answer to the last [`Action::Request`].
    pub fn handle_response(&mut self, now: DateTime<Utc>, response: &Response<'_>) -> Action {
        match response.status {
            401 if !self.token_refused => self.token_refused = true,
            429 => self.wait(now, response, false),
            500.. if is_final(response) => self.state = self.over(refusal(response)),
            500.. => self.wait(now, response, true),
            status => {
                self.token_refused &= status == 401;
                self.failures = 0;
                self.answered(now, response);
            }
        }
        self.next(now)
    }

    /// Takes the news that the last [`Action::Request`] got no answer.
    pub fn handle_failure(&mut self, now: DateTime<Utc>) -> Action {
        self.wait(now, &Response { status: 0, headers: &[], body: b"" }, true);
        self.next(now)
    }

    /// Says that every file is where it belongs: the server may clean up.
    pub fn downloaded(&mut self, now: DateTime<Utc>) -> Action {
        if let State::Downloading(_) = self.state {
            self.go_on(now, State::CleaningUp);
        }
        self.next(now)
    }

    /// Asks for the manifest again, since links in it have expired.
    pub fn refetch(&mut self, now: DateTime<Utc>) -> Action {
        if let State::Downloading(_) = self.state {
            self.go_on(now, State::Polling);
        }
        self.next(now)
    }

    /// Gives the export up: the server is told, if it knows of it.
    pub fn cancel(&mut self, now: DateTime<Utc>) -> Action {
        let known = self.status_url.is_some() && !matches!(self.state, State::Done | State::Failed(_));
        self.go_on(now, if known { State::CleaningUp } else { State::Done });
        self.next(now)
    }

    fn at(base: String, state: State, polling: Polling, now: DateTime<Utc>) -> Self {
        let deadline = later(now, polling.give_up_after);
        let (status_url, progress) = (None, None);
        let (waits, failures, token_refused) = (0, 0, false);
        Self {
            base,
            polling,
            state,
            status_url,
            progress,
            not_before: now,
            deadline,
            waits,
            failures,
            token_refused,
        }
    }

    fn send(&self, request: Request) -> Action {
        let with_token = origin(&request.url) == origin(&self.base);
        Action::Request(Request { with_token, fresh_token: self.token_refused, ..request })
    }

    /// An answer that is neither a refused token nor a passing failure.
    fn answered(&mut self, now: DateTime<Utc>, response: &Response<'_>) {
        let state = std::mem::replace(&mut self.state, State::Done);
        match (state, response.status) {
            (State::Ordering(_), 200..300) => self.accepted(now, response),
            (State::Polling, 202) => {
                self.state = State::Polling;
                self.progress = response.header("x-progress").map(str::to_owned);
                self.wait(now, response, false);
            }
            (State::Polling, 200) => self.page(now, Manifest::default(), response.body),
            (State::Paging(manifest), 200) => self.page(now, manifest, response.body),
            (State::Polling | State::Paging(_), 404 | 410) => self.state = State::Failed(Error::Gone),
            (State::CleaningUp | State::Done, _) => self.state = State::Done,
            (_, 401) => self.state = State::Failed(Error::Unauthorized),
            (downloading @ State::Downloading(_), _) => self.state = downloading,
            _ => self.state = State::Failed(refusal(response)),
        }
    }

    fn accepted(&mut self, now: DateTime<Utc>, response: &Response<'_>) {
        let Some(location) = response.header("content-location").filter(|location| !location.is_empty())
        else {
            self.state = State::Failed(Error::NoStatusUrl);
            return;
        };
        self.status_url = Some(absolute(&self.base, location));
        self.state = State::Polling;
        self.wait(now, response, false);
    }

    /// Adds a page to the manifest. The first page says when the export was made and whether files want the token.
    fn page(&mut self, now: DateTime<Utc>, mut manifest: Manifest, body: &[u8]) {
        let is_first = manifest.next.is_none();
        let seen = manifest.next.clone();
        match Manifest::parse(body) {
            Err(error) => self.state = State::Failed(error),
            Ok(page) => {
                if is_first {
                    manifest = page
                } else {
                    manifest.append(page)
                }
                manifest.next = manifest.next.map(|next| absolute(&self.base, &next));
                let goes_on = manifest.next.is_some() && manifest.next != seen;
                self.go_on(now, if goes_on { State::Paging(manifest) } else { State::Downloading(manifest) });
            }
        }
    }

    fn go_on(&mut self, now: DateTime<Utc>, state: State) {
        self.state = state;
        self.not_before = now;
        self.waits = 0;
    }

    /// Waits as the server asks, within bounds, or twice as long each time. Failures beyond the budget end the export.
    fn wait(&mut self, now: DateTime<Utc>, response: &Response<'_>, failed: bool) {
        self.failures = if failed { self.failures + 1 } else { 0 };
        if self.failures > self.polling.max_failures {
            self.state = self.over(Error::Unavailable);
        } else if now >= self.deadline {
            self.state = self.over(Error::TimedOut);
        }
        let backoff = self.polling.min.saturating_mul(2_u32.saturating_pow(self.waits));
        let asked = response.header("retry-after").and_then(|header| retry_after(header, now));
        self.waits += 1;
        let wait = asked.unwrap_or(backoff).min(self.polling.max).max(self.polling.min);
        self.not_before = later(now, wait);
    }

    /// The end by an error. When all that is left is to clean up, an error there changes nothing.
    fn over(&self, error: Error) -> State {
        if matches!(self.state, State::CleaningUp | State::Done) { State::Done } else { State::Failed(error) }
    }
}

impl std::fmt::Debug for Export {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Export")
            .field("state", &self.state)
            .field("failures", &self.failures)
            .finish_non_exhaustive()
    }
}

/// A failure that the server itself says will not pass.
fn is_final(response: &Response<'_>) -> bool {
    let said = Value::parse(response.body).map(|body| issues(&body)).unwrap_or_default();
    let passing = ["transient", "timeout", "throttled", "lock-error", "no-store", "incomplete", "exception"];
    matches!(response.status, 501 | 505)
        || (!said.is_empty() && !said.iter().any(|issue| passing.contains(&issue.code.as_str())))
}

fn refusal(response: &Response<'_>) -> Error {
    let issues = Value::parse(response.body).map(|body| issues(&body)).unwrap_or_default();
    Error::Refused { status: response.status, issues }
}

fn later(now: DateTime<Utc>, wait: Duration) -> DateTime<Utc> {
    let wait = chrono::Duration::from_std(wait).ok();
    wait.and_then(|wait| now.checked_add_signed(wait)).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// Scheme, host and port.
fn origin(url: &str) -> Option<(String, String)> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    Some((scheme.to_ascii_lowercase(), authority.to_ascii_lowercase()))
}

fn absolute(base: &str, location: &str) -> String {
    match (location.contains("://"), location.starts_with('/'), origin(base)) {
        (true, _, _) => location.to_owned(),
        (false, true, Some((scheme, authority))) => format!("{scheme}://{authority}{location}"),
        _ => format!("{}/{location}", base.trim_end_matches('/')),
    }
}

#[cfg(test)]
mod tests;
