//! Labels for resources, by a table of codes.

mod codes;
mod labels;
mod reader;
mod table;

use std::collections::BTreeMap;

use carewire_fhir_core::json::{JsonNode, NameId};
use carewire_fhir_core::{Resource, Value};

use codes::{Codes, normal};
use labels::Found;
pub use labels::{Finding, Labels};
use reader::Reader;
pub(crate) use table::{Record, records};
pub use table::{TableError, TableReason};

use crate::label::{Label, label_of};
use crate::system::canonical;

/// The version of the built-in table: it changes whenever a resource may be labelled differently.
pub const LABEL_TABLE_VERSION: u32 = 2;

static BUILT_IN: &str = include_str!("../../data/labels.csv");
const COLUMNS: &str = "system,codes,labels,source";

/// Says how sensitive data are, by the codes in them and a table.
///
/// Every code counts, wherever it stands in the resource and in what it contains; so do the labels that stand in
/// `meta.security`. Of a Bundle the labels are the high-water mark of its entries. Three things may be found ([`Finding`]):
/// - The table, or `meta.security`, names labels.
/// - Nothing, though the table speaks of every code that is there: the data are normal (`N`).
/// - Nothing, and the table does not speak of all that is there: a code or system that it does not hold, a code without a
///   system, a concept in words, a note, a document. The data get no confidentiality, as if nobody had looked: what that
///   means the policy says ([`Policy::unlabelled`](crate::Policy::unlabelled)).
///
/// ```
/// use carewire_consent::{Finding, Labeller};
/// use carewire_fhir_core::Resource;
/// let labeller = Labeller::built_in()?;
/// let condition = |system: &str, code: &str| Resource::parse(format!(
///     r#"{{"resourceType":"Condition","code":{{"coding":[{{"system":"{system}","code":"{code}"}}]}}}}"#).as_bytes());
/// let icd = "http://hl7.org/fhir/sid/icd-10-cm";
/// let mut opioids = condition(icd, "F11.20")?;
/// let labels = labeller.label(&opioids);
/// assert_eq!(labels.confidentiality(), Some("R"));
/// assert!(labels.sensitivities().eq(["ETH", "OPIOIDUD"]));
/// labels.add_to(&mut opioids);
/// assert!(opioids.to_json().contains(r#""code":"OPIOIDUD""#));
///
/// assert_eq!(labeller.label(&condition(icd, "E11.9")?).confidentiality(), Some("N"));
/// let unheard_of = labeller.label(&condition("urn:site:codes", "4711")?);
/// assert_eq!((unheard_of.finding(), unheard_of.confidentiality()), (Finding::NotRead, None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What it cannot see
/// What is told in words, in images and in codes that the table does not hold. Where it finds some labels it does not say
/// what else there may be: [`Labels::is_read`] tells whether it could read all, and [`Filter`](crate::Filter) counts what else there
/// may be as not known. The built-in table is a start and no
/// guarantee: of RxNorm it holds some ingredients, of LOINC tests for some infections and vital signs, of SNOMED CT
/// nothing. [`Labeller::with`] adds a site's own.
#[derive(Clone)]
pub struct Labeller {
    systems: BTreeMap<Box<str>, Vec<Row>>,
    /// Those of systems whose names begin so.
    prefixes: Vec<(Box<str>, Row)>,
}

/// Some codes and their labels, or none.
type Row = (Codes, Found);

impl Labeller {
    /// The table that comes with the crate: ICD-10-CM and ICD-10 by their chapters, some ingredients of RxNorm and groups
    /// of ATC, tests for HIV and other infections of LOINC.
    ///
    /// # Errors
    /// None, as the tests hold; it is read as any other table.
    pub fn built_in() -> Result<Self, TableError> {
        Self::parse(BUILT_IN)
    }

    /// Reads a table: comma-separated values under the head `system,codes,labels,source`.
    ///
    /// The codes are `B20`, `F11*`, `T36??2*` or `F20..F69`, or `*` for all; the labels are codes of `v3-Confidentiality` and
    /// `v3-ActCode`, or `-`: of these codes it is known that they need none. A system that ends with `*` stands for all that
    /// begin so.
    ///
    /// ```
    /// use carewire_consent::{Labeller, TableReason};
    /// let table = "system,codes,labels,source\nurn:site:ward,PSY1 D*,R PSY,house rules\nurn:site:ward,*,-,house rules\n";
    /// let labeller = Labeller::built_in()?.with(Labeller::parse(table)?);
    /// let error = Labeller::parse("system,codes,labels,source\nurn:site:ward,PSY1,SECRET,house rules").unwrap_err();
    /// assert_eq!((error.line(), error.reason()), (2, TableReason::Label));
    /// # Ok::<(), carewire_consent::TableError>(())
    /// ```
    ///
    /// # Errors
    /// [`TableError`], with the line.
    pub fn parse(text: &str) -> Result<Self, TableError> {
        let mut labeller = Self { systems: BTreeMap::new(), prefixes: Vec::new() };
        for record in records(text, COLUMNS)? {
            let [system, codes, labels, source] = record.fields.as_slice() else { continue };
            labeller
                .add(system.trim(), codes, labels.trim(), source)
                .map_err(|reason| TableError::new(record.line, reason))?;
        }
        Ok(labeller)
    }

    /// The rows of both tables: what one of them labels is labelled, what one of them speaks of is read.
    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        for (system, rows) in other.systems {
            self.systems.entry(system).or_default().extend(rows);
        }
        self.prefixes.extend(other.prefixes);
        self
    }

    fn add(&mut self, system: &str, codes: &str, labels: &str, source: &str) -> Result<(), TableReason> {
        let found = if labels == "-" { Found::default() } else { named(labels)? };
        let codes: Option<Vec<Codes>> = codes.split_whitespace().map(Codes::parse).collect();
        match codes.filter(|codes| !codes.is_empty()) {
            _ if system.is_empty() => Err(TableReason::NoSystem),
            None => Err(TableReason::Codes),
            Some(_) if source.trim().is_empty() => Err(TableReason::NoSource),
            Some(codes) => {
                let rows = codes.into_iter().map(|codes| (codes, found));
                match (system.strip_suffix('*'), canonical(Some(system))) {
                    (Some(prefix), _) => self.prefixes.extend(rows.map(|row| (prefix.into(), row))),
                    (None, Some(system)) => self.systems.entry(system.into()).or_default().extend(rows),
                    (None, None) => return Err(TableReason::NoSystem),
                }
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
        let mut reader = Reader::new(self);
        if resource.text(RESOURCE_TYPE) != Some("Bundle") {
            reader.element("resource", resource, true);
            return reader.labels();
        }
        let around = resource.members().filter(|(name, _)| name.id() != Some((ENTRY, false)));
        around.for_each(|(name, member)| reader.element(name.as_str(), member, true));
        let entries = resource.member(ENTRY).into_iter().flat_map(JsonNode::items);
        let inside = entries.filter_map(|entry| entry.member(RESOURCE)).map(|inside| self.label_node(inside));
        inside.fold(reader.labels(), Labels::and)
    }

    fn size(&self) -> (usize, usize) {
        let rows = self.systems.values().map(Vec::len).sum::<usize>();
        (self.systems.len(), rows.saturating_add(self.prefixes.len()))
    }

    /// The labels of a code; `None` when the table does not speak of it.
    fn look_up(&self, system: &str, code: &str) -> Option<Found> {
        let system = canonical(Some(system))?;
        let code = normal(code);
        let own = self.systems.get(system).into_iter().flatten();
        let others =
            self.prefixes.iter().filter(|(prefix, _)| system.starts_with(&**prefix)).map(|(_, row)| row);
        let rows = own.chain(others).filter(|(codes, _)| codes.has(&code));
        rows.fold(None, |all, (_, found)| Some(all.unwrap_or_default().and(*found)))
    }
}

/// The labels that a row names.
fn named(labels: &str) -> Result<Found, TableReason> {
    let mut found = Found::default();
    for code in labels.split_whitespace() {
        match label_of(None, code) {
            Label::Local | Label::Unknown => return Err(TableReason::Label),
            known => found.add(known),
        }
    }
    if found.is_nothing() { Err(TableReason::Label) } else { Ok(found) }
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

#[cfg(test)]
mod tests;
