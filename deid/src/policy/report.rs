//! What a policy keeps of each type: for a reviewer.

use std::fmt;

use carewire_fhir_core::json::NameId;

use super::{AsOfRule, At, KeyRule, Method, Parameters, Plan, Policy, Step};
use crate::PolicyError;
use crate::fhir;

/// Reads a policy file and says what it does with every R4 element of the types that it names.
///
/// ```
/// let report = carewire_deid::check_policy(carewire_deid::Policy::pseudonymous_toml())?;
/// let observation = report.types.iter().find(|one| one.resource_type == "Observation").unwrap();
/// assert!(observation.elements.iter().any(|one| one.path == "Observation.note" && one.method.is_none()));
/// println!("{report}");
/// # Ok::<(), carewire_deid::PolicyError>(())
/// ```
///
/// # Errors
/// [`PolicyError`] when the file cannot be used.
pub fn check_policy(text: &str) -> Result<PolicyReport, PolicyError> {
    Policy::parse_toml(text).map(|policy| policy.report())
}

/// The coverage of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PolicyReport {
    /// The policy's id.
    pub id: String,
    /// The policy's version.
    pub version: String,
    /// The resource types that it names, by name.
    pub types: Vec<TypeReport>,
    /// The resource types that this crate knows and the policy does not name: they are left out of every Bundle.
    pub left_out: Vec<&'static str>,
    /// Its other sections, a line each: dates, ages, places, texts, identifiers, rules for v2.
    pub sections: Vec<String>,
}

/// The coverage of one resource type.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TypeReport {
    /// The type.
    pub resource_type: &'static str,
    /// Its elements, down to datatypes.
    pub elements: Vec<ElementReport>,
}

/// What happens to one element.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ElementReport {
    /// The element path.
    pub path: String,
    /// The method, or none where the element is dropped.
    pub method: Option<Method>,
    /// What happens, in words: the method and what belongs to it, as `generalise step 10`.
    pub said: String,
}

impl Policy {
    /// What the policy does with every element of the types that it names.
    #[must_use]
    pub fn report(&self) -> PolicyReport {
        let (mut types, mut left_out, mut plan) = (Vec::new(), Vec::new(), Plan::new(self));
        for &name in fhir::resource_types() {
            match plan.root(name) {
                Some(at) => {
                    let mut elements = Vec::new();
                    collect(&mut plan, at, &mut vec![at], &mut elements);
                    types.push(TypeReport { resource_type: name, elements });
                }
                None => left_out.push(name),
            }
        }
        PolicyReport {
            id: self.id.clone(),
            version: self.version.clone(),
            types,
            left_out,
            sections: self.sections(),
        }
    }

    fn sections(&self) -> Vec<String> {
        let as_of = match self.as_of_rule() {
            AsOfRule::Optional => "counted where the day is given",
            AsOfRule::Required => "counted at a day that must be given",
        };
        let scrubber = match self.text().scrubber.as_deref() {
            Some(id) => format!("{id}, which is no guarantee"),
            None => "none: dropped".to_owned(),
        };
        let mut lines = vec![
            format!("dates: {}", self.dates()),
            format!("ages: {as_of}"),
            format!("places: {}", self.geography()),
            format!(
                "keys: {}",
                if self.keys == KeyRule::Run { "of one run" } else { "of the org, or of one run" }
            ),
            format!("scrubber of texts: {scrubber}"),
        ];
        lines.extend(self.identifiers().iter().map(|rule| format!("identifier {rule}")));
        lines.extend(self.v2_rules().iter().map(|rule| format!("v2 {rule}")));
        lines
    }
}

/// The elements below a place, down to datatypes. An item in an item is told once.
fn collect(plan: &mut Plan<'_>, at: At, seen: &mut Vec<At>, out: &mut Vec<ElementReport>) {
    let Some(fields) = plan.fields(at) else { return };
    for (name, field) in fields.iter() {
        let Some(child) = NameId::of(name).and_then(|id| plan.child(at, id)) else { continue };
        let spot = plan.spot(child);
        if spot.step == Step::Object && spot.method.is_none() && field.fields().is_some() {
            if !seen.contains(&child) {
                seen.push(child);
                collect(plan, child, seen, out);
            }
            continue;
        }
        let method = spot.method.filter(|method| *method != Method::Drop);
        let said = method.map_or_else(|| "dropped".to_owned(), |method| said(method, spot.parameters));
        out.push(ElementReport { path: spot.path.clone(), method, said });
    }
}

/// A method with what belongs to it.
fn said(method: Method, parameters: Option<&Parameters>) -> String {
    parameters.map_or_else(|| method.as_str().to_owned(), |own| format!("{}{own}", method.as_str()))
}

impl fmt::Display for PolicyReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "policy {} version {}", self.id, self.version)?;
        self.sections.iter().try_for_each(|line| writeln!(f, "{line}"))?;
        for one in &self.types {
            let kept = one.elements.iter().filter(|element| element.method.is_some()).count();
            writeln!(f, "{}: {kept} of {} elements stay", one.resource_type, one.elements.len())?;
            for element in &one.elements {
                writeln!(f, "  {:<60} {}", element.path, element.said)?;
            }
        }
        writeln!(f, "left out: {}", self.left_out.join(", "))
    }
}
