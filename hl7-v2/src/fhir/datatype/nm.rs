//! NM and SI, numbers.

use carewire_fhir_core::Decimal;

use crate::fhir::report::Reason;
use crate::fhir::row::Found;

/// `NM[decimal]`: the digits as written, without what JSON does not know: a plus sign, leading zeros, a bare point.
pub(crate) fn decimal(text: Option<String>) -> Found<Decimal> {
    let Some(text) = text else { return Ok(None) };
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(&text)),
    };
    let (whole, fraction) =
        digits.split_once('.').map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let plain = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let empty = whole.is_empty() && fraction.is_none_or(str::is_empty);
    if empty || !plain(whole) || !fraction.is_none_or(plain) {
        return Err(Reason::NotANumber);
    }
    let significant = whole.trim_start_matches('0');
    let whole = if significant.is_empty() { "0" } else { significant };
    let point = fraction.filter(|fraction| !fraction.is_empty()).map(|f| format!(".{f}")).unwrap_or_default();
    Decimal::parse(&format!("{sign}{whole}{point}")).map(Some).map_err(|_| Reason::NotANumber)
}

/// `NM[positiveInt]`
pub(crate) fn count(text: Option<String>) -> Found<u32> {
    let Some(text) = text else { return Ok(None) };
    match text.parse::<u32>() {
        Ok(number) if number > 0 && i32::try_from(number).is_ok() => Ok(Some(number)),
        _ => Err(Reason::NotACount),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Result<Option<String>, Reason> {
        Ok(decimal(Some(text.into()))?.map(|decimal| decimal.as_str().to_owned()))
    }

    #[test]
    fn digits_are_kept_as_written() {
        for (text, digits) in
            [("0.50", "0.50"), ("+7", "7"), ("007", "7"), (".5", "0.5"), ("5.", "5"), ("-0", "-0")]
        {
            assert_eq!(written(text), Ok(Some(digits.into())), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", ".", "1e5", "1,5", "<5", "--1", "1.2.3", "five", "1 2"] {
            assert_eq!(written(text), Err(Reason::NotANumber), "{text}");
        }
        for text in ["0", "-1", "1.0", "4294967296"] {
            assert_eq!(count(Some(text.into())), Err(Reason::NotACount), "{text}");
        }
    }
}
