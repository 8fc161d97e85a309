//! `carewire consent apply`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use carewire_consent::{Filter, Labeller, Obligation, Withheld, evaluate};
use carewire_fhir_core::Limits;
use serde_json::{Value, json};

use super::args::Apply;
use super::question::Asked;
use crate::documents::Documents;
use crate::failure::{Done, Failure};
use crate::inputs::{self, Output};
use crate::out;

pub(super) fn run(options: &Apply) -> Result<Done, Failure> {
    let asked = Asked::read(&options.question)?;
    let response = evaluate(&asked.request, &asked.consents, &asked.policy, asked.at);
    let labeller = options.label.then(Labeller::built_in).transpose();
    let labeller = labeller.map_err(|error| Failure::usage(format!("--label: {error}")))?;
    let mut filter = Filter::new(&response, &asked.policy, &asked.request);
    for reference in &options.known_as {
        filter = filter.known_as(reference);
    }
    if let Some(labeller) = asked.labeller.as_ref().or(labeller.as_ref()) {
        filter = filter.with_labeller(labeller);
    }
    let mut run = Run {
        filter,
        out: Output::open(options.out.as_deref())?,
        report: options.report.as_deref().map(create).transpose()?,
        counts: Counts::default(),
        done: Done::All,
    };
    for file in inputs::files(&options.inputs)? {
        let (name, source) = match inputs::open(&file) {
            Ok(opened) => opened,
            Err(failure) => {
                out::note(failure);
                run.done = Done::Some;
                continue;
            }
        };
        for (index, document) in Documents::new(&name, source).enumerate() {
            run.one(&name, index + 1, document)?;
        }
    }
    let duties = response.obligations.iter().filter(|duty| !duty.is_residual()).map(Obligation::name);
    run.finish(&duties.collect::<Vec<_>>())
}

fn create(path: &Path) -> Result<BufWriter<File>, Failure> {
    let file = File::create(path).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    Ok(BufWriter::new(file))
}

/// A document as NDJSON has it. A line never ends within a string, so that what goes stands between values.
fn in_one_line(document: &str) -> String {
    document.lines().map(str::trim_start).collect()
}

/// One run over many documents.
struct Run<'a> {
    filter: Filter<'a>,
    out: Output,
    report: Option<BufWriter<File>>,
    counts: Counts,
    done: Done,
}

/// What came of all documents.
#[derive(Default)]
struct Counts {
    documents: usize,
    left: usize,
    withheld: BTreeMap<Withheld, usize>,
}

impl Run<'_> {
    fn one(&mut self, input: &str, number: usize, document: Result<Vec<u8>, String>) -> Result<(), Failure> {
        self.counts.documents += 1;
        let applied = document.and_then(|text| {
            self.filter.apply_text(&text, &Limits::default()).map_err(|error| error.to_string())
        });
        let applied = match applied {
            Ok(applied) => applied,
            Err(why) => {
                out::note(format_args!("{input} document {number}: {why}"));
                self.done = Done::Some;
                return self.note(&json!({"input": input, "document": number, "error": why}));
            }
        };
        if let Some(left) = &applied.resource {
            self.counts.left += 1;
            self.out.write(input, number, &in_one_line(left))?;
        }
        for (reason, count) in &applied.withheld {
            *self.counts.withheld.entry(*reason).or_default() += count;
        }
        let duties: Vec<&str> = applied.duties.iter().map(Obligation::name).collect();
        self.note(&json!({"input": input, "document": number, "left": applied.resource.is_some(),
            "withheld": applied.withheld, "duties": duties}))
    }

    fn note(&mut self, line: &Value) -> Result<(), Failure> {
        match &mut self.report {
            Some(report) => writeln!(report, "{line}").map_err(|error| out::failed(&error)),
            None => Ok(()),
        }
    }

    fn finish(mut self, duties: &[&str]) -> Result<Done, Failure> {
        self.out.finish()?;
        if let Some(report) = &mut self.report {
            report.flush().map_err(|error| out::failed(&error))?;
        }
        let Counts { documents, left, withheld } = &self.counts;
        out::note(format_args!("{left} of {documents} documents are left; withheld: {}", json!(withheld)));
        if !duties.is_empty() {
            out::note(format_args!("still to be done by who uses them: {}", duties.join(", ")));
        }
        Ok(self.done)
    }
}
