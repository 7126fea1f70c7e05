// Has a browser be served from our HTTP archives, by a player that is not ours: what they say was answered is what it sees.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { launch, skip } from './chromium.mjs';
import { path, read } from './samples.mjs';

test('A browser is served from HARs', { skip }, async () => {
  const browser = await launch();
  try {
    for (const name of ['demo', 'shop', 'budgets', 'first-visit']) {
      const context = await browser.newContext();
      await context.routeFromHAR(path(name, 'har'), { notFound: 'abort' });
      const page = await context.newPage();
      const first = new Map();
      for (const { request, response } of JSON.parse(read(name, 'har')).log.entries) {
        if (request.method === 'GET' && response.status === 200 && !first.has(request.url)) first.set(request.url, response);
      }
      assert.ok(first.size > 0, name);
      for (const [url, { status }] of [...first].slice(0, 10)) {
        assert.equal((await page.goto(url)).status(), status, url);
      }
      await assert.rejects(page.goto('https://not-in-the-archive.example/'));
      await context.close();
    }
  } finally {
    await browser.close();
  }
});
