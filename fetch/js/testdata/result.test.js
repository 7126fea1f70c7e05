// A result has what a response of k6/http has, and more.

import { check } from 'k6';
import http from 'k6/http';
import { concurrent, sequential } from 'k6/x/fetch';
import { BASE, ok, same, test, thrown, times } from './harness.js';

export { passing as options, run as default } from './harness.js';

const near = (a, b) => Math.abs(a - b) < 0.001;
const phases = ['blocked', 'looking_up', 'connecting', 'tls_handshaking', 'sending', 'waiting', 'receiving', 'duration'];

test('every member of an answered target', async () => {
	const run = await concurrent({ it: ['POST', BASE + '/echo?q=1', 'body', { headers: { 'X-A': '1' }, cookies: { c: 'd' } }] },
		{ responseType: 'text' });
	const r = run.results[0];
	same([r.index, r.key, r.name, r.url], [0, 'it', 'it', BASE + '/echo?q=1']);
	same([r.state, r.ok, r.status, r.status_text, r.proto], ['done', true, 200, '200 OK', 'HTTP/1.1']);
	same([r.error, r.error_code, r.reused, r.attempts, r.redirects], ['', 0, false, 1, []]);
	same([r.remote_ip, r.remote_port], ['127.0.0.1', Number(BASE.split(':')[2])]);
	same([r.tls_version, r.tls_cipher_suite], ['', '']);
	same(r.headers['Content-Type'], 'application/json');
	same(r.bytes, r.body.length);
	same([r.json('method'), r.json('headers.X-A'), r.json('nothing'), r.json().body], ['POST', '1', undefined, 'body']);
	same([r.request.method, r.request.url, r.request.body], ['POST', BASE + '/echo?q=1', 'body']);
	same(r.request.headers['X-A'], ['1']);
	same(r.request.cookies.c[0].value, 'd');
});
test('the same values as a response of k6/http', async () => {
	const path = BASE + '/cookie/a/b';
	const mine = (await sequential([path], { responseType: 'text' })).results[0], theirs = http.get(path, { jar: null });
	for (const key of ['url', 'status', 'status_text', 'proto', 'remote_ip', 'remote_port', 'tls_version', 'tls_cipher_suite',
		'error', 'error_code', 'ocsp']) {
		same(mine[key], theirs[key], key);
	}
	same(Object.keys(mine.headers).sort(), Object.keys(theirs.headers).sort());
	const cookie = (r) => { const c = r.cookies.a[0]; return [c.name, c.value, c.path, c.http_only, c.max_age, c.secure, c.domain]; };
	same(cookie(mine), cookie(theirs));
	same([mine.request.method, mine.request.url, mine.request.body], [theirs.request.method, theirs.request.url, theirs.request.body]);
	http.cookieJar().clear(BASE);
});
test('every member of a target that was refused', async () => {
	const r = (await concurrent(['http://127.0.0.1:1/x'], { responseType: 'text' })).results[0];
	same([r.state, r.ok, r.status, r.status_text, r.proto], ['failed', false, 0, '', '']);
	same([r.error, r.error_code], ['dial: connection refused', 1212]);
	same([r.url, r.headers, r.cookies, r.body, r.bytes, r.redirects], ['http://127.0.0.1:1/x', {}, {}, null, 0, []]);
	const theirs = http.get('http://127.0.0.1:1/x');
	same([r.error, r.error_code, r.status_text, r.proto, r.remote_ip], [theirs.error, theirs.error_code, theirs.status_text, theirs.proto, theirs.remote_ip]);
	ok(thrown(() => r.json()).message.includes('connection refused'), 'json');
	same([r.timings.sending, r.timings.waiting, r.timings.receiving, r.timings.duration], [0, 0, 0, 0]);
});
test('a status of 400 and more has a code and no text', async () => {
	const r = (await concurrent([BASE + '/status/404'])).results[0];
	same([r.error, r.error_code, r.status, r.status_text, r.state], ['', 1404, 404, '404 Not Found', 'failed']);
});
test('redirects are told hop by hop', async () => {
	const run = await concurrent([BASE + '/redirect/2']);
	const r = run.results[0];
	same(r.redirects.map((h) => [h.url, h.status]), [[BASE + '/redirect/2', 302], [BASE + '/redirect/1', 302]]);
	same([r.url, r.status, r.attempts, run.requests, r.request.url], [BASE + '/echo', 200, 1, 3, BASE + '/redirect/2']);
	for (const hop of r.redirects) {
		same(Object.keys(hop.timings), phases);
		ok(hop.timings.duration > 0, 'duration');
		same(hop.timings.queued, undefined);
	}
	ok(r.timings.elapsed >= r.timings.duration + r.redirects[0].timings.duration + r.redirects[1].timings.duration, 'elapsed');
	http.cookieJar().clear(BASE);
});
test('a redirect that is not followed is the answer, not a hop', async () => {
	const r = (await concurrent([BASE + '/redirect/2'], { redirects: 1 })).results[0];
	same([r.status, r.url, r.redirects.length], [302, BASE + '/redirect/1', 1]);
	http.cookieJar().clear(BASE);
});
test('the timings of a result hang together', async () => {
	const run = await concurrent(times(6, () => BASE + '/delay/30'), { concurrency: 2 });
	for (const r of run.results) {
		const t = r.timings;
		same(Object.keys(t), ['queued', 'elapsed'].concat(phases));
		ok(near(t.duration, t.sending + t.waiting + t.receiving), 'duration');
		ok(near(r.started, t.queued) && near(r.ended - r.started, t.elapsed), 'started, ended');
		ok(t.waiting >= 29 && t.elapsed >= t.duration && r.ended <= run.elapsed + 0.001, 'waiting ' + t.waiting);
	}
	ok(Math.max(...run.results.slice(0, 2).map((r) => r.started)) < run.results[4].started, 'the first two wait for nobody');
	ok(run.results.slice(4).every((r) => r.timings.queued >= 58), 'the last two wait for four');
	ok(near(run.total, run.results.reduce((sum, r) => sum + r.timings.elapsed, 0)), 'total');
	ok(near(run.speedup, run.total / run.elapsed) && run.speedup > 1.2, 'speedup ' + run.speedup);
	same([run.peak, run.concurrency, run.mode], [2, 2, 'concurrent']);
});
test('a second request reuses the connection, and neither connects nor looks up', async () => {
	const run = await sequential([BASE + '/status/200', BASE + '/status/200'], { connections: 'new' });
	same(run.results.map((r) => r.reused), [false, true]);
	ok(run.results[0].timings.connecting > 0, 'connecting');
	same([run.results[1].timings.connecting, run.results[1].timings.looking_up], [0, 0]);
});
test('bytes are counted as they came, and bodies shown decoded', async () => {
	const r = (await concurrent([BASE + '/gzip'], { responseType: 'text' })).results[0];
	same(r.body.length, 1000000);
	ok(r.bytes < 10000, r.bytes);
});
test('a body that is no JSON', async () => {
	const r = (await concurrent([BASE + '/bytes/3'], { responseType: 'text' })).results[0];
	ok(thrown(() => r.json()).message.includes('JSON'), 'json');
	same(r.json('a'), undefined);
});
test('results can be written to, listed, copied and made JSON', async () => {
	const run = await concurrent([BASE + '/status/200']);
	const r = run.results[0];
	const copy = JSON.parse(JSON.stringify(r));
	same([copy.url, copy.status, copy.timings.elapsed], [r.url, 200, r.timings.elapsed]);
	ok(Object.keys(r).includes('timings') && 'status' in r && !('nothing' in r), 'keys');
	ok(run.results.map((x) => x.status).concat(run.results.filter((x) => x.ok)).length === 2, 'an array');
	ok(Array.isArray(run.results), 'isArray');
	let n = 0;
	for (const x of run.results) n += x.status;
	same(n, 200);
});
test('binary bodies stay the same object', async () => {
	const r = (await concurrent([BASE + '/bytes/3'], { responseType: 'binary' })).results[0];
	ok(r.body === r.body, 'same ArrayBuffer');
});
test('checks of k6 take a result', async () => {
	const r = (await concurrent([BASE + '/status/200'])).results[0];
	ok(check(r, { 'status is 200': (x) => x.status === 200 }), 'check');
});
