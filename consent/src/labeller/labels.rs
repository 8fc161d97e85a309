//! The labels of data.

use carewire_fhir_core::{Resource, Value};

use crate::label::{self, Label, NORMAL};
use crate::model::Coding;
use crate::policy::Unlabelled;
use crate::system;

/// The labels of data: a confidentiality where it is known, and the sensitivities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Labels {
    confidentiality: Option<u8>,
    sensitivities: u64,
    finding: Finding,
    is_read: bool,
}

/// What a labeller found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Finding {
    /// Nothing, in what it could all read.
    Nothing,
    /// Nothing, and it could not read all.
    NotRead,
    /// Labels.
    Labels,
}

impl Labels {
    /// Of the labels that were found. Where none of them is a confidentiality, data that could all be read are normal.
    pub(crate) fn of(found: Found, is_read: bool) -> Self {
        let finding = match (found.is_nothing(), is_read) {
            (false, _) => Finding::Labels,
            (true, true) => Finding::Nothing,
            (true, false) => Finding::NotRead,
        };
        let confidentiality = found.confidentiality.or(is_read.then_some(NORMAL));
        Self { confidentiality, sensitivities: found.sensitivities, finding, is_read }
    }

    /// What was found.
    #[must_use]
    pub fn finding(self) -> Finding {
        self.finding
    }

    /// Whether all could be read. Where not, there may be further labels.
    #[must_use]
    pub fn is_read(self) -> bool {
        self.is_read
    }

    /// A code of `v3-Confidentiality`; `None` where it is not known.
    #[must_use]
    pub fn confidentiality(self) -> Option<&'static str> {
        self.confidentiality.map(label::confidentiality_code)
    }

    /// Codes of `v3-ActCode`.
    pub fn sensitivities(self) -> impl Iterator<Item = &'static str> {
        label::sensitivity_codes(self.sensitivities)
    }

    /// The high-water mark of both: the higher confidentiality, and all sensitivities. What is not known may be normal or higher.
    pub fn and(self, other: Self) -> Self {
        let confidentiality = match (self.confidentiality, other.confidentiality) {
            (Some(one), Some(another)) => Some(one.max(another)),
            (one, another) => one.or(another).filter(|known| *known > NORMAL),
        };
        Self {
            confidentiality,
            sensitivities: self.sensitivities | other.sensitivities,
            finding: self.finding.max(other.finding),
            is_read: self.is_read && other.is_read,
        }
    }

    /// The labels as codings, the confidentiality first.
    pub fn codings(self) -> impl Iterator<Item = Coding> {
        let first = self.confidentiality().map(|code| Coding::new(system::CONFIDENTIALITY, code));
        let others = self.sensitivities().map(|code| Coding::new(system::ACT_CODE, code));
        first.into_iter().chain(others)
    }

    /// The codings that a decision counts. Where not all could be read they hold no confidentiality, unless unlabelled data are
    /// taken for normal: with one, what was not found would count as absent (rule R10).
    pub(crate) fn counted(self, unlabelled: Unlabelled) -> impl Iterator<Item = Coding> {
        let is_settled = self.is_read || unlabelled == Unlabelled::Normal;
        self.codings()
            .filter(move |coding| is_settled || coding.system.as_deref() != Some(system::CONFIDENTIALITY))
    }

    /// Adds to `meta.security` those that do not stand there. What stands there stays.
    pub fn add_to(self, resource: &mut Resource) {
        self.add_to_value(resource.value_mut());
    }

    pub(crate) fn add_to_value(self, resource: &mut Value) {
        let standing: Vec<Label> = meta_labels(resource);
        let mut meta = resource.get("meta").cloned().unwrap_or_else(Value::object);
        let mut security = meta.get("security").cloned().unwrap_or_else(Value::array);
        let count = security.len();
        for coding in self.codings().filter(|coding| !standing.contains(&label::label(coding))) {
            let system = coding.system.as_deref().unwrap_or_default();
            security.push(Value::object().with("system", system).with("code", &*coding.code));
        }
        if security.len() > count {
            meta.set("security", security);
            resource.set("meta", meta);
        }
    }
}

fn meta_labels(resource: &Value) -> Vec<Label> {
    let standing = resource.get("meta").into_iter().flat_map(|meta| meta.list("security"));
    standing.filter_map(|coding| Some(label::label_of(coding.str("system"), coding.str("code")?))).collect()
}

/// Labels as they are found.
#[derive(Clone, Copy, Default)]
pub(crate) struct Found {
    confidentiality: Option<u8>,
    pub(crate) sensitivities: u64,
}

impl Found {
    pub(crate) fn add(&mut self, label: Label) {
        match label {
            Label::Confidentiality(place) => self.confidentiality = self.confidentiality.max(Some(place)),
            Label::Sensitivity(bit) => self.sensitivities |= bit,
            Label::Local | Label::Unknown => {}
        }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            confidentiality: self.confidentiality.max(other.confidentiality),
            sensitivities: self.sensitivities | other.sensitivities,
        }
    }

    pub(crate) fn is_nothing(self) -> bool {
        self.confidentiality.is_none() && self.sensitivities == 0
    }
}
