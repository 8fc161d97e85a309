//! A CQ that is a length of time: its unit as a code, and the whole in minutes.

use super::nm;
use crate::fhir::code::unit::seconds_in;
use crate::fhir::code::{CodeMap, TEST_SERVICE_DEFAULT_DURATION_UNITS};
use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::report::Reason;
use crate::fhir::row::{Datatype, Found, Via};
use crate::fhir::tree::Val;

/// `CQ[code]`: the unit of time.
pub(crate) const CQ_CODE: Via = Via::Type(&Datatype {
    name: "CQ[code]",
    fhir: "code",
    read: |n, _| {
        let codes: &CodeMap = &TEST_SERVICE_DEFAULT_DURATION_UNITS;
        let Some(unit) = n.get(2) else { return Ok(None) };
        let mapped = (codes.find)(unit).ok_or(Reason::UnknownCode(codes.table))?;
        Ok(Some(Val::Text(mapped.code)))
    },
});

/// `CQ[unsignedInt]`: whole minutes.
pub(crate) const CQ_UNSIGNED_INT: Via = Via::Type(&Datatype {
    name: "CQ[unsignedInt]",
    fhir: "unsignedInt",
    read: |n, c| Ok(minutes(n, c)?.map(Val::Number)),
});

/// What is no whole number of minutes is no count of them.
fn minutes<'a>(cq: &Node<'a>, c: &Context<'a>) -> Found<&'a str> {
    let Some(amount) = cq.get(1) else { return Ok(None) };
    let seconds = cq.get(2).map_or(Some(60), seconds_in);
    let total = amount.parse::<i64>().ok().zip(seconds).and_then(|(amount, each)| amount.checked_mul(each));
    match total {
        Some(total) if total % 60 == 0 => {
            nm::whole(Some(c.arena.format(format_args!("{}", total / 60))), 0, c.arena)
        }
        _ => Err(Reason::NotACount),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{read, with_field};

    #[test]
    fn a_length_of_time_is_in_minutes() {
        assert_eq!(read("2^h", CQ_UNSIGNED_INT).0, "120");
        assert_eq!(read("5", CQ_UNSIGNED_INT).0, "5");
        assert_eq!(read("2^h", CQ_CODE).0, r#""h""#);
        for field in ["90^s", "1^mo", "x^min", "-1^min"] {
            assert_eq!(with_field(field, |n, c| minutes(n, c).err()), Some(Reason::NotACount), "{field}");
        }
    }
}
