// The server of @medplum/hl7, as its documentation shows it: parses each message and acknowledges it.
// It listens on all addresses, for it takes a port and no address.
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../testing/oracle/package.json', import.meta.url));
const { Hl7Server } = require('@medplum/hl7');

const server = new Hl7Server((connection) => {
  connection.addEventListener('message', ({ message }) => connection.send(message.buildAck()));
  connection.addEventListener('error', () => {});
});
server.start(0);
server.server.on('listening', () => console.log(server.server.address().port));
process.stdin.on('end', () => process.exit(0)).resume();
