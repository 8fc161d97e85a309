//! What the types of CON segments are about, as those who exchange messages agreed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use carewire_consent::{ConTerms, DataClass, Purpose};
use carewire_gateway::{MessageConsents, TakeConsents};
use serde::Deserialize;

use crate::failure::Failure;

/// A file of types:
/// ```toml
/// unrelated = ["002"]
/// [[type]]
/// code = "001"
/// purpose = "CARE"
/// data_classes = ["LAB_RESULTS"]
/// ```
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ConTypes {
    unrelated: BTreeSet<String>,
    #[serde(rename = "type")]
    types: Vec<Type>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Type {
    code: String,
    purpose: Purpose,
    data_classes: BTreeSet<DataClass>,
}

impl ConTypes {
    pub(crate) fn read(file: &Path) -> Result<Self, Failure> {
        let wrong = |why: &dyn std::fmt::Display| Failure::usage(format!("{}: {why}", file.display()));
        let text = std::fs::read_to_string(file).map_err(|error| wrong(&error))?;
        let types: Self = toml::from_str(&text).map_err(|error| wrong(&error.message()))?;
        match types.fault() {
            Some(fault) => Err(wrong(&fault)),
            None => Ok(types),
        }
    }

    /// What is misspelt would permit nothing, or forbid everything, without a word.
    fn fault(&self) -> Option<String> {
        let mut codes = self.unrelated.clone();
        for (index, kind) in self.types.iter().enumerate() {
            let at = |what: &str| Some(format!("type {}: {what}", index + 1));
            if !codes.insert(kind.code.clone()) {
                return at("the code stands twice");
            }
            if !kind.purpose.is_known() {
                return at("purpose: a code of v3-ActReason is expected, or such a one as `CARE`");
            }
            let is_permittable = |class: &DataClass| DataClass::permittable().any(|known| known == *class);
            if kind.data_classes.is_empty() || !kind.data_classes.iter().all(is_permittable) {
                return at("data_classes: a list of classes of data is expected");
            }
        }
        None
    }

    /// How many types are agreed on.
    pub(crate) fn len(&self) -> usize {
        self.types.len()
    }

    pub(crate) fn rules(&self, take: TakeConsents) -> MessageConsents {
        let terms = |kind: &Type| {
            let terms = ConTerms { purpose: kind.purpose.clone(), data_classes: kind.data_classes.clone() };
            (kind.code.clone(), terms)
        };
        let mut rules = MessageConsents::default();
        rules.take = take;
        rules.types = self.types.iter().map(terms).collect::<BTreeMap<_, _>>();
        rules.unrelated.clone_from(&self.unrelated);
        rules
    }
}
