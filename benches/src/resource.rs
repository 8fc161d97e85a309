//! FHIR resources.

use crate::seed::{FAMILIES, GIVEN, STREETS, Seed, TOWNS};

/// A Patient of about 2.7 KB: extensions, a narrative, two identifiers, names and addresses, a contact.
#[must_use]
pub fn patient_resource(seed: u64) -> String {
    Filler::new(seed).fill(include_str!("resource/patient.json"))
}

/// A laboratory Observation of about 1.3 KB, with a quantity and a reference range.
#[must_use]
pub fn observation_resource(seed: u64) -> String {
    Filler::new(seed).fill(include_str!("resource/observation.json"))
}

/// A Bundle of about 20 KB: a search's answer with one Patient and what belongs to a stay.
#[must_use]
pub fn bundle_resource(seed: u64) -> String {
    let mut filler = Filler::new(seed);
    let singles = [
        include_str!("resource/patient.json"),
        include_str!("resource/encounter.json"),
        include_str!("resource/condition.json"),
        include_str!("resource/medication_request.json"),
        include_str!("resource/medication_request.json"),
    ];
    let results = std::iter::repeat_n(include_str!("resource/observation.json"), 8);
    let entries: Vec<String> = singles.into_iter().chain(results).map(|text| filler.entry(text)).collect();
    format!(
        r#"{{"resourceType":"Bundle","id":"{}","type":"searchset","total":{},"link":[{{"relation":"self","url":"https://fhir.example.org/R4/Patient?_id=1"}}],"entry":[{}]}}"#,
        filler.uuid(),
        entries.len(),
        entries.join(",")
    )
}

/// Puts invented people and results into the templates beside this file.
struct Filler {
    seed: Seed,
    patient: String,
    encounter: String,
}

impl Filler {
    fn new(seed: u64) -> Self {
        let mut filler = Self { seed: Seed::new(seed), patient: String::new(), encounter: String::new() };
        filler.patient = filler.uuid();
        filler.encounter = filler.uuid();
        filler
    }

    fn entry(&mut self, template: &str) -> String {
        let resource = self.fill(template);
        let url = self.uuid();
        format!(r#"{{"fullUrl":"urn:uuid:{url}","resource":{resource},"search":{{"mode":"match"}}}}"#)
    }

    /// A template without its line ends, every `{word}` filled.
    fn fill(&mut self, template: &str) -> String {
        const TESTS: &[(&str, &str)] = &[
            ("2345-7", "Glucose [Mass/volume] in Serum or Plasma"),
            ("2160-0", "Creatinine [Mass/volume] in Serum or Plasma"),
            ("2951-2", "Sodium [Moles/volume] in Serum or Plasma"),
        ];
        let compact: String = template.lines().collect();
        let index = usize::try_from(self.seed.below(TESTS.len() as u64)).unwrap_or(0);
        let (loinc, test) = TESTS.get(index).copied().unwrap_or_default();
        let number = |filler: &mut Self, below| filler.seed.below(below).to_string();
        let words = [
            ("{id}", self.uuid()),
            ("{patient}", self.patient.clone()),
            ("{encounter}", self.encounter.clone()),
            ("{practitioner}", self.uuid()),
            ("{date}", self.date(2020)),
            ("{born}", self.date(1940)),
            ("{family}", self.seed.pick(FAMILIES).to_owned()),
            ("{given}", self.seed.pick(GIVEN).to_owned()),
            ("{second}", self.seed.pick(GIVEN).to_owned()),
            ("{street}", self.seed.pick(STREETS).to_owned()),
            ("{town}", self.seed.pick(TOWNS).to_owned()),
            ("{number}", number(self, 10_000_000)),
            ("{national}", number(self, 1_000_000_000)),
            ("{phone}", number(self, 10_000_000)),
            ("{house}", number(self, 200)),
            ("{value}", format!("{}.{}0", self.seed.below(200), self.seed.below(10))),
            ("{unit}", self.seed.pick(&["mg/dL", "mmol/L", "g/L"]).to_owned()),
            ("{loinc}", loinc.to_owned()),
            ("{test}", test.to_owned()),
        ];
        words.iter().fold(compact, |text, (word, value)| text.replace(word, value))
    }

    fn date(&mut self, first_year: u64) -> String {
        let (year, month, day) = (self.seed.below(5), self.seed.below(12), self.seed.below(28));
        format!("{}-{:02}-{:02}", first_year + year, 1 + month, 1 + day)
    }

    fn uuid(&mut self) -> String {
        let mut part = |digits: u32| self.seed.below(1 << (4 * digits));
        let (a, b, c, d, e) = (part(8), part(4), part(3), part(3), part(12));
        format!("{a:08x}-{b:04x}-4{c:03x}-a{d:03x}-{e:012x}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_have_the_sizes_that_real_ones_have() {
        for seed in 0..20 {
            for (text, sizes) in [
                (patient_resource(seed), 2_500..3_300),
                (observation_resource(seed), 1_100..1_600),
                (bundle_resource(seed), 18_000..22_000),
            ] {
                assert!(sizes.contains(&text.len()), "{} bytes", text.len());
                assert!(!text.contains("{id}") && text.matches('{').count() == text.matches('}').count());
            }
        }
    }

    #[test]
    fn seeds_make_different_resources() {
        assert_ne!(patient_resource(1), patient_resource(2));
        assert_eq!(bundle_resource(3), bundle_resource(3));
    }
}
