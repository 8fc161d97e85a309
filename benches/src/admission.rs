//! An admission.

use crate::seed::{FAMILIES, GIVEN, STREETS, Seed, TOWNS, header, patient};

/// An ADT^A01 of about 1.5 KB: ten segments with repetitions, subcomponents and escape sequences.
#[must_use]
pub fn admission(seed: u64) -> String {
    let mut seed = Seed::new(seed);
    let segments = [
        header(&mut seed, "ADT^A01^ADT_A01"),
        "EVN|A01|20240301101500+0100|||ADMIT^Clerk^Ward\r".to_owned(),
        patient(&mut seed),
        next_of_kin(&mut seed),
        visit(&mut seed),
        "AL1|1|DA^Drug allergy^HL70127|7980^Penicillin \\T\\ derivatives^RXNORM|SV^Severe^HL70128|Hives\\.br\\Wheeze\r"
            .to_owned(),
        "DG1|1||I50.9^Heart failure, unspecified^I10||20240301|A\r".to_owned(),
        "DG1|2||E11.9^Type 2 diabetes \\F\\ no complications^I10||20240301|A\r".to_owned(),
        insurance(&mut seed),
        "ZPX|1|bed request\\X0D0A\\confirmed by \\S\\ward\\S\\|20240301101400\r".to_owned(),
    ];
    segments.concat()
}

fn next_of_kin(seed: &mut Seed) -> String {
    let (family, given, town) = (seed.pick(FAMILIES), seed.pick(GIVEN), seed.pick(TOWNS));
    let (house, street, phone) = (1 + seed.below(200), seed.pick(STREETS), seed.below(10_000_000));
    format!(
        "NK1|1|{family}^{given}^^^^^L|SPO^Spouse^HL70063|{house} {street}^^{town}^^W1A 1AA^GBR|\
         ^PRN^PH^^44^20^{phone:07}||EP^Emergency contact^HL70131\r"
    )
}

fn visit(seed: &mut Seed) -> String {
    let (ward, room, bed) = (seed.pick(&["ICU", "CARD", "SURG", "MED"]), seed.below(40), seed.below(4));
    let (family, given, doctor) = (seed.pick(FAMILIES), seed.pick(GIVEN), seed.below(100_000));
    let visit = seed.below(10_000_000);
    let physician = format!("{doctor:05}^{family}^{given}^^^Dr^^^NORTHSIDE&1.2.3.4&ISO^L^^^DN");
    format!(
        "PV1|1|I|{ward}^{room:03}^{bed}^NORTHSIDE&1.2.3.4&ISO^^BED|E|||{physician}|{physician}||MED||||7|||{physician}|IP|\
         V{visit:07}^^^NORTHSIDE&1.2.3.4&ISO^VN|||||||||||||||||||||||||20240301101500+0100\r"
    )
}

fn insurance(seed: &mut Seed) -> String {
    let (policy, town, since) = (seed.below(1_000_000_000), seed.pick(TOWNS), seed.date());
    format!(
        "IN1|1|GOLD^Gold plan^L|7781^^^PAYER|Mutual \\T\\ General|1 Payer Plaza^^{town}^^W1A 9ZZ^GBR||||\
         |||{since}||||SEL^Self^HL70063||||||||||||||||||{policy:09}\r"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_admission_has_the_size_that_real_ones_have() {
        for seed in 0..50 {
            let message = admission(seed);
            assert!((1_400..1_700).contains(&message.len()), "{} bytes", message.len());
            assert_eq!(message.matches('\r').count(), 10);
        }
    }

    #[test]
    fn seeds_make_different_people() {
        assert_ne!(admission(1), admission(2));
    }
}
