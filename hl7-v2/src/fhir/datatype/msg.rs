//! MSG, the type of a message, and PT, what it is processed for.

use super::cwe::{as_code, coding};
use crate::fhir::code::{CodeMap, PROCESSING_ID, PROCESSING_MODE, v2_system};
use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::report::Reason;
use crate::fhir::row::{CodedType, Datatype, Own, Via};
use crate::fhir::tree::{Object, Val};

/// `MSG[Coding]`: the event, and all of the type as text.
pub(crate) const MSG_CODING: Via = Via::Type(&Datatype {
    name: "MSG[Coding]",
    fhir: "Coding",
    read: |n, c| Ok(event(n, c).map(Val::Object)),
});

/// `MSG[MessageHeader]`: the event.
pub(crate) const MSG_MESSAGE_HEADER: Via = Via::Own(&Own {
    name: "MSG[MessageHeader]",
    apply: |header, n, c| {
        header.put("eventCoding", event(n, c));
        Ok(())
    },
});

/// `MSG[code]`: what a map says of the event.
pub(crate) static MSG_CODE: CodedType = CodedType {
    name: "MSG[code]",
    fhir: "code",
    read: |n, codes, _| {
        let mapped = n.get(2).and_then(|code| (codes.find)(code));
        Ok(mapped.map(|concept| Val::Text(concept.code)))
    },
};

/// `PT[Meta]`: tags in `meta`.
pub(crate) const PT_META: Via = Via::Own(&Own {
    name: "PT[Meta]",
    apply: |resource, n, c| {
        let tags = [tag(n, 1, &PROCESSING_ID, c), tag(n, 2, &PROCESSING_MODE, c)];
        if tags.iter().all(Option::is_none) {
            return Ok(());
        }
        if !resource.has("meta") {
            resource.set("meta", c.object());
        }
        if let Some(meta) = resource.get_mut("meta").and_then(Val::as_object_mut) {
            tags.into_iter().flatten().for_each(|tag| meta.push(c.arena, "tag", tag));
        }
        Ok(())
    },
});

fn event<'a>(msg: &Node<'a>, c: &Context<'a>) -> Option<Object<'a>> {
    let mut coding = c.object();
    if let Some(code) = msg.get(2).and_then(as_code) {
        coding.put("system", v2_system("0003"));
        coding.set("code", code);
    }
    let mut parts = [1, 2, 3].into_iter().filter_map(|part| msg.get(part));
    let first = parts.next()?;
    let all = parts.fold(first, |all, part| c.arena.format(format_args!("{all}^{part}")));
    Some(coding.with("display", all))
}

/// A code as a tag: as its map has it, else as it came, of the same table.
fn tag<'a>(pt: &Node<'a>, part: u16, codes: &CodeMap, c: &mut Context<'a>) -> Option<Object<'a>> {
    let code = pt.get(part).and_then(as_code)?;
    if let Some(mapped) = (codes.find)(code) {
        return Some(coding(mapped, c));
    }
    c.report(pt, Reason::UnknownCode(codes.table));
    let mut tag = c.object();
    tag.put("system", v2_system(codes.table));
    Some(tag.with("code", code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{json, read, with_field};

    #[test]
    fn an_event_is_a_code_and_the_whole_type_its_text() {
        let event = r#"{"system":"http://terminology.hl7.org/CodeSystem/v2-0003","code":"A01","display":"ADT^A01^ADT_A01"}"#;
        assert_eq!(read("ADT^A01^ADT_A01", MSG_CODING).0, event);
        assert_eq!(read("ACK", MSG_CODING).0, r#"{"display":"ACK"}"#);
    }

    #[test]
    fn what_it_is_processed_for_is_a_tag() {
        let tags = with_field("P^A", |n, c| {
            let Via::Own(own) = PT_META else { panic!("a function of its own") };
            let mut header = c.object();
            (own.apply)(&mut header, n, c).unwrap();
            json(Ok(header.remove("meta")))
        });
        assert!(tags.contains(r#"v2-0103","code":"P""#) && tags.contains(r#"v2-0207","code":"A""#), "{tags}");
    }
}
