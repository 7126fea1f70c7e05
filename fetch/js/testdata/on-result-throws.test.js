// An onResult that throws.

import { compare, concurrent, sequential } from 'k6/x/fetch';
import { BASE, rejection, same, test, times } from './harness.js';

export { passing as options, run as default } from './harness.js';

test('what it throws rejects the promise, and ends the run', async () => {
	let calls = 0;
	const e = await rejection(concurrent(times(3, () => BASE + '/status/200').concat(times(20, () => BASE + '/hang')), {
		concurrency: 4, onResult: () => { calls++; throw new Error('on purpose'); },
	}));
	same([e.message, calls], ['on purpose', 1]);
});
test('what is no Error is thrown as it is', async () => {
	same(await rejection(sequential([BASE + '/status/200'], { onResult: () => { throw { mine: 1 }; } })), { mine: 1 });
	same(await rejection(sequential([BASE + '/status/200'], { onResult: () => { throw 'text'; } })), 'text');
});
test('a comparison ends as well', async () => {
	const e = await rejection(compare([BASE + '/status/200', BASE + '/status/200'], { rounds: 5, onResult: () => { throw new Error('x'); } }));
	same(e.message, 'x');
});
test('an async one that rejects does not end the run', async () => {
	const run = await sequential([BASE + '/status/200'], { onResult: async () => 5 });
	same(run.ok, 1);
});
test('the next run is untouched', async () => {
	same((await concurrent([BASE + '/status/200', BASE + '/status/200'])).ok, 2);
});
