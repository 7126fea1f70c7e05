// Requests say which trace they belong to, and results have its id.

import { Client, compare, concurrent, page, sequential, stream } from 'k6/x/fetch';
import { BASE, drain, file, ok, passing, PLAIN2, same, test, times } from './harness.js';

export { run as default } from './harness.js';
export const options = passing;

const ECHO = BASE + '/echo', W3C = 'Traceparent', JAEGER = 'Uber-Trace-Id';
const kept = (options) => ({ responseType: 'text', ...options });
const came = (r) => r.json('headers');
// traced checks that a result has the trace that the server has seen, and returns the flag.
function traced(r, header = W3C) {
	const value = came(r)[header];
	const found = (header === W3C ? /^00-(dc0718\w{26})-(\w{16})-0(\d)$/ : /^(dc0718\w{26}):(\w{16}):0:(\d)$/).exec(value);
	ok(found, value);
	same(found[1], r.trace_id);
	same(came(r)[header === W3C ? JAEGER : W3C], undefined);
	return found[3];
}
function untraced(r) { same([r.trace_id, came(r)[W3C], came(r)[JAEGER]], ['', undefined, undefined]); }
const first = async (options, target = ECHO) => (await sequential([target], kept(options))).results[0];

test('tracing sends traceparent, and the result has the id', async () => {
	for (const tracing of [true, {}, { propagator: 'w3c' }, { sampling: 1 }, { propagator: undefined }]) {
		same(traced(await first({ tracing })), '1');
	}
});
test('jaeger has a header of its own', async () => {
	same(traced(await first({ tracing: { propagator: 'jaeger' } }), JAEGER), '1');
});
test('what is not sampled has a header and an id as well', async () => {
	same(traced(await first({ tracing: { sampling: 0 } })), '0');
	same(traced(await first({ tracing: { propagator: 'jaeger', sampling: 0 } }), JAEGER), '0');
});
test('nothing is traced unless it is asked for', async () => {
	for (const options of [{}, { tracing: false }, { tracing: null }, { tracing: undefined }]) untraced(await first(options));
});
test('the tracing of a target wins', async () => {
	const of = (tracing) => ({ url: ECHO, params: { tracing } });
	const run = await concurrent([of(false), of(null), of(true), of({ sampling: 0 }), of(undefined)], kept({ tracing: { propagator: 'jaeger' } }));
	run.results.slice(0, 2).forEach(untraced);
	same([traced(run.results[2]), traced(run.results[3]), traced(run.results[4], JAEGER)], ['1', '0', '1']);
});
test('a Client has tracing, and a call another', async () => {
	const client = new Client(kept({ tracing: true }));
	traced((await client.sequential([ECHO])).results[0]);
	untraced((await client.sequential([ECHO], { tracing: false })).results[0]);
	traced((await client.sequential([ECHO], { tracing: { propagator: 'jaeger' } })).results[0], JAEGER);
});
test('a header of the script is left alone, and no trace is claimed', async () => {
	for (const name of ['traceparent', 'Traceparent', 'TRACEPARENT', 'uber-trace-id']) {
		for (const propagator of ['w3c', 'jaeger']) {
			const options = { tracing: { propagator }, headers: { [name]: 'mine' } };
			for (const r of [
				await first(options),
				await first({ tracing: options.tracing }, { url: ECHO, params: { headers: options.headers } }),
				await first({ headers: options.headers }, { url: ECHO, params: { tracing: options.tracing } }),
			]) {
				const own = name === 'uber-trace-id' ? JAEGER : W3C;
				same([r.trace_id, came(r)[own], came(r)[own === W3C ? JAEGER : W3C]], ['', 'mine', undefined]);
			}
		}
	}
});
test('each target is a trace of its own', async () => {
	const run = await concurrent(times(50, () => ECHO), kept({ tracing: true }));
	run.results.forEach((r) => traced(r));
	same(new Set(run.results.map((r) => r.trace_id)).size, 50);
});
test('redirects are of the same trace, and each request has a span of its own', async () => {
	const r = await first({ tracing: true }, BASE + '/redirect/2');
	traced(r);
	same(r.redirects.length, 2);
	const sent = r.request.headers[W3C], last = came(r)[W3C];
	const values = sent[0].split('-');
	same(values[1], r.trace_id);
	ok(values[2] !== last.split('-')[2], 'the first request and the last have the same span: ' + sent);
});
test('request has the header that was sent', async () => {
	for (const options of [{}, { headers: { a: 'b' } }, { cookies: { a: 'b' } }]) {
		const r = await first({ tracing: true, ...options });
		same(r.request.headers[W3C], [came(r)[W3C]]);
	}
	same((await first({})).request.headers[W3C], undefined);
});
test('HTTP/2 is traced', async () => {
	const run = await sequential(times(3, () => PLAIN2 + '/echo'), kept({ tracing: true, httpVersion: '2' }));
	same(run.results.map((r) => [r.proto, traced(r)]), times(3, () => ['HTTP/2.0', '1']));
});
test('bodies and retries are traced', async () => {
	traced(await first({ tracing: true }, ['POST', ECHO, 'x'.repeat(100000)]));
	const r = await first({ tracing: true, retries: 3 }, BASE + '/flaky/traced?n=2&status=503&after=0');
	same([r.attempts, r.trace_id.length], [3, 32]);
});
test('streams, comparisons and onResult have it', async () => {
	const options = kept({ tracing: true });
	(await drain(stream([ECHO, ECHO], options))).forEach((r) => traced(r));
	const c = await compare([ECHO], options);
	traced(c.sequential.results[0]);
	traced(c.concurrent.results[0]);
	const seen = [];
	const run = await sequential([ECHO], { ...options, onResult: (r) => seen.push(r.trace_id) });
	same(seen, [run.results[0].trace_id]);
});
test('a target that fails has it, and one that was not run has none', async () => {
	const run = await sequential(['http://127.0.0.1:1/', BASE + '/hang', ECHO], { tracing: true, deadline: 300 });
	same(run.results.map((r) => [r.state, r.trace_id.length]), [['failed', 32], ['failed', 32], ['not_run', 0]]);
});
test('each resource of a page is a trace of its own', async () => {
	const visit = await page(file('traced.html', '<script src="traced.js"></script><img src="traced.png">'), { tracing: true });
	same([visit.ok, new Set(visit.results.map((r) => r.trace_id)).size], [3, 3]);
	visit.results.forEach((r) => same([r.trace_id.length, r.request.headers[W3C][0].includes(r.trace_id)], [32, true]));
});
test('what comes from a cache has none', async () => {
	const home = file('cached.html', '<script src="/file/cached.js?cache=max-age%3D60"></script>');
	await page(home, { tracing: true, cache: 'vu' });
	const visit = await page(home, { tracing: true, cache: 'vu' });
	same(visit.results.map((r) => [r.fromCache, r.trace_id.length]), [[false, 32], [true, 0]]);
});
test('reports and JSON have it', async () => {
	const run = await concurrent({ traced: ECHO, not: { url: ECHO, params: { tracing: false } } }, { tracing: true });
	const id = run.get('traced').trace_id;
	same(run.toJSON().results.map((r) => r.trace_id), [id, undefined]);
	same(JSON.parse(run.report('json')).runs[0].results.map((r) => r.trace_id), [id, undefined]);
	const { entries } = JSON.parse(run.report('har')).log;
	same(entries.map((e) => e._trace_id), [id, undefined]);
	same(entries.map((e) => e.request.headers.some((h) => h.name === W3C && h.value.includes(id))), [true, false]);
	ok(run.report('html').includes(id), 'the page has no id');
});
