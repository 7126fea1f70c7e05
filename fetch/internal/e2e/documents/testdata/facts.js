// Brings about, one after another, what docs/porting.md says of http.batch and of concurrent, and prints what came of it.
// -e HOW=batch or -e HOW=fetch says with which.

import http from 'k6/http';
import { concurrent } from 'k6/x/fetch';

const SLOW = 'http://slow.test'; // answers after 200 ms
const FAST = 'http://fast.test'; // answers at once

const batch = __ENV.HOW === 'batch';

export const options = {
  hosts: { 'slow.test': __ENV.SLOW, 'fast.test': __ENV.FAST },
  ...(batch && __ENV.FACT === 'connections' ? { batch: 50, batchPerHost: 0 } : {}),
  ...(__ENV.FACT === 'connections' ? { iterations: 20 } : {}),
  ...(__ENV.FACT === 'cut'
    ? { scenarios: { s: { executor: 'constant-vus', vus: 1, duration: '1s', gracefulStop: '0s' } } }
    : {}),
};

const list = (n, url) => [...Array(n).keys()].map((i) => `${url}?${i}`);
const ten = (odd) => list(9, `${FAST}/`).toSpliced(4, 0, odd);

// How many answers came, 0 if they were lost.
async function answers(targets) {
  if (!batch) return (await concurrent(targets)).ok;
  try {
    return http.batch(targets).filter((r) => r && r.status === 200).length;
  } catch (e) {
    return 0;
  }
}

const facts = {
  badURL: () => answers(ten('http://a b/')),
  unasked101: () => answers(ten(`${FAST}/101`)),
  slowFirst: async () => {
    const targets = [...list(30, `${SLOW}/`), ...list(5, `${FAST}/mark`)];
    if (batch) http.batch(targets);
    else await concurrent(targets);
  },
  cut: async () => {
    const targets = list(40, `${SLOW}/cut`); // 0.7 s each, of 1 s in all
    if (batch) http.batch(targets);
    else await concurrent(targets);
  },
  connections: async () => {
    const targets = list(50, `${FAST}/`);
    if (batch) http.batch(targets);
    else await concurrent(targets, { concurrency: 50, perHost: 0 });
  },
  lookingUp: async () => {
    const targets = ['http://fast.test/']; // through k6's resolver
    const results = batch ? http.batch(targets) : (await concurrent(targets)).results;
    return results[0].timings.looking_up > 0;
  },
};

export default async function () {
  const fact = await facts[__ENV.FACT]();
  console.log(`fact: ${fact}`);
}
