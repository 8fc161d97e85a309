//! Messages of the sizes that real ones have, from the synthetic traffic of `carewire-hl7-v2`.

use carewire_hl7_v2::synthetic::{self, SenderProfile};

/// An ADT^A01 of about 1.4 KB: repetitions, subcomponents and escape sequences.
#[must_use]
pub fn admission(seed: u64) -> String {
    text(synthetic::admission(seed, &SenderProfile::northside()))
}

/// An ADT^A01 of 1,450 to 1,600 bytes, of a sender with a long name: what is measured as "an ADT of 1.5 KB".
#[must_use]
pub fn admission_of_1_5_kb() -> String {
    let sender = SenderProfile { facility: "NORTHSIDE-GENERAL".to_owned(), ..SenderProfile::northside() };
    let mut admissions = (0..1_000).map(|seed| text(synthetic::admission(seed, &sender)));
    admissions.find(|message| (1_450..=1_600).contains(&message.len())).unwrap_or_default()
}

/// An ORU^R01 of about 150 bytes an observation: one order, `observations` numeric results.
#[must_use]
pub fn results(seed: u64, observations: usize) -> String {
    text(synthetic::results(seed, &SenderProfile::northside(), observations))
}

/// The sender writes UTF-8, and its names are in it.
fn text<E>(bytes: Result<Vec<u8>, E>) -> String {
    bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_admission_has_the_size_that_real_ones_have() {
        for seed in 0..50 {
            let message = admission(seed);
            assert!((1_250..1_700).contains(&message.len()), "{} bytes", message.len());
            assert!(message.contains("\\T\\") && message.contains('~') && message.contains('&'));
        }
        assert_ne!(admission(1), admission(2));
    }

    #[test]
    fn there_is_an_admission_of_1_5_kb() {
        assert!((1_450..=1_600).contains(&admission_of_1_5_kb().len()));
    }

    #[test]
    fn a_report_holds_the_observations_asked_for() {
        let message = results(3, 200);
        assert_eq!(message.matches("\rOBX|").count(), 200);
        assert!((20_000..40_000).contains(&message.len()), "{} bytes", message.len());
        assert_eq!(results(3, 0).matches("\rOBX|").count(), 0);
    }
}
