//! Which classes of data a resource holds: a table with a version.

use std::collections::{BTreeSet, HashMap};

use carewire_fhir_core::{Resource, Value};

use crate::DataClass::{
    self, Allergies, Billing, ClinicalNotes, Conditions, Demographics, Encounters, Genomics, Imaging,
    Immunizations, LabResults, Medications, Procedures, Social, Unclassified, Vitals,
};

/// The version of the table: it changes whenever a resource may be classified differently.
pub const CLASS_TABLE_VERSION: u32 = 2;

/// The classes of the data in a resource, or in all entries of a Bundle.
///
/// - A resource may fall in several classes; what it contains adds its own.
/// - A type, category system or category code that the table does not hold is [`DataClass::Unclassified`].
/// - Where a type's class depends on a category and there is none, every class that the type can have is returned:
///   whoever may see all of them may see this one.
/// - `Provenance`, `AuditEvent`, `MessageHeader` and `Device` tell about other resources: in a Bundle they add nothing,
///   alone they are unclassified.
/// - The empty set: no data of a patient (`Organization`, `Practitioner`, …).
///
/// ```
/// use carewire_consent::{DataClass, data_classes_of};
/// use carewire_fhir_core::Resource;
/// let lab = Resource::parse(
///     br#"{"resourceType":"Observation","category":[{"coding":[
///         {"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"}]}]}"#,
/// )?;
/// assert_eq!(data_classes_of(&lab), [DataClass::LabResults].into());
/// assert_eq!(data_classes_of(&Resource::new("Basic")), [DataClass::Unclassified].into());
/// # Ok::<(), carewire_fhir_core::ResourceError>(())
/// ```
#[must_use]
pub fn data_classes_of(resource: &Resource) -> BTreeSet<DataClass> {
    Classes::of(resource.value()).standing_alone()
}

/// The classes of each entry of a Bundle, in order; what tells about other resources has the classes of the whole.
/// Empty for an entry without a resource, or without data of a patient.
///
/// An `Observation` or `ServiceRequest` without a `category` that a `DiagnosticReport` of the Bundle names as its result
/// or its order has the classes of that report: the section of a laboratory is told once, for the report.
#[must_use]
pub fn entry_data_classes(bundle: &Resource) -> Vec<BTreeSet<DataClass>> {
    let whole = data_classes_of(bundle);
    let reported = reported(bundle.value());
    let of_entry = |entry: &Value| {
        let Some(resource) = entry.get("resource") else { return BTreeSet::new() };
        let takes_part = matches!(resource.str("resourceType"), Some("Observation" | "ServiceRequest"));
        let report = entry.str("fullUrl").and_then(|url| reported.get(url));
        match (report, Classes::of(resource)) {
            (Some(report), _) if takes_part && resource.list("category").is_empty() => report.clone(),
            (_, classes) if classes.follows => classes.own.union(&whole).cloned().collect(),
            (_, classes) => classes.own,
        }
    };
    bundle.value().list("entry").iter().map(of_entry).collect()
}

/// What the reports of a Bundle that have a category say about their results and orders.
fn reported(bundle: &Value) -> HashMap<&str, BTreeSet<DataClass>> {
    let mut reported: HashMap<&str, BTreeSet<DataClass>> = HashMap::new();
    let resources = bundle.list("entry").iter().filter_map(|entry| entry.get("resource"));
    let reports = resources.filter(|resource| {
        resource.str("resourceType") == Some("DiagnosticReport") && !resource.list("category").is_empty()
    });
    for report in reports {
        let classes = Classes::of(report).own;
        for part in report.list("result").iter().chain(report.list("basedOn")) {
            if let Some(url) = part.str("reference") {
                reported.entry(url).or_default().extend(classes.iter().cloned());
            }
        }
    }
    reported
}

/// The classes of a resource, and whether it also tells about others.
#[derive(Default)]
struct Classes {
    own: BTreeSet<DataClass>,
    follows: bool,
}

impl Classes {
    fn of(resource: &Value) -> Self {
        let mut classes = match rule(resource.str("resourceType")) {
            Rule::Administrative => Self::default(),
            Rule::Follows => Self { own: BTreeSet::new(), follows: true },
            Rule::Fixed(classes) => Self::from_slice(classes),
            Rule::Category { absent } => Self::from_category(resource, absent),
            Rule::Bundle => {
                Self::merge(resource.list("entry").iter().filter_map(|entry| entry.get("resource")))
            }
        };
        if !resource.list("presentedForm").is_empty() {
            classes.own.insert(ClinicalNotes);
        }
        classes.own.extend(Self::merge(resource.list("contained").iter()).own);
        classes
    }

    fn from_slice(classes: &[DataClass]) -> Self {
        Self { own: classes.iter().cloned().collect(), follows: false }
    }

    fn from_category(resource: &Value, absent: &[DataClass]) -> Self {
        let categories = resource.list("category");
        if categories.is_empty() {
            return Self::from_slice(absent);
        }
        let own = categories.iter().flat_map(|category| category_classes(category, absent)).collect();
        Self { own, follows: false }
    }

    fn merge<'a>(resources: impl Iterator<Item = &'a Value>) -> Self {
        resources.map(Self::of).fold(Self::default(), |mut all, classes| {
            all.own.extend(classes.own);
            all.follows |= classes.follows;
            all
        })
    }

    fn standing_alone(mut self) -> BTreeSet<DataClass> {
        if self.own.is_empty() && self.follows {
            self.own.insert(Unclassified);
        }
        self.own
    }
}

/// How a resource type is classified.
enum Rule {
    /// No data of a patient.
    Administrative,
    /// Tells about other resources.
    Follows,
    /// By type alone.
    Fixed(&'static [DataClass]),
    /// By `category`; without one, or with the category "other", every class that the type can have.
    Category { absent: &'static [DataClass] },
    /// By its entries.
    Bundle,
}

fn rule(resource_type: Option<&str>) -> &'static Rule {
    let row = TYPES.iter().find(|(types, _)| resource_type.is_some_and(|name| types.contains(&name)));
    row.map_or(&UNKNOWN_TYPE, |(_, rule)| rule)
}

static UNKNOWN_TYPE: Rule = Rule::Fixed(&[Unclassified]);

static TYPES: &[(&[&str], Rule)] = &[
    (&["Patient", "Person", "RelatedPerson"], Rule::Fixed(&[Demographics])),
    (
        &["Encounter", "EpisodeOfCare", "Appointment", "AppointmentResponse", "CareTeam"],
        Rule::Fixed(&[Encounters]),
    ),
    (&["Condition"], Rule::Fixed(&[Conditions])),
    (&["FamilyMemberHistory"], Rule::Fixed(&[Conditions, Genomics])),
    (&["AllergyIntolerance", "AdverseEvent"], Rule::Fixed(&[Allergies])),
    (
        &["Immunization", "ImmunizationEvaluation", "ImmunizationRecommendation"],
        Rule::Fixed(&[Immunizations]),
    ),
    (&["Procedure"], Rule::Fixed(&[Procedures])),
    (&["DeviceUseStatement", "DeviceRequest"], Rule::Fixed(&[Procedures])),
    (
        &[
            "Medication",
            "MedicationAdministration",
            "MedicationDispense",
            "MedicationRequest",
            "MedicationStatement",
        ],
        Rule::Fixed(&[Medications]),
    ),
    (&["Specimen"], Rule::Fixed(&[LabResults])),
    (&["ImagingStudy"], Rule::Fixed(&[Imaging])),
    (&["Media"], Rule::Fixed(&[Imaging, ClinicalNotes])),
    (&["MolecularSequence"], Rule::Fixed(&[Genomics])),
    (
        &["ClinicalImpression", "Composition", "DocumentManifest", "DocumentReference", "CarePlan", "Goal"],
        Rule::Fixed(&[ClinicalNotes]),
    ),
    (&["QuestionnaireResponse"], Rule::Fixed(&[Social, ClinicalNotes])),
    (
        &[
            "Account",
            "ChargeItem",
            "Claim",
            "ClaimResponse",
            "Coverage",
            "CoverageEligibilityRequest",
            "CoverageEligibilityResponse",
            "ExplanationOfBenefit",
            "Invoice",
        ],
        Rule::Fixed(&[Billing]),
    ),
    (
        &["Observation"],
        Rule::Category {
            absent: &[LabResults, Vitals, Imaging, Social, ClinicalNotes, Procedures, Genomics],
        },
    ),
    (
        &["DiagnosticReport"],
        Rule::Category { absent: &[LabResults, Imaging, ClinicalNotes, Procedures, Genomics] },
    ),
    (
        &["ServiceRequest"],
        Rule::Category { absent: &[LabResults, Imaging, ClinicalNotes, Procedures, Genomics] },
    ),
    (&["AuditEvent", "Device", "MessageHeader", "Provenance"], Rule::Follows),
    (
        &[
            "Endpoint",
            "HealthcareService",
            "Location",
            "OperationOutcome",
            "Organization",
            "Practitioner",
            "PractitionerRole",
        ],
        Rule::Administrative,
    ),
    (&["Bundle"], Rule::Bundle),
];

/// The classes of one category: those of the codings that the table holds; unclassified if it holds none of them.
fn category_classes(category: &Value, absent: &[DataClass]) -> BTreeSet<DataClass> {
    let known: BTreeSet<DataClass> = category
        .list("coding")
        .iter()
        .filter_map(|coding| Some((coding.str("system")?, coding.str("code")?)))
        .flat_map(|(system, code)| match (system, code) {
            (SERVICE_SECTION, "OTH") => absent,
            _ => coding_classes(system, code),
        })
        .cloned()
        .collect();
    if known.is_empty() { [Unclassified].into() } else { known }
}

fn coding_classes(system: &str, code: &str) -> &'static [DataClass] {
    let row = CATEGORIES.iter().find(|(of, codes, _)| *of == system && codes.contains(&code));
    row.map_or(&[], |(_, _, classes)| classes)
}

const OBSERVATION: &str = "http://terminology.hl7.org/CodeSystem/observation-category";
const SERVICE_SECTION: &str = "http://terminology.hl7.org/CodeSystem/v2-0074";
const SNOMED: &str = "http://snomed.info/sct";
const LOINC: &str = "http://loinc.org";
const US_CORE: &str = "http://hl7.org/fhir/us/core/CodeSystem/us-core-category";

/// System, codes, classes.
static CATEGORIES: &[(&str, &[&str], &[DataClass])] = &[
    (OBSERVATION, &["laboratory"], &[LabResults]),
    (OBSERVATION, &["vital-signs", "activity"], &[Vitals]),
    (OBSERVATION, &["imaging"], &[Imaging]),
    (OBSERVATION, &["social-history", "survey"], &[Social]),
    (OBSERVATION, &["exam"], &[ClinicalNotes]),
    (OBSERVATION, &["procedure", "therapy"], &[Procedures]),
    (
        SERVICE_SECTION,
        &[
            "BG", "BLB", "CH", "CP", "HM", "IMM", "LAB", "MB", "MCB", "MYC", "OSL", "PAR", "PAT", "SP", "SR",
            "TX", "VR",
        ],
        &[LabResults],
    ),
    (SERVICE_SECTION, &["CG", "GE"], &[LabResults, Genomics]),
    (SERVICE_SECTION, &["CT", "CUS", "NMR", "NMS", "OUS", "RAD", "RUS", "RX", "VUS", "XRC"], &[Imaging]),
    (SERVICE_SECTION, &["AU", "CTH", "EC", "EN", "OT", "PF", "PT", "RC", "RT"], &[Procedures]),
    (SERVICE_SECTION, &["ICU", "NRS"], &[Vitals, ClinicalNotes]),
    (SERVICE_SECTION, &["PHY"], &[ClinicalNotes]),
    (SERVICE_SECTION, &["PHR"], &[Medications]),
    (SNOMED, &["108252007"], &[LabResults]),
    (SNOMED, &["363679005"], &[Imaging]),
    (SNOMED, &["387713003", "409063005", "409073007", "103693007"], &[Procedures]),
    (LOINC, &["LP7839-6"], &[LabResults, ClinicalNotes]),
    (LOINC, &["LP29684-5"], &[Imaging, ClinicalNotes]),
    (LOINC, &["LP29708-2"], &[Procedures, ClinicalNotes]),
    (US_CORE, &["sdoh"], &[Social]),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(json: &str) -> BTreeSet<DataClass> {
        data_classes_of(&Resource::parse(json.as_bytes()).unwrap())
    }

    fn categorised(resource_type: &str, system: &str, code: &str) -> String {
        format!(
            r#"{{"resourceType":"{resource_type}","category":[{{"coding":[{{"system":"{system}","code":"{code}"}}]}}]}}"#
        )
    }

    #[test]
    fn categories_decide_where_the_type_does_not() {
        assert_eq!(classes(&categorised("Observation", OBSERVATION, "vital-signs")), [Vitals].into());
        assert_eq!(classes(&categorised("DiagnosticReport", SERVICE_SECTION, "MB")), [LabResults].into());
        assert_eq!(classes(&categorised("ServiceRequest", SNOMED, "108252007")), [LabResults].into());
        assert_eq!(
            classes(&categorised("DiagnosticReport", SERVICE_SECTION, "GE")),
            [LabResults, Genomics].into()
        );
    }

    #[test]
    fn an_unknown_category_is_unclassified_even_beside_a_known_one() {
        assert_eq!(classes(&categorised("Observation", OBSERVATION, "novel")), [Unclassified].into());
        assert_eq!(classes(&categorised("Observation", "urn:local", "laboratory")), [Unclassified].into());
        let both = r#"{"resourceType":"Observation","category":[{"text":"x"},{"coding":[
            {"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"laboratory"},{"code":"L"}]}]}"#;
        assert_eq!(classes(both), [Unclassified, LabResults].into());
    }

    #[test]
    fn without_a_category_every_possible_class_must_be_permitted() {
        let any = classes(r#"{"resourceType":"Observation"}"#);
        assert!(any.contains(&LabResults) && any.contains(&Genomics) && !any.contains(&Unclassified));
        assert_eq!(classes(&categorised("Observation", SERVICE_SECTION, "OTH")), any);
    }

    #[test]
    fn contained_resources_and_forms_add_their_classes() {
        let order = r#"{"resourceType":"Encounter","contained":[{"resourceType":"Condition"},{"resourceType":"Practitioner"}]}"#;
        assert_eq!(classes(order), [Encounters, Conditions].into());
        let report = categorised("DiagnosticReport", SERVICE_SECTION, "LAB")
            .replace("\"category\"", "\"presentedForm\":[{\"contentType\":\"text/plain\"}],\"category\"");
        assert_eq!(classes(&report), [LabResults, ClinicalNotes].into());
        assert_eq!(
            classes(r#"{"resourceType":"Patient","contained":[{"resourceType":"Basic"}]}"#),
            [Demographics, Unclassified].into()
        );
    }

    #[test]
    fn what_tells_about_others_has_the_classes_of_the_bundle() {
        let bundle = Resource::parse(
            br#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"MessageHeader"}},
            {"resource":{"resourceType":"Patient"}},{"resource":{"resourceType":"Organization"}},{"fullUrl":"x"},
            {"resource":{"resourceType":"Condition"}}]}"#,
        )
        .unwrap();
        let whole: BTreeSet<_> = [Demographics, Conditions].into();
        assert_eq!(data_classes_of(&bundle), whole);
        assert_eq!(
            entry_data_classes(&bundle),
            [whole, [Demographics].into(), BTreeSet::new(), BTreeSet::new(), [Conditions].into()]
        );
        assert_eq!(classes(r#"{"resourceType":"Provenance"}"#), [Unclassified].into());
        assert_eq!(classes(r#"{"resourceType":"Organization"}"#), BTreeSet::new());
    }

    #[test]
    fn no_type_and_no_coding_stands_twice() {
        let mut types: Vec<_> = TYPES.iter().flat_map(|(types, _)| types.iter()).collect();
        let mut codes: Vec<_> = CATEGORIES
            .iter()
            .flat_map(|(system, codes, _)| codes.iter().map(move |code| (system, code)))
            .collect();
        let (some_types, some_codes) = (types.len(), codes.len());
        types.sort();
        types.dedup();
        codes.sort();
        codes.dedup();
        assert_eq!((types.len(), codes.len()), (some_types, some_codes));
    }

    #[test]
    fn a_result_without_a_category_is_what_its_report_is() {
        let bundle = Resource::parse(
            br#"{"resourceType":"Bundle","entry":[
            {"fullUrl":"urn:uuid:r","resource":{"resourceType":"DiagnosticReport","result":[{"reference":"urn:uuid:a"}],
             "basedOn":[{"reference":"urn:uuid:o"}],
             "category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0074","code":"LAB"}]}]}},
            {"fullUrl":"urn:uuid:a","resource":{"resourceType":"Observation"}},
            {"fullUrl":"urn:uuid:o","resource":{"resourceType":"ServiceRequest"}},
            {"fullUrl":"urn:uuid:b","resource":{"resourceType":"Observation"}}]}"#,
        )
        .unwrap();
        let classes = entry_data_classes(&bundle);
        let laboratory = BTreeSet::from([LabResults]);
        assert_eq!(classes[..3], [laboratory.clone(), laboratory.clone(), laboratory]);
        assert!(classes[3].len() > 1, "nobody says what this one is");
    }
}
