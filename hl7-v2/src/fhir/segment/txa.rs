//! TXA, and the OBX behind it: a document.

use carewire_fhir_core::resources::{
    DocumentContent, DocumentContext, DocumentReference, DocumentReferenceStatus, DocumentRelatesTo,
    DocumentRelationship,
};
use carewire_fhir_core::types::{Attachment, Identifier};

use crate::Segment;
use crate::fhir::context::{Anchor, Context, Draft, Key, own_key};
use crate::fhir::datatype::cwe::{code_by, cwe_in, id};
use crate::fhir::datatype::ei::{ei, elsewhere, filler, placer};
use crate::fhir::datatype::{dtm, ed, xcn};
use crate::fhir::node::{Node, field_text, repetitions};
use crate::fhir::report::Reason;
use crate::fhir::row::{Found, Outcome, Table, push, row, set};
use crate::fhir::table::{document_availability, document_completion, presentation};

/// `TXA[DocumentReference]`
pub(crate) static TXA_DOCUMENT: Table<DocumentReference> = Table {
    segment: "TXA",
    resource: "DocumentReference",
    rows: &[
        row(2, "type", "CWE[CodeableConcept]", |d, n, c| set(&mut d.r#type, cwe_in(n, "0270", c))),
        row(3, "content.attachment.contentType", "ID[code]", presented),
        row(6, "date", "DTM[instant]", |d, n, c| set(&mut d.date, dtm::instant(n, c))),
        row(9, "author(Practitioner)", "XCN[Practitioner]", |d, n, c| push(&mut d.author, xcn::xcn(n, c))),
        row(10, "authenticator(Practitioner)", "XCN[Practitioner]", |d, n, c| {
            set(&mut d.authenticator, xcn::xcn(n, c))
        }),
        row(12, "masterIdentifier", "EI[Identifier]", |d, n, c| {
            let number = ei(n, "document", c)?;
            d.identifier.extend(number.clone());
            set(&mut d.master_identifier, Ok(number))
        }),
        row(13, "relatesTo", "EI[Identifier]", parent),
        row(14, "context.related", "EI[Identifier] PLAC", |d, n, c| order(d, placer(n, c))),
        row(15, "context.related", "EI[Identifier] FILL", |d, n, c| order(d, filler(n, c))),
        row(16, "identifier", "ST[Identifier]", |d, n, _| {
            let name = n.whole().map(|value| Identifier { value: Some(value), ..Identifier::default() });
            push(&mut d.identifier, Ok(name))
        }),
        row(17, "docStatus", "ID[code]", |d, n, _| {
            let Some(code) = n.text() else { return Ok(()) };
            set(&mut d.doc_status, document_completion(&code).map(Some).ok_or(Reason::UnknownCode("0271")))
        }),
        row(18, "securityLabel", "ID[CodeableConcept]", |d, n, _| push(&mut d.security_label, id(n, "0272"))),
        row(19, "status", "ID[code]", |d, n, _| {
            code_by((&mut d.status, &mut d.status_element), n, "0273", document_availability)
        }),
        row(25, "description", "ST[string]", |d, n, _| set(&mut d.description, Ok(n.whole()))),
    ],
};

/// Maps TXA with the OBX that hold the document. It is known by its number. The guide's status where TXA-19 is silent
/// is `current`; of a document that is cancelled (T11) that would be wrong.
pub(crate) fn map(
    txa: &Segment<'_>,
    content: &[Segment<'_>],
    orders: &[Anchor],
    c: &mut Context<'_>,
) -> Option<Anchor> {
    let at = txa.location()?;
    let context = DocumentContext {
        encounter: c.visit().into_iter().collect(),
        related: orders.iter().map(Anchor::reference).collect(),
        ..DocumentContext::default()
    };
    let mut document = Draft::new(DocumentReference {
        subject: c.subject(),
        context: Some(context).filter(|context| *context != DocumentContext::default()),
        ..DocumentReference::default()
    });
    TXA_DOCUMENT.apply(&mut document, txa, c);
    if c.event == "T11" {
        document.body.status = Some(DocumentReferenceStatus::EnteredInError);
    } else if document.body.status.is_none() && document.body.status_element.0.is_empty() {
        document.body.status = Some(DocumentReferenceStatus::Current);
    }
    let found = contents(content, c);
    if !found.is_empty() {
        document.body.content = found;
    }
    if document.body.content.is_empty() {
        c.report(at, Reason::Missing("DocumentReference.content"));
        return None;
    }
    let key = match own_key(document.body.master_identifier.as_slice()) {
        Some(key) => key,
        None => Key::Derived(vec![c.patient_part(), c.bound_to_message(at)]),
    };
    Some(c.add(document, DocumentReference::into_resource, key, at))
}

/// The document that this one adds to (T05, T06) or takes the place of (T09, T10).
fn parent(document: &mut DocumentReference, node: &Node<'_>, c: &mut Context<'_>) -> Outcome {
    let code = match c.event.as_str() {
        "T05" | "T06" => DocumentRelationship::Appends,
        "T09" | "T10" => DocumentRelationship::Replaces,
        _ => return Ok(()),
    };
    let target = ei(node, "document", c)?.map(|number| elsewhere("DocumentReference", number));
    document.relates_to.extend(target.map(|target| DocumentRelatesTo {
        code: Some(code),
        target: Some(target),
        ..DocumentRelatesTo::default()
    }));
    Ok(())
}

/// The order of the document by its number, where no ORC describes it.
fn order(document: &mut DocumentReference, number: Found<Identifier>) -> Outcome {
    let context = document.context.get_or_insert_with(DocumentContext::default);
    if context.related.iter().all(|related| related.reference.is_none()) {
        context.related.extend(number?.map(|number| elsewhere("ServiceRequest", number)));
    }
    Ok(())
}

/// The attachments of the OBX: lines of text that belong together are one.
fn contents(content: &[Segment<'_>], c: &mut Context<'_>) -> Vec<DocumentContent> {
    let mut attachments: Vec<Attachment> = Vec::new();
    let mut text: Option<(String, Vec<String>)> = None;
    for obx in content {
        let kind = field_text(obx, 2).unwrap_or_default();
        [2, 5].iter().for_each(|&field| c.mark_read(obx, field));
        if !matches!(kind.as_str(), "TX" | "FT" | "ST" | "") {
            attachments.extend(flush(&mut text));
            attachments.extend(attached(obx, &kind, c));
            continue;
        }
        let of = field_text(obx, 3).unwrap_or_default();
        if text.as_ref().is_some_and(|(known, _)| *known != of) {
            attachments.extend(flush(&mut text));
        }
        let lines = repetitions(obx, 5).filter_map(|node| node.whole());
        text.get_or_insert_with(|| (of, Vec::new())).1.extend(lines);
    }
    attachments.extend(flush(&mut text));
    let content = |attachment| DocumentContent { attachment: Some(attachment), ..DocumentContent::default() };
    attachments.into_iter().map(content).collect()
}

/// Without a content, what is known of it: its media type. The content itself, where there is one, knows better.
fn presented(document: &mut DocumentReference, node: &Node<'_>, _: &mut Context<'_>) -> Outcome {
    let Some(kind) = node.text() else { return Ok(()) };
    let kind = presentation(&kind).ok_or(Reason::UnknownCode("0191"))?;
    let attachment = Attachment { content_type: Some(kind.to_owned()), ..Attachment::default() };
    document.content.push(DocumentContent { attachment: Some(attachment), ..DocumentContent::default() });
    Ok(())
}

fn flush(text: &mut Option<(String, Vec<String>)>) -> Option<Attachment> {
    let (_, lines) = text.take()?;
    (!lines.is_empty()).then(|| ed::plain(&lines.join("\n")))
}

fn attached(obx: &Segment<'_>, kind: &str, c: &mut Context<'_>) -> Vec<Attachment> {
    let mut found = Vec::new();
    for node in repetitions(obx, 5) {
        let attachment = match kind {
            "ED" => ed::ed(&node),
            "RP" => ed::rp(&node),
            _ => Err(Reason::UnknownValueType),
        };
        match attachment {
            Ok(attachment) => found.extend(attachment),
            Err(reason) => c.report(node.at(), reason),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{mapped, of_type, reported};

    fn document(event: &str, segments: &[&str]) -> String {
        of_type(&mapped(event, segments), "DocumentReference").concat()
    }

    #[test]
    fn lines_of_a_text_are_one_content() {
        let got = document(
            "MDM^T02",
            &[
                "TXA|1|DS|TX||||20240305||5^Author|6^Signer||D1^SYS||||file.txt|AU|R|AV||||||Title",
                "OBX|1|TX|a^Text||one||||||F",
                "OBX|2|TX|a^Text||two~three||||||F",
                "OBX|3|ED|b^PDF||^application^pdf^Base64^aGk=||||||F",
            ],
        );
        for part in [
            r#""masterIdentifier":{"system":"urn:carewire:authority:org:SYS","value":"D1"}"#,
            r#""status":"current","docStatus":"final""#,
            r#"v2-0270","code":"DS""#,
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
        let got = document("MDM^T01", &["TXA|1|DS|TX|||||||||D1"]);
        assert!(got.contains(r#""content":[{"attachment":{"contentType":"text/plain"}}]"#), "{got}");
        let none = mapped("MDM^T02", &["TXA|1|DS||||||||||D1", "OBX|1|HD|u^Study||1.2.3||||||F"]);
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
        let of =
            |event: &str, code: &str| document(event, &[&format!("TXA|1|DS|TX|||||||||D1|||||||{code}")]);
        assert!(of("MDM^T01", "").contains(r#""status":"current""#));
        assert!(of("MDM^T11", "").contains(r#""status":"entered-in-error""#));
        let obsolete = of("MDM^T01", "OB");
        assert!(!obsolete.contains(r#""status":"#) && obsolete.contains(r#""code":"OB""#), "{obsolete}");
    }

    #[test]
    fn the_number_of_an_order_is_not_that_of_the_document() {
        let got = mapped("MDM^T02", &["TXA|1|DS|TX|||||||||||O1|O2", "OBX|1|TX|a||x||||||F"]);
        let body = of_type(&got, "DocumentReference").concat();
        assert!(body.contains(r#""related":[{"type":"ServiceRequest","identifier""#), "{body}");
        assert_eq!(reported(&got), ["TXA[1]: no lasting identity: bound to this message"]);
        let described = document("MDM^T02", &["ORC|NW|O1", "OBR|1|O1||X^Echo", "TXA|1|DS|TX|||||||||D1||O1"]);
        assert!(described.contains(r#""related":[{"reference":"urn:uuid:"#), "{described}");
        assert!(!described.contains(r#""type":"ServiceRequest""#), "{described}");
    }

    #[test]
    fn an_addendum_names_what_it_adds_to() {
        let of = |event: &str| document(event, &["TXA|1|DS|TX|||||||||D2|D1"]);
        assert!(of("MDM^T05").contains(r#""code":"appends","target":{"type":"DocumentReference""#));
        assert!(of("MDM^T10").contains(r#""code":"replaces""#));
        assert!(!of("MDM^T01").contains("relatesTo"));
    }
}
