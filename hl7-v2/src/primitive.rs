//! The form of numbers (chapter 2A).

/// NM: `[+|-]digits[.digits]`, also `.5` and `5.`
pub(crate) fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    is_digits(whole) && is_digits(fraction) && !(whole.is_empty() && fraction.is_empty())
}

/// SI: digits.
pub(crate) fn is_sequence_id(text: &str) -> bool {
    !text.is_empty() && is_digits(text)
}

/// Nothing but digits, or nothing.
pub(crate) fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for good in ["0", "-1", "+1.5", "007", "1.", ".5", "123456789012345678901234567890.1"] {
            assert!(is_number(good), "{good}");
        }
        for bad in ["", "-", ".", "+.", "1,5", "1e3", " 1", "1 ", "--1", "1.2.3", "<5", "١"] {
            assert!(!is_number(bad), "{bad}");
        }
    }
}
