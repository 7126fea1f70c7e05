package script_test

import "testing"

func TestTargetsTakeEveryFormOfHTTPBatch(t *testing.T) {
	t.Parallel()
	runCases(t, newWeb(t), `
const shared = new SharedArray('urls', () => ['a', 'b'].map((p) => __ENV.BASE + '/echo?' + p));
async function echo(targets, options) {
	const run = await concurrent(targets, Object.assign({ responseType: 'text' }, options));
	const all = run.results.map((r) => { ok(r.ok, r.error || r.status); return r.json(); });
	return all.length === 1 ? all[0] : all;
}

test('an array of URLs', async () => {
	same((await echo([BASE + '/echo?1', BASE + '/echo?2'])).map((e) => e.query), ['1', '2']);
});
test('a SharedArray of URLs', async () => {
	same((await echo(shared)).map((e) => e.query), ['a', 'b']);
});
test('http.url templates, whose pattern is the name', async () => {
	const run = await concurrent([http.url`+"`${BASE}/echo?id=${7}`"+`]);
	same(run.results[0].url, BASE + '/echo?id=7');
	same(run.results[0].name, '${}/echo?id=${}');
});
test('an http.url template within an array and an object', async () => {
	const run = await concurrent([['GET', http.url`+"`${BASE}/echo?id=${1}`"+`], { url: http.url`+"`${BASE}/echo?id=${2}`"+` }]);
	same(run.results.map((r) => r.name), ['${}/echo?id=${}', '${}/echo?id=${}']);
	same(run.results.map((r) => r.url), [BASE + '/echo?id=1', BASE + '/echo?id=2']);
});
test('a name given by hand beats the template', async () => {
	const run = await concurrent([{ url: http.url`+"`${BASE}/echo?id=${2}`"+`, params: { name: 'by hand' } }]);
	same(run.results[0].name, 'by hand');
});
test('[method, url]', async () => {
	same((await echo([['DELETE', BASE + '/echo']])).method, 'DELETE');
});
test('[method, url, body, params]', async () => {
	const e = await echo([['POST', BASE + '/echo', 'hello', { headers: { 'X-A': '1' } }]]);
	same([e.method, e.body, e.headers['X-A']], ['POST', 'hello', '1']);
});
test('a method in small letters', async () => {
	same((await echo([['post', BASE + '/echo', 'x']])).method, 'POST');
});
test('[method, url, null, null]', async () => {
	same((await echo([['GET', BASE + '/echo', null, null]])).method, 'GET');
});
test('{ url } asks with GET', async () => {
	same((await echo([{ url: BASE + '/echo' }])).method, 'GET');
});
test('{ method, url, body, params }', async () => {
	const e = await echo([{ method: 'PUT', url: BASE + '/echo', body: 'b', params: { headers: { 'X-A': 'p' } } }]);
	same([e.method, e.body, e.headers['X-A']], ['PUT', 'b', 'p']);
});
test('an object of targets, by name and in its order', async () => {
	const run = await concurrent({
		z: BASE + '/echo?z', a: ['GET', BASE + '/echo?a'], m: { url: BASE + '/echo?m' },
	});
	same(run.results.map((r) => [r.index, r.key, r.url]),
		[[0, 'z', BASE + '/echo?z'], [1, 'a', BASE + '/echo?a'], [2, 'm', BASE + '/echo?m']]);
	same(run.get('m').index, 2);
	same(run.get('nobody'), undefined);
	same(run.get(0), undefined);
});
test('a list has indexes for keys', async () => {
	const run = await concurrent([BASE + '/echo?0', BASE + '/echo?1']);
	same(run.results.map((r) => r.key), [0, 1]);
	same(run.get(1).url, BASE + '/echo?1');
	same(run.get(2), undefined);
});
test('an empty list is an empty run', async () => {
	for (const nothing of [[], {}]) {
		for (const verb of [sequential, concurrent]) {
			const run = await verb(nothing);
			same([run.count, run.ok, run.failed, run.notRun, run.peak, run.requests, run.bytes, run.results.length],
				[0, 0, 0, 0, 0, 0, 0, 0]);
			same([run.total, run.speedup, run.percentile(95), run.slowest(3), run.failures()], [0, 0, 0, [], []]);
			ok(run.text().includes('total'), run.text());
			same(run.toJSON().results, []);
		}
		const c = await compare(nothing);
		same([c.sequential.count, c.concurrent.count], [0, 0]);
		same((await stream(nothing).next()).done, true);
	}
});
test('a string body', async () => {
	const e = await echo([['POST', BASE + '/echo', 'grüße']]);
	same([e.body, e.headers['Content-Length'], e.headers['Content-Type']], ['grüße', '7', undefined]);
});
test('an ArrayBuffer body, as it was when the call was made', async () => {
	const buffer = new Uint8Array([104, 105]);
	const call = echo([['POST', BASE + '/echo', buffer.buffer]]);
	buffer[0] = 72;
	same((await call).body, 'hi');
});
test('an object body is a form', async () => {
	const e = await echo([['POST', BASE + '/echo', { b: 'x y', a: 1, list: ['p', 'q'], yes: true }]]);
	same(e.body, 'a=1&b=x+y&list=p&list=q&yes=true');
	same(e.headers['Content-Type'], 'application/x-www-form-urlencoded');
});
test('a form keeps a Content-Type of its own', async () => {
	const e = await echo([['POST', BASE + '/echo', { a: 1 }, { headers: { 'content-type': 'text/x' } }]]);
	same(e.headers['Content-Type'], 'text/x');
});
test('a form with a file is multipart', async () => {
	const e = await echo([['POST', BASE + '/echo', { f: http.file('data', 'a"b.txt', 'text/plain'), n: 5 }]]);
	ok(e.headers['Content-Type'].startsWith('multipart/form-data; boundary='), e.headers['Content-Type']);
	ok(e.body.includes('name="f"; filename="a\\"b.txt"'), e.body);
	ok(e.body.includes('Content-Type: text/plain\r\n\r\ndata\r\n'), e.body);
	ok(e.body.includes('name="n"\r\n\r\n5\r\n'), e.body);
});
test('GET in an object sends no body, as with http.batch', async () => {
	same((await echo([{ method: 'GET', url: BASE + '/echo', body: 'x' }])).body, '');
});
test('500 targets keep their order', async () => {
	const run = await concurrent(times(500, (i) => BASE + '/status/200?' + i), { concurrency: 32, perHost: 0 });
	same(run.ok, 500);
	ok(run.results.every((r, i) => r.index === i && r.url.endsWith('?' + i)), 'order');
});
`)
}
