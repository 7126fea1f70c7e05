// The same requests with http.batch and with concurrent. The tag "by" says which, and the tag "case" what is asked for.

import exec from 'k6/execution';
import http from 'k6/http';
import { concurrent } from 'k6/x/fetch';
import { BASE } from '../harness.js';

const both = async (what, targets, options) => {
	exec.vu.metrics.tags.case = what;
	exec.vu.metrics.tags.by = 'batch';
	http.cookieJar().clear(BASE);
	http.batch(targets);
	exec.vu.metrics.tags.by = 'fetch';
	http.cookieJar().clear(BASE);
	await concurrent(targets, options);
	delete exec.vu.metrics.tags.by;
	delete exec.vu.metrics.tags.case;
};
export const options = { iterations: 1 };
export default async function () {
	await both('plain', [BASE + '/bytes/10', BASE + '/bytes/10', BASE + '/bytes/20']);
	await both('redirects', [BASE + '/redirect/3', ['GET', BASE + '/redirect/3', null, { redirects: 1 }],
		['GET', BASE + '/redirect/2', null, { redirects: 0 }], ['POST', BASE + '/redirect/1', 'x']]);
	await both('bodies', [['POST', BASE + '/echo', 'body'], ['POST', BASE + '/echo', { form: 1 }], ['PUT', BASE + '/echo', 'x'],
		['DELETE', BASE + '/echo'], ['HEAD', BASE + '/echo'], ['OPTIONS', BASE + '/echo'], ['PATCH', BASE + '/echo', 'p']]);
	await both('statuses', [BASE + '/status/404', BASE + '/status/500', BASE + '/status/204', BASE + '/status/304', BASE + '/status/418']);
	await both('refused', ['http://127.0.0.1:1/', ['POST', 'http://127.0.0.1:1/x', 'b']]);
	await both('timeout', [['GET', BASE + '/hang', null, { timeout: '50ms' }]]);
	await both('tags', [['GET', BASE + '/bytes/1', null, { tags: { mine: 'a', n: 5, yes: true } }],
		{ method: 'GET', url: BASE + '/bytes/2', params: { tags: { mine: 'b' } } }]);
	await both('named by a tag', [['GET', BASE + '/bytes/1', null, { tags: { name: 'by tag' } }],
		['GET', BASE + '/redirect/1', null, { tags: { name: 'by tag' } }], ['GET', BASE + '/status/404', null, { tags: { name: 'by tag' } }]]);
	await both('overridden tags', [['GET', BASE + '/bytes/1', null, { tags: { url: 'u', method: 'm', status: 's', expected_response: 'e' } }]]);
	await both('templates', [http.url`${BASE}/bytes/${1}`, ['GET', http.url`${BASE}/bytes/${2}`], http.url`${BASE}/redirect/${1}`]);
	await both('cookies', [['GET', BASE + '/echo', null, { cookies: { a: 'b' } }], BASE + '/cookie/x/y']);
	await both('expected', [['GET', BASE + '/status/404', null, { responseCallback: http.expectedStatuses(404) }],
		['GET', BASE + '/status/200', null, { responseCallback: http.expectedStatuses({ min: 300, max: 400 }) }],
		['GET', BASE + '/redirect/1', null, { responseCallback: http.expectedStatuses(200) }]]);
	await both('unjudged', [['GET', BASE + '/status/404', null, { responseCallback: null }],
		['GET', 'http://127.0.0.1:1/', null, { responseCallback: null }]]);
	await both('queries', [BASE + '/bytes/1?a=b&c=%20d#fragment', BASE + '/bytes/1?ü=ä']);
	await both('credentials', [BASE.replace('://', '://me:plain@') + '/basic', BASE.replace('://', '://me@') + '/basic']);
	await both('digest', [['GET', BASE.replace('://', '://me:s3cr%2Ft@') + '/digest', null, { auth: 'digest' }],
		['GET', BASE.replace('://', '://me:wrong@') + '/digest', null, { auth: 'digest' }]]);
	await both('unknown scheme', ['ftp://127.0.0.1/', 'odd://127.0.0.1/', BASE + '/to?url=ftp://127.0.0.1/']);
	await both('no host', ['http:///x', '/x', 'x']);
	await both('headers that are none', [{ 'b ad': 'x' }, { '': 'x' }, { 'a"b': 'x' }, { ok: 'a\nb' }].map((headers) => ['GET', BASE + '/bytes/1', null, { headers }]));
	await both('methods', ['get', 'PaTcH', 'PURGE', 'B AD'].map((method) => [method, BASE + '/bytes/1']));
	await both('gzip', [BASE + '/gzip', ['GET', BASE + '/gzip', null, { responseType: 'none' }]], { responseType: 'text' });
	exec.vu.metrics.tags.own = 'vu';
	exec.vu.metrics.metadata.trace = 'abc';
	await both('tags and metadata of the VU', [BASE + '/bytes/1', ['GET', BASE + '/bytes/1', null, { tags: { own: 'target' } }]]);
}
