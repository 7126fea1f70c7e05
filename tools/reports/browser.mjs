// Looks at the pages in a real browser.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { launch, skip } from './chromium.mjs';
import { document, folder, names, path } from './samples.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe('The page', { skip }, () => {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  // open opens a page, which must neither complain nor ask for anything.
  async function open(name, options = {}, use) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    const complaints = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => {
      complaints.push(`a text became a script: ${dialog.message()}`);
      dialog.dismiss();
    });
    page.on('request', (request) => {
      if (request.url() !== `file://${path(name, 'html')}`) complaints.push(`asked for ${request.url()}`);
    });
    try {
      await page.goto(`file://${path(name, 'html')}`);
      await use(page);
      assert.deepEqual(complaints, []);
    } finally {
      await page.close();
    }
  }

  for (const name of names) {
    for (const colorScheme of ['light', 'dark']) {
      test(`${name} is quiet and fits, ${colorScheme}`, async () => {
        for (const width of [390, 768, 1280]) {
          await open(name, { viewport: { width, height: 900 }, colorScheme }, async (page) => {
            assert.ok(await page.locator('h1').innerText());
            assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= width, `${width} px are not enough`);
            await page.screenshot({ path: resolve(folder, `${name}-${colorScheme}-${width}.png`), fullPage: name !== 'large' });
          });
        }
      });
    }
  }

  test('what it says is there without scripts', async () => {
    await open('shop', { javaScriptEnabled: false }, async (page) => {
      assert.match(await page.locator('h1').innerText(), /^4 of 2,640 URLs failed/);
      assert.equal(await page.locator('#names tbody tr').count(), 25);
      assert.match(await page.locator('.failures').innerText(), /unexpected status 503/);
      assert.ok(await page.locator('noscript').count());
      assert.equal(await page.locator('#search').isVisible(), false, 'there is no search without its script');
    });
  });

  test('budgets that are broken come first, and nobody misses them', async () => {
    await open('budgets', {}, async (page) => {
      assert.equal(await page.locator('h1').innerText(), 'All 240 URLs were answered, 5 budgets broken');
      assert.equal(await page.locator('header .mark').innerText(), '✕');
      assert.match(await page.locator('.tile.bad').innerText(), /budgets\s+5 of 12 broken/);
      assert.equal(await page.locator('main section h2').first().innerText(), 'Budgets');
      const { budgets } = document('budgets');
      const rows = await page.locator('.budgets tbody tr').evaluateAll((all) => all.map((tr) => [...tr.cells].map((c) => c.innerText.trim())));
      assert.equal(rows.length, budgets.length);
      rows.forEach(([outcome, check, passed, broken], i) => {
        assert.match(outcome, budgets[i].broken > 0 ? /^✕\s*broken$/ : /^✓\s*kept$/);
        assert.deepEqual([check, passed, broken], [budgets[i].check, String(budgets[i].passed), String(budgets[i].broken)]);
      });
      assert.match(rows[3][5], /^sequential\s*1$/);
      const over = page.locator('#waterfall .pane').first().locator('.row.over').first();
      await page.locator('.tools select').first().selectOption('failed');
      await over.scrollIntoViewIfNeeded();
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))); // scrolling hides it
      await over.hover();
      assert.match(await page.getByRole('tooltip').innerText(), /over budget: .*(elapsed <= 250 ms|waiting < 150 ms|attempts <= 1)/);
      assert.match(await over.getAttribute('aria-label'), /: status 200; over budget: /);
      assert.ok(rows.findLastIndex(([outcome]) => /broken/.test(outcome)) < rows.findIndex(([outcome]) => /kept/.test(outcome)));
    });
    await open('shop', {}, async (page) => {
      assert.equal(await page.locator('.budgets').count(), 0, 'no budgets, no section');
    });
  });

  test('its policy lets nothing in', async () => {
    await open('demo', {}, async (page) => {
      const refused = await page.evaluate(async () => {
        const violations = [];
        document.addEventListener('securitypolicyviolation', (e) => violations.push(e.effectiveDirective));
        const script = document.createElement('script');
        script.textContent = 'document.title = "hacked"';
        document.body.append(script);
        const image = document.createElement('img');
        image.src = 'http://127.0.0.1:1/image.png';
        document.body.append(image);
        await fetch('http://127.0.0.1:1/').catch(() => {});
        await new Promise((done) => setTimeout(done, 100));
        return { violations, title: document.title };
      });
      assert.deepEqual(refused.violations.sort(), ['connect-src', 'img-src', 'script-src-elem']);
      assert.doesNotMatch(refused.title, /hacked/);
    }).catch((error) => {
      // Refusals are complaints, which is what this is about.
      if (!/Content Security Policy/.test(error.message)) throw error;
    });
  });

  test('texts stay texts', async () => {
    await open('nasty', {}, async (page) => {
      const shown = await page.locator('#names tbody th').allInnerTexts();
      await page.locator('#more-names button').click();
      const all = await page.locator('#names tbody th').allInnerTexts();
      assert.ok(shown.length === 25 && all.length === document('nasty').names.length);
      assert.ok(all.includes('</script><script>alert(2)</script><!--'));
      assert.ok(all.includes('{{.Title}} ${x} %s %d'));
      assert.equal(await page.locator('main script, main img, main a').count(), 0);
    });
  });

  test('what got slower stands first, without scripts, too', async () => {
    await open('slower', { javaScriptEnabled: false }, async (page) => {
      const { baseline } = document('slower');
      assert.match(await page.locator('h1').innerText(), /, and 4 names got slower$/);
      assert.match(await page.locator('#baseline').innerText(), /Main branch, 14 March 2026, 09:26:53 UTC\s+4 slower\s+1 faster/);
      const verdicts = await page.locator('#baseline .state').allTextContents();
      assert.deepEqual(verdicts.slice(0, 7), ['slower', 'slower', 'slower', 'slower', 'faster', 'new', 'missing']);
      assert.deepEqual(verdicts.toSorted(), baseline.names.map((n) => n.verdict).toSorted());
      const names = page.locator('#baseline > table tbody th');
      assert.deepEqual((await names.allTextContents()).slice(0, 4).sort(), baseline.names.filter((n) => n.verdict === 'slower').map((n) => n.name).sort());
      const row = page.locator('#baseline tr', { hasText: 'cart' });
      assert.match(await row.innerText(), /slower\s+117 ms\s+372 ms\s+\+219 %\s+\+230 %\s+<0\.0001\s+waiting\s+62\.4 ms → 207 ms/);
      const rare = page.locator('#baseline tr', { hasText: 'rare' });
      assert.equal(await rare.isVisible(), false);
      await page.locator('#baseline summary').click();
      assert.equal(await rare.isVisible(), true);
    });
  });

  test('the table is sorted', async () => {
    await open('shop', {}, async (page) => {
      const column = async (place) => (await page.locator(`#names tbody tr > :nth-child(${place})`).allInnerTexts());
      const number = (text) => parseFloat(text.replace(/,/g, '')) * (/ms$/.test(text) ? 1 : / s$/.test(text) ? 1000 : 1);
      const inOrder = (list, sign) => list.every((n, i) => i === 0 || sign * (n - list[i - 1]) >= 0);
      for (const [key, place] of [['p95', 6], ['count', 3], ['failed', 4], ['max', 8]]) {
        const heading = page.locator(`#names th[data-key=${key}]`);
        await heading.getByRole('button').click();
        assert.equal(await heading.getAttribute('aria-sort'), 'descending');
        assert.ok(inOrder((await column(place)).map(number), -1), `${key} descending`);
        await heading.getByRole('button').press('Enter');
        assert.equal(await heading.getAttribute('aria-sort'), 'ascending');
        assert.ok(inOrder((await column(place)).map(number), 1), `${key} ascending`);
      }
      await page.locator('#names th[data-key=name] button').click();
      assert.deepEqual((await column(1)).slice(0, 3), ['api/orders', 'api/users', 'cart']);
      assert.equal(await page.locator('#names th[aria-sort]').count(), 1, 'sorted by one column');
    });
  });

  test('the table is searched', async () => {
    await open('shop', {}, async (page) => {
      const rows = page.locator('#names tbody tr');
      await page.getByRole('searchbox', { name: 'Search names' }).fill('ITEM 11');
      await page.waitForFunction(() => document.querySelectorAll('#names tbody tr').length === 11);
      assert.equal(await page.locator('#found').innerText(), '11 of 131');
      assert.equal(await page.locator('#names mark').first().innerText(), 'item 11');
      await page.locator('#query').fill('nothing like it');
      await page.waitForFunction(() => document.querySelectorAll('#names tbody tr').length === 0);
      await page.locator('#query').fill('');
      await page.waitForFunction(() => document.querySelectorAll('#names tbody tr').length === 25);
      await page.locator('#more-names button').click();
      assert.equal(await rows.count(), 131);
    });
  });

  test('hovering shows numbers', async () => {
    await open('demo', {}, async (page) => {
      const tip = page.getByRole('tooltip');
      assert.equal(await tip.isVisible(), false);
      await page.locator('#comparison .pane').nth(0).locator('.row', { hasText: 'wiki' }).hover();
      const text = await tip.innerText();
      assert.match(text, /wiki/);
      assert.match(text, /queued\s+570 ms/);
      assert.match(text, /time\s+1\.47 s/);
      assert.match(text, /status 200/);
      await page.keyboard.press('Escape');
      assert.equal(await tip.isVisible(), false);
      await page.locator('#phases svg .hit').first().hover();
      assert.match(await page.locator('#phases svg .hit title').first().evaluate((e) => e.textContent), /^\d+ between .+ and .+/);
    });
  });

  test('the keyboard reaches everything', async () => {
    await open('demo', {}, async (page) => {
      const seen = [];
      for (let i = 0; i < 16; i++) {
        await page.keyboard.press('Tab');
        seen.push(await page.evaluate(() => {
          const e = document.activeElement;
          return e.id || e.className || e.closest('th')?.dataset.key || e.tagName;
        }));
        if (seen.at(-1) === 'pane0') break;
      }
      assert.deepEqual(seen, ['skip', 'theme', 'SELECT', 'pane0']);
      const pane = page.locator('#pane0');
      const active = () => pane.getAttribute('aria-activedescendant').then((id) => page.locator(`#${id}`).getAttribute('aria-label'));
      assert.match(await active(), /^news 570 ms: status 200; /);
      assert.ok(await page.getByRole('tooltip').isVisible());
      await page.keyboard.press('ArrowDown');
      assert.match(await active(), /^wiki 1\.47 s: status 200; queued 570 ms, /);
      await page.keyboard.press('End');
      assert.match(await active(), /^social /);
      await page.keyboard.press('ArrowDown');
      assert.match(await active(), /^social /, 'the last one stays');
      await page.keyboard.press('Home');
      assert.match(await active(), /^news /);
      assert.equal(await pane.locator('[aria-selected=true]').count(), 1);
      for (let i = 0; i < 3; i++) await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement.closest('th')?.dataset.key), 'name');
    });
  });

  test('both ways stand on one time axis', async () => {
    await open('demo', {}, async (page) => {
      const ticks = await page.locator('#comparison .ticks').allInnerTexts();
      assert.equal(ticks.length, 2);
      assert.equal(ticks[0], ticks[1]);
      const width = (pane) => page.locator('#comparison .pane').nth(pane).locator('.row', { hasText: 'video' })
        .locator('.bars b:not(.queued)').evaluateAll((bars) => bars.reduce((sum, b) => sum + parseFloat(b.style.width), 0));
      assert.ok(Math.abs(await width(0) - await width(1)) < 0.1, 'the same time has the same width');
    });
  });

  test('ten thousand URLs stay smooth', async () => {
    await open('large', {}, async (page) => {
      assert.ok(await page.locator('.row').count() < 100, 'only what is in sight is drawn');
      const slow = await page.evaluate(async () => {
        const view = document.querySelector('.rows');
        const frames = [];
        for (let i = 0; i < 60; i++) {
          const start = performance.now();
          view.scrollTop += 4000;
          await new Promise(requestAnimationFrame);
          await new Promise(requestAnimationFrame);
          frames.push(performance.now() - start);
        }
        return frames.sort((a, b) => a - b)[30];
      });
      assert.ok(slow < 250, `half of the frames take more than ${slow} ms`); // with room for a busy machine
      await page.locator('.rows').focus();
      await page.keyboard.press('End');
      assert.equal(await page.locator('.row.active').getAttribute('aria-posinset'), '10000');
      await page.locator('.tools select').selectOption('failed');
      assert.match(await page.locator('.row').first().getAttribute('aria-label'), /failed: request timeout/);
    });
  });

  test('the theme can be chosen', async () => {
    await open('demo', { colorScheme: 'dark' }, async (page) => {
      const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(await background(), 'rgb(15, 18, 23)');
      await page.getByRole('button', { name: 'Light' }).click();
      assert.equal(await background(), 'rgb(246, 247, 249)');
      assert.equal(await page.getByRole('button', { name: 'Dark' }).count(), 1);
    });
  });

  test('text stands out from its background', async () => {
    for (const [name, colorScheme] of ['shop', 'slower', 'budgets'].flatMap((name) => [[name, 'light'], [name, 'dark']])) {
      await open(name, { colorScheme }, async (page) => {
        const weak = await page.evaluate(() => {
          const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
          const rgb = (color) => {
            canvas.clearRect(0, 0, 1, 1);
            canvas.fillStyle = color;
            canvas.fillRect(0, 0, 1, 1);
            return canvas.getImageData(0, 0, 1, 1).data;
          };
          const light = (c) => [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
            const share = c[i] / 255;
            return sum + weight * (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);
          }, 0);
          const behind = (e) => {
            for (let at = e; at; at = at.parentElement) {
              const color = rgb(getComputedStyle(at).backgroundColor);
              if (color[3] === 255) return color;
            }
            return rgb('white');
          };
          return [...document.querySelectorAll('body *')].filter((e) => {
            if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility() || e.closest('script, svg, noscript')) return false;
            const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
            return (a + 0.05) / (b + 0.05) < 4.5;
          }).map((e) => `${e.className} ${e.textContent.slice(0, 40)}`);
        });
        assert.deepEqual(weak, [], colorScheme);
      });
    }
  });

  test('nothing keeps anybody out', async () => {
    for (const name of ['demo', 'shop', 'nasty', 'empty', 'budgets', 'slower', 'nasty-slower']) {
      for (const width of [390, 1280]) {
        await open(name, { viewport: { width, height: 900 }, bypassCSP: true }, async (page) => {
          await page.evaluate(axe);
          const { violations } = await page.evaluate(() => axe.run());
          assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes[0].html}`), [], `${name} ${width}`);
        });
      }
    }
  });

  test('it prints', async () => {
    await open('shop', { colorScheme: 'dark' }, async (page) => {
      await page.pdf({ path: resolve(folder, 'shop.pdf'), format: 'A4' });
      await page.emulateMedia({ media: 'print' });
      assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
      assert.equal(await page.locator('#search').isVisible(), false);
    });
  });
});
