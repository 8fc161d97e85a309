use super::*;

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).unwrap()
}

fn converted(value: &str, from: &str, to: &str) -> Result<String, UcumError> {
    convert(&decimal(value), from, to).map(|result| result.as_str().to_owned())
}

#[test]
fn clinical_units_are_converted_exactly() {
    for (value, from, to, expected) in [
        ("13.5", "g/dL", "g/L", "135"),
        ("1", "[lb_av]", "g", "453.59237"),
        ("1", "[oz_av]", "g", "28.349523125"),
        ("6", "[ft_i]", "cm", "182.88"),
        ("1", "[in_i]", "cm", "2.54"),
        ("5.5", "10*3/uL", "10*9/L", "5.5"),
        ("4.5", "10*6/uL", "/L", "4500000000000"),
        ("120", "mm[Hg]", "kPa", "15.99864"),
        ("10", "cm[H2O]", "Pa", "980.665"),
        ("1", "bar", "kPa", "100"),
        ("60", "U/L", "ukat/L", "1"),
        ("5", "mmol/L", "umol/mL", "5"),
        ("140", "meq/L", "mmol/L", "140"),
        ("290", "mosm/L", "mmol/L", "290"),
        ("1", "kcal", "J", "4184"),
        ("50", "%", "1", "0.5"),
        ("72", "{beats}/min", "/s", "1.2"),
        ("2", "wk", "h", "336"),
        ("1", "[tsp_us]", "mL", "4.92892159375"),
        ("37", "Cel", "K", "310.15"),
        ("37.0", "Cel", "[degF]", "98.6"),
        ("-40", "[degF]", "Cel", "-40"),
        ("1500", "[IU]/L", "k[iU]/L", "1.5"),
        ("3", "dB", "B", "0.3"),
        ("7.4", "[pH]", "[pH]", "7.4"),
        ("2.50", "mg", "mg", "2.50"),
        ("180", "deg", "gon", "200"),
        ("1", "g/(100.g)", "%", "1"),
        ("1", "KiBy", "bit", "8192"),
    ] {
        assert_eq!(converted(value, from, to).as_deref(), Ok(expected), "{value} {from} {to}");
    }
}

#[test]
fn what_ucum_does_not_convert_is_refused() {
    use UcumError::{DifferentDimension, Inexact, NotARatio, Overflow, Syntax, UnknownUnit};
    for (from, to, expected) in [
        ("mg", "mL", DifferentDimension),
        ("[IU]", "mg", DifferentDimension),
        ("[IU]", "[USP'U]", DifferentDimension),
        ("[IU]", "1", DifferentDimension),
        ("mg/dL", "mmol/L", DifferentDimension),
        ("[pH]", "mol/L", DifferentDimension),
        ("B[SPL]", "B[V]", DifferentDimension),
        ("deg", "rad", DifferentDimension),
        ("Cel/min", "K/min", NotARatio),
        ("Cel2", "K2", NotARatio),
        ("kg", "[lb_av]", Inexact),
        ("foo", "g", UnknownUnit),
        ("k[lb_av]", "g", UnknownUnit),
        ("mg/", "g", Syntax),
        ("mg//dL", "g", Syntax),
        ("(mg", "g", Syntax),
        ("mg)", "g", Syntax),
        ("", "g", Syntax),
        ("{a", "1", Syntax),
        ("m g", "g", Syntax),
        ("µg", "g", Syntax),
        ("[in_i", "m", Syntax),
        ("g+", "g", UnknownUnit),
        ("0", "1", Syntax),
        ("m999999999999", "m", Overflow),
        ("[lb_av]99", "g", Overflow),
        ("L34", "m", Overflow),
    ] {
        assert_eq!(converted("1", from, to), Err(expected), "{from} {to}");
    }
}

#[test]
fn hostile_expressions_end_soon() {
    for text in [
        "(".repeat(250),
        "((((((((((((((((((((m))))))))))))))))))))".to_owned(),
        "m.".repeat(200),
        "9".repeat(200),
    ] {
        assert!(Unit::parse(&text).is_err(), "{}", text.len());
    }
    assert!(Unit::parse("((((m))))").is_ok());
}

#[test]
fn base_quantities_are_equal_when_the_quantities_are() {
    let of = |value: &str, unit: &str| base_quantity(&decimal(value), unit).unwrap();
    assert_eq!(of("37", "Cel"), of("98.6", "[degF]"));
    assert_eq!(of("1", "mL"), of("1.0", "cm3"));
    assert_ne!(of("1", "[IU]"), of("1", "[arb'U]"));
    assert!(of("1", "kg").value > of("2", "[lb_av]").value);
    assert_eq!(of("1", "mg/dL{x}").unit, "g.m-3");
    assert_eq!(format!("{:?}", of("1", "mg")), "BaseQuantity(.. g)");
}
