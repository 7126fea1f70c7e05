// The same requests with http.batch and with concurrent, for a server that looks at what comes.

import http from 'k6/http';
import { concurrent } from 'k6/x/fetch';
import { BASE } from '../harness.js';

const methods = ['POST', 'PUT', 'PATCH', 'DELETE', 'GET', 'OPTIONS'];
const bodies = { none: null, undefined: undefined, empty: '', buffer: new ArrayBuffer(0), form: {}, full: 'x' };
const values = { plain: 'xy', quoted: '"xy"', blank: 'x y', comma: 'x,y', inner: 'x"y', semicolon: 'x;y', slash: 'x\\y', utf: 'ü',
	empty: '', quotes: '""', blanks: '  ', newline: 'x\ny' };
const targets = (by) => [].concat(
	...methods.map((m) => Object.keys(bodies).map((b) => [m, BASE + '/' + by + '/' + m + ' ' + b, bodies[b]])),
	...Object.keys(values).map((name) => [
		['GET', BASE + '/' + by + '/string ' + name, null, { cookies: { c: values[name] }, jar: new http.CookieJar() }],
		['GET', BASE + '/' + by + '/object ' + name, null, { cookies: { c: { value: values[name], replace: true } }, jar: new http.CookieJar() }],
	]),
);
const seen = (jar, responses) => JSON.stringify([
	Object.entries(jar.cookiesForURL(BASE + '/')).sort(),
	responses.map((r) => [Object.entries(r.cookies).sort().map(([name, list]) => [name, list.map((c) => [c.value, c.path])]),
		Object.entries(r.request.cookies).sort()]),
]);
export default async function () {
	const kept = {};
	for (const by of ['batch', 'fetch']) {
		const ask = async (list) => by === 'batch' ? http.batch(list) : (await concurrent(list)).results;
		await ask(targets(by));
		const jar = new http.CookieJar();
		const last = [];
		for (const kind of ['/set', '', '/redirect', '']) {
			last.push(...await ask([['GET', BASE + '/' + by + '/jar' + kind, null, { jar, cookies: { own: 'o w n' } }]]));
		}
		kept[by] = seen(jar, last);
	}
	if (kept.batch !== kept.fetch) throw new Error('cookies of k6: ' + kept.batch + '; here: ' + kept.fetch);
	if (!kept.batch.includes('x y')) throw new Error('no cookies: ' + kept.batch);
}
