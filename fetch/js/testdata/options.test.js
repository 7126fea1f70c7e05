// Each option does what it says.

import http from 'k6/http';
import { compare, concurrent, sequential } from 'k6/x/fetch';
import { BASE, BASE2, hits, most, ok, passing, same, test, times } from './harness.js';

export { run as default } from './harness.js';
export const options = { ...passing, batch: 5, batchPerHost: 3 };

test('concurrency workers are in flight at once, and not one more', async () => {
	const run = await concurrent(times(21, () => BASE + '/gate/c?n=7'), { concurrency: 7, perHost: 0 });
	same([run.ok, run.peak, most('/gate/c')], [21, 7, 7]);
});
test('concurrency and perHost are batch and batchPerHost of k6 by default', async () => {
	const run = await concurrent(times(8, () => BASE + '/gate/b?n=3'));
	same([run.ok, run.concurrency, most('/gate/b')], [8, 5, 3]);
});
test('perHost 0 is no limit', async () => {
	const run = await concurrent(times(9, () => BASE + '/gate/z?n=9'), { concurrency: 9, perHost: 0 });
	same([run.ok, most('/gate/z')], [9, 9]);
});
test('a slow host listed first does not hold up a fast one', async () => {
	// The slow host answers only when the fast one has been visited five times.
	const targets = times(30, () => BASE + '/hold/hol').concat(times(5, () => BASE2 + '/gate/fast?n=1'), BASE + '/hold/hol');
	const seen = [];
	const run = await concurrent(targets, {
		concurrency: 10, perHost: 4, timeout: '30s',
		onResult: (r) => { seen.push(r.index); if (seen.length === 5) http.get(BASE + '/gate/hol?n=1'); },
	});
	same([run.ok, most('/hold/hol')], [36, 4]);
	same(seen.slice(0, 5).sort(), [30, 31, 32, 33, 34]);
	ok(run.results.slice(30, 35).every((r) => r.timings.queued < run.results[0].ended), 'queued');
});
test('a timeout does not tick in the queue', async () => {
	const run = await concurrent(times(8, () => BASE + '/delay/150'), { concurrency: 1, timeout: '1s' });
	same(run.ok, 8);
	ok(run.elapsed > 1000 && run.results[7].timings.queued > 1000, 'queued');
});
test('a deadline cuts off what is in flight, and what has not started is not run', async () => {
	const run = await concurrent([BASE + '/status/200'].concat(times(4, () => BASE + '/hang')), { concurrency: 2, deadline: '1s' });
	same([run.count, run.ok, run.failed, run.notRun], [5, 1, 2, 2]);
	same(run.failures().map((r) => [r.error_code, r.error]), times(2, () => [1050, 'run deadline exceeded']));
	same(run.results.filter((r) => r.state === 'not_run').map((r) => [r.status, r.ok, r.attempts, r.timings.elapsed, r.error]),
		times(2, () => [0, false, 0, 0, '']));
	ok(run.elapsed >= 995 && run.text().includes('2 not run'), run.text());
});
test('rate is starts per second', async () => {
	const run = await concurrent(times(6, () => BASE + '/status/200'), { rate: 20 });
	same(run.ok, 6);
	const starts = run.results.map((r) => r.started).sort((a, b) => a - b);
	ok(starts[5] >= 245 && run.elapsed >= 245, starts);
	for (let i = 0; i < 6; i++) ok(starts[i] >= i * 50 - 6, starts);
});
test('a rate below one per second is one', async () => {
	const run = await concurrent([BASE + '/status/200', BASE + '/status/200'], { rate: 0.5, deadline: '300ms' });
	same([run.ok, run.notRun], [1, 1]);
});
test('retries ask again after 429, 502, 503 and 504', async () => {
	for (const status of [429, 502, 503, 504]) {
		const url = BASE + '/flaky/r' + status + '?n=2&after=0&status=' + status;
		const run = await concurrent([url], { retries: 2 });
		same([run.results[0].status, run.results[0].attempts, run.requests, run.ok], [200, 3, 3, 1]);
	}
});
test('retries are no more than were asked for', async () => {
	const run = await concurrent([BASE + '/flaky/few?n=9&after=0&status=503'], { retries: 1 });
	same([run.results[0].status, run.results[0].attempts, hits('/flaky/few')], [503, 2, 2]);
});
test('retries heal a broken connection', async () => {
	const run = await concurrent([BASE + '/drop'], { retries: 1, connections: 'new' });
	same([run.failed, run.results[0].attempts, hits('/drop')], [1, 2, 2]);
});
test('no retry of other statuses, of POST, and of what cannot heal', async () => {
	same((await concurrent([BASE + '/status/500'], { retries: 2 })).requests, 1);
	same((await concurrent([['POST', BASE + '/status/503']], { retries: 2 })).requests, 1);
	same((await concurrent(['http://[::1/'], { retries: 2 })).requests, 1);
});
test('Retry-After is waited for, and counts as elapsed', async () => {
	const r = (await concurrent([BASE + '/flaky/wait?n=1&after=1&status=503'], { retries: 1 })).results[0];
	ok(r.status === 200 && r.timings.elapsed >= 995, r.timings.elapsed);
});
test('maxBodySize fails what is larger, also when it grows by decoding', async () => {
	const of = async (path, params) => (await concurrent([{ url: BASE + path, params }])).results[0];
	for (const maxBodySize of [10, '10B', '0.01kB']) {
		same((await of('/bytes/10', { responseType: 'text', maxBodySize })).ok, true);
		const r = await of('/bytes/11', { responseType: 'text', maxBodySize });
		same([r.ok, r.body, r.error], [false, null, 'response body is larger than maxBodySize of 10 bytes']);
	}
	same((await of('/gzip', { responseType: 'text', maxBodySize: '100kB' })).ok, false);
	same((await of('/bytes/11', { maxBodySize: 10 })).ok, false);
	same((await of('/gzip', { responseType: 'text', maxBodySize: '1MiB' })).ok, true);
});
test('maxBodySize is 10 MB for what is kept, and nothing for what is not', async () => {
	const of = async (responseType) => (await concurrent([BASE + '/bytes/10000001'], { responseType })).results[0].ok;
	same([await of('text'), await of('none')], [false, true]);
	same((await concurrent([BASE + '/bytes/10000000'], { responseType: 'binary' })).ok, 1);
});
test('onResult is called with every result before the run resolves', async () => {
	const seen = [];
	const run = await concurrent(times(9, (i) => BASE + '/status/' + (200 + 100 * (i % 4))), {
		redirects: 0, onResult: (r) => seen.push([r.index, r.status, r.ok]),
	});
	same(seen.sort((a, b) => a[0] - b[0]), run.results.map((r) => [r.index, r.status, r.ok]));
});
test('onResult of more targets than the loop holds', async () => {
	let n = 0;
	const run = await concurrent(times(600, () => BASE + '/status/200'), { concurrency: 20, perHost: 0, onResult: () => { n++; } });
	same([run.ok, n], [600, 600]);
});
test('onResult sees what was not run', async () => {
	const states = [];
	await sequential([BASE + '/hang', BASE + '/echo'], { deadline: '100ms', onResult: (r) => states.push(r.state) });
	same(states, ['failed', 'not_run']);
});
test('onResult may fetch itself', async () => {
	const inner = [];
	await concurrent([BASE + '/status/200'], { onResult: () => { inner.push(concurrent([BASE + '/echo'])); } });
	same((await inner[0]).ok, 1);
});
test('onResult of a comparison is called for the measured rounds', async () => {
	let n = 0;
	await compare([BASE + '/status/200', BASE + '/status/200'], { rounds: 2, onResult: () => { n++; } });
	same(n, 8);
});
test('null and undefined leave an option as it is, where they mean nothing', async () => {
	same((await concurrent([BASE + '/status/200'], undefined)).ok, 1);
	same((await concurrent([BASE + '/status/200'], { concurrency: undefined, headers: null, cookies: null, tags: null })).ok, 1);
});
