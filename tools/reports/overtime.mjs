// Looks at the charts over time.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { skip } from './chromium.mjs';
import { inBrowser } from './page.mjs';

const shownTime = (page) => page.locator('.zoom output').innerText();
const hash = (page) => page.evaluate(() => location.hash);
const box = (page, chart) =>
  page
    .locator(`[data-chart=${chart}] .curves`)
    .getAttribute('viewBox')
    .then((v) => v.split(' ').map(Number));

describe('The charts', { skip }, () => {
  const open = inBrowser();

  test('they are there without scripts, with what they say', async () => {
    await open('load', { javaScriptEnabled: false }, async (page) => {
      assert.deepEqual(await page.locator('.chart').evaluateAll((all) => all.map((e) => e.dataset.chart)), [
        'rate',
        'latency',
        'failures',
        'flight',
        'scatter',
      ]);
      for (const path of await page.locator('.chart path').all())
        assert.ok((await path.getAttribute('d')).length > 100);
      const said = await page.locator('.said').innerText();
      assert.match(
        said.replaceAll('\u00a0', ' '),
        /34 % failed from 3:00 min to 3:36 min, 18 % failed from 6:40 min to 7:21 min; .* at other times/,
      );
      assert.match(await page.locator('[data-chart=latency] .plot').getAttribute('aria-label'), /p95 at most .* in/);
      assert.ok((await page.locator('[data-chart=rate] text').count()) > 5);
      assert.equal(await page.locator('.worse').count(), 4);
      assert.equal(await page.locator('.zoom').count(), 0);
    });
    await open('demo', {}, async (page) =>
      assert.equal(await page.locator('#time').count(), 0, 'ten results need no chart'),
    );
  });

  test('one cursor is in all of them, and says the values', async () => {
    await open('load', {}, async (page) => {
      const plot = page.locator('[data-chart=latency] .plot');
      await plot.scrollIntoViewIfNeeded();
      const { width, height } = await plot.boundingBox();
      await plot.hover({ position: { x: width * 0.26, y: height / 2 } });
      assert.equal(await page.locator('.plot .cursor:visible').count(), 4);
      assert.match(await page.locator('[data-chart=failures] .legend').innerText(), /503\s*\d\d/);
      assert.match(
        await page.locator('[data-chart=latency] .legend').innerText(),
        /p99\s*[\d.]+ m?s\s*p95\s*[\d.]+ m?s\s*p50\s*\d/,
      );
      assert.match(await page.locator('[data-chart=flight] .legend').innerText(), /VUs\s*\d\d/);
      assert.match(await page.locator('.bubble').first().innerText(), /^3:1\d min$/);
      await page.locator('h1').hover();
      assert.equal(await page.locator('.plot .cursor:visible').count(), 0);
    });
  });

  test('a frame zooms all of them, and the link opens so', async () => {
    let link;
    await open('load', {}, async (page) => {
      const plot = page.locator('[data-chart=rate] .plot');
      await plot.scrollIntoViewIfNeeded();
      const { x, y, width, height } = await plot.boundingBox();
      const before = await box(page, 'latency');
      await page.mouse.move(x + width * 0.2, y + height / 2);
      await page.mouse.down();
      await page.mouse.move(x + width * 0.3, y + height / 2, { steps: 5 });
      assert.equal(await page.locator('.chosen:visible').count(), 4);
      await page.mouse.up();
      const [from, , wide] = await box(page, 'latency');
      assert.ok(Math.abs(wide / before[2] - 0.1) < 0.01 && Math.abs(from / before[2] - 0.2) < 0.01);
      assert.equal((await box(page, 'rate'))[0], from);
      link = await hash(page);
      assert.match(link, /^#time=\d+(\.\d+)?-\d+(\.\d+)?$/);
      await page.locator('[data-chart=rate] .plot').dblclick();
      assert.equal(await hash(page), '');
      assert.deepEqual((await box(page, 'latency')).slice(0, 1), [0]);
    });
    await open('load', { hash: link }, async (page) => {
      assert.ok((await box(page, 'latency'))[0] > 0);
      assert.match(await shownTime(page), /^2:\d\d min to 3:\d\d min$/);
      await page.getByRole('button', { name: 'Whole test' }).click();
      assert.equal(await hash(page), '');
      assert.equal(await shownTime(page), 'the whole 12:36 min');
    });
    await open('load', { hash: '#time=180-215&filter=status:503' }, async (page) => {
      assert.match(await shownTime(page), /^(2:59|3:00) min to 3:3\d min$/);
      assert.equal(await page.locator('#query').inputValue(), 'status:503');
    });
    for (const bad of ['5-1', 'x', '1e9-2e9', '99999-100000', '-', '0-0', '1-']) {
      await open('load', { hash: `#time=${bad}` }, async (page) =>
        assert.equal(await shownTime(page), 'the whole 12:36 min', bad),
      );
    }
  });

  test('keys move and zoom', async () => {
    await open('load', {}, async (page) => {
      const plot = page.getByRole('slider', { name: 'Failures over time' });
      await plot.focus();
      await page.keyboard.press('Home');
      for (let i = 0; i < 3; i++) await page.keyboard.press('PageDown');
      await page.keyboard.press('PageUp');
      assert.match(await plot.getAttribute('aria-valuetext'), /^\d+:\d\d min|^0 s: /);
      await page.keyboard.press('End');
      assert.match(await plot.getAttribute('aria-valuetext'), /^12:\d\d min: .*503 0/);
      await page.keyboard.press('+');
      assert.match(await hash(page), /^#time=/);
      await page.keyboard.press('Escape');
      assert.equal(await hash(page), '');
      const from = page.getByRole('slider', { name: 'From' });
      await from.focus();
      await page.keyboard.press('PageUp');
      assert.match(await hash(page), /^#time=/);
    });
  });

  test('two fingers zoom, and one scrolls the page', async () => {
    await open('load', { viewport: { width: 390, height: 800 }, hasTouch: true }, async (page) => {
      const plot = page.locator('[data-chart=rate] .plot');
      await plot.scrollIntoViewIfNeeded();
      assert.equal(await plot.evaluate((e) => getComputedStyle(e).touchAction), 'pan-y');
      const { x, y, width, height } = await plot.boundingBox();
      const at = (share) => ({
        clientX: x + width * share,
        clientY: y + height / 2,
        pointerType: 'touch',
        bubbles: true,
      });
      for (const [type, id, share] of [
        ['pointerdown', 11, 0.4],
        ['pointerdown', 12, 0.6],
        ['pointermove', 11, 0.2],
        ['pointermove', 12, 0.8],
        ['pointerup', 11, 0.2],
        ['pointerup', 12, 0.8],
      ]) {
        await plot.dispatchEvent(type, { ...at(share), pointerId: id });
      }
      const [from, , wide] = await box(page, 'rate');
      const whole = Number(await page.locator('.range input').first().getAttribute('max')) * 2;
      assert.ok(
        Math.abs(wide / whole - 1 / 3) < 0.02 && Math.abs(from / whole - 1 / 3) < 0.02,
        'what was between the fingers stays there',
      );
    });
  });

  test('they are handed out as a table', async () => {
    await open('load', {}, async (page) => {
      await page.getByRole('button', { name: 'Copy over time as CSV' }).click();
      const lines = (await page.evaluate(() => globalThis.copied)).trimEnd().split('\r\n');
      assert.equal(
        lines[0],
        'from_s,urls_per_s,p99_ms,p95_ms,p50_ms,failed: timeout,failed: connection reset,failed: 404,failed: 503,in_flight,VUs',
      );
      assert.ok(lines.length > 200);
    });
  });
});
