// compare() of ways that the script has named.

import { Client, compare, concurrent, print, report } from 'k6/x/fetch';
import { BASE, BASE2, hits, ok, rejection, same, test, times } from './harness.js';

export { passing as options, run as default } from './harness.js';

const waysOf = (...names) => names.map((name) => ({ name }));
const rejects = async (promise, starts, includes) => {
	const e = await rejection(promise);
	ok(e instanceof TypeError && e.message.startsWith(starts) && e.message.includes(includes), String(e.message));
};

test('each way has a run, called by its name, in the order of the ways', async () => {
	const c = await compare(times(4, () => BASE + '/delay/50'), [
		{ name: 'one', concurrency: 1 }, { name: 'two', concurrency: 2 }, { name: 'four', concurrency: 4 },
	], { warmup: false });
	same(Object.keys(c.ways), ['one', 'two', 'four']);
	same(Object.values(c.ways).map((run) => [run.mode, run.concurrency, run.peak, run.ok]),
		[['one', 1, 1, 4], ['two', 2, 2, 4], ['four', 4, 4, 4]]);
	same([c.fastest, c.sequential, c.concurrent], ['four', undefined, undefined]);
	ok(Math.abs(c.speedup - c.ways.one.elapsed / c.ways.four.elapsed) < 0.001 && c.speedup > 1.5, 'speedup ' + c.speedup);
	same(c.rounds.map((r) => [r.order, Object.keys(r.ways)]), [[['one', 'two', 'four'], ['one', 'two', 'four']]]);
	ok(/^one, 1 at once\n[^]*\n\ntwo, 2 at once\n[^]*\n\nfour, 4 at once\n[^]*\n\nfour was /.test(c.text()), c.text());
});
test('every way is warmed up by its own options, and every round begins with another', async () => {
	const c = await compare([BASE + '/status/201'], waysOf('a', 'b', 'c'), { rounds: 4 });
	same(hits('/status/201'), 3 + 4 * 3);
	same(c.rounds.map((r) => r.order.join('')), ['abc', 'bca', 'cab', 'abc']);
});
test('of two ways, both runs are of the round in the middle by speed-up', async () => {
	const c = await compare([BASE + '/delay/2'], waysOf('a', 'b'), { rounds: 5, warmup: false });
	const ups = c.rounds.map((r) => r.ways.a.elapsed / r.ways.b.elapsed).sort((x, y) => x - y);
	ok(Math.abs(c.speedup - ups[2]) < 1e-9, 'median');
	ok(c.rounds.some((r) => r.ways.a.elapsed === c.ways.a.elapsed && r.ways.b.elapsed === c.ways.b.elapsed), 'one round');
});
test('of more ways, each run is the one in the middle of its own', async () => {
	const c = await compare([BASE + '/delay/2'], waysOf('a', 'b', 'c'), { rounds: 3, warmup: false });
	for (const name of ['a', 'b', 'c']) {
		const elapsed = c.rounds.map((r) => r.ways[name].elapsed).sort((x, y) => x - y);
		same(c.ways[name].elapsed, elapsed[1], name);
	}
	same(c.ways[c.fastest].elapsed, Math.min(...Object.values(c.ways).map((run) => run.elapsed)));
});
test('a way has the options of the call, and its own over them', async () => {
	const c = await compare([{ url: BASE + '/echo', params: { headers: { C: 'target' } } }], [
		{ name: 'plain' }, { name: 'own', headers: { B: 'way', C: 'way' }, tags: { of: 'way' }, timeout: '5s', responseType: 'binary' },
	], { headers: { A: 'call', B: 'call', C: 'call' }, responseType: 'text' });
	ok(typeof c.ways.plain.results[0].body === 'string' && c.ways.own.results[0].body instanceof ArrayBuffer, 'bodies');
	const echoed = (text) => { const e = JSON.parse(text); return ['A', 'B', 'C'].map((name) => e.headers[name]); };
	same(echoed(c.ways.plain.results[0].body), ['call', 'call', 'target']);
	same(echoed(String.fromCharCode(...new Uint8Array(c.ways.own.results[0].body))), ['call', 'way', 'target']);
});
test('a way has a baseURL: the same paths of two servers', async () => {
	const c = await compare(['/echo', 'status/204'], [{ name: 'production', baseURL: BASE + '/' }, { name: 'staging', baseURL: BASE2 + '/' }]);
	same(c.ways.production.results.map((r) => r.url), [BASE + '/echo', BASE + '/status/204']);
	same(c.ways.staging.results.map((r) => r.url), [BASE2 + '/echo', BASE2 + '/status/204']);
});
test('ways of a Client have its options and connections', async () => {
	const client = new Client({ baseURL: BASE, rounds: 2, warmup: false });
	const c = await client.compare(['/echo'], waysOf('a', 'b'));
	same([c.rounds.length, c.ways.a.ok, c.ways.b.ok], [2, 1, 1]);
	const conn = (run) => run.results[0].headers['X-Conn'];
	same(conn(c.ways.a), conn(c.ways.b), 'connection');
});
test('a way of new connections has its own', async () => {
	const c = await compare([BASE + '/echo'], [{ name: 'kept' }, { name: 'new', connections: 'new' }]);
	ok(c.ways.kept.results[0].headers['X-Conn'] !== c.ways.new.results[0].headers['X-Conn'], 'shared');
});
test('targets that can be gone through once are read once', async () => {
	function* urls() { for (let i = 0; i < 3; i++) yield BASE + '/echo?' + i; }
	for (const [what, make] of [
		['generator', urls], ['Set', () => new Set([...urls()])], ['iterator', () => [...urls()].values()],
		['Map', () => new Map([...urls()].map((url, i) => ['key' + i, url]))], ['object', () => ({ x: BASE + '/echo', y: BASE + '/echo', z: BASE + '/echo' })],
	]) {
		const c = await compare(make(), waysOf('a', 'b'));
		same([c.ways.a.ok, c.ways.b.ok], [3, 3], what);
	}
});
test('keys of targets are those of every way', async () => {
	const c = await compare({ x: BASE + '/echo', y: BASE + '/status/204' }, waysOf('a', 'b'));
	same([c.ways.a.get('y').status, c.ways.b.get('x').status], [204, 200]);
});
test('names of targets are those of the call', async () => {
	const c = await compare([BASE + '/echo'], waysOf('a', 'b'), { name: 'pages' });
	same([c.ways.a.results[0].name, c.ways.b.results[0].name], ['pages', 'pages']);
});
test('names may be those of other properties, and numbers', async () => {
	const c = await compare([BASE + '/echo'], waysOf('__proto__', 'speedup', '7'));
	same([Object.keys(c.ways).sort(), c.ways.speedup.ok, c.ways['7'].ok], [['7', '__proto__', 'speedup'], 1, 1]);
	ok(typeof c.speedup === 'number', 'speedup');
});
test('ways called as modes are ways', async () => {
	const c = await compare([BASE + '/echo'], [{ name: 'sequential', concurrency: 1 }, { name: 'concurrent' }]);
	same([c.ways.sequential.concurrency, c.sequential, c.fastest === 'sequential' || c.fastest === 'concurrent'], [1, undefined, true]);
	ok(c.text().includes('sequential, one at a time'), c.text());
});
test('a way called sequential is not one at a time', async () => {
	const c = await compare(times(3, () => BASE + '/echo'), waysOf('sequential', 'concurrent'));
	ok(/^sequential, \d at once\n/.test(c.text()) && !c.report('html').includes('One at a time, and together'), c.text());
});
test('onResult gets the measured results of all ways', async () => {
	let n = 0;
	await compare([BASE + '/echo', BASE + '/echo'], waysOf('a', 'b', 'c'), { rounds: 2, onResult: () => { n++; } });
	same(n, 12);
});
test('budgets are those of the call and of the way', async () => {
	const c = await compare([BASE + '/echo'], [{ name: 'strict', budget: { status: 404 } }, { name: 'lax' }], { budget: { requests: 5 } });
	same([c.ways.strict.overBudget, c.ways.lax.overBudget, c.ways.lax.budget.length], [1, 0, 1]);
});
test('with throw, the error has the comparison', async () => {
	const e = await rejection(compare([BASE + '/status/500'], waysOf('a', 'b'), { throw: 'failed', warmup: false }));
	ok(e.message.includes('1 of 1 targets failed'), e.message);
	same([e.run.ways.a.failed, e.run.ways.b.failed], [1, 1]);
});
test('a throw of one way alone rejects, too', async () => {
	const e = await rejection(compare([BASE + '/status/500'], [{ name: 'a' }, { name: 'b', throw: 'failed' }]));
	same(e.run.ways.b.failed, 1);
});
test('what a way did not fetch makes nobody faster', async () => {
	const c = await compare(['/echo'], [{ name: 'here', baseURL: BASE }, { name: 'gone', baseURL: 'http://127.0.0.1:1' }]);
	same(c.fastest, null);
	ok(c.text().replace(/\s+/g, ' ').includes('none is called faster, because they did not fetch the same URLs: here 1 of 1, gone 0 of 1'), c.text());
});
test('where nothing was fetched, nothing was fastest', async () => {
	const failing = await compare([BASE + '/status/500'], waysOf('a', 'b'));
	const empty = await compare([], waysOf('a', 'b'));
	same([failing.fastest, empty.fastest], [null, null]);
});
test('reports are about all ways', async () => {
	const c = await compare([BASE + '/echo', BASE + '/delay/5'], waysOf('a', 'b', 'c'));
	const json = JSON.parse(c.report('json'));
	same(json.comparison.ways.map((w) => [w.mode, w.count]), [['a', 2], ['b', 2], ['c', 2]]);
	same(json.modes.map((m) => m.mode), ['a', 'b', 'c']);
	ok(c.report('html').includes('Compared: a, b, c'), 'html');
	ok(JSON.parse(report('json')).comparison.ways.length === 3, 'of the test');
	print(c);
});
test('nothing to fetch is no error', async () => {
	const c = await compare([], waysOf('a', 'b'));
	same([c.ways.a.count, c.ways.b.count, c.rounds.length], [0, 0, 1]);
	ok(!c.text().includes('fast'), c.text());
});

const two = waysOf('a', 'b');
for (const [sentence, ways, starts, includes] of [
	['no ways are misuse', [], 'compare ways', 'must be an array of 2 to 8 ways; its length is 0'],
	['one way is misuse', [{ name: 'a' }], 'compare ways', 'must be an array of 2 to 8 ways; its length is 1'],
	['nine ways are misuse', waysOf(...'abcdefghi'), 'compare ways', '8'],
	['a way without a name is misuse', [{ name: 'a' }, { httpVersion: '2' }], 'compare ways[1].name', 'must be a string'],
	['an empty name is misuse', [{ name: '' }, { name: 'b' }], 'compare ways[0].name', 'must be a string of 1 to 60 bytes; got ""'],
	['a long name is misuse', [{ name: 'x'.repeat(61) }, { name: 'b' }], 'compare ways[0].name', '1 to 60 bytes'],
	['a number as name is misuse', [{ name: 1 }, { name: 'b' }], 'compare ways[0].name', 'got 1'],
	['half a character is no name', [{ name: '\ud800' }, { name: 'b' }], 'compare ways[0].name', 'must be a string'],
	['two ways of one name are misuse', waysOf('a', 'b', 'a'), 'compare ways[2].name', 'must differ from that of [0]; got "a"'],
	['an object of ways is misuse', { a: { httpVersion: '2' }, b: {} }, 'compare options.a', 'is not an option; ways are an array of objects with names'],
	['a string is no way', ['h1', 'h2'], 'compare ways[0]', 'must be a way: an object of its name and its options; got "h1"'],
	['null is no way', [null, { name: 'b' }], 'compare ways[0]', 'got null'],
	['a hole is no way', [, { name: 'b' }], 'compare ways[0]', 'got undefined'],
	['a misspelt option is misuse', [{ name: 'a', httpVersoin: '2' }, { name: 'b' }], 'compare ways[0].httpVersoin', 'is not an option of a way (did you mean httpVersion?); allowed: altSvc, auth'],
	['rounds are of the call', [{ name: 'a', rounds: 2 }, { name: 'b' }], 'compare ways[0].rounds', 'is not an option of a way'],
	['warmup is of the call', [{ name: 'a', warmup: true }, { name: 'b' }], 'compare ways[0].warmup', 'is not an option of a way'],
	['onResult is of the call', [{ name: 'a', onResult() {} }, { name: 'b' }], 'compare ways[0].onResult', 'is not an option of a way'],
	['a wrong value is misuse', [{ name: 'a' }, { name: 'b', concurrency: 0 }], 'compare ways[1].concurrency', 'got 0'],
	['a relative baseURL is misuse', [{ name: 'a' }, { name: 'b', baseURL: '/x' }], 'compare ways[1].baseURL', 'an absolute URL'],
]) {
	test(sentence, async () => {
		const before = hits('/status/202');
		await rejects(compare([BASE + '/status/202'], ways), starts, includes);
		same(hits('/status/202'), before, 'requests');
	});
}
test('options of the call are checked with ways, too', async () => {
	await rejects(compare([], two, { rounds: 0 }), 'compare options.rounds', 'got 0');
	await rejects(compare([], two, 7), 'compare options', 'must be an object of options');
	await rejects(compare([7], two), 'compare targets[0]', 'got 7');
});
test('only compare has ways', async () => {
	await rejects(concurrent([BASE + '/echo'], two), 'concurrent options', 'must be an object of options; got an array');
});
test('secrets in a name are masked', async () => {
	const c = await compare([BASE + '/echo'], [{ name: 'https://me:s3cret@a.example/' }, { name: 'b' }]);
	same(Object.keys(c.ways), ['https://****:****@a.example/', 'b']);
});
