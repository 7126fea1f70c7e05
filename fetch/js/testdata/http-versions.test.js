// Which version of HTTP a target is fetched with.

import { Client, compare, concurrent, sequential } from 'k6/x/fetch';
import { BASE, ok, passing, PLAIN2, same, test, times, TLS, TLS2 } from './harness.js';

export { run as default } from './harness.js';
export const options = { ...passing, insecureSkipTLSVerify: true };

const protos = (run) => run.results.map((r) => r.proto);
const H1 = 'HTTP/1.1', H2 = 'HTTP/2.0', missing = 'server does not speak HTTP/2';

test('httpVersion auto is what the server chooses', async () => {
	const urls = [BASE, TLS, TLS2, PLAIN2].map((base) => base + '/echo');
	same(protos(await concurrent(urls)), [H1, H1, H2, H1]);
	same(protos(await concurrent(urls, { httpVersion: 'auto' })), [H1, H1, H2, H1]);
});
test('httpVersion 1.1 is never HTTP/2', async () => {
	const run = await concurrent([BASE, TLS, TLS2, PLAIN2].map((base) => base + '/echo'), { httpVersion: '1.1' });
	same([run.ok, protos(run)], [4, [H1, H1, H1, H1]]);
});
test('httpVersion 2 is HTTP/2 or a failure', async () => {
	const run = await concurrent([BASE, TLS, TLS2, PLAIN2].map((base) => base + '/echo'), { httpVersion: '2', retries: 2, redirects: 0 });
	same([run.ok, run.failed, run.requests, protos(run)], [2, 2, 4, ['', '', H2, H2]]);
	same(run.failures().map((r) => [r.error, r.error_code, r.status]), [[missing, 1600, 0], [missing, 1600, 0]]);
});
test('the httpVersion of a target wins', async () => {
	const url = TLS2 + '/echo';
	const run = await concurrent([{ url, params: { httpVersion: '1.1' } }, url, ['GET', url, null, { httpVersion: 'auto' }]], { httpVersion: '2' });
	same(protos(run), [H1, H2, H2]);
});
test('an httpVersion that is undefined leaves it as it is', async () => {
	const run = await concurrent([{ url: TLS2 + '/echo', params: { httpVersion: undefined } }], { httpVersion: '1.1' });
	same(protos(run), [H1]);
});
test('a Client has an httpVersion, and a call another', async () => {
	const client = new Client({ httpVersion: '1.1', baseURL: TLS2 });
	same(protos(await client.concurrent(['/echo'])), [H1]);
	same(protos(await client.sequential(['/echo'], { httpVersion: '2' })), [H2]);
	same((await client.compare(['/echo'])).concurrent.results[0].proto, H1);
});
test('versions have connections of their own, and reuse them', async () => {
	const urls = times(20, (i) => ({ url: TLS2 + '/echo', params: { httpVersion: i % 2 ? '1.1' : '2' } }));
	await concurrent(urls, { concurrency: 4 });
	const run = await sequential(urls);
	same([run.ok, run.results.filter((r) => r.reused).length], [20, 20]);
	same(protos(run), times(20, (i) => i % 2 ? H1 : H2));
});
test('a POST without TLS goes over HTTP/2', async () => {
	const run = await concurrent([['POST', PLAIN2 + '/echo', 'x'.repeat(100000)]], { httpVersion: '2', responseType: 'text' });
	same([run.results[0].proto, run.results[0].json('body').length, run.results[0].tls_version], [H2, 100000, '']);
});
test('redirects keep the version', async () => {
	const to = (base, url) => base + '/to?url=' + encodeURIComponent(url);
	for (const [httpVersion, want] of [['auto', H2], ['1.1', H1], ['2', H2]]) {
		const run = await sequential([to(PLAIN2, TLS2 + '/echo')], { httpVersion });
		same([run.ok, protos(run), run.results[0].redirects.length], [1, [want], 1]);
	}
});
test('digest over http:// is a failure that says why', async () => {
	const url = PLAIN2.replace('http://', 'http://me:s3cr%2Ft@') + '/digest';
	const { results } = await sequential([url], { httpVersion: '2', auth: 'digest' });
	same([results[0].error_code, results[0].error], [1600, 'HTTP/2 without TLS is not possible with a digest or NTLM login']);
});
test('digest over TLS goes over the version', async () => {
	const url = TLS2.replace('https://', 'https://me:s3cr%2Ft@') + '/digest';
	for (const [httpVersion, want] of [['1.1', H1], ['2', H2]]) {
		const { results } = await sequential([url], { httpVersion, auth: 'digest' });
		same([results[0].error, results[0].proto], ['', want]);
	}
	const { results } = await sequential([TLS.replace('https://', 'https://me:s3cr%2Ft@') + '/digest'], { httpVersion: '2', auth: 'digest' });
	same(results[0].error, missing);
});
test('compare compares versions', async () => {
	const ways = [{ name: 'h1', httpVersion: '1.1' }, { name: 'h2', httpVersion: '2' }];
	const c = await compare(times(6, () => TLS2 + '/delay/5'), ways, { concurrency: 3, rounds: 2 });
	same([protos(c.ways.h1), protos(c.ways.h2)], [times(6, () => H1), times(6, () => H2)]);
	same([c.ways.h1.results.every((r) => r.reused), c.ways.h2.results.every((r) => r.reused)], [true, true], 'warmed up');
	ok(c.text().includes('h1, 3 at once') && c.text().includes('h2, 3 at once'), c.text());
});
test('a version that the server does not speak is not faster', async () => {
	const c = await compare([TLS + '/echo'], [{ name: 'h1', httpVersion: '1.1' }, { name: 'h2', httpVersion: '2' }]);
	same([c.ways.h1.ok, c.ways.h2.ok, c.ways.h2.results[0].error], [1, 0, missing]);
	ok(!c.text().includes('times as fast'), c.text());
});
test('compare takes an httpVersion', async () => {
	const c = await compare([TLS2 + '/echo'], { httpVersion: '1.1' });
	same([c.sequential.results[0].proto, c.concurrent.results[0].proto], [H1, H1]);
	ok(c.text().includes('/echo'), c.text());
});
