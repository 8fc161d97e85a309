//! Escape sequences and separators as real systems send them, with the place where each case is reported.

use carewire_hl7_v2::escape::{EscapeOptions, LineEnds, PieceKind, escape, escape_with, pieces, unescape};
use carewire_hl7_v2::{Charset, Delimiters, Message, ParseOptions};
use proptest::prelude::*;

/// A text as written, its meaning, and the report, test or fault of another library that it is from.
const TEXTS: &[(&str, &str, &str)] = &[
    // delimiters
    (r"Johnson \T\ Johnson", "Johnson & Johnson", "Mirth connect #1588: mapped with the sequence in it"),
    (r"TEST\F\TEST", "TEST|TEST", "HL7-dotnetcore #110: PID-5 of an ADT^A28 from SAP"),
    (r"\E\\F\\R\\S\\T\\X484559\", r"\|~^&HEY", "kdar/health #4: all of them in one field"),
    (
        r"\E\\E\servername\E\share$\E\folder\E\filename.PDF",
        r"\\servername\share$\folder\filename.PDF",
        "Mirth connect #4097: a file share in OBX-5",
    ),
    (r"100\S\9/L", "100^9/L", "chapter 2: a power in the units of OBX-6"),
    (r"a\R\b", "a~b", "hl7apy #15: a tilde in a text"),
    (
        r"Springfield Probation \T\ Parole",
        "Springfield Probation & Parole",
        "prime-reportstream #3712: facility in MSH-4",
    ),
    (r"\F\\F\", "||", "HAPI EscapeTest: a table drawn with bars in an NTE"),
    (
        r"\F\         \F\                  \F\Treat when:",
        "|         |                  |Treat when:",
        "HAPI EscapeTest: OLIS lipid targets",
    ),
    // the escape character itself
    (r"\E\R\", r"\R\", "python-hl7 #84: last character dropped"),
    (r"\E\R\E\", r"\R\", "python-hl7 #84: the same text, well formed"),
    (r"\E\X09\E\", r"\X09\", "HL7-V2 #40 (Epic): a sequence escaped once more"),
    (r"\E\x09\E\", r"\x09\", "HL7-V2 #40 (Epic): the same in lower case"),
    (r"\E\\E\X09\E\\E\", r"\\X09\\", "HL7-V2 #40: escaped twice more"),
    (r"Double encoded value: \E\T\E\", r"Double encoded value: \T\", "HL7-dotnetcore #117: read as &"),
    (r"\E\", r"\", "HL7-dotnetcore #113: alone in a component, index out of range"),
    (r"123456789^\E\", r"123456789^\", "HL7-dotnetcore #113: at the end of a field"),
    (r"line 1\E\.br\E\line 2", r"line 1\.br\line 2", "hl7apy #85: a line break escaped as text"),
    (
        r"Th\T\is\E\.br\E\is\E\.br\E\A T\F\est\E\",
        r"Th&is\.br\is\.br\A T|est\",
        "nHapi #74: written for a text with sequences",
    ),
    (r"Th\T\is\.br\is\.br\A T\F\est\E\", "Th&is\nis\nA T|est\\", "nHapi #74: the text that was expected"),
    (r"\E\\E\", r"\\", "HL7-V2 #7: two escaped in a row"),
    // strays
    (r"**BSV 4\5 re.**", r"**BSV 4\5 re.**", "HL7-dotnetcore #77: a stray escape character in a Z segment"),
    (r"4\5 re. \T\ li.", r"4\5 re. & li.", "HL7-dotnetcore #77: a sequence behind a stray one"),
    (r"text\", r"text\", "python-hl7 #85: unclosed at the end"),
    (r"C:\Reports\lab.pdf", r"C:\Reports\lab.pdf", "own probe: a path that its sender did not escape"),
    (r"DOMAIN\user", r"DOMAIN\user", "own probe: a login name that its sender did not escape"),
    (r"\\server\share", r"\\server\share", "Mirth connect #4097: the same share, not escaped"),
    (r"\", r"\", "own probe: alone"),
    (r"\\", r"\\", "ruby-hl7 #80: collapsed into one"),
    (r"a\Q\b", r"a\Q\b", "own probe: not a sequence"),
    (r"a\T b\", r"a\T b\", "deoxxa/hl7 #4: not closed where it should be"),
    // bytes
    (r"Test:\X0A\", "Test:\n", "ruby-hl7 #80: line feed in OBR-13"),
    (r"Test:\X0D\\X0A\", "Test:\r\n", "ruby-hl7 #80: adjacent sequences"),
    (r"one\X0D0A\two", "one\r\ntwo", "HL7-V2 #46 (Epic): two bytes in one sequence"),
    (r"Line 1\X0A\Line 2", "Line 1\nLine 2", "LaMMMy/HL7Parser #2: no results shown"),
    (
        r"--- Footnotes ---\X000d\\X0A\ * 1.",
        "--- Footnotes ---\r\n * 1.",
        "HL7-dotnetcore #53 (iLab): 16 bit CR, 8 bit LF",
    ),
    (r"a\X00D\b\X00A\c", "a\rb\nc", "HL7-dotnetcore #81: a nought too many"),
    (r"a\X000D\b", "a\rb", "hapi #7: CR as HAPI up to 2.2 writes it"),
    (r"28.02.08 \X7C\10:23 Uhr", "28.02.08 |10:23 Uhr", "Mirth connect #1353 (GAPIT): a bar as its byte"),
    (r"\X48656C6C6F\", "Hello", "dcm4che #845: data of any length"),
    (r"\XC3A9\", "é", "hl7-parser: hexadecimal left in the text"),
    (r"\XC3\\XA9\", "é", "own probe: a character cut in two"),
    (r"\XE9\", r"\XE9\", "rust-hl7: panics, the byte is not in the set"),
    (r"\X4\", r"\X4\", "deoxxa/hl7 #4: half a byte"),
    (r"\XZZ\", r"\XZZ\", "own probe: not hexadecimal"),
    (r"\X\", r"\X\", "own probe: no bytes"),
    (r"\X41\\X42\C", "ABC", "own probe: adjacent sequences, then text"),
    // layout
    (
        r"Focussuche bis einschl.- KG\.br\1=1",
        "Focussuche bis einschl.- KG\n1=1",
        "Mirth connect #1353 (GAPIT)",
    ),
    (r"Thorax:\.br\\.br\Beidseits", "Thorax:\n\nBeidseits", "Mirth connect #1353 (GAPIT): two in a row"),
    (r"\.br\", "\n", "HL7-dotnetcore #99: written as <BR>"),
    (r"a\.sp\b\.sp2\c", "a\nb\n\nc", "rust-hl7: panics on .sp with a number"),
    (r"a\.sp+1\b", "a\nb", "chapter 2: a signed number"),
    (r"\.in+4\indented\.in-4\", "indented", "chapter 2: indented, then not"),
    (r"\.ti-2\hanging", "hanging", "chapter 2: temporary indent"),
    (r"a\.sk 3\b", "a   b", "own probe: a space before the number"),
    (r"\.ce\TITLE\.nf\", "\nTITLE", "chapter 2: centred"),
    (r"a\.sp99999999999\b", r"a\.sp99999999999\b", "own probe: a number that no text is worth"),
    (r"\H\POSITIVE\N\ for", "POSITIVE for", "hl7-parser: emphasis, unescaped to H and N"),
    (r"\.zz1\", r"\.zz1\", "own probe: unknown command"),
    // other sets and local sequences
    (r"\M2442\;3ED\C2842\", "山田", "chapter 2.7.3: JIS X 0208, rust-hl7 panics"),
    (r"a\C2842\b", r"a\C2842\b", "rust-hl7: panics, a return from nothing"),
    (r"\Zfoo\", r"\Zfoo\", "hl7-parser: local sequence, unescaped to Zfoo"),
    (r"a\Z.01.02\b", r"a\Z.01.02\b", "own probe: kept for whoever agreed on it"),
    // no truncation character declared
    (r"a\P\b", r"a\P\b", "HAPI #146: only messages that declare one have it"),
];

/// The first line of a message, a path into the message, and what stands there.
const SEPARATORS: &[(&[u8], &str, Option<&str>, &str)] = &[
    (b"MSH|^~\\&|A\rNTE|1||a^b&c~d\r", "NTE-3", Some("a^b&c"), "nHapi #570: & and ^ not escaped in a text"),
    (
        b"MSH|^~\\&|A\rPID|1||||O\\T\\Neil&x^Jo\r",
        "PID-5.1.1",
        Some("O&Neil"),
        "HL7-dotnetcore #110: & as text and as separator",
    ),
    (
        b"MSH|^~\\&#|A\rNTE|1||12 \\P\\ 3#\r",
        "NTE-3",
        Some("12 # 3#"),
        "elixir-hl7 #16: truncation character in MSH-2",
    ),
    (b"MSH#*%!@#A\rPID#1##7***G@1.2@ISO\r", "PID-3.4.2", Some("1.2"), "hl7-parser probe: other delimiters"),
    (
        b"MSH#*%!@#A\rNTE#1##a!F!b!E!c\\T\\\r",
        "NTE-3",
        Some("a#b!c\\T\\"),
        "own probe: sequences follow MSH-2",
    ),
    (
        b"MSH|^~&|A\rPID|1||a&b\r",
        "PID-3",
        Some("a&b"),
        "Mirth connect #1542: & declared as the escape character",
    ),
    (
        b"MSH|^~\\|A\rPID|1||a&b\\T\\\r",
        "PID-3.1.1",
        Some("a&b\\T\\"),
        "hl7-parser probe: MSH-2 of three characters",
    ),
    (b"MSH|^~\\&|A\r\nNTE|1||a\\.br\\b\r\n", "NTE-3", Some("a\nb"), "ruby-hl7 #65: CR LF between segments"),
    (b"MSH|^~\\&|A\nNTE|1||a\\X0A\\b\n", "NTE-3", Some("a\nb"), "hl7-parser probe: LF between segments"),
    (
        b"MSH|^~\\&|A\rNTE|1||\\E\\|x\r",
        "NTE-3",
        Some("\\"),
        "HL7-dotnetcore #113: the separator behind a sequence",
    ),
    (b"MSH|^~\\&|A\rNTE|1||\"\"\r", "NTE-3", Some("\"\""), "chapter 2: the explicit null"),
    (
        b"MSH|^~\\&|A\rNTE|1||a\\\r",
        "NTE-3",
        Some("a\\"),
        "own probe: an escape character does not hide the line end",
    ),
];

/// Prints the rows that failed, all of them.
fn report(rows: impl Iterator<Item = Option<String>>) {
    let failed: Vec<String> = rows.flatten().collect();
    assert!(failed.is_empty(), "\nraw | expected | got | source\n{}\n", failed.join("\n"));
}

#[test]
fn texts_of_real_systems() {
    assert!(TEXTS.len() + SEPARATORS.len() >= 60);
    report(TEXTS.iter().map(|(raw, text, source)| {
        let got = unescape(raw, &Delimiters::default(), Charset::Utf8);
        (got != *text).then(|| format!("{raw} | {text:?} | {got:?} | {source}"))
    }));
}

#[test]
fn separators_of_real_systems() {
    report(SEPARATORS.iter().map(|(bytes, path, text, source)| {
        let message = Message::parse(bytes, &ParseOptions::default()).unwrap();
        let got = message.get(path).unwrap();
        (got.as_deref() != *text).then(|| format!("{} | {text:?} | {got:?} | {source}", bytes.escape_ascii()))
    }));
}

#[test]
fn what_the_table_means_is_written_so_that_it_reads_back() {
    report(TEXTS.iter().map(|(_, text, source)| {
        let raw = escape(text, &Delimiters::default());
        let got = unescape(&raw, &Delimiters::default(), Charset::Utf8);
        (got != *text).then(|| format!("{raw} | {text:?} | {got:?} | {source}"))
    }));
}

#[test]
fn line_ends_and_controls_are_written_as_asked() {
    let usual = Delimiters::default();
    let (bytes, breaks) =
        (EscapeOptions::default(), EscapeOptions::default().with_line_ends(LineEnds::Break));
    for (text, as_bytes, as_breaks) in [
        ("a\r\nb", r"a\X0D\\X0A\b", r"a\.br\b"),
        ("a\n\nb", r"a\X0A\\X0A\b", r"a\.br\\.br\b"),
        ("a\r\rb", r"a\X0D\\X0D\b", r"a\.br\\.br\b"),
        ("a\n\rb", r"a\X0A\\X0D\b", r"a\.br\\.br\b"),
        ("a\tb", "a\tb", "a\tb"),
        ("\u{B}MSH\u{1C}\r", r"\X0B\MSH\X1C\\X0D\", r"\X0B\MSH\X1C\\.br\"),
    ] {
        assert_eq!(escape_with(text, &usual, &bytes), as_bytes);
        assert_eq!(escape_with(text, &usual, &breaks), as_breaks);
    }
    assert_eq!(escape_with("a\t\u{7F}\u{85}", &usual, &bytes.escaping_controls()), "a\\X09\\\\X7F\\\u{85}");
    assert_eq!(escape("a#b", &Delimiters::parse("|^~\\&#").unwrap()), r"a\P\b");
    assert_eq!(escape("a#b", &usual), "a#b");
}

#[test]
fn debug_shows_no_value() {
    let usual = Delimiters::default();
    let shown: Vec<String> =
        pieces(r"CANARY\ZCANARY\\X43414E415259\", &usual).map(|piece| format!("{piece:?}")).collect();
    let shown = format!("{shown:?} {:?}", pieces("CANARY", &usual));
    assert!(!shown.contains("CANARY") && !shown.contains("4341"), "{shown}");
}

/// MSH-1 and MSH-2 of any distinct punctuation, three to six characters.
fn delimiters() -> impl Strategy<Value = Delimiters> {
    let marks: Vec<char> = (' '..='~').filter(char::is_ascii_punctuation).collect();
    let shuffled = Just(marks).prop_shuffle();
    (shuffled, 2..=6_usize).prop_filter_map("distinct punctuation", |(marks, count)| {
        Delimiters::parse(&marks.into_iter().take(count).collect::<String>())
    })
}

fn charset() -> impl Strategy<Value = Charset> {
    let all = ["ASCII", "UTF-8", "8859/1", "8859/5", "8859/15", "GB18030", "BIG-5", "KS X 1001", "ISO IR87"];
    prop::sample::select(all.to_vec()).prop_filter_map("known", Charset::parse)
}

/// Text of which much is delimiters and parts of sequences.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~\\r\\nXSTFREPHNCMZ\\\\.0-9a-fé東]{0,40}",
        any::<String>(),
        r"(\\[A-Z.][0-9A-F]{0,6}\\?){0,9}"
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn what_is_escaped_reads_back(
        text in text(), delimiters in delimiters(), charset in charset(), controls in any::<bool>()
    ) {
        let mut options = EscapeOptions::default();
        options.escape_controls = controls;
        let raw = escape_with(&text, &delimiters, &options);
        prop_assert_eq!(unescape(&raw, &delimiters, charset), text.as_str());
        if let Some(mark) = delimiters.escape() {
            prop_assert!(!raw.contains(['\r', '\n', delimiters.field()]), "a separator is left in {}", raw);
            let marks = raw.chars().filter(|c| *c == mark).count();
            prop_assert_eq!(marks % 2, 0);
        }
    }

    #[test]
    fn pieces_together_are_the_text(raw in text(), delimiters in delimiters()) {
        let together: String = pieces(&raw, &delimiters).map(|piece| piece.raw()).collect();
        prop_assert_eq!(together, raw);
    }

    #[test]
    fn only_sequences_change_the_text(raw in text(), delimiters in delimiters(), charset in charset()) {
        let read = unescape(&raw, &delimiters, charset);
        let plain = pieces(&raw, &delimiters)
            .all(|piece| matches!(piece.kind(), PieceKind::Text | PieceKind::Stray | PieceKind::Local));
        if plain {
            prop_assert_eq!(read, raw.as_str());
        }
    }
}
