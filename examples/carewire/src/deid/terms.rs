//! Under what a run transforms: the policy or rule file, the keys, the org, the day.

use carewire_deid::import::{AnonymizerRules, is_rule_file};
use carewire_deid::transform::{StructuredScrubber, ValueCipher};
use carewire_deid::{Entropy, KeyRing, Policy, Pseudonymizer};
use carewire_fhir_core::{Date, OrgId};

use super::args::{Others, Transform};
use super::{imported, patients};
use crate::failure::Failure;
use crate::keys::{self, OsEntropy};

pub(super) struct Terms {
    pub(super) rules: Rules,
    pub(super) keys: Pseudonymizer,
    /// What encrypts values: there with a key file.
    pub(super) cipher: Option<ValueCipher>,
    /// What scrubs texts, where a policy asks for it by name.
    pub(super) scrubber: StructuredScrubber,
    pub(super) org: OrgId,
    pub(super) as_of: Option<Date>,
    /// What finished files are held against: another policy, version, rule or day makes them again.
    pub(super) stamp: String,
    /// Which text of a rule file, which has no version.
    pub(super) version: String,
}

/// What says what becomes of an element.
pub(super) enum Rules {
    Policy(Policy),
    Imported(AnonymizerRules),
}

/// A policy or rule file by the name that was given for it.
pub(super) struct Source<'n> {
    name: &'n str,
    text: String,
}

impl<'n> Source<'n> {
    /// The text of a built-in policy, or of a file.
    pub(super) fn read(name: &'n str) -> Result<Self, Failure> {
        let source = |text| Self { name, text };
        if let Some(text) = Policy::built_in_toml(name) {
            return Ok(source(text.to_owned()));
        }
        let read = std::fs::read_to_string(name);
        read.map(source).map_err(|error| {
            let names: Vec<&str> = Policy::built_in_names().collect();
            let hint = format!("; the policies that come along are {}", names.join(", "));
            let hint = if error.kind() == std::io::ErrorKind::NotFound { hint.as_str() } else { "" };
            Failure::usage(format!("policy {name}: {error}{hint}"))
        })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether it is a rule file of Microsoft's anonymizer.
    pub(super) fn is_rule_file(&self) -> bool {
        is_rule_file(&self.text)
    }

    pub(super) fn wrong(&self, error: &dyn std::fmt::Display) -> Failure {
        Failure::usage(format!("policy {}: {error}", self.name))
    }

    /// Only rule files leave open what becomes of the elements that they do not name.
    pub(super) fn refuse_unmatched(&self, unmatched: Option<Others>) -> Result<(), Failure> {
        match unmatched {
            Some(_) => {
                Err(Failure::usage("--unmatched is for rule files: a policy drops what it does not name"))
            }
            None => Ok(()),
        }
    }

    /// A hash of the text.
    pub(super) fn hash(&self) -> String {
        data_encoding::HEXLOWER.encode(&<sha2::Sha256 as sha2::Digest>::digest(&self.text))
    }
}

impl Terms {
    pub(super) fn of(options: &Transform) -> Result<Self, Failure> {
        let as_of = options.as_of.as_deref().map(Date::parse).transpose();
        let as_of = as_of.map_err(|error| Failure::usage(format!("--as-of: {error}")))?;
        let org = OrgId::new(&options.org).map_err(|error| Failure::usage(format!("--org: {error}")))?;
        let source = Source::read(&options.policy)?;
        let ring = options.key_file.as_deref().map(|file| keys::load(file, false)).transpose()?;
        let day = options.as_of.as_deref().unwrap_or("-");
        let (rules, keys) = if source.is_rule_file() {
            let imported = imported::read(options, &source, as_of.as_ref())?;
            let keys = imported::keys(&imported, ring.as_ref(), &org)?;
            (Rules::Imported(imported), keys)
        } else {
            source.refuse_unmatched(options.unmatched)?;
            let policy = Policy::parse_toml(source.text()).map_err(|error| source.wrong(&error))?;
            let keys = pseudonymizer(ring.as_ref(), &policy, &org)?;
            (Rules::Policy(policy), keys)
        };
        let others = options.unmatched.unwrap_or_default();
        let stamp = format!("{} {day} {others:?}{}", source.hash(), patients::stamp(options)?);
        let cipher = ring.map(|ring| ValueCipher::new(&ring, &org));
        let version = format!("sha256:{}", source.hash());
        let scrubber = StructuredScrubber::default();
        Ok(Self { rules, keys, cipher, scrubber, org, as_of, stamp, version })
    }
}

/// The org's key, or one that nobody has after this run.
fn pseudonymizer(ring: Option<&KeyRing>, policy: &Policy, org: &OrgId) -> Result<Pseudonymizer, Failure> {
    if policy.wants_key_of_run() {
        return key_of_run();
    }
    match ring {
        Some(ring) => Ok(Pseudonymizer::new(ring, org, "file")),
        None => Err(Failure::usage(format!(
            "--key-file: the policy `{}` needs one; `carewire deid keygen` makes it",
            policy.id()
        ))),
    }
}

/// A key that nobody has after this run.
pub(super) fn key_of_run() -> Result<Pseudonymizer, Failure> {
    let mut secret = [0; 32];
    OsEntropy.fill(&mut secret).map_err(|error| Failure::unreachable(error.to_string()))?;
    Ok(Pseudonymizer::for_run(&secret))
}
