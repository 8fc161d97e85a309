//! NTE: a note on what stands before it.

use crate::fhir::context::{Anchor, Context, Draft};
use crate::fhir::datatype::ed;
use crate::fhir::datatype::{
    DTM_ANNOTATION_TIME, DTM_DATE_TIME, XCN_ANNOTATION_AUTHOR, XCN_PRACTITIONER, cwe,
};
use crate::fhir::node::{Node, Seg};
use crate::fhir::row::{Outcome, Own, Table, Via, row};
use crate::fhir::segment::LeftOut;
use crate::fhir::target::extend;
use crate::fhir::tree::{Object, Val};

/// `NTE[Observation]`
pub(crate) static NTE_OBSERVATION: Table = Table::new(
    "NTE[Observation]",
    "NTE",
    "Observation",
    &[
        row(3, "note.text", LINES),
        row(5, "note.authorReference(Practitioner)", XCN_PRACTITIONER),
        row(6, "note.time", DTM_DATE_TIME),
    ],
);

/// `NTE[ServiceRequest]`
pub(crate) static NTE_SERVICE_REQUEST: Table = Table::new(
    "NTE[ServiceRequest]",
    "NTE",
    "ServiceRequest",
    &[
        row(3, "note.text", LINES),
        row(5, "note.authorReference(Practitioner)", XCN_PRACTITIONER),
        row(6, "note.time", DTM_DATE_TIME),
    ],
);

/// `NTE[DocumentReference]`: a text beside the document. The guide has `text/hl7v2` as its media type, which is none:
/// what is written here is plain.
pub(crate) static NTE_DOCUMENT_REFERENCE: Table = Table::new(
    "NTE[DocumentReference]",
    "NTE",
    "DocumentReference",
    &[
        row(3, "content", Via::Own(&Own { name: "FT[base64Binary]", apply: content })),
        row(9, "content", Via::Own(&Own { name: "CWE[base64Binary]", apply: coded_content })),
    ],
);

/// `NTE[Appointment-Comment]`: one annotation for each NTE. R4 has none in an appointment; that of R5 stands in an
/// extension, and the kind and the codes of the comment are extensions of it.
pub(crate) static NTE_APPOINTMENT_COMMENT: Table = Table::new(
    "NTE[Appointment-Comment]",
    "NTE",
    "Appointment",
    &[
        row(3, NOTE, Via::Own(&Own { name: "FT[Annotation-Comment]", apply: comment })),
        row(4, NOTE, Via::Own(&Own { name: "CWE[CodeableConcept]", apply: comment_type })),
        row(5, NOTE, Via::Own(&Own { name: "XCN[Annotation-Author]", apply: comment_author })),
        row(6, NOTE, Via::Own(&Own { name: "DTM[Annotation-Time]", apply: comment_time })),
        row(9, NOTE, Via::Own(&Own { name: "CWE[CodeableConcept]", apply: comment_code })),
    ],
);

pub(crate) static LEFT_OUT: &[LeftOut] = &[];

const NOTE: &str = "extension(http://hl7.org/fhir/5.0/StructureDefinition/extension-Appointment.note)";
const NOTE_URL: &str = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Appointment.note";

/// The repetitions of NTE-3 are the lines of one text.
const LINES: Via = Via::Own(&Own { name: "FT[markdown]", apply: lines });

/// Adds the notes to an observation.
pub(crate) fn on_observation<'a>(notes: &[Seg<'a>], draft: &mut Draft<'a>, c: &mut Context<'a>) {
    with_text(notes).for_each(|nte| NTE_OBSERVATION.apply(draft, nte, c));
    leave_text(draft);
}

/// Adds the notes to a request.
pub(crate) fn on_request<'a>(notes: &[Seg<'a>], draft: &mut Draft<'a>, c: &mut Context<'a>) {
    with_text(notes).for_each(|nte| NTE_SERVICE_REQUEST.apply(draft, nte, c));
    leave_text(draft);
}

/// Adds the notes to a document.
pub(crate) fn on_document<'a>(notes: &[Seg<'a>], on: Anchor<'a>, c: &mut Context<'a>) {
    notes.iter().for_each(|nte| c.apply_to(on, &NTE_DOCUMENT_REFERENCE, nte));
}

/// Adds the notes to an appointment.
pub(crate) fn on_appointment<'a>(notes: &[Seg<'a>], draft: &mut Draft<'a>, c: &mut Context<'a>) {
    with_text(notes).for_each(|nte| NTE_APPOINTMENT_COMMENT.apply(draft, nte, c));
}

/// An annotation without a text is none.
fn with_text<'n, 'a>(notes: &'n [Seg<'a>]) -> impl Iterator<Item = &'n Seg<'a>> {
    notes.iter().filter(|nte| nte.values(3).any(|node| node.whole().is_some()))
}

/// A second author or time of a note, which would be a note without a text, is left out.
fn leave_text(draft: &mut Draft<'_>) {
    if let Some(Val::List(notes)) = draft.body.get_mut("note") {
        notes.retain(|note| note.as_object().is_some_and(|note| note.has("text")));
    }
}

fn is_first(node: &Node<'_>, field: u16) -> bool {
    node.seg().values(field).next().is_some_and(|first| first.at() == node.at())
}

/// All repetitions of NTE-3.
fn joined<'a>(nte: &Seg<'a>, c: &Context<'a>) -> Option<&'a str> {
    let mut lines = nte.values(3).filter_map(|node| node.whole());
    let first = lines.next()?;
    let rest: Vec<&str> = lines.collect();
    if rest.is_empty() {
        return Some(first);
    }
    Some(c.arena.format(format_args!("{first}\n{}", rest.join("\n"))))
}

fn lines<'a>(object: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if is_first(node, 3)
        && let Some(text) = joined(node.seg(), c)
    {
        object.push(c.arena, "note", c.object().with("text", text));
    }
    Ok(())
}

fn content<'a>(document: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if is_first(node, 3)
        && let Some(text) = joined(node.seg(), c)
    {
        document.push(c.arena, "content", ed::content(ed::plain(text, c), c));
    }
    Ok(())
}

/// The words, and on the line below them code, text and system.
fn coded_content<'a>(document: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let coded: Vec<&str> = [1, 2, 3].into_iter().filter_map(|part| node.get(part)).collect();
    let lines = [node.get(9).unwrap_or_default().to_owned(), coded.join("-")];
    let said: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
    if !said.is_empty() {
        document.push(c.arena, "content", ed::content(ed::plain(&said.join("\n"), c), c));
    }
    Ok(())
}

/// The annotation of the NTE at hand: the last one.
fn annotation<'o, 'a>(appointment: &'o mut Object<'a>) -> Option<&'o mut Object<'a>> {
    let note = appointment.last_mut("extension")?.as_object_mut()?;
    (note.str("url") == Some(NOTE_URL)).then_some(())?;
    note.get_mut("valueAnnotation")?.as_object_mut()
}

fn comment<'a>(appointment: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if is_first(node, 3)
        && let Some(text) = joined(node.seg(), c)
    {
        extend(appointment, NOTE_URL, "valueAnnotation", c.object().with("text", text), c.arena);
    }
    Ok(())
}

fn comment_type<'a>(appointment: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    add_concept(appointment, "annotationType", node, c)
}

fn comment_code<'a>(appointment: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    add_concept(appointment, "alternate-codes", node, c)
}

fn add_concept<'a>(
    appointment: &mut Object<'a>,
    name: &'static str,
    node: &Node<'a>,
    c: &mut Context<'a>,
) -> Outcome {
    let concept = cwe::concept(node, c);
    if let (Some(annotation), Some(concept)) = (annotation(appointment), concept) {
        extend(annotation, name, "valueCodeableConcept", concept, c.arena);
    }
    Ok(())
}

fn comment_author<'a>(appointment: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    put(appointment, "authorReference", XCN_ANNOTATION_AUTHOR.read(node, c)?);
    Ok(())
}

fn comment_time<'a>(appointment: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    put(appointment, "time", DTM_ANNOTATION_TIME.read(node, c)?);
    Ok(())
}

/// The first is kept.
fn put<'a>(appointment: &mut Object<'a>, name: &'static str, value: Option<Val<'a>>) {
    if let Some(annotation) = annotation(appointment).filter(|annotation| !annotation.has(name)) {
        annotation.put(name, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::MapOptions;
    use crate::fhir::entries::Key;
    use crate::fhir::testing::{mapped_by, of_type, only, orders};

    fn options() -> MapOptions {
        MapOptions::new(carewire_fhir_core::OrgId::new("org").unwrap())
    }

    #[test]
    fn notes_are_on_what_they_follow() {
        let (resources, _) = orders(&[
            "ORC|RE|P1^OE",
            "OBR|1|P1^OE|F1^LAB|100^Panel^L",
            "NTE|1||on the order",
            "OBX|1|NM|1^One^L||1||||||F",
            "NTE|1||one~two||5^Doc^Dora|20240305",
            "NTE|2||more",
            "NTE|3|||||20240305",
        ]);
        assert!(only(&resources, "ServiceRequest").contains(r#""note":[{"text":"on the order"}]"#));
        let observation = only(&resources, "Observation");
        assert!(
            observation.contains(r#""note":[{"text":"one\ntwo","authorReference":{"reference":"urn:uuid:"#),
            "{observation}"
        );
        assert!(observation.contains(r#""time":"2024-03-05"},{"text":"more"}]"#), "{observation}");
    }

    #[test]
    fn a_note_on_a_document_is_a_text_beside_it() {
        let got =
            mapped_by("MDM^T02", &["NTE|1||one~two||||||C1^Code^L^^^^^^words"], &options(), |segments, c| {
                let mut draft = c.draft();
                draft.body.set("status", "current");
                let document = c.add("DocumentReference", draft, Key::Derived(&["d"]), None);
                on_document(&segments[2..], document, c);
            });
        let document = of_type(&got, "DocumentReference").concat();
        let content = |data: &str| {
            format!(r#"{{"attachment":{{"contentType":"text/plain;charset=utf-8","data":"{data}"}}}}"#)
        };
        // `one`, `two` on a line of its own; `words`, and `C1-Code-L` on a line of its own.
        let expected =
            format!(r#""content":[{},{}]"#, content("b25lCnR3bw=="), content("d29yZHMKQzEtQ29kZS1M"));
        assert!(document.contains(&expected), "{document}");
    }

    #[test]
    fn a_note_on_an_appointment_is_an_annotation() {
        let nte = ["NTE|1||one~two|PI^Instruction^HL70364|5^Doc^Dora|20240305|||C1^Code^L", "NTE|2||more"];
        let got = mapped_by("SIU^S12", &nte, &options(), |segments, c| {
            let mut draft = c.draft();
            let mut patient = c.object().with("status", "accepted");
            patient.put("actor", c.subject());
            draft.body.set("status", "proposed");
            draft.body.push(c.arena, "participant", patient);
            on_appointment(&segments[2..], &mut draft, c);
            c.add("Appointment", draft, Key::Derived(&["a"]), None);
        });
        let appointment = of_type(&got, "Appointment").concat();
        assert_eq!(appointment.matches("extension-Appointment.note").count(), 2, "{appointment}");
        for part in [
            r#""valueAnnotation":{"text":"one\ntwo","#,
            "annotationType",
            r#""authorReference":{"reference":"urn:uuid:"#,
            r#""time":"2024-03-05""#,
            "alternate-codes",
            r#""valueAnnotation":{"text":"more"}"#,
        ] {
            assert!(appointment.contains(part), "{part}: {appointment}");
        }
    }
}
