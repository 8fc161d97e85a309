//! Hard cases, each as a list of segments and the tree of them. Those that others test too have their name for it.

use super::*;

const V2_5_1: Version = Version::V2_5_1;

#[track_caller]
fn check(version: Version, kind: &str, segments: &str, tree: &str, findings: &[&str]) {
    let (built, found) = built(version, kind, segments, &TreeOptions::default());
    assert_eq!(built, tree, "{kind}: {segments}");
    assert_eq!(found, findings, "{kind}: {segments}");
}

#[test]
fn a_result_with_everything() {
    check(
        V2_5_1,
        "ORU^R01^ORU_R01",
        "SFT PID PD1 NTE NK1 PV1 PV2 ORC OBR NTE TQ1 TQ2 CTD OBX NTE OBX FT1 CTI SPM OBX DSC",
        "SFT PATIENT_RESULT(PATIENT(PID PD1 NTE NK1 VISIT(PV1 PV2)) ORDER_OBSERVATION(ORC OBR NTE \
         TIMING_QTY(TQ1 TQ2) CTD OBSERVATION(OBX NTE) OBSERVATION(OBX) FT1 CTI SPECIMEN(SPM OBX))) DSC",
        &[],
    );
}

#[test]
fn several_orders_keep_their_observations() {
    check(
        V2_5_1,
        "ORU^R01^ORU_R01",
        "PID ORC OBR OBX NTE OBX ORC OBR OBX OBR OBX NTE NTE",
        "PATIENT_RESULT(PATIENT(PID) ORDER_OBSERVATION(ORC OBR OBSERVATION(OBX NTE) OBSERVATION(OBX)) \
         ORDER_OBSERVATION(ORC OBR OBSERVATION(OBX)) ORDER_OBSERVATION(OBR OBSERVATION(OBX NTE NTE)))",
        &[],
    );
}

#[test]
fn notes_belong_to_what_they_follow() {
    check(
        V2_5_1,
        "ORU^R01^ORU_R01",
        "PID NTE PV1 OBR NTE OBX NTE",
        "PATIENT_RESULT(PATIENT(PID NTE VISIT(PV1)) ORDER_OBSERVATION(OBR NTE OBSERVATION(OBX NTE)))",
        &[],
    );
}

#[test]
fn several_patients() {
    check(
        V2_5_1,
        "ORU^R01^ORU_R01",
        "PID OBR OBX PID PV1 OBR OBX",
        "PATIENT_RESULT(PATIENT(PID) ORDER_OBSERVATION(OBR OBSERVATION(OBX))) \
         PATIENT_RESULT(PATIENT(PID VISIT(PV1)) ORDER_OBSERVATION(OBR OBSERVATION(OBX)))",
        &[],
    );
}

/// HAPI: testCorrectSegmentOrderWithMultipleOptions, testRepeatingSegment.
#[test]
fn observations_without_their_request_stay_with_the_order() {
    check(
        Version::V2_4,
        "ORU^R01",
        "ORC OBX OBX OBX NTE",
        "PATIENT_RESULT(ORDER_OBSERVATION(ORC OBSERVATION(OBX) OBSERVATION(OBX) OBSERVATION(OBX NTE)))",
        &["MissingSegment OBR of PATIENT_RESULT[1].ORDER_OBSERVATION[1]"],
    );
}

/// HAPI: testRepeatingGroupWithOptionalFirstSegment.
#[test]
fn a_request_behind_the_end_of_an_order_begins_the_next() {
    check(
        Version::V2_4,
        "ORU^R01",
        "ORC CTI OBR NTE",
        "PATIENT_RESULT(ORDER_OBSERVATION(ORC CTI) ORDER_OBSERVATION(OBR NTE))",
        &["MissingSegment OBR of PATIENT_RESULT[1].ORDER_OBSERVATION[1]"],
    );
}

/// HAPI: testParseIntoNewGroupIfMisorderedInCurrentGroup.
#[test]
fn an_order_behind_the_end_of_an_order_begins_the_next() {
    check(
        Version::V2_4,
        "ORU^R01",
        "ORC CTI ORC NTE",
        "PATIENT_RESULT(ORDER_OBSERVATION(ORC CTI) ORDER_OBSERVATION(ORC NTE))",
        &[
            "MissingSegment OBR of PATIENT_RESULT[1].ORDER_OBSERVATION[1]",
            "MissingSegment OBR of PATIENT_RESULT[1].ORDER_OBSERVATION[2]",
        ],
    );
}

/// HAPI: testNotParseIntoNewGroupIfWholeGroupMisordered.
#[test]
fn a_group_that_was_passed_is_not_begun() {
    check(
        Version::V2_4,
        "ORU^R01",
        "DSC PID",
        "DSC !PID",
        &["MisplacedSegment PID[1]", "MissingGroup PATIENT_RESULT"],
    );
}

/// HAPI: testParseNonStandardSegment.
#[test]
fn a_local_segment_stays_where_it_was_met() {
    check(
        Version::V2_4,
        "ORU^R01",
        "ORC OBR OBX NTE ZNT ORC OBR",
        "PATIENT_RESULT(ORDER_OBSERVATION(ORC OBR OBSERVATION(OBX NTE !ZNT)) ORDER_OBSERVATION(ORC OBR))",
        &["UnexpectedSegment ZNT[1] of PATIENT_RESULT[1].ORDER_OBSERVATION[1].OBSERVATION[1]"],
    );
}

/// HAPI: testUnexpectedSegmentHintsNone, …Inline and …DropToRoot.
#[test]
fn an_unexpected_segment_goes_where_the_options_say() {
    let segments = "EVN PID NK1 NK1 PV1 GT1 IN1 IN1 IN1 ZFA IN1";
    let (inline, found) = built(Version::V2_6, "ADT^A01^ADT_A01", segments, &TreeOptions::default());
    let groups = "EVN PID NK1 NK1 PV1 GT1 INSURANCE(IN1) INSURANCE(IN1) INSURANCE(IN1 !ZFA) INSURANCE(IN1)";
    assert_eq!(inline, groups);
    assert_eq!(found, ["UnexpectedSegment ZFA[1] of INSURANCE[3]"]);
    let options = TreeOptions::default().with_unexpected(Unexpected::Root);
    let (root, found) = built(Version::V2_6, "ADT^A01^ADT_A01", segments, &options);
    let groups = "EVN PID NK1 NK1 PV1 GT1 INSURANCE(IN1) INSURANCE(IN1) INSURANCE(IN1) !ZFA INSURANCE(IN1)";
    assert_eq!(root, groups);
    assert_eq!(found, ["UnexpectedSegment ZFA[1] of INSURANCE[3]"]);
}

/// HAPI: testMisplacedAl1.
#[test]
fn a_segment_of_another_message_does_not_move_those_behind_it() {
    check(
        Version::V2_3,
        "ADT^A04",
        "PID PV1 AIL DG1 IN1",
        "PID PV1 !AIL DG1 INSURANCE(IN1)",
        &["UnexpectedSegment AIL[1]", "MissingSegment EVN"],
    );
}

/// HAPI: testMissingRequiredLastSegment.
#[test]
fn a_group_is_not_begun_by_a_segment_inside_it() {
    check(
        Version::V2_5,
        "ADT^A45^ADT_A45",
        "EVN PID PV1",
        "EVN PID !PV1",
        &["MisplacedSegment PV1[1]", "MissingGroup MERGE_INFO"],
    );
}

/// HAPI: testDuplicateSegment.
#[test]
fn a_segment_that_may_not_repeat_is_kept() {
    check(
        Version::V2_4,
        "ADT^A01",
        "EVN EVN PID PV1 IN1 IN1 PID",
        "EVN !EVN PID PV1 INSURANCE(IN1) INSURANCE(IN1 !PID)",
        &["RepeatedSegment EVN[2]", "RepeatedSegment PID[2] of INSURANCE[2]"],
    );
}

/// HAPI: testParseRepeatingNonRepeatableSegment. The second PID may begin a second response.
#[test]
fn a_second_patient_without_results_between() {
    check(
        Version::V2_3,
        "ORU^R01",
        "ZPI PID PID PV1 ORC OBR OBX",
        "!ZPI RESPONSE(PATIENT(PID)) RESPONSE(PATIENT(PID VISIT(PV1)) \
         ORDER_OBSERVATION(ORC OBR OBSERVATION(OBX)))",
        &["UnexpectedSegment ZPI[1]", "MissingGroup ORDER_OBSERVATION of RESPONSE[1]"],
    );
}

/// HAPI: testTwoSegmentsWithSameName, testLotsOfExtraSegments.
#[test]
fn two_patients_of_a_swap_with_local_segments_between() {
    check(
        Version::V2_3_1,
        "ADT^A17",
        "EVN PID ZZA ZZA ZZB PV1 PID ZZA ZZB PV1 ZZC",
        "EVN PID !ZZA !ZZA !ZZB PV1 PID !ZZA !ZZB PV1 !ZZC",
        &[
            "UnexpectedSegment ZZA[1]",
            "UnexpectedSegment ZZA[2]",
            "UnexpectedSegment ZZB[1]",
            "UnexpectedSegment ZZA[3]",
            "UnexpectedSegment ZZB[2]",
            "UnexpectedSegment ZZC[1]",
        ],
    );
}

/// HAPI: testNestedRepeatingGroups.
#[test]
fn resources_of_an_appointment() {
    check(
        Version::V2_3,
        "SIU^S14",
        "SCH PID PV1 DG1 RGS AIS AIG AIL AIP RGS AIS AIG AIL AIP NTE",
        "SCH PATIENT(PID PV1 DG1) RESOURCES(RGS SERVICE(AIS) GENERAL_RESOURCE(AIG) LOCATION_RESOURCE(AIL) \
         PERSONNEL_RESOURCE(AIP)) RESOURCES(RGS SERVICE(AIS) GENERAL_RESOURCE(AIG) LOCATION_RESOURCE(AIL) \
         PERSONNEL_RESOURCE(AIP NTE))",
        &[],
    );
}

#[test]
fn resources_in_another_order_stay_with_theirs() {
    check(
        V2_5_1,
        "SIU^S12^SIU_S12",
        "SCH PID RGS AIL AIP AIS NTE AIP",
        "SCH PATIENT(PID) RESOURCES(RGS LOCATION_RESOURCE(AIL) PERSONNEL_RESOURCE(AIP) SERVICE(!AIS NTE) \
         PERSONNEL_RESOURCE(AIP))",
        &["MisplacedSegment AIS[1] of RESOURCES[1].SERVICE[1]"],
    );
}

/// HAPI: testMissingSegment.
#[test]
fn notes_of_a_referral() {
    check(
        Version::V2_5,
        "REF^I12^REF_I12",
        "SFT RF1 PRD PRD CTD PID NTE NTE",
        "SFT RF1 PROVIDER_CONTACT(PRD) PROVIDER_CONTACT(PRD CTD) PID NTE NTE",
        &[],
    );
}

/// HAPI: testAddExtraSegmentToEnd.
#[test]
fn segments_missing_at_the_start_do_not_stop_the_rest() {
    check(
        Version::V2_2,
        "ADT^A06",
        "PV2 NK1 DG1 MRG",
        "PV2 !NK1 DG1 !MRG",
        &[
            "MisplacedSegment NK1[1]",
            "MisplacedSegment MRG[1]",
            "MissingSegment EVN",
            "MissingSegment PID",
            "MissingSegment PV1",
        ],
    );
}

/// HAPI: testEncodeEmptySegmentsIfTheyAreMandatory, where an empty OBR is kept as a hint.
#[test]
fn an_empty_segment_holds_its_place() {
    let bytes = b"MSH|^~\\&|A|B|C|D|2024||ORU^R01|7|P|2.4\rOBR\rOBX\rOBR|\rOBX\r";
    let message = Message::parse(bytes, &ParseOptions::default()).unwrap();
    let tree = Tree::of(&message, Dictionary::of(Version::V2_4));
    let orders: Vec<_> = tree.groups("PATIENT_RESULT.ORDER_OBSERVATION(*)").unwrap().collect();
    assert_eq!(orders.len(), 2);
    assert!(orders.iter().all(|order| order.all_segments_named("OBX").count() == 1));
}

/// HAPI: testGreedyMode, where it takes an option.
#[test]
fn a_second_order_is_no_prior_result_of_the_first() {
    check(
        V2_5_1,
        "OML^O21^OML_O21",
        "PID ORC OBR ORC OBR OBX SPM ORC OBR",
        "PATIENT(PID) ORDER(ORC OBSERVATION_REQUEST(OBR)) \
         ORDER(ORC OBSERVATION_REQUEST(OBR OBSERVATION(OBX) SPECIMEN(SPM))) ORDER(ORC OBSERVATION_REQUEST(OBR))",
        &[],
    );
}

#[test]
fn orders_without_their_head_are_kept() {
    check(
        V2_5_1,
        "OML^O21^OML_O21",
        "PID OBR DG1 OBX SPM OBR DG1 ORC OBR",
        "PATIENT(PID) ORDER(OBSERVATION_REQUEST(OBR DG1 OBSERVATION(OBX) SPECIMEN(SPM)) \
         OBSERVATION_REQUEST(!OBR DG1)) ORDER(ORC OBSERVATION_REQUEST(OBR))",
        &["RepeatedGroup OBR[2] of ORDER[1].OBSERVATION_REQUEST[2]", "MissingSegment ORC of ORDER[1]"],
    );
    check(
        V2_5_1,
        "ORU^R01^ORU_R01",
        "PID OBX OBX NTE PID PV1 OBR",
        "PATIENT_RESULT(PATIENT(PID) ORDER_OBSERVATION(OBSERVATION(OBX) OBSERVATION(OBX NTE))) \
         PATIENT_RESULT(PATIENT(PID VISIT(PV1)) ORDER_OBSERVATION(OBR))",
        &["MissingSegment OBR of PATIENT_RESULT[1].ORDER_OBSERVATION[1]"],
    );
}

#[test]
fn prior_results_begin_with_their_patient() {
    check(
        V2_5_1,
        "OML^O21^OML_O21",
        "PID ORC OBR SPM PID ORC OBR OBX ORC OBR OBX",
        "PATIENT(PID) ORDER(ORC OBSERVATION_REQUEST(OBR SPECIMEN(SPM) PRIOR_RESULT(PATIENT_PRIOR(PID) \
         ORDER_PRIOR(ORC OBR OBSERVATION_PRIOR(OBX)) ORDER_PRIOR(ORC OBR OBSERVATION_PRIOR(OBX)))))",
        &[],
    );
}

#[test]
fn the_detail_of_an_order_is_one_of_several_segments() {
    check(
        V2_5_1,
        "ORM^O01^ORM_O01",
        "PID PV1 ORC OBR NTE DG1 OBX NTE ORC RXO RXR RXC ORC ODS ORC",
        "PATIENT(PID PATIENT_VISIT(PV1)) ORDER(ORC ORDER_DETAIL(OBR NTE DG1 OBSERVATION(OBX NTE))) \
         ORDER(ORC ORDER_DETAIL(RXO !RXR !RXC)) ORDER(ORC ORDER_DETAIL(ODS)) ORDER(ORC)",
        &[
            "UnexpectedSegment RXR[1] of ORDER[2].ORDER_DETAIL[1]",
            "UnexpectedSegment RXC[1] of ORDER[2].ORDER_DETAIL[1]",
        ],
    );
}

#[test]
fn requests_under_one_order_are_all_kept() {
    check(
        V2_5_1,
        "ORM^O01^ORM_O01",
        "PID ORC OBR OBX OBR OBX",
        "PATIENT(PID) ORDER(ORC ORDER_DETAIL(OBR OBSERVATION(OBX)) ORDER_DETAIL(!OBR OBSERVATION(OBX)))",
        &["RepeatedGroup OBR[2] of ORDER[1].ORDER_DETAIL[2]"],
    );
}

#[test]
fn components_of_a_drug_follow_the_order_or_its_encoding() {
    check(
        V2_5_1,
        "RDE^O11^RDE_O11",
        "PID AL1 ORC TQ1 RXO NTE RXR RXC RXC NTE RXE NTE TQ1 RXR RXC OBX ORC RXE TQ1 RXR",
        "PATIENT(PID AL1) ORDER(ORC TIMING(TQ1) ORDER_DETAIL(RXO NTE RXR COMPONENT(RXC) COMPONENT(RXC NTE)) RXE \
         NTE TIMING_ENCODED(TQ1) RXR RXC OBSERVATION(OBX)) ORDER(ORC RXE TIMING_ENCODED(TQ1) RXR)",
        &[],
    );
}

#[test]
fn insurances_keep_what_belongs_to_them() {
    check(
        V2_5_1,
        "ADT^A01^ADT_A01",
        "EVN PID PD1 ROL NK1 PV1 PV2 ROL OBX AL1 DG1 PR1 ROL PR1 GT1 IN1 IN2 IN3 ROL IN1 ACC PDA",
        "EVN PID PD1 ROL NK1 PV1 PV2 ROL OBX AL1 DG1 PROCEDURE(PR1 ROL) PROCEDURE(PR1) GT1 \
         INSURANCE(IN1 IN2 IN3 ROL) INSURANCE(IN1) ACC PDA",
        &[],
    );
}

#[test]
fn specimens_carry_their_orders() {
    check(
        Version::V2_5,
        "OUL^R22^OUL_R22",
        "PID SPM OBX SAC INV OBR ORC NTE OBX NTE OBR OBX SPM OBR OBX",
        "PATIENT(PID) SPECIMEN(SPM OBX CONTAINER(SAC INV) ORDER(OBR ORC NTE RESULT(OBX NTE)) \
         ORDER(OBR RESULT(OBX))) SPECIMEN(SPM ORDER(OBR RESULT(OBX)))",
        &[],
    );
}

#[test]
fn a_document_with_its_text() {
    check(
        Version::V2_6,
        "MDM^T02^MDM_T02",
        "EVN PID PV1 ORC OBR NTE TXA OBX OBX NTE",
        "EVN PID PV1 COMMON_ORDER(ORC OBR NTE) TXA OBSERVATION(OBX) OBSERVATION(OBX NTE)",
        &[],
    );
}

#[test]
fn vaccinations_keep_their_observations() {
    check(
        V2_5_1,
        "VXU^V04^VXU_V04",
        "PID PD1 NK1 PV1 ORC RXA RXR OBX NTE OBX ORC RXA OBX",
        "PID PD1 NK1 PATIENT(PV1) ORDER(ORC RXA RXR OBSERVATION(OBX NTE) OBSERVATION(OBX)) \
         ORDER(ORC RXA OBSERVATION(OBX))",
        &[],
    );
}

#[test]
fn trees_as_text() {
    let show = |version, kind, segments| {
        let bytes = bytes(version, kind, segments);
        let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
        let tree = Tree::of(&message, Dictionary::of(version));
        let findings: Vec<_> = tree.findings().iter().map(ToString::to_string).collect();
        format!("{tree}{}", findings.join("\n"))
    };
    insta::assert_snapshot!(
        "oru_r01",
        show(V2_5_1, "ORU^R01", "PID PV1 ORC OBR NTE OBX NTE OBX ZDS SPM OBX OBR OBX TQ1")
    );
    insta::assert_snapshot!(
        "adt_a01",
        show(V2_5_1, "ADT^A01", "EVN PID NK1 PV1 NK1 PR1 ROL IN1 IN2 IN1 ZIN PID XYZ")
    );
    insta::assert_snapshot!("unknown", show(V2_5_1, "XYZ^X01", "PID OBX"));
}

#[test]
fn lines_without_a_name_and_lower_case_names() {
    let bytes = b"MSH|^~\\&|A|B|C|D|2024||ORU^R01|7|P|2.5.1\rpid|1\robr|1\rmore text\robx|1\r";
    let message = Message::parse(bytes, &ParseOptions::default()).unwrap();
    let tree = Tree::of(&message, Dictionary::of(V2_5_1));
    let shown = line(&tree, tree.root());
    let groups = "MSH PATIENT_RESULT(PATIENT(pid) ORDER_OBSERVATION(obr ! OBSERVATION(obx)))";
    assert_eq!(shown, groups);
}

#[test]
fn a_second_header_is_reported() {
    check(
        V2_5_1,
        "ACK^A01^ACK",
        "MSA MSH MSA",
        "MSA !MSH !MSA",
        &["RepeatedSegment MSH[2]", "RepeatedSegment MSA[2]"],
    );
}

#[test]
fn a_required_group_of_which_nothing_is_required_is_not_missed() {
    let (_, findings) = built(Version::V2_3, "RDE^O01", "PID ORC RXE RXR", &TreeOptions::default());
    assert!(findings.is_empty(), "{findings:?}");
}

#[test]
fn groups_of_2_5_1_have_the_names_of_the_standard() {
    check(
        V2_5_1,
        "OUL^R22^OUL_R22",
        "PID PV1 SPM OBR OBX",
        "PATIENT(PID) VISIT(PV1) SPECIMEN(SPM ORDER(OBR RESULT(OBX)))",
        &[],
    );
}

/// The tree with local segments that an overlay places, and its findings.
fn built_with(overlay: &str, segments: &str) -> (String, Vec<String>) {
    let bytes = bytes(V2_5_1, "ADT^A01^ADT_A01", segments);
    let message = Message::parse(&bytes, &ParseOptions::default()).unwrap();
    let dictionary = Dictionary::of(V2_5_1).with_overlay(overlay).unwrap();
    let tree = Tree::of(&message, &dictionary);
    let findings = tree.findings().iter().map(|finding| format!("{:?} {finding}", finding.kind()));
    (line(&tree, tree.root()).trim_start_matches("MSH ").to_owned(), findings.collect())
}

const LOCAL: &str = "segment ZPI\n  1 O 0..1 ST - - Nickname\nstructure ADT_A01\n";

#[test]
fn a_local_segment_that_may_stand_anywhere_is_expected() {
    let overlay = format!("{LOCAL}  ZPI* anywhere\n");
    let (tree, findings) = built_with(&overlay, "EVN ZPI PID PV1 PR1 ZPI ROL ZPI");
    assert_eq!(tree, "EVN ZPI PID PV1 PROCEDURE(PR1 ZPI ROL ZPI)");
    assert!(findings.is_empty(), "{findings:?}");
}

#[test]
fn a_local_segment_anywhere_keeps_its_cardinality() {
    let overlay = format!("{LOCAL}  ZPI anywhere\n");
    let (tree, findings) = built_with(&overlay, "EVN ZPI PID ZPI PV1");
    assert_eq!(tree, "EVN ZPI PID !ZPI PV1");
    assert!(matches!(findings.as_slice(), [one] if one.starts_with("RepeatedSegment")), "{findings:?}");
    let (_, findings) = built_with(&overlay, "EVN PID PV1");
    assert!(matches!(findings.as_slice(), [one] if one.starts_with("MissingSegment")), "{findings:?}");
}

#[test]
fn a_local_segment_with_a_place_is_misplaced_elsewhere() {
    let overlay = format!("{LOCAL}  ZPI? after PID\n");
    let (tree, findings) = built_with(&overlay, "EVN PID ZPI PV1");
    assert_eq!(tree, "EVN PID ZPI PV1");
    assert!(findings.is_empty(), "{findings:?}");
    let (tree, findings) = built_with(&overlay, "EVN PID PV1 ZPI");
    assert_eq!(tree, "EVN PID PV1 !ZPI");
    assert!(matches!(findings.as_slice(), [one] if one.starts_with("MisplacedSegment")), "{findings:?}");
}
