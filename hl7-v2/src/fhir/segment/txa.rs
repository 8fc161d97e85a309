//! TXA, and the OBX behind it: a document.

use crate::fhir::code::media_type::presentation;
use crate::fhir::code::{
    DOCUMENT_AVAILABILITY_STATUS, DOCUMENT_COMPLETION_STATUS, DOCUMENT_CONFIDENTIALITY_STATUS, v2_system,
};
use crate::fhir::context::{Anchor, Context};
use crate::fhir::datatype::{ID_CODE, ID_CODED, XCN_PRACTITIONER, cwe, dtm, ei};
use crate::fhir::entries::Key;
use crate::fhir::node::{Node, Seg};
use crate::fhir::report::Reason;
use crate::fhir::row::{Datatype, Found, Outcome, Own, Table, Via, row};
use crate::fhir::segment::{LeftOut, left, obx_document};
use crate::fhir::tree::{Object, Val};

/// `TXA[DocumentReference]`
pub(crate) static TXA_DOCUMENT_REFERENCE: Table = Table::new(
    "TXA[DocumentReference]",
    "TXA",
    "DocumentReference",
    &[
        row(
            2,
            "type",
            Via::Type(&Datatype { name: "CWE[CodeableConcept]", fhir: "CodeableConcept", read: kind }),
        ),
        row(
            3,
            "content.attachment.contentType",
            Via::Type(&Datatype { name: "ID[code]", fhir: "code", read: presented }),
        ),
        row(6, "date", Via::Own(&Own { name: "DTM[instant]", apply: date })),
        row(9, "author(Practitioner)", XCN_PRACTITIONER),
        row(10, "authenticator(Practitioner)", XCN_PRACTITIONER),
        row(12, "masterIdentifier", Via::Own(&Own { name: "EI[Identifier-Organization]", apply: number })),
        row(13, "relatesTo", Via::Own(&Own { name: "EI[Identifier-Extension]", apply: parent })),
        row(
            14,
            "context.related",
            Via::Own(&Own { name: "EI[Identifier-Extension] PLAC", apply: |d, n, c| order(d, n, "PLAC", c) }),
        ),
        row(
            15,
            "context.related",
            Via::Own(&Own { name: "EI[Identifier-Extension] FILL", apply: |d, n, c| order(d, n, "FILL", c) }),
        ),
        row(
            16,
            "identifier",
            Via::Type(&Datatype { name: "ST[Identifier]", fhir: "Identifier", read: file_name }),
        ),
        row(17, "docStatus", Via::Own(&Own { name: "ID[code]", apply: completion })),
        row(18, "securityLabel", ID_CODED.of(&DOCUMENT_CONFIDENTIALITY_STATUS)),
        row(19, "status", ID_CODE.of(&DOCUMENT_AVAILABILITY_STATUS)),
        row(25, "description", Via::Type(&Datatype { name: "ST[string]", fhir: "string", read: whole })),
    ],
);

pub(crate) static LEFT_OUT: &[LeftOut] = &[
    left(
        "TXA[DocumentReference] TXA status",
        "made beside the rows, since nothing is in TXA-19 then: current; of a document that is cancelled that would be wrong",
    ),
    left(
        "TXA[DocumentReference] TXA-6 extension[1].url",
        "an extension of R6 for dates that are no moments; R4 has no place for them",
    ),
    left(
        "TXA[DocumentReference] TXA-6 extension[1].valueDate",
        "an extension of R6 for dates that are no moments; R4 has no place for them",
    ),
];

/// Adds the document of TXA with the OBX that hold it. It is known by its number. The guide's status where TXA-19 is
/// silent is `current`; of a document that is cancelled (T11) that would be wrong.
pub(crate) fn document<'a>(
    txa: &Seg<'a>,
    content: &[Seg<'a>],
    orders: &[Anchor<'a>],
    c: &mut Context<'a>,
) -> Option<Anchor<'a>> {
    let mut document = c.draft();
    let mut context = c.object();
    if let Some(visit) = c.visit() {
        context.push(c.arena, "encounter", visit);
    }
    for order in orders {
        context.push(c.arena, "related", order.reference(c.arena));
    }
    document.body.put("subject", c.subject());
    document.body.put("context", Some(context).filter(|context| !context.is_empty()));
    TXA_DOCUMENT_REFERENCE.apply(&mut document, txa, c);
    if c.event == "T11" {
        document.body.set("status", "entered-in-error");
    } else if !document.body.has("status") && !document.body.has("_status") {
        document.body.set("status", "current");
    }
    let told = document.body.remove("content");
    obx_document::contents(content.iter().copied(), &mut document, c);
    if !document.body.has("content") {
        document.body.put("content", told);
    }
    if !document.body.has("content") {
        c.report_at(txa.at(), Reason::Missing("DocumentReference.content"));
        return None;
    }
    let number = document.body.get("masterIdentifier").and_then(Val::as_object);
    let number = number.and_then(|number| Some((number.str("system")?, number.str("value")?)));
    Some(match number {
        Some((system, value)) => c.add("DocumentReference", document, Key::Given(system, value), txa.at()),
        None => {
            let parts = [c.patient_part(), c.bound_to_message(txa)];
            c.add("DocumentReference", document, Key::Derived(&parts), txa.at())
        }
    })
}

/// TXA-2, a code of table 0270 where it names no other.
fn kind<'a>(node: &Node<'a>, c: &mut Context<'a>) -> Found<Val<'a>> {
    let Some(mut kind) = cwe::concept(node, c) else { return Ok(None) };
    let first = match kind.get_mut("coding") {
        Some(Val::List(codings)) if node.get(1).is_some() => codings.first_mut(),
        _ => None,
    };
    if let Some(coding) = first.and_then(Val::as_object_mut).filter(|coding| !coding.has("system")) {
        coding.put("system", v2_system("0270"));
    }
    Ok(Some(kind.into()))
}

/// The number of the document is among its identifiers too: R4 finds no `masterIdentifier` in the search for those.
fn number<'a>(document: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Some(number) = ei::assigned(node, "document", c) else { return Ok(()) };
    if document.has("masterIdentifier") {
        return Err(Reason::OnlyOneFits);
    }
    document.set("masterIdentifier", number.clone());
    document.push(c.arena, "identifier", number);
    Ok(())
}

/// A moment is the date of the reference; a day has no place in R4.
fn date<'a>(document: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    document.put("date", dtm::instant(node, c)?);
    Ok(())
}

/// The document that this one adds to (T05, T06) or takes the place of (T09, T10).
fn parent<'a>(document: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let code = match c.event {
        "T05" | "T06" => "appends",
        "T09" | "T10" => "replaces",
        _ => return Ok(()),
    };
    if let Some(number) = ei::assigned(node, "document", c) {
        let target = ei::elsewhere("DocumentReference", number, c);
        document.push(c.arena, "relatesTo", c.object().with("code", code).with("target", target));
    }
    Ok(())
}

/// The order of the document by its number, where no ORC describes it.
fn order<'a>(document: &mut Object<'a>, node: &Node<'a>, kind: &'static str, c: &mut Context<'a>) -> Outcome {
    let Some(number) = ei::typed(node, kind, kind, c) else { return Ok(()) };
    let Some(context) = document.within("context", c.arena) else { return Ok(()) };
    let is_entry = |order: &Val<'a>| order.as_object().is_some_and(|order| order.has("reference"));
    if !context.items("related").iter().any(is_entry) {
        context.push(c.arena, "related", ei::elsewhere("ServiceRequest", number, c));
    }
    Ok(())
}

fn file_name<'a>(node: &Node<'a>, c: &mut Context<'a>) -> Found<Val<'a>> {
    Ok(node.whole().map(|name| c.object().with("value", name).into()))
}

/// TXA-17. The element has no place for a code of another table beside it that a reader would look for.
fn completion<'a>(document: &mut Object<'a>, node: &Node<'a>, _: &mut Context<'a>) -> Outcome {
    let Some(code) = node.text() else { return Ok(()) };
    let status = (DOCUMENT_COMPLETION_STATUS.find)(code).ok_or(Reason::UnknownCode("0271"))?;
    document.set("docStatus", status.code);
    Ok(())
}

/// Without a content, what is known of it: its media type. The content itself, where there is one, knows better.
fn presented<'a>(node: &Node<'a>, _: &mut Context<'a>) -> Found<Val<'a>> {
    let Some(kind) = node.text() else { return Ok(None) };
    presentation(kind).map(|kind| Some(Val::Text(kind))).ok_or(Reason::UnknownCode("0191"))
}

fn whole<'a>(node: &Node<'a>, _: &mut Context<'a>) -> Found<Val<'a>> {
    Ok(node.whole().map(Val::Text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{Mapped, mapped_by, of_type, options, reported};

    fn documented(event: &str, segments: &[&str]) -> Mapped {
        mapped_by(event, segments, &options(), |segments, c| {
            let content: Vec<Seg<'_>> = segments.iter().filter(|seg| seg.is("OBX")).copied().collect();
            let txa = segments.iter().find(|seg| seg.is("TXA")).unwrap();
            document(txa, &content, &[], c);
        })
    }

    fn of(event: &str, segments: &[&str]) -> String {
        of_type(&documented(event, segments), "DocumentReference").concat()
    }

    #[test]
    fn lines_of_a_text_are_one_content() {
        let got = of(
            "MDM^T02",
            &[
                "TXA|1|DS|TX||||20240305||5^Author|6^Signer||D1^SYS||||file.txt|AU|R|AV||||||Title",
                "OBX|1|TX|a^Text||one||||||F",
                "OBX|2|TX|a^Text||two~three||||||F",
                "OBX|3|ED|b^PDF||^application^pdf^Base64^aGk=||||||F",
            ],
        );
        for part in [
            r#""masterIdentifier":{"system":"urn:carewire:authority:org:SYS","value":"D1""#,
            r#""docStatus":"final""#,
            r#""status":"current""#,
            r#""type":{"coding":[{"code":"DS","system":"http://terminology.hl7.org/CodeSystem/v2-0270"}]}"#,
            r#""description":"Title""#,
            r#"v2-0272","code":"R""#,
            r#"[{"attachment":{"contentType":"text/plain;charset=utf-8","data":"b25lCnR3bwp0aHJlZQ=="}},{"attachment":{"contentType":"application/pdf","data":"aGk="}}]"#,
        ] {
            assert!(got.contains(part), "{part} in {got}");
        }
        assert!(!got.contains("\"date\""), "a day is no moment: {got}");
    }

    #[test]
    fn a_document_without_content_is_what_is_known_of_it_or_nothing() {
        let got = of("MDM^T01", &["TXA|1|DS|TX|||||||||D1"]);
        assert!(got.contains(r#""content":[{"attachment":{"contentType":"text/plain"}}]"#), "{got}");
        let none = documented("MDM^T02", &["TXA|1|DS||||||||||D1", "OBX|1|HD|u^Study||1.2.3||||||F"]);
        assert!(of_type(&none, "DocumentReference").is_empty());
        assert_eq!(
            reported(&none),
            [
                "OBX[1]-5[1]: value type without a map",
                "TXA[1]: resource left out: no value for `DocumentReference.content`",
            ]
        );
    }

    #[test]
    fn the_status_says_what_is_known() {
        let of = |event: &str, code: &str| of(event, &[&format!("TXA|1|DS|TX|||||||||D1|||||||{code}")]);
        assert!(of("MDM^T01", "").contains(r#""status":"current""#));
        assert!(of("MDM^T11", "").contains(r#""status":"entered-in-error""#));
        let obsolete = of("MDM^T01", "OB");
        assert!(!obsolete.contains(r#""status":"#) && obsolete.contains(r#""code":"OB""#), "{obsolete}");
    }

    #[test]
    fn the_number_of_an_order_is_not_that_of_the_document() {
        let got = documented("MDM^T02", &["TXA|1|DS|TX|||||||||||O1|O2", "OBX|1|TX|a||x||||||F"]);
        let body = of_type(&got, "DocumentReference").concat();
        assert!(body.contains(r#""related":[{"type":"ServiceRequest","identifier""#), "{body}");
        assert_eq!(reported(&got), ["TXA[1]: no lasting identity: bound to this message"]);
    }

    #[test]
    fn an_order_that_is_described_is_not_named_as_well() {
        let got = mapped_by("MDM^T02", &["TXA|1|DS|TX|||||||||D1||O1"], &options(), |segments, c| {
            let order = c.patient.unwrap();
            document(&segments[2], &[], &[order], c);
        });
        let body = of_type(&got, "DocumentReference").concat();
        assert!(body.contains(r#""related":[{"reference":"urn:uuid:"#), "{body}");
        assert!(!body.contains(r#""type":"ServiceRequest""#), "{body}");
    }

    #[test]
    fn an_addendum_names_what_it_adds_to() {
        let of = |event: &str| of(event, &["TXA|1|DS|TX|||||||||D2|D1"]);
        assert!(of("MDM^T05").contains(r#""code":"appends","target":{"type":"DocumentReference""#));
        assert!(of("MDM^T10").contains(r#""code":"replaces""#));
        assert!(!of("MDM^T01").contains("relatesTo"));
    }
}
