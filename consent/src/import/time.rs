//! Times of HL7 v2, as FHIR writes them.

/// `YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]` (v2.5.1, 2.A.22) as a date or time of FHIR; `zone` is that of a time that names
/// none. `None` for what is no time, and for a time of day of which nobody knows the zone.
pub(super) fn fhir_time(text: &str, zone: Option<&str>) -> Option<String> {
    let sign = text.find(['+', '-']);
    let (time, offset) = sign
        .and_then(|at| text.split_at_checked(at))
        .map_or((text, None), |(time, offset)| (time, Some(offset)));
    let (digits, fraction) =
        time.split_once('.').map_or((time, None), |(digits, fraction)| (digits, Some(fraction)));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(digits) || !fraction.is_none_or(is_number) || (fraction.is_some() && digits.len() != 14) {
        return None;
    }
    let part = |from: usize| digits.get(from..from.saturating_add(2));
    let year = digits.get(..4)?;
    let date = match digits.len() {
        4 => return Some(year.to_owned()),
        6 => return Some(format!("{year}-{}", part(4)?)),
        8 | 10 | 12 | 14 => format!("{year}-{}-{}", part(4)?, part(6)?),
        _ => return None,
    };
    if digits.len() == 8 {
        return Some(date);
    }
    let offset = match offset {
        Some(offset) if offset.len() == 5 => format!("{}:{}", offset.get(..3)?, offset.get(3..)?),
        Some(_) => return None,
        None => zone?.to_owned(),
    };
    let of_day = format!("{}:{}:{}", part(8)?, part(10).unwrap_or("00"), part(12).unwrap_or("00"));
    let fraction = fraction.map(|fraction| format!(".{fraction}")).unwrap_or_default();
    Some(format!("{date}T{of_day}{fraction}{offset}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_keep_their_precision_and_need_a_zone() {
        for (text, expected) in [
            ("2026", Some("2026")),
            ("202605", Some("2026-05")),
            ("20260501", Some("2026-05-01")),
            ("2026050110", Some("2026-05-01T10:00:00-03:00")),
            ("20260501103059.25+0530", Some("2026-05-01T10:30:59.25+05:30")),
            ("202605011030Z", None),
            ("20260", None),
            ("2026.5", None),
            ("", None),
            ("canary", None),
        ] {
            assert_eq!(fhir_time(text, Some("-03:00")).as_deref(), expected, "{text}");
        }
        assert_eq!(fhir_time("202605011030", None), None);
    }
}
