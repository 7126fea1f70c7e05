// What results and metrics call a target.

import http from 'k6/http';
import { Client, concurrent, stream } from 'k6/x/fetch';
import { BASE, ok, rejection, same, test, thrown } from './harness.js';

export { passing as options, run as default } from './harness.js';

const host = BASE.split('//')[1];
const named = async (name, targets, more = {}) =>
	(await concurrent(targets || [BASE + '/echo?1', BASE + '/status/200'], { name, ...more })).results.map((r) => r.name);

test('words stand for parts of the URL', async () => {
	same(await named('url'), [BASE + '/echo?1', BASE + '/status/200']);
	same(await named('host'), [host, host]);
	same(await named('path'), ['/echo', '/status/200']);
});
test('a template has parts of the URL', async () => {
	same(await named('{path} no. {index}'), ['/echo no. 0', '/status/200 no. 1']);
	same(await named('{host}{host}'), [host + host, host + host]);
	same(await named('{index}'), ['0', '1']);
});
test('a template has the key: the name in an object of targets, else the index', async () => {
	same(await named('{key}', { home: BASE + '/echo', api: ['GET', BASE + '/echo'], own: { url: BASE + '/echo' } }), ['home', 'api', 'own']);
	same(await named('{key} of {path}', new Map([['home', BASE + '/echo']])), ['home of /echo']);
	same(await named('{key}'), ['0', '1']);
	same(await named('{key}', { '': BASE + '/echo?1' }), [BASE + '/echo?1']);
	same(await named('{key}', { a: { url: BASE + '/echo', params: { name: 'own' } }, b: { url: BASE, params: { name: '<{key}>' } } }), ['own', '<b>']);
});
test('other braces are as they are', async () => {
	for (const name of ['a/\${}', '{}', '{', '}{', '{Host}', '{a b}']) same(await named(name), [name, name]);
	same(await named('{}{index}'), ['{}0', '{}1']);
});
test('a word in braces that stands for nothing is a TypeError', async () => {
	const e = await rejection(concurrent([], { name: 'a{hots}' }));
	same(String(e), 'TypeError: concurrent options.name must be a string in which nothing but {host}, {path}, {key} '
		+ 'and {index} is in braces; got "a{hots}"');
});
test('a function is asked once for each target', async () => {
	const seen = [];
	const targets = [BASE + '/echo', ['PUT', BASE + '/echo?2'], { url: BASE + '/echo?3', params: { name: 'own' } }];
	same(await named((t) => { seen.push([t.url, t.method, t.index]); return 'no. ' + t.index; }, targets), ['no. 0', 'no. 1', 'own']);
	same(seen, [[BASE + '/echo', 'GET', 0], [BASE + '/echo?2', 'PUT', 1]]);
	same(await named((t) => [typeof t.key, t.key, t.index].join(), { a: BASE, b: ['GET', BASE] }), ['string,a,0', 'string,b,1']);
	same(await named((t) => [typeof t.key, t.key, t.index].join(), [BASE]), ['number,0,0']);
});
test('a function that throws, or returns something else, is an error', async () => {
	same(String(await rejection(concurrent([BASE], { name: () => { throw new RangeError('mine'); } }))), 'RangeError: mine');
	same(String(thrown(() => stream([BASE], { name: () => { throw new RangeError('mine'); } }))), 'RangeError: mine');
	same(String(await rejection(concurrent([BASE], { name: () => 5 }))), 'TypeError: concurrent options.name() must be a string; got 5');
});
test('params and options are named alike, and params win', async () => {
	same(await named('host', [BASE, { url: BASE + '/echo', params: { name: 'path' } }]), [host, '/echo']);
	same(await named('path', [{ url: BASE + '/echo', params: { tags: { name: 'tag' } } }]), ['tag']);
	same(await named(undefined, [{ url: BASE + '/echo', params: { name: '{index}{path}' } }]), ['0/echo']);
	same(await named('path', [http.url`${BASE}/echo?${1}`]), ['/echo']);
	same((await new Client({ name: 'path' }).concurrent([BASE + '/echo'])).results[0].name, '/echo');
	same((await concurrent({ a: BASE + '/echo' }, { name: '{index}{path}' })).get('a').name, '0/echo');
});
test('without a name, the key is it, and what is said wins', async () => {
	const of = { slow: BASE + '/echo?1', fast: ['GET', BASE + '/echo?2'], '': BASE + '/echo?3' };
	const names = async (options, targets = of) => (await concurrent(targets, options)).results.map((r) => r.name);
	same(await names(), ['slow', 'fast', BASE + '/echo?3']);
	same(await names({}, new Map(Object.entries(of))), ['slow', 'fast', BASE + '/echo?3']);
	same(await names({ name: 'url' }), [BASE + '/echo?1', BASE + '/echo?2', BASE + '/echo?3']);
	same(await names({ name: () => '' }), [BASE + '/echo?1', BASE + '/echo?2', BASE + '/echo?3']);
	same(await names({ name: 'path' }), ['/echo', '/echo', '/echo']);
	same(await names({ name: 'all' }), ['all', 'all', 'all']);
	same(await names({ tags: { name: 'tag' } }), ['tag', 'tag', 'tag']);
	same(await names({}, { a: { url: BASE, params: { name: 'own' } }, b: { url: BASE, params: { tags: { name: 'tag' } } },
		c: http.url`${BASE}/echo?${1}`, d: { url: BASE + '/echo', params: { name: 'url' } }, e: BASE }), ['own', 'tag', '${}/echo?${}', BASE + '/echo', 'e']);
	same(await names({ name: 'host' }, { a: { url: BASE + '/echo', params: { name: 'url' } } }), [BASE + '/echo']);
	same((await concurrent(of)).text().split('\n').slice(1, 3).map((line) => line.trim().split(' ')[0]), ['slow', 'fast']);
	same(JSON.parse((await concurrent(of)).report('json')).names.map((n) => n.name).sort(), ['fast', BASE + '/echo?3', 'slow'].sort());
	const s = stream({ slow: BASE });
	same((await s.next()).value.name, 'slow');
	same((await rejection(concurrent({ slow: BASE + '/status/404' }, { throw: 'failed' }))).message,
		'1 of 1 targets failed; targets[0] (slow): unexpected status 404');
});
test('user and password are in no name', async () => {
	const key = BASE.replace('//', '//me:secret@');
	for (const name of [undefined, '{key}']) {
		const run = await concurrent({ [key]: BASE + '/echo' }, name && { name });
		ok(!run.results[0].name.includes('secret') && run.get(key).ok, 'name');
		for (const format of ['text', 'json', 'csv', 'html']) ok(!run.report(format).includes('secret'), format);
	}
	const secret = BASE.replace('//', '//me:secret@') + '/echo';
	for (const name of ['url', 'host', 'path', '{host}{path}']) ok(!(await named(name, [secret]))[0].includes('secret'), name);
});
