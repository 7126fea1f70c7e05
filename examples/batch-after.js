// The script of batch-before.js with k6/x/fetch: what changed is marked.
//
//   go run ./examples/server -- ./k6 run examples/batch-after.js

import { concurrent } from 'k6/x/fetch'; // instead of k6/http
import { check } from 'k6';

const BASE_URL = __ENV.BASE_URL || 'http://127.0.0.1:8080';

export const options = {
  thresholds: { checks: ['rate==1'], http_req_failed: ['rate==0'], fetch_planned: ['count>0'] },
};

export default async function () { // async, since concurrent returns a promise
  const run = await concurrent({ // instead of http.batch; the targets are the same
    news: `${BASE_URL}/news`,
    wiki: ['GET', `${BASE_URL}/wiki`, null, { tags: { kind: 'long' } }],
    search: { method: 'GET', url: `${BASE_URL}/search`, params: { headers: { Accept: 'text/html' } } },
  }, { responseType: 'text' }); // bodies are kept only if they are asked for

  for (const page of run.results) { // instead of Object.values(pages)
    check(page, {
      'status is 200': (p) => p.status === 200,
      'answered in two seconds': (p) => p.timings.waiting < 2000,
    });
  }
  check(run.get('news'), { 'has a title': (p) => String(p?.body).includes('<title>') }); // instead of pages.news
}
