//! The same events as HL7 v2 messages, mapped.

use carewire_fhir_core::Resource;
use carewire_fhir_core::{OrgId, entries};
use carewire_hl7_v2::fhir::{MapOptions, Mapper};
use carewire_hl7_v2::{Message, ParseOptions};

use crate::messages::{Entry, Event, Said, name};

/// The `n`th message, in some minute of an hour: several share one.
pub(crate) fn said(event: &Event, minute: usize, n: usize) -> Said {
    let time = format!("2026030108{:02}00+0000", 30 + minute);
    let (kind, segments) = match event {
        Event::Visit { trigger, patient, wording } => {
            (format!("ADT^{trigger}^ADT_A01"), visit(trigger, *patient, *wording, &time))
        }
        Event::Order { order, status, wording } => {
            ("ORM^O01^ORM_O01".to_owned(), request(*order, status, *wording, &time))
        }
        Event::Results { order, status, wording } => {
            ("ORU^R01^ORU_R01".to_owned(), results(*order, status, *wording, &time))
        }
        Event::Merge { from, into } => ("ADT^A40^ADT_A39".to_owned(), merge(*from, *into, &time)),
    };
    let text = format!("MSH|^~\\&|ADT|GEN|||{time}||{kind}|{n}|P|2.5.1\r{segments}");
    mapped(&text)
}

fn visit(trigger: &str, patient: usize, wording: usize, time: &str) -> String {
    let patient = name(patient);
    let person = match wording {
        0 => "A^Ada||19700101|F|||||^PRN^PH^^^555^1234",
        1 => "B^Bea|||F||2106-3|1 Main St^^Town||\"\"",
        _ => "B^Bea||\"\"|M|||||||||||||||||||||N",
    };
    let discharge = if trigger == "A03" { "202603040800+0000" } else { "" };
    let class = if wording == 1 { "E" } else { "I" };
    format!(
        "EVN||{time}\rPID|1||{patient}^^^GEN^MR||{person}\r\
         PV1|1|{class}|ICU^2^1||||7^Doc^Jo^^^^^^GEN||||||||||||{patient}V^^^GEN^VN{}20260301080000+0000|{discharge}\r",
        "|".repeat(25)
    )
}

fn request(order: usize, status: &str, wording: usize, time: &str) -> String {
    let order = name(order);
    let (control, state) = if status == "revoked" { ("OC", "CA") } else { ("NW", "IP") };
    let note = if wording == 1 { "NTE|1||fasting\r" } else { "" };
    format!(
        "PID|1||{order}^^^GEN^MR\rORC|{control}|{order}P^GEN|||{state}||||{time}\r\
         OBR|1|{order}P^GEN||24323-8^Panel^LN\r{note}"
    )
}

fn results(order: usize, status: &str, wording: usize, time: &str) -> String {
    let order = name(order);
    let code = match status {
        "preliminary" => "P",
        "final" => "F",
        "corrected" => "C",
        _ => "X",
    };
    let result = |number: usize| {
        let (kind, value) = match wording {
            0 => ("ST", "negative||||"),
            1 => ("NM", "0.50|g/dL^g/dL^UCUM||H|"),
            _ => ("ST", "||||"),
        };
        format!("OBX|{number}|{kind}|T{number}^Test {number}^L||{value}||{code}\r")
    };
    let results: String = (1..3).filter(|number| wording != 3 || *number == 2).map(result).collect();
    format!(
        "PID|1||{order}^^^GEN^MR\rORC|RE|{order}P^GEN|{order}F^LAB\r\
         OBR|1|{order}P^GEN|{order}F^LAB|24323-8^Panel^LN|||20260301080000+0000{}{time}|||{code}\r{results}",
        "|".repeat(15)
    )
}

fn merge(from: usize, into: usize, time: &str) -> String {
    format!("EVN||{time}\rPID|1||{}^^^GEN^MR\rMRG|{}^^^GEN^MR\r", name(into), name(from))
}

fn mapped(text: &str) -> Said {
    let message = Message::parse(text.as_bytes(), &ParseOptions::default()).unwrap();
    let options = MapOptions::new(OrgId::new("org").unwrap()).with_changes(true);
    let (bundle, report) = Mapper::new(options).map(&message).unwrap();
    let entry = |(entry, change): (carewire_fhir_core::Entry<'_>, _)| {
        let identity = entry.request_url.filter(|url| url.contains('?'));
        Entry {
            full_url: entry.full_url.unwrap().to_owned(),
            identity: identity.unwrap().to_owned(),
            resource: Resource::from_value(entry.resource.unwrap().clone()).unwrap(),
            change,
        }
    };
    entries(&bundle).zip(report.changes).map(entry).collect()
}
