// What a script writes into the headers of a request is its own: workers still send those of the targets to come.

import { concurrent } from 'k6/x/fetch';
import { BASE, same, test, times } from './harness.js';

export { passing as options, run as default } from './harness.js';

test('writing to them changes no request', async () => {
	const run = await concurrent(times(200, () => BASE + '/echo'), {
		concurrency: 8, perHost: 0, headers: { 'X-Own': 'a' }, responseType: 'text',
		onResult: (r) => { for (const name of Object.keys(r.request.headers)) r.request.headers[name] = ['b']; r.request.headers.More = ['c']; },
	});
	same(run.ok, 200);
	for (const r of run.results) {
		same([r.json('headers.X-Own.0') || r.json('headers.X-Own'), r.request.headers['X-Own']], ['a', ['a']]);
		same(r.request.headers.More, undefined);
	}
});
