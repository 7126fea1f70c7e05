// http.batch takes the cookies of all targets before it sends anything. With batch: 1 it sends one request after another,
// so each could have seen what the one before was given.

import http from 'k6/http';
import { compare, concurrent, sequential, stream } from 'k6/x/fetch';
import { BASE, drain, passing, same, test } from './harness.js';

export { run as default } from './harness.js';
export const options = { ...passing, batch: 1 };

const echo = BASE + '/echo', set = (name, value) => BASE + '/cookie/' + name + '/' + value;
const sent = (responses) => [...responses].map((r) => r.request.cookies.a ? r.request.cookies.a[0].value : '-').join();
const kept = (jar) => (jar.cookiesForURL(BASE + '/').a || []).join();
function jarWith(value) {
	const jar = new http.CookieJar();
	if (value) jar.set(BASE + '/', 'a', value, { path: '/' });
	return jar;
}
const targets = [set('a', 1), echo, set('a', 2), echo];
test('no target sees what another was given, as in http.batch; afterwards the jar has it', async () => {
	for (const before of [undefined, 'old']) {
		const theirs = jarWith(before), ours = jarWith(before);
		const want = sent(http.batch(targets.map((url) => ['GET', url, null, { jar: theirs }])));
		same(sent((await concurrent(targets, { jar: ours })).results), want);
		same([kept(ours), want], [kept(theirs), Array(4).fill(before || '-').join()]);
		same(sent((await concurrent([echo], { jar: ours })).results), '2');
	}
});
test('one by one, each sees what came before', async () => {
	const jar = jarWith('old');
	same(sent((await sequential(targets, { jar })).results), 'old,1,1,2');
});
test('comparisons go each way as it goes alone', async () => {
	const jar = jarWith(), c = await compare(targets, { jar, warmup: false });
	same([sent(c.sequential.results), sent(c.concurrent.results)], ['-,1,1,2', '2,2,2,2']);
});
test('ways go as concurrent does, whatever they are called', async () => {
	const jar = jarWith(), c = await compare(targets, [{ name: 'sequential' }, { name: 'other' }], { jar, warmup: false });
	same([sent(c.ways.sequential.results), sent(c.ways.other.results)], ['-,-,-,-', '2,2,2,2']);
});
test('streams and callbacks are no different', async () => {
	for (const fetchAll of [async (jar) => drain(stream(targets, { jar })), async (jar) => {
		const seen = [];
		await concurrent(targets, { jar, onResult: (r) => { seen.push(r); } });
		return seen;
	}]) {
		const jar = jarWith('old');
		same([sent(await fetchAll(jar)), kept(jar)], ['old,old,old,old', '2']);
	}
});
test('the last target that sets a cookie wins, whoever is first', async () => {
	const jar = jarWith(), run = await concurrent([0, 1, 2, 3].map((n) => set('a', n)), { jar, concurrency: 4 });
	same([run.ok, kept(jar)], [4, '3']);
});
test('redirects and retries see what their own target was given', async () => {
	const jar = jarWith();
	const run = await concurrent([1, 2, 3].map((n) => BASE + '/own/' + n).concat(echo), { jar, responseType: 'text', retries: 1 });
	same(run.results.map((r) => r.json('cookies')), [['own=1', 'again=1'], ['own=2', 'again=2'], ['own=3', 'again=3'], []]);
	same(run.results.map((r) => r.attempts), [2, 2, 2, 1]);
	same((await concurrent([echo], { jar, responseType: 'text' })).results[0].json('cookies').sort(), ['again=3', 'own=3']);
});
test('a cookie that a target deletes is there for the others until the end', async () => {
	const jar = jarWith('old');
	same(sent((await concurrent([BASE + '/forget/a', echo], { jar })).results), 'old,old');
	same(kept(jar), '');
	const again = jarWith('old');
	same((await concurrent([BASE + '/forget/a'], { jar: again, responseType: 'text' })).results[0].json('cookies'), []);
});
test('a jar of its own, and none', async () => {
	const jar = jarWith(), none = await concurrent(targets, { jar: null });
	same([sent(none.results), none.ok], ['-,-,-,-', 4]);
	const run = await concurrent([['GET', set('a', 1), null, { jar }], set('b', 1)], { jar: new http.CookieJar() });
	same([run.ok, kept(jar)], [2, '1']);
});
