//! The configuration: a TOML file, overridden by the environment, checked as a whole.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use carewire_consent::Implicit;
use carewire_fhir_core::OrgId;
use carewire_fhir_http::FhirHttpRemote;
use carewire_hl7_v2::UtcOffset;
use carewire_mllp::Exposure;
use secrecy::SecretString;
use tracing::level_filters::LevelFilter;

use crate::consents_config::ConsentsConfig;
use crate::destinations::{self, DestinationConfig};
use crate::failure::Failure;
use crate::map_config::MapConfig;
use crate::mllp_config::MllpConfig;
use crate::queue_config::QueueConfig;
use crate::stack::{self, REMOTE};
use crate::store::StorePlace;
use crate::store_config;
use crate::token::duration;

/// Everything that `serve` and the administrative commands need.
pub(crate) struct Config {
    pub(crate) store: StorePlace,
    /// Whether processes on one PostgreSQL tell each other of new jobs.
    pub(crate) hints: bool,
    pub(crate) key_file: PathBuf,
    /// Whether a missing key file may be made: only while there is no store, since nothing in it could be opened.
    pub(crate) create_keys: bool,
    pub(crate) org: OrgId,
    pub(crate) http: SocketAddr,
    pub(crate) mllp: MllpConfig,
    pub(crate) destinations: Vec<DestinationConfig>,
    /// The FHIR base of the remote; `None` is the embedded one.
    pub(crate) remote: Option<String>,
    pub(crate) implicit: Implicit,
    pub(crate) consents: ConsentsConfig,
    pub(crate) policy: String,
    pub(crate) zone: Option<UtcOffset>,
    pub(crate) map: MapConfig,
    pub(crate) workers: usize,
    pub(crate) queue: QueueConfig,
    /// How long a stop may take in all.
    pub(crate) shutdown: Duration,
    pub(crate) jwt_secret: Option<SecretString>,
    pub(crate) cron_secret: Option<SecretString>,
}

impl Config {
    /// How long running work may go on once a stop was asked for; the rest of the time is for closing the store.
    pub(crate) fn drain(&self) -> Duration {
        self.shutdown.saturating_mul(4) / 5
    }

    /// Reads file and environment.
    ///
    /// Every wrong or missing variable is named at once, with what was expected.
    pub(crate) fn read(file: Option<&Path>) -> Result<Self, Failure> {
        let mut source = Source::open(file)?;
        let org =
            source.parsed("CAREWIRE_ORG", default_org(), "one to 64 letters, digits, `_` or `-`", |text| {
                OrgId::new(text).ok()
            });
        let consents = ConsentsConfig::read(&mut source);
        let store = store_config::read(&mut source);
        let config = Self {
            create_keys: !store.exists(),
            key_file: store_config::key_file(&mut source, &store),
            store,
            hints: store_config::hints(&mut source),
            http: source.address("CAREWIRE_HTTP", 8080),
            mllp: MllpConfig::read(&mut source, &org),
            destinations: destinations::read(&mut source),
            org,
            remote: source.text("CAREWIRE_REMOTE"),
            implicit: source.parsed(
                "CAREWIRE_IMPLICIT_CONSENT",
                consents.policy.implicit,
                "`deny` or `permit-unless-denied`",
                Implicit::from_name,
            ),
            consents,
            policy: source.text("CAREWIRE_DEID_POLICY").unwrap_or_else(|| "pseudonymous".into()),
            zone: source.zone(),
            map: MapConfig::read(&mut source),
            workers: source.parsed("CAREWIRE_WORKERS", 5, "a number from 1 to 256", |text| {
                text.parse().ok().filter(|workers| (1..=256).contains(workers))
            }),
            queue: QueueConfig::read(&mut source),
            shutdown: source.parsed(
                "CAREWIRE_SHUTDOWN",
                SHUTDOWN,
                "a time from `1s` to `1h`, such as `25s`",
                |text| duration(text)?.to_std().ok().filter(|time| *time <= Duration::from_secs(3_600)),
            ),
            jwt_secret: source.secret("JWT_SECRET", 32),
            cron_secret: source.secret("CRON_SECRET", 32),
        };
        source.refuse_what_is_not_there();
        source.refuse_unknown_members();
        store_config::check(&mut source, &config);
        source.try_out(&config);
        source.production(&config);
        source.finish(config)
    }
}

/// Less than what service managers and clusters wait before they kill.
pub(crate) const SHUTDOWN: Duration = Duration::from_secs(25);

/// The members of a configuration file: the variables in lower case, without `carewire_`.
const MEMBERS: [&str; 35] = [
    "store",
    "store_owner",
    "store_hints",
    "database_url",
    "key_file",
    "org",
    "http",
    "mllp",
    "mllp_tls_cert",
    "mllp_tls_key",
    "mllp_tls_client_ca",
    "mllp_max_connections",
    "mllp_idle_timeout",
    "mllp_max_frame",
    "sender",
    "destination",
    "shutdown",
    "remote",
    "implicit_consent",
    "consents",
    "on_revoke",
    "deid_policy",
    "zone",
    "map",
    "workers",
    "queue",
    "rate_limit",
    "redis_url",
    "keep_completed",
    "keep_failed",
    "clean_cron",
    "jwt_secret",
    "cron_secret",
    "env",
    "enable_medplum",
];

/// Variables that this version would ignore, to somebody's harm or surprise.
const LATER: [&str; 6] = [
    "CAREWIRE_BLOBS",
    "CAREWIRE_RECONCILE_CRON",
    "CAREWIRE_AUDIT_MIRROR_CRON",
    "JWT_JWKS_URL",
    "JWT_ISSUER",
    "JWT_AUDIENCE",
];

/// Where a setting comes from, and what was wrong so far.
pub(crate) struct Source {
    file: toml::Table,
    problems: Vec<String>,
}

impl Source {
    pub(crate) fn open(file: Option<&Path>) -> Result<Self, Failure> {
        let file = match file {
            None => toml::Table::new(),
            Some(path) => read_table(path)?,
        };
        Ok(Self { file, problems: vec![] })
    }

    /// The variable, or the member of the file with the same name in lower case, without `CAREWIRE_`.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        if let Ok(text) = std::env::var(name) {
            return Some(text).filter(|text| !text.is_empty());
        }
        let member = name.strip_prefix("CAREWIRE_").unwrap_or(name).to_ascii_lowercase();
        match self.file.get(&member)? {
            toml::Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    /// The setting, or its default where it is not set. A wrong one is noted; the run then ends before it is used.
    pub(crate) fn parsed<T>(
        &mut self,
        name: &str,
        default: T,
        expected: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> T {
        let Some(text) = self.text(name) else { return default };
        parse(&text).unwrap_or_else(|| {
            self.problems.push(format!("{name}: {expected} is expected"));
            default
        })
    }

    /// A member of the file that no variable overrides.
    pub(crate) fn member(&self, name: &str) -> Option<&toml::Value> {
        self.file.get(name)
    }

    /// Notes what is wrong.
    pub(crate) fn problem(&mut self, what: &str) {
        self.problems.push(what.to_owned());
    }

    pub(crate) fn address(&mut self, name: &str, port: u16) -> SocketAddr {
        let default = SocketAddr::from(([127, 0, 0, 1], port));
        self.parsed(name, default, "an address and a port, such as 127.0.0.1:8080", |text| text.parse().ok())
    }

    fn zone(&mut self) -> Option<UtcOffset> {
        let zone = offset(&self.text("CAREWIRE_ZONE")?);
        if zone.is_none() {
            self.problems.push("CAREWIRE_ZONE: an offset such as `-03:00` is expected".into());
        }
        zone
    }

    fn secret(&mut self, name: &str, least: usize) -> Option<SecretString> {
        let secret = self.text(name)?;
        if secret.len() < least {
            self.problems.push(format!("{name}: at least {least} characters are expected"));
        }
        Some(SecretString::from(secret))
    }

    fn refuse_what_is_not_there(&mut self) {
        if self.text("ENABLE_MEDPLUM").is_some_and(|text| text == "true") {
            self.problems.push(
                "ENABLE_MEDPLUM: signing in to Medplum is not there yet; CAREWIRE_REMOTE names a FHIR server without sign-in".into(),
            );
        }
        let set = LATER.iter().filter(|name| self.text(name).is_some());
        let problems: Vec<String> =
            set.map(|name| format!("{name}: is not there yet; leave it unset")).collect();
        self.problems.extend(problems);
        if self.text("CAREWIRE_ON_REVOKE").is_some_and(|text| text != "stop") {
            self.problems.push("CAREWIRE_ON_REVOKE: `stop` is expected; `withdraw` is not there yet".into());
        }
    }

    /// What only its user can judge is asked now, so that everything wrong is said at once.
    fn try_out(&mut self, config: &Config) {
        let remote = config.remote.as_deref().map(|base| FhirHttpRemote::open(REMOTE, base));
        if let Some(Err(error)) = remote {
            self.problems.push(format!("CAREWIRE_REMOTE: {error}"));
        }
        if let Err(error) = stack::policy(&config.policy) {
            self.problems.push(format!("CAREWIRE_DEID_POLICY: {error}"));
        }
        if std::env::var("LOG_LEVEL").is_ok_and(|text| text.parse::<LevelFilter>().is_err()) {
            self.problems.push("LOG_LEVEL: error, warn, info, debug or trace is expected".into());
        }
    }

    /// A misspelt member would leave its default in force without a word.
    fn refuse_unknown_members(&mut self) {
        let unknown = self.file.keys().filter(|member| !MEMBERS.contains(&member.as_str()));
        self.problems.extend(
            unknown.map(|member| format!("{member}: no setting of the configuration file has this name")),
        );
    }

    pub(crate) fn is_production(&self) -> bool {
        self.text("CAREWIRE_ENV").as_deref() == Some("production")
    }

    /// What `CAREWIRE_ENV=production` demands.
    fn production(&mut self, config: &Config) {
        if !self.is_production() {
            return;
        }
        if config.remote.is_none() {
            self.problems.push("CAREWIRE_REMOTE: production needs a remote of its own".into());
        }
        if config.remote.as_deref().is_some_and(|remote| !remote.starts_with("https://")) {
            self.problems.push("CAREWIRE_REMOTE: production needs https".into());
        }
        if config.mllp.exposure() != Exposure::Loopback && config.mllp.tls.is_none() {
            self.problems.push(
                "CAREWIRE_MLLP: production needs TLS on an address that others can reach; CAREWIRE_MLLP_TLS_CERT and _KEY name it".into(),
            );
        }
        if config.jwt_secret.is_none() {
            self.problems.push("JWT_SECRET: production needs one of at least 32 characters".into());
        }
        if !config.key_file.exists() {
            self.problems
                .push("CAREWIRE_KEY_FILE: production does not make keys; `carewire deid keygen` does".into());
        }
        let cron = self.text("CRON_SECRET");
        if cron.is_some_and(|text| text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit())) {
            self.problems.push("CRON_SECRET: 64 hex digits are expected".into());
        }
    }

    pub(crate) fn finish<T>(self, config: T) -> Result<T, Failure> {
        if self.problems.is_empty() {
            return Ok(config);
        }
        Err(Failure::usage(format!("configuration:\n  {}", self.problems.join("\n  "))))
    }
}

/// An offset as people write it, `-03:00`, or as HL7 v2 does, `-0300`.
pub(crate) fn offset(text: &str) -> Option<UtcOffset> {
    match text.split_once(':') {
        Some((hours, minutes)) if hours.len() == 3 => format!("{hours}{minutes}").parse().ok(),
        Some(_) => None,
        None => text.parse().ok(),
    }
}

/// The org of single-tenant use.
#[expect(clippy::expect_used, reason = "the literal is a valid org id")]
pub(crate) fn default_org() -> OrgId {
    OrgId::new("default").expect("`default` is an org id")
}

fn read_table(path: &Path) -> Result<toml::Table, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    text.parse().map_err(|error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or("");
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
        Failure::usage(format!("{}: line {line}, column {column}: {}", path.display(), error.message()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_read_with_a_colon_and_without() {
        assert_eq!(offset("-03:00"), offset("-0300"));
        assert_eq!(offset("+05:45").map(|offset| offset.to_string()).as_deref(), Some("+05:45"));
        for wrong in ["", "3", "-3:00", "-030:0", "-03:00:00", "Lisbon", "+15:00"] {
            assert!(offset(wrong).is_none(), "{wrong}");
        }
    }
}
