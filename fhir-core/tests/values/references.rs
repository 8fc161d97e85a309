//! References: all are found, only they are changed.

use carewire_fhir_core::{SiteKind, Value, rewrite_references, rewrite_sites, visit_references, visit_sites};
use proptest::prelude::*;

/// Something near XHTML, with links among what only looks like them.
fn xhtml() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<a href=\"A\">x</a>".to_owned()),
        Just("<img alt='A' src = 'A' />".to_owned()),
        Just("<p title=\"<a href='A'>\">A</p>".to_owned()),
        Just("<!-- <a href=\"A\"> -->".to_owned()),
        Just("<![CDATA[<a href=\"A\">]]>".to_owned()),
        "[<>a-z!/='\"& ;é-]{0,12}",
        "<(a|img|div) (href|src|id)=[\"']?[A-Za-z&;#é]{0,8}[\"']?/?>",
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

fn tree() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec![
        "reference",
        "url",
        "valueUri",
        "valueCanonical",
        "profile",
        "div",
        "system",
        "identifier",
        "subject",
        "extension",
        "type",
        "language",
        "resourceType",
        "unheard",
        "_url",
        "contained",
    ]);
    let leaf = prop_oneof![
        Just(Value::null()),
        any::<bool>().prop_map(Value::bool),
        xhtml().prop_map(Value::string),
        Just(Value::string("A")),
        "(#|urn:uuid:|Patient/|http://a.example/)[a-z0-9]{0,4}".prop_map(Value::string),
    ];
    leaf.prop_recursive(4, 40, 5, move |inner| {
        let name = name.clone();
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name, inner, 0..5).prop_map(|members| {
                members.into_iter().fold(Value::object(), |object, (name, value)| object.with(name, value))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_not_replaced_keeps_its_bytes(value in tree()) {
        let mut same = value.clone();
        rewrite_sites(&mut same, &mut |_, _| None);
        prop_assert_eq!(same.to_json(), value.to_json());
        rewrite_sites(&mut same, &mut |_, text| Some(text.to_owned()));
        prop_assert_eq!(same.to_json(), value.to_json());
    }

    #[test]
    fn what_is_replaced_and_put_back_is_what_it_was(value in tree()) {
        const NEW: &str = "urn:uuid:1b671a64-40d5-491e-99b0-da01ff1f3341";
        let swap = |value: &mut Value, from: &str, to: &str| {
            rewrite_sites(value, &mut |_, text| (text == from).then(|| to.to_owned()));
        };
        let mut changed = value.clone();
        swap(&mut changed, "A", NEW);
        let mut left = 0;
        visit_sites(&changed, &mut |site| left += usize::from(site.text == "A"));
        prop_assert_eq!(left, 0);
        swap(&mut changed, NEW, "A");
        prop_assert_eq!(changed.to_json(), value.to_json());
    }

    #[test]
    fn all_that_is_visited_is_rewritten_and_nothing_else(value in tree()) {
        let mut visited = Vec::new();
        visit_sites(&value, &mut |site| {
            if site.kind != SiteKind::Logical {
                visited.push((site.kind, site.text.to_owned()));
            }
        });
        let mut asked = Vec::new();
        rewrite_sites(&mut value.clone(), &mut |kind, text| {
            asked.push((kind, text.to_owned()));
            None
        });
        prop_assert_eq!(asked, visited);
    }

    #[test]
    fn the_plain_references_are_among_the_places(value in tree()) {
        let mut plain = Vec::new();
        visit_references(&value, &mut |path, _| plain.push(path.to_owned()));
        let mut sites = Vec::new();
        visit_sites(&value, &mut |site| sites.push(site.path.to_owned()));
        prop_assert!(plain.iter().all(|path| sites.contains(path)));
        let mut same = value.clone();
        rewrite_references(&mut same, &mut |text| Some(text.to_owned()));
        prop_assert_eq!(same, value);
    }
}
