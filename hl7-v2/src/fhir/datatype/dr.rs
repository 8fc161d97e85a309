//! DR, a range of times.

use super::dtm;
use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::row::{Datatype, Found, Via};
use crate::fhir::tree::{Object, Val};

/// `DR[Period]`
pub(crate) const DR_PERIOD: Via = Via::Type(&Datatype {
    name: "DR[Period]",
    fhir: "Period",
    read: |n, c| Ok(period(n, c).map(Val::Object)),
});

/// `DR[dateTime]`: the start.
pub(crate) const DR_DATE_TIME: Via = Via::Type(&Datatype {
    name: "DR[dateTime]",
    fhir: "dateTime",
    read: |n, c| Ok(n.part(1).map_or(Ok(None), |start| dtm::date_time(&start, c))?.map(Val::Text)),
});

/// `DR[Period]`
pub(crate) fn period<'a>(dr: &Node<'a>, c: &mut Context<'a>) -> Option<Object<'a>> {
    dtm::period(dr.part(1), dr.part(2), c)
}

/// `DR[Period]` of what can be kept in another way: both ends or none.
pub(crate) fn whole_period<'a>(dr: &Node<'a>, c: &mut Context<'a>) -> Found<Val<'a>> {
    for end in [1, 2].into_iter().filter_map(|end| dr.part(end)) {
        dtm::date_time(&end, c)?;
    }
    Ok(period(dr, c).map(Val::Object))
}

/// The period of a value: the parts of its start and end, or where it has neither an older range. What is no date is
/// reported, and the value keeps the rest.
pub(crate) fn validity<'a>(
    node: &Node<'a>,
    [start, end, range]: [u16; 3],
    c: &mut Context<'a>,
) -> Option<Object<'a>> {
    let (start, end) = (node.valued_part(start), node.valued_part(end));
    match (start, end, node.part(range)) {
        (None, None, Some(range)) => period(&range, c),
        (start, end, _) => dtm::period(start, end, c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::read;

    #[test]
    fn a_range_may_have_one_end() {
        let both = r#"{"start":"2024-01-02","end":"2024-01-03"}"#;
        assert_eq!(read("20240102^20240103", DR_PERIOD).0, both);
        assert_eq!(read("^20240103", DR_PERIOD).0, r#"{"end":"2024-01-03"}"#);
        assert_eq!(
            read("20240102^soon", DR_PERIOD).0,
            r#"{"start":"2024-01-02"}"#,
            "what is no date is apart"
        );
        assert_eq!(read("20240102", DR_DATE_TIME).0, r#""2024-01-02""#);
        assert_eq!(read("^20240103", DR_DATE_TIME).0, "");
    }
}
