// On the event loop there is no frame of JavaScript below Go that would catch what spoiled globals throw.

import http from 'k6/http';
import { compare, concurrent, sitemap, stream } from 'k6/x/fetch';
import { BASE, ok, rejection, same, test } from './harness.js';

export { passing as options, run as default } from './harness.js';

// everything uses every way in which Go hands values over, and then compares, when restore has repaired the runtime.
async function everything(restore) {
	const plain = await concurrent({ a: BASE + '/redirect/1', b: BASE + '/status/404' }, {
		budget: { elapsed: '1m', run_elapsed: '1m' }, name: (t) => 'n' + t.index, onResult: (r) => r.budget, responseType: 'text',
	});
	const c = await compare([BASE + '/status/200'], { rounds: 2 });
	const s = stream([BASE + '/status/200', BASE + '/status/404'], { onResult: (r) => r.url });
	const streamed = [await s.next(), await s.next(), await s.next()];
	const e = await rejection(concurrent([BASE + '/status/404'], { throw: 'failed' }));
	const e2 = await rejection(compare([BASE + '/status/404'], { throw: 'failed' }));
	const e3 = await rejection(sitemap(BASE + '/status/404'));
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
}

// Each of these spoils what the runtime is made of, and returns what repairs it. What cannot be repaired comes last.
const spoilers = {
	'Error is gone'() {
		const was = globalThis.Error; globalThis.Error = undefined;
		return () => { globalThis.Error = was; };
	},
	'Error and TypeError are functions that throw'() {
		const was = [Error, TypeError];
		globalThis.Error = globalThis.TypeError = function () { throw 'spoiled'; };
		return () => { [globalThis.Error, globalThis.TypeError] = was; };
	},
	'JSON.parse throws'() {
		const was = JSON.parse; JSON.parse = () => { throw 'spoiled'; };
		return () => { JSON.parse = was; };
	},
	'JSON is gone'() {
		const was = JSON; globalThis.JSON = undefined; return () => { globalThis.JSON = was; };
	},
	'JSON.parse lies'() {
		const was = JSON.parse; JSON.parse = () => 5; return () => { JSON.parse = was; };
	},
	'setters of Object.prototype throw'() {
		const names = ['run', 'url', 'method', 'index', 'mode', 'results', 'budget', 'check', 'ok', 'status', 'order', 'rounds',
			'sequential', 'concurrent', 'elapsed', 'count', 'name', 'get', 'toJSON', 'next', 'close', 'a', 'responseType'];
		for (const n of names) Object.defineProperty(Object.prototype, n, { configurable: true, set() { throw 'spoiled'; } });
		return () => names.forEach((n) => delete Object.prototype[n]);
	},
	'properties of Object.prototype are read-only'() {
		const names = ['run', 'url', 'method', 'mode', 'results', 'check', 'status', 'order', 'rounds', 'count', 'next', 'a'];
		for (const n of names) Object.defineProperty(Object.prototype, n, { configurable: true, writable: false, value: 'spoiled' });
		return () => names.forEach((n) => delete Object.prototype[n]);
	},
	'setters of Array.prototype throw'() {
		for (const n of [0, 1, 2]) Object.defineProperty(Array.prototype, n, { configurable: true, set() { throw 'spoiled'; } });
		return () => [0, 1, 2].forEach((n) => delete Array.prototype[n]);
	},
	'Error.prototype is spoiled'() {
		const was = Object.getOwnPropertyDescriptors(Error.prototype);
		Object.defineProperty(Error.prototype, 'message', { configurable: true, set() { throw 'spoiled'; }, get() { throw 'spoiled'; } });
		Error.prototype.toString = () => { throw 'spoiled'; };
		return () => Object.defineProperties(Error.prototype, was);
	},
	'prototypes are frozen'() {
		for (const c of [Object, Array, Function, Error, TypeError, Promise, Map, String]) Object.freeze(c.prototype);
		return () => {};
	},
};

for (const [sentence, spoil] of Object.entries(spoilers)) {
	test(sentence, async () => {
		const restore = spoil();
		try { await everything(restore); } finally { restore(); }
	});
}
