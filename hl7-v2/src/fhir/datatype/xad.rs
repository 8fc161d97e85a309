//! XAD, an address; SAD, a street.

use super::{cwe, dr};
use crate::fhir::code::{ADDRESS_TYPE_TYPE, ADDRESS_TYPE_USE};
use crate::fhir::context::Context;
use crate::fhir::node::Node;
use crate::fhir::report::Reason;
use crate::fhir::row::{Datatype, Via};
use crate::fhir::target::extend;
use crate::fhir::tree::{Object, Val};

/// `XAD[Address]`
pub(crate) const XAD_ADDRESS: Via = Via::Type(&Datatype {
    name: "XAD[Address]",
    fhir: "Address",
    read: |n, c| Ok(address(n, c).map(Val::Object)),
});

/// `SAD[Address]`
pub(crate) const SAD_ADDRESS: Via = Via::Type(&Datatype {
    name: "SAD[Address]",
    fhir: "Address",
    read: |n, c| {
        let mut address = c.object();
        lines(&mut address, n, &[1, 2, 3], c);
        Ok(Some(address).filter(|address| !address.is_empty()).map(Val::Object))
    },
});

/// The parts of an address that are plain texts.
const TEXTS: [(&str, u16); 4] = [("city", 3), ("state", 4), ("postalCode", 5), ("country", 6)];

/// `XAD[Address]`. A use, a type or a period alone is no address.
pub(crate) fn address<'a>(xad: &Node<'a>, c: &mut Context<'a>) -> Option<Object<'a>> {
    let mut address = c.object();
    let tract = xad.part(10).and_then(|tract| cwe::text(&tract));
    if let Some(tract) = tract {
        // The guide writes `valueCode`; the extension holds a string.
        extend(&mut address, "iso21090-ADXP-censusTract", "valueString", tract, c.arena);
    }
    kind(&mut address, xad, c);
    let marks = address.members().filter(|(name, _)| matches!(*name, "use" | "type")).count();
    let marks = marks + usize::from(tract.is_none() && address.has("extension"));
    if let Some(street) = xad.part(1) {
        lines(&mut address, &street, &[1, 2, 3], c);
    }
    lines(&mut address, xad, &[2, 19], c);
    for (name, part) in TEXTS {
        address.put(name, xad.get(part));
        if name == "city" {
            address.put("district", xad.part(9).and_then(|county| cwe::text(&county)));
        }
    }
    if address.members().count() == marks {
        return None;
    }
    address.put("period", dr::validity(xad, [13, 14, 12], c));
    Some(address)
}

/// XAD.7: what the address is used for, or its type. A vacation home has a use of version 3 only.
fn kind<'a>(address: &mut Object<'a>, xad: &Node<'a>, c: &mut Context<'a>) {
    let Some(code) = xad.get(7) else { return };
    if code == "HV" {
        return extend(address, "iso21090-AD-use", "valueCode", code, c.arena);
    }
    let [of_use, of_type] =
        [&ADDRESS_TYPE_USE, &ADDRESS_TYPE_TYPE].map(|codes| (codes.find)(code).map(|concept| concept.code));
    if of_use.is_none() && of_type.is_none() {
        c.report(xad, Reason::UnknownCode(ADDRESS_TYPE_USE.table));
    }
    address.put("use", of_use);
    address.put("type", of_type);
}

fn lines<'a>(address: &mut Object<'a>, node: &Node<'a>, parts: &[u16], c: &Context<'a>) {
    for line in parts.iter().filter_map(|&part| node.get(part)) {
        address.push(c.arena, "line", line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fhir::testing::read;

    #[test]
    fn a_street_has_up_to_three_lines() {
        let (got, _) = read("1000&Hospital Lane^Ste. 123^Ann Arbor ^MI^99999^USA^M^^&W", XAD_ADDRESS);
        assert_eq!(
            got,
            r#"{"type":"postal","line":["1000","Hospital Lane","Ste. 123"],"city":"Ann Arbor","district":"W","state":"MI","postalCode":"99999","country":"USA"}"#
        );
    }

    #[test]
    fn a_type_alone_is_no_address() {
        for field in ["^^^^^^H", "^^^^^^HV", "^^^^^^M", "^^^^^^H^^^^^2001&2002"] {
            assert_eq!(read(field, XAD_ADDRESS).0, "", "{field}");
        }
        assert_ne!(read("^^^^^^^^^12", XAD_ADDRESS).0, "");
    }

    #[test]
    fn a_vacation_home_is_told_by_an_extension() {
        let (got, issues) = read("1 Way^^^^^^HV", XAD_ADDRESS);
        assert!(got.contains(r#"iso21090-AD-use","valueCode":"HV"}],"line":["1 Way"]"#), "{got}");
        assert!(issues.is_empty());
        assert_eq!(read("1 Way^^^^^^Q", XAD_ADDRESS).1.len(), 1);
    }
}
