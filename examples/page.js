// Visits a page as a browser does, for the first time and then again with what
// the cache has:
//
//	go run ./examples/server -- ./k6 run examples/page.js
//	./k6 run -e SHOP=https://www.example.com/ examples/page.js

import { check } from 'k6';
import exec from 'k6/execution';
import { page, print } from 'k6/x/fetch';

const SHOP = __ENV.SHOP || 'https://www.example.com/';

export const options = {
  iterations: 2, // of one VU, whose cache lasts as long as the VU
  thresholds: {
    'fetch_page_load{visit:first}': ['p(95)<10000'],
    'fetch_page_load{visit:returning}': ['p(95)<5000'],
    checks: ['rate==1'],
    fetch_planned: ['count>0'],
  },
};

export default async function () {
  const kind = exec.vu.iterationInScenario === 0 ? 'first' : 'returning';
  const visit = await page(SHOP, {
    name: 'front page',
    tags: { visit: kind },
    cache: 'vu',
    ignore: ['media', /analytics/],
    budget: { page_blocking: '3s', 'count:script': 20, 'bytes:script': '500kB' },
  });

  check(visit, {
    'the page came': (v) => v.document.ok,
    'nothing of it is missing': (v) => v.failed === 0,
  });
  print(`${kind} visit: ${visit.misses} fetched, ${visit.validated} unchanged, ${visit.hits} in the cache`);
  for (const [type, sum] of Object.entries(visit.byType())) {
    if (sum.count > 0) print(`  ${sum.count} × ${type}, ${(sum.bytes / 1000).toFixed(1)} kB`);
  }
}
