//! `carewire deid fhir`.

use std::io::Read;

use carewire_deid::{Error, Exporter, PatientIndex, Policy, Refusal, Result as Transformed, Warning};

use super::account::Account;
use super::args::Transform;
use super::imported::Imported;
use super::patients;
use super::rounds::Item;
use super::terms::{Rules, Terms};
use super::tokens::Tokens;
use super::work::{Kind, Part, Run};
use crate::documents::Documents;
use crate::failure::{Done, Failure};
use crate::keys::OsEntropy;

pub(super) fn run(options: &Transform) -> Result<Done, Failure> {
    let terms = Terms::of(options)?;
    let policy = match &terms.rules {
        Rules::Policy(policy) => policy,
        Rules::Imported(rules) => {
            patients::refuse(options, "a rule file knows patients by its own rule")?;
            return Run::new(Imported::new(rules, &terms)?, options, &terms).run();
        }
    };
    if policy.wants_tokens() {
        patients::refuse(options, "under this policy the dates of a patient go with his token")?;
        return Run::new(Tokens { policy, terms: &terms }, options, &terms).run();
    }
    let kind = Fhir { policy, terms: &terms, patients: patients::read(options)? };
    // What the policy asks for and the run lacks is known before the first resource.
    kind.exporter()
        .and_then(|mut exporter| exporter.write(br#"{"resourceType":"Patient"}"#, &mut String::new()))
        .map_err(|error| lacking(policy, &error))?;
    Run::new(kind, options, &terms).run()
}

/// What a policy asks for that the run lacks, in terms of the command line.
pub(super) fn lacking(policy: &Policy, error: &Error) -> Failure {
    let id = policy.id();
    Failure::usage(match error {
        Error::Refused { reason: Refusal::NoDay, .. } => {
            format!("--as-of: the policy `{id}` counts ages: add `--as-of DATE`, the day of the release")
        }
        Error::Refused { reason: Refusal::NoCipher, .. } => {
            format!("--key-file: the policy `{id}` encrypts, and needs one; `carewire deid keygen` makes it")
        }
        other => other.to_string(),
    })
}

/// Resources and Bundles.
struct Fhir<'r> {
    policy: &'r Policy,
    terms: &'r Terms,
    patients: Option<PatientIndex>,
}

impl Fhir<'_> {
    fn exporter(&self) -> Transformed<Exporter<'_>> {
        let exporter = Exporter::new(self.policy, &self.terms.keys)?.with_scrubber(&self.terms.scrubber);
        let exporter = match &self.terms.cipher {
            Some(cipher) => exporter.with_cipher(cipher, &OsEntropy),
            None => exporter,
        };
        let exporter = match &self.patients {
            Some(patients) => exporter.with_patients(patients),
            None => exporter,
        };
        Ok(match &self.terms.as_of {
            Some(day) => exporter.with_as_of(day.clone()),
            None => exporter,
        })
    }
}

impl Kind for Fhir<'_> {
    const NAMES: [&'static str; 2] = ["resource", "ndjson"];

    fn items(&self, name: &str, source: Box<dyn Read + Send>, _: bool) -> Box<dyn Iterator<Item = Item>> {
        Box::new(Documents::new(name, source))
    }

    fn part(&self, items: &[Item]) -> Part {
        match self.exporter() {
            Ok(mut exporter) => {
                let results = items.iter().map(|item| one(&mut exporter, item)).collect();
                let manifest = exporter.manifest();
                let mut warnings = manifest.warnings();
                let withheld = warnings.find(|(warning, _)| *warning == Warning::Withheld);
                let withheld = withheld.map_or(0, |(_, count)| count);
                drop(warnings);
                Part { results, emptied: vec![], account: Some(Account::of(&manifest)), withheld }
            }
            Err(error) => Part::failed(items, &error.to_string()),
        }
    }
}

/// One document; the reason when it is left out.
fn one(exporter: &mut Exporter<'_>, item: &Item) -> Item {
    let document = item.as_ref().map_err(Clone::clone)?;
    let mut json = String::with_capacity(document.len());
    match exporter.write(document, &mut json) {
        Ok(true) => Ok(json.into_bytes()),
        Ok(false) => Err("the policy does not name its type".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
