// Credentials in URLs of all kinds, and all that a script can print of them.

import http from 'k6/http';
import { Client, compare, concurrent, page, sequential, stream } from 'k6/x/fetch';
import { BASE, drain } from '../harness.js';

// "hush" is the user and "s3cr" the password; encoded, the password is others.
const at = (credentials, path) => BASE.replace('://', '://' + credentials + '@') + path;
export default async function () {
	const targets = [
		at('me:s3cr%2Ft', '/basic'), at('hush:s3cr%2Ft', '/basic'), at('hush%40:s3cr%3A%40t', '/status/404'),
		at('hush:s3cr/t', '/basic'), at('hush:s3cr t', '/status/200'), at('hush', '/status/200'), at(':s3cr', '/redirect/1'),
		'http://hush:s3cr@127.0.0.1:1/', 'http://hush:s3cr@[::1/', 'http://hush:s3cr%zz@x/', 'ftp://hush:s3cr@x/',
		'//hush:s3cr@127.0.0.1:1/', 'http://hush:s3cr@127.0.0.1:port/', 'http://hush:s3cr@127.0.0.1\u0000/',
		'HTTP://hush:s3cr@127.0.0.1:1/#x', ' http://hush:s3cr@127.0.0.1:1/',
		{ url: at('me:s3cr%2Ft', '/digest'), params: { auth: 'digest' } },
		{ url: at('hush:s3cr', '/digest'), params: { auth: 'digest' } },
		{ url: at('hush:s3cr', '/status/401'), params: { auth: 'ntlm' } },
		{ url: at('hush:s3cr', '/redirect/2'), params: { redirects: 1 } },
		{ url: at('hush:s3cr', '/hang'), params: { timeout: '50ms' } },
		['POST', at('hush:s3cr', '/bytes/3'), 'body', { compression: 'gzip', headers: { 'content-encoding': 'br', 'content-length': '1' } }],
		http.url`${at('hush:s3cr', '')}/status/${200}`,
	];
	const run = await concurrent(targets, { concurrency: 1 });
	console.log(run.text());
	console.log(JSON.stringify(run));
	for (const r of run.results) {
		console.log([r.url, r.name, r.error, r.request.url, r.redirects.map((h) => h.url), JSON.stringify(r)].join('\n'));
		console.log(JSON.stringify(r.request));
	}
	const keyed = await sequential({ one: targets[0] });
	console.log(JSON.stringify(keyed) + keyed.text());
	const c = await compare(targets.slice(0, 3), { warmup: false });
	console.log(c.text() + JSON.stringify(c));
	for (const r of await drain(stream(targets))) console.log(r.url + r.error + JSON.stringify(r));
	for (const url of [...targets, at('hush:s3cr', '/page-with-credentials')]) {
		const visit = await page(url, { cache: 'vu', budget: { bytes: 0 } });
		console.log(visit.text() + JSON.stringify([visit, visit.byType()]) + visit.report('html'));
		for (const r of visit.results) console.log([r.url, r.name, r.error, JSON.stringify(r.initiator), JSON.stringify(r.request)].join('\n'));
		console.log(JSON.stringify(visit.toTargets().map((t) => [t.params.name, t.params.tags])));
	}
	for (const call of [
		() => page(targets[7], { throw: true }), () => page(targets[8], { throw: true }), () => page(BASE + '/page-with-credentials', { throw: 'failed' }),
		() => page(targets[0], { ignore: targets[0] }), () => page(targets[0], { include: new RegExp('(?=' + targets[0] + ')') }),
		() => page([targets[0]]), () => page(targets, {}), () => page(targets[0], { cache: targets[0] }),
		() => concurrent(targets, { throw: true }),
		() => concurrent([['GET', targets[8], null, { throw: true }]]),
		() => concurrent(targets[0]), () => concurrent([targets], {}), () => concurrent(targets, targets[0]),
		() => concurrent([{ url: targets[0], body: 5 }]), () => concurrent({ k: [targets[0], targets[0], targets[0], targets[0]] }),
		() => { new Client({ baseURL: targets[8] }); }, () => new Client({ baseURL: targets[0] }).concurrent(['x'], { throw: true }),
	]) {
		try { await call(); console.log('resolved'); } catch (e) { console.log(String(e) + e.stack); }
	}
	console.log('all was printed');
}
