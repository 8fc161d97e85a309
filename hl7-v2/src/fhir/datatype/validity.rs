//! Holds that what the datatype maps make is valid R4, whatever a field has.

use std::collections::BTreeMap;

use carewire_fhir_core::{Resource, validate};
use proptest::prelude::*;

use super::coverage::{fields, rows};
use super::maps::ALL;
use crate::fhir::context::Context;
use crate::fhir::entries::Key;
use crate::fhir::row::Via;
use crate::fhir::testing::with_field;
use crate::fhir::write;

/// What is wrong with what a map makes of a field: with its value, and with the resources beside it.
fn faults(via: &Via, field: &str) -> Vec<String> {
    if field.bytes().all(|byte| matches!(byte, b'^' | b'&' | b'~')) {
        return Vec::new();
    }
    let made = with_field(field, |node, c: &mut Context<'_>| {
        let patient = c.draft();
        c.patient = Some(c.add("Patient", patient, Key::Given("urn:p", "1"), None));
        let mut made = Vec::new();
        if let (Some(member), Ok(Some(value))) = (via.fhir().and_then(value_member), via.read(node, c)) {
            let mut text = format!(
                r#"{{"resourceType":"Basic","code":{{"text":"x"}},"extension":[{{"url":"urn:x","{member}":"#
            );
            write::value(&value, &mut text);
            made.push(text + "}]}");
        }
        for (_, entry) in c.entries.from(1) {
            let mut text = format!(r#"{{"resourceType":"{}","#, entry.resource_type);
            let mut body = String::new();
            write::value(&entry.body.clone().into(), &mut body);
            text.push_str(body.trim_start_matches('{'));
            made.push(text);
        }
        made
    });
    let wrong = made.iter().map(|text| (text, validate(&Resource::parse(text.as_bytes()).unwrap())));
    wrong
        .filter(|(_, issues)| !issues.is_empty())
        .map(|(text, issues)| format!("{text} {issues:?}"))
        .collect()
}

/// The member of an extension for a value of this type, where extensions have one.
fn value_member(fhir: &str) -> Option<String> {
    let name = fhir.split('(').next().unwrap_or_default();
    let (first, rest) = name.split_at(1);
    (!matches!(name, "Meta") && !name.contains('.'))
        .then(|| format!("value{}{rest}", first.to_ascii_uppercase()))
}

#[test]
fn the_samples_of_every_row_make_valid_elements() {
    let mut found = BTreeMap::new();
    for row in rows() {
        let Some((_, via)) = ALL.iter().find(|(name, _)| *name == row.map) else { continue };
        let (field, _) = fields(&row);
        let faults = faults(via, &field);
        if !faults.is_empty() {
            found.entry(row.map).or_insert((field, faults));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    /// Numbers, dates, codes, names and rubbish in any component.
    #[test]
    fn any_field_makes_valid_elements(
        field in proptest::collection::vec("(|[0-9.+-]{1,9}|20240[0-9]{1,9}|[A-Z]{1,3}|[ -%'-;=@-\\]_-}é]{1,12}|[A-Z&]{1,5}|ISO)", 1..22)
    ) {
        let field = field.join("^").replace(['\\', '~', '|'], "");
        for (name, via) in ALL {
            let faults = faults(via, &field);
            prop_assert!(faults.is_empty(), "{name} of `{field}`: {faults:?}");
        }
    }
}
