//! The persons of HL7 v2 messages, and the fields by which they could be found.

use carewire_deid::v2::V2Report;
use carewire_deid::{PersonRecord, Policy};
use carewire_hl7_v2::{Message, ParseOptions, Path, Segment};

use super::anonymity::Found;
use crate::failure::Failure;

/// Fields, such as `PID-7` or `PID-11.5`, and the sensitive one, if there is one.
pub(super) struct Fields {
    by: Vec<Field>,
    sensitive: Option<Field>,
}

/// A field or component, wherever its segment stands, in every repetition.
struct Field {
    text: String,
    segment: String,
    path: Path,
}

impl Fields {
    /// Whether a text has the form of a field.
    pub(super) fn is_path(text: &str) -> bool {
        let (segment, rest) = text.split_at_checked(3).unwrap_or_default();
        segment.bytes().all(|one| one.is_ascii_uppercase() || one.is_ascii_digit()) && rest.starts_with('-')
    }

    pub(super) fn parse(paths: &[&str], sensitive: Option<&str>) -> Result<Self, Failure> {
        let known = V2Report::of(Policy::pseudonymous());
        let is_known = |field: &str| {
            let mut all = known.segments.iter().flat_map(|segment| &segment.fields);
            field.starts_with('Z') || all.any(|known| known.path == field)
        };
        let field = |option: &str, text: &str| {
            Field::parse(text, &is_known).map_err(|why| Failure::usage(format!("{option}: {text}: {why}")))
        };
        let by = paths.iter().map(|text| field("--by", text)).collect::<Result<Vec<_>, _>>()?;
        for (at, path) in paths.iter().enumerate() {
            if paths.iter().take(at).any(|other| other == path) || sensitive == Some(*path) {
                return Err(Failure::usage(format!("--by: {path}: stands there twice")));
            }
        }
        let sensitive = sensitive.map(|text| field("--sensitive", text)).transpose()?;
        Ok(Self { by, sensitive })
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.by.iter().map(|field| field.text.as_str())
    }

    /// What a message says of each patient: what follows his PID, and what precedes all of them.
    pub(super) fn read(&self, bytes: &[u8]) -> Result<Found, String> {
        let message = Message::parse(bytes, &ParseOptions::default()).map_err(|error| error.to_string())?;
        let (mut head, mut patients) = (vec![], Vec::<Vec<Segment<'_>>>::new());
        for segment in message.segments() {
            match patients.last_mut() {
                _ if segment.name() == "PID" => patients.push(vec![segment]),
                Some(of_one) => of_one.push(segment),
                None => head.push(segment),
            }
        }
        let mut found = Found { records: vec![], unassigned: 0 };
        for mut segments in patients {
            let names = segments.first().map_or_else(Vec::new, |pid| identifiers(*pid));
            segments.extend(head.iter().copied());
            if names.is_empty() {
                found.unassigned += 1;
            } else {
                found.records.push(self.record(&names, &segments));
            }
        }
        Ok(found)
    }

    fn record(&self, names: &[String], segments: &[Segment<'_>]) -> PersonRecord {
        let record = PersonRecord::new(names, self.by.iter().map(|field| field.values(segments)));
        match &self.sensitive {
            Some(field) => record.with_sensitive(field.values(segments)),
            None => record,
        }
    }
}

/// The identifiers of a patient: PID-3.1 with its authority, in each repetition.
fn identifiers(pid: Segment<'_>) -> Vec<String> {
    let repetitions = pid.field(3).into_iter().flat_map(|field| field.repetitions());
    let name = |number: &str, authority: &str| format!("{number} of {authority}");
    let names = repetitions.filter_map(|repetition| {
        let number = repetition.component(1)?.value()?.into_owned();
        let authority = repetition.component(4).map_or("", |authority| authority.raw());
        Some(number).filter(|number| !number.is_empty()).map(|number| name(&number, authority))
    });
    names.collect()
}

impl Field {
    fn parse(text: &str, is_known: &dyn Fn(&str) -> bool) -> Result<Self, String> {
        let (segment, rest) = text.split_once('-').ok_or("not a field")?;
        let (field, below) = rest.split_once('.').map_or((rest, ""), |(field, below)| (field, below));
        if !is_known(&format!("{segment}-{field}")) {
            return Err("no field of HL7 v2".to_owned());
        }
        let dot = if below.is_empty() { "" } else { "." };
        let path = format!("{segment}(*)-{field}[*]{dot}{below}").parse::<Path>();
        let path = path.map_err(|error| error.to_string())?;
        Ok(Self { text: text.to_owned(), segment: segment.to_owned(), path })
    }

    fn values(&self, segments: &[Segment<'_>]) -> Vec<String> {
        let named = segments.iter().filter(|segment| segment.name() == self.segment);
        let values = named.filter_map(|segment| segment.get_all(self.path.clone()).ok()).flatten();
        values.map(|(_, text)| text.into_owned()).filter(|text| text != "\"\"").collect()
    }
}
