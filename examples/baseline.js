// Nightly regression: what got slower than before, or fails more often. The first run leaves baseline.jsonl; a later one
// compares with it, and k6 exits with 110 if anything got worse:
//
//   ./k6 run -e URLS=https://go.dev/,https://k6.io/ examples/baseline.js
//   ./k6 run -e URLS=https://go.dev/,https://k6.io/ -e BASELINE=$PWD/baseline.jsonl examples/baseline.js
//
// Without internet: go run ./examples/server -- ./k6 run examples/baseline.js
//
// junit.xml and report.html say what. -e REPORTS=some/folder writes all of it there. -e TOLERANCE=0.2 ignores changes of
// less than 20 %; by default they are those of less than 5 %.

import exec from 'k6/execution';
import { concurrent, report } from 'k6/x/fetch';

if (!__ENV.URLS) {
  throw new Error('set the pages with -e URLS=https://…,https://…, or run the demo server: see the first lines');
}
const urls = __ENV.URLS.split(',');
const folder = __ENV.REPORTS || '.';
const baseline = __ENV.BASELINE ? open(__ENV.BASELINE) : undefined;
const tolerance = Number(__ENV.TOLERANCE || 0.05);

// Ten results of each page: with a hundred pages, nine are the least that can be significant.
export const options = { vus: 2, iterations: 10, thresholds: { fetch_planned: ['count>0'] } };

export default async function () {
  await concurrent(urls, { name: 'path' }); // the same names, whatever the host
}

// handleSummary() comes too late to change k6's exit status.
export function teardown() {
  if (!baseline) return;
  const { verdict, baseline: changes } = JSON.parse(report('json', { baseline, tolerance }));
  if (changes.slower + changes.failing > 0) exec.test.fail(verdict);
}

export function handleSummary() {
  if (!baseline) {
    return {
      [`${folder}/baseline.jsonl`]: report('baseline', { title: 'the first run' }),
      stdout: report('text', { colors: true }),
    };
  }
  return {
    [`${folder}/report.html`]: report('html', { baseline, tolerance }),
    [`${folder}/junit.xml`]: report('junit', { baseline, tolerance }),
    stdout: report('text', { baseline, tolerance, colors: true }),
  };
}
