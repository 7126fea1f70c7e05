// Reports of a test: a page to look at, and files for what runs the test.
//
//   make demo
//   ./k6 run -e URLS=https://go.dev/,https://k6.io/ examples/report.js
//
// -e REPORTS=some/folder writes them there.

import { compare, print, report } from 'k6/x/fetch';

if (!__ENV.URLS) {
  throw new Error('set the pages with -e URLS=https://…,https://…, or run the demo: make demo');
}
const urls = __ENV.URLS.split(',');
const folder = __ENV.REPORTS || '.';

export const options = { thresholds: { fetch_failed: ['rate==0'], fetch_planned: ['count>0'] } };

export default async function () {
  const c = await compare(urls);
  print(c);
}

export function handleSummary(data) {
  const title = 'The same pages, both ways';
  return {
    [`${folder}/report.html`]: report('html', { title, k6: data }),
    [`${folder}/report.txt`]: report('text', { title, k6: data }),
    [`${folder}/report.md`]: report('markdown', { title, k6: data }),
    [`${folder}/report.json`]: report('json', { title, k6: data }),
    [`${folder}/report.csv`]: report('csv', { title, k6: data }),
    [`${folder}/report.xml`]: report('junit', { title, k6: data }),
    [`${folder}/report.tap`]: report('tap', { title, k6: data }),
    [`${folder}/report.har`]: report('har', { title, k6: data }),
    stdout: report('text', { k6: data, colors: true }),
  };
}
