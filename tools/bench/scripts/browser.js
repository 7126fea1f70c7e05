// A page in a browser, as often as BENCH says.
import { browser } from 'k6/browser';
import exec from 'k6/execution';

const { way, base, calls } = JSON.parse(__ENV.BENCH);

export const options = {
  scenarios: {
    main: {
      executor: 'shared-iterations', vus: 1, iterations: calls, maxDuration: '1h', options: { browser: { type: 'chromium' } },
    },
  },
  insecureSkipTLSVerify: true,
};

export default async function () {
  const context = await browser.newContext();
  const page = await context.newPage();
  if (way === 'browser') {
    const response = await page.goto(`${base}/page`, { waitUntil: 'load' });
    if (response.status() !== 200) exec.test.abort(`status ${response.status()}`);
  }
  await page.close();
  await context.close();
}
