// Results as they come, the fastest first, and an end as soon as there are enough.
//
//   go run ./examples/server -- ./k6 run examples/stream.js

import { check } from 'k6';
import { stream } from 'k6/x/fetch';

const BASE_URL = __ENV.BASE_URL || 'http://127.0.0.1:8080';

export const options = { thresholds: { checks: ['rate==1'], fetch_planned: ['count>0'] } };

export default async function () {
  const pages = stream(['news', 'wiki', 'search', 'video', 'social'].map((name) => `${BASE_URL}/${name}`));

  /** @type {import('k6/x/fetch').Result[]} */
  const first = [];
  for (let item = await pages.next(); !item.done; item = await pages.next()) {
    console.log(`${item.value.url} after ${Math.round(item.value.ended)} ms`);
    first.push(item.value);
    if (first.length === 3) pages.close(); // what is still in flight is cut off
  }

  const run = pages.summary();
  check(run, {
    'three pages came': () => first.length === 3,
    'and answered': () => first.every((page) => page.ok),
    'the others are accounted for': (r) => r.ok + r.failed + r.notRun === 5,
  });
}
