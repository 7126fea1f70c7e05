// What k6's own tests of http.request and http.batch look at. The same targets are asked for with http.batch and with
// concurrent, and what the script gets is compared. Each way begins with the same cookies.

import http from 'k6/http';
import { concurrent } from 'k6/x/fetch';
import { BASE, same, test } from './harness.js';

export { passing as options, run as default } from './harness.js';

const masked = (text) => String(text).replace(/\/\/[^\/@"]*:[^\/@"]*@/g, '//****:****@').replace(/\/\/[^\/@:"*]+@/g, '//****@');
const seen = (r) => {
	const headers = Object.assign({}, r.headers);
	delete headers.Date;
	delete headers['X-Conn'];
	const cookies = {};
	for (const name of Object.keys(r.cookies).sort()) cookies[name] = r.cookies[name].map((c) => [c.value, c.domain, c.path, c.max_age, c.secure, c.http_only]);
	const sent = Object.assign({}, r.request.headers);
	if (String(sent['Content-Type']).startsWith('multipart/')) delete sent['Content-Type'];
	const form = String(r.request.headers['Content-Type']).match(/boundary=(.*)/);
	const plain = (text) => form ? String(text).replaceAll(form[1], '-').replaceAll(/"Content-Type":"[^"]*"/g, '') : text;
	return {
		status: r.status, status_text: r.status_text, proto: r.proto, url: masked(r.url), error: r.error, error_code: r.error_code,
		remote_ip: r.remote_ip, remote_port: r.remote_port, tls: [r.tls_version, r.tls_cipher_suite, r.ocsp],
		headers: Object.entries(headers).sort(), cookies, body: plain(r.body || ''),
		method: r.request.method, sent_url: masked(r.request.url), sent_body: plain(r.request.body), sent: Object.entries(sent).sort(),
		sent_cookies: Object.entries(r.request.cookies).sort(),
	};
};
const cookies = (jar, of) => Object.entries(jar.cookiesForURL(of)).sort();
const asBatch = (sentence, make) => test(sentence, () => compared(make));
// Redirects see in http.batch which cookies its other targets have been given by then, so they are asked for one by one.
const asBatchAlone = (sentence, make) => test(sentence, async () => {
	for (const i of make(new http.CookieJar()).keys()) await compared((jar) => [make(jar)[i]], i);
});
async function compared(make, of) {
	const outcomes = [];
	for (const way of ['batch', 'concurrent']) {
		const jar = new http.CookieJar(), targets = make(jar).map((t) => {
			const [method, url, body, params] = Array.isArray(t) ? t : [undefined, t];
			const all = Object.assign({ jar, responseType: 'text' }, params);
			return method && method.as === 'object' ? { method: method.method, url, body, params: all } : [method || 'GET', url, body, all];
		});
		const responses = way === 'batch' ? http.batch(targets) : (await concurrent(targets)).results;
		outcomes.push([...responses].map((r) => seen(r)).concat([{ jar: cookies(jar, BASE + '/'), redirect: cookies(jar, BASE + '/redirect/1') }]));
	}
	for (const i of outcomes[0].keys()) {
		for (const key of Object.keys(outcomes[0][i])) same(outcomes[1][i][key], outcomes[0][i][key], '[' + (of || i) + '].' + key);
	}
}

const echo = BASE + '/echo', dead = 'http://127.0.0.1:1/';
const at = (user, path) => BASE.replace('://', '://' + user + '@') + path;
const as = (method) => ({ as: 'object', method });
asBatch('methods of arrays go out as they are written', () => ['GET', 'get', 'PaTcH', 'post', 'PURGE', 'x-custom', "it's", 'HEAD', 'OPTIONS', 'DELETE']
	.map((method) => [method, echo, 'body']));
asBatch('methods of objects go out in capitals', () => ['GET', 'get', 'PaTcH', 'post', 'purge', 'x-custom', 'head', 'delete']
	.map((method) => [as(method), echo, 'body']));
asBatch('a method that is none fails', () => ['B AD', 'GE\tT', 'ä', 'a"b'].map((method) => [method, echo]));
asBatchAlone('the answer to a method in small letters', () => [['head', BASE + '/bytes/10'], ['get', BASE + '/redirect/2'], ['put', BASE + '/redirect/1', 'x'],
	['connect', echo], ['trace', echo]]);
asBatch('URLs are reported as they are sent', () => [
	echo + '?a=b&c=%20d#fragment', echo + '?ü=ä', BASE, BASE + '/?', BASE + '/#', echo + '?', echo + '#x', BASE + '/a b', BASE + '/%7e/~', BASE + '/a/../echo', BASE + '//echo',
	BASE.replace('http', 'HTTP') + '/echo', echo + '?q="x"', echo + '?<>', BASE + '/ü', BASE + '/[x]', BASE + '/a|b', BASE + '/%2f', BASE + "/'",
	at('me:plain', '/basic'), at('me', '/echo'), at('me:', '/echo'), at('me:s%2Fx', '/echo'), at('m%40e:x', '/echo#f'),
]);
asBatch('URLs of what fails are reported as well', () => [dead, dead + '?a b', dead + '#f', 'http://me:pw@127.0.0.1:1/x', 'HTTP://127.0.0.1:1', 'ftp://127.0.0.1/x', 'ws://127.0.0.1/x',
	'http://', 'http:///x', 'x', '/x', 'mailto:me']);
asBatch('http.url templates', () => [http.url`${BASE}/bytes/${3}`, http.url`${BASE}/redirect/${1}`]);
asBatchAlone('redirects', () => [BASE + '/redirect/3', ['GET', BASE + '/redirect/3', null, { redirects: 1 }], ['GET', BASE + '/redirect/2', null, { redirects: 0 }],
	['POST', BASE + '/redirect/1', 'x'], ['POST', BASE + '/moved', 'kept'], ['PUT', BASE + '/moved', { a: 1 }], at('me:pw', '/redirect/1'),
	BASE + '/to?url=' + encodeURIComponent(dead), BASE + '/to?url=ftp://127.0.0.1/', BASE + '/to?url=', BASE + '/to?url=%23f', BASE + '/redirect/1#f']);
// Empty bodies, which k6 sends in chunks, and values that it writes as Go does, are TestRequestsOnTheWire's.
asBatch('bodies', () => ['a', { a: 1, b: [1, 'two'], c: true }, new Uint8Array([65, 0, 66]).buffer]
	.flatMap((body) => ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'GET'].map((method) => [method, echo, body])));
asBatch('what was given is the body of the request, compressed or not', () => ['gzip', 'deflate', 'br', 'zstd', 'gzip, br']
	.flatMap((compression) => [['POST', BASE + '/status/200', 'x'.repeat(99), { compression }], ['POST', BASE + '/status/200', { a: 'b' }, { compression }]]));
asBatch('headers', () => [
	['GET', echo, null, { headers: { 'x-a': 'b', Accept: '*/*', 'X-Empty': '' } }], ['GET', echo, null, { headers: { Host: 'other.test' } }],
	['GET', echo, null, { headers: { 'user-agent': 'mine' } }], ['GET', echo, null, { headers: { 'User-Agent': '' } }],
	['GET', echo, null, { headers: { Cookie: 'a=b' } }], ['GET', echo, null, { headers: { Authorization: 'mine' } }], ['GET', at('me:pw', '/echo'), null, { headers: { Authorization: 'mine' } }],
	['POST', echo, { a: 1 }, { headers: { 'Content-Type': 'mine/type' } }], ['POST', echo, 'abc', { headers: { 'Content-Length': '3' } }],
	['POST', echo, 'abc', { headers: { 'Content-Encoding': 'mine' } }], ['GET', echo, null, { headers: { n: 5, t: true } }], BASE + '/many',
]);
asBatch('headers that are none', () => [{ 'b ad': 'x' }, { 'b\nad': 'x' }, { '': 'x' }, { 'ä': 'x' }, { a: 'b\nc' }, { a: 'b\u0000' }, { 'a"b': 'x' }]
	.map((headers) => ['GET', echo, null, { headers }]));
asBatchAlone('cookies of params and of the jar', (jar) => {
	for (const [name, value] of [['there', 'jar'], ['other', 'jar']]) jar.set(BASE + '/', name, value, { path: '/' });
	return [echo, BASE + '/cookie-then-echo?value=x', BASE + '/forget/there', ['GET', echo, null, { cookies: { mine: 'a' } }], ['GET', echo, null, { cookies: { there: 'mine' } }],
		['GET', echo, null, { cookies: { there: { value: 'mine', replace: true } } }], ['GET', BASE + '/redirect/1', null, { cookies: { there: { value: 'mine', replace: true } } }],
		['GET', echo, null, { jar: null }], ['GET', echo, null, { cookies: { n: 5, none: null } }]];
});
asBatchAlone('cookies of answers', () => [BASE + '/cookies', BASE + '/redirect/1']);
asBatch('statuses', () => [200, 201, 204, 205, 301, 304, 400, 401, 404, 418, 500, 503, 599].map((n) => BASE + '/status/' + n));
asBatch('compressed answers', () => [BASE + '/gzip', ['GET', BASE + '/gzip', null, { headers: { 'Accept-Encoding': 'gzip' } }], BASE + '/empty-gzip']);
asBatch('no answer', () => [dead, BASE + '/drop', ['GET', BASE + '/hang', null, { timeout: 50 }], ['POST', dead, 'x', { headers: { a: 'b' }, cookies: { c: 'd' } }]]);
asBatch('authentication', () => [at('me:plain', '/basic'), at('me:wrong', '/basic'), BASE + '/basic']);
