// Before and after the load: setup() finds out which pages are there, teardown() sees whether they still are.
//
//   go run ./examples/server -- ./k6 run examples/setup-teardown.js

import { check } from 'k6';
import exec from 'k6/execution';
import { concurrent, sequential } from 'k6/x/fetch';

const BASE_URL = __ENV.BASE_URL || 'http://127.0.0.1:8080';

export const options = {
  vus: 2,
  iterations: 4,
  thresholds: { checks: ['rate==1'], fetch_planned: ['count>0'] },
};

export async function setup() {
  const run = await sequential(['news', 'search', 'gone'].map((name) => `${BASE_URL}/${name}`));
  if (run.ok === 0) exec.test.abort('no page is there'); // an empty list would pass
  // What setup() returns goes to every VU as JSON, so return what they need.
  return { urls: run.results.filter((p) => p.ok).map((p) => p.url) };
}

/** @param {{ urls: string[] }} data */
export default async function (data) {
  const run = await concurrent(data.urls);
  check(run, {
    'every page answered': (r) => r.ok === data.urls.length,
    'within five seconds': (r) => r.elapsed < 5000,
  });
}

/** @param {{ urls: string[] }} data */
export async function teardown(data) {
  const run = await concurrent(data.urls);
  check(run, { 'every page is still there': (r) => r.failed === 0 });
}
