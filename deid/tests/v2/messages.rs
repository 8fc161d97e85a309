//! What becomes of messages: survivors, identifiers, dates, notations.

use carewire_deid::{Error, MessageFault, Policy, Treatment, v2};

use super::{day, deidentified, keys, org, own, text};

const ORU: &str = "MSH|^~\\&|LAB|GEN^1.2.3^ISO|EHR||20240305101500.123+0100||ORU^R01^ORU_R01|MSG42|P|2.5.1|||AL|NE|USA|UNICODE UTF-8\r\
SFT|Vendor Inc|1.0|Product\r\
PID|1||7^^^GEN^MR~123-45-6789^^^SSA&2.16.840.1.113883.4.1&ISO^SS||Smith^Jo^^^Mrs||19310203|F||2106-3^White^HL70005|1 Main St^^Boston^MA^02139-4307^USA^H^^Suffolk||555-0100|||M^Married^HL70002|||123-45-6789\r\
PV1|1|I|ICU^101^2^GEN||||1234^Welby^Marcus^^^Dr^^^NPI|||MED||||7|||||V99^^^GEN^VN\r\
ORC|RE|P1^EHR|F1^LAB|||||||U1^Nurse\r\
OBR|1|P1^EHR|F1^LAB|718-7^Hb of Mrs Smith^LN|||20240305090000+0100\r\
OBX|1|NM|718-7^Hemoglobin^LN|1.2|13.20|g/dL^gram^UCUM|12.0-16.0|H^High^HL70078|||F|||20240305093000+0100||9^Tech^Ann\r\
OBX|2|CE|8251-1^Comment^LN||LOCAL9^weird Smith^L||||||F\r\
OBX|3|TX|8251-1||Call Mrs Smith on 555-0100||||||F\r\
OBX|4|SN|1-8||>=^90||||||F\r\
OBX|5|DT|21112-8^Birth date^LN||19310203||||||F\r\
OBX|6|NM|30525-0^Age^LN||93|a^year^UCUM|||||F\r\
OBX|7|ED|11502-2||^TEXT^^Base64^U21pdGg=||||||F\r\
NTE|1|L|Mrs Smith was here|RE^Remark^HL70364\r\
ZPI|1|secret|more^secret\r";

#[test]
fn clinical_content_stays_byte_for_byte_and_the_rest_goes() {
    let out = text(Policy::pseudonymous(), ORU);
    let lines: Vec<_> = out.split('\r').collect();
    assert_eq!(lines.len(), ORU.split('\r').count());
    for survivor in [
        "|20240305101500.123+0100||ORU^R01^ORU_R01|",
        "|P|2.5.1|||AL|NE|USA|UNICODE UTF-8",
        "|718-7^^LN|||20240305090000+0100",
        "OBX|1|NM|718-7^^LN|1.2|13.20|g/dL^^UCUM|12.0-16.0|H^High^HL70078|||F|||20240305093000+0100||",
        "OBX|3|TX|",
        "OBX|4|SN|",
        "|>=^90|",
        "NTE|1|L||RE^^HL70364",
        "ZPI|1||",
        "M^Married^HL70002",
        "|MED||||7|",
    ] {
        assert!(out.contains(survivor), "{survivor} is lost:\n{}", out.replace('\r', "\n"));
    }
    for secret in [
        "Smith", "Jo", "123-45", "555", "Main", "Boston", "MSG42", "P1", "secret", "U21", "weird", "LOCAL",
        "GEN", "Welby", "ICU", "Ann", "V99",
    ] {
        assert!(!out.contains(secret), "{secret} stays:\n{}", out.replace('\r', "\n"));
    }
    assert!(lines[1].chars().filter(|one| *one == '|').count() == 3, "fields hold their places");
}

#[test]
fn an_identifier_has_one_surrogate_wherever_it_stands() {
    let out = text(Policy::pseudonymous(), ORU);
    let surrogate = keys().pseudonym("identifier", &[b"urn:carewire:authority:clinic:GEN", b"7"]);
    assert!(out.contains(&format!("PID|1||{surrogate}^^^&urn:carewire:pseudonym&URI^MR~")), "{out}");
    let placer = keys().pseudonym("identifier", &[b"urn:carewire:authority:clinic:EHR", b"P1"]);
    assert_eq!(out.matches(&format!("|{placer}^^urn:carewire:pseudonym^URI|")).count(), 2);
    let ssn = keys().pseudonym("identifier", &[b"urn:oid:2.16.840.1.113883.4.1", b"123-45-6789"]);
    assert!(out.contains(&ssn));
}

#[test]
fn dates_by_the_policy() {
    let year = text(&Policy::parse_toml(&own("year")).unwrap(), ORU);
    assert!(year.contains("||2024||ORU"));
    assert!(!year.contains("1931") && !year.contains("20240"), "{year}");
    assert!(year.contains("^^^MA^021^USA") && year.contains("|90|a^^UCUM|"), "{year}");

    let shift = text(&Policy::parse_toml(&own("shift")).unwrap(), ORU);
    let field = |line: usize, number: usize| {
        shift.split('\r').nth(line).unwrap().split('|').nth(number).unwrap().to_owned()
    };
    let (drawn, taken) = (field(5, 7), field(6, 14));
    assert!(!shift.contains("202403051") && drawn.get(..8) == taken.get(..8) && *drawn < *"20240305");
    assert!(drawn.ends_with("090000+0100") && taken.ends_with("093000+0100"));
}

#[test]
fn the_built_in_policies_keep_what_they_may() {
    let field = |policy: &str, line: usize, number: usize| {
        let out = text(Policy::built_in(policy).unwrap(), ORU);
        out.split('\r').nth(line).and_then(|line| line.split('|').nth(number)).unwrap().to_owned()
    };
    assert_eq!(field("safe-harbor", 2, 11), "^^^MA^021^USA^H");
    assert_eq!(field("safe-harbor", 2, 7), "", "a birth that makes 95 is not told");
    assert_eq!(field("limited-data-set", 2, 11), "^^^MA^02139-4307^USA^H");
    for policy in super::BUILT_IN {
        assert_eq!(field(policy, 0, 8), "ORU^R01^ORU_R01");
        assert_eq!(field(policy, 6, 5), "13.20");
    }
}

#[test]
fn two_patients_in_a_message_have_their_own_shifts() {
    let policy = Policy::parse_toml(&own("shift")).unwrap();
    let swap = |second: &str| {
        format!(
            "MSH|^~\\&|A|B|||20240305||ADT^A17|1|P|2.5\rPID|1||7^^^GEN^MR||||19700101\rPV1|1|I||||||||||||||||||||||||||||||||||||||||||20240301\r\
                 PID|2||{second}^^^GEN^MR||||19700101\rPV1|1|I||||||||||||||||||||||||||||||||||||||||||20240301\r"
        )
    };
    let dates = |message: &str| {
        let out = text(&policy, message);
        let last = |line: usize, field: usize| {
            out.split('\r').nth(line).unwrap().split('|').nth(field).unwrap().to_owned()
        };
        [last(1, 7), last(2, 44), last(3, 7), last(4, 44)]
    };
    let [one, admitted, two, other] = dates(&swap("8"));
    assert!(one != two && admitted != other);
    let [one, admitted, two, other] = dates(&swap("7"));
    assert!(one == two && admitted == other);
}

#[test]
fn without_a_patient_a_date_becomes_a_year() {
    let policy = Policy::parse_toml(&own("shift")).unwrap();
    let out = text(&policy, "MSH|^~\\&|A|B|||20240305||MFN^M01|1|P|2.5\rMFI|A\r");
    assert!(out.contains("|2024||MFN"), "{out}");
}

#[test]
fn any_notation_is_read() {
    let policy = Policy::pseudonymous();
    // Custom delimiters, line feeds, a byte-order mark, frames, lower case, blank lines, nulls, repetitions.
    let custom = "\u{feff}\x0bmsh#*%!@#A#B###20240305##ADT*A01#1#P#2.5\n\npid#1##7***GEN*MR%8***GEN*PI##\"\"##\"\"#F\r\nPV1#1#I\x1c\r";
    let out = text(policy, custom);
    assert!(
        out.starts_with("MSH#*%!@#") && out.contains("\nPID#1##") && out.ends_with("#F\r\nPV1#1#I\r"),
        "{out:?}"
    );
    assert!(out.contains("***@urn:carewire:pseudonym@URI*MR%") && !out.contains("GEN"), "{out:?}");
    // Delimiters that stand in the marker are escaped.
    let colon = text(policy, "MSH|:~\\&|A|B|||20240305||ADT:A01|1|P|2.5\rPID|1||7:::GEN:MR\r");
    assert!(colon.contains("urn\\S\\carewire\\S\\pseudonym"), "{colon}");
    // Fewer delimiters than usual.
    let few = text(policy, "MSH|^|A|B|||20240305||ADT^A01|1|P|2.5\rPID|1||7^^^GEN^MR||Smith^Jo||||F\r");
    assert!(few.starts_with("MSH|^|") && !few.contains("Smith"), "{few}");
    // What is escaped is the same identifier.
    let escaped = text(policy, "MSH|^~\\&|A|B|||2024||ADT^A01|1|P|2.5\rPID|1||\\X37\\^^^GEN^MR\r");
    assert!(
        escaped.contains(&keys().pseudonym("identifier", &[b"urn:carewire:authority:clinic:GEN", b"7"])),
        "{escaped}"
    );
}

#[test]
fn an_identifier_that_is_blank_is_not_said_to_be_a_surrogate() {
    let out = text(
        Policy::pseudonymous(),
        "MSH|^~\\&|A|B|||2024||ADT^A01|1|P|2.5\rPID|1|| ^^^GEN~&x^^^GEN~\"\"^^^GEN\r",
    );
    assert!(out.ends_with("PID|1||~~\"\"\r"), "{out}");
}

#[test]
fn files_with_envelopes_keep_them() {
    let file = "FHS|^~\\&|A|B|||20240305|||secret\rBHS|^~\\&|A|B\rMSH|^~\\&|A|B|||20240305||ADT^A01|1|P|2.5\rPID|1||7\r\
                MSH#*~\\&#A#B###20240305##ADT*A08#2#P#2.5\rPID#1##8\rBTS|2|secret\rFTS|1\r";
    let out = text(Policy::pseudonymous(), file);
    let names: Vec<_> = out.split('\r').map(|line| line.get(..4).unwrap_or_default()).collect();
    assert_eq!(names, ["FHS|", "BHS|", "MSH|", "PID|", "MSH#", "PID#", "BTS|", "FTS|", ""]);
    assert!(out.contains("BTS|2|\rFTS|1\r"));
    assert!(!out.contains("secret"));
}

#[test]
fn what_is_no_segment_goes() {
    let message = "MSH|^~\\&|A|B|||2024||ORU^R01|1|P|2.5\rOBX|1|TX|1||a line\nJoe\nSmith|2\nDon called\nABC|x\r\rNTE|1\r";
    let out = text(Policy::pseudonymous(), message);
    for secret in ["Joe", "Smith", "Don", "ABC", "a line"] {
        assert!(!out.contains(secret), "{out}");
    }
    assert!(out.ends_with("\nNTE|1\r") || out.ends_with("NTE|1\r"));
}

#[test]
fn bytes_that_hide_delimiters_do_not_move_fields() {
    // A name in JIS X 0208 with the byte of `|` in it; a birth date behind it stays one.
    let japanese =
        b"MSH|^~\\&|A|B|||2024||ADT^A01|1|P|2.5||||||~ISO IR87\rPID|1||7||\x1b$B;3|E\x1b(B||20240101|F\r";
    let out = deidentified(Policy::pseudonymous(), japanese);
    assert!(out.ends_with(b"|||||F\r"), "{}", String::from_utf8_lossy(&out));
    let chinese =
        b"MSH|^~\\&|A|B|||2024||ADT^A01|1|P|2.5||||||GB 18030-2000\rPID|1||7||\x81|\x81^||20240101|F\r";
    let out = deidentified(Policy::pseudonymous(), chinese);
    assert!(out.ends_with(b"|||||F\r"), "{}", String::from_utf8_lossy(&out));
}

#[test]
fn what_cannot_be_read_is_a_typed_error_and_writes_nothing() {
    let (keys, org) = (keys(), org());
    let policy = Policy::pseudonymous();
    let mut messages = v2::Deidentifier::new(policy, v2::V2Context::new(&keys, &org)).unwrap();
    let wide: Vec<u8> = "MSH|^~\\&|Smith".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, expected) in [
        (&b""[..], MessageFault::NoHeader),
        (b"PID|1||Smith", MessageFault::NoHeader),
        (b"MSHSmith", MessageFault::NoHeader),
        (&wide, MessageFault::Wide),
    ] {
        let mut out = b"before".to_vec();
        let error = messages.write(bytes, &mut out).unwrap_err();
        assert!(
            matches!(&error, Error::Message { segment: 1, reason, .. } if *reason == expected),
            "{error:?}"
        );
        assert!(out == b"before" && !format!("{error} {error:?}").contains("Smith"));
    }
}

#[test]
fn the_manifest_counts_by_path_and_says_no_value() {
    let (keys, org) = (keys(), org());
    let policy = Policy::pseudonymous();
    let context = v2::V2Context::new(&keys, &org).with_as_of(day());
    let mut messages = v2::Deidentifier::new(policy, context).unwrap();
    messages.write(ORU.as_bytes(), &mut Vec::new()).unwrap();
    messages.write(ORU.as_bytes(), &mut Vec::new()).unwrap();
    let manifest = messages.manifest();
    assert_eq!((manifest.policy(), manifest.count("PID-5", Treatment::Dropped)), ("pseudonymous", 2));
    assert_eq!(manifest.count("PID-3", Treatment::Pseudonymised), 4);
    assert_eq!(manifest.count("PID-8", Treatment::Kept), 2);
    let shown = format!("{manifest:?} {messages:?}");
    assert!(!shown.contains("Smith") && !shown.contains("13.20"));
}
