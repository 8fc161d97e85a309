//! OBX behind RXA that tell an element of the vaccination, and not an observation beside it.
//!
//! The official guide leaves their codes to national guides; these are the LOINC codes that registries share.

use std::collections::{HashMap, HashSet};

use crate::fhir::context::{Context, Draft};
use crate::fhir::datatype::{CWE_CODEABLE_CONCEPT, CWE_STRING, DTM_DATE_TIME};
use crate::fhir::node::Seg;
use crate::fhir::row::{Table, row};

const FUNDING_SOURCE: &str = "30963-3";
const ELIGIBILITY: &str = "64994-7";
const MATERIAL: &str = "69764-9";
const PUBLISHED: &str = "29768-9";
const PRESENTED: &str = "29769-7";

/// `OBX[Immunization]`
pub(crate) static OBX_IMMUNIZATION: Table = Table::new(
    "OBX[Immunization]",
    "OBX",
    "Immunization",
    &[
        row(5, "fundingSource", CWE_CODEABLE_CONCEPT)
            .and(&[2, 3])
            .when("OBX-3 is LOINC 30963-3", |s| is_about(s, FUNDING_SOURCE)),
        row(5, "programEligibility", CWE_CODEABLE_CONCEPT)
            .and(&[2, 3])
            .when("OBX-3 is LOINC 64994-7", |s| is_about(s, ELIGIBILITY)),
    ],
);

/// `OBX[Immunization]`, for those that share a sub-id.
pub(crate) static OBX_EDUCATION: Table = Table::new(
    "OBX[Immunization]",
    "OBX",
    "Immunization.education",
    &[
        row(5, "documentType", CWE_STRING)
            .and(&[2, 3, 4])
            .when("OBX-3 is LOINC 69764-9", |s| is_about(s, MATERIAL)),
        row(5, "publicationDate", DTM_DATE_TIME)
            .and(&[2, 3, 4])
            .when("OBX-3 is LOINC 29768-9", |s| is_about(s, PUBLISHED)),
        row(5, "presentationDate", DTM_DATE_TIME)
            .and(&[2, 3, 4])
            .when("OBX-3 is LOINC 29769-7", |s| is_about(s, PRESENTED)),
    ],
);

/// Of the OBX behind an RXA, those that tell an element of the vaccination; the others are observations. The dates of
/// a material count only beside the material itself, which FHIR demands.
pub(crate) fn elements<'a>(observations: &[Seg<'a>]) -> Vec<Seg<'a>> {
    let material: HashSet<Option<&str>> =
        observations.iter().filter(|obx| is_about(obx, MATERIAL)).map(|obx| obx.text(4)).collect();
    let is_element = |obx: &&Seg<'a>| {
        let is = |code| is_about(obx, code);
        let dated = is(PUBLISHED) || is(PRESENTED);
        is(FUNDING_SOURCE) || is(ELIGIBILITY) || is(MATERIAL) || (dated && material.contains(&obx.text(4)))
    };
    observations.iter().filter(is_element).copied().collect()
}

/// Reads these OBX into the vaccination. A date is that of the first material with its sub-id.
pub(crate) fn read<'a>(elements: &[Seg<'a>], given: &mut Draft<'a>, c: &mut Context<'a>) {
    let mut materials: Vec<Draft<'a>> = Vec::new();
    let mut by_group: HashMap<Option<&str>, usize> = HashMap::new();
    for obx in elements.iter().filter(|obx| is_about(obx, MATERIAL)) {
        by_group.entry(obx.text(4)).or_insert(materials.len());
        let mut education = c.draft();
        OBX_EDUCATION.apply(&mut education, obx, c);
        materials.push(education);
    }
    for obx in elements.iter().filter(|obx| !is_about(obx, MATERIAL)) {
        OBX_IMMUNIZATION.apply(given, obx, c);
        let material = by_group.get(&obx.text(4)).and_then(|&index| materials.get_mut(index));
        if let Some(education) = material {
            OBX_EDUCATION.apply(education, obx, c);
        }
    }
    for (index, education) in materials.into_iter().enumerate() {
        let education = given.absorb(education, &format!(".education[{index}]"));
        given.body.push(c.arena, "education", education);
    }
}

fn is_about(obx: &Seg<'_>, code: &str) -> bool {
    obx.text(3) == Some(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::segment::rxa::{Vaccination, vaccination};
    use crate::fhir::testing::{mapped_by, of_type, options};

    #[test]
    fn funding_eligibility_and_material_belong_to_the_vaccination() {
        let segments = [
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
        ];
        let mut beside = 0;
        let got = mapped_by("VXU^V04", &segments, &options(), |segments, c| {
            let observations = &segments[4..];
            let elements = elements(observations);
            beside = observations.len() - elements.len();
            let group =
                Vaccination { orc: Some(&segments[2]), rxa: &segments[3], rxr: None, elements: &elements };
            vaccination(&group, c);
        });
        let given = of_type(&got, "Immunization").concat();
        let education = r#""education":[{"documentType":"Td VIS","presentationDate":"2024-03-05"},{"documentType":"MMR VIS","publicationDate":"2020-01-01"}]"#;
        assert!(given.contains(education), "{given}");
        assert!(
            given.contains(r#""fundingSource":{"coding":[{"#) && given.contains("programEligibility"),
            "{given}"
        );
        assert_eq!(beside, 2, "a date without its material is an observation");
    }
}
