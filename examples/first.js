// The first script: fetch some pages together, check them, and see how long each took.
//
//   ./k6 run examples/first.js
//   ./k6 run -e URLS=https://go.dev/,https://k6.io/ examples/first.js
//
// Without internet: go run ./examples/server -- ./k6 run examples/first.js

import { check } from 'k6';
import { concurrent, print } from 'k6/x/fetch';

const urls = (__ENV.URLS || 'https://go.dev/,https://k6.io/,https://grafana.com/').split(',');

// Without thresholds, k6 exits with 0 even if pages fail, or if a mistake in the script ends it before it fetches anything.
export const options = { thresholds: { fetch_failed: ['rate==0'], fetch_planned: ['count>0'] } };

export default async function () {
  const run = await concurrent(urls);

  check(run, {
    'all pages answered': (r) => r.failed === 0,
    'all within five seconds': (r) => r.elapsed < 5000,
  });
  for (const page of run.results) {
    check(page, { 'first byte within two seconds': (p) => p.timings.waiting < 2000 });
  }
  print(run);
}
