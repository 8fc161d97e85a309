//! The record of what was done: paths and counts, never values.

use serde::Serialize;
use serde::ser::{SerializeSeq, SerializeStruct, Serializer};
use std::collections::BTreeMap;

use crate::tools::Tools;
use crate::transform::ZipList;
use crate::{Policy, Pseudonymizer};

/// What happened to an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Treatment {
    /// It stayed as it was.
    Kept,
    /// It went, with all below it.
    Dropped,
    /// It was replaced by a keyed surrogate.
    Pseudonymised,
    /// It was made coarser.
    Generalised,
    /// It was pointed to the new address of the same thing.
    Rewritten,
    /// It went, but R4 wants it: that it is withheld was said in its place.
    Masked,
    /// It was added: the token or pseudonym that identifies the resource.
    Added,
    /// The whole resource was left out.
    LeftOut,
    /// A date went with all dates of its patient.
    Shifted,
    /// Another value stands in its place.
    Substituted,
    /// A number was moved by keyed noise.
    Perturbed,
    /// It was sealed, to be opened by those who hold the key.
    Encrypted,
    /// A text went through a scrubber, which finds what it can.
    Scrubbed,
}

impl Treatment {
    pub(crate) const ALL: [Self; 13] = [
        Self::Kept,
        Self::Dropped,
        Self::Pseudonymised,
        Self::Generalised,
        Self::Rewritten,
        Self::Masked,
        Self::Added,
        Self::LeftOut,
        Self::Shifted,
        Self::Substituted,
        Self::Perturbed,
        Self::Encrypted,
        Self::Scrubbed,
    ];
}

/// What somebody should look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Warning {
    /// A date went because the resource does not say which patient it is about, so that it could not move with his.
    NoPatient,
    /// The dates of a resource moved by the id of its patient, since no identifier of his is known: in messages of HL7 v2, and
    /// in Bundles that show it, they move by another number of days. See [`Exporter::with_patients`](crate::Exporter::with_patients).
    MovedById,
    /// A resource of a Bundle was withheld: it carries a modifier extension that the policy does not name, or is none.
    Withheld,
}

/// How often each [`Treatment`] was applied at each element path.
///
/// Paths are R4 element paths without indexes. A name that R4 does not have is shown as `?`, since a sender can put
/// anything there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    policy: String,
    version: String,
    key: String,
    encryption_key: Option<String>,
    zip_list: Option<String>,
    scrubber: Option<String>,
    as_of: Option<String>,
    warnings: BTreeMap<Warning, u64>,
    counts: BTreeMap<String, BTreeMap<Treatment, u64>>,
}

impl Manifest {
    /// Of a run under a policy, with these keys and tools.
    pub(crate) fn of(policy: &Policy, keys: &Pseudonymizer, tools: Tools<'_>) -> Self {
        Self {
            policy: policy.id().to_owned(),
            version: policy.version().to_owned(),
            key: keys.key_id().to_owned(),
            encryption_key: tools.cipher.map(|(cipher, _)| cipher.key_id().to_owned()),
            zip_list: ZipList::named(&policy.geography().list).map(|list| list.name().to_owned()),
            scrubber: tools.scrubber_of(policy).map(|scrubber| scrubber.id().to_owned()),
            ..Self::default()
        }
    }

    pub(crate) fn with_as_of(self, as_of: &str) -> Self {
        Self { as_of: Some(as_of.to_owned()), ..self }
    }

    pub(crate) fn warn(&mut self, warning: Warning, count: u64) {
        if count > 0 {
            *self.warnings.entry(warning).or_default() += count;
        }
    }

    /// The id of the key whose surrogates were used.
    #[must_use]
    pub fn key_id(&self) -> &str {
        &self.key
    }

    /// The id of the key that values were encrypted with, where the run had one.
    #[must_use]
    pub fn encryption_key_id(&self) -> Option<&str> {
        self.encryption_key.as_deref()
    }

    /// The list of ZIP codes that were too small to be told, with its vintage: `zip3-2020`, or `zip3-union` for all.
    #[must_use]
    pub fn zip_list(&self) -> Option<&str> {
        self.zip_list.as_deref()
    }

    /// Who scrubbed texts, where anybody did: the id of a [`TextScrubber`](crate::transform::TextScrubber).
    #[must_use]
    pub fn scrubber(&self) -> Option<&str> {
        self.scrubber.as_deref()
    }

    /// What somebody should look at, and how often it was met.
    pub fn warnings(&self) -> impl Iterator<Item = (Warning, u64)> {
        self.warnings.iter().map(|(warning, count)| (*warning, *count))
    }

    /// The id of the policy that was applied.
    #[must_use]
    pub fn policy(&self) -> &str {
        &self.policy
    }

    /// The version of the policy that was applied.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// All counts, ordered by path and treatment.
    pub fn counts(&self) -> impl Iterator<Item = (&str, Treatment, u64)> {
        self.counts.iter().flat_map(|(path, counts)| {
            counts.iter().map(|(treatment, count)| (path.as_str(), *treatment, *count))
        })
    }

    /// How often a treatment was applied at a path.
    #[must_use]
    pub fn count(&self, path: &str, treatment: Treatment) -> u64 {
        self.counts.get(path).and_then(|counts| counts.get(&treatment)).copied().unwrap_or(0)
    }

    /// Adds the counts of another manifest, for the report of a file.
    pub fn merge(&mut self, other: &Self) {
        for (path, treatment, count) in other.counts() {
            self.add(path, treatment, count);
        }
        for (warning, count) in other.warnings() {
            self.warn(warning, count);
        }
    }

    pub(crate) fn note(&mut self, path: &str, treatment: Treatment) {
        self.add(path, treatment, 1);
    }

    pub(crate) fn add(&mut self, path: &str, treatment: Treatment, count: u64) {
        match self.counts.get_mut(path) {
            Some(counts) => *counts.entry(treatment).or_default() += count,
            None => drop(self.counts.insert(path.to_owned(), BTreeMap::from([(treatment, count)]))),
        }
    }
}

impl Serialize for Manifest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut manifest = serializer.serialize_struct("Manifest", 9)?;
        manifest.serialize_field("policy", &self.policy)?;
        manifest.serialize_field("version", &self.version)?;
        manifest.serialize_field("key", &self.key)?;
        manifest.serialize_field("encryption_key", &self.encryption_key)?;
        manifest.serialize_field("zip_list", &self.zip_list)?;
        manifest.serialize_field("scrubber", &self.scrubber)?;
        manifest.serialize_field("as_of", &self.as_of)?;
        manifest.serialize_field("warnings", &self.warnings)?;
        manifest.serialize_field("counts", &Counts(self))?;
        manifest.end()
    }
}

struct Counts<'a>(&'a Manifest);

#[derive(Serialize)]
struct Count<'a> {
    path: &'a str,
    method: Treatment,
    count: u64,
}

impl Serialize for Counts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut counts = serializer.serialize_seq(None)?;
        for (path, method, count) in self.0.counts() {
            counts.serialize_element(&Count { path, method, count })?;
        }
        counts.end()
    }
}
