//! AL1: an allergy, in the older form.

use crate::fhir::code::{
    ALLERGEN_TYPE_ALLERGY_INTOLERANCE_CATEGORY, ALLERGEN_TYPE_ALLERGY_INTOLERANCE_ORIGINAL_CATEGORY,
    ALLERGY_SEVERITY_ALLERGY_INTOLERANCE_CRITICALITY,
    ALLERGY_SEVERITY_ALLERGY_INTOLERANCE_CRITICALITY_ORIGINAL, ALLERGY_TYPE, CodeMap,
};
use crate::fhir::context::{Anchor, Context, Draft};
use crate::fhir::datatype::cwe::{self, original_code};
use crate::fhir::datatype::{CWE_CODEABLE_CONCEPT, DTM_DATE_TIME};
use crate::fhir::entries::Key;
use crate::fhir::node::{Node, Seg};
use crate::fhir::report::Reason;
use crate::fhir::row::{Datatype, Outcome, Own, Table, Via, always, row};
use crate::fhir::segment::{LeftOut, left};
use crate::fhir::tree::{Object, Val};

/// `AL1[AllergyIntolerance]`
pub(crate) static AL1_ALLERGY: Table = Table::new(
    "AL1[AllergyIntolerance]",
    "AL1",
    "AllergyIntolerance",
    &[
        always("clinicalStatus", ACTIVE),
        row(2, "category", Via::Own(&CATEGORY)),
        row(2, "type", Via::Own(&KIND)),
        row(3, "code", CWE_CODEABLE_CONCEPT),
        row(4, "criticality", Via::Own(&CRITICALITY)),
        row(5, "reaction.manifestation", TEXT),
        row(6, "onsetDateTime", DTM_DATE_TIME),
    ],
);

pub(crate) static LEFT_OUT: &[LeftOut] = &[
    left("AL1[AllergyIntolerance] AL1-4 reaction.severity", SEVERITY),
    left("IAM[AllergyIntolerance] IAM-4 reaction.severity", SEVERITY),
];

const SEVERITY: &str =
    "the severity is that of the allergy as a whole, not of one reaction: `criticality` has it";

/// The allergy of an AL1.
pub(crate) fn allergy<'a>(al1: &Seg<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let mut draft = c.draft();
    AL1_ALLERGY.apply(&mut draft, al1, c);
    add(draft, al1, c)
}

/// Without an identifier an allergy is known by its patient and what it is against.
pub(super) fn add<'a>(mut draft: Draft<'a>, seg: &Seg<'a>, c: &mut Context<'a>) -> Option<Anchor<'a>> {
    let patient = c.patient?;
    draft.body.set("patient", patient.reference(c.arena));
    let Some(code) = concept_part(draft.body.get("code"), c) else {
        c.report_at(seg.at(), Reason::Missing("AllergyIntolerance.code"));
        return None;
    };
    let kind = seg.text(2).unwrap_or_default();
    Some(c.add("AllergyIntolerance", draft, Key::OwnOr(&[patient.identity, kind, code]), seg.at()))
}

/// A concept as a part of a derived identity: its first coding, else its text.
pub(crate) fn concept_part<'a>(concept: Option<&Val<'a>>, c: &Context<'a>) -> Option<&'a str> {
    let concept = concept?.as_object()?;
    let Some(coding) = concept.items("coding").first().and_then(Val::as_object) else {
        return concept.str("text");
    };
    let [system, code] = ["system", "code"].map(|name| coding.str(name).unwrap_or_default());
    Some(c.arena.concat(&[system, "|", code]))
}

pub(super) const ACTIVE: Via =
    Via::FixedConcept("http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "active");

pub(super) static CATEGORY: Own = Own { name: "CWE[code]", apply: category };
pub(super) static KIND: Own = Own { name: "CWE[code]", apply: kind };
pub(super) static CRITICALITY: Own = Own { name: "CWE[code]", apply: criticality };

/// `ST[CodeableConcept]`
const TEXT: Via = Via::Type(&Datatype {
    name: "ST[CodeableConcept]",
    fhir: "CodeableConcept",
    read: |n, c| Ok(n.whole().map(|text| c.object().with("text", text).into())),
});

/// The category, with the code that it came from beside it; a code without a counterpart stands on the allergy.
fn category<'a>(allergy: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    static TO: &CodeMap = &ALLERGEN_TYPE_ALLERGY_INTOLERANCE_CATEGORY;
    let Some(code) = cwe::code(node) else { return Ok(()) };
    let mut original = original_code(node, TO.table, c);
    if let Some(mapped) = (TO.find)(code) {
        allergy.push(c.arena, "category", mapped.code);
        allergy.push(c.arena, "_category", original);
        return Ok(());
    }
    if let Some(Val::List(extensions)) = original.remove("extension") {
        extensions.into_iter().for_each(|item| allergy.push(c.arena, "extension", item));
    }
    known(&ALLERGEN_TYPE_ALLERGY_INTOLERANCE_ORIGINAL_CATEGORY, code)
}

/// The type, where the code tells it; the row of the category reports codes that are not in the table.
fn kind<'a>(allergy: &mut Object<'a>, node: &Node<'a>, _: &mut Context<'a>) -> Outcome {
    if !allergy.has("type") {
        allergy.put("type", cwe::code(node).and_then(ALLERGY_TYPE.find).map(|mapped| mapped.code));
    }
    Ok(())
}

/// The criticality, with the code that it came from beside it.
fn criticality<'a>(allergy: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    static TO: &CodeMap = &ALLERGY_SEVERITY_ALLERGY_INTOLERANCE_CRITICALITY;
    let Some(code) = cwe::code(node) else { return Ok(()) };
    if allergy.has("_criticality") {
        return Err(Reason::OnlyOneFits);
    }
    allergy.put("criticality", (TO.find)(code).map(|mapped| mapped.code));
    allergy.set("_criticality", original_code(node, TO.table, c));
    known(&ALLERGY_SEVERITY_ALLERGY_INTOLERANCE_CRITICALITY_ORIGINAL, code)
}

fn known(codes: &CodeMap, code: &str) -> Outcome {
    (codes.find)(code).map(|_| ()).ok_or(Reason::UnknownCode(codes.table))
}

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{of_type, person, reported};

    fn allergy(al1: &str) -> String {
        of_type(&person("ADT^A01", &[al1]), "AllergyIntolerance").concat()
    }

    #[test]
    fn codes_that_fhir_narrows_stay_beside_their_counterparts() {
        let text = allergy("AL1|1|DA|P^Penicillin|MO|Rash~Hives|20200101");
        for part in [
            r#""category":["medication"],"_category":[{"extension":[{"#,
            r#""type":"allergy""#,
            r#""_criticality":{"extension""#,
            r#""manifestation":[{"text":"Rash"}]"#,
            r#""onsetDateTime":"2020-01-01""#,
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(!text.contains(r#""criticality""#), "{text}");
        assert!(allergy("AL1|1|FA|N^Nuts|SV").contains(r#""criticality":"high""#));
    }

    #[test]
    fn a_kind_without_a_counterpart_stands_on_the_allergy() {
        let mapped = person("ADT^A01", &["AL1|1|MC|P^Penicillin"]);
        assert!(of_type(&mapped, "AllergyIntolerance").concat().contains("alternate-codes"));
        assert!(reported(&mapped).is_empty());
        let mapped = person("ADT^A01", &["AL1|1|ZZ|P^Penicillin|XX"]);
        assert_eq!(reported(&mapped).len(), 2);
    }

    #[test]
    fn an_allergy_against_nothing_is_left_out() {
        let mapped = person("ADT^A01", &["AL1|1|DA||SV"]);
        assert!(of_type(&mapped, "AllergyIntolerance").is_empty());
        assert_eq!(reported(&mapped), ["AL1[1]: resource left out: no value for `AllergyIntolerance.code`"]);
    }
}
