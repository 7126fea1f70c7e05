// What scripts see of HTTP/3. TLS2 speaks it, and no other server does.

import http from 'k6/http';
import { Client, compare, concurrent, page, sequential, stream } from 'k6/x/fetch';
import { BASE, drain, file, hits, ok, passing, PLAIN2, rejection, same, test, times, TLS, TLS2 } from './harness.js';

export { run as default } from './harness.js';
export const options = { ...passing, insecureSkipTLSVerify: true, hosts: { 'other.example': '127.0.0.1' } };

const protos = (run) => run.results.map((r) => r.proto);
const H1 = 'HTTP/1.1', H2 = 'HTTP/2.0', H3 = 'HTTP/3.0', ECHO = TLS2 + '/echo', three = { httpVersion: '3' };
const versions = [{ name: 'h1', httpVersion: '1.1' }, { name: 'h2', httpVersion: '2' }, { name: 'h3', httpVersion: '3' }];

test('httpVersion 3 is HTTP/3 or a failure', async () => {
	const run = await concurrent([ECHO, TLS + '/echo', BASE + '/echo', PLAIN2 + '/echo'], { ...three, retries: 1 });
	same(protos(run), [H3, '', '', '']);
	same(run.failures().map((r) => [r.error_code, r.error, r.status]), [
		[1801, 'quic: connection refused', 0], [1800, 'HTTP/3 is not possible without TLS', 0], [1800, 'HTTP/3 is not possible without TLS', 0],
	]);
	same(run.failures().map((r) => r.attempts), [2, 1, 1], 'what would be the same again is not tried again');
});
test('a result of HTTP/3 is like any other', async () => {
	const r = (await sequential([['POST', ECHO + '?a=b', 'x'.repeat(100000), { headers: { 'X-A': 'yes' }, cookies: { c: 'd' } }]], { ...three, responseType: 'text' })).results[0];
	const theirs = http.get(ECHO);
	same([r.ok, r.status, r.status_text, r.proto, r.json('method'), r.json('query'), r.json('body').length], [true, 200, '200 OK', H3, 'POST', 'a=b', 100000]);
	same([r.json('headers.X-A'), r.json('cookies'), r.json('host')], ['yes', ['c=d'], TLS2.slice(8)]);
	same([r.remote_ip, r.remote_port, r.tls_version, r.fallback, r.early_data], [theirs.remote_ip, theirs.remote_port, theirs.tls_version, '', false]);
	same([r.certificate.subject, r.headers['Content-Type'], r.error, r.error_code], ['O=Acme Co', 'application/json', '', 0]);
});
test('the handshake of TLS lies within connecting', async () => {
	const { results } = await sequential([ECHO, ECHO], { ...three, connections: 'new' });
	const [first, second] = results.map((r) => r.timings);
	same(results.map((r) => r.reused), [false, true]);
	ok(first.tls_handshaking > 0 && first.tls_handshaking <= first.connecting && first.connecting <= first.blocked, JSON.stringify(first));
	same([second.connecting, second.tls_handshaking], [0, 0]);
});
test('many requests share a connection, over runs as well', async () => {
	await sequential([ECHO], three);
	const run = await concurrent(times(50, () => TLS2 + '/bytes/5000'), { ...three, concurrency: 20, perHost: 0 });
	same([run.ok, run.results.every((r) => r.reused), new Set(run.results.map((r) => r.headers['X-Conn'])).size], [50, true, 1]);
});
test('the httpVersion of a target and of a call win', async () => {
	const client = new Client({ httpVersion: '3', baseURL: TLS2 });
	same(protos(await client.concurrent(['/echo', { url: '/echo', params: { httpVersion: '2' } }, ['GET', '/echo', null, { httpVersion: '1.1' }]])), [H3, H2, H1]);
	same(protos(await client.sequential(['/echo'], { httpVersion: 'auto' })), [H2]);
	client.close();
	same(protos(await concurrent([{ url: ECHO, params: three }, ECHO])), [H3, H2]);
});
test('redirects, logins, HEAD and failures go over HTTP/3', async () => {
	const me = TLS2.replace('https://', 'https://me:s3cr%2Ft@');
	const run = await sequential([
		TLS2 + '/redirect/2', me + '/basic', ['HEAD', ECHO], TLS2 + '/status/404', { url: me + '/digest', params: { auth: 'digest' } },
		{ url: TLS2 + '/gzip', params: { responseType: 'text' } },
	], three);
	same(protos(run), times(6, () => H3));
	same(run.results.map((r) => r.status), [200, 200, 200, 404, 200, 200]);
	same([run.results[0].redirects.length, run.results[5].body.length], [2, 1000000]);
});
test('a request that takes too long times out, and others of the connection do not', async () => {
	const run = await concurrent([TLS2 + '/hang', TLS2 + '/delay/300'], { ...three, timeout: 150 });
	same(run.results[0].error_code, 1050);
	const again = await concurrent([{ url: TLS2 + '/hang', params: { timeout: 100 } }, TLS2 + '/delay/300'], three);
	same(again.results.map((r) => r.error_code), [1050, 0]);
});
test('a stream, a page and retries go over HTTP/3', async () => {
	same((await drain(stream([ECHO, ECHO], three))).map((r) => r.proto), [H3, H3]);
	const home = file('home.html', '<script src=/echo></script>', { type: 'text/html' }, TLS2);
	same(protos(await page(home, three)), [H3, H3]);
	const many = file('many.html', times(12, (i) => `<img src=/gate/h3?n=12&${i}>`).join(''), { type: 'text/html' }, TLS2);
	same((await page(many, three)).ok, 13, 'more than six requests of a host are in flight');
	const r = (await sequential([TLS2 + '/flaky/h3?n=1&after=0&status=503'], { ...three, retries: 1 })).results[0];
	same([r.attempts, r.proto, r.status], [2, H3, 200]);
});
test('compare compares three versions in one call', async () => {
	const c = await compare(times(6, () => TLS2 + '/delay/5'), versions, { concurrency: 3, rounds: 3 });
	for (const [name, proto] of [['h1', H1], ['h2', H2], ['h3', H3]]) {
		same([c.ways[name].ok, new Set(protos(c.ways[name])).size, c.ways[name].results[0].proto], [6, 1, proto]);
		ok(c.ways[name].results.every((r) => r.reused), name + ' was warmed up');
		ok(c.text().includes(name + ', 3 at once'), c.text());
	}
	same(c.rounds.map((r) => r.order), [['h1', 'h2', 'h3'], ['h2', 'h3', 'h1'], ['h3', 'h1', 'h2']]);
	same(JSON.parse(c.report('json')).comparison.ways.map((w) => w.mode), ['h1', 'h2', 'h3']);
	const entries = JSON.parse(c.report('har')).log.entries;
	same(new Set(entries.map((e) => e.response.httpVersion)).size, 3);
});
test('times of an HTTP archive do not count TLS twice', async () => {
	const run = await sequential([ECHO], { ...three, connections: 'new' });
	const { time, timings } = JSON.parse(run.report('har')).log.entries[0], t = run.results[0].timings;
	ok(timings.ssl > 0 && timings.ssl <= timings.connect && timings.connect <= t.blocked + 0.01, JSON.stringify(timings));
	ok(time <= run.results[0].timings.elapsed + 0.01, time + ' is more than ' + run.results[0].timings.elapsed);
});
