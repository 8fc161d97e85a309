//! The three validators.

use std::time::Instant;

use carewire_fhir_core::{Resource, Severity, validate};
use carewire_testing::oracle;
use fhirkit::r4;

use crate::fault::{Fault, class_of};
use crate::units::Unit;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Judge {
    Carewire,
    Medplum,
    Fhirkit,
}

/// What a validator says of each unit; `None` where it says nothing: it does not know the type, or it crashed.
pub(crate) type Verdicts = Vec<Option<Vec<Fault>>>;

/// The faults that each validator finds in each unit. Medplum is left out where Node.js or its packages are not there.
pub(crate) fn judge_all(units: &[Unit]) -> Vec<(Judge, Verdicts)> {
    let mut verdicts = Vec::new();
    for (judge, run) in [
        (Judge::Carewire, carewire as fn(&[Unit]) -> Verdicts),
        (Judge::Fhirkit, fhirkit),
        (Judge::Medplum, medplum),
    ] {
        if let Some(why) = oracle::missing().filter(|_| judge == Judge::Medplum) {
            println!("{why}");
            continue;
        }
        let start = Instant::now();
        let found = run(units);
        let sound = found.iter().flatten().filter(|faults| faults.is_empty()).count();
        println!(
            "{judge:?}: {} resources, {sound} sound, {} ms (a build for tests)",
            units.len(),
            start.elapsed().as_millis()
        );
        verdicts.push((judge, found));
    }
    verdicts
}

fn carewire(units: &[Unit]) -> Verdicts {
    let faults = |unit: &Unit| {
        let Ok(resource) = Resource::parse(unit.text.as_bytes()) else {
            return vec![Fault::new("Resource", "not a resource".into())];
        };
        let issues = validate(&resource).into_iter().filter(|issue| issue.severity == Severity::Error);
        issues
            .map(|issue| {
                let text = issue.details_text.unwrap_or_default();
                let class = match issue.code.as_str() {
                    "code-invalid" => "code of no required binding".to_owned(),
                    _ => class_of(text.split(" than ").next().unwrap_or_default()),
                };
                Fault::new(
                    issue.expression.first().map_or("", String::as_str),
                    format!("{}: {class}", issue.code),
                )
            })
            .collect()
    };
    units.iter().map(|unit| Some(faults(unit))).collect()
}

/// It is built without the features `financial` and `specialized`, which are half of its size.
fn fhirkit(units: &[Unit]) -> Verdicts {
    let faults = |unit: &Unit| match fhirkit::from_json::<r4::Resource>(&unit.text) {
        Err(_) => Some(vec![Fault::new("Resource", "not JSON".into())]),
        Ok((_, issues)) => {
            if issues.iter().any(|issue| issue.message.ends_with("this build knows")) {
                return None;
            }
            let errors = issues.into_iter().filter(|issue| issue.severity == fhirkit::Severity::Error);
            Some(errors.map(|issue| Fault::new(&issue.path, fhirkit_class(&issue.message))).collect())
        }
    };
    units.iter().map(faults).collect()
}

/// Its messages quote values.
fn fhirkit_class(message: &str) -> String {
    let class = class_of(message);
    let known =
        ["expected", "only one type", "has", "needs at least", "null", "required element", "unknown element"];
    match known.into_iter().find(|start| class.starts_with(start)) {
        Some("expected") => class.split(", found").next().unwrap_or_default().to_owned(),
        Some(start @ ("only one type" | "has" | "needs at least")) => start.to_owned(),
        Some(_) => class,
        // `1.5 is not a positiveInt`
        None => class.find("is ").map_or(class.as_str(), |at| class.get(at..).unwrap_or_default()).to_owned(),
    }
}

/// What validate.mjs says where the validator threw something else than an `OperationOutcome`.
const CRASH: &str = "exception";

fn medplum(units: &[Unit]) -> Verdicts {
    let texts: Vec<String> = units.iter().map(|unit| unit.text.clone()).collect();
    let verdict = oracle::validate_whole(&texts).unwrap();
    println!("Medplum: {} ms of validation", verdict.milliseconds);
    let mut found: Verdicts = vec![Some(Vec::new()); units.len()];
    for problem in verdict.problems {
        let Some(faults) = found.get_mut(problem.bundle) else { continue };
        match faults {
            _ if problem.text == CRASH => *faults = None,
            Some(faults) => faults.push(Fault::new(&problem.expression, class_of(&problem.text))),
            None => {}
        }
    }
    found
}
