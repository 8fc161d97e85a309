// Search as the real server does it around Medplum's matcher: strict, paged, with includes.
// The matcher knows reference, string, uri, token and date parameters; chains and _has are refused.
import {
  DEFAULT_MAX_SEARCH_COUNT,
  DEFAULT_SEARCH_COUNT,
  Operator,
  evalFhirPath,
  formatSearchQuery,
  getSearchParameter,
  matchesSearchRequest,
  splitSearchOnComma,
  subsetResource,
  validateResourceType,
} from '@medplum/core';
import { refuse } from './outcomes.mjs';

const MAX_OFFSET = 10_000;

export function search(repository, request) {
  check(request);
  const count = Math.min(Number.isNaN(request.count) ? 0 : (request.count ?? DEFAULT_SEARCH_COUNT), DEFAULT_MAX_SEARCH_COUNT);
  const offset = request.offset ?? 0;
  const types = request.types && request.resourceType === 'MultipleTypes' ? request.types : [request.resourceType];
  const found = types.flatMap((type) => matching(repository, { ...request, resourceType: type }));
  sort(found, request.sortRules);
  const page = found.slice(offset, offset + count);
  const entries = page.map((resource) => entry(repository, shown(resource, request), 'match'));
  const included = include(repository, page, request).map((resource) => entry(repository, resource, 'include'));
  return {
    resourceType: 'Bundle',
    type: 'searchset',
    entry: count ? [...entries, ...included] : undefined,
    total: request.total && request.total !== 'none' ? found.length : undefined,
    link: links(repository, request, offset, count, found.length),
  };
}

function check({ resourceType, filters = [], sortRules = [], offset, types }) {
  if (!types) {
    validateResourceType(resourceType);
  }
  const known = (code) => (types ?? [resourceType]).every((type) => getSearchParameter(type, code));
  for (const code of [...filters, ...sortRules].map(({ code }) => code)) {
    if (code === '_has' || code.startsWith('_has:') || code.includes('.')) {
      throw refuse('Unknown search parameter: chained search is not in this peer');
    }
    if (!known(code)) {
      throw refuse(`Unknown search parameter: ${code}`);
    }
  }
  if (offset > MAX_OFFSET) {
    throw refuse(`Search offset exceeds maximum (got ${offset}, max ${MAX_OFFSET})`);
  }
}

function matching(repository, request) {
  const candidates = repository.index.narrow(request) ?? repository.resources.get(request.resourceType)?.keys() ?? [];
  const present = [...candidates].map((id) => repository.current(request.resourceType, id)).filter(Boolean);
  return present.filter((resource) => matchesSearchRequest(resource, request));
}

function sort(resources, rules = []) {
  for (const { code, descending } of rules.toReversed()) {
    const key = (resource) => {
      const { expression } = getSearchParameter(resource.resourceType, code);
      return code === '_lastUpdated' ? resource.meta.lastUpdated : JSON.stringify(evalFhirPath(expression, resource));
    };
    const keys = new Map(resources.map((resource) => [resource, key(resource)]));
    const order = (a, b) => (keys.get(a) < keys.get(b) ? -1 : Number(keys.get(a) > keys.get(b)));
    resources.sort((a, b) => order(a, b) * (descending ? -1 : 1));
  }
}

function shown(resource, { fields }) {
  return fields ? subsetResource(structuredClone(resource), fields) : structuredClone(resource);
}

function include(repository, page, { include = [], revInclude = [] }) {
  const there = new Set(page);
  for (const { resourceType, searchParam, targetType } of include) {
    const sources = page.filter((resource) => resource.resourceType === resourceType);
    for (const reference of sources.flatMap((resource) => references(resource, searchParam))) {
      const [type, id] = reference.split('/');
      const target = !targetType || targetType === type ? repository.current(type, id) : undefined;
      target && there.add(target);
    }
  }
  const targets = new Set(page.map(({ resourceType, id }) => `${resourceType}/${id}`));
  for (const { resourceType, searchParam } of revInclude) {
    for (const source of repository.resources.get(resourceType)?.values() ?? []) {
      references(source, searchParam).some((reference) => targets.has(reference)) && there.add(source);
    }
  }
  return [...there].slice(page.length).map((resource) => structuredClone(resource));
}

// The literal references that a search parameter finds.
export function references(resource, code) {
  const parameter = getSearchParameter(resource.resourceType, code);
  if (!parameter) {
    throw refuse(`Invalid include parameter: ${resource.resourceType}:${code}`);
  }
  return evalFhirPath(parameter.expression, resource).map(({ reference }) => reference).filter(Boolean);
}

function entry({ base }, resource, mode) {
  return { fullUrl: `${base}${resource.resourceType}/${resource.id}`, search: { mode }, resource };
}

// The next page is an offset, as the real server has it unless it sorts by _lastUpdated.
function links({ base }, request, offset, count, total) {
  const url = (offset) => `${base}${request.resourceType}${formatSearchQuery({ ...request, count, offset })}`;
  const links = [{ relation: 'self', url: url(offset) }, { relation: 'first', url: url(0) }];
  return count && offset + count < total ? [...links, { relation: 'next', url: url(offset + count) }] : links;
}

// Finds candidates by _id, identifier and _tag without walking through everything. It forgets nothing: what it finds is
// matched again.
export class TokenIndex {
  #ids = new Map();

  add(resource) {
    const identifiers = [resource.identifier ?? []].flat();
    identifiers.forEach(({ system, value }) => this.#set(resource, 'identifier', `${system}|${value}`));
    resource.meta?.tag?.forEach(({ system, code }) => this.#set(resource, '_tag', `${system}|${code}`));
  }

  narrow({ resourceType, filters = [] }) {
    const filter = filters.find(({ code, operator, value }) => {
      const isToken = (code === 'identifier' || code === '_tag') && splitSearchOnComma(value).every(isFull);
      return operator === Operator.EQUALS && (code === '_id' || isToken);
    });
    const values = filter && splitSearchOnComma(filter.value);
    return filter?.code === '_id'
      ? values
      : values && new Set(values.flatMap((value) => [...(this.#ids.get(key(resourceType, filter.code, value)) ?? [])]));
  }

  #set({ resourceType, id }, code, token) {
    const name = key(resourceType, code, token);
    this.#ids.set(name, (this.#ids.get(name) ?? new Set()).add(id));
  }
}

const isFull = (token) => /^[^|]+\|[^|]+$/.test(token);
const key = (resourceType, code, token) => `${resourceType} ${code} ${token.toLowerCase()}`;
