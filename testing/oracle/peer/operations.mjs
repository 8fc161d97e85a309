// What the real server adds to the router: metadata, $everything, $validate, $export.
import { accepted, allOk, badRequest, getSearchParameters, globalSchema, notFound, validateResource } from '@medplum/core';
import { patientCompartment } from './definitions.mjs';
import { references } from './search.mjs';

const ABSTRACT = ['Resource', 'DomainResource'];
const TYPE_INTERACTIONS = 'read vread update patch delete history-instance create search-type'.split(' ');

export function addOperations({ router, bulk }) {
  const compartment = patientCompartment();
  router.add('GET', 'metadata', async () => [allOk, capabilityStatement()]);
  for (const method of ['GET', 'POST']) {
    router.add(method, 'Patient/:id/$everything', (request, repository) => everything(request, repository, compartment));
  }
  router.add('POST', ':resourceType/$validate', validate);
  router.add('GET', '$export', async (request) => [accepted(bulk.start(request.url, exportOptions(request)))]);
  router.add('GET', 'Patient/$export', async (request) => {
    const isWanted = ({ resourceType }) => resourceType === 'Patient' || compartment.has(resourceType);
    return [accepted(bulk.start(request.url, { ...exportOptions(request), isWanted }))];
  });
  router.add('GET', 'bulkdata/export/:id', async ({ params }) => {
    const manifest = bulk.status(params.id);
    return manifest === undefined ? [notFound] : manifest ? [allOk, manifest] : [accepted()];
  });
  router.add('DELETE', 'bulkdata/export/:id', async ({ params }) => [bulk.delete(params.id) ? accepted() : notFound]);
}

function exportOptions({ query }) {
  return { types: query._type?.split(','), since: query._since };
}

async function validate({ body, params }) {
  const resource = body?.resourceType === 'Parameters' ? body.parameter?.find(({ name }) => name === 'resource')?.resource : body;
  if (resource?.resourceType !== params.resourceType) {
    return [badRequest('Incorrect resource type')];
  }
  validateResource(resource);
  return [allOk];
}

// The patient, all of the compartment, and what these refer to. There is no total.
async function everything({ params, query, body }, repository, compartment) {
  const patient = await repository.readResource('Patient', params.id);
  const asked = (name) => query[name] ?? body?.parameter?.find((parameter) => parameter.name === name)?.valueString;
  const types = asked('_type')?.split(',');
  const found = new Map([[`Patient/${patient.id}`, patient]]);
  for (const resource of repository.all()) {
    const codes = compartment.get(resource.resourceType) ?? [];
    if (codes.some((code) => references(resource, code).includes(`Patient/${patient.id}`))) {
      found.set(`${resource.resourceType}/${resource.id}`, resource);
    }
  }
  for (const [type, id] of [...found.values()].flatMap(literalReferences).map((text) => text.split('/'))) {
    const target = repository.current(type, id);
    if (target && target.resourceType !== 'Patient' && !found.has(`${type}/${id}`)) {
      found.set(`${type}/${id}`, target);
    }
  }
  const wanted = [...found].filter(([, { resourceType }]) => !types || types.includes(resourceType));
  const recent = wanted.filter(([, { meta }]) => !asked('_since') || meta.lastUpdated > asked('_since'));
  const page = recent.slice(Number(asked('_offset') ?? 0)).slice(0, Number(asked('_count') ?? 1000));
  const entry = page.map(([path, resource]) => ({ fullUrl: `${repository.base}${path}`, search: { mode: 'match' }, resource }));
  return [allOk, { resourceType: 'Bundle', type: 'searchset', entry }];
}

function literalReferences(node) {
  if (!node || typeof node !== 'object') {
    return [];
  }
  const own = typeof node.reference === 'string' ? [node.reference] : [];
  return [...own, ...Object.values(node).flatMap(literalReferences)];
}

function capabilityStatement() {
  const types = Object.entries(globalSchema.types).filter(([type, { searchParams }]) => searchParams?._id && !ABSTRACT.includes(type));
  const resource = types.map(([type]) => ({
    type,
    interaction: TYPE_INTERACTIONS.map((code) => ({ code })),
    versioning: 'versioned',
    readHistory: true,
    updateCreate: false,
    conditionalCreate: true,
    conditionalUpdate: true,
    conditionalDelete: 'single',
    searchParam: Object.values(getSearchParameters(type) ?? {}).map(({ code, type }) => ({ name: code, type })),
  }));
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: new Date().toISOString(),
    kind: 'instance',
    fhirVersion: '4.0.1',
    format: ['json'],
    software: { name: 'peer of @medplum/fhir-router', version: '4.5.2' },
    // It lists transactions whether they are atomic or not.
    rest: [{ mode: 'server', resource, interaction: [{ code: 'transaction' }, { code: 'batch' }] }],
  };
}
