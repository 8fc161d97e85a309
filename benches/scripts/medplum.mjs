// Times @medplum/core: parse a message and read the places given as SEG-occurrence-field-component-subcomponent.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const require = createRequire(new URL('../../testing/oracle/package.json', import.meta.url));
const { Hl7Message } = require('@medplum/core');
const text = readFileSync(process.argv[2], 'utf8');
const places = process.argv.slice(3).map((place) => {
  const [name, ...numbers] = place.split('-');
  return [name, ...numbers.map(Number)];
});

function read() {
  const message = Hl7Message.parse(text);
  const texts = [];
  for (const [name, occurrence, field, component, subcomponent] of places) {
    const segment = message.getAllSegments(name)[occurrence - 1];
    texts.push(segment?.getComponent(field, component, subcomponent ? subcomponent - 1 : undefined) ?? '');
  }
  return texts;
}

let best = Infinity;
for (let round = 0; round < 8; round++) {
  const start = process.hrtime.bigint();
  let calls = 0;
  let elapsed = 0;
  while (elapsed < 150e6) {
    read();
    calls++;
    elapsed = Number(process.hrtime.bigint() - start);
  }
  best = Math.min(best, elapsed / calls);
}
console.log([Math.round(best), ...read()].join('\n'));
