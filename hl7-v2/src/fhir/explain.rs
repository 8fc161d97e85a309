//! Where the elements of a Bundle came from.

use super::Mapped;
use super::report::Trace;
use super::row::RowText;
use crate::Location;

/// An element, the place it was read from, and the row that put it there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ExplainLine {
    /// The element: `Patient.name[0].family`. The second resource of a type is `Observation(2).status`.
    pub element: String,
    /// The place in the message.
    pub source: Location,
    /// The row of the map.
    pub row: RowText,
}

/// All elements of a Bundle that came from a field, in the order of its entries.
///
/// The message must have been mapped with [`MapOptions::trace`](super::MapOptions::trace).
///
/// ```
/// use carewire_fhir_core::OrgId;
/// use carewire_hl7_v2::{Message, ParseOptions, fhir::{MapOptions, explain, explain_element, map}};
///
/// let bytes = b"MSH|^~\\&|ADT|GEN|||20240305||ADT^A08|1|P|2.5\rPID|1||7^^^GEN^MR||Doe^Jo";
/// let options = MapOptions::new(OrgId::new("clinic")?).with_trace(true);
/// let mapped = map(&Message::parse(bytes, &ParseOptions::default())?, &options)?;
/// let family = explain_element(&mapped, "Patient.name[0].family").next().ok_or("not there")?;
/// assert_eq!(family.source.to_string(), "PID[1]-5[1].1");
/// assert_eq!(family.row.to_string(), "PID-5 -> Patient.name (XPN[HumanName])");
/// assert!(explain(&mapped).len() > 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn explain(mapped: &Mapped) -> Vec<ExplainLine> {
    let mut traces: Vec<&Trace> = mapped.trace.iter().collect();
    traces.sort_by_key(|trace| trace.entry);
    traces.into_iter().map(|trace| line(mapped, trace)).collect()
}

/// The lines of an element and of what is below it: `Patient.name` gives `Patient.name[0].family` too.
///
/// Without a number the first resource of the type is meant.
pub fn explain_element(mapped: &Mapped, path: &str) -> impl Iterator<Item = ExplainLine> {
    let wanted = path.replacen("(1)", "", 1);
    explain(mapped).into_iter().filter(move |line| is_within(&line.element, &wanted))
}

fn is_within(element: &str, path: &str) -> bool {
    element.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

fn line(mapped: &Mapped, trace: &Trace) -> ExplainLine {
    let (resource_type, rest) = trace.path.split_once('.').unwrap_or((&trace.path, ""));
    let before = mapped.bundle.value().list("entry").iter().take(trace.entry);
    let number = 1 + before
        .filter(|e| e.get("resource").and_then(|r| r.str("resourceType")) == Some(resource_type))
        .count();
    let number = if number == 1 { String::new() } else { format!("({number})") };
    ExplainLine { element: format!("{resource_type}{number}.{rest}"), source: trace.source, row: trace.row }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_takes_what_is_below_it_and_no_more() {
        assert!(is_within("Patient.name[0].family", "Patient.name"));
        assert!(is_within("Patient.name[0].family", "Patient.name[0].family"));
        assert!(!is_within("Patient.names", "Patient.name"));
        assert!(!is_within("Patient.name[10].family", "Patient.name[1]"));
        assert!(!is_within("Observation(2).status", "Observation"));
    }
}
