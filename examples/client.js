// A client with defaults: a base URL, headers, tags and retries for every call, and connections of its own.
//
//   go run ./examples/server -- ./k6 run examples/client.js

import { check } from 'k6';
import { Client, expectedStatuses } from 'k6/x/fetch';

// It may be made once, here; every VU has its own.
const site = new Client({
  baseURL: __ENV.BASE_URL || 'http://127.0.0.1:8080',
  headers: { Accept: 'text/html' },
  tags: { service: 'site' },
  timeout: '5s',
  retries: 2,
  responseType: 'text',
  expectedStatuses: expectedStatuses({ min: 200, max: 299 }),
});

export const options = {
  thresholds: { checks: ['rate==1'], 'fetch_failed{service:site}': ['rate==0'], fetch_planned: ['count>0'] },
};

export default async function () {
  const run = await site.concurrent(['/news', '/search']);
  check(run, { 'both came': (r) => r.ok === 2 });
  for (const page of run.results) {
    check(page, { 'is a page': (p) => String(p.body).includes('<title>') });
  }

  // What a call is given wins over the client's defaults.
  const again = await site.sequential(['/search'], { responseType: 'none', tags: { round: 'second' } });
  check(again.results[0], {
    'went over a connection that was there': (p) => p.reused,
    'has no body': (p) => !Object.keys(p).includes('body'),
  });
}
