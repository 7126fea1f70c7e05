// Finds and starts a real browser: Chromium, or whatever of its kind is installed. CHROMIUM names another one.

import { existsSync } from 'node:fs';

import { chromium } from 'playwright-core';

const found = [
  process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium',
].find((candidate) => candidate && existsSync(candidate));

// skip is why tests in a browser are left out, false where they are not.
export const skip = !found && 'there is no Chromium; install it, or say where one is with CHROMIUM=path';

export const launch = () => chromium.launch({
  executablePath: found,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
