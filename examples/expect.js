// What responses must be: a page that says "not found" with status 200 is none, and an API must say what it should. The
// bodies are judged as they stream, and none is kept.
//
//   go run ./examples/server -- ./k6 run examples/expect.js

import { concurrent, print } from 'k6/x/fetch';

const BASE_URL = __ENV.BASE_URL || 'https://www.example.com';

export const options = { thresholds: { checks: ['rate==1'], fetch_failed: ['rate==0'], fetch_planned: ['count>0'] } };

export default async function () {
  const run = await concurrent({
    news: `${BASE_URL}/news`,
    search: `${BASE_URL}/search`,
    // What a target says wins, part by part.
    orders: {
      url: `${BASE_URL}/health/orders`,
      params: { expect: { headers: { 'content-type': /json/ }, body: null, json: { status: 'up' } } },
    },
  }, {
    expect: {
      status: 200,
      headers: { 'content-type': /^text\/html/, 'x-powered-by': null }, // null: absent
      body: { contains: '</h1>', lacks: ['not found', 'Exception'] },
    },
  });
  print(run);
  for (const page of run.failures()) {
    for (const { check, got } of page.unmet) {
      console.error(`${page.name}: ${check}, but ${got}`);
    }
  }
}
