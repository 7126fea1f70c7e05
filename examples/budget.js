// Budgets: what each page and the whole run may cost. Each is a check of k6's, and in every report.
//
//   go run ./examples/server -- ./k6 run examples/budget.js

import { concurrent, print } from 'k6/x/fetch';

const BASE_URL = __ENV.BASE_URL || 'https://www.example.com';

export const options = { thresholds: { checks: ['rate==1'], fetch_planned: ['count>0'] } };

export default async function () {
  const run = await concurrent({
    news: `${BASE_URL}/news`,
    search: `${BASE_URL}/search`,
    // The slow one. What a target says wins, key by key.
    wiki: { url: `${BASE_URL}/wiki`, params: { name: 'wiki', budget: { elapsed: '2.5s' } } },
  }, {
    budget: {
      elapsed: ['1s', 'p(95)<2000'], // each page, and all of them together
      bytes: '100kB',
      status: { min: 200, max: 299 },
      failed: 'rate<0.01',
      run_elapsed: '3s',
    },
  });
  print(run);
}
