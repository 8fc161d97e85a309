// Rest hooks, signed and tried again as Medplum does. A deletion is `{}` with the id in a header that is not signed.
import { createHmac } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { generateId, matchesSearchRequest, parseSearchRequest, stringify } from '@medplum/core';

const SECRET = 'https://www.medplum.com/fhir/StructureDefinition/subscription-secret';
const ATTEMPTS = 'https://medplum.com/fhir/StructureDefinition/subscription-max-attempts';
const INTERACTION = 'https://medplum.com/fhir/StructureDefinition/subscription-supported-interaction';

export class Subscriptions {
  constructor(repository, retry) {
    Object.assign(this, { repository, retry, delivered: 0, failed: 0 });
  }

  notify({ interaction, resource }) {
    if (['Subscription', 'AuditEvent'].includes(resource.resourceType)) {
      return;
    }
    for (const subscription of this.repository.resources.get('Subscription')?.values() ?? []) {
      const { status, channel } = subscription;
      if (status === 'active' && channel?.type === 'rest-hook' && wants(subscription, interaction, resource)) {
        this.#deliver(subscription, interaction, resource);
      }
    }
  }

  async #deliver(subscription, interaction, resource) {
    const body = interaction === 'delete' ? '{}' : stringify(resource);
    const headers = headersOf(subscription, interaction, resource, body);
    const attempts = Math.min(extension(subscription, ATTEMPTS)?.valueInteger ?? 3, 18);
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      await setTimeout(attempt && this.retry * 2 ** (attempt - 1), undefined, { ref: false });
      const answer = await fetch(subscription.channel.endpoint, { method: 'POST', headers, body }).catch(() => undefined);
      if (answer?.ok) {
        this.delivered += 1;
        return;
      }
    }
    this.failed += 1;
  }
}

function wants(subscription, interaction, resource) {
  const only = extension(subscription, INTERACTION)?.valueCode;
  return (!only || only === interaction) && matchesSearchRequest(resource, parseSearchRequest(subscription.criteria));
}

function headersOf(subscription, interaction, { resourceType, id }, body) {
  const headers = {
    'Content-Type': 'application/fhir+json',
    'X-Medplum-Subscription': subscription.id,
    'X-Medplum-Interaction': interaction,
    'x-trace-id': generateId(),
  };
  for (const header of subscription.channel.header ?? []) {
    const [name, value] = header.split(/:\s*(.*)/);
    headers[name] = value;
  }
  const secret = extension(subscription, SECRET)?.valueString;
  if (secret) {
    headers['X-Signature'] = createHmac('sha256', secret).update(body).digest('hex');
  }
  return interaction === 'delete' ? { ...headers, 'X-Medplum-Deleted-Resource': `${resourceType}/${id}` } : headers;
}

function extension(resource, url) {
  return resource.extension?.find((extension) => extension.url === url);
}
