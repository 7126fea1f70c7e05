// Staging against production: the same pages on both, which must have the same status and the same body, and must not be
// slower on staging by more than a factor.
//
//   go run ./examples/server -- ./k6 run examples/staging.js
//   ./k6 run -e PRODUCTION=https://www.example.com -e STAGING=https://staging.example.com examples/staging.js
//
// -e FACTOR=2 is how many times as long staging may take, 1.5 by default.

import { check } from 'k6';
import { Client, lines } from 'k6/x/fetch';

const paths = lines('urls.txt');
const site = (where) => new Client({
  baseURL: __ENV[where.toUpperCase()] || __ENV.BASE_URL || 'http://127.0.0.1:8080',
  name: 'path', // so that a page has one name, wherever it is
  tags: { site: where },
  responseType: 'text',
});
const production = site('production');
const staging = site('staging');
const factor = Number(__ENV.FACTOR || 1.5);

export const options = {
  thresholds: {
    'checks': ['rate==1'],
    'fetch_planned': ['count>0'],
    'fetch_failed{site:staging}': ['rate==0'],
    // These always hold: k6's summary shows what has a threshold.
    'fetch_elapsed{site:production}': ['avg>=0'],
    'fetch_elapsed{site:staging}': ['avg>=0'],
  },
};

export default async function () {
  await Promise.all([production.concurrent(paths), staging.concurrent(paths)]); // both warm up
  const before = await production.concurrent(paths);
  const after = await staging.concurrent(paths);

  for (const was of before.results) {
    const is = after.results[was.index];
    const same = check(is, {
      'the same status': (p) => p.status === was.status,
      'the same body': (p) => p.body === was.body,
      [`at most ${factor} times as long`]: (p) => p.timings.elapsed <= factor * was.timings.elapsed,
    }, { page: is.name });
    const times = `${was.timings.elapsed.toFixed()} ms, ${is.timings.elapsed.toFixed()} ms`;
    console.log(`${same ? 'same' : 'DIFFERENT'} ${is.name}: ${was.status}, ${is.status}; ${times}`);
  }
}
