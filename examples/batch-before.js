// A script of http.batch. batch-after.js is the same with k6/x/fetch.
//
//   go run ./examples/server -- ./k6 run examples/batch-before.js

import http from 'k6/http';
import { check } from 'k6';

const BASE_URL = __ENV.BASE_URL || 'http://127.0.0.1:8080';

export const options = {
  thresholds: { checks: ['rate==1'], http_req_failed: ['rate==0'] },
};

export default function () {
  const pages = http.batch({
    news: `${BASE_URL}/news`,
    wiki: ['GET', `${BASE_URL}/wiki`, null, { tags: { kind: 'long' } }],
    search: { method: 'GET', url: `${BASE_URL}/search`, params: { headers: { Accept: 'text/html' } } },
  });

  for (const page of Object.values(pages)) {
    check(page, {
      'status is 200': (p) => p.status === 200,
      'answered in two seconds': (p) => p.timings.waiting < 2000,
    });
  }
  check(pages.news, { 'has a title': (p) => String(p.body).includes('<title>') });
}
