// The classic comparison: the same pages one by one, then together, with a bar for the time of each.
//
//   make demo
//   ./k6 run -e URLS=https://go.dev/,https://k6.io/ examples/compare.js
//
// -e ROUNDS=5 repeats it and shows the round of the median.

import { compare, print } from 'k6/x/fetch';

if (!__ENV.URLS) {
  throw new Error('set the pages with -e URLS=https://…,https://…, or run the demo: make demo');
}
const urls = __ENV.URLS.split(',');

export const options = {
  thresholds: {
    fetch_failed: ['rate==0'],
    fetch_planned: ['count>0'],
    fetch_speedup: ['avg>1'],
  },
};

export default async function () {
  const c = await compare(urls, { rounds: Number(__ENV.ROUNDS || 1) });
  print(c);
}
