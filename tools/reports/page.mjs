// Opens pages in a real browser, for tests of them.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';

import { launch } from './chromium.mjs';
import { path } from './samples.mjs';

// inBrowser starts a browser for the tests around it, and returns what opens a page in it.
export function inBrowser() {
  let browser;
  before(async () => {
    browser = await launch();
  });
  after(() => browser?.close());

  // open opens a page, which must neither complain nor ask for anything. What it copies is in copied.
  return async function open(name, { hash = '', ...options }, use) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    const complaints = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => {
      complaints.push(`a text became a script: ${dialog.message()}`);
      dialog.dismiss();
    });
    page.on('request', (request) => {
      const [url] = request.url().split('#');
      if (url !== `file://${path(name, 'html')}` && !url.startsWith('blob:')) complaints.push(`asked for ${url}`);
    });
    await page.addInitScript(() => {
      Object.defineProperty(navigator, 'clipboard', {
        value: {
          writeText: async (text) => {
            globalThis.copied = text;
          },
        },
      });
    });
    try {
      await page.goto(`file://${path(name, 'html')}${hash}`);
      await use(page);
      assert.deepEqual(complaints, []);
    } finally {
      await page.close();
    }
  };
}
