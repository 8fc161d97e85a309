//! What operations take and answer.

use crate::define::fhir;
use crate::types::{CodeableConcept, ExtensionValue};

fhir! {
    /// What goes into an operation, or comes out.
    bare Parameters { parameter: Vec<ParametersParameter> = "parameter" }
}

fhir! {
    /// `Parameters.parameter`
    part ParametersParameter {
        name: Option<String> = "name",
        value: Option<ExtensionValue> = "value",
        resource: Option<crate::Resource> = "resource",
        part: Vec<ParametersParameter> = "part",
    }
}

fhir! {
    /// What went wrong. To build one of issues, see [`crate::operation_outcome`].
    resource OperationOutcome { issue: Vec<OperationOutcomeIssue> = "issue" }
}

fhir! {
    /// `OperationOutcome.issue`
    part OperationOutcomeIssue {
        severity: Option<crate::Severity> = "severity",
        code: Option<String> = "code",
        details: Option<CodeableConcept> = "details",
        diagnostics: Option<String> = "diagnostics",
        location: Vec<String> = "location",
        expression: Vec<String> = "expression",
    }
}
