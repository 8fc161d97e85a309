use super::*;
use proptest::prelude::*;

fn fhir(text: &str) -> Result<(String, Option<Reduction>), TimestampError> {
    text.parse::<Timestamp>().map(|time| (time.to_fhir().text, time.to_fhir().reduced))
}

#[test]
fn precision_survives() {
    for (v2, text, reduced) in [
        ("2024", "2024", None),
        ("202403", "2024-03", None),
        ("20240229", "2024-02-29", None),
        ("20240301+0100", "2024-03-01", None),
        ("2024030110", "2024-03-01", Some(Reduction::NoMinutes)),
        ("2024030110+0100", "2024-03-01", Some(Reduction::NoMinutes)),
        ("202403011015", "2024-03-01", Some(Reduction::NoZone)),
        ("202403011015+0100", "2024-03-01T10:15:00+01:00", None),
        ("20240301101530-0000", "2024-03-01T10:15:30-00:00", None),
        ("20240301101530.0+0545", "2024-03-01T10:15:30.0+05:45", None),
        ("20240301101530.0420-0330", "2024-03-01T10:15:30.0420-03:30", None),
    ] {
        assert_eq!(fhir(v2), Ok((text.into(), reduced)), "{v2}");
    }
}

#[test]
fn what_is_not_a_timestamp_is_refused() {
    use TimestampError::{Range, Shape};
    for (v2, error) in [
        ("", Shape),
        ("24", Shape),
        ("202", Shape),
        ("2024-03-01", Shape),
        ("20240301T1015", Shape),
        ("20240301 1015", Shape),
        ("2024030110153012", Shape),
        ("20240301101530.", Shape),
        ("20240301101530.12345", Shape),
        ("202403011015.5", Shape),
        ("20240301101530+1", Shape),
        ("20240301101530+01:00", Shape),
        ("２０２４", Shape),
        ("00000000", Range),
        ("20241301", Range),
        ("20240230", Range),
        ("20230229", Range),
        ("2024030124", Range),
        ("202403011060", Range),
        ("20240301101530+1401", Range),
    ] {
        assert_eq!(fhir(v2), Err(error), "{v2}");
    }
}

#[test]
fn odd_times_are_taken_or_refused() {
    use TimestampError::{Range, Shape};
    let v2 = |text: &str| text.parse::<Timestamp>().map(|time| time.to_v2());
    for text in
        ["20161231235960", "20161231235960.9999+0000", "20240301101530-0000", "20240301+1400", "2024-0500"]
    {
        assert_eq!(v2(text).as_deref(), Ok(text));
    }
    assert_eq!(fhir("20161231235960+0000").map(|(text, _)| text).as_deref(), Ok("2016-12-31T23:59:60+00:00"));
    for (text, error) in [
        ("202403012400", Range),
        ("20240301240000", Range),
        ("20161231235961", Range),
        ("20240301101530.12345", Shape),
        ("20240301101530.", Shape),
        ("2024030110.5", Shape),
        ("20240301101530+01", Shape),
        ("20240301101530+01:00", Shape),
        ("20240301101530Z", Shape),
        ("20240301 1015", Shape),
        ("2024-03-01", Shape),
        ("00000101", Range),
        ("20230229", Range),
        ("202", Shape),
        ("", Shape),
    ] {
        assert_eq!(v2(text), Err(error), "{text}");
    }
    let (plus, minus): (UtcOffset, UtcOffset) = ("+0000".parse().unwrap(), "-0000".parse().unwrap());
    assert_ne!(plus, minus);
    assert_eq!((plus.minutes(), minus.minutes(), minus.to_v2()), (0, 0, "-0000".to_owned()));
    assert_eq!("-0330".parse::<UtcOffset>().map(|offset| offset.minutes()), Ok(-210));
}

#[test]
fn the_degree_of_precision_takes_away_and_never_adds() {
    let v2 = |text, degree| Timestamp::parse_ts(text, degree).unwrap().to_v2();
    let full = "20240301101530.25+0100";
    for (degree, text) in [
        ("Y", "2024+0100"),
        ("L", "202403+0100"),
        ("D", "20240301+0100"),
        ("H", "2024030110+0100"),
        ("M", "202403011015+0100"),
        ("S", "20240301101530+0100"),
        ("", full),
        ("X", full),
    ] {
        assert_eq!(v2(full, degree), text, "{degree}");
        assert_eq!(v2("2024", degree), "2024");
    }
    assert_eq!(Timestamp::parse_date("202403").map(|date| date.to_v2()).as_deref(), Ok("202403"));
    assert_eq!(Timestamp::parse_date("2024030110"), Err(TimestampError::Shape));
    assert_eq!(Timestamp::parse_date("20240301+0100"), Err(TimestampError::Shape));
}

#[test]
fn debug_and_errors_hold_no_date() {
    let time: Timestamp = "19610615101530+0100".parse().unwrap();
    let shown = format!("{time:?} {:?} {:?}", time.to_fhir(), fhir("19611315"));
    assert!(!shown.contains("1961") && !shown.contains("0615"), "{shown}");
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        let _ = text.parse::<Timestamp>();
    }

    #[test]
    fn what_is_read_is_written_back(
        text in "(19|20)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])([01][0-9][0-5][0-9]([0-5][0-9](\\.[0-9]{1,4})?)?)?([+-]0[0-9][0-5][0-9])?"
    ) {
        prop_assert_eq!(text.parse::<Timestamp>().map(|time| time.to_v2()), Ok(text));
    }

    #[test]
    fn what_is_read_keeps_its_digits(text in "[0-9]{4}(0[1-9]|1[0-2])([0-2][0-9]){0,2}") {
        if let Ok(time) = text.parse::<Timestamp>() {
            let digits: String = time.to_fhir_date().chars().filter(char::is_ascii_digit).collect();
            prop_assert!(text.starts_with(&digits));
            prop_assert_eq!(time.to_v2(), text);
        }
    }
}
