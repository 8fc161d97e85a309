//! The codes that the traffic uses. Values are drawn within the ranges given here.
//!
//! Sources:
//! - LOINC codes and names: this material contains content from LOINC (<http://loinc.org>). LOINC is copyright ©
//!   Regenstrief Institute, Inc. and the Logical Observation Identifiers Names and Codes (LOINC) Committee and is
//!   available at no cost under the licence at <http://loinc.org/license>.
//! - CVX and MVX: the Centers for Disease Control and Prevention, in the public domain.
//! - ICD-10: the World Health Organization; codes with their rubrics.
//! - RxNorm ingredients: the U.S. National Library of Medicine, without restriction.
//! - SNOMED CT: single codes of findings and organisms, as in the standard's own examples; use in a member country
//!   is free, elsewhere the licence of SNOMED International holds.
//! - Units: The Unified Code for Units of Measure, of Regenstrief Institute.

/// A measurement: LOINC code and name, unit, reference range and range of values, both in tenths.
#[derive(Clone, Copy)]
pub(super) struct Test {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) unit: &'static str,
    pub(super) normal: (u64, u64),
    pub(super) drawn: (u64, u64),
}

/// What a laboratory is asked for.
#[derive(Clone, Copy)]
pub(super) struct Panel {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    /// Table 0074.
    pub(super) section: &'static str,
    /// Table 0487, and its older form of table 0070.
    pub(super) specimen: (&'static str, &'static str),
    pub(super) content: Content,
}

/// What the results of a panel are.
#[derive(Clone, Copy)]
pub(super) enum Content {
    Numbers(&'static [Test]),
    /// Appearance and protein of urine: text and coded and structured numeric values beside a number.
    Urine,
    /// An organism or none, and a report in text.
    Culture,
    /// A titre, as a structured numeric.
    Titre,
}

const fn test(
    code: &'static str,
    name: &'static str,
    unit: &'static str,
    normal: (u64, u64),
    drawn: (u64, u64),
) -> Test {
    Test { code, name, unit, normal, drawn }
}

pub(super) const BLOOD_COUNT: &[Test] = &[
    test("6690-2", "Leukocytes [#/volume] in Blood by Automated count", "10*3/uL", (40, 110), (15, 220)),
    test("789-8", "Erythrocytes [#/volume] in Blood by Automated count", "10*6/uL", (39, 57), (25, 65)),
    test("718-7", "Hemoglobin [Mass/volume] in Blood", "g/dL", (120, 170), (65, 185)),
    test("4544-3", "Hematocrit [Volume Fraction] of Blood by Automated count", "%", (360, 500), (200, 560)),
    test("787-2", "MCV [Entitic volume] by Automated count", "fL", (800, 1000), (680, 1120)),
    test("777-3", "Platelets [#/volume] in Blood by Automated count", "10*3/uL", (1500, 4000), (300, 6500)),
];

pub(super) const METABOLIC: &[Test] = &[
    test("2345-7", "Glucose [Mass/volume] in Serum or Plasma", "mg/dL", (700, 990), (450, 3200)),
    test("3094-0", "Urea nitrogen [Mass/volume] in Serum or Plasma", "mg/dL", (70, 200), (50, 800)),
    test("2160-0", "Creatinine [Mass/volume] in Serum or Plasma", "mg/dL", (6, 13), (4, 70)),
    test("17861-6", "Calcium [Mass/volume] in Serum or Plasma", "mg/dL", (86, 103), (70, 130)),
    test("2951-2", "Sodium [Moles/volume] in Serum or Plasma", "mmol/L", (1350, 1450), (1180, 1580)),
    test("2823-3", "Potassium [Moles/volume] in Serum or Plasma", "mmol/L", (35, 51), (24, 70)),
    test("2075-0", "Chloride [Moles/volume] in Serum or Plasma", "mmol/L", (980, 1070), (850, 1200)),
    test(
        "2028-9",
        "Carbon dioxide, total [Moles/volume] in Serum or Plasma",
        "mmol/L",
        (220, 290),
        (120, 400),
    ),
    test("2885-2", "Protein [Mass/volume] in Serum or Plasma", "g/dL", (60, 83), (45, 95)),
    test("1751-7", "Albumin [Mass/volume] in Serum or Plasma", "g/dL", (35, 52), (18, 58)),
    test("1975-2", "Bilirubin.total [Mass/volume] in Serum or Plasma", "mg/dL", (2, 12), (1, 90)),
    test(
        "1742-6",
        "Alanine aminotransferase [Enzymatic activity/volume] in Serum or Plasma",
        "U/L",
        (70, 560),
        (50, 3000),
    ),
];

pub(super) const LIPIDS: &[Test] = &[
    test("2093-3", "Cholesterol [Mass/volume] in Serum or Plasma", "mg/dL", (0, 2000), (1100, 3300)),
    test("2571-8", "Triglyceride [Mass/volume] in Serum or Plasma", "mg/dL", (0, 1500), (400, 6000)),
    test("2085-9", "Cholesterol in HDL [Mass/volume] in Serum or Plasma", "mg/dL", (400, 900), (250, 950)),
];

pub(super) const PANELS: &[Panel] = &[
    Panel {
        code: "58410-2",
        name: "CBC panel - Blood by Automated count",
        section: "HM",
        specimen: ("BLD", "Whole blood"),
        content: Content::Numbers(BLOOD_COUNT),
    },
    Panel {
        code: "24323-8",
        name: "Comprehensive metabolic 2000 panel - Serum or Plasma",
        section: "CH",
        specimen: ("SER", "Serum"),
        content: Content::Numbers(METABOLIC),
    },
    Panel {
        code: "24331-1",
        name: "Lipid 1996 panel - Serum or Plasma",
        section: "CH",
        specimen: ("SER", "Serum"),
        content: Content::Numbers(LIPIDS),
    },
    Panel {
        code: "24356-8",
        name: "Urinalysis complete panel - Urine",
        section: "CH",
        specimen: ("UR", "Urine"),
        content: Content::Urine,
    },
    Panel {
        code: "600-7",
        name: "Bacteria identified in Blood by Culture",
        section: "MB",
        specimen: ("BLD", "Whole blood"),
        content: Content::Culture,
    },
    Panel {
        code: "5048-4",
        name: "Nuclear Ab [Titer] in Serum by Immunofluorescence",
        section: "IMM",
        specimen: ("SER", "Serum"),
        content: Content::Titre,
    },
];

/// SNOMED CT.
pub(super) const ORGANISMS: &[(&str, &str)] =
    &[("112283007", "Escherichia coli"), ("3092008", "Staphylococcus aureus")];

/// CVX code, name, MVX code and name of the maker, millilitres in hundredths.
pub(super) const VACCINES: &[(&str, &str, &str, &str, u64)] = &[
    ("141", "Influenza, seasonal, injectable", "PMC", "sanofi pasteur", 50),
    ("208", "COVID-19, mRNA, LNP-S, PF, 30 mcg/0.3 mL dose", "PFR", "Pfizer, Inc", 30),
    ("115", "Tdap", "SKB", "GlaxoSmithKline", 50),
    ("03", "MMR", "MSD", "Merck and Co., Inc.", 50),
    ("43", "Hep B, adult", "SKB", "GlaxoSmithKline", 100),
];

/// ICD-10.
pub(super) const DIAGNOSES: &[(&str, &str)] = &[
    ("I10", "Essential (primary) hypertension"),
    ("J18.9", "Pneumonia, unspecified"),
    ("E11.9", "Type 2 diabetes mellitus without complications"),
    ("I50.9", "Heart failure, unspecified"),
    ("N39.0", "Urinary tract infection, site not specified"),
    ("A41.9", "Sepsis, unspecified"),
    ("I63.9", "Cerebral infarction, unspecified"),
];

/// Type of table 0127, SNOMED CT code and name, reaction in words.
pub(super) const ALLERGIES: &[(&str, &str, &str, &str)] = &[
    ("DA", "91936005", "Allergy to penicillin", "Hives"),
    ("FA", "91935009", "Allergy to peanut", "Swelling of the lips"),
    ("EA", "232350006", "House dust mite allergy", "Sneezing & watery eyes"),
];

/// RxNorm ingredient, name, amount of a dose, its unit, route of table 0162 with its name.
pub(super) const DRUGS: &[(&str, &str, u64, &str, &str, &str)] = &[
    ("161", "Acetaminophen", 500, "mg", "PO", "Oral"),
    ("723", "Amoxicillin", 500, "mg", "PO", "Oral"),
    ("6809", "Metformin", 850, "mg", "PO", "Oral"),
    ("29046", "Lisinopril", 10, "mg", "PO", "Oral"),
    ("4603", "Furosemide", 20, "mg", "IV", "Intravenous"),
    ("5224", "Heparin", 5000, "[iU]", "SC", "Subcutaneous"),
];

/// LOINC documents with their type of table 0270.
pub(super) const DOCUMENTS: &[(&str, &str, &str, &str)] = &[
    ("CN", "Consultation", "11488-4", "Consult note"),
    ("DS", "Discharge summary", "18842-5", "Discharge summary"),
    ("HP", "History and physical examination", "34117-2", "History and physical note"),
    ("PN", "Progress note", "11506-3", "Progress note"),
];

/// Wards, and the hospital service of table 0069.
pub(super) const WARDS: &[(&str, &str)] =
    &[("MED1", "MED"), ("MED2", "MED"), ("SURG1", "SUR"), ("CARD", "CAR"), ("URO", "URO")];

/// Sentences of reports, with characters that must be escaped.
pub(super) const SENTENCES: &[&str] = &[
    "Seen on the ward round; comfortable at rest.",
    "Temp. < 38 & falling, pulse 88/min.",
    "Blood pressure 130/80 | sitting.",
    "Plan: bloods ^ fluids, review in ~4 h.",
    "No pain on palpation, bowel sounds normal.",
    "Scale at rest 4\\5, on exertion 2\\5.",
    "Wound dry #1, stitches out on day 10.",
    "Home with the family; follow-up in the clinic.",
];

/// Notes to results.
pub(super) const REMARKS: &[&str] = &[
    "Sample slightly hemolyzed; interpret potassium & LDH with care.",
    "Repeated & confirmed.",
    "Telephoned to the ward.",
];
