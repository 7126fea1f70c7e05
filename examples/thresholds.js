// Assertions: checks on each result and on the run, and thresholds for each name.
//
//   go run ./examples/server -- ./k6 run examples/thresholds.js

import { check } from 'k6';
import { concurrent } from 'k6/x/fetch';

const BASE_URL = __ENV.BASE_URL || 'http://127.0.0.1:8080';

export const options = {
  iterations: 3,
  thresholds: {
    checks: ['rate==1'],
    fetch_failed: ['rate==0'],
    fetch_planned: ['count>0'],
    'fetch_elapsed{name:news}': ['p(95)<1000'],
    'fetch_elapsed{name:wiki}': ['p(95)<2000'],
    'http_req_waiting{name:search}': ['avg<800'], // k6's own metrics have the name, too
    'fetch_run_elapsed{mode:concurrent}': ['max<3000'],
  },
};

export default async function () {
  const run = await concurrent([
    { url: `${BASE_URL}/news`, params: { name: 'news' } },
    { url: `${BASE_URL}/wiki`, params: { name: 'wiki' } },
    { url: `${BASE_URL}/search?q=k6`, params: { name: 'search' } },
    // A page that must not be there: with this, 404 is a success.
    { url: `${BASE_URL}/gone`, params: { name: 'gone', expectedStatuses: 404 } },
  ]);

  check(run, {
    'nothing failed': (r) => r.ok === r.count,
    'faster than one by one': (r) => r.speedup > 1,
    '95 % within two seconds': (r) => r.percentile(95) < 2000,
  });
  for (const page of run.results) {
    check(page, {
      'waited for no one': (p) => p.timings.queued < 500,
      'came in one attempt': (p) => p.attempts === 1,
    }, { page: page.name });
  }
  for (const page of run.failures()) {
    console.warn(`${page.name}: ${page.error || page.status_text}`);
  }
}
