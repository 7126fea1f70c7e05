// A proxy would resolve and connect behind k6's back: what k6 blocks must not get there. HTTP_PROXY and HTTPS_PROXY are the URL of a proxy.

import { concurrent, sequential } from 'k6/x/fetch';
import { passing, same, test } from './harness.js';

export { run as default } from './harness.js';
export const options = { ...passing, blockHostnames: ['*.blocked.example'], blacklistIPs: ['10.0.0.0/8'], hosts: { 'there.example': '10.1.1.1' } };

test('a name that only the proxy knows is asked for there', async () => {
	const r = (await sequential(['http://inside.example/'], { responseType: 'text' })).results[0];
	same([r.body, r.ok], ['by proxy: inside.example', true]);
});
test('HTTP/2 without TLS is not asked of a proxy', async () => {
	const { results } = await sequential(['http://inside.example/', 'http://a.blocked.example/'], { httpVersion: '2' });
	same(results.map((r) => [r.error_code, r.error]),
		[[1600, 'HTTP/2 without TLS is not possible through a proxy'], [1111, 'hostname is blocked']]);
});
test('HTTP/3 is not asked of a proxy', async () => {
	const { results } = await sequential(['https://inside.example/', 'https://a.blocked.example/'], { httpVersion: '3' });
	same(results.map((r) => [r.error_code, r.error]),
		[[1800, 'HTTP/3 is not possible through a proxy'], [1111, 'hostname is blocked']]);
});
test('blocked names and addresses are not', async () => {
	const run = await concurrent(['http://a.blocked.example/', 'http://10.1.2.3/', 'http://there.example/']);
	same(run.results.map((r) => r.error_code), [1111, 1110, 1110]);
});
