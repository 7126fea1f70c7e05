// Looks at visits of pages on the page: their waterfalls, what resources are to them, and the times of pages.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { skip } from './chromium.mjs';
import { inBrowser } from './page.mjs';
import { document } from './samples.mjs';

const rows = (page) => page.locator('#waterfall button.row');
const labels = (page) => rows(page).evaluateAll((all) => all.map((e) => e.getAttribute('aria-label')));
const frames = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

describe('Visits of pages', { skip }, () => {
  const open = inBrowser();

  test('a visit is drawn as it went', async () => {
    await open('first-visit', {}, async (page) => {
      const [{ page: visit, results }] = document('first-visit').runs;
      assert.equal(await page.locator('#h-results').innerText(), 'The visit');
      assert.deepEqual(
        (await page.locator('.tile').allInnerTexts()).map((t) => t.split(/\s+/)[0]),
        ['load', 'blocking', 'document', 'URLs', 'requests', 'failed', 'received'],
      );
      assert.equal(await page.locator('#pages').count(), 0, 'the times of one visit are on the first screen');
      assert.equal(await page.getByRole('combobox', { name: 'Order of the URLs' }).inputValue(), 'list');
      const seen = await rows(page).evaluateAll((all) =>
        all.map((e) => ({
          kind: e.querySelector('.kind').textContent,
          blocks: e.querySelector('.kind').classList.contains('must'),
          priority: e.querySelector('.prio').dataset.text,
          deep: e.querySelector('.by') !== null,
          file: e.querySelector('.label').textContent,
        })),
      );
      assert.equal(seen.length, results.length);
      seen.forEach((row, i) => {
        const { type, priority, blocking, initiator } = results[i].resource;
        assert.deepEqual([row.kind, row.priority, row.blocks], [type, priority, blocking], 'in the order of their discovery');
        assert.equal(row.deep, (initiator?.index ?? 0) > 0, 'what is not in the page itself is indented');
        const file = new URL(results[i].url).pathname.split('/').at(-1);
        assert.ok(row.file.includes(file.slice(-6)), `${row.file} is to be ${file}`);
      });
      const lines = await page.locator('.list .grid i:is(.until, .end)').evaluateAll((all) => all.map((e) => parseFloat(e.style.left)));
      assert.ok(Math.abs(lines[0] - (100 * visit.blocking) / results.reduce((most, r) => Math.max(most, (r.due ?? 0) + r.timings.queued + r.timings.elapsed), 0)) < 1);
      assert.ok(lines[1] > 99);
      assert.deepEqual(await page.locator('.moments span').allInnerTexts(), ['blocking 207 ms', 'load 346 ms']);
      const bars = await rows(page).nth(5).locator('.bars b').evaluateAll((all) => all.map((b) => b.className.split(' ')[0]));
      assert.deepEqual(bars, ['blocked', 'looking_up', 'connecting', 'tls_handshaking', 'sending', 'waiting', 'receiving']);
    });
  });

  test('names of lines never meet', async () => {
    for (const name of ['first-visit', 'returning', 'visits', 'visited']) {
      for (const width of [390, 600, 900, 1280]) {
        await open(name, { viewport: { width, height: 900 } }, async (page) => {
          const boxes = await page.locator('.moments span').evaluateAll((all) => all.map((e) => e.getBoundingClientRect().toJSON()));
          const [a, b] = boxes;
          assert.ok(a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 1, `${name} ${width}`);
          for (const box of boxes) assert.ok(box.left >= 0 && box.right <= width, `${name} ${width}`);
        });
      }
    }
  });

  test('nobody waits before it is found', async () => {
    await open('first-visit', {}, async (page) => {
      const [{ results }] = document('first-visit').runs;
      const left = (i) => rows(page).nth(i).locator('.bars b').first().evaluate((b) => parseFloat(b.style.left));
      const css = results[7].resource.initiator.index;
      const ended = (r) => (r.due ?? 0) + r.timings.queued + r.timings.elapsed;
      const end = Math.max(...results.map(ended));
      const found = ended(results[css]) - results[css].timings.receiving;
      assert.ok(results[7].due >= found);
      assert.ok(Math.abs((await left(7)) - (100 * results[7].due) / end) < 0.1, 'a bar begins where it was found');
      assert.ok((await left(0)) < 0.1);
    });
  });

  test('what came from a cache has no bar', async () => {
    await open('returning', {}, async (page) => {
      const [{ page: visit, results }] = document('returning').runs;
      const hits = page.locator('#waterfall .row.hit');
      assert.equal(await hits.count(), visit.hits);
      assert.equal(await hits.locator('.bars b').count(), 0);
      assert.equal(await hits.locator('.bars .cached').count(), visit.hits);
      for (const time of await hits.locator('.time').allInnerTexts()) assert.equal(time, 'from cache');
      assert.match((await labels(page))[1], /^style \/assets\/css\/main\.8f3a2c\.css from cache: status 200, from cache; highest priority, blocks the page, <link> in shop\.example; https:/);
      const same = results.findIndex((r) => r.status === 304);
      assert.match(await rows(page).nth(same).locator('.label').innerText(), /304/);
      assert.match((await labels(page))[same], /status 304, not changed/);
      assert.match(await page.locator('#waterfall h3').innerText(), /15 from cache · 2 validated/);
      await hits.first().click();
      const text = await page.locator('#waterfall .opened').innerText();
      assert.match(text, /status 200, from cache/);
      assert.doesNotMatch(text, /Phases/);
      await page.locator('#query').fill('state:cached');
      await frames(page);
      assert.equal(await rows(page).count(), visit.hits);
    });
  });

  test('a resource leads to what refers to it', async () => {
    await open('first-visit', {}, async (page) => {
      await rows(page).nth(1).hover();
      const related = (name) => rows(page).evaluateAll((all, c) => all.flatMap((e, i) => (e.classList.contains(c) ? [i] : [])), name);
      assert.deepEqual([await related('initiates'), await related('initiated')], [[0], [7, 8]]);
      assert.match(await page.getByRole('tooltip').innerText(), /style, highest priority, blocks the page, <link> in shop\.example/);
      await page.mouse.move(1, 1);
      assert.deepEqual(await related('initiates'), []);
      await rows(page).nth(8).click();
      const opened = page.locator('#waterfall .opened');
      assert.match(await opened.innerText(), /type\s+font\s+priority\s+highest\s+blocking\s+no\s+initiator\s+https:\/\/shop\.example\/assets\/css\/main\.8f3a2c\.css css:@font-face/);
      await opened.getByRole('button', { name: 'main.8f3a2c.css' }).click();
      assert.match(await page.evaluate(() => globalThis.document.activeElement.getAttribute('aria-label')), /^style \/assets\/css\/main\.8f3a2c\.css /);
      await page.keyboard.press('ArrowDown');
      assert.deepEqual(await related('initiates'), [0], 'the keyboard shows it as well');
    });
    await open('first-visit', { hash: '#filter=resource:font' }, async (page) => {
      await rows(page).last().click();
      assert.equal(await page.locator('#waterfall .opened button.go').count(), 0, 'what is not in sight cannot be gone to');
      assert.match(await page.locator('#waterfall .opened').innerText(), /initiator\s+https:\/\/shop\.example\/assets/);
    });
  });

  test('types are counted, and filter', async () => {
    await open('visits', {}, async (page) => {
      const { types } = document('visits');
      const table = await page.locator('#types tbody tr').evaluateAll((all) => all.map((tr) => [...tr.cells].map((c) => c.innerText.trim())));
      assert.deepEqual(table.map(([type]) => type), types.map((t) => t.type));
      assert.deepEqual(table.map(([, , , count]) => count), types.map((t) => String(t.count)));
      assert.deepEqual(table.map((cells) => cells[5]), types.map((t) => String(t.fromCache)));
      await page.locator('#types a', { hasText: 'font' }).click();
      assert.equal(await page.locator('#query').inputValue(), 'resource:font');
      assert.deepEqual([...new Set(await rows(page).locator('.kind').allInnerTexts())], ['font']);
      await page.getByRole('combobox', { name: 'Filter by resource' }).selectOption('media');
      assert.equal(await page.locator('#query').inputValue(), 'resource:media');
    });
    await open('visits', { javaScriptEnabled: false }, async (page) => {
      assert.equal(await page.locator('#types tbody tr').count(), 8);
      assert.equal(await page.locator('#pages tbody tr').count(), 2, 'they are there without scripts');
    });
  });

  test('pages have their times, and visits can be chosen', async () => {
    await open('visits', {}, async (page) => {
      const { pages } = document('visits');
      const table = await page.locator('#pages tbody tr').evaluateAll((all) => all.map((tr) => [...tr.cells].map((c) => c.innerText.trim())));
      assert.deepEqual(table.map(([name, , visits]) => [name, visits]), pages.map((p) => [p.name, String(p.visits)]));
      pages.forEach(({ times }, i) => {
        const shown = (ms) => `${ms < 99.95 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
        assert.equal(table[i][4], shown(times.document.p50));
        assert.deepEqual(table[i].slice(5, 7), [shown(times.blocking.p50), shown(times.blocking.p95)]);
        assert.deepEqual(table[i].slice(7), [shown(times.load.p50), shown(times.load.p95), shown(times.load.max)]);
      });
      assert.match(await page.locator('#pages svg').first().getAttribute('aria-label'), /^median: document \d+ ms, blocking \d+ ms, load \d+ ms; p95 of load/);
      const run = page.getByRole('combobox', { name: 'Run', exact: true });
      const options = await run.locator('option').allInnerTexts();
      assert.match(options[0], /^product, .* in \(slowest\)$/, 'a visit is what is seen first');
      assert.match(options.at(-1), /^All results that were kept: \d+$/);
      await run.selectOption({ index: options.length - 1 });
      assert.equal(await page.getByRole('combobox', { name: 'Order of the URLs' }).inputValue(), 'slow');
      assert.match(await rows(page).first().locator('.label').textContent(), /metrics\.example\/collect\.js/);
      assert.equal(await page.locator('.moments').isVisible(), false, 'of several visits, there is no line');
      await run.selectOption({ index: 0 });
      assert.equal(await page.getByRole('combobox', { name: 'Order of the URLs' }).inputValue(), 'list');
    });
    await open('shop', {}, async (page) => {
      assert.equal(await page.locator('#pages, #types, .kind, .moments:visible').count(), 0, 'other tests have none of that');
    });
  });

  test('CSV has what resources are to their page', async () => {
    const heads = {};
    for (const name of ['first-visit', 'shop']) {
      await open(name, {}, async (page) => {
        await page.getByRole('button', { name: 'Copy results as CSV' }).click();
        const lines = (await page.evaluate(() => globalThis.copied)).split('\r\n');
        heads[name] = lines[0].split(',').slice(22);
        if (name === 'first-visit') assert.match(lines[9], /,font,highest,false,https:\/\/shop\.example\/assets\/css\/main\.8f3a2c\.css,css:@font-face,false,[\d.]+$/);
      });
    }
    assert.deepEqual(heads, { 'first-visit': ['resource', 'priority', 'blocking', 'initiator', 'element', 'from_cache', 'due_ms'], shop: [] });
  });

  test('no name of a file is cut', async () => {
    for (const width of [390, 768, 1280]) {
      await open('first-visit', { viewport: { width, height: 900 } }, async (page) => {
        const bad = await rows(page).evaluateAll((all) => all.flatMap((row) => {
          const label = row.querySelector('.label').getBoundingClientRect();
          const out = [...row.querySelectorAll('.label > *')].filter((e) => e.checkVisibility() && e.getBoundingClientRect().right > label.right + 1);
          const bars = row.querySelector('.bars').getBoundingClientRect();
          const far = [...row.querySelectorAll('.bars b')].filter((b) => b.getBoundingClientRect().right > bars.right + 1.5);
          return out.length || far.length ? [row.textContent] : [];
        }));
        assert.deepEqual(bad, [], `${width} px`);
      });
    }
  });
});
