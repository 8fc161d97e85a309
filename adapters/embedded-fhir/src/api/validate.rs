use carewire_fhir_core::{Issue, Resource, Severity, Value, operation_outcome, validate};

use super::Answer;
use super::arguments::Arguments;
use super::interaction::parse_id;
use crate::refusal::{Refusal, all_ok};
use crate::store::{State, Version};

/// What `$validate` is to find out. [R4, Resource operation validate](https://hl7.org/fhir/R4/resource-operation-validate.html)
#[derive(Default)]
struct Asked {
    mode: Option<Mode>,
    profiles: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Create,
    Update,
    Delete,
    Profile,
}

/// Answers 200 and an `OperationOutcome`, whatever was found. The body is the resource, or `Parameters` with it; where
/// there is none, the stored resource is looked at.
pub(crate) fn run_validate(
    state: &State,
    resource_type: &'static str,
    id: Option<&str>,
    query: &str,
    body: Option<&Value>,
) -> Result<Answer, Refusal> {
    let parameters = body.filter(|body| {
        body.str("resourceType") == Some("Parameters")
            && (resource_type != "Parameters" || has_resource(body))
    });
    let asked = Asked::read(&Arguments::read(query, parameters)?)?;
    let stored = id.and_then(parse_id).and_then(|id| state.live(resource_type, id));
    if id.is_some() && stored.is_none() {
        return Err(Refusal::not_found());
    }
    let sent = match parameters {
        Some(parameters) => {
            parameters.list("parameter").iter().find_map(|parameter| parameter.get("resource")).cloned()
        }
        None => body.cloned(),
    };
    let kept = || stored.and_then(Version::resource);
    let resource = match sent.or_else(kept) {
        Some(resource) => resource,
        None if asked.mode == Some(Mode::Delete) => Value::object().with("resourceType", resource_type),
        None => return Err(Refusal::bad_request("Missing resource")),
    };
    let mut issues = if asked.mode == Some(Mode::Delete) {
        Vec::new()
    } else {
        faults(resource, resource_type, id, &asked)
    };
    if asked.profiles > 0 {
        let mut issue = Issue::error("not-supported", "Profiles are not checked");
        issue.severity = Severity::Warning;
        issues.push(issue);
    }
    let outcome = if issues.is_empty() { all_ok() } else { operation_outcome(issues).into_value() };
    Ok(Answer::json(outcome.to_json()))
}

impl Asked {
    fn read(arguments: &Arguments) -> Result<Self, Refusal> {
        let mut asked = Self::default();
        for (name, value) in arguments.iter() {
            match (name, value) {
                ("mode", "create") => asked.mode = Some(Mode::Create),
                ("mode", "update") => asked.mode = Some(Mode::Update),
                ("mode", "delete") => asked.mode = Some(Mode::Delete),
                ("mode", "profile") => asked.mode = Some(Mode::Profile),
                ("mode", _) => return Err(Refusal::bad_request("Invalid validation mode")),
                ("profile", _) => asked.profiles += 1,
                _ => return Err(Refusal::bad_request("Unknown parameter of $validate")),
            }
        }
        Ok(asked)
    }
}

fn faults(resource: Value, resource_type: &str, id: Option<&str>, asked: &Asked) -> Vec<Issue> {
    let sent_id = resource.str("id").map(str::to_owned);
    let Ok(resource) = Resource::from_value(resource) else {
        return vec![Issue::error("structure", "Missing resource type")];
    };
    if resource.resource_type() != resource_type {
        return vec![Issue::error("invalid", "Incorrect resource type")];
    }
    let mut issues = validate(&resource);
    let wrong_id = match asked.mode {
        Some(Mode::Update) => sent_id.is_none() || id.is_some_and(|id| sent_id.as_deref() != Some(id)),
        _ => false,
    };
    if wrong_id {
        issues.push(Issue::error("invalid", "Incorrect resource ID").at(format!("{resource_type}.id")));
    }
    issues
}

fn has_resource(parameters: &Value) -> bool {
    parameters.list("parameter").iter().any(|parameter| parameter.get("resource").is_some())
}
