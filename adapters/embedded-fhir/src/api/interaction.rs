use carewire_fhir_core::Value;
use uuid::Uuid;

use super::search::Search;
use super::{Answer, Frame, Operation, json_string};
use crate::clock::instant_text;
use crate::refusal::Refusal;
use crate::rules::{Rules, content};
use crate::store::{Keys, State, Version, Work};

/// What an interaction needs beside the state.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) rules: &'a Rules,
    /// The address below which resources live, without a slash at the end.
    pub(crate) base: &'a str,
    /// Milliseconds since 1970.
    pub(crate) now: i64,
    pub(crate) new_id: &'a (dyn Fn() -> Uuid + Send + Sync),
}

/// The conditions of a request's headers or of a Bundle entry.
#[derive(Clone, Default)]
pub(crate) struct Preconditions {
    pub(crate) if_match: Option<String>,
    pub(crate) if_none_match: Option<String>,
    pub(crate) if_none_exist: Option<String>,
}

/// Does an operation that changes nothing.
pub(crate) fn read(
    state: &State,
    operation: &Operation,
    conditions: &Preconditions,
    context: &Context<'_>,
) -> Result<Answer, Refusal> {
    match operation {
        Operation::Read { resource_type, id } => {
            let (id, versions) = versions(state, resource_type, id)?;
            let newest = versions.last().ok_or_else(Refusal::not_found)?;
            if newest.text.is_none() {
                return Err(Refusal::gone());
            }
            if conditions.if_none_match.as_deref().is_some_and(|etag| names(etag, newest.id)) {
                return Err(Refusal::not_modified());
            }
            Ok(Answer::of(200, resource_type, id, newest))
        }
        Operation::ReadVersion { resource_type, id, version } => {
            let (id, versions) = versions(state, resource_type, id)?;
            let version: Uuid = version.parse().map_err(|_| Refusal::not_found())?;
            let found = versions.iter().find(|stored| stored.id == version).ok_or_else(Refusal::not_found)?;
            if found.text.is_none() {
                return Err(Refusal::gone());
            }
            Ok(Answer::of(200, resource_type, id, found))
        }
        Operation::History { resource_type, id } => {
            let (id, versions) = versions(state, resource_type, id)?;
            Ok(history(resource_type, id, versions, context))
        }
        Operation::Search { resource_type, query } => {
            Ok(Search::parse(resource_type, query)?.run(state, context, query))
        }
        _ => Err(Refusal::not_found()),
    }
}

/// Does an operation that may change something. `assigned` is the id that a new resource gets, and the id that the
/// rest of a Bundle already refers to.
pub(crate) fn write(
    work: &mut Work<'_>,
    operation: &Operation,
    conditions: &Preconditions,
    resource: Option<Value>,
    assigned: Option<Uuid>,
    context: &Context<'_>,
) -> Result<Answer, Refusal> {
    let body = || resource.ok_or_else(|| Refusal::bad_request("Missing resource"));
    match operation {
        Operation::Create { resource_type } => {
            create(work, resource_type, conditions, body()?, assigned, context)
        }
        Operation::Update { resource_type, id } => {
            let id: Uuid = parse_id(id).ok_or_else(|| Refusal::bad_request("Invalid id"))?;
            let body = body()?;
            if content::sent_id(&body).and_then(parse_id) != Some(id) {
                return Err(Refusal::bad_request("Incorrect resource ID"));
            }
            update(work, resource_type, id, conditions, body, context)
        }
        Operation::ConditionalUpdate { resource_type, query } => {
            let search = Search::condition(resource_type, query)?;
            conditional_update(work, resource_type, &search, conditions, body()?, assigned, context)
        }
        Operation::Delete { resource_type, id } => {
            let (id, _) = versions(work.state(), resource_type, id)?;
            delete(work, resource_type, id, conditions, context)
        }
        Operation::ConditionalDelete { resource_type, query } => {
            let matches = Search::condition(resource_type, query)?.matches(work.state(), 2);
            match matches.as_slice() {
                [] => Ok(Answer::ok()),
                [id] => delete(work, resource_type, *id, conditions, context),
                _ => Err(Refusal::multiple_matches()),
            }
        }
        _ => Err(Refusal::not_found()),
    }
}

/// An id in the one form in which the server gives ids out.
pub(crate) fn parse_id(text: &str) -> Option<Uuid> {
    text.parse().ok().filter(|id: &Uuid| id.to_string() == text)
}

fn create(
    work: &mut Work<'_>,
    resource_type: &'static str,
    conditions: &Preconditions,
    body: Value,
    assigned: Option<Uuid>,
    context: &Context<'_>,
) -> Result<Answer, Refusal> {
    if let Some(query) = &conditions.if_none_exist {
        let matches = Search::condition(resource_type, query)?.matches(work.state(), 2);
        match matches.as_slice() {
            [] => {}
            [id] => {
                work.note_unchanged();
                return current(work.state(), resource_type, *id);
            }
            _ => return Err(Refusal::multiple_matches()),
        }
    }
    let content = content::accept(body, resource_type, context.rules)?;
    let id = assigned.unwrap_or_else(context.new_id);
    store(work, resource_type, id, content, 201, context)
}

fn conditional_update(
    work: &mut Work<'_>,
    resource_type: &'static str,
    search: &Search,
    conditions: &Preconditions,
    body: Value,
    assigned: Option<Uuid>,
    context: &Context<'_>,
) -> Result<Answer, Refusal> {
    let matches = search.matches(work.state(), 2);
    match matches.as_slice() {
        [] => create(work, resource_type, &Preconditions::default(), body, assigned, context),
        [id] => {
            let sent = content::sent_id(&body).map(parse_id);
            if sent.is_some_and(|sent| sent != Some(*id)) || assigned.is_some_and(|assigned| assigned != *id)
            {
                return Err(Refusal::bad_request("Resource ID did not match resolved ID"));
            }
            update(work, resource_type, *id, conditions, body, context)
        }
        _ => Err(Refusal::multiple_matches()),
    }
}

fn update(
    work: &mut Work<'_>,
    resource_type: &'static str,
    id: Uuid,
    conditions: &Preconditions,
    body: Value,
    context: &Context<'_>,
) -> Result<Answer, Refusal> {
    let content = content::accept(body, resource_type, context.rules)?;
    let row = work.state().row(resource_type, id).ok_or_else(Refusal::not_found)?;
    let newest = row.newest().ok_or_else(Refusal::not_found)?;
    require_match(conditions, newest)?;
    if newest.text.as_deref().is_some_and(|text| content::is_unchanged(text, &content, id)) {
        let answer = Answer::of(200, resource_type, id, newest);
        work.note_unchanged();
        return Ok(answer);
    }
    store(work, resource_type, id, content, 200, context)
}

fn delete(
    work: &mut Work<'_>,
    resource_type: &'static str,
    id: Uuid,
    conditions: &Preconditions,
    context: &Context<'_>,
) -> Result<Answer, Refusal> {
    let newest =
        work.state().row(resource_type, id).and_then(|row| row.newest()).ok_or_else(Refusal::not_found)?;
    require_match(conditions, newest)?;
    if newest.text.is_some() {
        let version = Version { id: (context.new_id)(), at: context.now, text: None };
        work.put(resource_type, id, version, Keys::default());
    }
    Ok(Answer::ok())
}

fn store(
    work: &mut Work<'_>,
    resource_type: &'static str,
    id: Uuid,
    content: Value,
    status: u16,
    context: &Context<'_>,
) -> Result<Answer, Refusal> {
    let keys = Keys::of(&content);
    let version_id = (context.new_id)();
    let text = content::stored_text(content, id, version_id, context.now);
    let version = Version { id: version_id, at: context.now, text: Some(text.into()) };
    let answer = Answer::of(status, resource_type, id, &version);
    work.put(resource_type, id, version, keys);
    Ok(answer)
}

fn current(state: &State, resource_type: &'static str, id: Uuid) -> Result<Answer, Refusal> {
    let newest = state.row(resource_type, id).and_then(|row| row.newest()).ok_or_else(Refusal::not_found)?;
    Ok(Answer::of(200, resource_type, id, newest))
}

fn versions<'s>(state: &'s State, resource_type: &str, id: &str) -> Result<(Uuid, &'s [Version]), Refusal> {
    let id = parse_id(id).ok_or_else(Refusal::not_found)?;
    let row = state.row(resource_type, id).ok_or_else(Refusal::not_found)?;
    Ok((id, row.versions()))
}

fn require_match(conditions: &Preconditions, newest: &Version) -> Result<(), Refusal> {
    match &conditions.if_match {
        Some(etag) if !names(etag, newest.id) => Err(Refusal::precondition_failed()),
        _ => Ok(()),
    }
}

/// Whether an `If-Match` or `If-None-Match` value names the version.
fn names(etag: &str, version: Uuid) -> bool {
    let version = version.to_string();
    etag.split(',').map(str::trim).any(|one| {
        let plain = one.strip_prefix("W/").unwrap_or(one).trim_matches('"');
        plain == version || plain == "*"
    })
}

fn history(resource_type: &str, id: Uuid, versions: &[Version], context: &Context<'_>) -> Answer {
    let mut frame = Frame::new("history");
    frame.total(versions.len());
    let url = json_string(&format!("{}/{resource_type}/{id}", context.base));
    for (index, version) in versions.iter().enumerate().rev() {
        let (method, status) = match (&version.text, index) {
            (None, _) => ("DELETE", 410),
            (Some(_), 0) => ("POST", 201),
            (Some(_), _) => ("PUT", 200),
        };
        let mut members = format!(r#""fullUrl":{url}"#);
        if let Some(text) = &version.text {
            members.push_str(&format!(r#","resource":{text}"#));
        }
        members.push_str(&format!(
            r#","request":{{"method":"{method}","url":"{resource_type}/{id}"}},"response":{{"status":"{status}","etag":"W/\"{}\"","lastModified":"{}"}}"#,
            version.id,
            instant_text(version.at)
        ));
        frame.entry(&members);
    }
    Answer::json(frame.finish())
}
