// What the *.test.js files share. `go test -run TestScripts ./fetch/js` runs all of them: most in the process of the
// test, and some in a k6 of their own, for the reasons in scripts_test.go. By hand, with a k6 that has the extension,
// each runs against the same servers like this:
//
//	go run ./fetch/internal/testkit/web/serve ./k6 run fetch/js/testdata/run.test.js
//
// proxy.test.js needs HTTP_PROXY as well: put sh -c 'HTTP_PROXY=$PROXY HTTPS_PROXY=$PROXY ./k6 run …' there.
//
// The files are in testdata, which Go ignores, because they belong to the tests of this package alone and read each
// other's neighbours by relative paths.
import { check } from 'k6';
import http from 'k6/http';

// Where the servers are: BASE and BASE2 are two alike, TLS is BASE with a certificate that nobody has signed, TLS2
// speaks HTTP/2 and HTTP/3 as well with such a certificate, PLAIN2 speaks HTTP/2 as well without TLS, and SITE is BASE as
// the files of lists/ call it.
export const BASE = __ENV.BASE, BASE2 = __ENV.BASE2, TLS = __ENV.TLS, TLS2 = __ENV.TLS2, PLAIN2 = __ENV.PLAIN2, SITE = 'http://web.test';
export const hosts = { 'web.test': String(BASE).replace('http://', ''), '*.example': __ENV.MAPS };

const cases = [];

// test adds a case, which passes if the function throws nothing.
export function test(sentence, fn) {
	sentence = sentence.replaceAll('::', ':'); // k6 allows no name of a check to have this
	if (cases.some((c) => c.sentence === sentence)) throw new Error('there are two cases called ' + sentence);
	cases.push({ sentence, fn });
}

// run is the default function of every file: it runs the cases in order, and each is a check.
export async function run() {
	for (const { sentence, fn } of cases) {
		let passed = true;
		try { await fn(); } catch (e) {
			passed = false;
			console.error('FAIL ' + sentence + ': ' + (e && e.stack || e));
		}
		check(null, { [sentence]: () => passed }, { by: 'harness' });
	}
	console.log('ran ' + cases.length + ' cases');
}

// passing is the options of a file that has no others: k6 fails if a case does. Other checks are the cases' own.
export const passing = { thresholds: { 'checks{by:harness}': ['rate==1'] } };

export function show(v) { return v === undefined ? 'undefined' : JSON.stringify(v); }
export function same(got, want, what) {
	if (show(got) !== show(want)) throw new Error((what || 'value') + ': got ' + show(got) + ', want ' + show(want));
}
export function ok(truth, what) { if (!truth) throw new Error(what); }

// rejection is what a promise is rejected with, and thrown what a function throws.
export async function rejection(promise) {
	let value;
	try { value = await promise; } catch (e) { return e; }
	throw new Error('resolved, to ' + show(value));
}
export function thrown(fn) {
	let value;
	try { value = fn(); } catch (e) { return e; }
	throw new Error('returned ' + show(value));
}

// hits is how often a path of BASE was visited, and most how many were there at once. arrived waits for the n-th visit.
export function hits(path) { return Number(http.get(BASE + '/_/hits?path=' + encodeURIComponent(path)).body); }
export function most(path) { return Number(http.get(BASE + '/_/most?path=' + encodeURIComponent(path)).body); }
export function arrived(path, n) {
	const { status } = http.get(BASE + '/_/arrived?n=' + n + '&path=' + encodeURIComponent(path));
	if (status !== 200) throw new Error(path + ' was not visited ' + n + ' times');
}

// file is the URL of a part of a page, whose server says what headers has: type, cache (Cache-Control) and etag.
export function file(name, body, headers = {}, base = BASE) {
	return base + '/file/' + name + '?' + Object.entries({ body, ...headers }).filter(([, v]) => v !== undefined)
		.map(([k, v]) => k + '=' + encodeURIComponent(v)).join('&');
}

// drain reads a stream to its end.
export async function drain(s) {
	const all = [];
	for (let item = await s.next(); !item.done; item = await s.next()) all.push(item.value);
	return all;
}
export function times(n, fn) { return Array.from({ length: n }, (_, i) => fn(i)); }
