//nolint:dupword // JavaScript
package js_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Each of these scripts spoils what the runtime is made of, and then uses every way in which Go hands values over. On
// the event loop there is no frame of JavaScript below it that would catch what it throws.
func TestSpoiledGlobals(t *testing.T) {
	t.Parallel()
	const everything = `
	const plain = await concurrent({ a: BASE + '/redirect/1', b: BASE + '/status/404' }, {
		budget: { elapsed: '1m', run_elapsed: '1m' }, name: (t) => 'n' + t.index, onResult: (r) => r.budget, responseType: 'text',
	});
	const c = await compare([BASE + '/status/200'], { rounds: 2 });
	const s = stream([BASE + '/status/200', BASE + '/status/404'], { onResult: (r) => r.url });
	const streamed = [await s.next(), await s.next(), await s.next()];
	const e = await rejection(concurrent([BASE + '/status/404'], { throw: 'failed' }));
	const e2 = await rejection(compare([BASE + '/status/404'], { throw: 'failed' }));
	const e3 = await rejection(module.sitemap(BASE + '/status/404'));
	const e4 = await rejection(concurrent([5]));
	const json = plain.toJSON(), hop = plain.results[0].redirects[0];
	http.cookieJar().clear(BASE);
	restore();
	same([plain.ok, plain.get('a').name, plain.budget.length, plain.text().length > 0], [1, 'n0', 1, true]);
	same([hop.status, hop.url], [302, BASE + '/redirect/1']);
	same([c.rounds.length, c.rounds[1].order[0], c.concurrent.ok], [2, 'concurrent', 1]);
	same([streamed.map((x) => x.done), streamed[2].value], [[false, false, true], undefined]);
	same([json.count, json.results[1].status, json.results[0].redirects[0].status, json.results[0].key], [2, 404, 302, 'a']);
	ok(Object.keys(plain).includes('results') && Object.keys(json).includes('results'), 'enumerable');
	ok(e instanceof Error && String(e).startsWith('Error: 1 of 1 targets failed') && e.run.failed === 1, 'run: ' + e);
	ok(e2 instanceof Error && e2.run.concurrent.failed === 1, 'comparison: ' + e2);
	ok(e3 instanceof Error && String(e3).startsWith('Error: sitemap(): '), 'sitemap: ' + e3);
	ok(e4 instanceof TypeError && e4.message.includes('targets[0]'), 'misuse: ' + e4);
	`
	for name, spoil := range map[string]string{
		"Error is gone": `const was = globalThis.Error; globalThis.Error = undefined;
			restore = () => { globalThis.Error = was; };`,
		"Error and TypeError are functions that throw": `const was = [Error, TypeError];
			globalThis.Error = globalThis.TypeError = function () { throw 'spoiled'; };
			restore = () => { [globalThis.Error, globalThis.TypeError] = was; };`,
		"JSON.parse throws": `const was = JSON.parse; JSON.parse = () => { throw 'spoiled'; };
			restore = () => { JSON.parse = was; };`,
		"JSON is gone":    `const was = JSON; globalThis.JSON = undefined; restore = () => { globalThis.JSON = was; };`,
		"JSON.parse lies": `const was = JSON.parse; JSON.parse = () => 5; restore = () => { JSON.parse = was; };`,
		"setters of Object.prototype throw": `
			const names = ['run', 'url', 'method', 'index', 'mode', 'results', 'budget', 'check', 'ok', 'status', 'order', 'rounds',
				'sequential', 'concurrent', 'elapsed', 'count', 'name', 'get', 'toJSON', 'next', 'close', 'a', 'responseType'];
			for (const n of names) Object.defineProperty(Object.prototype, n, { configurable: true, set() { throw 'spoiled'; } });
			restore = () => names.forEach((n) => delete Object.prototype[n]);`,
		"properties of Object.prototype are read-only": `
			const names = ['run', 'url', 'method', 'mode', 'results', 'check', 'status', 'order', 'rounds', 'count', 'next', 'a'];
			for (const n of names) Object.defineProperty(Object.prototype, n, { configurable: true, writable: false, value: 'spoiled' });
			restore = () => names.forEach((n) => delete Object.prototype[n]);`,
		"setters of Array.prototype throw": `
			for (const n of [0, 1, 2]) Object.defineProperty(Array.prototype, n, { configurable: true, set() { throw 'spoiled'; } });
			restore = () => [0, 1, 2].forEach((n) => delete Array.prototype[n]);`,
		"prototypes are frozen": `
			for (const c of [Object, Array, Function, Error, TypeError, Promise, Map, String]) Object.freeze(c.prototype);
			restore = () => {};`,
		"Error.prototype is spoiled": `const was = [Error.prototype.toString, Error.prototype.name];
			Object.defineProperty(Error.prototype, 'message', { configurable: true, set() { throw 'spoiled'; }, get() { throw 'spoiled'; } });
			Error.prototype.toString = () => { throw 'spoiled'; };
			restore = () => { delete Error.prototype.message; Error.prototype.toString = was[0]; };`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := runScript(t, newWeb(t), cases+`let restore;
test('it works all the same', async () => {`+spoil+`
try {`+everything+`} finally { restore(); }
});`)
			require.NotContains(t, out.Stderr, "panic")
			require.Equal(t, 0, out.ExitCode, out.Stderr)
		})
	}
}

// What a script's own getters, methods and traps throw is its error, whoever called them.
func TestWhatScriptsThrowAsTheyAreRead(t *testing.T) {
	t.Parallel()
	runCases(t, newWeb(t), `
const mine = new RangeError('mine');
const toss = () => { throw mine; };
const getter = (name) => Object.defineProperty({}, name, { enumerable: true, get: toss });
const tosser = { toString: toss, valueOf: toss };
const is = (e) => ok(e === mine, String(e));

for (const [name, make] of Object.entries({
	'a getter for a target': () => getter('a'),
	'a getter in an array': () => Object.defineProperty([], 0, { enumerable: true, get: toss }),
	'a getter for the URL': () => [getter('url')],
	'a getter for a method': () => [Object.defineProperty(['GET', BASE], 0, { get: toss })],
	'a getter for params': () => [{ url: BASE, params: getter('timeout') }],
	'a getter for a header': () => [['GET', BASE, null, { headers: getter('a') }]],
	'a getter for the value of a cookie': () => [['GET', BASE, null, { cookies: { a: getter('value') } }]],
	'a getter in a body': () => [['POST', BASE, getter('a')]],
	'a getter in a list of a body': () => [['POST', BASE, { a: Object.defineProperty([], 0, { get: toss }) }]],
	'a header that throws as it becomes text': () => [['GET', BASE, null, { headers: { a: tosser } }]],
	'a proxy that has no keys': () => new Proxy({}, { ownKeys: toss }),
	'a proxy without values': () => new Proxy({ a: BASE }, { get: toss }),
})) {
	test(name + ' rejects', async () => {
		is(await rejection(concurrent(make())));
		is(await rejection(compare(make())));
		is(thrown(() => stream(make())));
	});
}
for (const [name, make] of Object.entries({
	'a getter of an option': () => getter('concurrency'),
	'a getter in expectedStatuses': () => ({ expectedStatuses: [getter('min')] }),
	'a getter in a budget': () => ({ budget: getter('elapsed') }),
	'a header of all that throws': () => ({ headers: { a: tosser } }),
	'a cookie that throws': () => ({ cookies: { a: { value: tosser } } }),
	'a name that throws': () => ({ name: toss }),
	'a proxy for options': () => new Proxy({}, { ownKeys: toss }),
})) {
	test(name + ' rejects', async () => {
		is(await rejection(concurrent([BASE], make())));
		is(thrown(() => stream([BASE], make())));
		if (!name.includes('name')) is(thrown(() => new Client(make())));
	});
}
test('methods throw', async () => {
	const run = await concurrent({ a: BASE + '/echo' }, { responseType: 'text' });
	is(thrown(() => run.get(tosser)));
	is(thrown(() => run.results[0].json(tosser)));
	is(thrown(() => run.report('json', getter('title'))));
	is(thrown(() => run.report('json', { baseline: getter('version') })));
	for (const call of [() => run.percentile(tosser), () => run.slowest(tosser), () => run.percentile(5, tosser),
		() => run.report(tosser), () => fetch.chunks([BASE], tosser)]) ok(thrown(call) instanceof TypeError, String(call));
});
test('a symbol or a bigint is text nowhere', async () => {
	for (const odd of [Symbol('x'), 5n]) {
		for (const [of, options] of [[[odd]], [[['GET', odd]]], [[[odd, BASE]]], [[['POST', BASE, odd]]], [{ a: odd }],
			[[BASE], { timeout: odd }], [[BASE], { name: odd }], [[BASE], { responseType: odd }], [[BASE], { budget: { elapsed: odd } }]]) {
			const e = await rejection(concurrent(of, options));
			ok(e instanceof TypeError && (e.message.endsWith('got a symbol') || e.message.endsWith('got 5n')), String(e));
		}
	}
	for (const params of [{ headers: { a: Symbol('x') } }, { cookies: { a: Symbol('x') } }, { cookies: { a: { value: Symbol('x') } } },
		{ tags: { a: Symbol('x') } }, { headers: { a: [Symbol('x')] } }]) {
		const e = await rejection(concurrent([['GET', BASE, null, params]]));
		ok(e instanceof TypeError && e.message.includes('got a symbol'), String(e));
	}
	same((await concurrent({ a: BASE + '/echo' })).get(Symbol('a')), undefined);
});
test('headers become the text that JavaScript makes of them', async () => {
	const headers = { A: 5, B: true, C: ['x', 1, null, new Date(0)], D: new String('d'), E: { toString: () => 'e' }, F: [], G: 5n };
	const seen = (await concurrent([['GET', BASE + '/echo', null, { headers }]], { responseType: 'text' })).results[0].json().headers;
	for (const name of ['A', 'B', 'C', 'D', 'E', 'F', 'G']) same(seen[name], String(headers[name]), name);
});
test('methods of one kind of object refuse others', async () => {
	const result = (await concurrent([BASE + '/echo'], { responseType: 'text' })).results[0];
	for (const that of [undefined, null, 5, {}, [], concurrent, new Proxy({}, {}), Object.create(result)]) {
		ok(thrown(() => result.json.call(that)) instanceof TypeError, show(that));
	}
});
`)
}

// The runtime itself fails on some lists that change while they are read. That is an error of the script as well.
func TestListsThatChangeWhileTheyAreRead(t *testing.T) {
	t.Parallel()
	runCases(t, newWeb(t), `
const url = BASE + '/echo';
test('a list that a getter shortens ends where it ends', async () => {
	for (const shorten of [(a) => { a.length = 1; }, (a) => { a.splice(1); }]) {
		const list = times(50, () => url);
		Object.defineProperty(list, 0, { configurable: true, get() { shorten(list); return url; } });
		const e = await rejection(concurrent(list));
		ok(e instanceof TypeError && e.message.includes('targets[1]'), String(e));
	}
});
test('a list that a getter lengthens has the length that it had', async () => {
	const list = [url, url];
	Object.defineProperty(list, 0, { configurable: true, get() { list.push(url, url, url); return url; } });
	same((await concurrent(list)).count, 2);
});
test('a target that changes its own list', async () => {
	const list = [{ get url() { list.length = 0; return url; } }, url, url];
	ok(await rejection(concurrent(list)) instanceof TypeError);
});
test('a body that changes itself', async () => {
	const fields = times(50, () => 'x');
	Object.defineProperty(fields, 0, { configurable: true, get() { fields.length = 1; return 'y'; } });
	ok(await rejection(concurrent([['POST', url, { fields }]])) instanceof TypeError);
});
test('an object that loses a target while it is read', async () => {
	const all = { get a() { delete all.b; return url; }, b: url };
	ok(await rejection(concurrent(all)) instanceof TypeError);
});
test('keys of a proxy that are none', async () => {
	for (const keys of [{ length: 3 }, { length: 1e9 }, [5], [null], 5, ['a', 'a']]) {
		const e = await rejection(concurrent(new Proxy({}, { ownKeys: () => keys })));
		ok(e instanceof Error, String(e));
		ok(thrown(() => stream([url], new Proxy({}, { ownKeys: () => keys }))) instanceof Error);
	}
	const { proxy, revoke } = Proxy.revocable({}, {});
	revoke();
	for (const of of [proxy, [proxy], [['POST', url, proxy]]]) ok(await rejection(concurrent(of)) instanceof TypeError);
});
test('the next run is untouched', async () => { same((await concurrent([url, url])).ok, 2); });
`)
}

// What ends an iteration cannot be caught, wherever it comes from.
func TestInterruptionsGoThrough(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"in a getter":               `await concurrent({ get a() { exec.test.abort('enough'); } });`,
		"in a getter of an option":  `new Client({ get timeout() { exec.test.abort('enough'); } });`,
		"in a function that names":  `await concurrent([BASE + '/echo'], { name: () => exec.test.abort('enough') });`,
		"in onResult":               `await concurrent([BASE + '/echo'], { onResult: () => exec.test.abort('enough') });`,
		"in a stream that waits":    `await stream([BASE + '/delay/50'], { onResult: () => exec.test.abort('enough') }).next();`,
		"in a stream that need not": `const s = stream([BASE + '/echo'], { onResult: () => exec.test.abort('enough') }); sleep(0.2); await s.next();`,
		"in a getter of the runtime": `Object.defineProperty(Object.prototype, 'then', { configurable: true, get() {
				if (this.mode === 'concurrent') { delete Object.prototype.then; exec.test.abort('enough'); }
			} });
			await concurrent([BASE + '/echo']);`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out := runScript(t, newWeb(t), `export default async function () {
				try {`+body+`} catch (e) { console.error('caught it: ' + e); }
				console.error('went on');
			}`)
			require.Equal(t, 108, out.ExitCode, out.Stderr)
			require.Contains(t, out.Stderr, "enough")
			require.NotContains(t, out.Stderr, "panic")
			require.NotContains(t, out.Stderr, "caught it")
			require.NotContains(t, out.Stderr, "went on")
		})
	}
}
