// A list of pages in a file, in chunks, with metrics named by what the pages are.
//
//   go run ./examples/server -- ./k6 run examples/list.js

import { check } from 'k6';
import { chunk, chunks, Client, lines } from 'k6/x/fetch';

const pages = lines('urls.txt');
const site = new Client({ baseURL: __ENV.BASE_URL || 'http://127.0.0.1:8080', name: '{path}' });

export const options = {
  scenarios: { all: { executor: 'shared-iterations', vus: 2, iterations: chunks(pages, 2) } },
  thresholds: {
    'checks': ['rate==1'],
    'fetch_planned': ['count>0'],
    'fetch_elapsed{name:/wiki}': ['max<5000'],
  },
};

export default async function () {
  const run = await site.concurrent(chunk(pages, 2));
  check(run, { 'all pages answered': (r) => r.failed === 0 });
}
