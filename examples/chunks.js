// A list in chunks, one for each iteration: each URL once, on one k6 or on several that share the test.
//
//   go run ./examples/server -- ./k6 run examples/chunks.js

import { check } from 'k6';
import { SharedArray } from 'k6/data';
import { chunk, chunks, concurrent } from 'k6/x/fetch';

const size = 2;
const urls = new SharedArray('urls', () =>
  (__ENV.URLS || 'https://go.dev/,https://k6.io/,https://grafana.com/').split(','));

export const options = {
  scenarios: {
    all: { executor: 'shared-iterations', vus: 2, iterations: chunks(urls, size), maxDuration: '1h' },
  },
  thresholds: { fetch_failed: ['rate==0'], fetch_planned: ['count>0'] },
};

export default async function () {
  const run = await concurrent(chunk(urls, size));
  check(run, { 'all pages answered': (r) => r.failed === 0 });
}
