use std::collections::{BTreeMap, BTreeSet};

use carewire_fhir_core::Compartment;
use carewire_fhir_core::search::{DateValue, Prefix};
use uuid::Uuid;

use super::arguments::{Arguments, count};
use super::find::{Care, belongs};
use super::interaction::parse_id;
use super::{Answer, Context, Frame, json_string};
use crate::clock;
use crate::refusal::Refusal;
use crate::rules::types;
use crate::store::{State, Version};

const DEFAULT_COUNT: usize = 1_000;
const MAX_COUNT: usize = 1_000;

/// What the resources of a compartment refer to and nobody could read them without.
const SUPPORTING: [&str; 6] =
    ["Device", "Location", "Medication", "Organization", "Practitioner", "PractitionerRole"];

/// What is asked for of everything.
struct Slice {
    since: i64,
    /// The care dates.
    care: Care,
    types: Option<BTreeSet<&'static str>>,
    count: usize,
    offset: usize,
}

type Key = (&'static str, Uuid);

/// `$everything` of a patient or an encounter: the resource, its compartment, and what those refer to.
pub(crate) fn everything(
    state: &State,
    resource_type: &'static str,
    id: &str,
    arguments: &Arguments,
    context: &Context<'_>,
) -> Result<Answer, Refusal> {
    let compartment = Compartment::of(resource_type).ok_or_else(Refusal::not_found)?;
    let id = parse_id(id).ok_or_else(Refusal::not_found)?;
    let row = state.row(resource_type, id).ok_or_else(Refusal::not_found)?;
    if row.newest().is_none_or(|version| version.text.is_none()) {
        return Err(Refusal::gone());
    }
    let slice = Slice::read(arguments)?;
    let mut matches = vec![(resource_type, id)];
    matches.extend(members(state, compartment, id, &slice.care));
    let included = supporting(state, compartment, &matches);
    let wanted = |key: &Key| {
        let version = state.live(key.0, key.1)?;
        let asked = slice.types.as_ref().is_none_or(|types| types.contains(key.0));
        (asked && version.at >= slice.since).then_some((*key, version))
    };
    let matches: Vec<_> = matches.iter().filter_map(wanted).map(|found| (found, "match")).collect();
    let total = matches.len();
    let all = matches.into_iter().chain(included.iter().filter_map(wanted).map(|found| (found, "include")));
    let mut page = all.skip(slice.offset);
    let shown: Vec<_> = page.by_ref().take(slice.count).collect();
    let more = page.next().is_some() && slice.count > 0;
    let mut frame = Frame::new("searchset");
    frame.total(total);
    frame.links(&links(
        &format!("{}/{resource_type}/{id}/$everything", context.base),
        arguments,
        &slice,
        more,
    ));
    for ((key, version), mode) in shown {
        frame.entry(&entry(key, version, mode, context));
    }
    Ok(Answer::json(frame.finish()))
}

impl Slice {
    fn read(arguments: &Arguments) -> Result<Self, Refusal> {
        let mut slice =
            Self { since: i64::MIN, care: Care::default(), types: None, count: DEFAULT_COUNT, offset: 0 };
        let range = |value| clock::range(value).ok_or_else(|| Refusal::bad_request("Invalid date value"));
        for (name, value) in arguments.iter() {
            match name {
                "start" => slice.care.start = Some(care_date(Prefix::Ge, value)?),
                "end" => slice.care.end = Some(care_date(Prefix::Le, value)?),
                "_since" => slice.since = range(value)?.0,
                "_type" => {
                    let names = value.split(',').map(|name| types::known(name.trim()));
                    let names = names.collect::<Option<Vec<_>>>();
                    let names = names.ok_or_else(|| Refusal::bad_request("Unknown resource type"))?;
                    slice.types.get_or_insert_default().extend(names);
                }
                "_count" => slice.count = count(value, MAX_COUNT)?,
                "_offset" => slice.offset = count(value, usize::MAX)?,
                _ => return Err(Refusal::bad_request("Unknown parameter of $everything")),
            }
        }
        Ok(slice)
    }
}

fn care_date(prefix: Prefix, text: &str) -> Result<DateValue, Refusal> {
    DateValue::new(prefix, text).map_err(|_| Refusal::bad_request("Invalid date value"))
}

/// The resources of the compartment, by type and in the order of their change.
fn members(state: &State, compartment: Compartment, id: Uuid, care: &Care) -> Vec<Key> {
    let focus = format!("{}/{id}", compartment.resource_type());
    let mut found = Vec::new();
    for resource_type in compartment.types() {
        let Some(table) = state.table(resource_type) else { continue };
        let mut of_type = BTreeMap::new();
        for candidate in table.with_reference(&focus) {
            let Some(version) = state.live(resource_type, candidate) else { continue };
            let is_focus = resource_type == compartment.resource_type() && candidate == id;
            let Some(resource) = version.resource().filter(|_| !is_focus) else { continue };
            if belongs(&resource, compartment, resource_type, &|target| target == focus)
                && care.includes(&resource, resource_type)
            {
                of_type.insert(version.sequence, (resource_type, candidate));
            }
        }
        found.extend(of_type.into_values());
    }
    found
}

/// What the matches refer to, directly or through one another, in a fixed order. Another patient is no part of a
/// patient's data; the patient of an encounter is.
fn supporting(state: &State, compartment: Compartment, matches: &[Key]) -> BTreeSet<Key> {
    let mut known: BTreeSet<Key> = matches.iter().copied().collect();
    let mut included = BTreeSet::new();
    let mut open = matches.to_vec();
    while let Some((resource_type, id)) = open.pop() {
        let Some(row) = state.row(resource_type, id) else { continue };
        for target in &row.keys().references {
            let Some(key) = supporting_key(target, compartment) else { continue };
            if state.live(key.0, key.1).is_some() && known.insert(key) {
                included.insert(key);
                open.push(key);
            }
        }
    }
    included
}

fn supporting_key(target: &str, compartment: Compartment) -> Option<Key> {
    let (name, id) = target.split_once('/')?;
    let patient = (compartment == Compartment::Encounter).then_some("Patient");
    let name = SUPPORTING.into_iter().chain(patient).find(|supporting| *supporting == name)?;
    Some((name, parse_id(id)?))
}

fn links(address: &str, arguments: &Arguments, slice: &Slice, more: bool) -> Vec<(&'static str, String)> {
    let own = format!("{address}?{}", arguments.query());
    let mut links = vec![("self", own.trim_end_matches('?').to_owned())];
    if more {
        let next = arguments.query_with("_offset", &(slice.offset + slice.count).to_string());
        links.push(("next", format!("{address}?{next}")));
    }
    links
}

fn entry((resource_type, id): Key, version: &Version, mode: &str, context: &Context<'_>) -> String {
    let url = json_string(&format!("{}/{resource_type}/{id}", context.base));
    let resource = version.text.as_deref().unwrap_or("{}");
    format!(r#""fullUrl":{url},"search":{{"mode":"{mode}"}},"resource":{resource}"#)
}
