// The made-up reports that the tests are about, written anew by each run.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(fileURLToPath(new URL('.', import.meta.url)), '../..');
export const folder = resolve(root, 'build/reports');

// Must be called before anything is read, in one process alone.
export function write() {
  mkdirSync(folder, { recursive: true });
  execFileSync('go', ['run', './fetch/internal/testkit/reporttest/write', folder], { cwd: root, stdio: 'inherit' });
}

// visits are those of pages.
export const visits = ['first-visit', 'returning', 'visits', 'visited', 'nasty-visit'];

export const names = ['demo', 'versions', 'uneven', 'paced', 'shop', 'nasty', 'empty', 'large', 'budgets', 'failing', 'load', 'slower', 'still', 'nasty-slower', 'refusing',
  'healed', 'uncompared', 'all-at-once', 'slower-page', ...visits];

// judgement is what a report says of a name against its baseline, if it has one.
export const judgement = (report, name) => report.baseline?.names.find((n) => n.name === name);
export const path = (name, extension) => resolve(folder, `${name}.${extension}`);
export const read = (name, extension) => readFileSync(path(name, extension), 'utf8');
export const document = (name) => JSON.parse(read(name, 'json'));
