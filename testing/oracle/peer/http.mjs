// HTTP around the router: bodies, tokens, faults, conditional reads, headers.
import { gzipSync } from 'node:zlib';
import {
  allOk,
  generateId,
  getStatus,
  isOk,
  normalizeOperationOutcome,
  notModified,
  unauthorized,
} from '@medplum/core';
import { control } from './control.mjs';
import { answerOf } from './faults.mjs';
import { refuse } from './outcomes.mjs';

const BASE = '/fhir/R4';
const MAX_BODY = 1024 * 1024;
const JSON_TYPE = /^application\/(fhir\+|json-patch\+)?json/;
const FORM_TYPE = /^application\/x-www-form-urlencoded/;
const TRACING = 'https://medplum.com/fhir/StructureDefinition/tracing';

export function handler(peer) {
  const counts = { requests: 0, unauthorized: 0 };
  const serial = oneAtATime();
  const respond = async (request, response) => {
    const url = new URL(request.url, peer.origin);
    const body = await read(request);
    if (url.pathname === '/_control') {
      return plain(response, control(peer, counts, request.method, body));
    }
    if (!url.pathname.startsWith(`${BASE}/`) && url.pathname !== BASE) {
      return plain(response, outside(peer, request, url, body));
    }
    counts.requests += 1;
    const path = url.pathname.slice(BASE.length).replace(/^\//, '');
    if (path !== 'metadata' && !peer.oauth.permits(request.headers.authorization)) {
      counts.unauthorized += 1;
      return answer(peer, request, response, [unauthorized]);
    }
    const fault = peer.faults.take(request.method, path);
    if (await silence(fault, response)) {
      return undefined;
    }
    const result = answerOf(fault)
      ? [answerOf(fault)]
      : await serial(() => work(peer, request, `${path}${url.search}`, body, fault));
    return fault?.kind === 'drop-after' ? response.destroy() : answer(peer, request, response, result);
  };
  return (request, response) => {
    respond(request, response).catch((error) => {
      console.error(error);
      response.destroy();
    });
  };
}

// `undefined` when there is too much of it.
async function read(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= MAX_BODY) {
      chunks.push(chunk);
    }
  }
  return size <= MAX_BODY ? Buffer.concat(chunks).toString() : undefined;
}

function outside({ oauth, bulk, origin }, request, url, body) {
  if (url.pathname === '/oauth2/token' && request.method === 'POST') {
    return oauth.token(request, body);
  }
  if (url.pathname === '/healthcheck') {
    return { status: 200, type: 'application/json', body: '{"ok":true}' };
  }
  if (url.pathname === '/.well-known/smart-configuration') {
    const methods = ['client_secret_basic', 'client_secret_post'];
    const configuration = { token_endpoint: `${origin}/oauth2/token`, token_endpoint_auth_methods_supported: methods };
    return { status: 200, type: 'application/json', body: JSON.stringify(configuration) };
  }
  if (url.pathname.startsWith('/storage/')) {
    return bulk.file(url.pathname, url.searchParams);
  }
  return { status: 404, type: 'text/plain', body: 'not found' };
}

// Faults after which nothing is done or said.
async function silence(fault, response) {
  if (fault?.kind === 'drop-before') {
    response.destroy();
    return true;
  }
  if (fault?.kind !== 'hang') {
    return false;
  }
  if (fault.wait_ms) {
    setTimeout(() => response.destroy(), fault.wait_ms).unref();
  }
  return true;
}

async function work(peer, request, url, text, fault) {
  let body;
  try {
    body = parse(request, text);
  } catch (error) {
    return [normalizeOperationOutcome(error)];
  }
  const { repository, router, quota, transactions } = peer;
  repository.base = `${peer.origin}${BASE}/`;
  if (fault?.kind === 'throttle-entry-429') {
    quota.failAfter(Math.floor((body?.entry?.length ?? 0) / 2), fault.wait_ms ?? 1000);
  }
  const { method, headers } = request;
  const call = { method, url, pathname: '', params: {}, query: {}, body, headers, config: { transactions } };
  try {
    return await router.handleRequest(call, repository);
  } catch (error) {
    return [normalizeOperationOutcome(error)];
  } finally {
    quota.failAfter(undefined);
  }
}

function parse({ method, headers }, text) {
  if (text === undefined) {
    throw refuse('File too large');
  }
  if (text === '' || method === 'GET' || method === 'DELETE') {
    return undefined;
  }
  const type = headers['content-type'] ?? '';
  if (FORM_TYPE.test(type)) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  if (!JSON_TYPE.test(type)) {
    throw refuse('Unsupported content type');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw refuse('Content could not be parsed');
  }
}

function answer(peer, request, response, [outcome, resource]) {
  const etag = resource?.meta?.versionId && `W/"${resource.meta.versionId}"`;
  if (request.method === 'GET' && etag && request.headers['if-none-match'] === etag) {
    return answer(peer, { ...request, method: 'HEAD', headers: {} }, response, [notModified]);
  }
  const status = getStatus(outcome);
  setHeaders(peer, response, outcome, resource, etag);
  const isMinimal = isOk(outcome) && request.method !== 'GET' && request.headers.prefer === 'return=minimal';
  const isEmpty = status === 304 || isMinimal || (status === 202 && !resource);
  const body = isEmpty ? '' : JSON.stringify(resource ?? traced(outcome));
  return send(request, response, status, body);
}

function setHeaders({ origin, quota }, response, outcome, resource, etag) {
  response.setHeader('Content-Type', 'application/fhir+json; charset=utf-8');
  if (etag) {
    response.setHeader('ETag', etag);
    response.setHeader('Last-Modified', new Date(resource.meta.lastUpdated).toUTCString());
  }
  if (getStatus(outcome) === 201) {
    response.setHeader('Location', `${origin}${BASE}/${resource.resourceType}/${resource.id}`);
  }
  if (getStatus(outcome) === 202 && outcome.issue[0].diagnostics) {
    response.setHeader('Content-Location', outcome.issue[0].diagnostics);
  }
  if (quota.headers().length) {
    response.setHeader('RateLimit', quota.headers());
  }
}

function send(request, response, status, body) {
  const bytes = Buffer.from(body);
  if (bytes.length > 1024 && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) {
    return response.writeHead(status, { 'Content-Encoding': 'gzip' }).end(gzipSync(bytes));
  }
  return response.writeHead(status).end(bytes);
}

function traced(outcome) {
  if (outcome === allOk) {
    return outcome;
  }
  const id = (url) => ({ url, valueId: generateId() });
  return { ...outcome, extension: [{ url: TRACING, extension: [id('requestId'), id('traceId')] }] };
}

function plain(response, { status, type, body }) {
  response.writeHead(status, { 'Content-Type': type }).end(body);
}

// Requests change the repository one after the other, or a transaction would not be one.
function oneAtATime() {
  let last = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    last = result.catch(() => {});
    return result;
  };
}
