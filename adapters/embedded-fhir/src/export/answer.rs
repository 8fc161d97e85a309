use carewire_fhir_core::Value;
use uuid::Uuid;

use super::spec::Handling;
use super::{Job, Progress, Spec};
use crate::api::{Answer, Arguments, Body, ExportLevel, ExportStep, parse_id};
use crate::clock::{http_date, instant_text};
use crate::refusal::{Refusal, all_ok};
use crate::server::{Caller, Server};

/// Does one step of the protocol. What it changed is durable when this returns.
pub(crate) async fn serve(
    server: &Server,
    step: &ExportStep,
    body: Option<&Value>,
    caller: &Caller,
    now: i64,
) -> Result<Answer, Refusal> {
    for gone in server.exports.expire(now) {
        server.journal.keep_export(gone, None);
    }
    match step {
        ExportStep::Start { level, query } => start(server, level, query, body, caller, now).await,
        ExportStep::Poll { job } => {
            let id = parse_id(job).ok_or_else(Refusal::not_found)?;
            let poll = |job: &mut Job| status(server, id, job, caller);
            server.exports.with(id, poll).ok_or_else(Refusal::not_found)
        }
        ExportStep::Cancel { job } => {
            let id = parse_id(job).filter(|id| server.exports.remove(*id)).ok_or_else(Refusal::not_found)?;
            server.durable(server.journal.keep_export(id, None)).await?;
            Ok(Answer { status: 202, ..Answer::ok() })
        }
        ExportStep::Download { job, file } => {
            let id = parse_id(job).ok_or_else(Refusal::not_found)?;
            let lines = server.exports.with(id, |job| match &job.progress {
                Progress::Done(files, _) => {
                    files.iter().find(|found| found.name == *file).map(|found| found.lines.clone())
                }
                Progress::Running(..) => None,
            });
            let lines = lines.flatten().ok_or_else(Refusal::not_found)?;
            Ok(Answer { body: Some(Body::Lines(lines)), ..Answer::empty(200) })
        }
    }
}

async fn start(
    server: &Server,
    level: &ExportLevel,
    query: &str,
    body: Option<&Value>,
    caller: &Caller,
    now: i64,
) -> Result<Answer, Refusal> {
    let prefers = |what: &str| caller.prefer.as_deref().is_some_and(|prefer| prefer.contains(what));
    if server.exports.options.demand_prefer && !prefers("respond-async") {
        return Err(Refusal::bad_request("Prefer: respond-async is required"));
    }
    let handling = if prefers("handling=lenient") { Handling::Lenient } else { Handling::Strict };
    let arguments = Arguments::read(query, body)?;
    let path = match level {
        ExportLevel::System => "$export".to_owned(),
        ExportLevel::Patient => "Patient/$export".to_owned(),
        ExportLevel::Group(id) => {
            let id = parse_id(id).ok_or_else(Refusal::not_found)?;
            server
                .look(|state| state.live("Group", id).is_some())
                .0
                .then_some(())
                .ok_or_else(Refusal::not_found)?;
            format!("Group/{id}/$export")
        }
    };
    let request = format!("{}/{path}?{}", caller.base, arguments.query());
    let before = server.look(|state| state.next_sequence()).0;
    let request = request.trim_end_matches('?').to_owned();
    let spec = Spec::new(level.clone(), request, now, before).with(&arguments, handling)?;
    let id = Uuid::new_v4();
    let description = spec.to_json();
    server.exports.add(id, spec)?;
    server.durable(server.journal.keep_export(id, Some(description))).await?;
    server.run_export(id);
    let answer = Answer { status: 202, ..Answer::json(all_ok().to_json()) };
    Ok(answer.header("content-location", format!("{}/bulkdata/export/{id}", caller.base)))
}

fn status(server: &Server, id: Uuid, job: &Job, caller: &Caller) -> Answer {
    match &job.progress {
        Progress::Running(done, all) => Answer::empty(202)
            .header("x-progress", format!("{done} of {all} types"))
            .header("retry-after", "1"),
        Progress::Done(..) => {
            let expires = http_date(job.expires(&server.exports.options));
            let demands_token = server.token.is_some();
            Answer::json(manifest(id, job, caller, demands_token).to_json())
                .header("expires", expires)
                .header("content-type", "application/json")
        }
    }
}

fn manifest(id: Uuid, job: &Job, caller: &Caller, demands_token: bool) -> Value {
    let Progress::Done(files, _) = &job.progress else { return Value::object() };
    let list = |deleted: bool| -> Value {
        let listed = files.iter().filter(|file| file.is_deleted == deleted);
        listed
            .map(|file| {
                Value::object()
                    .with("type", file.resource_type)
                    .with("url", format!("{}/bulkdata/export/{id}/{}", caller.base, file.name))
                    .with("count", Value::integer(i64::try_from(file.count).unwrap_or(i64::MAX)))
            })
            .collect()
    };
    Value::object()
        .with("transactionTime", instant_text(job.spec.at))
        .with("request", job.spec.request.as_str())
        .with("requiresAccessToken", demands_token)
        .with("output", list(false))
        .with("deleted", list(true))
        .with("error", Value::array())
}
