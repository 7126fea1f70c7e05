// What a script's own getters, methods and traps throw is its error, whoever called them.

import fetch, { Client, compare, concurrent, stream } from 'k6/x/fetch';
import { BASE, ok, rejection, same, show, test, thrown } from './harness.js';

export { passing as options, run as default } from './harness.js';

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
