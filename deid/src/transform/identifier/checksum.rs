//! The sums that tell a mistyped number.

/// The digits of a text that has nothing else and `length` of them.
pub(super) fn digits(text: &str, length: usize) -> Option<Vec<u32>> {
    let digits: Option<Vec<_>> = text.chars().map(|digit| digit.to_digit(10)).collect();
    digits.filter(|digits| digits.len() == length)
}

/// The sum of each number times its weight.
pub(super) fn weighted(numbers: &[u32], weights: impl IntoIterator<Item = u32>) -> u32 {
    numbers.iter().zip(weights).map(|(number, weight)| number * weight).sum()
}

/// Whether the last digit makes the sum of Luhn (ISO/IEC 7812-1, annex B) a multiple of ten.
pub(super) fn luhn(digits: &[u32]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| if at.is_multiple_of(2) { *digit } else { digit * 2 / 10 + digit * 2 % 10 })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether the last digit closes the permutations of Verhoeff (Error Detecting Decimal Codes, 1969).
pub(super) fn verhoeff(digits: &[u32]) -> bool {
    let check =
        digits.iter().rev().enumerate().fold(0, |check, (at, digit)| {
            dihedral(check, (0..at % 8).fold(*digit, |digit, _| permuted(digit)))
        });
    check == 0
}

/// The product of the dihedral group of ten elements.
fn dihedral(a: u32, b: u32) -> u32 {
    match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    }
}

fn permuted(digit: u32) -> u32 {
    const PERMUTATION: [u32; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    usize::try_from(digit).ok().and_then(|at| PERMUTATION.get(at).copied()).unwrap_or_default()
}

/// The remainder of a long number.
pub(super) fn remainder(digits: &[u32], by: u32) -> u32 {
    digits.iter().fold(0, |rest, digit| (rest * 10 + digit) % by)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<u32> {
        digits(text, text.len()).unwrap()
    }

    #[test]
    fn published_examples() {
        assert!(luhn(&of("79927398713")) && !luhn(&of("79927398710")));
        assert!(verhoeff(&of("2363")) && !verhoeff(&of("2364")));
        assert_eq!(remainder(&of("12345678901234567890"), 97), 3);
    }

    #[test]
    fn verhoeff_finds_every_wrong_digit_and_every_swap_of_neighbours() {
        let right = of("234123412346");
        assert!(verhoeff(&right));
        for at in 0..right.len() {
            for digit in 0..10 {
                let mut wrong = right.clone();
                wrong[at] = digit;
                assert_eq!(verhoeff(&wrong), wrong == right);
            }
            let mut swapped = right.clone();
            swapped.swap(at, (at + 1) % right.len());
            assert_eq!(verhoeff(&swapped), swapped == right || at + 1 == right.len() && verhoeff(&swapped));
        }
    }

    #[test]
    fn the_dihedral_group_has_inverses_and_is_associative() {
        for a in 0..10 {
            assert!((0..10).any(|b| dihedral(a, b) == 0));
            for b in 0..10 {
                assert!((0..10).all(|c| dihedral(dihedral(a, b), c) == dihedral(a, dihedral(b, c))));
            }
        }
    }
}
