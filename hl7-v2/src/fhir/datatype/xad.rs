//! XAD, an address; SAD, a street.

use carewire_fhir_core::types::{Address, Extension, ExtensionValue};

use super::{cwe, dr, dtm};
use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::row::Found;
use crate::fhir::table;

/// `XAD[Address]`
pub(crate) fn xad(xad: &Node<'_>, c: &mut Context<'_>) -> Found<Address> {
    let street = xad.part(1);
    let code = xad.get(7).unwrap_or_default();
    let address = Address {
        extension: xad.part(10).and_then(|tract| cwe::text(&tract)).map(census_tract).into_iter().collect(),
        r#use: table::address_use(&code),
        r#type: table::address_type(&code),
        line: [1, 2, 3]
            .into_iter()
            .filter_map(|part| street.as_ref()?.get(part))
            .chain([2, 19].into_iter().filter_map(|part| xad.get(part)))
            .collect(),
        city: xad.get(3),
        district: xad.part(9).and_then(|county| cwe::text(&county)),
        state: xad.get(4),
        postal_code: xad.get(5),
        country: xad.get(6),
        ..Address::default()
    };
    if address == (Address { r#use: address.r#use, r#type: address.r#type, ..Address::default() }) {
        return Ok(None);
    }
    let period = match (xad.part(13), xad.part(14), xad.part(12)) {
        (None, None, Some(range)) => dr::dr(&range, c),
        (start, end, _) => dtm::period(start, end, c),
    };
    let period = period.unwrap_or_else(|reason| {
        c.report(xad.at(), reason);
        None
    });
    Ok(Some(Address { period, ..address }))
}

fn census_tract(tract: String) -> Extension {
    let url = "http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-censusTract";
    Extension::new(url, ExtensionValue::String(tract))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::{json, with_field};

    #[test]
    fn a_street_has_up_to_three_lines() {
        let got =
            with_field("1000&Hospital Lane^Ste. 123^Ann Arbor ^MI^99999^USA^M^^&W", |n, c| json(xad(n, c)));
        assert_eq!(
            got,
            r#"{"type":"postal","line":["1000","Hospital Lane","Ste. 123"],"city":"Ann Arbor","district":"W","state":"MI","postalCode":"99999","country":"USA"}"#
        );
    }

    #[test]
    fn a_type_alone_is_no_address() {
        assert_eq!(with_field("^^^^^^H", |n, c| json(xad(n, c))), "");
    }
}
