//! Consents in files.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::Path;

use carewire_consent::{Consent, ParseError, Request, parse_consents, parse_consents_csv};
use carewire_fhir_core::OrgId;
use carewire_gateway::{MessageConsents, TakeConsents};
use carewire_hl7_v2::fhir::{MapOptions, PatientIdentity, patient_identities};
use carewire_hl7_v2::light::peek;
use carewire_hl7_v2::{Message, ParseOptions};

use super::types::ConTypes;
use crate::failure::{Done, Failure};
use crate::inputs::{self, Input};
use crate::messages::Messages;

/// The consents of a file or of those in a directory. Those of messages are the patient's whom the request names.
pub(super) fn all(path: &Path, request: &Request, types: &ConTypes) -> Result<Vec<Consent>, Failure> {
    let mut all = vec![];
    let mut messages = CarriedConsents::new(request, types);
    for file in inputs::files(&[path.to_path_buf()])? {
        let input = inputs::read(&file)?;
        if is_v2(&input.bytes) {
            messages.read(input)?;
        } else {
            let read = parse(&file, &input.bytes, &request.org);
            all.extend(read.map_err(|error| Failure::usage(format!("{}: {error}", input.name)))?);
        }
    }
    all.extend(messages.consents.into_values());
    Ok(all)
}

/// Documents, or a table of them.
pub(super) fn parse(file: &Path, bytes: &[u8], org: &OrgId) -> Result<Vec<Consent>, ParseError> {
    let is_table =
        file.extension().and_then(OsStr::to_str).is_some_and(|name| name.eq_ignore_ascii_case("csv"));
    if is_table { parse_consents_csv(bytes) } else { parse_consents(bytes, org) }
}

/// Whether it is HL7 v2: a message, or a batch of them.
pub(super) fn is_v2(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = text.strip_prefix(b"\x0B").unwrap_or(text).trim_ascii_start();
    [&b"MSH"[..], b"FHS", b"BHS"].iter().any(|name| text.starts_with(name))
}

/// What the CON segments of messages about one patient come to: a later one takes the place of an earlier one about the same form.
struct CarriedConsents<'a> {
    request: &'a Request,
    rules: MessageConsents,
    options: MapOptions,
    patient: Option<PatientIdentity>,
    consents: BTreeMap<[String; 2], Consent>,
}

impl<'a> CarriedConsents<'a> {
    fn new(request: &'a Request, types: &ConTypes) -> Self {
        let options = MapOptions::new(request.org.clone());
        let rules = types.rules(TakeConsents::All);
        Self { request, rules, options, patient: None, consents: BTreeMap::new() }
    }

    fn read(&mut self, input: Input) -> Result<(), Failure> {
        let mut done = Done::All;
        let mut messages = Messages::of(input.name, Box::new(std::io::Cursor::new(input.bytes)));
        while let Some(received) = messages.next_sound(&mut done) {
            self.one(received.bytes).map_err(|why| Failure::usage(format!("{}: {why}", received.name())))?;
        }
        match done {
            Done::All => Ok(()),
            // What a batch leaves out could be a refusal.
            Done::Some => Err(Failure::usage(format!("{}: not all of it can be read", messages.name()))),
        }
    }

    fn one(&mut self, bytes: &[u8]) -> Result<(), String> {
        let options = ParseOptions::default();
        let message = Message::parse(bytes, &options).map_err(|error| error.to_string())?;
        let carried = self.rules.read(&message);
        if carried.is_empty() {
            return Ok(());
        }
        let peeked = peek(bytes, &options).map_err(|error| error.to_string())?;
        let patients: BTreeSet<[String; 2]> = patient_identities(&peeked, &self.options)
            .into_iter()
            .chain(self.patient.take())
            .map(|patient| [patient.system, patient.value])
            .collect();
        let mut patients = patients.into_iter();
        let (Some(_), None) = (patients.next(), patients.next()) else {
            return Err("one patient is expected, the same in all messages".into());
        };
        self.patient = patient_identities(&peeked, &self.options).pop();
        for con in &carried {
            let name = con.name().map(str::to_owned);
            let id = format!(
                "con-{}",
                self.consents.keys().position(|known| *known == name).unwrap_or(self.consents.len()) + 1
            );
            let Request { org, patient, .. } = self.request;
            let consent = self.rules.consent(con, &id, org, patient, None).map_err(|why| why.to_string())?;
            self.consents.insert(name, consent);
        }
        Ok(())
    }
}
