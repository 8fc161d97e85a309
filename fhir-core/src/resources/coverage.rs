//! Accounts and who pays.

use super::{AccountStatus, CoverageStatus, PublicationStatus, QuantityOrMoney};
use crate::define::fhir;
use crate::types::{
    Address, CodeableConcept, ContactPoint, HumanName, Identifier, Money, Period, PrimitiveExtension,
    Quantity, Reference,
};

fhir! {
    /// What charges are gathered under.
    resource Account {
        identifier: Vec<Identifier> = "identifier",
        status: Option<AccountStatus> = "status",
        r#type: Option<CodeableConcept> = "type",
        name: Option<String> = "name",
        subject: Vec<Reference> = "subject",
        service_period: Option<Period> = "servicePeriod",
        coverage: Vec<AccountCoverage> = "coverage",
        owner: Option<Reference> = "owner",
        description: Option<String> = "description",
        guarantor: Vec<Guarantor> = "guarantor",
        part_of: Option<Reference> = "partOf",
    }
}

fhir! {
    /// `Account.coverage`
    part AccountCoverage { coverage: Option<Reference> = "coverage", priority: Option<u32> = "priority" }
}

fhir! {
    /// `Account.guarantor`
    part Guarantor {
        party: Option<Reference> = "party",
        on_hold: Option<bool> = "onHold",
        period: Option<Period> = "period",
    }
}

fhir! {
    /// An insurance, or another promise to pay.
    resource Coverage {
        identifier: Vec<Identifier> = "identifier",
        status: Option<CoverageStatus> = "status",
        status_element: PrimitiveExtension = "_status",
        r#type: Option<CodeableConcept> = "type",
        policy_holder: Option<Reference> = "policyHolder",
        subscriber: Option<Reference> = "subscriber",
        subscriber_id: Option<String> = "subscriberId",
        beneficiary: Option<Reference> = "beneficiary",
        dependent: Option<String> = "dependent",
        relationship: Option<CodeableConcept> = "relationship",
        period: Option<Period> = "period",
        payor: Vec<Reference> = "payor",
        class: Vec<CoverageClass> = "class",
        order: Option<u32> = "order",
        network: Option<String> = "network",
        cost_to_beneficiary: Vec<CoverageCostToBeneficiary> = "costToBeneficiary",
        subrogation: Option<bool> = "subrogation",
        contract: Vec<Reference> = "contract",
    }
}

fhir! {
    /// `Coverage.class`
    part CoverageClass {
        r#type: Option<CodeableConcept> = "type",
        value: Option<String> = "value",
        name: Option<String> = "name",
    }
}

fhir! {
    /// `Coverage.costToBeneficiary`
    part CoverageCostToBeneficiary {
        r#type: Option<CodeableConcept> = "type",
        value: Option<QuantityOrMoney> = "value",
        exception: Vec<CoverageCostToBeneficiaryException> = "exception",
    }
}

fhir! {
    /// `Coverage.costToBeneficiary.exception`
    part CoverageCostToBeneficiaryException {
        r#type: Option<CodeableConcept> = "type",
        period: Option<Period> = "period",
    }
}

fhir! {
    /// An insurance that one can buy, and what it covers.
    resource InsurancePlan {
        identifier: Vec<Identifier> = "identifier",
        status: Option<PublicationStatus> = "status",
        r#type: Vec<CodeableConcept> = "type",
        name: Option<String> = "name",
        alias: Vec<String> = "alias",
        period: Option<Period> = "period",
        owned_by: Option<Reference> = "ownedBy",
        administered_by: Option<Reference> = "administeredBy",
        coverage_area: Vec<Reference> = "coverageArea",
        contact: Vec<InsurancePlanContact> = "contact",
        endpoint: Vec<Reference> = "endpoint",
        network: Vec<Reference> = "network",
        coverage: Vec<InsurancePlanCoverage> = "coverage",
        plan: Vec<InsurancePlanPlan> = "plan",
    }
}

fhir! {
    /// `InsurancePlan.contact`
    part InsurancePlanContact {
        purpose: Option<CodeableConcept> = "purpose",
        name: Option<HumanName> = "name",
        telecom: Vec<ContactPoint> = "telecom",
        address: Option<Address> = "address",
    }
}

fhir! {
    /// `InsurancePlan.coverage`
    part InsurancePlanCoverage {
        r#type: Option<CodeableConcept> = "type",
        network: Vec<Reference> = "network",
        benefit: Vec<InsurancePlanCoverageBenefit> = "benefit",
    }
}

fhir! {
    /// `InsurancePlan.coverage.benefit`
    part InsurancePlanCoverageBenefit {
        r#type: Option<CodeableConcept> = "type",
        requirement: Option<String> = "requirement",
        limit: Vec<InsurancePlanCoverageBenefitLimit> = "limit",
    }
}

fhir! {
    /// `InsurancePlan.coverage.benefit.limit`
    part InsurancePlanCoverageBenefitLimit {
        value: Option<Quantity> = "value",
        code: Option<CodeableConcept> = "code",
    }
}

fhir! {
    /// `InsurancePlan.plan`
    part InsurancePlanPlan {
        identifier: Vec<Identifier> = "identifier",
        r#type: Option<CodeableConcept> = "type",
        coverage_area: Vec<Reference> = "coverageArea",
        network: Vec<Reference> = "network",
        general_cost: Vec<InsurancePlanPlanGeneralCost> = "generalCost",
        specific_cost: Vec<InsurancePlanPlanSpecificCost> = "specificCost",
    }
}

fhir! {
    /// `InsurancePlan.plan.generalCost`
    part InsurancePlanPlanGeneralCost {
        r#type: Option<CodeableConcept> = "type",
        group_size: Option<u32> = "groupSize",
        cost: Option<Money> = "cost",
        comment: Option<String> = "comment",
    }
}

fhir! {
    /// `InsurancePlan.plan.specificCost`
    part InsurancePlanPlanSpecificCost {
        category: Option<CodeableConcept> = "category",
        benefit: Vec<InsurancePlanPlanSpecificCostBenefit> = "benefit",
    }
}

fhir! {
    /// `InsurancePlan.plan.specificCost.benefit`
    part InsurancePlanPlanSpecificCostBenefit {
        r#type: Option<CodeableConcept> = "type",
        cost: Vec<InsurancePlanPlanSpecificCostBenefitCost> = "cost",
    }
}

fhir! {
    /// `InsurancePlan.plan.specificCost.benefit.cost`
    part InsurancePlanPlanSpecificCostBenefitCost {
        r#type: Option<CodeableConcept> = "type",
        applicability: Option<CodeableConcept> = "applicability",
        qualifiers: Vec<CodeableConcept> = "qualifiers",
        value: Option<Quantity> = "value",
    }
}
