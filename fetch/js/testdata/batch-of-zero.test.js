// k6's option batch is the default of concurrency, unless it is 0.

import { concurrent, sequential } from 'k6/x/fetch';
import { BASE, passing, rejection, same, test } from './harness.js';

export { run as default } from './harness.js';
export const options = { ...passing, batch: 0 };

test('without concurrency', async () => {
	const e = await rejection(concurrent([BASE + '/echo']));
	same(e.message, "concurrent options.concurrency must be an integer of at least 1; it is not given, and k6's option batch is 0");
});
test('with concurrency', async () => { same((await concurrent([BASE + '/echo'], { concurrency: 2 })).ok, 1); });
test('one at a time', async () => { same((await sequential([BASE + '/echo'])).ok, 1); });
