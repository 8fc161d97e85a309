//! What can hold values of a message does not show them in `Debug`.

use carewire_hl7_v2::Delimiters;
use carewire_hl7_v2::ack::{AckCode, AckError, AckOptions, ErrorCode};
use carewire_hl7_v2::build::SegmentBuilder;
use carewire_hl7_v2::escape::{PieceKind, pieces};

#[test]
fn texts_of_faults_and_names_that_are_none() {
    let fault = AckError::new(ErrorCode::UnknownKeyIdentifier).with_text("Chalmers is unknown");
    let options = AckOptions::new(AckCode::AE, "1").with_errors([fault.clone()]);
    let builder = SegmentBuilder::new("Chalmers");
    let shown = format!("{fault:?} {options:?} {builder:?}");
    assert!(!shown.contains("Chalmers") && shown.contains("SegmentBuilder(?,"), "{shown}");
    assert!(format!("{:?}", SegmentBuilder::new("ZPI")).contains("ZPI"));
}

#[test]
fn letters_in_a_switch_of_character_sets() {
    let kinds: Vec<PieceKind> =
        pieces("\\C4A6F\\", &Delimiters::default()).map(|piece| piece.kind()).collect();
    assert_eq!(format!("{kinds:?}"), "[Charset(CharsetSwitch(2 bytes))]");
}
