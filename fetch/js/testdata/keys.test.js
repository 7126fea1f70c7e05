// Any string can be the key of a target.

import fetch, { compare, concurrent, sequential, stream } from 'k6/x/fetch';
import { BASE, ok, rejection, same, show, test, thrown } from './harness.js';

export { passing as options, run as default } from './harness.js';

const names = ['__proto__', '', 'constructor', 'toString', 'length', '0', ' ', '\u0000', 'a.b', '"', 'ä', '\ud83d\ude00', '\ufffd', 'undefined', 'null'];
const url = (name) => BASE + '/echo?' + encodeURIComponent(name);
const named = () => { const o = {}; for (const n of names) Object.defineProperty(o, n, { value: url(n), enumerable: true }); return o; };

test('each has its result', async () => {
	for (const of of [named(), new Map(names.map((n) => [n, url(n)]))]) {
		const run = await concurrent(of);
		same(run.ok, names.length);
		for (const name of names) {
			const r = run.get(name);
			same([r.key, r.url], [name, url(name)], show(name));
			same([run.results[r.index].key, run.toJSON().results[r.index].key, JSON.parse(JSON.stringify(run)).results[r.index].key],
				[name, name, name], show(name));
		}
		same([run.get(0).key, run.get(1), run.get('nothing')], ['0', undefined, undefined]);
		same(run.results.map((r) => r.key).sort(), [...names].sort());
	}
});
test('a computed __proto__ is a target like others', async () => {
	const run = await concurrent({ ['__proto__']: url('p'), b: url('b') });
	same([run.count, run.get('__proto__').url], [2, url('p')]);
});
test('a single empty name', async () => {
	const run = await sequential({ '': url('x') });
	same([run.results[0].key, run.get('').url, run.get(0), run.get(), run.results[0].name], ['', url('x'), undefined, undefined, url('x')]);
	const s = stream({ '': url('x') });
	same((await s.next()).value.key, '');
	same((await compare({ '': url('x') })).concurrent.get('').ok, true);
});
test('halves of surrogate pairs are no names, as they cannot be told from each other', async () => {
	for (const keys of [['\ud800'], ['\ud800', '\ud801'], ['\ufffd', '\udfff'], ['a\ud800b'], ['\udc00\ud800']]) {
		const targets = Object.fromEntries(keys.map((k) => [k, BASE]));
		for (const call of [() => concurrent(targets), () => concurrent(new Map(Object.entries(targets))), () => concurrent([BASE], { tags: targets })]) {
			const e = await rejection(call());
			ok(e instanceof TypeError && e.message.includes('surrogate pair'), String(e));
		}
		ok(thrown(() => fetch.chunks(targets, 1)).message.includes('surrogate pair'), 'chunks');
	}
	const run = await concurrent({ '\ufffd': url('x') });
	same([run.get('\ufffd').ok, run.get('\ud800')], [true, undefined]);
});
test('halves of surrogate pairs in URLs are replaced, as the standard of URLs says', async () => {
	const run = await concurrent([BASE + '/echo?\ud800', BASE + '/echo?\udfff']);
	same([run.ok, run.results[0].url, run.results[1].url], [2, BASE + '/echo?\ufffd', BASE + '/echo?\ufffd']);
});
