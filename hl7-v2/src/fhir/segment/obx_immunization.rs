//! OBX behind RXA that tell an element of the vaccination, and not an observation beside it.
//!
//! The official guide leaves their codes to national guides; these are the LOINC codes that registries share.

use std::collections::{HashMap, HashSet};

use carewire_fhir_core::resources::{Immunization, ImmunizationEducation};

use crate::Segment;
use crate::fhir::context::{Context, Draft};
use crate::fhir::datatype::cwe::{cwe, text};
use crate::fhir::datatype::dtm;
use crate::fhir::node::field_text;
use crate::fhir::row::{Table, push, row, set};

const FUNDING_SOURCE: &str = "30963-3";
const ELIGIBILITY: &str = "64994-7";
const MATERIAL: &str = "69764-9";
const PUBLISHED: &str = "29768-9";
const PRESENTED: &str = "29769-7";

/// `OBX[Immunization]`
pub(crate) static OBX_IMMUNIZATION: Table<Immunization> = Table {
    segment: "OBX",
    resource: "Immunization",
    rows: &[
        row(5, "fundingSource", "CWE[CodeableConcept]", |i: &mut Immunization, n, c| {
            set(&mut i.funding_source, cwe(n, c))
        })
        .and(&[2, 3])
        .when("OBX-3 is LOINC 30963-3", |s| is_about(s, FUNDING_SOURCE)),
        row(5, "programEligibility", "CWE[CodeableConcept]", |i: &mut Immunization, n, c| {
            push(&mut i.program_eligibility, cwe(n, c))
        })
        .and(&[2, 3])
        .when("OBX-3 is LOINC 64994-7", |s| is_about(s, ELIGIBILITY)),
    ],
};

/// `OBX[Immunization]`, for those that share a sub-id.
pub(crate) static OBX_EDUCATION: Table<ImmunizationEducation> = Table {
    segment: "OBX",
    resource: "Immunization",
    rows: &[
        row(5, "education.documentType", "CWE[string]", |e: &mut ImmunizationEducation, n, _| {
            set(&mut e.document_type, Ok(text(n)))
        })
        .and(&[2, 3, 4])
        .when("OBX-3 is LOINC 69764-9", |s| is_about(s, MATERIAL)),
        row(5, "education.publicationDate", "DTM[dateTime]", |e: &mut ImmunizationEducation, n, c| {
            set(&mut e.publication_date, dtm::date_time(n, c))
        })
        .and(&[2, 3, 4])
        .when("OBX-3 is LOINC 29768-9", |s| is_about(s, PUBLISHED)),
        row(5, "education.presentationDate", "DTM[dateTime]", |e: &mut ImmunizationEducation, n, c| {
            set(&mut e.presentation_date, dtm::date_time(n, c))
        })
        .and(&[2, 3, 4])
        .when("OBX-3 is LOINC 29769-7", |s| is_about(s, PRESENTED)),
    ],
};

/// Of the OBX behind an RXA, those that tell an element of the vaccination. The dates of a material count only
/// beside the material itself, which FHIR demands.
pub(crate) fn elements<'m>(observations: &[Segment<'m>]) -> Vec<Segment<'m>> {
    let material: HashSet<Option<String>> =
        observations.iter().filter(|obx| is_about(obx, MATERIAL)).map(|obx| field_text(obx, 4)).collect();
    let is_element = |obx: &&Segment<'m>| {
        let is = |code| is_about(obx, code);
        let dated = is(PUBLISHED) || is(PRESENTED);
        is(FUNDING_SOURCE)
            || is(ELIGIBILITY)
            || is(MATERIAL)
            || (dated && material.contains(&field_text(obx, 4)))
    };
    observations.iter().filter(is_element).copied().collect()
}

/// Reads these OBX into the vaccination. A date is that of the first material with its sub-id.
pub(crate) fn read(elements: &[Segment<'_>], given: &mut Draft<Immunization>, c: &mut Context<'_>) {
    let mut materials: Vec<Draft<ImmunizationEducation>> = Vec::new();
    let mut by_group: HashMap<Option<String>, usize> = HashMap::new();
    for obx in elements.iter().filter(|obx| is_about(obx, MATERIAL)) {
        by_group.entry(field_text(obx, 4)).or_insert(materials.len());
        let mut education = Draft::default();
        OBX_EDUCATION.apply(&mut education, obx, c);
        materials.push(education);
    }
    for obx in elements.iter().filter(|obx| !is_about(obx, MATERIAL)) {
        OBX_IMMUNIZATION.apply(given, obx, c);
        let material = by_group.get(&field_text(obx, 4)).and_then(|&index| materials.get_mut(index));
        if let Some(education) = material {
            OBX_EDUCATION.apply(education, obx, c);
        }
    }
    for (index, education) in materials.into_iter().enumerate() {
        let education = given.absorb(education, &format!(".education[{index}]"));
        given.body.education.push(education);
    }
}

fn is_about(obx: &Segment<'_>, code: &str) -> bool {
    field_text(obx, 3).as_deref() == Some(code)
}

#[cfg(test)]
mod tests {
    use crate::fhir::testing::{mapped, of_type};

    #[test]
    fn funding_eligibility_and_material_belong_to_the_vaccination() {
        let got = mapped(
            "VXU^V04",
            &[
                "ORC|RE||F1",
                "RXA|0|1|20240305||107^DTP^CVX",
                "OBX|1|CE|30963-3^Funding^LN|1|PHC70^Private^CDCPHINVS||||||F",
                "OBX|2|CE|64994-7^Eligibility^LN|2|V01^Not eligible^HL70064||||||F",
                "OBX|3|CE|69764-9^Document^LN|3|253^Td VIS^cdcgs1vis||||||F",
                "OBX|4|DT|29769-7^Presented^LN|3|20240305||||||F",
                "OBX|5|CE|69764-9^Document^LN|4|254^MMR VIS^cdcgs1vis||||||F",
                "OBX|6|DT|29768-9^Published^LN|4|20200101||||||F",
                "OBX|7|CE|30956-7^Vaccine type^LN|5|85^HepA^CVX||||||F",
                "OBX|8|DT|29769-7^Presented^LN|5|20240306||||||F",
            ],
        );
        let given = of_type(&got, "Immunization").concat();
        let education = r#""education":[{"documentType":"Td VIS","presentationDate":"2024-03-05"},{"documentType":"MMR VIS","publicationDate":"2020-01-01"}]"#;
        assert!(given.contains(education), "{given}");
        assert!(
            given.contains(r#""fundingSource":{"coding":[{"#) && given.contains("programEligibility"),
            "{given}"
        );
        let beside = of_type(&got, "Observation");
        assert_eq!(beside.len(), 2, "a date without its material is an observation");
        assert!(beside.iter().all(|observation| observation.contains("\"partOf\"")));
    }
}
