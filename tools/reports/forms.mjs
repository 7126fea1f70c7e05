// Has a real browser write a form, which ours are held against in Go.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';

import { launch, skip } from './chromium.mjs';
import { root } from './samples.mjs';

const golden = resolve(root, 'fetch/internal/form/testdata/browser.json');

test('A browser writes forms as the golden file says', { skip }, async () => {
  const { parts, body } = JSON.parse(readFileSync(golden, 'utf8'));
  const browser = await launch();
  try {
    const page = await browser.newPage();
    const written = await page.evaluate(async (parts) => {
      const form = new FormData();
      for (const p of parts) {
        if (p.file === undefined) form.append(p.name, p.value);
        else form.append(p.name, new File([p.content], p.file, { type: p.type }));
      }
      const response = new Response(form);
      const boundary = response.headers.get('Content-Type').split('boundary=')[1];
      return (await response.text()).replaceAll(boundary, 'BOUNDARY');
    }, parts);
    if (process.env.UPDATE_FORMS) writeFileSync(golden, `${JSON.stringify({ parts, body: written }, null, 2)}\n`);
    else assert.equal(written, body);
  } finally {
    await browser.close();
  }
});
