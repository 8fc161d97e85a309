//! The places of HL7 v2, each in a message that says something of a patient, a visit and results.

use std::sync::LazyLock;

use carewire_deid::v2::{Deidentifier, V2Context};
use carewire_deid::{Policy, Pseudonymizer};
use carewire_fhir_core::{Date, OrgId};

use crate::report::Report;
use crate::row::{Case, Notation, Place, lines, places};

const PLACES: &str = include_str!("v2.txt");
const SURVIVORS: &str = include_str!("v2_survivors.txt");

const MESSAGE: &[&str] = &[
    "MSH|^~\\&|LAB|GEN|EHR|NORTH|20240305101500+0100||ORU^R01^ORU_R01|42|P|2.5.1|||AL|NE",
    "EVN|R01|20240305101500+0100",
    "PID|1||00012345^^^GEN^MR||Doe^Jo||19700203|F",
    "PV1|1|I|ICU^101^2|||||||MED",
    "AL1|1|DA|7980^^RXNORM|SV",
    "DG1|1||I10^^I10C|||A",
    "OBR|1|||58410-2^^LN|||20240305090000+0100",
    "OBX|1|NM|718-7^^LN|1.2|13.20|g/dL^^UCUM|12.0-16.0|H^High^HL70078|||F|||20240305093000+0100",
    "OBX|2|NM|8302-2^^LN||1.780|m^^UCUM|||||F",
    "OBX|3|SN|1988-5^^LN||>=^90|mg/L^^UCUM|||||F",
    "RXA|0|1|20240305||08^^CVX|0.5|mL^^UCUM||||||||||||||CP",
];

pub(crate) fn tell(policy: &'static str, report: &mut Report) {
    cases(policy).for_each(|case| report.add(policy, &case));
}

/// What becomes of every place.
pub(crate) fn cases(policy: &'static str) -> impl Iterator<Item = Case> {
    static ALL: LazyLock<Vec<Place>> = LazyLock::new(|| places(PLACES, &Notation::V2));
    ALL.iter().filter(move |place| place.holds(policy)).map(move |place| case(policy, place))
}

fn case(policy: &'static str, place: &Place) -> Case {
    let input = message(&place.path, &place.value);
    place.assert_is_in(&input);
    let (out, said) = written(policy, &input);
    let survivors = lines(SURVIVORS).filter(|text| input.contains(text)).map(str::to_owned).collect();
    Case {
        group: place.group,
        path: place.line.to_owned(),
        out,
        said,
        sought: place.sought.clone(),
        survivors,
    }
}

/// The message with a value at a place: in a segment of its own, or in the one that there is only once.
fn message(place: &str, value: &str) -> String {
    let (segment, position) = place.rsplit_once('-').unwrap();
    let (name, kind) =
        segment.split_once('[').map_or((segment, None), |(name, kind)| (name, kind.strip_suffix(']')));
    let mut numbers = position.split('.').map(|number| number.parse::<usize>().unwrap());
    let field = numbers.next().unwrap();
    let value = match (numbers.next(), numbers.next()) {
        (Some(component), Some(part)) => {
            format!("{}{}{value}", "^".repeat(component - 1), "&".repeat(part - 1))
        }
        (Some(component), None) => format!("{}{value}", "^".repeat(component - 1)),
        _ => value.to_owned(),
    };
    let mut lines: Vec<String> = MESSAGE.iter().map(|line| (*line).to_owned()).collect();
    let once = lines.iter().position(|line| ["MSH", "EVN", "PID"].contains(&name) && line.starts_with(name));
    match once {
        Some(at) => lines[at] = with_field(&lines[at], field - usize::from(name == "MSH"), &value),
        None => lines.push(with_field(&begun(name, kind), field, &value)),
    }
    lines.join("\r") + "\r"
}

/// A segment without the value: of an observation everything but its value.
fn begun(name: &str, kind: Option<&str>) -> String {
    let (kind, unit) = match kind.unwrap_or("NM") {
        "NM-years" => ("NM", "a^^UCUM"),
        "NM-months" => ("NM", "mo^^UCUM"),
        "NM-days" => ("NM", "d^^UCUM"),
        "NM-hours" => ("NM", "h^^UCUM"),
        kind => (kind, ""),
    };
    if name == "OBX" { format!("OBX|9|{kind}|30525-0^^LN|||{unit}|||||F") } else { format!("{name}|") }
}

fn with_field(line: &str, at: usize, value: &str) -> String {
    let mut fields: Vec<&str> = line.split('|').collect();
    fields.resize(fields.len().max(at + 1), "");
    fields[at] = value;
    fields.join("|")
}

fn written(policy: &str, input: &str) -> (String, String) {
    let (keys, org) = (Pseudonymizer::for_run(&[7; 32]), OrgId::new("clinic").unwrap());
    let context = V2Context::new(&keys, &org).with_as_of(Date::parse("2026-11-22").unwrap());
    let mut messages = Deidentifier::new(Policy::built_in(policy).unwrap(), context).unwrap();
    let mut out = Vec::new();
    let error = messages.write(input.as_bytes(), &mut out).err();
    let error = error.map_or(String::new(), |error| format!("{error} {error:?}"));
    let manifest = messages.manifest();
    let said = format!("{} {manifest:?} {messages:?} {error}", serde_json::to_string(&manifest).unwrap());
    (String::from_utf8(out).unwrap(), said)
}
