// A script can give an array any length. Reading it takes neither memory nor time for what is not there.

import fetch, { concurrent, expectedStatuses } from 'k6/x/fetch';
import * as module from 'k6/x/fetch';
import { BASE, ok, rejection, same, test, thrown } from './harness.js';

export { passing as options, run as default } from './harness.js';

const longest = 2 ** 32 - 1;
const url = BASE + '/echo';
const long = {
	'an array of holes': () => new Array(longest),
	'an array with its last element alone': () => { const a = []; a[longest - 1] = url; return a; },
	'an array whose length was set': () => { const a = [url]; a.length = longest; return a; },
	'an array whose length was defined': () => Object.defineProperty([url], 'length', { value: longest }),
	'an array of a class': () => { class Own extends Array {} return new Own(longest); },
	'a frozen array of holes': () => Object.freeze(new Array(longest)),
};
const inside = {
	'targets': (a) => [a],
	'a target': (a) => [[a]],
	'an object of targets': (a) => [{ a }],
	'a method': (a) => [[[a, url]]],
	'a URL': (a) => [[['GET', a]]],
	'a URL in an object': (a) => [[{ url: a }]],
	'a body': (a) => [[['POST', url, a]]],
	'a field of a body': (a) => [[['POST', url, { a }]]],
	'a list in a field of a body': (a) => [[['POST', url, { a: [[a]] }]]],
	'an object in a field of a body': (a) => [[['POST', url, { a: { a } }]]],
	'params': (a) => [[['GET', url, null, a]]],
	'a header': (a) => [[['GET', url, null, { headers: { a } }]]],
	'a list in a header': (a) => [[['GET', url, null, { headers: { a: [a] } }]]],
	'a cookie': (a) => [[['GET', url, null, { cookies: { a } }]]],
	'the value of a cookie': (a) => [[['GET', url, null, { cookies: { a: { value: a } } }]]],
	'a tag': (a) => [[['GET', url, null, { tags: { a } }]]],
	'responseCallback': (a) => [[['GET', url, null, { responseCallback: a }]]],
	'options': (a) => [[url], a],
	'headers of all': (a) => [[url], { headers: a }],
	'concurrency': (a) => [[url], { concurrency: a }],
	'an object for concurrency': (a) => [[url], { concurrency: { a } }],
	'a Map for a timeout': (a) => [[url], { timeout: new Map([[a, a]]) }],
	'a Set for a name': (a) => [[url], { name: new Set([a]) }],
	'expectedStatuses': (a) => [[url], { expectedStatuses: a }],
	'an element of expectedStatuses': (a) => [[url], { expectedStatuses: [a] }],
	'a budget': (a) => [[url], { budget: a }],
	'a bound': (a) => [[url], { budget: { elapsed: a } }],
	'statuses of a budget': (a) => [[url], { budget: { status: a } }],
	'a jar': (a) => [[url], { jar: { a } }],
	'what a name returns': (a) => [[url], { name: () => ({ a }) }],
};
for (const [kind, make] of Object.entries(long)) {
	test(kind + ' is refused everywhere', async () => {
		for (const [where, put] of Object.entries(inside)) {
			const start = Date.now(), e = await rejection(concurrent(...put(make())));
			ok(e instanceof TypeError && e.message.startsWith('concurrent '), where + ': ' + e);
			ok(Date.now() - start < 20000, where + ' took ' + (Date.now() - start) + ' ms');
			ok(e.message.length < 300, where + ': ' + e.message);
		}
		for (const call of [() => fetch.chunks(make(), 1), () => fetch.chunk(make(), 10), () => fetch.partition(make()),
			() => fetch.chunks([], make()), () => fetch.chunks([], { a: make() }), () => expectedStatuses(make()), () => expectedStatuses({ min: make() }),
			() => module.sitemap(make()), () => module.report(make())]) {
			ok(thrown(call) instanceof Error, String(call));
		}
	});
}
test('what is named is the option, its length and what is allowed', async () => {
	const says = async (call, text) => { const e = await rejection(call); same(String(e), 'TypeError: concurrent ' + text); };
	await says(concurrent(new Array(longest)), 'targets must have at most 10000000 targets; got 4294967295');
	await says(concurrent([new Array(longest)]), 'targets[0] must be a URL, an array [method, url, body?, params?] or an object '
		+ '{ method?, url, body?, params?, start? }; got an array');
	await says(concurrent([url], { expectedStatuses: new Array(longest) }), 'options.expectedStatuses must have at most 1000 elements; got 4294967295');
	await says(concurrent([['POST', url, { a: new Array(longest) }]]), 'targets[0][2].a must have no holes; nothing is at [0], and its length is 4294967295');
	same(thrown(() => fetch.chunk(new Array(longest), 1)).message, 'chunk targets must have at most 10000000 targets; got 4294967295');
	same(thrown(() => fetch.partition(new Array(9e6))).message, 'partition targets[0] must be a target; got undefined');
});
test('chunks() counts a list that is not looked at', () => same(fetch.chunks(new Array(5), 2), 3));
test('what a proxy says of its length is not believed', async () => {
	const proxy = (length, target = []) => new Proxy(target, { get: (t, k) => k === 'length' ? length : t[k] });
	for (const length of [longest, 1e15, -1, NaN, 'x', Symbol('x'), undefined, { valueOf() { throw 5; } }]) {
		for (const of of [proxy(length), [proxy(length)], { a: proxy(length) }, [['POST', url, proxy(length)]], [['POST', url, { a: proxy(length) }]],
			[['GET', url, null, { headers: { a: proxy(length) } }]]]) {
			let run;
			try { run = await concurrent(of); } catch (e) { continue; }
			ok(run.count <= 1, 'targets that nobody gave');
		}
	}
});
test('objects that look like arrays are none', async () => {
	ok((await rejection(concurrent({ length: 1e9 }))).message.startsWith('concurrent targets.length must be a URL'));
	ok((await rejection(concurrent([url], { expectedStatuses: { length: 1e9 } }))) instanceof TypeError);
	ok(await rejection(concurrent([['GET', url, null, { cookies: { a: new Uint8Array(5) } }]])).then(() => false, () => true), 'a typed array is text');
});
test('methods are no larger than what they are given', async () => {
	const run = await concurrent([url], { responseType: 'text' });
	for (const call of [() => run.get(new Array(longest)), () => run.percentile({ a: new Array(longest) }), () => run.slowest(new Array(longest)),
		() => run.results[0].json(new Array(longest)), () => run.results[0].html(new Array(longest)),
		() => run.results[0].json.call({ a: new Array(longest) }), () => run.report('json', { baseline: { names: [new Array(longest)] } }),
		() => run.report('text', { title: { a: new Array(longest) } }), () => run.report([new Array(longest)])]) {
		let value;
		try { value = call(); } catch (e) { ok(e instanceof TypeError, call + ': ' + e); }
		same(value, undefined, String(call));
	}
});
