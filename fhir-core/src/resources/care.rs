//! Plans, goals and teams of care.

use super::{
    CarePlanActivityKind, CarePlanActivityStatus, CarePlanIntent, CareTeamStatus, CodeableConceptOrReference,
    DateOrCodeableConcept, DateOrDuration, GoalLifecycleStatus, QuantityOrRatio, RequestIntent,
    RequestStatus, TimingOrPeriodOrString,
};
use crate::define::fhir;
use crate::types::{
    Annotation, CodeableConcept, ContactPoint, Date, DateTime, Identifier, Period, Quantity, Range, Ratio,
    Reference, Timing,
};

fhir! {
    /// What is planned to be done for a patient.
    resource CarePlan {
        identifier: Vec<Identifier> = "identifier",
        instantiates_canonical: Vec<String> = "instantiatesCanonical",
        instantiates_uri: Vec<String> = "instantiatesUri",
        based_on: Vec<Reference> = "basedOn",
        replaces: Vec<Reference> = "replaces",
        part_of: Vec<Reference> = "partOf",
        status: Option<RequestStatus> = "status",
        intent: Option<CarePlanIntent> = "intent",
        category: Vec<CodeableConcept> = "category",
        title: Option<String> = "title",
        description: Option<String> = "description",
        subject: Option<Reference> = "subject",
        encounter: Option<Reference> = "encounter",
        period: Option<Period> = "period",
        created: Option<DateTime> = "created",
        author: Option<Reference> = "author",
        contributor: Vec<Reference> = "contributor",
        care_team: Vec<Reference> = "careTeam",
        addresses: Vec<Reference> = "addresses",
        supporting_info: Vec<Reference> = "supportingInfo",
        goal: Vec<Reference> = "goal",
        activity: Vec<CarePlanActivity> = "activity",
        note: Vec<Annotation> = "note",
    }
}

fhir! {
    /// `CarePlan.activity`
    part CarePlanActivity {
        outcome_codeable_concept: Vec<CodeableConcept> = "outcomeCodeableConcept",
        outcome_reference: Vec<Reference> = "outcomeReference",
        progress: Vec<Annotation> = "progress",
        reference: Option<Reference> = "reference",
        detail: Option<CarePlanActivityDetail> = "detail",
    }
}

fhir! {
    /// `CarePlan.activity.detail`
    part CarePlanActivityDetail {
        kind: Option<CarePlanActivityKind> = "kind",
        instantiates_canonical: Vec<String> = "instantiatesCanonical",
        instantiates_uri: Vec<String> = "instantiatesUri",
        code: Option<CodeableConcept> = "code",
        reason_code: Vec<CodeableConcept> = "reasonCode",
        reason_reference: Vec<Reference> = "reasonReference",
        goal: Vec<Reference> = "goal",
        status: Option<CarePlanActivityStatus> = "status",
        status_reason: Option<CodeableConcept> = "statusReason",
        do_not_perform: Option<bool> = "doNotPerform",
        scheduled: Option<TimingOrPeriodOrString> = "scheduled",
        location: Option<Reference> = "location",
        performer: Vec<Reference> = "performer",
        product: Option<CodeableConceptOrReference> = "product",
        daily_amount: Option<Quantity> = "dailyAmount",
        quantity: Option<Quantity> = "quantity",
        description: Option<String> = "description",
    }
}

fhir! {
    /// The people and organisations that care for a patient together.
    resource CareTeam {
        identifier: Vec<Identifier> = "identifier",
        status: Option<CareTeamStatus> = "status",
        category: Vec<CodeableConcept> = "category",
        name: Option<String> = "name",
        subject: Option<Reference> = "subject",
        encounter: Option<Reference> = "encounter",
        period: Option<Period> = "period",
        participant: Vec<CareTeamParticipant> = "participant",
        reason_code: Vec<CodeableConcept> = "reasonCode",
        reason_reference: Vec<Reference> = "reasonReference",
        managing_organization: Vec<Reference> = "managingOrganization",
        telecom: Vec<ContactPoint> = "telecom",
        note: Vec<Annotation> = "note",
    }
}

fhir! {
    /// `CareTeam.participant`
    part CareTeamParticipant {
        role: Vec<CodeableConcept> = "role",
        member: Option<Reference> = "member",
        on_behalf_of: Option<Reference> = "onBehalfOf",
        period: Option<Period> = "period",
    }
}

fhir! {
    /// What is to be reached with a patient.
    resource Goal {
        identifier: Vec<Identifier> = "identifier",
        lifecycle_status: Option<GoalLifecycleStatus> = "lifecycleStatus",
        achievement_status: Option<CodeableConcept> = "achievementStatus",
        category: Vec<CodeableConcept> = "category",
        priority: Option<CodeableConcept> = "priority",
        description: Option<CodeableConcept> = "description",
        subject: Option<Reference> = "subject",
        start: Option<DateOrCodeableConcept> = "start",
        target: Vec<GoalTarget> = "target",
        status_date: Option<Date> = "statusDate",
        status_reason: Option<String> = "statusReason",
        expressed_by: Option<Reference> = "expressedBy",
        addresses: Vec<Reference> = "addresses",
        note: Vec<Annotation> = "note",
        outcome_code: Vec<CodeableConcept> = "outcomeCode",
        outcome_reference: Vec<Reference> = "outcomeReference",
    }
}

fhir! {
    /// `Goal.target`
    part GoalTarget {
        measure: Option<CodeableConcept> = "measure",
        detail: Option<GoalTargetDetail> = "detail",
        due: Option<DateOrDuration> = "due",
    }
}

fhir! {
    /// `Goal.target.detail[x]`
    choice GoalTargetDetail {
        Quantity(Quantity), Range(Box<Range>), CodeableConcept(CodeableConcept), String(String), Boolean(bool),
        Integer(i32), Ratio(Box<Ratio>),
    }
}

fhir! {
    /// An order for a diet, supplements or a formula.
    resource NutritionOrder {
        identifier: Vec<Identifier> = "identifier",
        instantiates_canonical: Vec<String> = "instantiatesCanonical",
        instantiates_uri: Vec<String> = "instantiatesUri",
        instantiates: Vec<String> = "instantiates",
        status: Option<RequestStatus> = "status",
        intent: Option<RequestIntent> = "intent",
        patient: Option<Reference> = "patient",
        encounter: Option<Reference> = "encounter",
        date_time: Option<DateTime> = "dateTime",
        orderer: Option<Reference> = "orderer",
        allergy_intolerance: Vec<Reference> = "allergyIntolerance",
        food_preference_modifier: Vec<CodeableConcept> = "foodPreferenceModifier",
        exclude_food_modifier: Vec<CodeableConcept> = "excludeFoodModifier",
        oral_diet: Option<NutritionOrderOralDiet> = "oralDiet",
        supplement: Vec<NutritionOrderSupplement> = "supplement",
        enteral_formula: Option<NutritionOrderEnteralFormula> = "enteralFormula",
        note: Vec<Annotation> = "note",
    }
}

fhir! {
    /// `NutritionOrder.oralDiet`
    part NutritionOrderOralDiet {
        r#type: Vec<CodeableConcept> = "type",
        schedule: Vec<Timing> = "schedule",
        nutrient: Vec<NutritionOrderOralDietNutrient> = "nutrient",
        texture: Vec<NutritionOrderOralDietTexture> = "texture",
        fluid_consistency_type: Vec<CodeableConcept> = "fluidConsistencyType",
        instruction: Option<String> = "instruction",
    }
}

fhir! {
    /// `NutritionOrder.oralDiet.nutrient`
    part NutritionOrderOralDietNutrient {
        modifier: Option<CodeableConcept> = "modifier",
        amount: Option<Quantity> = "amount",
    }
}

fhir! {
    /// `NutritionOrder.oralDiet.texture`
    part NutritionOrderOralDietTexture {
        modifier: Option<CodeableConcept> = "modifier",
        food_type: Option<CodeableConcept> = "foodType",
    }
}

fhir! {
    /// `NutritionOrder.supplement`
    part NutritionOrderSupplement {
        r#type: Option<CodeableConcept> = "type",
        product_name: Option<String> = "productName",
        schedule: Vec<Timing> = "schedule",
        quantity: Option<Quantity> = "quantity",
        instruction: Option<String> = "instruction",
    }
}

fhir! {
    /// `NutritionOrder.enteralFormula`
    part NutritionOrderEnteralFormula {
        base_formula_type: Option<CodeableConcept> = "baseFormulaType",
        base_formula_product_name: Option<String> = "baseFormulaProductName",
        additive_type: Option<CodeableConcept> = "additiveType",
        additive_product_name: Option<String> = "additiveProductName",
        caloric_density: Option<Quantity> = "caloricDensity",
        routeof_administration: Option<CodeableConcept> = "routeofAdministration",
        administration: Vec<NutritionOrderEnteralFormulaAdministration> = "administration",
        max_volume_to_deliver: Option<Quantity> = "maxVolumeToDeliver",
        administration_instruction: Option<String> = "administrationInstruction",
    }
}

fhir! {
    /// `NutritionOrder.enteralFormula.administration`
    part NutritionOrderEnteralFormulaAdministration {
        schedule: Option<Timing> = "schedule",
        quantity: Option<Quantity> = "quantity",
        rate: Option<QuantityOrRatio> = "rate",
    }
}
