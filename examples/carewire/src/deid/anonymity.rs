//! `carewire deid k-anonymity`.

use std::io::Read;

use carewire_deid::{Cells, People, PersonRecord, QuasiIdentifierError, QuasiIdentifiers};
use carewire_fhir_core::Resource;
use serde_json::{Value, json};

use super::anonymity_v2::Fields;
use super::args::KAnonymity;
use super::rounds::{self, Item};
use super::v2;
use super::work::{progress, threads};
use crate::documents::Documents;
use crate::failure::{Done, Failure};
use crate::{inputs, out};

pub(super) fn run(options: &KAnonymity) -> Result<Done, Failure> {
    let measure = Measure::of(options)?;
    let mut people = People::new(measure.paths().len());
    if let Some(l) = options.l {
        people = people.with_diversity(l.get());
    }
    let files = inputs::files(&options.inputs)?;
    let bar = progress(&files, true);
    let mut done = Done::All;
    for file in files {
        match inputs::open(&file) {
            Ok((name, source)) => {
                let items = measure.items(&name, Box::new(bar.wrap_read(source)));
                let say = |text: &dyn std::fmt::Display| bar.suspend(|| out::note(text));
                let read = count(items, &name, &measure, &mut people, &say)?;
                done = if read == Done::All { done } else { read };
            }
            Err(failure) => {
                bar.suspend(|| out::note(failure));
                done = Done::Some;
            }
        }
    }
    bar.finish_and_clear();
    let is_met = report(options, &measure, &people)?;
    Ok(if is_met { done } else { Done::Some })
}

/// Prints what was counted, without a value unless that was asked for; whether it is enough.
fn report(options: &KAnonymity, measure: &Measure, people: &People) -> Result<bool, Failure> {
    let cells = people.cells();
    let report = cells.report(options.k);
    let mut shown = json!(report);
    if let Some(members) = shown.as_object_mut() {
        members.insert("smallest".to_owned(), json!(report.smallest()));
        members.insert("by".to_owned(), json!(measure.paths()));
        members.insert("counted".to_owned(), json!(measure.unit()));
        if measure.unit() == PERSONS {
            members.insert("nameless".to_owned(), json!(people.nameless()));
        }
        if options.values {
            members.insert("below".to_owned(), below(&cells, options.k));
        }
    }
    out::line(shown)?;
    if measure.unit() == PERSONS && people.nameless() > 1 {
        let text = "persons have no id in the release, and are counted one by one";
        out::note(format_args!("{} {text}", people.nameless()));
    }
    if report.records == 0 {
        out::note(format_args!("no {} in the release", measure.sought()));
    }
    Ok(report.is_met() && report.records > 0)
}

const PERSONS: &str = "persons";

/// What persons are told apart by, and where it stands.
enum Measure {
    Fhir(QuasiIdentifiers),
    V2(Fields),
}

/// What a document says of persons, and in how many places it does not say of whom.
pub(super) struct Found {
    pub(super) records: Vec<PersonRecord>,
    pub(super) unassigned: u64,
}

impl Measure {
    fn of(options: &KAnonymity) -> Result<Self, Failure> {
        let paths: Vec<&str> = options.by.iter().flat_map(|paths| paths.split(',')).map(str::trim).collect();
        let wrong = |option: &'static str| {
            move |error: QuasiIdentifierError| Failure::usage(format!("{option}: {error}"))
        };
        let of_v2 = paths.iter().filter(|path| Fields::is_path(path)).count();
        if of_v2 > 0 {
            if of_v2 < paths.len() {
                let text = "--by: fields of HL7 v2 and elements of FHIR are of different releases";
                return Err(Failure::usage(text));
            }
            return Fields::parse(&paths, options.sensitive.as_deref()).map(Self::V2);
        }
        let by = QuasiIdentifiers::parse(&paths.join(",")).map_err(wrong("--by"))?;
        Ok(Self::Fhir(match &options.sensitive {
            Some(path) => by.with_sensitive(path).map_err(wrong("--sensitive"))?,
            None => by,
        }))
    }

    fn paths(&self) -> Vec<&str> {
        match self {
            Self::Fhir(by) => by.paths().collect(),
            Self::V2(fields) => fields.paths().collect(),
        }
    }

    fn unit(&self) -> &'static str {
        match self {
            Self::Fhir(by) if !by.counts_persons() => "resources",
            _ => PERSONS,
        }
    }

    /// What must be there for anything to be counted.
    fn sought(&self) -> String {
        match self {
            Self::Fhir(by) => by.resource_types().collect::<Vec<_>>().join(" and no "),
            Self::V2(_) => "PID".to_owned(),
        }
    }

    /// What one item of an input is called.
    fn noun(&self) -> &'static str {
        match self {
            Self::Fhir(_) => "resource",
            Self::V2(_) => "message",
        }
    }

    fn items(&self, name: &str, source: Box<dyn Read + Send>) -> Box<dyn Iterator<Item = Item>> {
        match self {
            Self::Fhir(_) => Box::new(Documents::new(name, source)),
            Self::V2(_) => v2::messages(name, source, false),
        }
    }

    fn read(&self, item: &Item) -> Result<Found, String> {
        let document = item.as_ref().map_err(Clone::clone)?;
        match self {
            Self::Fhir(by) => {
                let resource = Resource::parse(document).map_err(|error| error.to_string())?;
                let reading = by.read(resource.value());
                Ok(Found { records: reading.records, unassigned: reading.unassigned })
            }
            Self::V2(fields) => fields.read(document),
        }
    }
}

/// Takes in the persons of an input. A document that cannot be read is named by its position: the release is not known
/// then, and cannot pass; nor can it where it does not say whom something is about.
fn count(
    mut items: Box<dyn Iterator<Item = Item>>,
    name: &str,
    measure: &Measure,
    people: &mut People,
    say: &dyn Fn(&dyn std::fmt::Display),
) -> Result<Done, Failure> {
    let (mut failed, mut unassigned, mut number) = (false, 0, 0_u64);
    let work = |items: &[Item]| items.iter().map(|item| measure.read(item)).collect::<Vec<_>>();
    rounds::each(&mut *items, threads(None), work, |part| {
        for found in part {
            number += 1;
            match found {
                Ok(found) => {
                    unassigned += found.unassigned;
                    found.records.iter().for_each(|record| people.add(record));
                }
                Err(why) => {
                    say(&format_args!("{name} {} {number}: not counted: {why}", measure.noun()));
                    failed = true;
                }
            }
        }
        Ok::<(), Failure>(())
    })?;
    if unassigned > 0 {
        let noun = measure.noun();
        say(&format_args!("{name}: {unassigned} {noun}s do not say whom they are about: not counted"));
    }
    Ok(if failed || unassigned > 0 { Done::Some } else { Done::All })
}

/// The cells that are too small, with their values.
fn below(cells: &Cells, k: u64) -> Value {
    let rows = cells
        .below(k)
        .into_iter()
        .map(|cell| json!({"records": cell.records, "values": cell.values.expose()}));
    Value::Array(rows.collect())
}
