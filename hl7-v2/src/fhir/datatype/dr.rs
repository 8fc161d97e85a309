//! DR and NR, ranges of times and of numbers.

use carewire_fhir_core::types::{Period, Quantity, Range};

use super::{dtm, nm};
use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::row::Found;

/// `DR[Period]`
pub(crate) fn dr(dr: &Node<'_>, c: &mut Context<'_>) -> Found<Period> {
    dtm::period(dr.part(1), dr.part(2), c)
}

/// `NR[Range]`
pub(crate) fn nr(nr: &Node<'_>) -> Found<Range> {
    let end =
        |text| Ok(nm::decimal(text)?.map(|value| Quantity { value: Some(value), ..Quantity::default() }));
    let (low, high) = (end(nr.get(1))?, end(nr.get(2))?);
    let some = low.is_some() || high.is_some();
    Ok(some.then(|| Range { low, high, ..Range::default() }))
}
