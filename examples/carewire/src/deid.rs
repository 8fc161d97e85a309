//! `carewire deid …`.

use std::fs::File;
use std::io::Write;

use carewire_deid::{
    Context, Manifest, Policy, Pseudonymizer, check_policy, deidentify, deidentify_resource,
};
use carewire_fhir_core::{OrgId, PatientToken, Resource, entries};
use serde_json::json;

use crate::cli::{Deid, DeidFhir};
use crate::failure::{Done, Failure};
use crate::inputs::{self, Input, Output};
use crate::{keys, later, out, stack};

pub(crate) fn run(what: Deid) -> Result<Done, Failure> {
    match what {
        Deid::Fhir(options) => fhir(&options),
        Deid::Keygen => {
            out::line(keys::generate()?.to_json().as_str())?;
            Ok(Done::All)
        }
        Deid::CheckPolicy { policy } => check(&policy),
        Deid::Later(words) => Err(later::part("deid", &words)),
    }
}

fn check(policy: &str) -> Result<Done, Failure> {
    let report = if policy == "pseudonymous" {
        Policy::pseudonymous().report()
    } else {
        let text =
            std::fs::read_to_string(policy).map_err(|error| Failure::usage(format!("{policy}: {error}")))?;
        check_policy(&text).map_err(|error| Failure::usage(format!("{policy}: {error}")))?
    };
    out::line(report)?;
    Ok(Done::All)
}

fn fhir(options: &DeidFhir) -> Result<Done, Failure> {
    let ring = keys::load(&options.key_file, false)?;
    let org = OrgId::new(&options.org).map_err(|error| Failure::usage(format!("--org: {error}")))?;
    let policy = stack::policy(&options.policy)?;
    let pseudonyms = Pseudonymizer::new(&ring, &org, "file");
    let mut run = Run {
        policy: &policy,
        keys: &pseudonyms,
        out: Output::open(options.out.as_deref())?,
        manifest: None,
        done: Done::All,
    };
    for file in inputs::files(&options.inputs)? {
        let Some(input) = inputs::one_of_many(&file, &mut run.done) else { continue };
        run.file(&input)?;
    }
    run.out.finish()?;
    if let (Some(path), Some(manifest)) = (&options.report, &run.manifest) {
        let written = File::create(path).and_then(|mut file| writeln!(file, "{}", json!(manifest)));
        written.map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    }
    Ok(run.done)
}

/// One run over many files.
struct Run<'r> {
    policy: &'r Policy,
    keys: &'r Pseudonymizer,
    out: Output,
    manifest: Option<Manifest>,
    done: Done,
}

impl Run<'_> {
    /// One JSON document, or one on each line.
    fn file(&mut self, input: &Input) -> Result<(), Failure> {
        if let Ok(resource) = Resource::parse(&input.bytes) {
            return self.one(input, 1, &resource);
        }
        let lines = input.bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
        for (index, line) in lines.enumerate() {
            match Resource::parse(line) {
                Ok(resource) => self.one(input, index + 1, &resource)?,
                Err(error) => self.left_out(input, index + 1, &error.to_string()),
            }
        }
        Ok(())
    }

    fn one(&mut self, input: &Input, number: usize, resource: &Resource) -> Result<(), Failure> {
        let token = self.token(resource);
        let context = Context::new(self.keys);
        let context = match &token {
            Some(token) => context.with_patient(token),
            None => context,
        };
        let done = if resource.resource_type() == "Bundle" {
            deidentify(resource, self.policy, &context).map(|done| (done.bundle, done.manifest))
        } else {
            deidentify_resource(resource, self.policy, &context)
                .map(|(entry, manifest)| (entry.resource, manifest))
        };
        match done {
            Ok((resource, manifest)) => {
                self.out.write(&input.name, number, &resource.to_json())?;
                match &mut self.manifest {
                    Some(all) => all.merge(&manifest),
                    none => *none = Some(manifest),
                }
            }
            Err(error) => self.left_out(input, number, &error.to_string()),
        }
        Ok(())
    }

    fn left_out(&mut self, input: &Input, number: usize, why: &str) {
        out::note(format_args!("{} resource {number}: left out: {why}", input.name));
        self.done = Done::Some;
    }

    /// A file has no vault: the token is a keyed pseudonym of the patient's identifier, the same in every file.
    fn token(&self, resource: &Resource) -> Option<PatientToken> {
        let whole = std::iter::once(resource.value());
        let patient = entries(resource)
            .filter_map(|entry| entry.resource)
            .chain(whole)
            .find(|value| value.str("resourceType") == Some("Patient"))?;
        let identifier = patient.list("identifier").first();
        let system = identifier.and_then(|identifier| identifier.str("system")).unwrap_or("");
        let value =
            identifier.and_then(|identifier| identifier.str("value")).or_else(|| patient.str("id"))?;
        let name = self.keys.pseudonym("token", &[system.as_bytes(), value.as_bytes()]);
        PatientToken::new(&format!("pt_{name}")).ok()
    }
}
