use std::collections::HashSet;
use std::sync::{Arc, Weak};

use carewire_fhir_core::{Compartment, Value};
use uuid::Uuid;

use super::{File, Progress, Spec};
use crate::api::{ExportLevel, Search, belongs, parse_id};
use crate::server::Server;
use crate::store::{State, Text, Version};

/// After so many resources, other tasks get their turn.
const TURN: usize = 256;
/// The most deletions on a line of the list of them.
const DELETIONS: usize = 1_000;

/// Does a job, type by type. Ends early when the job was cancelled or the server is gone.
pub(crate) async fn run(server: Weak<Server>, id: Uuid) {
    let Some((spec, wait)) = server.upgrade().and_then(|server| {
        let spec = server.exports.with(id, |job| Arc::clone(&job.spec))?;
        Some((spec, server.exports.options.at_least))
    }) else {
        return;
    };
    tokio::time::sleep(wait).await;
    if do_all(&server, id, &spec).await.is_none() {
        tracing::debug!("export ended early");
    }
}

async fn do_all(server: &Weak<Server>, id: Uuid, spec: &Spec) -> Option<()> {
    let types = spec.types();
    let patients = server.upgrade()?.look(|state| patients(state, spec)).0;
    let mut files = Vec::new();
    let mut deleted = Vec::new();
    for (done, resource_type) in types.iter().enumerate() {
        let live = server.upgrade()?;
        live.exports.with(id, |job| job.progress = Progress::Running(done, types.len()))?;
        let found = live.look(|state| candidates(state, resource_type, spec)).0;
        let most = live.exports.options.lines;
        drop(live);
        let texts = wanted(resource_type, found.live, spec, patients.as_ref()).await;
        add_files(&mut files, resource_type, &texts, most);
        let gone = wanted(resource_type, found.deleted, spec, patients.as_ref()).await;
        deleted.extend(gone.iter().filter_map(|text| deletion(resource_type, text)));
    }
    add_deleted(&mut files, &deleted);
    let server = server.upgrade()?;
    let now = server.now();
    server.exports.with(id, |job| job.progress = Progress::Done(files, now))
}

/// The texts of a type as of the order, before they are looked into.
struct Candidates {
    live: Vec<Text>,
    /// The last texts of what was deleted.
    deleted: Vec<Text>,
}

fn candidates(state: &State, resource_type: &str, spec: &Spec) -> Candidates {
    let (mut live, mut deleted) = (Vec::new(), Vec::new());
    let since = spec.since().unwrap_or(i64::MIN);
    for (_, row) in state.table(resource_type).into_iter().flat_map(|table| table.rows()) {
        let Some(version) = row.as_of(spec.before).filter(|version| version.at >= since) else { continue };
        match &version.text {
            Some(text) => live.push((version.sequence, Arc::clone(text))),
            None if spec.since().is_some() => {
                let last = row.as_of(version.sequence).and_then(|version| version.text.clone());
                deleted.extend(last.map(|text| (version.sequence, text)));
            }
            None => {}
        }
    }
    Candidates { live: in_order(live), deleted: in_order(deleted) }
}

fn in_order(mut found: Vec<(u64, Text)>) -> Vec<Text> {
    found.sort_unstable_by_key(|(sequence, _)| *sequence);
    found.into_iter().map(|(_, text)| text).collect()
}

/// Those of the patients' data that meet the filters of their type.
async fn wanted(
    resource_type: &str,
    texts: Vec<Text>,
    spec: &Spec,
    patients: Option<&HashSet<String>>,
) -> Vec<Text> {
    let searches = spec.searches(resource_type);
    if searches.is_empty() && patients.is_none() {
        return texts;
    }
    let mut kept = Vec::new();
    for part in texts.chunks(TURN) {
        kept.extend(part.iter().filter(|text| is_wanted(resource_type, text, &searches, patients)).cloned());
        tokio::task::yield_now().await;
    }
    kept
}

fn is_wanted(
    resource_type: &str,
    text: &Text,
    searches: &[Search],
    patients: Option<&HashSet<String>>,
) -> bool {
    let Ok(resource) = Value::parse(text.as_bytes()) else { return false };
    let of_patients = patients.is_none_or(|patients| {
        let own = format!("Patient/{}", resource.str("id").unwrap_or_default());
        if resource_type == "Patient" {
            return patients.contains(&own);
        }
        belongs(&resource, Compartment::Patient, resource_type, &|target| patients.contains(target))
    });
    of_patients && (searches.is_empty() || searches.iter().any(|search| search.fits(&resource)))
}

/// `Patient/<id>` of the patients whose data is wanted; `None` when it is everything. Deleted ones are among them: their
/// data may be there still.
fn patients(state: &State, spec: &Spec) -> Option<HashSet<String>> {
    let all: Vec<String> = match &spec.level {
        ExportLevel::System => return None,
        ExportLevel::Patient => {
            let rows = state.table("Patient").into_iter().flat_map(|table| table.rows());
            rows.map(|(id, _)| format!("Patient/{id}")).collect()
        }
        ExportLevel::Group(id) => {
            let group = parse_id(id).and_then(|id| state.row("Group", id));
            let group = group.and_then(|row| row.as_of(spec.before)).and_then(Version::resource);
            group.iter().flat_map(members).collect()
        }
    };
    Some(all.into_iter().filter(|reference| spec.wants_patient(reference)).collect())
}

fn members(group: &Value) -> Vec<String> {
    let active = group
        .list("member")
        .iter()
        .filter(|member| member.get("inactive").and_then(Value::as_bool) != Some(true));
    active.filter_map(|member| member.get("entity")?.str("reference").map(str::to_owned)).collect()
}

fn add_files(files: &mut Vec<File>, resource_type: &'static str, texts: &[Text], most: usize) {
    for (index, part) in texts.chunks(most).enumerate() {
        files.push(File {
            name: format!("{resource_type}.{}.ndjson", index + 1),
            resource_type,
            is_deleted: false,
            lines: part.into(),
            count: part.len(),
        });
    }
}

/// The entry that says that the resource of this text was deleted.
fn deletion(resource_type: &str, text: &Text) -> Option<String> {
    let resource = Value::parse(text.as_bytes()).ok()?;
    let id = resource.str("id")?;
    Some(format!(r#"{{"request":{{"method":"DELETE","url":"{resource_type}/{id}"}}}}"#))
}

fn add_deleted(files: &mut Vec<File>, deleted: &[String]) {
    if deleted.is_empty() {
        return;
    }
    let bundle = |part: &[String]| {
        Text::from(format!(
            r#"{{"resourceType":"Bundle","type":"transaction","entry":[{}]}}"#,
            part.join(",")
        ))
    };
    let lines: Vec<Text> = deleted.chunks(DELETIONS).map(bundle).collect();
    files.push(File {
        name: "deleted.1.ndjson".to_owned(),
        resource_type: "Bundle",
        is_deleted: true,
        count: lines.len(),
        lines: lines.into(),
    });
}
