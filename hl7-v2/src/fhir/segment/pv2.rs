//! PV2: more about the visit.

use crate::fhir::code::{ENCOUNTER_PRIORITY, MODE_OF_ARRIVAL_CODE, YES_NO_INDICATOR};
use crate::fhir::context::Context;
use crate::fhir::datatype::{
    CWE_CODEABLE_CONCEPT, CWE_CODED, CWE_CODING, DTM_DATE_TIME, NM_QUANTITY_LENGTH_OF_STAY,
};
use crate::fhir::node::Node;
use crate::fhir::report::Reason;
use crate::fhir::row::{Outcome, Own, Table, TypeAs, Via, row};
use crate::fhir::segment::pv1::{PARTICIPANT, place};
use crate::fhir::tree::{Object, Val};

/// `PV2[Encounter]`
pub(crate) static PV2_ENCOUNTER: Table = Table::new(
    "PV2[Encounter]",
    "PV2",
    "Encounter",
    &[
        row(1, "location", PENDING.of("planned")),
        row(3, "reasonCode", CWE_CODEABLE_CONCEPT),
        row(8, PLANNED_START, DTM_DATE_TIME),
        row(9, PLANNED_END, DTM_DATE_TIME),
        row(11, "length", NM_QUANTITY_LENGTH_OF_STAY),
        row(12, "text", Via::Own(&NARRATIVE)),
        row(13, "participant", PARTICIPANT.of("REF")),
        // `ID[Coding]`, but a code outside of the table is kept.
        row(22, "meta.security", CWE_CODING.of(&YES_NO_INDICATOR)),
        row(25, "priority", CWE_CODED.of(&ENCOUNTER_PRIORITY)),
        row(38, "extension(encounter-modeOfArrival)", CWE_CODING.of(&MODE_OF_ARRIVAL_CODE)),
    ],
);

const PLANNED_START: &str =
    "extension(http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedStartDate)";
/// The guide's URL has a stray `v\`.
const PLANNED_END: &str =
    "extension(http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate)";

/// The place of a transfer that was planned: when it is taken back, nothing is.
static PENDING: TypeAs = TypeAs {
    name: "PL[Location]",
    fhir: "Encounter.location",
    read: |n, status, c| if c.event == "A26" { Ok(None) } else { Ok(place(n, status, c)?.map(Val::Object)) },
};

static NARRATIVE: Own = Own { name: "ST[xhtml]", apply: narrative };

/// PV2-12 as the narrative of the visit, which says more than the elements do.
fn narrative<'a>(encounter: &mut Object<'a>, node: &Node<'a>, c: &mut Context<'a>) -> Outcome {
    let Some(text) = node.whole() else { return Ok(()) };
    if encounter.has("text") {
        return Err(Reason::OnlyOneFits);
    }
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let div = c.arena.format(format_args!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{text}</div>"));
    encounter.set("text", c.object().with("status", "additional").with("div", div));
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{of_type, person};

    fn visit(event: &str, pv2: &str) -> String {
        of_type(&person(event, &["PV1|1|I", pv2]), "Encounter").concat()
    }

    #[test]
    fn plans_reasons_and_lengths() {
        let text = visit("ADT^A01", "PV2|ER||R1^Pain|||||20240301|20240309||5|A < B & C|9^Roe");
        for part in [
            "Encounter.plannedStartDate",
            "Encounter.plannedEndDate",
            r#""value":5,"#,
            "A &lt; B &amp; C</div>",
            r#""code":"REF""#,
            r#""status":"planned""#,
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn protection_priority_and_arrival() {
        let text = visit("ADT^A01", &format!("PV2{}Y|||1{}A", "|".repeat(22), "|".repeat(13)));
        assert!(text.contains(r#""meta":{"security":[{"#), "{text}");
        assert!(text.contains(r#""code":"EM""#) && text.contains("encounter-modeOfArrival"), "{text}");
    }

    #[test]
    fn a_pending_transfer_that_is_taken_back_is_no_plan() {
        assert!(!visit("ADT^A26", "PV2|ER").contains("location"));
    }
}
