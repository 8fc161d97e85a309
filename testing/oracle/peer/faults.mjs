// Faults on demand, as `/_control` takes them: {"kind", "times" (1), "skip" (0), "method", "path" (a prefix), "wait_ms"}.
//
//   econnrefused-400     the database is away: a 400 without an element
//   serialization-409    two transactions met
//   server-error-500
//   throttle-429         the quota is used up; {"wait_ms"} until it is not
//   throttle-entry-429   the same in the middle of a Bundle
//   hang                 no answer for {"wait_ms"} (or ever), nothing is done
//   drop-before          the connection ends, nothing is done
//   drop-after           it is done, then the connection ends
import { databaseAway, serialization, serverError, throttled } from './outcomes.mjs';

const ANSWERS = {
  'econnrefused-400': () => databaseAway(),
  'serialization-409': () => serialization(),
  'server-error-500': () => serverError(),
  'throttle-429': ({ wait_ms = 1000 }) => throttled(1100, 1000, wait_ms),
};
const KINDS = [...Object.keys(ANSWERS), 'throttle-entry-429', 'hang', 'drop-before', 'drop-after'];

export class Faults {
  #armed = [];
  happened = {};

  add(fault) {
    if (!KINDS.includes(fault.kind)) {
      throw new Error(`unknown fault, not one of: ${KINDS.join(', ')}`);
    }
    this.#armed.push({ times: 1, skip: 0, ...fault });
  }

  clear() {
    this.#armed = [];
  }

  // The fault that befalls this request, if any.
  take(method, path) {
    const fault = this.#armed.find(
      (fault) => (!fault.method || fault.method === method) && path.startsWith(fault.path ?? '')
    );
    if (!fault) {
      return undefined;
    }
    if (fault.skip > 0) {
      fault.skip -= 1;
      return undefined;
    }
    fault.times -= 1;
    this.#armed = this.#armed.filter(({ times }) => times > 0);
    this.happened[fault.kind] = (this.happened[fault.kind] ?? 0) + 1;
    return fault;
  }
}

// What is answered at once; `undefined` for faults that are no answer.
export function answerOf(fault) {
  return ANSWERS[fault?.kind]?.(fault);
}
