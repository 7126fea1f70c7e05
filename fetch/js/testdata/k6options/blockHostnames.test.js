import http from 'k6/http';
import { concurrent } from 'k6/x/fetch';
import { BASE, hits, passing, same, test } from '../harness.js';

export { run as default } from '../harness.js';
export const options = { ...passing, hosts: { 'a.blocked.example': '127.0.0.1' }, blockHostnames: ['*.blocked.example'] };

test('a blocked name fails with code 1111', async () => {
	const url = BASE.replace('127.0.0.1', 'a.blocked.example') + '/echo';
	const run = await concurrent([url, BASE + '/status/200'], { retries: 1 }), theirs = http.get(url);
	same([run.results[0].error_code, run.results[0].attempts, run.ok], [1111, 1, 1]);
	same([run.results[0].error, run.results[0].error_code], [theirs.error, theirs.error_code]);
	same(hits('/echo'), 0);
});
