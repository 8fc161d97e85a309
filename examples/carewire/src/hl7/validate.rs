//! `carewire hl7 validate`.

use std::path::Path;

use carewire_hl7_v2::profile::{ConformanceProfile, ProfileFile, ProfileSource, ValidationOptions};
use carewire_hl7_v2::structure::{Tree, TreeOptions};
use carewire_hl7_v2::validate::{ValidateOptions, validate};
use carewire_hl7_v2::{Finding, Message, Severity};
use serde_json::json;

use super::args::{FindingFormat, Validate};
use super::definitions::Dictionaries;
use super::findings::Found;
use crate::failure::{Done, Failure};
use crate::messages::Received;
use crate::{inputs, out};

pub(crate) fn run(options: &Validate) -> Result<Done, Failure> {
    let profile = options.profile.as_deref().map(load).transpose()?;
    let mut dictionaries = Dictionaries::new(&options.definitions)?;
    options.inputs.each_message(|received, message, done| {
        let content = match &profile {
            Some(profile) => profile.validate(message, &ValidationOptions::default()).findings().to_vec(),
            None => by_dictionary(message, &mut dictionaries)?,
        };
        let notation = message.diagnostics().iter().map(Found::Notation);
        let found: Vec<Found<'_>> = notation.chain(content.iter().map(Found::Content)).collect();
        let fails = |found: &Found<'_>| match found.severity() {
            Severity::Error => true,
            Severity::Warning => options.strict,
            _ => false,
        };
        if found.iter().any(fails) {
            *done = Done::Some;
        }
        match options.format {
            FindingFormat::Text => found
                .iter()
                .try_for_each(|found| out::line(format_args!("{}: {}", received.name(), found.text()))),
            FindingFormat::Json => out::line(report(received, message, &found)),
        }
    })
}

fn by_dictionary(
    message: &Message<'_>,
    dictionaries: &mut Dictionaries<'_>,
) -> Result<Vec<Finding>, Failure> {
    if let Some(structure) = dictionaries.tree_options().structure {
        let options = TreeOptions::default().as_structure(structure);
        let tree = Tree::with_options(message, dictionaries.of(message)?, &options);
        let mut findings = tree.map_err(|error| Failure::usage(error.to_string()))?.into_findings();
        let mut content = ValidateOptions::default();
        content.structure = false;
        findings.extend(validate(message, dictionaries.of(message)?, &content));
        return Ok(findings);
    }
    Ok(validate(message, dictionaries.of(message)?, &ValidateOptions::default()))
}

fn report(received: &Received<'_>, message: &Message<'_>, found: &[Found<'_>]) -> serde_json::Value {
    let count = |severity| found.iter().filter(|found| found.severity() == severity).count();
    json!({
        "input": received.input,
        "message": received.number,
        "code": message.message_code(),
        "event": message.trigger_event(),
        "errors": count(Severity::Error),
        "warnings": count(Severity::Warning),
        "findings": found.iter().map(Found::json).collect::<Vec<_>>(),
    })
}

/// A profile from its file, or from all XML files of a directory, told apart by their root elements. What it asks for
/// and is not evaluated is said.
fn load(path: &Path) -> Result<ConformanceProfile, Failure> {
    let mut files = vec![];
    for file in inputs::files(&[path.to_path_buf()])? {
        let is_xml = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xml"));
        if is_xml || !path.is_dir() {
            files.push(inputs::read(&file)?);
        }
    }
    let found = |wanted: ProfileFile| {
        let mut named =
            files.iter().filter(|file| is_rooted(&file.bytes, wanted)).map(|file| file.bytes.as_slice());
        match (named.next(), named.next()) {
            (Some(_), Some(_)) => Err(Failure::usage(format!(
                "{}: more than one file with the root element {}",
                path.display(),
                wanted.root()
            ))),
            (first, _) => Ok(first),
        }
    };
    let only = files.first().filter(|_| files.len() == 1).map(|file| file.bytes.as_slice());
    let main = found(ProfileFile::Profile)?.or(only);
    let main = main.ok_or_else(|| {
        Failure::usage(format!(
            "{}: no file with the root element {}",
            path.display(),
            ProfileFile::Profile.root()
        ))
    })?;
    let mut source = ProfileSource::new(main);
    if let Some(xml) = found(ProfileFile::Constraints)? {
        source = source.with_constraints(xml);
    }
    if let Some(xml) = found(ProfileFile::ValueSets)? {
        source = source.with_value_sets(xml);
    }
    if let Some(xml) = found(ProfileFile::Bindings)? {
        source = source.with_bindings(xml);
    }
    if let Some(xml) = found(ProfileFile::CoConstraints)? {
        source = source.with_co_constraints(xml);
    }
    if let Some(xml) = found(ProfileFile::Slicings)? {
        source = source.with_slicings(xml);
    }
    let profile = ConformanceProfile::load(&source)
        .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    for unsupported in profile.unsupported() {
        out::note(format_args!("{}: not evaluated: {unsupported}", path.display()));
    }
    Ok(profile)
}

/// Whether the first element of a file has this name, with or without a prefix.
fn is_rooted(xml: &[u8], file: ProfileFile) -> bool {
    let text = String::from_utf8_lossy(xml);
    let mut tags = text.split('<').skip(1);
    let first = tags.find(|tag| tag.starts_with(|c: char| c.is_alphabetic() || c == '_'));
    let name = first.and_then(|tag| tag.split([' ', '\t', '\r', '\n', '>', '/']).next()).unwrap_or_default();
    name.rsplit(':').next() == Some(file.root())
}
