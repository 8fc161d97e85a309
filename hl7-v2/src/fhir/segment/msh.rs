//! MSH, MSA and SFT: the message itself, in Bundles that say where they came from.

use crate::fhir::code::{
    CONFIDENTIALITY_CLASSIFICATION, COUNTRY_CODE, PRINCIPAL_LANGUAGE_OF_MESSAGE,
    SECURITY_LABEL_HANDLING_INSTRUCTIONS,
};
use crate::fhir::context::{Anchor, Context};
use crate::fhir::datatype::{
    CWE_CODING, DTM_DATE_TIME, DTM_INSTANT, FT_ANNOTATION_COMMENT, HD_DEVICE,
    HD_MESSAGE_HEADER_DESTINATION_ENDPOINT, HD_MESSAGE_HEADER_DESTINATION_NAME,
    HD_MESSAGE_HEADER_SOURCE_ENDPOINT, HD_MESSAGE_HEADER_SOURCE_NAME, HD_ORGANIZATION, MSG_CODING, PT_META,
    ST_STRING, XON_ORGANIZATION, XON_STRING, cwe, hd,
};
use crate::fhir::entries::Key;
use crate::fhir::node::{Node, Seg};
use crate::fhir::report::Reason;
use crate::fhir::row::{CodedType, Datatype, Found, Outcome, Own, Table, Via, row};
use crate::fhir::segment::{LeftOut, left};
use crate::fhir::target::extend;
use crate::fhir::tree::{Object, Val};

/// `MSH[Bundle]`: what a message Bundle carries of the message.
pub(crate) static MSH_BUNDLE: Table = Table::new(
    "MSH[Bundle]",
    "MSH",
    "Bundle",
    &[
        row(7, "timestamp", DTM_INSTANT),
        row(10, "identifier.system", Via::Own(&Own { name: "control-id", apply: control_id })),
        row(10, "identifier.value", ST_STRING),
    ],
);

/// `MSH[MessageHeader]`
pub(crate) static MSH_MESSAGE_HEADER: Table = Table::new(
    "MSH[MessageHeader]",
    "MSH",
    "MessageHeader",
    &[
        row(3, "source", HD_MESSAGE_HEADER_SOURCE_NAME),
        row(3, "source.endpoint", HD_MESSAGE_HEADER_SOURCE_ENDPOINT)
            .when("MSH-24 is not valued", |s| !s.valued(24)),
        row(4, "sender(Organization)", HD_ORGANIZATION),
        row(5, "destination.target(Device)", HD_DEVICE),
        row(5, "destination.name", HD_MESSAGE_HEADER_DESTINATION_NAME)
            .when("MSH-25 is valued", |s| s.valued(25)),
        row(5, "destination.endpoint", HD_MESSAGE_HEADER_DESTINATION_ENDPOINT)
            .when("MSH-25 is not valued", |s| !s.valued(25)),
        row(6, "destination.receiver(Organization)", HD_ORGANIZATION)
            .when("MSH-23 is not valued", |s| !s.valued(23)),
        row(8, "meta.security", Via::Type(&Datatype { name: "ST[Coding]", fhir: "Coding", read: label })),
        row(9, "eventCoding", MSG_CODING),
        row(11, "meta", PT_META),
        row(17, "sender", Via::Own(&Own { name: "ID[string] CountryCode", apply: country })),
        row(19, "language", LANGUAGE.of(&PRINCIPAL_LANGUAGE_OF_MESSAGE)),
        row(22, "responsible(Organization)", XON_ORGANIZATION),
        row(23, "destination.receiver(Organization)", XON_ORGANIZATION),
        row(24, "source", HD_MESSAGE_HEADER_SOURCE_ENDPOINT),
        row(25, "destination", HD_MESSAGE_HEADER_DESTINATION_ENDPOINT),
        row(26, "meta.security", CWE_CODING.of(&CONFIDENTIALITY_CLASSIFICATION)),
        row(27, "meta.security", CWE_CODING.of(&SECURITY_LABEL_HANDLING_INSTRUCTIONS)),
    ],
);

/// `MSA[MessageHeader]`: what the message answers.
pub(crate) static MSA_MESSAGE_HEADER: Table = Table::new(
    "MSA[MessageHeader]",
    "MSA",
    "MessageHeader",
    &[
        row(1, "response.code", Via::Type(&Datatype { name: "ID[code]", fhir: "code", read: answer })),
        row(2, "response.identifier", Via::Type(&Datatype { name: "ST[id]", fhir: "id", read: answered })),
    ],
);

/// `SFT[MessageHeader]`: the software that sends.
pub(crate) static SFT_MESSAGE_HEADER: Table = Table::new(
    "SFT[MessageHeader]",
    "SFT",
    "MessageHeader",
    &[row(2, "source.version", ST_STRING), row(3, "source.software", ST_STRING)],
);

/// `SFT[Device]`
pub(crate) static SFT_DEVICE: Table = Table::new(
    "SFT[Device]",
    "SFT",
    "Device",
    &[
        row(1, "manufacturer", XON_STRING),
        row(2, "version.value", ST_STRING),
        row(3, "deviceName", Via::Own(&Own { name: "ST[string]", apply: device_name })),
        row(4, "modelNumber", ST_STRING),
        row(5, "note.text", FT_ANNOTATION_COMMENT),
        row(6, "version", Via::Own(&Own { name: "DTM[dateTime]", apply: installed }))
            .when("SFT-2 is valued", |s| s.valued(2)),
    ],
);

pub(crate) static LEFT_OUT: &[LeftOut] = &[
    left("MSH[Bundle] MSH type", "the kind of the Bundle is an option of the map"),
    left("SFT[Device] SFT type", "the guide has no code for software yet"),
];

/// What a message Bundle carries of the message: its identifier and time.
pub(crate) fn bundle<'a>(msh: &Seg<'a>, c: &mut Context<'a>) -> Object<'a> {
    let mut draft = c.draft();
    MSH_BUNDLE.apply(&mut draft, msh, c);
    draft.body
}

/// Adds the header of a message Bundle; when all else is in the Bundle, since its focus is what the message is about.
pub(crate) fn header<'a>(
    msh: &Seg<'a>,
    msa: Option<&Seg<'a>>,
    software: &[Seg<'a>],
    c: &mut Context<'a>,
) -> Anchor<'a> {
    let mut header = c.draft();
    MSH_MESSAGE_HEADER.apply(&mut header, msh, c);
    // The first SFT is of the sender, and knows its software better than the name of the application.
    if let Some(sft) = software.first() {
        if let Some(source) =
            header.body.get_mut("source").and_then(Val::as_object_mut).filter(|_| sft.valued(3))
        {
            source.remove("software");
        }
        SFT_MESSAGE_HEADER.apply(&mut header, sft, c);
    }
    if let Some(msa) = msa {
        MSA_MESSAGE_HEADER.apply(&mut header, msa, c);
        respond(&mut header.body, msa, c);
    }
    state_endpoints(&mut header.body, c);
    for url in focus(c) {
        header.body.push(c.arena, "focus", c.object().with("reference", url));
    }
    let key = Key::Derived(&[c.bound_to_message(msh)]);
    c.add("MessageHeader", header, key, msh.at())
}

/// Adds the software of an SFT as a Device, known by its vendor, name and version.
pub(crate) fn software<'a>(sft: &Seg<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let mut draft = c.draft();
    SFT_DEVICE.apply(&mut draft, sft, c);
    if draft.body.is_empty() {
        return None;
    }
    let [vendor, version, name, binary] = [1, 2, 3, 4].map(|field| sft.text(field).unwrap_or_default());
    let key = Key::Derived(&[hd::system(None, c), "software", vendor, name, version, binary]);
    Some(c.add("Device", draft, key, sft.at()))
}

fn device_name<'a>(device: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if let Some(name) = node.text() {
        let name = c.object().with("name", name).with("type", "manufacturer-name");
        device.push(c.arena, "deviceName", name);
    }
    Ok(())
}

/// When the version was installed: an element of R5.
fn installed<'a>(device: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Device.version.installDate";
    let Some(time) = DTM_DATE_TIME.read(node, c)? else { return Ok(()) };
    match device.last_mut("version").and_then(Val::as_object_mut) {
        Some(version) if !version.has("extension") => {
            extend(version, url, "valueDateTime", time, c.arena);
            Ok(())
        }
        _ => Err(Reason::OnlyOneFits),
    }
}

/// The entries that the message is about; it speaks of the others only to describe these.
pub(crate) fn focus<'a>(c: &Context<'a>) -> Vec<&'a str> {
    let is_about_others = |resource_type: &str| {
        matches!(
            resource_type,
            "Organization"
                | "Practitioner"
                | "PractitionerRole"
                | "Location"
                | "Device"
                | "Provenance"
                | "Binary"
        )
    };
    let entries = c.entries.iter().filter(|entry| !is_about_others(entry.resource_type));
    entries.map(|entry| entry.full_url).collect()
}

/// The system of control ids is the sender's.
pub(crate) fn control_id_system<'a>(c: &Context<'a>) -> &'a str {
    c.arena.format(format_args!("{}:control-id", hd::system(None, c)))
}

fn control_id<'a>(bundle: &mut Object<'a>, _: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    bundle.set("identifier", c.object().with("system", control_id_system(c)));
    Ok(())
}

/// The first parts of MSH-9, joined.
pub(crate) fn whole_type<'a>(msg: &Node<'a>, parts: u16, c: &Context<'a>) -> Option<&'a str> {
    let parts: Vec<&str> = (1..=parts).filter_map(|part| msg.get(part)).collect();
    (!parts.is_empty()).then(|| c.arena.text(&parts.join("^")))
}

/// MSH-8 is a text that only its sender understands.
fn label<'a>(security: &Node<'a>, c: &mut Context<'a>) -> Found<Val<'a>> {
    Ok(security.whole().map(|text| c.object().with("display", text).into()))
}

/// `CWE[code]` of a tag of BCP 47, in which capitals and small letters are the same.
static LANGUAGE: CodedType = CodedType {
    name: "CWE[code]",
    fhir: "code",
    read: |n, codes, _| {
        let Some(tag) = cwe::code(n) else { return Ok(None) };
        let in_other_letters =
            || (codes.codes)().into_iter().find(|(code, _)| code.eq_ignore_ascii_case(tag))?.1;
        let known = (codes.find)(tag).or_else(in_other_letters).ok_or(Reason::UnknownCode(codes.table))?;
        Ok(Some(Val::Text(known.code)))
    },
};

/// MSH-17, the country of the sender, in the address of MSH-4.
fn country<'a>(header: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let (Some(sender), Some(code)) = (header.get("sender").and_then(Val::as_object), node.text()) else {
        return Ok(());
    };
    let country = (COUNTRY_CODE.find)(code).map_or(code, |country| country.code);
    let is_sender = |url: &str| sender.str("reference") == Some(url);
    let position = c.entries.iter().position(|entry| is_sender(entry.full_url));
    if let Some(position) = position {
        let address = c.arena.only(c.object().with("country", country));
        c.entries.edit(position, |organization| {
            if !organization.has("address") {
                organization.set("address", address);
            }
        });
    }
    Ok(())
}

/// MSA-1. What is refused for its content fails again; what is rejected otherwise may be sent again later.
fn answer<'a>(node: &Node<'a>, _: &mut Context<'a>) -> Found<Val<'a>> {
    Ok(match node.text() {
        None => None,
        Some("AA" | "CA") => Some(Val::Text("ok")),
        Some("AE" | "CE") => Some(Val::Text("fatal-error")),
        Some("AR" | "CR") => Some(Val::Text("transient-error")),
        Some(_) => return Err(Reason::UnknownCode("0008")),
    })
}

/// MSA-2, where FHIR can hold it: letters, digits, hyphens and dots.
fn answered<'a>(node: &Node<'a>, _: &mut Context<'a>) -> Found<Val<'a>> {
    let is_id = |text: &&str| {
        text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.'))
    };
    match node.text() {
        Some(text) if !is_id(&text) => Err(Reason::NotACode),
        text => Ok(text.map(Val::Text)),
    }
}

/// FHIR demands both of a response.
fn respond<'a>(header: &mut Object<'a>, msa: &Seg<'a>, c: &mut Context<'a>) {
    let Some(response) = header.get("response").and_then(Val::as_object) else { return };
    let missing =
        [("code", "MessageHeader.response.code"), ("identifier", "MessageHeader.response.identifier")];
    if let Some((_, missing)) = missing.into_iter().find(|(name, _)| !response.has(name)) {
        header.remove("response");
        c.report_at(msa.at(), Reason::Missing(missing));
    }
}

/// FHIR demands the addresses of source and destinations; the message often does not say them.
fn state_endpoints<'a>(header: &mut Object<'a>, c: &Context<'a>) {
    if !header.has("source") {
        header.set("source", c.object());
    }
    let mut ends: Vec<&mut Object<'a>> = Vec::new();
    let state = |end: &mut Object<'a>| {
        if !end.has("endpoint") && !end.has("_endpoint") {
            let mut unknown = c.object();
            extend(&mut unknown, "data-absent-reason", "valueCode", "unknown", c.arena);
            end.set("_endpoint", unknown);
        }
    };
    ends.extend(header.get_mut("source").and_then(Val::as_object_mut));
    ends.into_iter().for_each(state);
    if let Some(Val::List(destinations)) = header.get_mut("destination") {
        destinations.iter_mut().filter_map(Val::as_object_mut).for_each(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{mapped_by, of_type, options, reported};

    fn headed(segments: &[&str]) -> (String, Vec<String>, Vec<String>) {
        let got = mapped_by("ADT^A08^ADT_A01", segments, &options(), |segments, c| {
            // A header of the test's own stands behind that of the message.
            let msh = segments.iter().rfind(|seg| seg.is("MSH")).unwrap();
            let software: Vec<Seg<'_>> = segments.iter().filter(|seg| seg.is("SFT")).copied().collect();
            header(msh, segments.iter().find(|seg| seg.is("MSA")), &software, c);
            software.iter().for_each(|sft| {
                super::software(sft, c);
            });
        });
        (of_type(&got, "MessageHeader").concat(), of_type(&got, "Organization"), reported(&got))
    }

    #[test]
    fn a_header_names_event_source_destination_and_focus() {
        let (header, _, issues) = headed(&[]);
        for part in [
            r#""eventCoding":{"system":"http://terminology.hl7.org/CodeSystem/v2-0003","code":"A08","display":"ADT^A08^ADT_A01"}"#,
            r#""source":{"name":"APP","_endpoint":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}}"#,
            r#""focus":[{"reference":"urn:uuid:"#,
            r#""tag":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0103","code":"P""#,
        ] {
            assert!(header.contains(part), "{part} in {header}");
        }
        assert_eq!(issues, ["MSH[1]: no lasting identity: bound to this message"]);
    }

    /// The header of a message whose MSH is this.
    fn header_of(msh: &str, others: &[&str]) -> (String, Vec<String>, Vec<String>) {
        headed(&[&[msh], others].concat())
    }

    #[test]
    fn a_language_is_a_tag_whatever_the_case_of_its_letters() {
        let told = |language: &str| {
            let msh = "MSH|^~\\&|APP|FAC|TO|THERE|20240305100000+0100||ADT^A08|1|P|2.5|||||DEU||";
            let (header, _, issues) = header_of(&format!("{msh}{language}"), &[]);
            (header, issues.iter().any(|issue| issue.contains("MSH[2]-19")))
        };
        for (language, tag) in [("en", "en"), ("EN^^^EN-US", "en"), ("^^^EN-us", "en-US")] {
            let (header, is_reported) = told(language);
            assert!(header.contains(&format!(r#""language":"{tag}""#)) && !is_reported, "{header}");
        }
        let (header, is_reported) = told("ENG");
        assert!(!header.contains(r#""language":""#) && is_reported, "a code of another standard: {header}");
    }

    #[test]
    fn an_address_stands_for_the_name_where_there_is_one() {
        let msh = "MSH|^~\\&|APP^1.2.3^ISO|FAC|TO|THERE~ELSEWHERE|20240305100000+0100||ADT^A08|1|P|2.5|||||DEU||en|||Home^^7||NET^host.example^DNS";
        let (header, organizations, _) = header_of(msh, &[]);
        for part in [
            r#""endpoint":"urn:dns:host.example""#,
            r#""destination":[{"target":{"reference""#,
            r#""responsible":{"reference""#,
            r#""language":"en""#,
        ] {
            assert!(header.contains(part), "{part} in {header}");
        }
        assert_eq!(header.matches(r#""receiver""#).count(), 2, "{header}");
        assert_eq!(header.matches("_endpoint").count(), 2, "both destinations: {header}");
        assert!(organizations.concat().contains(r#""address":[{"country":"DE"#), "{organizations:?}");
    }

    #[test]
    fn an_answer_names_what_it_answers_if_fhir_can_hold_it() {
        let (header, ..) = headed(&["MSA|AE|M-1"]);
        assert!(header.contains(r#""response":{"code":"fatal-error","identifier":"M-1"}"#), "{header}");
        let (none, _, issues) = headed(&["MSA|AA|M 1"]);
        assert!(!none.contains("response"), "{none}");
        let missing = "MSA[1]: resource left out: no value for `MessageHeader.response.identifier`";
        assert!(issues.contains(&missing.to_owned()), "{issues:?}");
    }

    #[test]
    fn the_software_of_the_sender_is_that_of_the_first_sft() {
        let (header, ..) = headed(&["SFT|Vendor|1.2|Product|B||20240101", "SFT|Other|3|Router|C"]);
        assert!(header.contains(r#""version":"1.2","software":"Product""#), "{header}");
    }

    #[test]
    fn a_message_bundle_has_the_control_id_and_the_time() {
        let got = mapped_by("ADT^A08", &[], &options(), |segments, c| {
            let members = bundle(&segments[0], c);
            assert_eq!(members.str("timestamp"), Some("2024-03-05T10:00:00+01:00"));
            let identifier = members.get("identifier").and_then(Val::as_object).unwrap();
            assert_eq!(identifier.str("value"), Some("1"));
            assert!(identifier.str("system").unwrap().ends_with(":FAC:control-id"));
        });
        assert!(reported(&got).is_empty());
    }
}
