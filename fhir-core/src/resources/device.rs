//! Devices: what they are, who asks for them and who uses them.

use super::{
    CodeableConceptOrReference, DateTimeOrPeriodOrTiming, DeviceMetricCalibrationState,
    DeviceMetricCalibrationType, DeviceMetricCategory, DeviceMetricColor, DeviceMetricOperationalStatus,
    DeviceNameType, DeviceStatus, DeviceUseStatementStatus, RequestIntent, RequestPriority, RequestStatus,
    StringOrReference, UdiEntryType,
};
use crate::define::fhir;
use crate::types::{
    Annotation, CodeableConcept, ContactPoint, DateTime, Identifier, Instant, PrimitiveExtension,
    ProdCharacteristic, ProductShelfLife, Quantity, Range, Reference, RelatedArtifact, Timing,
};

fhir! {
    /// A thing, or a program, that is used in care.
    resource Device {
        identifier: Vec<Identifier> = "identifier",
        definition: Option<Reference> = "definition",
        udi_carrier: Vec<UdiCarrier> = "udiCarrier",
        status: Option<DeviceStatus> = "status",
        status_reason: Vec<CodeableConcept> = "statusReason",
        distinct_identifier: Option<String> = "distinctIdentifier",
        manufacturer: Option<String> = "manufacturer",
        manufacture_date: Option<DateTime> = "manufactureDate",
        expiration_date: Option<DateTime> = "expirationDate",
        lot_number: Option<String> = "lotNumber",
        serial_number: Option<String> = "serialNumber",
        device_name: Vec<DeviceName> = "deviceName",
        model_number: Option<String> = "modelNumber",
        part_number: Option<String> = "partNumber",
        r#type: Option<CodeableConcept> = "type",
        specialization: Vec<DeviceSpecialization> = "specialization",
        version: Vec<DeviceVersion> = "version",
        property: Vec<DeviceProperty> = "property",
        patient: Option<Reference> = "patient",
        owner: Option<Reference> = "owner",
        contact: Vec<ContactPoint> = "contact",
        location: Option<Reference> = "location",
        url: Option<String> = "url",
        note: Vec<Annotation> = "note",
        safety: Vec<CodeableConcept> = "safety",
        parent: Option<Reference> = "parent",
    }
}

fhir! {
    /// `Device.udiCarrier`
    part UdiCarrier {
        device_identifier: Option<String> = "deviceIdentifier",
        issuer: Option<String> = "issuer",
        jurisdiction: Option<String> = "jurisdiction",
        carrier_aidc: Option<String> = "carrierAIDC",
        carrier_hrf: Option<String> = "carrierHRF",
        entry_type: Option<UdiEntryType> = "entryType",
    }
}

fhir! {
    /// `Device.deviceName`
    part DeviceName { name: Option<String> = "name", r#type: Option<DeviceNameType> = "type" }
}

fhir! {
    /// `Device.specialization`
    part DeviceSpecialization {
        system_type: Option<CodeableConcept> = "systemType",
        version: Option<String> = "version",
    }
}

fhir! {
    /// `Device.version`
    part DeviceVersion {
        r#type: Option<CodeableConcept> = "type",
        component: Option<Identifier> = "component",
        value: Option<String> = "value",
        value_element: PrimitiveExtension = "_value",
    }
}

fhir! {
    /// `Device.property`
    part DeviceProperty {
        r#type: Option<CodeableConcept> = "type",
        value_quantity: Vec<Quantity> = "valueQuantity",
        value_code: Vec<CodeableConcept> = "valueCode",
    }
}

fhir! {
    /// A kind of device.
    resource DeviceDefinition {
        identifier: Vec<Identifier> = "identifier",
        udi_device_identifier: Vec<DeviceDefinitionUdiDeviceIdentifier> = "udiDeviceIdentifier",
        manufacturer: Option<StringOrReference> = "manufacturer",
        device_name: Vec<DeviceDefinitionDeviceName> = "deviceName",
        model_number: Option<String> = "modelNumber",
        r#type: Option<CodeableConcept> = "type",
        specialization: Vec<DeviceDefinitionSpecialization> = "specialization",
        version: Vec<String> = "version",
        safety: Vec<CodeableConcept> = "safety",
        shelf_life_storage: Vec<ProductShelfLife> = "shelfLifeStorage",
        physical_characteristics: Option<ProdCharacteristic> = "physicalCharacteristics",
        language_code: Vec<CodeableConcept> = "languageCode",
        capability: Vec<DeviceDefinitionCapability> = "capability",
        property: Vec<DeviceDefinitionProperty> = "property",
        owner: Option<Reference> = "owner",
        contact: Vec<ContactPoint> = "contact",
        url: Option<String> = "url",
        online_information: Option<String> = "onlineInformation",
        note: Vec<Annotation> = "note",
        quantity: Option<Quantity> = "quantity",
        parent_device: Option<Reference> = "parentDevice",
        material: Vec<DeviceDefinitionMaterial> = "material",
        classification: Vec<DeviceDefinitionClassification> = "classification",
        body_site: Option<CodeableConcept> = "bodySite",
    }
}

fhir! {
    /// `DeviceDefinition.udiDeviceIdentifier`
    part DeviceDefinitionUdiDeviceIdentifier {
        device_identifier: Option<String> = "deviceIdentifier",
        issuer: Option<String> = "issuer",
        jurisdiction: Option<String> = "jurisdiction",
    }
}

fhir! {
    /// `DeviceDefinition.deviceName`
    part DeviceDefinitionDeviceName { name: Option<String> = "name", r#type: Option<DeviceNameType> = "type" }
}

fhir! {
    /// `DeviceDefinition.specialization`
    part DeviceDefinitionSpecialization {
        system_type: Option<String> = "systemType",
        version: Option<String> = "version",
    }
}

fhir! {
    /// `DeviceDefinition.capability`
    part DeviceDefinitionCapability {
        r#type: Option<CodeableConcept> = "type",
        description: Vec<CodeableConcept> = "description",
    }
}

fhir! {
    /// `DeviceDefinition.property`
    part DeviceDefinitionProperty {
        r#type: Option<CodeableConcept> = "type",
        value_quantity: Vec<Quantity> = "valueQuantity",
        value_code: Vec<CodeableConcept> = "valueCode",
    }
}

fhir! {
    /// `DeviceDefinition.material`
    part DeviceDefinitionMaterial {
        substance: Option<CodeableConcept> = "substance",
        alternate: Option<bool> = "alternate",
        allergenic_indicator: Option<bool> = "allergenicIndicator",
    }
}

fhir! {
    /// `DeviceDefinition.classification`
    part DeviceDefinitionClassification {
        r#type: Option<CodeableConcept> = "type",
        justification: Vec<RelatedArtifact> = "justification",
    }
}

fhir! {
    /// What a device measures, or how it is set.
    resource DeviceMetric {
        identifier: Vec<Identifier> = "identifier",
        r#type: Option<CodeableConcept> = "type",
        unit: Option<CodeableConcept> = "unit",
        source: Option<Reference> = "source",
        parent: Option<Reference> = "parent",
        operational_status: Option<DeviceMetricOperationalStatus> = "operationalStatus",
        color: Option<DeviceMetricColor> = "color",
        category: Option<DeviceMetricCategory> = "category",
        measurement_period: Option<Timing> = "measurementPeriod",
        calibration: Vec<DeviceMetricCalibration> = "calibration",
    }
}

fhir! {
    /// `DeviceMetric.calibration`
    part DeviceMetricCalibration {
        r#type: Option<DeviceMetricCalibrationType> = "type",
        state: Option<DeviceMetricCalibrationState> = "state",
        time: Option<Instant> = "time",
    }
}

fhir! {
    /// An order for a device.
    resource DeviceRequest {
        identifier: Vec<Identifier> = "identifier",
        instantiates_canonical: Vec<String> = "instantiatesCanonical",
        instantiates_uri: Vec<String> = "instantiatesUri",
        based_on: Vec<Reference> = "basedOn",
        prior_request: Vec<Reference> = "priorRequest",
        group_identifier: Option<Identifier> = "groupIdentifier",
        status: Option<RequestStatus> = "status",
        intent: Option<RequestIntent> = "intent",
        priority: Option<RequestPriority> = "priority",
        code: Option<CodeableConceptOrReference> = "code",
        parameter: Vec<DeviceRequestParameter> = "parameter",
        subject: Option<Reference> = "subject",
        encounter: Option<Reference> = "encounter",
        occurrence: Option<DateTimeOrPeriodOrTiming> = "occurrence",
        authored_on: Option<DateTime> = "authoredOn",
        requester: Option<Reference> = "requester",
        performer_type: Option<CodeableConcept> = "performerType",
        performer: Option<Reference> = "performer",
        reason_code: Vec<CodeableConcept> = "reasonCode",
        reason_reference: Vec<Reference> = "reasonReference",
        insurance: Vec<Reference> = "insurance",
        supporting_info: Vec<Reference> = "supportingInfo",
        note: Vec<Annotation> = "note",
        relevant_history: Vec<Reference> = "relevantHistory",
    }
}

fhir! {
    /// `DeviceRequest.parameter`
    part DeviceRequestParameter {
        code: Option<CodeableConcept> = "code",
        value: Option<DeviceRequestParameterValue> = "value",
    }
}

fhir! {
    /// `DeviceRequest.parameter.value[x]`
    choice DeviceRequestParameterValue {
        CodeableConcept(CodeableConcept), Quantity(Quantity), Range(Box<Range>), Boolean(bool),
    }
}

fhir! {
    /// That a patient uses a device.
    resource DeviceUseStatement {
        identifier: Vec<Identifier> = "identifier",
        based_on: Vec<Reference> = "basedOn",
        status: Option<DeviceUseStatementStatus> = "status",
        subject: Option<Reference> = "subject",
        derived_from: Vec<Reference> = "derivedFrom",
        timing: Option<DateTimeOrPeriodOrTiming> = "timing",
        recorded_on: Option<DateTime> = "recordedOn",
        source: Option<Reference> = "source",
        device: Option<Reference> = "device",
        reason_code: Vec<CodeableConcept> = "reasonCode",
        reason_reference: Vec<Reference> = "reasonReference",
        body_site: Option<CodeableConcept> = "bodySite",
        note: Vec<Annotation> = "note",
    }
}
