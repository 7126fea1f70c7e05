// What docs/porting.md says of scripts that came from http.batch.

import { group } from 'k6';
import http from 'k6/http';
import { concurrent, sequential } from 'k6/x/fetch';
import { BASE, ok, rejection, same, show, test, thrown } from './harness.js';

export { passing as options, run as default } from './harness.js';

test('group() takes no async function: fetching begins in it, and is awaited outside', async () => {
	ok(String(thrown(() => group('async', async () => {}))).includes('async'), 'k6 takes it');
	let pending;
	group('mine', () => { pending = concurrent([BASE + '/bytes/1', BASE + '/redirect/1'], { tags: { of: 'group' } }); });
	same((await pending).ok, 2);
});
test('params that k6 ignores are refused', async () => {
	const url = BASE + '/bytes/1';
	for (const params of [{ timeOut: 5 }, { body: 'x' }, { jar: 5 }, { throw: 1 }, { auth: 'bearer' }, { name: 5 }, { redirects: '1' }, { headers: { a: null } }]) {
		same(http.batch([['GET', url, null, params]])[0].status, 200, show(params));
		ok((await rejection(concurrent([['GET', url, null, params]]))) instanceof TypeError, show(params));
	}
});
test('a body of more than 10 MB fails where it is kept, unless maxBodySize allows it', async () => {
	const url = BASE + '/bytes/10000001';
	same(http.batch([url])[0].body.length, 10000001);
	const run = await sequential([url, ['GET', url, null, { responseType: 'text' }],
		['GET', url, null, { responseType: 'text', maxBodySize: '11MB' }]]);
	same(run.results.map((r) => r.ok), [true, false, true]);
	ok(run.results[1].error.includes('maxBodySize'), run.results[1].error);
});
