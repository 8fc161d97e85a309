// Client credentials, as Medplum's token endpoint answers them: errors are 400 `invalid_request`, never 401.
import { randomUUID } from 'node:crypto';

const LIFETIME = 3600;

export class OAuth {
  #tokens = new Map();
  issued = 0;

  constructor(demanded) {
    this.demanded = demanded;
    this.client = demanded ? { id: randomUUID(), secret: randomUUID() } : undefined;
  }

  permits(authorization) {
    const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
    return !this.demanded || this.#tokens.get(token) > Date.now();
  }

  // Tokens that have not expired are worth nothing afterwards.
  flush() {
    this.#tokens.clear();
  }

  token({ headers }, body) {
    if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
      return { status: 400, type: 'text/html; charset=utf-8', body: 'Unsupported content type' };
    }
    const form = Object.fromEntries(new URLSearchParams(body));
    const basic = /^Basic (.+)$/.exec(headers.authorization ?? '')?.[1];
    const [id, secret] = basic
      ? Buffer.from(basic, 'base64').toString().split(/:(.*)/)
      : [form.client_id, form.client_secret];
    const problem = this.#problem(form.grant_type, id, secret);
    if (problem) {
      return json(400, { error: 'invalid_request', error_description: problem });
    }
    const token = `peer-${randomUUID()}`;
    this.#tokens.set(token, Date.now() + LIFETIME * 1000);
    this.issued += 1;
    return json(200, {
      token_type: 'Bearer',
      expires_in: LIFETIME,
      scope: form.scope ?? 'openid',
      access_token: token,
      profile: { reference: `ClientApplication/${id}` },
    });
  }

  #problem(grant, id, secret) {
    if (grant !== 'client_credentials') {
      return grant ? 'Unsupported grant_type' : 'Missing grant_type';
    }
    if (!id) {
      return 'Missing client_id';
    }
    if (id !== this.client?.id) {
      return 'Invalid client';
    }
    return secret === this.client.secret ? undefined : 'Invalid secret';
  }
}

const json = (status, body) => ({ status, type: 'application/json; charset=utf-8', body: JSON.stringify(body) });
