// A quota of points: a read costs 1, a history 10, a search 20, a write 100. A refused request costs them all the same.
import { OperationOutcomeError } from '@medplum/core';
import { throttled } from './outcomes.mjs';

const POINTS = { read: 1, history: 10, search: 20, write: 100 };

export class Quota {
  constructor(limit, window) {
    Object.assign(this, { limit, window, consumed: 0, ends: 0, writesLeft: undefined, wait: 0 });
  }

  charge(interaction) {
    this.#fault(interaction);
    if (!this.limit) {
      return;
    }
    if (Date.now() >= this.ends) {
      Object.assign(this, { consumed: 0, ends: Date.now() + this.window });
    }
    this.consumed += POINTS[interaction];
    if (this.consumed > this.limit) {
      throw new OperationOutcomeError(throttled(this.consumed, this.limit, this.ends - Date.now()));
    }
  }

  // Lets so many writes of the next request pass and refuses the others.
  failAfter(writes, wait) {
    Object.assign(this, { writesLeft: writes, wait });
  }

  #fault(interaction) {
    if (this.writesLeft === undefined || interaction !== 'write') {
      return;
    }
    if (this.writesLeft === 0) {
      throw new OperationOutcomeError(throttled(1100, 1000, this.wait));
    }
    this.writesLeft -= 1;
  }

  headers() {
    if (!this.limit) {
      return [];
    }
    const seconds = Math.max(0, Math.ceil((this.ends - Date.now()) / 1000));
    const left = Math.max(0, this.limit - this.consumed);
    return [`"requests";r=60000;t=60`, `"fhirInteractions";r=${left};t=${seconds}`];
  }
}
