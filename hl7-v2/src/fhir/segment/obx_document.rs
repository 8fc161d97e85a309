//! OBX of a document: its contents.

use crate::fhir::context::{Context, Draft};
use crate::fhir::datatype::{ED_DOCUMENT_REFERENCE, RP_DOCUMENT_REFERENCE, ed};
use crate::fhir::node::{Node, Seg};
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Own, Table, Via, row};
use crate::fhir::tree::{Object, Val};

/// `OBX[DocumentReference]`. The guide has `text/hl7v2` and `application/text` as media types of texts, which are none;
/// and it leaves out `attachment` in their targets.
pub(crate) static OBX_DOCUMENT_REFERENCE: Table = Table::new(
    "OBX[DocumentReference]",
    "OBX",
    "DocumentReference",
    &[
        row(5, "content", Via::Own(&Own { name: "ED[Attachment]", apply: data }))
            .and(&[2])
            .when("OBX-2 is ED", |s| s.text(2) == Some("ED")),
        row(5, "content", Via::Own(&Own { name: "RP[Attachment]", apply: pointer }))
            .and(&[2])
            .when("OBX-2 is RP", |s| s.text(2) == Some("RP")),
        row(5, "content", Via::Own(&Own { name: "TX[Attachment]", apply: line }))
            .and(&[2, 3])
            .when("OBX-2 is TX, FT, ST or not valued", is_text),
        row(5, "content", Via::Own(&Own { name: "by OBX-2", apply: unread }))
            .and(&[2])
            .when("OBX-2 is another type", |s| !is_text(s) && !matches!(s.text(2), Some("ED" | "RP"))),
    ],
);

/// Adds the contents that these OBX have: lines of text that belong together (those of one OBX-3) are one.
pub(crate) fn contents<'a>(
    obx: impl IntoIterator<Item = Seg<'a>>,
    draft: &mut Draft<'a>,
    c: &mut Context<'a>,
) {
    let mut of = None;
    for obx in obx {
        if !is_text(&obx) || of != obx.text(3) {
            close(&mut draft.body, c);
        }
        of = obx.text(3);
        OBX_DOCUMENT_REFERENCE.apply(draft, &obx, c);
    }
    close(&mut draft.body, c);
}

fn is_text(obx: &Seg<'_>) -> bool {
    matches!(obx.text(2), None | Some("TX" | "FT" | "ST"))
}

fn data<'a>(document: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let content = ED_DOCUMENT_REFERENCE.read(node, c)?;
    content.into_iter().for_each(|content| document.push(c.arena, "content", content));
    Ok(())
}

fn pointer<'a>(document: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let content = RP_DOCUMENT_REFERENCE.read(node, c)?;
    content.into_iter().for_each(|content| document.push(c.arena, "content", content));
    Ok(())
}

fn unread<'a>(_: &mut Object<'a>, _: &Node<'a>, _: &mut Context<'a>) -> Outcome {
    Err(Reason::UnknownValueType)
}

/// Adds a line to the text that is open: one whose data is still a list of lines.
fn line<'a>(document: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Some(text) = node.whole() else { return Ok(()) };
    if let Some(Val::List(lines)) = last_data(document) {
        lines.push(Val::Text(text));
        return Ok(());
    }
    let attachment = c.object().with("contentType", ed::PLAIN_TEXT).with("data", c.arena.only(text));
    document.push(c.arena, "content", ed::content(attachment, c));
    Ok(())
}

/// Makes the lines of the text that is open its data.
fn close<'a>(document: &mut Object<'a>, c: &Context<'a>) {
    let Some(data) = last_data(document) else { return };
    if let Val::List(lines) = data {
        let lines: Vec<&str> = lines.iter().filter_map(Val::as_str).collect();
        *data = Val::Text(ed::base64(lines.join("\n").as_bytes(), c));
    }
}

fn last_data<'o, 'a>(document: &'o mut Object<'a>) -> Option<&'o mut Val<'a>> {
    let attachment = document.last_mut("content")?.as_object_mut()?.get_mut("attachment")?;
    attachment.as_object_mut()?.get_mut("data")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::MapOptions;
    use crate::fhir::entries::Key;
    use crate::fhir::testing::{mapped_by, of_type, reported};

    fn options() -> MapOptions {
        MapOptions::new(carewire_fhir_core::OrgId::new("org").unwrap())
    }

    #[test]
    fn lines_of_a_text_are_one_content() {
        let obx = [
            "OBX|1|TX|a^Text||one||||||F",
            "OBX|2|TX|a^Text||two~three||||||F",
            "OBX|3|ED|b^PDF||^application^pdf^Base64^aGk=||||||F",
            "OBX|4|RP|c^Link||https://h.example/1^^image^png||||||F",
            "OBX|5|FT|a^Text||four||||||F",
            "OBX|6|TX|d^Text||five||||||F",
            "OBX|7|NM|e^Number||1||||||F",
        ];
        let got = mapped_by("MDM^T02", &obx, &options(), |segments, c| {
            let mut draft = c.draft();
            draft.body.set("status", "current");
            contents(segments[2..].iter().copied(), &mut draft, c);
            c.add("DocumentReference", draft, Key::Derived(&["d"]), None);
        });
        let document = of_type(&got, "DocumentReference").concat();
        let text = |data: &str| {
            format!(r#"{{"attachment":{{"contentType":"text/plain;charset=utf-8","data":"{data}"}}}}"#)
        };
        let expected = format!(
            r#""content":[{},{{"attachment":{{"contentType":"application/pdf","data":"aGk="}}}},{{"attachment":{{"contentType":"image/png","url":"https://h.example/1"}}}},{},{}]"#,
            text("b25lCnR3bwp0aHJlZQ=="),
            text("Zm91cg=="),
            text("Zml2ZQ==")
        );
        assert!(document.contains(&expected), "{document}");
        assert!(reported(&got).iter().any(|issue| issue.contains("value type without a map")));
    }
}
