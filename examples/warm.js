// Warms a cache: fetches every page of a sitemap, so many each second, and says how many came from the cache before.
//
//   go run ./examples/server -- ./k6 run examples/warm.js
//   ./k6 run -e SITEMAP=https://www.example.com/sitemap.xml -e RATE=20 examples/warm.js

import { concurrent, sitemap } from 'k6/x/fetch';

const url = __ENV.SITEMAP || `${__ENV.BASE_URL || 'http://127.0.0.1:8080'}/sitemap.xml`;

export const options = {
  scenarios: { warm: { executor: 'shared-iterations', vus: 1, iterations: 1, maxDuration: '24h' } },
  thresholds: { fetch_failed: ['rate<0.01'], fetch_planned: ['count>0'] },
};

export default async function () {
  const pages = await sitemap(url, { onError: 'skip' });
  let warm = 0;
  const run = await concurrent(pages, {
    rate: Number(__ENV.RATE || 10), // starts per second, so that the site is not loaded while it is cold
    concurrency: 10,
    headers: { 'Accept-Encoding': 'gzip' }, // as browsers ask, because caches keep one copy for each
    onResult: (page) => { // nothing is kept of the list, however long it is
      if (/HIT/i.test(page.headers['X-Cache'] || '') || Number(page.headers.Age) > 0) warm++;
    },
  });
  console.log(`${run.ok} of ${run.count} pages are warm now, ${warm} were before; ${run.failed} failed`);
}
