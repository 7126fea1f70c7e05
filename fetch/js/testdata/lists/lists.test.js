// Lists are targets, for every function and in every VU.

import { chunks, Client, compare, concurrent, csv, har, lines, sequential, sitemap, stream } from 'k6/x/fetch';
import { drain, hosts, ok, passing, rejection, same, SITE, test, thrown } from '../harness.js';

export { run as default } from '../harness.js';
export const options = { ...passing, hosts, vus: 2, iterations: 4 };

const urls = lines('urls.txt'), zipped = lines('./urls.txt.gz'), some = lines('bad.txt', { onError: 'skip' });
const rows = csv('urls.csv', {
	url: 'where', method: 'what', name: 'called', headers: { 'X-Kind': 'kind' }, body: 'text',
});
const numbered = csv('plain.csv', { url: 1, name: 0, delimiter: ';' });
const binary = har('binary.har'), page = har('page.har'), map = sitemap('index.xml');

test('a list knows its length, and how many entries were skipped', () => {
	same([urls.length, urls.skipped, zipped.length, some.length, some.skipped], [3, 0, 3, 2, 1]);
	same([rows.length, numbered.length, page.length, map.length], [2, 2, 2, 3]);
	same(Object.keys(urls), ['length', 'skipped']);
});
test('every function takes a list', async () => {
	for (const verb of [sequential, concurrent]) {
		const run = await verb(urls);
		same([run.count, run.ok, run.failed], [3, 2, 1]);
		same(run.results.map((r) => [r.index, r.status, r.url.slice(-1)]), [[0, 200, 'a'], [1, 200, 'b'], [2, 404, 'c']]);
		same(run.get(2).status, 404);
	}
	same((await compare(map)).concurrent.ok, 3);
	const { ways } = await compare(map, [{ name: 'a' }, { name: 'b' }]);
	same([ways.a.ok, ways.b.ok], [3, 3]);
	same((await drain(stream(map))).map((r) => r.url.split('?')[1]).sort(), ['one', 'three', 'two']);
	same((await new Client({ expectedStatuses: 404 }).concurrent(urls)).ok, 1);
});
test('options hold for a list', async () => {
	const run = await concurrent(page, { responseType: 'text', headers: { 'X-Common': 'yes' } });
	const [first, second] = run.results.map((r) => r.json());
	same([first.method, first.headers['X-Kind'], first.headers['X-Common']], ['GET', 'page', 'yes']);
	same([second.method, second.body, second.headers['X-Kind']], ['POST', 'sent', undefined]);
});
test('a row of a CSV says how to ask', async () => {
	const run = await concurrent(rows, { responseType: 'text' });
	const [first, second] = run.results.map((r) => r.json());
	same([first.method, first.headers['X-Kind'], first.body], ['GET', 'a/b', '']);
	same([second.method, second.body], ['POST', 'hello, you']);
	same(run.results.map((r) => r.name), ['first', 'second']);
	same((await concurrent(numbered)).results.map((r) => r.name), ['1', '2']);
});
test('parts of a list are lists', async () => {
	const names = (list) => list.toJSON().map((u) => u.slice(-1)).join('');
	same([names(urls.slice(1)), names(urls.slice(-1)), names(urls.slice(0, -2)), names(urls.slice(2, 1))], ['bc', 'c', 'a', '']);
	same(names(urls.filter((t, i) => i !== 1 && t.url.startsWith('http'))), 'ac');
	same(names(urls.sample(2, 7)), names(urls.sample(2, 7)));
	same(urls.sample(2).length, 2);
	same(urls.sample(2, Date.now()).length, 2);
	same((await concurrent(urls.filter((t) => t.url.endsWith('b')).slice(0, 1))).ok, 1);
	same(chunks(urls, 2), 2);
	same(urls.filter(() => new Array(2 ** 32 - 1)).length, 3);
});
test('a list with a binary body is sent as it is, and becomes no array', async () => {
	same((await concurrent(binary)).ok, 1);
	let message = '';
	try { binary.toJSON(); } catch (e) { message = String(e); }
	ok(message.includes('the body for ' + SITE + '/echo is binary, which JSON cannot hold'), message);
});
test('a list becomes an array of targets', async () => {
	same(JSON.parse(JSON.stringify(numbered))[0], { url: SITE + '/echo?1', params: { name: '1' } });
	same(rows.toJSON()[1], { method: 'POST', url: SITE + '/echo?2', body: 'hello, you', params: { name: 'second' } });
	same((await concurrent(rows.toJSON())).ok, 2);
});
test('its metrics are named by the host, unless something else is said', async () => {
	const host = SITE.split('//')[1];
	same((await concurrent(urls)).results.map((r) => r.name), [host, host, host]);
	same((await concurrent(urls, { name: 'url' })).results[0].name, SITE + '/status/200?a');
	same((await concurrent(urls, { name: 'mine' })).results[0].name, 'mine');
	same((await concurrent(urls, { name: 'path' })).results[2].name, '/status/404');
	same((await concurrent(urls, { name: '{index} of {host}{path}' })).results[2].name, '2 of ' + host + '/status/404');
	same((await concurrent(urls, { tags: { name: 'tagged' } })).results[0].name, 'tagged');
	const seen = [];
	const run = await concurrent(urls, { name: (t) => { seen.push(t.index); return t.url.slice(-1); } });
	same([run.results.map((r) => r.name), seen], [['a', 'b', 'c'], [0, 1, 2]]);
});
test('with onResult, nothing of a list is kept', async () => {
	const seen = [];
	const run = await concurrent(urls, { onResult: (r) => seen.push(r.status) });
	same([run.results.length, run.count, run.ok, run.failed, run.failures().length], [0, 3, 2, 1, 0]);
	same(seen.sort(), [200, 200, 404]);
	same((await concurrent(urls.toJSON(), { onResult: () => {} })).results.length, 3);
	same((await concurrent(urls, { throw: true, onResult: () => {} })).failed, 1);
	const e = await rejection(concurrent(urls, { throw: 'failed', onResult: () => {} }));
	ok(e.message.startsWith('1 of 3 targets failed; targets[2]'), e.message);
	same(e.run.failed, 1);
});
test('what is invalid is a TypeError', () => {
	const says = (fn, text) => ok(String(thrown(fn)).includes(text), String(thrown(fn)));
	says(() => urls.slice('a'), 'TypeError: slice() from must be an integer');
	says(() => urls.sample(-1), 'TypeError: sample() n must be an integer of at least 0; got -1');
	says(() => urls.filter('x'), 'TypeError: filter() function must be a function; got "x"');
	says(() => urls.filter(async () => false), 'TypeError: filter() function must return a value, not a promise');
	says(() => urls.sample(2, 2 ** 53), 'TypeError: sample() seed must be an integer from 0 to 9007199254740991; got 9007199254740992');
	says(() => urls.filter(() => { throw new RangeError('mine'); }), 'RangeError: mine');
	says(() => lines('urls.txt'), 'Using lines() outside the init context is not supported');
});
