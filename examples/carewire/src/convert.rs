//! `carewire convert v2-to-fhir`.

use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::Path;

use carewire_fhir_core::BundleType;
use carewire_hl7_v2::fhir::{MapOptions, Mapper, Report, Severity};
use carewire_hl7_v2::{Message, ParseOptions};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::cli::{BundleKind, Convert, V2ToFhir};
use crate::failure::{Done, Failure};
use crate::inputs::{self, Output};
use crate::messages::{Messages, Received};
use crate::{later, out};

pub(crate) fn run(what: Convert) -> Result<Done, Failure> {
    match what {
        Convert::V2ToFhir(options) => v2_to_fhir(&options),
        Convert::Later(words) => Err(later::part("convert", &words)),
    }
}

fn v2_to_fhir(options: &V2ToFhir) -> Result<Done, Failure> {
    let mut run = Run {
        options,
        mapper: Mapper::new(map_options(options)?),
        json: String::new(),
        out: Output::open(options.out.as_deref())?,
        report: options.report.as_deref().map(open_report).transpose()?,
        progress: progress(options),
        done: Done::All,
    };
    for file in inputs::files(&options.inputs)? {
        let Some(mut messages) = Messages::open_one(&file, &mut run.done) else { continue };
        let name = messages.name().to_owned();
        while let Some(next) = messages.next(&mut run.done) {
            match next {
                Ok(received) => run.one(&received)?,
                Err(refused) => run.failed(&name, refused.number, &refused.why)?,
            }
            run.progress.inc(1);
        }
    }
    run.finish()
}

/// One run over many inputs.
struct Run<'o> {
    options: &'o V2ToFhir,
    mapper: Mapper,
    /// The Bundle at hand.
    json: String,
    out: Output,
    report: Option<BufWriter<File>>,
    progress: ProgressBar,
    done: Done,
}

impl Run<'_> {
    fn one(&mut self, received: &Received<'_>) -> Result<(), Failure> {
        let Received { input, number, bytes } = *received;
        let message = match Message::parse(bytes, &ParseOptions::default()) {
            Ok(message) => message,
            Err(error) => return self.failed(input, number, &error.to_string()),
        };
        self.json.clear();
        match self.mapper.write(&message, &mut self.json) {
            Ok(report) => {
                self.out.write(input, number, &self.json)?;
                if self.options.strict && !report.issues.is_empty() {
                    self.done = Done::Some;
                }
                if self.report.is_none() {
                    return Ok(());
                }
                self.note(&report_of(received, &message, &report, self.options.with_control_ids))
            }
            Err(error) => self.failed(input, number, &error.to_string()),
        }
    }

    fn failed(&mut self, input: &str, number: usize, why: &str) -> Result<(), Failure> {
        self.progress.suspend(|| out::note(format_args!("{input} message {number}: {why}")));
        self.done = Done::Some;
        self.note(&json!({"input": input, "message": number, "error": why, "issues": [], "unmapped": []}))
    }

    fn note(&mut self, line: &Value) -> Result<(), Failure> {
        match &mut self.report {
            Some(report) => writeln!(report, "{line}").map_err(|error| out::failed(&error)),
            None => Ok(()),
        }
    }

    fn finish(mut self) -> Result<Done, Failure> {
        self.progress.finish_and_clear();
        self.out.finish()?;
        if let Some(report) = &mut self.report {
            report.flush().map_err(|error| out::failed(&error))?;
        }
        Ok(self.done)
    }
}

/// A count on a terminal, unless the Bundles go there; nothing elsewhere.
fn progress(options: &V2ToFhir) -> ProgressBar {
    if options.out.is_none() && std::io::stdout().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{pos} messages, {per_sec}") {
        bar.set_style(style);
    }
    bar
}

fn map_options(options: &V2ToFhir) -> Result<MapOptions, Failure> {
    let bundle = match options.bundle {
        BundleKind::Transaction => BundleType::Transaction,
        BundleKind::Batch => BundleType::Batch,
        BundleKind::Collection => BundleType::Collection,
        BundleKind::Message => BundleType::Message,
    };
    Ok(options.map.options()?.with_bundle(bundle))
}

fn report_of(received: &Received<'_>, message: &Message<'_>, report: &Report, control_ids: bool) -> Value {
    let issues: Vec<Value> = report
        .issues
        .iter()
        .map(|issue| {
            json!({"at": issue.at.to_string(), "severity": severity(issue.severity()), "reason": issue.reason.to_string()})
        })
        .collect();
    let unmapped: Vec<Value> = report
        .unmapped
        .iter()
        .map(|field| json!({"at": field.at.to_string(), "reason": field.reason}))
        .collect();
    let code =
        |text: Option<std::borrow::Cow<'_, str>>| text.map(std::borrow::Cow::into_owned).unwrap_or_default();
    let kind = format!("{}^{}", code(message.message_code()), code(message.trigger_event()));
    let mut line = json!({"input": received.input, "message": received.number, "type": kind, "issues": issues, "unmapped": unmapped});
    if control_ids && let Some(members) = line.as_object_mut() {
        members.insert("controlId".into(), code(message.control_id()).into());
    }
    line
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        _ => "information",
    }
}

fn open_report(path: &Path) -> Result<BufWriter<File>, Failure> {
    let file = File::create(path).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    Ok(BufWriter::new(file))
}
