//! Shapes: every class, the limit of runs, and nothing of the bytes.

use super::*;

#[test]
fn every_byte_has_one_class() {
    let classes: Vec<_> = (0..=255).map(ByteClass::of).collect();
    let count = |class| classes.iter().filter(|found| **found == class).count();
    for single in [
        ByteClass::StartBlock,
        ByteClass::EndBlock,
        ByteClass::CarriageReturn,
        ByteClass::LineFeed,
        ByteClass::Nul,
    ] {
        assert_eq!(count(single), 1, "{single:?}");
    }
    assert_eq!((count(ByteClass::Text), count(ByteClass::High), count(ByteClass::Control)), (95, 128, 28));
}

#[test]
fn runs_are_counted_and_written() {
    assert_eq!(Shape::of(b"").to_string(), "");
    assert_eq!(
        Shape::of(b"\0\0\x0b\x0bMSH|\xc3\xa9\n\x01\x1c\r").to_string(),
        "NUL*2 VT*2 text*4 high*2 LF control FS CR"
    );
    assert!(Shape::of(b"").is_empty());
}

#[test]
fn what_is_beyond_the_limit_is_counted_only() {
    let mut shape = Shape::with_most_runs(2);
    shape.extend(b"aaa\r\rb\rb");
    assert_eq!(shape.to_string(), "text*3 CR*2 +3");
    // A byte like the last run's is beyond it all the same, since others came between.
    shape.push(b'\r');
    assert_eq!((shape.runs().len(), shape.beyond(), shape.len()), (2, 4, 9));
    let mut none = Shape::with_most_runs(0);
    none.push(b'a');
    assert_eq!(none.to_string(), "+1");
}

#[test]
fn pieces_have_the_shape_of_the_whole() {
    let bytes = b"\x0bMSH|a\rPID|b\r\x1c\r\n\0";
    for at in 0..bytes.len() {
        let mut shape = Shape::default();
        let (head, tail) = bytes.split_at(at);
        shape.extend(head);
        shape.extend(tail);
        assert_eq!(shape, Shape::of(bytes));
    }
}

#[test]
fn nothing_printed_holds_a_byte() {
    let shape = Shape::of(b"\x0bCANARY\x1c\r");
    assert!(!format!("{shape} {shape:?}").contains("CANARY"));
}
