//! Laboratory results.

use crate::seed::{Seed, header, patient};

/// An ORU^R01 of about 110 bytes an observation: one order, `observations` numeric results.
#[must_use]
pub fn results(seed: u64, observations: usize) -> String {
    let mut seed = Seed::new(seed);
    let mut message = header(&mut seed, "ORU^R01^ORU_R01");
    message.push_str(&patient(&mut seed));
    let order = seed.below(10_000_000);
    message.push_str(&format!(
        "OBR|1|{order:07}^WARDSYS|F{order:07}^LAB|24323-8^Comprehensive metabolic panel^LN|||20240301080000+0100\
         |||||||||00123^Dunmore^Clara|||||||20240301101500+0100||LAB|F\r"
    ));
    for set_id in 1..=observations {
        message.push_str(&observation(&mut seed, set_id));
    }
    message
}

fn observation(seed: &mut Seed, set_id: usize) -> String {
    const TESTS: &[&str] = &[
        "2345-7^Glucose [Mass/volume] in Serum^LN",
        "2160-0^Creatinine [Mass/volume] in Serum^LN",
        "2951-2^Sodium [Moles/volume] in Serum^LN",
        "2823-3^Potassium [Moles/volume] in Serum^LN",
    ];
    let (test, whole, tenth) = (seed.pick(TESTS), seed.below(200), seed.below(10));
    let (unit, flag) = (seed.pick(&["mg/dL", "mmol/L", "g/L"]), seed.pick(&["N", "H", "L"]));
    format!(
        "OBX|{set_id}|NM|{test}||{whole}.{tenth}|{unit}^^UCUM|3.5-145.0|{flag}|||F|||20240301080000+0100\r"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_holds_the_observations_asked_for() {
        let message = results(3, 200);
        assert_eq!(message.matches("\rOBX|").count(), 200);
        assert!((18_000..30_000).contains(&message.len()), "{} bytes", message.len());
        assert_eq!(results(3, 0).matches('\r').count(), 3);
    }
}
