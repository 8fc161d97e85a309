// An AuditEvent for each create, read, update and delete; searches leave none, as in the real server.
import { generateId } from '@medplum/core';

const ACTIONS = { create: 'C', read: 'R', update: 'U', delete: 'D' };

export class AuditTrail {
  constructor(repository) {
    this.repository = repository;
  }

  record({ interaction, resource }) {
    if (resource.resourceType === 'AuditEvent') {
      return;
    }
    const recorded = new Date().toISOString();
    const code = (system, code) => ({ system: `http://${system}`, code });
    this.repository.keep({
      resourceType: 'AuditEvent',
      id: generateId(),
      meta: { versionId: generateId(), lastUpdated: recorded },
      type: code('terminology.hl7.org/CodeSystem/audit-event-type', 'rest'),
      subtype: [code('hl7.org/fhir/restful-interaction', interaction)],
      action: ACTIONS[interaction],
      recorded,
      outcome: '0',
      agent: [{ who: { display: 'client' }, requestor: true, network: { address: '127.0.0.1', type: '2' } }],
      source: { observer: { display: 'peer' } },
      entity: [{ what: { reference: `${resource.resourceType}/${resource.id}` } }],
    });
  }
}
