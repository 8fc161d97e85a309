//! The labels of data.

use carewire_fhir_core::{Resource, Value};

use crate::label::{self, Label, NORMAL};
use crate::model::Coding;
use crate::system;

/// The labels of data: one confidentiality, and the sensitivities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Labels {
    confidentiality: u8,
    sensitivities: u64,
}

impl Labels {
    /// Of the labels that were found; where none of them is a confidentiality, the data are normal.
    pub(crate) fn of(found: Found) -> Self {
        Self { confidentiality: found.confidentiality.unwrap_or(NORMAL), sensitivities: found.sensitivities }
    }

    /// A code of `v3-Confidentiality`.
    #[must_use]
    pub fn confidentiality(self) -> &'static str {
        label::confidentiality_code(self.confidentiality)
    }

    /// Codes of `v3-ActCode`.
    pub fn sensitivities(self) -> impl Iterator<Item = &'static str> {
        label::sensitivity_codes(self.sensitivities)
    }

    /// The high-water mark of both: the higher confidentiality, and all sensitivities.
    pub fn and(self, other: Self) -> Self {
        Self {
            confidentiality: self.confidentiality.max(other.confidentiality),
            sensitivities: self.sensitivities | other.sensitivities,
        }
    }

    /// The labels as codings, the confidentiality first.
    pub fn codings(self) -> impl Iterator<Item = Coding> {
        let first = Coding::new(system::CONFIDENTIALITY, self.confidentiality());
        let others = self.sensitivities().map(|code| Coding::new(system::ACT_CODE, code));
        std::iter::once(first).chain(others)
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

    pub(crate) fn add_all(&mut self, other: Self) {
        self.confidentiality = self.confidentiality.max(other.confidentiality);
        self.sensitivities |= other.sensitivities;
    }

    pub(crate) fn is_nothing(self) -> bool {
        self.confidentiality.is_none() && self.sensitivities == 0
    }
}
