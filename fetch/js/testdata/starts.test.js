// Targets have an earliest start, which a run waits for. Times are bounds from below: nothing starts early, however busy
// the machine is.

import { SharedArray } from 'k6/data';
import { Client, compare, concurrent, sequential, stream } from 'k6/x/fetch';
import { arrived, BASE, drain, hits, ok, same, test } from './harness.js';

export { passing as options, run as default } from './harness.js';

const shared = new SharedArray('starts', () => [0, 60, 60].map((start) => ({ url: __ENV.BASE + '/echo', start })));
const list = [BASE + '/echo?0', { url: BASE + '/echo?1', start: 50 }, { url: BASE + '/echo?2', start: '0.11s' }];
const starts = [0, 50, 110];

// paced checks a run of targets with starts: none was early, and it was queued only from its start on.
function paced(run, due) {
	same([run.count, run.ok], [due.length, due.length]);
	run.results.forEach((r, i) => {
		ok(r.started >= due[i], `${i} started after ${r.started} ms, and was due after ${due[i]}`);
		ok(Math.abs(r.started - due[i] - r.timings.queued) < 0.001, `${i} was queued for ${r.timings.queued} ms`);
		ok(Math.abs(r.started + r.timings.elapsed - r.ended) < 0.001, `${i} ended after ${r.ended} ms`);
	});
}

test('a target starts when it is due', async () => {
	paced(await concurrent(list), starts);
	paced(await sequential(list), starts);
	paced(await new Client().concurrent(list), starts);
});
test('in a comparison, each run has its starts', async () => {
	const both = await compare(list, { warmup: false });
	paced(both.sequential, starts);
	paced(both.concurrent, starts);
	const { ways } = await compare(list, [{ name: 'a' }, { name: 'b', httpVersion: '1.1' }], { warmup: false });
	paced(ways.a, starts);
	paced(ways.b, starts);
});
test('a stream has the results of targets that were due before others are', async () => {
	const all = stream([BASE + '/echo', { url: BASE + '/echo', start: '1h' }]);
	same((await all.next()).value.index, 0);
	all.close();
	same([all.summary().ok, all.summary().notRun], [1, 1]);
	same((await drain(stream(list))).map((r) => r.started >= starts[r.index]), [true, true, true]);
});
test('lists of all kinds have starts', async () => {
	paced(await concurrent(shared), [0, 60, 60]);
	paced(await concurrent({ a: list[0], b: list[1], c: list[2] }), starts);
	paced(await concurrent(new Map([['a', list[0]], ['b', list[1]], ['c', list[2]]])), starts);
	paced(await concurrent((function* () { yield* list; })()), starts);
	paced(await concurrent(new Set(list)), starts);
});
test('a start of 0, or none, is at once', async () => {
	paced(await concurrent([{ url: BASE + '/echo', start: 0 }, { url: BASE + '/echo', start: '0s' }, { url: BASE + '/echo', start: undefined }]), [0, 0, 0]);
});
test('a start has fractions', async () => {
	paced(await concurrent([{ url: BASE + '/echo', start: 0.25 }, { url: BASE + '/echo', start: '1.5ms' }]), [0.25, 1.5]);
});
test('a target does not start before those in front of it', async () => {
	const run = await concurrent([{ url: BASE + '/echo', start: 80 }, BASE + '/echo', { url: BASE + '/echo', start: 40 }]);
	paced(run, [80, 0, 40]);
	ok(run.results.every((r) => r.started >= 80), 'all wait for the first');
});
test('one that is late starts as soon as it can, and was queued since it was due', async () => {
	const run = await sequential([BASE + '/delay/100', { url: BASE + '/echo', start: 20 }]);
	paced(run, [0, 20]);
	ok(run.results[1].timings.queued >= 80, 'queued: ' + run.results[1].timings.queued);
});
test('the deadline ends the waiting', async () => {
	const run = await concurrent([BASE + '/status/200?soon', { url: BASE + '/status/200?late', start: '1h' }], { deadline: 300 });
	same([run.ok, run.notRun, run.results[1].state], [1, 1, 'not_run']);
	same(run.results[1].timings.queued, 0, 'what was not due was not queued');
	ok(run.results[1].started >= 300 && run.elapsed < 60000, 'elapsed: ' + run.elapsed);
});
test('a target with a start may have everything else as well', async () => {
	const seen = [];
	await concurrent([{ method: 'POST', url: BASE + '/echo', body: 'b', start: '30ms', params: { name: 'first' } }], {
		onResult: (r) => seen.push([r.name, r.started >= 30, r.request.method]),
	});
	same(seen, [['first', true, 'POST']]);
});
test('nobody is asked before a target is due', async () => {
	const all = stream([BASE + '/status/200?first', { url: BASE + '/status/200?second', start: '1h' }]);
	arrived('/status/200', 1);
	await all.next();
	const before = hits('/status/200');
	all.close();
	same(hits('/status/200'), before);
});
