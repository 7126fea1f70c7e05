import { SharedArray } from 'k6/data';
import exec from 'k6/execution';
import { chunk, chunks, concurrent } from 'k6/x/fetch';

const size = Number(__ENV.SIZE || 10);
const urls = new SharedArray('urls', () =>
  Array.from({ length: Number(__ENV.URLS) }, (_, i) => `${__ENV.BASE}/${i}`));
// The numbers of the chunks that are left of a run before.
const only = new SharedArray('only', () => (__ENV.ONLY || '').split(',').filter(Boolean).map(Number));

const vus = Number(__ENV.VUS);
const iterations = Math.max(only.length || chunks(urls, size), vus);
const scenario = {
  'shared-iterations': { vus, iterations },
  'per-vu-iterations': { vus, iterations: Math.ceil(iterations / vus) },
  'constant-arrival-rate': { preAllocatedVUs: vus, rate: 5, duration: '2s' },
};

const executor = __ENV.EXECUTOR || 'shared-iterations';
export const options = { scenarios: { main: { executor, ...scenario[executor] } } };

if (__ENV.IN === 'init') chunk(urls, size);

export function setup() {
  if (__ENV.IN === 'setup') chunk(urls, size);
}

export default async function () {
  let number = exec.scenario.iterationInTest;
  let part;
  if (only.length > 0) {
    [number] = chunk(only, 1);
    if (number === undefined) return; // more iterations than chunks
    part = urls.slice(number * size, (number + 1) * size);
  } else {
    part = chunk(urls, size);
  }
  exec.vu.metrics.metadata.chunk = String(number);
  const headers = { 'X-Instance': __ENV.INSTANCE || '' };
  await concurrent(part, { headers, ...(__ENV.RATE ? { rate: Number(__ENV.RATE) } : {}) });
}
