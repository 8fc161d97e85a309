//! SPS, the source of a specimen.

use super::cwe;
use crate::fhir::code::{ADDITIVE_PRESERVATIVE, BODY_SITE, CodeMap, SPECIMEN_CONDITION, SPECIMEN_TYPE};
use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Own, Via};
use crate::fhir::tree::Object;

/// `SPS[Specimen-Source]`
pub(crate) const SPS_SPECIMEN_SOURCE: Via = Via::Own(&Own { name: "SPS[Specimen-Source]", apply: source });

fn source<'a>(specimen: &mut Object<'a>, sps: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    if specimen.has("type") {
        return Err(Reason::OnlyOneFits);
    }
    specimen.put("type", coded(sps, 1, &SPECIMEN_TYPE, c));
    if let Some(additive) = coded(sps, 2, &ADDITIVE_PRESERVATIVE, c) {
        specimen.push(c.arena, "container", c.object().with("additiveCodeableConcept", additive));
    }
    if let Some(text) = sps.part(3).and_then(|text| text.whole()) {
        specimen.push(c.arena, "note", c.object().with("text", text));
    }
    if let Some(site) = coded(sps, 4, &BODY_SITE, c)
        && let Some(collection) = specimen.within("collection", c.arena)
    {
        collection.set("bodySite", site);
    }
    if let Some(condition) = coded(sps, 6, &SPECIMEN_CONDITION, c) {
        specimen.push(c.arena, "condition", condition);
    }
    Ok(())
}

fn coded<'a>(sps: &Node<'a>, part: u16, codes: &'static CodeMap, c: &mut Context<'a>) -> Option<Object<'a>> {
    cwe::concept_by(&sps.valued_part(part)?, codes, c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::with_field;
    use crate::fhir::write;

    #[test]
    fn a_source_has_a_type_a_site_and_words() {
        let got = with_field("BLD&Blood^EDTA^from the left^LA&left arm", |n, c| {
            let mut specimen = c.object();
            source(&mut specimen, n, c).unwrap();
            let mut text = String::new();
            write::value(&specimen.into(), &mut text);
            text
        });
        for part in [
            r#""type":{"coding":[{"#,
            r#""code":"BLD""#,
            r#""container":[{"additiveCodeableConcept":{"#,
            r#""note":[{"text":"from the left"}]"#,
            r#""collection":{"bodySite":{"#,
        ] {
            assert!(got.contains(part), "{part}: {got}");
        }
    }
}
