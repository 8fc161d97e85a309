//! From a list of paths to a tree that a walk can follow, checked against the elements of R4.

use std::collections::BTreeMap;

use super::parse::Fault;
use super::rule::Rule;
use super::{Method, Node};
use crate::PolicyError;
use crate::fhir::{self, Codes, Field, Fields};

type Roots = BTreeMap<&'static str, Node>;

/// Wildcards first, so that a path spelled out prevails over one with `*`, whatever their order in the file.
pub(super) fn compile(mut rules: Vec<Rule>, at: &Fault<'_>) -> Result<Roots, PolicyError> {
    for (index, rule) in rules.iter().enumerate() {
        if rules.iter().take(index).any(|earlier| earlier.path == rule.path) {
            return Err(at(rule.offset, format!("`{}` stands twice", rule.path)));
        }
    }
    rules.sort_by_key(|rule| !rule.path.split('.').any(|step| step.starts_with('*')));
    let mut roots = Roots::new();
    let (everywhere, named): (Vec<_>, Vec<_>) = rules.iter().partition(|rule| rule.path.starts_with("*."));
    for rule in &named {
        place(&mut roots, rule).map_err(|reason| at(rule.offset, reason))?;
    }
    let types: Vec<_> = roots.keys().copied().filter(|name| fhir::resource(name).is_some()).collect();
    for rule in &everywhere {
        let steps: Vec<_> = rule.path.split('.').skip(1).collect();
        for name in &types {
            let Some((_, fields)) = fhir::resource(name) else { continue };
            let node = roots.entry(name).or_default();
            insert(node, fields, &steps, rule, name).map_err(|reason| at(rule.offset, reason))?;
        }
    }
    for rule in &rules {
        empty_datatype(&roots, rule).map_or(Ok(()), |reason| Err(at(rule.offset, reason)))?;
    }
    Ok(roots)
}

fn place(roots: &mut Roots, rule: &Rule) -> Result<(), String> {
    let mut steps = rule.path.split('.');
    let first = steps.next().unwrap_or_default();
    let steps: Vec<_> = steps.collect();
    let Some((name, fields)) = fhir::resource(first).or_else(|| fhir::datatype(first)) else {
        return Err(format!("`{first}` is no resource type or datatype that this crate knows"));
    };
    if BUILT_IN.contains(&name) && !steps.is_empty() {
        return Err(whole(name));
    }
    let node = roots.entry(name).or_default();
    match (steps.is_empty(), rule.method, name) {
        (true, Method::Token, "Patient") => node.method = Some(Method::Token),
        (true, ..) if fhir::datatype(name).is_some() => by_default(node, rule, name)?,
        (true, ..) => {
            return Err(format!("`{name}` is a type: name its elements (only `Patient` may be a `token`)"));
        }
        (false, ..) => insert(node, fields, &steps, rule, name)?,
    }
    Ok(())
}

/// A rule for every element of a datatype that `**` reaches.
fn by_default(node: &mut Node, rule: &Rule, datatype: &'static str) -> Result<(), String> {
    let field = Field { type_name: datatype, many: false, required: false, codes: Codes::Open };
    if let Some(reason) = rule.method.fault(&field) {
        return Err(format!("`{datatype}` {reason}"));
    }
    (node.method, node.parameters) = (Some(rule.method), rule.parameters.clone());
    Ok(())
}

fn insert(
    node: &mut Node,
    fields: &'static Fields,
    steps: &[&str],
    rule: &Rule,
    above: &str,
) -> Result<(), String> {
    let [step, below @ ..] = steps else { return Ok(()) };
    let method = rule.method;
    if let ("**", []) = (*step, below) {
        node.deep = true;
        return match method {
            Method::Keep => Ok(()),
            _ => Err("`**` goes with `keep`, and the rules of the datatypes with that".to_owned()),
        };
    }
    let matching: Vec<(&'static str, &'static Field)> = match *step {
        "*" => {
            fields.iter().filter(|(_, field)| !below.is_empty() || method.fault(field).is_none()).collect()
        }
        name => vec![fields.get(name).ok_or_else(|| unknown(fields, name, above))?],
    };
    for (name, field) in matching {
        let path = format!("{above}.{name}");
        if below.is_empty() {
            if let Some(reason) = method.fault(field) {
                return Err(format!("`{path}` {reason}"));
            }
            let child = node.children.entry(name).or_default();
            (child.method, child.parameters) = (Some(method), rule.parameters.clone());
            continue;
        }
        match field.fields() {
            Some(_) if field.datatype().is_some_and(|kind| BUILT_IN.contains(&kind)) => match *step {
                "*" => {}
                _ => return Err(whole(&path)),
            },
            Some(fields) => insert(node.children.entry(name).or_default(), fields, below, rule, &path)?,
            None if *step == "*" => {}
            None => return Err(format!("`{path}` has no elements below it")),
        }
    }
    Ok(())
}

fn whole(path: &str) -> String {
    format!("`{path}` has rules of its own: it is named as a whole, not by its parts")
}

fn unknown(fields: &'static Fields, name: &str, above: &str) -> String {
    let stem = name.strip_suffix("[x]").unwrap_or(name);
    let choices: Vec<_> =
        fields.iter().map(|(known, _)| known).filter(|known| is_choice(known, stem)).collect();
    if choices.is_empty() {
        return format!("`{above}` has no element `{name}` in R4");
    }
    format!("`{above}.{name}` has several types: name one of {}", choices.join(", "))
}

fn is_choice(known: &str, stem: &str) -> bool {
    let rest = known.strip_prefix(stem);
    rest.is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()))
}

/// Datatypes with rules of their own in the walk; a policy need not name their elements.
pub(crate) const BUILT_IN: [&str; 10] = [
    "Coding",
    "CodeableConcept",
    "Quantity",
    "Age",
    "Duration",
    "Count",
    "Distance",
    "Money",
    "Reference",
    "Identifier",
];

/// `Encounter.period` kept, but nothing of `Period` named: nothing would be left.
fn empty_datatype(roots: &Roots, rule: &Rule) -> Option<String> {
    let mut steps = rule.path.split('.');
    let (_, mut fields) =
        steps.next().and_then(|name| fhir::resource(name).or_else(|| fhir::datatype(name)))?;
    let mut last = None;
    for step in steps {
        let (_, field) = fields.get(step)?;
        last = Some(field);
        fields = field.fields().unwrap_or(fields);
    }
    let kind = last?.datatype()?;
    let bare = rule.method == Method::Keep
        && fhir::datatype(kind).is_some()
        && !BUILT_IN.contains(&kind)
        && roots.get(kind).is_none_or(|node| !node.deep && node.children.is_empty());
    bare.then(|| {
        format!(
            "`{}` is a {kind}, and nothing of `{kind}` is named: name what stays, as in `{kind}.…`",
            rule.path
        )
    })
}

#[cfg(test)]
mod tests {
    use crate::Policy;

    fn fault(rule: &str) -> String {
        let head = "id='x'\nversion='1'\njurisdiction='any'\nsources=[]\n";
        Policy::parse_toml(&format!("{head}{rule}")).map(drop).unwrap_err().to_string()
    }

    #[test]
    fn faults_name_line_column_and_cure() {
        for (rule, expected) in [
            (
                "[[fhir]]\npath='Observation.vaule'\nmethod='keep'",
                "line 6, column 6: `Observation` has no element `vaule`",
            ),
            (
                "[[fhir]]\npath='Observation.value[x]'\nmethod='keep'",
                "name one of valueBoolean, valueCodeableConcept",
            ),
            ("[[fhir]]\npath='Observation.value'\nmethod='keep'", "has several types"),
            ("[[fhir]]\npath='Observation.valueString'\nmethod='keep'", "is free text"),
            ("[[fhir]]\npath='Patient.identifier'\nmethod='keep'", "use `pseudonym`"),
            ("[[fhir]]\npath='Patient.contact'\nmethod='keep'", "has elements of its own"),
            ("[[fhir]]\npath='Patient.gender.x'\nmethod='keep'", "has no elements below"),
            ("[[fhir]]\npath='Patient.gender'\nmethod='year'", "`year` does not apply"),
            ("[[fhir]]\npath='Patient.gender'\nmethod='token'", "applies to `Patient`"),
            ("[[fhir]]\npath='Observation'\nmethod='token'", "is a type"),
            ("[[fhir]]\npath='Patent.gender'\nmethod='keep'", "`Patent` is no resource type"),
            (
                "[[fhir]]\npath='Observation.code.text'\nmethod='keep'",
                "`Observation.code` has rules of its own",
            ),
            ("[[fhir]]\npath='Coding.code'\nmethod='keep'", "`Coding` has rules of its own"),
            ("[[fhir]]\npath='Encounter.period'\nmethod='keep'", "nothing of `Period` is named"),
            ("[[fhir]]\npath='Patient.gender'\nmethod='kep'", "line 7, column 8: unknown variant"),
            (
                "[[fhir]]\npaths=['Patient.gender',\n'Patient.gender']\nmethod='keep'",
                "line 7, column 1: `Patient.gender` stands twice",
            ),
            ("[[fhir]]\nmethod='keep'", "either `path` or `paths`"),
            ("[codes]\nsystems=[{uri='a',prefix='b',shape='icd'}]", "either `uri` or `prefix`"),
            ("[codes]\nsystems=[{prefix='b',shape='icd'}]", "needs the shape `published`"),
            ("[[extension]]\nurl='u'\nvalue='valueString'", "coded value"),
            ("[[extension]]\nurl='u'\nvalue='valueCode'\nsystem='http://x'", "codes this crate carries"),
            ("[dates]\nmethod='shfit'", "unknown variant"),
            ("[[fhir]]\npath='Patient.birthDate'\nmethod='perturb'\nspan=1", "is no number and no quantity"),
            (
                "[[fhir]]\npath='Patient.birthDate'\nmethod='encrypt'",
                "line 6, column 6: `Patient.birthDate` cannot hold what encryption makes of it",
            ),
            ("[[fhir]]\npath='Patient.gender'\nmethod='encrypt'", "a code without a required binding"),
            ("[[fhir]]\npath='Patient.active'\nmethod='scrub'", "is no text: `scrub`"),
            (
                "[[fhir]]\npath='Observation.valueInteger'\nmethod='generalise'\nstep=1e30",
                "at most 24 digits",
            ),
            ("[[identifier]]\nchecksum='us-sn'\nmethod='drop'", "`us-sn` is no type of identifiers"),
            ("[[identifier]]\nmethod='drop'", "exactly one of"),
            ("[[identifier]]\ntype='br-cfp'\nmethod='drop'", "`br-cfp` is no type of identifiers"),
            ("[v3]\n", "unknown field"),
            ("x = ", "line 5"),
        ] {
            let error = fault(rule);
            assert!(error.contains(expected), "{rule}: {error}");
        }
    }

    #[test]
    fn a_star_stands_for_what_the_method_fits_and_a_name_prevails() {
        let head = "id='x'\nversion='1'\njurisdiction='any'\nsources=[]\n";
        let rules = "[[fhir]]\npath='Observation.note'\nmethod='drop'\n[[fhir]]\npath='Observation.*'\nmethod='keep'\n
                     [[fhir]]\npath='*.meta.security'\nmethod='keep'\n";
        let policy = Policy::parse_toml(&format!("{head}{rules}")).unwrap();
        let node = policy.root("Observation").unwrap();
        assert_eq!(node.children["note"].method, Some(super::Method::Drop));
        assert_eq!(node.children["valueQuantity"].method, Some(super::Method::Keep));
        assert!(!node.children.contains_key("valueString"));
        assert!(node.children["meta"].children.contains_key("security"));
        assert!(!policy.names_type("Patient"));
    }
}
