import http from 'k6/http';
import { concurrent } from 'k6/x/fetch';
import { BASE, hits, passing, same, test } from '../harness.js';

export { run as default } from '../harness.js';
export const options = { ...passing, hosts: { 'there.example': '127.0.0.9' }, blacklistIPs: ['127.0.0.9/32'] };

test('a blocked address fails with code 1110, named or not', async () => {
	for (const host of ['there.example', '127.0.0.9']) {
		const url = BASE.replace('127.0.0.1', host) + '/echo';
		const run = await concurrent([url]), theirs = http.get(url);
		same([run.results[0].error_code, run.results[0].error], [1110, theirs.error]);
	}
	same(hits('/echo'), 0);
});
test('a redirect to one fails as well', async () => {
	const url = BASE + '/to?url=' + encodeURIComponent(BASE.replace('127.0.0.1', '127.0.0.9') + '/echo');
	const r = (await concurrent([url])).results[0];
	same([r.error_code, r.redirects.length, r.ok], [1110, 1, false]);
});
