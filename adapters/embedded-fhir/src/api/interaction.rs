use carewire_fhir_core::Value;
use uuid::Uuid;

use super::arguments::Arguments;
use super::everything::everything;
use super::history::history;
use super::patch::patched;
use super::search::Search;
use super::validate::run_validate;
use super::{Answer, Operation};
use crate::audit::Agent;
use crate::quota::Meter;
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
    /// Who asks, where that is to be recorded.
    pub(crate) audit: Option<&'a Agent>,
    /// What the client may still do, where that is limited.
    pub(crate) meter: Option<Meter<'a>>,
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
    body: Option<&Value>,
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
        Operation::History { scope, query } => history(state, scope, query, context),
        Operation::Search { resource_type, query } => {
            Search::parse(resource_type, query)?.run(state, context, query)
        }
        Operation::SearchSystem { query } => Search::system(query)?.run(state, context, query),
        Operation::SearchCompartment { resource_type, id, of, query } => {
            Search::compartment(resource_type, id, *of, query)?.run(state, context, query)
        }
        Operation::Validate { resource_type, id, query } => {
            run_validate(state, resource_type, id.as_deref(), query, body)
        }
        Operation::Everything { resource_type, id, query } => {
            everything(state, resource_type, id, &Arguments::read(query, body)?, context)
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
            let matches = Search::condition(resource_type, query)?.matches(work.state(), 2)?;
            match matches.as_slice() {
                [] => Ok(Answer::ok()),
                [id] => delete(work, resource_type, *id, conditions, context),
                _ => Err(Refusal::multiple_matches()),
            }
        }
        Operation::Patch { resource_type, id } => {
            let (id, _) = versions(work.state(), resource_type, id)?;
            patch(work, resource_type, id, conditions, &body()?, context)
        }
        Operation::ConditionalPatch { resource_type, query } => {
            let matches = Search::condition(resource_type, query)?.matches(work.state(), 2)?;
            match matches.as_slice() {
                [] => Err(Refusal::not_found()),
                [id] => patch(work, resource_type, *id, conditions, &body()?, context),
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
        let matches = Search::condition(resource_type, query)?.matches(work.state(), 2)?;
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
    let matches = search.matches(work.state(), 2)?;
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
    // A deleted resource comes back whatever version is named.
    if newest.text.is_some() {
        require_match(conditions, newest)?;
    }
    if newest.text.as_deref().is_some_and(|text| content::is_unchanged(text, &content, id)) {
        let answer = Answer::of(200, resource_type, id, newest);
        work.note_unchanged();
        return Ok(answer);
    }
    store(work, resource_type, id, content, 200, context)
}

fn patch(
    work: &mut Work<'_>,
    resource_type: &'static str,
    id: Uuid,
    conditions: &Preconditions,
    patch: &Value,
    context: &Context<'_>,
) -> Result<Answer, Refusal> {
    let newest = work.state().live(resource_type, id).ok_or_else(Refusal::gone)?;
    let resource = patched(newest.text.as_deref().unwrap_or_default(), patch)?;
    if content::sent_id(&resource).and_then(parse_id) != Some(id) {
        return Err(Refusal::bad_request("Incorrect resource ID"));
    }
    update(work, resource_type, id, conditions, resource, context)
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
        let version = Version::new((context.new_id)(), context.now, None);
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
    let text = content::stored_text(&content, id, version_id, context.now);
    let version = Version::new(version_id, context.now, Some(text.into()));
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
