use std::collections::{HashMap, HashSet};

use carewire_fhir_core::{Kind, Value};
use uuid::Uuid;

use super::answer::response_members;
use super::interaction::parse_id;
use super::search::Search;
use super::{Answer, Context, Frame, Operation, Preconditions, read, write};
use crate::refusal::Refusal;
use crate::store::{State, Work};
use crate::{audit, quota};

/// Processes a batch or transaction. With `throttle`, the second half of the entries is refused with 429 and this many
/// milliseconds to wait, where entries may fail one by one; where not, everything is.
pub(crate) fn run_bundle(
    work: &mut Work<'_>,
    bundle: &Value,
    context: &Context<'_>,
    throttle: Option<u64>,
) -> Result<Answer, Refusal> {
    if bundle.str("resourceType") != Some("Bundle") {
        return Err(Refusal::bad_request("Not a bundle"));
    }
    let is_transaction = match bundle.str("type") {
        Some("transaction") => true,
        Some("batch") => false,
        _ => return Err(Refusal::bad_request("Unrecognized bundle type")),
    };
    let atomic = is_transaction && context.rules.atomic_transactions;
    let mut entries: Vec<_> =
        bundle.list("entry").iter().map(|entry| Entry::parse(entry, context.base)).collect();
    if atomic {
        check_limits(&entries, context)?;
    }
    charge(&mut entries, context, atomic)?;
    match throttle {
        Some(wait) if atomic => return Err(Refusal::throttled(wait)),
        Some(wait) => {
            let half = entries.len() / 2;
            entries.iter_mut().skip(half).for_each(|entry| *entry = Err(Refusal::throttled(wait)));
        }
        None => {}
    }
    resolve_all(&mut entries, work.state(), context, atomic)?;
    let results = run_all(work, entries, context, atomic)?;
    let mut frame = Frame::new(if is_transaction { "transaction-response" } else { "batch-response" });
    results.iter().for_each(|done| frame.entry(&response_members(&done.result, done.is_read)));
    Ok(Answer::json(frame.finish()))
}

/// One entry that was understood.
struct Entry {
    operation: Operation,
    conditions: Preconditions,
    full_url: Option<String>,
    resource: Option<Value>,
    /// The id that the resource has or will get.
    target: Option<Uuid>,
}

impl Entry {
    fn parse(entry: &Value, base: &str) -> Result<Self, Refusal> {
        let request = entry.get("request").ok_or_else(|| Refusal::bad_request("Missing entry.request"))?;
        let method = request
            .str("method")
            .ok_or_else(|| Refusal::bad_request("Missing Bundle entry request method"))?;
        let url =
            request.str("url").ok_or_else(|| Refusal::bad_request("Missing Bundle entry request URL"))?;
        let url = url.strip_prefix(base).unwrap_or(url);
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let operation = Operation::parse(method, path, query)?;
        if matches!(operation, Operation::Bundle | Operation::Metadata | Operation::Export(_)) {
            return Err(Refusal::not_found());
        }
        let text = |name| request.str(name).map(str::to_owned);
        Ok(Self {
            operation,
            conditions: Preconditions {
                if_match: text("ifMatch"),
                if_none_match: text("ifNoneMatch"),
                if_none_exist: text("ifNoneExist"),
            },
            full_url: entry.str("fullUrl").map(str::to_owned),
            resource: entry.get("resource").cloned(),
            target: None,
        })
    }

    fn is_conditional(&self) -> bool {
        self.conditions.if_none_exist.is_some()
            || matches!(
                self.operation,
                Operation::ConditionalUpdate { .. }
                    | Operation::ConditionalDelete { .. }
                    | Operation::ConditionalPatch { .. }
            )
    }

    /// Finds the id of the entry's resource, and a name of its identity by which repetitions are found.
    fn resolve(&mut self, state: &State, context: &Context<'_>) -> Result<Option<String>, Refusal> {
        let (resource_type, query) = match &self.operation {
            Operation::Update { resource_type, id }
            | Operation::Delete { resource_type, id }
            | Operation::Patch { resource_type, id } => {
                self.target = parse_id(id);
                return Ok(Some(format!("{resource_type}/{id}")));
            }
            Operation::Create { resource_type } => match &self.conditions.if_none_exist {
                Some(query) => (*resource_type, query),
                None => {
                    self.target = Some((context.new_id)());
                    return Ok(None);
                }
            },
            Operation::ConditionalUpdate { resource_type, query } => (*resource_type, query),
            _ => return Ok(None),
        };
        match Search::condition(resource_type, query)?.matches(state, 2)?.as_slice() {
            [] => {
                self.target = Some((context.new_id)());
                Ok(Some(format!("{resource_type}?{}", normal_query(query))))
            }
            [id] => {
                self.target = Some(*id);
                Ok(Some(format!("{resource_type}/{id}")))
            }
            _ if matches!(self.operation, Operation::Create { .. }) => Err(Refusal::multiple_matches()),
            _ => Err(Refusal::bad_request("Conditional PUT matched multiple resources")),
        }
    }

    fn resource_type(&self) -> Option<&'static str> {
        match &self.operation {
            Operation::Create { resource_type }
            | Operation::Update { resource_type, .. }
            | Operation::ConditionalUpdate { resource_type, .. } => Some(resource_type),
            _ => None,
        }
    }
}

fn check_limits(entries: &[Result<Entry, Refusal>], context: &Context<'_>) -> Result<(), Refusal> {
    let understood = || entries.iter().filter_map(|entry| entry.as_ref().ok());
    let updates = understood().filter(|entry| matches!(entry.operation, Operation::Update { .. })).count();
    if updates > context.rules.update_entries {
        return Err(Refusal::bad_request("Transaction contains more update operations than allowed"));
    }
    if understood().any(Entry::is_conditional) && entries.len() > context.rules.conditional_entries {
        return Err(Refusal::bad_request("Transaction requires strict isolation but has too many entries"));
    }
    Ok(())
}

/// Charges the entries to the client's quota: a transaction as a whole, else one by one until it is used up.
fn charge(
    entries: &mut [Result<Entry, Refusal>],
    context: &Context<'_>,
    atomic: bool,
) -> Result<(), Refusal> {
    let Some(meter) = &context.meter else { return Ok(()) };
    let points = |entry: &Entry| quota::points(&entry.operation, &entry.conditions);
    if atomic {
        return meter.charge(entries.iter().flatten().map(points).sum());
    }
    for slot in entries {
        let refused = slot.as_ref().ok().and_then(|entry| meter.charge(points(entry)).err());
        if let Some(refusal) = refused {
            *slot = Err(refusal);
        }
    }
    Ok(())
}

/// Gives every entry its id and lets references between entries point to the ids.
fn resolve_all(
    entries: &mut [Result<Entry, Refusal>],
    state: &State,
    context: &Context<'_>,
    atomic: bool,
) -> Result<(), Refusal> {
    let mut ids = HashMap::new();
    let mut seen = HashSet::new();
    for slot in entries.iter_mut() {
        let Ok(entry) = slot else { continue };
        match entry.resolve(state, context) {
            Ok(identity) => {
                if atomic && identity.is_some_and(|identity| !seen.insert(identity)) {
                    return Err(Refusal::bad_request("Duplicate resource identity found in Bundle"));
                }
                if let (Some(url), Some(resource_type), Some(id)) =
                    (&entry.full_url, entry.resource_type(), entry.target)
                {
                    ids.insert(url.clone(), format!("{resource_type}/{id}"));
                }
            }
            Err(refusal) => *slot = Err(refusal),
        }
    }
    for slot in entries {
        let Ok(entry) = slot else { continue };
        let linked = entry.resource.as_mut().map_or(Ok(()), |resource| link(resource, &ids, state));
        if let Err(refusal) = linked {
            *slot = Err(refusal);
        }
    }
    Ok(())
}

/// What became of the entry at `index`.
struct Done {
    index: usize,
    result: Result<Answer, Refusal>,
    is_read: bool,
}

fn run_all(
    work: &mut Work<'_>,
    entries: Vec<Result<Entry, Refusal>>,
    context: &Context<'_>,
    atomic: bool,
) -> Result<Vec<Done>, Refusal> {
    let start = work.mark();
    let mut queue: Vec<_> = entries.into_iter().enumerate().collect();
    queue.sort_by_key(|(_, entry)| entry.as_ref().map_or(0, |entry| entry.operation.rank()));
    let mut results = Vec::with_capacity(queue.len());
    for (index, entry) in queue {
        let is_read = entry.as_ref().is_ok_and(|entry| entry.operation.is_read());
        let mark = work.mark();
        let operation = entry.as_ref().ok().map(|entry| entry.operation.clone());
        let result = entry.and_then(|entry| run_one(work, entry, context));
        if let Err(refusal) = &result {
            if atomic {
                work.roll_back(start);
                return Err(refusal.clone());
            }
            work.roll_back(mark);
        }
        if let Some(operation) = operation {
            audit::record(work, &operation, &result, context);
        }
        results.push(Done { index, result, is_read });
    }
    results.sort_by_key(|done| done.index);
    Ok(results)
}

fn run_one(work: &mut Work<'_>, entry: Entry, context: &Context<'_>) -> Result<Answer, Refusal> {
    if entry.operation.is_read() {
        read(work.state(), &entry.operation, &entry.conditions, entry.resource.as_ref(), context)
    } else {
        write(work, &entry.operation, &entry.conditions, entry.resource, entry.target, context)
    }
}

/// Replaces every text that is the `fullUrl` of an entry by that entry's `Type/id`, and every conditional reference by
/// the resource that it matches.
fn link(value: &mut Value, ids: &HashMap<String, String>, state: &State) -> Result<(), Refusal> {
    match value.kind() {
        Kind::String => {
            if let Some(id) = value.as_str().and_then(|text| ids.get(text)) {
                *value = Value::string(id.as_str());
            }
            Ok(())
        }
        Kind::Array => value.items_mut().iter_mut().try_for_each(|item| link(item, ids, state)),
        Kind::Object => {
            link_conditional(value, state)?;
            value.members_mut().try_for_each(|(_, member)| link(member, ids, state))
        }
        Kind::Null | Kind::Bool | Kind::Number => Ok(()),
    }
}

/// As the real server does, a conditional reference also gets the name of a patient as its `display`.
fn link_conditional(value: &mut Value, state: &State) -> Result<(), Refusal> {
    let Some((resource_type, query)) = value.str("reference").and_then(|text| text.split_once('?')) else {
        return Ok(());
    };
    let Some(resource_type) = crate::rules::types::known(resource_type) else { return Ok(()) };
    let matches = Search::condition(resource_type, query)?.matches(state, 2)?;
    let [id] = matches.as_slice() else {
        return Err(Refusal::bad_request("Conditional reference did not match one resource"));
    };
    let name = (resource_type == "Patient").then(|| patient_name(state, *id)).flatten();
    value.set("reference", format!("{resource_type}/{id}"));
    if let Some(name) = name {
        value.set("display", name);
    }
    Ok(())
}

fn patient_name(state: &State, id: Uuid) -> Option<String> {
    let text = state.row("Patient", id)?.newest()?.text.as_deref()?;
    let patient = Value::parse(text.as_bytes()).ok()?;
    let name = patient.list("name").first()?;
    let given = name.list("given").iter().filter_map(Value::as_str);
    let parts: Vec<_> = given.chain(name.str("family")).collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn normal_query(query: &str) -> String {
    let mut pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).collect();
    pairs.sort_unstable();
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}
