// Broken links: follows the links of a site, and reports those that lead nowhere, and from where. k6 exits with 99 if there
// are any. Links to other sites are checked, but not followed.
//
//   go run ./examples/server -- ./k6 run examples/links.js
//   ./k6 run -e START=https://www.example.com/ examples/links.js
//
// -e PAGES=1000 is how many it checks at most. The demo's server has one broken link.

import { check } from 'k6';
import { concurrent } from 'k6/x/fetch';

const start = __ENV.START || `${__ENV.BASE_URL || 'http://127.0.0.1:8080'}/`;
const site = start.split('/').slice(0, 3).join('/');
const most = Number(__ENV.PAGES || 1000);

export const options = { thresholds: { checks: ['rate==1'], fetch_planned: ['count>0'] } };

export default async function () {
  /** @type {Map<string, string>} each link, and the page where it was first */
  const found = new Map([[start, 'the start']]);
  let next = [start];
  while (next.length > 0) {
    const links = next;
    const run = await concurrent(links, {
      name: 'path',
      responseType: 'text',
      maxBodySize: '5MB',
      headers: { Accept: 'text/html,*/*;q=0.8' },
    });
    next = [];
    for (const page of run.results) {
      const link = links[page.index];
      const ok = check(page, { 'leads somewhere': (p) => p.ok });
      if (!ok) console.error(`${page.error || page.status_text}: ${link}, linked from ${found.get(link)}`);
      if (!ok || !page.url.startsWith(`${site}/`) || !/html/.test(page.headers['Content-Type'])) continue;
      for (const to of linksOf(page)) {
        if (found.has(to) || found.size === most) continue;
        found.set(to, page.url);
        next.push(to);
      }
    }
  }
  console.log(`${found.size} links checked`);
}

/** The links of a page, absolute and without fragments. */
function linksOf(page) {
  return page.html('a[href]').toArray().map((a) => a.attr('href').split('#')[0]).flatMap((href) => {
    if (/^https?:/i.test(href)) return [href];
    if (/^[a-z][a-z0-9+.-]*:/i.test(href) || href === '') return []; // mailto: and the like, or this page
    if (href.startsWith('//')) return [page.url.split('/')[0] + href];
    return [href.startsWith('/') ? site + href : page.url.replace(/[^/]*(\?.*)?$/, '') + href];
  });
}
