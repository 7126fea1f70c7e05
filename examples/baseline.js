// What got slower than before. The first run leaves baseline.jsonl, the second compares with it:
//
//   ./k6 run -e URLS=https://go.dev/,https://k6.io/ examples/baseline.js
//   ./k6 run -e URLS=https://go.dev/,https://k6.io/ -e BASELINE=$PWD/baseline.jsonl examples/baseline.js
//
// A pipeline fails on junit.xml. -e REPORTS=some/folder writes all of it there.

import { concurrent, report } from 'k6/x/fetch';

if (!__ENV.URLS) {
  throw new Error('tell which pages with -e URLS=https://…,https://…, or run: build/server -- ./k6 run examples/baseline.js');
}
const urls = __ENV.URLS.split(',');
const folder = __ENV.REPORTS || '.';
const baseline = __ENV.BASELINE ? open(__ENV.BASELINE) : undefined;

// Ten results of each page: with a hundred pages, nine are the least that can tell anything.
export const options = { vus: 2, iterations: 10, thresholds: { fetch_planned: ['count>0'] } };

export default async function () {
  await concurrent(urls, { name: 'path' }); // the same names, whatever the host
}

export function handleSummary() {
  if (!baseline) return { [`${folder}/baseline.jsonl`]: report('baseline', { title: 'the first run' }) };
  return {
    [`${folder}/report.html`]: report('html', { baseline }),
    [`${folder}/junit.xml`]: report('junit', { baseline }),
    stdout: report('text', { baseline, colors: true }),
  };
}
