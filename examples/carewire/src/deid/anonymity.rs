//! `carewire deid k-anonymity`.

use carewire_deid::{CellRecord, Cells, QuasiIdentifierError, QuasiIdentifiers};
use carewire_fhir_core::{Resource, entries};
use serde_json::{Value, json};

use super::args::KAnonymity;
use super::documents::Documents;
use super::rounds::{self, Item};
use super::work::threads;
use crate::failure::{Done, Failure};
use crate::{inputs, out};

pub(super) fn run(options: &KAnonymity) -> Result<Done, Failure> {
    let by = quasi_identifiers(options)?;
    let mut cells = options.l.map_or_else(Cells::new, |l| Cells::with_diversity(l.get()));
    let mut done = Done::All;
    for file in inputs::files(&options.inputs)? {
        match inputs::open(&file) {
            Ok((name, source)) => {
                let read = count(&mut Documents::new(&name, source), &name, &by, &mut cells)?;
                done = if read == Done::All { done } else { read };
            }
            Err(failure) => {
                out::note(failure);
                done = Done::Some;
            }
        }
    }
    let report = cells.report(options.k);
    let mut shown = json!(report);
    if let Some(members) = shown.as_object_mut() {
        members.insert("smallest".to_owned(), json!(report.smallest()));
        members.insert("by".to_owned(), json!(by.paths().collect::<Vec<_>>()));
        if options.values {
            members.insert("below".to_owned(), below(&cells, options.k));
        }
    }
    out::line(shown)?;
    if report.records == 0 {
        out::note(format_args!("no {} in the release", by.resource_type()));
    }
    Ok(if report.is_met() && report.records > 0 { done } else { Done::Some })
}

fn quasi_identifiers(options: &KAnonymity) -> Result<QuasiIdentifiers, Failure> {
    let wrong = |option: &'static str| {
        move |error: QuasiIdentifierError| Failure::usage(format!("{option}: {error}"))
    };
    let by = QuasiIdentifiers::parse(&options.by).map_err(wrong("--by"))?;
    match &options.sensitive {
        Some(path) => by.with_sensitive(path).map_err(wrong("--sensitive")),
        None => Ok(by),
    }
}

/// Counts the records of an input. A document that cannot be read is named by its position: the release is not known
/// then, and cannot pass.
fn count(
    documents: &mut Documents,
    name: &str,
    by: &QuasiIdentifiers,
    cells: &mut Cells,
) -> Result<Done, Failure> {
    let (mut done, mut number) = (Done::All, 0_u64);
    let work = |items: &[Item]| items.iter().map(|item| records(item, by)).collect::<Vec<_>>();
    rounds::each(documents, threads(None), work, |part| {
        for found in part {
            number += 1;
            match found {
                Ok(records) => records.iter().for_each(|record| cells.add(record)),
                Err(why) => {
                    out::note(format_args!("{name} resource {number}: not counted: {why}"));
                    done = Done::Some;
                }
            }
        }
        Ok::<(), Failure>(())
    })?;
    Ok(done)
}

/// The records of a resource or Bundle.
fn records(item: &Item, by: &QuasiIdentifiers) -> Result<Vec<CellRecord>, String> {
    let document = item.as_ref().map_err(Clone::clone)?;
    let resource = Resource::parse(document).map_err(|error| error.to_string())?;
    let inside = entries(&resource).filter_map(|entry| entry.resource);
    Ok(std::iter::once(resource.value()).chain(inside).filter_map(|value| by.record(value)).collect())
}

/// The cells that are too small, with their values.
fn below(cells: &Cells, k: u64) -> Value {
    let rows = cells
        .below(k)
        .into_iter()
        .map(|cell| json!({"records": cell.records, "values": cell.values.expose()}));
    Value::Array(rows.collect())
}
