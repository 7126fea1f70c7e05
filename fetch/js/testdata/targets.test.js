// Targets take every form that http.batch takes, and more.

import { SharedArray } from 'k6/data';
import http from 'k6/http';
import fetch, { compare, concurrent, sequential, stream } from 'k6/x/fetch';
import * as module from 'k6/x/fetch';
import { BASE, drain, ok, rejection, same, test, thrown, times } from './harness.js';

export { passing as options, run as default } from './harness.js';

const shared = new SharedArray('urls', () => ['a', 'b'].map((p) => __ENV.BASE + '/echo?' + p));
async function echo(targets, options) {
	const run = await concurrent(targets, Object.assign({ responseType: 'text' }, options));
	const all = run.results.map((r) => { ok(r.ok, r.error || r.status); return r.json(); });
	return all.length === 1 ? all[0] : all;
}

test('an array of URLs', async () => {
	same((await echo([BASE + '/echo?1', BASE + '/echo?2'])).map((e) => e.query), ['1', '2']);
});
test('a SharedArray of URLs', async () => {
	same((await echo(shared)).map((e) => e.query), ['a', 'b']);
});
test('http.url templates, whose pattern is the name', async () => {
	const run = await concurrent([http.url`${BASE}/echo?id=${7}`]);
	same(run.results[0].url, BASE + '/echo?id=7');
	same(run.results[0].name, '${}/echo?id=${}');
});
test('an http.url template within an array and an object', async () => {
	const run = await concurrent([['GET', http.url`${BASE}/echo?id=${1}`], { url: http.url`${BASE}/echo?id=${2}` }]);
	same(run.results.map((r) => r.name), ['${}/echo?id=${}', '${}/echo?id=${}']);
	same(run.results.map((r) => r.url), [BASE + '/echo?id=1', BASE + '/echo?id=2']);
});
test('a name given by hand beats the template', async () => {
	const run = await concurrent([{ url: http.url`${BASE}/echo?id=${2}`, params: { name: 'by hand' } }]);
	same(run.results[0].name, 'by hand');
});
test('[method, url]', async () => {
	same((await echo([['DELETE', BASE + '/echo']])).method, 'DELETE');
});
test('[method, url, body, params]', async () => {
	const e = await echo([['POST', BASE + '/echo', 'hello', { headers: { 'X-A': '1' } }]]);
	same([e.method, e.body, e.headers['X-A']], ['POST', 'hello', '1']);
});
test('a method in small letters', async () => {
	same((await echo([['post', BASE + '/echo', 'x']])).method, 'post');
	same((await echo([{ method: 'post', url: BASE + '/echo', body: 'x' }])).method, 'POST');
});
test('[method, url, null, null]', async () => {
	same((await echo([['GET', BASE + '/echo', null, null]])).method, 'GET');
});
test('{ url } asks with GET', async () => {
	same((await echo([{ url: BASE + '/echo' }])).method, 'GET');
});
test('{ method, url, body, params }', async () => {
	const e = await echo([{ method: 'PUT', url: BASE + '/echo', body: 'b', params: { headers: { 'X-A': 'p' } } }]);
	same([e.method, e.body, e.headers['X-A']], ['PUT', 'b', 'p']);
});
test('an object of targets, by name and in its order', async () => {
	const run = await concurrent({
		z: BASE + '/echo?z', a: ['GET', BASE + '/echo?a'], m: { url: BASE + '/echo?m' },
	});
	same(run.results.map((r) => [r.index, r.key, r.url]),
		[[0, 'z', BASE + '/echo?z'], [1, 'a', BASE + '/echo?a'], [2, 'm', BASE + '/echo?m']]);
	same(run.get('m').index, 2);
	same(run.get('nobody'), undefined);
	same(run.get(0), undefined);
});
test('a list has indexes for keys', async () => {
	const run = await concurrent([BASE + '/echo?0', BASE + '/echo?1']);
	same(run.results.map((r) => r.key), [0, 1]);
	same(run.get(1).url, BASE + '/echo?1');
	same(run.get(2), undefined);
});
test('an empty list is an empty run', async () => {
	for (const nothing of [[], {}]) {
		for (const verb of [sequential, concurrent]) {
			const run = await verb(nothing);
			same([run.count, run.ok, run.failed, run.notRun, run.peak, run.requests, run.bytes, run.results.length],
				[0, 0, 0, 0, 0, 0, 0, 0]);
			same([run.total, run.speedup, run.percentile(95), run.slowest(3), run.failures()], [0, 0, 0, [], []]);
			ok(run.text().includes('total'), run.text());
			same(run.toJSON().results, []);
		}
		const c = await compare(nothing);
		same([c.sequential.count, c.concurrent.count], [0, 0]);
		same((await stream(nothing).next()).done, true);
	}
});
test('what can be iterated is a list', async () => {
	const urls = ['a', 'b', 'c'].map((p) => BASE + '/echo?' + p);
	const own = { *[Symbol.iterator]() { yield* urls; } };
	for (const [what, make] of Object.entries({
		'a generator': () => (function* () { yield* urls; })(),
		'a Set': () => new Set(urls),
		'an iterator of an array': () => urls.values(),
		'an iterator of a Map': () => new Map(urls.map((u) => [u, u])).keys(),
		'an object with an iterator': () => own,
		'a proxy of an array': () => new Proxy(urls, {}),
		'arguments': () => (function () { return arguments; })(...urls),
		'an array of a class': () => { class Own extends Array {} return Own.from(urls); },
	})) {
		for (const verb of [sequential, concurrent]) {
			const run = await verb(make());
			same(run.results.map((r) => [r.index, r.key, r.url, r.ok]), urls.map((u, i) => [i, i, u, true]), what);
		}
		same((await compare(make())).concurrent.ok, 3, what);
		same((await drain(stream(make()))).length, 3, what);
	}
});
test('a generator may yield targets of any form, lazily', async () => {
	const order = [];
	function* pages() {
		order.push('begun');
		yield BASE + '/echo?1';
		yield ['PUT', BASE + '/echo?2'];
		yield { url: BASE + '/echo?3', params: { name: 'third' } };
		order.push('ended');
	}
	const run = await concurrent(pages(), { responseType: 'text' });
	same([run.results.map((r) => r.json().method), run.results[2].name, order], [['GET', 'PUT', 'GET'], 'third', ['begun', 'ended']]);
	const none = pages();
	none.return();
	same((await concurrent(none)).count, 0);
});
test('a generator is closed at the first target that is none', async () => {
	let closed = 0;
	function* pages() { try { yield BASE; yield 5; yield BASE; } finally { closed++; } }
	ok((await rejection(concurrent(pages()))).message.startsWith('concurrent targets[1] must be'), 'message');
	same(closed, 1);
});
test('what a generator throws rejects', async () => {
	function* pages() { yield BASE; throw new RangeError('mine'); }
	same(String(await rejection(concurrent(pages()))), 'RangeError: mine');
});
test('a Map is an object of targets by name', async () => {
	const map = new Map([['z', BASE + '/echo?z'], ['2', ['PUT', BASE + '/echo?2']], ['1', { url: BASE + '/echo?1' }], ['constructor', BASE + '/echo?c']]);
	const run = await concurrent(map, { responseType: 'text' });
	same(run.results.map((r) => [r.key, r.json().method]), [['z', 'GET'], ['2', 'PUT'], ['1', 'GET'], ['constructor', 'GET']]);
	same([run.get('2').index, run.get('constructor').index], [1, 3]);
	same((await concurrent(new Map())).count, 0);
});
test('the namespace of a module is an object of targets', async () => {
	const targets = (await rejection(concurrent(module))).message, options = (await rejection(concurrent([BASE], module))).message;
	ok(/^concurrent targets\.\w+ must be/.test(targets), targets);
	// The order of a namespace's names is another in each k6, and one of them is also the name of an option.
	ok(/^concurrent options\.(\w+ is not an option|expectedStatuses must be)/.test(options), options);
});
test('what is for await is refused by its name', async () => {
	Symbol.asyncIterator ??= Symbol('Symbol.asyncIterator');
	class Pages { async [Symbol.asyncIterator]() {} }
	ok((await rejection(concurrent(new Pages()))).message.endsWith('got an async iterable object'));
	ok((await rejection(concurrent([new Pages()]))) instanceof TypeError);
});
test('parts are those of what can be gone through again', () => {
	for (const of of [new Set([BASE]), new Map([['a', BASE]]), (function* () { yield BASE; })(), [BASE].values(), BASE]) {
		const e = thrown(() => fetch.chunks(of, 1));
		ok(e.message.startsWith('chunks targets must be an array of targets, an object of targets by name, or a list from a file; got '), e.message);
	}
});
test('a string body', async () => {
	const e = await echo([['POST', BASE + '/echo', 'grüße']]);
	same([e.body, e.headers['Content-Length'], e.headers['Content-Type']], ['grüße', '7', undefined]);
});
test('an ArrayBuffer body, as it was when the call was made', async () => {
	const buffer = new Uint8Array([104, 105]);
	const call = echo([['POST', BASE + '/echo', buffer.buffer]]);
	buffer[0] = 72;
	same((await call).body, 'hi');
});
test('an object body is a form', async () => {
	const e = await echo([['POST', BASE + '/echo', { b: 'x y', a: 1, list: ['p', 'q'], yes: true }]]);
	same(e.body, 'b=x+y&a=1&list=p&list=q&yes=true');
	same(e.headers['Content-Type'], 'application/x-www-form-urlencoded');
});
test('a form keeps a Content-Type of its own', async () => {
	const e = await echo([['POST', BASE + '/echo', { a: 1 }, { headers: { 'content-type': 'text/x' } }]]);
	same(e.headers['Content-Type'], 'text/x');
});
test('a form with a file is multipart', async () => {
	const e = await echo([['POST', BASE + '/echo', { f: http.file('data', 'a"b.txt', 'text/plain'), n: 5 }]]);
	ok(e.headers['Content-Type'].startsWith('multipart/form-data; boundary='), e.headers['Content-Type']);
	ok(e.body.includes('name="f"; filename="a%22b.txt"'), e.body);
	ok(e.body.includes('Content-Type: text/plain\r\n\r\ndata\r\n'), e.body);
	ok(e.body.includes('name="n"\r\n\r\n5\r\n'), e.body);
});
test('GET in an object sends no body, as with http.batch', async () => {
	same((await echo([{ method: 'GET', url: BASE + '/echo', body: 'x' }])).body, '');
});
test('500 targets keep their order', async () => {
	const run = await concurrent(times(500, (i) => BASE + '/status/200?' + i), { concurrency: 32, perHost: 0 });
	same(run.ok, 500);
	ok(run.results.every((r, i) => r.index === i && r.url.endsWith('?' + i)), 'order');
});
