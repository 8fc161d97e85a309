//! Which classes of data a resource holds: a table with a version.

mod bundle;
mod table;

use std::collections::BTreeSet;

use carewire_fhir_core::Resource;
use carewire_fhir_core::json::{JsonNode, NameId};

pub use bundle::entry_data_classes;
pub(crate) use bundle::{classes_of_entries, targets};
pub use table::CLASS_TABLE_VERSION;
pub(crate) use table::holds as is_classified;
use table::{Coded, Rule, Use, coded, rule};

use crate::DataClass::{self, ClinicalNotes, Unclassified};
use crate::facts::items;

/// The classes of the data in a resource, or in all entries of a Bundle.
///
/// - A resource may fall in several classes; what it contains adds its own.
/// - A type, category system or category code that the table does not hold is [`DataClass::Unclassified`].
/// - Where a type's class depends on a category and there is none, its code decides; where that is not in the table, every
///   class that the type can have is returned: whoever may see all of them may see this one.
/// - The type of a document adds its classes: a laboratory report is a note and a result.
/// - `Provenance`, `AuditEvent`, `MessageHeader` and `Device` tell about other resources: in a Bundle they add nothing,
///   alone they are unclassified.
/// - The empty set: no data of a patient (`Organization`, `Practitioner`, …).
///
/// The table is `data/classes.csv`, with the source of each row.
///
/// ```
/// use carewire_consent::{DataClass, data_classes_of};
/// use carewire_fhir_core::Resource;
/// let lab = Resource::parse(
///     br#"{"resourceType":"Observation","category":[{"coding":[
///         {"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}]}]}"#,
/// )?;
/// assert_eq!(data_classes_of(&lab), [DataClass::LabResults].into());
/// assert_eq!(data_classes_of(&Resource::new("Basic")), [DataClass::Unclassified].into());
/// # Ok::<(), carewire_fhir_core::ResourceError>(())
/// ```
#[must_use]
pub fn data_classes_of(resource: &Resource) -> BTreeSet<DataClass> {
    classes_of(resource.value())
}

/// As [`data_classes_of`], whatever the resource is kept in.
pub(crate) fn classes_of<'n>(resource: impl JsonNode<'n>) -> BTreeSet<DataClass> {
    Classes::of(resource).standing_alone()
}

/// Whether a resource holds nothing but what it tells about others: its classes are theirs.
pub(crate) fn tells_about_others<'n>(resource: impl JsonNode<'n>) -> bool {
    let classes = Classes::of(resource);
    classes.follows && classes.own.is_empty()
}

/// The classes of a resource, and whether it also tells about others.
#[derive(Default)]
struct Classes {
    own: BTreeSet<DataClass>,
    follows: bool,
}

impl Classes {
    fn of<'n>(resource: impl JsonNode<'n>) -> Self {
        let mut classes = match resource.text(RESOURCE_TYPE) {
            Some("Bundle") => Self::merge(items(resource, ENTRY).filter_map(|entry| entry.member(RESOURCE))),
            Some(name) => Self::by_rule(rule(name), resource),
            None => Self::from_slice(&[Unclassified]),
        };
        if items(resource, PRESENTED_FORM).next().is_some() {
            classes.own.insert(ClinicalNotes);
        }
        classes.own.extend(Self::merge(items(resource, CONTAINED)).own);
        classes
    }

    fn by_rule<'n>(rule: &Rule, resource: impl JsonNode<'n>) -> Self {
        match rule {
            Rule::Administrative => Self::default(),
            Rule::Follows => Self { own: BTreeSet::new(), follows: true },
            Rule::Category { absent } => Self { own: by_category(resource, absent), follows: false },
            Rule::Fixed(classes) => {
                let mut fixed = Self::from_slice(classes);
                if fixed.own.contains(&ClinicalNotes) {
                    let kind = resource.member(TYPE).into_iter();
                    fixed.own.extend(kind.flat_map(|kind| known(Use::Document, kind, &[])));
                }
                fixed
            }
        }
    }

    fn from_slice(classes: &[DataClass]) -> Self {
        Self { own: classes.iter().cloned().collect(), follows: false }
    }

    fn merge<'n, N: JsonNode<'n>>(resources: impl Iterator<Item = N>) -> Self {
        resources.map(Self::of).fold(Self::default(), |mut all, classes| {
            all.own.extend(classes.own);
            all.follows |= classes.follows;
            all
        })
    }

    fn standing_alone(mut self) -> BTreeSet<DataClass> {
        if self.own.is_empty() && self.follows {
            self.own.insert(Unclassified);
        }
        self.own
    }
}

/// By the categories, of which each must be known; without one by the code.
fn by_category<'n>(resource: impl JsonNode<'n>, absent: &[DataClass]) -> BTreeSet<DataClass> {
    let mut classes = BTreeSet::new();
    for category in items(resource, CATEGORY) {
        let known = known(Use::Category, category, absent);
        classes.extend(if known.is_empty() { [Unclassified].into() } else { known });
    }
    if classes.is_empty() {
        classes.extend(resource.member(CODE).into_iter().flat_map(|code| known(Use::Code, code, absent)));
    }
    if classes.is_empty() { absent.iter().cloned().collect() } else { classes }
}

/// The classes of the codings of a concept that the table holds.
fn known<'n>(of: Use, concept: impl JsonNode<'n>, any: &[DataClass]) -> BTreeSet<DataClass> {
    let codings = items(concept, CODING);
    let found = codings.filter_map(|coding| coded(of, coding.text(SYSTEM)?, coding.text(CODE)?));
    let classes = found.flat_map(|coded| match coded {
        Coded::Are(classes) => classes.as_slice(),
        Coded::Any => any,
    });
    classes.cloned().collect()
}

const RESOURCE_TYPE: NameId = NameId::element("resourceType");
const ENTRY: NameId = NameId::element("entry");
const RESOURCE: NameId = NameId::element("resource");
const FULL_URL: NameId = NameId::element("fullUrl");
const CONTAINED: NameId = NameId::element("contained");
const PRESENTED_FORM: NameId = NameId::element("presentedForm");
const CATEGORY: NameId = NameId::element("category");
const CODING: NameId = NameId::element("coding");
const SYSTEM: NameId = NameId::element("system");
const CODE: NameId = NameId::element("code");
const TYPE: NameId = NameId::element("type");
const REFERENCE: NameId = NameId::element("reference");

#[cfg(test)]
mod tests;
