//! Labels for resources, by a table of codes.

mod codes;
mod labels;
mod table;

use std::collections::BTreeMap;

use carewire_fhir_core::json::{JsonNode, NameId};
use carewire_fhir_core::{Resource, Value};

use codes::{Codes, normal};
use labels::Found;
pub use labels::Labels;
pub(crate) use table::{Record, records};
pub use table::{TableError, TableReason};

use crate::label::{Label, label_of};

/// The version of the built-in table: it changes whenever a resource may be labelled differently.
pub const LABEL_TABLE_VERSION: u32 = 1;

static BUILT_IN: &str = include_str!("../../data/labels.csv");
const COLUMNS: &str = "system,codes,labels,source";

/// Says how sensitive data are, by the codes in them and a table.
///
/// Every code with a system counts, wherever it stands in the resource and in what it contains; so do the labels that stand in
/// `meta.security`. Of a Bundle the labels are the high-water mark of its entries. Data in which nothing was found are
/// normal (`N`), because somebody looked; data that went through no labeller are not labelled, and the policy says what
/// that means ([`Policy::unlabelled`](crate::Policy::unlabelled)).
///
/// ```
/// use carewire_consent::Labeller;
/// use carewire_fhir_core::Resource;
/// let labeller = Labeller::built_in()?;
/// let mut condition = Resource::parse(
///     br#"{"resourceType":"Condition","code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"F11.20"}]}}"#,
/// )?;
/// let labels = labeller.label(&condition);
/// assert_eq!(labels.confidentiality(), "R");
/// assert!(labels.sensitivities().eq(["OPIOIDUD"]));
/// labels.add_to(&mut condition);
/// assert!(condition.to_json().contains(r#""code":"OPIOIDUD""#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What it cannot see
/// Text, images, and codes that the table does not hold: drugs as products, codes of a site, codes without a system. The
/// built-in table is a start and no guarantee; [`Labeller::with`] adds a site's own.
#[derive(Clone)]
pub struct Labeller {
    systems: BTreeMap<Box<str>, Vec<(Codes, Found)>>,
}

impl Labeller {
    /// The table that comes with the crate: ICD-10-CM and ICD-10 by their chapters, some ingredients of RxNorm and groups
    /// of ATC, tests for HIV of LOINC.
    ///
    /// # Errors
    /// None, as the tests hold; it is read as any other table.
    pub fn built_in() -> Result<Self, TableError> {
        Self::parse(BUILT_IN)
    }

    /// Reads a table: comma-separated values under the head `system,codes,labels,source`.
    ///
    /// ```
    /// use carewire_consent::{Labeller, TableReason};
    /// let table = "system,codes,labels,source\nurn:site:ward,PSY1 D*,R PSY,house rules\n";
    /// let labeller = Labeller::built_in()?.with(Labeller::parse(table)?);
    /// let error = Labeller::parse("system,codes,labels,source\nurn:site:ward,PSY1,SECRET,house rules").unwrap_err();
    /// assert_eq!((error.line(), error.reason()), (2, TableReason::Label));
    /// # Ok::<(), carewire_consent::TableError>(())
    /// ```
    ///
    /// # Errors
    /// [`TableError`], with the line.
    pub fn parse(text: &str) -> Result<Self, TableError> {
        let mut labeller = Self { systems: BTreeMap::new() };
        for record in records(text, COLUMNS)? {
            let [system, codes, labels, source] = record.fields.as_slice() else { continue };
            labeller
                .add(system, codes, labels, source)
                .map_err(|reason| TableError::new(record.line, reason))?;
        }
        Ok(labeller)
    }

    /// The rows of both tables: what one of them labels is labelled.
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        for (system, rows) in other.systems {
            self.systems.entry(system).or_default().extend(rows);
        }
        self
    }

    fn add(&mut self, system: &str, codes: &str, labels: &str, source: &str) -> Result<(), TableReason> {
        let mut found = Found::default();
        for code in labels.split_whitespace() {
            match label_of(None, code) {
                Label::Local | Label::Unknown => return Err(TableReason::Label),
                known => found.add(known),
            }
        }
        let codes: Option<Vec<Codes>> = codes.split_whitespace().map(Codes::parse).collect();
        match codes.filter(|codes| !codes.is_empty()) {
            _ if system.trim().is_empty() => Err(TableReason::NoSystem),
            None => Err(TableReason::Codes),
            Some(_) if found.is_nothing() => Err(TableReason::Label),
            Some(_) if source.trim().is_empty() => Err(TableReason::NoSource),
            Some(codes) => {
                let rows = self.systems.entry(system.trim().into()).or_default();
                rows.extend(codes.into_iter().map(|codes| (codes, found)));
                Ok(())
            }
        }
    }

    /// The labels of a resource or a Bundle.
    pub fn label(&self, resource: &Resource) -> Labels {
        self.label_node(resource.value())
    }

    /// Adds its labels to a resource; to a Bundle and to each of its entries.
    pub fn mark(&self, resource: &mut Resource) {
        self.mark_value(resource.value_mut());
    }

    fn mark_value(&self, resource: &mut Value) {
        let labels = self.label_node(&*resource);
        if resource.str("resourceType") == Some("Bundle")
            && let Some(entries) = resource.get_mut("entry")
        {
            for inside in entries.items_mut().iter_mut().filter_map(|entry| entry.get_mut("resource")) {
                self.mark_value(inside);
            }
        }
        labels.add_to_value(resource);
    }

    pub(crate) fn label_node<'n>(&self, resource: impl JsonNode<'n>) -> Labels {
        let mut found = Found::default();
        if resource.text(RESOURCE_TYPE) != Some("Bundle") {
            self.visit(resource, &mut found);
            return Labels::of(found);
        }
        for (name, member) in resource.members() {
            if name.id() != Some((ENTRY, false)) {
                self.visit(member, &mut found);
            }
        }
        let entries = resource.member(ENTRY).into_iter().flat_map(JsonNode::items);
        let inside = entries.filter_map(|entry| entry.member(RESOURCE)).map(|inside| self.label_node(inside));
        inside.fold(Labels::of(found), Labels::and)
    }

    /// Every code in a value, and every label that stands in it.
    fn visit<'n>(&self, value: impl JsonNode<'n>, found: &mut Found) {
        let (mut system, mut code) = (None, None);
        for (name, member) in value.members() {
            match name.id() {
                Some((SYSTEM, false)) => system = member.as_str(),
                Some((CODE, false)) if member.as_str().is_some() => code = member.as_str(),
                Some((SECURITY, false)) => {
                    standing(member, found);
                    self.visit(member, found);
                }
                _ => self.visit(member, found),
            }
        }
        if let (Some(system), Some(code)) = (system, code) {
            self.look_up(system, code, found);
        }
        value.items().for_each(|item| self.visit(item, found));
    }

    fn size(&self) -> (usize, usize) {
        (self.systems.len(), self.systems.values().map(Vec::len).sum())
    }

    fn look_up(&self, system: &str, code: &str, found: &mut Found) {
        let Some(rows) = self.systems.get(system) else { return };
        let code = normal(code);
        for (_, labels) in rows.iter().filter(|(codes, _)| codes.has(&code)) {
            found.add_all(*labels);
        }
    }
}

/// The labels that stand in `meta.security`.
fn standing<'n>(security: impl JsonNode<'n>, found: &mut Found) {
    for coding in security.items() {
        if let Some(code) = coding.text(CODE) {
            found.add(label_of(coding.text(SYSTEM), code));
        }
    }
}

/// How large it is; a site's table may name what is rare.
impl std::fmt::Debug for Labeller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (systems, rows) = self.size();
        write!(f, "Labeller({systems} systems, {rows} rows)")
    }
}

const RESOURCE_TYPE: NameId = NameId::element("resourceType");
const ENTRY: NameId = NameId::element("entry");
const RESOURCE: NameId = NameId::element("resource");
const SYSTEM: NameId = NameId::element("system");
const CODE: NameId = NameId::element("code");
const SECURITY: NameId = NameId::element("security");

#[cfg(test)]
mod tests;
