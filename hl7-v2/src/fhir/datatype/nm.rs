//! NM and SI, numbers.

use crate::fhir::context::Context;
use crate::fhir::report::Reason;
use crate::fhir::row::{Datatype, Found, Via};
use crate::fhir::tree::{Arena, Object, Val};

/// `NM[decimal]`
pub(crate) const NM_DECIMAL: Via = Via::Type(&Datatype {
    name: "NM[decimal]",
    fhir: "decimal",
    read: |n, c| Ok(decimal(n.text(), c.arena)?.map(Val::Number)),
});

/// `NM[positiveInt]`: a whole number above zero.
pub(crate) const NM_POSITIVE_INT: Via = Via::Type(&Datatype {
    name: "NM[positiveInt]",
    fhir: "positiveInt",
    read: |n, c| Ok(count(n.text(), c.arena)?.map(Val::Number)),
});

/// A whole number of zero or more.
pub(crate) const NM_UNSIGNED_INT: Via = Via::Type(&Datatype {
    name: "NM[unsignedInt]",
    fhir: "unsignedInt",
    read: |n, c| Ok(whole(n.text(), 0, c.arena)?.map(Val::Number)),
});

/// `NM[Quantity]`
pub(crate) const NM_QUANTITY: Via = Via::Type(&Datatype {
    name: "NM[Quantity]",
    fhir: "Quantity",
    read: |n, c| Ok(quantity(n.text(), c)?.map(Val::Object)),
});

/// `NM[Quantity-LengthOfStay]`: whole days. The guide writes the system of UCUM with a slash at its end, which it has
/// not.
pub(crate) const NM_QUANTITY_LENGTH_OF_STAY: Via = Via::Type(&Datatype {
    name: "NM[Quantity-LengthOfStay]",
    fhir: "Duration",
    read: |n, c| {
        let Some(days) = count(n.text(), c.arena)? else { return Ok(None) };
        let amount = c.object().with("value", Val::Number(days)).with("unit", "days");
        Ok(Some(amount.with("system", UCUM).with("code", "d").into()))
    },
});

/// The system of UCUM.
pub(crate) const UCUM: &str = "http://unitsofmeasure.org";

/// `NM[Quantity]` of a text: an amount without a unit.
pub(crate) fn quantity<'a>(text: Option<&'a str>, c: &Context<'a>) -> Found<Object<'a>> {
    Ok(decimal(text, c.arena)?.map(|value| c.object().with("value", Val::Number(value))))
}

/// The digits as written, without what JSON does not know: a plus sign, leading zeros, a bare point.
pub(crate) fn decimal<'a>(text: Option<&'a str>, arena: Arena<'a>) -> Found<&'a str> {
    let Some(text) = text else { return Ok(None) };
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !is_plain(whole) || !is_plain(fraction) {
        return Err(Reason::NotANumber);
    }
    let significant = whole.trim_start_matches('0');
    let whole_as_written = if significant.is_empty() { "0" } else { significant };
    let point = if fraction.is_empty() { "" } else { "." };
    if sign.len() + whole_as_written.len() + point.len() + fraction.len() == text.len()
        && !text.starts_with('+')
    {
        return Ok(Some(text));
    }
    Ok(Some(arena.format(format_args!("{sign}{whole_as_written}{point}{fraction}"))))
}

/// A whole number above zero, as far as FHIR counts.
pub(crate) fn count<'a>(text: Option<&'a str>, arena: Arena<'a>) -> Found<&'a str> {
    whole(text, 1, arena)
}

/// A whole number not below `least`, as far as FHIR counts.
pub(crate) fn whole<'a>(text: Option<&'a str>, least: i32, arena: Arena<'a>) -> Found<&'a str> {
    let Some(text) = text else { return Ok(None) };
    match text.parse::<i32>() {
        Ok(number) if number >= least => Ok(Some(arena.format(format_args!("{number}")))),
        _ => Err(Reason::NotACount),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{read, with_field};

    fn written(text: &str) -> Found<String> {
        with_field("x", |_, c| Ok(decimal(Some(c.arena.text(text)), c.arena)?.map(str::to_owned)))
    }

    #[test]
    fn digits_are_kept_as_written() {
        for (text, digits) in [
            ("0.50", "0.50"),
            ("+7", "7"),
            ("007", "7"),
            (".5", "0.5"),
            ("5.", "5"),
            ("-0", "-0"),
            ("-.5", "-0.5"),
            ("+.5", "0.5"),
            ("12", "12"),
        ] {
            assert_eq!(written(text), Ok(Some(digits.into())), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in ["", ".", "1e5", "1,5", "<5", "--1", "1.2.3", "five", "1 2", "-", "+"] {
            assert_eq!(written(text), Err(Reason::NotANumber), "{text}");
        }
        for text in ["0", "-1", "1.0", "4294967296"] {
            let counted =
                with_field("x", |_, c| Ok(count(Some(c.arena.text(text)), c.arena)?.map(str::to_owned)));
            assert_eq!(counted, Err(Reason::NotACount), "{text}");
        }
    }

    #[test]
    fn a_stay_is_in_days() {
        let (stay, _) = read("3", NM_QUANTITY_LENGTH_OF_STAY);
        assert_eq!(stay, r#"{"value":3,"unit":"days","system":"http://unitsofmeasure.org","code":"d"}"#);
        assert_eq!(read("007", NM_POSITIVE_INT).0, "7");
        assert_eq!(read("0", NM_UNSIGNED_INT).0, "0");
        assert_eq!(read("0.10", NM_QUANTITY).0, r#"{"value":0.10}"#);
    }
}
