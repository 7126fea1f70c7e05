// Looks for single results on the page: filters, links, what rows open to, and what is handed out of it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';

import { skip } from './chromium.mjs';
import { inBrowser } from './page.mjs';
import { document } from './samples.mjs';

const rows = (page) => page.locator('#waterfall button.row');
const labels = (page) => rows(page).evaluateAll((all) => all.map((e) => e.getAttribute('aria-label')));
const found = (page) => page.locator('#found').innerText();
const filter = async (page, text) => {
  await page.locator('#query').fill(text);
  await page.waitForFunction(
    (wanted) => new URLSearchParams(location.hash.slice(1)).get('filter') === (wanted || null),
    text.trim(),
  );
};
const hash = (page) => page.evaluate(() => decodeURIComponent(location.hash));

// parsed reads CSV as RFC 4180 has it.
function parsed(text) {
  const all = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    all.at(-1).push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\r\n') all.push([]);
    if (end === '') break;
  }
  all.pop();
  return all;
}

describe('Finding results', { skip }, () => {
  const open = inBrowser();

  test('each kind of filter finds what it should', async () => {
    await open('failing', {}, async (page) => {
      const { totals } = document('failing');
      assert.equal(totals.failed, 87);
      for (const [text, n, like] of [
        ['status:404', 36, /status 404/],
        ['host:cdn.example', 150, /assets/],
        ['status:404 status:500', 64, /status (404|500)/],
        ['status:5xx', 28, /status 500/],
        ['status:none', 23, /reset/],
        ['reason:"connection reset by peer"', 23, /reset/],
        ['reason:"connection*"', 23, /reset/],
        ['code:1220', 23, /reset/],
        ['state:failed', 87, /failed/],
        ['-state:failed', 513, /status 200/],
        ['host:www.shop.example state:failed', 15, /products/],
        ['type:concurrent', 600, /./],
        ['type:stream', 0, /./],
        ['name:https://www.shop.example/products/7', 1, /products\/7 /],
        ['name:*products/1', 1, /products\/1 /],
        ['PRODUCTS/14', 11, /products\/14/],
        ['"hero-banner" state:failed', 43, /hero/],
        ['method:POST', 0, /./],
        ['state:over', 28, /over budget/],
      ]) {
        await filter(page, text);
        assert.equal(await found(page), `${n} of 600 results`, text);
        const shown = await labels(page);
        assert.equal(shown.length, Math.min(n, 40), text);
        for (const label of shown) assert.match(label, like, text);
      }
      assert.match(await page.locator('.more').first().innerText(), /Show 200 more|Nothing here|^$/);
      await page.getByRole('button', { name: 'Clear' }).click();
      assert.equal(await hash(page), '');
      assert.equal(await rows(page).count(), 40);
    });
  });

  test('choices filter, and say how many there are', async () => {
    await open('failing', {}, async (page) => {
      const choice = page.getByRole('combobox', { name: 'Filter by status' });
      assert.deepEqual(await choice.locator('option').allInnerTexts(), [
        'any status',
        '200 (513)',
        '404 (36)',
        '500 (28)',
        'none (23)',
      ]);
      await choice.selectOption('404');
      await page.getByRole('combobox', { name: 'Filter by host' }).selectOption('cdn.example');
      assert.equal(await hash(page), '#filter=status:404 host:cdn.example');
      assert.equal(await page.locator('#query').inputValue(), 'status:404 host:cdn.example');
      await choice.selectOption('');
      assert.equal(await hash(page), '#filter=host:cdn.example');
      await page.getByRole('combobox', { name: 'Filter by reason' }).selectOption('connection reset by peer');
      assert.equal(await hash(page), '#filter=host:cdn.example reason:"connection reset by peer"');
    });
  });

  test('reasons on the first screen are filters', async () => {
    await open('failing', {}, async (page) => {
      const reasons = page.locator('#reasons a');
      assert.deepEqual(await reasons.allInnerTexts(), ['36 × 404', '28 × 500', '23 × connection reset']);
      for (const [i, n] of [36, 28, 23].entries()) {
        await reasons.nth(i).click();
        assert.equal(await found(page), `${n} of 600 results`);
        assert.ok(
          await page.locator('#find').evaluate((e) => Math.abs(e.getBoundingClientRect().top) < 60),
          'it is looked at',
        );
      }
      await page.locator('#failures .show').first().click();
      assert.equal(await page.locator('#query').inputValue(), 'reason:"unexpected status 404"');
      assert.equal(await found(page), '36 of 600 results');
    });
    await open('failing', { javaScriptEnabled: false }, async (page) => {
      await page.locator('#reasons a').nth(1).click();
      assert.match(page.url(), /#why-1$/, 'without scripts they lead to what is said of the reason');
      assert.match(await page.locator('#why-1').innerText(), /28 × unexpected status 500/);
    });
  });

  test('links open the page as it was', async () => {
    await open('failing', { hash: '#filter=status:404%20host:cdn.example' }, async (page) => {
      assert.equal(await page.locator('#query').inputValue(), 'status:404 host:cdn.example');
      assert.match(await found(page), /^9 of 600/);
      assert.ok(await page.locator('#find').evaluate((e) => e.getBoundingClientRect().top < innerHeight));
      await page.evaluate(() => {
        location.hash = '#filter=status:500';
      });
      await page.waitForFunction(() => document.querySelector('#found').textContent.startsWith('28 of'));
    });
    await open('failing', { hash: '#name=https%3A%2F%2Fcdn.example%2Fassets%2Fapp-33.js' }, async (page) => {
      const name = page.locator('#names button[aria-expanded=true]');
      assert.equal(await name.innerText(), '/assets/app-33.js');
      assert.match(await page.locator('#names .opened').innerText(), /Why it failed\s+1 × connection reset by peer/);
      assert.ok(await name.evaluate((e) => e.getBoundingClientRect().top < innerHeight));
      await page.getByRole('link', { name: 'Its results that were kept' }).click();
      assert.equal(await found(page), '1 of 600 results');
      assert.equal(await hash(page), '#filter=name:https://cdn.example/assets/app-33.js');
    });
    await open('shop', {}, async (page) => {
      await page.locator('#names button.name', { hasText: /^cart$/ }).click();
      assert.equal(await hash(page), '#name=cart');
      await page.locator('#failures .chips a').nth(1).click();
      assert.equal(await hash(page), '#name=api/orders');
      assert.equal(await page.locator('#names tbody tr').first().locator('th').innerText(), 'api/orders');
    });
    await open('nasty', { hash: '#filter=%E0%A4%A&name=%22&time=x&run=99&__proto__=1&a' }, async (page) => {
      assert.match(
        await page.locator('#waterfall .more').innerText(),
        /Nothing here meets the filter/,
        'there is no such name, and all else does no harm',
      );
      assert.equal(await page.locator('#query').inputValue(), 'name:"\\""');
    });
    for (const bad of ['"', '\\', 'reason:"', 'host:', '*', 'name:(', '-', 'status:[', '""']) {
      await open('nasty', { hash: `#filter=${encodeURIComponent(bad)}` }, async (page) =>
        assert.ok((await page.locator('#query').inputValue()) === bad),
      );
    }
  });

  test('every name is found by its link', async () => {
    await open('nasty', {}, async (page) => {
      for (const { name } of document('nasty').names) {
        if (!name.trim()) continue;
        await page.evaluate((n) => {
          location.hash = `#name=${encodeURIComponent(n)}`;
        }, name);
        await page.waitForFunction(
          (n) => document.querySelector('#names tbody th button[aria-expanded=true]')?.textContent === n,
          name,
        );
      }
    });
  });

  test('a row opens to all that is known', async () => {
    await open('failing', {}, async (page) => {
      await filter(page, 'state:failed status:404 host:www.shop.example');
      await rows(page).first().click();
      const opened = page.locator('#waterfall .opened');
      const text = await opened.innerText();
      for (const part of [
        /GET https:\/\/www\.shop\.example\/products\//,
        /failed: unexpected status 404 1404/,
        /address\s+192\.0\.2\.\d+:443/,
        /TLS\s+1\.3 TLS_AES/,
        /waiting\s+\d/,
        /time\s+\d/,
        /Authorization:\s+\*\*\*\*/,
        /Set-Cookie:\s+\*\*\*\*/,
        /subject\s+CN=www\.shop\.example/,
        /issuer\s+CN=Made Up R3/,
        /valid\s+\d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d, 60 days left/,
        /names\s+www\.shop\.example/,
        /serial\s+04D2/,
        /SHA-256\s+c0ffee42/,
        /protocol\s+HTTP\//,
      ])
        assert.match(text, part);
      assert.equal(await rows(page).first().getAttribute('aria-expanded'), 'true');
      await rows(page).first().press('Enter');
      assert.equal(await opened.count(), 0);
      await filter(page, 'state:failed host:cdn.example');
      await rows(page).first().click();
      assert.deepEqual(await opened.locator('.facts .bad').allInnerTexts().then((all) => all.slice(-1)), ['3 days left']);
    });
    await open('shop', {}, async (page) => {
      const i = await page.evaluate(() => {
        const data = JSON.parse(document.getElementById('data').textContent);
        return data.texts[data.rows.find((row) => data.details[row[21] - 1]?.redirects.length > 1)[0]];
      });
      await filter(page, `name:"${i}"`);
      await rows(page).first().click();
      assert.match(
        await page.locator('#waterfall .opened').innerText(),
        /Redirects\s+301 http:\/\/.*\s+302 https:\/\/www\./,
      );
    });
  });

  test('cURL is what a shell understands', async () => {
    // words are the arguments that a shell makes of a command.
    const words = (command) =>
      execFileSync('sh', ['-c', `curl() { for a; do printf '%s\\0' "$a"; done; }\n${command}`], { encoding: 'utf8' })
        .split('\0')
        .slice(0, -1);
    await open('failing', {}, async (page) => {
      await filter(page, 'status:404 host:api.shop.example');
      await rows(page).first().click();
      await page.getByRole('button', { name: 'Copy as cURL' }).click();
      const command = await page.evaluate(() => globalThis.copied);
      const args = words(command);
      assert.equal(args.at(-2), '--url');
      assert.match(
        args.at(-1),
        /^https:\/\/api\.shop\.example\/api\/v2\/customers\/\d+\/orders\?status=open&sort=created-at$/,
      );
      assert.ok(args.includes('Accept: text/html,application/json;q=0.9,*/*;q=0.8'));
      assert.ok(args.includes('Authorization: ****'), 'what is masked stays masked');
    });
    await open('nasty', {}, async (page) => {
      const { names } = document('nasty');
      const all = await page.locator('#waterfall button.row').count();
      const seen = new Set();
      for (let i = 0; i < all; i++) {
        const row = rows(page).nth(i);
        await row.click();
        const copy = page.locator('#waterfall .opened').getByRole('button', { name: /Copy as cURL|Copied/ });
        await copy.click();
        const args = words(await page.evaluate(() => globalThis.copied));
        seen.add(args.at(-1));
        assert.equal(args.filter((a) => a === '--url').length, 1);
        assert.match(args.at(-1), /^https?:\/\/a\.example\//);
        await row.click();
      }
      const plain = new Set(
        [...seen]
          .map((url) => url.replace(/^https?:/, ''))
          .flatMap((url) => [
            url,
            url.replace(/\/+$/, ''),
            decodeURIComponent(url.replace(/%(?![0-9A-F]{2})/g, '%25')),
          ]),
      );
      for (const { name } of names)
        if (name !== 'never' && name.trim())
          assert.ok(plain.has(`//a.example/${name}`) || name.startsWith('https://'), name);
    });
  });

  test('a trace id is shown and copied where there is one', async () => {
    const { failed } = document('failing');
    const traces = new Set(failed.map((r) => r.trace_id));
    await open('failing', {}, async (page) => {
      await filter(page, 'status:404');
      await rows(page).first().click();
      await page.getByRole('button', { name: 'Copy trace id' }).click();
      const id = await page.evaluate(() => globalThis.copied);
      assert.ok(traces.has(id), id);
      assert.match(await page.locator('.opened').first().innerText(), new RegExp(`trace id\\s+${id}`));
    });
    await open('nasty', {}, async (page) => {
      await rows(page).first().click();
      assert.equal(await page.getByRole('button', { name: 'Copy as cURL' }).count(), 1);
      assert.equal(await page.getByRole('button', { name: 'Copy trace id' }).count(), 0);
    });
  });

  test('what HTTP/3 was used for is shown, and TLS within its handshake is not counted twice', async () => {
    const { failed } = document('failing');
    assert.ok(failed.some((r) => r.early_data) && failed.some((r) => r.fallback === 'quic: handshake timeout'));
    await open('failing', {}, async (page) => {
      await filter(page, 'status:404');
      await rows(page).first().click();
      const opened = page.locator('.opened').first();
      assert.match(await opened.innerText(), /protocol\s+HTTP\S+ \(early data\)/);
      const phases = await opened.locator('.small-table tr').evaluateAll((all) => all.map((tr) => tr.innerText.split(/\t/u)));
      const took = Object.fromEntries(phases.map(([name, text]) => [name.trim(), Number.parseFloat(text)]));
      assert.ok(took.connecting < took['TLS handshake'], JSON.stringify(took));
      const sum = Object.entries(took).reduce((all, [name, n]) => (['time', 'queued'].includes(name) ? all : all + n), 0);
      assert.ok(sum <= took.time + 1, JSON.stringify(took));
    });
    await open('failing', {}, async (page) => {
      await filter(page, 'status:500');
      await rows(page).first().click();
      assert.match(await page.locator('.opened').first().innerText(), /no HTTP\/3\s+quic: handshake timeout/);
    });
  });

  test('tables are handed out as CSV', async () => {
    await open('failing', {}, async (page) => {
      await filter(page, 'state:failed');
      await page.getByRole('button', { name: 'Copy results as CSV' }).click();
      const results = parsed(await page.evaluate(() => globalThis.copied));
      assert.equal(results.length, 88);
      assert.deepEqual(results[0].slice(0, 8), ['label', 'name', 'method', 'url', 'state', 'status', 'code', 'reason']);
      assert.equal(new Set(results.map((line) => line.length)).size, 1);
      assert.deepEqual([...new Set(results.slice(1).map((line) => line[4]))], ['failed']);
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download names as CSV' }).click(),
      ]);
      assert.equal(download.suggestedFilename(), 'fetch-report-names.csv');
      const names = parsed(readFileSync(await download.path(), 'utf8'));
      assert.equal(names.length, 88, 'those that the filter shows');
      for (const [what, lines] of [
        ['budgets', 31],
        ['failures', 88],
        ['phases', 10],
        ['runs', 2],
      ]) {
        await page.getByRole('button', { name: `Copy ${what} as CSV` }).click();
        const table = parsed(await page.evaluate(() => globalThis.copied));
        assert.equal(table.length, lines, what);
        assert.equal(new Set(table.map((line) => line.length)).size, 1, what);
      }
    });
    await open('nasty', {}, async (page) => {
      await page.getByRole('button', { name: 'Copy names as CSV' }).click();
      const cells = parsed(await page.evaluate(() => globalThis.copied))
        .slice(1)
        .map(([name]) => name);
      assert.ok(cells.includes("'+1+1") && cells.includes("'@SUM(A1)") && cells.includes("' =1+1"));
      for (const cell of cells) assert.doesNotMatch(cell, /^[ \ufffd]*[=+\-@|]/);
      await page.getByRole('button', { name: 'Copy results as CSV' }).click();
      const table = parsed(await page.evaluate(() => globalThis.copied));
      for (const cell of table.flat()) assert.doesNotMatch(cell, /^[ \ufffd]*[=+\-@|]/);
      assert.equal(new Set(table.map((line) => line.length)).size, 1);
    });
    await open('slower', {}, async (page) => {
      await page.getByRole('button', { name: 'Copy baseline as CSV' }).click();
      const table = parsed(await page.evaluate(() => globalThis.copied));
      assert.equal(table.length - 1, document('slower').baseline.names.length);
    });
    await open('load', {}, async (page) => {
      await page.getByRole('button', { name: 'Copy thresholds as CSV' }).click();
      assert.deepEqual(parsed(await page.evaluate(() => globalThis.copied))[1], [
        'failed',
        'http_req_duration{name:https://shop.example/products/1}',
        'p(95)<200',
        'p(95)=412ms',
      ]);
      await page.getByRole('button', { name: 'Copy checks as CSV' }).click();
      assert.deepEqual(parsed(await page.evaluate(() => globalThis.copied))[2], [
        'failed',
        'has a total shop › cart',
        '3,529',
        '3',
      ]);
    });
  });

  test('the slowest are first, 40 of them, and no tail is cut', async () => {
    await open('failing', {}, async (page) => {
      const times = (await page.locator('#waterfall .row .time').allInnerTexts()).map(
        (t) => parseFloat(t) * (/ms$/.test(t) ? 1 : 1000),
      );
      assert.equal(times.length, 40);
      assert.ok(times.every((t, i) => i === 0 || t <= times[i - 1]));
      for (const width of [390, 768, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        const bad = await page.evaluate(() =>
          [...document.querySelectorAll('#waterfall .row')].flatMap((row) => {
            const tail = row.querySelector('.label').lastElementChild;
            const [label, box] = [row.querySelector('.label').getBoundingClientRect(), tail.getBoundingClientRect()];
            const bars = row.querySelector('.bars').getBoundingClientRect();
            const out = [...row.querySelectorAll('.bars b')].filter(
              (b) => b.getBoundingClientRect().right > bars.right + 1.5,
            );
            return box.right > label.right + 1 ||
              (tail.scrollWidth > tail.clientWidth + 1 && tail.className === 'tail') ||
              out.length
              ? [row.textContent]
              : [];
          }),
        );
        assert.deepEqual(bad, [], `${width} px`);
      }
      await page.locator('#waterfall .more button').click();
      assert.equal(await rows(page).count(), 240);
      await page.getByRole('combobox', { name: 'Order of the URLs' }).selectOption('list');
      assert.equal(await rows(page).count(), 40);
      assert.match((await labels(page))[1], /customers\/0\//);
      await page.getByRole('combobox', { name: 'Order of the URLs' }).selectOption('start');
      assert.doesNotMatch((await labels(page))[0], /queued/, 'the first did not wait');
    });
  });

  test('a run is chosen among those that were kept', async () => {
    await open('budgets', {}, async (page) => {
      const run = page.getByRole('combobox', { name: 'Run', exact: true });
      const options = await run.locator('option').allInnerTexts();
      assert.equal(options.length, 3);
      assert.match(options[0], /^All results that were kept: \d+$/);
      assert.match(options[2], /^One at a time: 120 URLs in /);
      await run.selectOption({ index: 2 });
      assert.equal(await hash(page), '#run=2');
      assert.match(await page.locator('#waterfall h3').innerText(), /^One at a time\s*120 URLs in/);
      assert.equal((await labels(page)).filter((label) => /queued/.test(label)).length > 30, true);
    });
    await open('load', {}, async (page) => {
      const options = await page.getByRole('combobox', { name: 'Run', exact: true }).locator('option').allInnerTexts();
      assert.match(options[1], /^Together, up to 6 at once: 20 URLs in .* \(slowest\b/);
      assert.match(options.at(-1), /\blast\)$/);
    });
    await open('budgets', { hash: '#run=1' }, async (page) => {
      assert.match(await page.locator('#waterfall h3').innerText(), /^Together, up to 12 at once/);
    });
  });

  test('results and names stand by host, without what repeats', async () => {
    await open('failing', {}, async (page) => {
      await page.locator('#by-host').check();
      const groups = page.locator('#waterfall .group');
      assert.deepEqual((await groups.locator('h4').allInnerTexts()).map((t) => t.split(/\s/)[0]).sort(), [
        'https://api.shop.example',
        'https://cdn.example',
        'https://img.cdn.example:8443',
        'https://www.shop.example',
      ]);
      for (const label of await groups.last().locator('.label').allInnerTexts())
        assert.match(label, /^(✕\s+)?(\d+\s+)?\//);
      await groups.first().locator('.more button').click();
      assert.equal(await groups.first().locator('.row').count(), 150);
      const names = await page.locator('#names tbody tr:not(.group):not(.more) th').allInnerTexts();
      assert.ok(names.length === 32 && names.every((name) => name.startsWith('/')), 'eight of each host');
      await page.locator('#names-by-host').uncheck();
      assert.equal(await page.locator('#names tbody tr').count(), 25);
    });
    await open('shop', { hash: '#filter=host:cdn.example' }, async (page) => {
      assert.match(
        await page.locator('#names tbody tr').first().innerText(),
        /^item /,
        'names are found by the host of their results',
      );
    });
  });

  test('names are found by why they failed', async () => {
    await open('load', { hash: '#filter=state:failed%20status:503' }, async (page) => {
      const names = await page.locator('#names tbody tr.group').allInnerTexts();
      assert.equal(names.length, 3, 'one host had none of them');
    });
  });
});
