//! Provenance: where a message, and what it says, came from.
//!
//! A Provenance has no identifier, so a transaction cannot look for it: see [`Unnumbered`](crate::fhir::Unnumbered).

use super::msh::{focus, software, whole_type};
use super::raw;
use crate::fhir::context::{Anchor, Context, Draft};
use crate::fhir::datatype::{
    DTM_DATE_TIME, DTM_INSTANT, HD_IDENTIFIER, HD_ORGANIZATION, ST_CODEABLE_CONCEPT, XCN_PRACTITIONER,
    XON_ORGANIZATION, dtm,
};
use crate::fhir::entries::Key;
use crate::fhir::node::{Node, Seg};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Own, Table, Via, always, row};
use crate::fhir::segment::{LeftOut, left};
use crate::fhir::target::extend;
use crate::fhir::tree::{Object, Val};

const PARTICIPANT: &str = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";

/// `MSH[Provenance-Source]`: who sent the message.
pub(crate) static MSH_PROVENANCE_SOURCE: Table = Table::new(
    "MSH[Provenance-Source]",
    "MSH",
    "Provenance",
    &[
        row(3, "entity", Via::Own(&Own { name: "HD[Identifier] source", apply: application }))
            .when("MSH-24 is valued", |s| s.valued(24)),
        row(
            4,
            "agent",
            Via::Own(&Own {
                name: "HD[Organization] author",
                apply: |p, n, c| author(p, n, &HD_ORGANIZATION, c),
            }),
        )
        .when("MSH-22 is not valued", |s| !s.valued(22)),
        row(7, "recorded", DTM_INSTANT),
        row(7, "occurredDateTime", DTM_DATE_TIME),
        row(9, "activity.coding", Via::Own(&Own { name: "message", apply: message_type })),
        row(
            22,
            "agent",
            Via::Own(&Own {
                name: "XON[Organization] author",
                apply: |p, n, c| author(p, n, &XON_ORGANIZATION, c),
            }),
        ),
    ],
);

/// `MSH[Provenance-Transformation]`: that the message was mapped, and by whom.
pub(crate) static MSH_PROVENANCE_TRANSFORMATION: Table = Table::new(
    "MSH[Provenance-Transformation]",
    "MSH",
    "Provenance",
    &[
        always("activity.coding+.code", Via::Fixed("v2-fhir-transformation")),
        always(
            "activity.coding.system",
            Via::Fixed("http://hl7.org/fhir/uv/v2mappings/CodeSystem/provenance-activity-type-v2-to-fhir"),
        ),
        always("agent+.type", Via::FixedConcept(PARTICIPANT, "assembler")),
        // A name, since nothing numbers the converter.
        always("agent.who.display", Via::Fixed(env!("CARGO_PKG_NAME"))),
    ],
);

/// `MSH[Provenance-Operator]`: who stands for the operator that EVN does not name.
pub(crate) static MSH_PROVENANCE_OPERATOR: Table = Table::new(
    "MSH[Provenance-Operator]",
    "MSH",
    "Provenance",
    &[
        row(4, "agent+.who(Organization)", HD_ORGANIZATION).when("MSH-22 is not valued", |s| !s.valued(22)),
        // The guide reads MSH-22 as an HD here; it is an XON.
        row(22, "agent+.who(Organization)", XON_ORGANIZATION),
    ],
);

/// `SCH[Provenance]`: who entered an appointment.
pub(crate) static SCH_PROVENANCE: Table = Table::new(
    "SCH[Provenance]",
    "SCH",
    "Provenance",
    &[row(
        20,
        "agent",
        Via::Own(&Own { name: "XCN[Practitioner] enterer", apply: |p, n, c| person(p, n, "enterer", c) }),
    )],
);

/// `TXA[Provenance]`: who edited a document, when and why. The guide names no fields.
pub(crate) static TXA_PROVENANCE: Table = Table::new(
    "TXA[Provenance]",
    "TXA",
    "Provenance",
    &[
        row(8, "recorded", Via::Own(&Own { name: "DTM[instant]", apply: last_edit })),
        // The guide has the code of a recipient for the originator too.
        row(
            9,
            "agent",
            Via::Own(&Own { name: "XCN[Practitioner] AUT", apply: |p, n, c| participant(p, n, "AUT", c) }),
        ),
        row(21, "reason", ST_CODEABLE_CONCEPT),
        row(
            23,
            "agent",
            Via::Own(&Own { name: "XCN[Practitioner] IRCP", apply: |p, n, c| participant(p, n, "IRCP", c) }),
        ),
    ],
);

const RAW: &str = "no row: made when the options ask for the raw message";
const NO_CLOCK: &str = "the map has no clock: the time of the message stands there";
const NO_NUMBER: &str = "the guide names no field here; the row of the field that it describes sets this";

pub(crate) static LEFT_OUT: &[LeftOut] = &[
    left(
        "MSH[Provenance-Source] MSH entity[1].what(DocumentReference.content.attachment.url)",
        "the map keeps no store of messages that a URL could lead to",
    ),
    left("MSH[Provenance-Source] MSH entity[1].what(DocumentReference.content.attachment.data)", RAW),
    left("MSH[Provenance-Source] MSH entity[1].what(DocumentReference.status)", RAW),
    left("MSH[Provenance-Source] MSH entity[1].role", RAW),
    left("MSH[Provenance-Source] MSH-7 occurred", "R4 knows it as `occurredDateTime`, which has a row"),
    left("MSH[Provenance-Transformation] MSH recorded", NO_CLOCK),
    left(
        "MSH[Provenance-Transformation] MSH agent[1].who(Organization|Device)",
        "nothing numbers the converter: a row sets `agent.who.display`",
    ),
    left("MSH[Provenance-Transformation] MSH policy", "whoever runs the map knows its policy"),
    left(
        "MSH[Provenance-Transformation] MSH entity[1].what(DocumentReference.content.attachment.url)",
        "the map keeps no store of messages that a URL could lead to",
    ),
    left("MSH[Provenance-Transformation] MSH entity[1].what(DocumentReference.content.attachment.data)", RAW),
    left("MSH[Provenance-Transformation] MSH entity[1].what(DocumentReference.status)", RAW),
    left("MSH[Provenance-Transformation] MSH entity[1].role", RAW),
    left("TXA[Provenance] TXA recorded", NO_NUMBER),
    left("TXA[Provenance] TXA agent[2].role[1].coding[1].code", NO_NUMBER),
    left("TXA[Provenance] TXA agent[2].role[1].coding[1].system", NO_NUMBER),
    left("TXA[Provenance] TXA agent[2].who(Practitioner)", NO_NUMBER),
    left("TXA[Provenance] TXA reason.text", NO_NUMBER),
    left("TXA[Provenance] TXA agent[1].role[1].coding[1].code", NO_NUMBER),
    left("TXA[Provenance] TXA agent[1].role[1].coding[1].system", NO_NUMBER),
    left("TXA[Provenance] TXA agent[1].who(Practitioner)", NO_NUMBER),
];

/// Adds the Provenance of what the whole message says, when the options want it, and the message itself, when they want
/// that; when all else is in the Bundle.
///
/// The guide has one for the source and one for the transformation; both are about the same resources, and they are one
/// here: sent by MSH-4 or MSH-22, and mapped by this converter. [`evn`](super::evn) makes that of the event.
pub(crate) fn of_message<'a>(msh: &Seg<'a>, software: &[Seg<'a>], c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let raw = raw::of_message(msh, c);
    if !c.options.wants_provenance() {
        return None;
    }
    let mut draft = c.draft();
    MSH_PROVENANCE_SOURCE.apply(&mut draft, msh, c);
    MSH_PROVENANCE_TRANSFORMATION.apply(&mut draft, msh, c);
    sources(&mut draft.body, raw, software, c);
    let made = focus(c);
    let targets = made.into_iter().filter(|url| raw.is_none_or(|raw| raw.url != *url)).collect::<Vec<_>>();
    add(draft, &targets, "message", msh, c)
}

/// Adds the Provenance of an appointment, when SCH-20 says who entered it.
pub(crate) fn of_appointment<'a>(
    sch: &Seg<'a>,
    appointment: Anchor<'a>,
    c: &mut Context<'a>,
) -> Option<Anchor<'a>> {
    let draft = made_of(&SCH_PROVENANCE, sch, sch.valued(20), c)?;
    add(draft, &[appointment.url], "appointment", sch, c)
}

/// Adds the Provenance of a document for each time that TXA-8 says it was edited; the last edit is what the document is.
pub(crate) fn of_document<'a>(
    txa: &Seg<'a>,
    document: Anchor<'a>,
    c: &mut Context<'a>,
) -> Option<Anchor<'a>> {
    let mut edits: Vec<&str> = txa.values(8).filter_map(|edit| dtm::instant(&edit, c).ok()?).collect();
    edits.pop();
    for time in edits {
        let mut draft = made_of(&TXA_PROVENANCE, txa, true, c)?;
        draft.body.set("recorded", time);
        add(draft, &[document.url], c.arena.concat(&["document ", time]), txa, c);
    }
    let draft = made_of(&TXA_PROVENANCE, txa, txa.valued(8), c)?;
    add(draft, &[document.url], "document", txa, c)
}

fn made_of<'a>(
    table: &'static Table,
    seg: &Seg<'a>,
    is_told: bool,
    c: &mut Context<'a>,
) -> Option<Draft<'a>> {
    let mut draft = c.draft();
    (is_told && c.options.wants_provenance()).then(|| table.apply(&mut draft, seg, c))?;
    Some(draft)
}

/// Adds a Provenance of these targets. It must have an agent and a time: where its segment tells none, that of the
/// message.
fn add<'a>(
    mut draft: Draft<'a>,
    targets: &[&'a str],
    word: &str,
    seg: &Seg<'a>,
    c: &mut Context<'a>,
) -> Option<Anchor<'a>> {
    let missing = match &draft.body {
        _ if targets.is_empty() => Some("Provenance.target"),
        body if body.items("agent").is_empty() => Some("Provenance.agent"),
        _ => None,
    };
    if let Some(missing) = missing {
        c.report_at(seg.at(), Reason::Missing(missing));
        return None;
    }
    for url in targets {
        draft.body.push(c.arena, "target", c.object().with("reference", *url));
    }
    if !draft.body.has("recorded") {
        let sent = c.header.and_then(|msh| msh.node(7)).and_then(|time| dtm::instant(&time, c).ok()?);
        match sent {
            Some(time) => draft.body.set("recorded", time),
            None => {
                c.report_at(seg.at(), Reason::Unstated("Provenance.recorded"));
                let mut unknown = c.object();
                extend(&mut unknown, "data-absent-reason", "valueCode", "unknown", c.arena);
                draft.body.set("_recorded", unknown);
            }
        }
    }
    let first = targets.first().copied().unwrap_or_default();
    let key = Key::Derived(&[c.bound_to_message(seg), word, first]);
    Some(c.add("Provenance", draft, key, seg.at()))
}

/// Adds an agent of this kind.
fn agent<'a>(provenance: &mut Object<'a>, who: Option<Val<'a>>, kind: &'static str, c: &Context<'a>) {
    let Some(who) = who else { return };
    let coding = c.object().with("system", PARTICIPANT).with("code", kind);
    let kind = c.object().with("coding", c.arena.only(coding));
    provenance.push(c.arena, "agent", c.object().with("type", kind).with("who", who));
}

fn person<'a>(
    provenance: &mut Object<'a>,
    node: &Node<'a>,
    kind: &'static str,
    c: &mut Context<'a>,
) -> Outcome {
    let who = XCN_PRACTITIONER.read(node, c)?;
    agent(provenance, who, kind, c);
    Ok(())
}

fn author<'a>(
    provenance: &mut Object<'a>,
    node: &Node<'a>,
    organization: &Via,
    c: &mut Context<'a>,
) -> Outcome {
    let who = organization.read(node, c)?;
    agent(provenance, who, "author", c);
    Ok(())
}

/// A person in a role of v3's table of participations.
fn participant<'a>(
    provenance: &mut Object<'a>,
    node: &Node<'a>,
    role: &'static str,
    c: &mut Context<'a>,
) -> Outcome {
    let Some(who) = XCN_PRACTITIONER.read(node, c)? else { return Ok(()) };
    let system = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
    let coding = c.object().with("system", system).with("code", role);
    let role = c.object().with("coding", c.arena.only(coding));
    provenance.push(c.arena, "agent", c.object().with("role", c.arena.only(role)).with("who", who));
    Ok(())
}

/// MSH-3, the application that was the source.
fn application<'a>(provenance: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Some(identifier) = HD_IDENTIFIER.read(node, c)? else { return Ok(()) };
    let what = c.object().with("type", "Device").with("identifier", identifier);
    provenance.push(c.arena, "entity", c.object().with("role", "source").with("what", what));
    Ok(())
}

/// The raw message, and the software that it came through: the first SFT is the source, the others changed it.
fn sources<'a>(
    provenance: &mut Object<'a>,
    raw: Option<Anchor<'a>>,
    segments: &[Seg<'a>],
    c: &mut Context<'a>,
) {
    let mut entities: Vec<(&'static str, Anchor<'a>)> = raw.map(|raw| ("source", raw)).into_iter().collect();
    for (index, sft) in segments.iter().enumerate() {
        let role = if index == 0 { "source" } else { "derivation" };
        entities.extend(software(sft, c).map(|device| (role, device)));
    }
    for (role, what) in entities {
        let entity = c.object().with("role", role).with("what", what.reference(c.arena));
        provenance.push(c.arena, "entity", entity);
    }
}

/// The type of the message in words.
fn message_type<'a>(provenance: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Some(kind) = whole_type(node, 3, c) else { return Ok(()) };
    let display = c.arena.format(format_args!("message - {kind}"));
    push_activity(provenance, c.object().with("display", display), c);
    Ok(())
}

fn push_activity<'a>(provenance: &mut Object<'a>, coding: Object<'a>, c: &Context<'a>) {
    if !provenance.has("activity") {
        provenance.set("activity", c.object());
    }
    if let Some(activity) = provenance.get_mut("activity").and_then(Val::as_object_mut) {
        activity.push(c.arena, "coding", coding);
    }
}

/// TXA-8: of several edits, the last; [`of_document`] has the others.
fn last_edit<'a>(provenance: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if let Some(time) = dtm::instant(node, c)? {
        provenance.set("recorded", time);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{mapped_by, of_type, options, reported};
    use crate::fhir::{MapOptions, RawMessage, Unnumbered};

    fn told(segments: &[&str], options: &MapOptions) -> (String, String, Vec<String>) {
        let got = mapped_by("ADT^A08^ADT_A01", segments, options, |segments, c| {
            let named = |name: &str| segments.iter().find(|seg| seg.is(name));
            let software: Vec<Seg<'_>> = segments.iter().filter(|seg| seg.is("SFT")).copied().collect();
            let patient = c.patient.unwrap();
            named("TXA").map(|txa| of_document(txa, patient, c));
            named("SCH").map(|sch| of_appointment(sch, patient, c));
            of_message(&segments[0], &software, c);
        });
        (of_type(&got, "Provenance").concat(), got.bundle.to_json(), reported(&got))
    }

    #[test]
    fn a_transaction_has_none_unless_it_is_asked_for() {
        let (none, ..) = told(&[], &options());
        assert_eq!(none, "");
    }

    #[test]
    fn a_message_was_sent_and_mapped() {
        let (got, bundle, issues) = told(&["SFT|Vendor|1.2|Product|B"], &options().with_provenance(true));
        for part in [
            r#""recorded":"2024-03-05T10:00:00+01:00""#,
            r#""occurredDateTime":"2024-03-05T10:00:00+01:00""#,
            r#"{"display":"message - ADT^A08^ADT_A01"}"#,
            r#""code":"v2-fhir-transformation""#,
            r#""code":"author""#,
            r#""code":"assembler"}]},"who":{"display":"carewire-hl7-v2"}"#,
            r#""entity":[{"role":"source","what":{"reference":"urn:uuid:"#,
            r#""target":[{"reference":"urn:uuid:"#,
        ] {
            assert!(got.contains(part), "{part} in {got}");
        }
        assert!(bundle.contains(r#""request":{"method":"POST","url":"Provenance"}"#), "{bundle}");
        assert_eq!(issues, ["MSH[1]: no lasting identity: bound to this message"]);
    }

    #[test]
    fn what_is_put_at_its_own_id_is_the_same_when_it_comes_again() {
        let options = options().with_provenance(true).with_unnumbered(Unnumbered::AtOwnId);
        let (got, bundle, _) = told(&[], &options);
        let id = got.split(r#""id":""#).nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        assert!(bundle.contains(&format!(r#"{{"method":"PUT","url":"Provenance/{id}"}}"#)), "{bundle}");
        assert_eq!(told(&[], &options).1, bundle);
    }

    #[test]
    fn the_raw_message_comes_along_when_it_is_asked_for() {
        let options = options().with_provenance(true);
        let (got, bundle, _) = told(&[], &options.clone().with_raw(RawMessage::DocumentReference));
        assert!(bundle.contains(r#""contentType":"x-application/hl7-v2+er7","data":"TVNIfF5"#), "{bundle}");
        assert!(bundle.contains(r#":control-id","value":"1"}"#), "{bundle}");
        let [data, hash] = ["data", "hash"].map(|member| {
            let text = bundle.split(&format!(r#""{member}":""#)).nth(1).unwrap().split('"').next().unwrap();
            data_encoding::BASE64.decode(text.as_bytes()).unwrap()
        });
        assert_eq!(hash, <sha1::Sha1 as sha1::Digest>::digest(data).to_vec());
        assert!(got.contains(r#""entity":[{"role":"source","what":{"reference""#), "{got}");
        assert_eq!(got.matches(r#""target":[{"reference":"#).count(), 1, "{got}");
        let (_, binary, _) = told(&[], &options.with_raw(RawMessage::Binary));
        assert!(binary.contains(r#""url":"Binary""#) && binary.contains("securityContext"), "{binary}");
    }

    #[test]
    fn appointments_and_documents_have_their_own() {
        let txa = "TXA|1|DS|TX|||||20240304080000~20240305080000|5^Author||||||||||||Typo||7^Reader";
        let (document, ..) = told(&[txa], &options().with_provenance(true));
        for part in
            [r#""recorded":"2024-03-05T08:00:00+01:00""#, r#""code":"AUT""#, r#""code":"IRCP""#, "Typo"]
        {
            assert!(document.contains(part), "{part} in {document}");
        }
        let edits = |times: &str| {
            let txa = format!("TXA|1|DS|TX|||||{times}|5^Author");
            let (document, ..) = told(&[&txa], &options().with_provenance(true));
            let recorded = document.split(r#""recorded":""#).skip(1);
            recorded.map(|rest| rest.split('T').next().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let of_message = "2024-03-05";
        assert_eq!(
            edits("20240303080000~20240304080000~20240305080000"),
            ["2024-03-03", "2024-03-04", "2024-03-05", of_message]
        );
        assert_eq!(edits("20240304080000~20240304"), ["2024-03-04", of_message], "a day is no moment");
        assert_eq!(edits("20240304"), ["2024-03-05", of_message], "recorded with the message");
        let (appointment, ..) =
            told(&[&format!("SCH{}6^Moe", "|".repeat(20))], &options().with_provenance(true));
        assert!(appointment.contains("enterer"), "{appointment}");
    }
}
