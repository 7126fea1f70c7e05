//nolint:dupword // JavaScript
package js_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Any string can be the name of a target.
func TestKeysOfAnyKind(t *testing.T) {
	t.Parallel()
	runCases(t, newWeb(t), `
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
`)
}

func TestKeysOfAnyKindArePartsOfAList(t *testing.T) {
	t.Parallel()
	out := runScript(t, newWeb(t), `
const names = ['__proto__', '', 'constructor', 'a', '0'];
const all = {};
for (const n of names) Object.defineProperty(all, n, { value: BASE + '/echo?' + n, enumerable: true });
export const options = { scenarios: { s: { executor: 'shared-iterations', vus: 1, iterations: fetch.chunks(all, 2) } } };
export default async function () {
	const part = fetch.chunk(all, 2);
	const run = await concurrent(part);
	for (const r of run.results) console.log('got [' + r.key + '] ' + r.url.split('?')[1]);
	if (Object.getPrototypeOf(part) !== Object.prototype) throw new Error('its prototype was set');
}`)
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	for _, name := range []string{"__proto__", "", "constructor", "a", "0"} {
		require.Contains(t, out.Stderr, "got ["+name+"] "+name)
	}

	out = runScript(t, newWeb(t), `
const all = { ['__proto__']: BASE + '/echo?p', '': BASE + '/echo?e' };
export default async function () {
	const run = await concurrent(fetch.partition(all));
	if (run.get('__proto__').url !== BASE + '/echo?p' || run.get('').url !== BASE + '/echo?e') throw new Error('lost');
}`)
	require.Equal(t, 0, out.ExitCode, out.Stderr)
	require.NotContains(t, out.Stderr, "lost")
	require.Len(t, out.Of("http_reqs"), 2)
}

// A binary body is the script's: what it writes into one is seen nowhere else.
func TestBinaryBodiesAreCopies(t *testing.T) {
	t.Parallel()
	runCases(t, newWeb(t), `
test('what is written into a body stays there', async () => {
	const seen = [];
	const run = await concurrent([['POST', BASE + '/echo', 'hello']], { responseType: 'binary', onResult: (r) => {
		seen.push(r);
		new Uint8Array(r.body).fill(0);
	} });
	const r = run.results[0], before = JSON.stringify(run), report = run.report('har');
	same(r.json('body'), 'hello');
	const mine = new Uint8Array(r.body);
	mine.fill(120);
	ok(r.body === mine.buffer && new Uint8Array(r.body)[0] === 120, 'the same object keeps it');
	same([r.json('body'), r.json().body], ['hello', 'hello']);
	ok(r.html().text().includes('hello'), 'html');
	const again = run.results[0];
	ok(again.body !== r.body, 'another object has another');
	same([again.json('body'), new Uint8Array(again.body)[0], run.get(0).json('body')], ['hello', '{'.charCodeAt(0), 'hello']);
	same([run.slowest()[0].json('body'), JSON.stringify(run) === before, run.report('har') === report], ['hello', true, true]);
	same([new Uint8Array(seen[0].body)[0], seen[0].json('body')], [0, 'hello']);
});
test('what is sent is what it was', async () => {
	const bytes = new Uint8Array([104, 105]);
	const call = concurrent([['POST', BASE + '/echo', bytes], ['POST', BASE + '/echo', bytes.buffer]], { responseType: 'text' });
	bytes.fill(0);
	same((await call).results.map((r) => r.json('body')), ['hi', 'hi']);
});
`)
}
