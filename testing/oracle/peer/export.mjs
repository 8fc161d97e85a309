// Bulk export: the kick-off answers 202, the first look at the status 202, the next the manifest with signed URLs.
import { randomUUID } from 'node:crypto';

export class BulkExports {
  #jobs = new Map();

  constructor(repository, origin) {
    Object.assign(this, { repository, origin });
  }

  // Remembers what there is now; answers the URL of the status.
  start(request, { types, since, isWanted = () => true }) {
    const files = {};
    for (const resource of this.repository.all()) {
      const { resourceType, meta } = resource;
      if ((!types || types.includes(resourceType)) && (!since || meta.lastUpdated > since) && isWanted(resource)) {
        (files[resourceType] ??= []).push(JSON.stringify(resource));
      }
    }
    const id = randomUUID();
    const job = { request, files, looks: 0, transactionTime: new Date().toISOString(), signature: randomUUID() };
    this.#jobs.set(id, job);
    return `${this.origin}/fhir/R4/bulkdata/export/${id}`;
  }

  // `undefined` when there is no such job, `null` while it runs.
  status(id) {
    const job = this.#jobs.get(id);
    if (!job || job.looks++ === 0) {
      return job && null;
    }
    const query = `Expires=${Math.floor(Date.now() / 1000) + 3600}&Signature=${job.signature}`;
    const output = Object.keys(job.files).map((type) => ({
      type,
      url: `${this.origin}/storage/${id}/${type}?${query}`,
    }));
    const { transactionTime, request } = job;
    return { transactionTime, request, requiresAccessToken: false, output, error: [], deleted: [] };
  }

  delete(id) {
    return this.#jobs.delete(id);
  }

  // Needs the signature and no token.
  file(pathname, parameters) {
    const [, , id, type] = pathname.split('/');
    const job = this.#jobs.get(id);
    if (!job?.files[type] || parameters.get('Signature') !== job.signature) {
      return { status: 403, type: 'application/xml', body: '<Error><Code>AccessDenied</Code></Error>' };
    }
    return { status: 200, type: 'application/fhir+ndjson', body: `${job.files[type].join('\n')}\n` };
  }
}
