// BullMQ as the process that is measured: what src/measured.rs is for the engines in Rust. Commands on stdin, an answer
// in JSON on stdout for each.
//
//   node bullmq.mjs PORT
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';

const HANDLERS = 10;
const BATCH = 100;
const port = Number(process.argv[2]);
const connection = () => new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null });
const queue = new Queue('bench', { connection: connection() });
await queue.waitUntilReady();
let next = 0;

// The same about 200 bytes that `Payload` has.
function job() {
  next += 1;
  const id = next.toString(16).padStart(32, '0');
  const patient = (next % 1000).toString(16).padStart(64, '0');
  const refs = `message/${id} correlation/${id} patient/${patient}`;
  return { name: 'nothing', data: { number: next, at: performance.now(), refs } };
}

function meter() {
  const begun = performance.now();
  const cpu = process.cpuUsage();
  return {
    seconds: () => (performance.now() - begun) / 1000,
    cpu: () => {
      const used = process.cpuUsage(cpu);
      return used.user + used.system;
    },
  };
}

// Handlers until `target` jobs have begun; `stop` returns when what they did is stored.
function work(target, handle) {
  let count = 0;
  let reached;
  const done = new Promise((resolve) => (reached = resolve));
  const handler = async (taken) => {
    count += 1;
    if (count === target) reached();
    await handle(taken);
  };
  const worker = new Worker('bench', handler, { connection: connection(), concurrency: HANDLERS });
  worker.on('error', (error) => process.stderr.write(`bullmq: ${error.message}\n`));
  return { done, count: () => count, stop: () => worker.close() };
}

const commands = {
  async enqueue(jobs) {
    const measured = meter();
    for (let left = jobs; left > 0; left -= BATCH) {
      await queue.addBulk(Array.from({ length: Math.min(left, BATCH) }, job));
    }
    return { seconds: measured.seconds(), cpu: measured.cpu(), jobs };
  },

  async process(jobs) {
    const measured = meter();
    const working = work(jobs, async () => {});
    await working.done;
    const seconds = measured.seconds();
    await working.stop();
    return { seconds, cpu: measured.cpu(), jobs: working.count() };
  },

  async stall(jobs) {
    const measured = meter();
    const working = work(jobs, () => new Promise(() => {}));
    await working.done;
    return { seconds: measured.seconds(), cpu: 0, jobs: working.count() };
  },

  // An open loop: a job each 1/rate s, whether or not the one before is stored.
  async stream(rate, seconds) {
    const jobs = rate * seconds;
    const waits = [];
    const working = work(jobs, async (taken) => void waits.push(performance.now() - taken.data.at));
    await sleep(500);
    const measured = meter();
    const begun = performance.now();
    const calls = [];
    for (let n = 0; n < jobs; n += 1) {
      const wait = begun + (n * 1000) / rate - performance.now();
      if (wait > 0) await sleep(wait);
      const { name, data } = job();
      calls.push(queue.add(name, data));
    }
    await Promise.all(calls);
    await working.done;
    const took = { seconds: measured.seconds(), cpu: measured.cpu() };
    await working.stop();
    return { ...took, jobs: working.count(), waits };
  },
};

console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const [command, ...numbers] = line.split(' ');
  let answer;
  try {
    answer = await commands[command](...numbers.map(Number));
  } catch (error) {
    answer = { seconds: 0, cpu: 0, jobs: 0, error: error.message };
  }
  console.log(JSON.stringify(answer));
}
process.exit(0);
