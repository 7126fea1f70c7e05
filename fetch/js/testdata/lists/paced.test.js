// A recording is replayed at its own pace, or at a multiple of it. Times are bounds from below: nothing starts early,
// however busy the machine is.

import { Client, compare, concurrent, har, sequential, stream } from 'k6/x/fetch';
import { drain, hosts, ok, passing, same, test } from '../harness.js';

export { run as default } from '../harness.js';
export const options = { ...passing, hosts, vus: 2, iterations: 2 };

const flat = har('paced.har');
const recorded = har('paced.har', { pace: 'recorded', onError: 'skip' });
const fast = har('paced.har', { pace: 2, onError: 'skip' });
const slow = har('paced.har', { pace: 0.5, onError: 'skip' });

const names = (list) => list.toJSON().map((target) => (target.url || target).split('?')[1]);
const starts = (list) => list.toJSON().map((target) => target.start || 0);

// paced checks a run of a list: no target was early, and each was queued only from its start on.
function paced(run, due) {
	same([run.count, run.ok], [due.length, due.length]);
	run.results.forEach((r, i) => {
		ok(r.started >= due[i], `${i} started after ${r.started} ms, and was due after ${due[i]}`);
		ok(Math.abs(r.started - due[i] - r.timings.queued) < 0.001, `${i} was queued for ${r.timings.queued} ms`);
	});
}

test('without a pace, entries are as they are in the file', () => {
	same(names(flat), ['late', 'first', 'second', 'third', 'undated']);
	same(starts(flat), [0, 0, 0, 0, 0]);
	same([flat.length, flat.skipped], [5, 1]);
});
test('with a pace, they are sorted, and have starts; what has no date is skipped', () => {
	for (const [list, want] of [[recorded, [0, 60, 60, 180]], [fast, [0, 30, 30, 90]], [slow, [0, 120, 120, 360]]]) {
		same(names(list), ['first', 'second', 'third', 'late']);
		same(starts(list), want);
		same([list.length, list.skipped], [4, 2]);
	}
	same(recorded.toJSON()[1], { method: 'POST', url: 'http://web.test/echo?second', body: 'sent', start: 60 });
});
test('every function keeps the pace', async () => {
	for (const verb of [sequential, concurrent]) paced(await verb(recorded), [0, 60, 60, 180]);
	paced(await concurrent(fast), [0, 30, 30, 90]);
	paced(await new Client().concurrent(fast), [0, 30, 30, 90]);
	const both = await compare(fast, { warmup: false });
	paced(both.sequential, [0, 30, 30, 90]);
	paced(both.concurrent, [0, 30, 30, 90]);
	const results = await drain(stream(recorded));
	same(results.map((r) => r.started >= [0, 60, 60, 180][r.index]), [true, true, true, true]);
	const seen = [];
	const run = await concurrent(recorded, { onResult: (r) => seen.push(r.started >= [0, 60, 60, 180][r.index]) });
	same([run.ok, seen], [4, [true, true, true, true]]);
});
test('what setup() would return keeps it, too', async () => {
	paced(await concurrent(JSON.parse(JSON.stringify(recorded))), [0, 60, 60, 180]);
});
test('a selection begins with its first target', async () => {
	const some = recorded.filter((target) => !target.url.endsWith('first'));
	same([names(some), starts(some)], [['second', 'third', 'late'], [0, 0, 120]]);
	paced(await concurrent(some), [0, 0, 120]);
	same(starts(recorded.slice(2)), [0, 120]);
	same(starts(fast.slice(-1)), [0]);
	same(recorded.sample(3, 5).length, 3);
	same(starts(recorded.sample(3, 5))[0], 0);
	same(starts(recorded.filter(() => false)), []);
});
test('names by a function are those of the sorted entries', async () => {
	const run = await concurrent(fast, { name: ({ url, index }) => index + url.split('?')[1] });
	same(run.results.map((r) => r.name), ['0first', '1second', '2third', '3late']);
});
