// Conditional references become literal ones, and get the name of what they refer to.
import { getDisplayString, parseSearchRequest } from '@medplum/core';
import { refuse } from './outcomes.mjs';

export async function resolveConditionalReferences(repository, node, path = node.resourceType) {
  if (Array.isArray(node)) {
    for (const [index, item] of node.entries()) {
      await resolveConditionalReferences(repository, item, `${path}[${index}]`);
    }
  } else if (node && typeof node === 'object') {
    if (typeof node.reference === 'string' && node.reference.includes('?')) {
      await resolve(repository, node, path);
    }
    for (const [name, member] of Object.entries(node)) {
      await resolveConditionalReferences(repository, member, `${path}.${name}`);
    }
  }
}

async function resolve(repository, node, path) {
  const request = parseSearchRequest(node.reference);
  const found = await repository.searchResources({ ...request, count: 2, sortRules: undefined });
  if (found.length !== 1) {
    const matched = found.length ? 'matched multiple' : 'did not match any';
    throw refuse(`Conditional reference ${matched} resources`, path);
  }
  const [target] = found;
  node.reference = `${target.resourceType}/${target.id}`;
  node.display = getDisplayString(target);
}
