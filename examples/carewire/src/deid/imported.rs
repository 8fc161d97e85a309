//! `carewire deid fhir` under a rule file of Microsoft's anonymizer.

use std::collections::BTreeMap;
use std::io::Read;

use carewire_deid::import::{AnonymizerRules, ImportOptions, RuleKeys, RunContext, check_rules};
use carewire_deid::{KeyRing, Pseudonymizer};
use carewire_fhir_core::{Date, OrgId, Resource};
use serde_json::{Value, json};

use super::account::{Account, Locus};
use super::args::Transform;
use super::rounds::Item;
use super::terms::{Source, Terms, key_of_run};
use super::work::{Kind, Part};
use crate::documents::Documents;
use crate::failure::Failure;
use crate::keys::OsEntropy;
use crate::out;

/// The rules of a file, or all that is wrong with them.
pub(super) fn read(
    options: &Transform,
    source: &Source<'_>,
    as_of: Option<&Date>,
) -> Result<AnonymizerRules, Failure> {
    let import = ImportOptions::default().with_unmatched(options.unmatched.unwrap_or_default().into());
    let report = check_rules(source.text(), import).map_err(|error| source.wrong(&error))?;
    let faults: Vec<String> = report.faults().map(ToString::to_string).collect();
    if !faults.is_empty() {
        return Err(source.wrong(&faults.join("\n  ")));
    }
    let secrets = report.secrets;
    let from_file = options.key_file.is_none() && secrets.contains(&"cryptoHashKey");
    let keys = if from_file { RuleKeys::File } else { RuleKeys::Ring };
    let rules = AnonymizerRules::parse(source.text(), import.with_keys(keys));
    let rules = rules.map_err(|error| source.wrong(&error))?;
    if rules.wants_day() && as_of.is_none() {
        let why = "its rules tell ages over 89 by a day: add `--as-of DATE`, the day of the release";
        return Err(source.wrong(&why));
    }
    if rules.wants_cipher() && options.key_file.is_none() {
        let why = "it encrypts, and `encryptKey` of a rule file is not used: add `--key-file KEY`, made by `carewire deid keygen`";
        return Err(source.wrong(&why));
    }
    warn_of_secrets(options, &secrets);
    Ok(rules)
}

fn warn_of_secrets(options: &Transform, secrets: &[&str]) {
    let is_used = |name: &&&str| options.key_file.is_none() && **name != "encryptKey";
    let (used, idle): (Vec<&str>, Vec<&str>) = secrets.iter().partition(|name| is_used(name));
    let say = |names: &[&str], what: &str| {
        if !names.is_empty() {
            out::note(format_args!("policy {}: {} in the file: {what}", options.policy, names.join(", ")));
        }
    };
    say(&used, "who can read the file can undo the surrogates; `--key-file KEY` replaces them");
    say(&idle, "not used; take them out");
}

/// Those of the key file; else those that the rule file holds; else, as in Microsoft's engine, a key of this run.
pub(super) fn keys(
    rules: &AnonymizerRules,
    ring: Option<&KeyRing>,
    org: &OrgId,
) -> Result<Pseudonymizer, Failure> {
    if let Some(ring) = ring {
        return Ok(Pseudonymizer::new(ring, org, "file"));
    }
    if let Some(keys) = rules.keys_of_file() {
        return Ok(keys);
    }
    if rules.wants_keys() {
        out::note(
            "no --key-file, and no key in the rule file: this run has a key of its own, and nothing links it to another",
        );
    }
    key_of_run()
}

/// Resources and Bundles under imported rules.
pub(super) struct Imported<'r> {
    rules: &'r AnonymizerRules,
    terms: &'r Terms,
    as_of: Date,
    about: Account,
}

impl<'r> Imported<'r> {
    pub(super) fn new(rules: &'r AnonymizerRules, terms: &'r Terms) -> Result<Self, Failure> {
        // Where no day was given, no rule asks for it.
        let no_day = || Date::parse("1970-01-01").map_err(|error| Failure::usage(error.to_string()));
        let as_of = terms.as_of.clone().map_or_else(no_day, Ok)?;
        let about = json!({
            "policy": "microsoft-anonymizer",
            "version": terms.version,
            "key": terms.keys.key_id(),
            "as_of": terms.as_of.as_ref().map(Date::as_str),
            "deviations": rules.deviations().iter().map(ToString::to_string).collect::<Vec<_>>(),
        });
        let about = if let Value::Object(about) = about { Account::about(about) } else { Account::default() };
        Ok(Self { rules, terms, as_of, about })
    }

    /// One document, and whether it was emptied because a rule could not be evaluated; the reason when it is left out.
    fn one(&self, item: &Item, applied: &mut BTreeMap<usize, u64>) -> Result<(Vec<u8>, bool), String> {
        let document = item.as_ref().map_err(Clone::clone)?;
        let resource = Resource::parse(document).map_err(|error| error.to_string())?;
        let context = RunContext::new(&self.terms.keys, &self.as_of);
        let context = match &self.terms.cipher {
            Some(cipher) => context.with_cipher(cipher, &OsEntropy),
            None => context,
        };
        let done = self.rules.run(&resource, &context).map_err(|error| error.to_string())?;
        for (rule, count) in done.applied {
            *applied.entry(rule).or_default() += count;
        }
        Ok((done.resource.to_json().into_bytes(), done.skipped))
    }
}

impl Kind for Imported<'_> {
    const NAMES: [&'static str; 2] = ["resource", "ndjson"];

    fn items(&self, name: &str, source: Box<dyn Read + Send>, _: bool) -> Box<dyn Iterator<Item = Item>> {
        Box::new(Documents::new(name, source))
    }

    fn part(&self, items: &[Item]) -> Part {
        let (mut account, mut applied, mut emptied) = (self.about.clone(), BTreeMap::new(), vec![]);
        let one = |(at, item)| {
            let (json, is_emptied) = self.one(item, &mut applied)?;
            emptied.extend(is_emptied.then_some(at));
            Ok(json)
        };
        let results = items.iter().enumerate().map(one).collect();
        for (at, (path, method)) in self.rules.rules().enumerate() {
            if let Some(count) = applied.get(&at) {
                let locus = Locus { rule: Some(at), path: path.to_owned(), method: method.to_owned() };
                account.add(locus, *count);
            }
        }
        account.warn("emptied", emptied.len() as u64);
        Part { results, emptied, account: Some(account), withheld: 0 }
    }
}
