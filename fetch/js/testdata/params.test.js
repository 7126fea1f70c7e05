// Each param does what it does in http.batch.

import http from 'k6/http';
import fetch, { Client, compare, concurrent, expectedStatuses, sequential, stream } from 'k6/x/fetch';
import { BASE, drain, ok, rejection, same, test, thrown } from './harness.js';

export { passing as options, run as default } from './harness.js';

async function one(url, params, options) {
	const run = await concurrent([{ url: url, params: params }], Object.assign({ responseType: 'text' }, options));
	return run.results[0];
}
async function echo(params, options) { return (await one(BASE + '/echo', params, options)).json(); }

test('headers are sent, and numbers become text', async () => {
	same((await echo({ headers: { 'X-Number': 5, 'x-small': 'a' } })).headers['X-Number'], '5');
});
test('the header Host replaces the host of the request', async () => {
	same((await echo({ headers: { Host: 'other.example' } })).host, 'other.example');
});
test('headers of options are for all, a target adds to and replaces them', async () => {
	const e = await echo({ headers: { 'X-B': 'target' } }, { headers: { 'X-A': 'all', 'X-B': 'all' } });
	same([e.headers['X-A'], e.headers['X-B']], ['all', 'target']);
});
test('the User-Agent is that of k6, until somebody says otherwise', async () => {
	ok((await echo({})).headers['User-Agent'].startsWith('Grafana k6/'), 'default');
	same((await echo({ headers: { 'user-agent': 'me' } })).headers['User-Agent'], 'me');
});
test('a Content-Length that does not fit is ignored', async () => {
	const run = await concurrent([['POST', BASE + '/echo', 'four', { headers: { 'Content-Length': '99' } }]],
		{ responseType: 'text' });
	same(run.results[0].json().body, 'four');
});
test('cookies are sent', async () => {
	same((await echo({ cookies: { a: '1', b: { value: '2' } } })).cookies, ['a=1', 'b=2']);
});
test('a cookie goes along with one of the jar of the same name, unless it replaces it', async () => {
	const jar = new http.CookieJar();
	jar.set(BASE, 'a', 'jar');
	same((await echo({ jar, cookies: { a: '1' } })).cookies, ['a=1', 'a=jar']);
	same((await echo({ jar, cookies: { a: { value: '1', replace: true } } })).cookies, ['a=1']);
});
test('cookies of options are for all, a target replaces one of the same name', async () => {
	same((await echo({ cookies: { a: 'target' } }, { cookies: { a: 'all', b: 'all' } })).cookies.sort(), ['a=target', 'b=all']);
});
test('a jar of the script takes and gives cookies, and the one of the VU has none of them', async () => {
	const jar = new http.CookieJar();
	await one(BASE + '/cookie/mine/1', { jar });
	same(jar.cookiesForURL(BASE), { mine: ['1'] });
	same((await echo({ jar })).cookies, ['mine=1']);
	same((await echo({})).cookies, []);
});
test('http.cookieJar() is a jar as any other', async () => {
	await one(BASE + '/cookie/vu/1', { jar: http.cookieJar() });
	same(http.cookieJar().cookiesForURL(BASE), { vu: ['1'] });
	http.cookieJar().clear(BASE);
});
test('the jar of the VU is the one to use by default, in both directions', async () => {
	http.get(BASE + '/cookie/from/http');
	await one(BASE + '/cookie/by/fetch');
	same((await echo({})).cookies.sort(), ['by=fetch', 'from=http']);
	same(JSON.parse(http.get(BASE + '/echo').body).cookies.sort(), ['by=fetch', 'from=http']);
});
test('jar: null means no jar', async () => {
	same((await echo({ jar: null })).cookies, []);
	http.cookieJar().clear(BASE);
});
test('a timeout ends a request with code 1050', async () => {
	for (const timeout of ['100ms', 100]) {
		const r = await one(BASE + '/hang', { timeout });
		same([r.state, r.error_code, r.error, r.status], ['failed', 1050, 'request timeout', 0]);
		ok(r.timings.elapsed >= 95, 'elapsed ' + r.timings.elapsed);
	}
});
test('redirects are followed up to that many', async () => {
	same([(await one(BASE + '/redirect/3', { redirects: 3 })).status, (await one(BASE + '/redirect/3', { redirects: 2 })).status,
		(await one(BASE + '/redirect/3', { redirects: 0 })).status], [200, 302, 302]);
});
test('responseType text, binary and none', async () => {
	same((await one(BASE + '/bytes/3', { responseType: 'text' })).body, 'xxx');
	const binary = (await one(BASE + '/bytes/3', { responseType: 'binary' })).body;
	ok(binary instanceof ArrayBuffer, 'ArrayBuffer');
	same(Array.from(new Uint8Array(binary)), [120, 120, 120]);
	const none = await one(BASE + '/bytes/3', { responseType: 'none' });
	same([none.bytes, 'body' in none, Object.keys(none).includes('body')], [3, true, false]);
	for (const use of [(r) => r.body, (r) => r.json(), (r) => r.html()]) {
		const e = thrown(() => use(none));
		ok(e instanceof TypeError && e.message.includes('responseType'), e.message);
	}
	same(JSON.parse(JSON.stringify(none)).bytes, 3);
});
test('html() parses the body, as k6 does', async () => {
	const r = (await concurrent([['POST', BASE + '/echo', '<p class=a>one</p><p>two</p>']], { responseType: 'text' })).results[0];
	same([r.html().find('body').size(), r.html('body').text().includes('one')], [1, true]);
});
test('results cannot be changed', async () => {
	const r = await one(BASE + '/bytes/3');
	for (const change of [() => { r.status = 1; }, () => { r.mine = 1; }]) {
		const e = thrown(change);
		ok(e instanceof TypeError && e.message.includes('cannot be changed'), e.message);
	}
});
test('functions say their names, and Client is a class', () => {
	same([concurrent.name, stream.name, Client.name], ['concurrent', 'stream', 'Client']);
	ok(thrown(() => fetch.Client({})).message.includes('new'), 'without new');
});
test('compression sends the body compressed, in order', async () => {
	const run = await concurrent([['POST', BASE + '/echo', 'a'.repeat(500), { compression: 'gzip' }]], { responseType: 'text' });
	const e = run.results[0].json();
	same(e.headers['Content-Encoding'], 'gzip');
	ok(Number(e.headers['Content-Length']) < 100, e.headers['Content-Length']);
});
test('every coding of compression, and several', async () => {
	for (const compression of ['deflate', 'br', 'zstd', 'gzip, br']) {
		const run = await concurrent([['POST', BASE + '/echo', 'a', { compression }]], { responseType: 'text' });
		same(run.results[0].json().headers['Content-Encoding'], compression);
	}
});
test('auth basic takes the credentials of the URL', async () => {
	const url = BASE.replace('://', '://me:s3cr%2Ft@') + '/basic';
	same((await one(url, {})).status, 200);
	same((await one(url, { auth: 'basic' })).status, 200);
	same((await one(BASE + '/basic', {})).status, 401);
});
test('auth digest answers the challenge', async () => {
	const run = await concurrent([{ url: BASE.replace('://', '://me:s3cr%2Ft@') + '/digest', params: { auth: 'digest' } }]);
	same([run.results[0].status, run.results[0].ok, run.requests], [200, true, 2]);
});
test('auth digest with a wrong password fails', async () => {
	const r = await one(BASE.replace('://', '://me:wrong@') + '/digest', { auth: 'digest' });
	same([r.status, r.ok], [403, false]);
});
test('auth digest without credentials is one failed result', async () => {
	const r = await one(BASE + '/digest', { auth: 'digest' });
	same(r.ok, false);
});
test('name is what results and reports call the target', async () => {
	const run = await concurrent([{ url: BASE + '/echo?9', params: { name: 'nine' } }]);
	same([run.results[0].name, run.results[0].url], ['nine', BASE + '/echo?9']);
	ok(run.text().includes('nine') && !run.text().includes('?9'), run.text());
});
test('tags.name is a name as well', async () => {
	same((await one(BASE + '/echo', { tags: { name: 'tagged' } })).name, 'tagged');
});
test('expectedStatuses: a number, a range, a list, and what expectedStatuses() makes', async () => {
	const okWith = async (code, expected) => (await one(BASE + '/status/' + code, { expectedStatuses: expected })).ok;
	same(await okWith(404, 404), true);
	same(await okWith(200, 404), false);
	same(await okWith(404, { min: 400, max: 499 }), true);
	same(await okWith(404, [200, { min: 400, max: 499 }]), true);
	same(await okWith(500, [200, { min: 400, max: 499 }]), false);
	same(await okWith(404, expectedStatuses(200, { min: 404, max: 404 })), true);
	same(await okWith(403, expectedStatuses(200, { min: 404, max: 404 })), false);
});
test('responseCallback: what http.expectedStatuses() makes, and null', async () => {
	const r = await one(BASE + '/status/404', { responseCallback: http.expectedStatuses(404, { min: 500, max: 501 }) });
	same([r.ok, r.state], [true, 'done']);
	same((await one(BASE + '/status/500', { responseCallback: http.expectedStatuses(404, { min: 500, max: 501 }) })).ok, true);
	same((await one(BASE + '/status/502', { responseCallback: http.expectedStatuses(404, { min: 500, max: 501 }) })).ok, false);
	same((await one(BASE + '/status/500', { responseCallback: null })).ok, true);
	same((await one(BASE + '/status/404', { responseCallback: expectedStatuses(404) })).ok, true);
});
test('throw of one target rejects at the end, with the run', async () => {
	const e = await rejection(concurrent([
		BASE + '/status/500', { url: BASE + '/status/404', params: { throw: 'failed' } }, BASE + '/echo',
	]));
	ok(e instanceof Error && e.message.includes('targets[1]') && e.message.includes('404'), e.message);
	same([e.run.count, e.run.ok, e.run.failed, e.run.results[2].status], [3, 1, 2, 200]);
});
const dead = 'http://127.0.0.1:1/', missing = BASE + '/status/404';
test('throw: true as option, and a target that opts out', async () => {
	const e = await rejection(sequential([missing, dead], { throw: true }));
	same([e.run.failed, e.run.results[1].error_code], [2, 1212]);
	ok(e.message.startsWith('2 of 2 targets failed; targets[1] (' + dead + '): dial: connection refused'), e.message);
	const run = await sequential([{ url: dead, params: { throw: false } }], { throw: true });
	same(run.failed, 1);
	same((await sequential([BASE + '/echo'], { throw: true })).ok, 1);
});
test('throw: true is k6\'s: only what has no answer rejects', async () => {
	for (const url of [missing, dead, 'http://[::1/', 'ftp://127.0.0.1/', BASE + '/drop']) {
		let theirs = false, ours = false;
		try { http.request('GET', url, null, { throw: true }); } catch { theirs = true; }
		try { await concurrent([['GET', url, null, { throw: true }]]); } catch { ours = true; }
		same(ours, theirs || url.includes('['), url); // a URL that cannot be parsed heeds k6's option alone
	}
});
test('throw: true of params, of a Client and of a call with onResult accept a 404', async () => {
	same((await concurrent([['GET', missing, null, { throw: true }]])).failed, 1);
	same((await new Client({ throw: true }).concurrent([missing])).failed, 1);
	same((await concurrent([missing], { throw: true, onResult: () => {} })).failed, 1);
	same((await compare([missing], { throw: true, warmup: false })).concurrent.failed, 1);
});
test('throw: \'failed\' rejects on any failure, wherever it is said', async () => {
	for (const call of [
		() => concurrent([missing], { throw: 'failed' }), () => sequential([['GET', missing, null, { throw: 'failed' }]]),
		() => new Client({ throw: 'failed' }).concurrent([missing]), () => compare([missing], { throw: 'failed', warmup: false }),
		() => concurrent([missing], { throw: 'failed', onResult: () => {} }), () => concurrent([dead], { throw: 'failed' }),
	]) ok((await rejection(call())).message.includes('targets[0]'), String(call));
	same((await concurrent([['GET', missing, null, { throw: true }]], { throw: 'failed' })).failed, 1);
});
test('a stream rejects nothing', async () => {
	for (const how of [true, 'failed']) same((await drain(stream([missing, dead], { throw: how }))).length, 2);
});
test('throw rejects a comparison with the comparison', async () => {
	const e = await rejection(compare([dead], { throw: true }));
	same([e.run.sequential.failed, e.run.concurrent.failed], [1, 1]);
});
test('an unparseable URL is one failed result, its siblings run', async () => {
	const run = await concurrent([BASE + '/echo?1', 'http://[::1/', BASE + '/echo?2', '', '/relative', 'ftp://x/', 'http://']);
	same(run.results.map((r) => r.ok), [true, false, true, false, false, false, false]);
	same(run.results[1].error_code, 1020);
	ok(run.results.every((r) => r.ok || r.error !== ''), 'errors');
});
