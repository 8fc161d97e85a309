//! TXA, and the OBX behind it: a document.

use carewire_fhir_core::resources::{
    DocumentContent, DocumentContext, DocumentReference, DocumentReferenceStatus,
};
use carewire_fhir_core::types::{Attachment, Identifier};

use crate::Segment;
use crate::fhir::context::{Anchor, Context, Draft, Key, own_key};
use crate::fhir::datatype::cwe::{code_by, cwe_in, id};
use crate::fhir::datatype::ei::{ei, filler, placer};
use crate::fhir::datatype::{dtm, ed, xcn};
use crate::fhir::node::{Node, field_text, repetitions};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Table, push, row, set, valued};
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
        row(14, "identifier", "EI[Identifier] PLAC", |d, n, c| push(&mut d.identifier, placer(n, c))),
        row(15, "identifier", "EI[Identifier] FILL", |d, n, c| push(&mut d.identifier, filler(n, c))),
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

/// Maps TXA with the OBX that hold the document. It is known by its number.
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
    if document.body.status.is_none() && !valued(txa, 19) {
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
    let key = match own_key(&document.body.identifier) {
        Some(key) => key,
        None => Key::Derived(vec![c.patient_part(), c.bound_to_message(at)]),
    };
    Some(c.add(document, DocumentReference::into_resource, key, at))
}

/// The attachments of the OBX: lines of text that belong together are one.
fn contents(content: &[Segment<'_>], c: &mut Context<'_>) -> Vec<DocumentContent> {
    let mut attachments: Vec<Attachment> = Vec::new();
    let mut text: Option<(String, Vec<String>)> = None;
    for obx in content {
        let kind = field_text(obx, 2).unwrap_or_default();
        [2, 5].iter().for_each(|&field| c.mark_read(obx, field));
        if matches!(kind.as_str(), "ED" | "RP") {
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
        match if kind == "ED" { ed::ed(&node) } else { ed::rp(&node) } {
            Ok(attachment) => found.extend(attachment),
            Err(reason) => c.report(node.at(), reason),
        }
    }
    found
}
