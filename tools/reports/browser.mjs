// Looks at the pages in a real browser.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { describe, test } from 'node:test';

import { skip } from './chromium.mjs';
import { inBrowser } from './page.mjs';
import { document, folder, names, read } from './samples.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe('The page', { skip }, () => {
  const open = inBrowser();

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

  test('broken budgets come first, three of them before the others are opened', async () => {
    await open('budgets', {}, async (page) => {
      assert.equal(await page.locator('h1').innerText(), 'All 240 URLs were answered, 5 budgets broken');
      assert.equal(await page.locator('header .mark').innerText(), '✕');
      assert.match(await page.locator('.tile.bad').innerText(), /budgets\s+5 of 12 broken/);
      assert.equal(await page.locator('main section h2').first().innerText(), 'Budgets');
      assert.equal(await page.locator('.budgets tbody tr:visible').count(), 3);
      assert.equal(await page.locator('#budgets summary').innerText(), '9 more (2 broken, 7 kept)');
      await page.locator('#budgets summary').click();
      const { budgets } = document('budgets');
      const rows = await page.locator('.budgets tbody tr').evaluateAll((all) => all.map((tr) => [...tr.cells].map((c) => c.innerText.trim())));
      assert.equal(rows.length, budgets.length);
      rows.forEach(([outcome, check, passed, broken], i) => {
        assert.match(outcome, budgets[i].broken > 0 ? /^✕\s*broken$/ : /^✓\s*kept$/);
        assert.deepEqual([check, passed, broken], [budgets[i].check, String(budgets[i].passed), String(budgets[i].broken)]);
      });
      assert.match(rows[3][5], /^sequential\s*1$/);
      await page.getByRole('combobox', { name: 'Order of the URLs' }).selectOption('failed');
      const over = page.locator('#waterfall .row.over').first();
      await over.scrollIntoViewIfNeeded();
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))); // scrolling hides it
      await over.hover();
      assert.match(await page.getByRole('tooltip').innerText(), /over budget: .*(elapsed <= 250 ms|waiting < 150 ms|attempts <= 1)/);
      assert.match(await over.getAttribute('aria-label'), /: status 200; over budget: /);
      assert.ok(rows.findLastIndex(([outcome]) => /broken/.test(outcome)) < rows.findIndex(([outcome]) => /kept/.test(outcome)));
    });
    await open('failing', {}, async (page) => {
      assert.match(await page.locator('#budgets summary').innerText(), /^27 more/);
    });
    await open('shop', {}, async (page) => {
      assert.equal(await page.locator('.budgets').count(), 0, 'no budgets, no section');
    });
  });

  test('thresholds and checks of k6 decide and come first, those that failed before the others', async () => {
    await open('load', { javaScriptEnabled: false }, async (page) => {
      assert.match(await page.locator('h1').innerText(), /^2 of 4 thresholds failed; /);
      assert.deepEqual(await page.locator('main section h2').allInnerTexts().then((all) => all.slice(0, 4)),
        ['Thresholds', 'Checks', 'What failed, and why', 'Over the time of the test']);
      const cells = (table) => page.locator(`${table} tbody tr`).evaluateAll((all) => all.map((tr) => [...tr.cells].map((c) => c.innerText.trim())));
      const thresholds = await cells('.thresholds');
      assert.deepEqual(thresholds.map(([outcome]) => outcome.replace(/\s/g, '')), ['✕failed', '✕failed', '✓passed', '✓passed']);
      assert.deepEqual(thresholds[1].slice(1), ['http_req_failed', 'rate<0.01', 'rate=3.12%']);
      assert.deepEqual((await cells('.checks'))[0].slice(1), ['all were answered', '2,541', '991']);
    });
  });

  test('tiles say what fits', async () => {
    const tiles = async (name) => {
      let found;
      await open(name, {}, async (page) => { found = await page.locator('.tile dt').allInnerTexts(); });
      return found;
    };
    assert.deepEqual((await tiles('load')).slice(0, 5), ['requests', 'error share', 'median', 'p95', 'p99']);
    assert.deepEqual((await tiles('failing')).slice(0, 4), ['URLs', 'failed', 'median', 'p95']);
    assert.ok(!(await tiles('failing')).includes('speed-up') && !(await tiles('load')).includes('speed-up'));
    assert.ok((await tiles('demo')).includes('speed-up'));
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
      assert.equal(await page.locator('main script, main img').count(), 0);
      const links = await page.locator('a').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
      assert.deepEqual(links.filter((href) => !/^#(name=[\w.%~!*'():/@,;-]*|filter=[\w.%~!*'():/@,;-]*|content|failures)$/.test(href)), []);
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
      await page.getByRole('searchbox', { name: 'Search and filter' }).fill('"ITEM 11"');
      await page.waitForFunction(() => document.querySelectorAll('#names tbody tr').length === 11);
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
      const focused = () => page.evaluate(() => {
        const e = document.activeElement;
        return e.id || e.closest('ol.rows')?.id || e.className || e.tagName;
      });
      for (let i = 0; i < 5; i++) {
        await page.keyboard.press('Tab');
        seen.push(await focused());
      }
      assert.deepEqual(seen, ['skip', 'theme', 'SELECT', 'pane0', 'pane1']);
      await page.keyboard.press('Shift+Tab');
      const active = () => page.evaluate(() => document.activeElement.getAttribute('aria-label'));
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
      assert.equal(await page.locator('#pane0 button[tabindex="0"]').count(), 1);
      await page.keyboard.press('Enter');
      assert.match(await page.locator('#pane0 .opened').innerText(), /GET https:\/\/news\.example\//);
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement.textContent), 'news', 'the link to its name');
    });
  });

  test('bars of paced targets stand where they were due', async () => {
    await open('paced', {}, async (page) => {
      await page.getByRole('combobox', { name: 'Order of the URLs' }).selectOption('start');
      const rows = page.locator('#waterfall .row');
      const bars = (label) => rows.filter({ hasText: label }).locator('.bars b')
        .evaluateAll((all) => all.map((b) => [b.className.split(' ')[0], parseFloat(b.style.left)]));
      const whole = 4.66; // seconds: the last is due after four, and late
      const near = (percent, seconds) => assert.ok(Math.abs(percent - (seconds / whole) * 100) < 0.2, `${percent} %, not ${seconds} s`);
      near((await bars('wiki'))[0][1], 1);
      const [queued, next] = await bars('search');
      assert.equal(queued[0], 'queued');
      near(queued[1], 2);
      near(next[1], 2.47);
      near((await bars('social'))[1][1], 4.12);
      const seen = await rows.locator('.label').allInnerTexts();
      assert.deepEqual(seen.map((text) => text.trim()), ['news', 'wiki', 'search', 'video', 'social']);
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

  test('ten thousand URLs stay fast', async () => {
    await open('large', {}, async (page) => {
      assert.equal(await page.locator('.row').count(), 40, 'the slowest alone are drawn');
      const slow = await page.evaluate(async () => {
        const query = document.querySelector('#query');
        const times = [];
        for (const text of ['t', 'ti', 'tim', 'host:host-1.example', 'state:failed', '-state:failed 7', '']) {
          const start = performance.now();
          query.value = text;
          query.dispatchEvent(new Event('input'));
          await new Promise(requestAnimationFrame);
          await new Promise(requestAnimationFrame);
          times.push(performance.now() - start);
        }
        return times.sort((a, b) => a - b)[3];
      });
      assert.ok(slow < 600, `half of the filters take more than ${slow} ms`); // with room for a busy machine
      await page.getByRole('combobox', { name: 'Order of the URLs' }).selectOption('failed');
      assert.match(await page.locator('.row').first().getAttribute('aria-label'), /failed: request timeout/);
      for (let i = 0; i < 3; i++) await page.locator('#waterfall .more button').click();
      assert.equal(await page.locator('.row').count(), 640);
    });
  });

  test('no word is torn apart on a phone, and columns have labels', async () => {
    for (const name of ['failing', 'load', 'shop', 'slower', 'budgets', 'visits', 'returning']) {
      await open(name, { viewport: { width: 390, height: 900 } }, async (page) => {
        await page.evaluate(() => document.querySelectorAll('details').forEach((d) => { d.open = true; }));
        await page.locator('#waterfall button.row').first().click();
        const torn = await page.evaluate(() => {
          const found = [];
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            if (!node.parentElement.checkVisibility() || node.parentElement.closest('script, svg')) continue;
            for (const word of node.data.matchAll(/[\p{L}\p{N}]{2,20}/gu)) {
              const range = document.createRange();
              range.setStart(node, word.index);
              range.setEnd(node, word.index + word[0].length);
              if (new Set([...range.getClientRects()].map((r) => Math.round(r.top))).size > 1) found.push(word[0]);
            }
          }
          return found;
        });
        assert.deepEqual(torn, [], name);
        const unlabelled = await page.evaluate(() => [...document.querySelectorAll('table.cards td.n')]
          .filter((td) => td.checkVisibility() && td.textContent && !/^"\S/.test(getComputedStyle(td, '::before').content)).map((td) => td.textContent));
        assert.deepEqual(unlabelled, [], name);
      });
    }
  });

  test('it is small without its data', () => {
    for (const name of ['empty', 'demo']) assert.ok(Buffer.byteLength(read(name, 'html')) < 200_000, name);
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
    for (const [name, colorScheme] of ['shop', 'slower', 'budgets', 'load', 'failing', 'visits', 'returning'].flatMap((name) => [[name, 'light'], [name, 'dark']])) {
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
    for (const name of ['demo', 'shop', 'nasty', 'empty', 'budgets', 'failing', 'load', 'slower', 'nasty-slower', 'visits', 'returning', 'nasty-visit']) {
      for (const [width, colorScheme] of [[390, 'light'], [1280, ['load', 'failing', 'slower', 'returning'].includes(name) ? 'dark' : 'light']]) {
        await open(name, { viewport: { width, height: 900 }, colorScheme, bypassCSP: true }, async (page) => {
          await page.locator('#waterfall button.row').first().click({ timeout: 500 }).catch(() => {});
          await page.locator('button.name').first().click({ timeout: 500 }).catch(() => {});
          await page.evaluate(axe);
          const { violations } = await page.evaluate(() => axe.run());
          assert.deepEqual(violations.map((v) => `${v.id}: ${v.nodes[0].html}`), [], `${name} ${width} ${colorScheme}`);
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
