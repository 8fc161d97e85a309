//! `search.txt`: the search parameters, one line for each type that has one.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use super::package::Package;

const FORMAT: &str = "\
#
#   BASE<tab>CODE<tab>KIND<tab>EXPRESSION<tab>TARGET TARGET ..     and <tab>KIND EXPRESSION for each part of a composite
#
# The expression is that part of HL7's which begins with the base; `*` is every type. Sorted by base and code.
";

/// HL7 names that many targets where it means any resource.
const ALL_TYPES: usize = 145;

#[derive(Deserialize)]
struct Parameter {
    url: String,
    code: String,
    base: Vec<String>,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    expression: String,
    #[serde(default)]
    target: Vec<String>,
    #[serde(default)]
    component: Vec<Component>,
}

#[derive(Deserialize)]
struct Component {
    definition: String,
    expression: String,
}

pub(super) fn table(package: &Package) -> Result<String, String> {
    let parameters: Vec<Parameter> = package.resources("search-parameters.json")?;
    let kinds: HashMap<&str, &str> =
        parameters.iter().map(|parameter| (parameter.url.as_str(), parameter.kind.as_str())).collect();
    let mut lines = BTreeMap::new();
    for parameter in &parameters {
        for base in &parameter.base {
            lines.insert((base.as_str(), parameter.code.as_str()), line(parameter, base, &kinds)?);
        }
    }
    let mut table = package.header("The search parameters of FHIR R4.") + FORMAT;
    for line in lines.into_values() {
        table.push_str(&line);
        table.push('\n');
    }
    Ok(table)
}

fn line(parameter: &Parameter, base: &str, kinds: &HashMap<&str, &str>) -> Result<String, String> {
    let Parameter { code, kind, expression, target, component, .. } = parameter;
    let targets = if target.len() >= ALL_TYPES { "*".to_owned() } else { target.join(" ") };
    let mut line = format!("{base}\t{code}\t{kind}\t{}\t{targets}", part_of(expression, base));
    for part in component {
        let kind = kinds.get(part.definition.as_str());
        let kind = kind.ok_or_else(|| format!("{base}.{code}: a component is not defined"))?;
        line.push_str(&format!("\t{kind} {}", part.expression));
    }
    Ok(line)
}

/// The alternatives that begin with the base. Where none does, HL7 forgot to write it.
fn part_of(expression: &str, base: &str) -> String {
    if expression.is_empty() {
        return String::new();
    }
    let all = alternatives(expression);
    let own: Vec<&str> = all.iter().copied().filter(|part| begins_with(part, base)).collect();
    if own.is_empty() {
        let prefixed: Vec<String> = all.iter().map(|part| format!("{base}.{part}")).collect();
        return prefixed.join(" | ");
    }
    own.join(" | ")
}

fn begins_with(part: &str, base: &str) -> bool {
    let rest = part.trim_start_matches('(').strip_prefix(base);
    rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
}

/// Splits at bars that are in neither brackets nor quotes.
fn alternatives(expression: &str) -> Vec<&str> {
    let (mut depth, mut quoted) = (0_i32, false);
    let parts = expression.split(|c: char| {
        quoted ^= c == '\'';
        depth += i32::from(!quoted && c == '(') - i32::from(!quoted && c == ')');
        c == '|' && depth == 0 && !quoted
    });
    parts.map(str::trim).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_base_has_its_own_part() {
        let shared = "Condition.code | (DeviceRequest.code as CodeableConcept) | ConditionX.code";
        assert_eq!(part_of(shared, "Condition"), "Condition.code");
        assert_eq!(part_of(shared, "DeviceRequest"), "(DeviceRequest.code as CodeableConcept)");
        assert_eq!(part_of("name | alias", "InsurancePlan"), "InsurancePlan.name | InsurancePlan.alias");
        assert_eq!(part_of("A.where(x='|' or (y | z)) | B", "A"), "A.where(x='|' or (y | z))");
    }
}
