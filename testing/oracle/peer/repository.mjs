// Medplum's in-memory repository with the rules of its real one: it gives out UUIDs, validates, keeps unchanged
// resources in their version, remembers deletions, and takes a failed transaction back.
import {
  OperationOutcomeError,
  deepEquals,
  generateId,
  gone,
  isUUID,
  notFound,
  preconditionFailed,
  stringify,
  validateResource,
  validateResourceType,
} from '@medplum/core';
import { MemoryRepository } from '@medplum/fhir-router';
import { refuse } from './outcomes.mjs';
import { resolveConditionalReferences } from './references.mjs';
import { TokenIndex, search } from './search.mjs';

export class PeerRepository extends MemoryRepository {
  // How to take back what the running transaction has done; `undefined` outside of one.
  #undo;
  #changes = [];
  #commitListeners = [];
  #accessListeners = [];
  #deleted = new WeakSet();

  constructor(quota) {
    super();
    this.quota = quota;
    this.index = new TokenIndex();
    this.base = '';
  }

  onCommit(listener) {
    this.#commitListeners.push(listener);
  }

  onAccess(listener) {
    this.#accessListeners.push(listener);
  }

  async createResource(resource, options) {
    this.quota.charge('write');
    const created = clean(resource);
    if (!options?.assignedId) {
      delete created.id;
    }
    created.id ??= generateId();
    checkId(created);
    // Before what is empty is dropped: it is validated as it was sent.
    validateResource({ ...resource, id: created.id });
    await resolveConditionalReferences(this, created);
    return this.#store('create', created);
  }

  async updateResource(resource, options) {
    this.quota.charge('write');
    checkId(resource);
    validateResource(resource);
    const existing = this.current(resource.resourceType, resource.id);
    if (!existing && !this.versions(resource.resourceType, resource.id).length) {
      throw new OperationOutcomeError(notFound);
    }
    if (existing && options?.ifMatch && existing.meta.versionId !== options.ifMatch) {
      throw new OperationOutcomeError(preconditionFailed);
    }
    const updated = clean(resource);
    await resolveConditionalReferences(this, updated);
    if (existing && deepEquals(withoutVersion(updated), withoutVersion(existing))) {
      return structuredClone(existing);
    }
    return this.#store('update', updated);
  }

  async readResource(resourceType, id) {
    this.quota.charge('read');
    const resource = this.#present(resourceType, id);
    this.#accessed('read', resource);
    return structuredClone(resource);
  }

  async readHistory(resourceType, id, { offset = 0, limit } = {}) {
    this.quota.charge('history');
    const versions = this.versions(resourceType, id).toReversed();
    if (!versions.length) {
      throw new OperationOutcomeError(notFound);
    }
    const page = versions.slice(offset, limit && offset + limit);
    const entry = page.map((version) => this.#historyEntry(version));
    return { resourceType: 'Bundle', type: 'history', total: versions.length, entry };
  }

  async readVersion(resourceType, id, versionId) {
    this.quota.charge('read');
    const version = this.versions(resourceType, id).find(({ meta }) => meta.versionId === versionId);
    if (!version) {
      throw new OperationOutcomeError(notFound);
    }
    if (this.#deleted.has(version)) {
      throw new OperationOutcomeError(gone);
    }
    return structuredClone(version);
  }

  async deleteResource(resourceType, id) {
    this.quota.charge('write');
    let resource;
    try {
      resource = this.#present(resourceType, id);
    } catch (error) {
      if (error.outcome === gone) {
        return;
      }
      throw error;
    }
    const tombstone = { resourceType, id, meta: version() };
    this.#deleted.add(tombstone);
    this.#put(tombstone, undefined);
    this.#changed('delete', resource);
  }

  async search(request) {
    this.quota.charge('search');
    return search(this, request);
  }

  // Several at once do not happen: requests are worked on one after the other. A transaction may hold another.
  async withTransaction(callback) {
    const outermost = this.#undo === undefined;
    this.#undo ??= [];
    const [mark, changes] = [this.#undo.length, this.#changes.length];
    try {
      return await callback(undefined);
    } catch (error) {
      this.#undo.splice(mark).toReversed().forEach((undo) => undo());
      this.#changes.splice(changes);
      throw error;
    } finally {
      if (outermost) {
        this.#undo = undefined;
        this.#publish();
      }
    }
  }

  // Without charge, audit or copy: for the rest of the peer.

  current(resourceType, id) {
    return this.resources.get(resourceType)?.get(id);
  }

  versions(resourceType, id) {
    return this.history.get(resourceType)?.get(id) ?? [];
  }

  *all() {
    for (const resources of this.resources.values()) {
      yield* resources.values();
    }
  }

  // Stores what the peer itself writes: no validation, no audit, no hook.
  keep(resource) {
    this.#put(resource, resource);
  }

  #present(resourceType, id) {
    validateResourceType(resourceType);
    if (!isUUID(id) || !this.versions(resourceType, id).length) {
      throw new OperationOutcomeError(notFound);
    }
    const resource = this.current(resourceType, id);
    if (!resource) {
      throw new OperationOutcomeError(gone);
    }
    return resource;
  }

  #store(interaction, resource) {
    resource.meta = { ...resource.meta, ...version() };
    this.#put(resource, resource);
    this.#changed(interaction, resource);
    return structuredClone(resource);
  }

  #put(version, present) {
    const { resourceType, id } = version;
    const resources = entryOf(this.resources, resourceType, () => new Map());
    const versions = entryOf(entryOf(this.history, resourceType, () => new Map()), id, () => []);
    const before = resources.get(id);
    const set = (resource) => (resource ? resources.set(id, resource) : resources.delete(id));
    set(present);
    versions.push(version);
    this.index.add(version);
    this.#undo?.push(() => {
      set(before);
      versions.pop();
    });
  }

  #changed(interaction, resource) {
    this.#accessed(interaction, resource);
    this.#changes.push({ interaction, resource: structuredClone(resource) });
    if (this.#undo === undefined) {
      this.#publish();
    }
  }

  #accessed(interaction, resource) {
    this.#accessListeners.forEach((listener) => listener({ interaction, resource }));
  }

  #publish() {
    this.#changes.splice(0).forEach((change) => this.#commitListeners.forEach((listener) => listener(change)));
  }

  #historyEntry(version) {
    const { resourceType, id, meta } = version;
    const response = { status: '200', lastModified: meta.lastUpdated, etag: `W/"${meta.versionId}"` };
    if (this.#deleted.has(version)) {
      return { fullUrl: `${this.base}${resourceType}/${id}`, response: { ...response, status: '410', outcome: gone } };
    }
    return { fullUrl: `${this.base}${resourceType}/${id}`, response, resource: structuredClone(version) };
  }
}

function checkId({ id }) {
  if (!isUUID(id ?? '')) {
    throw refuse('Invalid id');
  }
}

// As it is stored: nothing empty, decimals as JavaScript has them.
function clean(resource) {
  return JSON.parse(stringify(resource));
}

function version() {
  return { versionId: generateId(), lastUpdated: new Date().toISOString() };
}

function withoutVersion(resource) {
  const { versionId, lastUpdated, ...meta } = resource.meta ?? {};
  return { ...resource, meta };
}

function entryOf(map, key, make) {
  if (!map.has(key)) {
    map.set(key, make());
  }
  return map.get(key);
}
