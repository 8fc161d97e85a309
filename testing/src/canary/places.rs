//! The places of each segment that can hold a person's data.
//!
//! A canary also stands where a code of one of HL7's tables belongs: senders write words of their own there. Where the
//! map needs a real code to tell what it is about, that code stands there, and the canary in its text.

use Sort::{Date, Digits, Foreign, Word};

/// A place, what stands before its canary, and what after.
pub(super) type Field = (usize, &'static str, Sort, &'static str);

/// What kind of canary.
#[derive(Clone, Copy)]
pub(super) enum Sort {
    Word,
    Foreign,
    Digits,
    Date,
}
/// Several rows for one field are joined: the components of an address are canaries of their own.
pub(super) const PID: &[Field] = &[
    (5, "", Word, "^"),
    (5, "", Foreign, "^"),
    (5, "", Word, "^JR^DR^MD^L~"),
    (5, "", Word, "^ALIAS^^^^^A"),
    (6, "", Word, "^MOTHER"),
    (7, "", Date, ""),
    (9, "", Word, "^NICK"),
    (10, "2106-3^", Word, "^HL70005"),
    (11, "", Word, " STREET&"),
    (11, "", Word, "&"),
    (11, "", Digits, "^"),
    (11, "", Word, "^"),
    (11, "", Word, "^"),
    (11, "", Word, "^"),
    (11, "", Digits, "^USA^H^^"),
    (11, "", Word, ""),
    (13, "", Digits, "^PRN^PH^"),
    (13, "", Word, "@mail.example^^^"),
    (13, "", Digits, ""),
    (14, "", Digits, "^WPN^PH"),
    (15, "en^", Word, "^HL70296"),
    (16, "M^", Word, "^HL70002"),
    (17, "CAT^", Word, "^HL70006"),
    (18, "", Digits, "^^^ACC^AN"),
    (19, "", Digits, ""),
    (20, "", Digits, "^^20300101"),
    (21, "", Digits, "^^^MOM^MR"),
    (22, "N^", Word, "^HL70189"),
    (23, "", Word, ""),
    (26, "", Word, ""),
    (28, "", Word, ""),
];
pub(super) const PD1: &[Field] =
    &[(3, "", Word, "^L^"), (3, "", Digits, ""), (4, "", Digits, "^"), (4, "", Word, "^GP")];
pub(super) const NK1: &[Field] = &[
    (2, "", Word, "^"),
    (2, "", Word, "^^^^^L"),
    (3, "SPO^", Word, "^HL70063"),
    (4, "", Word, " LANE^^"),
    (4, "", Word, "^ST^12345^USA"),
    (5, "", Digits, "^PRN^PH"),
    (6, "", Digits, "^WPN^PH"),
    (10, "", Word, ""),
    (12, "", Digits, "^^^REL^MR"),
    (13, "", Word, "^L"),
    (16, "", Date, ""),
    (30, "", Word, "^CONTACT"),
    (31, "", Digits, ""),
    (32, "", Word, " ROAD"),
    (33, "", Digits, "^^^REL^PI"),
    (37, "", Digits, ""),
];
pub(super) const PV1: &[Field] = &[
    (3, "", Word, "^"),
    (3, "", Word, "^"),
    (3, "", Word, "^"),
    (3, "", Word, ""),
    (4, "", Word, ""),
    (5, "", Digits, "^^^PRE^VN"),
    (6, "", Word, "^201"),
    (7, "", Digits, "^"),
    (7, "", Word, "^"),
    (7, "", Word, "^^^DR^^^DOC"),
    (8, "", Digits, "^"),
    (8, "", Word, "^REF"),
    (9, "", Digits, "^"),
    (9, "", Word, "^CON"),
    (10, "", Word, ""),
    (14, "", Word, ""),
    (17, "", Digits, "^"),
    (17, "", Word, "^ADM"),
    (18, "", Word, ""),
    (36, "", Word, ""),
    (38, "", Word, ""),
    (39, "", Word, ""),
    (50, "", Digits, "^^^ALT^VN"),
    (52, "", Digits, "^"),
    (52, "", Word, "^OTHER"),
];
pub(super) const PV2: &[Field] =
    &[(3, "", Word, "^"), (3, "", Word, "^L"), (12, "", Word, ""), (23, "", Word, "^L")];
pub(super) const AL1: &[Field] =
    &[(2, "DA^", Word, "^HL70127"), (3, "", Word, "^"), (3, "", Word, "^L"), (5, "", Word, "")];
pub(super) const DG1: &[Field] = &[
    (3, "I10^", Word, "^I10C"),
    (4, "", Word, ""),
    (16, "", Digits, "^"),
    (16, "", Word, "^DIAG"),
    (20, "", Digits, "^DG"),
];
pub(super) const PR1: &[Field] = &[
    (3, "", Word, "^"),
    (3, "", Word, "^L"),
    (4, "", Word, ""),
    (11, "", Digits, "^"),
    (11, "", Word, "^SURG"),
];
pub(super) const GT1: &[Field] = &[
    (2, "", Digits, "^^^GUA"),
    (3, "", Word, "^"),
    (3, "", Word, ""),
    (5, "", Word, " AVE^^"),
    (5, "", Word, "^ST"),
    (6, "", Digits, ""),
    (8, "", Date, ""),
    (12, "", Digits, ""),
    (16, "", Word, "^EMPLOYER"),
    (19, "", Digits, ""),
    (21, "", Word, "^L"),
    (45, "", Word, "^CONTACT"),
];
pub(super) const IN1: &[Field] = &[
    (2, "", Word, "^"),
    (2, "", Word, "^L"),
    (3, "", Digits, "^^^INS"),
    (4, "", Word, "^L"),
    (5, "", Word, " BLVD^^"),
    (5, "", Word, "^ST"),
    (6, "", Word, "^AGENT"),
    (7, "", Digits, ""),
    (8, "", Digits, ""),
    (9, "", Word, ""),
    (16, "", Word, "^"),
    (16, "", Word, ""),
    (18, "", Date, ""),
    (19, "", Word, " WAY"),
    (36, "", Digits, ""),
    (44, "", Word, ""),
    (49, "", Digits, ""),
];
pub(super) const ZPI: &[Field] =
    &[(1, "", Word, ""), (2, "", Word, "^"), (2, "", Digits, ""), (3, "", Foreign, "")];
pub(super) const EVN: &[Field] = &[(5, "", Digits, "^"), (5, "", Word, "^CLERK"), (7, "", Word, "")];
pub(super) const ORC: &[Field] = &[
    (2, "", Digits, "^PLACER"),
    (3, "", Digits, "^FILLER"),
    (10, "", Digits, "^"),
    (10, "", Word, "^ENTER"),
    (12, "", Digits, "^"),
    (12, "", Word, "^"),
    (12, "", Word, ""),
    (14, "", Digits, ""),
    (21, "", Word, "^L"),
    (24, "", Word, " DRIVE"),
];
pub(super) const OBR: &[Field] = &[
    (2, "", Digits, "^PLACER"),
    (3, "", Digits, "^FILLER"),
    (4, "58410-2^", Word, "^LN"),
    (10, "", Digits, "^"),
    (10, "", Word, "^COLL"),
    (13, "", Word, ""),
    (16, "", Digits, "^"),
    (16, "", Word, "^ORD"),
    (17, "", Digits, ""),
    (18, "", Word, ""),
    (19, "", Word, ""),
    (28, "", Digits, "^"),
    (28, "", Word, "^COPY"),
    (31, "", Word, "^"),
    (31, "", Word, "^L"),
    (32, "", Digits, "&"),
    (32, "", Word, "&READ"),
];
pub(super) const OBX_TEXT: &[Field] = &[
    (3, "", Word, "^"),
    (3, "", Word, "^L"),
    (4, "", Word, ""),
    (5, "", Word, " was seen by "),
    (5, "", Foreign, "\\.br\\"),
    (5, "", Word, ""),
    (16, "", Digits, "^"),
    (16, "", Word, "^OBS"),
    (18, "", Digits, "^DEVICE"),
    (21, "", Digits, "^INST"),
    (23, "", Word, "^L"),
    (24, "", Word, " PLAZA"),
    (25, "", Digits, "^"),
    (25, "", Word, "^DIR"),
];
pub(super) const OBX_NUMBER: &[Field] =
    &[(3, "718-7^", Word, "^LN"), (6, "", Word, ""), (7, "", Word, ""), (8, "", Word, "")];
pub(super) const OBX_CODE: &[Field] = &[(3, "883-9^", Word, "^LN"), (5, "", Word, "^"), (5, "", Word, "^L")];
pub(super) const NTE: &[Field] =
    &[(3, "", Word, " and "), (3, "", Digits, ""), (5, "", Digits, "^"), (5, "", Word, "^NOTE")];
pub(super) const TXA: &[Field] = &[
    (2, "CN^", Word, "^HL70270"),
    (5, "", Digits, "^"),
    (5, "", Word, "^PRIM"),
    (9, "", Digits, "^"),
    (9, "", Word, "^ORIG"),
    (10, "", Digits, "^"),
    (10, "", Word, "^AUTH"),
    (11, "", Digits, "^"),
    (11, "", Word, "^TRANS"),
    (12, "", Digits, "^DOC"),
    (16, "", Word, ".txt"),
    (22, "", Digits, "^"),
    (22, "", Word, "^SIGN"),
];
pub(super) const SCH: &[Field] = &[
    (1, "", Digits, "^PLACER"),
    (2, "", Digits, "^FILLER"),
    (6, "", Word, "^"),
    (6, "", Word, "^L"),
    (7, "", Word, "^L"),
    (8, "", Word, "^"),
    (8, "", Word, "^HL70276"),
    (12, "", Digits, "^"),
    (12, "", Word, "^PLACE"),
    (13, "", Digits, ""),
    (14, "", Word, " STREET"),
    (16, "", Digits, "^"),
    (16, "", Word, "^FILL"),
    (17, "", Digits, ""),
    (20, "", Digits, "^"),
    (20, "", Word, "^ENTER"),
];
pub(super) const AIP: &[Field] =
    &[(3, "", Digits, "^"), (3, "", Word, "^"), (3, "", Word, ""), (4, "", Word, "^L")];
pub(super) const AIL: &[Field] =
    &[(3, "", Word, "^"), (3, "", Word, "^"), (3, "", Word, ""), (4, "", Word, "^L")];
pub(super) const RXA: &[Field] = &[
    (5, "08^", Word, "^CVX"),
    (7, "", Word, ""),
    (9, "00^", Word, "^NIP001"),
    (10, "", Digits, "^"),
    (10, "", Word, "^GIVE"),
    (11, "^^^", Word, ""),
    (15, "", Digits, ""),
    (17, "MSD^", Word, "^MVX"),
    (18, "", Word, "^L"),
];
