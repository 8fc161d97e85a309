//! Messages as hospitals send them, made from a seed. The people in them do not exist.

use super::patients::Patient;

/// The identifier system that the demo's assigning authority resolves to.
pub(crate) const SYSTEM: &str = "urn:oid:2.16.840.1.113883.19.5.99";

/// The attending doctor.
const DOCTOR: &str = "1234^Ward^Doctor^^^Dr^^^DEMO&2.16.840.1.113883.19.5.94&ISO";

/// What PID-3.4 says.
const AUTHORITY: &str = "DEMO&2.16.840.1.113883.19.5.99&ISO";

const FAMILY: [&str; 8] =
    ["Almeida", "Baker", "Chandra", "Dimitrov", "Eriksen", "Ferreira", "Gupta", "Hansen"];
const GIVEN: [&str; 8] = ["Ana", "Bruno", "Clara", "Dev", "Elif", "Frida", "Goran", "Hana"];

/// (LOINC code, name, unit, lowest tenth, range in tenths).
const TESTS: [(&str, &str, &str, u64, u64); 5] = [
    ("718-7", "Hemoglobin", "g/dL", 110, 60),
    ("2345-7", "Glucose", "mg/dL", 700, 700),
    ("2951-2", "Sodium", "mmol/L", 1_330, 140),
    ("2823-3", "Potassium", "mmol/L", 33, 22),
    ("6690-2", "Leukocytes", "10*3/uL", 40, 90),
];

/// (CVX code, name).
const VACCINES: [(&str, &str); 3] = [("141", "Influenza"), ("208", "COVID-19"), ("113", "Td")];

/// The number-th message of a patient: a visit begins, results and notes come, it ends.
pub(crate) fn message(patient: &Patient, number: usize, seed: u64) -> Vec<u8> {
    let mut dice = Dice::new(seed, patient.number, number);
    let visit = number / 8;
    let stage = number % 8;
    let (kind, structure) = match stage {
        0 => ("ADT^A04", "ADT_A01"),
        1 => ("ADT^A01", "ADT_A01"),
        2 | 4 => ("ORU^R01", "ORU_R01"),
        3 => ("ADT^A08", "ADT_A01"),
        5 => ("VXU^V04", "VXU_V04"),
        6 => ("MDM^T02", "MDM_T02"),
        _ if visit.is_multiple_of(2) => ("ADT^A03", "ADT_A03"),
        _ => ("SIU^S12", "SIU_S12"),
    };
    let when = stamp(visit, stage, &mut dice);
    let mut segments = vec![format!(
        "MSH|^~\\&|DEMOSYS|DEMO HOSPITAL|CAREWIRE|HUB|{when}||{kind}^{structure}|D{seed}-{}-{number}|P|2.5.1",
        patient.number
    )];
    let person = pid(patient);
    let visit_segment = pv1(patient, visit, stage, &when);
    match stage {
        2 | 4 => {
            segments.push(person);
            results(&mut segments, visit_segment, patient, number, &when, &mut dice);
        }
        5 => {
            segments.push(person);
            vaccination(&mut segments, patient, number, &when, &mut dice);
        }
        6 => {
            segments.extend([format!("EVN||{when}"), person]);
            document(&mut segments, visit_segment, patient, number, &when);
        }
        7 if !visit.is_multiple_of(2) => appointment(&mut segments, person, patient, number, &when),
        _ => {
            segments.push(format!("EVN||{when}"));
            segments.extend([person, visit_segment]);
            if stage == 1 {
                segments.push("AL1|1|DA^Drug allergy^HL70127|91936005^Allergy to penicillin^SCT|MO".into());
                segments.push(format!("DG1|1||J18.9^Pneumonia^I10||{when}|A"));
            }
        }
    }
    let mut text = segments.join("\r");
    text.push('\r');
    text.into_bytes()
}

/// Bytes that no parser can read: a broken sender.
pub(crate) fn unreadable(number: usize) -> Vec<u8> {
    format!("PID|1||{number}^^^DEMO\rOBX|1|ST|\r").into_bytes()
}

fn pid(patient: &Patient) -> String {
    let n = patient.number;
    let family = FAMILY.get(n % FAMILY.len()).unwrap_or(&"Almeida");
    let given = GIVEN.get(n / FAMILY.len() % GIVEN.len()).unwrap_or(&"Ana");
    let sex = if n.is_multiple_of(2) { "F" } else { "M" };
    let (year, month, day) = (1935 + n * 7 % 80, 1 + n % 12, 1 + n % 28);
    format!(
        "PID|1||{}^^^{AUTHORITY}^MR||{family}^{given}||{year}{month:02}{day:02}|{sex}|||{} Rua das Flores^^Porto^^4000-{:03}^PT||+351 22 {:07}",
        patient.mrn,
        1 + n % 200,
        n % 1_000,
        1_000_000 + n
    )
}

fn pv1(patient: &Patient, visit: usize, stage: usize, when: &str) -> String {
    let class = if stage == 0 { "O" } else { "I" };
    let bed = patient.number;
    let ward = format!("WARD{}^{}^{}^DEMO HOSPITAL", 1 + bed % 6, 100 + bed % 30, 1 + bed % 2);
    let number = format!("V{}-{visit}^^^{AUTHORITY}^VN", patient.number);
    let discharged = if stage == 7 { when } else { "" };
    segment(
        "PV1",
        &[(1, "1"), (2, class), (3, &ward), (7, DOCTOR), (19, &number), (44, when), (45, discharged)],
    )
}

fn results(
    segments: &mut Vec<String>,
    visit: String,
    patient: &Patient,
    number: usize,
    when: &str,
    dice: &mut Dice,
) {
    segments.push(visit);
    let order = format!("F{}-{number}^LAB^2.16.840.1.113883.19.5.98^ISO", patient.number);
    segments.push(segment("ORC", &[(1, "RE"), (3, &order)]));
    segments.push(segment(
        "OBR",
        &[
            (1, "1"),
            (3, &order),
            (4, "24323-8^Metabolic panel^LN"),
            (7, when),
            (22, when),
            (24, "LAB"),
            (25, "F"),
        ],
    ));
    for (index, (code, name, unit, lowest, range)) in TESTS.iter().enumerate().take(2 + number % 4) {
        let tenths = lowest + dice.up_to(*range);
        let (set, test) = ((index + 1).to_string(), format!("{code}^{name}^LN"));
        let (value, unit) = (format!("{}.{}", tenths / 10, tenths % 10), format!("{unit}^^UCUM"));
        segments.push(segment(
            "OBX",
            &[(1, &set), (2, "NM"), (3, &test), (5, &value), (6, &unit), (11, "F"), (14, when)],
        ));
    }
}

fn vaccination(segments: &mut Vec<String>, patient: &Patient, number: usize, when: &str, dice: &mut Dice) {
    let pick = usize::try_from(dice.up_to(3)).unwrap_or(0);
    let (code, name) = VACCINES.get(pick).unwrap_or(&("141", "Influenza"));
    let (order, vaccine) = (
        format!("I{}-{number}^VAX^2.16.840.1.113883.19.5.97^ISO", patient.number),
        format!("{code}^{name}^CVX"),
    );
    segments.push(segment("ORC", &[(1, "RE"), (3, &order)]));
    segments.push(segment(
        "RXA",
        &[
            (1, "0"),
            (2, "1"),
            (3, when),
            (5, &vaccine),
            (6, "0.5"),
            (7, "mL^^UCUM"),
            (9, "00^New immunization record^NIP001"),
            (20, "CP"),
            (21, "A"),
        ],
    ));
    segments.push("RXR|IM^Intramuscular^HL70162|LA^Left arm^HL70163".into());
}

fn document(segments: &mut Vec<String>, visit: String, patient: &Patient, number: usize, when: &str) {
    let id = format!("N{}-{number}^NOTES^2.16.840.1.113883.19.5.96^ISO", patient.number);
    segments.push(visit);
    segments.push(segment(
        "TXA",
        &[
            (1, "1"),
            (2, "CN^Consult note^HL70270"),
            (3, "TX"),
            (4, when),
            (5, DOCTOR),
            (12, &id),
            (17, "AU"),
            (19, "AV"),
        ],
    ));
    segments.push(segment(
        "OBX",
        &[
            (1, "1"),
            (2, "TX"),
            (3, "11488-4^Consult note^LN"),
            (5, "The patient is doing well."),
            (11, "F"),
            (14, when),
        ],
    ));
}

fn appointment(segments: &mut Vec<String>, person: String, patient: &Patient, number: usize, when: &str) {
    let id = format!("S{}-{number}^SCHED^2.16.840.1.113883.19.5.95^ISO", patient.number);
    let timing = format!("^^^{when}");
    segments.push(segment(
        "SCH",
        &[
            (1, &id),
            (2, &id),
            (6, "ROUTINE^Routine appointment^HL70276"),
            (9, "30"),
            (10, "min^^UCUM"),
            (11, &timing),
            (16, DOCTOR),
            (25, "Booked^Booked^HL70278"),
        ],
    ));
    segments.push(person);
    segments.push("RGS|1|A".into());
    segments.push(segment(
        "AIS",
        &[
            (1, "1"),
            (2, "A"),
            (3, "185349003^Encounter for check up^SCT"),
            (4, when),
            (7, "30"),
            (8, "min^^UCUM"),
        ],
    ));
}

/// A segment by its field numbers.
fn segment(name: &str, fields: &[(usize, &str)]) -> String {
    let last = fields.iter().map(|(number, _)| *number).max().unwrap_or(0);
    let mut text = name.to_owned();
    for wanted in 1..=last {
        text.push('|');
        text.push_str(fields.iter().find(|(number, _)| *number == wanted).map_or("", |(_, value)| value));
    }
    text
}

/// A plausible time in 2026, growing with visit and stage.
fn stamp(visit: usize, stage: usize, dice: &mut Dice) -> String {
    let day = visit * 9 % 300;
    format!(
        "2026{:02}{:02}{:02}{:02}{:02}+0000",
        1 + day / 28,
        1 + day % 28,
        8 + stage,
        dice.up_to(60),
        dice.up_to(60)
    )
}

/// A small generator (SplitMix64): the same seed, patient and number always make the same message.
struct Dice(u64);

impl Dice {
    fn new(seed: u64, patient: usize, number: usize) -> Self {
        let (patient, number) = (u64::try_from(patient).unwrap_or(0), u64::try_from(number).unwrap_or(0));
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ patient.rotate_left(32) ^ number)
    }

    fn up_to(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % limit.max(1)
    }
}
