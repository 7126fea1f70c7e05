// Has a viewer of HTTP archives that is not ours draw visits of pages.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { test } from 'node:test';

import { launch, skip } from './chromium.mjs';
import { folder, read, visits } from './samples.mjs';

const viewer = createRequire(import.meta.url).resolve('perf-cascade');

// drawn is what the viewer shows of an archive: its rows, and its lines with their places on the time axis.
async function drawn(browser, name) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => complaints.push(message.text()));
  await page.setContent('<!doctype html><title>HAR</title>');
  await page.addScriptTag({ path: viewer });
  const found = await page.evaluate((log) => {
    const svg = globalThis.perfCascade.fromHar(log);
    document.body.append(svg);
    const texts = (selector) => [...svg.querySelectorAll(selector)].map((e) => e.textContent);
    return {
      rows: [...svg.querySelectorAll('.row-item')].map((row) => ({
        label: row.querySelector('.row-fixed text:last-of-type').textContent,
        share: Math.max(...[...row.querySelectorAll('rect.time-block')].map((e) => parseFloat(e.getAttribute('width')))),
      })),
      lines: texts('.mark-holder text'),
      failed: texts('.status4xx').length,
    };
  }, JSON.parse(read(name, 'har')).log);
  await page.screenshot({ path: resolve(folder, `${name}-viewer.png`), fullPage: true });
  await page.close();
  assert.deepEqual(complaints, []);
  return found;
}

test('Another viewer draws visits', { skip }, async () => {
  const browser = await launch();
  try {
    for (const name of visits) {
      const { pages, entries } = JSON.parse(read(name, 'har')).log;
      const { rows, lines, failed } = await drawn(browser, name);
      const own = entries.filter((entry) => entry.pageref === pages[0].id);
      const { onContentLoad, onLoad } = pages[0].pageTimings;
      assert.deepEqual(lines, [`onContentLoad (${Math.round(onContentLoad)} ms)`, `onLoad (${Math.round(onLoad)} ms)`], name);
      assert.equal(rows.length, own.length, name);
      assert.equal(failed, own.filter((entry) => entry.response.status >= 400).length, name);
      const perMs = rows[0].share / own[0].time;
      own.forEach((entry, i) => {
        const path = new URL(entry.request.url).pathname.split('/').at(-1);
        if (path) assert.ok(rows[i].label.includes(path.slice(-8)), `${name}: ${rows[i].label} is to be ${path}`);
        assert.ok(Math.abs(rows[i].share - entry.time * perMs) < 1, `${name}: ${path} took ${entry.time} ms`);
        if (entry._fromCache) assert.ok(rows[i].share < 1, `${name}: ${path} came from a cache`);
      });
    }
  } finally {
    await browser.close();
  }
});
