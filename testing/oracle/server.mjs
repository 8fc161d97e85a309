// A FHIR server for tests: Medplum's own router, validator and in-memory repository behind HTTP, with the rules of the
// real server that those leave out (peer/). Prints one JSON line when it is ready: {"url", "pid", "client"}.
//
//   node server.mjs [--port 0] [--auth] [--quota POINTS] [--quota-window SECONDS] [--non-atomic] [--audit]
//                   [--hook-retry MILLISECONDS]
//
// Everything is in memory and ends with the process; so does the process when its stdin is a pipe that closes.
// `/_control` switches faults (peer/faults.mjs). Only this machine can connect.
import { fstatSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { FhirRouter } from '@medplum/fhir-router';
import { AuditTrail } from './peer/audit.mjs';
import { loadDefinitions } from './peer/definitions.mjs';
import { BulkExports } from './peer/export.mjs';
import { Faults } from './peer/faults.mjs';
import { handler } from './peer/http.mjs';
import { OAuth } from './peer/oauth.mjs';
import { addOperations } from './peer/operations.mjs';
import { Quota } from './peer/quota.mjs';
import { PeerRepository } from './peer/repository.mjs';
import { Subscriptions } from './peer/subscriptions.mjs';

const { values: options } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    auth: { type: 'boolean', default: false },
    quota: { type: 'string', default: '0' },
    'quota-window': { type: 'string', default: '60' },
    'non-atomic': { type: 'boolean', default: false },
    audit: { type: 'boolean', default: false },
    'hook-retry': { type: 'string', default: '1000' },
  },
});

loadDefinitions();
const quota = new Quota(Number(options.quota), Number(options['quota-window']) * 1000);
const repository = new PeerRepository(quota);
const subscriptions = new Subscriptions(repository, Number(options['hook-retry']));
repository.onCommit((change) => subscriptions.notify(change));
if (options.audit) {
  const trail = new AuditTrail(repository);
  repository.onAccess((access) => trail.record(access));
}

const server = createServer();
server.listen(Number(options.port), '127.0.0.1', () => {
  const origin = `http://127.0.0.1:${server.address().port}`;
  const peer = {
    origin,
    repository,
    quota,
    faults: new Faults(),
    router: new FhirRouter(),
    oauth: new OAuth(options.auth),
    bulk: new BulkExports(repository, origin),
    transactions: !options['non-atomic'],
  };
  addOperations(peer);
  server.on('request', handler(peer));
  console.log(JSON.stringify({ url: `${origin}/fhir/R4`, pid: process.pid, client: peer.oauth.client }));
});

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => process.exit(0));
}
// Whoever started it may be killed: then nobody is left to end it.
if (fstatSync(0).isFIFO() || fstatSync(0).isSocket()) {
  process.stdin.on('end', () => process.exit(0)).resume();
}
