use uuid::Uuid;

use super::arguments::{Arguments, count};
use super::interaction::parse_id;
use super::operation::Scope;
use super::{Answer, Context, Frame, json_string};
use crate::clock::{self, instant_text};
use crate::refusal::Refusal;
use crate::store::{State, Version};

const DEFAULT_COUNT: usize = 100;
const MAX_COUNT: usize = 1_000;

/// What part of a history is asked for.
struct Slice {
    /// Milliseconds, from the first to before the second.
    at: (i64, i64),
    count: usize,
    /// Only what changed before this place in the order of changes: where the page before ended.
    before: u64,
}

/// A version and where it stands.
struct Item<'s> {
    resource_type: &'static str,
    id: Uuid,
    first: bool,
    version: &'s Version,
}

/// Answers with a `history` Bundle, newest first. Pages stay what they are while the server is written to.
pub(crate) fn history(
    state: &State,
    scope: &Scope,
    query: &str,
    context: &Context<'_>,
) -> Result<Answer, Refusal> {
    let arguments = Arguments::read(query, None)?;
    let slice = Slice::read(&arguments)?;
    let in_time = |item: &Item<'_>| (slice.at.0..slice.at.1).contains(&item.version.at);
    let all: Vec<Item<'_>> = items(state, scope)?.filter(in_time).collect();
    let mut frame = Frame::new("history");
    frame.total(all.len());
    let mut page = all.iter().filter(|item| item.version.sequence < slice.before);
    let shown: Vec<_> = page.by_ref().take(slice.count).collect();
    let address = match scope {
        Scope::System => format!("{}/_history", context.base),
        Scope::Type(resource_type) => format!("{}/{resource_type}/_history", context.base),
        Scope::Instance(resource_type, id) => format!("{}/{resource_type}/{id}/_history", context.base),
    };
    let mut links = vec![("self", format!("{address}?{query}").trim_end_matches('?').to_owned())];
    if let (Some(last), Some(_)) = (shown.last(), page.next()) {
        let next = arguments.query_with("_before", &last.version.sequence.to_string());
        links.push(("next", format!("{address}?{next}")));
    }
    frame.links(&links);
    shown.iter().for_each(|item| frame.entry(&members(item, context)));
    Ok(Answer::json(frame.finish()))
}

impl Slice {
    fn read(arguments: &Arguments) -> Result<Self, Refusal> {
        let mut slice = Self { at: (i64::MIN, i64::MAX), count: DEFAULT_COUNT, before: u64::MAX };
        let invalid = || Refusal::bad_request("Invalid date value");
        for (name, value) in arguments.iter() {
            match name {
                "_since" => slice.at.0 = clock::range(value).ok_or_else(invalid)?.0,
                "_count" => slice.count = count(value, MAX_COUNT)?,
                "_before" => {
                    slice.before = value.parse().map_err(|_| Refusal::bad_request("Invalid search value"))?;
                }
                _ => return Err(Refusal::bad_request("Unknown history parameter")),
            }
        }
        Ok(slice)
    }
}

fn items<'s>(state: &'s State, scope: &Scope) -> Result<Box<dyn Iterator<Item = Item<'s>> + 's>, Refusal> {
    let only = match scope {
        Scope::Instance(resource_type, id) => return instance(state, resource_type, id),
        Scope::Type(resource_type) => Some(*resource_type),
        Scope::System => None,
    };
    let changes = state.changes().iter().rev();
    let changes = changes.filter(move |change| only.is_none_or(|only| only == change.resource_type));
    Ok(Box::new(changes.filter_map(|change| {
        let version = state.version(change)?;
        let (resource_type, id) = (change.resource_type, change.id);
        Some(Item { resource_type, id, first: change.index == 0, version })
    })))
}

fn instance<'s>(
    state: &'s State,
    resource_type: &'static str,
    id: &str,
) -> Result<Box<dyn Iterator<Item = Item<'s>> + 's>, Refusal> {
    let id = parse_id(id).ok_or_else(Refusal::not_found)?;
    let versions = state.row(resource_type, id).ok_or_else(Refusal::not_found)?.versions();
    let versions = versions.iter().enumerate().rev();
    Ok(Box::new(versions.map(move |(index, version)| Item { resource_type, id, first: index == 0, version })))
}

fn members(item: &Item<'_>, context: &Context<'_>) -> String {
    let Item { resource_type, id, first, version } = item;
    let url = json_string(&format!("{}/{resource_type}/{id}", context.base));
    let mut members = format!(r#""fullUrl":{url}"#);
    let (method, target, status) = match &version.text {
        None => ("DELETE", format!("{resource_type}/{id}"), 410),
        Some(_) if *first => ("POST", (*resource_type).to_owned(), 201),
        Some(_) => ("PUT", format!("{resource_type}/{id}"), 200),
    };
    if let Some(text) = &version.text {
        members.push_str(&format!(r#","resource":{text}"#));
    }
    members.push_str(&format!(
        r#","request":{{"method":"{method}","url":"{target}"}},"response":{{"status":"{status}","etag":"W/\"{}\"","lastModified":"{}"}}"#,
        version.id,
        instant_text(version.at)
    ));
    members
}
