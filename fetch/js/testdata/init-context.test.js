// The init context may make clients and expected statuses.

import { Client, expectedStatuses } from 'k6/x/fetch';
import { BASE, ok, same, test, thrown } from './harness.js';

export { passing as options, run as default } from './harness.js';

const client = new Client({ expectedStatuses: expectedStatuses(404), tags: { from: 'client' }, jar: null, baseURL: BASE });
const early = thrown(() => new Client({ concurrency: 0 }));
test('the Client works later', async () => { same((await client.concurrent(['/status/404'])).ok, 1); });
test('its misuse is found at once', () => { ok(early instanceof TypeError, early); });
