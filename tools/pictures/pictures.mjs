// Makes the pictures of the documents in docs/images, from what ./k6 prints and writes. See `make pictures`.

import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { launch, skip } from '../reports/chromium.mjs';
import { terminal } from './terminal.mjs';

const root = resolve(fileURLToPath(new URL('.', import.meta.url)), '../..');
const images = resolve(root, 'docs/images');
const work = resolve(root, 'build/pictures');

if (skip) throw new Error(skip);
mkdirSync(images, { recursive: true });
mkdirSync(work, { recursive: true });

// The pages are those of the demo's server, so the pictures show what `make demo` prints and leaves.
const run = (...args) => execFileSync('build/server', ['--', './k6', 'run', '--quiet', '--no-usage-report', ...args], {
  cwd: root, encoding: 'utf8',
});

const comparison = /^sequential, .*^concurrent is .*?\n/ms.exec(run('examples/compare.js'))[0];
writeFileSync(resolve(images, 'compare.svg'),
  terminal('make demo', comparison, 'Five pages, fetched one at a time and then together: what k6/x/fetch prints'));

run('-e', `REPORTS=${work}`, 'examples/report.js');
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1100, height: 1092 }, colorScheme: 'light' });
await page.goto(`file://${resolve(work, 'report.html')}`);
await page.screenshot({ path: resolve(images, 'report.png') });
await browser.close();
