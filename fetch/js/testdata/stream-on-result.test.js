// A stream calls onResult as next() hands a result over, since nobody else may be on the event loop.

import { stream } from 'k6/x/fetch';
import { BASE, ok, rejection, same, test, times } from './harness.js';

export { passing as options, run as default } from './harness.js';

test('it sees every result before next() resolves to it', async () => {
	const seen = [];
	const s = stream([BASE + '/status/200', BASE + '/status/404', BASE + '/status/500'], { onResult: (r) => seen.push(r) });
	for (let n = 1; n <= 3; n++) {
		const item = await s.next();
		same(seen.length, n);
		ok(seen[n - 1] === item.value, 'the same object');
	}
	same([(await s.next()).done, seen.length], [true, 3]);
});
test('what it throws rejects next(), and ends the stream', async () => {
	const s = stream([BASE + '/status/200'].concat(times(9, () => BASE + '/hang')), { onResult: () => { throw new Error('on purpose'); } });
	same((await rejection(s.next())).message, 'on purpose');
	same((await s.next()).done, true);
	s.close();
	same(s.summary().count, 10);
});
test('it may call next() and close()', async () => {
	const inner = [];
	const s = stream(times(4, () => BASE + '/status/200'), { concurrency: 1, onResult: () => {
		if (inner.length < 1) inner.push(s.next()); else s.close();
	} });
	await s.next();
	same((await inner[0]).done, false);
	same((await s.next()).done, true);
});
