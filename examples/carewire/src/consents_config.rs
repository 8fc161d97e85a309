//! What the configuration says about consents: the table `[consents]`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use carewire_consent::Policy;
use carewire_fhir_core::OrgId;
use carewire_gateway::{MessageConsents, TakeConsents};

use crate::config::Source;
use crate::consent::{ConTypes, policy_file};
use crate::failure::Failure;
use crate::tables::{self, Table};

/// The table `[consents]` of the configuration file.
#[derive(Debug, Default)]
pub(crate) struct ConsentsConfig {
    /// What an org decides by where no variable says otherwise.
    pub(crate) policy: Policy,
    take: TakeConsents,
    /// Those for which the choice is another one.
    orgs: BTreeMap<OrgId, TakeConsents>,
    types: ConTypes,
}

const MEMBERS: [&str; 4] = ["policy", "from_messages", "orgs", "types"];
const CHOICES: &str = "`withdrawals`, `all` or `none`";

impl ConsentsConfig {
    pub(crate) fn read(source: &mut Source) -> Self {
        tables::one(source, "consents", |table| {
            table.allow(&MEMBERS);
            Self {
                policy: file(table, "policy", |path| for_a_gateway(policy_file(&path)?)),
                take: table.parsed("from_messages", CHOICES, TakeConsents::from_name).unwrap_or_default(),
                orgs: orgs(table),
                types: file(table, "types", |path| ConTypes::read(&path)),
            }
        })
    }

    /// What an org takes of the consents in messages.
    pub(crate) fn of(&self, org: &OrgId) -> MessageConsents {
        self.types.rules(self.take_of(org))
    }

    fn take_of(&self, org: &OrgId) -> TakeConsents {
        self.orgs.get(org).copied().unwrap_or(self.take)
    }

    /// For people: what these orgs take.
    pub(crate) fn described<'o>(&self, orgs: impl Iterator<Item = &'o OrgId>) -> String {
        let others = orgs.filter(|org| self.take_of(org) != self.take);
        let others: String =
            others.map(|org| format!("; of {org}: {}", self.take_of(org).as_str())).collect();
        format!("{}{others}; types agreed on: {}", self.take.as_str(), self.types.len())
    }
}

/// What a file says; what is wrong with it is noted.
fn file<T: Default>(
    table: &mut Table<'_>,
    name: &str,
    read: impl FnOnce(PathBuf) -> Result<T, Failure>,
) -> T {
    let Some(path) = table.text(name) else { return T::default() };
    read(PathBuf::from(path)).unwrap_or_else(|failure| {
        table.problem(&format!("{name}: {failure}"));
        T::default()
    })
}

/// A gateway leaves out of what it sends what its de-identification policy names, and gets no permit that asks for more.
fn for_a_gateway(policy: Policy) -> Result<Policy, Failure> {
    if policy.redact.is_empty() {
        return Ok(policy);
    }
    Err(Failure::usage(
        "redact: a gateway leaves out the elements that `deid_policy` names; nothing could be sent",
    ))
}

/// `[consents.orgs]`: the choice by the name of an org.
fn orgs(table: &mut Table<'_>) -> BTreeMap<OrgId, TakeConsents> {
    let choice = |(org, choice): (&String, &toml::Value)| {
        Some((OrgId::new(org).ok()?, TakeConsents::from_name(choice.as_str()?)?))
    };
    let read = match table.member("orgs") {
        None => Some(BTreeMap::new()),
        Some(members) => members.as_table().and_then(|members| members.iter().map(choice).collect()),
    };
    read.unwrap_or_else(|| {
        table.problem(&format!("orgs: names of orgs, each with {CHOICES}, are expected"));
        BTreeMap::new()
    })
}
